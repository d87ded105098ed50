#include "core/sizing/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

/// Answers per target at which the share of met targets is stated.
constexpr std::array<int, 3> kBestOf{1, 8, 64};

/// One answer to a target: its performances, or nothing where it did not simulate.
using Answer = std::optional<std::vector<double>>;

/// Scores of all targets of one method: answers[target][answer].
void score(MethodScore& result, const Dataset& dataset, const std::vector<std::size_t>& targets,
           const std::vector<std::vector<Answer>>& answers, double supplyVoltage) {
    const std::size_t count = dataset.performances.size();
    std::vector<std::vector<double>> differences(count);
    for (std::size_t t = 0; t < targets.size(); ++t) {
        if (answers[t].empty() || !answers[t].front()) continue;
        for (std::size_t p = 0; p < count; ++p) {
            differences[p].push_back(relativeDifference(dataset.performances[p], (*answers[t].front())[p],
                                                        dataset.rows[targets[t]].performances[p],
                                                        supplyVoltage));
        }
    }
    for (std::vector<double>& values : differences)
        result.relativeDifferences.push_back(quartiles(std::move(values)));

    for (const int k : kBestOf) {
        if (answers.empty() || static_cast<int>(answers.front().size()) < k) continue;
        int met5 = 0;
        int met10 = 0;
        for (std::size_t t = 0; t < targets.size(); ++t) {
            double best = std::numeric_limits<double>::infinity();
            for (int a = 0; a < k; ++a) {
                const Answer& answer = answers[t][static_cast<std::size_t>(a)];
                if (!answer) continue;
                double worst = 0;
                for (std::size_t p = 0; p < count; ++p) {
                    worst = std::max(worst, relativeShortfall(dataset.performances[p], (*answer)[p],
                                                              dataset.rows[targets[t]].performances[p],
                                                              supplyVoltage));
                }
                best = std::min(best, worst);
            }
            met5 += best <= 0.05 ? 1 : 0;
            met10 += best <= 0.10 ? 1 : 0;
        }
        const double all = std::max<double>(1, static_cast<double>(targets.size()));
        result.metAt5[k] = met5 / all;
        result.metAt10[k] = met10 / all;
    }
}

} // namespace

Quartiles quartiles(std::vector<double> values) {
    if (values.empty()) return {NAN, NAN, NAN, NAN, NAN};
    std::sort(values.begin(), values.end());
    const auto at = [&](double fraction) {
        const double position = fraction * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(position);
        const std::size_t high = std::min(low + 1, values.size() - 1);
        return values[low] + (position - static_cast<double>(low)) * (values[high] - values[low]);
    };
    Quartiles result{at(0.25), at(0.5), at(0.75), 0, 0};
    const double reach = 1.5 * (result.upper - result.lower);
    result.lowWhisker = *std::lower_bound(values.begin(), values.end(), result.lower - reach);
    result.highWhisker = *(std::upper_bound(values.begin(), values.end(), result.upper + reach) - 1);
    return result;
}

Result<MethodScore> scoreModel(const std::string& name, SizingModel& model, const DesignSpace& space,
                               const Dataset& dataset, simulation::EvaluationPool& pool, int answersPerTarget,
                               const diffusion::SamplingConfig& sampling, double supplyVoltage,
                               JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<std::size_t> targets = dataset.heldOutRows();
    std::vector<Specification> specifications;
    for (const std::size_t row : targets) {
        for (int a = 0; a < answersPerTarget; ++a) {
            specifications.push_back({dataset.performances, dataset.rows[row].performances});
        }
    }
    SilentContext quiet;
    const auto samples = model.sampleEach(specifications, sampling, quiet);
    if (!samples) return forward(samples);
    std::vector<Sizing> sizings;
    for (const std::vector<double>& sample : *samples)
        sizings.push_back(space.expand(space.snap(sample)));
    const auto evaluations = pool.evaluate(sizings, context);
    if (!evaluations) return forward(evaluations);

    MethodScore result;
    result.name = name;
    std::vector<std::vector<Answer>> answers(targets.size());
    for (std::size_t i = 0; i < evaluations->size(); ++i) {
        const simulation::Evaluation& evaluation = (*evaluations)[i];
        Answer answer;
        if (evaluation.ok()) {
            answer.emplace();
            for (const Performance performance : dataset.performances) {
                const auto found = evaluation.performances.find(performance);
                if (found == evaluation.performances.end()) {
                    answer.reset();
                    break;
                }
                answer->push_back(found->second);
            }
        }
        if (!answer) ++result.failed;
        answers[i / static_cast<std::size_t>(answersPerTarget)].push_back(std::move(answer));
    }
    score(result, dataset, targets, answers, supplyVoltage);
    result.simulations = evaluations->size();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

MethodScore scoreNearestNeighbour(const Dataset& dataset, int answersPerTarget, double supplyVoltage) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<std::size_t> targets = dataset.heldOutRows();
    const std::vector<std::size_t> candidates = dataset.trainingRows();
    const Normalisation normalisation = Normalisation::fit(dataset, candidates);
    std::vector<std::vector<double>> positions;
    for (const std::size_t row : candidates) {
        positions.push_back(normalisation.normalisePerformances(dataset.rows[row].performances));
    }
    std::vector<std::vector<Answer>> answers;
    for (const std::size_t target : targets) {
        const std::vector<double> wanted =
            normalisation.normalisePerformances(dataset.rows[target].performances);
        std::vector<double> distance;
        for (const std::vector<double>& position : positions) {
            distance.push_back(std::transform_reduce(position.begin(), position.end(), wanted.begin(), 0.0,
                                                     std::plus<>(),
                                                     [](double a, double b) { return (a - b) * (a - b); }));
        }
        std::vector<std::size_t> order(candidates.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return distance[a] < distance[b]; });
        std::vector<Answer> nearest;
        for (int a = 0; a < answersPerTarget && a < static_cast<int>(order.size()); ++a) {
            nearest.emplace_back(dataset.rows[candidates[order[static_cast<std::size_t>(a)]]].performances);
        }
        answers.push_back(std::move(nearest));
    }
    MethodScore result;
    result.name = "nearest";
    score(result, dataset, targets, answers, supplyVoltage);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace headroom::sizing
