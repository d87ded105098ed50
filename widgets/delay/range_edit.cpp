#include "widgets/delay/range_edit.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {

RangeEdit::RangeEdit(const QString& name, const QString& title, const char* unit, const QString& automatic,
                     QWidget* parent)
    : QWidget(parent)
    , m_unit(unit)
    , m_automatic(automatic)
    , m_low(new QLineEdit(this))
    , m_high(new QLineEdit(this)) {
    setObjectName(name);
    m_low->setObjectName(name + QStringLiteral("Low"));
    m_high->setObjectName(name + QStringLiteral("High"));
    m_low->setAccessibleName(tr("%1, from").arg(title));
    m_high->setAccessibleName(tr("%1, to").arg(title));
    m_low->setPlaceholderText(automatic);
    m_high->setPlaceholderText(automatic.isEmpty() ? tr("the same") : automatic);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_low, 1);
    row->addWidget(new QLabel(tr("to"), this));
    row->addWidget(m_high, 1);
    setFocusProxy(m_low);
    for (QLineEdit* field : {m_low, m_high}) {
        field->setMinimumWidth(56);
        connect(field, &QLineEdit::textChanged, this, &RangeEdit::showProblems);
        connect(field, &QLineEdit::textEdited, this, &RangeEdit::edited);
    }
}

std::optional<double> RangeEdit::valueOf(const QLineEdit* field, QString* problem) const {
    const QString text = field->text().trimmed();
    return parsedQuantity(text, m_unit, problem);
}

std::optional<delay::Range> RangeEdit::range() const {
    const bool hasLow = !m_low->text().trimmed().isEmpty(), hasHigh = !m_high->text().trimmed().isEmpty();
    if (!hasLow && !hasHigh && !m_automatic.isEmpty()) return delay::Range{};
    const auto low = valueOf(hasLow ? m_low : m_high), high = valueOf(hasHigh ? m_high : m_low);
    if (!low || !high || *low > *high) return std::nullopt;
    return delay::Range{*low, *high};
}

void RangeEdit::setRange(const delay::Range& range) {
    const QSignalBlocker quiet[] = {QSignalBlocker(m_low), QSignalBlocker(m_high)};
    const bool isAutomatic = !m_automatic.isEmpty() && range == delay::Range{};
    m_low->setText(isAutomatic ? QString() : quantityText(range.low, m_unit, 6));
    m_high->setText(isAutomatic || range.isFixed() ? QString() : quantityText(range.high, m_unit, 6));
    showProblems();
}

void RangeEdit::showProblems() {
    QString problem;
    for (QLineEdit* field : {m_low, m_high}) {
        QString own;
        if (!field->text().trimmed().isEmpty()) valueOf(field, &own);
        if (problem.isEmpty()) problem = own;
    }
    if (problem.isEmpty() && !range()) {
        problem = m_low->text().trimmed().isEmpty() && m_high->text().trimmed().isEmpty()
                      ? tr("A value or a range is needed.")
                      : tr("A range goes from the lower to the higher value.");
    }
    QPalette colours = palette();
    if (!problem.isEmpty()) colours.setColor(QPalette::Text, Theme::instance().color(ColorRole::Error));
    for (QLineEdit* field : {m_low, m_high}) {
        field->setPalette(colours);
        field->setToolTip(problem);
    }
}

} // namespace headroom::widgets
