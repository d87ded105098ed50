#include "widgets/structure/device_table_model.h"

#include <QFont>

#include <cmath>
#include <limits>

#include "widgets/common/function_style.h"
#include "widgets/common/icons.h"
#include "widgets/common/natural_order.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

using netlist::Device;
using netlist::DeviceType;

QString kindText(const Device& device) {
    switch (device.type) {
    case DeviceType::Mosfet:
        if (device.polarity)
            return *device.polarity == netlist::Polarity::N ? DeviceTableModel::tr("NMOS")
                                                            : DeviceTableModel::tr("PMOS");
        return DeviceTableModel::tr("MOSFET");
    case DeviceType::Bipolar:
        return DeviceTableModel::tr("Bipolar");
    case DeviceType::Diode:
        return DeviceTableModel::tr("Diode");
    case DeviceType::Resistor:
        return DeviceTableModel::tr("Resistor");
    case DeviceType::Capacitor:
        return DeviceTableModel::tr("Capacitor");
    case DeviceType::Inductor:
        return DeviceTableModel::tr("Inductor");
    case DeviceType::VoltageSource:
        return DeviceTableModel::tr("Voltage source");
    case DeviceType::CurrentSource:
        return DeviceTableModel::tr("Current source");
    case DeviceType::Other:
        return DeviceTableModel::tr("Other");
    }
    return {};
}

const char* valueUnit(DeviceType type) {
    switch (type) {
    case DeviceType::Resistor:
        return "Ohm";
    case DeviceType::Capacitor:
        return "F";
    case DeviceType::Inductor:
        return "H";
    case DeviceType::VoltageSource:
        return "V";
    case DeviceType::CurrentSource:
        return "A";
    default:
        return "";
    }
}

QString sizingKey(const std::string& device, const std::string& parameter) {
    return QString::fromStdString(device).toLower() + QLatin1Char(' ') +
           QString::fromStdString(parameter).toLower();
}

} // namespace

void DeviceTableModel::setData(std::shared_ptr<const netlist::Circuit> circuit,
                               std::shared_ptr<const structure::Structure> structure) {
    beginResetModel();
    m_circuit = std::move(circuit);
    m_structure = std::move(structure);
    m_sizing.clear();
    m_origin.clear();
    m_groups.assign(m_circuit ? m_circuit->devices.size() : 0, -1);
    if (m_structure) {
        for (std::size_t group = 0; group < m_structure->matchedGroups.size(); ++group) {
            for (const netlist::DeviceId device : m_structure->matchedGroups[group].devices) {
                const auto id = static_cast<std::size_t>(device);
                if (id < m_groups.size()) m_groups[id] = static_cast<int>(group);
            }
        }
    }
    endResetModel();
}

void DeviceTableModel::setSizing(const netlist::Sizing& sizing, const QString& origin) {
    m_sizing.clear();
    for (const netlist::Assignment& assignment : sizing) {
        m_sizing.insert(sizingKey(assignment.device, assignment.parameter), assignment.value);
    }
    m_origin = origin;
    if (rowCount() > 0) emit dataChanged(index(0, Width), index(rowCount() - 1, Value));
    emit headerDataChanged(Qt::Horizontal, Width, Value);
}

int DeviceTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_circuit || !m_structure ? 0 : static_cast<int>(m_circuit->devices.size());
}

int DeviceTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

const structure::DeviceRole& DeviceTableModel::roleOf(int row) const {
    static const structure::DeviceRole unknown;
    const auto id = static_cast<std::size_t>(row);
    return id < m_structure->roles.size() ? m_structure->roles[id] : unknown;
}

DeviceTableModel::SizeText DeviceTableModel::size(int row, int column) const {
    const Device& device = m_circuit->devices[static_cast<std::size_t>(row)];
    const bool mosfet = device.type == DeviceType::Mosfet;
    const SizeText none{{}, std::numeric_limits<double>::quiet_NaN(), false};
    if ((column == Value) == mosfet) return none;
    const char* parameter = column == Width ? "w" : column == Length ? "l" : "value";
    const char* unit = column == Value ? valueUnit(device.type) : "m";
    const auto proposed = [&](const char* name) -> std::optional<double> {
        const auto found = m_sizing.constFind(sizingKey(device.name, name));
        return found == m_sizing.constEnd() ? std::nullopt : std::optional(*found);
    };
    const auto text = [&](double number) {
        const double units = proposed("m").value_or(device.number("m").value_or(1));
        return column == Width && units != 1
                   ? QStringLiteral("%1 \u00d7 %2").arg(QString::number(units), quantityText(number, unit))
                   : quantityText(number, unit);
    };
    if (const auto number = proposed(parameter)) return {text(*number), *number, true};
    if (const std::optional<double> number = device.number(parameter)) return {text(*number), *number, false};
    const netlist::Parameter* written = device.parameter(parameter);
    return written != nullptr ? SizeText{QString::fromStdString(written->text), none.number, false} : none;
}

QString DeviceTableModel::display(int row, int column) const {
    const auto id = static_cast<std::size_t>(row);
    switch (column) {
    case Name:
        return QString::fromStdString(m_circuit->devices[id].name);
    case Kind:
        return kindText(m_circuit->devices[id]);
    case Function:
        return functionTitle(roleOf(row).function);
    case Stage:
        return stageTitle(roleOf(row).stage);
    case Matched:
        return m_groups[id] < 0 ? QString() : tr("Group %1").arg(m_groups[id] + 1);
    default:
        return size(row, column).text;
    }
}

QString DeviceTableModel::toolTip(int row, int column) const {
    const int group = m_groups[static_cast<std::size_t>(row)];
    if (column == Matched && group >= 0) {
        const structure::MatchedGroup& matched = m_structure->matchedGroups[static_cast<std::size_t>(group)];
        QStringList names;
        for (const netlist::DeviceId device : matched.devices)
            names << display(device, Name);
        return tr("%1: sized alike (%2)")
            .arg(names.join(QStringLiteral(", ")), QString::fromStdString(matched.reason));
    }
    if (column >= Width)
        return size(row, column).proposed ? tr("Proposed: %1").arg(m_origin) : tr("As in the netlist");
    return QString::fromStdString(roleOf(row).reason);
}

QVariant DeviceTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int row = index.row(), column = index.column();
    const bool unexplained = roleOf(row).function == structure::Function::Unexplained;
    switch (role) {
    case Qt::DisplayRole:
        return display(row, column);
    case Qt::DecorationRole:
        if (column == Function) return functionIcon(roleOf(row).function);
        if (column == Name && unexplained) return icon(QStringLiteral("warning"), ColorRole::Warning);
        return {};
    case Qt::FontRole:
        if (column >= Width && size(row, column).proposed) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (column >= Width ? Qt::AlignRight : Qt::AlignLeft)));
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case DeviceRole:
        return display(row, Name);
    case ReasonRole:
        return QString::fromStdString(roleOf(row).reason);
    case SortRole:
        if (column >= Width) {
            const double number = size(row, column).number;
            return std::isnan(number) ? -std::numeric_limits<double>::infinity() : number;
        }
        return naturalKey(display(row, column));
    case SearchRole:
        return QStringList{display(row, Name), display(row, Kind), display(row, Function),
                           display(row, Stage), display(row, Matched)}
            .join(QLatin1Char(' '));
    default:
        return {};
    }
}

QVariant DeviceTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Name:
            return tr("Device");
        case Kind:
            return tr("Kind");
        case Function:
            return tr("Function");
        case Stage:
            return tr("Stage");
        case Matched:
            return tr("Matched");
        case Width:
            return tr("W");
        case Length:
            return tr("L");
        case Value:
            return tr("Value");
        default:
            return {};
        }
    }
    if (role == Qt::TextAlignmentRole && section >= Width) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    if (role == Qt::ToolTipRole) {
        const QString origin = m_origin.isEmpty()
                                   ? tr("as in the netlist")
                                   : tr("of %1 where bold, else as in the netlist").arg(m_origin);
        switch (section) {
        case Matched:
            return tr("Devices of one group have equal W and L");
        case Width:
            return tr("Channel width, %1").arg(origin);
        case Length:
            return tr("Channel length, %1").arg(origin);
        case Value:
            return tr("Resistance, capacitance or source value, %1").arg(origin);
        default:
            return {};
        }
    }
    return {};
}

int DeviceTableModel::rowOf(const QString& device) const {
    for (int row = 0; row < rowCount(); ++row) {
        if (display(row, Name).compare(device, Qt::CaseInsensitive) == 0) return row;
    }
    return -1;
}

} // namespace headroom::widgets
