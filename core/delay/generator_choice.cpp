#include "core/delay/generator_choice.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/bounds.h"
#include "core/delay/refined_generator.h"

namespace headroom::delay {
namespace {

Result<void> validate(const GeneratorOptions& options) {
    return checkAll({checkWithin("The noise", options.noise, 0, 10),
                     checkWithin("The number of neighbours", static_cast<double>(options.neighbours), 1, 1e4),
                     checkWithin("The number of epochs", options.epochs, 0, 1e7),
                     checkWithin("The number of diffusion steps", options.diffusionSteps, 0, 1e5),
                     checkWithin("The first beta", options.firstBeta, 0, 0.999),
                     checkWithin("The last beta", options.lastBeta, options.firstBeta, 0.999)});
}

/// "ddpm-paper, T 200, beta 0.001 to 0.05": what differs from the defaults, so that variants can be told
/// apart.
std::string nameOf(std::string_view method, const GeneratorOptions& options) {
    std::string name(method);
    if (options.epochs > 0) name += fmt::format(", {} epochs", options.epochs);
    if (options.diffusionSteps > 0) name += fmt::format(", T {}", options.diffusionSteps);
    if (options.lastBeta > 0) name += fmt::format(", beta {} to {}", options.firstBeta, options.lastBeta);
    return name;
}

std::unique_ptr<Generator> makeNetwork(std::string_view method, DiffusionSettings settings,
                                       const GeneratorOptions& options) {
    if (options.epochs > 0) settings.training.epochs = options.epochs;
    if (options.diffusionSteps > 0) settings.network.diffusionSteps = options.diffusionSteps;
    if (settings.network.isLinear()) {
        if (options.lastBeta > 0) {
            settings.network.firstBeta = options.firstBeta;
            settings.network.lastBeta = options.lastBeta;
        }
        settings.sampling.steps = settings.network.diffusionSteps;
    }
    settings.sampling.threads = compute::threadBudget();
    settings.device = options.device;
    settings.watch = options.watch;
    return makeDiffusionGenerator(settings, nameOf(method, options));
}

} // namespace

const std::vector<GeneratorMethod>& generatorMethods() {
    static const std::vector<GeneratorMethod> all{
        {"ddpm", "diffusion of the target by a residual network, given inputs drawn by a copula"},
        {"ddpm-joint", "diffusion of all columns together by a residual network"},
        {"ddpm-paper",
         "diffusion of all columns by an encoder and decoder, as arXiv 2310.10691 describes it"},
        {"copula", "correlated normal numbers through the columns' quantiles"},
        {"smote", "interpolation between neighbouring rows"},
        {"noise", "copies of rows with normal noise"}};
    return all;
}

Result<std::unique_ptr<Generator>> makeGenerator(std::string_view method, const Table& table,
                                                 std::size_t target, const GeneratorOptions& options) {
    if (const auto valid = validate(options); !valid) return forward(valid);
    std::unique_ptr<Generator> generator;
    if (method == "ddpm")
        generator = makeNetwork(method, DiffusionSettings::conditional(table, target), options);
    else if (method == "ddpm-joint")
        generator = makeNetwork(method, DiffusionSettings::strong(), options);
    else if (method == "ddpm-paper")
        generator = makeNetwork(method, DiffusionSettings::paper(), options);
    else if (method == "copula")
        generator = makeCopulaGenerator();
    else if (method == "smote")
        generator = makeSmoteGenerator({options.neighbours});
    else if (method == "noise")
        generator = makeNoiseGenerator({options.noise});
    if (!generator) {
        std::vector<std::string> names;
        for (const GeneratorMethod& each : generatorMethods())
            names.push_back(each.name);
        return fail(ErrorCode::NotFound,
                    fmt::format("There is no generator \"{}\", but {}.", method, fmt::join(names, ", ")));
    }
    if (!options.refined) return generator;
    return makeRefinedGenerator(std::move(generator), table.columns[target].name);
}

Result<std::function<std::unique_ptr<Generator>()>> generatorMaker(std::string_view method,
                                                                   const Table& table, std::size_t target,
                                                                   const GeneratorOptions& options) {
    if (const auto tried = makeGenerator(method, table, target, options); !tried) return forward(tried);
    return [name = std::string(method), columns = table.withoutRows(), target, options] {
        return std::move(*makeGenerator(name, columns, target, options));
    };
}

} // namespace headroom::delay
