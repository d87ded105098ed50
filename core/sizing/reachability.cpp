#include "core/sizing/reachability.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/sizing/performance_value.h"

namespace headroom::sizing {
namespace {

/// Share of the simulations that the search for the nearest sizing may take; the blockers get the rest.
constexpr double kNearestShare = 0.5;
/// Missed by less than this share of the worst shortfall, a requirement does not count as one that blocks.
constexpr double kNegligible = 0.1;

/// What shortfall is asked for next, as a share of the least so far: none, and after rounds in vain each time
/// half way back.
double modesty(int roundsInVain) {
    return 1 - std::pow(0.5, roundsInVain);
}

class ReachSearch {
public:
    ReachSearch(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                const SimulateSizings& simulate, const Specification& specification, double supplyVoltage,
                const ReachSettings& settings, JobContext& context)
        : m_simulate(simulate)
        , m_specification(specification)
        , m_supplyVoltage(supplyVoltage)
        , m_settings(settings)
        , m_context(context)
        , m_search(model, space, specification, supplyVoltage, settings.search) {}

    Result<Reach> find(const std::vector<std::vector<double>>& samples) {
        m_search.offer(samples);
        const auto limit =
            static_cast<std::size_t>(kNearestShare * static_cast<double>(m_settings.simulations));
        if (auto found = approach(limit); !found) return forward(found);
        const auto best = nearest();
        if (!best) {
            return fail(ErrorCode::Infeasible,
                        "None of the sizings that the search chose could be simulated.",
                        m_reach.tried.empty() || !m_reach.tried.front().evaluation.error
                            ? std::string()
                            : m_reach.tried.front().evaluation.error->message);
        }
        m_reach.nearest = m_reach.tried[*best];
        m_reach.isReached = m_reach.nearest.shortfall == 0;
        if (m_reach.isReached) return std::move(m_reach);
        const std::vector<std::size_t> missed = missedBy(m_reach.nearest);
        for (std::size_t i = 0; i < missed.size(); ++i) {
            const std::size_t left = m_settings.simulations - std::min(m_settings.simulations, simulated());
            if (auto found = giveUp(missed[i], simulated() + left / (missed.size() - i)); !found)
                return forward(found);
        }
        // The other searches may have come nearer by chance.
        m_reach.nearest = m_reach.tried[*nearest()];
        m_reach.isReached = m_reach.nearest.shortfall == 0;
        if (m_reach.isReached) m_reach.blockers.clear();
        std::stable_sort(m_reach.blockers.begin(), m_reach.blockers.end(),
                         [](const Blocker& a, const Blocker& b) { return a.shortfall > b.shortfall; });
        return std::move(m_reach);
    }

private:
    std::size_t simulated() const { return m_reach.tried.size(); }

    std::optional<std::size_t> nearest() const { return bestCandidate(m_reach.tried); }

    /// The specification with every limit moved outwards by a weighted shortfall.
    Specification within(double weighted) const {
        Specification result = m_specification;
        for (Requirement& requirement : result.requirements)
            requirement = loosened(requirement, weighted / requirement.weight, m_supplyVoltage);
        return result;
    }

    /// Simulates what is likeliest to hold the present aim. @return false where nothing is left to try
    Result<bool> round(std::size_t limit) {
        const std::size_t count = std::min(m_settings.perRound, limit - std::min(limit, simulated()));
        if (count == 0) return false;
        const auto chosen = m_search.next(count, m_context);
        if (!chosen) return forward(chosen);
        if (chosen->empty()) return false;
        std::vector<std::vector<double>> values;
        for (const RankedSizing& sizing : *chosen)
            values.push_back(sizing.values);
        const auto evaluations = m_simulate(values, m_context);
        if (!evaluations) return forward(evaluations);
        for (std::size_t i = 0; i < values.size(); ++i) {
            Candidate candidate;
            candidate.values = values[i];
            candidate.take((*evaluations)[i], m_specification, m_supplyVoltage);
            m_search.learn(values[i], (*evaluations)[i]);
            m_reach.tried.push_back(std::move(candidate));
        }
        m_context.progress(
            std::min(1.0, static_cast<double>(simulated()) / static_cast<double>(m_settings.simulations)),
            fmt::format("Looking for the nearest sizing, {} simulated", simulated()));
        return true;
    }

    /// Asks for less and less until what is asked for is found.
    Result<void> approach(std::size_t limit) {
        for (int vain = 0; vain < m_settings.patience;) {
            const auto before = nearest();
            const double least =
                before ? m_reach.tried[*before].weightedShortfall : std::numeric_limits<double>::infinity();
            const auto done = round(limit);
            if (!done) return forward(done);
            if (!*done) return {};
            const auto after = nearest();
            const double now = after ? m_reach.tried[*after].weightedShortfall : least;
            if (now == 0) return {};
            vain = now < least ? 0 : vain + 1;
            if (std::isfinite(now)) m_search.aimAt(within(modesty(vain) * now));
        }
        return {};
    }

    /// Those whose limits the sizing misses by a share of its worst shortfall that counts.
    std::vector<std::size_t> missedBy(const Candidate& candidate) const {
        std::vector<std::size_t> missed;
        for (std::size_t r = 0; r < m_specification.requirements.size(); ++r) {
            const Requirement& requirement = m_specification.requirements[r];
            const double own = requirement.shortfall(valueOf(candidate.evaluation, requirement.performance),
                                                     m_supplyVoltage);
            if (requirement.weight * own > kNegligible * candidate.weightedShortfall) missed.push_back(r);
        }
        return missed;
    }

    /// The least shortfall of one requirement among the simulated sizings that hold all others; and its
    /// value.
    Blocker leastOf(std::size_t requirement) const {
        constexpr double kNever = std::numeric_limits<double>::quiet_NaN();
        Specification others = m_specification;
        const Requirement own = others.requirements[requirement];
        others.requirements[requirement] = Requirement::free(own.performance);
        Blocker blocker{requirement, kNever, kNever};
        for (const Candidate& candidate : m_reach.tried) {
            if (!(shortfallOf(others, candidate.evaluation, m_supplyVoltage).worst == 0)) continue;
            const double value = valueOf(candidate.evaluation, own.performance);
            const double missed = own.shortfall(value, m_supplyVoltage);
            if (std::isnan(missed) || missed >= blocker.shortfall) continue;
            blocker.reached = value;
            blocker.shortfall = missed;
        }
        return blocker;
    }

    /// How near one requirement comes while all others hold.
    Result<void> giveUp(std::size_t requirement, std::size_t limit) {
        Specification aim = m_specification;
        const Requirement own = aim.requirements[requirement];
        for (int vain = 0; vain < m_settings.patience;) {
            const double least = leastOf(requirement).shortfall;
            aim.requirements[requirement] = std::isnan(least)
                                                ? Requirement::free(own.performance)
                                                : loosened(own, modesty(vain) * least, m_supplyVoltage);
            m_search.aimAt(aim);
            const auto done = round(limit);
            if (!done) return forward(done);
            if (!*done) break;
            const double now = leastOf(requirement).shortfall;
            if (now == 0) break;
            const bool isBetter = !std::isnan(now) && (std::isnan(least) || now < least);
            vain = isBetter ? 0 : vain + 1;
        }
        m_reach.blockers.push_back(leastOf(requirement));
        return {};
    }

    const SimulateSizings& m_simulate;
    const Specification& m_specification;
    double m_supplyVoltage;
    const ReachSettings& m_settings;
    JobContext& m_context;
    CandidateSearch m_search;
    Reach m_reach;
};

/// "at least 10 MHz"
std::string asked(const Requirement& requirement) {
    const char* unit = simulation::info(requirement.performance).unit;
    if (requirement.isRange())
        return fmt::format("{} to {}", formatQuantity(requirement.minimum, unit),
                           formatQuantity(requirement.maximum, unit));
    return requirement.hasMinimum() ? "at least " + formatQuantity(requirement.minimum, unit)
                                    : "at most " + formatQuantity(requirement.maximum, unit);
}

} // namespace

Result<Reach> findReach(const std::shared_ptr<const ForwardModel>& model, const DesignSpace& space,
                        const SimulateSizings& simulate, const std::vector<std::vector<double>>& samples,
                        const Specification& specification, double supplyVoltage,
                        const ReachSettings& settings, JobContext& context) {
    if (const auto fits = checkSpecification(specification); !fits) return forward(fits);
    return ReachSearch(model, space, simulate, specification, supplyVoltage, settings, context).find(samples);
}

std::vector<std::string> sentencesOf(const Reach& reach, const Specification& specification,
                                     double supplyVoltage) {
    if (reach.isReached) return {"The specification is within reach: a simulated sizing holds all of it."};
    std::string missed;
    for (const Requirement& requirement : specification.requirements) {
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        const double value = valueOf(reach.nearest.evaluation, requirement.performance);
        if (!(requirement.shortfall(value, supplyVoltage) > 0)) continue;
        missed += fmt::format("{}{} {} instead of {}", missed.empty() ? "" : ", ", info.title,
                              formatQuantity(value, info.unit), asked(requirement));
    }
    std::vector<std::string> sentences{fmt::format(
        "Out of reach as far as {} simulations could find: the nearest sizing misses it by {:.2g} "
        "%: {}.",
        reach.tried.size(), 100 * reach.nearest.shortfall, missed)};
    for (const Blocker& blocker : reach.blockers) {
        const Requirement& requirement = specification.requirements[blocker.requirement];
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        if (std::isnan(blocker.shortfall))
            sentences.push_back(
                fmt::format("Even without {}, the others were not found to hold together.", info.title));
        else if (blocker.shortfall == 0)
            sentences.push_back(fmt::format("{} alone blocks nothing.", info.title));
        else
            sentences.push_back(fmt::format("{} blocks: {} is the best while all else holds, {} is asked.",
                                            info.title, formatQuantity(blocker.reached, info.unit),
                                            asked(requirement)));
    }
    return sentences;
}

} // namespace headroom::sizing
