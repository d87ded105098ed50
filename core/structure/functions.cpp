#include "core/structure/functions.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace headroom::structure {

using netlist::DeviceType;

namespace {

const char* ordinal(Stage stage) {
    switch (stage) {
    case Stage::First:
        return "first stage";
    case Stage::Second:
        return "second stage";
    case Stage::Third:
        return "third stage";
    case Stage::Feedback:
        return "common-mode feedback stage";
    default:
        return "bias";
    }
}

const char* reasonOf(ArrayKind kind) {
    switch (kind) {
    case ArrayKind::Capacitor:
        return "Drain and source are tied: acts as a capacitor.";
    case ArrayKind::Off:
        return "Gate tied to its own source: never conducts.";
    case ArrayKind::Switch:
        return "Switched by a logic level: power-down circuitry.";
    default:
        return "Carries no current: dummy.";
    }
}

class FunctionFinder {
public:
    explicit FunctionFinder(const Wiring& wiring)
        : m_wiring(wiring)
        , m_pairs(findPairs(wiring))
        , m_assigned(wiring.transistors.size(), false) {
        m_result.roles.resize(wiring.transistors.size());
        m_result.signalStage.assign(wiring.circuit.nets.size(), Stage::None);
        m_result.biasNets.assign(wiring.circuit.nets.size(), false);
        m_result.pairHalf.assign(wiring.transistors.size(), false);
        m_result.pairSource.assign(wiring.circuit.nets.size(), false);
        m_partners.resize(wiring.transistors.size());
        for (const Pair& pair : m_pairs) {
            m_partners[at(pair.first)].push_back(pair.second);
            m_partners[at(pair.second)].push_back(pair.first);
        }
    }

    Functions find() {
        seriesWithCapacitors();
        m_result.inputPairs = findInputPairs(m_wiring, m_pairs);
        for (const Pair& pair : m_result.inputPairs)
            for (const int t : {pair.first, pair.second})
                setSignal(m_wiring[t].gate, Stage::First);
        std::vector<NetId> outputs = pairStage(m_result.inputPairs, Stage::First);
        std::vector<NetId> last = outputs;
        for (const Stage stage : {Stage::Second, Stage::Third}) {
            outputs = gatedStage(outputs, stage);
            if (outputs.empty()) break;
            last.insert(last.end(), outputs.begin(), outputs.end());
        }
        feedback();
        mainBias();
        stageOfVoltageBiases();
        inert();
        chooseOutputs(last);
        triodeFeedback();
        return std::move(m_result);
    }

private:
    bool assign(int t, Function function, Stage stage, std::string reason) {
        if (m_assigned[at(t)]) return false;
        m_assigned[at(t)] = true;
        m_result.roles[at(t)] = {function, stage, std::move(reason)};
        return true;
    }

    void setSignal(NetId net, Stage stage) {
        if (!m_wiring.isRail(net) && m_result.signalStage[at(net)] == Stage::None)
            m_result.signalStage[at(net)] = stage;
    }

    const std::string& name(NetId net) const { return m_wiring.netName(net); }

    // Everything in series between @p start and the rail, taken drain by drain.
    // @p meetings receives the nets on the way where drains of both polarities meet (class-AB bias).
    void walkToRail(NetId start, Function function, Stage stage, const std::string& reason,
                    std::vector<NetId>* meetings = nullptr) {
        std::vector<NetId> open{start};
        while (!open.empty()) {
            const NetId net = open.back();
            open.pop_back();
            if (m_wiring.isRail(net)) continue;
            if (meetings != nullptr && net != start && hasBothDrains(net)) {
                meetings->push_back(net);
                continue;
            }
            for (const int t : m_wiring.drainsAt[at(net)]) {
                if (!assign(t, function, stage, reason)) continue;
                const NetId source = m_wiring[t].source;
                // The inner node of a diode stack carries the signal too: symmetrical amplifiers take it.
                if (function == Function::Load && m_wiring[t].diode()) setSignal(net, stage);
                open.push_back(source);
            }
            throughResistors(net, open);
        }
    }

    bool hasBothDrains(NetId net) const {
        const auto& drains = m_wiring.drainsAt[at(net)];
        return std::any_of(drains.begin(), drains.end(),
                           [&](int t) { return m_wiring[t].polarity != m_wiring[drains.front()].polarity; });
    }

    // Degeneration and tail resistors: the path goes on at their other end.
    void throughResistors(NetId net, std::vector<NetId>& open) const {
        if (!m_wiring.gatesAt[at(net)].empty()) return;
        for (const DeviceId id : m_wiring.othersAt[at(net)]) {
            if (m_wiring.circuit.devices[at(id)].type != DeviceType::Resistor) continue;
            const NetId other = m_wiring.otherEnd(id, net);
            if (other < 0 || m_wiring.isRail(other) || !m_wiring.sourcesAt[at(other)].empty()) continue;
            if (m_wiring.gatesAt[at(other)].empty() && !m_wiring.drainsAt[at(other)].empty() &&
                std::none_of(m_wiring.drainsAt[at(other)].begin(), m_wiring.drainsAt[at(other)].end(),
                             [&](int t) { return m_assigned[at(t)]; }))
                open.push_back(other);
        }
    }

    // A stage made of differential pairs: pairs, tails, and all that stands on the drains.
    std::vector<NetId> pairStage(const std::vector<Pair>& pairs, Stage stage) {
        std::vector<NetId> nodes;
        for (const Pair& pair : pairs) {
            m_result.pairHalf[at(pair.first)] = m_result.pairHalf[at(pair.second)] = true;
            m_result.pairSource[at(pair.source)] = m_result.pairSource[at(pair.secondSource)] = true;
            const std::string couple = m_wiring.nameOf(pair.first) + "/" + m_wiring.nameOf(pair.second);
            for (const int t : {pair.first, pair.second}) {
                assign(t, Function::Transconductance, stage,
                       fmt::format("Differential pair {} with common source {}: transconductance of the {}.",
                                   couple, name(pair.source), ordinal(stage)));
                nodes.push_back(m_wiring[t].drain);
            }
        }
        for (const Pair& pair : pairs)
            for (const NetId tail : {pair.source, pair.secondSource})
                walkToRail(
                    tail, Function::Bias, stage,
                    fmt::format("Supplies the tail current of the differential pair at {}: bias of the {}.",
                                name(tail), ordinal(stage)));
        return loads(std::move(nodes), stage);
    }

    // Loads on output nodes, through cascodes on the way. Returns all output nodes.
    std::vector<NetId> loads(std::vector<NetId> nodes, Stage stage) {
        std::vector<bool> visited(m_wiring.circuit.nets.size(), false);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const NetId node = nodes[i];
            if (m_wiring.isRail(node) || visited[at(node)]) continue;
            visited[at(node)] = true;
            setSignal(node, stage);
            positiveFeedback(nodes, node, stage);
            walkToRail(node, Function::Load, stage,
                       fmt::format("Stands between output node {} and the rail: load of the {}.", name(node),
                                   ordinal(stage)),
                       &nodes);
            for (const int t : m_wiring.sourcesAt[at(node)])
                if (assign(
                        t, Function::Load, stage,
                        fmt::format("Cascode that passes the signal current of {} on to {}: load of the {}.",
                                    name(node), name(m_wiring[t].drain), ordinal(stage))))
                    nodes.push_back(m_wiring[t].drain);
        }
        std::sort(nodes.begin(), nodes.end());
        nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
        nodes.erase(std::remove_if(nodes.begin(), nodes.end(), [&](NetId n) { return m_wiring.isRail(n); }),
                    nodes.end());
        return nodes;
    }

    // Cross-coupled transistors on two output nodes.
    void positiveFeedback(const std::vector<NetId>& nodes, NetId node, Stage stage) {
        for (const int t : m_wiring.drainsAt[at(node)]) {
            const NetId gate = m_wiring[t].gate;
            if (gate == node || std::find(nodes.begin(), nodes.end(), gate) == nodes.end()) continue;
            const auto& others = m_wiring.drainsAt[at(gate)];
            const bool crossed = std::any_of(others.begin(), others.end(), [&](int u) {
                return m_wiring[u].gate == node && m_wiring[u].source == m_wiring[t].source;
            });
            if (crossed)
                assign(t, Function::PositiveFeedback, stage,
                       fmt::format("Cross-coupled between {} and {}: positive feedback of the {}.",
                                   name(node), name(gate), ordinal(stage)));
        }
    }

    bool diodeSharesGate(NetId node, int t) const {
        const auto& drains = m_wiring.drainsAt[at(node)];
        return std::any_of(drains.begin(), drains.end(), [&](int u) {
            return m_wiring[u].diode() && m_wiring[u].polarity == m_wiring[t].polarity &&
                   m_wiring[u].source == m_wiring[t].source;
        });
    }

    bool degenerated(const Transistor& t) const {
        return m_wiring.drainsAt[at(t.source)].empty() && m_wiring.sourcesAt[at(t.source)].size() == 1 &&
               m_wiring.hasDevice(t.source, DeviceType::Resistor);
    }

    // The transistor's output drives gates of an earlier stage's cascodes: a regulated cascode.
    bool boosts(const Transistor& t) const {
        if (m_wiring.isRail(t.drain)) return false;
        const auto& gates = m_wiring.gatesAt[at(t.drain)];
        return std::any_of(gates.begin(), gates.end(), [&](int u) {
            return m_assigned[at(u)] && m_wiring[u].drain != t.drain && m_wiring[u].source == t.gate;
        });
    }

    // Transistors whose gates are the outputs of the stage before.
    std::vector<NetId> gatedStage(const std::vector<NetId>& inputs, Stage stage) {
        std::vector<NetId> nodes;
        std::vector<Pair> pairs;
        std::vector<NetId> all = inputs;
        // Inner signal nodes of the stage before (diode stacks) drive transistors as well.
        const Stage before = stage == Stage::Second ? Stage::First : Stage::Second;
        for (std::size_t net = 0; net < m_result.signalStage.size(); ++net) {
            const auto id = static_cast<NetId>(net);
            if (m_result.signalStage[net] == before && !m_wiring.undriven(id) &&
                std::find(all.begin(), all.end(), id) == all.end())
                all.push_back(id);
        }
        for (const NetId input : all)
            for (const int t : m_wiring.gatesAt[at(input)])
                takeTransconductor(t, input, all, stage, nodes, pairs);
        if (!pairs.empty()) {
            m_result.otherPairs.insert(m_result.otherPairs.end(), pairs.begin(), pairs.end());
            const auto outputs = pairStage(pairs, stage);
            nodes.insert(nodes.end(), outputs.begin(), outputs.end());
        }
        throughCascodes(nodes, stage);
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const NetId node = nodes[i];
            setSignal(node, stage);
            walkToRail(node, Function::Bias, stage,
                       fmt::format("Supplies the current of the {}'s transconductor at {}: bias of the {}.",
                                   ordinal(stage), name(node), ordinal(stage)));
            mirrorsOfStage(node, stage, nodes);
        }
        return nodes;
    }

    void takeTransconductor(int t, NetId input, const std::vector<NetId>& inputs, Stage stage,
                            std::vector<NetId>& nodes, std::vector<Pair>& pairs) {
        if (m_assigned[at(t)] || m_wiring[t].diode()) return;
        const Transistor& transistor = m_wiring[t];
        if (!m_partners[at(t)].empty()) {
            for (const int other : m_partners[at(t)]) {
                const NetId gate = m_wiring[other].gate;
                if (std::find(inputs.begin(), inputs.end(), gate) != inputs.end() && t < other)
                    pairs.push_back({t, other, transistor.source, m_wiring[other].source});
            }
            return;
        }
        if (stage != Stage::Second && diodeSharesGate(input, t)) return;
        if (boosts(transistor)) {
            assign(
                t, Function::Auxiliary, Stage::First,
                fmt::format("Regulates the cascode at {}: gain boosting of the first stage.", name(input)));
            setSignal(transistor.drain, Stage::First);
            walkToRail(transistor.drain, Function::Auxiliary, Stage::First,
                       fmt::format("Load of the gain-boosting transistor at {}.", name(transistor.drain)));
            return;
        }
        const bool follower = m_wiring.isRail(transistor.drain) && !m_wiring.isRail(transistor.source);
        if (!follower && !m_wiring.onOwnRail(transistor) && !degenerated(transistor)) return;
        if (m_wiring.isRail(transistor.drain) && m_wiring.isRail(transistor.source)) return;
        const NetId output = follower ? transistor.source : transistor.drain;
        assign(t, Function::Transconductance, stage,
               fmt::format("{} driven by {}: transconductance of the {}.",
                           follower ? "Source follower" : "Common-source transistor", name(input),
                           ordinal(stage)));
        if (std::find(nodes.begin(), nodes.end(), output) == nodes.end()) nodes.push_back(output);
    }

    // Cascodes on a transconductor belong to it; the node moves to their drain.
    void throughCascodes(std::vector<NetId>& nodes, Stage stage) {
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            for (const int t : m_wiring.sourcesAt[at(nodes[i])]) {
                const Transistor& cascode = m_wiring[t];
                const auto& below = m_wiring.drainsAt[at(nodes[i])];
                const bool sameType = std::any_of(below.begin(), below.end(), [&](int u) {
                    return m_wiring[u].polarity == cascode.polarity &&
                           m_result.roles[at(u)].function == Function::Transconductance;
                });
                if (!assign(t, sameType ? Function::Transconductance : Function::Load, stage,
                            fmt::format("Cascode on the transconductor at {}: part of the {}.",
                                        name(nodes[i]), ordinal(stage))))
                    continue;
                const NetId output = cascode.drain;
                setSignal(nodes[i], stage);
                if (std::find(nodes.begin(), nodes.end(), output) == nodes.end()) nodes.push_back(output);
            }
        }
    }

    // A diode at an output node turns the signal round: what mirrors it belongs to the same stage.
    void mirrorsOfStage(NetId node, Stage stage, std::vector<NetId>& nodes) {
        for (const int t : m_wiring.gatesAt[at(node)]) {
            if (m_wiring[t].diode() || !diodeSharesGate(node, t)) continue;
            if (!assign(
                    t, Function::Bias, stage,
                    fmt::format("Mirrors the current at {}: bias of the {}.", name(node), ordinal(stage))))
                continue;
            const NetId output = m_wiring[t].drain;
            if (!m_wiring.isRail(output) && std::find(nodes.begin(), nodes.end(), output) == nodes.end())
                nodes.push_back(output);
        }
    }

    // Pairs that look at a signal net (or at one that resistors or capacitors take from the outputs).
    void feedback() {
        for (const Pair& pair : m_pairs) {
            if (m_assigned[at(pair.first)] || m_assigned[at(pair.second)]) continue;
            const NetId a = m_wiring[pair.first].gate;
            const NetId b = m_wiring[pair.second].gate;
            if (senses(a) || senses(b)) m_result.feedbackPairs.push_back(pair);
        }
        pairStage(m_result.feedbackPairs, Stage::Feedback);
    }

    bool senses(NetId net) const {
        if (m_result.signalStage[at(net)] != Stage::None) return !m_wiring.undriven(net);
        return std::any_of(m_wiring.othersAt[at(net)].begin(), m_wiring.othersAt[at(net)].end(),
                           [&](DeviceId id) {
                               if (m_wiring.circuit.devices[at(id)].type != DeviceType::Resistor)
                                   return false;
                               const NetId other = m_wiring.otherEnd(id, net);
                               return other >= 0 && m_result.signalStage[at(other)] != Stage::None;
                           });
    }

    // Backwards from the gates of biased transistors: what sets their voltage is main bias, and what
    // sets the gates of that, until nothing new appears.
    void mainBias() {
        std::vector<NetId> open;
        std::vector<bool> seen(m_wiring.circuit.nets.size(), false);
        const auto want = [&](NetId net) {
            if (m_wiring.isRail(net) || seen[at(net)]) return;
            seen[at(net)] = true;
            open.push_back(net);
        };
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
            if (m_assigned[i] && m_result.signalStage[at(m_wiring.transistors[i].gate)] == Stage::None)
                want(m_wiring.transistors[i].gate);
        closeBias(open, want);
        // Bias branches that feed nothing known: a diode and its mirrors.
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i)
            if (!m_assigned[i] && m_wiring.transistors[i].diode()) {
                want(m_wiring.transistors[i].gate);
                closeBias(open, want);
            }
    }

    template <class Want>
    void closeBias(std::vector<NetId>& open, const Want& want) {
        while (!open.empty()) {
            const NetId net = open.back();
            open.pop_back();
            m_result.biasNets[at(net)] = m_result.signalStage[at(net)] == Stage::None;
            if (!m_result.biasNets[at(net)]) continue;
            const std::string reason =
                fmt::format("Makes the bias voltage or current at {}: main bias.", name(net));
            for (const int t : m_wiring.drainsAt[at(net)]) {
                if (!assign(t, Function::Bias, Stage::Bias, reason)) continue;
                want(m_wiring[t].gate);
                want(m_wiring[t].source);
            }
            for (const int t : m_wiring.sourcesAt[at(net)]) {
                if (!assign(t, Function::Bias, Stage::Bias, reason)) continue;
                want(m_wiring[t].gate);
                want(m_wiring[t].drain);
            }
            for (const DeviceId id : m_wiring.othersAt[at(net)]) {
                if (m_wiring.circuit.devices[at(id)].type != DeviceType::Resistor) continue;
                const NetId other = m_wiring.otherEnd(id, net);
                if (other >= 0) want(other);
            }
        }
    }

    // Transistors that only a capacitor's current passes. Passives know whether they are compensation.
    void seriesWithCapacitors() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& t = m_wiring.transistors[i];
            if (t.kind != ArrayKind::Normal) continue;
            if (m_wiring.channelBehind(t.drain).empty() && m_wiring.channelBehind(t.source).empty()) continue;
            assign(static_cast<int>(i), Function::Auxiliary, Stage::None,
                   "In series with a capacitor: carries no direct current.");
        }
    }

    // Current sources in two halves, in triode, whose gates are the two outputs: their sum follows the
    // common mode.
    void triodeFeedback() {
        const auto isOutput = [&](NetId net) {
            return std::find(m_result.outputs.begin(), m_result.outputs.end(), net) != m_result.outputs.end();
        };
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& t = m_wiring.transistors[i];
            if (!m_wiring.onOwnRail(t) || m_wiring.isRail(t.drain) || !isOutput(t.gate)) continue;
            for (const int other : m_wiring.drainsAt[at(t.drain)]) {
                const Transistor& u = m_wiring[other];
                if (u.source != t.source || u.gate == t.gate || !isOutput(u.gate)) continue;
                m_result.roles[i] = {
                    Function::CommonModeFeedback, Stage::Feedback,
                    fmt::format("Beside {} with its gate on the other output: the two currents' sum follows "
                                "the common mode.",
                                m_wiring.nameOf(other))};
            }
        }
    }

    // A voltage bias that serves only the transconductor of a later stage belongs to that stage.
    void stageOfVoltageBiases() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& diode = m_wiring.transistors[i];
            DeviceRole& role = m_result.roles[i];
            if (!diode.diode() || role.stage != Stage::Bias) continue;
            Stage served = Stage::None;
            bool only = true;
            for (const int t : m_wiring.gatesAt[at(diode.gate)]) {
                if (t == static_cast<int>(i)) continue;
                const DeviceRole& user = m_result.roles[at(t)];
                only = only && user.function == Function::Transconductance &&
                       (served == Stage::None || served == user.stage);
                served = user.stage;
            }
            if (!only || (served != Stage::Second && served != Stage::Third)) continue;
            role.stage = served;
            role.reason = fmt::format("Voltage bias that only the cascodes of the {}'s transconductor use.",
                                      ordinal(served));
        }
    }

    void inert() {
        for (std::size_t i = 0; i < m_wiring.transistors.size(); ++i) {
            const Transistor& t = m_wiring.transistors[i];
            if (t.conducts()) continue;
            assign(static_cast<int>(i), Function::Auxiliary, Stage::None, reasonOf(t.kind));
        }
    }

    void chooseOutputs(const std::vector<NetId>& nodes) {
        Stage last = Stage::None;
        for (const NetId node : nodes)
            last = std::max(last, m_result.signalStage[at(node)]);
        for (const NetId node : nodes) {
            if (m_result.signalStage[at(node)] != last) continue;
            const auto& drains = m_wiring.drainsAt[at(node)];
            if (std::any_of(drains.begin(), drains.end(), [&](int t) { return m_wiring[t].diode(); }))
                continue;
            if (std::find(m_result.outputs.begin(), m_result.outputs.end(), node) == m_result.outputs.end())
                m_result.outputs.push_back(node);
        }
    }

    const Wiring& m_wiring;
    std::vector<Pair> m_pairs;
    std::vector<std::vector<int>> m_partners; // by transistor: the others it could pair with
    std::vector<bool> m_assigned;
    Functions m_result;
};

} // namespace

Functions findFunctions(const Wiring& wiring) {
    return FunctionFinder(wiring).find();
}

} // namespace headroom::structure
