#include "core/sizing/amplifier_source.h"

#include "core/base/hash.h"

namespace headroom::sizing {

Result<std::shared_ptr<const simulation::AmplifierUnderTest>>
openAmplifier(const std::filesystem::path& netlist, const std::string& technology,
              const std::optional<std::string>& top) {
    auto amplifier = std::make_shared<simulation::AmplifierUnderTest>();
    netlist::ReadOptions options;
    options.top = top;
    auto read = netlist::readNetlist(netlist, options);
    if (!read) return forward(read);
    auto loaded = technology::loadTechnology(technology);
    if (!loaded) return forward(loaded);
    amplifier->netlist = std::move(*read);
    amplifier->structure = structure::recognise(amplifier->netlist.circuit);
    amplifier->technology = std::move(*loaded);
    return amplifier;
}

std::vector<std::string> deviceLines(const netlist::Circuit& circuit) {
    std::vector<std::string> lines;
    for (const netlist::Device& device : circuit.devices) {
        std::string line = device.name + ' ' + device.model;
        for (const netlist::NetId net : device.nets)
            line += ' ' + circuit.nets[static_cast<std::size_t>(net)];
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string circuitHash(const netlist::Circuit& circuit) {
    std::string text;
    for (const std::string& line : deviceLines(circuit))
        text += line + '\n';
    return sha256(text);
}

} // namespace headroom::sizing
