#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace headroom::powergrid {

/// Parallel straps of one metal layer.
struct GridLayer {
    std::string name; ///< letters and the number of the metal layer: "m4"
    bool isAlongX = true;
    double ohmsPerUm = 0; ///< of a strap, by its length
    double offsetUm = 0;  ///< of the first strap, across the straps
    /// By template; a single one holds for all. Each is a multiple of the smallest.
    std::vector<double> pitchesUm;
    double viaOhms = 0; ///< where a strap crosses one of the layer below; 0 on the lowest layer

    double finestPitchUm() const;
};

/// What a power grid has in common with all others of its kind: where straps lie, and what they resist.
struct GridTechnology {
    std::string name, title, source, licence;
    double supplyVolts = 0;
    double unitsPerUm = 2000; ///< database units in node names
    /// The lowest layer has nodes at these places along its straps and below those of the next layer; 0: only
    /// there.
    double tapPitchUm = 0;
    /// Side of the squares for each of which a template is chosen, and in each of which straps begin anew; 0:
    /// they go on over the whole chip.
    double regionUm = 0;
    std::vector<GridLayer> layers; ///< from the cells upwards, along x and y in turn
    std::size_t padLayer = 0;

    std::size_t templateCount() const;
};

/// Reads a technology in YAML (the manual's page "IR Drop" describes it). Errors: BadInput with the line.
Result<GridTechnology> parseGridTechnology(const std::string& yaml, const std::string& fileName);

/// By the name of a shipped one, or from a file (with a slash or the suffix .yaml). Errors: those, NotFound,
/// Io.
Result<GridTechnology> loadGridTechnology(const std::string& nameOrPath);

} // namespace headroom::powergrid
