#include "core/netlist/spice_document.h"

#include "core/netlist/letter_case.h"

namespace headroom::netlist {

char DeviceCard::kind() const {
    return fields.words.empty() ? '\0' : lowerCase(name().front());
}

std::string SpiceDocument::keyOf(std::string_view name, bool spectre) const {
    return caseSensitive && spectre ? std::string(name) : lowerCase(name);
}

int SpiceDocument::findSubcircuit(const std::string& name, int from) const {
    const std::string key = lowerCase(name);
    const bool exactToo = caseSensitive && key != name;
    for (int at = from; at >= 0; at = subcircuits[static_cast<std::size_t>(at)].parent) {
        const Subcircuit& cell = subcircuits[static_cast<std::size_t>(at)];
        if (exactToo) {
            const auto found = cell.subcircuits.find(name);
            if (found != cell.subcircuits.end()) return found->second;
        }
        const auto found = cell.subcircuits.find(key);
        if (found != cell.subcircuits.end()) return found->second;
        const auto similar = cell.anyCase.find(key);
        if (similar != cell.anyCase.end()) return similar->second;
    }
    return -1;
}

const std::string* SpiceDocument::findModel(const std::string& name, int from) const {
    const std::string key = lowerCase(name);
    for (int at = from; at >= 0; at = subcircuits[static_cast<std::size_t>(at)].parent) {
        const auto& inside = subcircuits[static_cast<std::size_t>(at)].models;
        const auto exact = caseSensitive ? inside.find(name) : inside.end();
        if (exact != inside.end()) return &exact->second;
        if (const auto found = inside.find(key); found != inside.end()) return &found->second;
    }
    return nullptr;
}

} // namespace headroom::netlist
