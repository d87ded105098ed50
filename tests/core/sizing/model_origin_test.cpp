#include "core/sizing/model_origin.h"

#include <gtest/gtest.h>

#include "core/sizing/sizing_model.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

/// The card of a model that was made for the amplifier.
ModelCard cardFor(const simulation::AmplifierUnderTest& amplifier) {
    ModelCard card;
    card.circuit = amplifier.netlist.circuit.name;
    card.technology = amplifier.technology.name;
    card.netlistHash = circuitHash(amplifier.netlist.circuit);
    card.origin = originOf(amplifier);
    return card;
}

class ModelOriginTest : public testing::Test {
protected:
    /// What is said of the altered amplifier; empty where it is taken.
    std::string refusal() const {
        const auto checked = checkOrigin(m_card, m_amplifier);
        return checked ? std::string() : checked.error().message;
    }
    netlist::Device& device(const std::string& name) {
        return m_amplifier.netlist.circuit
            .devices[static_cast<std::size_t>(*m_amplifier.netlist.circuit.findDevice(name))];
    }
    void expectNamed(const std::string& what) const {
        EXPECT_NE(refusal().find(what), std::string::npos) << refusal();
    }

    simulation::AmplifierUnderTest m_amplifier = *exampleAmplifier("miller");
    ModelCard m_card = cardFor(m_amplifier);
};

TEST_F(ModelOriginTest, TheSameCircuitAndTechnologyAreTaken) {
    EXPECT_EQ(refusal(), "");
}

TEST_F(ModelOriginTest, NamesOfNetsDoNotMatter) {
    for (std::string& net : m_amplifier.netlist.circuit.nets)
        net += "_renamed";
    EXPECT_EQ(refusal(), "");
}

TEST_F(ModelOriginTest, DevicesModelsAndConnectionsThatDifferAreNamed) {
    device("M3").name = "M33";
    expectNamed("it lacks M3");
    expectNamed("it has M33 besides");
    device("M33").name = "M3";
    device("M5").model = "OTHER";
    expectNamed("another model in M5 (OTHER instead of");
    device("M5").model = device("M6").model;
    m_amplifier = *exampleAmplifier("miller");
    std::swap(device("M6").nets[0], device("M6").nets[2]);
    expectNamed("it connects M6 otherwise");
}

TEST_F(ModelOriginTest, OfAnOldCardOnlyTheFingerprintIsNamed) {
    m_card.origin = {};
    EXPECT_EQ(refusal(), "");
    device("M3").name = "M33";
    expectNamed("fingerprint");
}

TEST_F(ModelOriginTest, AnotherTechnologyOrVersionIsNamed) {
    m_amplifier.technology.supplyVoltage = 1.0;
    expectNamed("supply_voltage 1 instead of 1.1");
    m_amplifier.technology.supplyVoltage = 1.1;
    EXPECT_EQ(refusal(), "");
    m_amplifier.technology.cards.begin()->second.figures.begin()->second *= 1.01;
    expectNamed("the figures of its device models, fingerprint");
    m_amplifier.technology.name = "other";
    expectNamed("made in the technology freepdk45, not in other");
}

TEST(Variables, ThatDifferAreNamed) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    std::vector<std::string> names;
    for (const Variable& variable : space.variables())
        names.push_back(variable.name);
    EXPECT_TRUE(checkVariables(names, space));
    std::swap(names[0], names[1]);
    EXPECT_NE(checkVariables(names, space).error().message.find("another order"), std::string::npos);
    std::swap(names[0], names[1]);
    names[2] = "M99 w";
    const std::string message = checkVariables(names, space).error().message;
    EXPECT_NE(message.find("does not have \"M99 w\""), std::string::npos) << message;
    EXPECT_NE(message.find("has \"M3,M4 w\" besides"), std::string::npos) << message;
}

} // namespace
} // namespace headroom::sizing
