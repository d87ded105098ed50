#include "core/structure/mirrors.h"

#include <algorithm>

namespace headroom::structure {

namespace {

// The gate is tied to the drain of a transistor of the same polarity stacked on this one (through at
// most two cascodes).
bool diodeThroughCascode(const Wiring& wiring, int t) {
    const Transistor& lower = wiring[t];
    NetId node = lower.drain;
    for (int depth = 0; depth < 2; ++depth) {
        if (wiring.isRail(node)) return false;
        NetId next = -1;
        for (const int u : wiring.sourcesAt[at(node)]) {
            const Transistor& upper = wiring[u];
            if (upper.polarity != lower.polarity || upper.bipolar != lower.bipolar) continue;
            if (upper.drain == lower.gate) return true;
            next = upper.drain;
        }
        if (next < 0) return false;
        node = next;
    }
    return false;
}

} // namespace

std::vector<Mirror> findMirrors(const Wiring& wiring) {
    std::vector<Mirror> mirrors;
    for (std::size_t net = 0; net < wiring.gatesAt.size(); ++net) {
        const auto& gates = wiring.gatesAt[net];
        if (gates.size() < 2 || wiring.isRail(static_cast<NetId>(net))) continue;
        std::vector<int> references;
        std::vector<bool> cascoded;
        for (const int t : gates)
            if (wiring[t].diode()) references.push_back(t), cascoded.push_back(false);
        for (const int t : gates)
            if (!wiring[t].diode() && diodeThroughCascode(wiring, t))
                references.push_back(t), cascoded.push_back(true);
        std::vector<bool> taken(gates.size(), false);
        for (std::size_t r = 0; r < references.size(); ++r) {
            const Transistor& reference = wiring[references[r]];
            for (std::size_t i = 0; i < gates.size(); ++i) {
                const Transistor& output = wiring[gates[i]];
                if (taken[i] || gates[i] == references[r] || output.diode()) continue;
                if (output.polarity != reference.polarity || output.bipolar != reference.bipolar) continue;
                if (output.source != reference.source || output.drain == reference.drain) continue;
                taken[i] = true;
                mirrors.push_back({references[r], gates[i], cascoded[r]});
            }
            // A reference is no output of a later one.
            const auto own = std::find(gates.begin(), gates.end(), references[r]);
            taken[static_cast<std::size_t>(own - gates.begin())] = true;
        }
    }
    return mirrors;
}

std::vector<bool> referencesOf(const Wiring& wiring, const std::vector<Mirror>& mirrors) {
    std::vector<bool> references(wiring.transistors.size(), false);
    for (const Mirror& mirror : mirrors)
        references[at(mirror.reference)] = true;
    return references;
}

} // namespace headroom::structure
