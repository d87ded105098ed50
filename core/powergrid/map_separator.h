#pragma once

namespace headroom::powergrid {

/// What may stand between the numbers of a map's line.
constexpr bool isMapSeparator(char c) {
    return c == ',' || c == ';' || c == ' ' || c == '\t' || c == '\r' || c == '\0';
}

} // namespace headroom::powergrid
