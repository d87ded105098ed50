#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/simulation/evaluator.h"
#include "core/simulation/ngspice_program.h"
#include "core/simulation/result_cache.h"
#include "core/simulation/simulator.h"
#include "core/simulation/worker_engine.h"
#include "core/simulation/worker_process.h"

namespace headroom::simulation {
namespace {

constexpr auto cancellationInterval = std::chrono::milliseconds(20);

/// A place's settings with one extent.
struct Asked {
    EvaluationSettings settings;
    std::string fingerprint; ///< of the cache's keys; empty without a cache
};

/// One corner, supply and temperature that a pool simulates under. The bench is the same whatever is asked.
struct Place {
    EvaluationSettings settings;
    std::optional<Bench> bench;
    std::optional<Error> error;         ///< why there is no bench
    std::map<std::string, Asked> asked; ///< by keyOf(extent)
};

struct Work {
    std::size_t index = 0;
    const Place* place = nullptr;
    const Asked* asked = nullptr; ///< null where there is no bench
};

/// One call of evaluate(), and where it stands. The pool's mutex guards all but the results.
struct Batch {
    Batch(const std::vector<EvaluationRequest>& theRequests, JobContext& theContext,
          const EvaluationPool::OnResult& theListener, BatchOptions theOptions)
        : requests(theRequests)
        , context(theContext)
        , onResult(theListener)
        , options(theOptions)
        , asked(theRequests.size(), nullptr)
        , evaluations(theRequests.size())
        , isFinished(theRequests.size(), false) {}

    const std::vector<EvaluationRequest>& requests;
    JobContext& context;
    const EvaluationPool::OnResult& onResult;
    BatchOptions options;
    std::vector<std::pair<const Place*, std::deque<std::size_t>>>
        waiting;                     ///< by place: loading a deck costs time
    std::vector<const Asked*> asked; ///< by request
    int running = 0;
    bool cancelled = false;

    std::mutex tellingMutex; ///< guards what follows, and the calls of onResult and context
    std::vector<Evaluation> evaluations;
    std::vector<bool> isFinished;
    std::size_t finished = 0;
    std::size_t told = 0;

    bool isWaiting() const { return !cancelled && !waiting.empty(); }
};

std::string keyOf(const Variation& variation) {
    const auto number = [](const std::optional<double>& value) {
        return value ? formatExact(*value) : std::string("-");
    };
    return fmt::format("{}|{}|{}", variation.corner.value_or("-"), number(variation.supplyVoltage),
                       number(variation.temperature));
}

std::string keyOf(const std::optional<Extent>& extent) {
    if (!extent) return {};
    std::string key = extent->keepCurves ? "curves" : "figures";
    for (const Performance performance : extent->performances)
        key += fmt::format(" {}", info(performance).name);
    return key;
}

} // namespace

class EvaluationPool::Impl {
public:
    Impl(std::shared_ptr<const AmplifierUnderTest> amplifier, EvaluationSettings settings,
         const PoolOptions& options, std::unique_ptr<Place> nominal,
         const Evaluator::EngineFactory& startEngine, std::string engineVersion)
        : m_amplifier(std::move(amplifier))
        , m_settings(std::move(settings))
        , m_limits{options.recycleAfter, options.workerMemoryLimit, options.timeoutSeconds}
        , m_engineVersion(std::move(engineVersion))
        , m_cache(options.cacheFile, options.cacheLimit, m_engineVersion)
        , m_hasCache(!options.cacheFile.empty()) {
        const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
        const int count = options.workers > 0 ? options.workers : cores;
        for (int index = 0; index < count; ++index)
            m_evaluators.push_back(std::make_unique<Evaluator>(startEngine));
        m_nominal = nominal.get();
        m_places.emplace(keyOf(Variation{}), std::move(nominal));
        if (m_hasCache) m_technologyFingerprint = m_amplifier->technology.fingerprint();
    }

    ~Impl() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_workArrived.notify_all();
        for (std::thread& thread : m_threads)
            thread.join();
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    Result<std::vector<Evaluation>> evaluate(const std::vector<EvaluationRequest>& requests,
                                             JobContext& context, const OnResult& onResult,
                                             BatchOptions options) {
        Batch batch(requests, context, onResult, options);
        std::unique_lock lock(m_mutex);
        for (std::size_t index = 0; index < requests.size(); ++index)
            queue(batch, index);
        m_batches.push_back(&batch);
        startThreads(requests.size(), context);
        m_workArrived.notify_all();
        while (batch.isWaiting() || batch.running > 0) {
            m_workDone.wait_for(lock, cancellationInterval);
            if (context.cancelled()) batch.cancelled = true;
        }
        std::erase(m_batches, &batch);
        lock.unlock();
        if (batch.cancelled) return failCancelled();
        return std::move(batch.evaluations);
    }

    const EvaluationSettings& settings() const { return m_settings; }
    const BenchConditions& conditions() const { return m_nominal->bench->conditions(); }
    Result<BenchConditions> conditions(const Variation& variation) {
        const std::lock_guard lock(m_mutex);
        const Place* place = placeOf(variation);
        if (place->error) return tl::unexpected<Error>(*place->error);
        return place->bench->conditions();
    }
    int workerCount() const { return static_cast<int>(m_evaluators.size()); }
    PoolStatistics statistics() const {
        const std::lock_guard lock(m_mutex);
        return m_statistics;
    }

private:
    /// @pre m_mutex is held
    Place* placeOf(const Variation& variation) {
        std::unique_ptr<Place>& place = m_places[keyOf(variation)];
        if (place) return place.get();
        place = std::make_unique<Place>();
        place->settings = m_settings;
        if (variation.corner) place->settings.corner = *variation.corner;
        if (variation.supplyVoltage) place->settings.supplyVoltage = variation.supplyVoltage;
        if (variation.temperature) place->settings.temperature = variation.temperature;
        Result<Bench> bench = Bench::create(*m_amplifier, place->settings);
        if (bench)
            place->bench = std::move(*bench);
        else
            place->error = bench.error();
        return place.get();
    }

    /// @pre m_mutex is held
    const Asked* askedOf(Place& place, const std::optional<Extent>& extent) {
        if (!place.bench) return nullptr;
        const auto [entry, isNew] = place.asked.try_emplace(keyOf(extent));
        Asked& asked = entry->second;
        if (!isNew) return &asked;
        asked.settings = place.settings;
        if (extent) {
            asked.settings.performances = extent->performances;
            asked.settings.keepCurves = extent->keepCurves;
        }
        if (m_hasCache)
            asked.fingerprint =
                benchFingerprint(*place.bench, asked.settings, m_technologyFingerprint, m_engineVersion);
        return &asked;
    }

    /// @pre m_mutex is held
    void queue(Batch& batch, std::size_t index) {
        Place* place = placeOf(batch.requests[index].variation);
        batch.asked[index] = askedOf(*place, batch.requests[index].extent);
        const auto known = std::find_if(batch.waiting.begin(), batch.waiting.end(),
                                        [&](const auto& entry) { return entry.first == place; });
        if (known != batch.waiting.end())
            known->second.push_back(index);
        else
            batch.waiting.push_back({place, {index}});
    }

    /// @pre m_mutex is held
    void startThreads(std::size_t tasks, JobContext& context) {
        const std::size_t wanted = std::min(m_evaluators.size(), std::max(tasks, m_threads.size()));
        try {
            while (m_threads.size() < wanted)
                m_threads.emplace_back([this, index = m_threads.size()] { work(*m_evaluators[index]); });
        } catch (const std::system_error&) {
            context.log("The system allows no more threads; fewer workers simulate than there are cores.");
            if (m_threads.empty()) throw;
        }
    }

    /// @pre m_mutex is held
    Batch* mostUrgent() const {
        Batch* best = nullptr;
        // One simulation that somebody looks at goes before a sweep of hundreds.
        const auto isBefore = [](const Batch& one, const Batch& other) {
            if (one.options.priority != other.options.priority)
                return one.options.priority > other.options.priority;
            return one.requests.size() < other.requests.size();
        };
        for (Batch* batch : m_batches)
            if (batch->isWaiting() && (best == nullptr || isBefore(*batch, *best))) best = batch;
        return best;
    }

    /// Takes work off a batch, if possible for the bench that the evaluator holds. @pre m_mutex is held
    static Work take(Batch& batch, const Evaluator& evaluator) {
        auto chosen = batch.waiting.begin();
        for (auto entry = batch.waiting.begin(); entry != batch.waiting.end(); ++entry)
            if (entry->first->bench && evaluator.holds(*entry->first->bench)) chosen = entry;
        const std::size_t index = chosen->second.front();
        const Work work{index, chosen->first, batch.asked[index]};
        chosen->second.pop_front();
        if (chosen->second.empty()) batch.waiting.erase(chosen);
        return work;
    }

    void work(Evaluator& evaluator) {
        std::unique_lock lock(m_mutex);
        while (true) {
            Batch* batch = nullptr;
            m_workArrived.wait(lock, [&] { return m_stopping || (batch = mostUrgent()) != nullptr; });
            if (m_stopping) return;
            const Work work = take(*batch, evaluator);
            ++batch->running;
            lock.unlock();
            PoolStatistics counts{1, 0, 0, 0};
            Result<Evaluation> evaluation = batch->context.cancelled()
                                                ? Result<Evaluation>(failCancelled())
                                                : evaluateRequest(evaluator, *batch, work, counts);
            const bool isKept = evaluation.has_value();
            if (isKept) tell(*batch, work.index, std::move(*evaluation));
            lock.lock();
            if (isKept) count(counts);
            if (!isKept) batch->cancelled = true;
            --batch->running;
            m_workDone.notify_all();
        }
    }

    /// Notes on limits are not cached: they may be mended while the results stay right.
    Result<Evaluation> evaluateRequest(Evaluator& evaluator, Batch& batch, const Work& work,
                                       PoolStatistics& counts) {
        const auto refused = [](const Error& error) {
            Evaluation evaluation;
            evaluation.error = error;
            return evaluation;
        };
        if (work.place->error) return refused(*work.place->error);
        const EvaluationRequest& request = batch.requests[work.index];
        const Bench& bench = *work.place->bench;
        Result<SlotValues> values = bench.resolve(request.sizing);
        if (!values) return refused(values.error());
        if (request.variation.mismatch) {
            const Result<void> drawn = bench.applyMismatch(*values, *request.variation.mismatch);
            if (!drawn) return refused(drawn.error());
        }
        Result<Evaluation> evaluation = answer(evaluator, batch, work, *values, counts);
        if (!evaluation) return evaluation;
        if (std::string note = bench.sizeNote(*values); !note.empty())
            evaluation->notes.push_back(std::move(note));
        return evaluation;
    }

    Result<Evaluation> answer(Evaluator& evaluator, const Batch& batch, const Work& work,
                              const SlotValues& values, PoolStatistics& counts) {
        const Bench& bench = *work.place->bench;
        const std::string key = m_hasCache ? cacheKey(work.asked->fingerprint, values) : std::string();
        if (auto known = m_hasCache ? m_cache.find(bench, key) : std::nullopt) {
            ++counts.cacheHits;
            return std::move(*known);
        }
        Result<Evaluation> evaluation =
            evaluator.evaluate(bench, work.asked->settings, values, m_limits, counts, batch.context);
        if (evaluation && m_hasCache) m_cache.store(bench, key, *evaluation);
        return evaluation;
    }

    void tell(Batch& batch, std::size_t index, Evaluation evaluation) {
        const std::lock_guard lock(batch.tellingMutex);
        if (std::string problem = m_cache.takeProblem(); !problem.empty()) {
            batch.context.log(problem);
            evaluation.notes.push_back(std::move(problem));
        }
        batch.evaluations[index] = std::move(evaluation);
        batch.isFinished[index] = true;
        ++batch.finished;
        batch.context.progress(static_cast<double>(batch.finished) /
                                   static_cast<double>(batch.requests.size()),
                               fmt::format("Simulated {} of {}", batch.finished, batch.requests.size()));
        if (!batch.onResult) return;
        if (!batch.options.inOrder) {
            batch.onResult(index, batch.evaluations[index]);
            return;
        }
        for (; batch.told < batch.isFinished.size() && batch.isFinished[batch.told]; ++batch.told)
            batch.onResult(batch.told, batch.evaluations[batch.told]);
    }

    /// @pre m_mutex is held
    void count(const PoolStatistics& more) {
        m_statistics.evaluations += more.evaluations;
        m_statistics.cacheHits += more.cacheHits;
        m_statistics.retries += more.retries;
        m_statistics.workerDeaths += more.workerDeaths;
    }

    std::shared_ptr<const AmplifierUnderTest> m_amplifier;
    EvaluationSettings m_settings;
    Evaluator::Limits m_limits;
    std::string m_engineVersion;
    std::string m_technologyFingerprint; ///< empty without a cache: it hashes the cards of all corners
    ResultCache m_cache;
    bool m_hasCache; ///< without one no key is worked out
    Place* m_nominal = nullptr;
    std::map<std::string, std::unique_ptr<Place>> m_places;
    std::vector<std::unique_ptr<Evaluator>> m_evaluators;
    mutable std::mutex m_mutex;
    std::condition_variable m_workArrived;
    std::condition_variable m_workDone;
    std::vector<Batch*> m_batches; ///< in the order of arrival
    bool m_stopping = false;
    PoolStatistics m_statistics;
    std::vector<std::thread> m_threads; ///< number n works with evaluator n
};

Extent wholeExtent() {
    Extent extent{{}, true};
    for (const PerformanceInfo& each : performanceInfos())
        extent.performances.push_back(each.performance);
    return extent;
}

EvaluationPool::EvaluationPool(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}

EvaluationPool::~EvaluationPool() = default;

Result<std::unique_ptr<EvaluationPool>>
EvaluationPool::create(std::shared_ptr<const AmplifierUnderTest> amplifier, EvaluationSettings settings,
                       PoolOptions options) {
    auto nominal = std::make_unique<Place>();
    nominal->settings = settings;
    Result<Bench> bench = Bench::create(*amplifier, settings);
    if (!bench) return forward(bench);
    nominal->bench = std::move(*bench);
    const bool isProgram = options.engine == EngineKind::Program;
    const Result<std::filesystem::path> executable =
        isProgram ? findNgspiceProgram() : findWorkerExecutable();
    if (!executable) return forward(executable);
    // Only the cache's keys want the version. A worker that cannot even tell it fails its evaluations as
    // well.
    std::string version;
    if (!options.cacheFile.empty())
        version =
            (isProgram ? programVersion(*executable) : workerVersion(*executable)).value_or(std::string());
    const Evaluator::EngineFactory startEngine = [isProgram, path = *executable] {
        return isProgram ? makeProgramEngine(path) : startWorkerEngine(path);
    };
    auto impl = std::make_unique<Impl>(std::move(amplifier), std::move(settings), options, std::move(nominal),
                                       startEngine, version);
    return std::unique_ptr<EvaluationPool>(new EvaluationPool(std::move(impl)));
}

Result<std::vector<Evaluation>> EvaluationPool::evaluate(const std::vector<Sizing>& sizings,
                                                         JobContext& context, const OnResult& onResult,
                                                         BatchOptions options) {
    std::vector<EvaluationRequest> requests;
    requests.reserve(sizings.size());
    for (const Sizing& sizing : sizings)
        requests.push_back({sizing, {}, {}});
    return m_impl->evaluate(requests, context, onResult, options);
}

Result<std::vector<Evaluation>> EvaluationPool::evaluate(const std::vector<EvaluationRequest>& requests,
                                                         JobContext& context, const OnResult& onResult,
                                                         BatchOptions options) {
    return m_impl->evaluate(requests, context, onResult, options);
}

Result<Evaluation> EvaluationPool::evaluateOne(const Sizing& sizing, JobContext& context,
                                               BatchOptions options) {
    const std::vector<EvaluationRequest> requests{{sizing, {}, {}}};
    Result<std::vector<Evaluation>> evaluations = m_impl->evaluate(requests, context, {}, options);
    if (!evaluations) return forward(evaluations);
    return std::move(evaluations->front());
}

const EvaluationSettings& EvaluationPool::settings() const {
    return m_impl->settings();
}
const BenchConditions& EvaluationPool::conditions() const {
    return m_impl->conditions();
}
Result<BenchConditions> EvaluationPool::conditions(const Variation& variation) {
    return m_impl->conditions(variation);
}
PoolStatistics EvaluationPool::statistics() const {
    return m_impl->statistics();
}
int EvaluationPool::workerCount() const {
    return m_impl->workerCount();
}

} // namespace headroom::simulation
