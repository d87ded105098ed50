#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// A netlist in another dialect.
struct WrittenNetlist {
    std::string text;
    /// What could not be said in that dialect, one sentence each; it stands in the text as a comment.
    std::vector<std::string> notes;
};

/// Writes the circuit of a netlist as plain text of @p dialect: flattened, with every value evaluated.
/// Values that could not be evaluated stay expressions, quoted as the dialect wants it. A circuit with
/// ports becomes a subcircuit. Names that the dialect does not allow are changed ("X1/M3" becomes
/// "MX1_M3"), different names stay different. Devices of process kits keep their kit's form and unit. Model
/// cards, includes and libraries of the imported file are carried over between SPICE dialects, and
/// between Spectre files; otherwise they stay as comments.
/// Errors: BadInput where the circuit has no devices.
Result<WrittenNetlist> writeNetlist(const Netlist& netlist, Dialect dialect);

/// The letter that SPICE cards of this type begin with: 'M', 'Q', ...; 'X' for DeviceType::Other.
char cardLetter(DeviceType type);

/// The words of a device's card behind its name and nets, as the imported SPICE file has them; empty where
/// the device comes from another format.
std::string cardBehindNets(const Netlist& netlist, const Device& device);

} // namespace headroom::netlist
