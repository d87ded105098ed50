#include "app/sizing/pin_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

#include "core/base/quantity.h"
#include "widgets/common/theme.h"

namespace headroom::app {
namespace {

enum Column { Size, Value, Range, ColumnCount };
/// Enough that a value on the grid reads back as itself.
constexpr int kDigits = 6;

QString quantity(double value, const std::string& unit) {
    return QString::fromStdString(formatQuantity(value, unit, kDigits));
}

} // namespace

PinDialog::PinDialog(const sizing::DesignSpace& space, const std::vector<double>& values,
                     const std::vector<netlist::Assignment>& pinned, QWidget* parent)
    : QDialog(parent)
    , m_space(space)
    , m_pinned(pinned)
    , m_table(new QTableWidget(static_cast<int>(space.size()), ColumnCount, this))
    , m_problem(new QLabel(this)) {
    setObjectName("pinDialog");
    setWindowTitle(tr("Pin Sizes"));
    resize(520, 480);
    m_table->setObjectName("pinTable");
    m_table->setHorizontalHeaderLabels({tr("Size"), tr("Stays at"), tr("Legal range")});
    m_table->verticalHeader()->hide();
    m_table->setAlternatingRowColors(true);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto variable = static_cast<std::size_t>(row);
        double value = variable < values.size() ? values[variable] : std::numeric_limits<double>::quiet_NaN();
        bool isPinned = false;
        for (const netlist::Assignment& pin : pinned) {
            if (space.find(pin.device, pin.parameter) != variable) continue;
            value = pin.value;
            isPinned = true;
        }
        addRow(row, value, isPinned);
    }
    auto* text = new QLabel(tr("Proposals keep the ticked sizes as they are; matched devices keep them "
                               "together."),
                            this);
    text->setWordWrap(true);
    m_problem->setObjectName("pinProblem");
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(tr("Pin"), QDialogButtonBox::AcceptRole);
    auto* none = buttons->addButton(tr("Pin Nothing"), QDialogButtonBox::ResetRole);
    connect(none, &QPushButton::clicked, this, [this] {
        for (int row = 0; row < m_table->rowCount(); ++row)
            m_table->item(row, Size)->setCheckState(Qt::Unchecked);
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &PinDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addWidget(m_table, 1);
    column->addWidget(m_problem);
    column->addWidget(buttons);
}

void PinDialog::addRow(int row, double value, bool isPinned) {
    const sizing::Variable& variable = m_space.variables()[static_cast<std::size_t>(row)];
    auto* size = new QTableWidgetItem(QString::fromStdString(variable.name));
    size->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    size->setCheckState(isPinned ? Qt::Checked : Qt::Unchecked);
    auto* stays = new QTableWidgetItem(std::isfinite(value) ? quantity(value, variable.unit) : QString());
    stays->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* range = new QTableWidgetItem(
        tr("%1 to %2").arg(quantity(variable.low, variable.unit), quantity(variable.high, variable.unit)));
    range->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    m_table->setItem(row, Size, size);
    m_table->setItem(row, Value, stays);
    m_table->setItem(row, Range, range);
}

void PinDialog::accept() {
    std::vector<netlist::Assignment> pinned;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        if (m_table->item(row, Size)->checkState() != Qt::Checked) continue;
        const sizing::Variable& variable = m_space.variables()[static_cast<std::size_t>(row)];
        const std::string text = m_table->item(row, Value)->text().trimmed().toStdString();
        const auto value = parseQuantity(text, variable.unit);
        if (!value || *value < variable.low || *value > variable.high) {
            m_table->setCurrentCell(row, Value);
            const QString problem = value ? tr("The value lies outside the legal range.")
                                          : QString::fromStdString(value.error().message);
            QPalette palette = m_problem->palette();
            palette.setColor(QPalette::WindowText,
                             widgets::Theme::instance().color(widgets::ColorRole::Error));
            m_problem->setPalette(palette);
            m_problem->setText(tr("%1: %2").arg(QString::fromStdString(variable.name), problem));
            m_problem->show();
            return;
        }
        pinned.push_back({m_space.nameOfDevice(static_cast<std::size_t>(row)), variable.parameter, *value});
    }
    m_pinned = std::move(pinned);
    QDialog::accept();
}

} // namespace headroom::app
