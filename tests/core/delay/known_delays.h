#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// A table whose truth is known: the delay of an inverter by the alpha-power law (Sakurai and Newton, IEEE
/// JSSC 25:584, 1990) over fourteen process and operating parameters, in SI units so that lengths have tiny
/// ranges.
class KnownDelays {
public:
    static const std::vector<std::string>& names() {
        static const std::vector<std::string> all{
            "vth0_n [V]",   "toxe_n [m]", "u0_n [m2/Vs]", "lint_n [m]",     "ndep_n [m-3]",
            "xj_n [m]",     "vth0_p [V]", "toxe_p [m]",   "u0_p [m2/Vs]",   "lint_p [m]",
            "ndep_p [m-3]", "xj_p [m]",   "vdd [V]",      "temperature [C]"};
        return all;
    }

    /// @param x by input, in the order of names()  @return s
    static double delay(const std::vector<double>& x) {
        const auto edge = [&](std::size_t first, double width) {
            const double kelvin = x[13] + 273.15;
            const double threshold = x[first] * (1 + 0.1 * std::log(x[first + 4] / 1e24)) -
                                     1e-3 * (kelvin - 300) - 0.05 * (x[first + 5] / 2e-8 - 1);
            const double mobility = x[first + 2] * std::pow(kelvin / 300, -1.4);
            const double length = 4.5e-8 - 2 * x[first + 3];
            const double oxide = 3.45e-11 / x[first + 1];
            const double current =
                mobility * oxide * width / length * std::pow(std::max(x[12] - threshold, 0.05), 1.3);
            return 4e-15 * x[12] / current;
        };
        return 0.5 * (edge(0, 1e-7) + edge(6, 2e-7));
    }

    /// Inputs as they vary in production, and the delay last.
    static Table draw(std::size_t rows, std::uint64_t seed) {
        static const std::vector<double> nominal{0.46,   1.2e-9, 0.045, 4e-9,   1.1e24, 2e-8, 0.44,
                                                 1.3e-9, 0.022,  4e-9,  0.9e24, 2e-8,   0.75, 42.5};
        static const std::vector<double> spread{0.05, 0.03, 0.05, 0.15, 0.05, 0.05};
        Table table;
        for (const std::string& name : names())
            table.columns.push_back(columnNamed(name));
        table.columns.push_back({"delay", "s", ColumnKind::Number, {}, {}});
        RandomEngine engine(seed);
        for (std::size_t row = 0; row < rows; ++row) {
            std::vector<double> x;
            for (std::size_t i = 0; i < 12; ++i)
                x.push_back(nominal[i] * (1 + spread[i % 6] * normal(engine)));
            x.push_back(nominal[12] * uniform(engine, 0.9, 1.1));
            x.push_back(uniform(engine, -40, 125));
            for (std::size_t i = 0; i < x.size(); ++i)
                table.columns[i].values.push_back(x[i]);
            table.columns.back().values.push_back(delay(x));
        }
        return table;
    }

    static std::size_t target() { return names().size(); }

    /// The right delay of one row of a table with these columns.
    static double delayOf(const Table& table, std::size_t row) {
        std::vector<double> x;
        for (std::size_t i = 0; i < target(); ++i)
            x.push_back(table.columns[i].values[row]);
        return delay(x);
    }

private:
    static Column columnNamed(const std::string& heading) {
        const auto open = heading.find(" [");
        return {heading.substr(0, open),
                heading.substr(open + 2, heading.size() - open - 3),
                ColumnKind::Number,
                {},
                {}};
    }
};

} // namespace headroom::delay
