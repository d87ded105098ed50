#include "widgets/sizing/specification_model.h"

#include <QBrush>

#include <cmath>
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"
#include "widgets/common/theme.h"
#include "widgets/sizing/exploration_data.h"

namespace headroom::widgets {
namespace {

using simulation::Performance;

/// Enough digits that a target taken from a data row does not look rounder than it is.
constexpr int kTargetDigits = 4;

QStringList cornerNames(const sizing::Requirement& requirement) {
    QStringList names;
    for (const std::string& corner : requirement.corners)
        names << QString::fromStdString(corner);
    return names;
}

QString titleOf(const SpecificationRow& row) {
    return QString::fromUtf8(simulation::info(row.requirement.performance).title);
}

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

void SpecificationModel::setRequirement(int row, const sizing::Requirement& requirement) {
    m_rows[static_cast<std::size_t>(row)].requirement = requirement;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void SpecificationModel::setLocked(int row, bool locked) {
    m_rows[static_cast<std::size_t>(row)].locked = locked;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

bool SpecificationModel::isOutside(const SpecificationRow& row) const {
    if (!(row.low < row.high) || row.requirement.isFree()) return false;
    const double slack = 1e-6 * (row.high - row.low);
    return row.handle() < row.low - slack || row.handle() > row.high + slack;
}

QStringList SpecificationModel::remarks() const {
    QStringList remarks;
    QStringList outside;
    sizing::Specification specification;
    bool asksForAnything = false;
    for (const SpecificationRow& row : m_rows) {
        if (isOutside(row)) outside << titleOf(row);
        asksForAnything = asksForAnything || !row.requirement.isFree();
        specification.requirements.push_back(row.requirement);
    }
    // The lower end shall be at most, the upper end at least; swapped they are possible, but hardly meant.
    const auto endsEarly = [&](Performance low, Performance high) {
        const sizing::Requirement* lower = specification.find(low);
        const sizing::Requirement* upper = specification.find(high);
        return lower != nullptr && upper != nullptr && lower->hasMaximum() && upper->hasMinimum() &&
               lower->maximum >= upper->minimum;
    };
    if (endsEarly(Performance::IcmrMin, Performance::IcmrMax))
        remarks << tr("The input common-mode range ends below its beginning.");
    if (endsEarly(Performance::VoutMin, Performance::VoutMax))
        remarks << tr("The output swing ends below its beginning.");
    if (!asksForAnything && !m_rows.empty())
        remarks << tr("Nothing is asked for: any sizing that works will do.");
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

QString SpecificationModel::text(const SpecificationRow& row, int column) const {
    const simulation::PerformanceInfo& info = simulation::info(row.requirement.performance);
    const auto quantity = [&](bool isThere, double value) {
        return isThere ? quantityText(value, info.unit, kTargetDigits) : QString();
    };
    switch (column) {
    case Title:
        return titleOf(row);
    case Minimum:
        return quantity(row.requirement.hasMinimum(), row.requirement.minimum);
    case Maximum:
        return quantity(row.requirement.hasMaximum(), row.requirement.maximum);
    case Weight:
        return QString::number(row.requirement.weight);
    case Chosen:
        return quantity(std::isfinite(row.chosen), row.chosen);
    case Corners: {
        const QString worst = quantity(std::isfinite(row.cornerWorst), row.cornerWorst);
        if (row.requirement.corners.empty()) return worst;
        const QString corners = cornerNames(row.requirement).join(QStringLiteral(", "));
        return worst.isEmpty() ? corners : tr("%1 of %2", "worst value, corners").arg(worst, corners);
    }
    default:
        return {};
    }
}

QString SpecificationModel::toolTip(const SpecificationRow& row, int column) const {
    const simulation::PerformanceInfo& info = simulation::info(row.requirement.performance);
    const QString title = QStringLiteral("%1 (%2)").arg(titleOf(row), QString::fromUtf8(info.symbol));
    const double example = std::isfinite(row.handle()) ? row.handle() : row.high;
    if (column == Minimum || column == Maximum) {
        return tr("%1, %2: type a value with its unit, e.g. %3; clear it to ask for nothing")
            .arg(title, column == Minimum ? tr("at least") : tr("at most"),
                 quantityText(example, info.unit, 3));
    }
    if (column == Weight)
        return tr("%1: how much a miss counts where sizings that miss something are compared").arg(title);
    if (column == Chosen && std::isfinite(row.shortfall)) {
        return row.shortfall > 0 ? tr("The chosen candidate misses what is asked for by %1 %.")
                                       .arg(100 * row.shortfall, 0, 'g', 2)
                                 : tr("The chosen candidate holds what is asked for.");
    }
    if (column == Corners && std::isfinite(row.cornerWorst)) {
        const QString where =
            row.requirement.corners.empty()
                ? tr("Worst at %1").arg(row.cornerName)
                : tr("Of %1 worst at %2")
                      .arg(cornerNames(row.requirement).join(QStringLiteral(", ")), row.cornerName);
        return row.cornerShortfall > 0 ? tr("%1, where what is asked for is missed by %2 %")
                                             .arg(where)
                                             .arg(100 * row.cornerShortfall, 0, 'g', 2)
                                       : where;
    }
    if (column == Corners && !row.requirement.corners.empty())
        return tr("%1 is to hold at the corners %2 only")
            .arg(title, cornerNames(row.requirement).join(QStringLiteral(", ")));
    return QStringLiteral("%1: %2").arg(title, QString::fromUtf8(info.definition));
}

QString SpecificationModel::exportText(const SpecificationRow& row, int column) const {
    const auto exact = [](double value) {
        return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
    };
    switch (column) {
    case Title:
        return titleOf(row);
    case Minimum:
        return exact(row.requirement.minimum);
    case Maximum:
        return exact(row.requirement.maximum);
    case Range:
        return QStringLiteral("%1..%2").arg(row.low, 0, 'g', 17).arg(row.high, 0, 'g', 17);
    case Weight:
        return exact(row.requirement.weight);
    case Chosen:
        return exact(row.chosen);
    case Corners:
        return exact(row.cornerWorst);
    default:
        return row.locked ? tr("locked") : QString();
    }
}

QVariant SpecificationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const SpecificationRow& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const double shortfall = column == Corners ? row.cornerShortfall : row.shortfall;
    const bool isStated =
        (column == Chosen || column == Corners) && std::isfinite(shortfall) && !row.requirement.isFree();
    const CandidateStatus status = statusOfShortfall(shortfall);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return text(row, column);
    case ExportTextRole:
        return exportText(row, column);
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole:
        return toolTip(row, column);
    case Qt::DecorationRole:
        if (isStated) return icon(statusIconName(status), statusColor(status));
        if (column == Title && isOutside(row)) return icon(QStringLiteral("warning"), ColorRole::Warning);
        return {};
    case Qt::ForegroundRole:
        if (isStated && status == CandidateStatus::Failed)
            return QBrush(Theme::instance().color(statusColor(status)));
        if (column == Title && row.requirement.isFree())
            return QBrush(Theme::instance().color(ColorRole::Muted));
        return {};
    case Qt::TextAlignmentRole:
        if (column == Minimum || column == Maximum || column == Weight || column == Chosen ||
            column == Corners)
            return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
        return {};
    default:
        return {};
    }
}

/// What is asked for once @p text stands in a column; empty with the problem where that cannot be.
std::optional<sizing::Requirement> SpecificationModel::read(const SpecificationRow& row, int column,
                                                            const QString& text, QString& problem) const {
    sizing::Requirement requirement = row.requirement;
    const QString trimmed = text.trimmed();
    double& value = column == Minimum   ? requirement.minimum
                    : column == Maximum ? requirement.maximum
                                        : requirement.weight;
    if (trimmed.isEmpty() && column != Weight) {
        constexpr double kNone = std::numeric_limits<double>::infinity();
        value = column == Minimum ? -kNone : kNone;
        return requirement;
    }
    const char* unit = column == Weight ? "" : simulation::info(requirement.performance).unit;
    const std::optional<double> typed = parsedQuantity(trimmed, unit, &problem);
    if (!typed) return std::nullopt;
    value = *typed;
    if (const auto fits = sizing::checkSpecification({{requirement}, {}}); !fits) {
        problem = QString::fromStdString(fits.error().message);
        return std::nullopt;
    }
    return requirement;
}

bool SpecificationModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || !flags(index).testFlag(Qt::ItemIsEditable) || role != Qt::EditRole) return false;
    SpecificationRow& row = m_rows[static_cast<std::size_t>(index.row())];
    // Leaving the editor without typing must not round the limit to the digits on show.
    if (value.toString() == data(index, Qt::EditRole).toString()) return true;
    QString problem;
    const auto requirement = read(row, index.column(), value.toString(), problem);
    if (!requirement) {
        emit rejected(index.row(), QStringLiteral("%1: %2").arg(titleOf(row), problem));
        return false;
    }
    setRequirement(index.row(), *requirement);
    emit requirementTyped(index.row());
    return true;
}

QVariant SpecificationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Title:
            return tr("Performance");
        case Minimum:
            return tr("Min");
        case Maximum:
            return tr("Max");
        case Range:
            return tr("Range");
        case Weight:
            return tr("Weight");
        case Chosen:
            return tr("Chosen");
        case Corners:
            return tr("Corners");
        default:
            return {};
        }
    }
    if (role == ExportTextRole) {
        switch (section) {
        case Title:
            return QStringLiteral("performance");
        case Minimum:
            return QStringLiteral("minimum (SI)");
        case Maximum:
            return QStringLiteral("maximum (SI)");
        case Weight:
            return QStringLiteral("weight");
        case Chosen:
            return QStringLiteral("chosen (SI)");
        case Corners:
            return QStringLiteral("worst corner (SI)");
        case Range:
            return QStringLiteral("range (SI)");
        case Lock:
            return QStringLiteral("locked");
        default:
            return {};
        }
    }
    if (role == Qt::TextAlignmentRole && section != Title && section != Range && section != Lock) {
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Minimum:
            return tr(
                "At least this. Double-click to type a value with its unit; clear it to ask for nothing.");
        case Maximum:
            return tr(
                "At most this. Double-click to type a value with its unit; clear it to ask for nothing.");
        case Weight:
            return tr("How much a miss counts where sizings that miss something are compared");
        case Chosen:
            return tr("What the chosen candidate gives");
        case Corners:
            return tr(
                "What the chosen candidate comes to at the corner that is worst for it, of all or of those "
                "that the context menu chooses");
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
    if (index.column() == Minimum || index.column() == Maximum || index.column() == Weight)
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace headroom::widgets
