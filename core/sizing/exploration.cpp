#include "core/sizing/exploration.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/sizing/needed_extent.h"

namespace headroom::sizing {
namespace {

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One exploration as it grows.
class RankedRun {
public:
    RankedRun(const std::shared_ptr<const ForwardModel>& forwardModel, const DesignSpace& space,
              simulation::EvaluationPool* pool, const Specification& specification,
              const RankedSettings& settings, double supplyVoltage, const OnExploration& onCandidate)
        : search(forwardModel, space, specification, supplyVoltage, settings.search)
        , m_model(forwardModel)
        , m_space(space)
        , m_pool(pool)
        , m_settings(settings)
        , m_supplyVoltage(supplyVoltage)
        , m_onCandidate(onCandidate) {
        exploration.specification = specification;
    }

    Exploration exploration;
    CandidateSearch search;

    Result<void> simulateChosen(JobContext& context) {
        const std::size_t wanted =
            m_pool == nullptr ? 0 : std::min(m_settings.chosen, m_settings.sampling.count);
        for (std::size_t round = 0; exploration.candidates.size() < wanted; ++round) {
            const std::size_t first = exploration.candidates.size();
            const std::size_t size = CandidateSearch::roundSize(round);
            const auto start = std::chrono::steady_clock::now();
            const auto next = search.next(std::min(size, wanted - first), context);
            exploration.rankingSeconds += secondsSince(start);
            if (!next) return forward(next);
            if (next->empty()) break;
            for (const RankedSizing& sizing : *next)
                exploration.candidates.push_back(candidateOf(sizing));
            if (const auto done = simulate(first, context); !done) return done;
            const auto learning = std::chrono::steady_clock::now();
            for (std::size_t i = first; i < exploration.candidates.size(); ++i)
                search.learn(exploration.candidates[i].values, exploration.candidates[i].evaluation);
            exploration.rankingSeconds += secondsSince(learning);
        }
        return {};
    }

    /// Fills up with samples that were not chosen.
    void addRest(const std::vector<std::vector<double>>& samples) {
        const auto start = std::chrono::steady_clock::now();
        std::vector<RankedSizing> ranking = search.ranking();
        if (m_settings.simulatesRest) {
            std::map<std::vector<double>, std::size_t> drawn;
            for (std::size_t i = 0; i < samples.size(); ++i)
                drawn.try_emplace(m_space.snapForExport(samples[i], exploration.specification.pinned), i);
            std::sort(ranking.begin(), ranking.end(), [&](const RankedSizing& a, const RankedSizing& b) {
                return drawn.at(a.values) < drawn.at(b.values);
            });
        }
        for (const RankedSizing& sizing : ranking) {
            if (exploration.candidates.size() >= m_settings.sampling.count) break;
            exploration.candidates.push_back(candidateOf(sizing));
        }
        exploration.rankingSeconds += secondsSince(start);
    }

    /// Simulates the candidates from number @p first on.
    Result<void> simulate(std::size_t first, JobContext& context) {
        const auto start = std::chrono::steady_clock::now();
        const auto extent = neededExtent(*m_pool, exploration.specification.performances());
        std::vector<simulation::EvaluationRequest> requests;
        for (std::size_t i = first; i < exploration.candidates.size(); ++i)
            requests.push_back({m_space.expand(exploration.candidates[i].values), {}, extent});
        const auto take = [&](std::size_t index, const simulation::Evaluation& evaluation) {
            Candidate& candidate = exploration.candidates[first + index];
            candidate.take(evaluation, exploration.specification, m_supplyVoltage);
            if (m_onCandidate) m_onCandidate(exploration);
        };
        const auto evaluations = m_pool->evaluate(requests, context, take);
        if (!evaluations) return forward(evaluations);
        exploration.simulationSeconds += secondsSince(start);
        return {};
    }

private:
    Candidate candidateOf(const RankedSizing& sizing) const {
        Candidate candidate;
        candidate.values = sizing.values;
        candidate.probability = std::exp(sizing.logProbability);
        const auto& known = m_model->performances();
        for (const Requirement& requirement : exploration.specification.requirements) {
            const auto found = std::find(known.begin(), known.end(), requirement.performance);
            candidate.predicted.push_back(
                found == known.end() ? std::numeric_limits<double>::quiet_NaN()
                                     : sizing.predicted[static_cast<std::size_t>(found - known.begin())]);
        }
        return candidate;
    }

    std::shared_ptr<const ForwardModel> m_model;
    const DesignSpace& m_space;
    simulation::EvaluationPool* m_pool;
    const RankedSettings& m_settings;
    double m_supplyVoltage;
    const OnExploration& m_onCandidate;
};

} // namespace

void Candidate::take(const simulation::Evaluation& result, const Specification& specification,
                     double supplyVoltage) {
    evaluation = result;
    judge(specification, supplyVoltage);
}

void Candidate::judge(const Specification& specification, double supplyVoltage) {
    const Shortfall missed = shortfallOf(specification, evaluation, supplyVoltage);
    shortfall = missed.worst;
    weightedShortfall = missed.weighted;
}

std::optional<std::size_t> bestCandidate(const Exploration& exploration) {
    return bestCandidate(exploration.candidates);
}

std::optional<std::size_t> bestCandidate(const std::vector<Candidate>& candidates) {
    std::optional<std::size_t> best;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        const double shortfall =
            std::isnan(candidate.weightedShortfall) ? candidate.shortfall : candidate.weightedShortfall;
        if (std::isnan(shortfall) || shortfall >= least) continue;
        least = shortfall;
        best = i;
    }
    return best;
}

std::size_t append(Exploration& all, const Exploration& more) {
    std::set<std::vector<double>> known;
    for (const Candidate& candidate : all.candidates)
        known.insert(candidate.values);
    const std::size_t before = all.candidates.size();
    for (const Candidate& candidate : more.candidates) {
        const bool isSimulated =
            candidate.evaluation.error.has_value() || !candidate.evaluation.performances.empty();
        if (isSimulated && known.insert(candidate.values).second) all.candidates.push_back(candidate);
    }
    all.samplingSeconds += more.samplingSeconds;
    all.rankingSeconds += more.rankingSeconds;
    all.simulationSeconds += more.simulationSeconds;
    return all.candidates.size() - before;
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
        candidate.values = space.snapForExport(sample, specification.pinned);
        exploration.candidates.push_back(std::move(candidate));
    }
    exploration.samplingSeconds = secondsSince(start);
    return exploration;
}

Result<void> simulateCandidates(Exploration& exploration, const DesignSpace& space,
                                simulation::EvaluationPool& pool, std::size_t count, double supplyVoltage,
                                JobContext& context, const OnCandidate& onCandidate) {
    const auto start = std::chrono::steady_clock::now();
    const auto extent = neededExtent(pool, exploration.specification.performances());
    std::vector<simulation::EvaluationRequest> requests;
    for (std::size_t i = 0; i < std::min(count, exploration.candidates.size()); ++i) {
        requests.push_back({space.expand(exploration.candidates[i].values), {}, extent});
    }
    const auto take = [&](std::size_t index, const simulation::Evaluation& evaluation) {
        Candidate& candidate = exploration.candidates[index];
        candidate.take(evaluation, exploration.specification, supplyVoltage);
        if (onCandidate) onCandidate(index, candidate);
    };
    const auto evaluations = pool.evaluate(requests, context, take);
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

Result<Exploration> exploreRanked(SizingModel& model, const std::shared_ptr<const ForwardModel>& forwardModel,
                                  const DesignSpace& space, simulation::EvaluationPool* pool,
                                  const Specification& specification, const RankedSettings& settings,
                                  double supplyVoltage, JobContext& context,
                                  const OnExploration& onCandidate) {
    RankedRun run(forwardModel, space, pool, specification, settings, supplyVoltage, onCandidate);
    const auto start = std::chrono::steady_clock::now();
    SizingSampling sampling = settings.sampling;
    sampling.count = std::max(sampling.count, settings.candidates);
    const auto samples = model.sample(specification, sampling, context);
    if (!samples) return forward(samples);
    run.exploration.seed = sampling.sampling.seed;
    run.exploration.samplingSeconds = secondsSince(start);
    run.search.offer(*samples);
    if (const auto done = run.simulateChosen(context); !done) return forward(done);
    run.addRest(*samples);
    if (settings.simulatesRest) {
        const std::size_t first = std::min(settings.chosen, run.exploration.candidates.size());
        if (const auto done = run.simulate(first, context); !done) return forward(done);
    }
    return std::move(run.exploration);
}

} // namespace headroom::sizing
