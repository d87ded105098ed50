#include "core/base/bounds.h"

#include <cmath>

#include <fmt/format.h>

namespace headroom {

Result<void> checkWithin(const char* name, double value, double low, double high) {
    if (std::isfinite(value) && value >= low && value <= high) return {};
    return fail(ErrorCode::BadInput,
                fmt::format("{} is {}; it must lie between {} and {}.", name, value, low, high));
}

Result<void> checkAll(std::initializer_list<Result<void>> checks) {
    for (const auto& check : checks) {
        if (!check) return check;
    }
    return {};
}

} // namespace headroom
