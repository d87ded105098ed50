#pragma once

#include "app/cli/commands.h"
#include "core/diffusion/diffusion_model.h"
#include "core/sizing/candidate_search.h"

namespace headroom::cli {

/// Adds `sizing evaluate` to the group `sizing`.
void addSizingEvaluate(CLI::App& group, const Registry& registry);

/// Options of how a diffusion model is sampled.
void addSamplingOptions(CLI::App& command, diffusion::SamplingConfig& sampling);

inline constexpr const char* candidatesHelp =
    "Samples from which those to simulate are chosen by rank; 0: they are simulated as they are drawn";

/// Options of how sizings are chosen for simulation.
void addSearchOptions(CLI::App& command, sizing::SearchSettings& search);

} // namespace headroom::cli
