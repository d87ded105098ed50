#pragma once

#include <QAbstractItemModel>

#include <memory>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/structure/structure.h"

namespace headroom::widgets {

/// Building blocks and below each its devices; devices in no block stand under a last heading.
class BlockTreeModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, Function, Stage, ColumnCount };
    enum Role {
        DevicesRole = Qt::UserRole, ///< QStringList: names of the devices of the row
        ReasonRole,                 ///< QString: why it was recognised so
        SearchRole,                 ///< QString: what the filter looks at
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setData(std::shared_ptr<const netlist::Circuit> circuit,
                 std::shared_ptr<const structure::Structure> structure);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Rows (first column) of a device, under every block that holds it.
    QModelIndexList indexesOf(const QString& device) const;

private:
    struct Node {
        QString title;
        QString reason;
        structure::Function function = structure::Function::Unexplained;
        structure::Stage stage = structure::Stage::None;
        std::vector<netlist::DeviceId> devices;
        bool heading = false; ///< of devices in no block
    };

    QString deviceName(netlist::DeviceId device) const;
    const structure::DeviceRole& roleOf(netlist::DeviceId device) const;
    QVariant blockData(const Node& node, int column, int role) const;
    QVariant deviceData(netlist::DeviceId device, int column, int role) const;

    std::shared_ptr<const netlist::Circuit> m_circuit;
    std::shared_ptr<const structure::Structure> m_structure;
    std::vector<Node> m_nodes;
};

/// "SimpleCurrentMirror" as people write it: "Simple current mirror".
QString blockTitle(const std::string& type);

} // namespace headroom::widgets
