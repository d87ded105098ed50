#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/delay/generator_choice.h"

namespace headroom::delay {

/// What a generator on disk was made and fitted by.
struct GeneratorCard {
    std::string method;       ///< as makeGenerator() takes it
    GeneratorOptions options; ///< the device is not kept
    std::string target;       ///< name of the column
    std::size_t rows = 0;     ///< that it was fitted on
    std::uint64_t seed = 0;   ///< of the fit
    double seconds = 0;       ///< that the fit took
    std::string command;      ///< that wrote it; may be empty
};

/// Writes <folder>/model.yaml, with everything but a network's weights, and <folder>/weights.safetensors. A
/// generator that samples from its rows (smote, noise) keeps them there.
/// Errors: those of Generator::state() and writeFileAtomically().
Result<void> writeGenerator(const std::filesystem::path& folder, const Generator& generator,
                            const GeneratorCard& card);

struct StoredGenerator {
    GeneratorCard card;
    Table columns; ///< of the rows that it makes; without rows
    std::unique_ptr<Generator> generator;
};

/// Equal seeds give the rows that the generator gave before it was written. Errors: NotFound, Corrupt,
/// Unsupported (of a newer Headroom, or a network without the network engine).
Result<StoredGenerator> readGenerator(const std::filesystem::path& folder, compute::DeviceChoice device);

} // namespace headroom::delay
