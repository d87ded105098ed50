#include "core/simulation/evaluator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/simulation/measurement.h"
#include "core/simulation/operating_point.h"

namespace headroom::simulation {
namespace {

/// Of the supply voltage: how far from its level the output may rest before the bias counts as failed.
constexpr double outputTolerance = 0.1;
/// Steps per supply voltage in the DC sweeps; limits are interpolated between them.
constexpr double sweepStepsPerSupply = 50;
/// Of the supply voltage: how far beyond the rails the common-mode input is swept.
constexpr double inputOverreach = 0.3;
constexpr const char* frequencySweep = "ac dec 8 0.1 10g\n";
/// Time windows of the step response that are tried one after the other, in units of 1 / (2 pi f_t).
constexpr std::array stepWindows = {20.0, 160.0, 1280.0};

std::string joined(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, " "));
}

} // namespace

Evaluator::Evaluator(const Bench& bench, const EvaluationSettings& settings, std::filesystem::path executable)
    : m_bench(bench)
    , m_settings(settings)
    , m_executable(std::move(executable)) {}

void Evaluator::stop() {
    m_worker.reset();
}

std::optional<pid_t> Evaluator::processId() const {
    if (!m_worker || !m_worker->alive()) return std::nullopt;
    return m_worker->processId();
}

bool Evaluator::asksFor(Performance performance) const {
    return std::find(m_settings.performances.begin(), m_settings.performances.end(), performance) !=
           m_settings.performances.end();
}

Result<void> Evaluator::ensureWorker(Effort effort) {
    if (m_worker && m_worker->alive() && m_effort == effort) return {};
    Result<WorkerProcess> started = WorkerProcess::start(m_executable);
    if (!started) return forward(started);
    m_worker = std::move(*started);
    m_decks = {};
    m_effort = effort;
    m_evaluationsOfWorker = 0;
    return {};
}

Result<std::vector<Vector>> Evaluator::runOn(Deck kind, const SlotValues& values, const std::string& script,
                                             const JobContext& context) {
    LoadedDeck& deck = m_decks[static_cast<std::size_t>(kind)];
    std::string setUp;
    if (deck.order < 0) {
        const Result<void> loaded = m_worker->load(m_bench.deck(kind, values, m_effort), m_deadline, context);
        if (!loaded) return forward(loaded);
        deck.order = static_cast<int>(std::count_if(
            m_decks.begin(), m_decks.end(), [](const LoadedDeck& other) { return other.order >= 0; }));
        setUp = "save " + joined(m_bench.savedVectors(kind)) + '\n';
    } else {
        // ngspice counts circuits from the newest one, which is number 1.
        const auto loaded = std::count_if(m_decks.begin(), m_decks.end(),
                                          [](const LoadedDeck& other) { return other.order >= 0; });
        setUp =
            fmt::format("setcirc {}\n", loaded - deck.order) + m_bench.alterations(kind, deck.values, values);
    }
    deck.values = values;
    return m_worker->run("destroy all\n" + setUp + script, m_deadline, context);
}

std::optional<Error> Evaluator::biasProblem(const OperatingPoint& point) const {
    const double target = m_bench.conditions().outputVoltage;
    const std::string& name = m_bench.circuit().nets[static_cast<std::size_t>(m_bench.ports().output)];
    const double output = point.nets.at(name);
    if (std::abs(output - target) > outputTolerance * m_bench.conditions().supplyVoltage) {
        const std::string unsaturated = describeUnsaturated(point);
        return Error{
            ErrorCode::Infeasible,
            fmt::format(
                "The amplifier does not bias up: its output rests at {:.3f} V instead of {:.3f} V{}{}.",
                output, target, unsaturated.empty() ? "" : "; ", unsaturated)};
    }
    if (!m_settings.requiredSaturationMargin) return std::nullopt;
    for (const auto& [device, figures] : point.devices)
        if (figures.region == Region::Off)
            return Error{ErrorCode::Infeasible, fmt::format("Device {} is off.", device)};
    if (point.worstSaturationMargin >= *m_settings.requiredSaturationMargin) return std::nullopt;
    return Error{ErrorCode::Infeasible, fmt::format("Device {} has a saturation margin of {:.0f} mV only.",
                                                    point.worstDevice, 1e3 * point.worstSaturationMargin)};
}

Result<void> Evaluator::operatingPoint(const SlotValues& values, Evaluation& evaluation,
                                       const JobContext& context) {
    const auto names = m_bench.operatingPointVectors();
    const auto vectors = runOn(Deck::Static, values, "op\nget " + joined(names) + '\n', context);
    if (!vectors) return forward(vectors);
    ++evaluation.simulations;
    evaluation.operatingPoint = readOperatingPoint(m_bench, *vectors);
    if (const auto problem = biasProblem(evaluation.operatingPoint)) return tl::unexpected<Error>(*problem);
    if (asksFor(Performance::Power))
        evaluation.performances[Performance::Power] =
            m_bench.conditions().supplyVoltage * evaluation.operatingPoint.supplyCurrent;
    if (asksFor(Performance::Offset)) {
        const auto& nets = m_bench.circuit().nets;
        evaluation.performances[Performance::Offset] =
            evaluation.operatingPoint.nets.at(nets[static_cast<std::size_t>(m_bench.ports().inputPlus)]) -
            evaluation.operatingPoint.nets.at(nets[static_cast<std::size_t>(m_bench.ports().inputMinus)]);
    }
    if (asksFor(Performance::Area)) evaluation.performances[Performance::Area] = m_bench.gateArea(values);
    if (const std::string unsaturated = describeUnsaturated(evaluation.operatingPoint); !unsaturated.empty())
        evaluation.notes.push_back(unsaturated + '.');
    return {};
}

Result<void> Evaluator::smallSignal(const SlotValues& values, Evaluation& evaluation,
                                    const JobContext& context) {
    const auto names = m_bench.savedVectors(Deck::SmallSignal);
    const auto vectors =
        runOn(Deck::SmallSignal, values,
              std::string(frequencySweep) + "get frequency " + joined(names) + '\n', context);
    if (!vectors) return forward(vectors);
    ++evaluation.simulations;

    const auto complexAt = [&](std::size_t vector, std::size_t point) {
        const Vector& data = (*vectors)[vector];
        return data.width == 2 ? std::complex<double>(data.numbers[2 * point], data.numbers[2 * point + 1])
                               : std::complex<double>(data.numbers[point], 0);
    };
    FrequencyResponse response;
    for (std::size_t point = 0; point < vectors->front().size(); ++point) {
        response.frequencies.push_back(complexAt(0, point).real());
        response.gain.push_back(complexAt(1, point));
    }
    const std::complex<double> gain = response.gain.front();
    if (gain.real() < 0)
        return fail(ErrorCode::Infeasible,
                    "The gain from the input to the output has the wrong sign at this bias.");
    PerformanceMap& performances = evaluation.performances;
    if (asksFor(Performance::GainDb)) performances[Performance::GainDb] = decibels(gain);
    for (std::size_t copy = 1; copy < m_bench.excitations().size(); ++copy) {
        const double rejection = decibels(gain / complexAt(copy + 1, 0));
        const Excitation excitation = m_bench.excitations()[copy];
        performances[excitation == Excitation::CommonMode       ? Performance::CmrrDb
                     : excitation == Excitation::PositiveSupply ? Performance::PsrrPositiveDb
                                                                : Performance::PsrrNegativeDb] = rejection;
    }
    const auto crossing = findUnityCrossing(response);
    if (!crossing) {
        evaluation.notes.emplace_back(
            "There is no transit frequency, phase margin or slew rate: the gain does not fall through 0 dB.");
        return {};
    }
    if (asksFor(Performance::TransitFrequency))
        performances[Performance::TransitFrequency] = crossing->frequency;
    if (asksFor(Performance::PhaseMargin)) performances[Performance::PhaseMargin] = crossing->phaseMargin;
    if (asksFor(Performance::SlewRate)) return slewRate(values, crossing->frequency, evaluation, context);
    return {};
}

Result<void> Evaluator::slewRate(const SlotValues& values, double transitFrequency, Evaluation& evaluation,
                                 const JobContext& context) {
    const double timeConstant = 1 / (2 * std::numbers::pi * transitFrequency);
    const double target = m_bench.conditions().outputVoltage;
    const double half = 0.5 * stepShare * m_bench.conditions().supplyVoltage;
    const std::string rise = Bench::written(timeConstant / 20);
    for (const double window : stepWindows) {
        std::string script;
        for (const auto& [copy, sign] : {std::pair('r', 1), std::pair('f', -1)})
            script += fmt::format("alter @v_t_{}[pulse] = [ {} {} 0 {} {} 1 2 ]\n", copy,
                                  Bench::written(target - sign * half), Bench::written(target + sign * half),
                                  rise, rise);
        const double stop = window * timeConstant;
        script += fmt::format("tran {} {}\nget time {}\n", Bench::written(stop / 50), Bench::written(stop),
                              joined(m_bench.savedVectors(Deck::Step)));
        const auto vectors = runOn(Deck::Step, values, script, context);
        if (!vectors) return forward(vectors);
        ++evaluation.simulations;
        const auto& times = (*vectors)[0].numbers;
        const auto rising =
            slopeBetween(times, (*vectors)[1].numbers, target - 0.6 * half, target + 0.6 * half);
        const auto falling =
            slopeBetween(times, (*vectors)[2].numbers, target + 0.6 * half, target - 0.6 * half);
        if (rising && falling) {
            evaluation.performances[Performance::SlewRate] = std::min(*rising, *falling);
            return {};
        }
    }
    evaluation.notes.emplace_back("There is no slew rate: the output does not follow the step.");
    return {};
}

Result<std::optional<double>> Evaluator::sweepLimit(const SlotValues& values, const Sweep& sweep,
                                                    const OperatingPoint& nominal,
                                                    const JobContext& context) {
    const double step = m_bench.conditions().supplyVoltage / sweepStepsPerSupply;
    const double count = std::max(2.0, std::ceil(std::abs(sweep.to - sweep.from) / step));
    const std::string script = fmt::format(
        "try dc {} {} {} {}\nget {}\n", sweep.source, Bench::written(sweep.from), Bench::written(sweep.to),
        Bench::written((sweep.to - sweep.from) / count), joined(m_bench.operatingPointVectors()));
    const auto vectors = runOn(Deck::Static, values, script, context);
    if (!vectors) return forward(vectors);

    const std::vector<double> positions = netVoltages(m_bench, *vectors, sweep.observed);
    std::optional<double> limit;
    for (std::size_t mosfet = 0; mosfet < m_bench.mosfets().size(); ++mosfet) {
        const auto& device = m_bench.circuit().devices[static_cast<std::size_t>(m_bench.mosfets()[mosfet])];
        const DeviceOperatingPoint& figures = nominal.devices.at(device.name);
        if (figures.region == Region::Off || figures.region == Region::Triode) continue;
        const auto crossing = firstFallBelowZero(positions, saturationMargins(m_bench, *vectors, mosfet));
        if (!crossing) continue;
        const bool isNearer = !limit || (sweep.to > sweep.from ? *crossing < *limit : *crossing > *limit);
        if (isNearer) limit = crossing;
    }
    if (limit) return limit;
    // The last point may be missing by rounding; more missing points mean that the sweep broke off.
    if (static_cast<double>(positions.size()) >= count) return std::optional<double>(positions.back());
    if (m_effort == Effort::Normal)
        return fail(ErrorCode::Convergence, "ngspice found no solution within a DC sweep.");
    return std::optional<double>();
}

Result<void> Evaluator::sweeps(const SlotValues& values, Evaluation& evaluation, const JobContext& context) {
    const BenchConditions& conditions = m_bench.conditions();
    const double over = inputOverreach * conditions.supplyVoltage;
    const std::array<std::pair<Performance, Sweep>, 4> all = {{
        {Performance::IcmrMin, {"v_cm_s", m_bench.ports().inputPlus, conditions.commonModeVoltage, -over}},
        {Performance::IcmrMax,
         {"v_cm_s", m_bench.ports().inputPlus, conditions.commonModeVoltage,
          conditions.supplyVoltage + over}},
        {Performance::VoutMin, {"v_t_s", m_bench.ports().output, conditions.outputVoltage, 0}},
        {Performance::VoutMax,
         {"v_t_s", m_bench.ports().output, conditions.outputVoltage, conditions.supplyVoltage}},
    }};
    for (const auto& [performance, sweep] : all) {
        if (!asksFor(performance)) continue;
        const auto limit = sweepLimit(values, sweep, evaluation.operatingPoint, context);
        if (!limit) return forward(limit);
        ++evaluation.simulations;
        if (*limit)
            evaluation.performances[performance] = **limit;
        else
            evaluation.notes.push_back(fmt::format(
                "There is no {}: ngspice found no solution on the way to it.", info(performance).name));
    }
    return {};
}

Result<Evaluation> Evaluator::attempt(const SlotValues& values, Effort effort, const Limits& limits,
                                      const JobContext& context) {
    m_deadline = WorkerProcess::Clock::now() + std::chrono::duration_cast<WorkerProcess::Clock::duration>(
                                                   std::chrono::duration<double>(limits.timeoutSeconds));
    Evaluation evaluation;
    evaluation.notes = m_bench.notes();
    const bool wantsFrequency = asksFor(Performance::GainDb) || asksFor(Performance::TransitFrequency) ||
                                asksFor(Performance::PhaseMargin) || asksFor(Performance::SlewRate) ||
                                m_bench.excitations().size() > 1;
    Result<void> result = ensureWorker(effort);
    if (result) result = operatingPoint(values, evaluation, context);
    if (result && wantsFrequency) result = smallSignal(values, evaluation, context);
    if (result) result = sweeps(values, evaluation, context);
    if (!result && result.error().code != ErrorCode::Infeasible) return forward(result);
    if (!result) {
        evaluation.error = result.error();
        evaluation.performances.clear();
    }
    return evaluation;
}

Result<Evaluation> Evaluator::evaluate(const SlotValues& values, const Limits& limits,
                                       PoolStatistics& statistics, const JobContext& context) {
    const auto start = WorkerProcess::Clock::now();
    if (m_evaluationsOfWorker++ >= limits.recycleAfter) stop();
    Result<Evaluation> result = attempt(values, Effort::Normal, limits, context);
    if (!result && result.error().code != ErrorCode::Cancelled) {
        // A process that died may have done so for reasons of its own; one without a solution needs another
        // way.
        const bool died = !m_worker || !m_worker->alive();
        if (died) ++statistics.workerDeaths;
        ++statistics.retries;
        stop();
        result = attempt(values, died ? Effort::Normal : Effort::Gentle, limits, context);
        if (!result && (!m_worker || !m_worker->alive())) ++statistics.workerDeaths;
    }
    if (!result && result.error().code == ErrorCode::Cancelled) return result;
    if (!result) {
        Evaluation failed;
        failed.notes = m_bench.notes();
        failed.error = explain(result.error());
        result = std::move(failed);
        stop();
    }
    result->elapsedSeconds = std::chrono::duration<double>(WorkerProcess::Clock::now() - start).count();
    return result;
}

Error Evaluator::explain(Error error) const {
    error.detail = m_bench.withSourceNames(error.detail);
    const std::string_view singular = "check node";
    if (const std::size_t at = error.detail.find(singular); at != std::string::npos) {
        const std::size_t end = error.detail.find('\n', at);
        error.message = fmt::format("The circuit has no unique solution (singular matrix): {}.",
                                    error.detail.substr(at, end - at));
    }
    return error;
}

} // namespace headroom::simulation
