// Power grids: a netlist from open to solved and to its map, and edits of a sheet against plain Eigen LDL^T.
// Processor time counts, so that other programs on the machine do not.

#include <cmath>
#include <filesystem>
#include <limits>

#include <sys/resource.h>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/base/file.h"
#include "core/powergrid/drop_map.h"
#include "core/powergrid/sheet_solver.h"
#include "tests/core/powergrid/direct_sheet.h"
#include "tests/core/powergrid/synthetic_grid.h"

namespace headroom::powergrid {
namespace {

double peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// From an open file to node voltages, and to the map where wanted.
void openAndSolve(benchmark::State& state, const std::string& text, bool withMap) {
    const auto path = std::filesystem::temp_directory_path() / fmt::format("headroom_grid_{}.sp", ::getpid());
    if (!writeFileAtomically(path, text)) return state.SkipWithError("the netlist cannot be written");
    SilentContext context;
    for (auto _ : state) {
        auto netlist = readGridNetlist(path, context);
        if (!netlist) return state.SkipWithError(netlist.error().message.c_str());
        const auto solution = solveGrid(std::make_shared<const GridNetlist>(std::move(*netlist)),
                                        IslandPolicy::Exclude, {}, context);
        if (!solution) return state.SkipWithError(solution.error().message.c_str());
        if (withMap) benchmark::DoNotOptimize(dropMap(*solution, {}, context));
        state.counters["nodes"] = static_cast<double>(solution->volts.size());
        state.counters["residual"] = solution->residual;
    }
    state.counters["peak_mib"] = peakMemory();
    std::filesystem::remove(path);
}

void contestToMap(benchmark::State& state) {
    openAndSolve(state, contestLikeNetlist(static_cast<int>(state.range(0))), true);
}
void contestToVoltages(benchmark::State& state) {
    openAndSolve(state, contestLikeNetlist(static_cast<int>(state.range(0))), false);
}
void meshToVoltages(benchmark::State& state) {
    const auto size = static_cast<int>(state.range(0));
    openAndSolve(state, meshNetlist(size, size / 8), false);
}
BENCHMARK(contestToMap)->Arg(290)->Unit(benchmark::kMillisecond);                      // 22,000 nodes
BENCHMARK(contestToVoltages)->Arg(2000)->Unit(benchmark::kMillisecond)->Iterations(2); // a million
BENCHMARK(meshToVoltages)->Arg(1000)->Unit(benchmark::kMillisecond)->Iterations(2);

Sheet sheetOf(std::size_t size) {
    Sheet sheet{*makeMap(size, size), *makeMap(size, size), *makeMap(size, size), 1};
    for (std::size_t r = 0; r < size; ++r)
        for (std::size_t c = 0; c < size; ++c) {
            sheet.conductance(r, c) = (r / 13 + c / 17) % 5 == 0 ? 0.2 : 1;
            sheet.current(r, c) = 1e-6 * (1 + std::sin(0.05 * static_cast<double>(r)));
            if (r % (size / 4) == size / 8 && c % (size / 4) == size / 8) sheet.pads(r, c) = 10;
        }
    return sheet;
}

/// The cells under a brush of 12 x 12, which moves on with each edit.
void paint(Map& map, int stroke) {
    const std::size_t at = static_cast<std::size_t>(stroke % 16) * map.rows / 20;
    for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t j = 0; j < 12; ++j)
            map(at + i, at + j) *= stroke % 32 < 16 ? 3 : 1.0 / 3;
}

enum class Edit { Currents, Metal };

void editSheet(benchmark::State& state, Edit edit) {
    Sheet sheet = sheetOf(static_cast<std::size_t>(state.range(0)));
    SilentContext context;
    SheetSolver solver;
    if (!solver.solve(std::make_shared<const Sheet>(sheet), context))
        return state.SkipWithError("not solved");
    int stroke = 0, iterations = 0;
    for (auto _ : state) {
        paint(edit == Edit::Currents ? sheet.current : sheet.conductance, stroke++);
        const auto solution = solver.solve(std::make_shared<const Sheet>(sheet), context);
        if (!solution) return state.SkipWithError(solution.error().message.c_str());
        iterations = solution->iterations;
    }
    state.counters["iterations"] = iterations;
}
void editCurrents(benchmark::State& state) {
    editSheet(state, Edit::Currents);
}
void editMetal(benchmark::State& state) {
    editSheet(state, Edit::Metal);
}
BENCHMARK(editCurrents)->Arg(64)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(editMetal)->Arg(64)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

void solveSheetAnew(benchmark::State& state) {
    const auto sheet = std::make_shared<const Sheet>(sheetOf(static_cast<std::size_t>(state.range(0))));
    SilentContext context;
    for (auto _ : state) {
        SheetSolver solver;
        benchmark::DoNotOptimize(solver.solve(sheet, context));
    }
}
BENCHMARK(solveSheetAnew)->Arg(256)->Arg(1024)->Unit(benchmark::kMillisecond);

/// The same sheet by assembling, ordering and factorising it.
void solveSheetByEigen(benchmark::State& state) {
    const Sheet sheet = sheetOf(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(directDrops(sheet));
}
BENCHMARK(solveSheetByEigen)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond);
BENCHMARK(solveSheetByEigen)->Arg(1024)->Unit(benchmark::kMillisecond)->Iterations(1);

} // namespace
} // namespace headroom::powergrid
