#pragma once

#include <QDialog>

#include "widgets/powergrid/power_grid_data.h"

class QDialogButtonBox;
class QLabel;
class QSpinBox;

namespace headroom::widgets {

/// Asks how large a new sheet is to be, and says what that takes before it is taken.
class NewSheetDialog final : public QDialog {
    Q_OBJECT

public:
    /// @param costOf may be empty: nothing is said then
    explicit NewSheetDialog(SheetCostOf costOf, QWidget* parent = nullptr);

    QSize cells() const;

private:
    void showCost();

    SheetCostOf m_costOf;
    QSpinBox* m_width = nullptr;
    QSpinBox* m_height = nullptr;
    QLabel* m_cost;
    QDialogButtonBox* m_buttons;
};

} // namespace headroom::widgets
