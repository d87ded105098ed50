#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

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

/// How many units a mirror's transistor may have; 0: its width is free.
CLI::Option* addUnitOption(CLI::App& command, std::size_t& mostUnits);

/// From now on mirrors are made of at most so many unit transistors each; 0: widths are free.
void makeMirrorsOfUnits(ModelSession& session, std::size_t mostUnits);

/// {variable: value}, SI units.
nlohmann::json sizingJson(const sizing::DesignSpace& space, const std::vector<double>& values);

/// [{unit_width, transistors: [{device, units}]}] of the mirrors that are made of units.
nlohmann::json mirrorsJson(const sizing::DesignSpace& space, const std::vector<double>& values);

/// For people, a line per mirror: "M3 1 x 2.5 um, M5 4 x 2.5 um".
std::string describeMirrors(const sizing::DesignSpace& space, const std::vector<double>& values);

/// Pool with these performances. @param cacheFile empty: no cache
Result<std::unique_ptr<simulation::EvaluationPool>>
makePool(const std::shared_ptr<const simulation::AmplifierUnderTest>& amplifier, const GlobalOptions& options,
         const std::string& cacheFile = {}, double requiredMargin = -1,
         const std::vector<simulation::Performance>& performances = simulation::standardPerformances());

/// What ranks a model's proposals; null where the model was trained before there were forward models, or
/// where @p candidates is 0, which asks for none.
Result<std::shared_ptr<const sizing::ForwardModel>> rankingModel(const ModelSession& session,
                                                                 std::size_t candidates);

/// What is asked for on the command line.
struct SpecificationArguments {
    std::vector<std::string> requirements; ///< see sizing::parseRequirement()
    std::vector<std::string> pinned;       ///< see sizing::parsePinnedSize()
    bool hasCorners = false;               ///< whether requirements may name corners
};
void addSpecificationOptions(CLI::App& command, SpecificationArguments& arguments);

/// In the order of the model's performances; those that are not named are free. Errors: those of
/// sizing::parseSpecification(); BadInput where a requirement names a corner that the technology does not
/// have, or names one although the command looks at one corner only.
Result<sizing::Specification> readSpecification(const SpecificationArguments& arguments,
                                                const ModelSession& session);

/// [{name, target, minimum, maximum, weight, unit}]; limits that there are not are null.
nlohmann::json specificationJson(const sizing::Specification& specification);

/// {"specification": specificationJson(), "pinned": [{name, value}]}
nlohmann::json toJson(const sizing::Specification& specification, const sizing::DesignSpace& space);

/// For people: "≥ 60 dB".
std::string asked(const sizing::Requirement& requirement);

} // namespace headroom::cli
