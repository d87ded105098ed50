#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// A new value for one device parameter, SI units: {"M1", "w", 2e-6}. For resistors, capacitors and
/// sources the parameter is "value".
struct Assignment {
    std::string device;
    std::string parameter;
    double value = 0;

    bool operator==(const Assignment&) const = default;
};

using Sizing = std::vector<Assignment>;

/// What the export did to one parameter.
struct ValueChange {
    Assignment assignment;
    std::string before; ///< text in the source; empty where the parameter was added
    std::string after;
};

struct EditedNetlist {
    std::string text; ///< of files[0]
    std::vector<ValueChange> changes;
};

/// Puts a sizing into the netlist that was imported: only the value tokens change, every other byte
/// stays. A parameter that the device line does not carry yet (an unsized netlist) is appended to the
/// line. Values are written in the style of the token they replace (suffix, exponent or plain
/// micrometres). Errors: NotFound for an unknown device; Unsupported where a value lives in an included
/// file or in a subcircuit that is instantiated more than once with different values.
Result<EditedNetlist> applySizing(const Netlist& netlist, const Sizing& sizing);

/// Include file in the netlist's language, `.param` or Spectre's `parameters`: one line per value, names
/// DEVICE_PARAMETER, with a heading that says where it comes from.
std::string writeParameterInclude(const Netlist& netlist, const Sizing& sizing);

/// device,parameter,value,unit
std::string writeSizingCsv(const Sizing& sizing);
/// {"circuit":..., "sizing":[{"device":...,"parameter":...,"value":...,"unit":...}]}
std::string writeSizingJson(const Netlist& netlist, const Sizing& sizing);

/// Reads what writeSizingCsv and writeSizingJson write.
Result<Sizing> readSizing(std::string_view text, const std::string& fileName);

} // namespace headroom::netlist
