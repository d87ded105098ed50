#pragma once

#include <QDialog>

#include <vector>

#include "core/netlist/sizing_export.h"
#include "core/sizing/design_space.h"

class QLabel;
class QTableWidget;
class QTableWidgetItem;

namespace headroom::app {

/// Asks which sizes proposals must not move, and where they stay: a table of all variables, ticked where
/// pinned, with values typed in engineering notation.
class PinDialog final : public QDialog {
    Q_OBJECT

public:
    /// @param values that are offered, by variable, SI units; may be empty
    PinDialog(const sizing::DesignSpace& space, const std::vector<double>& values,
              const std::vector<netlist::Assignment>& pinned, QWidget* parent);

    /// One device of each pinned variable.
    std::vector<netlist::Assignment> pinned() const { return m_pinned; }

protected:
    void accept() override;

private:
    void addRow(int row, double value, bool isPinned);

    const sizing::DesignSpace m_space;
    std::vector<netlist::Assignment> m_pinned;
    QTableWidget* m_table;
    QLabel* m_problem; ///< what is wrong with a value, below the table
};

} // namespace headroom::app
