#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace headroom::sizing {

/// What the transistors of a current mirror are drawn of in layout: copies of one unit transistor, so that
/// edge effects divide out of the ratio of their currents (A. Hastings, The Art of Analog Layout, 2nd ed.,
/// 2006, ch. 12: matched transistors of unequal width are made of sections of equal width).
struct UnitTransistors {
    double width = 0;                ///< of a unit, m, on the grid
    std::vector<std::size_t> counts; ///< by transistor
};

/// The width of one transistor of a mirror, with what it may be.
struct MirrorWidth {
    double value = 0;         ///< m
    double low = 0, high = 0; ///< m
    bool isHeld = false;      ///< must stay what it is
    std::size_t copies = 1;   ///< as drawn (m): each unit that is counted stands for so many
};

struct UnitRules {
    double grid = 0;       ///< m, of a unit's width; 0: none
    double leastWidth = 0; ///< m, of a unit
    /// How many times that wide a unit is at least where it is part of each transistor: narrow channels have
    /// another threshold voltage, and their widths are the less exact.
    double leastWidths = 4;
    std::size_t mostUnits = 20; ///< in one transistor, copies and all, unless the fewest possible are more
    /// How far a transistor may move from its width relative to the others before more units are taken.
    double tolerance = 0.025;
};

/// The fewest units of which the transistors of a mirror can be made, with no width further from what was
/// asked than the tolerance allows; where none is so near, the nearest. Widths that are whole multiples of a
/// unit stay what they are. Absent where no unit is legal: two held widths without a common measure, a unit
/// that is narrower than allowed, a multiple that is wider.
std::optional<UnitTransistors> unitTransistors(std::span<const MirrorWidth> widths, const UnitRules& rules);

} // namespace headroom::sizing
