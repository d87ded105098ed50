#include "core/delay/characterisation.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/random.h"
#include "core/base/stage_context.h"
#include "core/compute/device.h"
#include "core/compute/thread_team.h"
#include "core/simulation/worker_engine.h"
#include "core/simulation/worker_process.h"

namespace headroom::delay {
namespace {

constexpr double kSupplyShare = 0.1; ///< of the technology's supply, to both sides
constexpr double kMostDeviations = 4;
/// Measurements after which a simulator is replaced: it leaks a little with each.
constexpr int kRecycleAfter = 5000;

ConditionRanges completed(ConditionRanges ranges, const technology::Technology& technology) {
    if (ranges.supplyVolts.low == 0 && ranges.supplyVolts.high == 0)
        ranges.supplyVolts = {(1 - kSupplyShare) * technology.supplyVoltage,
                              (1 + kSupplyShare) * technology.supplyVoltage};
    return ranges;
}

Result<void> checkRanges(const ConditionRanges& ranges) {
    const auto refuse = [](const char* what, const char* should) {
        return fail(ErrorCode::BadInput, fmt::format("The range of {} should {}.", what, should));
    };
    const std::pair<const char*, const Range*> positive[] = {{"supply voltages", &ranges.supplyVolts},
                                                             {"loads", &ranges.loadFarads},
                                                             {"input slews", &ranges.slewSeconds}};
    for (const auto& [name, range] : positive)
        if (!(range->low > 0) || !(range->high >= range->low) || !std::isfinite(range->high))
            return refuse(name, "be positive and go from low to high");
    if (!(ranges.temperature.low > -273.15) || !(ranges.temperature.high >= ranges.temperature.low) ||
        !std::isfinite(ranges.temperature.high))
        return refuse("temperatures", "be above -273 degrees and go from low to high");
    if (!(ranges.processScale >= 0) || ranges.processScale > 4)
        return fail(ErrorCode::BadInput, "The scale of process variation should be from 0 to 4.");
    return {};
}

Conditions drawn(const CellBench& bench, const ConditionRanges& ranges, std::uint64_t seed) {
    RandomEngine engine(seed);
    Conditions conditions;
    for (const ProcessParameter& parameter : bench.process()) {
        const double deviations = std::clamp(normal(engine), -kMostDeviations, kMostDeviations);
        conditions.process.push_back(parameter.nominal *
                                     (1 + ranges.processScale * parameter.relativeDeviation * deviations));
    }
    const auto within = [&](const Range& range) { return uniform(engine, range.low, range.high); };
    const auto byDecades = [&](const Range& range) {
        return range.isFixed() ? range.low : logUniform(engine, range.low, range.high);
    };
    conditions.supplyVolts = within(ranges.supplyVolts);
    conditions.temperature = within(ranges.temperature);
    conditions.loadFarads = byDecades(ranges.loadFarads);
    conditions.slewSeconds = byDecades(ranges.slewSeconds);
    return conditions;
}

/// Simulators of one bench, one per thread, started when they are first used.
class Simulators {
public:
    Simulators(const CellBench& bench, double timeoutSeconds)
        : m_bench(bench)
        , m_timeoutSeconds(timeoutSeconds) {}

    Result<void> prepare(const Conditions& slowest, double low, double high, JobContext& context) {
        auto engine = take(context);
        if (!engine) return forward(engine);
        auto settling = m_bench.findSettling(*engine->engine, slowest, low, high, m_timeoutSeconds, context);
        if (!settling) return forward(settling);
        m_settling = std::move(*settling);
        giveBack(std::move(*engine));
        return {};
    }

    /// One retry where a simulator dies or finds no solution.
    Result<std::vector<ArcFigures>> measure(const Conditions& conditions, JobContext& context) {
        for (int attempt = 0;; ++attempt) {
            auto engine = take(context);
            if (!engine) return forward(engine);
            auto figures =
                m_bench.measure(*engine->engine, conditions, m_settling, m_timeoutSeconds, context);
            const bool isSound = engine->engine->alive() && ++engine->uses < kRecycleAfter;
            if (figures || attempt == 1 || figures.error().code == ErrorCode::Cancelled ||
                figures.error().code == ErrorCode::Infeasible) {
                if (isSound) giveBack(std::move(*engine));
                return figures;
            }
        }
    }

private:
    struct Running {
        std::unique_ptr<simulation::Engine> engine;
        int uses = 0;
    };

    Result<Running> take(const JobContext& context) {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_idle.empty()) {
                Running running = std::move(m_idle.back());
                m_idle.pop_back();
                return running;
            }
        }
        const auto executable = simulation::findWorkerExecutable();
        if (!executable) return forward(executable);
        auto engine = simulation::startWorkerEngine(*executable);
        if (!engine) return forward(engine);
        const auto deadline = simulation::Engine::Clock::now() +
                              std::chrono::milliseconds(static_cast<std::int64_t>(1e3 * m_timeoutSeconds));
        if (const auto loaded = (*engine)->load(m_bench.deck(), deadline, context); !loaded)
            return forward(loaded);
        return Running{std::move(*engine), 0};
    }

    void giveBack(Running running) {
        const std::lock_guard lock(m_mutex);
        m_idle.push_back(std::move(running));
    }

    const CellBench& m_bench;
    double m_timeoutSeconds;
    std::vector<CellBench::Settling> m_settling;
    std::mutex m_mutex;
    std::vector<Running> m_idle;
};

/// Measures all conditions in parallel. @return by condition: figures, or why there are none
Result<std::vector<Result<std::vector<ArcFigures>>>>
measureAll(const CellBench& bench, const std::vector<Conditions>& all, const ConditionRanges& ranges,
           const CharacterisationSettings& settings, JobContext& context) {
    Simulators simulators(bench, settings.timeoutSeconds);
    const auto slowest =
        bench.nominal(ranges.supplyVolts.low, 0.5 * (ranges.temperature.low + ranges.temperature.high),
                      ranges.loadFarads.low, ranges.slewSeconds.high);
    context.progress(0, fmt::format("Looking at how the cell {} settles", bench.cell().name));
    if (const auto ready =
            simulators.prepare(slowest, ranges.loadFarads.low, ranges.loadFarads.high, context);
        !ready)
        return forward(ready);
    std::vector<Result<std::vector<ArcFigures>>> answers(all.size());
    std::atomic<std::size_t> done = 0;
    const auto work = [&](std::size_t index) -> Result<void> {
        if (context.cancelled()) return failCancelled();
        answers[index] = simulators.measure(all[index], context);
        if (!answers[index] && answers[index].error().code == ErrorCode::Cancelled) return failCancelled();
        const std::size_t now = ++done;
        context.progress(
            static_cast<double>(now) / static_cast<double>(all.size()),
            fmt::format("Simulated {} of {} conditions of {}", now, all.size(), bench.cell().name));
        return {};
    };
    if (const auto worked = compute::inParallel(all.size(), work, settings.threads); !worked)
        return forward(worked);
    return answers;
}

std::string cell(double value) {
    return numberCells({value})[0];
}

CsvTable conditionTable(const CellSamples& samples) {
    CsvTable table;
    for (const ConditionColumn& column : samples.columns)
        if (!column.isFixed) table.columns.push_back(fmt::format("{} [{}]", column.name, column.unit));
    for (std::size_t sample = 0; sample < samples.conditions.size(); ++sample) {
        if (samples.errors[sample]) continue;
        std::vector<std::string> row;
        for (std::size_t column = 0; column < samples.columns.size(); ++column)
            if (!samples.columns[column].isFixed) row.push_back(cell(samples.conditions[sample][column]));
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace

std::size_t CellSamples::failed() const {
    return static_cast<std::size_t>(
        std::count_if(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); }));
}

double CellSamples::propagationDelay(std::size_t sample) const {
    double sum = 0;
    for (const ArcFigures& arc : figures[sample])
        sum += arc.rise.delay + arc.fall.delay;
    return sum / (2 * static_cast<double>(figures[sample].size()));
}

Result<CellSamples> characterise(const Cell& cell, const technology::Technology& technology,
                                 const CharacterisationSettings& settings, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    const ConditionRanges ranges = completed(settings.ranges, technology);
    if (const auto valid = checkRanges(ranges); !valid) return forward(valid);
    if (settings.samples < 1) return fail(ErrorCode::BadInput, "There should be at least one sample.");
    const auto bench = CellBench::create(cell, technology, settings.corner);
    if (!bench) return forward(bench);
    std::vector<Conditions> all;
    for (std::size_t sample = 0; sample < settings.samples; ++sample)
        all.push_back(drawn(*bench, ranges, deriveSeed(settings.seed, sample)));
    auto answers = measureAll(*bench, all, ranges, settings, context);
    if (!answers) return forward(answers);

    CellSamples result;
    result.cell = cell.name;
    result.arcs = bench->arcs();
    for (const Arc& arc : result.arcs)
        result.arcNames.push_back(nameOf(cell, arc, result.arcs));
    for (const ProcessParameter& parameter : bench->process())
        result.columns.push_back({parameter.name, parameter.unit, ranges.processScale == 0});
    result.columns.push_back({"vdd", "V", ranges.supplyVolts.isFixed()});
    result.columns.push_back({"temperature", "C", ranges.temperature.isFixed()});
    result.columns.push_back({"load", "F", ranges.loadFarads.isFixed()});
    result.columns.push_back({"slew", "s", ranges.slewSeconds.isFixed()});
    for (std::size_t sample = 0; sample < all.size(); ++sample) {
        const Conditions& each = all[sample];
        std::vector<double> row = each.process;
        row.insert(row.end(), {each.supplyVolts, each.temperature, each.loadFarads, each.slewSeconds});
        result.conditions.push_back(std::move(row));
        auto& answer = (*answers)[sample];
        result.errors.push_back(answer ? std::nullopt : std::optional(answer.error()));
        result.figures.push_back(answer ? std::move(*answer) : std::vector<ArcFigures>());
    }
    result.transients = all.size() * bench->stimuli();
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (result.failed() == settings.samples) return tl::unexpected<Error>(*result.errors[0]);
    return result;
}

std::string delayCsv(const CellSamples& samples) {
    CsvTable table = conditionTable(samples);
    table.columns.emplace_back("delay [s]");
    auto row = table.rows.begin();
    for (std::size_t sample = 0; sample < samples.figures.size(); ++sample)
        if (!samples.errors[sample]) (row++)->push_back(cell(samples.propagationDelay(sample)));
    return writeCsv(table);
}

std::string arcCsv(const CellSamples& samples) {
    CsvTable table = conditionTable(samples);
    for (const std::string& name : samples.arcNames)
        for (const char* edge : {"rise", "fall"})
            for (const char* figure : {"delay", "slew"})
                table.columns.push_back(fmt::format("{}_{}_{} [s]", figure, name, edge));
    auto row = table.rows.begin();
    for (std::size_t sample = 0; sample < samples.figures.size(); ++sample) {
        if (samples.errors[sample]) continue;
        for (const ArcFigures& arc : samples.figures[sample])
            for (const EdgeFigures* edge : {&arc.rise, &arc.fall})
                row->insert(row->end(), {cell(edge->delay), cell(edge->slew)});
        ++row;
    }
    return writeCsv(table);
}

Result<CellTables> tabulate(const Cell& cell, const technology::Technology& technology,
                            const std::vector<double>& slews, const std::vector<double>& loads,
                            const CharacterisationSettings& settings, JobContext& context) {
    const auto isAscending = [](const std::vector<double>& values) {
        return !values.empty() && values.front() > 0 &&
               std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
    };
    if (!isAscending(slews) || !isAscending(loads))
        return fail(ErrorCode::BadInput, "Slews and loads of a table should be positive and ascend.");
    const auto bench = CellBench::create(cell, technology, settings.corner);
    if (!bench) return forward(bench);
    CellTables tables{cell, slews, loads, technology.supplyVoltage, technology.temperature, {}};
    ConditionRanges ranges;
    ranges.supplyVolts = {tables.supplyVolts, tables.supplyVolts};
    ranges.temperature = {tables.temperature, tables.temperature};
    ranges.loadFarads = {loads.front(), loads.back()};
    ranges.slewSeconds = {slews.front(), slews.back()};
    std::vector<Conditions> all;
    for (const double slew : slews)
        for (const double load : loads)
            all.push_back(bench->nominal(tables.supplyVolts, tables.temperature, load, slew));
    const auto answers = measureAll(*bench, all, ranges, settings, context);
    if (!answers) return forward(answers);
    for (std::size_t arc = 0; arc < bench->arcs().size(); ++arc) {
        ArcTable table{bench->arcs()[arc], nameOf(cell, bench->arcs()[arc], bench->arcs()), {}};
        for (std::size_t slew = 0; slew < slews.size(); ++slew) {
            table.figures.emplace_back();
            for (std::size_t load = 0; load < loads.size(); ++load) {
                const auto& answer = (*answers)[slew * loads.size() + load];
                if (!answer) return forward(answer);
                table.figures.back().push_back((*answer)[arc]);
            }
        }
        tables.arcs.push_back(std::move(table));
    }
    return tables;
}

} // namespace headroom::delay
