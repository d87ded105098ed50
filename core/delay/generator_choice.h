#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/delay/diffusion_generator.h"
#include "core/delay/generator.h"

namespace headroom::delay {

/// A generator that can be asked for by name.
struct GeneratorMethod {
    std::string name;
    std::string description; ///< a phrase for lists: "interpolation between neighbouring rows"
};

/// "ddpm", "ddpm-joint", "ddpm-paper", "copula", "smote", "noise".
const std::vector<GeneratorMethod>& generatorMethods();

/// What may be set of the generators; each takes what concerns it. Absent numbers (0) keep the defaults.
struct GeneratorOptions {
    double noise = 0.1;                 ///< of "noise", by the columns' deviations
    std::size_t neighbours = 5;         ///< of "smote"
    int epochs = 0;                     ///< of networks
    int diffusionSteps = 0;             ///< T of networks; of "ddpm-paper" also the steps of sampling
    double firstBeta = 0, lastBeta = 0; ///< of "ddpm-paper", both or none
    bool refined = false;               ///< targets by a Gaussian process fitted on the same rows
    compute::DeviceChoice device = compute::DeviceChoice::Auto;
    std::function<void(const TrainingPreview&)> watch = {}; ///< see DiffusionSettings
};

/// @param table whose columns the rows will have  @param target of its columns
/// Errors: NotFound, naming the methods that there are; BadInput (settings out of range).
Result<std::unique_ptr<Generator>> makeGenerator(std::string_view method, const Table& table,
                                                 std::size_t target, const GeneratorOptions& options);

/// The same as often as it is wanted: what is wrong with it is told once, from then on it cannot fail.
Result<std::function<std::unique_ptr<Generator>()>> generatorMaker(std::string_view method,
                                                                   const Table& table, std::size_t target,
                                                                   const GeneratorOptions& options);

} // namespace headroom::delay
