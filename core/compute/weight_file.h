#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace headroom::compute {

/// A tensor of 32-bit floats, row-major.
struct Weights {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

/// Named tensors plus string metadata, in the safetensors format (8-byte little-endian header length,
/// JSON header, raw data).
struct WeightFile {
    std::map<std::string, Weights> tensors;
    std::map<std::string, std::string> metadata;
};

/// Errors: NotFound, Corrupt (truncated, overlapping or out-of-range offsets, unknown type); the message
/// names the file and what is wrong.
Result<WeightFile> readWeightFile(const std::filesystem::path& path);
Result<WeightFile> parseWeightFile(std::string_view bytes, const std::string& name);

/// The bytes of a weight file. Every tensor has as many values as its shape calls for.
std::string serialise(const WeightFile& file);

/// Error Internal where a tensor's values do not fit its shape; else those of writeFileAtomically.
Result<void> writeWeightFile(const std::filesystem::path& path, const WeightFile& file);

} // namespace headroom::compute
