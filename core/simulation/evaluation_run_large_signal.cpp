#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

#include "core/simulation/evaluation_run.h"
#include "core/simulation/measurement.h"
#include "core/simulation/operating_point.h"

namespace headroom::simulation {
namespace {

/// Steps after which a sweep is looked at: most limits lie within the first ones.
constexpr int stepsPerSweep = 8;

Analysis transient(double window, double steps, const std::string& output) {
    Analysis analysis;
    analysis.kind = Analysis::Kind::Transient;
    analysis.to = window;
    analysis.step = window / steps;
    analysis.wanted = {"time", output};
    return analysis;
}

} // namespace

Result<std::optional<double>> EvaluationRun::slope(double volts, double timeConstant) {
    const double level = m_bench.restLevel();
    for (const double window : procedure::stepWindows) {
        m_pending = m_bench.step(volts, procedure::riseTimeShare * timeConstant);
        const auto answer =
            analyse(transient(window * timeConstant, procedure::stepsPerWindow, m_bench.outputVector()));
        if (!answer) return forward(answer);
        const auto measured =
            slopeBetween(answer->vectors[0].numbers, answer->vectors[1].numbers,
                         level + procedure::slopeFrom * volts, level + procedure::slopeTo * volts);
        if (measured) return measured;
    }
    return std::optional<double>();
}

std::optional<double> EvaluationRun::earlySlope(const std::vector<double>& times,
                                                const std::vector<double>& output, double volts,
                                                double timeConstant) const {
    // Its time steps are those of the first window of slope(), so that within it both see the same points.
    static_assert(procedure::stepWindows.front() / procedure::stepsPerWindow == procedure::settlingStep);
    const auto end = static_cast<std::size_t>(
        std::upper_bound(times.begin(), times.end(), procedure::stepWindows.front() * timeConstant) -
        times.begin());
    const double level = m_bench.restLevel();
    return slopeBetween(std::span(times).first(end), std::span(output).first(end),
                        level + procedure::slopeFrom * volts, level + procedure::slopeTo * volts);
}

std::vector<double> EvaluationRun::stepsTried(bool rising) const {
    std::vector<double> steps;
    for (const double share : procedure::stepShares)
        steps.push_back((rising ? 1 : -1) * share * m_bench.conditions().supplyVoltage);
    return steps;
}

bool EvaluationRun::isHighestStep(double volts) const {
    return std::abs(volts) >= procedure::stepShares.front() * m_bench.conditions().supplyVoltage;
}

void EvaluationRun::noteStep(const char* what, double volts) {
    if (!isHighestStep(volts))
        note(fmt::format("The {} is that of a {} step of {:.3g} V: the output follows no higher one.", what,
                         volts > 0 ? "rising" : "falling", std::abs(volts)));
}

Result<std::optional<double>> EvaluationRun::slewRate(bool rising, double timeConstant) {
    if (const auto& known = rising ? m_risingSlope : m_fallingSlope) return known;
    for (const double volts : stepsTried(rising)) {
        const auto measured = slope(volts, timeConstant);
        if (measured && *measured) noteStep("slew rate", volts);
        if (!measured || *measured) return measured;
    }
    return std::optional<double>();
}

Result<void> EvaluationRun::slewRates(double timeConstant) {
    const bool both = asksFor(Performance::SlewRate);
    std::optional<double> slowest = std::numeric_limits<double>::infinity();
    for (const bool rising : {true, false}) {
        const Performance performance = rising ? Performance::SlewRateRising : Performance::SlewRateFalling;
        if (!both && !asksFor(performance)) continue;
        const auto measured = slewRate(rising, timeConstant);
        if (!measured) return forward(measured);
        if (*measured) report(performance, **measured);
        slowest = slowest && *measured ? std::optional(std::min(*slowest, **measured)) : std::nullopt;
    }
    if (!slowest)
        note("There is no slew rate: the output does not follow a step.");
    else if (both)
        report(Performance::SlewRate, *slowest);
    return {};
}

Result<std::optional<double>> EvaluationRun::settlingTime(double volts, double timeConstant,
                                                          Measurement::Analysis measured,
                                                          std::optional<StepResponse>& curve) {
    for (const double window : procedure::settlingWindows) {
        m_pending = m_bench.step(volts, procedure::riseTimeShare * timeConstant);
        const auto answer = analyse(
            transient(window * timeConstant, window / procedure::settlingStep, m_bench.outputVector()),
            measured);
        if (!answer) return forward(answer);
        const std::vector<double>& times = answer->vectors[0].numbers;
        const std::vector<double>& output = answer->vectors[1].numbers;
        auto& early = volts > 0 ? m_risingSlope : m_fallingSlope;
        if (window == procedure::settlingWindows.front() && isHighestStep(volts))
            early = earlySlope(times, output, volts, timeConstant);
        curve = StepResponse{times, output, m_bench.restLevel(), m_bench.restLevel() + volts};
        const double band = procedure::settlingBand * std::abs(volts);
        if (!isSteady(times, output, procedure::settledShare, procedure::settledMovement * band)) continue;
        // An output that rests far from where the step leads does not follow it.
        const double off = std::abs(output.back() - m_bench.restLevel() - volts);
        if (off > procedure::settledTolerance * std::abs(volts)) break;
        const double settling = settlingTimeOf(times, output, output.back(), band);
        if (!leavesBandAgain(output, band)) return settling;
        return fineSettlingTime(volts, timeConstant, window, settling, measured, *curve);
    }
    return std::optional<double>();
}

Result<std::optional<double>> EvaluationRun::fineSettlingTime(double volts, double timeConstant,
                                                              double window, double settling,
                                                              Measurement::Analysis measured,
                                                              StepResponse& curve) {
    const double band = procedure::settlingBand * std::abs(volts);
    const double settled = curve.output.back();
    const double enough = procedure::fineWindow * settling / timeConstant + procedure::fineWindowReserve;
    const bool isCut = !m_settings.keepCurves && !measuresIn(measured) && enough < window;
    for (const double fineWindow : {isCut ? enough : window, window}) {
        m_pending = m_bench.step(volts, procedure::riseTimeShare * timeConstant);
        const auto fine = analyse(transient(fineWindow * timeConstant,
                                            fineWindow / procedure::fineSettlingStep, m_bench.outputVector()),
                                  measured);
        if (!fine) return forward(fine);
        curve.times = fine->vectors[0].numbers;
        curve.output = fine->vectors[1].numbers;
        const double end = curve.output.back();
        if (fineWindow == window) return settlingTimeOf(curve.times, curve.output, end, band);
        if (std::abs(end - settled) <= band) return settlingTimeOf(curve.times, curve.output, settled, band);
    }
    return std::optional<double>();
}

Result<void> EvaluationRun::settling(double timeConstant) {
    std::optional<double> longest = 0;
    for (const bool rising : {true, false}) {
        const auto analysis = rising ? Measurement::Analysis::Rising : Measurement::Analysis::Falling;
        std::optional<double> settled;
        for (const double volts : stepsTried(rising)) {
            const auto measured =
                settlingTime(volts, timeConstant, analysis, rising ? m_curves.rising : m_curves.falling);
            if (!measured) return forward(measured);
            settled = *measured;
            if (settled && asksFor(Performance::SettlingTime)) noteStep("settling time", volts);
            if (settled) break;
        }
        longest = longest && settled ? std::optional(std::max(*longest, *settled)) : std::nullopt;
    }
    if (longest)
        report(Performance::SettlingTime, *longest);
    else if (asksFor(Performance::SettlingTime))
        note("There is no settling time: the output does not settle after a step.");
    return {};
}

Result<void> EvaluationRun::steps(double transitFrequency) {
    const double timeConstant = 1 / (2 * std::numbers::pi * transitFrequency);
    const bool slews = asksFor(Performance::SlewRate) || asksFor(Performance::SlewRateRising) ||
                       asksFor(Performance::SlewRateFalling);
    if (!slews && !wantsSettling()) return {};
    if (Result<void> result = wantsSettling() ? settling(timeConstant) : Result<void>(); !result)
        return result;
    if (Result<void> result = slews ? slewRates(timeConstant) : Result<void>(); !result) return result;
    m_pending = m_bench.endStep();
    return {};
}

std::optional<EvaluationRun::Limit> EvaluationRun::limitWithin(const std::vector<Vector>& vectors,
                                                               const Sweep& sweep, RangeSweep& curve) const {
    const std::vector<double> positions = netVoltages(m_bench, vectors, sweep.observed);
    std::vector<double> worst(positions.size(), std::numeric_limits<double>::infinity());
    // By the number of the point and not by the position: an output that folds back passes one twice.
    std::vector<double> numbers(positions.size());
    std::iota(numbers.begin(), numbers.end(), 0.0);
    std::optional<double> first;
    // Of all that fall within the same step: the next one may in truth be the first.
    bool isExact = true;
    for (std::size_t mosfet = 0; mosfet < m_bench.mosfets().size(); ++mosfet) {
        const auto& device = m_bench.circuit().devices[static_cast<std::size_t>(m_bench.mosfets()[mosfet])];
        const Region region = m_evaluation.operatingPoint.devices.at(device.name).region;
        if (region == Region::Off || region == Region::Triode) continue;
        const std::vector<double> margins = saturationMargins(m_bench, vectors, mosfet);
        for (std::size_t point = 0; point < worst.size(); ++point)
            worst[point] = std::min(worst[point], margins[point]);
        const auto crossing = firstFallBelowZero(numbers, margins);
        if (!crossing || (first && std::floor(*crossing) > *first)) continue;
        if (first && *first > std::floor(*crossing) + 1) isExact = true;
        isExact = isExact && isExactFall(margins, *crossing, procedure::exactFall);
        first = std::min(*crossing, first.value_or(*crossing));
    }
    curve.positions.insert(curve.positions.end(), positions.begin(), positions.end());
    curve.margins.insert(curve.margins.end(), worst.begin(), worst.end());
    if (!first) return std::nullopt;
    return Limit{interpolated(positions, *first), static_cast<int>(*first), isExact};
}

Result<Answer> EvaluationRun::sweepPart(const Sweep& sweep, double from, double to, double step) {
    Analysis analysis;
    analysis.kind = Analysis::Kind::DcSweep;
    analysis.source = sweep.source;
    analysis.from = from;
    analysis.to = to + procedure::sweepSlack * step;
    analysis.step = step;
    analysis.mayBreakOff = true;
    analysis.wanted = m_bench.sweepVectors();
    return analyse(std::move(analysis));
}

Result<std::optional<double>> EvaluationRun::closerLimit(const Sweep& sweep, double from, double step,
                                                         Limit limit) {
    // At least once: over long steps ngspice ends its iterations too early for the last digits.
    for (int level = 0; level == 0 || (level < procedure::closerSweeps && !limit.isExact); ++level) {
        from += limit.pointBefore * step;
        const double to = from + step;
        step /= procedure::closerSweepSteps;
        const auto answer = sweepPart(sweep, from, to, step);
        if (!answer) return forward(answer);
        RangeSweep aside;
        const auto closer = limitWithin(answer->vectors, sweep, aside);
        if (!closer) break;
        limit = *closer;
    }
    return std::optional(limit.position);
}

Result<std::optional<double>> EvaluationRun::sweepLimit(const Sweep& sweep,
                                                        std::optional<RangeSweep>& curve) {
    const double step = (sweep.to - sweep.from) / sweep.steps;
    RangeSweep made;
    for (int first = 0; first < sweep.steps; first += stepsPerSweep) {
        const int last = std::min(sweep.steps, first + stepsPerSweep);
        const auto answer = sweepPart(sweep, sweep.from + first * step, sweep.from + last * step, step);
        if (!answer) return forward(answer);
        const auto limit = limitWithin(answer->vectors, sweep, made);
        curve = made;
        if (limit) return closerLimit(sweep, sweep.from + first * step, step, *limit);
        const auto points = static_cast<int>(answer->vectors.front().size());
        if (points <= last - first) {
            // The sweep broke off.
            if (m_effort == Effort::Gentle) return std::optional<double>();
            return fail(ErrorCode::Convergence, "ngspice found no solution within a DC sweep.");
        }
        if (last == sweep.steps) return std::optional<double>(made.positions.back());
    }
    return std::optional<double>();
}

Result<void> EvaluationRun::sweeps() {
    const std::array curves = {&m_curves.commonModeDown, &m_curves.commonModeUp, &m_curves.outputDown,
                               &m_curves.outputUp};
    const auto sweeps = m_bench.sweeps();
    for (std::size_t index = 0; index < sweeps.size(); ++index) {
        if (!asksFor(sweeps[index].performance)) continue;
        const auto limit = sweepLimit(sweeps[index], *curves[index]);
        if (!limit) return forward(limit);
        if (*limit)
            report(sweeps[index].performance, **limit);
        else
            note(fmt::format("There is no {}: ngspice found no solution on the way to it.",
                             info(sweeps[index].performance).name));
    }
    return {};
}

} // namespace headroom::simulation
