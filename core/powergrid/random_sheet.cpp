#include "core/powergrid/random_sheet.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "core/base/random.h"

namespace headroom::powergrid {
namespace {

constexpr double kFormulaFloor = 0.1;     ///< epsilon under the grid strength
constexpr double kFormulaSmoothing = 1.5; ///< cells, standard deviation
constexpr double kPadReach = 8;           ///< cells
constexpr std::size_t kPadPitch = 16;     ///< cells, where none are given

Map zeros(std::size_t rows, std::size_t columns) {
    return {rows, columns, std::vector<double>(rows * columns, 0.0)};
}

std::size_t below(RandomEngine& engine, std::size_t bound) {
    return static_cast<std::size_t>(engine() % std::max<std::size_t>(1, bound));
}

void clip(Map& map) {
    for (double& value : map.values)
        value = std::clamp(value, 0.0, 1.0);
}

/// Adds hills of random place, width and height.
void addHills(Map& map, std::size_t count, double low, double high, RandomEngine& engine) {
    const double side = static_cast<double>(std::max(map.rows, map.columns));
    for (std::size_t hill = 0; hill < count; ++hill) {
        const double x = uniform(engine, 0, static_cast<double>(map.rows));
        const double y = uniform(engine, 0, static_cast<double>(map.columns));
        const double width = logUniform(engine, 0.03 * side, 0.25 * side);
        const double height = uniform(engine, low, high);
        for (std::size_t r = 0; r < map.rows; ++r) {
            for (std::size_t c = 0; c < map.columns; ++c) {
                const double dx = (static_cast<double>(r) - x) / width,
                             dy = (static_cast<double>(c) - y) / width;
                map(r, c) += height * std::exp(-0.5 * (dx * dx + dy * dy));
            }
        }
    }
}

/// Sets rectangles of random place and size to one value each, or multiplies by it.
void addRectangles(Map& map, std::size_t count, double low, double high, bool multiplies,
                   RandomEngine& engine) {
    for (std::size_t rectangle = 0; rectangle < count; ++rectangle) {
        const std::size_t height = 2 + below(engine, map.rows / 4),
                          width = 2 + below(engine, map.columns / 4);
        const std::size_t top = below(engine, map.rows), left = below(engine, map.columns);
        const double value = uniform(engine, low, high);
        for (std::size_t r = top; r < std::min(top + height, map.rows); ++r) {
            for (std::size_t c = left; c < std::min(left + width, map.columns); ++c)
                map(r, c) = multiplies ? map(r, c) * value : value;
        }
    }
}

Map randomStrength(std::size_t rows, std::size_t columns, RandomEngine& engine) {
    Map map = zeros(rows, columns);
    const double mesh = uniform(engine, 0.15, 0.5);
    for (double& value : map.values)
        value = mesh;
    addHills(map, 3, -0.15, 0.15, engine);
    for (const bool alongRows : {true, false}) {
        const std::size_t pitch = 4 + below(engine, 13), width = 1 + below(engine, 2),
                          shift = below(engine, pitch);
        const double strap = uniform(engine, 0.2, 0.5);
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns; ++c) {
                if (((alongRows ? c : r) + shift) % pitch < width) map(r, c) += strap;
            }
        }
    }
    addRectangles(map, below(engine, 3), 0.3, 0.7, true, engine);
    for (double& value : map.values)
        value = std::clamp(value, 0.02, 1.0);
    return map;
}

Map randomPads(std::size_t rows, std::size_t columns, RandomEngine& engine) {
    Map map = zeros(rows, columns);
    if (engine() % 2 == 0) {
        const std::size_t pitch = 12 + below(engine, 21);
        const std::size_t shiftRows = below(engine, pitch), shiftColumns = below(engine, pitch);
        for (std::size_t r = shiftRows; r < rows; r += pitch) {
            for (std::size_t c = shiftColumns; c < columns; c += pitch)
                map(r, c) = 1;
        }
    } else {
        const std::size_t area = rows * columns;
        const std::size_t count = std::max<std::size_t>(1, area / (300 + below(engine, 1700)));
        for (std::size_t pad = 0; pad < count; ++pad)
            map(below(engine, rows), below(engine, columns)) = 1;
    }
    if (map.maximum() <= 0) map(below(engine, rows), below(engine, columns)) = 1;
    return map;
}

/// Convolution with a normal distribution along rows and columns; what lies beyond an edge is as at the edge.
Map smoothed(const Map& map, double deviation) {
    const auto reach = static_cast<std::ptrdiff_t>(std::ceil(4 * deviation));
    std::vector<double> kernel;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k)
        kernel.push_back(std::exp(-0.5 * static_cast<double>(k * k) / (deviation * deviation)));
    double sum = 0;
    for (const double weight : kernel)
        sum += weight;
    const auto along = [&](const Map& from, bool rows) {
        Map to = zeros(from.rows, from.columns);
        const auto last = static_cast<std::ptrdiff_t>((rows ? from.rows : from.columns) - 1);
        for (std::size_t r = 0; r < from.rows; ++r) {
            for (std::size_t c = 0; c < from.columns; ++c) {
                double total = 0;
                for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
                    const auto at = static_cast<std::size_t>(
                        std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rows ? r : c) + k, 0, last));
                    total += kernel[static_cast<std::size_t>(k + reach)] * (rows ? from(at, c) : from(r, at));
                }
                to(r, c) = total / sum;
            }
        }
        return to;
    };
    return along(along(map, true), false);
}

} // namespace

SheetMaps randomSheet(std::size_t rows, std::size_t columns, std::uint64_t seed) {
    RandomEngine engine(seed);
    SheetMaps maps{randomStrength(rows, columns, engine), zeros(rows, columns), zeros(rows, columns), {}};
    for (double& value : maps.density.values)
        value = 0.3;
    addHills(maps.density, 4, -0.2, 0.4, engine);
    addRectangles(maps.density, below(engine, 5), 0, 1, false, engine);
    for (double& value : maps.activity.values)
        value = 0.2;
    addHills(maps.activity, 5, -0.1, 0.6, engine);
    for (Map* map : {&maps.density, &maps.activity}) {
        for (double& value : map->values)
            value += 0.03 * normal(engine);
        clip(*map);
    }
    maps.pads = randomPads(rows, columns, engine);
    return maps;
}

Map assumedPads(std::size_t rows, std::size_t columns) {
    Map map = zeros(rows, columns);
    const auto places = [](std::size_t length) {
        std::vector<std::size_t> all;
        for (std::size_t at = kPadPitch / 2; at < length; at += kPadPitch)
            all.push_back(at);
        if (all.empty()) all.push_back(length / 2);
        return all;
    };
    for (const std::size_t r : places(rows)) {
        for (const std::size_t c : places(columns))
            map(r, c) = 1;
    }
    return map;
}

Map formulaDrop(const SheetMaps& maps) {
    Map drop = zeros(maps.strength.rows, maps.strength.columns);
    for (std::size_t i = 0; i < drop.values.size(); ++i)
        drop.values[i] =
            maps.density.values[i] * maps.activity.values[i] / (maps.strength.values[i] + kFormulaFloor);
    return smoothed(drop, kFormulaSmoothing);
}

Map nearnessOfPads(const Map& pads) {
    // Exact Euclidean distances within reach: along each row, then the least over the rows.
    const double far = static_cast<double>(pads.rows + pads.columns);
    Map along = zeros(pads.rows, pads.columns);
    for (std::size_t r = 0; r < pads.rows; ++r) {
        double distance = far;
        for (std::size_t c = 0; c < pads.columns; ++c)
            along(r, c) = distance = pads(r, c) > 0 ? 0 : std::min(distance + 1, far);
        distance = far;
        for (std::size_t c = pads.columns; c-- > 0;)
            along(r, c) = std::min(along(r, c), distance = pads(r, c) > 0 ? 0 : std::min(distance + 1, far));
    }
    Map nearness = zeros(pads.rows, pads.columns);
    const auto reach = static_cast<std::ptrdiff_t>(5 * kPadReach); // exp(-5) is as good as nothing
    for (std::size_t r = 0; r < pads.rows; ++r) {
        const std::size_t first = r - std::min<std::size_t>(r, static_cast<std::size_t>(reach));
        const std::size_t last = std::min(pads.rows - 1, r + static_cast<std::size_t>(reach));
        for (std::size_t c = 0; c < pads.columns; ++c) {
            double least = far * far;
            for (std::size_t other = first; other <= last; ++other) {
                const double down = static_cast<double>(other) - static_cast<double>(r);
                least = std::min(least, down * down + along(other, c) * along(other, c));
            }
            nearness(r, c) = std::exp(-std::sqrt(least) / kPadReach);
        }
    }
    return nearness;
}

Result<void> checkSheetMaps(const SheetMaps& maps) {
    if (maps.strength.empty()) return fail(ErrorCode::BadInput, "The map of the grid's strength is empty.");
    for (const auto& [name, map] : {std::pair{"grid strength", &maps.strength},
                                    {"cell density", &maps.density},
                                    {"switching activity", &maps.activity},
                                    {"pads", &maps.pads}}) {
        if (map->rows != maps.strength.rows || map->columns != maps.strength.columns)
            return fail(ErrorCode::BadInput,
                        fmt::format("The map of {} is {} x {} cells, that of grid strength {} x {}.", name,
                                    map->rows, map->columns, maps.strength.rows, maps.strength.columns));
        const auto odd = std::find_if(map->values.begin(), map->values.end(),
                                      [](double value) { return !std::isfinite(value) || value < 0; });
        if (odd == map->values.end()) continue;
        const auto at = static_cast<std::size_t>(odd - map->values.begin());
        return fail(ErrorCode::BadInput,
                    fmt::format("The map of {} is {} at row {}, column {}; it should be 0 or more.", name,
                                *odd, at / map->columns + 1, at % map->columns + 1));
    }
    if (!(maps.pads.maximum() > 0))
        return fail(ErrorCode::BadInput, "There is no pad: nothing supplies the sheet.");
    return {};
}

} // namespace headroom::powergrid
