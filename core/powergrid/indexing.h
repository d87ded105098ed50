#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace headroom::powergrid {

/// Of nodes, nets and unknowns, whose numbers are signed since negative ones mean that there is none.
template <class T>
auto& at(std::vector<T>& values, std::int32_t index) {
    return values[static_cast<std::size_t>(index)];
}
template <class T>
const auto& at(const std::vector<T>& values, std::int32_t index) {
    return values[static_cast<std::size_t>(index)];
}

} // namespace headroom::powergrid
