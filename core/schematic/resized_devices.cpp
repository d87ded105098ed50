#include "core/schematic/resized_devices.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/schematic/attachment.h"
#include "core/schematic/symbol_shape.h"

namespace headroom::schematic {
namespace {

constexpr double kSmallest = 0.7; ///< of a text's usual size

void set(netlist::Device& device, const netlist::Assignment& assignment) {
    const auto found = std::find_if(
        device.parameters.begin(), device.parameters.end(),
        [&](const netlist::Parameter& parameter) { return parameter.name == assignment.parameter; });
    if (found != device.parameters.end()) {
        found->number = assignment.value;
    } else {
        device.parameters.push_back({assignment.parameter, {}, assignment.value, {}});
    }
}

/// The drawing left room for the former text: a longer one is set smaller, within reason.
void replace(Text& text, const std::string& size) {
    const double room = textWidth(text.text, text.size) / textWidth(size, text.size);
    text.text = size;
    if (std::isfinite(room)) text.size *= std::clamp(room, kSmallest, 1.0);
}

Text belowName(const Symbol& symbol, const std::string& size) {
    const Text& name = symbol.texts.front();
    // A centred name stands above its symbol, any other beside it.
    const double y = name.anchor == Anchor::Middle ? symbol.box.to.y + 1.0 : name.at.y + 1.45;
    return {size, {name.at.x, y}, name.anchor, kValueSize};
}

} // namespace

Drawing withSizes(Drawing drawing, const netlist::Circuit& circuit, const netlist::Sizing& sizing) {
    std::map<DeviceId, netlist::Device> resized;
    for (const netlist::Assignment& assignment : sizing) {
        const auto id = circuit.findDevice(assignment.device);
        if (!id) continue;
        const auto entry = resized.try_emplace(*id, circuit.devices[static_cast<std::size_t>(*id)]).first;
        set(entry->second, assignment);
    }
    for (Symbol& symbol : drawing.symbols) {
        const auto found = resized.find(symbol.device);
        if (found == resized.end() || symbol.texts.empty()) continue;
        const std::string size = sizeText(found->second);
        if (symbol.texts.size() > 1) {
            replace(symbol.texts[1], size);
        } else { // the netlist has no sizes
            symbol.texts.push_back(belowName(symbol, size));
        }
    }
    return drawing;
}

} // namespace headroom::schematic
