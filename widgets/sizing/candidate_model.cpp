#include "widgets/sizing/candidate_model.h"

#include <QBrush>
#include <QFont>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int kDigits = 4;

QString percentText(double share) {
    const double percent = share * 100;
    if (percent > 0 && percent < 0.01) return QStringLiteral("< 0.01 %");
    return QStringLiteral("%1 %").arg(percent >= 10 ? QString::number(percent, 'f', 0)
                                                    : QString::number(percent, 'g', 2));
}

/// A limit is not missed by less than this, relative: what is asked for may have been rounded.
constexpr double kRounding = 1e-9;

} // namespace

int CandidateModel::performanceCount() const {
    return m_data ? static_cast<int>(m_data->performances.size()) : 0;
}

int CandidateModel::performanceAt(int column) const {
    const int performance =
        column >= firstPrediction() ? column - firstPrediction() : column - FirstPerformance;
    return performance >= 0 && performance < performanceCount() ? performance : -1;
}

bool CandidateModel::isPrediction(int column) const {
    return column >= probabilityColumn() && column < noteColumn();
}

void CandidateModel::setData(std::shared_ptr<const ExplorationData> data) {
    m_hasPredictions = data && std::any_of(data->candidates.begin(), data->candidates.end(),
                                           [](const CandidateRow& row) { return !row.predictions.empty(); });
    const bool sameColumns = m_data && data && m_data->performances == data->performances;
    if (!sameColumns) {
        beginResetModel();
        m_data = std::move(data);
        m_brushed.clear();
        arrange();
        endResetModel();
        return;
    }
    // Results that come in keep scroll position, selection and sorting.
    emit layoutAboutToBeChanged();
    const QModelIndexList persistent = persistentIndexList();
    std::vector<int> candidates;
    for (const QModelIndex& index : persistent)
        candidates.push_back(candidateAt(index.row()));
    m_data = std::move(data);
    m_brushed.resize(m_data->candidates.size(), false);
    arrange();
    for (qsizetype i = 0; i < persistent.size(); ++i) {
        const int row = rowOf(candidates[static_cast<std::size_t>(i)]);
        changePersistentIndex(persistent[i], row < 0 ? QModelIndex() : index(row, persistent[i].column()));
    }
    emit layoutChanged();
}

void CandidateModel::setFilter(CandidateFilter filter) {
    beginResetModel();
    m_filter = filter;
    arrange();
    endResetModel();
}

void CandidateModel::setBrushed(const std::vector<int>& candidates) {
    m_brushed.assign(m_data ? m_data->candidates.size() : 0, false);
    for (const int candidate : candidates) {
        if (candidate >= 0 && static_cast<std::size_t>(candidate) < m_brushed.size()) {
            m_brushed[static_cast<std::size_t>(candidate)] = true;
        }
    }
    if (m_filter == CandidateFilter::Brushed) {
        setFilter(m_filter);
    } else if (rowCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::BackgroundRole});
    }
}

int CandidateModel::rowOf(int candidate) const {
    const auto index = static_cast<std::size_t>(candidate);
    return candidate >= 0 && index < m_rows.size() ? m_rows[index] : -1;
}

void CandidateModel::arrange() {
    m_order.clear();
    if (!m_data) {
        m_rows.clear();
        return;
    }
    const std::vector<CandidateRow>& candidates = m_data->candidates;
    for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
        const CandidateStatus status = candidates[candidate].status;
        const bool met = status == CandidateStatus::Met;
        bool shown = true;
        if (m_filter == CandidateFilter::Met) shown = met;
        if (m_filter == CandidateFilter::MetOrNearly) shown = met || status == CandidateStatus::NearlyMet;
        if (m_filter == CandidateFilter::Brushed)
            shown = candidate < m_brushed.size() && m_brushed[candidate];
        if (shown || candidates[candidate].pinned) m_order.push_back(static_cast<int>(candidate));
    }
    std::vector<double> keys(candidates.size(), kNaN);
    for (std::size_t candidate = 0; candidate < candidates.size(); ++candidate) {
        keys[candidate] = number(candidates[candidate], m_sortColumn);
    }
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::stable_sort(m_order.begin(), m_order.end(), [&](int a, int b) {
        const bool pinned = candidates[static_cast<std::size_t>(a)].pinned;
        if (pinned != candidates[static_cast<std::size_t>(b)].pinned) return pinned;
        const double first = keys[static_cast<std::size_t>(a)];
        const double second = keys[static_cast<std::size_t>(b)];
        // What does not exist stands last, whichever way the rest is sorted.
        if (std::isnan(first) || std::isnan(second)) return !std::isnan(first) && std::isnan(second);
        return descending ? first > second : first < second;
    });
    m_rows.assign(candidates.size(), -1);
    for (std::size_t row = 0; row < m_order.size(); ++row)
        m_rows[static_cast<std::size_t>(m_order[row])] = static_cast<int>(row);
}

void CandidateModel::sort(int column, Qt::SortOrder order) {
    if (column < 0) return;
    m_sortColumn = column;
    m_sortOrder = order;
    emit layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const QModelIndexList persistent = persistentIndexList();
    std::vector<int> candidates;
    for (const QModelIndex& index : persistent)
        candidates.push_back(candidateAt(index.row()));
    arrange();
    QModelIndexList moved;
    for (qsizetype i = 0; i < persistent.size(); ++i) {
        moved << index(rowOf(candidates[static_cast<std::size_t>(i)]), persistent[i].column());
    }
    changePersistentIndexList(persistent, moved);
    emit layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

int CandidateModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int CandidateModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : noteColumn() + 1;
}

double CandidateModel::number(const CandidateRow& row, int column) const {
    if (column == Number) return row.number;
    if (column == Status) return static_cast<double>(row.status);
    if (column == Shortfall) return row.shortfall;
    if (column == marginColumn()) return row.saturationMargin;
    if (column == areaColumn()) return row.area;
    if (column == probabilityColumn()) return row.probability;
    if (column == noteColumn()) return row.note.isEmpty() ? kNaN : row.number; // sorting finds the notes
    const auto performance = static_cast<std::size_t>(performanceAt(column));
    const std::vector<double>& values = isPrediction(column) ? row.predictions : row.performances;
    return performance < values.size() ? values[performance] : kNaN;
}

const char* CandidateModel::unit(int column) const {
    if (column == marginColumn()) return "V";
    if (column == areaColumn()) return "m2";
    const int performance = performanceAt(column);
    if (performance < 0) return "";
    return simulation::info(m_data->performances[static_cast<std::size_t>(performance)]).unit;
}

CandidateModel::Miss CandidateModel::missOf(const CandidateRow& row, int column) const {
    const auto performance = static_cast<std::size_t>(performanceAt(column)); // beyond all where it is -1
    if (performance >= m_data->requirements.size()) return Miss::None;
    const double value = number(row, column);
    const sizing::Requirement& requirement = m_data->requirements[performance];
    if (!std::isfinite(value)) return Miss::None;
    if (value < requirement.minimum - kRounding * std::abs(requirement.minimum)) return Miss::TooLow;
    if (value > requirement.maximum + kRounding * std::abs(requirement.maximum)) return Miss::TooHigh;
    return Miss::None;
}

QString CandidateModel::text(const CandidateRow& row, int column) const {
    if (column == Number) return QString::number(row.number);
    if (column == Status) return statusTitle(row.status);
    if (column == noteColumn()) return row.note;
    const double value = number(row, column);
    if (!std::isfinite(value)) return QStringLiteral("\u2014");
    if (column == Shortfall || column == probabilityColumn()) return percentText(value);
    return quantityText(value, unit(column), kDigits);
}

QString CandidateModel::toolTip(const CandidateRow& row, int column) const {
    if (column == Number && row.pinned) return tr("Pinned");
    if (column == noteColumn()) return row.note;
    if (column == Status && !row.error.isEmpty()) return row.error;
    if (column == marginColumn() && !row.worstDevice.isEmpty()) {
        return tr("Least of all devices: %1").arg(row.worstDevice);
    }
    const auto performance = static_cast<std::size_t>(performanceAt(column)); // beyond all where it is -1
    if (performance >= m_data->requirements.size()) return {};
    const QString origin = isPrediction(column)                       ? tr("predicted")
                           : row.status == CandidateStatus::Predicted ? tr("not simulated")
                                                                      : tr("simulated");
    const sizing::Requirement& requirement = m_data->requirements[performance];
    if (requirement.isFree()) return tr("%1, %2; nothing is asked").arg(text(row, column), origin);
    return tr("%1, %2; asked for is %3%4")
        .arg(text(row, column), origin,
             limitsText(requirement.lowerLimit(), requirement.upperLimit(), unit(column), kDigits),
             missOf(row, column) == Miss::None ? tr(": met") : tr(": missed"));
}

QVariant CandidateModel::foreground(const CandidateRow& row, int column) const {
    const Theme& theme = Theme::instance();
    if (row.excluded) return QBrush(theme.color(ColorRole::Muted));
    if (column == Status) return QBrush(theme.color(statusColor(row.status)));
    if (missOf(row, column) != Miss::None) return QBrush(theme.color(ColorRole::Failed));
    if (isPrediction(column)) return QBrush(theme.color(ColorRole::Predicted));
    if (column == marginColumn() && row.saturationMargin < 0) return QBrush(theme.color(ColorRole::Failed));
    return {};
}

QVariant CandidateModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int candidate = candidateAt(index.row());
    const CandidateRow& row = m_data->candidates[static_cast<std::size_t>(candidate)];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        // An arrow tells a missed target without its colour: the way the value would have to move.
        switch (missOf(row, column)) {
        case Miss::TooLow:
            return QStringLiteral("\u2191 ") + text(row, column);
        case Miss::TooHigh:
            return QStringLiteral("\u2193 ") + text(row, column);
        case Miss::None:
            break;
        }
        return text(row, column);
    case ExportTextRole: {
        if (column == Number || column == Status || column == noteColumn()) return text(row, column);
        const double value = number(row, column);
        return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
    }
    case Qt::DecorationRole:
        if (column == Status) return icon(statusIconName(row.status), statusColor(row.status));
        if (column == Number && row.pinned) return icon(QStringLiteral("pin"), ColorRole::Note);
        return {};
    case Qt::EditRole:
        return column == noteColumn() ? QVariant(row.note) : QVariant();
    case Qt::ForegroundRole:
        return foreground(row, column);
    case Qt::BackgroundRole:
        if (static_cast<std::size_t>(candidate) < m_brushed.size() &&
            m_brushed[static_cast<std::size_t>(candidate)]) {
            QColor tint = Theme::instance().color(ColorRole::Brushed);
            tint.setAlphaF(0.25F);
            return QBrush(tint);
        }
        return {};
    case Qt::FontRole:
        return font(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter |
                          (column == Status || column == noteColumn() ? Qt::AlignLeft : Qt::AlignRight)));
    case CandidateIndexRole:
        return candidate;
    default:
        return {};
    }
}

QVariant CandidateModel::font(const CandidateRow& row, int column) const {
    if (!row.excluded && !isPrediction(column)) return {};
    QFont font;
    font.setStrikeOut(row.excluded);
    font.setItalic(isPrediction(column)); // told apart without colour, too
    return font;
}

bool CandidateModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || role != Qt::EditRole || index.column() != noteColumn()) return false;
    const int candidate = candidateAt(index.row());
    const QString note = value.toString().trimmed();
    if (note != m_data->candidates[static_cast<std::size_t>(candidate)].note)
        emit noteEdited(candidate, note);
    return true;
}

Qt::ItemFlags CandidateModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.isValid() && index.column() == noteColumn() ? flags | Qt::ItemIsEditable : flags;
}

QVariant CandidateModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || !m_data) return {};
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter |
                          (section == Status || section == noteColumn() ? Qt::AlignLeft : Qt::AlignRight)));
    }
    return performanceAt(section) < 0 ? fixedHeader(section, role) : performanceHeader(section, role);
}

QVariant CandidateModel::performanceHeader(int section, int role) const {
    const auto& info =
        simulation::info(m_data->performances[static_cast<std::size_t>(performanceAt(section))]);
    const bool predicted = isPrediction(section);
    const QString symbol = QString::fromUtf8(info.symbol), name = QString::fromLatin1(info.name);
    if (role == Qt::DisplayRole) return predicted ? tr("%1 pred.").arg(symbol) : symbol;
    if (role == ExportTextRole) return predicted ? QStringLiteral("predicted_%1").arg(name) : name;
    if (role != Qt::ToolTipRole) return {};
    const QString definition =
        QStringLiteral("%1: %2").arg(QString::fromUtf8(info.title), QString::fromUtf8(info.definition));
    return predicted ? tr("What the forward model expects, before simulation. %1").arg(definition)
                     : definition;
}

QVariant CandidateModel::fixedHeader(int section, int role) const {
    struct Heading {
        int column;
        QString title, name, toolTip;
    };
    const std::array headings{
        Heading{Number, tr("No."), QStringLiteral("number"), {}},
        Heading{Status, tr("Status"), QStringLiteral("status"),
                tr("Met: every target reached; nearly met: short by at most %1 %")
                    .arg(kNearlyMetTolerance * 100)},
        Heading{Shortfall, tr("Shortfall"), QStringLiteral("shortfall"),
                tr("How far the worst performance lies beyond its target, relative")},
        Heading{marginColumn(), tr("Sat. margin"), QStringLiteral("saturation_margin"),
                tr("Least drain-source voltage beyond saturation of all MOSFETs")},
        Heading{areaColumn(), tr("Area"), QStringLiteral("area"), tr("Gate area of all MOSFETs")},
        Heading{probabilityColumn(), tr("Probability"), QStringLiteral("probability"),
                tr("That all targets are met with every MOSFET saturated, by the forward model")},
        Heading{noteColumn(), tr("Note"), QStringLiteral("note"), tr("Your words; F2 writes them")}};
    for (const Heading& heading : headings) {
        if (heading.column != section) continue;
        if (role == Qt::DisplayRole) return heading.title;
        if (role == ExportTextRole) return heading.name;
        if (role == Qt::ToolTipRole && !heading.toolTip.isEmpty()) return heading.toolTip;
    }
    return {};
}

} // namespace headroom::widgets
