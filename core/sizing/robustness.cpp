#include "core/sizing/robustness.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/base/stage_context.h"
#include "core/simulation/mismatch.h"
#include "core/sizing/variance_shares.h"

namespace headroom::sizing {
namespace {

using simulation::Evaluation;
using simulation::EvaluationRequest;
using simulation::Variation;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Figures of the draws other than their yield are worked out anew where these have grown by this, since
/// that takes the longer the more there are.
constexpr double kGrowth = 1.1;
/// Normal deviates of one device in a draw: threshold voltage and current factor.
constexpr std::size_t kDeviates = 2;

double valueOf(const Evaluation& evaluation, Performance performance) {
    const auto found = evaluation.performances.find(performance);
    return evaluation.ok() && found != evaluation.performances.end() ? found->second : kNaN;
}

/// Whether one value is worse than another. Without limits the field's idea of better decides.
bool isWorse(const Requirement& limit, double value, double than, double supplyVoltage) {
    if (!limit.isFree()) return marginOf(limit, value, supplyVoltage) < marginOf(limit, than, supplyVoltage);
    return simulation::info(limit.performance).biggerIsBetter ? value < than : value > than;
}

/// The work on one sizing.
class Assessment {
public:
    Assessment(const SimulateRequests& simulate, const std::vector<std::string>& devices,
               const netlist::Sizing& sizing, const std::vector<Requirement>& limits,
               const RobustnessSettings& settings, JobContext& context, const OnRobustness& onPartial)
        : m_simulate(simulate)
        , m_devices(devices)
        , m_sizing(sizing)
        , m_settings(settings)
        , m_context(context)
        , m_onPartial(onPartial) {
        m_result.limits = limits;
        m_extent.performances.clear();
        for (const Requirement& limit : limits)
            m_extent.performances.push_back(limit.performance);
    }

    Result<Robustness> run() {
        if (Result<void> done = simulatePlaces(); !done) return forward(done);
        if (m_settings.draws > 0) {
            if (Result<void> done = drawAt({}); !done) return forward(done);
            const auto worst = worstThatSimulates();
            if (m_settings.atWorstPlace && worst)
                if (Result<void> done = drawAt(m_result.places[*worst].place); !done) return forward(done);
        }
        return std::move(m_result);
    }

private:
    std::size_t planned() const {
        const std::size_t rounds = m_settings.atWorstPlace && !m_settings.places.empty() ? 2 : 1;
        return m_settings.places.size() + rounds * m_settings.draws;
    }

    Result<std::vector<Evaluation>> simulate(const std::vector<EvaluationRequest>& requests) {
        const auto whole = static_cast<double>(std::max<std::size_t>(planned(), 1));
        StageContext stage(m_context, static_cast<double>(m_progress) / whole,
                           static_cast<double>(m_progress + requests.size()) / whole);
        auto evaluations = m_simulate(requests, stage);
        if (!evaluations) return evaluations;
        m_result.simulations += evaluations->size();
        m_progress += evaluations->size();
        return evaluations;
    }

    void tell() const {
        if (m_onPartial) m_onPartial(m_result);
    }

    Result<void> simulatePlaces() {
        if (m_settings.places.empty()) return {};
        std::vector<EvaluationRequest> requests;
        for (const Variation& place : m_settings.places)
            requests.push_back({m_sizing, place, m_extent});
        auto evaluations = simulate(requests);
        if (!evaluations) return forward(evaluations);
        const auto simulated = std::find_if(evaluations->begin(), evaluations->end(),
                                            [](const Evaluation& each) { return each.ok(); });
        if (simulated == evaluations->end()) return tl::unexpected<Error>(*evaluations->front().error);
        for (std::size_t index = 0; index < requests.size(); ++index)
            addPlace(m_settings.places[index], std::move((*evaluations)[index]));
        for (const Requirement& limit : m_result.limits)
            m_result.worst.push_back(worstOf(limit));
        tell();
        return {};
    }

    bool applies(const Requirement& limit, const Variation& place) const {
        return limit.appliesAt(place.corner || m_settings.ownCorner.empty()
                                   ? place.corner
                                   : std::optional(m_settings.ownCorner));
    }

    void addPlace(const Variation& place, Evaluation evaluation) {
        double margin = kInfinity;
        bool holds = true;
        for (const Requirement& limit : m_result.limits) {
            if (limit.isFree() || !applies(limit, place)) continue;
            const double value = valueOf(evaluation, limit.performance);
            holds = holds && limit.holds(value);
            margin = std::min(margin, std::isnan(value) ? -kInfinity
                                                        : marginOf(limit, value, m_settings.supplyVoltage));
        }
        holds = holds && evaluation.ok();
        if (!evaluation.ok()) margin = -kInfinity;
        const std::size_t index = m_result.places.size();
        m_result.places.push_back({place, std::move(evaluation), margin, holds});
        if (!m_result.worstPlace || margin < m_result.places[*m_result.worstPlace].margin)
            m_result.worstPlace = index;
    }

    WorstValue worstOf(const Requirement& limit) const {
        WorstValue worst;
        for (std::size_t index = 0; index < m_result.places.size(); ++index) {
            if (!applies(limit, m_result.places[index].place)) continue;
            const double value = valueOf(m_result.places[index].evaluation, limit.performance);
            if (std::isnan(value)) {
                ++worst.missing;
                worst.holds = false;
                continue;
            }
            worst.holds = worst.holds && limit.holds(value);
            if (worst.place && !isWorse(limit, value, worst.value, m_settings.supplyVoltage)) continue;
            worst.place = index;
            worst.value = value;
        }
        return worst;
    }

    /// Where mismatch can be drawn at: a place at which nothing simulates says nothing of it.
    std::optional<std::size_t> worstThatSimulates() const {
        std::optional<std::size_t> worst;
        for (std::size_t index = 0; index < m_result.places.size(); ++index) {
            const PlaceOutcome& outcome = m_result.places[index];
            if (!outcome.evaluation.ok()) continue;
            if (!worst || outcome.margin < m_result.places[*worst].margin) worst = index;
        }
        return worst;
    }

    Result<void> drawAt(const Variation& place) {
        const std::size_t at = m_result.mismatch.size();
        m_result.mismatch.emplace_back();
        m_result.mismatch[at].place = place;
        m_result.mismatch[at].performances.resize(m_result.limits.size());
        m_result.mismatch[at].drawsForShares = fewestForShares(kDeviates * m_devices.size());
        const std::size_t begun = m_progress;
        std::size_t summarised = 0; ///< draws
        while (m_result.mismatch[at].draws < m_settings.draws) {
            if (m_context.cancelled()) return failCancelled();
            const std::size_t first = m_result.mismatch[at].draws;
            const std::size_t count = std::min(robustnessBatch, m_settings.draws - first);
            std::vector<EvaluationRequest> requests(count, {m_sizing, place, m_extent});
            for (std::size_t index = 0; index < count; ++index)
                requests[index].variation.mismatch = drawNumber(first + index);
            const auto evaluations = simulate(requests);
            if (!evaluations) return forward(evaluations);
            for (const Evaluation& evaluation : *evaluations) {
                // What is wrong with the request itself is no draw's fault.
                if (!evaluation.ok() && evaluation.error->code == ErrorCode::Unsupported)
                    return tl::unexpected<Error>(*evaluation.error);
                take(m_result.mismatch[at], evaluation);
            }
            MismatchOutcome& outcome = m_result.mismatch[at];
            outcome.yield = wilsonInterval(outcome.passed, outcome.draws);
            outcome.isNarrowEnough =
                m_settings.intervalWidth && outcome.yield.width() <= *m_settings.intervalWidth;
            const bool isLast = outcome.isNarrowEnough || outcome.draws == m_settings.draws;
            if (isLast || static_cast<double>(outcome.draws) >= kGrowth * static_cast<double>(summarised)) {
                summarise(outcome);
                summarised = outcome.draws;
            }
            tell();
            if (isLast) break;
        }
        m_progress = begun + m_settings.draws;
        return {};
    }

    simulation::MismatchDraw drawNumber(std::size_t index) const {
        return {m_settings.seed, static_cast<int>(index)};
    }

    void take(MismatchOutcome& outcome, const Evaluation& evaluation) const {
        bool passes = evaluation.ok();
        for (std::size_t index = 0; index < m_result.limits.size(); ++index) {
            const Requirement& limit = m_result.limits[index];
            const double value = valueOf(evaluation, limit.performance);
            outcome.performances[index].values.push_back(value);
            const bool holds = limit.holds(value);
            if (holds && !std::isnan(value)) ++outcome.performances[index].passed;
            passes = passes && (holds || !applies(limit, outcome.place));
        }
        ++outcome.draws;
        if (passes) ++outcome.passed;
        if (evaluation.ok()) return;
        if (outcome.failed++ == 0) outcome.firstProblem = evaluation.error->message;
    }

    /// Figures of all draws so far, and which devices the variance comes from.
    void summarise(MismatchOutcome& outcome) const {
        Eigen::MatrixXd deviates(static_cast<Eigen::Index>(outcome.draws),
                                 static_cast<Eigen::Index>(kDeviates * m_devices.size()));
        for (Eigen::Index draw = 0; draw < deviates.rows(); ++draw)
            for (std::size_t device = 0; device < m_devices.size(); ++device) {
                const auto moved = simulation::mismatchDeviates(drawNumber(static_cast<std::size_t>(draw)),
                                                                m_devices[device]);
                const auto column = static_cast<Eigen::Index>(kDeviates * device);
                deviates(draw, column) = moved.threshold;
                deviates(draw, column + 1) = moved.currentFactor;
            }
        for (std::size_t index = 0; index < outcome.performances.size(); ++index) {
            PerformanceSpread& spread = outcome.performances[index];
            spread.summary = headroom::summarise(spread.values);
            spread.yield = wilsonInterval(spread.passed, outcome.draws);
            const Requirement& limit = m_result.limits[index];
            spread.capability = processCapability(spread.summary, limit.lowerLimit(), limit.upperLimit());
            spread.shares.clear();
            const auto found = varianceShares(deviates, spread.values, kDeviates);
            if (!found) continue;
            spread.explained = found->explained;
            for (std::size_t device = 0; device < m_devices.size(); ++device)
                spread.shares.push_back({m_devices[device], found->shares[device]});
            std::stable_sort(spread.shares.begin(), spread.shares.end(),
                             [](const DeviceShare& a, const DeviceShare& b) { return a.share > b.share; });
        }
    }

    const SimulateRequests& m_simulate;
    const std::vector<std::string>& m_devices;
    const netlist::Sizing& m_sizing;
    const RobustnessSettings& m_settings;
    JobContext& m_context;
    const OnRobustness& m_onPartial;
    simulation::Extent m_extent;
    std::size_t m_progress = 0; ///< evaluations of those that are planned
    Robustness m_result;
};

} // namespace

std::vector<Requirement> performanceLimits(const Specification& specification, double tolerance,
                                           double supplyVoltage) {
    std::vector<Requirement> limits;
    for (const Requirement& asked : specification.requirements)
        limits.push_back(loosened(asked, tolerance, supplyVoltage));
    return limits;
}

Requirement atKnownCorners(Requirement requirement, const std::vector<std::string>& known) {
    std::erase_if(requirement.corners, [&](const std::string& corner) {
        return std::find(known.begin(), known.end(), corner) == known.end();
    });
    return requirement;
}

double marginOf(const Requirement& limit, double value, double supplyVoltage) {
    double margin = kInfinity;
    if (limit.hasMinimum())
        margin = std::min(margin, relativeDifference(limit.performance, value, limit.minimum, supplyVoltage));
    if (limit.hasMaximum())
        margin =
            std::min(margin, -relativeDifference(limit.performance, value, limit.maximum, supplyVoltage));
    return margin;
}

std::vector<Variation> everyPlace(const std::vector<std::string>& corners,
                                  const std::vector<double>& supplies,
                                  const std::vector<double>& temperatures) {
    const auto choices = [](const auto& values) {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        std::vector<std::optional<Value>> optional(values.begin(), values.end());
        if (optional.empty()) optional.emplace_back();
        return optional;
    };
    std::vector<Variation> places;
    for (const auto& corner : choices(corners))
        for (const auto& supply : choices(supplies))
            for (const auto& temperature : choices(temperatures))
                places.push_back({corner, supply, temperature, {}});
    return places;
}

std::vector<Variation> usualPlaces(const std::vector<std::string>& corners, double supplyVoltage) {
    return everyPlace(corners, {0.9 * supplyVoltage, supplyVoltage, 1.1 * supplyVoltage}, {-40, 27, 125});
}

bool Robustness::holdsEverywhere() const {
    return std::all_of(places.begin(), places.end(), [](const PlaceOutcome& each) { return each.holds; });
}

SimulateRequests simulatorOf(simulation::EvaluationPool& pool) {
    return [&pool](const std::vector<EvaluationRequest>& requests, JobContext& context) {
        return pool.evaluate(requests, context);
    };
}

std::vector<std::string> mosfetNames(const netlist::Circuit& circuit) {
    std::vector<std::string> names;
    for (const netlist::Device& device : circuit.devices)
        if (device.type == netlist::DeviceType::Mosfet) names.push_back(device.name);
    return names;
}

Result<Robustness> assessRobustness(const SimulateRequests& simulate, const std::vector<std::string>& devices,
                                    const netlist::Sizing& sizing, const std::vector<Requirement>& limits,
                                    const RobustnessSettings& settings, JobContext& context,
                                    const OnRobustness& onPartial) {
    if (limits.empty())
        return fail(ErrorCode::BadInput, "There is no performance whose robustness could be told.");
    return Assessment(simulate, devices, sizing, limits, settings, context, onPartial).run();
}

} // namespace headroom::sizing
