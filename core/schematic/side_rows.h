#pragma once

#include "core/netlist/circuit.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Adds devices in plain rows below what is there, every pin with its net's name; and flags for ports
/// that nothing on the drawing shows yet. Time and room grow with their number.
void addSideRows(const netlist::Circuit& circuit, const std::vector<DeviceId>& devices, Drawing& drawing);

} // namespace headroom::schematic
