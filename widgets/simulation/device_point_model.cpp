#include "widgets/simulation/device_point_model.h"

#include <QBrush>
#include <QCoreApplication>
#include <QFont>

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/common/function_style.h"
#include "widgets/common/icons.h"
#include "widgets/common/natural_order.h"
#include "widgets/common/table_export.h"
#include "widgets/simulation/table_setup.h"

namespace headroom::widgets {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct StateStyle {
    const char* title;
    const char* icon;
    ColorRole color;
};

StateStyle styleOf(DeviceState state) {
    switch (state) {
    case DeviceState::Triode:
        return {QT_TRANSLATE_NOOP("DeviceState", "triode"), "failed", ColorRole::Failed};
    case DeviceState::Off:
        return {QT_TRANSLATE_NOOP("DeviceState", "off"), "no-result", ColorRole::Error};
    case DeviceState::SmallMargin:
        return {QT_TRANSLATE_NOOP("DeviceState", "small margin"), "nearly-met", ColorRole::NearlyMet};
    case DeviceState::Subthreshold:
        return {QT_TRANSLATE_NOOP("DeviceState", "subthreshold"), "met", ColorRole::Note};
    case DeviceState::Saturated:
        return {QT_TRANSLATE_NOOP("DeviceState", "saturation"), "met", ColorRole::Met};
    }
    return {"", "", ColorRole::Muted};
}

QString titleOf(DeviceState state) {
    return QCoreApplication::translate("DeviceState", styleOf(state).title);
}

struct Heading {
    const char* title;
    const char* name; ///< in exports
    const char* unit;
    const char* explanation;
};

constexpr Heading kHeadings[DevicePointModel::ColumnCount] = {
    {QT_TRANSLATE_NOOP("DevicePointModel", "Device"), "device", "",
     QT_TRANSLATE_NOOP("DevicePointModel", "Name in the netlist")},
    {QT_TRANSLATE_NOOP("DevicePointModel", "Function"), "function", "",
     QT_TRANSLATE_NOOP("DevicePointModel", "What the device does, as recognised")},
    {QT_TRANSLATE_NOOP("DevicePointModel", "Region"), "region", "",
     QT_TRANSLATE_NOOP("DevicePointModel", "Region of operation. Saturated devices with less than 50 mV to "
                                           "the edge of saturation are marked")},
    {"Id", "id", "A", QT_TRANSLATE_NOOP("DevicePointModel", "Drain current")},
    {"gm", "gm", "S", QT_TRANSLATE_NOOP("DevicePointModel", "Transconductance")},
    {"gds", "gds", "S", QT_TRANSLATE_NOOP("DevicePointModel", "Output conductance")},
    {"gm/Id", "gm_over_id", "1/V",
     QT_TRANSLATE_NOOP("DevicePointModel",
                       "Transconductance efficiency: high is weak inversion, low is strong inversion")},
    {"Vgs", "vgs", "V", QT_TRANSLATE_NOOP("DevicePointModel", "Gate-source voltage, signs of PMOS removed")},
    {"Vds", "vds", "V", QT_TRANSLATE_NOOP("DevicePointModel", "Drain-source voltage, signs of PMOS removed")},
    {"Vth", "vth", "V", QT_TRANSLATE_NOOP("DevicePointModel", "Threshold voltage, signs of PMOS removed")},
    {"Vov", "overdrive", "V", QT_TRANSLATE_NOOP("DevicePointModel", "Overdrive: Vgs - Vth")},
    {"Vds,sat", "vdsat", "V",
     QT_TRANSLATE_NOOP("DevicePointModel", "Drain-source voltage at which the device saturates")},
    {QT_TRANSLATE_NOOP("DevicePointModel", "Margin"), "saturation_margin", "V",
     QT_TRANSLATE_NOOP("DevicePointModel", "Saturation margin: Vds - Vds,sat")},
};

Qt::Alignment alignmentOf(bool figures) {
    return Qt::AlignVCenter | (figures ? Qt::AlignRight : Qt::AlignLeft);
}

} // namespace

DeviceState stateOf(const simulation::DeviceOperatingPoint& device) {
    switch (device.region) {
    case simulation::Region::Off:
        return DeviceState::Off;
    case simulation::Region::Triode:
        return DeviceState::Triode;
    case simulation::Region::Subthreshold:
        return device.saturationMargin() < kSmallMargin ? DeviceState::SmallMargin
                                                        : DeviceState::Subthreshold;
    case simulation::Region::Saturation:
        break;
    }
    return device.saturationMargin() < kSmallMargin ? DeviceState::SmallMargin : DeviceState::Saturated;
}

bool DevicePointModel::isRemarkable(DeviceState state) {
    return state != DeviceState::Saturated && state != DeviceState::Subthreshold;
}

int DevicePointModel::remarkable() const {
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row& row) { return isRemarkable(row.state); }));
}

void DevicePointModel::setData(const SimulationData& data) {
    beginResetModel();
    m_rows.clear();
    if (data.evaluation) {
        for (const auto& [name, point] : data.evaluation->operatingPoint.devices) {
            Row row{QString::fromStdString(name), point, stateOf(point), {}};
            const auto id = data.circuit ? data.circuit->findDevice(name) : std::nullopt;
            if (id && data.structure && static_cast<std::size_t>(*id) < data.structure->roles.size())
                row.function = data.structure->roles[static_cast<std::size_t>(*id)].function;
            m_rows.push_back(std::move(row));
        }
    }
    for (int column = Id; column < ColumnCount; ++column) {
        double largest = 0;
        for (const Row& row : m_rows) {
            const double value = number(row, column);
            if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
        }
        Format& format = m_formats[static_cast<std::size_t>(column)];
        const QString unit = QString::fromLatin1(kHeadings[column].unit);
        format.unit = column == GmOverId ? DisplayUnit{1, unit} : displayUnit(largest, unit);
        const double shown = largest * format.unit.perUnit;
        format.decimals = shown >= 100 ? 1 : shown >= 10 ? 2 : 3;
    }
    endResetModel();
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

int DevicePointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DevicePointModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

double DevicePointModel::number(const Row& row, int column) const {
    const simulation::DeviceOperatingPoint& point = row.point;
    switch (column) {
    case Id:
        return point.id;
    case Gm:
        return point.gm;
    case Gds:
        return point.gds;
    case GmOverId:
        return point.id != 0 ? point.gm / std::abs(point.id) : kNone;
    case Vgs:
        return point.vgs;
    case Vds:
        return point.vds;
    case Vth:
        return point.vth;
    case Overdrive:
        return point.overdrive();
    case Vdsat:
        return point.vdsat;
    case Margin:
        return point.saturationMargin();
    default:
        return kNone;
    }
}

QString DevicePointModel::text(const Row& row, int column) const {
    if (column == Device) return row.name;
    if (column == Function) return row.function ? functionTitle(*row.function) : QString();
    if (column == State) return titleOf(row.state);
    const double value = number(row, column);
    if (!std::isfinite(value)) return QStringLiteral("\u2014");
    const Format& format = m_formats[static_cast<std::size_t>(column)];
    const double shown = value * format.unit.perUnit;
    // What the column's decimals would make zero of is not zero.
    if (value != 0 && std::abs(shown) < 0.5 * std::pow(10.0, -format.decimals))
        return QString::number(shown, 'g', 2);
    return QString::number(shown, 'f', format.decimals);
}

QString DevicePointModel::toolTip(const Row& row, int column) const {
    if (column == State || column == Margin) {
        const QString margin = quantityText(row.point.saturationMargin(), "V");
        switch (row.state) {
        case DeviceState::Triode:
            return tr("%1 is %2 below the edge of saturation")
                .arg(row.name, quantityText(-row.point.saturationMargin(), "V"));
        case DeviceState::Off:
            return tr("The gate of %1 is %2 below threshold")
                .arg(row.name, quantityText(-row.point.overdrive(), "V"));
        case DeviceState::SmallMargin:
            return tr("%1 has only %2 to the edge of saturation").arg(row.name, margin);
        default:
            return tr("%1 has %2 to the edge of saturation").arg(row.name, margin);
        }
    }
    if (column < Id) return {};
    return QStringLiteral("%1 = %2").arg(QString::fromLatin1(kHeadings[column].title),
                                         column == GmOverId
                                             ? text(row, column) + QStringLiteral(" /V")
                                             : quantityText(number(row, column), kHeadings[column].unit, 6));
}

QVariant DevicePointModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const bool coloured = column == State || (column == Margin && isRemarkable(row.state));
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case ExportTextRole:
        return column < Id ? text(row, column) : QString::number(number(row, column), 'g', 17);
    case Qt::DecorationRole:
        if (column == State)
            return icon(QString::fromLatin1(styleOf(row.state).icon), styleOf(row.state).color);
        if (column == Function && row.function) return functionIcon(*row.function);
        return {};
    case Qt::ForegroundRole:
        if (coloured) return QBrush(Theme::instance().color(styleOf(row.state).color));
        return {};
    case Qt::FontRole:
        if (coloured && isRemarkable(row.state)) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(column >= Id));
    case SortRole:
        if (column == State) return static_cast<int>(row.state);
        if (column < Id) return naturalKey(text(row, column));
        return std::isfinite(number(row, column)) ? number(row, column)
                                                  : -std::numeric_limits<double>::infinity();
    case SearchRole:
        return QStringList{text(row, Device), text(row, Function), text(row, State)}.join(QLatin1Char(' '));
    case NameRole:
        return row.name;
    default:
        return {};
    }
}

QVariant DevicePointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    const Heading& heading = kHeadings[section];
    switch (role) {
    case Qt::DisplayRole: {
        const QString unit = m_formats[static_cast<std::size_t>(section)].unit.text;
        return unit.isEmpty() ? tr(heading.title) : QStringLiteral("%1\n(%2)").arg(tr(heading.title), unit);
    }
    case ExportTextRole:
        return *heading.unit == '\0'
                   ? QString::fromLatin1(heading.name)
                   : QStringLiteral("%1 (%2)").arg(QLatin1String(heading.name), QLatin1String(heading.unit));
    case Qt::ToolTipRole:
        return tr(heading.explanation);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(section >= Id));
    default:
        return {};
    }
}

int DevicePointModel::rowOf(const QString& device) const {
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) {
        return row.name.compare(device, Qt::CaseInsensitive) == 0;
    });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

void NetVoltageModel::setData(const SimulationData& data) {
    beginResetModel();
    m_rows.clear();
    std::map<netlist::NetId, QString> roles;
    if (data.structure && data.structure->ports) {
        const structure::AmplifierPorts& ports = *data.structure->ports;
        for (const netlist::NetId net : ports.voltageBiases)
            roles[net] = tr("voltage bias");
        for (const auto& bias : ports.currentBiases)
            roles[bias.net] = tr("current bias");
        for (const auto& control : ports.controls)
            roles[control.net] = tr("control");
        for (const netlist::NetId net : ports.furtherPositiveSupplies)
            roles[net] = tr("positive supply");
        for (const netlist::NetId net : ports.furtherNegativeSupplies)
            roles[net] = tr("negative supply");
        roles[ports.positiveSupply] = tr("positive supply");
        roles[ports.negativeSupply] = tr("negative supply");
        roles[ports.inputPlus] = tr("non-inverting input");
        roles[ports.inputMinus] = tr("inverting input");
        roles[ports.output] = tr("output");
        if (ports.outputMinus) roles[*ports.outputMinus] = tr("inverting output");
    }
    if (data.evaluation) {
        for (const auto& [name, voltage] : data.evaluation->operatingPoint.nets) {
            const auto id = data.circuit ? data.circuit->findNet(name) : std::nullopt;
            const auto role = id ? roles.find(*id) : roles.end();
            m_rows.push_back(
                {QString::fromStdString(name), voltage, role == roles.end() ? QString() : role->second});
        }
    }
    endResetModel();
}

int NetVoltageModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NetVoltageModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant NetVoltageModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const QString text = index.column() == Net       ? row.name
                         : index.column() == Voltage ? QString::number(row.voltage, 'f', 4)
                                                     : row.role;
    switch (role) {
    case Qt::DisplayRole:
        return text;
    case ExportTextRole:
        return index.column() == Voltage ? QString::number(row.voltage, 'g', 17) : text;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(index.column() == Voltage));
    case SortRole:
        if (index.column() == Voltage) return row.voltage;
        return naturalKey(text);
    case SearchRole:
        return QString(row.name + QLatin1Char(' ') + row.role);
    case NameRole:
        return row.name;
    default:
        return {};
    }
}

QVariant NetVoltageModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(alignmentOf(section == Voltage));
    if (role == ExportTextRole)
        return section == Net       ? QStringLiteral("net")
               : section == Voltage ? QStringLiteral("voltage (V)")
                                    : QStringLiteral("role");
    if (role != Qt::DisplayRole) return {};
    return section == Net ? tr("Net") : section == Voltage ? tr("Voltage (V)") : tr("Role");
}

} // namespace headroom::widgets
