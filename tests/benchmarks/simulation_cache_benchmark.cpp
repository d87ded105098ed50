// What a cache of 100,000 evaluations costs: the goal is an answer (key, look-up, reading the record) in
// under 0.1 ms. "ofSimulation" is the share of one operating-point simulation of the same circuit in the same
// run.
#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <unistd.h>

#include "core/base/random.h"
#include "core/simulation/cache_file.h"
#include "core/simulation/result_cache.h"
#include "tests/core/simulation/test_amplifiers.h"
#include "tests/core/simulation/test_evaluations.h"

namespace {

using namespace headroom;
using namespace headroom::simulation;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kEntries = 100000;
const std::string kCircuit = "folded_cascode.sp";

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The cache under test, filled on first use and removed at the end.
struct Filled {
    Filled()
        : folder(std::filesystem::temp_directory_path() /
                 ("headroom_cache_benchmark_" + std::to_string(::getpid()))) {
        file = (folder / "results.sqlite").string();
        ResultCache cache(file);
        for (std::uint64_t number = 0; number < kEntries; ++number)
            cache.store(invented.bench(), invented.key(number), evaluation);
    }
    ~Filled() { std::filesystem::remove_all(folder); }

    std::filesystem::path folder;
    std::string file;
    InventedBench invented{kCircuit};
    Evaluation evaluation = inventedEvaluation(invented.bench(), 1);
};

const Filled& filled() {
    static const Filled made;
    return made;
}

/// Wall-clock time of one operating point with one worker.
double operatingPointSeconds() {
    static const double seconds = [] {
        const auto amplifier = exampleAmplifier(kCircuit);
        EvaluationSettings settings;
        settings.performances = {Performance::Power};
        PoolOptions options;
        options.workers = 1;
        const auto pool = makePool(amplifier, settings, options);
        std::vector<Sizing> sizings;
        for (std::uint64_t number = 0; number < 201; ++number)
            sizings.push_back(scatteredSizing(*amplifier, 0.05, number));
        simulate(*pool, sizings.back());
        sizings.pop_back();
        SilentContext context;
        const auto start = Clock::now();
        static_cast<void>(pool->evaluate(sizings, context));
        return secondsSince(start) / static_cast<double>(sizings.size());
    }();
    return seconds;
}

void report(benchmark::State& state, double seconds) {
    const double each = seconds / static_cast<double>(state.iterations());
    state.counters["ofSimulation"] = each / operatingPointSeconds();
    state.counters["operatingPointMs"] = 1e3 * operatingPointSeconds();
    const auto facts = inspectCache(filled().file);
    state.counters["entries"] = static_cast<double>(facts->entries);
    state.counters["bytesPerEntry"] =
        static_cast<double>(facts->fileBytes) / static_cast<double>(facts->entries);
}

/// @param hit else keys that the cache does not know
void find(benchmark::State& state, bool hit) {
    const Filled& known = filled();
    ResultCache cache(known.file);
    RandomEngine engine(3);
    std::int64_t hits = 0;
    const auto start = Clock::now();
    for (auto _ : state) {
        const std::uint64_t number = engine() % kEntries + (hit ? 0 : kEntries * 10);
        hits += cache.find(known.invented.bench(), known.invented.key(number)).has_value() ? 1 : 0;
    }
    report(state, secondsSince(start));
    if (hits != (hit ? state.iterations() : 0)) state.SkipWithError("the cache answers wrongly");
}

void store(benchmark::State& state) {
    const Filled& known = filled();
    ResultCache cache(known.file);
    static std::uint64_t number = kEntries;
    const auto start = Clock::now();
    for (auto _ : state)
        cache.store(known.invented.bench(), known.invented.key(number++), known.evaluation);
    report(state, secondsSince(start));
}

void key(benchmark::State& state) {
    std::uint64_t number = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(filled().invented.key(number++));
}

void openAndClose(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(ResultCache(filled().file).takeProblem());
}

void inspect(benchmark::State& state) {
    for (auto _ : state)
        benchmark::DoNotOptimize(inspectCache(filled().file));
}

} // namespace

BENCHMARK_CAPTURE(find, hit, true)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(find, miss, false)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(key)->Unit(benchmark::kMicrosecond);
BENCHMARK(openAndClose)->UseRealTime()->Unit(benchmark::kMicrosecond);
BENCHMARK(inspect)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(store)->UseRealTime()->Unit(benchmark::kMicrosecond);
