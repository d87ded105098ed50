#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/sizing_session.h"
#include "core/diffusion/diffusion_model.h"
#include "core/sizing/candidate_search.h"

namespace headroom::cli {

/// Adds `sizing evaluate` to the group `sizing`.
void addSizingEvaluate(CLI::App& group, const Registry& registry);

/// Models to judge beside the session's: the folders that are named (none: no others), or the shipped ones of
/// the other methods.
std::vector<std::filesystem::path> modelsBeside(const std::vector<std::string>& named,
                                                const ModelSession& session);

/// Where simulations of a model's sizings are kept: the given file ("none": nowhere), else the data set's own
/// cache where it has one, else one in the user's cache folder ($XDG_CACHE_HOME, ~/.cache).
std::string cacheFileFor(const std::string& asked, const std::filesystem::path& model);
inline constexpr const char* cacheHelp =
    "Cache of simulations, or none; default: the data set's, else one in the user's cache folder";

/// Options of how a diffusion model is sampled.
void addSamplingOptions(CLI::App& command, diffusion::SamplingConfig& sampling);

inline constexpr const char* candidatesHelp =
    "Samples from which those to simulate are chosen by rank; 0: they are simulated as they are drawn";

/// Options of how sizings are chosen for simulation.
void addSearchOptions(CLI::App& command, sizing::SearchSettings& search);

} // namespace headroom::cli
