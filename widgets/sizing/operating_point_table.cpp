#include "widgets/sizing/operating_point_table.h"

#include <QBrush>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QVBoxLayout>

#include <cmath>
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/natural_order.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

using simulation::Region;

QString regionTitle(Region region) {
    switch (region) {
    case Region::Off:
        return OperatingPointModel::tr("off");
    case Region::Subthreshold:
        return OperatingPointModel::tr("subthreshold");
    case Region::Triode:
        return OperatingPointModel::tr("triode");
    case Region::Saturation:
        return OperatingPointModel::tr("saturation");
    }
    return {};
}

ColorRole regionColor(Region region) {
    switch (region) {
    case Region::Off:
        return ColorRole::Muted;
    case Region::Subthreshold:
        return ColorRole::Note;
    case Region::Triode:
        return ColorRole::Failed;
    case Region::Saturation:
        return ColorRole::Met;
    }
    return ColorRole::Muted;
}

QString regionIconName(Region region) {
    switch (region) {
    case Region::Off:
        return QStringLiteral("no-result");
    case Region::Subthreshold:
        return QStringLiteral("nearly-met");
    case Region::Triode:
        return QStringLiteral("failed");
    case Region::Saturation:
        return QStringLiteral("met");
    }
    return {};
}

const char* unitOf(int column) {
    switch (column) {
    case OperatingPointModel::Id:
        return "A";
    case OperatingPointModel::Gm:
    case OperatingPointModel::Gds:
        return "S";
    case OperatingPointModel::Overdrive:
    case OperatingPointModel::Vds:
    case OperatingPointModel::Vdsat:
    case OperatingPointModel::Margin:
        return "V";
    default:
        return "";
    }
}

} // namespace

void OperatingPointModel::setPoint(std::shared_ptr<const simulation::OperatingPoint> point) {
    beginResetModel();
    m_point = std::move(point);
    m_devices.clear();
    if (m_point) {
        for (const auto& [name, device] : m_point->devices)
            m_devices.emplace_back(QString::fromStdString(name), device);
    }
    endResetModel();
}

int OperatingPointModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_devices.size());
}

int OperatingPointModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

double OperatingPointModel::number(int row, int column) const {
    const simulation::DeviceOperatingPoint& device = m_devices[static_cast<std::size_t>(row)].second;
    switch (column) {
    case Region:
        return static_cast<double>(device.region);
    case Id:
        return device.id;
    case Gm:
        return device.gm;
    case GmOverId:
        return device.id != 0 ? device.gm / std::abs(device.id) : std::numeric_limits<double>::quiet_NaN();
    case Gds:
        return device.gds;
    case Overdrive:
        return device.overdrive();
    case Vds:
        return device.vds;
    case Vdsat:
        return device.vdsat;
    case Margin:
        return device.saturationMargin();
    default:
        return 0;
    }
}

QString OperatingPointModel::text(int row, int column) const {
    if (column == Device) return m_devices[static_cast<std::size_t>(row)].first;
    if (column == Region) return regionTitle(m_devices[static_cast<std::size_t>(row)].second.region);
    if (column == GmOverId) {
        const double ratio = number(row, column);
        return std::isfinite(ratio) ? QStringLiteral("%1 /V").arg(ratio, 0, 'g', 3)
                                    : QStringLiteral("\u2014");
    }
    return quantityText(number(row, column), unitOf(column), 4);
}

QVariant OperatingPointModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int row = index.row(), column = index.column();
    const auto& [name, device] = m_devices[static_cast<std::size_t>(row)];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case ExportTextRole:
        return column <= Region ? text(row, column) : QString::number(number(row, column), 'g', 17);
    case Qt::DecorationRole:
        if (column == Region) return icon(regionIconName(device.region), regionColor(device.region));
        return {};
    case Qt::ForegroundRole:
        if (column == Region) return QBrush(Theme::instance().color(regionColor(device.region)));
        if (column == Margin && device.saturationMargin() < 0)
            return QBrush(Theme::instance().color(ColorRole::Failed));
        return {};
    case Qt::ToolTipRole:
        if (m_point->worstDevice == name.toStdString())
            return tr("The least saturation margin of all devices");
        return {};
    case Qt::FontRole:
        if (m_point->worstDevice == name.toStdString()) {
            QFont font;
            font.setBold(true);
            return font;
        }
        return {};
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (column > Region ? Qt::AlignRight : Qt::AlignLeft)));
    case SortRole: {
        if (column == Device) return naturalKey(name);
        return number(row, column);
    }
    default:
        return {};
    }
}

QVariant OperatingPointModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    struct Heading {
        const char* title;
        const char* name;
        const char* explanation;
    };
    static constexpr Heading kHeadings[ColumnCount] = {
        {QT_TR_NOOP("Device"), "device", QT_TR_NOOP("Name in the netlist")},
        {QT_TR_NOOP("Region"), "region", QT_TR_NOOP("Region of operation")},
        {"Id", "id", QT_TR_NOOP("Drain current")},
        {"gm", "gm", QT_TR_NOOP("Transconductance")},
        {"gm/Id", "gm_over_id",
         QT_TR_NOOP("Transconductance efficiency: high is weak inversion, low is strong inversion")},
        {"gds", "gds", QT_TR_NOOP("Output conductance")},
        {"Vov", "vov", QT_TR_NOOP("Overdrive: Vgs - Vth. Signs of PMOS removed")},
        {"Vds", "vds", QT_TR_NOOP("Drain-source voltage. Signs of PMOS removed")},
        {"Vdsat", "vdsat", QT_TR_NOOP("Drain-source voltage at which the device saturates")},
        {QT_TR_NOOP("Margin"), "saturation_margin", QT_TR_NOOP("Saturation margin: Vds - Vdsat")},
    };
    const Heading& heading = kHeadings[section];
    if (role == Qt::DisplayRole) return tr(heading.title);
    if (role == ExportTextRole) return QString::fromLatin1(heading.name);
    if (role == Qt::ToolTipRole) return tr(heading.explanation);
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (section > Region ? Qt::AlignRight : Qt::AlignLeft)));
    }
    return {};
}

OperatingPointTable::OperatingPointTable(QWidget* parent)
    : QWidget(parent)
    , m_model(new OperatingPointModel(this))
    , m_view(new QTableView(this))
    , m_caption(new QLabel(this)) {
    auto* sorted = new QSortFilterProxyModel(this);
    sorted->setSourceModel(m_model);
    sorted->setSortRole(OperatingPointModel::SortRole);
    m_view->setObjectName(QStringLiteral("operatingPointTable"));
    m_view->setAccessibleName(tr("Operating point"));
    m_view->setModel(sorted);
    prepareRows(m_view);
    m_view->horizontalHeader()->setSortIndicator(OperatingPointModel::Device, Qt::AscendingOrder);
    m_view->setSortingEnabled(true);
    addExportAction(m_view, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("operating_point.csv"));
    });
    addColumnMenu(m_view);
    m_caption->setObjectName(QStringLiteral("operatingPointCaption"));
    m_caption->setWordWrap(true);
    m_caption->setContentsMargins(6, 3, 6, 3);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_caption);
    column->addWidget(m_view, 1);
    setPoint(tr("Choose a candidate to see its operating point."), nullptr);
}

void OperatingPointTable::setPoint(const QString& caption,
                                   std::shared_ptr<const simulation::OperatingPoint> point) {
    const bool first = m_model->rowCount() == 0;
    QString text = caption;
    if (point) {
        text = tr("%1: supply current %2, least saturation margin %3 (%4)")
                   .arg(caption, quantityText(point->supplyCurrent, "A"),
                        quantityText(point->worstSaturationMargin, "V"),
                        QString::fromStdString(point->worstDevice));
    }
    m_caption->setText(text);
    m_model->setPoint(std::move(point));
    if (first && m_model->rowCount() > 0) fitColumns(m_view);
}

} // namespace headroom::widgets
