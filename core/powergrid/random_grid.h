#pragma once

#include <cstddef>
#include <cstdint>

#include "core/powergrid/grid_maps.h"
#include "core/powergrid/grid_technology.h"

namespace headroom::powergrid {

/// Maps of a chip as it might be, in pixels of 1 um: currents of a random block (randomSheet()), spread over
/// the pixels from evenly to sparsely, with a mean of 0.02 to 0.2 A/mm2; a template by region, or one for
/// all; and pads at random places, one for the area of a square of 90 to 180 um. Depends on the seed, the
/// size and the technology alone.
GridMaps randomGridMaps(std::size_t rows, std::size_t columns, const GridTechnology& technology,
                        std::uint64_t seed);

} // namespace headroom::powergrid
