#include "widgets/slack/slack_model.h"

#include <cmath>
#include <limits>

#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"
#include "widgets/slack/slack_bars.h"

namespace headroom::widgets {

void SlackModel::setData(std::shared_ptr<const SlackData> data) {
    beginResetModel();
    m_data = std::move(data);
    m_moved.clear();
    m_reach = m_data ? barReach(*m_data) : 2;
    endResetModel();
}

void SlackModel::setMoved(const std::vector<double>& values) {
    m_moved = values;
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int SlackModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_data ? 0 : static_cast<int>(m_data->rows.size());
}

int SlackModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

double SlackModel::number(const SlackRow& row, int column, std::size_t index) const {
    switch (column) {
    case Value:
        return row.value;
    case Low:
        return row.low;
    case High:
        return row.high;
    case TogetherLow:
        return row.togetherLow;
    case TogetherHigh:
        return row.togetherHigh;
    case Deviation:
        return row.deviation;
    case Moved:
        if (index < m_moved.size()) return m_moved[index];
        break;
    default:
        break;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

QString SlackModel::text(const SlackRow& row, int column, std::size_t index) const {
    if (column == Size) return row.name;
    if (column == Room) return {};
    const double value = number(row, column, index);
    if (std::isnan(value)) return {};
    const QString quantity = quantityText(value, row.unit.toUtf8().constData(), 3);
    if (column == Value || !(row.value > 0)) return quantity;
    const double change = column == Deviation ? 100 * value / row.value : 100 * (value / row.value - 1);
    const QString sign = column != Deviation && change > 0 ? QStringLiteral("+") : QString();
    return QStringLiteral("%1 (%2%3 %)").arg(quantity, sign, QString::number(change, 'f', 0));
}

QString SlackModel::toolTip(const SlackRow& row) const {
    QStringList lines{tr("%1: devices %2").arg(row.name, row.devices.join(QStringLiteral(", ")))};
    if (row.lowIsLegal) lines << tr("It may become as small as the technology allows.");
    if (row.highIsLegal) lines << tr("It may become as large as the technology allows.");
    lines << tr("Thick: alone, its ends found by simulation. Thin: 95 % of the samples with the others "
                "following.");
    return lines.join(QLatin1Char('\n'));
}

QVariant SlackModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || !m_data) return {};
    const auto at = static_cast<std::size_t>(index.row());
    const SlackRow& row = m_data->rows[at];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column(), at);
    case ExportTextRole:
        if (index.column() == Size) return row.name;
        return std::isnan(number(row, index.column(), at))
                   ? QString()
                   : QString::number(number(row, index.column(), at), 'g', 17);
    case Qt::ToolTipRole:
        return toolTip(row);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (index.column() == Size ? Qt::AlignLeft : Qt::AlignRight)));
    case Qt::AccessibleTextRole:
        if (index.column() == Room)
            return tr("alone from %1 to %2").arg(text(row, Low, at), text(row, High, at));
        return {};
    case RowRole:
        return index.column() == Room ? QVariant::fromValue(&row) : QVariant();
    case ReachRole:
        return m_reach;
    case MovedRole:
        return at < m_moved.size() ? QVariant(m_moved[at]) : QVariant();
    default:
        return {};
    }
}

QVariant SlackModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    struct Heading {
        const char* title;
        const char* name;
        const char* explanation;
    };
    static constexpr Heading kHeadings[ColumnCount] = {
        {QT_TR_NOOP("Size"), "size", QT_TR_NOOP("The devices that share it, and which parameter it is")},
        {QT_TR_NOOP("Value"), "value", QT_TR_NOOP("What it is now")},
        {QT_TR_NOOP("Room"), "", QT_TR_NOOP("Thick: alone. Thin: with the others. Diamond: moved to")},
        {QT_TR_NOOP("Alone from"), "alone_low",
         QT_TR_NOOP("How small it may become while the others stay; simulated")},
        {QT_TR_NOOP("to"), "alone_high",
         QT_TR_NOOP("How large it may become while the others stay; simulated")},
        {QT_TR_NOOP("Together from"), "together_low",
         QT_TR_NOOP("95 % of the samples, in which the others follow, lie between this")},
        {QT_TR_NOOP("to"), "together_high", QT_TR_NOOP("and this")},
        {QT_TR_NOOP("Sigma"), "deviation", QT_TR_NOOP("Standard deviation of the samples")},
        {QT_TR_NOOP("Moved to"), "moved", QT_TR_NOOP("Where the slider has put it")},
    };
    const Heading& heading = kHeadings[section];
    if (role == Qt::DisplayRole) return tr(heading.title);
    if (role == ExportTextRole) return QString::fromLatin1(heading.name);
    if (role == Qt::ToolTipRole) return tr(heading.explanation);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment(Qt::AlignVCenter | (section == Size ? Qt::AlignLeft : Qt::AlignRight)));
    return {};
}

} // namespace headroom::widgets
