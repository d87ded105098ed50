#include "core/netlist/schematic/drawing_number.h"

#include <charconv>
#include <cmath>
#include <limits>

namespace headroom::netlist {

std::optional<double> drawingNumber(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

int wholeNumber(std::optional<double> value, int fallback) {
    constexpr double kLargest = std::numeric_limits<int>::max();
    if (!value || !(std::abs(*value) <= kLargest)) return fallback;
    return static_cast<int>(*value);
}

int quarterTurnsOf(std::optional<double> degrees) {
    const double turns = std::round(std::fmod(degrees.value_or(0), 360) / 90);
    return wholeNumber(turns, 0) & 3;
}

} // namespace headroom::netlist
