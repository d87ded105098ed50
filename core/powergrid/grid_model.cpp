#include "core/powergrid/grid_model.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/powergrid/indexing.h"
#include "core/powergrid/potential_sets.h"

namespace headroom::powergrid {
namespace {

constexpr std::size_t kNamedEach = 50; ///< findings of one kind that are told one by one
constexpr double kSameVolts = 1e-9;

/// A set's place among the nets: the smallest node is the representative.
class NetSets {
public:
    explicit NetSets(std::size_t count)
        : m_parents(count) {
        for (std::size_t i = 0; i < count; ++i)
            m_parents[i] = static_cast<std::int32_t>(i);
    }
    std::int32_t find(std::int32_t node) {
        while (at(m_parents, node) != node) {
            at(m_parents, node) = at(m_parents, at(m_parents, node));
            node = at(m_parents, node);
        }
        return node;
    }
    void join(std::int32_t a, std::int32_t b) {
        a = find(a);
        b = find(b);
        if (a != b) at(m_parents, std::max(a, b)) = std::min(a, b);
    }

private:
    std::vector<std::int32_t> m_parents;
};

bool isIn(const GridModel& model, const GridNet& net, NodeId node) {
    return node != kGround && &at(model.allNets, at(model.nets, node)) == &net;
}

int lineOf(const GridModel& model, const GridNet& net) {
    for (const Resistor& each : model.netlist->resistors)
        if (isIn(model, net, each.a) || isIn(model, net, each.b)) return each.line;
    for (const CurrentSource& each : model.netlist->currents)
        if (isIn(model, net, each.from) || isIn(model, net, each.to)) return each.line;
    return 0;
}

/// Without the full stop.
std::string islandSentence(const GridModel& model, const GridNet& net) {
    return fmt::format("No pad supplies the island of {} node{} at {}, which draws {}", net.nodes,
                       net.nodes == 1 ? "" : "s", model.netlist->nodes[net.firstNode],
                       formatQuantity(std::abs(net.loadAmperes), "A"));
}

class Builder {
public:
    Builder(std::shared_ptr<const GridNetlist> netlist, IslandPolicy policy, JobContext& context)
        : m_netlist(*netlist)
        , m_policy(policy)
        , m_context(context)
        , m_potentials(netlist->nodes.size()) {
        m_model.diagnostics = netlist->diagnostics;
        m_model.netlist = std::move(netlist);
    }

    Result<GridModel> build() {
        if (const auto done = joinShorts(); !done) return forward(done);
        findNets();
        if (m_context.cancelled()) return failCancelled();
        if (const auto done = judgeNets(); !done) return forward(done);
        numberUnknowns();
        if (m_context.cancelled()) return failCancelled();
        stampResistors();
        return std::move(m_model);
    }

private:
    std::string nameOf(NodeId node) const { return std::string(m_netlist.nodes[node]); }

    void note(netlist::Severity severity, int line, std::string message) {
        m_model.diagnostics.push_back(
            {severity, m_netlist.file, line, line > 0 ? 1 : 0, std::move(message), {}});
    }

    /// The first findings of a kind one by one, the rest as a number.
    void noteEach(std::size_t number, netlist::Severity severity, int line, std::string message) {
        if (number < kNamedEach) note(severity, line, std::move(message));
    }
    void noteRest(std::size_t count, const char* what) {
        if (count > kNamedEach)
            note(netlist::Severity::Warning, 0, fmt::format("{} more {}.", count - kNamedEach, what));
    }

    Result<void> joinShorts() {
        std::size_t zeroOhms = 0;
        for (const Resistor& each : m_netlist.resistors) {
            if (each.ohms > 0) continue;
            noteEach(zeroOhms, netlist::Severity::Warning, each.line,
                     fmt::format("{} has 0 ohms; {} and {} are taken as one node.",
                                 m_netlist.zeroOhmNames[zeroOhms], nameOf(each.a), nameOf(each.b)));
            ++zeroOhms;
            const auto known = m_potentials.join(each.a, each.b, 0);
            if (known && std::abs(*known) > kSameVolts)
                return failAt(
                    ErrorCode::BadInput, m_netlist.file, each.line,
                    fmt::format("A resistor of 0 ohms shorts {} and {}, between which sources hold {} V.",
                                nameOf(each.a), nameOf(each.b), *known));
        }
        noteRest(zeroOhms, "resistors have 0 ohms and join their nodes");
        m_model.shorts += zeroOhms;
        for (const VoltageSource& each : m_netlist.voltages) {
            const auto known = m_potentials.join(each.plus, each.minus, each.volts);
            if (each.plus != kGround && each.minus != kGround) ++m_model.shorts;
            if (known && std::abs(*known - each.volts) > kSameVolts)
                return failAt(ErrorCode::BadInput, m_netlist.file, each.line,
                              fmt::format("{} wants {} V between {} and {}, where other sources hold {} V.",
                                          each.name, each.volts, nameOf(each.plus), nameOf(each.minus),
                                          *known));
        }
        return {};
    }

    void findNets() {
        NetSets sets(m_netlist.nodes.size());
        for (const Resistor& each : m_netlist.resistors)
            if (each.a != kGround && each.b != kGround) sets.join(each.a, each.b);
        for (const VoltageSource& each : m_netlist.voltages)
            if (each.plus != kGround && each.minus != kGround) sets.join(each.plus, each.minus);
        const auto count = static_cast<NodeId>(m_netlist.nodes.size());
        m_model.nets.assign(m_netlist.nodes.size(), -1);
        for (NodeId node = kGround + 1; node < count; ++node) {
            const NodeId root = sets.find(node);
            if (root == node) {
                at(m_model.nets, node) = static_cast<std::int32_t>(m_model.allNets.size());
                m_model.allNets.emplace_back();
                m_model.allNets.back().firstNode = node;
                m_model.allNets.back().isIsland = true;
            }
            at(m_model.nets, node) = at(m_model.nets, root);
            ++netOf(node).nodes;
        }
    }

    GridNet& netOf(NodeId node) { return at(m_model.allNets, at(m_model.nets, node)); }

    /// The voltage of a node that sources hold against ground.
    std::optional<double> fixedVolts(NodeId node) {
        const auto [root, offset] = m_potentials.find(node);
        if (root != kGround) return std::nullopt;
        return offset;
    }

    Result<void> judgeNets() {
        const auto count = static_cast<NodeId>(m_netlist.nodes.size());
        for (NodeId node = kGround + 1; node < count; ++node) {
            const auto volts = fixedVolts(node);
            if (!volts) continue;
            GridNet& net = netOf(node);
            if (net.pads == 0 || std::abs(*volts) > std::abs(net.supplyVolts)) net.supplyVolts = *volts;
            ++net.pads;
            net.isIsland = false;
        }
        for (const Resistor& each : m_netlist.resistors) {
            if (each.a == kGround && each.b != kGround) netOf(each.b).isIsland = false;
            if (each.b == kGround && each.a != kGround) netOf(each.a).isIsland = false;
        }
        for (GridNet& net : m_model.allNets)
            net.dropSign = net.supplyVolts > 0 ? 1 : -1;
        for (const CurrentSource& each : m_netlist.currents) {
            if (each.from != kGround)
                netOf(each.from).loadAmperes += netOf(each.from).dropSign * each.amperes;
            if (each.to != kGround) netOf(each.to).loadAmperes -= netOf(each.to).dropSign * each.amperes;
        }
        for (GridNet& net : m_model.allNets) {
            net.isSourcesReversed = !net.isIsland && net.supplyVolts == 0 && net.loadAmperes < 0;
            if (!net.isSourcesReversed) continue;
            net.loadAmperes = -net.loadAmperes;
            note(netlist::Severity::Note, 0,
                 fmt::format(
                     "The sources of the ground net of {} are written as loads; their current is taken "
                     "to flow into it.",
                     nameOf(net.firstNode)));
        }
        return judgeIslands();
    }

    Result<void> judgeIslands() {
        const auto& nets = m_model.allNets;
        const auto supplied =
            std::find_if(nets.begin(), nets.end(), [](const GridNet& net) { return !net.isIsland; });
        if (supplied == nets.end())
            return failAt(ErrorCode::BadInput, m_netlist.file, 0,
                          "The grid has no pads: no voltage source holds any of its nodes against ground.");
        if (m_policy == IslandPolicy::Refuse)
            if (auto refusal = islandRefusal(m_model)) return tl::unexpected<Error>(std::move(*refusal));
        std::size_t islands = 0;
        for (const GridNet& net : nets)
            if (net.isIsland && islands++ < kNamedEach)
                note(netlist::Severity::Warning, lineOf(m_model, net),
                     islandSentence(m_model, net) + "; it is left out.");
        noteRest(islands, "islands without a pad are left out");
        return {};
    }

    void numberUnknowns() {
        const std::size_t count = m_netlist.nodes.size();
        m_model.unknowns.resize(count);
        m_model.offsets.resize(count);
        std::int32_t unknowns = 0;
        for (NodeId node = kGround; node < static_cast<NodeId>(count); ++node) {
            const auto [root, offset] = m_potentials.find(node);
            at(m_model.offsets, node) = offset;
            auto& unknown = at(m_model.unknowns, node);
            if (root == kGround)
                unknown = GridModel::kFixed;
            else if (netOf(node).isIsland)
                unknown = GridModel::kExcluded;
            else // a representative has a smaller number than its set
                unknown = root == node ? unknowns++ : at(m_model.unknowns, root);
        }
        m_model.toFixed.assign(static_cast<std::size_t>(unknowns), 0);
        m_model.fixedCurrents.assign(static_cast<std::size_t>(unknowns), 0);
    }

    void stampResistors() {
        m_model.conductances.reserve(m_netlist.resistors.size());
        std::size_t useless = 0;
        for (const Resistor& each : m_netlist.resistors) {
            if (each.ohms == 0) continue;
            const std::int32_t a = at(m_model.unknowns, each.a), b = at(m_model.unknowns, each.b);
            if (a == GridModel::kExcluded || b == GridModel::kExcluded) continue;
            if (a == b) {
                const bool isBetweenPads = a == GridModel::kFixed && each.a != each.b;
                if (!isBetweenPads)
                    noteEach(useless++, netlist::Severity::Warning, each.line,
                             fmt::format("The resistor between {} and {} has both ends at one node.",
                                         nameOf(each.a), nameOf(each.b)));
                continue;
            }
            const double siemens = 1 / each.ohms;
            const double above = at(m_model.offsets, each.a) - at(m_model.offsets, each.b);
            if (a >= 0 && b >= 0) {
                m_model.conductances.push_back({a, b, siemens});
                at(m_model.fixedCurrents, a) -= siemens * above;
                at(m_model.fixedCurrents, b) += siemens * above;
            } else if (a >= 0) {
                stampFixed(a, siemens, -above - netOf(each.a).supplyVolts);
            } else {
                stampFixed(b, siemens, above - netOf(each.b).supplyVolts);
            }
        }
        noteRest(useless, "resistors have both ends at one node");
    }

    /// @param volts of the fixed node above the unknown's supply
    void stampFixed(std::int32_t unknown, double siemens, double volts) {
        at(m_model.toFixed, unknown) += siemens;
        at(m_model.fixedCurrents, unknown) += siemens * volts;
    }

    const GridNetlist& m_netlist;
    IslandPolicy m_policy;
    JobContext& m_context;
    GridModel m_model;
    PotentialSets m_potentials;
};

} // namespace

std::vector<double> GridModel::injections(std::span<const double> amperes) const {
    std::vector<double> result = fixedCurrents;
    const auto bring = [&](NodeId node, double current) {
        const std::int32_t unknown = at(unknowns, node);
        if (unknown < 0) return;
        at(result, unknown) += at(allNets, at(nets, node)).isSourcesReversed ? -current : current;
    };
    for (std::size_t i = 0; i < amperes.size(); ++i) {
        bring(netlist->currents[i].from, -amperes[i]);
        bring(netlist->currents[i].to, amperes[i]);
    }
    return result;
}

std::vector<double> GridModel::injections() const {
    std::vector<double> amperes;
    amperes.reserve(netlist->currents.size());
    for (const CurrentSource& each : netlist->currents)
        amperes.push_back(each.amperes);
    return injections(amperes);
}

std::optional<Error> islandRefusal(const GridModel& model) {
    const auto island = std::find_if(model.allNets.begin(), model.allNets.end(),
                                     [](const GridNet& net) { return net.isIsland; });
    if (island == model.allNets.end()) return std::nullopt;
    return Error{ErrorCode::BadInput,
                 islandSentence(model, *island) + ".",
                 model.netlist->file,
                 lineOf(model, *island),
                 {}};
}

Result<GridModel> buildGridModel(std::shared_ptr<const GridNetlist> netlist, IslandPolicy policy,
                                 JobContext& context) {
    return Builder(std::move(netlist), policy, context).build();
}

} // namespace headroom::powergrid
