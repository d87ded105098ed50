// Painting on a power grid end to end: from what the brush changed to the painted frame. Processor time
// counts, so that other programs on the machine do not.

#include <QApplication>

#include <cmath>
#include <ctime>

#include <benchmark/benchmark.h>

#include "app/powergrid/grid_answers.h"
#include "widgets/powergrid/map_digest.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::app {
namespace {

using widgets::GridLayer;

double processorMs() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

/// A dab of 12 x 12 cells, which moves on with each.
widgets::MapPatch dab(const powergrid::SheetPlan& plan, GridLayer layer, int number) {
    constexpr int kSide = 12, kPlaces = 16;
    const powergrid::Map& map = layer == GridLayer::Strength ? plan.strength : plan.density;
    const int at = number % kPlaces * static_cast<int>(map.rows) / 20;
    const float value = number % (2 * kPlaces) < kPlaces ? 1 : 0.2F;
    return {layer, QRect(at, at, kSide, kSide), {}, std::vector<float>(kSide * kSide, value), {}};
}

/// In a window of 1280 x 900. Of the time, gui_ms are spent on the GUI thread.
void editUntilPainted(benchmark::State& state, GridLayer layer) {
    const auto side = static_cast<std::size_t>(state.range(0));
    const auto sheet = std::make_shared<const powergrid::GridSheet>(exampleSheet(side, 13, "example"));
    widgets::PowerGridView view;
    view.resize(1280, 900);
    view.show();
    view.setData(panelData(*sheet));
    GridAnswers answers;
    SilentContext context;
    double gui = 0;
    const auto answer = [&](SheetUpdate update) {
        auto drop = answers.answer({std::move(update), widgets::GridAnswer::Exact, false, {}}, context);
        if (!drop) return false;
        const double start = processorMs();
        view.setMap(GridLayer::Drop, std::move(drop->drop));
        view.setNote(drop->note);
        view.canvas().repaint();
        gui += processorMs() - start;
        return true;
    };
    if (!answer({sheet, {}, {}})) return state.SkipWithError("not solved");
    QApplication::processEvents();
    int number = 0;
    gui = 0;
    for (auto _ : state)
        if (!answer({nullptr, {dab(sheet->plan, layer, number++)}, {}}))
            return state.SkipWithError("not solved");
    state.counters["gui_ms"] = gui / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(editUntilPainted, density, GridLayer::Density)
    ->Arg(64)
    ->Arg(256)
    ->Arg(512)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(editUntilPainted, strength, GridLayer::Strength)
    ->Arg(64)
    ->Arg(256)
    ->Arg(512)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(editUntilPainted, density, GridLayer::Density)
    ->Arg(2048)
    ->Unit(benchmark::kMillisecond)
    ->Iterations(8);

/// What the panel works out a little later: limit, worst places, readouts.
void readoutsOfAnAnswer(benchmark::State& state) {
    const auto side = static_cast<std::size_t>(state.range(0));
    const powergrid::GridSheet sheet = exampleSheet(side, 13, "example");
    widgets::PowerGridView view;
    view.resize(1280, 900);
    view.show();
    view.setData(panelData(sheet));
    powergrid::Map drops = sheet.plan.density;
    for (double& value : drops.values)
        value *= 0.1;
    view.setMap(GridLayer::Drop, widgets::digested(heatMapOf(drops, QStringLiteral("V"))));
    QApplication::processEvents();
    double percent = 3;
    for (auto _ : state) {
        view.setLimitPercent(percent = percent > 4 ? 3 : percent + 0.01);
        view.setWorst(std::nullopt);
    }
}
BENCHMARK(readoutsOfAnAnswer)->Arg(256)->Arg(2048)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace headroom::app

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
