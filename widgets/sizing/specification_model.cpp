#include "widgets/sizing/specification_model.h"

#include <cmath>
#include <optional>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

using simulation::Performance;

/// Enough digits that a target taken from a data row does not look rounder than it is.
constexpr int kTargetDigits = 4;

} // namespace

void SpecificationModel::setRows(std::vector<SpecificationRow> rows) {
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void SpecificationModel::setRow(int row, const SpecificationRow& content) {
    m_rows[static_cast<std::size_t>(row)] = content;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SpecificationModel::setTarget(int row, double target) {
    m_rows[static_cast<std::size_t>(row)].target = target;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SpecificationModel::setLocked(int row, bool locked) {
    m_rows[static_cast<std::size_t>(row)].locked = locked;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

bool SpecificationModel::isOutside(const SpecificationRow& row) const {
    if (!(row.low < row.high)) return false;
    const double slack = 1e-6 * (row.high - row.low);
    return row.target < row.low - slack || row.target > row.high + slack;
}

QStringList SpecificationModel::remarks() const {
    QStringList remarks;
    QStringList outside;
    std::optional<double> icmrMin, icmrMax, voutMin, voutMax;
    for (const SpecificationRow& row : m_rows) {
        if (isOutside(row)) outside << QString::fromUtf8(simulation::info(row.performance).title);
        if (row.performance == Performance::IcmrMin) icmrMin = row.target;
        if (row.performance == Performance::IcmrMax) icmrMax = row.target;
        if (row.performance == Performance::VoutMin) voutMin = row.target;
        if (row.performance == Performance::VoutMax) voutMax = row.target;
    }
    if (icmrMin && icmrMax && *icmrMin >= *icmrMax) {
        remarks << tr("The input common-mode range ends below its beginning.");
    }
    if (voutMin && voutMax && *voutMin >= *voutMax)
        remarks << tr("The output swing ends below its beginning.");
    if (outside.size() == 1) {
        remarks
            << tr("%1 lies outside what the data set covers: proposals extrapolate.").arg(outside.front());
    } else if (outside.size() > 1) {
        remarks << tr("%1 targets lie outside what the data set covers (%2): proposals extrapolate.")
                       .arg(outside.size())
                       .arg(outside.join(QStringLiteral(", ")));
    }
    return remarks;
}

int SpecificationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SpecificationModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SpecificationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const SpecificationRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const simulation::PerformanceInfo& info = simulation::info(row.performance);
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        if (column == Title) return QString::fromUtf8(info.title);
        if (column == Sense) return info.biggerIsBetter ? QStringLiteral("\u2265") : QStringLiteral("\u2264");
        if (column == Target) return quantityText(row.target, info.unit, kTargetDigits);
        return {};
    case ExportTextRole:
        if (column == Target) return QString::number(row.target, 'g', 17);
        if (column == Range)
            return QStringLiteral("%1..%2").arg(row.low, 0, 'g', 17).arg(row.high, 0, 'g', 17);
        if (column == Lock) return row.locked ? tr("locked") : QString();
        return {};
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        if (column == Target) {
            return tr("%1 (%2): type a value with its unit, e.g. %3")
                .arg(QString::fromUtf8(info.title), QString::fromUtf8(info.symbol),
                     quantityText(row.target, info.unit, 3));
        }
        return QStringLiteral("%1 (%2): %3")
            .arg(QString::fromUtf8(info.title), QString::fromUtf8(info.symbol),
                 QString::fromUtf8(info.definition));
    case Qt::DecorationRole:
        if (column == Target && isOutside(row)) return icon(QStringLiteral("warning"), ColorRole::Warning);
        return {};
    case Qt::TextAlignmentRole:
        if (column == Target) return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        if (column == Sense) return QVariant::fromValue(Qt::Alignment(Qt::AlignCenter));
        return {};
    default:
        return {};
    }
}

bool SpecificationModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || index.column() != Target || role != Qt::EditRole) return false;
    SpecificationRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const simulation::PerformanceInfo& info = simulation::info(row.performance);
    // Leaving the editor without typing must not round the target to the digits on show.
    if (value.toString() == data(index, Qt::EditRole).toString()) return true;
    QString problem;
    const std::optional<double> target = parsedQuantity(value.toString(), info.unit, &problem);
    if (!target) {
        emit rejected(index.row(), QStringLiteral("%1: %2").arg(QString::fromUtf8(info.title), problem));
        return false;
    }
    row.target = *target;
    emit dataChanged(this->index(index.row(), 0), this->index(index.row(), ColumnCount - 1));
    emit targetTyped(index.row(), *target);
    return true;
}

QVariant SpecificationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Title:
            return tr("Performance");
        case Target:
            return tr("Target");
        case Range:
            return tr("Range");
        default:
            return {};
        }
    }
    if (role == ExportTextRole) {
        switch (section) {
        case Title:
            return QStringLiteral("performance");
        case Sense:
            return QStringLiteral("sense");
        case Target:
            return QStringLiteral("target (SI)");
        case Range:
            return QStringLiteral("range (SI)");
        case Lock:
            return QStringLiteral("locked");
        default:
            return {};
        }
    }
    if (role == Qt::TextAlignmentRole && section == Target) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Sense:
            return tr("\u2265: at least the target; \u2264: at most");
        case Target:
            return tr("Double-click to type a value with its unit");
        case Range:
            return tr("What the simulated sizings of the data set reach");
        case Lock:
            return tr("A locked target stays when targets are taken from a row or drawn at random");
        default:
            return {};
        }
    }
    return {};
}

Qt::ItemFlags SpecificationModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return {};
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (index.column() == Target) flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace headroom::widgets
