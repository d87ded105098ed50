#pragma once

#include <complex>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/simulation/bench.h"
#include "core/simulation/engine.h"
#include "core/simulation/measurement.h"

namespace headroom::simulation {

/// The analyses of one evaluation on a loaded bench, in order: operating point, small signal, noise, steps,
/// sweeps. Errors end an evaluation: Infeasible (the design), Convergence, Simulator, Cancelled (the engine).
class EvaluationRun {
public:
    /// All references must outlive the run. @p alterations bring the loaded circuit to @p values.
    EvaluationRun(const Bench& bench, const EvaluationSettings& settings, const SlotValues& values,
                  Effort effort, Engine& engine, Engine::Clock::time_point deadline,
                  const JobContext& context, std::vector<Alteration> alterations);

    Result<void> run();
    Evaluation& evaluation() { return m_evaluation; }
    /// What the next run on the same circuit must begin with, to find it as this one did.
    std::vector<Alteration> takeUnfinished() { return std::move(m_pending); }

private:
    Result<Answer> analyse(Analysis analysis);
    Result<Answer> analyse(Analysis analysis, Measurement::Analysis measured);
    Result<void> operatingPoint();
    Result<void> smallSignal();
    Result<void> rejections(std::complex<double> gain);
    /// The output over the frequencies of an analysis, as excited before: the open-loop gain, or an
    /// impedance.
    Result<FrequencyResponse> outputResponse(Analysis analysis);
    Result<FrequencyResponse> wholeOpenLoop();
    /// The highest crossing that is asked for, Hz; 0 where there is none.
    double lastCrossing(const FrequencyResponse& response) const;
    /// False where it is not found close to the estimate.
    template <class Crossing>
    Result<bool> refineOnCircuit(Crossing& crossing);
    Result<void> gainMargin(const FrequencyResponse& response);
    /// Whether what is seen of the open loop at its crossing can be believed: a positive phase margin where
    /// the amplifier rests in unity-gain feedback. An inner loop that oscillates by itself, or a second
    /// crossing, belies it.
    Result<bool> marginHolds(const UnityCrossing& crossing);
    Result<int> closedLoopPolesOnTheRight();
    /// Puts more points into one interval of the output's impedance.
    Result<void> lookCloser(FrequencyResponse& impedance, std::size_t interval);
    Result<void> noise(double transitFrequency);
    Result<void> steps(double transitFrequency);
    Result<void> slewRates(double timeConstant);
    Result<void> settling(double timeConstant);
    /// Volts of the steps in one direction, the highest first: each is for outputs that do not follow the one
    /// before it.
    std::vector<double> stepsTried(bool rising) const;
    bool isHighestStep(double volts) const;
    void noteStep(const char* what, double volts);
    Result<std::optional<double>> slewRate(bool rising, double timeConstant);
    /// The slope of the output's answer to one step; absent where it does not follow.
    Result<std::optional<double>> slope(double volts, double timeConstant);
    /// The slope from a response that was made for the settling time, where slope() would find it in its
    /// first window.
    std::optional<double> earlySlope(const std::vector<double>& times, const std::vector<double>& output,
                                     double volts, double timeConstant) const;
    /// The settling time after one step; absent where it does not settle.
    Result<std::optional<double>> settlingTime(double volts, double timeConstant,
                                               Measurement::Analysis measured,
                                               std::optional<StepResponse>& curve);
    /// The same of an output that rings out of its band again, in finer steps. @param settling as the coarse
    /// ones told it  @param curve theirs; becomes the fine one
    Result<std::optional<double>> fineSettlingTime(double volts, double timeConstant, double window,
                                                   double settling, Measurement::Analysis measured,
                                                   StepResponse& curve);
    Result<void> sweeps();
    /// Where the first MOSFET leaves saturation; the end of the sweep where none does; absent where ngspice
    /// found no solution before.
    Result<std::optional<double>> sweepLimit(const Sweep& sweep, std::optional<RangeSweep>& curve);
    struct Limit {
        double position = 0;  ///< V
        int pointBefore = 0;  ///< of the sweep's part
        bool isExact = false; ///< the points around it are close enough for their curve
    };
    std::optional<Limit> limitWithin(const std::vector<Vector>& vectors, const Sweep& sweep,
                                     RangeSweep& curve) const;
    /// Looks at ever shorter steps around a limit until it is exact.
    Result<std::optional<double>> closerLimit(const Sweep& sweep, double from, double step, Limit limit);
    Result<Answer> sweepPart(const Sweep& sweep, double from, double to, double step);
    std::optional<Error> biasProblem() const;
    void report(Performance performance, double value);
    void note(std::string text) { m_evaluation.notes.push_back(std::move(text)); }
    bool asksFor(Performance performance) const;
    bool asksForAny(std::span<const Performance> performances) const;
    bool measuresIn(Measurement::Analysis analysis) const;
    bool wantsSmallSignal() const;
    bool wantsNoise() const;
    bool wantsSettling() const;

    const Bench& m_bench;
    const EvaluationSettings& m_settings;
    const SlotValues& m_values;
    Effort m_effort;
    Engine& m_engine;
    Engine::Clock::time_point m_deadline;
    const JobContext& m_context;
    std::vector<Alteration> m_pending; ///< to be made with the next analysis
    Evaluation m_evaluation;
    std::map<std::string, std::string> m_failedMeasurements; ///< why, by name
    Curves m_curves;
    std::optional<double> m_risingSlope, m_fallingSlope; ///< V/s, where the settling's responses tell them
};

} // namespace headroom::simulation
