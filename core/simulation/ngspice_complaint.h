#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace headroom::simulation::ngspice {

/// Whether a line that ngspice printed tells why an analysis failed; the rest is chatter.
inline bool isComplaint(std::string_view line) {
    constexpr std::array<std::string_view, 9> signs = {
        "rror", "singular", "aborted", "onverge", "too small", "nknown", "an't find", "o such", "ot found"};
    return std::any_of(signs.begin(), signs.end(),
                       [&](std::string_view sign) { return line.find(sign) != std::string_view::npos; });
}

/// What ngspice said about an expression, as the end of a sentence: without its prefixes and line breaks.
std::string readableComplaint(std::string_view said);

/// Of the lines that ngspice printed the first that it calls an error, readable; empty where there is none.
std::string firstError(std::string_view said);

} // namespace headroom::simulation::ngspice
