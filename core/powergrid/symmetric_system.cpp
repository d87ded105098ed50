#include "core/powergrid/symmetric_system.h"

#include <algorithm>

namespace headroom::powergrid {
namespace {

/// Sorts a row that has few entries, and sums those of one column. @return how many are left
std::int32_t tidyRow(std::int32_t* columns, double* values, std::int32_t count) {
    for (std::int32_t i = 1; i < count; ++i) {
        const std::int32_t column = columns[i];
        const double value = values[i];
        std::int32_t j = i;
        for (; j > 0 && columns[j - 1] > column; --j) {
            columns[j] = columns[j - 1];
            values[j] = values[j - 1];
        }
        columns[j] = column;
        values[j] = value;
    }
    std::int32_t last = 0;
    for (std::int32_t i = 1; i < count; ++i) {
        if (columns[i] == columns[last]) {
            values[last] += values[i];
        } else {
            ++last;
            columns[last] = columns[i];
            values[last] = values[i];
        }
    }
    return count == 0 ? 0 : last + 1;
}

/// The same for rows of hub nodes, where insertion would take quadratic time.
std::int32_t tidyLongRow(std::int32_t* columns, double* values, std::int32_t count) {
    std::vector<std::pair<std::int32_t, double>> entries;
    for (std::int32_t i = 0; i < count; ++i)
        entries.emplace_back(columns[i], values[i]);
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::int32_t i = 0; i < count; ++i) {
        columns[i] = entries[static_cast<std::size_t>(i)].first;
        values[i] = entries[static_cast<std::size_t>(i)].second;
    }
    return tidyRow(columns, values, count);
}

constexpr std::int32_t kLongRow = 64;

} // namespace

SparseRows<double> conductanceMatrix(std::span<const Conductance> conductances,
                                     std::span<const double> toFixed) {
    const std::size_t size = toFixed.size();
    std::vector<std::int32_t> starts(size + 2, 0); // one further: filling moves each start to its row's end
    for (const Conductance& each : conductances) {
        ++starts[static_cast<std::size_t>(each.a) + 2];
        ++starts[static_cast<std::size_t>(each.b) + 2];
    }
    for (std::size_t i = 2; i < starts.size(); ++i)
        starts[i] += starts[i - 1] + 1; // and the diagonal
    const auto total = static_cast<std::size_t>(starts.back());
    SparseRows<double> rows{std::move(starts), std::vector<std::int32_t>(total), std::vector<double>(total)};
    const auto put = [&](std::size_t row, std::int32_t column, double value) {
        const auto place = static_cast<std::size_t>(rows.starts[row + 1]++);
        rows.columns[place] = column;
        rows.values[place] = value;
    };
    for (std::size_t i = 0; i < size; ++i)
        put(i, static_cast<std::int32_t>(i), toFixed[i]);
    for (const Conductance& each : conductances) {
        const auto a = static_cast<std::size_t>(each.a), b = static_cast<std::size_t>(each.b);
        put(a, each.b, -each.siemens);
        put(b, each.a, -each.siemens);
    }
    std::int32_t end = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const std::int32_t start = rows.starts[i], count = rows.starts[i + 1] - start;
        std::int32_t* columns = rows.columns.data() + start;
        double* values = rows.values.data() + start;
        for (std::int32_t k = 1; k < count; ++k)
            values[0] -= values[k];
        const std::int32_t left =
            count > kLongRow ? tidyLongRow(columns, values, count) : tidyRow(columns, values, count);
        std::copy(columns, columns + left, rows.columns.data() + end);
        std::copy(values, values + left, rows.values.data() + end);
        rows.starts[i] = end;
        end += left;
    }
    rows.starts[size] = end;
    rows.starts.resize(size + 1);
    rows.columns.resize(static_cast<std::size_t>(end));
    rows.values.resize(static_cast<std::size_t>(end));
    return rows;
}

} // namespace headroom::powergrid
