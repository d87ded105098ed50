#include "core/simulation/evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/simulation/measurement.h"
#include "core/simulation/operating_point.h"

namespace headroom::simulation {
namespace {

/// Steps after which a sweep is looked at: most limits lie within the first ones.
constexpr int stepsPerSweep = 16;
constexpr std::array smallSignalPerformances = {
    Performance::GainDb, Performance::TransitFrequency, Performance::PhaseMargin,    Performance::SlewRate,
    Performance::CmrrDb, Performance::PsrrPositiveDb,   Performance::PsrrNegativeDb,
};
constexpr std::array sweptPerformances = {Performance::IcmrMin, Performance::IcmrMax, Performance::VoutMin,
                                          Performance::VoutMax};
std::complex<double> complexAt(const Vector& vector, std::size_t point) {
    return vector.width == 2 ? std::complex<double>(vector.numbers[2 * point], vector.numbers[2 * point + 1])
                             : std::complex<double>(vector.numbers[point], 0);
}

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

bool Evaluator::asksForAny(std::span<const Performance> performances) const {
    return std::any_of(performances.begin(), performances.end(),
                       [this](Performance p) { return asksFor(p); });
}

Result<void> Evaluator::ensureWorker(Effort effort) {
    if (m_worker && m_worker->alive() && m_effort == effort) return {};
    Result<WorkerProcess> started = WorkerProcess::start(m_executable);
    if (!started) return forward(started);
    m_worker = std::move(*started);
    m_loaded.reset();
    m_effort = effort;
    m_evaluationsOfWorker = 0;
    return {};
}

Result<std::vector<Vector>> Evaluator::run(const std::string& script, const JobContext& context) {
    return m_worker->run("destroy all\ndelete all\n" + script, m_deadline, context);
}

std::optional<Error> Evaluator::biasProblem(const OperatingPoint& point) const {
    const double target = m_bench.conditions().outputVoltage;
    const std::string& name = m_bench.circuit().nets[static_cast<std::size_t>(m_bench.ports().output)];
    const double output = point.nets.at(name);
    if (std::abs(output - target) > procedure::outputTolerance * m_bench.conditions().supplyVoltage) {
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
    std::string script;
    if (m_loaded) {
        script = m_bench.alterations(*m_loaded, values);
        if (m_effort == Effort::Normal) script += m_bench.startAfresh();
    } else if (const auto loaded = m_worker->load(m_bench.deck(values, m_effort), m_deadline, context);
               !loaded) {
        return forward(loaded);
    }
    m_loaded = values;
    const std::vector<std::string> wanted = m_bench.operatingPointVectors();
    const auto vectors =
        run(script + Bench::saveCommands(wanted) + "op\nget " + joined(wanted) + '\n', context);
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

Result<std::complex<double>> Evaluator::lowFrequencyGain(Excitation excitation, Evaluation& evaluation,
                                                         const JobContext& context) {
    const std::string output = m_bench.netName(m_bench.ports().output);
    const auto vectors = run(fmt::format("{0}save {1}\nac lin 1 {2} {2}\nget {1}\n",
                                         m_bench.excite(excitation), output, procedure::lowestFrequency),
                             context);
    if (!vectors) return forward(vectors);
    ++evaluation.simulations;
    return complexAt(vectors->front(), 0);
}

Result<void> Evaluator::smallSignal(Evaluation& evaluation, const JobContext& context) {
    const std::string output = m_bench.netName(m_bench.ports().output);
    const auto vectors = run(fmt::format("{0}save {1}\nac dec 8 {2} {3}\nget frequency {1}\n",
                                         m_bench.excite(Excitation::Differential), output,
                                         procedure::lowestFrequency, procedure::highestFrequency),
                             context);
    if (!vectors) return forward(vectors);
    ++evaluation.simulations;
    FrequencyResponse response;
    for (std::size_t point = 0; point < vectors->front().size(); ++point) {
        response.frequencies.push_back(complexAt((*vectors)[0], point).real());
        response.gain.push_back(complexAt((*vectors)[1], point));
    }
    const std::complex<double> gain = response.gain.front();
    if (gain.real() < 0)
        return fail(ErrorCode::Infeasible,
                    "The gain from the input to the output has the wrong sign at this bias.");
    PerformanceMap& performances = evaluation.performances;
    if (asksFor(Performance::GainDb)) performances[Performance::GainDb] = decibels(gain);
    for (const auto& [performance, excitation] :
         {std::pair(Performance::CmrrDb, Excitation::CommonMode),
          std::pair(Performance::PsrrPositiveDb, Excitation::PositiveSupply),
          std::pair(Performance::PsrrNegativeDb, Excitation::NegativeSupply)}) {
        if (!asksFor(performance)) continue;
        const auto unwanted = lowFrequencyGain(excitation, evaluation, context);
        if (!unwanted) return forward(unwanted);
        performances[performance] = decibels(gain / *unwanted);
    }
    const auto crossing = findUnityCrossing(response);
    if (!crossing) {
        evaluation.notes.emplace_back(
            "There is no transit frequency, phase margin or slew rate: the gain does "
            "not fall through 0 dB.");
        return {};
    }
    if (asksFor(Performance::TransitFrequency))
        performances[Performance::TransitFrequency] = crossing->frequency;
    if (asksFor(Performance::PhaseMargin)) performances[Performance::PhaseMargin] = crossing->phaseMargin;
    if (asksFor(Performance::SlewRate)) return slewRate(crossing->frequency, evaluation, context);
    return {};
}

Result<std::optional<double>> Evaluator::slope(double volts, double timeConstant, Evaluation& evaluation,
                                               const JobContext& context) {
    const std::string output = m_bench.netName(m_bench.ports().output);
    const double level = m_bench.conditions().outputVoltage;
    for (const double window : procedure::stepWindows) {
        const double stop = window * timeConstant;
        const auto vectors =
            run(fmt::format("{0}save {1}\ntran {2} {3} 0 {2}\nget time {1}\n{4}",
                            m_bench.step(volts, Bench::written(procedure::riseTimeShare * timeConstant)),
                            output, Bench::written(stop / procedure::stepsPerWindow), Bench::written(stop),
                            m_bench.endStep()),
                context);
        if (!vectors) return forward(vectors);
        ++evaluation.simulations;
        const auto measured =
            slopeBetween((*vectors)[0].numbers, (*vectors)[1].numbers, level + procedure::slopeFrom * volts,
                         level + procedure::slopeTo * volts);
        if (measured) return measured;
    }
    return std::optional<double>();
}

Result<void> Evaluator::slewRate(double transitFrequency, Evaluation& evaluation, const JobContext& context) {
    const double timeConstant = 1 / (2 * std::numbers::pi * transitFrequency);
    const double volts = procedure::stepShare * m_bench.conditions().supplyVoltage;
    const auto rising = slope(volts, timeConstant, evaluation, context);
    if (!rising) return forward(rising);
    const auto falling = slope(-volts, timeConstant, evaluation, context);
    if (!falling) return forward(falling);
    if (*rising && *falling)
        evaluation.performances[Performance::SlewRate] = std::min(**rising, **falling);
    else
        evaluation.notes.emplace_back("There is no slew rate: the output does not follow a step.");
    return {};
}

std::optional<double> Evaluator::limitWithin(const std::vector<Vector>& vectors, const Sweep& sweep,
                                             const OperatingPoint& nominal) const {
    const std::vector<double> positions = netVoltages(m_bench, vectors, sweep.observed);
    std::optional<double> limit;
    for (std::size_t mosfet = 0; mosfet < m_bench.mosfets().size(); ++mosfet) {
        const auto& device = m_bench.circuit().devices[static_cast<std::size_t>(m_bench.mosfets()[mosfet])];
        const Region region = nominal.devices.at(device.name).region;
        if (region == Region::Off || region == Region::Triode) continue;
        const auto crossing = firstFallBelowZero(positions, saturationMargins(m_bench, vectors, mosfet));
        if (!crossing) continue;
        const bool isNearer = !limit || (sweep.to > sweep.from ? *crossing < *limit : *crossing > *limit);
        if (isNearer) limit = crossing;
    }
    return limit;
}

Result<std::optional<double>> Evaluator::sweepLimit(const Sweep& sweep, Evaluation& evaluation,
                                                    const JobContext& context) {
    const double step = (sweep.to - sweep.from) / sweep.steps;
    const std::vector<std::string> wanted = m_bench.operatingPointVectors();
    for (int first = 0; first < sweep.steps; first += stepsPerSweep) {
        const int last = std::min(sweep.steps, first + stepsPerSweep);
        const std::string script = fmt::format(
            "{4}try dc {0} {1} {2} {3}\nget {5}\n", sweep.source, Bench::written(sweep.from + first * step),
            Bench::written(sweep.from + (last + procedure::sweepSlack) * step), Bench::written(step),
            Bench::saveCommands(wanted), joined(wanted));
        const auto vectors = run(script, context);
        if (!vectors) return forward(vectors);
        ++evaluation.simulations;
        if (const auto limit = limitWithin(*vectors, sweep, evaluation.operatingPoint)) return limit;
        const auto points = static_cast<int>(vectors->front().size());
        if (points <= last - first) {
            // The sweep broke off.
            if (m_effort == Effort::Gentle) return std::optional<double>();
            return fail(ErrorCode::Convergence, "ngspice found no solution within a DC sweep.");
        }
        if (last == sweep.steps)
            return std::optional<double>(netVoltages(m_bench, *vectors, sweep.observed).back());
    }
    return std::optional<double>();
}

Result<void> Evaluator::startFrom(const OperatingPoint& point, const JobContext& context) {
    const auto altered = run(m_bench.startFrom(point), context);
    if (!altered) return forward(altered);
    return {};
}

Result<void> Evaluator::sweeps(Evaluation& evaluation, const JobContext& context) {
    for (const Sweep& sweep : m_bench.sweeps()) {
        if (!asksFor(sweep.performance)) continue;
        const auto limit = sweepLimit(sweep, evaluation, context);
        if (!limit) return forward(limit);
        if (*limit)
            evaluation.performances[sweep.performance] = **limit;
        else
            evaluation.notes.push_back(fmt::format(
                "There is no {}: ngspice found no solution on the way to it.", info(sweep.performance).name));
    }
    return {};
}

Result<Evaluation> Evaluator::attempt(const SlotValues& values, Effort effort, const Limits& limits,
                                      const JobContext& context) {
    m_deadline = WorkerProcess::Clock::now() + std::chrono::duration_cast<WorkerProcess::Clock::duration>(
                                                   std::chrono::duration<double>(limits.timeoutSeconds));
    Evaluation evaluation;
    evaluation.notes = m_bench.notes();
    if (effort == Effort::Gentle)
        evaluation.notes.emplace_back("ngspice found a solution only with relaxed tolerances.");
    Result<void> result = ensureWorker(effort);
    if (result) result = operatingPoint(values, evaluation, context);
    if (result && effort == Effort::Normal &&
        (asksForAny(smallSignalPerformances) || asksForAny(sweptPerformances)))
        result = startFrom(evaluation.operatingPoint, context);
    if (result && asksForAny(smallSignalPerformances)) result = smallSignal(evaluation, context);
    if (result) result = sweeps(evaluation, context);
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
