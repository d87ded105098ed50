#include "widgets/common/sample_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Ranks from 0; equal values share the mean of theirs.
std::vector<double> ranks(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first;
        while (last + 1 < order.size() && values[order[last + 1]] == values[order[first]])
            ++last;
        for (std::size_t i = first; i <= last; ++i)
            result[order[i]] = static_cast<double>(first + last) / 2;
        first = last + 1;
    }
    return result;
}

double linearCorrelation(const std::vector<double>& a, const std::vector<double>& b) {
    const auto count = static_cast<double>(a.size());
    const double meanA = std::accumulate(a.begin(), a.end(), 0.0) / count;
    const double meanB = std::accumulate(b.begin(), b.end(), 0.0) / count;
    double both = 0, ofA = 0, ofB = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        both += (a[i] - meanA) * (b[i] - meanB);
        ofA += (a[i] - meanA) * (a[i] - meanA);
        ofB += (b[i] - meanB) * (b[i] - meanB);
    }
    return ofA > 0 && ofB > 0 ? both / std::sqrt(ofA * ofB) : kNaN;
}

} // namespace

QString SampleColumn::text(double value) const {
    if (!std::isfinite(value)) return QStringLiteral("\u2014");
    if (categories.isEmpty()) return quantityText(value, unit.toUtf8().constData());
    return categories.value(static_cast<qsizetype>(value));
}

QString SampleColumn::exactText(double value) const {
    if (!std::isfinite(value)) return {};
    if (categories.isEmpty()) return QString::fromStdString(formatExact(value));
    return categories.value(static_cast<qsizetype>(value));
}

std::pair<double, double> SampleColumn::extent() const {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    const auto include = [&](double value) {
        if (!std::isfinite(value)) return;
        low = std::min(low, value);
        high = std::max(high, value);
    };
    for (const double value : values)
        include(value);
    for (const auto& mark : {minimum, maximum, truth}) {
        if (mark) include(*mark);
    }
    return low <= high ? std::pair(low, high) : std::pair(0.0, 1.0);
}

int SampleTable::columnOf(const QString& key) const {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const SampleColumn& column) { return column.key == key; });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

QByteArray sampleCsv(const SampleTable& table, const std::vector<int>& columns,
                     const std::vector<int>& rows) {
    CsvTable csv;
    csv.columns = {"row", "class"};
    for (const int column : columns)
        csv.columns.push_back(table.columns[static_cast<std::size_t>(column)].key.toStdString());
    for (const int row : rows) {
        const auto index = static_cast<std::size_t>(row);
        std::vector<std::string> cells{std::to_string(row + 1),
                                       table.classes[table.classOf[index]].name.toStdString()};
        for (const int column : columns) {
            const SampleColumn& each = table.columns[static_cast<std::size_t>(column)];
            cells.push_back(each.exactText(each.values[index]).toStdString());
        }
        csv.rows.push_back(std::move(cells));
    }
    return QByteArray::fromStdString(writeCsv(csv));
}

QString sampleText(const SampleTable& table, int row, const std::vector<int>& columns) {
    const auto index = static_cast<std::size_t>(row);
    QStringList lines{
        QStringLiteral("%1 (%2)").arg(table.rowTitle.arg(row + 1), table.classes[table.classOf[index]].name)};
    for (const int number : columns) {
        const SampleColumn& column = table.columns[static_cast<std::size_t>(number)];
        const double value = column.values[index];
        if (!std::isfinite(value)) continue;
        lines << QStringLiteral("%1: %2").arg(column.title, column.text(value));
    }
    return lines.join(QLatin1Char('\n'));
}

double rankCorrelation(const SampleColumn& first, const SampleColumn& second, std::size_t mostRows) {
    std::vector<double> a, b;
    const std::size_t count = std::min(first.values.size(), second.values.size());
    const std::size_t step =
        std::max<std::size_t>(1, (count + mostRows - 1) / std::max<std::size_t>(1, mostRows));
    for (std::size_t row = 0; row < count; row += step) {
        if (!std::isfinite(first.values[row]) || !std::isfinite(second.values[row])) continue;
        a.push_back(first.values[row]);
        b.push_back(second.values[row]);
    }
    return a.size() < 3 ? kNaN : linearCorrelation(ranks(a), ranks(b));
}

} // namespace headroom::widgets
