#include "core/simulation/evaluation_run.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/simulation/measurement.h"
#include "core/simulation/ngspice_complaint.h"
#include "core/simulation/operating_point.h"

namespace headroom::simulation {
namespace {

constexpr std::array smallSignalPerformances = {
    Performance::GainDb,         Performance::TransitFrequency, Performance::PhaseMargin, Performance::CmrrDb,
    Performance::PsrrPositiveDb, Performance::PsrrNegativeDb,   Performance::GainMargin,
};
constexpr std::array noisePerformances = {Performance::NoiseInput, Performance::NoiseDensity};
constexpr std::array slewPerformances = {Performance::SlewRate, Performance::SlewRateRising,
                                         Performance::SlewRateFalling};
constexpr std::array sweptPerformances = {Performance::IcmrMin, Performance::IcmrMax, Performance::VoutMin,
                                          Performance::VoutMax};

std::complex<double> complexAt(const Vector& vector, std::size_t point) {
    return vector.width == 2 ? std::complex<double>(vector.numbers[2 * point], vector.numbers[2 * point + 1])
                             : std::complex<double>(vector.numbers[point], 0);
}

std::vector<double> realParts(const Vector& vector) {
    std::vector<double> parts;
    for (std::size_t point = 0; point < vector.size(); ++point)
        parts.push_back(complexAt(vector, point).real());
    return parts;
}

} // namespace

EvaluationRun::EvaluationRun(const Bench& bench, const EvaluationSettings& settings, const SlotValues& values,
                             Effort effort, Engine& engine, Engine::Clock::time_point deadline,
                             const JobContext& context, std::vector<Alteration> alterations)
    : m_bench(bench)
    , m_settings(settings)
    , m_values(values)
    , m_effort(effort)
    , m_engine(engine)
    , m_deadline(deadline)
    , m_context(context)
    , m_pending(std::move(alterations)) {
    m_evaluation.notes = bench.notes();
    if (effort == Effort::Gentle) note("ngspice found a solution only with relaxed tolerances.");
}

bool EvaluationRun::asksFor(Performance performance) const {
    return std::find(m_settings.performances.begin(), m_settings.performances.end(), performance) !=
           m_settings.performances.end();
}

bool EvaluationRun::asksForAny(std::span<const Performance> performances) const {
    return std::any_of(performances.begin(), performances.end(),
                       [this](Performance p) { return asksFor(p); });
}

bool EvaluationRun::measuresIn(Measurement::Analysis analysis) const {
    return std::any_of(m_bench.measurements().begin(), m_bench.measurements().end(),
                       [&](const BenchMeasurement& each) { return each.measurement.analysis == analysis; });
}

bool EvaluationRun::wantsNoise() const {
    return asksForAny(noisePerformances) || measuresIn(Measurement::Analysis::Noise);
}

bool EvaluationRun::wantsSettling() const {
    return asksFor(Performance::SettlingTime) || measuresIn(Measurement::Analysis::Rising) ||
           measuresIn(Measurement::Analysis::Falling);
}

bool EvaluationRun::wantsSmallSignal() const {
    return asksForAny(smallSignalPerformances) || asksForAny(slewPerformances) || wantsNoise() ||
           wantsSettling() || measuresIn(Measurement::Analysis::OpenLoop);
}

void EvaluationRun::report(Performance performance, double value) {
    if (!asksFor(performance)) return;
    if (std::isfinite(value))
        m_evaluation.performances[performance] = value;
    else
        note(fmt::format("There is no {}: it is beyond all numbers.", info(performance).name));
}

Result<Answer> EvaluationRun::analyse(Analysis analysis) {
    Result<Answer> answer = m_engine.analyse(m_pending, analysis, m_deadline, m_context);
    m_pending.clear();
    if (answer) ++m_evaluation.simulations;
    return answer;
}

Result<Answer> EvaluationRun::analyse(Analysis analysis, Measurement::Analysis measured) {
    std::vector<const Measurement*> asked;
    for (const BenchMeasurement& each : m_bench.measurements()) {
        if (each.measurement.analysis != measured) continue;
        asked.push_back(&each.measurement);
        analysis.expressions.push_back(each.expression);
        analysis.alsoSaved.insert(analysis.alsoSaved.end(), each.vectors.begin(), each.vectors.end());
    }
    Result<Answer> answer = analyse(std::move(analysis));
    if (!answer) return answer;
    for (std::size_t index = 0; index < asked.size(); ++index) {
        const auto& figure = answer->figures.at(index);
        if (figure && std::isfinite(*figure))
            m_evaluation.measurements[asked[index]->name] = *figure;
        else
            m_failedMeasurements[asked[index]->name] =
                figure ? "its value is no finite number"
                       : ngspice::readableComplaint(m_bench.withSourceNames(answer->complaints.at(index)));
    }
    return answer;
}

std::optional<Error> EvaluationRun::biasProblem() const {
    const OperatingPoint& point = m_evaluation.operatingPoint;
    const double supply = m_bench.conditions().supplyVoltage;
    const double output = m_bench.outputOf(point);
    const double common = m_bench.commonOutputOf(point);
    const std::string unsaturated = describeUnsaturated(m_bench, point);
    const std::string ending = unsaturated.empty() ? "." : "; " + unsaturated + ".";
    const bool isAtRail = m_bench.isDifferential() && (common < procedure::railTolerance * supply ||
                                                       common > (1 - procedure::railTolerance) * supply);
    if (isAtRail)
        return Error{ErrorCode::Infeasible,
                     fmt::format("The amplifier does not bias up: its outputs rest at a rail ({:.3f} V){}",
                                 common, ending)};
    if (std::abs(output - m_bench.restLevel()) > procedure::outputTolerance * supply)
        return Error{
            ErrorCode::Infeasible,
            fmt::format("The amplifier does not bias up: its output rests at {:.3f} V instead of {:.3f} V{}",
                        output, m_bench.restLevel(), ending)};
    if (!m_settings.requiredSaturationMargin) return std::nullopt;
    for (const netlist::DeviceId id : m_bench.mosfets()) {
        const std::string& device = m_bench.circuit().devices[static_cast<std::size_t>(id)].name;
        if (m_bench.canSaturate(id) && point.devices.at(device).region == Region::Off)
            return Error{ErrorCode::Infeasible, fmt::format("Device {} is off.", device)};
    }
    if (point.worstSaturationMargin >= *m_settings.requiredSaturationMargin) return std::nullopt;
    return Error{ErrorCode::Infeasible, fmt::format("Device {} has a saturation margin of {:.0f} mV only.",
                                                    point.worstDevice, 1e3 * point.worstSaturationMargin)};
}

Result<void> EvaluationRun::operatingPoint() {
    Analysis analysis;
    analysis.wanted = m_bench.operatingPointVectors();
    const auto answer = analyse(std::move(analysis), Measurement::Analysis::OperatingPoint);
    if (!answer) return forward(answer);
    OperatingPoint& point = m_evaluation.operatingPoint;
    point = readOperatingPoint(m_bench, answer->vectors);
    if (auto problem = biasProblem()) return tl::unexpected<Error>(std::move(*problem));
    report(Performance::Power, m_bench.conditions().supplyVoltage * point.supplyCurrent);
    const auto& nets = m_bench.circuit().nets;
    report(Performance::Offset,
           point.nets.at(nets[static_cast<std::size_t>(m_bench.ports().inputPlus)]) -
               point.nets.at(nets[static_cast<std::size_t>(m_bench.ports().inputMinus)]));
    report(Performance::Area, m_bench.gateArea(m_values));
    if (const std::string unsaturated = describeUnsaturated(m_bench, point); !unsaturated.empty())
        note(unsaturated + '.');
    return {};
}

Result<void> EvaluationRun::rejections(std::complex<double> gain) {
    for (const auto& [performance, excitation] :
         {std::pair(Performance::CmrrDb, Excitation::CommonMode),
          std::pair(Performance::PsrrPositiveDb, Excitation::PositiveSupply),
          std::pair(Performance::PsrrNegativeDb, Excitation::NegativeSupply)}) {
        if (!asksFor(performance)) continue;
        m_pending = m_bench.excite(excitation);
        Analysis analysis;
        analysis.kind = Analysis::Kind::Ac;
        analysis.from = procedure::lowestFrequency;
        analysis.wanted = {m_bench.commonOutputVector()};
        const auto answer = analyse(std::move(analysis));
        if (!answer) return forward(answer);
        report(performance, decibels(gain / complexAt(answer->vectors.front(), 0)));
    }
    return {};
}

double EvaluationRun::lastCrossing(const FrequencyResponse& response) const {
    double last = 0;
    if (const auto unity = findUnityCrossing(response)) last = unity->frequency;
    if (asksFor(Performance::GainMargin))
        if (const auto phase = findPhaseCrossing(response)) last = std::max(last, phase->frequency);
    return last;
}

Result<FrequencyResponse> EvaluationRun::wholeOpenLoop() {
    const auto swept = [](int pointsPerDecade) {
        Analysis analysis;
        analysis.kind = Analysis::Kind::Ac;
        analysis.from = procedure::lowestFrequency;
        analysis.to = procedure::highestFrequency;
        analysis.pointsPerDecade = pointsPerDecade;
        return analysis;
    };
    const Result<FrequencyResponse> response = outputResponse(
        swept(m_settings.keepCurves ? procedure::finePointsPerDecade : procedure::pointsPerDecade));
    if (!response) return response;
    if (measuresIn(Measurement::Analysis::OpenLoop)) {
        // ngspice's own searches interpolate linearly.
        const auto measured =
            analyse(swept(procedure::measuredPointsPerDecade), Measurement::Analysis::OpenLoop);
        if (!measured) return forward(measured);
    }
    return isTooCoarse(*response, lastCrossing(*response))
               ? outputResponse(swept(procedure::finePointsPerDecade))
               : response;
}

Result<void> EvaluationRun::smallSignal() {
    const auto excited = m_bench.excite(Excitation::Differential);
    m_pending.insert(m_pending.end(), excited.begin(), excited.end());
    const Result<FrequencyResponse> response = wholeOpenLoop();
    if (!response) return forward(response);
    m_curves.gain = *response;
    const std::complex<double> gain = response->gain.front();
    if (gain.real() < 0)
        return fail(ErrorCode::Infeasible,
                    "The gain from the input to the output has the wrong sign at this bias.");
    report(Performance::GainDb, decibels(gain));
    if (asksFor(Performance::GainMargin))
        if (Result<void> found = gainMargin(*response); !found) return found;
    auto crossing = findUnityCrossing(*response);
    if (crossing) {
        const Result<bool> refined = refineOnCircuit(*crossing);
        if (!refined) return forward(refined);
        if (!*refined) crossing.reset();
    }
    if (!crossing && (asksFor(Performance::TransitFrequency) || asksFor(Performance::PhaseMargin) ||
                      asksForAny(slewPerformances) || wantsNoise() || wantsSettling()))
        note("There is no transit frequency, phase margin, noise or step response: the gain does not fall "
             "through 0 dB.");
    bool holds = true;
    if (crossing) {
        const Result<bool> held = marginHolds(*crossing);
        if (!held) return forward(held);
        holds = *held;
        report(Performance::TransitFrequency, crossing->frequency);
        if (holds) report(Performance::PhaseMargin, crossing->phaseMargin);
        if (Result<void> heard = wantsNoise() ? noise(crossing->frequency) : Result<void>(); !heard)
            return heard;
    }
    if (Result<void> rejected = rejections(gain); !rejected) return rejected;
    return crossing && holds ? steps(crossing->frequency) : Result<void>();
}

Result<bool> EvaluationRun::marginHolds(const UnityCrossing& crossing) {
    if (!asksFor(Performance::PhaseMargin) && !asksForAny(slewPerformances) && !wantsSettling()) return true;
    if (crossing.phaseMargin <= 0) return true;
    const Result<int> poles = closedLoopPolesOnTheRight();
    if (!poles) return forward(poles);
    if (*poles <= 0) return true;
    note(fmt::format(
        "The amplifier oscillates in unity-gain feedback ({} in the right half-plane), so there is "
        "no phase margin and no step response; the phase at the transit frequency alone would "
        "leave {:.0f} degrees.",
        *poles == 1 ? "a pole" : fmt::format("{} poles", *poles), crossing.phaseMargin));
    return false;
}

Result<int> EvaluationRun::closedLoopPolesOnTheRight() {
    const auto excited = m_bench.excite(Excitation::Output);
    m_pending.insert(m_pending.end(), excited.begin(), excited.end());
    Analysis whole;
    whole.from = procedure::lowestFrequency;
    whole.to = procedure::highestFrequency;
    whole.pointsPerDecade = procedure::stabilityPointsPerDecade;
    Result<FrequencyResponse> impedance = outputResponse(std::move(whole));
    for (int look = 0; impedance && look < procedure::closerStabilityLooks; ++look) {
        const std::vector<std::size_t> coarse = coarseIntervals(*impedance);
        if (coarse.empty()) break;
        // From the highest on, so that the numbers of those below stay what they are.
        for (auto interval = coarse.rbegin(); interval != coarse.rend(); ++interval)
            if (Result<void> closer = lookCloser(*impedance, *interval); !closer) return forward(closer);
    }
    if (!impedance) return forward(impedance);
    const auto restored = m_bench.excite(Excitation::Differential);
    m_pending.insert(m_pending.end(), restored.begin(), restored.end());
    return rightHalfPlanePoles(*impedance);
}

Result<void> EvaluationRun::lookCloser(FrequencyResponse& impedance, std::size_t interval) {
    Analysis within;
    within.from = impedance.frequencies[interval];
    within.to = impedance.frequencies[interval + 1];
    within.points = procedure::closerStabilityPoints + 1;
    const Result<FrequencyResponse> found = outputResponse(std::move(within));
    if (!found) return forward(found);
    const auto place = static_cast<std::ptrdiff_t>(interval) + 1;
    impedance.frequencies.insert(impedance.frequencies.begin() + place, found->frequencies.begin() + 1,
                                 found->frequencies.end() - 1);
    impedance.gain.insert(impedance.gain.begin() + place, found->gain.begin() + 1, found->gain.end() - 1);
    return {};
}

Result<FrequencyResponse> EvaluationRun::outputResponse(Analysis analysis) {
    analysis.kind = Analysis::Kind::Ac;
    analysis.wanted = {"frequency", m_bench.outputVector()};
    const auto answer = analyse(std::move(analysis));
    if (!answer) return forward(answer);
    FrequencyResponse response;
    response.frequencies = realParts(answer->vectors[0]);
    for (std::size_t point = 0; point < answer->vectors[1].size(); ++point)
        response.gain.push_back(complexAt(answer->vectors[1], point));
    return response;
}

template <class Crossing>
Result<bool> EvaluationRun::refineOnCircuit(Crossing& crossing) {
    for (int window = 0; window < procedure::crossingWindows; ++window) {
        Analysis analysis;
        analysis.from = (1 - procedure::crossingWindow) * crossing.frequency;
        analysis.to = (1 + procedure::crossingWindow) * crossing.frequency;
        analysis.points = procedure::crossingPoints;
        const Result<FrequencyResponse> response = outputResponse(std::move(analysis));
        if (!response) return forward(response);
        if (refine(crossing, *response, procedure::longestCrossingStep)) return true;
    }
    return false;
}

Result<void> EvaluationRun::gainMargin(const FrequencyResponse& response) {
    auto crossing = findPhaseCrossing(response);
    if (!crossing) {
        note("There is no gain margin: the phase does not fall by 180 degrees.");
        return {};
    }
    const Result<bool> found = refineOnCircuit(*crossing);
    if (!found) return forward(found);
    if (*found)
        report(Performance::GainMargin, crossing->gainMargin);
    else
        note("There is no gain margin: where the phase has fallen by 180 degrees cannot be told.");
    return {};
}

Result<void> EvaluationRun::noise(double transitFrequency) {
    Analysis analysis;
    analysis.kind = Analysis::Kind::Noise;
    analysis.source = "v_ip";
    analysis.output = m_bench.outputVector();
    if (asksFor(Performance::NoiseDensity)) {
        Analysis spot = analysis;
        spot.from = spot.to = procedure::noiseShare * transitFrequency;
        spot.wanted = {"inoise_spectrum"};
        const auto answer = analyse(std::move(spot));
        if (!answer) return forward(answer);
        report(Performance::NoiseDensity, realParts(answer->vectors[0]).front());
    }
    if (!asksFor(Performance::NoiseInput) && !measuresIn(Measurement::Analysis::Noise) &&
        !m_settings.keepCurves)
        return {};
    if (!(transitFrequency > procedure::lowestNoiseFrequency)) return {};
    // The points end at f_t exactly: ngspice's own total jumps where f_t passes one of them.
    const double intervals = std::ceil(procedure::noisePointsPerDecade *
                                       std::log10(transitFrequency / procedure::lowestNoiseFrequency));
    analysis.from = transitFrequency * std::pow(10.0, -intervals / procedure::noisePointsPerDecade);
    analysis.to = transitFrequency * procedure::rounding;
    analysis.pointsPerDecade = procedure::noisePointsPerDecade;
    analysis.wanted = {"frequency", "inoise_spectrum"};
    const auto answer = analyse(std::move(analysis), Measurement::Analysis::Noise);
    if (!answer) return forward(answer);
    NoiseSpectrum spectrum{realParts(answer->vectors[0]), realParts(answer->vectors[1])};
    report(Performance::NoiseInput,
           integratedNoise(spectrum, procedure::lowestNoiseFrequency, transitFrequency));
    m_curves.noise = std::move(spectrum);
    return {};
}

Result<void> EvaluationRun::run() {
    if (Result<void> solved = operatingPoint(); !solved) return solved;
    const bool goesOn = wantsSmallSignal() || asksForAny(sweptPerformances);
    if (goesOn && m_effort == Effort::Normal) m_pending = m_bench.startFrom(m_evaluation.operatingPoint);
    if (Result<void> result = wantsSmallSignal() ? smallSignal() : Result<void>(); !result) return result;
    if (Result<void> result = sweeps(); !result) return result;
    for (const BenchMeasurement& each : m_bench.measurements()) {
        const std::string& name = each.measurement.name;
        if (m_evaluation.measurements.contains(name)) continue;
        const std::string& why = m_failedMeasurements[name];
        note(fmt::format("The measurement {} gives no number{}{}.", name, why.empty() ? "" : ": ", why));
    }
    if (m_settings.keepCurves) m_evaluation.curves = std::make_shared<const Curves>(std::move(m_curves));
    return {};
}

} // namespace headroom::simulation
