// Parallel coordinates and scatter matrix of a hundred thousand rows: a frame is to take less than 16 ms.

#include <QApplication>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <random>

#include <benchmark/benchmark.h>

#include "widgets/common/sample_plot.h"

namespace headroom::widgets {
namespace {

constexpr std::size_t kColumns = 10;

/// Quantities that depend on three hidden ones, as performances depend on sizes.
std::shared_ptr<const SampleTable> samples(std::size_t rows) {
    auto table = std::make_shared<SampleTable>();
    std::mt19937 random(3);
    std::normal_distribution<double> normal;
    for (std::size_t c = 0; c < kColumns; ++c) {
        SampleColumn column;
        column.key = column.title = QStringLiteral("Quantity %1").arg(c);
        column.unit = QStringLiteral("V");
        column.minimum = 0.5;
        table->columns.push_back(column);
    }
    for (std::size_t row = 0; row < rows; ++row) {
        const double a = normal(random), b = normal(random), d = normal(random);
        for (std::size_t c = 0; c < kColumns; ++c) {
            const double phase = static_cast<double>(c);
            table->columns[c].values.push_back(a * std::cos(phase) + b * std::sin(phase) +
                                               0.5 * d * phase / 10 + 0.1 * normal(random));
        }
    }
    table->classOf.assign(rows, 0);
    table->rowTitle = QStringLiteral("Row %1");
    return table;
}

/// A plot with the glue that a panel puts around it.
struct Bench {
    explicit Bench(SamplePlot::Kind kind, std::size_t rowCount)
        : plot(kind) {
        table = samples(rowCount);
        rows.setTable(table);
        plot.resize(1200, 800);
        plot.show();
        plot.setData(table);
        finish();
        QObject::connect(&plot, &SamplePlot::brushEdited, &plot,
                         [this](const RowBrush& brush) { plot.setBrush(brush, rows.update(brush)); });
    }

    void finish() {
        do
            QApplication::processEvents();
        while (!plot.isComplete());
    }

    void mouse(QEvent::Type type, const QPointF& at) {
        const bool move = type == QEvent::MouseMove;
        QMouseEvent event(type, at, plot.viewport()->mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton,
                          type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(plot.viewport(), &event);
    }

    std::shared_ptr<const SampleTable> table;
    BrushedRows rows;
    SamplePlot plot;
};

SamplePlot::Kind kindOf(const benchmark::State& state) {
    return static_cast<SamplePlot::Kind>(state.range(0));
}

/// One move of the mouse that drags a brush by a few pixels, until the window has painted it. The counters
/// say how long the longest frame took and how many more it takes on average until all is drawn.
void brushFrame(benchmark::State& state) {
    Bench bench(kindOf(state), static_cast<std::size_t>(state.range(1)));
    const bool parallel = kindOf(state) == SamplePlot::Kind::Parallel;
    const QRectF area = parallel ? bench.plot.areaOf(3) : bench.plot.areaOf(2, 5);
    const auto place = [&](double share) {
        return QPointF(parallel ? area.center().x() : area.left() + share * area.width(),
                       area.top() + share * area.height());
    };
    bench.mouse(QEvent::MouseButtonPress, place(0.3));
    bench.mouse(QEvent::MouseMove, place(0.5));
    bench.finish();
    double longest = 0;
    std::size_t later = 0;
    int step = 0;
    for (auto _ : state) {
        const std::clock_t start = std::clock(); // what others on the machine do does not count
        bench.mouse(QEvent::MouseMove, place(0.5 + 0.2 * std::sin(0.1 * ++step)));
        bench.plot.viewport()->repaint();
        longest = std::max(longest, 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        state.PauseTiming();
        for (; !bench.plot.isComplete(); ++later)
            bench.plot.viewport()->repaint();
        state.ResumeTiming();
    }
    bench.mouse(QEvent::MouseButtonRelease, place(0.5));
    state.counters["longest_frame_ms"] = longest;
    state.counters["later_frames"] =
        static_cast<double>(later) /
        static_cast<double>(std::max<benchmark::IterationCount>(1, state.iterations()));
}

/// A frame while the content is scrolled.
void panFrame(benchmark::State& state) {
    Bench bench(kindOf(state), static_cast<std::size_t>(state.range(1)));
    RowBrush brush;
    brush.add({{{QStringLiteral("Quantity 3"), 0, 1}}});
    bench.plot.setBrush(brush, bench.rows.update(brush));
    bench.plot.resize(560, 400); // the plot is larger than that
    bench.finish();
    QScrollBar* bar = bench.plot.horizontalScrollBar();
    for (auto _ : state) {
        bar->setValue(bar->value() >= bar->maximum() ? 0 : bar->value() + 7);
        bench.plot.viewport()->repaint();
    }
}

/// From new data to the whole picture, and the longest frame on the way.
void drawAll(benchmark::State& state) {
    Bench bench(kindOf(state), static_cast<std::size_t>(state.range(1)));
    double longest = 0;
    for (auto _ : state) {
        bench.plot.setData(bench.table);
        do {
            const std::clock_t start = std::clock();
            bench.plot.viewport()->repaint();
            longest = std::max(longest, 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        } while (!bench.plot.isComplete());
    }
    state.counters["longest_frame_ms"] = longest;
}

void kinds(benchmark::internal::Benchmark* benchmark) {
    benchmark->ArgNames({"scatter", "rows"});
    for (const int kind : {0, 1}) {
        for (const int rows : {1000, 100000})
            benchmark->Args({kind, rows});
    }
    benchmark->Unit(benchmark::kMillisecond);
}
BENCHMARK(brushFrame)->Apply(kinds);
BENCHMARK(panFrame)->Apply(kinds);
BENCHMARK(drawAll)->Apply(kinds);

} // namespace
} // namespace headroom::widgets

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    headroom::widgets::Theme::instance().apply(headroom::widgets::Appearance::Light);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
