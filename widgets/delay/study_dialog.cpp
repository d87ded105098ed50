#include "widgets/delay/study_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

#include "core/delay/generator_choice.h"
#include "core/delay/table_import.h"

namespace headroom::widgets {
namespace {

constexpr int kRefinedRole = Qt::UserRole + 1;

QStringList texts(const std::vector<std::size_t>& sizes) {
    QStringList list;
    for (const std::size_t size : sizes)
        list << QString::number(size);
    return list;
}

std::vector<std::size_t> numbers(const QStringList& words) {
    std::set<std::size_t> found;
    for (const QString& word : words)
        found.insert(word.toULongLong());
    return {found.begin(), found.end()};
}

} // namespace

QVariantMap StudyWishes::state() const {
    return {{QStringLiteral("methods"), methods},     {QStringLiteral("refined"), refined},
            {QStringLiteral("sizes"), texts(sizes)},  {QStringLiteral("repeats"), repeats},
            {QStringLiteral("synthetic"), synthetic}, {QStringLiteral("seed"), seed}};
}

StudyWishes StudyWishes::fromState(const QVariantMap& state) {
    StudyWishes wishes;
    wishes.methods = state.value(QStringLiteral("methods"), wishes.methods).toStringList();
    wishes.refined = state.value(QStringLiteral("refined"), wishes.refined).toStringList();
    wishes.repeats = state.value(QStringLiteral("repeats"), wishes.repeats).toInt();
    wishes.synthetic = state.value(QStringLiteral("synthetic"), wishes.synthetic).toInt();
    wishes.seed = state.value(QStringLiteral("seed"), wishes.seed).toInt();
    const auto sizes = numbers(state.value(QStringLiteral("sizes")).toStringList());
    if (!sizes.empty() && sizes.front() > 0) wishes.sizes = sizes;
    return wishes;
}

StudyDialog::StudyDialog(const StudyWishes& wishes, std::size_t known, QWidget* parent)
    : QDialog(parent)
    , m_known(known)
    , m_methods(new QListWidget(this))
    , m_sizes(new QLineEdit(texts(wishes.sizes).join(QStringLiteral(", ")), this))
    , m_repeats(new QSpinBox(this))
    , m_synthetic(new QSpinBox(this))
    , m_seed(new QSpinBox(this))
    , m_note(new QLabel(this)) {
    setObjectName(QStringLiteral("delayStudyDialog"));
    setWindowTitle(tr("Compare Generators"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(420);
    m_methods->setObjectName(QStringLiteral("delayStudyMethods"));
    const auto add = [&](const delay::GeneratorMethod& method, bool refined) {
        const QString name = QString::fromStdString(method.name);
        auto* item = new QListWidgetItem(refined ? tr("%1, targets by a Gaussian process").arg(name) : name,
                                         m_methods);
        item->setData(Qt::UserRole, name);
        item->setData(kRefinedRole, refined);
        item->setToolTip(QString::fromStdString(method.description));
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        const bool wanted = (refined ? wishes.refined : wishes.methods).contains(name);
        item->setCheckState(wanted ? Qt::Checked : Qt::Unchecked);
    };
    for (const delay::GeneratorMethod& method : delay::generatorMethods())
        add(method, false);
    for (const delay::GeneratorMethod& method : delay::generatorMethods())
        add(method, true);
    m_sizes->setObjectName(QStringLiteral("delayStudySizes"));
    m_sizes->setToolTip(tr("Numbers of real rows that are learned from, separated by commas"));
    const auto prepare = [](QSpinBox* box, const char* name, int low, int high, int value) {
        box->setObjectName(QLatin1String(name));
        box->setRange(low, high);
        box->setValue(std::clamp(value, low, high));
    };
    prepare(m_repeats, "delayStudyRepeats", 1, 1000, wishes.repeats);
    m_repeats->setToolTip(
        tr("Draws of the real rows, each with seeds of its own; intervals need two or more"));
    prepare(m_synthetic, "delayStudySynthetic", 1, 1000000, wishes.synthetic);
    prepare(m_seed, "delayStudySeed", 0, 1000000000, wishes.seed);
    m_note->setObjectName(QStringLiteral("delayStudyNote"));
    m_note->setWordWrap(true);
    auto* form = new QFormLayout;
    form->addRow(tr("&Generators"), m_methods);
    form->addRow(tr("Real &rows"), m_sizes);
    form->addRow(tr("&Synthetic rows"), m_synthetic);
    form->addRow(tr("Re&peats"), m_repeats);
    form->addRow(tr("See&d"), m_seed);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_start = buttons->addButton(tr("Compare"), QDialogButtonBox::AcceptRole);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(m_note);
    column->addWidget(buttons);
    connect(m_sizes, &QLineEdit::textChanged, this, &StudyDialog::check);
    connect(m_methods, &QListWidget::itemChanged, this, &StudyDialog::check);
    check();
}

std::vector<std::size_t> StudyDialog::sizes() const {
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    const QStringList words = m_sizes->text().split(separators, Qt::SkipEmptyParts);
    for (const QString& word : words) {
        bool isNumber = false;
        if (word.toULongLong(&isNumber) < delay::fewestRows || !isNumber) return {};
    }
    return numbers(words);
}

void StudyDialog::check() {
    const StudyWishes present = wishes();
    const auto sizes = this->sizes();
    const auto beyond =
        std::count_if(sizes.begin(), sizes.end(), [this](std::size_t size) { return size > m_known; });
    QString note;
    if (sizes.empty())
        note =
            tr("The numbers of real rows should be %1 or more, separated by commas.").arg(delay::fewestRows);
    else if (present.methods.isEmpty() && present.refined.isEmpty())
        note = tr("Choose at least one generator.");
    else if (beyond == static_cast<std::ptrdiff_t>(sizes.size()))
        note = tr("There are only %1 rows to learn from.").arg(m_known);
    m_start->setEnabled(note.isEmpty());
    if (note.isEmpty() && beyond > 0)
        note = tr("There are %1 rows to learn from: larger numbers are left out.").arg(m_known);
    m_note->setText(note);
}

StudyWishes StudyDialog::wishes() const {
    StudyWishes wishes;
    wishes.methods.clear();
    wishes.refined.clear();
    for (int row = 0; row < m_methods->count(); ++row) {
        const QListWidgetItem* item = m_methods->item(row);
        if (item->checkState() != Qt::Checked) continue;
        (item->data(kRefinedRole).toBool() ? wishes.refined : wishes.methods)
            << item->data(Qt::UserRole).toString();
    }
    wishes.sizes = sizes();
    wishes.repeats = m_repeats->value();
    wishes.synthetic = m_synthetic->value();
    wishes.seed = m_seed->value();
    return wishes;
}

} // namespace headroom::widgets
