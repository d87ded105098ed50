#include <string_view>

#include <nlohmann/json.hpp>

#include "core/structure/explanation.h"

namespace headroom::structure {
namespace {

using Json = nlohmann::json;

class ReportWriter {
public:
    ReportWriter(const netlist::Circuit& circuit, const Structure& structure)
        : m_circuit(circuit)
        , m_structure(structure) {}

    Json write() const {
        Json document{{"devices", devices()},
                      {"blocks", blocks()},
                      {"lost_matches", lost()},
                      {"matched_groups", Json::array()},
                      {"stages", stages()},
                      {"symmetry", symmetry()},
                      {"unexplained", names(m_structure.unexplained)},
                      {"sizing_blocks", m_structure.sizingBlocks},
                      {"elapsed_us", m_structure.elapsedMicroseconds}};
        for (const MatchedGroup& group : m_structure.matchedGroups)
            document["matched_groups"].push_back(names(group.devices));
        document["signal_path"] = {{"from_plus", path(m_structure.pathFromPlus)},
                                   {"from_minus", path(m_structure.pathFromMinus)}};
        if (m_structure.ports) {
            document["ports"] = ports(*m_structure.ports);
        } else {
            document["ports_problem"] = m_structure.portsProblem;
            if (m_structure.proposedSupply >= 0)
                document["proposed_supply"] = net(m_structure.proposedSupply);
        }
        return document;
    }

private:
    std::string name(DeviceId device) const {
        return m_circuit.devices[static_cast<std::size_t>(device)].name;
    }
    std::string net(NetId id) const {
        return id >= 0 && static_cast<std::size_t>(id) < m_circuit.nets.size()
                   ? m_circuit.nets[static_cast<std::size_t>(id)]
                   : std::string();
    }
    Json names(const std::vector<DeviceId>& devices) const {
        Json list = Json::array();
        for (const DeviceId device : devices)
            list.push_back(name(device));
        return list;
    }
    static Json stage(Stage stage) {
        const std::string_view text = toString(stage);
        return text.empty() ? Json(nullptr) : Json(text);
    }

    Json devices() const {
        Json list = Json::array();
        for (std::size_t i = 0; i < m_circuit.devices.size(); ++i) {
            const DeviceRole& role = m_structure.roles[i];
            list.push_back({{"name", m_circuit.devices[i].name},
                            {"function", toString(role.function)},
                            {"stage", stage(role.stage)},
                            {"reason", role.reason}});
        }
        return list;
    }

    Json blocks() const {
        Json list = Json::array();
        for (const Block& block : m_structure.blocks) {
            Json pins = Json::object();
            for (const BlockPin& pin : block.pins)
                pins[pin.name] = net(pin.net);
            list.push_back({{"type", block.type},
                            {"level", block.level},
                            {"devices", names(block.devices)},
                            {"pins", pins},
                            {"function", toString(block.function)},
                            {"stage", stage(block.stage)},
                            {"reason", block.reason}});
        }
        return list;
    }

    Json lost() const {
        Json list = Json::array();
        for (const LostMatch& each : m_structure.lostMatches)
            list.push_back({{"type", each.type},
                            {"devices", names(each.devices)},
                            {"winner", each.winner},
                            {"reason", each.reason}});
        return list;
    }

    Json stages() const {
        Json list = Json::array();
        for (const StageDescription& each : m_structure.stages)
            list.push_back({{"stage", stage(each.stage)},
                            {"type", each.type},
                            {"reason", each.reason},
                            {"devices", names(each.devices)}});
        return list;
    }

    Json symmetry() const {
        Json document{{"pairs", Json::array()},
                      {"on_axis", names(m_structure.symmetry.onAxis)},
                      {"net_pairs", Json::array()},
                      {"nets_on_axis", Json::array()},
                      {"mirrors", Json::array()}};
        for (const auto& [a, b] : m_structure.symmetry.pairs)
            document["pairs"].push_back({name(a), name(b)});
        for (const auto& [a, b] : m_structure.symmetry.netPairs)
            document["net_pairs"].push_back({net(a), net(b)});
        for (const NetId id : m_structure.symmetry.netsOnAxis)
            document["nets_on_axis"].push_back(net(id));
        for (const MirrorRatio& mirror : m_structure.mirrors)
            document["mirrors"].push_back({{"reference", name(mirror.reference)},
                                           {"output", name(mirror.output)},
                                           {"ratio", mirror.ratio ? Json(*mirror.ratio) : Json(nullptr)}});
        return document;
    }

    Json path(const std::vector<SignalStep>& steps) const {
        Json list = Json::array();
        for (const SignalStep& step : steps)
            list.push_back({{"from", net(step.from)}, {"device", name(step.device)}, {"to", net(step.to)}});
        return list;
    }

    Json ports(const AmplifierPorts& ports) const {
        Json document{{"positive_supply", net(ports.positiveSupply)},
                      {"negative_supply", net(ports.negativeSupply)},
                      {"input_plus", net(ports.inputPlus)},
                      {"input_minus", net(ports.inputMinus)},
                      {"output", net(ports.output)}};
        if (ports.outputMinus) document["output_minus"] = net(*ports.outputMinus);
        for (const auto& bias : ports.currentBiases)
            document["current_biases"].push_back(net(bias.net));
        for (const NetId bias : ports.voltageBiases)
            document["voltage_biases"].push_back(net(bias));
        return document;
    }

    const netlist::Circuit& m_circuit;
    const Structure& m_structure;
};

} // namespace

std::string writeReport(const netlist::Circuit& circuit, const Structure& structure) {
    // A name that is no UTF-8 must not stop the report.
    return ReportWriter(circuit, structure).write().dump(2, ' ', false, Json::error_handler_t::replace) +
           "\n";
}

} // namespace headroom::structure
