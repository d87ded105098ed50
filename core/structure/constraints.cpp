#include "core/structure/constraints.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace headroom::structure {
namespace {

using Json = nlohmann::ordered_json;

class ConstraintWriter {
public:
    ConstraintWriter(const netlist::Circuit& circuit, const Structure& structure)
        : m_circuit(circuit)
        , m_structure(structure) {}

    std::string json() const {
        const Symmetry& symmetry = m_structure.symmetry;
        Json document{{"circuit", m_circuit.name},
                      {"symmetric_pairs", Json::array()},
                      {"on_axis", names(symmetry.onAxis)},
                      {"symmetric_nets", Json::array()},
                      {"nets_on_axis", Json::array()},
                      {"matched_groups", Json::array()},
                      {"mirrors", Json::array()}};
        for (const auto& [a, b] : symmetry.pairs)
            document["symmetric_pairs"].push_back({name(a), name(b)});
        for (const auto& [a, b] : symmetry.netPairs)
            document["symmetric_nets"].push_back({net(a), net(b)});
        for (const NetId id : symmetry.netsOnAxis)
            document["nets_on_axis"].push_back(net(id));
        for (const MatchedGroup& group : m_structure.matchedGroups)
            document["matched_groups"].push_back(
                {{"devices", names(group.devices)}, {"reason", group.reason}});
        for (const MirrorRatio& mirror : m_structure.mirrors) {
            Json entry{{"reference", name(mirror.reference)}, {"output", name(mirror.output)}};
            entry["ratio"] = mirror.ratio ? Json(*mirror.ratio) : Json(nullptr);
            document["mirrors"].push_back(std::move(entry));
        }
        return document.dump(2) + "\n";
    }

    // Instance and net names are upper case there.
    std::string align() const {
        Json document = Json::array();
        Json pairs = Json::array();
        for (const auto& [a, b] : m_structure.symmetry.pairs)
            pairs.push_back({upper(name(a)), upper(name(b))});
        for (const DeviceId device : m_structure.symmetry.onAxis)
            pairs.push_back({upper(name(device))});
        if (!pairs.empty())
            document.push_back({{"constraint", "SymmetricBlocks"}, {"pairs", pairs}, {"direction", "V"}});
        for (const auto& [a, b] : m_structure.symmetry.netPairs)
            document.push_back({{"constraint", "SymmetricNets"},
                                {"net1", upper(net(a))},
                                {"net2", upper(net(b))},
                                {"direction", "V"}});
        int number = 0;
        for (const MatchedGroup& group : m_structure.matchedGroups) {
            Json instances = Json::array();
            for (const DeviceId device : group.devices)
                instances.push_back(upper(name(device)));
            document.push_back({{"constraint", "GroupBlocks"},
                                {"instances", instances},
                                {"instance_name", fmt::format("X_MATCHED{}", ++number)}});
        }
        return document.dump(2) + "\n";
    }

    std::string magical() const {
        std::string text;
        for (const auto& [a, b] : m_structure.symmetry.pairs)
            text += name(a) + " " + name(b) + "\n";
        for (const DeviceId device : m_structure.symmetry.onAxis)
            text += name(device) + "\n";
        return text;
    }

private:
    const std::string& name(DeviceId device) const {
        return m_circuit.devices[static_cast<std::size_t>(device)].name;
    }
    const std::string& net(NetId id) const { return m_circuit.nets[static_cast<std::size_t>(id)]; }
    std::vector<std::string> names(const std::vector<DeviceId>& devices) const {
        std::vector<std::string> result;
        for (const DeviceId device : devices)
            result.push_back(name(device));
        return result;
    }
    static std::string upper(std::string text) {
        std::transform(text.begin(), text.end(), text.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        return text;
    }

    const netlist::Circuit& m_circuit;
    const Structure& m_structure;
};

} // namespace

Result<ConstraintForm> constraintForm(std::string_view name) {
    if (name == "json") return ConstraintForm::Json;
    if (name == "align") return ConstraintForm::Align;
    if (name == "magical") return ConstraintForm::Magical;
    return fail(ErrorCode::BadInput,
                fmt::format("\"{}\" is no form of constraints; json, align and magical are.", name));
}

std::string writeConstraints(const netlist::Circuit& circuit, const Structure& structure,
                             ConstraintForm form) {
    const ConstraintWriter writer(circuit, structure);
    switch (form) {
    case ConstraintForm::Align:
        return writer.align();
    case ConstraintForm::Magical:
        return writer.magical();
    case ConstraintForm::Json:
        break;
    }
    return writer.json();
}

} // namespace headroom::structure
