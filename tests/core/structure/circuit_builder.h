#pragma once

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::test {

/// Builds a circuit from one device per line, as "m1 drain gate source bulk nmos", "c1 plus minus",
/// "i1 plus minus 10e-6": just enough to write test circuits down without the netlist reader.
class CircuitBuilder {
public:
    explicit CircuitBuilder(const std::string& lines, const std::vector<std::string>& ports = {}) {
        for (const auto& port : ports)
            m_circuit.ports.push_back({port, net(port), {}});
        std::istringstream stream(lines);
        for (std::string line; std::getline(stream, line);)
            add(line);
    }

    netlist::Circuit build() && { return std::move(m_circuit); }

private:
    netlist::NetId net(const std::string& name) {
        const auto found = std::find(m_circuit.nets.begin(), m_circuit.nets.end(), name);
        if (found != m_circuit.nets.end()) return static_cast<netlist::NetId>(found - m_circuit.nets.begin());
        m_circuit.nets.push_back(name);
        m_circuit.globalNets.push_back(name == "0" || name.back() == '!');
        return static_cast<netlist::NetId>(m_circuit.nets.size() - 1);
    }

    void add(const std::string& line) {
        std::istringstream stream(line);
        std::vector<std::string> words;
        for (std::string word; stream >> word;)
            words.push_back(word);
        if (words.size() < 3) return;
        netlist::Device device;
        device.name = words[0];
        std::size_t terminals = 2;
        switch (std::tolower(static_cast<unsigned char>(words[0][0]))) {
        case 'm':
            device.type = netlist::DeviceType::Mosfet;
            terminals = 4;
            break;
        case 'q':
            device.type = netlist::DeviceType::Bipolar;
            terminals = 3;
            break;
        case 'c':
            device.type = netlist::DeviceType::Capacitor;
            break;
        case 'r':
            device.type = netlist::DeviceType::Resistor;
            break;
        case 'v':
            device.type = netlist::DeviceType::VoltageSource;
            break;
        case 'i':
            device.type = netlist::DeviceType::CurrentSource;
            break;
        default:
            return;
        }
        for (std::size_t i = 1; i <= terminals && i < words.size(); ++i)
            device.nets.push_back(net(words[i]));
        if (words.size() > terminals + 1) {
            const std::string& last = words[terminals + 1];
            if (terminals > 2) {
                device.model = last;
                device.polarity = last[0] == 'p' ? netlist::Polarity::P : netlist::Polarity::N;
            } else {
                device.parameters.push_back({"value", last, std::strtod(last.c_str(), nullptr), {}});
            }
        }
        m_circuit.devices.push_back(std::move(device));
    }

    netlist::Circuit m_circuit;
};

inline netlist::Circuit circuitOf(const std::string& lines, const std::vector<std::string>& ports = {}) {
    return CircuitBuilder(lines, ports).build();
}

} // namespace headroom::test
