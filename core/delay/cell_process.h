#pragma once

#include <string>
#include <vector>

#include "core/simulation/engine.h"
#include "core/technology/technology.h"

namespace headroom::delay {

/// A figure of the process that scatters.
struct ProcessParameter {
    /// Where it is altered in a deck, and the value there over the parameter's.
    struct Place {
        simulation::Alteration::Of of = simulation::Alteration::Of::Model;
        std::string element;   ///< "NMOS_VTG", "m3"
        std::string parameter; ///< "vth0"
        double share = 1;
    };

    std::string name; ///< of the column: "n_vth0"
    std::string unit; ///< empty: none
    double nominal = 0;
    double deviation = 0; ///< standard deviation, over the nominal value where that is not 0
    std::vector<Place> places;

    /// The value at so many standard deviations.
    double at(double deviations) const;
};

/// A MOSFET as a deck has it.
struct CellDevice {
    const technology::MosfetRules* rules = nullptr;
    int bin = 0;         ///< Technology::binOf()
    std::string element; ///< "m3"; of a MOSFET in a library's subcircuit ngspice's name of it
};

/// What scatters of the models that a cell is made of. Of cards the figures that they state, in bins by the
/// same share in each; the nominal value is that of the first device's bin. Of models in a library, whose
/// figures cannot be altered, the threshold voltage and mobility of their devices ("n_delvto", "n_mulu0").
/// @param corner of the technology, which has it
std::vector<ProcessParameter> processOf(const std::vector<CellDevice>& devices,
                                        const technology::Technology& technology, const std::string& corner);

/// What of the usual figures does not scatter, in a sentence; empty where all do.
std::string unvariedFigures(const std::vector<CellDevice>& devices, const technology::Technology& technology,
                            const std::string& corner);

} // namespace headroom::delay
