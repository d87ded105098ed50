#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/cell_bench.h"
#include "core/delay/cell_simulator.h"

namespace headroom::delay {

/// From low to high; drawn uniformly in the logarithm (loads, slews) or as it is.
struct Range {
    double low = 0, high = 0;
    bool isFixed() const { return low == high; }
    bool operator==(const Range&) const = default;
};

/// Mean over arcs and both edges, s: (t_pHL + t_pLH) / 2 of an inverter (Rabaey, Chandrakasan and Nikolic
/// 2003, section 1.3.3).
double propagationDelay(const std::vector<ArcFigures>& arcs);

/// What samples are drawn from. Process figures are normally distributed about the card's, cut off at four
/// standard deviations.
struct ConditionRanges {
    double processScale = 1; ///< on the standard deviations; 0: nominal process throughout
    Range supplyVolts;       ///< both 0: 10 % about the technology's
    Range temperature{-40, 125};
    Range loadFarads{1e-15, 1e-15};
    Range slewSeconds{6e-12, 6e-12};

    bool operator==(const ConditionRanges&) const = default;

    Result<void> validate() const; ///< of complete ranges
    ConditionRanges completed(const technology::Technology& technology) const;
};

/// What the time windows of measurements within these ranges are chosen by. @param ranges complete
SettlingRange settlingRangeOf(const CellBench& bench, const ConditionRanges& ranges);

struct CharacterisationSettings {
    ConditionRanges ranges;
    std::string corner; ///< empty: the nominal one
    std::size_t samples = 500;
    std::uint64_t seed = 1;
    int threads = 0;            ///< simulators; 0: as many as the budget allows
    double timeoutSeconds = 20; ///< per transient
    /// What has been simulated before is taken from there (simulation::RecordCache); empty: no cache.
    std::string cacheFile;
};

/// A column of what samples were drawn.
struct ConditionColumn {
    std::string name, unit;
    bool isFixed = false; ///< the same in every sample
};

/// A cell's delays over random conditions. Sample number i depends on the seed and i alone.
struct CellSamples {
    std::string cell;
    std::vector<ConditionColumn> columns;        ///< process, vdd, temperature, load, slew
    std::vector<std::vector<double>> conditions; ///< by sample, as columns; SI units, degrees Celsius
    std::vector<Arc> arcs;
    std::vector<std::string> arcNames;
    std::vector<std::vector<ArcFigures>> figures; ///< by sample and arc; empty where the sample failed
    std::vector<std::optional<Error>> errors;     ///< by sample
    std::size_t transients = 0;                   ///< simulated
    std::size_t cached = 0;                       ///< samples that had been simulated before
    double seconds = 0;
    std::string unvaried; ///< CellBench::unvaried(), where the process varies

    std::size_t failed() const;
    /// Of a sample that did not fail, s.
    double propagationDelay(std::size_t sample) const { return delay::propagationDelay(figures[sample]); }
};

/// Simulates a cell under random conditions. Errors: those of CellBench, BadInput (ranges), Cancelled;
/// Infeasible where no sample gives a delay. Single samples that fail are reported in the result.
Result<CellSamples> characterise(const Cell& cell, const technology::Technology& technology,
                                 const CharacterisationSettings& settings, JobContext& context);

/// The conditions that are not fixed and `delay [s]`, the propagation delay; failed samples are left out.
std::string delayCsv(const CellSamples& samples);
/// The same conditions and every arc's figures: `delay_a_y_rise [s]`, `slew_a_y_rise [s]` and so on.
std::string arcCsv(const CellSamples& samples);

/// Delays and slews of every arc over a grid of slews and loads, by [slew][load].
struct ArcTable {
    Arc arc;
    std::string name;
    std::vector<std::vector<ArcFigures>> figures;
};
struct CellTables {
    Cell cell;
    std::vector<double> slews, loads; ///< s, F
    double supplyVolts = 0, temperature = 27;
    std::vector<ArcTable> arcs;
};

/// At nominal process. Errors as characterise().
Result<CellTables> tabulate(const Cell& cell, const technology::Technology& technology,
                            const std::vector<double>& slews, const std::vector<double>& loads,
                            const CharacterisationSettings& settings, JobContext& context);

/// A Liberty library of one cell: non-linear delay model tables, functions and timing senses.
std::string libertyText(const CellTables& tables, const std::string& technology);

} // namespace headroom::delay
