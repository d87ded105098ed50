#pragma once

#include <string>

namespace headroom::powergrid {

/// A netlist in the contest's dialect of a five-layer grid like its own: rails with taps on layer 1, straps
/// on layers 4, 7, 8 and 9, vias where they cross, pads of 1.1 V on layer 9, currents at the taps that vary
/// over the chip. 22,000 nodes take some 400 um, a million some 2,800.
std::string contestLikeNetlist(int sizeUm);

/// A square mesh of @p size x @p size nodes n1_m1_x_y, 1 ohm between neighbours, 1 uA out of each, pads of 1
/// V at every @p padPitch nodes in x and y.
std::string meshNetlist(int size, int padPitch);

} // namespace headroom::powergrid
