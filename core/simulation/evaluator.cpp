#include "core/simulation/evaluator.h"

#include <utility>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/simulation/evaluation_run.h"
#include "core/simulation/ngspice_complaint.h"

namespace headroom::simulation {
namespace {

/// Evaluations between two looks at an engine's memory.
constexpr int memoryInterval = 16;

Error explain(const Bench& bench, Error error) {
    error.detail = netlist::trimmed(bench.withSourceNames(error.detail));
    constexpr std::string_view singular = "check node";
    if (const std::size_t at = error.detail.find(singular); at != std::string::npos) {
        const std::size_t end = error.detail.find('\n', at);
        error.message = fmt::format("The circuit has no unique solution (singular matrix): {}.",
                                    error.detail.substr(at, end - at));
    } else if (error.code == ErrorCode::Convergence && error.message.ends_with('.')) {
        // What ngspice calls an error says more than that there is no solution.
        const std::string why = ngspice::firstError(error.detail);
        if (!why.empty())
            error.message = fmt::format("{}: {}.", error.message.substr(0, error.message.size() - 1), why);
    }
    return error;
}

} // namespace

Evaluator::Evaluator(EngineFactory startEngine)
    : m_startEngine(std::move(startEngine)) {}

void Evaluator::stop() {
    m_engine.reset();
    m_loaded.reset();
    m_loadedBench = nullptr;
    m_evaluationsOfEngine = 0;
}

Result<void> Evaluator::ensureEngine(const Limits& limits) {
    const bool isWorn = m_evaluationsOfEngine >= limits.recycleAfter ||
                        (m_engine && m_evaluationsOfEngine % memoryInterval == memoryInterval - 1 &&
                         m_engine->memory() > limits.memoryLimit);
    if (isWorn) stop();
    ++m_evaluationsOfEngine;
    if (m_engine && m_engine->alive()) return {};
    stop();
    m_evaluationsOfEngine = 1;
    Result<std::unique_ptr<Engine>> started = m_startEngine();
    if (!started) return forward(started);
    m_engine = std::move(*started);
    return {};
}

Result<void> Evaluator::bringTo(const Bench& bench, const SlotValues& values, Effort effort,
                                Engine::Clock::time_point deadline, const JobContext& context,
                                std::vector<Alteration>& alterations) {
    const bool isUsable = m_loaded && m_loadedBench == &bench && m_effort == effort &&
                          m_engine->prefersAlterations() && !bench.wantsNewDeck(*m_loaded, values);
    if (isUsable) {
        alterations = std::exchange(m_unfinished, {});
        const auto changes = bench.alterations(*m_loaded, values);
        alterations.insert(alterations.end(), changes.begin(), changes.end());
        if (effort == Effort::Normal) {
            const auto afresh = bench.startAfresh();
            alterations.insert(alterations.end(), afresh.begin(), afresh.end());
        }
        m_loaded = values;
        return {};
    }
    // After a design kit's library ngspice reads no second deck right: commands and parameters of the first
    // stay.
    const bool isSpoilt =
        m_engine->prefersAlterations() && m_loadedBench && m_loadedBench->technology().library;
    m_loaded.reset();
    m_loadedBench = nullptr;
    m_unfinished.clear();
    if (isSpoilt) {
        Result<std::unique_ptr<Engine>> started = m_startEngine();
        if (!started) return forward(started);
        m_engine = std::move(*started);
    }
    const auto loaded = m_engine->load(bench.deck(values, effort), deadline, context);
    if (!loaded) return forward(loaded);
    m_loaded = values;
    m_loadedBench = &bench;
    m_effort = effort;
    return {};
}

Result<Evaluation> Evaluator::attempt(const Bench& bench, const EvaluationSettings& settings,
                                      const SlotValues& values, Effort effort, const Limits& limits,
                                      const JobContext& context) {
    const auto deadline = Engine::Clock::now() + std::chrono::duration_cast<Engine::Clock::duration>(
                                                     std::chrono::duration<double>(limits.timeoutSeconds));
    if (Result<void> ready = ensureEngine(limits); !ready) return forward(ready);
    std::vector<Alteration> alterations;
    if (Result<void> brought = bringTo(bench, values, effort, deadline, context, alterations); !brought)
        return forward(brought);
    EvaluationRun run(bench, settings, values, effort, *m_engine, deadline, context, std::move(alterations));
    const Result<void> result = run.run();
    m_unfinished = run.takeUnfinished();
    if (!result && result.error().code != ErrorCode::Infeasible) return forward(result);
    if (!result) {
        run.evaluation().error = result.error();
        run.evaluation().performances.clear();
        run.evaluation().measurements.clear();
    }
    return std::move(run.evaluation());
}

Result<Evaluation> Evaluator::evaluate(const Bench& bench, const EvaluationSettings& settings,
                                       const SlotValues& values, const Limits& limits,
                                       PoolStatistics& statistics, const JobContext& context) {
    const auto start = Engine::Clock::now();
    const auto died = [this] { return !m_engine || !m_engine->alive(); };
    Result<Evaluation> result = attempt(bench, settings, values, Effort::Normal, limits, context);
    if (!result && result.error().code != ErrorCode::Cancelled) {
        // A process that died may have done so for reasons of its own; one without a solution needs another
        // way.
        const bool hasDied = died();
        if (hasDied) ++statistics.workerDeaths;
        ++statistics.retries;
        stop();
        result = attempt(bench, settings, values, hasDied ? Effort::Normal : Effort::Gentle, limits, context);
        if (!result && died()) ++statistics.workerDeaths;
    }
    if (!result && result.error().code == ErrorCode::Cancelled) return result;
    if (!result) {
        Evaluation failed;
        failed.notes = bench.notes();
        failed.error = explain(bench, result.error());
        result = std::move(failed);
        stop();
    }
    result->elapsedSeconds = std::chrono::duration<double>(Engine::Clock::now() - start).count();
    return result;
}

} // namespace headroom::simulation
