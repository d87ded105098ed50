#include "app/cli/netlist_json.h"


#include "core/netlist/device_table.h"

namespace headroom::cli {
namespace {

using nlohmann::json;

const std::string& netName(const netlist::Circuit& circuit, netlist::NetId net) {
    return circuit.nets.at(static_cast<std::size_t>(net));
}

json toJson(const netlist::Circuit& circuit, const netlist::Device& device) {
    json nets = json::object();
    for (std::size_t i = 0; i < device.nets.size(); ++i) {
        nets[std::string(netlist::terminalName(device.type, i))] = netName(circuit, device.nets[i]);
    }
    json parameters = json::object();
    for (const netlist::Parameter& parameter : device.parameters) {
        parameters[parameter.name] = parameter.number ? json(*parameter.number) : json(parameter.text);
    }
    return {{"name", device.name},   {"type", netlist::toString(device.type)},
            {"model", device.model}, {"line", device.span.line},
            {"nets", nets},          {"parameters", parameters}};
}

} // namespace

std::vector<std::string> deviceNames(const netlist::Circuit& circuit,
                                     const std::vector<netlist::DeviceId>& devices) {
    std::vector<std::string> names;
    for (const netlist::DeviceId id : devices)
        names.push_back(circuit.devices.at(static_cast<std::size_t>(id)).name);
    return names;
}

json toJson(const netlist::Netlist& netlist) {
    const netlist::Circuit& circuit = netlist.circuit;
    json document{{"format", netlist.format},
                  {"dialect", netlist::toString(netlist.dialect)},
                  {"top", circuit.name},
                  {"ports", json::array()},
                  {"devices", json::array()},
                  {"nets", circuit.nets},
                  {"subcircuits", netlist.subcircuits},
                  {"diagnostics", json::array()},
                  {"conventions", json::array()},
                  {"top_candidates", json::array()},
                  {"lines", {{"read", netlist.lines.read}, {"accounted", netlist.lines.accounted}}}};
    for (const netlist::TopCandidate& each : netlist.topCandidates) {
        document["top_candidates"].push_back(
            {{"name", each.name}, {"devices", each.devices}, {"ports", each.ports}});
    }
    for (const netlist::DeviceConvention& each : netlist::deviceConventions(circuit)) {
        document["conventions"].push_back({{"process", each.process},
                                           {"type", netlist::toString(each.type)},
                                           {"length_unit", each.lengthUnit},
                                           {"width_is_per_finger", each.widthIsPerFinger},
                                           {"fingers", each.fingers},
                                           {"devices", each.devices},
                                           {"sentence", each.sentence()}});
    }
    for (const netlist::Port& port : circuit.ports) {
        document["ports"].push_back({{"name", port.name}, {"direction", netlist::toString(port.direction)}});
    }
    for (const netlist::Device& device : circuit.devices)
        document["devices"].push_back(toJson(circuit, device));
    for (const netlist::Diagnostic& diagnostic : netlist.diagnostics) {
        document["diagnostics"].push_back({{"severity", netlist::toString(diagnostic.severity)},
                                           {"file", diagnostic.file},
                                           {"line", diagnostic.line},
                                           {"column", diagnostic.column},
                                           {"message", diagnostic.message},
                                           {"text", diagnostic.text}});
    }
    return document;
}

} // namespace headroom::cli
