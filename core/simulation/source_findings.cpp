#include "core/simulation/source_findings.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::Diagnostic;
using netlist::Severity;

Diagnostic findingAt(const netlist::Netlist& netlist, const netlist::SourceSpan& span, std::string message) {
    const auto file = static_cast<std::size_t>(span.file);
    return {
        Severity::Warning,  file < netlist.files.size() ? netlist.files[file].path.string() : std::string(),
        span.line,          span.column,
        std::move(message), {}};
}

/// The card's name without the number of its bin.
std::string familyOf(const std::string& model) {
    const std::size_t dot = model.find_last_of('.');
    const bool isBin = dot != std::string::npos && dot + 1 < model.size() &&
                       model.find_first_not_of("0123456789", dot + 1) == std::string::npos;
    return isBin ? model.substr(0, dot) : model;
}

void addModels(const AmplifierUnderTest& amplifier, std::vector<Diagnostic>& findings) {
    struct Users {
        const Device* first = nullptr;
        std::vector<std::string> names;
    };
    std::map<std::string, Users> users;
    for (const Device& device : amplifier.netlist.circuit.devices)
        if (!device.model.empty()) {
            Users& of = users[netlist::lowerCase(device.model)];
            if (of.first == nullptr) of.first = &device;
            of.names.push_back(device.name);
        }
    for (const netlist::ModelCard& card : amplifier.netlist.models) {
        auto used = users.find(card.name);
        if (used == users.end()) used = users.find(familyOf(card.name));
        if (used == users.end()) continue;
        const Device& first = *used->second.first;
        const technology::MosfetRules* rules =
            first.type == netlist::DeviceType::Mosfet ? amplifier.technology.rulesFor(first) : nullptr;
        const std::string instead = rules != nullptr ? fmt::format("simulated with {} of technology {}",
                                                                   rules->model, amplifier.technology.name)
                                                     : std::string("simulated with its value alone");
        findings.push_back(findingAt(amplifier.netlist, card.span,
                                     fmt::format("The netlist's own card of model {} is not used: {} {} {}.",
                                                 first.model, namesOf(used->second.names),
                                                 used->second.names.size() == 1 ? "is" : "are", instead)));
        users.erase(used); // one finding for all bins
    }
}

void addMissingFiles(const AmplifierUnderTest& amplifier, std::vector<Diagnostic>& findings) {
    for (const netlist::MissingFile& file : amplifier.netlist.missingFiles)
        findings.push_back(findingAt(
            amplifier.netlist, file.span,
            fmt::format("The included file {} {} and is left out; the models come from technology {}.",
                        file.name, file.problem, amplifier.technology.name)));
}

/// Of a pair of names that differ in their ending only: whether the first one says minus and the second plus.
bool saySwapped(const std::string& plus, const std::string& minus) {
    const std::string first = netlist::lowerCase(plus);
    const std::string second = netlist::lowerCase(minus);
    const auto differ = std::mismatch(first.begin(), first.end(), second.begin(), second.end());
    const std::string_view ending(differ.first, first.end());
    const std::string_view other(differ.second, second.end());
    const auto isOneOf = [](std::string_view word, std::initializer_list<std::string_view> words) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    return isOneOf(ending, {"n", "m", "-", "minus", "neg"}) && isOneOf(other, {"p", "+", "plus", "pos"});
}

void addSwappedInputs(const AmplifierUnderTest& amplifier, std::vector<Diagnostic>& findings) {
    if (!amplifier.structure.ports) return;
    const auto& nets = amplifier.netlist.circuit.nets;
    const std::string& plus = nets[static_cast<std::size_t>(amplifier.structure.ports->inputPlus)];
    const std::string& minus = nets[static_cast<std::size_t>(amplifier.structure.ports->inputMinus)];
    if (!saySwapped(plus, minus)) return;
    findings.push_back(findingAt(
        amplifier.netlist, {},
        fmt::format("By the signal's path {} is the non-inverting input and {} the inverting one, other than "
                    "their names say; the test bench follows the path.",
                    plus, minus)));
}

} // namespace

std::vector<Diagnostic> sourceFindings(const AmplifierUnderTest& amplifier) {
    std::vector<Diagnostic> findings;
    addModels(amplifier, findings);
    addMissingFiles(amplifier, findings);
    addSwappedInputs(amplifier, findings);
    return findings;
}

} // namespace headroom::simulation
