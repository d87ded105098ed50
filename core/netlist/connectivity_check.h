#pragma once

#include "core/netlist/finding_list.h"
#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// Looks for nets that are connected to one terminal only and for gates that nothing drives. In a flat
/// netlist without voltage sources such gate nets are the circuit's own inputs and only noted.
void checkConnectivity(const Netlist& netlist, FindingList& findings);

} // namespace headroom::netlist
