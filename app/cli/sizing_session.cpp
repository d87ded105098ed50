#include "app/cli/sizing_session.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/quantity.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/model_origin.h"
#include "core/sizing/normalisation.h"
#include "core/sizing/training_data.h"

namespace headroom::cli {

using simulation::Performance;

Result<ModelSession> openModel(const std::filesystem::path& folder, const GlobalOptions& options,
                               const std::string& netlist) {
    const auto source = sizing::readModelSource(folder);
    if (!source) return forward(source);
    ModelSession session;
    const auto amplifier = sizing::openAmplifier(
        netlist.empty() ? source->netlist : std::filesystem::path(netlist), source->technology);
    if (!amplifier) return forward(amplifier);
    session.amplifier = *amplifier;
    if (const auto fits = sizing::checkOrigin(source->card, *session.amplifier); !fits) return forward(fits);
    auto space = sizing::DesignSpace::create(*session.amplifier);
    if (!space) return forward(space);
    session.space = std::make_shared<const sizing::DesignSpace>(std::move(*space));
    auto dataset = sizing::loadDatasetFolder(source->dataset);
    if (!dataset) return forward(dataset);
    const auto device = compute::deviceFromName(options.device).value_or(compute::DeviceChoice::Auto);
    auto model = sizing::SizingModel::load(folder, *session.space, device);
    if (!model) return forward(model);
    auto known = sizing::withPerformances(dataset->dataset, model->performances());
    if (!known) return forward(known);
    session.dataset = std::move(*known);
    session.model = std::make_shared<sizing::SizingModel>(std::move(*model));
    session.supplyVoltage = session.amplifier->technology.supplyVoltage;
    return session;
}

Result<std::unique_ptr<simulation::EvaluationPool>>
makePool(const std::shared_ptr<const simulation::AmplifierUnderTest>& amplifier, const GlobalOptions& options,
         const std::string& cacheFile, double requiredMargin,
         const std::vector<simulation::Performance>& performances) {
    simulation::EvaluationSettings settings;
    settings.performances = performances;
    if (requiredMargin >= 0) settings.requiredSaturationMargin = requiredMargin;
    simulation::PoolOptions pool;
    pool.workers = options.threads;
    pool.cacheFile = cacheFile;
    return simulation::EvaluationPool::create(amplifier, settings, pool);
}

Result<std::shared_ptr<const sizing::ForwardModel>> rankingModel(const ModelSession& session,
                                                                 std::size_t candidates) {
    if (candidates == 0) return nullptr;
    auto model = session.model->forwardModel(session.amplifier, *session.space);
    if (!model && model.error().code == ErrorCode::NotFound) return nullptr;
    return model;
}

Result<sizing::Specification> parseSpecification(const std::vector<std::string>& words,
                                                 const sizing::Dataset& dataset) {
    std::map<Performance, double> asked;
    for (const std::string& word : words) {
        const auto equals = word.find('=');
        const auto performance = simulation::performanceFromName(word.substr(0, equals));
        if (equals == std::string::npos) {
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" is not of the form PERFORMANCE=VALUE.", word));
        }
        if (!performance ||
            std::count(dataset.performances.begin(), dataset.performances.end(), *performance) == 0) {
            std::vector<std::string_view> known;
            for (const Performance each : dataset.performances)
                known.emplace_back(simulation::info(each).name);
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" is no performance of this model; it knows {}.",
                                    word.substr(0, equals), fmt::join(known, ", ")));
        }
        const auto value = parseQuantity(word.substr(equals + 1), simulation::info(*performance).unit);
        if (!value) return forward(value);
        asked[*performance] = *value;
    }
    if (dataset.rows.empty()) return fail(ErrorCode::BadInput, "The model's data set is empty.");
    const auto normalisation = sizing::Normalisation::fit(dataset, dataset.trainingRows());
    std::size_t nearest = 0;
    double least = INFINITY;
    for (std::size_t r = 0; r < dataset.rows.size(); ++r) {
        double distance = 0;
        for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
            const auto found = asked.find(dataset.performances[p]);
            if (found == asked.end()) continue;
            const sizing::Normaliser& normaliser = normalisation.performances[p];
            const double difference =
                normaliser.normalise(found->second) - normaliser.normalise(dataset.rows[r].performances[p]);
            distance += difference * difference;
        }
        if (distance < least) {
            least = distance;
            nearest = r;
        }
    }
    sizing::Specification specification{dataset.performances, dataset.rows[nearest].performances};
    for (std::size_t p = 0; p < specification.performances.size(); ++p) {
        const auto found = asked.find(specification.performances[p]);
        if (found != asked.end()) specification.targets[p] = found->second;
    }
    return specification;
}

} // namespace headroom::cli
