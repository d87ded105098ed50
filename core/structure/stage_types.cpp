#include "core/structure/stage_types.h"

#include <algorithm>
#include <array>
#include <queue>

#include <fmt/format.h>

namespace headroom::structure {
namespace {

class StageDescriber {
public:
    StageDescriber(const Wiring& wiring, const Functions& functions)
        : m_wiring(wiring)
        , m_functions(functions) {}

    std::vector<StageDescription> describe() const {
        std::vector<StageDescription> result;
        for (const Stage stage : {Stage::First, Stage::Second, Stage::Third, Stage::Feedback, Stage::Bias}) {
            StageDescription description{stage, {}, {}, {}};
            for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
                if (m_functions.roles[i].stage != stage) continue;
                const auto devices = m_wiring.devicesOf(static_cast<int>(i));
                description.devices.insert(description.devices.end(), devices.begin(), devices.end());
            }
            if (description.devices.empty()) continue;
            if (stage == Stage::First)
                first(description);
            else if (stage == Stage::Bias)
                set(description, "main bias", "Makes the reference currents and voltages.");
            else if (stage == Stage::Feedback)
                set(description, "common-mode feedback", "Compares the outputs' mean with a reference.");
            else
                later(description);
            result.push_back(std::move(description));
        }
        return result;
    }

private:
    static void set(StageDescription& description, const char* type, std::string reason) {
        description.type = type;
        description.reason = std::move(reason);
    }

    void first(StageDescription& description) const {
        const auto& pairs = m_functions.inputPairs;
        if (pairs.empty()) return set(description, "unknown", "It has no differential pair.");
        const Pair& pair = pairs.front();
        const Polarity polarity = m_wiring[pair.first].polarity;
        const bool mixed = std::any_of(pairs.begin(), pairs.end(), [&](const Pair& each) {
            return m_wiring[each.first].polarity != polarity;
        });
        if (mixed)
            return set(description, "complementary", "Pairs of both polarities share the input nets.");
        if (hasCascode(pair, false))
            return set(description, "folded cascode",
                       "The pair's currents go into cascodes of the other polarity.");
        if (hasCascode(pair, true))
            return set(description, "telescopic", "Cascodes of the pair's own polarity stand on its drains.");
        if (isSymmetrical(pair))
            return set(description, "symmetrical",
                       "Both drains end on diodes, and mirrors take both currents on to the output.");
        set(description, "simple", "The load stands on the pair's drains.");
    }

    bool hasCascode(const Pair& pair, bool ownPolarity) const {
        const auto on = [&](int half) {
            const Transistor& transistor = m_wiring[half];
            if (m_wiring.isRail(transistor.drain)) return false;
            const auto& sources = m_wiring.sourcesAt[at(transistor.drain)];
            return std::any_of(sources.begin(), sources.end(), [&](int u) {
                return (m_wiring[u].polarity == transistor.polarity) == ownPolarity &&
                       m_functions.roles[at(u)].stage == Stage::First &&
                       m_functions.roles[at(u)].function == Function::Load;
            });
        };
        return on(pair.first) && on(pair.second);
    }

    // Two diodes, each with a transconductor of the second stage on its gate.
    bool isSymmetrical(const Pair& pair) const {
        const auto mirrored = [&](int half) {
            const NetId net = m_wiring[half].drain;
            if (m_wiring.isRail(net)) return false;
            const auto& drains = m_wiring.drainsAt[at(net)];
            const bool diode = std::any_of(drains.begin(), drains.end(), [&](int t) {
                return m_wiring[t].diode() && m_functions.roles[at(t)].function == Function::Load;
            });
            const auto& gates = m_wiring.gatesAt[at(net)];
            return diode && std::any_of(gates.begin(), gates.end(), [&](int t) {
                       return m_functions.roles[at(t)].function == Function::Transconductance &&
                              m_functions.roles[at(t)].stage == Stage::Second;
                   });
        };
        return mirrored(pair.first) && mirrored(pair.second);
    }

    void later(StageDescription& description) const {
        bool n = false, p = false, follower = false, cascode = false, differential = false;
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const DeviceRole& role = m_functions.roles[i];
            const Transistor& t = m_wiring.transistors[i];
            if (role.stage != description.stage || role.function != Function::Transconductance) continue;
            differential = differential || m_functions.pairHalf[i];
            if (m_wiring.isRail(t.drain) && !m_wiring.isRail(t.source)) {
                follower = true;
            } else if (!m_wiring.isRail(t.source) && !m_functions.pairHalf[i]) {
                cascode = true;
            } else {
                (t.polarity == Polarity::N ? n : p) = true;
            }
        }
        if (differential) return set(description, "differential pair", "A pair takes both signals.");
        if (follower && !n && !p)
            return set(description, "source follower", "The output is the source of its transistor.");
        if (n && p)
            return set(description, "push-pull", "Transconductors of both polarities drive the output.");
        if (cascode)
            return set(description, "cascoded common source", "A cascode stands on the transconductor.");
        set(description, "common source", "One transconductor into a current source.");
    }

    const Wiring& m_wiring;
    const Functions& m_functions;
};

} // namespace

std::vector<StageDescription> describeStages(const Wiring& wiring, const Functions& functions) {
    return StageDescriber(wiring, functions).describe();
}

std::vector<SignalStep> findSignalPath(const Wiring& wiring, const Functions& functions, NetId input,
                                       NetId output) {
    struct Arrival {
        NetId from = -1;
        int transistor = -1;
    };
    std::vector<Arrival> arrivals(wiring.circuit.nets.size());
    std::vector<bool> seen(arrivals.size(), false);
    std::queue<NetId> open;
    const auto reach = [&](NetId net, const Arrival& arrival) {
        if (seen[at(net)] || wiring.isRail(net) || functions.biasNets[at(net)]) return;
        seen[at(net)] = true;
        arrivals[at(net)] = arrival;
        open.push(net);
    };
    reach(input, {});
    while (!open.empty() && !seen[at(output)]) {
        const NetId net = open.front();
        open.pop();
        for (const int t : wiring.gatesAt[at(net)]) {
            if (functions.roles[at(t)].stage == Stage::Feedback) continue;
            reach(wiring[t].drain, {net, t});
            if (wiring.isRail(wiring[t].drain)) reach(wiring[t].source, {net, t});
        }
        for (const int t : wiring.sourcesAt[at(net)])
            if (!functions.pairSource[at(net)]) reach(wiring[t].drain, {net, t});
    }
    std::vector<SignalStep> path;
    if (!seen[at(output)]) return path;
    for (NetId net = output; arrivals[at(net)].from >= 0; net = arrivals[at(net)].from) {
        const Arrival& arrival = arrivals[at(net)];
        path.push_back({arrival.from, wiring.devicesOf(arrival.transistor).front(), net});
    }
    std::reverse(path.begin(), path.end());
    return path;
}

} // namespace headroom::structure
