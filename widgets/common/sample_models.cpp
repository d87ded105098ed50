#include "widgets/common/sample_models.h"

#include <QBrush>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "widgets/common/quantity_text.h"
#include "widgets/common/table_export.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kNotAsked = std::numeric_limits<double>::infinity();

QString figure(double value, const SampleColumn& column) {
    return std::isfinite(value) ? quantityText(value, column.unit.toUtf8().constData())
                                : QStringLiteral("\u2014");
}

QString exactText(double value) {
    return std::isfinite(value) ? QString::number(value, 'g', 17) : QString();
}

QVariant alignment(bool left) {
    return QVariant::fromValue(Qt::Alignment(Qt::AlignVCenter | (left ? Qt::AlignLeft : Qt::AlignRight)));
}

bool reaches(double value, const SampleColumn& column) {
    return (!column.minimum || value >= *column.minimum) && (!column.maximum || value <= *column.maximum);
}

} // namespace

void StatisticsModel::setSamples(std::shared_ptr<const SampleTable> table,
                                 const std::vector<std::uint8_t>& marked) {
    beginResetModel();
    m_table = std::move(table);
    m_lines.clear();
    if (m_table) {
        for (const SampleColumn& column : m_table->columns) {
            std::vector<double> values;
            std::size_t reached = 0;
            for (std::size_t row = 0; row < column.values.size(); ++row) {
                const double value = column.values[row];
                if (!std::isfinite(value) || (!marked.empty() && marked[row] == 0)) continue;
                values.push_back(value);
                reached += reaches(value, column) ? 1 : 0;
            }
            Line line{summarise(values), kNaN, kNaN};
            line.capability = processCapability(line.summary, column.minimum, column.maximum);
            if ((column.minimum || column.maximum) && !values.empty())
                line.reached = static_cast<double>(reached) / static_cast<double>(values.size());
            m_lines.push_back(line);
        }
    }
    endResetModel();
}

int StatisticsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int StatisticsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

double StatisticsModel::number(int row, int column) const {
    const Line& line = m_lines[static_cast<std::size_t>(row)];
    switch (column) {
    case Count:
        return static_cast<double>(line.summary.count);
    case Mean:
        return line.summary.mean;
    case Deviation:
        return line.summary.deviation;
    case Minimum:
        return line.summary.minimum;
    case Fifth:
        return line.summary.fifth;
    case Median:
        return line.summary.median;
    case NinetyFifth:
        return line.summary.ninetyFifth;
    case Maximum:
        return line.summary.maximum;
    case Reached:
        return line.reached;
    case Capability:
        return line.capability;
    default:
        return kNaN;
    }
}

QString StatisticsModel::limitsText(const SampleColumn& column) const {
    QStringList parts;
    if (column.minimum) parts << QStringLiteral("\u2265 %1").arg(figure(*column.minimum, column));
    if (column.maximum) parts << QStringLiteral("\u2264 %1").arg(figure(*column.maximum, column));
    return parts.join(QStringLiteral(", "));
}

QVariant StatisticsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const SampleColumn& column = m_table->columns[static_cast<std::size_t>(index.row())];
    const double value = number(index.row(), index.column());
    const bool isText = index.column() == Title || index.column() == Limits;
    if (role == Qt::TextAlignmentRole) return alignment(index.column() == Title);
    if (role == Qt::ToolTipRole && index.column() == Title) return column.definition;
    if (role == ExportTextRole && index.column() == Title) return column.key;
    if (role == ExportTextRole && !isText) return exactText(value);
    if (role == Qt::ForegroundRole && index.column() == Capability && value < 1)
        return QBrush(Theme::instance().color(ColorRole::Failed));
    if (role != Qt::DisplayRole && role != ExportTextRole) return {};
    switch (index.column()) {
    case Title:
        return column.title;
    case Limits:
        return limitsText(column);
    case Count:
        return QString::number(m_lines[static_cast<std::size_t>(index.row())].summary.count);
    case Reached:
        return std::isfinite(value) ? tr("%1 %").arg(100 * value, 0, 'f', 0) : QStringLiteral("\u2014");
    case Capability:
        return std::isfinite(value) ? fixedText(value, 2) : QStringLiteral("\u2014");
    default:
        return figure(value, column);
    }
}

QVariant StatisticsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    struct Heading {
        const char* title;
        const char* key;
        const char* toolTip;
    };
    static constexpr std::array<Heading, ColumnCount> kHeadings{
        {{QT_TR_NOOP("Quantity"), "quantity", ""},
         {QT_TR_NOOP("n"), "count", QT_TR_NOOP("How many have this value")},
         {QT_TR_NOOP("Mean"), "mean", QT_TR_NOOP("Mean")},
         {"\u03c3", "deviation", QT_TR_NOOP("Standard deviation of the sample")},
         {QT_TR_NOOP("Min"), "minimum", QT_TR_NOOP("Minimum")},
         {QT_TR_NOOP("5 %"), "percentile_5", QT_TR_NOOP("5 % of the sample lie below")},
         {QT_TR_NOOP("Median"), "median", QT_TR_NOOP("Half of the sample lies below")},
         {QT_TR_NOOP("95 %"), "percentile_95", QT_TR_NOOP("95 % of the sample lie below")},
         {QT_TR_NOOP("Max"), "maximum", QT_TR_NOOP("Maximum")},
         {QT_TR_NOOP("Limits"), "limits", QT_TR_NOOP("What the specification asks for")},
         {QT_TR_NOOP("Reached"), "reached", QT_TR_NOOP("Share that is within the limits")},
         {QT_TR_NOOP("Cpk"), "cpk",
          QT_TR_NOOP("Process capability: distance of the mean from the nearer limit in three standard "
                     "deviations")}}};
    const Heading& heading = kHeadings[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return section == Deviation ? QString::fromUtf8(heading.title) : tr(heading.title);
    if (role == ExportTextRole) return QString::fromLatin1(heading.key);
    if (role == Qt::ToolTipRole && *heading.toolTip != '\0') return tr(heading.toolTip);
    if (role == Qt::TextAlignmentRole) return alignment(section == Title);
    return {};
}

void CorrelationModel::setSamples(std::shared_ptr<const SampleTable> table) {
    beginResetModel();
    m_table = std::move(table);
    const std::size_t count = m_table ? m_table->columns.size() : 0;
    m_known.assign(count * count, kNotAsked);
    endResetModel();
}

int CorrelationModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_table ? 0 : static_cast<int>(m_table->columns.size());
}

int CorrelationModel::columnCount(const QModelIndex& parent) const {
    return rowCount(parent) == 0 ? 0 : rowCount(parent) + 1;
}

/// Worked out when a cell is first looked at: of many columns only some are on screen.
double CorrelationModel::correlation(int row, int column) const {
    const int first = std::min(row, column - 1), second = std::max(row, column - 1);
    double& known =
        m_known[static_cast<std::size_t>(first) * m_table->columns.size() + static_cast<std::size_t>(second)];
    if (known == kNotAsked) {
        known = rankCorrelation(m_table->columns[static_cast<std::size_t>(first)],
                                m_table->columns[static_cast<std::size_t>(second)]);
    }
    return known;
}

QVariant CorrelationModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const SampleColumn& own = m_table->columns[static_cast<std::size_t>(index.row())];
    if (index.column() == 0) {
        if (role == ExportTextRole) return own.key;
        if (role == Qt::ToolTipRole) return own.definition;
        return role == Qt::DisplayRole ? own.title : QVariant();
    }
    if (role == Qt::TextAlignmentRole) return QVariant::fromValue(Qt::Alignment(Qt::AlignCenter));
    if (role != Qt::DisplayRole && role != ExportTextRole && role != Qt::BackgroundRole &&
        role != Qt::ToolTipRole)
        return {};
    const double value = correlation(index.row(), index.column());
    if (role == ExportTextRole) return exactText(value);
    if (role == Qt::DisplayRole)
        return std::isfinite(value) ? QString::number(value, 'f', 2) : QStringLiteral("\u2014");
    if (role == Qt::ToolTipRole) {
        return tr("%1 and %2: rank correlation %3")
            .arg(own.title, m_table->columns[static_cast<std::size_t>(index.column() - 1)].title,
                 std::isfinite(value) ? fixedText(value, 3) : tr("unknown"));
    }
    if (!std::isfinite(value)) return {};
    QColor tint = Theme::instance().color(value < 0 ? ColorRole::Failed : ColorRole::Simulated);
    tint.setAlphaF(static_cast<float>(0.7 * std::abs(value)));
    return QBrush(tint);
}

QVariant CorrelationModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (section == 0) {
        if (role == ExportTextRole) return QStringLiteral("quantity");
        return role == Qt::DisplayRole ? tr("Quantity") : QVariant();
    }
    const SampleColumn& column = m_table->columns[static_cast<std::size_t>(section - 1)];
    if (role == ExportTextRole) return column.key;
    if (role == Qt::ToolTipRole) return column.definition;
    if (role != Qt::DisplayRole) return {};
    return column.symbol.isEmpty() ? column.title : column.symbol;
}

void SampleRowsModel::setSamples(std::shared_ptr<const SampleTable> table) {
    beginResetModel();
    m_table = std::move(table);
    m_marked.clear();
    arrange();
    endResetModel();
}

void SampleRowsModel::setMarked(const std::vector<std::uint8_t>& marked, bool only) {
    const bool reset = only || m_onlyMarked;
    if (reset) beginResetModel();
    m_marked = marked;
    m_onlyMarked = only;
    if (reset) {
        arrange();
        endResetModel();
    } else if (rowCount() > 0) {
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::BackgroundRole});
    }
}

int SampleRowsModel::rowOf(int sample) const {
    const auto found = std::find(m_order.begin(), m_order.end(), sample);
    return found == m_order.end() ? -1 : static_cast<int>(found - m_order.begin());
}

double SampleRowsModel::number(int sample, int column) const {
    if (column == Number) return sample;
    if (column == Class) return m_table->classOf[static_cast<std::size_t>(sample)];
    return m_table->columns[static_cast<std::size_t>(column - FirstQuantity)]
        .values[static_cast<std::size_t>(sample)];
}

void SampleRowsModel::arrange() {
    m_order.clear();
    const int count = m_table ? static_cast<int>(m_table->rowCount()) : 0;
    for (int sample = 0; sample < count; ++sample) {
        if (!m_onlyMarked || (static_cast<std::size_t>(sample) < m_marked.size() &&
                              m_marked[static_cast<std::size_t>(sample)] != 0))
            m_order.push_back(sample);
    }
    if (m_sortColumn >= columnCount()) m_sortColumn = Number;
    if (m_order.empty()) return;
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    std::stable_sort(m_order.begin(), m_order.end(), [&](int a, int b) {
        const double first = number(a, m_sortColumn), second = number(b, m_sortColumn);
        // What does not exist stands last, whichever way the rest is sorted.
        if (std::isnan(first) || std::isnan(second)) return !std::isnan(first) && std::isnan(second);
        return descending ? first > second : first < second;
    });
}

void SampleRowsModel::sort(int column, Qt::SortOrder order) {
    if (column < 0) return;
    beginResetModel();
    m_sortColumn = column;
    m_sortOrder = order;
    arrange();
    endResetModel();
}

int SampleRowsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int SampleRowsModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_table ? 0 : FirstQuantity + static_cast<int>(m_table->columns.size());
}

QVariant SampleRowsModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const int sample = sampleAt(index.row());
    const auto row = static_cast<std::size_t>(sample);
    const int column = index.column();
    if (role == SampleRole) return sample;
    if (role == Qt::TextAlignmentRole) return alignment(column == Class);
    if (role == Qt::BackgroundRole && row < m_marked.size() && m_marked[row] != 0) {
        QColor tint = Theme::instance().color(ColorRole::Brushed);
        tint.setAlphaF(0.25F);
        return QBrush(tint);
    }
    if (role == Qt::ForegroundRole && column == Class)
        return QBrush(Theme::instance().color(m_table->classes[m_table->classOf[row]].color));
    if (role != Qt::DisplayRole && role != ExportTextRole) return {};
    if (column == Number) return QString::number(sample + 1);
    if (column == Class) return m_table->classes[m_table->classOf[row]].name;
    const double value = number(sample, column);
    const SampleColumn& quantity = m_table->columns[static_cast<std::size_t>(column - FirstQuantity)];
    return role == ExportTextRole ? quantity.exactText(value) : quantity.text(value);
}

QVariant SampleRowsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || !m_table || section < 0 || section >= columnCount()) return {};
    if (role == Qt::TextAlignmentRole) return alignment(section == Class);
    if (section < FirstQuantity) {
        if (role == ExportTextRole)
            return section == Number ? QStringLiteral("row") : QStringLiteral("class");
        if (role == Qt::DisplayRole) return section == Number ? tr("Row") : tr("Kind");
        return {};
    }
    const SampleColumn& column = m_table->columns[static_cast<std::size_t>(section - FirstQuantity)];
    if (role == Qt::DisplayRole) return column.symbol.isEmpty() ? column.title : column.symbol;
    if (role == ExportTextRole) return column.key;
    if (role == Qt::ToolTipRole) return column.definition;
    return {};
}

} // namespace headroom::widgets
