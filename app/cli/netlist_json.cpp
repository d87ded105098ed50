#include "app/cli/netlist_json.h"

#include <fmt/format.h>

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

json toJson(const std::vector<netlist::Diagnostic>& diagnostics) {
    json list = json::array();
    for (const netlist::Diagnostic& diagnostic : diagnostics) {
        list.push_back({{"severity", netlist::toString(diagnostic.severity)},
                        {"file", diagnostic.file},
                        {"line", diagnostic.line},
                        {"column", diagnostic.column},
                        {"message", diagnostic.message},
                        {"text", diagnostic.text}});
    }
    return list;
}

std::string toText(const std::vector<netlist::Diagnostic>& diagnostics) {
    std::string text;
    for (const netlist::Diagnostic& diagnostic : diagnostics) {
        std::string place = diagnostic.file;
        if (diagnostic.line > 0) place += fmt::format(":{}:{}", diagnostic.line, diagnostic.column);
        text += fmt::format("{}{}{}: {}\n", place, place.empty() ? "" : ": ",
                            netlist::toString(diagnostic.severity), diagnostic.message);
    }
    return text;
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
    document["diagnostics"] = toJson(netlist.diagnostics);
    return document;
}

} // namespace headroom::cli
