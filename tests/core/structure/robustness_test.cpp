// Every circuit gets an answer, whatever it is.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/structure/structure.h"
#include "tests/core/structure/amplifiers.h"

namespace headroom::structure {
namespace {

using netlist::Circuit;
using netlist::Device;
using netlist::DeviceType;

// What holds for any circuit.
void expectConsistent(const Circuit& circuit, const Structure& structure) {
    const auto validDevice = [&](DeviceId id) {
        return id >= 0 && static_cast<std::size_t>(id) < circuit.devices.size();
    };
    const auto validNet = [&](NetId id) {
        return id >= 0 && static_cast<std::size_t>(id) < circuit.nets.size();
    };
    ASSERT_EQ(structure.roles.size(), circuit.devices.size());
    std::size_t unexplained = 0;
    for (const DeviceRole& role : structure.roles) {
        EXPECT_FALSE(role.reason.empty());
        unexplained += role.function == Function::Unexplained ? 1U : 0U;
    }
    EXPECT_EQ(structure.unexplained.size(), unexplained);
    for (const Block& block : structure.blocks) {
        EXPECT_FALSE(block.devices.empty());
        EXPECT_FALSE(block.reason.empty());
        for (const DeviceId id : block.devices)
            ASSERT_TRUE(validDevice(id));
        for (const BlockPin& pin : block.pins)
            ASSERT_TRUE(validNet(pin.net)) << block.type << ' ' << pin.name;
    }
    std::vector<int> groups(circuit.devices.size(), 0);
    for (const MatchedGroup& group : structure.matchedGroups) {
        EXPECT_GE(group.devices.size(), 2U);
        for (const DeviceId id : group.devices) {
            ASSERT_TRUE(validDevice(id));
            EXPECT_EQ(++groups[static_cast<std::size_t>(id)], 1) << "a device in two matched groups";
        }
    }
    for (const MirrorRatio& mirror : structure.mirrors) {
        ASSERT_TRUE(validDevice(mirror.reference));
        ASSERT_TRUE(validDevice(mirror.output));
        EXPECT_NE(mirror.reference, mirror.output);
    }
    std::vector<bool> sized(circuit.devices.size(), false);
    for (const int index : structure.sizingBlocks) {
        ASSERT_TRUE(index >= 0 && static_cast<std::size_t>(index) < structure.blocks.size());
        for (const DeviceId id : structure.blocks[static_cast<std::size_t>(index)].devices)
            sized[static_cast<std::size_t>(id)] = true;
    }
    for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
        const Device& device = circuit.devices[i];
        const bool sizable = device.type == DeviceType::Mosfet && device.polarity && device.nets.size() >= 3;
        EXPECT_TRUE(sized[i] || !sizable) << device.name << " is in no sizing block";
    }
    EXPECT_EQ(structure.ports.has_value(), structure.portsProblem.empty());
    if (!structure.ports) return;
    for (const NetId net : {structure.ports->positiveSupply, structure.ports->negativeSupply,
                            structure.ports->inputPlus, structure.ports->inputMinus, structure.ports->output})
        EXPECT_TRUE(validNet(net));
    EXPECT_NE(structure.ports->inputPlus, structure.ports->inputMinus);
}

Circuit randomCircuit(RandomEngine& engine, int deviceCount, int netCount) {
    Circuit circuit;
    const auto pick = [&](int count) { return static_cast<int>(uniform(engine, 0, count)); };
    for (int i = 0; i < netCount; ++i) {
        const char* named[] = {"vss", "vdd", "inp", "en", "pd_n", "out"};
        circuit.nets.push_back(i < 6 ? named[i] : fmt::format("n{}", i));
        circuit.globalNets.push_back(false);
    }
    if (pick(2) == 0)
        for (int i = 0; i < 6 && i < netCount; ++i)
            circuit.ports.push_back({circuit.nets[static_cast<std::size_t>(i)], i, {}});
    for (int i = 0; i < deviceCount; ++i) {
        Device device;
        device.name = fmt::format("d{}", i);
        const int kind = pick(20);
        device.type = kind < 15   ? DeviceType::Mosfet
                      : kind < 16 ? DeviceType::Bipolar
                      : kind < 17 ? DeviceType::Capacitor
                      : kind < 18 ? DeviceType::Resistor
                      : kind < 19 ? DeviceType::VoltageSource
                                  : DeviceType::CurrentSource;
        if (kind < 16) device.polarity = pick(2) == 0 ? netlist::Polarity::N : netlist::Polarity::P;
        const int terminals = kind < 15 ? 4 : kind < 16 ? 3 : 2;
        for (int t = 0; t < terminals; ++t)
            device.nets.push_back(pick(netCount));
        // Realistic habits, so that the rules are entered and not only skipped.
        if (kind < 15 && pick(2) == 0)
            device.nets[2] = *device.polarity == netlist::Polarity::N ? 0 : 1 % netCount;
        if (kind < 15 && pick(4) == 0) device.nets[1] = device.nets[0];
        if (terminals == 2) device.parameters.push_back({"value", "0", pick(2) * 1e-6, {}});
        circuit.devices.push_back(std::move(device));
    }
    return circuit;
}

TEST(Robustness, EmptyCircuit) {
    const Structure structure = recognise(Circuit{});
    EXPECT_TRUE(structure.roles.empty());
    EXPECT_FALSE(structure.ports);
    EXPECT_FALSE(structure.portsProblem.empty());
}

TEST(Robustness, AllTerminalsOnOneNet) {
    const auto circuit =
        test::circuitOf("m1 a a a a nmos\nm2 a a a a pmos\nr1 a a 1\nc1 a a 1\nv1 a a 0\nq1 a a a npn");
    expectConsistent(circuit, recognise(circuit));
}

TEST(Robustness, DevicesWithTooFewOrInvalidNets) {
    auto circuit = test::miller();
    circuit.devices[0].nets = {0};
    circuit.devices[1].nets = {0, 1, 99, 0};
    circuit.devices[2].nets = {-1, 1, 2, 0};
    circuit.devices[3].polarity.reset();
    circuit.devices[3].nets[netlist::Bulk] = circuit.devices[5].nets[0];
    circuit.devices[8].nets.clear();
    circuit.ports.push_back({"ghost", 77, {}});
    const Structure structure = recognise(circuit);
    EXPECT_EQ(structure.roles.size(), circuit.devices.size());
    EXPECT_EQ(structure.roles[0].function, Function::Unexplained);
}

TEST(Robustness, RingsOfSeriesTransistors) {
    const auto circuit = test::circuitOf("m1 a g b vss nmos\nm2 b g a vss nmos\nm3 c g c vss nmos");
    expectConsistent(circuit, recognise(circuit));
}

TEST(Robustness, MissingSuppliesAreNamed) {
    const auto circuit = test::circuitOf("m1 a b c c nmos\nm2 d e c c nmos");
    const Structure structure = recognise(circuit);
    EXPECT_FALSE(structure.ports);
    EXPECT_NE(structure.portsProblem.find("supply"), std::string::npos) << structure.portsProblem;
}

TEST(Robustness, RandomCircuits) {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        RandomEngine engine(seed);
        const int devices = 1 + static_cast<int>(uniform(engine, 0, 60));
        const int nets = 1 + static_cast<int>(uniform(engine, 0, 30));
        const auto circuit = randomCircuit(engine, devices, nets);
        SCOPED_TRACE(fmt::format("seed {}", seed));
        expectConsistent(circuit, recognise(circuit));
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Robustness, MutatedAmplifiers) {
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        RandomEngine engine(seed);
        auto circuit = seed % 2 == 0 ? test::foldedCascode() : test::miller();
        const int changes = 1 + static_cast<int>(uniform(engine, 0, 4));
        for (int i = 0; i < changes; ++i) {
            auto& device = circuit.devices[static_cast<std::size_t>(
                uniform(engine, 0, static_cast<double>(circuit.devices.size())))];
            auto& net = device.nets[static_cast<std::size_t>(
                uniform(engine, 0, static_cast<double>(device.nets.size())))];
            net = static_cast<NetId>(uniform(engine, 0, static_cast<double>(circuit.nets.size())));
        }
        SCOPED_TRACE(fmt::format("seed {}", seed));
        expectConsistent(circuit, recognise(circuit));
        if (testing::Test::HasFailure()) return;
    }
}

// Ten thousand devices on few, on many and on very many nets; ends in time or the test run stops it.
TEST(Robustness, TenThousandDevices) {
    for (const int nets : {20, 500, 20000}) {
        RandomEngine engine(7);
        const auto circuit = randomCircuit(engine, 10000, nets);
        expectConsistent(circuit, recognise(circuit));
    }
}

TEST(Robustness, ResultsDoNotDependOnRepetition) {
    const auto circuit = test::foldedCascode();
    const Structure first = recognise(circuit);
    const Structure second = recognise(circuit);
    ASSERT_EQ(first.blocks.size(), second.blocks.size());
    for (std::size_t i = 0; i < first.blocks.size(); ++i)
        EXPECT_EQ(first.blocks[i].devices, second.blocks[i].devices);
    EXPECT_EQ(first.sizingBlocks, second.sizingBlocks);
}

} // namespace
} // namespace headroom::structure
