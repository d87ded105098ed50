// Structure recognition: the 15-device amplifier is to take less than 1 ms, 145 devices less than 50 ms.
#include <benchmark/benchmark.h>

#include <string>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/structure/structure.h"

namespace {

using headroom::netlist::Circuit;

Circuit example(const char* file) {
    const auto netlist =
        headroom::netlist::readNetlist(headroom::resourcePath(std::string("examples/") + file));
    return netlist ? netlist->circuit : Circuit{};
}

// @p copies of a circuit on the same supplies and bias, all other nets apart.
Circuit repeated(const Circuit& one, int copies) {
    Circuit circuit = one;
    for (int copy = 1; copy < copies; ++copy) {
        const int offset = static_cast<int>(circuit.nets.size());
        const std::string suffix = "_" + std::to_string(copy);
        for (const auto& net : one.nets) {
            circuit.nets.push_back(net + suffix);
            circuit.globalNets.push_back(false);
        }
        for (auto device : one.devices) {
            device.name += suffix;
            for (auto& net : device.nets) {
                const std::string& name = one.nets[static_cast<std::size_t>(net)];
                if (name != "vdd" && name != "vss" && name != "ibias") net += offset;
            }
            circuit.devices.push_back(std::move(device));
        }
    }
    return circuit;
}

// Every transistor drawn as @p units devices in parallel.
Circuit unitSplit(const Circuit& one, int units) {
    Circuit circuit = one;
    for (int unit = 1; unit < units; ++unit)
        for (auto device : one.devices) {
            device.name += "_" + std::to_string(unit);
            circuit.devices.push_back(std::move(device));
        }
    return circuit;
}

void measure(benchmark::State& state, const Circuit& circuit) {
    for (auto _ : state)
        benchmark::DoNotOptimize(headroom::structure::recognise(circuit));
    state.counters["devices"] = static_cast<double>(circuit.devices.size());
}

void foldedCascode(benchmark::State& state) {
    measure(state, example("folded_cascode.sp"));
}
void miller(benchmark::State& state) {
    measure(state, example("miller.sp"));
}
void amplifiersOnOneBias(benchmark::State& state) {
    measure(state, repeated(example("folded_cascode.sp"), static_cast<int>(state.range(0))));
}
void unitSplitAmplifier(benchmark::State& state) {
    measure(state, unitSplit(example("folded_cascode.sp"), static_cast<int>(state.range(0))));
}

BENCHMARK(foldedCascode)->Unit(benchmark::kMicrosecond);
BENCHMARK(miller)->Unit(benchmark::kMicrosecond);
BENCHMARK(amplifiersOnOneBias)->Arg(9)->Arg(100)->Arg(625)->Unit(benchmark::kMillisecond);
BENCHMARK(unitSplitAmplifier)->Arg(9)->Arg(625)->Unit(benchmark::kMillisecond);

} // namespace
