#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::netlist {

/// How a schematic format writes several nets or instances as one name.
enum class VectorStyle {
    None,   ///< every name is one name
    Xschem, ///< A[3:0], A[3..0] (A3 A2 A1 A0), A[1,3], a,b, 2*(a,b) (a b a b), (a,b)*2 (a a b b)
    KiCad,  ///< D[0..7] (D0 ... D7)
};

/// The names that @p text stands for, in order; one for a plain name. Nothing where it cannot be
/// understood or stands for more than 10,000.
std::optional<std::vector<std::string>> expandVector(std::string_view text, VectorStyle style);

} // namespace headroom::netlist
