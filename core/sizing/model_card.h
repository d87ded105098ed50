#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/diffusion/diffusion_model.h"
#include "core/sizing/normalisation.h"
#include "core/sizing/sizing_model.h"

namespace headroom::sizing {

/// One network of a sizing model: its shape and the variables that are its tokens.
struct NetworkDescription {
    std::string name;
    std::vector<std::size_t> variables; ///< indices into ModelDescription::variableNames
    diffusion::DenoiserConfig denoiser;
};

/// Everything of a sizing model but the weights: what model.yaml says.
struct ModelDescription {
    ModelCard card;
    std::vector<std::string> variableNames;
    std::vector<Performance> performances;
    std::vector<std::pair<double, double>> performanceRanges; ///< over the training rows
    Normalisation normalisation;
    std::vector<NetworkDescription> networks;
    diffusion::TrainingConfig training;
    std::string weightsHash;
};

/// The card as YAML, and back. Errors name the file and the key.
std::string writeModelYaml(const ModelDescription& description);
Result<ModelDescription> readModelYaml(const std::string& yaml, const std::string& fileName);

} // namespace headroom::sizing
