// Painting on a power grid: an update of a map is to cost a few milliseconds until it is on the screen.

#include <QApplication>
#include <QMouseEvent>

#include <ctime>

#include <benchmark/benchmark.h>

#include "tests/widgets/powergrid/map_samples.h"
#include "widgets/powergrid/contour.h"
#include "widgets/powergrid/heat_map_view.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::widgets {
namespace {

void colourMap(benchmark::State& state, bool logarithmic) {
    const int side = static_cast<int>(state.range(0));
    const HeatMapData map = samples::sheet(side, side).drop;
    const ColourScale scale = scaleFor({ColourMap::Viridis, logarithmic, true, 0, 1}, rangeOf(map), false);
    QImage image(side, side, QImage::Format_RGB32);
    for (auto _ : state) {
        scale.paint(map, map.cells(), image);
        benchmark::DoNotOptimize(image.bits());
    }
}
BENCHMARK_CAPTURE(colourMap, linear, false)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(colourMap, logarithmic, true)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

void findRange(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    const HeatMapData map = samples::sheet(side, side).drop;
    for (auto _ : state)
        benchmark::DoNotOptimize(rangeOf(map));
}
BENCHMARK(findRange)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

void drawContour(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    const HeatMapData map = samples::sheet(side, side).drop;
    for (auto _ : state)
        benchmark::DoNotOptimize(contourOf(map, 0.04));
}
BENCHMARK(drawContour)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

void findWorst(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    const HeatMapData map = samples::sheet(side, side).drop;
    for (auto _ : state)
        benchmark::DoNotOptimize(highestPlaces(map, 20, 10, 0.02));
}
BENCHMARK(findWorst)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

/// A new drop over the whole sheet until it is painted, in a window of 1280 x 900.
void showNewDrop(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    PowerGridView view;
    view.resize(1280, 900);
    view.show();
    const PowerGridData data = samples::sheet(side, side);
    view.setData(std::make_shared<const PowerGridData>(data));
    QApplication::processEvents();
    auto other = std::make_shared<std::vector<float>>(*data.drop.values);
    for (float& value : *other)
        value *= 1.05F;
    const HeatMapData drops[] = {{other, side, side, data.drop.unit}, data.drop};
    std::size_t turn = 0;
    for (auto _ : state) {
        view.setMap(GridLayer::Drop, drops[turn++ % 2]);
        view.canvas().repaint();
    }
}
BENCHMARK(showNewDrop)->Arg(256)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

/// One event of a tool that covers the whole sheet, without the painting.
void coverSheet(benchmark::State& state, BrushShape shape) {
    const int side = static_cast<int>(state.range(0));
    const HeatMapData map = samples::sheet(side, side).density;
    for (auto _ : state) {
        BrushStroke stroke(GridLayer::Density, map, shape, {24, 0.5, 0.5, 1, PaintMode::Set, 1}, {}, 1);
        benchmark::DoNotOptimize(stroke.begin({0.5, 0.5}));
        benchmark::DoNotOptimize(stroke.moveTo({side - 0.5, side - 0.5}, false));
    }
}
BENCHMARK_CAPTURE(coverSheet, fill, BrushShape::Fill)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(coverSheet, gradient, BrushShape::Gradient)
    ->Arg(512)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(coverSheet, rectangle, BrushShape::Rectangle)
    ->Arg(512)
    ->Arg(1024)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(coverSheet, line, BrushShape::Line)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

/// One mouse event of a stroke with a brush of 24 cells until it is painted.
void paintStep(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    HeatMapView view;
    view.resize(1000, 900);
    view.show();
    const PowerGridData data = samples::sheet(side, side);
    view.setSheet(side, side, 1);
    view.setMap(GridLayer::Density, data.density);
    view.setObjects(data.objects);
    view.setBrush({24, 0.5, 0.5, 1});
    QApplication::processEvents();
    const auto send = [&](QEvent::Type type, QPoint at) {
        QMouseEvent event(type, at, view.mapToGlobal(at),
                          type == QEvent::MouseMove ? Qt::NoButton : Qt::LeftButton,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, {});
        QApplication::sendEvent(&view, &event);
    };
    send(QEvent::MouseButtonPress, {200, 200});
    int step = 0;
    for (auto _ : state) {
        ++step;
        send(QEvent::MouseMove, {200 + 8 * (step % 60), 200 + 7 * (step % 71)});
        QApplication::processEvents();
    }
    send(QEvent::MouseButtonRelease, {200, 200});
}
BENCHMARK(paintStep)->Arg(512)->Arg(1024)->Unit(benchmark::kMillisecond);

/// The whole picture anew, as when panning. Second argument: 0 maps alone, 1 with objects, 2 with the contour
/// and marks too.
void repaintSheet(benchmark::State& state) {
    const int side = static_cast<int>(state.range(0));
    PowerGridView view;
    view.resize(1280, 900);
    view.show();
    view.setData(std::make_shared<const PowerGridData>(samples::sheet(side, side)));
    if (state.range(1) < 2) {
        view.canvas().setLimit(std::nullopt);
        view.canvas().setMarks({});
    }
    if (state.range(1) < 1) view.canvas().setObjects(nullptr);
    QApplication::processEvents();
    for (auto _ : state)
        view.canvas().repaint();
}
BENCHMARK(repaintSheet)->ArgsProduct({{512, 1024}, {0, 1, 2}})->Unit(benchmark::kMillisecond);

} // namespace
} // namespace headroom::widgets

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
