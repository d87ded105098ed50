#include "core/sizing/evaluation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/compute/thread_team.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

/// Answers per target at which the share of met targets is stated.
constexpr std::array<int, 4> kBestOf{1, 3, 8, 64};
/// Relative shortfall up to which a target is met.
constexpr double kMet = 0.05, kNearlyMet = 0.10;
/// Answers that are simulated at once where their order is given.
constexpr std::size_t kBatch = 8;

/// One answer to a target that simulated.
struct Simulated {
    std::vector<double> performances; ///< in the targets' order
    bool isSaturated = false;
};
using Answer = std::optional<Simulated>;

/// The answer that a simulated sizing is to a target; nothing where a performance that it asks for is
/// missing.
Answer answerOf(const simulation::Evaluation& evaluation, const Targets& targets, std::size_t target) {
    if (!evaluation.ok()) return std::nullopt;
    // A nanovolt for the rounding of what is read from files.
    Simulated answer{{}, evaluation.operatingPoint.worstSaturationMargin >= targets.saturationMargin - 1e-9};
    for (const Performance performance : targets.performances) {
        const auto found = evaluation.performances.find(performance);
        const bool isThere = found != evaluation.performances.end();
        answer.performances.push_back(isThere ? found->second : std::numeric_limits<double>::quiet_NaN());
    }
    for (const std::size_t p : targets.askedOf(target)) {
        if (std::isnan(answer.performances[p])) return std::nullopt;
    }
    return answer;
}

/// The least over the first @p count answers of the worst shortfall over all performances.
double leastShortfall(const std::vector<Answer>& answers, int count, bool mustSaturate,
                      const Targets& targets, std::size_t target, const Specification& specification,
                      double supplyVoltage) {
    double least = std::numeric_limits<double>::infinity();
    const auto last = std::min(answers.size(), static_cast<std::size_t>(count));
    for (std::size_t a = 0; a < last; ++a) {
        const Answer& answer = answers[a];
        if (!answer || (mustSaturate && !answer->isSaturated)) continue;
        const std::vector<double> values = targets.askedValues(target, answer->performances);
        least = std::min(least, shortfallOf(specification, values, supplyVoltage).worst);
    }
    return least;
}

/// Fills in the scores of one method. @param answers by target, then in the order given
void score(MethodScore& result, const Targets& targets, const std::vector<std::vector<Answer>>& answers,
           int mostAnswers, double supplyVoltage) {
    std::vector<std::vector<double>> differences(targets.performances.size());
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        if (answers[t].empty() || !answers[t].front()) continue;
        for (const std::size_t p : targets.askedOf(t)) {
            differences[p].push_back(relativeDifference(targets.performances[p],
                                                        answers[t].front()->performances[p],
                                                        targets.rows[t][p], supplyVoltage));
        }
    }
    for (std::vector<double>& values : differences)
        result.relativeDifferences.push_back(quartiles(std::move(values)));

    enum class Measure { Met, SaturatedMet, Near };
    const auto share = [&](int k, Measure measure, double limit) {
        std::size_t count = 0;
        for (std::size_t t = 0; t < answers.size(); ++t) {
            const Specification asked = measure == Measure::Near ? targets.at(t) : targets.reaching(t);
            count += leastShortfall(answers[t], k, measure == Measure::SaturatedMet, targets, t, asked,
                                    supplyVoltage) <= limit
                         ? 1
                         : 0;
        }
        return static_cast<double>(count) / std::max<double>(1, static_cast<double>(answers.size()));
    };
    std::size_t all = 0, saturated = 0;
    for (const std::vector<Answer>& ofTarget : answers) {
        all += ofTarget.size();
        for (const Answer& answer : ofTarget)
            saturated += answer && answer->isSaturated ? 1 : 0;
    }
    result.saturated = static_cast<double>(saturated) / std::max<double>(1, static_cast<double>(all));
    for (const int k : kBestOf) {
        if (k > mostAnswers) continue;
        result.metAt5[k] = share(k, Measure::Met, kMet);
        result.metAt10[k] = share(k, Measure::Met, kNearlyMet);
        result.saturatedMetAt5[k] = share(k, Measure::SaturatedMet, kMet);
        result.saturatedMetAt10[k] = share(k, Measure::SaturatedMet, kNearlyMet);
        result.nearAt5[k] = share(k, Measure::Near, kMet);
        result.nearAt10[k] = share(k, Measure::Near, kNearlyMet);
    }
}

/// The training rows in the order of their distance to a target, in standardised performances.
class NearestRows {
public:
    explicit NearestRows(const Dataset& dataset)
        : m_known(dataset.trainingRows())
        , m_normalisation(Normalisation::fit(dataset, m_known)) {
        for (const std::size_t row : m_known)
            m_positions.push_back(m_normalisation.normalisePerformances(dataset.rows[row].performances));
    }

    /// Rows of the data set, nearest first in what is asked; fewer where there are fewer.
    std::vector<std::size_t> to(const Targets& targets, std::size_t target, std::size_t count) const {
        const std::vector<double> wanted = m_normalisation.normalisePerformances(targets.rows[target]);
        const std::vector<std::size_t> asked = targets.askedOf(target);
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t i = 0; i < m_known.size(); ++i) {
            double distance = 0;
            for (const std::size_t p : asked)
                distance += (m_positions[i][p] - wanted[p]) * (m_positions[i][p] - wanted[p]);
            order.emplace_back(distance, m_known[i]);
        }
        std::sort(order.begin(), order.end());
        std::vector<std::size_t> rows;
        for (std::size_t i = 0; i < std::min(count, order.size()); ++i)
            rows.push_back(order[i].second);
        return rows;
    }

private:
    std::vector<std::size_t> m_known;
    Normalisation m_normalisation;
    std::vector<std::vector<double>> m_positions;
};

/// Simulates sizings for all targets at once, as often as needed, and scores the answers.
class Rounds {
public:
    Rounds(std::string name, const DesignSpace& space, const Targets& targets,
           simulation::EvaluationPool& pool, const Judgement& judgement)
        : m_space(space)
        , m_targets(targets)
        , m_pool(pool)
        , m_judgement(judgement)
        , m_answers(targets.rows.size()) {
        m_result.name = std::move(name);
    }

    /// @param sizings by target, snapped  @return by target, in the order given
    Result<std::vector<std::vector<simulation::Evaluation>>> simulate(const SizingsByTarget& sizings,
                                                                      JobContext& context) {
        std::vector<Sizing> all;
        for (const auto& ofTarget : sizings) {
            for (const std::vector<double>& values : ofTarget)
                all.push_back(m_space.expand(values));
        }
        auto evaluations = m_pool.evaluate(all, context);
        if (!evaluations) return forward(evaluations);
        m_result.simulations += all.size();
        std::vector<std::vector<simulation::Evaluation>> byTarget(sizings.size());
        std::size_t next = 0;
        for (std::size_t t = 0; t < sizings.size(); ++t) {
            for (std::size_t i = 0; i < sizings[t].size(); ++i) {
                Answer answer = answerOf((*evaluations)[next], m_targets, t);
                if (!answer) ++m_result.failed;
                m_answers[t].push_back(std::move(answer));
                byTarget[t].push_back(std::move((*evaluations)[next++]));
            }
        }
        return byTarget;
    }

    /// Whether more answers to a target would change no score.
    bool isSettled(std::size_t target) const {
        const bool exact = m_judgement.aim == Aim::AtTarget;
        const Specification asked = exact ? m_targets.at(target) : m_targets.reaching(target);
        const std::vector<Answer>& answers = m_answers[target];
        return leastShortfall(answers, static_cast<int>(answers.size()), true, m_targets, target, asked,
                              m_judgement.supplyVoltage) <= kMet;
    }

    MethodScore finish() {
        score(m_result, m_targets, m_answers, m_judgement.answers, m_judgement.supplyVoltage);
        m_result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
        return m_result;
    }

private:
    const DesignSpace& m_space;
    const Targets& m_targets;
    simulation::EvaluationPool& m_pool;
    const Judgement& m_judgement;
    std::vector<std::vector<Answer>> m_answers; ///< by target
    MethodScore m_result;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

/// Differential evolution for one target, in logarithms of sizes.
class Evolution {
public:
    static constexpr std::size_t population = 8;

    Evolution(const Dataset& dataset, const NearestRows& nearest, const Targets& targets, std::size_t target,
              double supplyVoltage, std::uint64_t seed)
        : m_specification(targets.reaching(target))
        , m_supplyVoltage(supplyVoltage)
        , m_engine(seed) {
        if (!targets.pinned.empty()) m_pins = targets.pinned[target];
        for (const std::size_t row : nearest.to(targets, target, population)) {
            simulation::Evaluation known;
            for (std::size_t p = 0; p < targets.performances.size(); ++p)
                known.performances[targets.performances[p]] = dataset.rows[row].performances[p];
            // With other sizes than its own a row's performances are not known.
            const double shortfall =
                m_pins.empty() ? worstShortfall(known) : std::numeric_limits<double>::infinity();
            m_members.push_back({dataset.rows[row].values, shortfall});
        }
    }

    std::vector<std::vector<double>> trials(const DesignSpace& space, std::size_t count) {
        if (m_isFirst && !m_pins.empty()) return firstMembers(space, count);
        const auto best = std::min_element(m_members.begin(), m_members.end(), lessShort);
        std::vector<std::vector<double>> made;
        for (std::size_t i = 0; i < std::min(count, m_members.size()); ++i) {
            const Member& a = m_members[m_engine() % m_members.size()];
            const Member& b = m_members[m_engine() % m_members.size()];
            std::vector<double> values = m_members[i].values;
            const std::size_t always = m_engine() % values.size();
            for (std::size_t v = 0; v < values.size(); ++v) {
                if (v != always && uniform(m_engine) > kCrossover) continue;
                values[v] = best->values[v] * std::pow(a.values[v] / b.values[v], kScaleFactor);
            }
            made.push_back(space.snap(values, m_pins));
        }
        return made;
    }

    void select(const std::vector<std::vector<double>>& trials,
                const std::vector<simulation::Evaluation>& evaluations) {
        m_isFirst = false;
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const Member trial{trials[i], worstShortfall(evaluations[i])};
            if (!lessShort(m_members[i], trial)) m_members[i] = trial;
        }
    }

private:
    struct Member {
        std::vector<double> values;
        double shortfall = 0;
    };
    static constexpr double kCrossover = 0.9, kScaleFactor = 0.5;

    /// The members themselves, to become known.
    std::vector<std::vector<double>> firstMembers(const DesignSpace& space, std::size_t count) const {
        std::vector<std::vector<double>> members;
        for (std::size_t i = 0; i < std::min(count, m_members.size()); ++i)
            members.push_back(space.snap(m_members[i].values, m_pins));
        return members;
    }

    static bool lessShort(const Member& a, const Member& b) { return a.shortfall < b.shortfall; }
    double worstShortfall(const simulation::Evaluation& evaluation) const {
        const double shortfall = shortfallOf(m_specification, evaluation, m_supplyVoltage).worst;
        return std::isnan(shortfall) ? std::numeric_limits<double>::infinity() : shortfall;
    }

    Specification m_specification;
    double m_supplyVoltage;
    RandomEngine m_engine;
    std::vector<Member> m_members;
    std::vector<PinnedSize> m_pins;
    bool m_isFirst = true; ///< nothing was simulated so far
};

/// Deviation of a random step away from a data row, in logarithms of sizes.
constexpr double kRandomStep = 0.2;

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

Result<SizingsByTarget> sampleTargets(SizingModel& model, const Targets& targets, std::size_t count,
                                      const diffusion::SamplingConfig& sampling, JobContext& context) {
    std::vector<Specification> specifications;
    for (std::size_t t = 0; t < targets.rows.size(); ++t)
        specifications.push_back(targets.reaching(t));
    SizingsByTarget byTarget(targets.rows.size());
    if (!targets.pinned.empty()) {
        // Each target has other known sizes, so that it takes a run of the networks of its own.
        for (std::size_t t = 0; t < specifications.size(); ++t) {
            SizingSampling own{count, sampling};
            own.sampling.seed = deriveSeed(sampling.seed, t);
            auto samples = model.sample(specifications[t], own, context);
            if (!samples) return forward(samples);
            byTarget[t] = std::move(*samples);
        }
        return byTarget;
    }
    auto samples = model.sampleEach(specifications, count, sampling, context);
    if (!samples) return forward(samples);
    for (std::size_t i = 0; i < samples->size(); ++i)
        byTarget[i / count].push_back(std::move((*samples)[i]));
    return byTarget;
}

SizingsByTarget nearestSizings(const Dataset& dataset, const DesignSpace& space, const Targets& targets,
                               std::size_t count) {
    const NearestRows nearest(dataset);
    SizingsByTarget byTarget(targets.rows.size());
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        for (const std::size_t row : nearest.to(targets, t, count))
            byTarget[t].push_back(space.snap(dataset.rows[row].values, targets.pinsOf(t)));
    }
    return byTarget;
}

SizingsByTarget drawTargets(const Dataset& dataset, const DesignSpace& space, const Targets& targets,
                            std::size_t count, std::uint64_t seed) {
    const NearestRows nearest(dataset);
    SizingsByTarget byTarget;
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        RandomEngine engine(deriveSeed(seed, t));
        std::vector<std::vector<double>> drawn;
        const std::vector<std::size_t> rows = nearest.to(targets, t, std::max<std::size_t>(1, count / 4));
        for (std::size_t i = 0; i < count; ++i) {
            std::vector<double> values = dataset.rows[rows[i % rows.size()]].values;
            for (double& value : values)
                value *= i < rows.size() ? 1 : std::exp(kRandomStep * normal(engine));
            drawn.push_back(space.snap(values, targets.pinsOf(t)));
        }
        byTarget.push_back(std::move(drawn));
    }
    return byTarget;
}

Result<MethodScore> scoreSamples(const std::string& name, const SizingsByTarget& samples,
                                 const DesignSpace& space, const Targets& targets,
                                 simulation::EvaluationPool& pool, const Judgement& judgement,
                                 JobContext& context) {
    Rounds rounds(name, space, targets, pool, judgement);
    const auto answers = static_cast<std::size_t>(judgement.answers);
    for (std::size_t first = 0; first < answers; first += kBatch) {
        SizingsByTarget next(samples.size());
        for (std::size_t t = 0; t < samples.size(); ++t) {
            if (rounds.isSettled(t)) continue;
            const std::size_t last = std::min({samples[t].size(), answers, first + kBatch});
            for (std::size_t i = first; i < last; ++i)
                next[t].push_back(space.snap(samples[t][i], targets.pinsOf(t)));
        }
        if (const auto done = rounds.simulate(next, context); !done) return forward(done);
    }
    return rounds.finish();
}

Result<MethodScore> scoreRanked(const std::string& name, const SizingsByTarget& samples,
                                const std::shared_ptr<const ForwardModel>& forwardModel,
                                const DesignSpace& space, const Targets& targets,
                                simulation::EvaluationPool& pool, const Judgement& judgement,
                                JobContext& context) {
    Rounds rounds(name, space, targets, pool, judgement);
    std::vector<CandidateSearch> searches;
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        const Specification asked = judgement.aim == Aim::AtTarget ? targets.at(t) : targets.reaching(t);
        searches.emplace_back(forwardModel, space, asked, judgement.supplyVoltage, judgement.search);
        searches.back().offer(samples[t]);
    }
    const auto answers = static_cast<std::size_t>(judgement.answers);
    for (std::size_t done = 0, round = 0; done < answers; ++round) {
        const std::size_t count = std::min(CandidateSearch::roundSize(round), answers - done);
        SizingsByTarget chosen(searches.size());
        const auto searched = compute::inParallel(searches.size(), [&](std::size_t t) -> Result<void> {
            if (rounds.isSettled(t)) return {};
            const auto next = searches[t].next(count, context);
            if (!next) return forward(next);
            for (const RankedSizing& sizing : *next)
                chosen[t].push_back(sizing.values);
            return {};
        });
        if (!searched) return forward(searched);
        const auto evaluations = rounds.simulate(chosen, context);
        if (!evaluations) return forward(evaluations);
        const auto learned = compute::inParallel(searches.size(), [&](std::size_t t) -> Result<void> {
            for (std::size_t i = 0; i < chosen[t].size(); ++i)
                searches[t].learn(chosen[t][i], (*evaluations)[t][i]);
            return {};
        });
        if (!learned) return forward(learned);
        done += count;
    }
    return rounds.finish();
}

Result<MethodScore> scoreDifferentialEvolution(const Dataset& dataset, const DesignSpace& space,
                                               const Targets& targets, simulation::EvaluationPool& pool,
                                               const Judgement& judgement, std::uint64_t seed,
                                               JobContext& context) {
    Rounds rounds("differential_evolution", space, targets, pool, judgement);
    const NearestRows nearest(dataset);
    std::vector<Evolution> evolutions;
    for (std::size_t t = 0; t < targets.rows.size(); ++t)
        evolutions.emplace_back(dataset, nearest, targets, t, judgement.supplyVoltage, deriveSeed(seed, t));
    for (int done = 0; done < judgement.answers; done += static_cast<int>(Evolution::population)) {
        SizingsByTarget trials;
        const auto count =
            std::min(Evolution::population, static_cast<std::size_t>(judgement.answers - done));
        for (std::size_t t = 0; t < evolutions.size(); ++t)
            trials.push_back(rounds.isSettled(t) ? std::vector<std::vector<double>>()
                                                 : evolutions[t].trials(space, count));
        const auto evaluations = rounds.simulate(trials, context);
        if (!evaluations) return forward(evaluations);
        for (std::size_t t = 0; t < evolutions.size(); ++t)
            evolutions[t].select(trials[t], (*evaluations)[t]);
    }
    return rounds.finish();
}

MethodScore scoreNearestNeighbour(const Dataset& dataset, const Targets& targets, int answersPerTarget,
                                  double supplyVoltage) {
    const auto start = std::chrono::steady_clock::now();
    const NearestRows nearest(dataset);
    std::vector<std::vector<Answer>> answers;
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        std::vector<Answer> found;
        for (const std::size_t row : nearest.to(targets, t, static_cast<std::size_t>(answersPerTarget)))
            found.emplace_back(Simulated{dataset.rows[row].performances, true});
        answers.push_back(std::move(found));
    }
    MethodScore result;
    result.name = "nearest";
    score(result, targets, answers, answersPerTarget, supplyVoltage);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
}

} // namespace headroom::sizing
