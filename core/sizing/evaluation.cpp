#include "core/sizing/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "core/base/statistics.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

/// Answers per target at which the share of met targets is stated.
constexpr std::array<int, 3> kBestOf{1, 8, 64};

/// One answer to a target: its performances, or nothing where it did not simulate.
using Answer = std::optional<std::vector<double>>;

/// Performances of a simulated sizing in the targets' order; nothing where one is missing.
Answer answerOf(const simulation::Evaluation& evaluation, const std::vector<Performance>& performances) {
    if (!evaluation.ok()) return std::nullopt;
    std::vector<double> values;
    for (const Performance performance : performances) {
        const auto found = evaluation.performances.find(performance);
        if (found == evaluation.performances.end()) return std::nullopt;
        values.push_back(found->second);
    }
    return values;
}

/// The least over the first @p count answers of the worst shortfall over all performances.
double leastShortfall(const std::vector<Answer>& answers, int count,
                      const std::vector<Performance>& performances, const std::vector<double>& target,
                      double supplyVoltage) {
    double least = std::numeric_limits<double>::infinity();
    for (int a = 0; a < count; ++a) {
        const Answer& answer = answers[static_cast<std::size_t>(a)];
        if (!answer) continue;
        double worst = 0;
        for (std::size_t p = 0; p < performances.size(); ++p) {
            worst =
                std::max(worst, relativeShortfall(performances[p], (*answer)[p], target[p], supplyVoltage));
        }
        least = std::min(least, worst);
    }
    return least;
}

/// Fills in the scores of one method. @param answers by target, then in the order given
void score(MethodScore& result, const Targets& targets, const std::vector<std::vector<Answer>>& answers,
           double supplyVoltage) {
    std::vector<std::vector<double>> differences(targets.performances.size());
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        if (answers[t].empty() || !answers[t].front()) continue;
        for (std::size_t p = 0; p < differences.size(); ++p) {
            differences[p].push_back(relativeDifference(targets.performances[p], (*answers[t].front())[p],
                                                        targets.rows[t][p], supplyVoltage));
        }
    }
    for (std::vector<double>& values : differences)
        result.relativeDifferences.push_back(quartiles(std::move(values)));

    for (const int k : kBestOf) {
        if (answers.empty() || static_cast<int>(answers.front().size()) < k) continue;
        int met5 = 0;
        int met10 = 0;
        for (std::size_t t = 0; t < targets.rows.size(); ++t) {
            const double least =
                leastShortfall(answers[t], k, targets.performances, targets.rows[t], supplyVoltage);
            met5 += least <= 0.05 ? 1 : 0;
            met10 += least <= 0.10 ? 1 : 0;
        }
        const double all = std::max<double>(1, static_cast<double>(targets.rows.size()));
        result.metAt5[k] = met5 / all;
        result.metAt10[k] = met10 / all;
    }
}

} // namespace

Quartiles quartiles(std::vector<double> values) {
    if (values.empty()) return {NAN, NAN, NAN, NAN, NAN};
    std::sort(values.begin(), values.end());
    Quartiles result{quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75), 0, 0};
    const double reach = 1.5 * (result.upper - result.lower);
    result.lowWhisker = *std::lower_bound(values.begin(), values.end(), result.lower - reach);
    result.highWhisker = *(std::upper_bound(values.begin(), values.end(), result.upper + reach) - 1);
    return result;
}

Targets heldOutTargets(const Dataset& dataset) {
    Targets targets{dataset.performances, {}};
    for (const std::size_t row : dataset.heldOutRows())
        targets.rows.push_back(dataset.rows[row].performances);
    return targets;
}

Result<Targets> targetsOf(const Dataset& dataset, const std::vector<Performance>& performances) {
    Targets targets{performances, std::vector<std::vector<double>>(dataset.rows.size())};
    for (const Performance performance : performances) {
        const auto found = std::find(dataset.performances.begin(), dataset.performances.end(), performance);
        if (found == dataset.performances.end()) {
            return fail(ErrorCode::NotFound,
                        fmt::format("The targets have no column {}.", simulation::info(performance).name));
        }
        const auto index = static_cast<std::size_t>(found - dataset.performances.begin());
        for (std::size_t r = 0; r < dataset.rows.size(); ++r) {
            targets.rows[r].push_back(dataset.rows[r].performances[index]);
        }
    }
    return targets;
}

Result<MethodScore> scoreModel(const std::string& name, SizingModel& model, const DesignSpace& space,
                               const Targets& targets, simulation::EvaluationPool& pool, int answersPerTarget,
                               const diffusion::SamplingConfig& sampling, double supplyVoltage,
                               JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<Specification> specifications;
    for (const std::vector<double>& row : targets.rows) {
        specifications.insert(specifications.end(), static_cast<std::size_t>(answersPerTarget),
                              Specification{targets.performances, row});
    }
    const auto samples = model.sampleEach(specifications, sampling, context);
    if (!samples) return forward(samples);
    std::vector<Sizing> sizings;
    for (const std::vector<double>& sample : *samples)
        sizings.push_back(space.expand(space.snap(sample)));
    const auto evaluations = pool.evaluate(sizings, context);
    if (!evaluations) return forward(evaluations);

    MethodScore result;
    result.name = name;
    std::vector<std::vector<Answer>> answers(targets.rows.size());
    for (std::size_t i = 0; i < evaluations->size(); ++i) {
        Answer answer = answerOf((*evaluations)[i], targets.performances);
        if (!answer) ++result.failed;
        answers[i / static_cast<std::size_t>(answersPerTarget)].push_back(std::move(answer));
    }
    score(result, targets, answers, supplyVoltage);
    result.simulations = evaluations->size();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

MethodScore scoreNearestNeighbour(const Dataset& dataset, const Targets& targets, int answersPerTarget,
                                  double supplyVoltage) {
    const auto start = std::chrono::steady_clock::now();
    const std::vector<std::size_t> known = dataset.trainingRows();
    const Normalisation normalisation = Normalisation::fit(dataset, known);
    std::vector<std::vector<double>> positions;
    for (const std::size_t row : known) {
        positions.push_back(normalisation.normalisePerformances(dataset.rows[row].performances));
    }
    std::vector<std::vector<Answer>> answers;
    for (const std::vector<double>& target : targets.rows) {
        const std::vector<double> wanted = normalisation.normalisePerformances(target);
        std::vector<double> distance;
        for (const std::vector<double>& position : positions) {
            distance.push_back(std::transform_reduce(position.begin(), position.end(), wanted.begin(), 0.0,
                                                     std::plus<>(),
                                                     [](double a, double b) { return (a - b) * (a - b); }));
        }
        std::vector<std::size_t> order(known.size());
        std::iota(order.begin(), order.end(), 0);
        std::sort(order.begin(), order.end(),
                  [&](std::size_t a, std::size_t b) { return distance[a] < distance[b]; });
        std::vector<Answer> nearest;
        for (int a = 0; a < answersPerTarget && a < static_cast<int>(order.size()); ++a) {
            nearest.emplace_back(dataset.rows[known[order[static_cast<std::size_t>(a)]]].performances);
        }
        answers.push_back(std::move(nearest));
    }
    MethodScore result;
    result.name = "nearest";
    score(result, targets, answers, supplyVoltage);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace headroom::sizing
