#include "core/delay/known_tables.h"

#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/random.h"

namespace headroom::delay {
namespace {

using std::numbers::pi;
using Inputs = std::vector<double>;

/// How rows of a known table are drawn.
struct Formula {
    KnownTable table;
    std::vector<std::pair<double, double>> ranges; ///< by input, uniform
    double noise = 0;                              ///< standard deviation
    std::function<double(const Inputs&)> target;
};

/// Reactance of a coil and a capacitor in series.
double reactance(const Inputs& x) {
    return x[1] * x[2] - 1 / (x[1] * x[3]);
}

const std::vector<Formula>& formulas() {
    static const std::vector<std::pair<double, double>> circuit{
        {0, 100}, {40 * pi, 560 * pi}, {0, 1}, {1, 11}};
    static const std::vector<Formula> all{
        {{"friedman1", "ten uniform inputs, of which five count"},
         std::vector<std::pair<double, double>>(10, {0, 1}),
         1,
         [](const Inputs& x) {
             return 10 * std::sin(pi * x[0] * x[1]) + 20 * std::pow(x[2] - 0.5, 2) + 10 * x[3] + 5 * x[4];
         }},
        {{"friedman2", "impedance of an alternating-current circuit"},
         circuit,
         125,
         [](const Inputs& x) { return std::hypot(x[0], reactance(x)); }},
        {{"friedman3", "phase of an alternating-current circuit"}, circuit, 0.1, [](const Inputs& x) {
             return std::atan2(reactance(x), x[0]);
         }}};
    return all;
}

} // namespace

const std::vector<KnownTable>& knownTables() {
    static const std::vector<KnownTable> all = [] {
        std::vector<KnownTable> tables;
        for (const Formula& formula : formulas())
            tables.push_back(formula.table);
        return tables;
    }();
    return all;
}

Result<Table> drawKnownTable(std::string_view name, std::size_t rows, std::uint64_t seed) {
    std::vector<std::string> names;
    for (const Formula& formula : formulas()) {
        names.push_back(formula.table.name);
        if (formula.table.name != name) continue;
        Table table;
        for (std::size_t input = 0; input < formula.ranges.size(); ++input)
            table.columns.push_back({fmt::format("x{}", input + 1), "", ColumnKind::Number, {}, {}});
        table.columns.push_back({"y", "", ColumnKind::Number, {}, {}});
        for (std::size_t row = 0; row < rows; ++row) {
            RandomEngine engine(deriveSeed(seed, row));
            Inputs x;
            for (const auto& [low, high] : formula.ranges)
                x.push_back(uniform(engine, low, high));
            for (std::size_t input = 0; input < x.size(); ++input)
                table.columns[input].values.push_back(x[input]);
            table.columns.back().values.push_back(formula.target(x) + formula.noise * normal(engine));
        }
        return table;
    }
    return fail(ErrorCode::NotFound,
                fmt::format("There is no public table \"{}\", but {}.", name, fmt::join(names, ", ")));
}

} // namespace headroom::delay
