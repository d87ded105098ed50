#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace headroom::powergrid {

/// Where a node lies, by its name.
struct NodePlace {
    std::int32_t layer =
        0; ///< number of the metal layer; in IBM's grids that of the net, which is one per layer
    std::int32_t x = 0, y = 0; ///< database units

    bool operator==(const NodePlace&) const = default;
};

/// Takes "n1_m4_1000_2000" (contest, BeGAN), "Node_metal4_1000_2000", "ITermNode_metal1_10_20" (PDNSim),
/// "n3_1000_2000" and "_X_n3_1000_2000" (IBM) apart: the last two numbers are x and y, the one before them is
/// the layer. Nothing where a name has no such form.
std::optional<NodePlace> placeOf(std::string_view name);

} // namespace headroom::powergrid
