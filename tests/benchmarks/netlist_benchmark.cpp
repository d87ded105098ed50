// Reading netlists: an amplifier as designers have it, and a large generated one.

#include <string>

#include <sys/resource.h>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/netlist/netlist_writer.h"
#include "core/netlist/sizing_export.h"

namespace headroom::netlist {
namespace {

void parseText(benchmark::State& state, const std::string& text) {
    std::size_t devices = 0;
    for (auto _ : state) {
        const auto netlist = parseNetlist(text, "benchmark.sp");
        if (!netlist) return state.SkipWithError(netlist.error().message.c_str());
        devices = netlist->circuit.devices.size();
    }
    state.counters["devices"] = static_cast<double>(devices);
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * text.size()));
}

void parseAmplifier(benchmark::State& state) {
    const auto text = readFile(resourcePath("examples/folded_cascode.sp"));
    if (!text) return state.SkipWithError(text.error().message.c_str());
    parseText(state, *text);
}
BENCHMARK(parseAmplifier)->Unit(benchmark::kMicrosecond);

/// The most memory that the process has held so far, in MiB.
double peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Sizes in growing order, so that the peak after each is that size's. The time per device must stay the
/// same from 1k to 1M.
void parseFlat(benchmark::State& state) {
    std::string text = "* generated\n";
    for (int i = 0; i < state.range(0); ++i) {
        text += fmt::format("M{} n{} n{} 0 0 nmos W={}u L=0.05u m=2\n", i, i % 5000, (i * 7 + 1) % 5000,
                            1 + i % 9);
    }
    parseText(state, text);
    state.counters["peak_mib"] = peakMemory();
    state.counters["ns_per_device"] = benchmark::Counter(
        static_cast<double>(state.iterations()) * static_cast<double>(state.range(0)) / 1e9,
        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(parseFlat)->RangeMultiplier(10)->Range(1'000, 1'000'000)->Unit(benchmark::kMillisecond);

void parseFlatSpectre(benchmark::State& state) {
    std::string text = "simulator lang=spectre\n";
    for (int i = 0; i < state.range(0); ++i) {
        text += fmt::format("M{} (n{} n{} 0 0) nch w={}u l=0.05u m=2\n", i, i % 5000, (i * 7 + 1) % 5000,
                            1 + i % 9);
    }
    parseText(state, text);
}
BENCHMARK(parseFlatSpectre)->Arg(100'000)->Unit(benchmark::kMillisecond);

void writeFlat(benchmark::State& state) {
    std::string text = "* generated\n";
    for (int i = 0; i < state.range(0); ++i)
        text += fmt::format("M{} n{} n{} 0 0 nmos W={}u L=0.05u m=2\n", i, i % 5000, i % 4999, 1 + i % 9);
    const auto netlist = parseNetlist(text, "benchmark.sp");
    if (!netlist) return state.SkipWithError(netlist.error().message.c_str());
    for (auto _ : state)
        benchmark::DoNotOptimize(writeNetlist(*netlist, Dialect::Spectre));
}
BENCHMARK(writeFlat)->Arg(100'000)->Unit(benchmark::kMillisecond);

/// 100 instances of 100 instances of a cell of 10 devices with expressions.
void parseHierarchical(benchmark::State& state) {
    std::string text = "* generated\n.param w0=1u\n.subckt cell a b w=1u\n";
    for (int i = 0; i < 10; ++i)
        text += fmt::format("M{} n{} a b 0 nmos W='w*{}' L=0.05u\n", i, i / 2, i + 1);
    text += ".ends\n.subckt row a b\n";
    for (int i = 0; i < 100; ++i)
        text += fmt::format("X{} a b cell w='w0*{}'\n", i, i + 1);
    text += ".ends\n";
    for (int i = 0; i < 100; ++i)
        text += fmt::format("X{} p{} 0 row\n", i, i);
    parseText(state, text);
}
BENCHMARK(parseHierarchical)->Unit(benchmark::kMillisecond);

void applySizingToAmplifier(benchmark::State& state) {
    const auto netlist = readNetlist(resourcePath("examples/folded_cascode.sp"));
    if (!netlist) return state.SkipWithError(netlist.error().message.c_str());
    Sizing sizing;
    for (const Device& each : netlist->circuit.devices) {
        if (each.type != DeviceType::Mosfet) continue;
        sizing.push_back({each.name, "w", 2.35e-6});
        sizing.push_back({each.name, "l", 1.2e-7});
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(applySizing(*netlist, sizing));
}
BENCHMARK(applySizingToAmplifier)->Unit(benchmark::kMicrosecond);

} // namespace
} // namespace headroom::netlist
