#pragma once

#include <QAbstractTableModel>
#include <QHash>

#include <memory>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/netlist/sizing_export.h"
#include "core/structure/structure.h"

namespace headroom::widgets {

/// Every device with what the recognition says of it and its size.
class DeviceTableModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Kind, Function, Stage, Matched, Width, Length, Value, ColumnCount };
    enum Role {
        DeviceRole = Qt::UserRole, ///< QString: device name
        ReasonRole,
        SortRole, ///< numbers sort as numbers, names naturally (M2 before M10)
        SearchRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setData(std::shared_ptr<const netlist::Circuit> circuit,
                 std::shared_ptr<const structure::Structure> structure);
    void setSizing(const netlist::Sizing& sizing, const QString& origin);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    int rowOf(const QString& device) const; ///< -1 where unknown

private:
    struct SizeText {
        QString text;
        double number = 0;
        bool proposed = false;
    };

    QString display(int row, int column) const;
    SizeText size(int row, int column) const;
    const structure::DeviceRole& roleOf(int row) const;
    QString toolTip(int row, int column) const;

    std::shared_ptr<const netlist::Circuit> m_circuit;
    std::shared_ptr<const structure::Structure> m_structure;
    std::vector<int> m_groups;       ///< by device: index into matchedGroups, or -1
    QHash<QString, double> m_sizing; ///< "m1 w" -> value
    QString m_origin;
};

} // namespace headroom::widgets
