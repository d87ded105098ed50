#include "core/structure/digital.h"

#include <cstdint>
#include <vector>

#include <fmt/format.h>

namespace headroom::structure {

std::string digitalProblem(const netlist::Circuit& circuit) {
    // Below this an analog block with its power-down logic may look alike, and recognition takes no time.
    constexpr std::size_t fewest = 2000;
    constexpr double share = 0.7;
    struct Gates {
        std::uint32_t n = 0, p = 0;
    };
    std::vector<Gates> gates(circuit.nets.size());
    const auto isMosfet = [](const netlist::Device& device) {
        return device.type == netlist::DeviceType::Mosfet && device.polarity &&
               device.nets.size() > netlist::Gate;
    };
    const auto gateOf = [](const netlist::Device& device) {
        return static_cast<std::size_t>(device.nets[netlist::Gate]);
    };
    std::size_t mosfets = 0;
    for (const netlist::Device& device : circuit.devices) {
        if (!isMosfet(device)) continue;
        ++mosfets;
        Gates& here = gates[gateOf(device)];
        ++(*device.polarity == netlist::Polarity::N ? here.n : here.p);
    }
    if (mosfets < fewest) return {};
    std::size_t complementary = 0;
    for (const netlist::Device& device : circuit.devices)
        if (isMosfet(device) && gates[gateOf(device)].n == gates[gateOf(device)].p) ++complementary;
    const double found = static_cast<double>(complementary) / static_cast<double>(mosfets);
    if (found < share) return {};
    return fmt::format("This is logic and no analog block: {:.0f} % of its {} MOSFETs are driven in complementary "
                       "couples.",
                       100 * found, mosfets);
}

} // namespace headroom::structure
