#include "core/netlist/kit_device.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

bool has(const Element& element, std::string_view name) {
    return std::any_of(element.parameters.begin(), element.parameters.end(),
                       [&](const NamedField& each) { return equalIgnoringCase(each.name, name); });
}

/// Names as devices have them: lower case, and "value" for the value of a kit's resistor or capacitor.
void nameParameters(Element& element) {
    const std::string_view value = element.type == DeviceType::Resistor    ? "r"
                                   : element.type == DeviceType::Capacitor ? "c"
                                   : element.type == DeviceType::Inductor  ? "l"
                                                                           : "";
    for (NamedField& each : element.parameters) {
        each.name = lowerCase(each.name);
        if (!value.empty() && each.name == value) each.name = "value";
    }
}

} // namespace

void tellPolarity(Element& element, const SpiceDocument& document, int cell,
                  std::vector<ElementProblem>& problems) {
    if (const std::string* type = document.findModel(element.model, cell)) {
        if (type->starts_with("n")) element.polarity = Polarity::N;
        if (type->starts_with("p")) element.polarity = Polarity::P;
    }
    if (!element.polarity) element.polarity = polarityOfModelName(element.model);
    if (!element.polarity) {
        problems.push_back(
            {Severity::Warning,
             fmt::format("Model '{}' does not tell whether it is an n- or a p-type device.", element.model),
             "polarity " + lowerCase(element.model)});
    }
}

bool becomeKitDevice(Element& element, const SpiceDocument& document, DeviceRuleIndex& rules,
                     std::vector<ElementProblem>& problems) {
    const bool defined = element.subcircuit >= 0;
    if (defined && document.subcircuits[static_cast<std::size_t>(element.subcircuit)].span.file == 0) {
        return false;
    }
    const DeviceRule* rule = rules.find(element.model, element.nets.size());
    const bool generic = rule && rule->process == "generic" && rule->type != DeviceType::Mosfet;
    if (rule && !(generic && defined)) {
        element.subcircuit = -1;
        element.rule = rule;
        element.type = rule->type;
        element.polarity = rule->polarity;
        nameParameters(element);
        return true;
    }
    if (defined || element.nets.size() != 4 || !has(element, "w") || !has(element, "l")) return false;
    element.polarity = polarityOfModelName(element.model);
    if (!element.polarity) return false;
    element.type = DeviceType::Mosfet;
    nameParameters(element);
    problems.push_back({Severity::Note,
                        fmt::format("'{}' has four nets, w and l and is taken as a MOSFET.", element.model),
                        "mosfet " + lowerCase(element.model)});
    return true;
}

} // namespace headroom::netlist
