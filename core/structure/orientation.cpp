#include "core/structure/orientation.h"

#include <algorithm>
#include <cmath>
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

/// Every net's potential between the negative (0) and the positive rails (1) if each channel were the same
/// resistor: current flows from drain to source of an N type wherever it flows at all, so the potentials
/// tell drains from sources also where a net is as near to one rail as to the other. Nets that no current
/// reaches or leaves have the potential of their neighbour.
class Potentials {
public:
    Potentials(const std::vector<Array>& arrays, const netlist::Circuit& circuit,
               const std::vector<NetId>& canonical, const std::vector<Rail>& rails)
        : m_rails(rails)
        , m_conductance(rails.size(), 0)
        , m_source(rails.size(), 0) {
        for (const Array& array : arrays) {
            const bool off = rails[at(array.gate)] == Wiring::ownRail(array.polarity);
            if (!off && array.kind != ArrayKind::Switch) connect(array.drain, array.source, 1);
        }
        for (const Device& device : circuit.devices) {
            const bool conducts = device.type == DeviceType::Resistor || device.type == DeviceType::Inductor ||
                                  device.type == DeviceType::Diode ||
                                  device.type == DeviceType::VoltageSource ||
                                  device.type == DeviceType::CurrentSource;
            if (conducts && device.nets.size() >= 2)
                connect(canonical[at(device.nets[0])], canonical[at(device.nets[1])], 1.0 / passiveStep);
        }
    }

    /// Conjugate gradients with the diagonal as preconditioner; orientations need no more than the sign of
    /// differences, and nets far from both rails fall back on distances.
    std::vector<double> solve() const {
        constexpr int mostIterations = 400;
        constexpr double tolerance = 1e-20; // squared
        std::vector<double> x(m_source.size(), 0), r = m_source, p, q(m_source.size());
        std::vector<double> z = preconditioned(r);
        p = z;
        double rho = dot(r, z);
        const double enough = tolerance * rho;
        for (int i = 0; i < mostIterations && rho > enough; ++i) {
            multiply(p, q);
            const double alpha = rho / dot(p, q);
            for (std::size_t k = 0; k < x.size(); ++k) {
                x[k] += alpha * p[k];
                r[k] -= alpha * q[k];
            }
            z = preconditioned(r);
            const double next = dot(r, z);
            for (std::size_t k = 0; k < p.size(); ++k)
                p[k] = z[k] + next / rho * p[k];
            rho = next;
        }
        for (std::size_t k = 0; k < x.size(); ++k)
            if (m_rails[k] != Rail::None) x[k] = m_rails[k] == Rail::Positive ? 1 : 0;
        return x;
    }

private:
    struct Resistor {
        NetId a, b; ///< both no rails
        double conductance;
    };

    void connect(NetId a, NetId b, double conductance) {
        if (a == b) return;
        const Rail ofA = m_rails[at(a)];
        const Rail ofB = m_rails[at(b)];
        if (ofA == Rail::None && ofB == Rail::None) m_resistors.push_back({a, b, conductance});
        for (const auto& [net, other] : {std::pair{a, ofB}, std::pair{b, ofA}}) {
            m_conductance[at(net)] += conductance;
            if (other == Rail::Positive) m_source[at(net)] += conductance;
        }
        if (ofA != Rail::None) m_source[at(a)] = m_conductance[at(a)] = 0;
        if (ofB != Rail::None) m_source[at(b)] = m_conductance[at(b)] = 0;
    }

    std::vector<double> preconditioned(const std::vector<double>& r) const {
        std::vector<double> z(r.size(), 0);
        for (std::size_t k = 0; k < r.size(); ++k)
            if (m_conductance[k] > 0) z[k] = r[k] / m_conductance[k];
        return z;
    }

    void multiply(const std::vector<double>& p, std::vector<double>& q) const {
        for (std::size_t k = 0; k < p.size(); ++k)
            q[k] = m_conductance[k] * p[k];
        for (const Resistor& each : m_resistors) {
            q[at(each.a)] -= each.conductance * p[at(each.b)];
            q[at(each.b)] -= each.conductance * p[at(each.a)];
        }
    }

    static double dot(const std::vector<double>& a, const std::vector<double>& b) {
        double sum = 0;
        for (std::size_t k = 0; k < a.size(); ++k)
            sum += a[k] * b[k];
        return sum;
    }

    const std::vector<Rail>& m_rails;
    std::vector<Resistor> m_resistors;
    std::vector<double> m_conductance; // by net: the sum of what meets there; 0 for rails
    std::vector<double> m_source;      // by net: what comes from positive rails
};

// Positive: the drawn drain is the source. Evidence in falling order of weight.
bool isReversed(const Array& array, const std::vector<Rail>& rails, const std::vector<int>& distance,
                const std::vector<double>& potential) {
    const Rail own = Wiring::ownRail(array.polarity);
    const Rail atDrain = rails[at(array.drain)];
    const Rail atSource = rails[at(array.source)];
    if (atSource == own && atDrain == own) return false;
    if (atSource == own || atDrain == own) return atDrain == own;
    if (atSource != atDrain) return atSource != Rail::None;
    if (array.gate == array.drain) return false;
    if (array.gate == array.source) return true;
    // Below this nothing flows: what differs is rounding.
    constexpr double leastDifference = 1e-6;
    const double down = potential[at(array.drain)] - potential[at(array.source)];
    if (std::abs(down) > leastDifference) return (down < 0) == (array.polarity == Polarity::N);
    const int fromDrain = distance[at(array.drain)];
    const int fromSource = distance[at(array.source)];
    if (fromDrain != fromSource) return fromDrain < fromSource;
    return array.bulk == array.drain && array.bulk != array.source;
}

} // namespace

void orient(std::vector<Array>& arrays, const netlist::Circuit& circuit, const std::vector<NetId>& canonical,
            const std::vector<Rail>& rails) {
    const std::vector<double> potential = Potentials(arrays, circuit, canonical, rails).solve();
    for (const Polarity polarity : {Polarity::N, Polarity::P}) {
        const auto distance = distances(buildEdges(arrays, circuit, canonical, rails, polarity), rails,
                                        Wiring::ownRail(polarity));
        for (Array& array : arrays) {
            if (array.bipolar || array.polarity != polarity) continue;
            if (isReversed(array, rails, distance, potential)) std::swap(array.drain, array.source);
        }
    }
}

} // namespace headroom::structure
