#pragma once

#include "tests/core/structure/circuit_builder.h"

namespace headroom::test {

/// NMOS input, PMOS cascode bias stack, wide-swing NMOS mirror load: 15 MOSFETs and a load capacitor.
inline netlist::Circuit foldedCascode() {
    return circuitOf(R"(
M1 d1 inp tail vss nmos
M2 d2 inn tail vss nmos
M3 tail ibias vss vss nmos
M4 ibias ibias vss vss nmos
M5 casp ibias vss vss nmos
M6 casp casp srcp vdd pmos
M7 srcp srcp vdd vdd pmos
M8 d1 srcp vdd vdd pmos
M9 d2 srcp vdd vdd pmos
M10 mir casp d1 vdd pmos
M11 out casp d2 vdd pmos
M12 s1 mir vss vss nmos
M13 s2 mir vss vss nmos
M14 mir ibias s1 vss nmos
M15 out ibias s2 vss nmos
CL out vss 2p
)",
                     {"inp", "inn", "out", "ibias", "vdd", "vss"});
}

/// Two-stage Miller amplifier with PMOS input: 8 MOSFETs, compensation and load capacitor.
inline netlist::Circuit miller() {
    return circuitOf(R"(
M1 n1 inn tail vdd pmos
M2 n2 inp tail vdd pmos
M3 n1 n1 vss vss nmos
M4 n2 n1 vss vss nmos
M5 tail ibias vdd vdd pmos
M6 out n2 vss vss nmos
M7 out ibias vdd vdd pmos
M8 ibias ibias vdd vdd pmos
CC n2 out 1p
CL out vss 2p
)",
                     {"inp", "inn", "out", "ibias", "vdd", "vss"});
}

} // namespace headroom::test
