#pragma once

#include <string>
#include <vector>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// A card of the imported file that is no device: a model, a parameter, an option, an analysis.
struct CarriedCard {
    std::string keyword; ///< lower case: ".model", ".param", "include" (Spectre)
    std::string text;    ///< continuation lines joined
    bool spectre = false;
    /// Inside of a subcircuit or of a library section. Models mean the same outside, parameters do not.
    bool inside = false;
};

/// The cards of a netlist's first file, or of the directives on a schematic's first sheet, in file order.
/// Cards that open and close subcircuits and sections are left out, as the circuit is flattened.
std::vector<CarriedCard> carriedCards(const Netlist& netlist);

/// Whether a card brings models: .model, .lib, .include.
bool bringsModels(const CarriedCard& card);

} // namespace headroom::netlist
