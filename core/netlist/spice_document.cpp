#include "core/netlist/spice_document.h"

#include "core/netlist/letter_case.h"

namespace headroom::netlist {

char DeviceCard::kind() const {
    return fields.words.empty() ? '\0' : lowerCase(name().front());
}

int SpiceDocument::findSubcircuit(const std::string& name, int from) const {
    const std::string key = lowerCase(name);
    for (int at = from; at >= 0; at = subcircuits[static_cast<std::size_t>(at)].parent) {
        const auto& inside = subcircuits[static_cast<std::size_t>(at)].subcircuits;
        if (const auto found = inside.find(key); found != inside.end()) return found->second;
    }
    return -1;
}

const std::string* SpiceDocument::findModel(const std::string& name, int from) const {
    const std::string key = lowerCase(name);
    for (int at = from; at >= 0; at = subcircuits[static_cast<std::size_t>(at)].parent) {
        const auto& inside = subcircuits[static_cast<std::size_t>(at)].models;
        if (const auto found = inside.find(key); found != inside.end()) return &found->second;
    }
    return nullptr;
}

} // namespace headroom::netlist
