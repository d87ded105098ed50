#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/map.h"
#include "core/powergrid/pad_places.h"

namespace headroom::powergrid {

/// What is known of a chip's grid where its netlist is not: pixel (x, y) of a map lies at x and y um.
struct GridMaps {
    Map currents;  ///< A per pixel, 0 or more; its size is the chip's
    Map templates; ///< number of the template that holds at a pixel, from 0; may be empty
    std::optional<std::size_t> everywhere; ///< the template of a chip without a map of them
    std::vector<PadPlace> pads;

    /// Where they come from, for errors; may be empty.
    std::string currentsFile = {}, templatesFile = {}, padsFile = {};
};

/// The files of a chip's maps; empty where there is none.
struct GridMapFiles {
    std::filesystem::path currents, templates, distances;
};

/// Tells maps by their names, which contain "current", "density" (of straps: the templates' numbers) or
/// "dist" (effective distances to pads), as those of the ICCAD 2023 contest do. A folder stands for the maps
/// in it, whose other files do not matter. Errors: BadInput (a file that is none of the three, two that are
/// the same, no map of currents), NotFound.
Result<GridMapFiles> findGridMaps(const std::vector<std::filesystem::path>& filesOrFolder);

/// @param pads a CSV of pads; empty: they are recovered from the map of distances
/// Errors: BadInput (maps of different sizes, no pads; those of readMap(), readPads(), recoverPads()),
/// Cancelled.
Result<GridMaps> readGridMaps(const GridMapFiles& files, const std::filesystem::path& pads,
                              JobContext& context);

} // namespace headroom::powergrid
