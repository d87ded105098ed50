#include <memory>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/diffusion/diffusion_model.h"

namespace headroom::diffusion {
namespace {

constexpr int kConditions = 10;

MatrixF randomMatrix(int rows, int cols) {
    RandomEngine engine(1);
    MatrixF matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(normal(engine));
    return matrix;
}

std::unique_ptr<DiffusionModel> createModel(int tokens) {
    compute::prepareEnvironment();
    DenoiserConfig config;
    config.tokens = tokens;
    config.conditions = kConditions;
    auto model = createDiffusionModel(config, 1, compute::DeviceChoice::Auto);
    return model ? std::move(*model) : nullptr;
}

/// 100 sizings of an amplifier: five networks of 6 to 10 tokens, one after another or in two threads.
void sampleFiveBlocks(benchmark::State& state) {
    std::vector<std::unique_ptr<DiffusionModel>> models;
    for (const int tokens : {6, 7, 8, 9, 10}) {
        models.push_back(createModel(tokens));
        if (!models.back()) return state.SkipWithError("no network engine");
    }
    const MatrixF conditions = randomMatrix(1, kConditions).replicate(100, 1);
    SamplingConfig sampling;
    sampling.guidance = state.range(0) == 0 ? 1.0 : 1.5;
    const auto threads = static_cast<std::size_t>(state.range(1));
    for (auto _ : state) {
        const auto work = [&](std::size_t first) {
            SilentContext context;
            for (std::size_t i = first; i < models.size(); i += threads)
                benchmark::DoNotOptimize(models[i]->sample(conditions, sampling, context));
        };
        std::vector<std::jthread> others;
        for (std::size_t t = 1; t < threads; ++t)
            others.emplace_back(work, t);
        work(0);
    }
}
BENCHMARK(sampleFiveBlocks)
    ->ArgNames({"guided", "threads"})
    ->ArgsProduct({{0, 1}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// 100 sizings by one network over a whole amplifier.
void sampleWholeCircuit(benchmark::State& state) {
    const auto model = createModel(static_cast<int>(state.range(0)));
    if (!model) return state.SkipWithError("no network engine");
    const MatrixF conditions = randomMatrix(1, kConditions).replicate(100, 1);
    SilentContext context;
    for (auto _ : state)
        benchmark::DoNotOptimize(model->sample(conditions, {}, context));
}
BENCHMARK(sampleWholeCircuit)
    ->ArgName("tokens")
    ->Arg(16)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

/// One pass over 900 rows.
void trainEpoch(benchmark::State& state) {
    const auto model = createModel(static_cast<int>(state.range(0)));
    if (!model) return state.SkipWithError("no network engine");
    const MatrixF data = randomMatrix(900, static_cast<int>(state.range(0)));
    const MatrixF conditions = randomMatrix(900, kConditions);
    TrainingConfig training;
    training.epochs = 1;
    SilentContext context;
    for (auto _ : state)
        benchmark::DoNotOptimize(model->train(data, conditions, training, context));
}
BENCHMARK(trainEpoch)
    ->ArgName("tokens")
    ->Arg(2)
    ->Arg(8)
    ->Arg(30)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

} // namespace
} // namespace headroom::diffusion
