#include "core/sizing/exploration.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace headroom::sizing {
namespace {

bool isVoltage(Performance performance) {
    return std::string_view(simulation::info(performance).unit) == "V";
}

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

double relativeDifference(Performance performance, double value, double target, double supplyVoltage) {
    const double smallest = isVoltage(performance) ? 0.1 * supplyVoltage : std::numeric_limits<double>::min();
    return (value - target) / std::max(std::abs(target), smallest);
}

double relativeShortfall(Performance performance, double value, double target, double supplyVoltage) {
    const double difference = relativeDifference(performance, value, target, supplyVoltage);
    return std::max(0.0, simulation::info(performance).biggerIsBetter ? -difference : difference);
}

double worstShortfall(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage) {
    double worst = 0;
    for (std::size_t p = 0; p < specification.performances.size(); ++p) {
        const auto found = evaluation.performances.find(specification.performances[p]);
        if (!evaluation.ok() || found == evaluation.performances.end()) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        worst = std::max(
            worst, relativeShortfall(found->first, found->second, specification.targets[p], supplyVoltage));
    }
    return worst;
}

std::optional<std::size_t> bestCandidate(const Exploration& exploration) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < exploration.candidates.size(); ++i) {
        const double shortfall = exploration.candidates[i].shortfall;
        if (std::isnan(shortfall)) continue;
        if (!best || shortfall < exploration.candidates[*best].shortfall) best = i;
    }
    return best;
}

Result<Exploration> propose(SizingModel& model, const DesignSpace& space, const Specification& specification,
                            const SizingSampling& settings, JobContext& context) {
    Exploration exploration;
    exploration.specification = specification;
    exploration.seed = settings.sampling.seed;
    const auto start = std::chrono::steady_clock::now();
    const auto samples = model.sample(specification, settings, context);
    if (!samples) return forward(samples);
    for (const std::vector<double>& sample : *samples) {
        Candidate candidate;
        candidate.values = space.snapForExport(sample);
        exploration.candidates.push_back(std::move(candidate));
    }
    exploration.samplingSeconds = secondsSince(start);
    return exploration;
}

Result<void> simulateCandidates(Exploration& exploration, const DesignSpace& space,
                                simulation::EvaluationPool& pool, std::size_t count, double supplyVoltage,
                                JobContext& context, const OnCandidate& onCandidate) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<Sizing> sizings;
    for (std::size_t i = 0; i < std::min(count, exploration.candidates.size()); ++i) {
        sizings.push_back(space.expand(exploration.candidates[i].values));
    }
    const auto take = [&](std::size_t index, const simulation::Evaluation& evaluation) {
        Candidate& candidate = exploration.candidates[index];
        candidate.evaluation = evaluation;
        candidate.shortfall = worstShortfall(exploration.specification, evaluation, supplyVoltage);
        if (onCandidate) onCandidate(index, candidate);
    };
    const auto evaluations = pool.evaluate(sizings, context, take);
    if (!evaluations) return forward(evaluations);
    exploration.simulationSeconds = secondsSince(start);
    return {};
}

Result<Exploration> explore(SizingModel& model, const DesignSpace& space, simulation::EvaluationPool& pool,
                            const Specification& specification, const SizingSampling& settings,
                            double supplyVoltage, JobContext& context, const OnCandidate& onCandidate) {
    auto exploration = propose(model, space, specification, settings, context);
    if (!exploration) return exploration;
    const auto done =
        simulateCandidates(*exploration, space, pool, settings.count, supplyVoltage, context, onCandidate);
    if (!done) return forward(done);
    return exploration;
}

} // namespace headroom::sizing
