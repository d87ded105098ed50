// What the simulation engine makes of a core, beside a process of the ngspice program for every evaluation.
// Each benchmark has its rival next to it, named .../program; the ratios of one run are what README reports.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include <sys/resource.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/simulation/ngspice_program.h"
#include "core/simulation/procedure.h"
#include "core/simulation/simulator.h"
#include "core/simulation/worker_engine.h"
#include "core/simulation/worker_process.h"

namespace {

using namespace headroom;
using simulation::Performance;
namespace procedure = simulation::procedure;

constexpr auto patience = std::chrono::minutes(10);

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

/// Processor time of all children that have ended: unlike the rates, it hardly depends on who else is using
/// the machine.
double childSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

void report(benchmark::State& state, double evaluations, double seconds) {
    state.counters["evaluations/s"] = benchmark::Counter(evaluations, benchmark::Counter::kIsRate);
    state.counters["cpuMs/evaluation"] = 1e3 * seconds / evaluations;
}

/// The workers: values are altered in circuits that stay loaded.
void pool(benchmark::State& state, const std::string& file, const std::vector<Performance>& performances,
          int workers) {
    const auto amplifier = example(file);
    simulation::EvaluationSettings settings;
    settings.performances = performances;
    simulation::PoolOptions options;
    options.workers = workers;
    if (!amplifier) return state.SkipWithError("the example cannot be read");
    const double before = childSeconds();
    auto made = simulation::EvaluationPool::create(amplifier, settings, options);
    if (!made) return state.SkipWithError(made.error().message.c_str());
    const auto sizings = scatteredSizings(amplifier->netlist.circuit, 100);
    SilentContext context;
    for (auto _ : state) {
        const auto evaluations = (*made)->evaluate(sizings, context);
        benchmark::DoNotOptimize(evaluations);
    }
    const double count = static_cast<double>(sizings.size()) * static_cast<double>(state.iterations());
    made->reset();
    report(state, count, childSeconds() - before);
}

/// One process of the program per evaluation, which reads the stand-alone deck and runs the same analyses.
void program(benchmark::State& state, const std::string& file, const std::vector<Performance>& performances) {
    const auto amplifier = example(file);
    const auto ngspice = simulation::findNgspiceProgram();
    if (!amplifier || !ngspice) return state.SkipWithError("there is no example or no ngspice program");
    simulation::EvaluationSettings settings;
    settings.performances = performances;
    const auto folder =
        std::filesystem::temp_directory_path() / ("headroom-benchmark-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::vector<std::string> decks;
    for (const auto& sizing : scatteredSizings(amplifier->netlist.circuit, 10)) {
        std::string deck = simulation::writeBenchDeck(*amplifier, settings, sizing).value_or(std::string());
        // The rival gets as few points as the workers take: its dense sweeps are for `meas`, which
        // interpolates linearly.
        for (const auto& [dense, points] :
             {std::pair<std::string_view, int>("ac dec 200 ", procedure::pointsPerDecade),
              {"v_ip dec 200 ", procedure::noisePointsPerDecade}})
            if (const std::size_t at = deck.find(dense); at != std::string::npos)
                deck.replace(at + dense.find("200"), 3, std::to_string(points));
        decks.push_back(deck);
    }
    SilentContext context;
    const double before = childSeconds();
    for (auto _ : state)
        for (const std::string& deck : decks) {
            static_cast<void>(writeFileAtomically(folder / "deck.sp", deck));
            const auto output = simulation::runNgspice(*ngspice, folder / "deck.sp",
                                                       std::chrono::steady_clock::now() + patience, context);
            benchmark::DoNotOptimize(output);
        }
    report(state, static_cast<double>(decks.size()) * static_cast<double>(state.iterations()),
           childSeconds() - before);
    std::filesystem::remove_all(folder);
}

/// The delay of an inverter: 1 ps steps over 250 ps, its load altered between runs.
constexpr const char* inverter = R"(v_dd d 0 dc 1.0
v_in a 0 dc 0 pulse(0 1.0 20p 10p 10p 100p 1)
m_n y a 0 0 NMOS_VTG w=415n l=50n
m_p y a d d PMOS_VTG w=630n l=50n
c_y y 0 1f
)";

std::string inverterDeck(const std::string& control) {
    const auto technology = technology::loadTechnology("freepdk45");
    const auto models = technology ? technology->modelText({}, {{"NMOS_VTG", 0}, {"PMOS_VTG", 0}})
                                   : Result<std::string>(fail(ErrorCode::NotFound, ""));
    return "* inverter\n" + models.value_or(std::string()) + inverter + control + ".end\n";
}

simulation::Analysis inverterTransient() {
    simulation::Analysis analysis;
    analysis.kind = simulation::Analysis::Kind::Transient;
    analysis.to = 250e-12;
    analysis.step = 1e-12;
    analysis.wanted = {"time", "a", "y"};
    return analysis;
}

void inverterDelay(benchmark::State& state) {
    const auto executable = simulation::findWorkerExecutable();
    if (!executable) return state.SkipWithError("there is no worker");
    const double before = childSeconds();
    auto engine = simulation::startWorkerEngine(*executable);
    SilentContext context;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    if (!engine || !(*engine)->load(inverterDeck(""), deadline, context))
        return state.SkipWithError("the inverter cannot be loaded");
    double load = 1e-15;
    for (auto _ : state) {
        load += 1e-18;
        const auto answer = (*engine)->analyse({{"c_y", {}, {load}}}, inverterTransient(), deadline, context);
        if (!answer) return state.SkipWithError("the inverter does not simulate");
        benchmark::DoNotOptimize(answer);
    }
    const auto count = static_cast<double>(state.iterations());
    engine->reset();
    report(state, count, childSeconds() - before);
}

void inverterDelayByProgram(benchmark::State& state) {
    const auto ngspice = simulation::findNgspiceProgram();
    if (!ngspice) return state.SkipWithError("there is no ngspice program");
    const auto folder =
        std::filesystem::temp_directory_path() / ("headroom-inverter-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    static_cast<void>(writeFileAtomically(
        folder / "deck.sp",
        inverterDeck(
            ".control\nset num_threads=1\nsave a y\ntran 1p 250p 0 1p\nmeas tran tphl trig v(a) val=0.5 "
            "rise=1 "
            "targ v(y) val=0.5 fall=1\nmeas tran tplh trig v(a) val=0.5 fall=1 targ v(y) val=0.5 rise=1\n"
            "quit\n.endc\n")));
    SilentContext context;
    const double before = childSeconds();
    for (auto _ : state) {
        const auto output = simulation::runNgspice(*ngspice, folder / "deck.sp",
                                                   std::chrono::steady_clock::now() + patience, context);
        benchmark::DoNotOptimize(output);
    }
    report(state, static_cast<double>(state.iterations()), childSeconds() - before);
    std::filesystem::remove_all(folder);
}

/// Memory of one worker that is never replaced, over operating points: what it starts with, what every
/// further one leaves behind, and the most that a pool lets it reach.
void workerMemory(benchmark::State& state) {
    const auto amplifier = example("folded_cascode.sp");
    const auto executable = simulation::findWorkerExecutable();
    if (!amplifier || !executable) return state.SkipWithError("there is no example or no worker");
    auto engine = simulation::startWorkerEngine(*executable);
    SilentContext context;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    if (!engine || !(*engine)->load(inverterDeck(""), deadline, context))
        return state.SkipWithError("the inverter cannot be loaded");
    simulation::Analysis analysis;
    analysis.wanted = {"y"};
    const auto start = static_cast<double>((*engine)->memory());
    for (auto _ : state)
        if (!(*engine)->analyse({}, analysis, deadline, context))
            return state.SkipWithError("no operating point");
    const double grown = static_cast<double>((*engine)->memory()) - start;
    state.counters["startMiB"] = start / (1 << 20);
    state.counters["grownBytes/simulation"] = grown / static_cast<double>(state.iterations());
    state.counters["limitMiB"] = static_cast<double>(simulation::PoolOptions().workerMemoryLimit) / (1 << 20);
}

/// The largest worker of a pool over many evaluations: flat, since workers are replaced.
void poolMemory(benchmark::State& state) {
    const auto amplifier = example("miller.sp");
    simulation::EvaluationSettings settings;
    settings.performances = {Performance::Power};
    simulation::PoolOptions options;
    options.workers = 1;
    auto made = simulation::EvaluationPool::create(amplifier, settings, options);
    if (!made) return state.SkipWithError(made.error().message.c_str());
    const auto sizings = scatteredSizings(amplifier->netlist.circuit, 1000);
    SilentContext context;
    double evaluations = 0;
    for (auto _ : state) {
        static_cast<void>((*made)->evaluate(sizings, context));
        evaluations += static_cast<double>(sizings.size());
    }
    made->reset();
    rusage usage{};
    ::getrusage(RUSAGE_CHILDREN, &usage);
    state.counters["simulations"] = evaluations;
    state.counters["largestWorkerMiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void compare(const std::string& name, const std::vector<Performance>& performances, bool both = true) {
    for (const std::string file : {"folded_cascode", "miller"}) {
        // Wall-clock time: the work is done in other processes.
        benchmark::RegisterBenchmark(
            (name + "/" + file).c_str(),
            [=](benchmark::State& state) { pool(state, file + ".sp", performances, both ? 1 : 0); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
        if (!both) continue;
        benchmark::RegisterBenchmark(
            (name + "/" + file + "/program").c_str(),
            [=](benchmark::State& state) { program(state, file + ".sp", performances); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
    }
}

} // namespace

int main(int argc, char** argv) {
    using enum Performance;
    // Before all others: the largest child of all that ended counts.
    benchmark::RegisterBenchmark("poolMemory", poolMemory)
        ->Iterations(100)
        ->UseRealTime()
        ->Unit(benchmark::kSecond);
    benchmark::RegisterBenchmark("workerMemory", workerMemory)
        ->Iterations(20000)
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
    benchmark::RegisterBenchmark("inverterDelay", inverterDelay)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("inverterDelay/program", inverterDelayByProgram)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    compare("operatingPointAndAc", {GainDb, TransitFrequency, PhaseMargin, Power});
    compare("standardPerformances", simulation::standardPerformances());
    compare("everyPerformance", simulation::wholeExtent().performances);
    compare("standardPerformancesAllCores", simulation::standardPerformances(), false);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
