#pragma once

#include <QAbstractTableModel>

#include <array>
#include <vector>

#include "widgets/common/quantity_text.h"
#include "widgets/simulation/simulation_data.h"

namespace headroom::widgets {

/// How a MOSFET stands, in the order in which a designer looks at them.
enum class DeviceState { Triode, Off, SmallMargin, Subthreshold, Saturated };

/// A saturated MOSFET with less than this to the edge of saturation (V) is marked.
inline constexpr double kSmallMargin = 0.05;

DeviceState stateOf(const simulation::DeviceOperatingPoint& device);

/// Every MOSFET at its operating point. Columns of figures have one unit each, named in the heading.
class DevicePointModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Device,
        Function,
        State,
        Id,
        Gm,
        Gds,
        GmOverId,
        Vgs,
        Vds,
        Vth,
        Overdrive,
        Vdsat,
        Margin,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setData(const SimulationData& data);
    using QAbstractTableModel::setData;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    int rowOf(const QString& device) const; ///< -1 where unknown
    /// How many devices are in triode, off, or have a small margin.
    int remarkable() const;
    static bool isRemarkable(DeviceState state);

private:
    struct Row {
        QString name;
        simulation::DeviceOperatingPoint point;
        DeviceState state = DeviceState::Saturated;
        std::optional<structure::Function> function;
    };
    /// How a column writes its figures.
    struct Format {
        DisplayUnit unit;
        int decimals = 3;
    };
    double number(const Row& row, int column) const;
    QString text(const Row& row, int column) const;
    QString toolTip(const Row& row, int column) const;

    std::vector<Row> m_rows;
    std::array<Format, ColumnCount> m_formats;
};

/// The voltages of the nets, with what the test bench does to them.
class NetVoltageModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Net, Voltage, Role, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setData(const SimulationData& data);
    using QAbstractTableModel::setData;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString name;
        double voltage = 0;
        QString role;
    };
    std::vector<Row> m_rows;
};

} // namespace headroom::widgets
