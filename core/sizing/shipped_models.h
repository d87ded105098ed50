#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/sizing/dataset_folder.h"
#include "core/sizing/sizing_model.h"

namespace headroom::sizing {

/// What a model folder refers to.
struct ModelSource {
    std::filesystem::path folder;
    std::filesystem::path netlist;
    std::filesystem::path dataset; ///< a data set folder
    std::string technology;
    ModelCard card;
};

/// Reads <folder>/model.yaml as far as needed to find the circuit and the data set it was trained on.
Result<ModelSource> readModelSource(const std::filesystem::path& folder);

/// Writes what evaluation measured into the model's card.
Result<void> recordMetrics(const std::filesystem::path& folder, const std::map<std::string, double>& metrics,
                           const std::string& command);

/// The folder of the shipped model that was trained on this circuit (same devices, models, connections) in
/// this technology, if there is one: by the given method, else the one whose card records that it met the
/// most held-out targets (within 5 %, best of eight).
std::optional<std::filesystem::path> findShippedModel(const netlist::Circuit& circuit,
                                                      const std::string& technology,
                                                      std::optional<Method> method = std::nullopt);

} // namespace headroom::sizing
