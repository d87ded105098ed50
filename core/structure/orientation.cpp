#include "core/structure/orientation.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <utility>

namespace headroom::structure {

using netlist::Device;
using netlist::DeviceType;

namespace {

constexpr int unreachable = std::numeric_limits<int>::max();

// Distances in "devices between this net and the rail". Channels of the rail's own polarity are the
// natural way; passives and sources are detours; channels of the other polarity a last resort.
constexpr int channelStep = 1;
constexpr int passiveStep = 4;
constexpr int foreignChannelStep = 1000;

struct Edge {
    NetId to;
    int step;
};
using Edges = std::vector<std::vector<Edge>>;

Edges buildEdges(const std::vector<Array>& arrays, const netlist::Circuit& circuit,
                 const std::vector<NetId>& canonical, const std::vector<Rail>& rails, Polarity polarity) {
    Edges edges(circuit.nets.size());
    const auto connect = [&](NetId a, NetId b, int step) {
        if (a == b) return;
        edges[at(a)].push_back({b, step});
        edges[at(b)].push_back({a, step});
    };
    for (const Array& array : arrays) {
        // Open switches and transistors that are never on lead nowhere.
        const bool off = rails[at(array.gate)] == Wiring::ownRail(array.polarity);
        if (off || array.kind == ArrayKind::Switch) continue;
        connect(array.drain, array.source, array.polarity == polarity ? channelStep : foreignChannelStep);
    }
    for (const Device& device : circuit.devices) {
        switch (device.type) {
        case DeviceType::Resistor:
        case DeviceType::Inductor:
        case DeviceType::Diode:
        case DeviceType::VoltageSource:
        case DeviceType::CurrentSource:
            if (device.nets.size() >= 2)
                connect(canonical[at(device.nets[0])], canonical[at(device.nets[1])], passiveStep);
            break;
        default:
            break;
        }
    }
    return edges;
}

// Shortest distances from all nets of one rail; the other rail is reached by nothing and leads nowhere.
std::vector<int> distances(const Edges& edges, const std::vector<Rail>& rails, Rail from) {
    std::vector<int> distance(edges.size(), unreachable);
    using Entry = std::pair<int, NetId>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    for (std::size_t net = 0; net < rails.size(); ++net) {
        if (rails[net] != from) continue;
        distance[net] = 0;
        queue.emplace(0, static_cast<NetId>(net));
    }
    while (!queue.empty()) {
        const auto [length, net] = queue.top();
        queue.pop();
        if (length > distance[at(net)]) continue;
        for (const Edge& edge : edges[at(net)]) {
            if (rails[at(edge.to)] != Rail::None) continue;
            const int next = length + edge.step;
            if (next >= distance[at(edge.to)]) continue;
            distance[at(edge.to)] = next;
            queue.emplace(next, edge.to);
        }
    }
    return distance;
}

// Positive: the drawn drain is the source. Evidence in falling order of weight.
bool isReversed(const Array& array, const std::vector<Rail>& rails, const std::vector<int>& distance) {
    const Rail own = Wiring::ownRail(array.polarity);
    const Rail atDrain = rails[at(array.drain)];
    const Rail atSource = rails[at(array.source)];
    if (atSource == own && atDrain == own) return false;
    if (atSource == own || atDrain == own) return atDrain == own;
    if (atSource != atDrain) return atSource != Rail::None;
    if (array.gate == array.drain) return false;
    if (array.gate == array.source) return true;
    const int fromDrain = distance[at(array.drain)];
    const int fromSource = distance[at(array.source)];
    if (fromDrain != fromSource) return fromDrain < fromSource;
    return array.bulk == array.drain && array.bulk != array.source;
}

} // namespace

void orient(std::vector<Array>& arrays, const netlist::Circuit& circuit, const std::vector<NetId>& canonical,
            const std::vector<Rail>& rails) {
    for (const Polarity polarity : {Polarity::N, Polarity::P}) {
        const auto distance = distances(buildEdges(arrays, circuit, canonical, rails, polarity), rails,
                                        Wiring::ownRail(polarity));
        for (Array& array : arrays) {
            if (array.bipolar || array.polarity != polarity) continue;
            if (isReversed(array, rails, distance)) std::swap(array.drain, array.source);
        }
    }
}

} // namespace headroom::structure
