#include "core/delay/cell_bench.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "core/delay/waveform.h"

namespace headroom::delay {
namespace {

using netlist::Device;
using netlist::NetId;
using simulation::Alteration;
using simulation::written;

/// What scatters of a MOSFET's card, and by how much (standard deviation over nominal value).
struct Scatter {
    const char* figure;
    const char* unit;
    double deviation;
};
constexpr std::array scatters = {Scatter{"vth0", "V", 0.05},    Scatter{"toxe", "m", 0.03},
                                 Scatter{"u0", "m2/Vs", 0.05},  Scatter{"lint", "m", 0.15},
                                 Scatter{"ndep", "cm-3", 0.05}, Scatter{"xj", "m", 0.05}};

/// From the start of a transient to the first edge, s.
constexpr double kLead = 2e-12;
/// Of the supply: how near to its rail an output counts as settled.
constexpr double kSettled = 0.02;
/// First guess of how long outputs take, and by what it grows while they have not settled.
constexpr double kFirstHold = 100e-12, kMostHold = 1e-6, kGrowth = 1.8;
/// The window over the time that settling takes at nominal process.
constexpr double kMargin = 1.35;
/// Longest time step over the hold and over the input's ramp, which keeps delays within about 0.3 % and slews
/// within 0.6 %.
constexpr double kStepsPerHold = 56, kStepsPerRamp = 7, kMostStepsPerHold = 1000;

std::string net(NetId id) {
    return fmt::format("n{}", id);
}

double rampOf(double slew) {
    return slew / (kSlewTo - kSlewFrom);
}

} // namespace

/// Of one stimulus.
struct CellBench::Waveforms {
    std::vector<double> times;
    std::vector<std::vector<double>> outputs; ///< as Stimulus::arcs
    double ramp = 0, hold = 0;                ///< s
    double riseAt() const { return kLead; }   ///< where the input's edges start
    double fallAt() const { return kLead + ramp + hold; }
};

Result<CellBench> CellBench::create(Cell cell, const technology::Technology& technology,
                                    const std::string& corner) {
    auto arcs = arcsOf(cell);
    if (!arcs) return forward(arcs);
    CellBench bench;
    std::vector<technology::ModelUse> uses;
    std::string devices;
    std::set<std::string> known;
    for (std::size_t index = 0; index < cell.circuit.devices.size(); ++index) {
        const Device& device = cell.circuit.devices[index];
        const auto* rules = technology.rulesFor(device);
        if (rules == nullptr)
            return fail(ErrorCode::NotFound, fmt::format("The technology {} has no MOSFET for {} (model {}).",
                                                         technology.name, device.name, device.model));
        const auto card = technology.cards.find(rules->model);
        if (card == technology.cards.end() || !card->second.bins.empty())
            return fail(
                ErrorCode::Unsupported,
                fmt::format("The technology {} gives the model {} as a library or in bins; a cell's process "
                            "can be varied only where it is one card of figures.",
                            technology.name, rules->model));
        const auto width = device.totalWidth(), length = device.number("l");
        if (!width || !length)
            return fail(ErrorCode::BadInput,
                        fmt::format("{} of the cell {} has no width or length.", device.name, cell.name));
        devices += fmt::format(
            "m{} {} {} {} {} {} w={} l={}\n", index, net(device.nets[netlist::Drain]),
            net(device.nets[netlist::Gate]), net(device.nets[netlist::Source]),
            net(device.nets[device.nets.size() > netlist::Bulk ? netlist::Bulk : netlist::Source]),
            rules->model, written(*width), written(*length));
        if (!known.insert(rules->model).second) continue;
        uses.push_back({rules->model, 0});
        const bool isOnly =
            std::none_of(bench.m_process.begin(), bench.m_process.end(), [&](const auto& other) {
                return other.name.starts_with(*device.polarity == netlist::Polarity::N ? "n_" : "p_");
            });
        const std::string prefix =
            isOnly ? (*device.polarity == netlist::Polarity::N ? "n" : "p") : rules->model;
        for (const Scatter& scatter : scatters)
            if (const auto nominal = technology.figure(rules->model, scatter.figure, 0, corner))
                bench.m_process.push_back({fmt::format("{}_{}", prefix, scatter.figure), rules->model,
                                           scatter.figure, scatter.unit, *nominal, scatter.deviation});
    }
    const auto models = technology.modelText(corner, uses);
    if (!models) return forward(models);
    bench.m_deck = fmt::format("* {}\n", cell.name);
    bench.m_deck += *models + devices;
    bench.m_deck += fmt::format("v_dd {} 0 dc 1\nv_ss {} 0 dc 0\n", net(cell.supply), net(cell.ground));
    for (std::size_t input = 0; input < cell.inputs.size(); ++input)
        bench.m_deck +=
            fmt::format("v_i{} {} 0 dc 0 pulse(0 0 0 1p 1p 1 2)\n", input, net(cell.inputs[input]));
    for (std::size_t output = 0; output < cell.outputs.size(); ++output)
        bench.m_deck += fmt::format("c_o{} {} 0 1f\n", output, net(cell.outputs[output]));
    bench.m_deck += ".options noinit reltol=1e-3 vntol=1e-6 abstol=1e-12 temp=27\n.end\n";
    for (std::size_t arc = 0; arc < arcs->size(); ++arc) {
        const Arc& each = (*arcs)[arc];
        const auto same =
            std::find_if(bench.m_stimuli.begin(), bench.m_stimuli.end(), [&](const Stimulus& stimulus) {
                return stimulus.input == each.input && stimulus.others == each.others;
            });
        if (same != bench.m_stimuli.end())
            same->arcs.push_back(arc);
        else
            bench.m_stimuli.push_back({each.input, each.others, {arc}});
    }
    bench.m_cell = std::move(cell);
    bench.m_arcs = std::move(*arcs);
    return bench;
}

Conditions CellBench::nominal(double supplyVolts, double temperature, double load, double slew) const {
    Conditions conditions{{}, supplyVolts, temperature, load, slew};
    for (const ProcessParameter& parameter : m_process)
        conditions.process.push_back(parameter.nominal);
    return conditions;
}

std::vector<Alteration> CellBench::alterations(const Conditions& conditions) const {
    std::vector<Alteration> changes;
    for (std::size_t index = 0; index < m_process.size(); ++index)
        changes.push_back({m_process[index].model,
                           m_process[index].figure,
                           {conditions.process[index]},
                           Alteration::Of::Model});
    changes.push_back({{}, {}, {conditions.temperature}, Alteration::Of::Temperature});
    changes.push_back({"v_dd", {}, {conditions.supplyVolts}});
    for (std::size_t output = 0; output < m_cell.outputs.size(); ++output)
        changes.push_back({fmt::format("c_o{}", output), {}, {conditions.loadFarads}});
    return changes;
}

Result<CellBench::Waveforms> CellBench::simulate(simulation::Engine& engine, const Stimulus& stimulus,
                                                 const Conditions& conditions, double hold,
                                                 std::vector<Alteration> alterations, double timeoutSeconds,
                                                 const JobContext& context) const {
    Waveforms waveforms;
    waveforms.ramp = rampOf(conditions.slewSeconds);
    waveforms.hold = hold;
    const double high = conditions.supplyVolts, ramp = waveforms.ramp;
    const double end = waveforms.fallAt() + ramp + hold;
    for (std::size_t input = 0; input < m_cell.inputs.size(); ++input) {
        const bool toggles = input == stimulus.input;
        const double rest = !toggles && stimulus.others[input] ? high : 0;
        alterations.push_back({fmt::format("v_i{}", input),
                               "pulse",
                               {rest, toggles ? high : rest, kLead, ramp, ramp, hold, 2 * end}});
    }
    simulation::Analysis analysis;
    analysis.kind = simulation::Analysis::Kind::Transient;
    analysis.to = end;
    analysis.step = std::min(hold / kStepsPerHold, std::max(ramp / kStepsPerRamp, hold / kMostStepsPerHold));
    analysis.wanted = {"time"};
    for (const std::size_t arc : stimulus.arcs)
        analysis.wanted.push_back(net(m_cell.outputs[m_arcs[arc].output]));
    const auto deadline =
        simulation::Engine::Clock::now() + std::chrono::duration_cast<simulation::Engine::Clock::duration>(
                                               std::chrono::duration<double>(timeoutSeconds));
    auto answer = engine.analyse(alterations, analysis, deadline, context);
    if (!answer) return forward(answer);
    waveforms.times = std::move(answer->vectors[0].numbers);
    for (std::size_t index = 1; index < answer->vectors.size(); ++index) {
        if (answer->vectors[index].numbers.size() != waveforms.times.size())
            return fail(ErrorCode::Simulator, "The simulator's answer cannot be read.");
        waveforms.outputs.push_back(std::move(answer->vectors[index].numbers));
    }
    return waveforms;
}

Result<double> CellBench::settlingTime(simulation::Engine& engine, const Stimulus& stimulus,
                                       const Conditions& conditions, double timeoutSeconds,
                                       const JobContext& context) const {
    for (double hold = kFirstHold; hold < kMostHold; hold *= kGrowth) {
        const auto waveforms =
            simulate(engine, stimulus, conditions, hold, alterations(conditions), timeoutSeconds, context);
        if (!waveforms) return forward(waveforms);
        double longest = 0;
        for (std::size_t index = 0; index < stimulus.arcs.size(); ++index) {
            const bool inverts = m_arcs[stimulus.arcs[index]].inverting;
            const std::vector<double>& output = waveforms->outputs[index];
            const double high = conditions.supplyVolts, ramp = waveforms->ramp;
            for (const bool isFirst : {true, false}) {
                const double start = (isFirst ? waveforms->riseAt() : waveforms->fallAt()) + ramp;
                const double last = isFirst ? waveforms->fallAt() : start + hold;
                const double rail = isFirst != inverts ? high : 0;
                longest = std::max(longest,
                                   timeOutside(waveforms->times, output, rail, kSettled * high, start, last) -
                                       start);
            }
        }
        if (longest < 0.9 * hold) return longest;
    }
    return fail(ErrorCode::Infeasible, fmt::format("The cell {} does not switch within {} ns at {} V.",
                                                   m_cell.name, kMostHold * 1e9, conditions.supplyVolts));
}

Result<std::vector<CellBench::Settling>> CellBench::findSettling(simulation::Engine& engine,
                                                                 const Conditions& slowest, double low,
                                                                 double high, double timeoutSeconds,
                                                                 const JobContext& context) const {
    std::vector<Settling> result;
    for (const Stimulus& stimulus : m_stimuli) {
        Conditions conditions = slowest;
        conditions.loadFarads = low;
        const auto fast = settlingTime(engine, stimulus, conditions, timeoutSeconds, context);
        if (!fast) return forward(fast);
        Settling settling{*fast, 0, low};
        if (high > low) {
            conditions.loadFarads = high;
            const auto slow = settlingTime(engine, stimulus, conditions, timeoutSeconds, context);
            if (!slow) return forward(slow);
            settling.perFarad = std::max(0.0, *slow - *fast) / (high - low);
        }
        result.push_back(settling);
    }
    return result;
}

Result<std::vector<ArcFigures>> CellBench::measure(simulation::Engine& engine, const Conditions& conditions,
                                                   const std::vector<Settling>& settling,
                                                   double timeoutSeconds, const JobContext& context) const {
    std::vector<ArcFigures> figures(m_arcs.size());
    const double high = conditions.supplyVolts;
    auto changes = alterations(conditions);
    for (std::size_t number = 0; number < m_stimuli.size(); ++number) {
        const Stimulus& stimulus = m_stimuli[number];
        const Settling& expected = settling[number];
        double hold =
            std::max(10e-12, kMargin * (expected.atLow +
                                        expected.perFarad * (conditions.loadFarads - expected.lowLoad)));
        bool isSettled = false;
        for (; !isSettled && hold < kMostHold; hold *= kGrowth) {
            const auto waveforms =
                simulate(engine, stimulus, conditions, hold, std::move(changes), timeoutSeconds, context);
            changes.clear(); // The engine keeps them.
            if (!waveforms) return forward(waveforms);
            isSettled = true;
            for (std::size_t index = 0; index < stimulus.arcs.size(); ++index) {
                const std::size_t arc = stimulus.arcs[index];
                const auto edges = edgesOf(*waveforms, index, m_arcs[arc].inverting, high);
                if (!edges) {
                    isSettled = false;
                    break;
                }
                figures[arc] = *edges;
            }
        }
        if (!isSettled)
            return fail(ErrorCode::Infeasible,
                        fmt::format("The cell {} does not switch within {} ns at {:.3g} V and {:.3g} C.",
                                    m_cell.name, kMostHold * 1e9, high, conditions.temperature));
    }
    return figures;
}

std::optional<ArcFigures> CellBench::edgesOf(const Waveforms& waveforms, std::size_t output, bool inverting,
                                             double high) {
    const std::vector<double>&times = waveforms.times, &volts = waveforms.outputs[output];
    const auto edge = [&](bool isFirst) -> std::optional<EdgeFigures> {
        const double start = isFirst ? waveforms.riseAt() : waveforms.fallAt();
        const double last = isFirst ? waveforms.fallAt() : start + waveforms.ramp + waveforms.hold;
        const bool rises = isFirst != inverting;
        const double rail = rises ? high : 0;
        if (std::abs(valueAt(times, volts, last) - rail) > kSettled * high) return std::nullopt;
        const auto at = [&](double share) {
            return lastCrossing(times, volts, share * high, rises, start, last);
        };
        const auto half = at(kDelayAt), low = at(kSlewFrom), top = at(kSlewTo);
        if (!half || !low || !top) return std::nullopt;
        return EdgeFigures{*half - (start + kDelayAt * waveforms.ramp), std::abs(*top - *low)};
    };
    const auto first = edge(true), second = edge(false);
    if (!first || !second) return std::nullopt;
    return inverting ? ArcFigures{*second, *first} : ArcFigures{*first, *second};
}

} // namespace headroom::delay
