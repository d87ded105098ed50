#include "core/delay/cell_bench.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/delay/waveform.h"
#include "core/simulation/worker_protocol.h"
#include "core/technology/library_excerpt.h"

namespace headroom::delay {
namespace {

using netlist::Device;
using netlist::NetId;
using simulation::Alteration;
using simulation::written;

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

/// A cell's MOSFETs as a deck has them.
struct DeckDevices {
    std::string lines;
    std::vector<CellDevice> devices;
    std::vector<technology::LibraryExcerpt::Use> sizes;
};

/// W of all fingers and L, m: those of the netlist, or where a cell is drawn for another process what becomes
/// of them in this one.
struct DeviceSize {
    double width = 0, length = 0;
};

Result<DeviceSize> sizeOf(const Cell& cell, const Device& device, const technology::MosfetRules& rules,
                          double grid) {
    const auto width = device.unitWidth(), length = device.number(device.lengthName());
    if (!width || !length)
        return fail(ErrorCode::BadInput,
                    fmt::format("{} of the cell {} has no width or length.", device.name, cell.name));
    if (cell.drawnLength == 0 || cell.drawnLength == rules.minLength) return DeviceSize{*width, *length};
    const double scale = rules.minLength / cell.drawnLength;
    return DeviceSize{technology::snapToGrid(scale * *width, grid, rules.minWidth, rules.maxWidth),
                      technology::snapToGrid(scale * *length, grid, rules.minLength, rules.maxLength)};
}

/// Sizes as a card without bins takes them, or with all that a bin is chosen by and by the names and in the
/// unit of a library.
std::string sizeText(const Device& device, const technology::MosfetRules& rules, const DeviceSize& size,
                     bool isPlain, double lengthUnit) {
    const double units = device.number("m").value_or(1);
    if (isPlain) return fmt::format(" w={} l={}", written(size.width * units), written(size.length));
    std::string text;
    const std::pair<const char*, double> parameters[] = {{"w", size.width / lengthUnit},
                                                         {"l", size.length / lengthUnit},
                                                         {"m", units},
                                                         {"nf", device.fingers()}};
    for (const auto& [name, value] : parameters) {
        const auto renamed = rules.parameterNames.find(name);
        const std::string& own = renamed == rules.parameterNames.end() ? name : renamed->second;
        if (!own.empty()) text += fmt::format(" {}={}", own, written(value));
    }
    return text;
}

Result<void> addDevice(DeckDevices& deck, const Cell& cell, const technology::Technology& technology) {
    const std::size_t index = deck.devices.size();
    const Device& device = cell.circuit.devices[index];
    const technology::MosfetRules* rules = technology.rulesFor(device);
    if (rules == nullptr)
        return fail(ErrorCode::NotFound, fmt::format("The technology {} has no MOSFET for {} (model {}).",
                                                     technology.name, device.name, device.model));
    const auto size = sizeOf(cell, device, *rules, technology.grid);
    if (!size) return forward(size);
    const double finger = size->width / device.fingers();
    const auto bin = technology.requireBin(*rules, finger, size->length);
    if (!bin) return forward(bin);
    const auto card = technology.cards.find(rules->model);
    const bool isPlain = card != technology.cards.end() && card->second.bins.empty();
    const bool isSubcircuit = !rules->innerDevice.empty();
    const std::string name = fmt::format("{}{}", isSubcircuit ? 'x' : 'm', index);
    deck.devices.push_back(
        {rules, *bin, isSubcircuit ? fmt::format("m.{}.{}", name, rules->innerDevice) : name});
    deck.sizes.push_back({rules->model, size->width, finger, size->length});
    deck.lines += fmt::format(
        "{} {} {} {} {} {}{}{}\n", name, net(device.nets[netlist::Drain]), net(device.nets[netlist::Gate]),
        net(device.nets[netlist::Source]),
        net(device.nets[device.nets.size() > netlist::Bulk ? netlist::Bulk : netlist::Source]), rules->model,
        sizeText(device, *rules, *size, isPlain, technology.lengthUnit), isSubcircuit ? "" : " ic=0,0,0");
    return {};
}

/// The models at a corner, of bins and of a library what the devices want.
Result<std::string> modelText(const DeckDevices& deck, const technology::Technology& technology,
                              const std::string& corner) {
    std::vector<technology::ModelUse> uses;
    for (const CellDevice& device : deck.devices) {
        const technology::ModelUse use{device.rules->model, device.bin};
        if (std::find(uses.begin(), uses.end(), use) == uses.end()) uses.push_back(use);
    }
    std::optional<std::string> excerpt;
    if (const auto library = technology::LibraryExcerpt::of(technology, corner))
        excerpt = library->text(deck.sizes);
    auto models = technology.modelText(corner, uses, excerpt ? &*excerpt : nullptr);
    if (!models) return models;
    std::string text;
    for (const std::string& command : technology.commandsBeforeDeck())
        text += std::string(simulation::protocol::before) + command + '\n';
    return text + *models;
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
    DeckDevices deck;
    for (std::size_t index = 0; index < bench.m_cell.circuit.devices.size(); ++index)
        if (const auto added = addDevice(deck, bench.m_cell, technology); !added) return forward(added);
    if (const auto known = technology.requireCorner(corner); !known) return forward(known);
    const auto models = modelText(deck, technology, corner);
    if (!models) return forward(models);
    for (const CellDevice& device : deck.devices)
        bench.m_elements.push_back(device.element);
    bench.m_process = processOf(deck.devices, technology, corner);
    bench.m_unvaried = unvariedFigures(deck.devices, technology, corner);
    bench.m_deck = fmt::format("* {}\n", bench.m_cell.name) + *models + deck.lines;
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
        for (const ProcessParameter::Place& place : m_process[index].places)
            changes.push_back(
                {place.element, place.parameter, {place.share * conditions.process[index]}, place.of});
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
            {m_elements[index],
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
    return fail(ErrorCode::Infeasible,
                fmt::format("The cell {} does not switch within {} us at {:.3g} V and a load of {:.3g} F.",
                            m_cell.name, kMostHold * 1e6, conditions.supplyVolts, conditions.loadFarads));
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
