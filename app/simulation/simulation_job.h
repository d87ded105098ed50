#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/session/circuit.h"
#include "app/session/shared_pool.h"
#include "widgets/simulation/simulation_data.h"

namespace headroom::app {

class JobMonitor;

/// One simulation and the conditions that it was made under.
struct Simulated {
    std::shared_ptr<const simulation::Evaluation> evaluation;
    simulation::BenchConditions conditions;
};

/// Simulates one sizing with every performance and all curves, ahead of everything that waits.
Result<Simulated> runSimulation(const std::shared_ptr<SharedPool>& pool, const netlist::Sizing& sizing,
                                JobMonitor& monitor);

/// What can be swept: widths with all devices that share them, lengths, multiplicities, values, and the
/// conditions. @param sizing over the imported netlist, for the present values
std::vector<widgets::SweepVariable>
sweepVariables(const Circuit& circuit, const project::Conditions& conditions, const netlist::Sizing& sizing);

/// The positions of a sweep: rising, none twice; sizes on the technology's grid and within its limits.
std::vector<double> sweepPositions(const Circuit& circuit, const widgets::SweepVariable& variable,
                                   const widgets::SweepSettings& settings);

/// @p sizing with another value of one parameter of some devices.
netlist::Sizing withValue(netlist::Sizing sizing, const QStringList& devices, const QString& parameter,
                          double value);

/// What a sweep asks for at one position: everything.
simulation::EvaluationRequest sweepRequest(const widgets::SweepVariable& variable,
                                           const netlist::Sizing& sizing, double position);

using SweepPointer = std::shared_ptr<const widgets::SweepData>;

/// Simulates all positions of @p sweep, of which none has a result yet. @param onPartial called on the worker
/// thread with what there is so far, as often as previews are shown
Result<SweepPointer> runSweep(const std::shared_ptr<SharedPool>& pool, const netlist::Sizing& sizing,
                              widgets::SweepData sweep, JobMonitor& monitor,
                              const std::function<void(SweepPointer)>& onPartial);

} // namespace headroom::app
