#include "core/delay/cell_bench.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

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
/// Of the supply: how near to its rail an output has to come for its crossings to be its last.
constexpr double kSettled = 0.1;
/// First guess of how long outputs take, and by what it grows while they have not come so near.
constexpr double kFirstHold = 100e-12, kMostHold = 1e-6, kGrowth = 1.8;
/// The window over the time that settling takes at nominal process.
constexpr double kMargin = 1.35;
/// The same over what the first stimulus under the same conditions lets expect.
constexpr double kLaterMargin = 1.3, kLeastSlowness = 0.5;
/// Share of the supply that an undriven net is guessed at.
constexpr double kBetween = 0.5;
/// Shorter windows save nothing, s.
constexpr double kLeastHold = 10e-12;
/// Longest time step over the hold and over the input's ramp, which keeps delays within about 0.1 % and slews
/// within 0.8 %.
constexpr double kStepsPerHold = 24, kStepsPerRamp = 8, kMostStepsPerHold = 1000;

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
    double ramp = 0, hold = 0;                ///< s, of the input's edge and after it
    double edgeEnds() const { return kLead + ramp; }
    double end() const { return edgeEnds() + hold; }
};

Result<CellBench> CellBench::create(Cell cell, const technology::Technology& technology,
                                    const std::string& corner) {
    auto arcs = arcsOf(cell);
    if (!arcs) return forward(arcs);
    CellBench bench;
    bench.m_cell = std::move(cell);
    bench.m_arcs = std::move(*arcs);
    std::vector<technology::ModelUse> uses;
    std::string devices;
    for (std::size_t index = 0; index < bench.m_cell.circuit.devices.size(); ++index) {
        const auto line = bench.addDevice(index, technology, corner, uses);
        if (!line) return forward(line);
        devices += *line;
    }
    const auto models = technology.modelText(corner, uses);
    if (!models) return forward(models);
    bench.m_deck = fmt::format("* {}\n", bench.m_cell.name);
    bench.m_deck += *models + devices;
    bench.m_deck +=
        fmt::format("v_dd {} 0 dc 1\nv_ss {} 0 dc 0\n", net(bench.m_cell.supply), net(bench.m_cell.ground));
    for (std::size_t input = 0; input < bench.m_cell.inputs.size(); ++input)
        bench.m_deck +=
            fmt::format("v_i{} {} 0 dc 0 pulse(0 0 0 1p 1p 1 2)\n", input, net(bench.m_cell.inputs[input]));
    for (std::size_t output = 0; output < bench.m_cell.outputs.size(); ++output)
        bench.m_deck += fmt::format("c_o{} {} 0 1f\n", output, net(bench.m_cell.outputs[output]));
    bench.m_deck += ".options noinit reltol=1e-3 vntol=1e-6 abstol=1e-12 temp=27\n.end\n";
    bench.addStimuli();
    return bench;
}

Result<std::string> CellBench::addDevice(std::size_t index, const technology::Technology& technology,
                                         const std::string& corner, std::vector<technology::ModelUse>& uses) {
    const Device& device = m_cell.circuit.devices[index];
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
                    fmt::format("{} of the cell {} has no width or length.", device.name, m_cell.name));
    const bool isKnown =
        std::any_of(uses.begin(), uses.end(), [&](const auto& use) { return use.model == rules->model; });
    if (!isKnown) {
        uses.push_back({rules->model, 0});
        addScatter(rules->model, *device.polarity, technology, corner);
    }
    return fmt::format("m{} {} {} {} {} {} w={} l={} ic=0,0,0\n", index, net(device.nets[netlist::Drain]),
                       net(device.nets[netlist::Gate]), net(device.nets[netlist::Source]),
                       net(device.nets[device.nets.size() > netlist::Bulk ? netlist::Bulk : netlist::Source]),
                       rules->model, written(*width), written(*length));
}

void CellBench::addScatter(const std::string& model, netlist::Polarity polarity,
                           const technology::Technology& technology, const std::string& corner) {
    const std::string letter = polarity == netlist::Polarity::N ? "n" : "p";
    const bool isOnly = std::none_of(m_process.begin(), m_process.end(),
                                     [&](const auto& other) { return other.name.starts_with(letter + "_"); });
    for (const Scatter& scatter : scatters)
        if (const auto nominal = technology.figure(model, scatter.figure, 0, corner))
            m_process.push_back({fmt::format("{}_{}", isOnly ? letter : model, scatter.figure), model,
                                 scatter.figure, scatter.unit, *nominal, scatter.deviation});
}

void CellBench::addStimuli() {
    for (std::size_t arc = 0; arc < m_arcs.size(); ++arc) {
        const Arc& each = m_arcs[arc];
        for (const bool rises : {true, false}) {
            const auto same = std::find_if(m_stimuli.begin(), m_stimuli.end(), [&](const Stimulus& stimulus) {
                return stimulus.input == each.input && stimulus.others == each.others &&
                       stimulus.rises == rises;
            });
            if (same != m_stimuli.end())
                same->arcs.push_back(arc);
            else
                m_stimuli.push_back({each.input, each.others, rises, {arc}});
        }
    }
    for (Stimulus& stimulus : m_stimuli) {
        std::vector<bool> inputs = stimulus.others;
        inputs[stimulus.input] = !stimulus.rises;
        for (const Level level : settle(m_cell, inputs))
            stimulus.levels.push_back(level == Level::High ? 1 : (level == Level::Low ? 0 : kBetween));
    }
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
    for (std::size_t input = 0; input < m_cell.inputs.size(); ++input) {
        const bool toggles = input == stimulus.input;
        const double before = (toggles ? !stimulus.rises : stimulus.others[input]) ? high : 0;
        const double after = toggles ? high - before : before;
        alterations.push_back(
            {fmt::format("v_i{}", input), "pulse", {before, after, kLead, ramp, ramp, 1, 2}});
    }
    // Where ngspice begins to look for the operating point: from nothing it takes longer than the transient.
    for (std::size_t index = 0; index < m_cell.circuit.devices.size(); ++index) {
        const auto& nets = m_cell.circuit.devices[index].nets;
        const auto volts = [&](std::size_t terminal) {
            const NetId at = nets[terminal < nets.size() ? terminal : netlist::Source];
            return high * stimulus.levels[static_cast<std::size_t>(at)];
        };
        const double source = volts(netlist::Source);
        alterations.push_back(
            {fmt::format("m{}", index),
             "ic",
             {volts(netlist::Drain) - source, volts(netlist::Gate) - source, volts(netlist::Bulk) - source}});
    }
    simulation::Analysis analysis;
    analysis.kind = simulation::Analysis::Kind::Transient;
    analysis.to = waveforms.end();
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

double CellBench::settledAfter(const Waveforms& waveforms, const Stimulus& stimulus, double high) const {
    double latest = waveforms.edgeEnds();
    for (std::size_t index = 0; index < stimulus.arcs.size(); ++index) {
        const double rail = m_arcs[stimulus.arcs[index]].inverting != stimulus.rises ? high : 0;
        latest = std::max(latest, timeOutside(waveforms.times, waveforms.outputs[index], rail,
                                              kSettled * high, waveforms.edgeEnds(), waveforms.end()));
    }
    return latest - waveforms.edgeEnds();
}

Result<double> CellBench::settlingTime(simulation::Engine& engine, const Stimulus& stimulus,
                                       const Conditions& conditions, double timeoutSeconds,
                                       const JobContext& context) const {
    for (double hold = kFirstHold; hold < kMostHold; hold *= kGrowth) {
        const auto waveforms =
            simulate(engine, stimulus, conditions, hold, alterations(conditions), timeoutSeconds, context);
        if (!waveforms) return forward(waveforms);
        const double longest = settledAfter(*waveforms, stimulus, conditions.supplyVolts);
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
    // How much slower than expected the cell is under these conditions: seen at the first stimulus, whose
    // window has to be generous, and expected of the others.
    double slowness = kMargin;
    for (std::size_t number = 0; number < m_stimuli.size(); ++number) {
        const Stimulus& stimulus = m_stimuli[number];
        const Settling& expected = settling[number];
        const double usual = expected.atLow + expected.perFarad * (conditions.loadFarads - expected.lowLoad);
        double hold = std::max(kLeastHold, slowness * usual);
        bool isSettled = false;
        for (; !isSettled && hold < kMostHold; hold *= kGrowth) {
            const auto waveforms =
                simulate(engine, stimulus, conditions, hold, std::move(changes), timeoutSeconds, context);
            changes.clear(); // The engine keeps them.
            if (!waveforms) return forward(waveforms);
            isSettled = true;
            for (std::size_t index = 0; isSettled && index < stimulus.arcs.size(); ++index) {
                const std::size_t arc = stimulus.arcs[index];
                const bool rises = m_arcs[arc].inverting != stimulus.rises;
                const auto edge = edgeOf(*waveforms, index, rises, high);
                isSettled = edge.has_value();
                if (edge) (rises ? figures[arc].rise : figures[arc].fall) = *edge;
            }
            if (isSettled && number == 0 && usual > 0)
                slowness =
                    kLaterMargin * std::max(kLeastSlowness, settledAfter(*waveforms, stimulus, high) / usual);
        }
        if (!isSettled)
            return fail(ErrorCode::Infeasible,
                        fmt::format("The cell {} does not switch within {} ns at {:.3g} V and {:.3g} C.",
                                    m_cell.name, kMostHold * 1e9, high, conditions.temperature));
    }
    return figures;
}

std::optional<EdgeFigures> CellBench::edgeOf(const Waveforms& waveforms, std::size_t output, bool rises,
                                             double high) {
    const std::vector<double>&times = waveforms.times, &volts = waveforms.outputs[output];
    const double rail = rises ? high : 0;
    if (std::abs(volts.back() - rail) > kSettled * high) return std::nullopt;
    const auto at = [&](double share) {
        return lastCrossing(times, volts, share * high, rises, 0, waveforms.end());
    };
    const auto half = at(kDelayAt), low = at(kSlewFrom), top = at(kSlewTo);
    if (!half || !low || !top) return std::nullopt;
    return EdgeFigures{*half - (kLead + kDelayAt * waveforms.ramp), std::abs(*top - *low)};
}

} // namespace headroom::delay
