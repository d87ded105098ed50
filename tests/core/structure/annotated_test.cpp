// Roles against amplifiers that carry their own answers: those of tests/data/amplifiers, whose comments say
// what each device is for, and several hundred that are put together from parts.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/netlist/netlist.h"
#include "core/structure/structure.h"
#include "tests/core/structure/composed_amplifiers.h"
#include "tests/core/structure/names.h"

namespace headroom::structure {
namespace {

using Roles = std::map<std::string, std::string>; // by device name

Roles rolesOf(const netlist::Circuit& circuit) {
    const Structure structure = recognise(circuit);
    Roles roles;
    for (const auto& device : circuit.devices)
        roles[device.name] = test::roleOf(circuit, structure, device.name);
    return roles;
}

/// True and found positives of each role over many circuits.
class Confusion {
public:
    void add(const std::string& circuit, const Roles& expected, const Roles& found) {
        for (const auto& [device, role] : expected) {
            const auto answer = found.find(device);
            const std::string given = answer != found.end() ? answer->second : "missing";
            ++m_expected[role];
            ++m_found[given];
            if (given == role) {
                ++m_right[role];
            } else if (m_wrong.size() < 40) {
                m_wrong.push_back(fmt::format("{}: {} is {}, found {}", circuit, device, role, given));
            }
        }
    }

    /// The mean over the roles of the harmonic mean of precision and recall.
    double macroF1() const {
        double sum = 0;
        for (const auto& [role, expected] : m_expected) {
            const auto at = [&](const std::map<std::string, int>& counts) {
                const auto entry = counts.find(role);
                return entry != counts.end() ? entry->second : 0;
            };
            sum += 2.0 * at(m_right) / (expected + at(m_found));
        }
        return sum / static_cast<double>(m_expected.size());
    }

    void report(const std::string& what) const {
        int devices = 0;
        for (const auto& [role, count] : m_expected)
            devices += count;
        std::cout << fmt::format("{}: {} devices, {} roles, macro-F1 {:.4f}\n", what, devices,
                                 m_expected.size(), macroF1());
        for (const std::string& line : m_wrong)
            std::cout << "  " << line << "\n";
    }

private:
    std::map<std::string, int> m_expected, m_found, m_right;
    std::vector<std::string> m_wrong;
};

struct Annotated {
    std::string name;
    netlist::Circuit circuit;
    Roles roles;
};

std::vector<Annotated> annotatedAmplifiers() {
    std::vector<Annotated> result;
    const std::filesystem::path folder = std::filesystem::path(HEADROOM_TEST_SOURCE_DIR) / "tests/data/amplifiers";
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".sp") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
        const auto netlist = netlist::readNetlist(file);
        EXPECT_TRUE(netlist) << file;
        if (!netlist) continue;
        Annotated amplifier{file.stem().string(), netlist->circuit, {}};
        std::istringstream lines(netlist->files.front().text);
        for (std::string line; std::getline(lines, line);) {
            const auto mark = line.find(" $ ");
            if (mark != std::string::npos)
                amplifier.roles[line.substr(0, line.find(' '))] = line.substr(mark + 3);
        }
        EXPECT_EQ(amplifier.roles.size(), amplifier.circuit.devices.size()) << file;
        result.push_back(std::move(amplifier));
    }
    return result;
}

TEST(AnnotatedAmplifiers, EveryDeviceHasItsRole) {
    const auto amplifiers = annotatedAmplifiers();
    ASSERT_GE(amplifiers.size(), 25U);
    Confusion confusion;
    for (const Annotated& amplifier : amplifiers) {
        const Roles found = rolesOf(amplifier.circuit);
        EXPECT_EQ(found, amplifier.roles) << amplifier.name;
        confusion.add(amplifier.name, amplifier.roles, found);
    }
    confusion.report("annotated amplifiers");
}

TEST(AnnotatedAmplifiers, RolesDependNeitherOnOrderNorNamesNorDrawing) {
    RandomEngine engine(7);
    for (Annotated& amplifier : annotatedAmplifiers()) {
        std::shuffle(amplifier.circuit.devices.begin(), amplifier.circuit.devices.end(), engine);
        for (auto& device : amplifier.circuit.devices)
            if (device.type == netlist::DeviceType::Mosfet && engine() % 2 == 0)
                std::swap(device.nets[netlist::Drain], device.nets[netlist::Source]);
        EXPECT_EQ(rolesOf(amplifier.circuit), amplifier.roles) << amplifier.name;
        for (std::size_t i = 0; i < amplifier.circuit.nets.size(); ++i) {
            std::string& net = amplifier.circuit.nets[i];
            // Supplies and the common-mode reference tell themselves by name alone.
            if (net != "vdd" && net != "vss" && net != "vcm") net = fmt::format("x{}", i);
        }
        EXPECT_EQ(rolesOf(amplifier.circuit), amplifier.roles) << amplifier.name;
    }
}

TEST(ComposedAmplifiers, RolesAreThoseOfTheirParts) {
    const auto amplifiers = test::composedAmplifiers();
    ASSERT_GE(amplifiers.size(), 300U);
    Confusion confusion;
    for (const test::ComposedAmplifier& amplifier : amplifiers)
        confusion.add(amplifier.name, amplifier.roles, rolesOf(amplifier.circuit));
    confusion.report(fmt::format("{} composed amplifiers", amplifiers.size()));
    EXPECT_EQ(confusion.macroF1(), 1.0);
}

} // namespace
} // namespace headroom::structure
