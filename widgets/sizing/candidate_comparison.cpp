#include "widgets/sizing/candidate_comparison.h"

#include <QBrush>

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool misses(double value, const SampleColumn& column) {
    return (column.minimum && value < *column.minimum - 1e-9 * std::abs(*column.minimum)) ||
           (column.maximum && value > *column.maximum + 1e-9 * std::abs(*column.maximum));
}

} // namespace

void ComparisonModel::setCandidates(std::shared_ptr<const SampleTable> table, std::vector<int> candidates) {
    beginResetModel();
    m_table = std::move(table);
    std::erase_if(candidates, [this](int candidate) {
        return !m_table || candidate < 0 || static_cast<std::size_t>(candidate) >= m_table->rowCount();
    });
    m_candidates = std::move(candidates);
    m_quantities.clear();
    for (std::size_t column = 0; m_table && column < m_table->columns.size(); ++column) {
        const auto& values = m_table->columns[column].values;
        const bool any = std::any_of(m_candidates.begin(), m_candidates.end(), [&](int candidate) {
            return std::isfinite(values[static_cast<std::size_t>(candidate)]);
        });
        if (any) m_quantities.push_back(static_cast<int>(column));
    }
    endResetModel();
}

int ComparisonModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_quantities.size());
}

int ComparisonModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() || m_candidates.empty() ? 0 : 2 * static_cast<int>(m_candidates.size());
}

std::pair<std::size_t, bool> ComparisonModel::contentOf(int column) const {
    // Quantity, first, second, its difference, third, its difference ...
    return {static_cast<std::size_t>(column / 2), column > 1 && column % 2 == 1};
}

double ComparisonModel::number(const QModelIndex& index) const {
    const auto [candidate, difference] = contentOf(index.column());
    const auto& values =
        m_table->columns[static_cast<std::size_t>(m_quantities[static_cast<std::size_t>(index.row())])]
            .values;
    const double first = values[static_cast<std::size_t>(m_candidates.front())];
    const double value = values[static_cast<std::size_t>(m_candidates[candidate])];
    if (!difference) return value;
    return first == 0 ? kNaN : (value - first) / std::abs(first);
}

QVariant ComparisonModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const SampleColumn& column =
        m_table->columns[static_cast<std::size_t>(m_quantities[static_cast<std::size_t>(index.row())])];
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight)));
    }
    if (index.column() == 0) {
        if (role == Qt::DisplayRole) return column.title;
        if (role == ExportTextRole) return column.key;
        return role == Qt::ToolTipRole ? QVariant(column.definition) : QVariant();
    }
    const double value = number(index);
    const bool difference = contentOf(index.column()).second;
    if (role == ExportTextRole) return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
    if (role == Qt::ForegroundRole && !difference && misses(value, column))
        return QBrush(Theme::instance().color(ColorRole::Failed));
    if (role == Qt::ForegroundRole && difference) return QBrush(Theme::instance().color(ColorRole::Muted));
    if (role != Qt::DisplayRole) return {};
    if (!std::isfinite(value)) return QStringLiteral("\u2014");
    if (difference) {
        const double percent = 100 * value;
        if (std::abs(percent) < 0.05) return QStringLiteral("0 %");
        return QStringLiteral("%1%2 %").arg(percent > 0 ? QStringLiteral("+") : QString(),
                                            QString::number(percent, 'f', std::abs(percent) < 10 ? 1 : 0));
    }
    return quantityText(value, column.unit.toUtf8().constData());
}

QVariant ComparisonModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (section == 0 ? Qt::AlignLeft : Qt::AlignRight)));
    }
    if (role != Qt::DisplayRole && role != ExportTextRole) return {};
    if (section == 0) return role == ExportTextRole ? QStringLiteral("quantity") : tr("Quantity");
    const auto [candidate, difference] = contentOf(section);
    const int number = m_candidates[candidate] + 1;
    const int first = m_candidates.front() + 1;
    if (role == ExportTextRole) {
        return difference ? QStringLiteral("difference_%1_to_%2").arg(number).arg(first)
                          : QStringLiteral("candidate_%1").arg(number);
    }
    return difference ? tr("to No. %1").arg(first) : tr("No. %1").arg(number);
}

} // namespace headroom::widgets
