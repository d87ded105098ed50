#pragma once

#include <memory>
#include <vector>

#include "core/netlist/netlist.h"
#include "core/simulation/simulator.h"
#include "core/sizing/training_curve.h"
#include "core/structure/structure.h"
#include "widgets/jobs/job_row.h"
#include "widgets/simulation/simulation_data.h"
#include "widgets/sizing/dataset_view.h"
#include "widgets/sizing/exploration_data.h"
#include "widgets/sizing/model_report.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::widgets::samples {

/// The shipped folded-cascode amplifier, read from resources/examples.
std::shared_ptr<const netlist::Netlist> foldedCascode();

/// Its structure.
std::shared_ptr<const structure::Structure> foldedCascodeStructure();

/// The standard specification with ranges.
SpecificationData specification();

/// A training with rows kept aside, whose best epoch was not the last, and one without.
std::vector<sizing::TrainingCurve> trainingCurves();

/// The paper's box plot of six performances, histograms of an exploration, and its table of widths.
std::shared_ptr<const ModelReport> modelReport();

/// Candidates spread around the specification's targets; every tenth has no result, the last @p unsimulated
/// were never simulated.
std::shared_ptr<const ExplorationData> exploration(std::size_t count = 100, std::size_t unsimulated = 0);

/// As above, with what a forward model said of the first half, all variables, a pinned candidate and a note.
std::shared_ptr<const ExplorationData> rankedExploration(std::size_t count = 40);

/// A data set of three performances and three sizes: 90 rows, every ninth held out, 30 drawings that were
/// turned down.
std::shared_ptr<const DatasetData> dataset();

/// One device in triode, the rest saturated.
std::shared_ptr<const simulation::OperatingPoint> operatingPoint();

/// An evaluation of the folded-cascode amplifier with all performances and curves: two poles, a step response
/// that rings, ranges that end. Made up.
SimulationData simulation();

/// What can be swept of it.
std::vector<SweepVariable> sweepVariables();

/// A sweep of the input pair's width, simulated as far as @p done points; the fifth has no result.
std::shared_ptr<const SweepData> sweep(std::size_t done);

/// One job of each state.
std::vector<JobRow> jobs();

} // namespace headroom::widgets::samples
