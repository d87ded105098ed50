#pragma once

#include <cstdint>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/grid_maps.h"
#include "core/powergrid/grid_netlist.h"
#include "core/powergrid/grid_technology.h"

namespace headroom::powergrid {

/// What a rebuilt grid and its solution may take before they are refused.
inline constexpr std::uint64_t kRebuiltMemoryLimit = std::uint64_t{8} << 30U;

/// The grid that a technology's rules lay over a chip, as a netlist in the contest's dialect: nodes are
/// n1_<layer>_<x>_<y> in database units.
///
/// Straps lie at the layer's offset and multiples of its finest pitch. Of those, in every region and for each
/// template, the first one and then each that is the template's pitch on are there, over the pixels that the
/// template holds at. A via joins straps of neighbouring layers wherever they cross.
///
/// The lowest layer also has nodes at its taps and at all places of the next layer's finest pitch. A pixel's
/// current is drawn from the nearest of its nodes, of two equally near ones that at less x or y. A pad
/// supplies the nearest node of the pads' layer.
///
/// @param technology as parseGridTechnology() makes it
/// Errors: BadInput (maps of different sizes, values that are no currents or no templates, no pads, one that
/// lies beside the grid, no template), Unsupported (more memory than @p memoryLimit bytes), Cancelled.
Result<GridNetlist> rebuildGrid(const GridMaps& maps, const GridTechnology& technology, JobContext& context,
                                std::uint64_t memoryLimit = kRebuiltMemoryLimit);

} // namespace headroom::powergrid
