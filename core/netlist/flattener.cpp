#include "core/netlist/flattener.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

constexpr double kMostDevices = 2e6;
constexpr double kMostBytes = 1e9;
constexpr double kBytesPerDefinition = 64; // every instance has its own parameters
constexpr int kDeepestHierarchy = 100;

bool isTransistorOrInstance(const Element& element) {
    return element.type == DeviceType::Mosfet || element.type == DeviceType::Bipolar ||
           element.subcircuit >= 0;
}

bool isAnyOf(std::string_view name, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

/// Parameters that the circuit needs as figures; a word in their place is a mistake.
bool isFigure(std::string_view name) {
    return isAnyOf(name, {"w", "l", "m", "nf", "ng", "mult", "value", "ad", "as", "pd", "ps", "area"});
}

/// Whether a parameter holds words by its nature: waveforms, names, part data, lists.
bool isText(const NamedField& field, Dialect dialect) {
    if (isAnyOf(field.name, {"waveform", "expression", "control"})) return true;
    const std::string_view text = field.value.text;
    if (field.spectre) {
        return text.starts_with("[") || text.starts_with("\"") ||
               isAnyOf(field.name, {"type", "region", "probe", "ind1", "ind2", "coil1", "coil2"});
    }
    if (text.starts_with("\"") && dialect == Dialect::Ltspice) return true;
    // "IC=0.5,1": a comma inside of brackets belongs to a function.
    if (isFigure(field.name)) return false;
    return text.find(',') != std::string_view::npos && text.find('(') == std::string_view::npos;
}

/// Whether a parameter without a value may be text that means something to other tools: a quoted string,
/// in CDL any word.
bool mayBeText(const NamedField& field, Dialect dialect) {
    const std::string& text = field.value.text;
    if (field.spectre || isFigure(field.name)) return false;
    if (text.starts_with("\"")) return true;
    return dialect == Dialect::Cdl && std::all_of(text.begin(), text.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '_';
           });
}

std::string joined(const std::vector<std::string>& names) {
    std::string result;
    for (const std::string& each : names)
        result += (result.empty() ? "" : ", ") + each;
    return result;
}

} // namespace

Flattener::Flattener(Netlist& netlist, const SpiceDocument& document, FindingList& findings,
                     const ReadOptions& options)
    : m_netlist(netlist)
    , m_document(document)
    , m_findings(findings)
    , m_options(options) {}

const NumberRules& Flattener::scopeRules() const {
    return m_document.rulesOf(m_document.caseSensitive);
}

Result<void> Flattener::run() {
    interpret();
    const auto top = chooseTop();
    if (!top) return forward(top);
    if (auto checked = checkSize(*top); !checked) return checked;
    chooseLengthUnit();

    ParameterScope global(nullptr, scopeRules(), m_budget);
    defineParameters(global, m_document.subcircuits[0], nullptr, nullptr);
    for (const NamedField& each : m_document.subcircuits[0].locals) {
        if (const auto value = global.parameter(each.name).value) m_netlist.parameters[each.name] = *value;
    }
    if (m_document.temperature)
        m_netlist.temperature = global.evaluate(*m_document.temperature, scopeRules()).value;

    const Subcircuit& source = m_document.subcircuits[static_cast<std::size_t>(*top)];
    ParameterScope local(&global, scopeRules(), m_budget);
    if (*top != 0) defineParameters(local, source, nullptr, nullptr);
    Instance instance{&source, *top, &local, {}, {}, 1, 0};
    m_netlist.circuit.name = *top == 0 ? m_netlist.files.front().path.stem().string() : source.name;
    for (const Field& port : source.ports) {
        const std::string key = lowerCase(port.text);
        const NetId net = netOf(instance, port.text, source.spectre);
        const auto direction = source.directions.find(key);
        m_netlist.circuit.ports.push_back(
            {port.text, net,
             direction == source.directions.end() ? PortDirection::Unknown : direction->second});
    }
    return expand(instance);
}

void Flattener::interpret() {
    const std::size_t count = m_document.subcircuits.size();
    m_cells.resize(count);
    DeviceRuleIndex rules;
    for (std::size_t i = 0; i < count; ++i) {
        const Subcircuit& source = m_document.subcircuits[i];
        Cell& cell = m_cells[i];
        cell.elements.reserve(source.devices.size());
        warnOfEqualNames(source);
        for (const DeviceCard& card : source.devices) {
            ElementReading reading = readElement(card, m_document, static_cast<int>(i), rules);
            for (const ElementProblem& problem : reading.problems) {
                if (problem.severity == Severity::Error) {
                    if (!cell.error) cell.error = m_findings.fail(card.span, problem.message).value();
                    m_findings.add(Severity::Warning, card.span, problem.message);
                } else if (problem.key.empty()) {
                    m_findings.add(problem.severity, card.span, problem.message);
                } else {
                    m_findings.addOnce(problem.key, problem.severity, card.span, problem.message);
                }
            }
            if (reading.element) cell.elements.push_back(std::move(*reading.element));
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        for (const Element& element : m_cells[i].elements) {
            const bool other = element.subcircuit >= 0 && element.subcircuit != static_cast<int>(i);
            if (other) m_cells[static_cast<std::size_t>(element.subcircuit)].instantiated = true;
        }
    }
}

/// Simulators refuse two devices of one name, or take the later one.
void Flattener::warnOfEqualNames(const Subcircuit& source) {
    if (m_document.mainIsTop) return; // drawings are checked by their readers
    std::unordered_map<std::string, const DeviceCard*> known;
    known.reserve(source.devices.size());
    for (const DeviceCard& card : source.devices) {
        const auto [first, isNew] = known.emplace(m_document.keyOf(card.name(), card.spectre), &card);
        if (isNew) continue;
        const SourceSpan& other = first->second->span;
        const std::string file =
            other.file == card.span.file
                ? std::string()
                : " of " + m_netlist.files[static_cast<std::size_t>(other.file)].path.string();
        m_findings.add(Severity::Warning, card.span,
                       fmt::format("'{}' in line {} has the name of the device in line {}{}.", card.name(),
                                   card.span.line, other.line, file));
    }
}

void Flattener::listTopCandidates() {
    const Cell& main = m_cells.front();
    auto& candidates = m_netlist.topCandidates;
    if (!main.elements.empty() || main.error) {
        candidates.push_back({m_netlist.files.front().path.stem().string(), main.elements.size(), 0});
    }
    for (std::size_t i = 1; i < m_cells.size(); ++i) {
        if (!isTopCandidate(i)) continue;
        const Subcircuit& source = m_document.subcircuits[i];
        candidates.push_back({source.name, m_cells[i].elements.size(), source.ports.size()});
    }
}

/// A cell of the imported file itself that holds something and that nothing instantiates.
bool Flattener::isTopCandidate(std::size_t i) const {
    const Subcircuit& source = m_document.subcircuits[i];
    const bool own = source.parent == 0 && source.span.file == 0;
    return own && !m_cells[i].instantiated && (!m_cells[i].elements.empty() || m_cells[i].error);
}

Result<int> Flattener::chooseTop() {
    listTopCandidates();
    const std::string& file = m_netlist.files.front().path.string();
    if (m_options.top) {
        const int found = m_document.findSubcircuit(*m_options.top, 0);
        if (found >= 0) return found;
        if (equalIgnoringCase(*m_options.top, m_netlist.files.front().path.stem().string())) return 0;
        return fail(ErrorCode::NotFound, fmt::format("{} has no subcircuit '{}'.", file, *m_options.top),
                    m_netlist.subcircuits.empty() ? std::string()
                                                  : "it has " + joined(m_netlist.subcircuits));
    }
    if (m_document.mainIsTop) return 0;
    std::vector<int> candidates;
    std::vector<std::string> names;
    for (std::size_t i = 1; i < m_cells.size(); ++i) {
        if (!isTopCandidate(i)) continue;
        candidates.push_back(static_cast<int>(i));
        names.push_back(m_document.subcircuits[i].name);
    }
    const Cell& main = m_cells.front();
    const bool mainIsCircuit =
        main.error || std::any_of(main.elements.begin(), main.elements.end(), isTransistorOrInstance) ||
        (!main.elements.empty() && candidates.empty());
    if (mainIsCircuit) return 0;
    if (candidates.empty()) {
        return failAt(ErrorCode::BadInput, file, 0, "The netlist contains no devices.");
    }
    const int top = candidates.back();
    const Subcircuit& source = m_document.subcircuits[static_cast<std::size_t>(top)];
    if (candidates.size() > 1) {
        m_findings.add(Severity::Note, source.span,
                       fmt::format("'{}' is taken as the top cell; the file also has {}.", source.name,
                                   joined({names.begin(), names.end() - 1})));
    }
    if (!main.elements.empty()) {
        m_findings.add(Severity::Note, main.elements.front().span,
                       fmt::format("Devices outside of '{}' are left out.", source.name));
    }
    return top;
}

Result<void> Flattener::checkSize(int top) {
    if (auto counted = count(top); !counted) return counted;
    const Expansion& size = m_cells[static_cast<std::size_t>(top)].expansion;
    if (size.devices <= kMostDevices && size.bytes <= kMostBytes) return {};
    return m_findings.fail(
        m_document.subcircuits[static_cast<std::size_t>(top)].span,
        fmt::format("The circuit has {:.3g} devices when its hierarchy is resolved; that is too "
                    "large.",
                    size.devices));
}

Result<void> Flattener::checkInstance(const Element& element) const {
    const Subcircuit& inner = m_document.subcircuits[static_cast<std::size_t>(element.subcircuit)];
    if (m_cells[static_cast<std::size_t>(element.subcircuit)].count == Cell::Count::Running) {
        return m_findings.fail(element.span, fmt::format("Subcircuit '{}' contains itself through '{}'.",
                                                         inner.name, element.name));
    }
    if (element.pins.empty() && element.nets.size() != inner.ports.size()) {
        return m_findings.fail(
            element.span, fmt::format("'{}' connects {} nets, but subcircuit '{}' has {} ports.",
                                      element.name, element.nets.size(), inner.name, inner.ports.size()));
    }
    return {};
}

void Flattener::addExpansion(Expansion& sum, const Element& element) {
    sum.devices += 1;
    sum.names += static_cast<double>(1 + element.nets.size());
    sum.bytes += static_cast<double>(element.name.size() + element.model.size());
    for (const std::string& each : element.nets)
        sum.bytes += static_cast<double>(each.size());
    for (const NamedField& each : element.parameters)
        sum.bytes += static_cast<double>(each.value.text.size());
}

/// Sizes up what is below a cell before anything is expanded; finds cells that contain themselves and
/// unusable cards that matter. Walks the hierarchy with a stack of its own, as it may be very deep.
Result<void> Flattener::count(int top) {
    struct Step {
        int cell;
        std::size_t next = 0; ///< element to look at
    };
    std::vector<Step> path{{top}};
    while (!path.empty()) {
        Step& step = path.back();
        Cell& cell = m_cells[static_cast<std::size_t>(step.cell)];
        if (cell.error) return tl::unexpected<Error>(*cell.error);
        cell.count = Cell::Count::Running;
        if (step.next == cell.elements.size()) {
            cell.count = Cell::Count::Done;
            path.pop_back();
            continue;
        }
        const Element& element = cell.elements[step.next];
        if (element.subcircuit >= 0) {
            if (auto checked = checkInstance(element); !checked) return checked;
            const Cell& inner = m_cells[static_cast<std::size_t>(element.subcircuit)];
            if (inner.count != Cell::Count::Done) {
                path.push_back({element.subcircuit});
                continue;
            }
            const Subcircuit& source = m_document.subcircuits[static_cast<std::size_t>(element.subcircuit)];
            cell.expansion.bytes +=
                kBytesPerDefinition * static_cast<double>(source.parameters.size() + source.locals.size() +
                                                          source.functions.size());
            cell.expansion.devices += inner.expansion.devices;
            cell.expansion.names += inner.expansion.names;
            cell.expansion.bytes +=
                inner.expansion.bytes + inner.expansion.names * static_cast<double>(element.name.size() + 1);
            cell.expansion.height = std::max(cell.expansion.height, inner.expansion.height + 1);
            if (cell.expansion.height > kDeepestHierarchy) {
                return m_findings.fail(element.span, "The hierarchy is too deep.");
            }
        }
        addExpansion(cell.expansion, element);
        ++step.next;
    }
    return {};
}

void Flattener::chooseLengthUnit() {
    if (m_options.lengthUnit) {
        m_netlist.lengthUnit = *m_options.lengthUnit;
        return;
    }
    m_netlist.lengthUnit = m_document.lengthScale;
    for (const Cell& cell : m_cells) {
        for (const Element& element : cell.elements) {
            if (element.type == DeviceType::Mosfet &&
                startsWithIgnoringCase(element.model, "sky130_fd_pr__")) {
                m_netlist.lengthUnit = 1e-6;
                return;
            }
        }
    }
}

void Flattener::defineParameters(ParameterScope& scope, const Subcircuit& source, const Element* element,
                                 const ParameterScope* outer) {
    const auto define = [&](const std::vector<NamedField>& fields, const ParameterScope* in) {
        for (const NamedField& each : fields)
            scope.define(each.name, each.value.text, in, &m_document.rulesOf(each.spectre));
    };
    for (const NamedField& each : source.parameters)
        scope.defineDefault(each.name, each.value.text, &m_document.rulesOf(each.spectre));
    define(source.locals, nullptr);
    for (const FunctionDefinition& each : source.functions)
        scope.defineFunction(each.name, each.arguments, each.body, &m_document.rulesOf(each.spectre));
    if (element) define(element->parameters, outer);
}

Result<void> Flattener::expand(Instance& instance) {
    for (const Element& element : m_cells[static_cast<std::size_t>(instance.cell)].elements) {
        if (element.subcircuit >= 0) {
            if (auto done = expandSubcircuit(instance, element); !done) return done;
        } else {
            addDevice(instance, element);
        }
    }
    return {};
}

Result<void> Flattener::expandSubcircuit(Instance& parent, const Element& element) {
    const Subcircuit& source = m_document.subcircuits[static_cast<std::size_t>(element.subcircuit)];
    ParameterScope scope(parent.scope, scopeRules(), m_budget);
    defineParameters(scope, source, &element, parent.scope);
    Instance child{&source, element.subcircuit, &scope, parent.prefix + element.name + "/", {},
                   1,       parent.depth + 1};
    child.multiplier = parent.multiplier * multiplierOf(parent, element);
    for (std::size_t i = 0; i < source.ports.size() && i < element.nets.size(); ++i) {
        child.nets.emplace(m_document.keyOf(source.ports[i].text, source.spectre),
                           netOf(parent, element.nets[i], element.spectre));
    }
    for (const NamedField& pin : element.pins)
        child.nets.emplace(pin.name, netOf(parent, pin.value.text, element.spectre));
    return expand(child);
}

double Flattener::multiplierOf(Instance& parent, const Element& element) {
    const Subcircuit& source = m_document.subcircuits[static_cast<std::size_t>(element.subcircuit)];
    const auto isM = [](const NamedField& each) { return each.name == "m"; };
    // A subcircuit that declares m itself decides what it does with it.
    if (std::any_of(source.parameters.begin(), source.parameters.end(), isM)) return 1;
    const auto m = std::find_if(element.parameters.begin(), element.parameters.end(), isM);
    if (m == element.parameters.end()) return 1;
    const Evaluation result = parent.scope->evaluate(m->value.text, m_document.rulesOf(m->spectre));
    if (result.value && *result.value > 0) return *result.value;
    m_findings.addOnce("m " + std::to_string(element.span.offset), Severity::Warning, m->value.span,
                       fmt::format("The multiplier of '{}' is not understood and taken as 1.", element.name),
                       m->value.text);
    return 1;
}

void Flattener::addDevice(Instance& instance, const Element& element) {
    Device device;
    device.name = instance.prefix + element.name;
    device.type = element.type;
    device.model = element.model;
    device.polarity = element.polarity;
    device.span = element.span;
    device.rule = element.rule;
    device.spectre = element.spectre;
    device.isInstance = element.isInstance;
    device.lengthUnit = lengthUnitOf(device);
    device.widthIsPerFinger = widthIsPerFinger(device, element);
    device.nets.reserve(element.nets.size());
    for (const std::string& net : element.nets)
        device.nets.push_back(netOf(instance, net, element.spectre));
    addParameters(instance, element, device);
    if (instance.multiplier != 1) addMultiplier(instance, device);
    m_netlist.circuit.devices.push_back(std::move(device));
}

double Flattener::lengthUnitOf(const Device& device) const {
    const bool kit = device.rule && device.rule->process != "generic";
    if (device.type != DeviceType::Mosfet && !kit) return 1;
    if (m_options.lengthUnit) return *m_options.lengthUnit;
    if (kit && device.rule->lengthUnit != 1) return device.rule->lengthUnit;
    if (device.type != DeviceType::Mosfet || kit) return m_document.lengthScale;
    return m_netlist.lengthUnit;
}

bool Flattener::widthIsPerFinger(const Device& device, const Element& element) const {
    if (device.type != DeviceType::Mosfet) return device.rule && device.rule->widthIsPerFinger;
    if (m_options.widthIsPerFinger) return *m_options.widthIsPerFinger;
    if (element.widthIsPerFinger) return *element.widthIsPerFinger;
    // RF devices of foundries: wr is the width of each of nr fingers.
    const auto has = [&](std::string_view name) {
        return std::any_of(element.parameters.begin(), element.parameters.end(),
                           [&](const NamedField& each) { return each.name == name; });
    };
    if (has("wr") && has("nr") && !has("w")) return true;
    return device.rule && device.rule->widthIsPerFinger;
}

void Flattener::addParameters(Instance& instance, const Element& element, Device& device) {
    device.parameters.reserve(element.parameters.size());
    for (const NamedField& each : element.parameters) {
        Parameter parameter{each.name, each.value.text, std::nullopt, std::nullopt};
        if (each.value.span.line > 0) parameter.span = each.value.span;
        if (!isText(each, m_document.dialect)) parameter.number = valueOf(instance, element, device, each);
        device.parameters.push_back(std::move(parameter));
    }
}

/// Process kits compute some parameters from the device's others: "ad='int((nf+1)/2)*W/nf*0.29'".
Evaluation Flattener::evaluateBesideOthers(Instance& instance, const Element& element,
                                           const NamedField& field) {
    ParameterScope scope(instance.scope, scopeRules(), m_budget);
    for (const NamedField& each : element.parameters)
        scope.define(each.name, each.value.text, nullptr, &m_document.rulesOf(each.spectre));
    return scope.evaluate(field.value.text, m_document.rulesOf(field.spectre));
}

std::optional<double> Flattener::valueOf(Instance& instance, const Element& element, const Device& device,
                                         const NamedField& field) {
    const std::string& text = field.value.text;
    const NumberRules& rules = m_document.rulesOf(field.spectre);
    const auto literal = parseSpiceNumber(text, rules);
    Evaluation result = literal ? Evaluation{literal, {}} : instance.scope->evaluate(text, rules);
    if (!result.value && device.type == DeviceType::Mosfet) {
        if (Evaluation own = evaluateBesideOthers(instance, element, field); own.value)
            result = std::move(own);
    }
    if (!result.value) {
        if (result.behavioural || mayBeText(field, m_document.dialect)) return std::nullopt;
        m_findings.addOnce(
            result.problem, Severity::Warning, field.value.span,
            fmt::format("{} of '{}' has no value: {}.", field.name, device.name, result.problem), text);
        return std::nullopt;
    }
    const int power = lengthPower(device, field.name);
    if (power == 0) return result.value;
    const double metres = inMetres(device, field.name, *result.value);
    constexpr double kLongest = 0.01;
    if (device.type == DeviceType::Mosfet && (field.name == "w" || field.name == "l") && metres >= kLongest) {
        m_findings.addOnce(
            "length unit", Severity::Warning, field.value.span,
            fmt::format("{} of '{}' is {:g} m; if the figures are micrometres, say so with the length "
                        "unit.",
                        field.name, device.name, metres),
            text);
    }
    const std::optional<int> unit = powerOfTen(device.lengthUnit);
    if (metres == *result.value || !unit || !literal) return metres;
    // The unit is applied to the decimal text, so that "2.35" um is the double 2.35e-6.
    return parseSpiceNumber(text, rules, *unit * power);
}

void Flattener::addMultiplier(Instance& instance, Device& device) {
    device.hierarchyMultiplier = instance.multiplier;
    for (Parameter& each : device.parameters) {
        if (each.name != "m") continue;
        if (each.number) each.number = *each.number * instance.multiplier;
        if (each.number && !std::isfinite(*each.number)) {
            each.number.reset();
            m_findings.add(Severity::Warning, device.span,
                           fmt::format("m of '{}' has no finite value.", device.name));
        }
        return;
    }
    device.parameters.push_back(
        {"m", fmt::format("{:g}", instance.multiplier), instance.multiplier, std::nullopt});
}

bool Flattener::isGlobal(const std::string& name) const {
    return name == "0" || name == "gnd" || name.ends_with("!") || m_document.globals.contains(name);
}

NetId Flattener::newNet(const std::string& name, bool global) {
    m_netlist.circuit.nets.push_back(name);
    m_netlist.circuit.globalNets.push_back(global);
    return static_cast<NetId>(m_netlist.circuit.nets.size()) - 1;
}

NetId Flattener::netOf(Instance& instance, const std::string& name, bool spectre) {
    std::string key = m_document.keyOf(name, spectre);
    if (const auto found = instance.nets.find(key); found != instance.nets.end()) return found->second;
    const bool global = isGlobal(key);
    NetId net = -1;
    if (global) {
        // "gnd" is another name of node 0 in every dialect, "gnd!" in HSPICE.
        const bool ground = key == "gnd" || key == "0" ||
                            (key == "gnd!" && m_document.dialect == Dialect::Hspice) ||
                            m_document.grounds.contains(key);
        const std::string globalKey = ground ? "0" : key;
        const auto found = m_globalNets.find(globalKey);
        net = found == m_globalNets.end() ? newNet(name, true) : found->second;
        m_globalNets.emplace(globalKey, net);
    } else {
        net = newNet(instance.prefix + name, false);
    }
    instance.nets.emplace(std::move(key), net);
    return net;
}

} // namespace headroom::netlist
