#pragma once

#include <vector>

#include "core/structure/wiring.h"

namespace headroom::structure {

/// Finds the supply nets: by the directions of ports, by name, by voltage sources, and where all these
/// fail by topology (nets that only sources and bulks of one polarity touch).
/// @param canonical by NetId: the net that stands for it
/// @param supplies names that overrule all of these
/// @return by canonical NetId
std::vector<Rail> findRails(const netlist::Circuit& circuit, const std::vector<NetId>& canonical,
                            const Supplies& supplies = {});

/// Rail by the usual names (vdd, avdd, vcc, ..., vss, gnd, 0, ...), ignoring case.
Rail railByName(const std::string& netName);

} // namespace headroom::structure
