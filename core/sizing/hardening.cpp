#include "core/sizing/hardening.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/base/stage_context.h"
#include "core/sizing/performance_value.h"

namespace headroom::sizing {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The shortfall of the worst values over all places.
Shortfall worstShortfall(const Robustness& robustness, double supplyVoltage) {
    Shortfall worst;
    for (std::size_t r = 0; r < robustness.limits.size(); ++r) {
        const Requirement& limit = robustness.limits[r];
        if (limit.isFree()) continue;
        const WorstValue& value = robustness.worst[r];
        if (value.missing == 0 && !value.place) continue; // none of the places is one of its corners
        const double own = value.missing > 0 ? kInfinity : limit.shortfall(value.value, supplyVoltage);
        worst.worst = std::max(worst.worst, own);
        worst.weighted = std::max(worst.weighted, limit.weight * own);
    }
    return worst;
}

class HardeningSearch {
public:
    HardeningSearch(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                    const SimulateSizings& simulate, const SimulateRequests& simulateAt,
                    const Specification& specification, double supplyVoltage,
                    const HardeningSettings& settings, JobContext& context)
        : m_space(space)
        , m_simulate(simulate)
        , m_simulateAt(simulateAt)
        , m_specification(specification)
        , m_aim(specification)
        , m_supplyVoltage(supplyVoltage)
        , m_settings(settings)
        , m_context(context)
        , m_search(model, space, specification, supplyVoltage, settings.search)
        , m_losses(specification.requirements.size(), 0) {}

    Result<Hardening> find(const std::vector<std::vector<double>>& samples) {
        m_search.offer(samples);
        int vain = 0;
        for (m_round = 0; m_round < m_settings.rounds && vain < m_settings.patience; ++m_round) {
            const double before = leastShortfall();
            const auto simulated = simulateNext();
            if (!simulated) return forward(simulated);
            const auto placed = placeNext();
            if (!placed) return forward(placed);
            if (!*simulated && !*placed) break;
            if (m_result.placed.empty()) {
                ++vain;
                continue;
            }
            if (m_result.isReached()) break;
            vain = leastShortfall() < before ? 0 : vain + 1;
            aim(vain);
        }
        if (m_result.placed.empty()) {
            return fail(ErrorCode::Infeasible,
                        "None of the sizings that the search chose could be simulated.", m_problem);
        }
        for (Candidate& candidate : m_open)
            m_result.others.push_back(std::move(candidate));
        return std::move(m_result);
    }

private:
    double leastShortfall() const {
        return m_result.placed.empty() ? kInfinity : m_result.placed.front().shortfall.weighted;
    }

    StageContext stage(double from, double to) const {
        const auto rounds = static_cast<double>(m_settings.rounds);
        return {m_context, (m_round + from) / rounds, (m_round + to) / rounds};
    }

    /// Simulates what is likeliest to hold the present aim. @return whether there was something
    Result<bool> simulateNext() {
        const auto chosen = m_search.next(m_settings.perRound, m_context);
        if (!chosen) return forward(chosen);
        if (chosen->empty()) return false;
        std::vector<std::vector<double>> values;
        for (const RankedSizing& sizing : *chosen)
            values.push_back(sizing.values);
        StageContext context = stage(0, 0.2);
        const auto evaluations = m_simulate(values, context);
        if (!evaluations) return forward(evaluations);
        m_result.simulations += values.size();
        for (std::size_t i = 0; i < values.size(); ++i) {
            m_search.learn(values[i], (*evaluations)[i]);
            Candidate candidate;
            candidate.values = values[i];
            candidate.take((*evaluations)[i], m_specification, m_supplyVoltage);
            if (candidate.evaluation.ok())
                m_open.push_back(std::move(candidate));
            else if (m_problem.empty())
                m_problem = candidate.evaluation.error->message;
        }
        return true;
    }

    /// Simulates at all places those that hold the present aim best and were not there yet.
    Result<bool> placeNext() {
        std::vector<std::pair<double, std::size_t>> order;
        for (std::size_t i = 0; i < m_open.size(); ++i) {
            const double shortfall = shortfallOf(m_aim, m_open[i].evaluation, m_supplyVoltage).weighted;
            if (!std::isnan(shortfall)) order.emplace_back(shortfall, i);
        }
        std::sort(order.begin(), order.end());
        order.resize(std::min(order.size(), m_settings.placedPerRound));
        std::vector<bool> taken(m_open.size(), false);
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto count = static_cast<double>(order.size());
            StageContext context = stage(0.2 + 0.8 * static_cast<double>(i) / count,
                                         0.2 + 0.8 * static_cast<double>(i + 1) / count);
            context.progress(0, activity());
            const auto done = place(m_open[order[i].second], context);
            if (!done) return forward(done);
            taken[order[i].second] = true;
            if (m_result.placed.front().robustness.holdsEverywhere()) break;
        }
        std::size_t index = 0;
        std::erase_if(m_open, [&](const Candidate&) { return taken[index++]; });
        return !order.empty();
    }

    std::string activity() const {
        if (m_result.placed.empty() || std::isinf(leastShortfall()))
            return fmt::format("Round {}", m_round + 1);
        return fmt::format("Round {}, the best misses by {:.2g} %", m_round + 1,
                           100 * m_result.placed.front().shortfall.worst);
    }

    Result<void> place(const Candidate& candidate, JobContext& context) {
        RobustnessSettings settings;
        settings.places = m_settings.places;
        settings.supplyVoltage = m_supplyVoltage;
        settings.ownCorner = m_settings.ownCorner;
        auto robustness = assessRobustness(m_simulateAt, {}, m_space.expand(candidate.values),
                                           m_specification.requirements, settings, context);
        if (!robustness) {
            // What works at the pool's own conditions may work at none of the places.
            if (robustness.error().code != ErrorCode::Convergence) return forward(robustness);
            if (m_problem.empty()) m_problem = robustness.error().message;
            return {};
        }
        m_result.simulations += robustness->simulations;
        const Shortfall shortfall = worstShortfall(*robustness, m_supplyVoltage);
        const auto later = std::upper_bound(
            m_result.placed.begin(), m_result.placed.end(), shortfall.weighted,
            [](double own, const PlacedCandidate& other) { return own < other.shortfall.weighted; });
        m_result.placed.insert(later, {candidate, std::move(*robustness), shortfall});
        return {};
    }

    /// Asks for the specification and what the best sizing so far loses on the way to its worst place; after
    /// rounds in vain for something between that and what the best one gives.
    void aim(int vain) {
        const PlacedCandidate& best = m_result.placed.front();
        for (std::size_t r = 0; r < m_losses.size(); ++r) {
            const Requirement& requirement = m_specification.requirements[r];
            const WorstValue& worst = best.robustness.worst[r];
            if (requirement.isFree() || !worst.place) continue;
            const double own = valueOf(best.candidate.evaluation, requirement.performance);
            const double loss = marginOf(requirement, own, m_supplyVoltage) -
                                marginOf(requirement, worst.value, m_supplyVoltage);
            if (std::isfinite(loss) && m_settings.asksForMore) m_losses[r] = std::max(0.0, loss);
        }
        const double least = best.shortfall.weighted;
        const bool isModest = std::isfinite(least) && m_settings.asksForMore;
        const double modesty = isModest ? (1 - std::pow(0.5, vain)) * least : 0;
        m_aim = m_specification;
        for (std::size_t r = 0; r < m_losses.size(); ++r) {
            Requirement& requirement = m_aim.requirements[r];
            requirement = loosened(requirement, modesty / requirement.weight - m_losses[r], m_supplyVoltage);
            if (requirement.isRange() && requirement.minimum > requirement.maximum)
                requirement.minimum = requirement.maximum = (requirement.minimum + requirement.maximum) / 2;
        }
        m_search.aimAt(m_aim);
    }

    const DesignSpace& m_space;
    const SimulateSizings& m_simulate;
    const SimulateRequests& m_simulateAt;
    const Specification& m_specification;
    Specification m_aim;
    double m_supplyVoltage;
    const HardeningSettings& m_settings;
    JobContext& m_context;
    CandidateSearch m_search;
    std::vector<double> m_losses;  ///< by requirement, relative to its limit
    std::vector<Candidate> m_open; ///< simulated, but not at the places
    std::string m_problem;
    Hardening m_result;
    int m_round = 0;
};

} // namespace

Result<Hardening> harden(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                         const SimulateSizings& simulate, const SimulateRequests& simulateAt,
                         const std::vector<std::vector<double>>& samples, const Specification& specification,
                         double supplyVoltage, const HardeningSettings& settings, JobContext& context) {
    if (const auto fits = checkSpecification(specification); !fits) return forward(fits);
    if (settings.places.empty()) return fail(ErrorCode::BadInput, "There is no corner to look at.");
    return HardeningSearch(model, space, simulate, simulateAt, specification, supplyVoltage, settings,
                           context)
        .find(samples);
}

std::vector<std::string> sentencesOf(const Hardening& hardening, const Specification& specification,
                                     double supplyVoltage,
                                     const std::function<std::string(const simulation::Variation&)>& nameOf) {
    const PlacedCandidate& best = hardening.placed.front();
    const std::size_t places = best.robustness.places.size();
    if (hardening.isReached())
        return {fmt::format("A sizing that holds at all {} corners, found with {} simulations.", places,
                            hardening.simulations)};
    const auto holding = std::count_if(best.robustness.places.begin(), best.robustness.places.end(),
                                       [](const PlaceOutcome& place) { return place.holds; });
    std::vector<std::string> sentences{fmt::format(
        "No sizing that holds at all {} corners was found with {} simulations: the nearest holds at {} of "
        "them{}.",
        places, hardening.simulations, holding,
        std::isinf(best.shortfall.worst)
            ? std::string()
            : fmt::format(" and misses by {:.2g} %", 100 * best.shortfall.worst))};
    for (std::size_t r = 0; r < specification.requirements.size(); ++r) {
        const Requirement& requirement = specification.requirements[r];
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        const WorstValue& worst = best.robustness.worst[r];
        if (requirement.isFree() || worst.holds) continue;
        if (worst.missing > 0)
            sentences.push_back(fmt::format("{} has no value at {} of them.", info.title, worst.missing));
        else if (worst.place)
            sentences.push_back(fmt::format("{} comes to {} at {}, {:.2g} % from what is asked.", info.title,
                                            formatQuantity(worst.value, info.unit),
                                            nameOf(best.robustness.places[*worst.place].place),
                                            100 * requirement.shortfall(worst.value, supplyVoltage)));
    }
    return sentences;
}

} // namespace headroom::sizing
