#include "widgets/powergrid/sheet_properties_dialog.h"

#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>

#include <algorithm>
#include <cmath>

namespace headroom::widgets {
namespace {

/// Digits behind the point that leave at least four that count.
int decimalsOf(double value) {
    constexpr int kDigits = 4, kMost = 6;
    if (!(value > 0)) return kMost;
    return std::clamp(kDigits - 1 - static_cast<int>(std::floor(std::log10(value))), 1, kMost);
}

} // namespace

SheetPropertiesDialog::SheetPropertiesDialog(const SheetProperties& properties, QWidget* parent)
    : QDialog(parent) {
    setObjectName(QStringLiteral("powergridPropertiesDialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Sheet Properties"));
    auto* form = new QFormLayout(this);
    m_cell = box(*form, QStringLiteral("powergridCellSide"), tr("&Cell side"), properties.cellUm, 0.01, 10000,
                 tr(" \u00b5m"));
    m_supply = box(*form, QStringLiteral("powergridSupply"), tr("&Supply"), properties.supplyVolts, 0.01,
                   1000, tr(" V"));
    m_most = box(*form, QStringLiteral("powergridMostOhms"), tr("Sheet resistance at grid strength &0"),
                 properties.mostOhmsPerSquare, 1e-6, 1e6, tr(" \u03a9/sq"));
    m_least = box(*form, QStringLiteral("powergridLeastOhms"), tr("Sheet resistance at grid strength &1"),
                  properties.leastOhmsPerSquare, 1e-6, 1e6, tr(" \u03a9/sq"));
    m_density = box(*form, QStringLiteral("powergridFullCurrent"), tr("C&urrent at density and activity 1"),
                    properties.fullAmperesPerSquareMm, 1e-6, 1e6, tr(" A/mm\u00b2"));
    connect(m_least, &QDoubleSpinBox::editingFinished, this, &SheetPropertiesDialog::keepOrder);
    connect(m_most, &QDoubleSpinBox::editingFinished, this, &SheetPropertiesDialog::keepOrder);
    auto* note = new QLabel(tr("Pads, straps and macros stay on their cells."), this);
    note->setWordWrap(true);
    form->addRow(note);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    form->addRow(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QDoubleSpinBox* SheetPropertiesDialog::box(QFormLayout& form, const QString& name, const QString& title,
                                           double value, double least, double most, const QString& unit) {
    auto* made = new QDoubleSpinBox(this);
    made->setObjectName(name);
    made->setDecimals(decimalsOf(value));
    made->setRange(least, most);
    made->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    made->setSuffix(unit);
    made->setValue(value);
    form.addRow(title, made);
    return made;
}

void SheetPropertiesDialog::keepOrder() {
    if (m_least->value() <= m_most->value()) return;
    // The one that was not typed gives way.
    if (sender() == m_least)
        m_most->setValue(m_least->value());
    else
        m_least->setValue(m_most->value());
}

SheetProperties SheetPropertiesDialog::properties() const {
    return {m_cell->value(), m_supply->value(), m_least->value(), m_most->value(), m_density->value()};
}

} // namespace headroom::widgets
