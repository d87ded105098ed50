#pragma once

#include <QVariantMap>
#include <QWidget>

#include <optional>

#include "core/delay/characterisation.h"

class QComboBox;
class QDoubleSpinBox;
class QPushButton;
class QSpinBox;

namespace headroom::widgets {

class RangeEdit;

/// Which cell is simulated, and under what.
struct CellWishes {
    QString cell = QStringLiteral("inv"); ///< as delay::loadCell() takes it
    int samples = 500;
    int seed = 1;
    delay::ConditionRanges ranges;
};

/// The cell and the conditions that rows are simulated under.
class CellForm final : public QWidget {
    Q_OBJECT

public:
    explicit CellForm(QWidget* parent = nullptr);

    /// Absent where some range is none.
    std::optional<CellWishes> wishes() const;
    /// Emits nothing.
    void setWishes(const CellWishes& wishes);
    /// @param technology its name, empty: none is known  @param allowed whether it can be simulated now
    void setSimulatable(bool allowed, const QString& technology);

    QVariantMap state() const;
    void restoreState(const QVariantMap& state);

signals:
    void edited();
    void simulateRequested();
    /// A SPICE file of the user's is to be chosen.
    void cellFileRequested();

private:
    void updateButton();

    bool m_allowed = true;
    QComboBox* m_cell;
    QSpinBox *m_samples, *m_seed;
    QDoubleSpinBox* m_process;
    RangeEdit *m_supply, *m_temperature, *m_load, *m_slew;
    QPushButton* m_simulate;
};

} // namespace headroom::widgets
