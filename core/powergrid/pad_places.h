#pragma once

#include <filesystem>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

/// Where a pad supplies a grid, um, in the frame of a drop map: pixel (x, y) lies at x and y.
struct PadPlace {
    double x = 0, y = 0;
};

/// A CSV table with the columns x and y. Errors: BadInput with the line (no such column, what is no number,
/// no pads), NotFound, Io.
Result<std::vector<PadPlace>> readPads(const std::filesystem::path& path);
Result<std::vector<PadPlace>> parsePads(std::string_view text, const std::string& fileName);

/// The map of effective distances, um: 1 / (1 / d1 + 1 / d2 + ...) with the distances to all pads, 0 at a pad
/// (an input of the ICCAD 2023 contest: Chhabria et al., problem C).
Map effectiveDistances(std::size_t rows, std::size_t columns, const std::vector<PadPlace>& pads);

/// The pads that a map of effective distances was made for. Each is near a pixel from which no neighbour is
/// nearer and which is at most half a diagonal off; there 1/e less the other pads' sum of 1/d leaves the
/// distance of one pad, and circles around some pixels meet in it. The places settle in a few rounds, to some
/// 1e-3 um for values of six digits. Errors: BadInput (a negative or infinite value, no pads, a map that
/// pads so found do not explain), Cancelled.
Result<std::vector<PadPlace>> recoverPads(const Map& distances, JobContext& context);

} // namespace headroom::powergrid
