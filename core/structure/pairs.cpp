#include "core/structure/pairs.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace headroom::structure {

using netlist::DeviceType;
using netlist::PortDirection;

namespace {

constexpr std::size_t maximumSources = 8;

bool canPair(const Transistor& a, const Transistor& b, const Wiring& wiring) {
    if (a.polarity != b.polarity || a.bipolar != b.bipolar) return false;
    if (a.kind != ArrayKind::Normal || b.kind != ArrayKind::Normal) return false;
    if (a.gate == b.gate || a.drain == b.drain || a.gate == a.source || b.gate == b.source) return false;
    if (wiring.isRail(a.gate) || wiring.isRail(b.gate)) return false;
    const bool crossCoupled = a.gate == b.drain && b.gate == a.drain;
    return !crossCoupled;
}

bool hasTail(const Pair& pair, const Wiring& wiring) {
    const Polarity polarity = wiring[pair.first].polarity;
    const auto& drains = wiring.drainsAt[at(pair.source)];
    return std::any_of(drains.begin(), drains.end(), [&](int t) { return wiring[t].polarity == polarity; }) ||
           wiring.hasDevice(pair.source, DeviceType::Resistor) ||
           wiring.hasDevice(pair.source, DeviceType::CurrentSource) || wiring.isPort(pair.source);
}

std::string lowerCase(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// How much a gate net looks like an input of the amplifier; negative where it cannot be one.
int inputScore(NetId gate, const Wiring& wiring) {
    if (!wiring.drainsAt[at(gate)].empty() || !wiring.sourcesAt[at(gate)].empty()) return 0;
    int score = wiring.undriven(gate) ? 10 : 4;
    const std::string name = lowerCase(wiring.netName(gate));
    const auto contains = [&](const char* part) { return name.find(part) != std::string::npos; };
    if (contains("bias") || contains("ref") || contains("cm") || name.rfind("vb", 0) == 0)
        score -= 5;
    else if (contains("in") || contains("ip") || contains("im"))
        score += 3;
    for (const auto& port : wiring.circuit.ports)
        if (port.net == gate && port.direction == PortDirection::Input) score += 2;
    if (wiring.gatesAt[at(gate)].size() > 4) score -= 3;
    return score;
}

} // namespace

std::vector<Pair> findPairs(const Wiring& wiring) {
    std::vector<Pair> pairs;
    for (std::size_t net = 0; net < wiring.sourcesAt.size(); ++net) {
        const auto& sources = wiring.sourcesAt[net];
        if (sources.size() < 2 || sources.size() > maximumSources) continue;
        if (wiring.isRail(static_cast<NetId>(net))) continue;
        for (std::size_t i = 0; i < sources.size(); ++i)
            for (std::size_t j = i + 1; j < sources.size(); ++j)
                if (canPair(wiring[sources[i]], wiring[sources[j]], wiring))
                    pairs.push_back({sources[i], sources[j], static_cast<NetId>(net)});
    }
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
        return std::pair(a.first, a.second) < std::pair(b.first, b.second);
    });
    return pairs;
}

std::vector<Pair> findInputPairs(const Wiring& wiring, const std::vector<Pair>& pairs) {
    const Pair* best = nullptr;
    int bestScore = 0;
    for (const Pair& pair : pairs) {
        const Transistor& a = wiring[pair.first];
        const Transistor& b = wiring[pair.second];
        if (wiring.isRail(a.drain) && wiring.isRail(b.drain)) continue;
        const int scoreA = inputScore(a.gate, wiring);
        const int scoreB = inputScore(b.gate, wiring);
        if (scoreA <= 0 && scoreB <= 0) continue;
        const int score = scoreA + scoreB + (hasTail(pair, wiring) ? 4 : 0);
        if (best != nullptr && score <= bestScore) continue;
        best = &pair;
        bestScore = score;
    }
    std::vector<Pair> inputs;
    if (best == nullptr) return inputs;
    const auto gates = [&](const Pair& pair) {
        return std::minmax(wiring[pair.first].gate, wiring[pair.second].gate);
    };
    const std::pair<NetId, NetId> wanted = gates(*best);
    for (const Pair& pair : pairs)
        if (std::pair<NetId, NetId>(gates(pair)) == wanted) inputs.push_back(pair);
    return inputs;
}

} // namespace headroom::structure
