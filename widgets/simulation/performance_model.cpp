#include "widgets/simulation/performance_model.h"

#include <QBrush>

#include <limits>

#include "widgets/common/icons.h"
#include "widgets/common/natural_order.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"
#include "widgets/simulation/table_setup.h"

namespace headroom::widgets {
namespace {

QString shownValue(double value, const QString& unit) {
    return quantityText(value, unit.toUtf8().constData())
        .replace(QStringLiteral("sqrt(Hz)"), QStringLiteral("\u221aHz"));
}

} // namespace

void PerformanceModel::setData(const SimulationData& data) {
    beginResetModel();
    m_rows.clear();
    if (data.evaluation) {
        for (const simulation::PerformanceInfo& info : simulation::performanceInfos()) {
            Row row{QString::fromLatin1(info.name),
                    QString::fromUtf8(info.title),
                    QString::fromUtf8(info.symbol),
                    QString::fromUtf8(info.unit),
                    QString::fromUtf8(info.definition),
                    {},
                    {},
                    info.biggerIsBetter};
            const auto value = data.evaluation->performances.find(info.performance);
            if (value != data.evaluation->performances.end()) row.value = value->second;
            const auto target = data.targets.find(info.performance);
            if (target != data.targets.end()) row.target = target->second;
            m_rows.push_back(std::move(row));
        }
        for (const auto& [name, value] : data.evaluation->measurements) {
            const QString title = QString::fromStdString(name);
            m_rows.push_back({title, title, {}, {}, tr("The user's own measurement"), value, {}, true});
        }
    }
    endResetModel();
}

int PerformanceModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PerformanceModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

bool PerformanceModel::isMet(const Row& row) const {
    return row.value && row.target &&
           (row.biggerIsBetter ? *row.value >= *row.target : *row.value <= *row.target);
}

QString PerformanceModel::text(const Row& row, int column) const {
    switch (column) {
    case Title:
        return row.title;
    case Symbol:
        return row.symbol;
    case Value:
        return row.value ? shownValue(*row.value, row.unit) : QStringLiteral("\u2014");
    case Target:
        if (!row.target) return {};
        return QStringLiteral("%1 %2").arg(row.biggerIsBetter ? QStringLiteral("\u2265")
                                                              : QStringLiteral("\u2264"),
                                           shownValue(*row.target, row.unit));
    case Verdict:
        if (!row.target) return {};
        return !row.value ? tr("no value") : isMet(row) ? tr("met") : tr("failed");
    case Definition:
        return row.definition;
    default:
        return {};
    }
}

QVariant PerformanceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const ColorRole color = isMet(row) ? ColorRole::Met : ColorRole::Failed;
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case ExportTextRole:
        if (column == Title) return row.name;
        if (column == Value) return row.value ? QString::number(*row.value, 'g', 17) : QString();
        if (column == Target) return row.target ? QString::number(*row.target, 'g', 17) : QString();
        return text(row, column);
    case Qt::DecorationRole:
        if (column == Verdict && row.target)
            return icon(isMet(row) ? QStringLiteral("met") : QStringLiteral("failed"), color);
        return {};
    case Qt::ForegroundRole:
        if (column == Verdict && row.target) return QBrush(Theme::instance().color(color));
        if (column == Definition || (column == Value && !row.value))
            return QBrush(Theme::instance().color(ColorRole::Muted));
        return {};
    case Qt::ToolTipRole:
        return row.definition;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(
            Qt::AlignVCenter | (column == Value || column == Target ? Qt::AlignRight : Qt::AlignLeft)));
    case SortRole:
        // Values of different units have no order; the table's own is that of the list.
        if (column == Title) return index.row();
        return naturalKey(text(row, column));
    case SearchRole:
        return QString(row.title + QLatin1Char(' ') + row.symbol + QLatin1Char(' ') + row.name);
    default:
        return {};
    }
}

QVariant PerformanceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(Qt::Alignment(
            Qt::AlignVCenter | (section == Value || section == Target ? Qt::AlignRight : Qt::AlignLeft)));
    }
    if (role == ExportTextRole) {
        static constexpr const char* kNames[] = {"performance", "value",  "target",
                                                 "verdict",     "symbol", "definition"};
        return QString::fromLatin1(kNames[section]);
    }
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case Title:
        return tr("Performance");
    case Symbol:
        return tr("Symbol");
    case Value:
        return tr("Value");
    case Target:
        return tr("Specification");
    case Verdict:
        return tr("Verdict");
    case Definition:
        return tr("Definition");
    default:
        return {};
    }
}

} // namespace headroom::widgets
