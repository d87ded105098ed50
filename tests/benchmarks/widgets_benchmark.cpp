// What panels cost the GUI thread: the rule is 16 ms for one step.

#include <QApplication>
#include <QImage>
#include <QTableView>

#include <algorithm>
#include <ctime>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/delay/kept_table.h"
#include "tests/core/delay/known_delays.h"
#include "tests/widgets/sample_data.h"
#include "widgets/common/theme.h"
#include "widgets/delay/delay_view.h"
#include "widgets/netlist/netlist_edit.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/sizing/candidate_table.h"
#include "widgets/sizing/sizing_view.h"

namespace headroom::widgets {
namespace {

/// A hundred candidates in ten histograms and the table: what one live update costs until it is drawn.
void updateSizingPanel(benchmark::State& state) {
    SizingView view;
    view.resize(1200, 900);
    view.show();
    const auto data = samples::exploration(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        view.setData(data);
        QApplication::processEvents();
    }
}
BENCHMARK(updateSizingPanel)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

/// The same without the drawing: the longest single step.
void setSizingData(benchmark::State& state) {
    SizingView view;
    view.resize(1200, 900);
    view.show();
    QApplication::processEvents();
    const auto data = samples::exploration(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        view.setData(data);
        state.PauseTiming();
        QApplication::processEvents();
        state.ResumeTiming();
    }
}
BENCHMARK(setSizingData)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

delay::TableDocument delayTable(std::size_t rows) {
    delay::TableDocument document;
    document.name = "inv";
    document.table = delay::KnownDelays::draw(rows, 1);
    document.table.provenance.assign(rows, delay::realRows);
    std::fill(document.table.provenance.begin() + static_cast<std::ptrdiff_t>(rows / 2),
              document.table.provenance.end(), "copula, seed 1");
    document.target = "delay";
    return document;
}

/// A table of fifteen columns made ready for the panel, which a job does.
void prepareDelayTable(benchmark::State& state) {
    const auto document = delayTable(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state)
        benchmark::DoNotOptimize(delayTableData(document));
}
BENCHMARK(prepareDelayTable)->Arg(1000)->Arg(100000)->Unit(benchmark::kMillisecond);

/// The longest single step of showing it, with the rows in sight.
void showDelayTable(benchmark::State& state) {
    DelayView view;
    view.resize(1200, 900);
    view.show();
    QApplication::processEvents();
    const auto data = delayTableData(delayTable(static_cast<std::size_t>(state.range(0))));
    for (auto _ : state) {
        view.setData(data);
        state.PauseTiming();
        QApplication::processEvents();
        state.ResumeTiming();
    }
}
BENCHMARK(showDelayTable)->Arg(1000)->Arg(100000)->Unit(benchmark::kMillisecond);

void brushCandidates(benchmark::State& state) {
    SizingView view;
    view.resize(1200, 900);
    view.show();
    view.setData(samples::exploration(100));
    QApplication::processEvents();
    bool odd = false;
    for (auto _ : state) {
        view.brush(odd ? std::vector<int>{1, 2, 3} : std::vector<int>{4, 5, 6, 7});
        odd = !odd;
        state.PauseTiming();
        QApplication::processEvents();
        state.ResumeTiming();
    }
}
BENCHMARK(brushCandidates)->Unit(benchmark::kMillisecond);

void fillCandidateTable(benchmark::State& state) {
    const auto data = samples::exploration(static_cast<std::size_t>(state.range(0)));
    CandidateTable table;
    table.resize(1000, 500);
    table.show();
    for (auto _ : state)
        table.setData(data);
}
BENCHMARK(fillCandidateTable)->Arg(1000)->Arg(100000)->Unit(benchmark::kMillisecond);

void sortCandidateTable(benchmark::State& state) {
    CandidateTable table;
    table.resize(1000, 500);
    table.show();
    table.setData(samples::exploration(static_cast<std::size_t>(state.range(0))));
    Qt::SortOrder order = Qt::AscendingOrder;
    for (auto _ : state) {
        table.model()->sort(CandidateModel::FirstPerformance, order);
        order = order == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    }
}
BENCHMARK(sortCandidateTable)->Arg(1000)->Arg(100000)->Unit(benchmark::kMillisecond);

/// One page further in a table of a hundred thousand rows.
void scrollCandidateTable(benchmark::State& state) {
    CandidateTable table;
    table.resize(1000, 500);
    table.show();
    table.setData(samples::exploration(100000));
    QApplication::processEvents();
    int row = 0;
    for (auto _ : state) {
        row = (row + 977) % 100000;
        table.view()->scrollTo(table.model()->index(row, 0), QAbstractItemView::PositionAtTop);
        table.view()->viewport()->repaint();
    }
}
BENCHMARK(scrollCandidateTable)->Unit(benchmark::kMillisecond);

std::shared_ptr<const netlist::Netlist> longNetlist(int lines) {
    auto netlist = std::make_shared<netlist::Netlist>();
    netlist->files.push_back({"long.sp", {}});
    std::string& text = netlist->files.front().text;
    for (int line = 1; line <= lines; ++line) {
        netlist::Device device;
        device.name = fmt::format("M{}", line);
        device.span = {0, text.size(), 0, line, 1};
        text += fmt::format("M{} n{} n{} 0 0 nmos W=2u L=0.1u\n", line, line, line + 1);
        device.span.length = text.size() - device.span.offset;
        netlist->circuit.devices.push_back(std::move(device));
    }
    return netlist;
}

/// Until the first screen of a long netlist is there.
void openNetlist(benchmark::State& state) {
    NetlistView view;
    view.resize(600, 600);
    view.show();
    QApplication::processEvents();
    const auto netlist = longNetlist(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        view.setData(netlist);
        view.repaint();
    }
}
BENCHMARK(openNetlist)->Arg(40)->Arg(100000)->Unit(benchmark::kMillisecond);

/// The longest single event while the rest of it arrives.
void streamNetlist(benchmark::State& state) {
    NetlistView view;
    view.resize(600, 600);
    view.show();
    QApplication::processEvents();
    const auto netlist = longNetlist(100000);
    auto* edit = view.findChild<NetlistEdit*>();
    double longest = 0;
    for (auto _ : state) {
        view.setData(netlist);
        while (!edit->isComplete()) {
            // Processor time: other programs on the machine do not count.
            const std::clock_t start = std::clock();
            QApplication::processEvents(QEventLoop::AllEvents, 0);
            longest = std::max(longest, 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
        }
    }
    state.counters["longest_event_ms"] = longest;
}
BENCHMARK(streamNetlist)->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace
} // namespace headroom::widgets

int main(int argc, char** argv) {
    QApplication application(argc, argv);
    headroom::widgets::Theme::instance().apply(headroom::widgets::Appearance::Light);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
