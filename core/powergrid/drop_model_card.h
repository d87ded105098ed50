#pragma once

#include <filesystem>
#include <string>

#include "core/compute/weight_file.h"
#include "core/powergrid/drop_model.h"

namespace headroom::powergrid {

struct StoredDropModel {
    DropModelCard card;
    compute::WeightFile weights;
};

std::string writeDropModelYaml(const DropModelCard& card);
/// Error Corrupt with file and line, Unsupported for a newer format.
Result<DropModelCard> readDropModelYaml(const std::string& yaml, const std::string& fileName);

/// <folder>/model.yaml and <folder>/weights.safetensors.
Result<void> writeDropModel(const std::filesystem::path& folder, DropModelCard card,
                            const compute::WeightFile& weights);
/// Errors: NotFound, Corrupt (also where the weights do not match the card's checksum).
Result<StoredDropModel> readDropModel(const std::filesystem::path& folder);

} // namespace headroom::powergrid
