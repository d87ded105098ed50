#include "core/delay/characterisation.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/random.h"
#include "core/delay/cell_simulator.h"

namespace headroom::delay {
namespace {

constexpr double kSupplyShare = 0.1; ///< of the technology's supply, to both sides
constexpr double kMostDeviations = 4;
/// Slower edges, s, take more time steps than are worth waiting for.
constexpr double kMostSlew = 1e-6;

Conditions drawn(const CellBench& bench, const ConditionRanges& ranges, std::uint64_t seed) {
    RandomEngine engine(seed);
    Conditions conditions;
    for (const ProcessParameter& parameter : bench.process()) {
        const double deviations = std::clamp(normal(engine), -kMostDeviations, kMostDeviations);
        conditions.process.push_back(parameter.at(ranges.processScale * deviations));
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

CellSimulatorSettings simulatorSettings(const CharacterisationSettings& settings,
                                        const technology::Technology& technology) {
    return {settings.threads, settings.timeoutSeconds, settings.cacheFile, technology.name, settings.corner};
}

std::string cell(double value) {
    return numberCells({value})[0];
}

std::string headingOf(const ConditionColumn& column) {
    return column.unit.empty() ? column.name : fmt::format("{} [{}]", column.name, column.unit);
}

CsvTable conditionTable(const CellSamples& samples) {
    CsvTable table;
    for (const ConditionColumn& column : samples.columns)
        if (!column.isFixed) table.columns.push_back(headingOf(column));
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

double propagationDelay(const std::vector<ArcFigures>& arcs) {
    double sum = 0;
    for (const ArcFigures& arc : arcs)
        sum += arc.rise.delay + arc.fall.delay;
    return sum / (2 * static_cast<double>(arcs.size()));
}

ConditionRanges ConditionRanges::completed(const technology::Technology& technology) const {
    ConditionRanges complete = *this;
    if (supplyVolts.low == 0 && supplyVolts.high == 0)
        complete.supplyVolts = {(1 - kSupplyShare) * technology.supplyVoltage,
                                (1 + kSupplyShare) * technology.supplyVoltage};
    return complete;
}

Result<void> ConditionRanges::validate() const {
    const auto refuse = [](const char* what, const std::string& should) {
        return fail(ErrorCode::BadInput, fmt::format("The range of {} should {}.", what, should));
    };
    const std::pair<const char*, const Range*> positive[] = {
        {"supply voltages", &supplyVolts}, {"loads", &loadFarads}, {"input slews", &slewSeconds}};
    for (const auto& [name, range] : positive)
        if (!(range->low > 0) || !(range->high >= range->low) || !std::isfinite(range->high))
            return refuse(name, "be positive and go from low to high");
    if (!(temperature.low > -273.15) || !(temperature.high >= temperature.low) ||
        !std::isfinite(temperature.high))
        return refuse("temperatures", "be above -273 degrees and go from low to high");
    if (!(slewSeconds.high <= kMostSlew))
        return refuse("input slews", fmt::format("end at {:g} us at most", kMostSlew * 1e6));
    if (!(processScale >= 0) || processScale > 4)
        return fail(ErrorCode::BadInput, "The scale of process variation should be from 0 to 4.");
    return {};
}

SettlingRange settlingRangeOf(const CellBench& bench, const ConditionRanges& ranges) {
    return {bench.nominal(ranges.supplyVolts.low, 0.5 * (ranges.temperature.low + ranges.temperature.high),
                          ranges.loadFarads.low, ranges.slewSeconds.high),
            ranges.loadFarads.low, ranges.loadFarads.high};
}

std::size_t CellSamples::failed() const {
    return static_cast<std::size_t>(
        std::count_if(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); }));
}

Result<CellSamples> characterise(const Cell& cell, const technology::Technology& technology,
                                 const CharacterisationSettings& settings, JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    const ConditionRanges ranges = settings.ranges.completed(technology);
    if (const auto valid = ranges.validate(); !valid) return forward(valid);
    if (settings.samples < 1) return fail(ErrorCode::BadInput, "There should be at least one sample.");
    const auto bench = CellBench::create(cell, technology, settings.corner);
    if (!bench) return forward(bench);
    std::vector<Conditions> all;
    for (std::size_t sample = 0; sample < settings.samples; ++sample)
        all.push_back(drawn(*bench, ranges, deriveSeed(settings.seed, sample)));
    CellSimulator simulator(*bench, settlingRangeOf(*bench, ranges), simulatorSettings(settings, technology));
    auto answers = simulator.measure(all, context);
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
    if (ranges.processScale > 0) result.unvaried = bench->unvaried();
    result.transients = simulator.simulated() * bench->stimuli();
    result.cached = simulator.cached();
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
    CellSimulator simulator(*bench, settlingRangeOf(*bench, ranges), simulatorSettings(settings, technology));
    const auto answers = simulator.measure(all, context);
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
