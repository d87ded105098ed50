#include "core/base/quantity_range.h"

#include "core/base/quantity.h"

namespace headroom {

Result<QuantityRange> parseQuantityRange(std::string_view text, std::string_view unit) {
    const std::size_t sign = text.find(rangeSign);
    const auto low = parseQuantity(text.substr(0, sign), unit);
    if (!low) return forward(low);
    if (sign == std::string_view::npos) return QuantityRange{*low, *low};
    const auto high = parseQuantity(text.substr(sign + rangeSign.size()), unit);
    if (!high) return forward(high);
    return QuantityRange{*low, *high};
}

} // namespace headroom
