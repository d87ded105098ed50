#pragma once

#include <array>
#include <filesystem>
#include <optional>

#include "core/simulation/bench.h"
#include "core/simulation/worker_process.h"

namespace headroom::simulation {

/// One worker with the decks loaded into it: runs evaluations one after the other. Used by one thread at a
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
    struct LoadedDeck {
        int order = -1; ///< the how manieth deck of the worker; -1: not loaded
        SlotValues values;
    };

    /// One DC sweep of a bench source away from its nominal value.
    struct Sweep {
        const char* source;
        netlist::NetId observed; ///< whose voltage is the result
        double from, to;         ///< V
    };

    Result<Evaluation> attempt(const SlotValues& values, Effort effort, const Limits& limits,
                               const JobContext& context);
    Result<void> ensureWorker(Effort effort);
    /// Brings a deck to these values and makes it current; the script that does the rest of the work follows.
    Result<std::vector<Vector>> runOn(Deck kind, const SlotValues& values, const std::string& script,
                                      const JobContext& context);

    Result<void> operatingPoint(const SlotValues& values, Evaluation& evaluation, const JobContext& context);
    Result<void> smallSignal(const SlotValues& values, Evaluation& evaluation, const JobContext& context);
    Result<void> sweeps(const SlotValues& values, Evaluation& evaluation, const JobContext& context);
    Result<std::optional<double>> sweepLimit(const SlotValues& values, const Sweep& sweep,
                                             const OperatingPoint& nominal, const JobContext& context);
    Result<void> slewRate(const SlotValues& values, double transitFrequency, Evaluation& evaluation,
                          const JobContext& context);
    std::optional<Error> biasProblem(const OperatingPoint& point) const;
    Error explain(Error error) const;
    bool asksFor(Performance performance) const;

    const Bench& m_bench;
    const EvaluationSettings& m_settings;
    std::filesystem::path m_executable;
    std::optional<WorkerProcess> m_worker;
    std::array<LoadedDeck, deckCount> m_decks;
    Effort m_effort = Effort::Normal;
    int m_evaluationsOfWorker = 0;
    WorkerProcess::Clock::time_point m_deadline;
};

} // namespace headroom::simulation
