#include "core/powergrid/laid_grid.h"

#include "core/powergrid/rebuilt_grid.h"

namespace headroom::powergrid {

Result<LaidGrid> layGrid(GridMaps maps, const GridTechnology& technology, JobContext& context) {
    auto netlist = rebuildGrid(maps, technology, context);
    if (!netlist) return forward(netlist);
    auto model = buildGridModel(std::make_shared<const GridNetlist>(std::move(*netlist)),
                                IslandPolicy::Exclude, context);
    if (!model) return forward(model);
    return LaidGrid{std::move(maps), technology, std::make_shared<const GridModel>(std::move(*model))};
}

Result<GridDrops> dropsOf(const LaidGrid& grid, int iterations, JobContext& context) {
    SolverSettings settings;
    settings.roughIterations = iterations;
    const auto solver = GridSolver::create(grid.model, settings, context);
    if (!solver) return forward(solver);
    auto solution = solver->solve(context);
    if (!solution) return forward(solution);
    DropMapSettings drawing;
    drawing.unitsPerUm = grid.technology.unitsPerUm;
    drawing.rows = grid.maps.currents.rows;
    drawing.columns = grid.maps.currents.columns;
    auto map = dropMap(*solution, drawing, context);
    if (!map) return forward(map);
    return GridDrops{std::move(*solution), std::move(*map)};
}

AnswerGrid solvedGrids(int iterations) {
    return [iterations](const LaidGrid& grid, JobContext& context) -> Result<Map> {
        auto drops = dropsOf(grid, iterations, context);
        if (!drops) return forward(drops);
        return std::move(drops->map);
    };
}

} // namespace headroom::powergrid
