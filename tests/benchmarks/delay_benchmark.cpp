#include <benchmark/benchmark.h>

#include "core/compute/network_library.h"
#include "core/delay/diffusion_generator.h"
#include "core/delay/regressor.h"
#include "core/delay/table_import.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

constexpr std::size_t kRows = 500; // as the paper has them

std::unique_ptr<Generator> generator(bool conditional) {
    compute::prepareEnvironment();
    DiffusionSettings settings =
        conditional ? DiffusionSettings::conditional(KnownDelays::draw(kRows, 1), KnownDelays::target())
                    : DiffusionSettings::strong();
    settings.device = compute::DeviceChoice::Cpu;
    return makeDiffusionGenerator(settings, "ddpm");
}

/// The strong generator's whole training on one core. @param range(0) 1: of the target alone, given the
/// inputs
void trainStrongGenerator(benchmark::State& state) {
    SilentContext context;
    const Table rows = KnownDelays::draw(kRows, 1);
    for (auto _ : state) {
        if (const auto fitted = generator(state.range(0) == 1)->fit(rows, 1, context); !fitted)
            return state.SkipWithError(fitted.error().message.c_str());
    }
}
BENCHMARK(trainStrongGenerator)->Arg(0)->Arg(1)->Iterations(1)->Unit(benchmark::kSecond);

void sampleTenThousandRows(benchmark::State& state) {
    SilentContext context;
    const auto fitted = generator(state.range(0) == 1);
    if (const auto done = fitted->fit(KnownDelays::draw(40, 1), 1, context); !done)
        return state.SkipWithError(done.error().message.c_str());
    for (auto _ : state)
        benchmark::DoNotOptimize(fitted->sample(10000, 1, context));
}
BENCHMARK(sampleTenThousandRows)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

/// 500 real and 1000 synthetic rows. @param range(0) trees
void fitBoosting(benchmark::State& state) {
    SilentContext context;
    const Table rows = KnownDelays::draw(kRows + 1000, 1);
    for (auto _ : state)
        benchmark::DoNotOptimize(makeBoosting({static_cast<int>(state.range(0)), 3, 0.1})
                                     ->fit(rows, KnownDelays::target(), context));
}
BENCHMARK(fitBoosting)->Arg(100)->Arg(500)->Unit(benchmark::kMillisecond);

void importHundredThousandRows(benchmark::State& state) {
    const std::string text = writeCsv(toCsv(KnownDelays::draw(100000, 1)));
    for (auto _ : state)
        benchmark::DoNotOptimize(parseTable(text, "delays.csv", {}));
}
BENCHMARK(importHundredThousandRows)->Unit(benchmark::kMillisecond);

} // namespace
} // namespace headroom::delay
