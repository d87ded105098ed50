#pragma once

#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// What stands between the ends of a range.
inline constexpr std::string_view rangeSign = "..";

/// From one value to another; both the same where the text names one.
struct QuantityRange {
    double low = 0, high = 0;
};

/// Reads "1f..20f" or "1f"; each end as parseQuantity(), whose errors these are. The ends may be in any
/// order.
Result<QuantityRange> parseQuantityRange(std::string_view text, std::string_view unit);

} // namespace headroom
