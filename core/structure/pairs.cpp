#include "core/structure/pairs.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/netlist/letter_case.h"

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
    const auto carries = [&](int t) { return wiring[t].polarity == polarity; };
    const auto& drains = wiring.drainsAt[at(pair.source)];
    return std::any_of(drains.begin(), drains.end(), carries) ||
           wiring.hasDevice(pair.source, DeviceType::Resistor) ||
           wiring.hasDevice(pair.source, DeviceType::CurrentSource) || wiring.isPort(pair.source);
}

// How much a gate net looks like an input of the amplifier; negative where it cannot be one.
int inputScore(NetId gate, const Wiring& wiring) {
    if (!wiring.drainsAt[at(gate)].empty() || !wiring.sourcesAt[at(gate)].empty()) return 0;
    int score = wiring.undriven(gate) ? 10 : 4;
    const std::string name = netlist::lowerCase(wiring.netName(gate));
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

// What may be a pair's source where a resistor comes to it.
bool canDegenerate(NetId net, const Wiring& wiring) {
    const auto& sources = wiring.sourcesAt[at(net)];
    return !wiring.isRail(net) && wiring.gatesAt[at(net)].empty() && !sources.empty() &&
           sources.size() <= maximumSources;
}

void pairAcross(NetId a, NetId b, const Wiring& wiring, std::vector<Pair>& pairs) {
    if (a == b || !canDegenerate(a, wiring) || !canDegenerate(b, wiring)) return;
    for (const int t : wiring.sourcesAt[at(a)])
        for (const int u : wiring.sourcesAt[at(b)]) {
            if (!canPair(wiring[t], wiring[u], wiring)) continue;
            pairs.push_back(t < u ? Pair{t, u, a, b} : Pair{u, t, b, a});
        }
}

// Sources joined by one resistor, or by one each to a common tail.
void findDegeneratedPairs(const Wiring& wiring, std::vector<Pair>& pairs) {
    for (std::size_t i = 0; i < wiring.othersAt.size(); ++i) {
        const auto net = static_cast<NetId>(i);
        if (wiring.isRail(net)) continue;
        std::vector<NetId> ends;
        for (const DeviceId id : wiring.othersAt[i])
            if (wiring.circuit.devices[at(id)].type == DeviceType::Resistor)
                ends.push_back(wiring.otherEnd(id, net));
        if (ends.size() > maximumSources) continue;
        for (std::size_t k = 0; k < ends.size(); ++k) {
            if (ends[k] < 0) continue;
            if (net < ends[k]) pairAcross(net, ends[k], wiring, pairs);
            for (std::size_t j = 0; j < k; ++j)
                if (ends[j] >= 0 && wiring.sourcesAt[i].empty()) pairAcross(ends[j], ends[k], wiring, pairs);
        }
    }
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
                    pairs.push_back({sources[i], sources[j], static_cast<NetId>(net),
                                     static_cast<NetId>(net)});
    }
    findDegeneratedPairs(wiring, pairs);
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
