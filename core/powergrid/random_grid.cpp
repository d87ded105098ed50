#include "core/powergrid/random_grid.h"

#include <algorithm>
#include <cmath>

#include "core/base/random.h"
#include "core/powergrid/random_sheet.h"

namespace headroom::powergrid {
namespace {

constexpr std::size_t kBlockUm = 4; ///< of a cell of the random block that currents follow

std::size_t below(RandomEngine& engine, std::size_t bound) {
    return static_cast<std::size_t>(engine() % std::max<std::size_t>(1, bound));
}

Map randomCurrents(std::size_t rows, std::size_t columns, RandomEngine& engine) {
    const SheetMaps block =
        randomSheet(rows / kBlockUm + 1, columns / kBlockUm + 1, static_cast<std::uint64_t>(engine()));
    // Some chips draw all but evenly; of the others, some have few pixels with most of the current.
    const double evenness = engine() % 3 == 0 ? uniform(engine, 0.7, 1) : 0;
    const double sparseness = uniform(engine, 0, 4);
    Map map{rows, columns, std::vector<double>(rows * columns)};
    double sum = 0;
    for (std::size_t x = 0; x < rows; ++x) {
        for (std::size_t y = 0; y < columns; ++y) {
            const std::size_t r = x / kBlockUm, c = y / kBlockUm;
            const double cells = evenness * 0.1 + (1 - evenness) * block.density(r, c) * block.activity(r, c);
            map(x, y) = cells * std::pow(uniform(engine), sparseness);
            sum += map(x, y);
        }
    }
    const double mean = logUniform(engine, 2e-8, 2e-7); // A per um2
    const double factor = sum > 0 ? mean * static_cast<double>(map.values.size()) / sum : 0;
    for (double& value : map.values)
        value *= factor;
    return map;
}

Map randomTemplates(std::size_t rows, std::size_t columns, const GridTechnology& technology,
                    RandomEngine& engine) {
    const std::size_t count = technology.templateCount();
    const bool isOneForAll = technology.regionUm <= 0 || engine() % 3 == 0;
    const double side = isOneForAll ? static_cast<double>(std::max(rows, columns)) : technology.regionUm;
    const auto region = [side](std::size_t at) {
        return static_cast<std::size_t>(static_cast<double>(at) / side);
    };
    const std::size_t across = region(columns - 1) + 1;
    std::vector<double> chosen((region(rows - 1) + 1) * across);
    for (double& each : chosen)
        each = static_cast<double>(below(engine, count));
    Map map{rows, columns, std::vector<double>(rows * columns)};
    for (std::size_t x = 0; x < rows; ++x)
        for (std::size_t y = 0; y < columns; ++y)
            map(x, y) = chosen[region(x) * across + region(y)];
    return map;
}

} // namespace

GridMaps randomGridMaps(std::size_t rows, std::size_t columns, const GridTechnology& technology,
                        std::uint64_t seed) {
    RandomEngine engine(seed);
    GridMaps maps;
    maps.currents = randomCurrents(rows, columns, engine);
    maps.templates = randomTemplates(rows, columns, technology, engine);
    const double side = uniform(engine, 90, 180); // um
    const double area = static_cast<double>(rows) * static_cast<double>(columns);
    const auto count = std::max<long>(1, std::lround(area / (side * side)));
    for (long pad = 0; pad < count; ++pad)
        maps.pads.push_back({uniform(engine, 0, static_cast<double>(rows - 1)),
                             uniform(engine, 0, static_cast<double>(columns - 1))});
    return maps;
}

} // namespace headroom::powergrid
