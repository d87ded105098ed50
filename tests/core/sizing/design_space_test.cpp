#include "core/sizing/design_space.h"

#include <algorithm>
#include <set>

#include <cmath>
#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/sizing/electrical_drawing.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

class ExampleSpace : public testing::TestWithParam<const char*> {
protected:
    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier(GetParam());
    DesignSpace m_space = spaceOf(*m_amplifier);

    double valueOf(const Sizing& sizing, const std::string& device, const std::string& parameter) {
        const auto found = std::find_if(sizing.begin(), sizing.end(), [&](const netlist::Assignment& a) {
            return a.device == device && a.parameter == parameter;
        });
        EXPECT_NE(found, sizing.end()) << device << "." << parameter;
        return found == sizing.end() ? 0 : found->value;
    }
};

TEST_P(ExampleSpace, EveryMosfetGetsAWidthAndALength) {
    const std::vector<double> values(m_space.size(), 1e-6);
    const Sizing sizing = m_space.expand(values);
    for (const netlist::Device& device : m_amplifier->netlist.circuit.devices) {
        if (device.type != netlist::DeviceType::Mosfet) continue;
        EXPECT_EQ(valueOf(sizing, device.name, "w"), 1e-6);
        EXPECT_EQ(valueOf(sizing, device.name, "l"), 1e-6);
    }
}

TEST_P(ExampleSpace, MatchedDevicesShareTheirSizesAndMirrorsTheirLength) {
    std::vector<double> values(m_space.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = 1e-6 * static_cast<double>(i + 1);
    const Sizing sizing = m_space.expand(values);
    const auto& devices = m_amplifier->netlist.circuit.devices;
    const auto nameOf = [&](DeviceId id) { return devices[static_cast<std::size_t>(id)].name; };
    EXPECT_FALSE(m_amplifier->structure.matchedGroups.empty());
    for (const auto& group : m_amplifier->structure.matchedGroups) {
        for (const DeviceId id : group.devices) {
            if (devices[static_cast<std::size_t>(id)].type != netlist::DeviceType::Mosfet) continue;
            for (const char* parameter : {"w", "l"}) {
                EXPECT_EQ(valueOf(sizing, nameOf(id), parameter),
                          valueOf(sizing, nameOf(group.devices.front()), parameter));
            }
        }
    }
    EXPECT_FALSE(m_amplifier->structure.mirrors.empty());
    for (const auto& mirror : m_amplifier->structure.mirrors) {
        EXPECT_EQ(valueOf(sizing, nameOf(mirror.reference), "l"),
                  valueOf(sizing, nameOf(mirror.output), "l"));
    }
}

TEST_P(ExampleSpace, BlocksCoverEveryVariableOfAMosfet) {
    std::set<std::size_t> covered;
    for (const auto& block : m_space.blocks())
        covered.insert(block.variables.begin(), block.variables.end());
    for (std::size_t v = 0; v < m_space.size(); ++v) {
        if (m_space.variables()[v].parameter == "value") continue;
        EXPECT_TRUE(covered.contains(v)) << m_space.variables()[v].name;
    }
    EXPECT_GE(m_space.blocks().size(), 3U);
}

TEST_P(ExampleSpace, CollapseReadsTheNetlistAndInvertsExpand) {
    const auto drawn = m_space.collapse(m_amplifier->netlist, {});
    ASSERT_TRUE(drawn) << drawn.error().describe();
    std::vector<double> values = *drawn;
    for (double& value : values)
        value *= 1.5;
    EXPECT_EQ(*m_space.collapse(m_amplifier->netlist, m_space.expand(values)), values);
}

TEST_P(ExampleSpace, SnapPutsWidthsOnTheGridAndInRange) {
    std::vector<double> values(m_space.size(), 1.2345678e-6);
    values.front() = 1;
    const std::vector<double> snapped = m_space.snap(values);
    for (std::size_t v = 0; v < snapped.size(); ++v) {
        const Variable& variable = m_space.variables()[v];
        EXPECT_GE(snapped[v], variable.low);
        EXPECT_LE(snapped[v], variable.high);
        if (variable.grid == 0) continue;
        const double steps = snapped[v] / variable.grid;
        EXPECT_NEAR(steps, std::round(steps), 1e-6) << variable.name;
    }
}

TEST_P(ExampleSpace, ExportRoundsPassivesAndNamesWidthBeforeLength) {
    const std::vector<double> rounded =
        m_space.snapForExport(std::vector<double>(m_space.size(), 1.23456789e-12));
    for (std::size_t v = 0; v < rounded.size(); ++v) {
        if (m_space.variables()[v].unit == "F") {
            EXPECT_EQ(rounded[v], 1.235e-12);
        }
    }
    const Sizing sizing = m_space.expand(rounded);
    for (std::size_t i = 1; i < sizing.size(); ++i) {
        if (sizing[i].device == sizing[i - 1].device) {
            EXPECT_EQ(sizing[i].parameter, "l");
        }
    }
}

TEST_P(ExampleSpace, MirrorsCanBeMadeOfUnitTransistors) {
    ASSERT_FALSE(m_space.mirrorBanks().empty());
    const DesignSpace units = m_space.withUnitTransistors(20);
    RandomEngine engine(5);
    for (int trial = 0; trial < 50; ++trial) {
        std::vector<double> values;
        for (const Variable& variable : m_space.variables())
            values.push_back(variable.unit == "m" ? 0.5e-6 * std::exp(3 * uniform(engine)) : variable.low);
        const std::vector<double> snapped = units.snapForExport(values);
        EXPECT_EQ(units.snapForExport(snapped), snapped);
        const std::vector<double> free = m_space.snapForExport(values);
        const Sizing drawn = units.expand(snapped);
        const auto read = units.collapse(m_amplifier->netlist, drawn);
        ASSERT_TRUE(read);
        for (std::size_t v = 0; v < snapped.size(); ++v)
            EXPECT_NEAR((*read)[v] / snapped[v], 1, 1e-12);
        std::set<std::size_t> mirrored;
        for (const auto& bank : m_space.mirrorBanks()) {
            const auto made = units.unitsOf(bank, snapped);
            ASSERT_TRUE(made);
            EXPECT_FALSE(m_space.unitsOf(bank, snapped)); // its widths are free
            for (std::size_t i = 0; i < bank.widths.size(); ++i) {
                const std::size_t v = bank.widths[i];
                mirrored.insert(v);
                EXPECT_NEAR(static_cast<double>(made->counts[i]) * made->width, snapped[v], 1e-15);
                EXPECT_NEAR(std::log(snapped[v] / free[v]), 0, 0.3);
                EXPECT_EQ(valueOf(drawn, units.nameOfDevice(v), "w"), made->width);
                if (made->counts[i] > 1) {
                    EXPECT_EQ(valueOf(drawn, units.nameOfDevice(v), "m"),
                              static_cast<double>(made->counts[i]));
                }
            }
        }
        for (std::size_t v = 0; v < free.size(); ++v) {
            if (!mirrored.contains(v)) {
                EXPECT_EQ(snapped[v], free[v]);
            }
        }
    }
}

TEST_P(ExampleSpace, FingersAndCopiesOfAMirrorAreUnitsToo) {
    auto amplifier = *m_amplifier;
    const auto& mirror = [&]() -> const structure::MirrorRatio& {
        for (const auto& each : amplifier.structure.mirrors) {
            if (m_space.find(amplifier.netlist.circuit.devices[static_cast<std::size_t>(each.reference)].name,
                             "w") !=
                m_space.find(amplifier.netlist.circuit.devices[static_cast<std::size_t>(each.output)].name,
                             "w"))
                return each;
        }
        return amplifier.structure.mirrors.front();
    }();
    auto& devices = amplifier.netlist.circuit.devices;
    auto& output = devices[static_cast<std::size_t>(mirror.output)];
    const std::string reference = devices[static_cast<std::size_t>(mirror.reference)].name;
    output.parameters.push_back({"nf", "4", 4.0, std::nullopt});
    output.parameters.push_back({"m", "3", 3.0, std::nullopt});
    const DesignSpace units = spaceOf(amplifier).withUnitTransistors(40);
    std::vector<double> values(units.size(), 1e-6);
    values[*units.find(reference, "w")] = 2e-6;
    values[*units.find(output.name, "w")] = 16e-6;
    const std::vector<double> snapped = units.snapForExport(values);
    const Sizing sizing = units.expand(snapped);
    const double count = valueOf(sizing, output.name, "m") / 3;
    // One finger is as wide as the whole reference's unit.
    EXPECT_NEAR(valueOf(sizing, output.name, "w") / 4, valueOf(sizing, reference, "w"), 1e-15);
    EXPECT_NEAR(snapped[*units.find(output.name, "w")], count * valueOf(sizing, output.name, "w"), 1e-15);
    std::size_t counted = 0;
    for (const auto& made : units.mirrorsOf(snapped)) {
        for (const auto& [name, number] : made.transistors) {
            if (name == output.name) counted = number;
        }
    }
    EXPECT_EQ(static_cast<double>(counted), count * 4 * 3);
}

TEST_P(ExampleSpace, UnitsFollowAPinnedWidth) {
    const DesignSpace units = m_space.withUnitTransistors(20);
    const auto& bank = units.mirrorBanks().front();
    std::vector<double> values(m_space.size(), 1e-6);
    values[bank.widths[0]] = 2.57e-6;
    values[bank.widths[1]] = 7.1e-6;
    const PinnedSize pin{bank.widths[1], 6e-6};
    const auto snapped = units.snapForExport(values, {&pin, 1});
    EXPECT_NEAR(snapped[bank.widths[1]], 6e-6, 1e-15);
    EXPECT_NEAR(snapped[bank.widths[0]], 2.57e-6, 0.1e-6);
    EXPECT_TRUE(units.unitsOf(bank, snapped));
}

TEST_P(ExampleSpace, DrawnCurrentsObeyKirchhoffAtEveryInnerNet) {
    const ElectricalDrawing drawing(*m_amplifier, m_space, 10e-6);
    ASSERT_GT(drawing.freeRatios(), 0U);
    const auto currents = drawing.branchCurrents(std::vector<double>(drawing.freeRatios(), 1.7));
    ASSERT_TRUE(currents);
    const auto& ports = *m_amplifier->structure.ports;
    const auto& circuit = m_amplifier->netlist.circuit;
    for (netlist::NetId net = 0; net < static_cast<netlist::NetId>(circuit.nets.size()); ++net) {
        if (net == ports.positiveSupply || net == ports.negativeSupply) continue;
        double out = 0;
        for (std::size_t i = 0; i < circuit.devices.size(); ++i) {
            const netlist::Device& device = circuit.devices[i];
            if (device.type != netlist::DeviceType::Mosfet) continue;
            const double sign = device.polarity == netlist::Polarity::P ? -1 : 1;
            if (device.nets[netlist::Drain] == net) out += sign * (*currents)[i];
            if (device.nets[netlist::Source] == net) out -= sign * (*currents)[i];
        }
        double in = 0;
        for (const auto& bias : ports.currentBiases) {
            if (bias.net == net) in += bias.intoNet ? 10e-6 : -10e-6;
        }
        EXPECT_NEAR(out, in, 1e-12) << circuit.nets[static_cast<std::size_t>(net)];
    }
}

TEST_P(ExampleSpace, DrawingsDependOnSeedAndIndexAlone) {
    const ElectricalDrawing drawing(*m_amplifier, m_space, 10e-6);
    int drawn = 0;
    for (std::uint64_t index = 0; index < 50; ++index) {
        const auto first = drawing.draw(3, index);
        EXPECT_EQ(first, drawing.draw(3, index));
        if (!first) continue;
        ++drawn;
        EXPECT_NE(first, drawing.draw(4, index));
        EXPECT_EQ(*first, m_space.snap(*first));
    }
    EXPECT_GT(drawn, 3);
}

INSTANTIATE_TEST_SUITE_P(Examples, ExampleSpace, testing::Values("folded_cascode", "miller"));

} // namespace
} // namespace headroom::sizing
