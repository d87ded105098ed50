#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/simulator.h"

namespace headroom::sizing {

using simulation::Performance;

/// One simulated sizing.
struct DataRow {
    std::vector<double> values;       ///< by DesignSpace variable, SI units
    std::vector<double> performances; ///< by Dataset::performances, SI units
};

/// Sizings with less saturation margin than this, V, say nothing about where saturation begins.
inline constexpr double farFromSaturation = -0.15;

/// How well a drawn sizing biases up.
struct SaturationRow {
    std::vector<double> values; ///< by DesignSpace variable, SI units
    double margin = 0;          ///< V, of the MOSFET that is least saturated
};

/// Simulated sizings of one circuit. Rows are in drawing order; every `heldOutEvery`-th is a target for
/// evaluation and never trained on.
struct Dataset {
    std::vector<std::string> variableNames;
    std::vector<Performance> performances;
    std::vector<DataRow> rows;
    std::uint64_t seed = 0;
    double saturationMargin = 0.02; ///< V, which every MOSFET of every row has
    /// The training rows, and about as many drawings that were turned down because some MOSFET was not
    /// saturated: what predicts feasibility. May be empty.
    std::vector<SaturationRow> saturation;

    /// Rows that are trained on, and those that are kept aside.
    std::vector<std::size_t> trainingRows() const;
    std::vector<std::size_t> heldOutRows() const;
    /// The held-out row that lies nearest to the middle of all rows, in standardised performances: an
    /// ordinary specification to begin with. Needs at least one held-out row.
    std::size_t centralHeldOutRow() const;
    static constexpr std::size_t heldOutEvery = 9; ///< 1000 rows: 111 targets
};

/// Text form: one column per variable (its name) and performance (its name), SI units, full precision.
std::string writeDatasetCsv(const Dataset& dataset);
Result<Dataset> readDatasetCsv(std::string_view text, const std::string& fileName);

/// The saturation rows, likewise: one column per variable, then "saturation_margin".
std::string writeSaturationCsv(const Dataset& dataset);
Result<std::vector<SaturationRow>> readSaturationCsv(std::string_view text, const std::string& fileName);

struct DatasetSettings {
    std::size_t size = 1000;           ///< non-dominated sizings wanted
    std::size_t maximumDraws = 200000; ///< then an error says how few were found
    double selectivity = 2.0;          ///< good draws per kept row before the selection
    double saturationMargin = 0.02;    ///< V, required of every MOSFET
    double minimumPhaseMargin = 45;    ///< degrees
    double minimumGainDb = 20;
    std::uint64_t seed = 1;
};

/// What happened while drawing, for the user and the model card.
struct DrawStatistics {
    std::size_t drawn = 0;    ///< electrical drawings sent to the simulator
    std::size_t screened = 0; ///< beside them: not simulated, since they were foreseen not to be saturated
    std::size_t notSaturated = 0;
    std::size_t failed = 0;   ///< no convergence or a performance that does not exist
    std::size_t rejected = 0; ///< phase margin or gain too small, oscillating ones among them
    std::size_t good = 0;
    std::size_t nonDominated = 0;
    double seconds = 0;
};

/// Indices of the rows that no other row beats in every performance at once.
std::vector<std::size_t> nonDominatedRows(const std::vector<DataRow>& rows,
                                          const std::vector<Performance>& performances);

/// Of the candidates the @p count that are farthest from being beaten in every performance at once: by the
/// additive epsilon that would make the nearest other row dominate them (Zitzler et al. 2003), in standard
/// deviations. Ascending row numbers.
std::vector<std::size_t> leastBeatenRows(const std::vector<DataRow>& rows,
                                         const std::vector<std::size_t>& candidates,
                                         const std::vector<Performance>& performances, std::size_t count);

} // namespace headroom::sizing
