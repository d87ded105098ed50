#include "core/powergrid/least_resistance.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <queue>

namespace headroom::powergrid {
namespace {

/// Cells between two looks at whether the job was cancelled.
constexpr std::size_t kCellsPerLook = 4096;

} // namespace

Result<SheetPath> pathOfLeastResistance(const Sheet& sheet, std::size_t row, std::size_t column,
                                        JobContext& context) {
    const Map& metal = sheet.conductance;
    if (row >= metal.rows || column >= metal.columns)
        return fail(ErrorCode::BadInput, "The place lies beside the sheet.");
    const std::size_t start = row * metal.columns + column;
    std::vector<double> ohms(metal.values.size(), std::numeric_limits<double>::infinity());
    std::vector<std::size_t> before(metal.values.size(), start);
    using Reached = std::pair<double, std::size_t>;
    std::priority_queue<Reached, std::vector<Reached>, std::greater<>> front;
    ohms[start] = 0;
    front.emplace(0, start);
    for (std::size_t looked = 1; !front.empty(); ++looked) {
        if (looked % kCellsPerLook == 0 && context.cancelled()) return failCancelled();
        const auto [distance, cell] = front.top();
        front.pop();
        if (distance > ohms[cell]) continue;
        if (sheet.pads.values[cell] > 0) {
            SheetPath path{{}, distance};
            for (std::size_t at = cell; at != start; at = before[at])
                path.cells.emplace_back(at / metal.columns, at % metal.columns);
            path.cells.emplace_back(row, column);
            std::reverse(path.cells.begin(), path.cells.end());
            return path;
        }
        const std::size_t r = cell / metal.columns, c = cell % metal.columns;
        const std::array<std::pair<bool, std::size_t>, 4> neighbours{
            {{r > 0, cell - metal.columns},
             {r + 1 < metal.rows, cell + metal.columns},
             {c > 0, cell - 1},
             {c + 1 < metal.columns, cell + 1}}};
        for (const auto& [exists, next] : neighbours) {
            if (!exists || !(metal.values[cell] > 0) || !(metal.values[next] > 0)) continue;
            // Half a square of each.
            const double through = distance + 0.5 / metal.values[cell] + 0.5 / metal.values[next];
            if (through >= ohms[next]) continue;
            ohms[next] = through;
            before[next] = cell;
            front.emplace(through, next);
        }
    }
    return fail(ErrorCode::NotFound, "No pad can be reached from here.");
}

} // namespace headroom::powergrid
