#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "core/simulation/evaluator.h"
#include "core/simulation/result_cache.h"
#include "core/simulation/simulator.h"

namespace headroom::simulation {
namespace {

constexpr auto waitForBatch = std::chrono::milliseconds(20);

/// What the threads of one batch share.
struct Batch {
    const std::vector<Sizing>& sizings;
    JobContext& context;
    const EvaluationPool::OnResult& onResult;
    std::vector<Evaluation> evaluations;
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> cancelled = false;
    std::size_t finished = 0;
    std::mutex mutex; ///< guards finished and the calls of onResult and context
};

} // namespace

class EvaluationPool::Impl {
public:
    Impl(std::shared_ptr<const AmplifierUnderTest> amplifier, EvaluationSettings settings,
         const PoolOptions& options, Bench bench, const std::filesystem::path& executable)
        : m_amplifier(std::move(amplifier))
        , m_settings(std::move(settings))
        , m_limits{options.recycleAfter, options.timeoutSeconds}
        , m_bench(std::move(bench))
        , m_cache(options.cacheFile, options.cacheLimit)
        , m_fingerprint(benchFingerprint(m_bench, m_settings)) {
        const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        const int count = options.workers > 0 ? options.workers : cores;
        for (int index = 0; index < count; ++index)
            m_evaluators.push_back(std::make_unique<Evaluator>(m_bench, m_settings, executable));
    }

    Result<std::vector<Evaluation>> evaluate(const std::vector<Sizing>& sizings, JobContext& context,
                                             const OnResult& onResult) {
        std::unique_lock lock(m_batchMutex, std::defer_lock);
        while (!lock.try_lock_for(waitForBatch))
            if (context.cancelled()) return failCancelled();
        Batch batch{sizings, context, onResult, {}, {}, {}, {}, {}};
        batch.evaluations.resize(sizings.size());
        const std::size_t threads = std::min(m_evaluators.size(), sizings.size());
        std::vector<std::thread> others;
        try {
            for (std::size_t index = 1; index < threads; ++index)
                others.emplace_back([this, &batch, index] { work(*m_evaluators[index], batch); });
        } catch (const std::system_error&) {
            context.log("The system allows no more threads; fewer workers simulate than there are cores.");
        }
        if (threads > 0) work(*m_evaluators[0], batch);
        for (std::thread& thread : others)
            thread.join();
        if (batch.cancelled) return failCancelled();
        return std::move(batch.evaluations);
    }

    const EvaluationSettings& settings() const { return m_settings; }
    const BenchConditions& conditions() const { return m_bench.conditions(); }
    int workerCount() const { return static_cast<int>(m_evaluators.size()); }
    PoolStatistics statistics() const {
        const std::lock_guard lock(m_statisticsMutex);
        return m_statistics;
    }

private:
    void work(Evaluator& evaluator, Batch& batch) {
        for (;;) {
            const std::size_t index = batch.next.fetch_add(1);
            if (index >= batch.sizings.size() || batch.cancelled) return;
            Result<Evaluation> evaluation = batch.context.cancelled()
                                                ? Result<Evaluation>(failCancelled())
                                                : evaluateSizing(evaluator, batch, index);
            if (!evaluation) {
                batch.cancelled = true;
                return;
            }
            const std::lock_guard lock(batch.mutex);
            if (std::string problem = m_cache.takeProblem(); !problem.empty()) {
                batch.context.log(problem);
                evaluation->notes.push_back(std::move(problem));
            }
            batch.evaluations[index] = std::move(*evaluation);
            ++batch.finished;
            batch.context.progress(static_cast<double>(batch.finished) /
                                       static_cast<double>(batch.sizings.size()),
                                   fmt::format("Simulated {} of {}", batch.finished, batch.sizings.size()));
            if (batch.onResult) batch.onResult(index, batch.evaluations[index]);
        }
    }

    Result<Evaluation> evaluateSizing(Evaluator& evaluator, Batch& batch, std::size_t index) {
        const Result<SlotValues> values = m_bench.resolve(batch.sizings[index]);
        if (!values) {
            Evaluation refused;
            refused.error = values.error();
            count({1, 0, 0, 0});
            return refused;
        }
        const std::string key = cacheKey(m_fingerprint, *values);
        if (auto known = m_cache.find(m_bench, key)) {
            count({1, 1, 0, 0});
            return std::move(*known);
        }
        PoolStatistics counts{1, 0, 0, 0};
        Result<Evaluation> evaluation = evaluator.evaluate(*values, m_limits, counts, batch.context);
        count(counts);
        if (evaluation) m_cache.store(m_bench, key, *evaluation);
        return evaluation;
    }

    void count(const PoolStatistics& more) {
        const std::lock_guard lock(m_statisticsMutex);
        m_statistics.evaluations += more.evaluations;
        m_statistics.cacheHits += more.cacheHits;
        m_statistics.retries += more.retries;
        m_statistics.workerDeaths += more.workerDeaths;
    }

    std::shared_ptr<const AmplifierUnderTest> m_amplifier;
    EvaluationSettings m_settings;
    Evaluator::Limits m_limits;
    Bench m_bench;
    ResultCache m_cache;
    std::string m_fingerprint;
    std::vector<std::unique_ptr<Evaluator>> m_evaluators;
    std::timed_mutex m_batchMutex;
    mutable std::mutex m_statisticsMutex;
    PoolStatistics m_statistics;
};

EvaluationPool::EvaluationPool(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

EvaluationPool::~EvaluationPool() = default;

Result<std::unique_ptr<EvaluationPool>>
EvaluationPool::create(std::shared_ptr<const AmplifierUnderTest> amplifier, EvaluationSettings settings,
                       PoolOptions options) {
    Result<Bench> bench = Bench::create(*amplifier, settings);
    if (!bench) return forward(bench);
    const Result<std::filesystem::path> executable = findWorkerExecutable();
    if (!executable) return forward(executable);
    auto impl = std::make_unique<Impl>(std::move(amplifier), std::move(settings), options, std::move(*bench),
                                       *executable);
    return std::unique_ptr<EvaluationPool>(new EvaluationPool(std::move(impl)));
}

Result<std::vector<Evaluation>> EvaluationPool::evaluate(const std::vector<Sizing>& sizings,
                                                         JobContext& context, const OnResult& onResult,
                                                         BatchOptions) {
    return m_impl->evaluate(sizings, context, onResult);
}

Result<std::vector<Evaluation>> EvaluationPool::evaluate(const std::vector<EvaluationRequest>& requests,
                                                         JobContext& context, const OnResult& onResult,
                                                         BatchOptions) {
    std::vector<Sizing> sizings;
    for (const EvaluationRequest& request : requests)
        sizings.push_back(request.sizing);
    return m_impl->evaluate(sizings, context, onResult);
}

Result<Evaluation> EvaluationPool::evaluateOne(const Sizing& sizing, JobContext& context, BatchOptions) {
    Result<std::vector<Evaluation>> evaluations = m_impl->evaluate({sizing}, context, {});
    if (!evaluations) return forward(evaluations);
    return std::move(evaluations->front());
}

const EvaluationSettings& EvaluationPool::settings() const {
    return m_impl->settings();
}
const BenchConditions& EvaluationPool::conditions() const {
    return m_impl->conditions();
}
PoolStatistics EvaluationPool::statistics() const {
    return m_impl->statistics();
}
int EvaluationPool::workerCount() const {
    return m_impl->workerCount();
}

} // namespace headroom::simulation
