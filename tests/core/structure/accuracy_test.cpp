// Compares with what other people's tools and labels say about real netlists. The netlists are no part
// of this project: HEADROOM_TEST_DATA names the folder that holds them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/netlist/netlist.h"
#include "core/structure/structure.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

namespace fs = std::filesystem;
using test::Names;

std::optional<fs::path> acstFolder() {
    const char* root = std::getenv("HEADROOM_TEST_DATA");
    if (root == nullptr) return std::nullopt;
    const fs::path folder = fs::path(root) / "netlists" / "acst";
    if (!fs::exists(folder)) return std::nullopt;
    return folder;
}

#define SKIP_WITHOUT_DATA(folder)                                                                            \
    const auto folder = acstFolder();                                                                        \
    if (!folder) GTEST_SKIP() << "HEADROOM_TEST_DATA is unset or has no netlists/acst."

struct Score {
    int right = 0, total = 0;
    std::string wrong;
    void count(bool correct, const std::string& note) {
        ++total;
        if (correct)
            ++right;
        else
            wrong += "  " + note + "\n";
    }
    double fraction() const { return total > 0 ? static_cast<double>(right) / total : 0; }
    Score& operator+=(const Score& other) {
        right += other.right;
        total += other.total;
        wrong += other.wrong;
        return *this;
    }
};

void report(const std::string& what, const Score& score) {
    std::cout << fmt::format("{}: {}/{} ({:.1f} %)\n{}", what, score.right, score.total,
                             100 * score.fraction(), score.wrong);
}

bool contains(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

// "mSimpleFirstStageLoad3" -> "load first"
std::string labelledRole(const std::string& device) {
    if (contains(device, "LoadCapacitor") || contains(device, "Load_Capacitor")) return "load_capacitance";
    if (contains(device, "CompensationCapacitor") || contains(device, "Compensation_Capacitor"))
        return "compensation";
    if (contains(device, "MainBias")) return "bias bias";
    const char* stage = contains(device, "FirstStage")    ? " first"
                        : contains(device, "SecondStage") ? " second"
                        : contains(device, "ThirdStage")  ? " third"
                        : contains(device, "Feedback")    ? " feedback"
                                                          : "";
    if (contains(device, "Transconductor")) return std::string("transconductance") + stage;
    if (contains(device, "StageBias")) return std::string("bias") + stage;
    if (contains(device, "Load")) return std::string("load") + stage;
    return "";
}

struct Recognised {
    netlist::Circuit circuit;
    Structure structure;
};

Recognised recogniseFile(const fs::path& path) {
    auto netlist = netlist::readNetlist(path);
    EXPECT_TRUE(netlist) << (netlist ? "" : netlist.error().describe());
    if (!netlist) return {};
    Structure structure = recognise(netlist->circuit);
    return {std::move(netlist->circuit), std::move(structure)};
}

Score scoreLabels(const fs::path& path) {
    const Recognised result = recogniseFile(path);
    Score score;
    for (const auto& device : result.circuit.devices) {
        const std::string expected = labelledRole(device.name);
        if (expected.empty()) continue;
        const std::string found = test::roleOf(result.circuit, result.structure, device.name);
        score.count(found == expected, fmt::format("{}: {}", device.name, found));
    }
    return score;
}

TEST(Accuracy, FunctionAndStageAgainstLabelledNetlists) {
    SKIP_WITHOUT_DATA(folder);
    Score all;
    for (const char* sub : {"labelled", "sized"})
        for (const auto& entry : fs::directory_iterator(*folder / sub)) {
            if (entry.path().extension() != ".ckt") continue;
            const Score score = scoreLabels(entry.path());
            report(entry.path().filename().string(), score);
            EXPECT_EQ(score.fraction(), 1.0) << entry.path();
            all += score;
        }
    report("all labelled devices", all);
    EXPECT_GE(all.total, 100);
}

// Roles by device name, for comparing one circuit with a variant of itself.
std::map<std::string, std::string> rolesOf(const netlist::Circuit& circuit) {
    const Structure structure = recognise(circuit);
    std::map<std::string, std::string> roles;
    for (const auto& device : circuit.devices)
        roles[device.name] = test::roleOf(circuit, structure, device.name);
    return roles;
}

std::vector<netlist::Circuit> allCircuits(const fs::path& folder) {
    std::vector<netlist::Circuit> circuits;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.path().extension() == ".ckt") circuits.push_back(recogniseFile(entry.path()).circuit);
    EXPECT_GE(circuits.size(), 10U);
    return circuits;
}

TEST(Accuracy, OrderOfDevicesDoesNotMatter) {
    SKIP_WITHOUT_DATA(folder);
    RandomEngine engine(3);
    for (auto& circuit : allCircuits(*folder)) {
        const auto expected = rolesOf(circuit);
        std::shuffle(circuit.devices.begin(), circuit.devices.end(), engine);
        EXPECT_EQ(rolesOf(circuit), expected) << circuit.name;
    }
}

TEST(Accuracy, ComplementaryCircuitIsTheSameAmplifier) {
    SKIP_WITHOUT_DATA(folder);
    for (auto& circuit : allCircuits(*folder)) {
        const auto expected = rolesOf(circuit);
        for (auto& device : circuit.devices)
            if (device.polarity)
                device.polarity =
                    *device.polarity == netlist::Polarity::N ? netlist::Polarity::P : netlist::Polarity::N;
        for (auto& net : circuit.nets) {
            if (net == "sourceNmos" || net == "gnd!" || net == "vss!")
                net = "vdd!";
            else if (net == "sourcePmos" || net == "vdd!")
                net = "gnd!";
        }
        EXPECT_EQ(rolesOf(circuit), expected) << circuit.name;
    }
}

TEST(Accuracy, NetNamesAreNotNeeded) {
    SKIP_WITHOUT_DATA(folder);
    for (auto& circuit : allCircuits(*folder)) {
        const auto expected = rolesOf(circuit);
        for (std::size_t i = 0; i < circuit.nets.size(); ++i)
            circuit.nets[i] = fmt::format("x{}", i);
        EXPECT_EQ(rolesOf(circuit), expected) << circuit.name;
    }
}

std::string attribute(const std::string& line, const std::string& name) {
    const std::string key = name + "=\"";
    const auto begin = line.find(key);
    if (begin == std::string::npos) return "";
    const auto end = line.find('"', begin + key.size());
    return line.substr(begin + key.size(), end - begin - key.size());
}

// Roles of the functional parts in a partitioning result: device name -> expected beginning of roleOf().
std::map<std::string, std::string> referenceRoles(const fs::path& path) {
    std::map<std::string, std::string> roles;
    std::ifstream file(path);
    std::string role;
    for (std::string line; std::getline(file, line);) {
        if (contains(line, "<gmPart "))
            role = attribute(line, "type") == "firstStage" ? "transconductance first"
                                                           : "transconductance second";
        if (contains(line, "<loadPart>")) role = "load";
        if (contains(line, "<biasPart>")) role = "bias";
        if (contains(line, "<capacitance "))
            role = attribute(line, "type") == "load" ? "load_capacitance" : "compensation";
        if (contains(line, "<device ")) roles[attribute(line, "name").substr(1)] = role;
    }
    return roles;
}

TEST(Accuracy, FunctionsAgainstPartitioningResults) {
    SKIP_WITHOUT_DATA(folder);
    for (const char* sub : {"foldedCascodeOpAmp", "lowPowerTwoStageOpAmp", "symmetricalOpAmp"}) {
        const auto expected = referenceRoles(*folder / sub / "reference.xml");
        const Recognised result = recogniseFile(*folder / sub / "input.ckt");
        Score score;
        for (const auto& [device, role] : expected) {
            const std::string found = test::roleOf(result.circuit, result.structure, device);
            score.count(found.rfind(role, 0) == 0, fmt::format("{}: {} instead of {}", device, found, role));
        }
        report(sub, score);
        EXPECT_EQ(score.total, static_cast<int>(result.circuit.devices.size()));
        EXPECT_EQ(score.fraction(), 1.0) << sub;
        ASSERT_TRUE(result.structure.ports) << result.structure.portsProblem;
        EXPECT_EQ(test::netName(result.circuit, result.structure.ports->inputPlus), "inp") << sub;
        EXPECT_EQ(test::netName(result.circuit, result.structure.ports->output), "out") << sub;
    }
}

// The outermost structures of a structure-recognition result: type and devices.
std::set<std::pair<std::string, Names>> referenceBlocks(const fs::path& path) {
    std::set<std::pair<std::string, Names>> blocks;
    std::ifstream file(path);
    int depth = 0;
    std::string type;
    Names devices;
    for (std::string line; std::getline(file, line);) {
        if (contains(line, "<structure ")) {
            if (depth++ == 0) {
                const std::string name = attribute(line, "name");
                type = name.substr(6, name.find('[') - 6); // "MosfetDifferentialPair[1]"
                devices.clear();
            }
        }
        if (contains(line, "<device ")) devices.insert(attribute(line, "name").substr(1));
        if (contains(line, "</structure>") && --depth == 0) blocks.emplace(type, devices);
    }
    return blocks;
}

TEST(Accuracy, BlocksAgainstStructureRecognitionResult) {
    SKIP_WITHOUT_DATA(folder);
    const auto expected = referenceBlocks(*folder / "foca" / "structures.xml");
    const Recognised result = recogniseFile(*folder / "foca" / "input.ckt");
    std::set<std::pair<std::string, Names>> found;
    for (const Block& block : result.structure.blocks)
        if (block.level == 2) found.emplace(block.type, test::namesOf(result.circuit, block.devices));
    EXPECT_EQ(found, expected);
}

TEST(Accuracy, RealAmplifiersAreExplainedWithPortsAndMatchedPairs) {
    SKIP_WITHOUT_DATA(folder);
    const Recognised folded = recogniseFile(*folder / "focaOpAmp" / "input.ckt");
    EXPECT_TRUE(folded.structure.unexplained.empty());
    EXPECT_EQ(test::matchedNames(folded.circuit, folded.structure), (std::set<Names>{{"mndp", "mndn"},
                                                                                     {"mpcmsp", "mpcmsn"},
                                                                                     {"mplssp", "mplssn"},
                                                                                     {"mncmm", "mncms"},
                                                                                     {"mnlsm", "mnlss"}}));
    ASSERT_TRUE(folded.structure.ports) << folded.structure.portsProblem;
    EXPECT_EQ(test::netName(folded.circuit, folded.structure.ports->inputPlus), "inp");
    const Recognised miller = recogniseFile(*folder / "miller" / "input.ckt");
    EXPECT_TRUE(miller.structure.unexplained.empty());
    EXPECT_EQ(test::matchedNames(miller.circuit, miller.structure),
              (std::set<Names>{{"m7", "m8"}, {"m1", "m2"}}));
    ASSERT_TRUE(miller.structure.ports) << miller.structure.portsProblem;
    EXPECT_EQ(test::netName(miller.circuit, miller.structure.ports->inputPlus), "in1");
    EXPECT_EQ(test::netName(miller.circuit, miller.structure.ports->output), "vout");
}

} // namespace
} // namespace headroom::structure
