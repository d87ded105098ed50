#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/sizing/evaluation.h"

namespace headroom::sizing {

struct SamplerStudySettings {
    std::vector<std::string> samplers = diffusion::samplerNames();
    std::vector<int> steps{2, 3, 5, 10, 20, 50, 100};
    /// Temperature, guidance and seed of all samples; what else it says is replaced.
    diffusion::SamplingConfig sampling;
    std::size_t spreadTargets = 6;   ///< evenly spaced among the targets
    std::size_t spreadSamples = 100; ///< of each of them
    int referenceSteps = 250;        ///< of ancestral sampling (DDPM)
};

/// What one sampler makes of a number of steps.
struct SamplerScore {
    std::string sampler;
    int steps = 0;
    double secondsPerThousand = 0; ///< to sample 1000 sizings, several targets at once
    /// Share of the targets that a single sample, simulated, misses by no more than 5 % / 10 % in any
    /// performance; NaN where nothing was simulated.
    double metAt5 = 0, metAt10 = 0;
    double saturated = 0; ///< share of those samples in which every MOSFET has the data set's margin
    double spread = 0;    ///< standard deviation of the logarithms of widths, mean over widths and targets
    /// From the many-step distribution: Wasserstein's 1-distance of the logarithms of each size in standard
    /// deviations of the many-step samples, mean over sizes and targets.
    double distance = 0;
};

struct SamplerStudy {
    SamplerScore reference; ///< many steps; its distance is that of two sets of samples of its own
    std::vector<SamplerScore> scores;
};

/// Quality against steps, of targets that pin nothing. @param pool null: nothing is simulated
/// Errors: those of sampling and of the pool, NotFound (a sampler), BadInput (no targets).
Result<SamplerStudy> studySamplers(SizingModel& model, const DesignSpace& space, const Targets& targets,
                                   const SamplerStudySettings& settings, simulation::EvaluationPool* pool,
                                   double supplyVoltage, JobContext& context);

} // namespace headroom::sizing
