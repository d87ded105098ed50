#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/simulation/bench.h"
#include "core/simulation/engine.h"

namespace headroom::simulation {

/// One engine and whatever bench is loaded into it: runs evaluations one after the other. Used by one thread
/// at a time.
class Evaluator {
public:
    using EngineFactory = std::function<Result<std::unique_ptr<Engine>>()>;
    explicit Evaluator(EngineFactory startEngine);

    struct Limits {
        int recycleAfter;
        std::int64_t memoryLimit; ///< bytes
        double timeoutSeconds;
    };

    /// Runs all that the settings ask for. Evaluation::error carries what went wrong with this sizing;
    /// the Result's own error is only ever Cancelled. A process that died or found no solution is replaced
    /// and asked once more, gently; @p statistics counts that. The bench must live as long as this object.
    Result<Evaluation> evaluate(const Bench& bench, const EvaluationSettings& settings,
                                const SlotValues& values, const Limits& limits, PoolStatistics& statistics,
                                const JobContext& context);

    /// Ends the engine; the next evaluation starts another one.
    void stop();
    /// Whether this bench's deck is in the engine.
    bool holds(const Bench& bench) const { return m_loaded && m_loadedBench == &bench; }

private:
    Result<Evaluation> attempt(const Bench& bench, const EvaluationSettings& settings,
                               const SlotValues& values, Effort effort, const Limits& limits,
                               const JobContext& context);
    Result<void> ensureEngine(const Limits& limits);
    /// Brings the engine's circuit to these values; what is left to alter goes to @p alterations.
    Result<void> bringTo(const Bench& bench, const SlotValues& values, Effort effort,
                         Engine::Clock::time_point deadline, const JobContext& context,
                         std::vector<Alteration>& alterations);

    EngineFactory m_startEngine;
    std::unique_ptr<Engine> m_engine;
    std::optional<SlotValues> m_loaded;   ///< what the engine's circuit is at; absent: nothing loaded
    std::vector<Alteration> m_unfinished; ///< that the last run left to be made
    const Bench* m_loadedBench = nullptr;
    Effort m_effort = Effort::Normal;
    int m_evaluationsOfEngine = 0;
};

} // namespace headroom::simulation
