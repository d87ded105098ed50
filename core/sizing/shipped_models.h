#pragma once

#include <filesystem>
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
};

/// Reads <folder>/model.yaml as far as needed to find the circuit and the data set it was trained on.
Result<ModelSource> readModelSource(const std::filesystem::path& folder);

/// The folder of the shipped model that was trained on this circuit (same devices, models, connections) in
/// this technology by this method, if there is one.
std::optional<std::filesystem::path> findShippedModel(const netlist::Circuit& circuit,
                                                      const std::string& technology,
                                                      Method method = Method::Blocks);

} // namespace headroom::sizing
