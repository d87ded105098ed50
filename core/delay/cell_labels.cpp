#include "core/delay/cell_labels.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"

namespace headroom::delay {
namespace {

/// One condition of every row: a column of the table, or one value for all.
struct Source {
    const std::vector<double>* values = nullptr;
    double factor = 1; ///< to SI units
    double fixed = 0;
    double at(std::size_t row) const { return values != nullptr ? factor * (*values)[row] : fixed; }
};

/// What a column's numbers are multiplied by to be in @p unit: 1e-15 for "fF" and "F".
Result<double> factorOf(const Column& column, const std::string& unit) {
    if (column.unit.empty() || column.unit == unit) return 1.0;
    const auto factor = parseQuantity("1 " + column.unit, unit);
    if (factor) return *factor;
    return fail(ErrorCode::BadInput,
                fmt::format("The column \"{}\" is in {}; it can be simulated in {} alone.", column.name,
                            column.unit, unit));
}

/// @param fixed absent: the condition varies, and has to have a column
Result<Source> sourceOf(const Table& rows, const std::string& name, const std::string& unit,
                        std::optional<double> fixed) {
    const auto found = rows.column(name);
    if (!found && fixed) return Source{nullptr, 1, *fixed};
    if (!found)
        return fail(ErrorCode::BadInput,
                    fmt::format("The rows cannot be simulated: they have no column \"{}\", "
                                "and no one value of it is known.",
                                name));
    const Column& column = rows.columns[*found];
    if (column.kind != ColumnKind::Number)
        return fail(ErrorCode::BadInput, fmt::format("The column \"{}\" holds no numbers.", name));
    const auto factor = factorOf(column, unit);
    if (!factor) return forward(factor);
    return Source{&column.values, *factor, 0};
}

std::optional<double> fixedValue(const Range& range) {
    return range.isFixed() ? std::optional(range.low) : std::nullopt;
}

using Figure = std::function<double(const std::vector<ArcFigures>&)>;

/// Whether a row names conditions that a simulator can be asked for.
Result<void> checkConditions(const Conditions& conditions, const CellBench& bench) {
    const auto refuse = [](const std::string& what, double value) {
        return fail(ErrorCode::BadInput,
                    fmt::format("A row with a {} of {:.4g} cannot be simulated.", what, value));
    };
    for (std::size_t i = 0; i < conditions.process.size(); ++i) {
        // Of another sign than the card's: no such transistor.
        const double nominal = bench.process()[i].nominal;
        if (nominal != 0 && !(conditions.process[i] / nominal > 0))
            return refuse(bench.process()[i].name, conditions.process[i]);
    }
    if (!(conditions.supplyVolts > 0)) return refuse("supply", conditions.supplyVolts);
    if (!(conditions.temperature > -273.15)) return refuse("temperature", conditions.temperature);
    if (!(conditions.loadFarads >= 0)) return refuse("load", conditions.loadFarads);
    if (!(conditions.slewSeconds > 0)) return refuse("slew", conditions.slewSeconds);
    return {};
}

} // namespace

struct CellLabels::Impl {
    Impl(CellRecord theRecord, CellBench theBench, const LabelSettings& settings)
        : record(std::move(theRecord))
        , bench(std::move(theBench))
        , simulator(bench, settlingRangeOf(bench, record.ranges),
                    {settings.threads, settings.timeoutSeconds, settings.cacheFile, record.technology,
                     record.corner}) {}

    Result<Figure> figureOf(const std::string& target) const;
    Result<std::vector<Conditions>> conditionsOf(const Table& rows) const;
    Result<SimulatedLabels> label(const Table& rows, const std::string& target, JobContext& context);

    CellRecord record;
    CellBench bench;
    CellSimulator simulator;
};

Result<Figure> CellLabels::Impl::figureOf(const std::string& target) const {
    if (target == "delay") return Figure(propagationDelay);
    std::vector<std::string> names{"delay"};
    for (std::size_t arc = 0; arc < bench.arcs().size(); ++arc) {
        const std::string name = nameOf(bench.cell(), bench.arcs()[arc], bench.arcs());
        for (const bool rises : {true, false}) {
            for (const bool isDelay : {true, false}) {
                names.push_back(
                    fmt::format("{}_{}_{}", isDelay ? "delay" : "slew", name, rises ? "rise" : "fall"));
                if (names.back() != target) continue;
                return Figure([=](const std::vector<ArcFigures>& arcs) {
                    const EdgeFigures& edge = rises ? arcs[arc].rise : arcs[arc].fall;
                    return isDelay ? edge.delay : edge.slew;
                });
            }
        }
    }
    return fail(ErrorCode::NotFound, fmt::format("The simulation of {} gives no \"{}\", but {}.",
                                                 bench.cell().name, target, fmt::join(names, ", ")));
}

Result<std::vector<Conditions>> CellLabels::Impl::conditionsOf(const Table& rows) const {
    std::vector<Source> process;
    for (const ProcessParameter& parameter : bench.process()) {
        const auto source =
            sourceOf(rows, parameter.name, parameter.unit,
                     record.ranges.processScale == 0 ? std::optional(parameter.nominal) : std::nullopt);
        if (!source) return forward(source);
        process.push_back(*source);
    }
    const auto supply = sourceOf(rows, "vdd", "V", fixedValue(record.ranges.supplyVolts));
    if (!supply) return forward(supply);
    const auto temperature = sourceOf(rows, "temperature", "C", fixedValue(record.ranges.temperature));
    if (!temperature) return forward(temperature);
    const auto load = sourceOf(rows, "load", "F", fixedValue(record.ranges.loadFarads));
    if (!load) return forward(load);
    const auto slew = sourceOf(rows, "slew", "s", fixedValue(record.ranges.slewSeconds));
    if (!slew) return forward(slew);
    std::vector<Conditions> all;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        Conditions each{{}, supply->at(row), temperature->at(row), load->at(row), slew->at(row)};
        for (const Source& source : process)
            each.process.push_back(source.at(row));
        all.push_back(std::move(each));
    }
    return all;
}

Result<SimulatedLabels> CellLabels::Impl::label(const Table& rows, const std::string& target,
                                                JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    const std::size_t simulatedBefore = simulator.simulated(), cachedBefore = simulator.cached();
    const auto figure = figureOf(target);
    if (!figure) return forward(figure);
    double factor = 1;
    if (const auto column = rows.column(target)) {
        const auto own = factorOf(rows.columns[*column], "s");
        if (!own) return forward(own);
        factor = *own;
    }
    const auto all = conditionsOf(rows);
    if (!all) return forward(all);
    SimulatedLabels labels;
    labels.values.assign(rows.rows(), std::numeric_limits<double>::quiet_NaN());
    labels.errors.resize(rows.rows());
    std::vector<Conditions> usable;
    std::vector<std::size_t> places;
    for (std::size_t row = 0; row < rows.rows(); ++row) {
        if (const auto valid = checkConditions((*all)[row], bench); !valid) {
            labels.errors[row] = valid.error();
            continue;
        }
        usable.push_back((*all)[row]);
        places.push_back(row);
    }
    const auto answers = simulator.measure(usable, context);
    if (!answers) return forward(answers);
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& answer = (*answers)[i];
        if (answer)
            labels.values[places[i]] = (*figure)(*answer) / factor;
        else
            labels.errors[places[i]] = answer.error();
    }
    labels.simulated = simulator.simulated() - simulatedBefore;
    labels.cached = simulator.cached() - cachedBefore;
    labels.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return labels;
}

std::size_t SimulatedLabels::failed() const {
    return static_cast<std::size_t>(
        std::count_if(errors.begin(), errors.end(), [](const auto& error) { return error.has_value(); }));
}

CellLabels::CellLabels(std::shared_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
CellLabels::CellLabels(CellLabels&&) noexcept = default;
CellLabels& CellLabels::operator=(CellLabels&&) noexcept = default;
CellLabels::~CellLabels() = default;

Result<CellLabels> CellLabels::create(const CellRecord& record, const LabelSettings& settings) {
    const auto technology = technology::loadTechnology(record.technology);
    if (!technology) return forward(technology);
    const auto cell = loadCell(record.cell);
    if (!cell) return forward(cell);
    CellRecord complete = record;
    complete.ranges = record.ranges.completed(*technology);
    if (const auto valid = complete.ranges.validate(); !valid) return forward(valid);
    auto bench = CellBench::create(*cell, *technology, record.corner);
    if (!bench) return forward(bench);
    if (!record.deck.empty() && sha256(bench->deck()) != record.deck)
        return fail(ErrorCode::BadInput,
                    fmt::format("The cell {} or the technology {} has changed since the table was simulated: "
                                "simulated rows would not go with it.",
                                record.cell, record.technology));
    return CellLabels(std::make_shared<Impl>(std::move(complete), std::move(*bench), settings));
}

const CellRecord& CellLabels::record() const {
    return m_impl->record;
}

std::size_t CellLabels::simulated() const {
    return m_impl->simulator.simulated();
}
std::size_t CellLabels::cached() const {
    return m_impl->simulator.cached();
}

Result<SimulatedLabels> CellLabels::label(const Table& rows, const std::string& target, JobContext& context) {
    return m_impl->label(rows, target, context);
}

Labeller CellLabels::labeller(const std::string& target) const {
    return [impl = m_impl, target](const Table& rows, JobContext& context) -> Result<std::vector<double>> {
        auto labels = impl->label(rows, target, context);
        if (!labels) return forward(labels);
        return std::move(labels->values);
    };
}

} // namespace headroom::delay
