#pragma once

#include <complex>
#include <filesystem>
#include <optional>
#include <span>

#include "core/simulation/bench.h"
#include "core/simulation/worker_process.h"

namespace headroom::simulation {

/// One worker with the bench loaded into it: runs evaluations one after the other. Used by one thread at a
/// time.
class Evaluator {
public:
    /// @p bench and @p settings must outlive the evaluator.
    Evaluator(const Bench& bench, const EvaluationSettings& settings, std::filesystem::path executable);

    struct Limits {
        int recycleAfter;
        double timeoutSeconds;
    };

    /// Runs all that the settings ask for. Evaluation::error carries what went wrong with this sizing;
    /// the Result's own error is only ever Cancelled. A process that died or found no solution is replaced
    /// and asked once more, gently; @p statistics counts that.
    Result<Evaluation> evaluate(const SlotValues& values, const Limits& limits, PoolStatistics& statistics,
                                const JobContext& context);

    /// Ends the worker process; the next evaluation starts another one.
    void stop();
    std::optional<pid_t> processId() const;

private:
    Result<Evaluation> attempt(const SlotValues& values, Effort effort, const Limits& limits,
                               const JobContext& context);
    Result<void> ensureWorker(Effort effort);
    Result<std::vector<Vector>> run(const std::string& script, const JobContext& context);

    Result<void> operatingPoint(const SlotValues& values, Evaluation& evaluation, const JobContext& context);
    Result<void> smallSignal(Evaluation& evaluation, const JobContext& context);
    /// The small-signal gain from an excitation to the output at the lowest frequency.
    Result<std::complex<double>> lowFrequencyGain(Excitation excitation, Evaluation& evaluation,
                                                  const JobContext& context);
    Result<void> startFrom(const OperatingPoint& point, const JobContext& context);
    Result<void> sweeps(Evaluation& evaluation, const JobContext& context);
    /// Where the first MOSFET leaves saturation; the end of the sweep where none does; absent where ngspice
    /// found no solution before.
    Result<std::optional<double>> sweepLimit(const Sweep& sweep, Evaluation& evaluation,
                                             const JobContext& context);
    std::optional<double> limitWithin(const std::vector<Vector>& vectors, const Sweep& sweep,
                                      const OperatingPoint& nominal) const;
    Result<void> slewRate(double transitFrequency, Evaluation& evaluation, const JobContext& context);
    /// The slope of the output's answer to one step; absent where it does not follow.
    Result<std::optional<double>> slope(double volts, double timeConstant, Evaluation& evaluation,
                                        const JobContext& context);
    std::optional<Error> biasProblem(const OperatingPoint& point) const;
    Error explain(Error error) const;
    bool asksFor(Performance performance) const;
    bool asksForAny(std::span<const Performance> performances) const;

    const Bench& m_bench;
    const EvaluationSettings& m_settings;
    std::filesystem::path m_executable;
    std::optional<WorkerProcess> m_worker;
    std::optional<SlotValues> m_loaded; ///< what the worker's deck is at; absent: no deck
    Effort m_effort = Effort::Normal;
    int m_evaluationsOfWorker = 0;
    WorkerProcess::Clock::time_point m_deadline;
};

} // namespace headroom::simulation
