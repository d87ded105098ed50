#include "core/delay/cell.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/file.h"
#include "core/structure/rails.h"

namespace headroom::delay {
namespace {

using netlist::Device;
using netlist::NetId;

constexpr const char* kShippedFile = "cells/static_cells.sp";
constexpr double kShippedLength = 50e-9; ///< that its cells are drawn for, m

enum class Use { Supply, Ground, Signal };

Use useOf(const netlist::Port& port) {
    if (port.direction == netlist::PortDirection::Supply) return Use::Supply;
    if (port.direction == netlist::PortDirection::Ground) return Use::Ground;
    switch (structure::railByName(port.name)) {
    case structure::Rail::Positive:
        return Use::Supply;
    case structure::Rail::Negative:
        return Use::Ground;
    default:
        return Use::Signal;
    }
}

NetId drain(const Device& device) {
    return device.nets[netlist::Drain];
}
NetId gate(const Device& device) {
    return device.nets[netlist::Gate];
}
NetId source(const Device& device) {
    return device.nets[netlist::Source];
}

/// Nets that a channel connects to one of the starts, none of the blocked nets passed.
std::vector<bool> reached(const Cell& cell, std::vector<NetId> waiting, const std::vector<bool>& isBlocked,
                          const std::vector<bool>& conducts) {
    std::vector<bool> isReached(cell.circuit.nets.size(), false);
    for (const NetId start : waiting)
        isReached[static_cast<std::size_t>(start)] = true;
    while (!waiting.empty()) {
        const NetId net = waiting.back();
        waiting.pop_back();
        for (std::size_t index = 0; index < cell.circuit.devices.size(); ++index) {
            const Device& device = cell.circuit.devices[index];
            if (!conducts[index] || (drain(device) != net && source(device) != net)) continue;
            const NetId other = drain(device) == net ? source(device) : drain(device);
            const auto at = static_cast<std::size_t>(other);
            if (isReached[at]) continue;
            isReached[at] = true;
            // A driven net is an end of its own: what lies behind it hangs on it, not on the start.
            if (!isBlocked[at]) waiting.push_back(other);
        }
    }
    return isReached;
}

Result<void> checkDevices(const netlist::Netlist& netlist) {
    const netlist::Circuit& circuit = netlist.circuit;
    if (circuit.devices.empty())
        return fail(ErrorCode::BadInput, fmt::format("The cell {} has no devices.", circuit.name));
    for (const Device& device : circuit.devices) {
        if (device.type == netlist::DeviceType::Mosfet && device.polarity && device.nets.size() >= 3)
            continue;
        return failAt(
            ErrorCode::BadInput,
            netlist.files.empty() ? ""
                                  : netlist.files[static_cast<std::size_t>(device.span.file)].path.string(),
            device.span.line,
            fmt::format("{} is no MOSFET: a cell whose delay is looked at is made of MOSFETs alone.",
                        device.name));
    }
    return {};
}

bool isShipped(const std::string& name) {
    return std::find(shippedCells().begin(), shippedCells().end(), name) != shippedCells().end();
}

std::vector<bool> stateOf(std::size_t number, std::size_t inputs) {
    std::vector<bool> levels(inputs);
    for (std::size_t input = 0; input < inputs; ++input)
        levels[input] = ((number >> input) & 1U) != 0;
    return levels;
}

} // namespace

Result<Cell> cellOf(const netlist::Netlist& netlist) {
    if (const auto valid = checkDevices(netlist); !valid) return forward(valid);
    Cell cell;
    cell.circuit = netlist.circuit;
    cell.name = cell.circuit.name;
    const std::string file = netlist.files.empty() ? "" : netlist.files[0].path.string();
    const auto refuse = [&](const std::string& message) {
        return failAt(ErrorCode::BadInput, file, 0, message);
    };
    std::vector<bool> isPort(cell.circuit.nets.size(), false);
    std::vector<NetId> signals;
    for (const netlist::Port& port : cell.circuit.ports) {
        isPort[static_cast<std::size_t>(port.net)] = true;
        switch (useOf(port)) {
        case Use::Supply:
            cell.supply = port.net;
            break;
        case Use::Ground:
            cell.ground = port.net;
            break;
        case Use::Signal:
            signals.push_back(port.net);
            break;
        }
    }
    // Rails that are global nets instead of ports.
    for (std::size_t net = 0; net < cell.circuit.nets.size(); ++net) {
        const auto rail = structure::railByName(cell.circuit.nets[net]);
        if (cell.supply < 0 && rail == structure::Rail::Positive) cell.supply = static_cast<NetId>(net);
        if (cell.ground < 0 && rail == structure::Rail::Negative) cell.ground = static_cast<NetId>(net);
    }
    if (cell.supply < 0 || cell.ground < 0)
        return refuse(fmt::format("The cell {} has no net named like {} (such as {}).", cell.name,
                                  cell.supply < 0 ? "a supply" : "ground", cell.supply < 0 ? "vdd" : "vss"));
    const std::vector<bool> all(cell.circuit.devices.size(), true);
    const auto driven = reached(cell, {cell.supply, cell.ground}, isPort, all);
    for (const NetId net : signals)
        (driven[static_cast<std::size_t>(net)] ? cell.outputs : cell.inputs).push_back(net);
    if (cell.outputs.empty())
        return refuse(
            fmt::format("No port of the cell {} is driven from a rail: it has no output.", cell.name));
    if (cell.inputs.empty()) return refuse(fmt::format("The cell {} has no input.", cell.name));
    if (cell.inputs.size() > mostInputs)
        return refuse(fmt::format("The cell {} has {} inputs; at most {} can be looked at.", cell.name,
                                  cell.inputs.size(), mostInputs));
    return cell;
}

const std::vector<std::string>& shippedCells() {
    static const std::vector<std::string> names{"inv",  "buf", "nand2", "nand3", "nor2",  "nor3",
                                                "and2", "or2", "xor2",  "xnor2", "aoi21", "fulladder"};
    return names;
}

std::optional<CellPlace> placeOf(const std::string& nameOrFile) {
    if (isShipped(nameOrFile)) return std::nullopt;
    std::error_code code;
    if (std::filesystem::exists(nameOrFile, code)) return CellPlace{nameOrFile, {}};
    const auto colon = nameOrFile.rfind(':');
    if (colon == std::string::npos || !std::filesystem::exists(nameOrFile.substr(0, colon), code))
        return std::nullopt;
    return CellPlace{nameOrFile.substr(0, colon), nameOrFile.substr(colon + 1)};
}

Result<Cell> loadCell(const std::string& nameOrFile) {
    netlist::ReadOptions options;
    std::filesystem::path file = resourcePath(kShippedFile);
    const auto place = placeOf(nameOrFile);
    if (place) {
        file = place->file;
        if (file != nameOrFile) options.top = place->cell;
    } else if (isShipped(nameOrFile)) {
        options.top = nameOrFile;
    } else {
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no cell {} and no file of that name; the shipped cells are {}.",
                                nameOrFile, fmt::join(shippedCells(), ", ")));
    }
    const auto netlist = netlist::readNetlist(file, options);
    if (!netlist) return forward(netlist);
    if (const auto& tops = netlist->topCandidates; !options.top && tops.size() > 1)
        return failAt(ErrorCode::BadInput, file.string(), 0,
                      fmt::format("The file has {} cells: name one, such as {}:{}.", tops.size(),
                                  file.filename().string(), tops.front().name));
    auto cell = cellOf(*netlist);
    if (cell && !place) cell->drawnLength = kShippedLength;
    return cell;
}

std::vector<Level> settle(const Cell& cell, const std::vector<bool>& inputs) {
    const std::size_t nets = cell.circuit.nets.size(), devices = cell.circuit.devices.size();
    std::vector<Level> levels(nets, Level::Unknown);
    std::vector<bool> isFixed(nets, false);
    std::vector<NetId> high{cell.supply}, low{cell.ground};
    for (std::size_t input = 0; input < inputs.size(); ++input)
        (inputs[input] ? high : low).push_back(cell.inputs[input]);
    for (const NetId net : high)
        levels[static_cast<std::size_t>(net)] = Level::High;
    for (const NetId net : low)
        levels[static_cast<std::size_t>(net)] = Level::Low;
    for (const auto& list : {high, low})
        for (const NetId net : list)
            isFixed[static_cast<std::size_t>(net)] = true;
    // Every round knows at least one net more, or is the last.
    for (std::size_t round = 0; round <= nets; ++round) {
        std::vector<bool> conducts(devices), mayConduct(devices);
        for (std::size_t index = 0; index < devices; ++index) {
            const Device& device = cell.circuit.devices[index];
            const Level at = levels[static_cast<std::size_t>(gate(device))];
            const Level on = *device.polarity == netlist::Polarity::N ? Level::High : Level::Low;
            conducts[index] = at == on;
            mayConduct[index] = at == on || at == Level::Unknown || at == Level::Floating;
        }
        const auto toHigh = reached(cell, high, isFixed, conducts),
                   toLow = reached(cell, low, isFixed, conducts),
                   mayHigh = reached(cell, high, isFixed, mayConduct),
                   mayLow = reached(cell, low, isFixed, mayConduct);
        bool hasChanged = false;
        for (std::size_t net = 0; net < nets; ++net) {
            if (isFixed[net]) continue;
            Level level = Level::Unknown;
            if (toHigh[net] && !mayLow[net]) level = Level::High;
            if (toLow[net] && !mayHigh[net]) level = Level::Low;
            if (!mayHigh[net] && !mayLow[net]) level = Level::Floating;
            hasChanged = hasChanged || level != levels[net];
            levels[net] = level;
        }
        if (!hasChanged) break;
    }
    return levels;
}

Result<std::vector<Arc>> arcsOf(const Cell& cell) {
    const std::size_t inputs = cell.inputs.size(), states = std::size_t{1} << inputs;
    std::vector<std::vector<Level>> answers;
    for (std::size_t state = 0; state < states; ++state) {
        answers.push_back(settle(cell, stateOf(state, inputs)));
        for (const NetId output : cell.outputs) {
            const Level level = answers.back()[static_cast<std::size_t>(output)];
            if (level == Level::High || level == Level::Low) continue;
            std::vector<std::string> at;
            for (std::size_t input = 0; input < inputs; ++input)
                at.push_back(fmt::format("{} = {}", cell.netName(cell.inputs[input]),
                                         stateOf(state, inputs)[input] ? 1 : 0));
            return fail(
                ErrorCode::BadInput,
                fmt::format("The cell {} is not static: its output {} {} at {}.", cell.name,
                            cell.netName(output),
                            level == Level::Floating ? "floats" : "is driven both ways or by an unknown net",
                            fmt::join(at, ", ")));
        }
    }
    std::vector<Arc> arcs;
    for (std::size_t output = 0; output < cell.outputs.size(); ++output)
        for (std::size_t input = 0; input < inputs; ++input)
            for (std::size_t state = 0; state < states; ++state) {
                if (((state >> input) & 1U) != 0) continue;
                const auto net = static_cast<std::size_t>(cell.outputs[output]);
                const Level before = answers[state][net],
                            after = answers[state | (std::size_t{1} << input)][net];
                if (before != after)
                    arcs.push_back({input, output, stateOf(state, inputs), before == Level::High});
            }
    if (arcs.empty())
        return fail(ErrorCode::BadInput,
                    fmt::format("The cell {} does not switch: no input moves an output.", cell.name));
    return arcs;
}

std::string nameOf(const Cell& cell, const Arc& arc, const std::vector<Arc>& all) {
    std::string name =
        fmt::format("{}_{}", cell.netName(cell.inputs[arc.input]), cell.netName(cell.outputs[arc.output]));
    const auto alike = std::count_if(all.begin(), all.end(), [&](const Arc& other) {
        return other.input == arc.input && other.output == arc.output;
    });
    if (alike < 2) return name;
    name += '_';
    for (std::size_t input = 0; input < cell.inputs.size(); ++input)
        if (input != arc.input)
            name += fmt::format("{}{}", cell.netName(cell.inputs[input]), arc.others[input] ? 1 : 0);
    return name;
}

} // namespace headroom::delay
