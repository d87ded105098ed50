// Drawings: a 40-device amplifier is to be placed and routed in less than 100 ms without overlaps.
#include <benchmark/benchmark.h>

#include <string>

#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "core/schematic/placer.h"
#include "core/structure/structure.h"

namespace {

using headroom::netlist::Circuit;

// A two-stage fully differential amplifier with folded-cascode input, common-mode feedback and bias.
constexpr const char* kFullyDifferential = R"(
.subckt amplifier inp inn outp outn vcm ibias vdd vss
MB1 ibias ibias vdd vdd pmos W=6u L=0.5u
MB2 bn ibias vdd vdd pmos W=6u L=0.5u
MB3 bn bn vss vss nmos W=2u L=0.5u
MB4 bcn ibias vdd vdd pmos W=6u L=0.5u
MB5 bcn bcn vss vss nmos W=0.5u L=0.5u
MB6 bcp bn vss vss nmos W=2u L=0.5u
MB7 bcp bcp vdd vdd pmos W=1.5u L=0.5u
M1 f1 inp tail tail pmos W=20u L=0.3u
M2 f2 inn tail tail pmos W=20u L=0.3u
M3 t1 ibias vdd vdd pmos W=12u L=0.5u
M4 tail bcp t1 t1 pmos W=12u L=0.3u
M5 f1 cm vss vss nmos W=8u L=0.5u
M6 f2 cm vss vss nmos W=8u L=0.5u
M7 o1 bcn f1 f1 nmos W=8u L=0.3u
M8 o2 bcn f2 f2 nmos W=8u L=0.3u
M9 p1 ibias vdd vdd pmos W=12u L=0.5u
M10 p2 ibias vdd vdd pmos W=12u L=0.5u
M11 o1 bcp p1 p1 pmos W=12u L=0.3u
M12 o2 bcp p2 p2 pmos W=12u L=0.3u
M13 outn o1 vdd vdd pmos W=30u L=0.3u
M14 outp o2 vdd vdd pmos W=30u L=0.3u
M15 outn bn vss vss nmos W=10u L=0.5u
M16 outp bn vss vss nmos W=10u L=0.5u
MC1 c1 ibias vdd vdd pmos W=6u L=0.5u
MC2 ct bcp c1 c1 pmos W=6u L=0.3u
MC3 d1 sense ct ct pmos W=6u L=0.3u
MC4 cm vcm ct ct pmos W=6u L=0.3u
MC5 d1 d1 vss vss nmos W=3u L=0.5u
MC6 cm cm vss vss nmos W=3u L=0.5u
RS1 outp sense 50k
RS2 outn sense 50k
CS1 outp sense 50f
CS2 outn sense 50f
RZ1 o1 z1 1k
RZ2 o2 z2 1k
CC1 z1 outn 1p
CC2 z2 outp 1p
CL1 outn vss 2p
CL2 outp vss 2p
CD ibias vdd 1p
.ends
)";

Circuit fullyDifferential() {
    const auto netlist = headroom::netlist::parseNetlist(kFullyDifferential, "amplifier.sp");
    return netlist ? netlist->circuit : Circuit{};
}

Circuit example(const char* file) {
    const auto netlist =
        headroom::netlist::readNetlist(headroom::resourcePath(std::string("examples/") + file));
    return netlist ? netlist->circuit : Circuit{};
}

void measure(benchmark::State& state, const Circuit& circuit) {
    const auto structure = headroom::structure::recognise(circuit);
    headroom::schematic::Drawing drawing;
    for (auto _ : state)
        drawing = headroom::schematic::placeDrawing(circuit, structure);
    const auto quality = headroom::schematic::assess(drawing);
    state.counters["devices"] = static_cast<double>(circuit.devices.size());
    state.counters["crossings"] = quality.crossings;
    state.counters["overlaps"] = quality.overlaps;
}

void foldedCascode(benchmark::State& state) {
    measure(state, example("folded_cascode.sp"));
}
void miller(benchmark::State& state) {
    measure(state, example("miller.sp"));
}
void fortyDevices(benchmark::State& state) {
    measure(state, fullyDifferential());
}

// A chain of resistors, far beyond what is placed by structure.
void plainRows(benchmark::State& state) {
    Circuit circuit;
    const int count = static_cast<int>(state.range(0));
    for (int i = 0; i <= count; ++i) {
        circuit.nets.push_back("n" + std::to_string(i));
        circuit.globalNets.push_back(false);
    }
    for (int i = 0; i < count; ++i) {
        headroom::netlist::Device device;
        device.name = "R" + std::to_string(i);
        device.type = headroom::netlist::DeviceType::Resistor;
        device.nets = {i, i + 1};
        circuit.devices.push_back(std::move(device));
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(headroom::schematic::placeDrawing(circuit, {}));
}

BENCHMARK(miller)->Unit(benchmark::kMillisecond);
BENCHMARK(foldedCascode)->Unit(benchmark::kMillisecond);
BENCHMARK(fortyDevices)->Unit(benchmark::kMillisecond);
BENCHMARK(plainRows)->Arg(10000)->Arg(100000)->Unit(benchmark::kMillisecond);

} // namespace
