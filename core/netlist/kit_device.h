#pragma once

#include <vector>

#include "core/netlist/element.h"

namespace headroom::netlist {

/// Makes a device of an instance whose master is one of a process kit's devices, by the device table, or
/// has four nets, w and l. Cells of the imported file itself stay cells. True if it did.
bool becomeKitDevice(Element& element, const SpiceDocument& document, DeviceRuleIndex& rules,
                     std::vector<ElementProblem>& problems);

/// Tells the polarity of a transistor by its model card, else by the model's name; says so if it cannot.
void tellPolarity(Element& element, const SpiceDocument& document, int cell,
                  std::vector<ElementProblem>& problems);

/// Interprets a Spectre instance: the master and not the name's first letter tells what it is. Neither
/// element nor error come back for analyses and other statements that have the form of an instance.
ElementReading readSpectreElement(const DeviceCard& card, const SpiceDocument& document, int cell,
                                  DeviceRuleIndex& rules);

} // namespace headroom::netlist
