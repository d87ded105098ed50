#pragma once

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/sizing/dataset.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

/// Draws sizings in electrical space (branch currents, inversion coefficients, lengths), simulates them,
/// keeps those whose MOSFETs are all saturated, and of these the ones that no other drawn sizing beats in
/// every performance of the pool's settings. Where these are so rare (few performances) that four times the
/// drawings wanted do not hold enough of them, those that are beaten by least (leastBeatenRows()) fill up;
/// held-out rows stay non-dominated as far as there are any. Drawing number i depends on the seed and i
/// alone: with a cache in the pool a run that was stopped or killed resumes where it stopped and gives the
/// same rows. Errors: Infeasible (too few drawings work), Cancelled, those of the pool.
Result<Dataset> buildDataset(simulation::EvaluationPool& pool,
                             const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                             const DatasetSettings& settings, JobContext& context,
                             DrawStatistics* statistics = nullptr);

/// What is extended.
struct DatasetExtension {
    Dataset present;
    DrawStatistics drawn; ///< what it took to draw it
    /// The pool's cache holds its simulations: its drawings are gone through again, and those which its size
    /// left no room for come first. Otherwise drawing goes on behind the last one.
    bool isCached = false;
};

/// Draws on until there are settings.size rows. Those that are there keep their numbers, so that held-out
/// ones stay held out; a training row that a new drawing beats in every performance gives its place to a new
/// one. Settings and pool as they were for the present rows, but for the size. Errors: those of
/// buildDataset(), and BadInput where there are that many rows already.
Result<Dataset> extendDataset(simulation::EvaluationPool& pool,
                              const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                              const DatasetExtension& extension, const DatasetSettings& settings,
                              JobContext& context, DrawStatistics* statistics = nullptr);

} // namespace headroom::sizing
