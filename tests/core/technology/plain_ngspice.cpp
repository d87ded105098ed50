#include "tests/core/technology/plain_ngspice.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"

namespace headroom::technology {
namespace {

std::string elementName(const TestDevice& device, std::size_t index) {
    return fmt::format("{}{}", device.rules->innerDevice.empty() ? "m" : "x", index);
}

/// What ngspice calls the MOSFET of an element.
std::string mosfetName(const TestDevice& device, std::size_t index) {
    const std::string element = elementName(device, index);
    return device.rules->innerDevice.empty() ? element : "m." + element + '.' + device.rules->innerDevice;
}

std::string elementLine(const Technology& technology, const TestDevice& device, std::size_t index) {
    const char* side = device.rules->polarity == netlist::Polarity::N ? "n" : "p";
    return fmt::format("{0} d{1} g{1} 0 b{1} {2} w={3:.10g} l={4:.10g} nf={5}\n", elementName(device, index),
                       side, device.rules->model, device.width / technology.lengthUnit,
                       device.length / technology.lengthUnit, device.fingers);
}

} // namespace

bool hasNgspice() {
    return std::system("command -v ngspice >/dev/null") == 0;
}

std::string dataFolder(const std::string& name) {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    const std::filesystem::path folder =
        std::filesystem::path(data == nullptr ? "" : data) / "technologies" / name;
    return std::filesystem::exists(folder) ? folder.string() : std::string();
}

std::string runNgspice(const std::vector<std::string>& before, const std::string& deck,
                       const std::string& after) {
    const auto folder =
        std::filesystem::path(testing::TempDir()) / fmt::format("headroom_technology_{}", ::getpid());
    std::string commands = "set num_threads=1\nset numdgt=12\n";
    for (const std::string& command : before)
        commands += command + '\n';
    commands += "source " + (folder / "deck.cir").string() + '\n' + after + "quit\n";
    if (!writeFileAtomically(folder / "deck.cir", deck) ||
        !writeFileAtomically(folder / "commands", commands))
        throw std::runtime_error("the deck cannot be written");
    const std::string line = fmt::format("ngspice -n -p <{} 2>&1", (folder / "commands").string());
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
    std::string output;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe.get()))
        output.append(buffer, count);
    std::filesystem::remove_all(folder);
    return output;
}

std::map<std::string, double> valuesIn(const std::string& output) {
    std::map<std::string, double> values;
    std::istringstream lines(output);
    std::string part;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        std::string equals;
        double value = 0;
        if (line.starts_with("part ")) part = line.substr(5) + ' ';
        if (words >> name >> equals >> value && equals == "=") values[part + name] = value;
    }
    return values;
}

std::map<std::string, double> operatingPoints(const Technology& technology, const std::string& models,
                                              const std::vector<TestDevice>& devices) {
    struct Bias {
        double gate, drain, bulk; ///< shares of the supply voltage
    };
    // Off, weak inversion, triode, and saturation with and without body bias.
    constexpr Bias biases[] = {{0, 1, 0}, {0.22, 0.5, 0}, {0.8, 0.05, 0}, {0.5, 0.6, 0}, {0.6, 1, -0.2}};
    std::string deck = "* devices\n" + models;
    std::string commands;
    for (const char* side : {"n", "p"})
        for (const char* node : {"d", "g", "b"})
            deck += fmt::format("v{0}{1} {0}{1} 0 0\n", node, side);
    for (std::size_t index = 0; index < devices.size(); ++index)
        deck += elementLine(technology, devices[index], index);
    deck += fmt::format(".options temp={}\n.end\n", technology.temperature);
    int number = 0;
    for (const Bias& bias : biases) {
        for (const auto& [side, sign] : {std::pair("n", 1.0), std::pair("p", -1.0)})
            for (const auto& [node, share] :
                 {std::pair("d", bias.drain), std::pair("g", bias.gate), std::pair("b", bias.bulk)})
                commands +=
                    fmt::format("alter v{}{} = {}\n", node, side, sign * share * technology.supplyVoltage);
        commands += fmt::format("op\necho part {}\n", number);
        for (std::size_t index = 0; index < devices.size(); ++index) {
            commands += "print";
            for (const char* quantity : {"id", "gm", "gds", "gmbs", "cgg", "cgd", "cgs", "cbs", "cbd"})
                commands += fmt::format(" @{}[{}]", mosfetName(devices[index], index), quantity);
            commands += '\n';
        }
        ++number;
    }
    return valuesIn(runNgspice(technology.commandsBeforeDeck(), deck, commands));
}

void expectEqual(const std::map<std::string, double>& ours, const std::map<std::string, double>& original,
                 const std::string& where) {
    ASSERT_EQ(ours.size(), original.size()) << where;
    for (const auto& [name, value] : original) {
        ASSERT_TRUE(ours.contains(name)) << where << ' ' << name;
        EXPECT_LE(std::abs(ours.at(name) - value), 1e-6 * std::abs(value))
            << where << ' ' << name << ": " << ours.at(name) << ", not " << value;
    }
}

} // namespace headroom::technology
