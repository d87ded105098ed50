#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/session.h"
#include "core/sizing/dataset_folder.h"
#include "core/sizing/design_space.h"
#include "core/sizing/shipped_models.h"
#include "core/sizing/sizing_model.h"

namespace headroom::cli {

/// Everything that sampling from a model needs, opened from the model's folder.
struct ModelSession {
    std::shared_ptr<const simulation::AmplifierUnderTest> amplifier;
    std::shared_ptr<const sizing::DesignSpace> space;
    sizing::Dataset dataset;
    std::shared_ptr<sizing::SizingModel> model;
    double supplyVoltage = 0;
};

/// Opens a model together with its circuit and data set. @param netlist overrides the one that the model
/// names
Result<ModelSession> openModel(const std::filesystem::path& folder, const GlobalOptions& options,
                               const std::string& netlist = {});

/// Pool with these performances. @param cacheFile empty: no cache
Result<std::unique_ptr<simulation::EvaluationPool>>
makePool(const std::shared_ptr<const simulation::AmplifierUnderTest>& amplifier, const GlobalOptions& options,
         const std::string& cacheFile = {}, double requiredMargin = -1,
         const std::vector<simulation::Performance>& performances = simulation::standardPerformances());

/// What ranks a model's proposals; null where the model was trained before there were forward models, or
/// where
/// @p candidates is 0, which asks for none.
Result<std::shared_ptr<const sizing::ForwardModel>> rankingModel(const ModelSession& session,
                                                                 std::size_t candidates);

/// A specification from name=value words; performances that are not named take the value of the data set's
/// row that comes nearest to those that are.
Result<sizing::Specification> parseSpecification(const std::vector<std::string>& words,
                                                 const sizing::Dataset& dataset);

} // namespace headroom::cli
