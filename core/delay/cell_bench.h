#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/cell.h"
#include "core/delay/cell_process.h"
#include "core/simulation/engine.h"
#include "core/technology/technology.h"

namespace headroom::delay {

/// What a cell is measured under.
struct Conditions {
    std::vector<double> process; ///< values, as the bench's parameters
    double supplyVolts = 0;
    double temperature = 27; ///< degrees Celsius
    double loadFarads = 0;   ///< at every output
    double slewSeconds = 0;  ///< of the input's edges, from 20 to 80 % of the supply
};

/// Counts changes that give other figures for the same conditions.
inline constexpr int cellBenchVersion = 1;

/// Share of the supply between which slews are taken, and the one at which delays are.
inline constexpr double kSlewFrom = 0.2, kSlewTo = 0.8, kDelayAt = 0.5;

/// Of one edge of an output. @p delay may be negative behind a slow input edge.
struct EdgeFigures {
    double delay = 0; ///< s, from the input's 50 % to the output's
    double slew = 0;  ///< s, from 20 to 80 %
};
struct ArcFigures {
    EdgeFigures rise, fall; ///< of the output
};

/// A cell with sources at its inputs and loads at its outputs. One deck serves all conditions: only values
/// are altered. Immutable.
class CellBench {
public:
    /// Errors: BadInput, NotFound (a model that the technology does not know, a corner), Infeasible (a size
    /// that no bin of its model holds), those of arcsOf().
    static Result<CellBench> create(Cell cell, const technology::Technology& technology,
                                    const std::string& corner);

    const Cell& cell() const { return m_cell; }
    const std::vector<Arc>& arcs() const { return m_arcs; }
    const std::vector<ProcessParameter>& process() const { return m_process; }
    /// What of the usual figures does not vary, in a sentence; empty where all do.
    const std::string& unvaried() const { return m_unvaried; }
    const std::string& deck() const { return m_deck; }
    /// Transients per measurement.
    std::size_t stimuli() const { return m_stimuli.size(); }
    /// Nominal process.
    Conditions nominal(double supplyVolts, double temperature, double load, double slew) const;

    /// How long each stimulus' outputs take to come near their rails, as an affine function of the load: what
    /// measure() chooses its time window by. @param low, high loads, F
    struct Settling {
        double atLow = 0, perFarad = 0, lowLoad = 0; ///< s, s/F, F
    };
    Result<std::vector<Settling>> findSettling(simulation::Engine& engine, const Conditions& slowest,
                                               double low, double high, double timeoutSeconds,
                                               const JobContext& context) const;

    /// Loads nothing: the engine holds deck(). Errors: Convergence, Simulator, Cancelled; Infeasible where an
    /// output does not settle at these conditions. @return by arc
    Result<std::vector<ArcFigures>> measure(simulation::Engine& engine, const Conditions& conditions,
                                            const std::vector<Settling>& settling, double timeoutSeconds,
                                            const JobContext& context) const;

private:
    /// One edge of one input at a state of the others, from rest, and the arcs that are seen in it.
    struct Stimulus {
        std::size_t input = 0;
        std::vector<bool> others;
        bool rises = true;
        std::vector<std::size_t> arcs;
        std::vector<double> levels = {}; ///< by NetId before the edge, over the supply
    };
    struct Waveforms;

    CellBench() = default;
    void addStimuli();
    /// Absent where the output has not come near its rail.
    static std::optional<EdgeFigures> edgeOf(const Waveforms& waveforms, std::size_t output, bool rises,
                                             double high);
    std::vector<simulation::Alteration> alterations(const Conditions& conditions) const;
    Result<Waveforms> simulate(simulation::Engine& engine, const Stimulus& stimulus,
                               const Conditions& conditions, double hold,
                               std::vector<simulation::Alteration> alterations, double timeoutSeconds,
                               const JobContext& context) const;
    /// From the end of an input's edge until all outputs are near their rails, s; the hold where they are
    /// not.
    double settledAfter(const Waveforms& waveforms, const Stimulus& stimulus, double high) const;
    Result<double> settlingTime(simulation::Engine& engine, const Stimulus& stimulus,
                                const Conditions& conditions, double timeoutSeconds,
                                const JobContext& context) const;

    Cell m_cell;
    std::vector<Arc> m_arcs;
    std::vector<Stimulus> m_stimuli;
    std::vector<std::string> m_elements; ///< ngspice's names of the cell's devices
    std::vector<ProcessParameter> m_process;
    std::string m_unvaried;
    std::string m_deck;
};

} // namespace headroom::delay
