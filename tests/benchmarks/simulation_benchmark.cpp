// Evaluations per second with one worker per core. The goal is 60 operating point + AC evaluations per
// second on two cores; the rate of the full standard list is what data sets are built at.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include <sys/resource.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/simulation/simulator.h"

namespace {

using namespace headroom;
using simulation::Performance;

std::shared_ptr<const simulation::AmplifierUnderTest> example(const std::string& file) {
    auto amplifier = std::make_shared<simulation::AmplifierUnderTest>();
    const auto netlist = netlist::readNetlist(resourcePath("examples/" + file));
    const auto technology = technology::loadTechnology("freepdk45");
    if (!netlist || !technology) return nullptr;
    amplifier->netlist = *netlist;
    amplifier->structure = structure::recognise(amplifier->netlist.circuit);
    amplifier->technology = *technology;
    return amplifier;
}

/// Every width and length within 5 % of the netlist's, so that no two evaluations are alike.
std::vector<simulation::Sizing> scatteredSizings(const netlist::Circuit& circuit, int count) {
    RandomEngine engine(1);
    std::vector<simulation::Sizing> sizings(static_cast<std::size_t>(count));
    for (simulation::Sizing& sizing : sizings)
        for (const netlist::Device& device : circuit.devices)
            for (const char* parameter : {"w", "l"})
                if (const auto value = device.number(parameter))
                    sizing.push_back({device.name, parameter, *value * uniform(engine, 0.95, 1.05)});
    return sizings;
}

/// Processor time of all workers that have ended: unlike the rates, it hardly depends on who else is using
/// the machine.
double workerSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void evaluate(benchmark::State& state, const std::string& file, const std::vector<Performance>& performances,
              int workers) {
    const auto amplifier = example(file);
    simulation::EvaluationSettings settings;
    settings.performances = performances;
    simulation::PoolOptions options;
    options.workers = workers;
    if (!amplifier) return state.SkipWithError("the example cannot be read");
    const double before = workerSeconds();
    auto pool = simulation::EvaluationPool::create(amplifier, settings, options);
    if (!pool) return state.SkipWithError(pool.error().message.c_str());
    const auto sizings = scatteredSizings(amplifier->netlist.circuit, 100);
    SilentContext context;
    static_cast<void>((*pool)->evaluate(sizings, context));
    for (auto _ : state) {
        const auto evaluations = (*pool)->evaluate(sizings, context);
        benchmark::DoNotOptimize(evaluations);
    }
    state.counters["evaluations/s"] =
        benchmark::Counter(static_cast<double>(sizings.size()) * static_cast<double>(state.iterations()),
                           benchmark::Counter::kIsRate);
    state.counters["workers"] = (*pool)->workerCount();
    state.counters["retries"] = static_cast<double>((*pool)->statistics().retries);
    const auto evaluations = static_cast<double>((*pool)->statistics().evaluations);
    pool->reset();
    state.counters["workerMs/evaluation"] = 1e3 * (workerSeconds() - before) / evaluations;
}

void measure(const std::string& name, const std::vector<Performance>& performances, int workers = 0) {
    for (const std::string file : {"folded_cascode", "miller"}) {
        // Wall-clock time: the work is done in other processes.
        benchmark::RegisterBenchmark(
            (name + "/" + file).c_str(),
            [=](benchmark::State& state) { evaluate(state, file + ".sp", performances, workers); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    }
}

} // namespace

int main(int argc, char** argv) {
    using enum Performance;
    measure("operatingPoint", {Power});
    measure("operatingPointAndAc", {GainDb, TransitFrequency, PhaseMargin, Power});
    measure("standardPerformances", simulation::standardPerformances());
    measure("standardPerformancesOneWorker", simulation::standardPerformances(), 1);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
