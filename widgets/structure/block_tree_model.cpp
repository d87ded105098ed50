#include "widgets/structure/block_tree_model.h"

#include <algorithm>
#include <set>

#include "widgets/common/function_style.h"
#include "widgets/common/icons.h"

namespace headroom::widgets {
namespace {

using structure::Block;
using structure::DeviceRole;

/// Children carry their parent's row + 1; top-level rows carry 0.
constexpr quintptr kTopLevel = 0;

} // namespace

QString blockTitle(const std::string& type) {
    QString title;
    for (const QChar c : QString::fromStdString(type)) {
        const bool capital = c.isUpper() && !title.isEmpty() && !title.back().isUpper();
        if (capital) title += QLatin1Char(' ');
        title += title.isEmpty() ? c : c.toLower();
    }
    return title;
}

void BlockTreeModel::setData(std::shared_ptr<const netlist::Circuit> circuit,
                             std::shared_ptr<const structure::Structure> structure) {
    beginResetModel();
    m_circuit = std::move(circuit);
    m_structure = std::move(structure);
    m_nodes.clear();
    if (m_circuit && m_structure) {
        std::set<netlist::DeviceId> placed;
        for (const Block& block : m_structure->blocks) {
            if (block.level < 2) continue;
            m_nodes.push_back({blockTitle(block.type), QString::fromStdString(block.reason), block.function,
                               block.stage, block.devices, false});
            placed.insert(block.devices.begin(), block.devices.end());
        }
        Node rest{tr("In no block"),
                  tr("Devices that belong to no recognised building block."),
                  structure::Function::Unexplained,
                  structure::Stage::None,
                  {},
                  true};
        for (int device = 0; device < static_cast<int>(m_circuit->devices.size()); ++device) {
            if (!placed.contains(device)) rest.devices.push_back(device);
        }
        if (!rest.devices.empty()) m_nodes.push_back(std::move(rest));
    }
    endResetModel();
}

QModelIndex BlockTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= ColumnCount) return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kTopLevel);
}

QModelIndex BlockTreeModel::parent(const QModelIndex& child) const {
    if (!child.isValid() || child.internalId() == kTopLevel) return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, kTopLevel);
}

int BlockTreeModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) return static_cast<int>(m_nodes.size());
    if (parent.internalId() != kTopLevel || parent.column() != 0) return 0;
    return static_cast<int>(m_nodes[static_cast<std::size_t>(parent.row())].devices.size());
}

int BlockTreeModel::columnCount(const QModelIndex&) const {
    return ColumnCount;
}

QString BlockTreeModel::deviceName(netlist::DeviceId device) const {
    const auto id = static_cast<std::size_t>(device);
    return id < m_circuit->devices.size() ? QString::fromStdString(m_circuit->devices[id].name) : QString();
}

const DeviceRole& BlockTreeModel::roleOf(netlist::DeviceId device) const {
    static const DeviceRole unknown;
    const auto id = static_cast<std::size_t>(device);
    return id < m_structure->roles.size() ? m_structure->roles[id] : unknown;
}

QVariant BlockTreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    if (index.internalId() == kTopLevel) {
        return blockData(m_nodes[static_cast<std::size_t>(index.row())], index.column(), role);
    }
    const Node& node = m_nodes[static_cast<std::size_t>(index.internalId()) - 1];
    return deviceData(node.devices[static_cast<std::size_t>(index.row())], index.column(), role);
}

QVariant BlockTreeModel::blockData(const Node& node, int column, int role) const {
    switch (role) {
    case Qt::DisplayRole:
        if (column == Name) {
            QStringList names;
            for (const netlist::DeviceId device : node.devices)
                names << deviceName(device);
            return node.heading ? node.title
                                : QStringLiteral("%1: %2").arg(node.title, names.join(QStringLiteral(", ")));
        }
        if (node.heading) return {};
        return column == Function ? functionTitle(node.function) : stageTitle(node.stage);
    case Qt::DecorationRole:
        if (column == Name && !node.heading) return functionIcon(node.function);
        return {};
    case Qt::ToolTipRole:
    case ReasonRole:
        return node.reason;
    case DevicesRole: {
        QStringList names;
        for (const netlist::DeviceId device : node.devices)
            names << deviceName(device);
        return names;
    }
    case SearchRole:
        return QStringList{node.title, functionTitle(node.function), stageTitle(node.stage)}.join(
            QLatin1Char(' '));
    default:
        return {};
    }
}

QVariant BlockTreeModel::deviceData(netlist::DeviceId device, int column, int role) const {
    const DeviceRole& function = roleOf(device);
    const bool unexplained = function.function == structure::Function::Unexplained;
    switch (role) {
    case Qt::DisplayRole:
        if (column == Name) return deviceName(device);
        return column == Function ? functionTitle(function.function) : stageTitle(function.stage);
    case Qt::DecorationRole:
        if (column == Name) return functionIcon(function.function);
        if (column == Function && unexplained) return icon(QStringLiteral("warning"), ColorRole::Warning);
        return {};
    case Qt::ToolTipRole:
    case ReasonRole:
        if (unexplained && function.reason.empty()) return tr("No rule explains what this device does.");
        return QString::fromStdString(function.reason);
    case DevicesRole:
        return QStringList{deviceName(device)};
    case SearchRole:
        return QStringList{deviceName(device), functionTitle(function.function), stageTitle(function.stage)}
            .join(QLatin1Char(' '));
    default:
        return {};
    }
}

QVariant BlockTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Name:
            return tr("Block or device");
        case Function:
            return tr("Function");
        case Stage:
            return tr("Stage");
        default:
            return {};
        }
    }
    if (role == Qt::ToolTipRole && section == Function)
        return tr("What the block or device does in the amplifier");
    if (role == Qt::ToolTipRole && section == Stage) return tr("The amplifier stage that it belongs to");
    return {};
}

QModelIndexList BlockTreeModel::indexesOf(const QString& device) const {
    QModelIndexList found;
    for (int block = 0; block < rowCount(); ++block) {
        const QModelIndex parent = index(block, 0);
        for (int row = 0; row < rowCount(parent); ++row) {
            const QModelIndex child = index(row, 0, parent);
            if (child.data().toString().compare(device, Qt::CaseInsensitive) == 0) found << child;
        }
    }
    return found;
}

} // namespace headroom::widgets
