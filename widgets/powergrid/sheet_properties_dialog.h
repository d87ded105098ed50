#pragma once

#include <QDialog>

#include "widgets/powergrid/power_grid_data.h"

class QDoubleSpinBox;
class QFormLayout;

namespace headroom::widgets {

/// Asks what a sheet's cells, metal and activity stand for.
class SheetPropertiesDialog final : public QDialog {
    Q_OBJECT

public:
    explicit SheetPropertiesDialog(const SheetProperties& properties, QWidget* parent = nullptr);

    SheetProperties properties() const;

private:
    QDoubleSpinBox* box(QFormLayout& form, const QString& name, const QString& title, double value,
                        double least, double most, const QString& unit);
    void keepOrder();

    QDoubleSpinBox* m_cell;
    QDoubleSpinBox* m_supply;
    QDoubleSpinBox* m_least;
    QDoubleSpinBox* m_most;
    QDoubleSpinBox* m_density;
};

} // namespace headroom::widgets
