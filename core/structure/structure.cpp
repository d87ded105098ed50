#include "core/structure/structure.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "core/structure/block_library.h"
#include "core/structure/blocks.h"
#include "core/structure/digital.h"
#include "core/structure/functions.h"
#include "core/structure/mirrors.h"
#include "core/structure/passives.h"
#include "core/structure/ports.h"
#include "core/structure/sizing_blocks.h"
#include "core/structure/stage_types.h"
#include "core/structure/switches.h"
#include "core/structure/symmetry.h"
#include "core/structure/wiring.h"

namespace headroom::structure {

const char* toString(Function function) {
    switch (function) {
    case Function::Transconductance:
        return "transconductance";
    case Function::Load:
        return "load";
    case Function::Bias:
        return "bias";
    case Function::Compensation:
        return "compensation";
    case Function::LoadCapacitance:
        return "load_capacitance";
    case Function::CommonModeFeedback:
        return "common_mode_feedback";
    case Function::PositiveFeedback:
        return "positive_feedback";
    case Function::Auxiliary:
        return "auxiliary";
    case Function::Unexplained:
        return "unexplained";
    }
    return "unexplained";
}

const char* toString(Stage stage) {
    switch (stage) {
    case Stage::None:
        return "";
    case Stage::First:
        return "first";
    case Stage::Second:
        return "second";
    case Stage::Third:
        return "third";
    case Stage::Feedback:
        return "feedback";
    case Stage::Bias:
        return "bias";
    }
    return "";
}

namespace {

// W/L of a device times its units, or nothing where it has no sizes yet.
std::optional<double> strength(const netlist::Device& device) {
    const auto width = device.number(device.widthName());
    const auto length = device.number(device.lengthName());
    if (!width || !length || !(*length > 0)) return std::nullopt;
    const double fingers = device.widthIsPerFinger ? device.fingers() : 1;
    return *width * fingers * device.number("m").value_or(1) / *length;
}

std::optional<double> strength(const Wiring& wiring, const Array& array) {
    double sum = 0;
    for (const DeviceId id : array.devices) {
        const auto one = strength(wiring.circuit.devices[at(id)]);
        if (!one) return std::nullopt;
        sum += *one;
    }
    return sum;
}

std::vector<MirrorRatio> mirrorRatios(const Wiring& wiring, const std::vector<Mirror>& mirrors) {
    std::vector<MirrorRatio> ratios;
    for (const Mirror& mirror : mirrors) {
        const auto& reference = wiring[mirror.reference].arrays;
        const auto& output = wiring[mirror.output].arrays;
        if (reference.size() != output.size()) continue; // stacks of different height have no plain ratio
        for (std::size_t place = 0; place < reference.size(); ++place) {
            const Array& from = wiring.arrays[at(reference[place])];
            const Array& to = wiring.arrays[at(output[place])];
            const auto a = strength(wiring, from);
            const auto b = strength(wiring, to);
            const std::optional<double> ratio = a && b && *a > 0 ? std::optional(*b / *a) : std::nullopt;
            for (const DeviceId device : to.devices)
                ratios.push_back({from.devices.front(), device, ratio});
        }
    }
    return ratios;
}

std::vector<CompositeTransistor> compositeTransistors(const Wiring& wiring) {
    std::vector<CompositeTransistor> composites;
    for (const Transistor& transistor : wiring.transistors) {
        CompositeTransistor composite{{}, transistor.polarity, transistor.gate, transistor.conducts()};
        for (const int index : transistor.arrays) {
            const Array& array = wiring.arrays[at(index)];
            composite.rows.push_back({array.devices, array.drain, array.source});
        }
        composites.push_back(std::move(composite));
    }
    return composites;
}

// The functions know nothing of capacitors; the blocks of level 1 and the list of the unexplained need
// the roles of all devices.
void finishRoles(const Wiring& wiring, const Functions& functions, Structure& structure) {
    for (std::size_t i = 0; i < wiring.transistors.size(); ++i)
        for (const DeviceId device : wiring.devicesOf(static_cast<int>(i)))
            structure.roles[at(device)] = functions.roles[i];
    assignPassives(wiring, functions, structure.ports, structure.roles);
    for (std::size_t i = 0; i < structure.roles.size(); ++i) {
        DeviceRole& role = structure.roles[i];
        if (role.function != Function::Unexplained) continue;
        if (role.reason.empty()) role.reason = "No rule explains this device.";
        structure.unexplained.push_back(static_cast<DeviceId>(i));
    }
}

// Circuits made by hand may name nets that do not exist; such devices and ports are taken as unconnected.
bool hasStrayNets(const netlist::Circuit& circuit) {
    const auto stray = [&](NetId net) { return net < 0 || at(net) >= circuit.nets.size(); };
    return std::any_of(circuit.devices.begin(), circuit.devices.end(),
                       [&](const netlist::Device& device) {
                           return std::any_of(device.nets.begin(), device.nets.end(), stray);
                       }) ||
           std::any_of(circuit.ports.begin(), circuit.ports.end(),
                       [&](const netlist::Port& port) { return stray(port.net); });
}

netlist::Circuit withoutStrayNets(netlist::Circuit circuit) {
    const auto stray = [&](NetId net) { return net < 0 || at(net) >= circuit.nets.size(); };
    for (netlist::Device& device : circuit.devices)
        if (std::any_of(device.nets.begin(), device.nets.end(), stray)) device.nets.clear();
    circuit.ports.erase(std::remove_if(circuit.ports.begin(), circuit.ports.end(),
                                       [&](const netlist::Port& port) { return stray(port.net); }),
                        circuit.ports.end());
    return circuit;
}

Structure notAnalog(Structure structure, std::string problem) {
    for (std::size_t i = 0; i < structure.roles.size(); ++i) {
        structure.roles[i].reason = problem;
        structure.unexplained.push_back(static_cast<DeviceId>(i));
    }
    structure.portsProblem = std::move(problem);
    return structure;
}

} // namespace

std::vector<bool> canSaturate(const Structure& structure, std::size_t devices) {
    std::vector<bool> can(devices, true);
    for (const CompositeTransistor& transistor : structure.transistors) {
        for (std::size_t row = 0; row < transistor.rows.size(); ++row) {
            for (const DeviceId id : transistor.rows[row].devices)
                can[at(id)] = transistor.conducts && row == 0;
        }
    }
    return can;
}

Structure recognise(const netlist::Circuit& circuit, const RecognitionOptions& options) {
    if (hasStrayNets(circuit)) return recognise(withoutStrayNets(circuit), options);
    const auto begin = std::chrono::steady_clock::now();
    Structure structure;
    structure.roles.resize(circuit.devices.size());
    if (std::string problem = digitalProblem(circuit); !problem.empty())
        return notAnalog(std::move(structure), std::move(problem));
    const Supplies supplies{options.positiveSupplies, options.negativeSupplies};
    std::optional<Wiring> drawn(std::in_place, circuit, supplies);
    const Switches switches = findSwitches(*drawn);
    if (!switches.states.empty()) drawn.emplace(circuit, supplies, switches.states);
    const Wiring& wiring = *drawn;
    const Functions functions = findFunctions(wiring);
    PortsAnswer answer = findPorts(wiring, functions, switches);
    structure.ports = std::move(answer.ports);
    structure.portsProblem = std::move(answer.problem);
    structure.proposedSupply = answer.proposedSupply;
    finishRoles(wiring, functions, structure);
    const std::vector<Mirror> mirrors = findMirrors(wiring);
    structure.mirrors = mirrorRatios(wiring, mirrors);
    structure.transistors = compositeTransistors(wiring);
    structure.joinedNets = wiring.canonical;
    SymmetryAnswer symmetry = findSymmetry(wiring, functions, mirrors);
    structure.matchedGroups = std::move(symmetry.groups);
    structure.symmetry = std::move(symmetry.symmetry);
    structure.stages = describeStages(wiring, functions);
    if (structure.ports) {
        const AmplifierPorts& ports = *structure.ports;
        structure.pathFromPlus = findSignalPath(wiring, functions, ports.inputPlus, ports.output);
        structure.pathFromMinus = findSignalPath(wiring, functions, ports.inputMinus, ports.output);
    }
    const std::vector<bool> isReference = referencesOf(wiring, mirrors);
    const RuleInput input{wiring, functions, mirrors, isReference, structure.roles};
    FoundBlocks found = findBlocks(input, options.library ? *options.library : BlockLibrary::standard());
    structure.blocks = std::move(found.blocks);
    structure.lostMatches = std::move(found.lost);
    for (Block& block : structure.blocks)
        if (block.level == 1 && !block.devices.empty()) {
            block.function = structure.roles[at(block.devices.front())].function;
            block.stage = structure.roles[at(block.devices.front())].stage;
        }
    chooseSizingBlocks(input, structure);
    const auto end = std::chrono::steady_clock::now();
    structure.elapsedMicroseconds = std::chrono::duration<double, std::micro>(end - begin).count();
    return structure;
}

} // namespace headroom::structure
