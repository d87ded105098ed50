#pragma once

#include <sstream>
#include <string>

namespace headroom::structure {

enum class Split { Parallel, Series };

/// The netlist with every MOSFET as so many units: "M1" becomes M1_1, M1_2, ...; a stack's inner nets are
/// M1_n1, M1_n2, ...
inline std::string split(const std::string& text, int units, Split how) {
    std::istringstream lines(text);
    std::string result;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name, drain, gate, source, bulk, rest;
        if (line.empty() || line.front() != 'M' || !(words >> name >> drain >> gate >> source >> bulk)) {
            result += line + '\n';
            continue;
        }
        std::getline(words, rest);
        for (int unit = 1; unit <= units; ++unit) {
            const auto inner = [&](int at) { return name + "_n" + std::to_string(at); };
            const std::string from = how == Split::Series && unit > 1 ? inner(unit - 1) : drain;
            const std::string to = how == Split::Series && unit < units ? inner(unit) : source;
            result += name + '_' + std::to_string(unit) + ' ' + from + ' ' + gate + ' ' + to + ' ' + bulk +
                      rest + '\n';
        }
    }
    return result;
}

} // namespace headroom::structure
