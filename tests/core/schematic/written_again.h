#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/netlist/netlist.h"

namespace headroom::test {

/// What a netlist that was written and read again connects differently: devices by name ('/' may have
/// become '_'), nets up to their names, ports by name. Empty if all is well.
inline std::vector<std::string> differences(const netlist::Circuit& before, const netlist::Circuit& after) {
    const auto keyOf = [](const std::string& name) {
        std::string key = netlist::lowerCase(name);
        std::replace(key.begin(), key.end(), '/', '_');
        return key;
    };
    std::map<std::string, const netlist::Device*> devices;
    for (const netlist::Device& device : after.devices)
        devices.emplace(keyOf(device.name), &device);
    std::vector<std::string> found;
    if (before.devices.size() != after.devices.size())
        found.push_back(fmt::format("{} devices became {}", before.devices.size(), after.devices.size()));
    std::map<netlist::NetId, netlist::NetId> there, back;
    for (const netlist::Device& device : before.devices) {
        const auto other = devices.find(keyOf(device.name));
        if (other == devices.end()) {
            found.push_back(device.name + " is missing");
            continue;
        }
        if (other->second->type != device.type)
            found.push_back(fmt::format("{}: {} became {}", device.name, toString(device.type),
                                        toString(other->second->type)));
        if (other->second->nets.size() != device.nets.size()) {
            found.push_back(device.name + " has another number of nets");
            continue;
        }
        for (std::size_t i = 0; i < device.nets.size(); ++i) {
            const auto a = device.nets[i], b = other->second->nets[i];
            const bool same =
                there.try_emplace(a, b).first->second == b && back.try_emplace(b, a).first->second == a;
            if (!same)
                found.push_back(fmt::format("{}: net {} of terminal {} became {}", device.name,
                                            before.nets[static_cast<std::size_t>(a)], i,
                                            after.nets[static_cast<std::size_t>(b)]));
        }
    }
    if (before.ports.size() != after.ports.size())
        found.push_back(fmt::format("{} ports became {}", before.ports.size(), after.ports.size()));
    for (const netlist::Port& port : before.ports) {
        const auto other =
            std::find_if(after.ports.begin(), after.ports.end(), [&](const netlist::Port& each) {
                return netlist::lowerCase(each.name) == netlist::lowerCase(port.name);
            });
        const auto net = there.find(port.net);
        if (other == after.ports.end() || (net != there.end() && net->second != other->net))
            found.push_back("port " + port.name + " is lost");
    }
    return found;
}

} // namespace headroom::test
