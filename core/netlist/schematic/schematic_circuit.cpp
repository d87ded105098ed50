#include "core/netlist/schematic/schematic_circuit.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "core/netlist/element.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

// Nets stand in cards as marks, so that no name can be taken for a value or a model.
constexpr char kMarkStart = '\x02';
constexpr char kMarkEnd = '\x03';

std::string mark(std::size_t index) {
    return fmt::format("{}{}{}", kMarkStart, index, kMarkEnd);
}

/// @p text with the nets' names in place of their marks.
std::string withNets(const std::string& text, const std::vector<std::string>& nets) {
    if (text.find(kMarkStart) == std::string::npos) return text;
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != kMarkStart) {
            result += text[at];
            continue;
        }
        const std::size_t end = std::min(text.find(kMarkEnd, at), text.size());
        std::size_t index = nets.size();
        std::from_chars(text.data() + at + 1, text.data() + end, index);
        if (index < nets.size()) result += nets[index];
        at = end;
    }
    return result;
}

/// Cards of @p block with the places of their pieces in the file.
SplitText splitBlock(const SchematicDirective& block, const SourceText& source, Dialect dialect) {
    SplitText split = splitIntoCards(block.text.text(), source.file(), dialect);
    for (LogicalLine& line : split.lines) {
        std::vector<LogicalLine::Piece> pieces;
        std::size_t end = 0;
        for (const LogicalLine::Piece& piece : line.pieces) {
            for (std::size_t i = 0; i < piece.length; ++i) {
                const auto range = block.text.range(piece.offset + i, 1);
                const SourceSpan span = range ? source.span(range->begin, range->end) : block.span;
                const bool joins = !pieces.empty() &&
                                   pieces.back().at + pieces.back().length == piece.at + i &&
                                   pieces.back().offset + pieces.back().length == span.offset;
                if (joins) {
                    ++pieces.back().length;
                } else {
                    pieces.push_back({piece.at + i, 1, span.offset,
                                      span.offset - static_cast<std::size_t>(span.column - 1), span.line});
                }
                end = span.offset + span.length;
            }
        }
        line.pieces = std::move(pieces);
        line.end = end;
    }
    return split;
}

/// Names of node 0.
bool isGroundName(const std::string& name) {
    return name == "0" || equalIgnoringCase(name, "gnd");
}

PortDirection directionOf(LabelKind kind) {
    switch (kind) {
    case LabelKind::PortIn:
        return PortDirection::Input;
    case LabelKind::PortOut:
        return PortDirection::Output;
    case LabelKind::PortInOut:
        return PortDirection::InOut;
    default:
        return PortDirection::Unknown;
    }
}

} // namespace

void SchematicCircuit::run() {
    addCells();
    for (std::size_t i = 0; i < m_schematic.sheets.size(); ++i)
        addDirectives(i);
    m_nets.reserve(m_schematic.sheets.size());
    for (const SchematicSheet& each : m_schematic.sheets) {
        m_nets.emplace_back(m_schematic, each);
        for (const std::string& name : m_nets.back().globals())
            m_spice.globals.insert(lowerCase(name));
    }
    for (std::size_t i = 0; i < m_schematic.sheets.size(); ++i) {
        addPorts(i);
        addInstances(i);
    }
}

void SchematicCircuit::addCells() {
    m_spice.mainIsTop = true;
    m_deviceNames.resize(m_schematic.sheets.size());
    for (std::size_t i = 0; i < m_schematic.sheets.size(); ++i) {
        const SchematicSheet& sheet = m_schematic.sheets[i];
        m_cells.push_back(m_spice.subcircuits.size());
        Subcircuit cell;
        cell.name = sheet.name;
        cell.parent = i == 0 ? -1 : 0;
        cell.span = sheet.source->span(0, 0);
        for (const NamedText& each : sheet.parameters) {
            const std::string name = lowerCase(each.name);
            if (!cell.parameterNames.insert(name).second) continue;
            cell.parameters.push_back({name, {each.text.text(), SourceSpan{}}});
        }
        if (i > 0) {
            m_schematic.netlist().subcircuits.push_back(sheet.name);
            m_spice.subcircuits.front().subcircuits.emplace(lowerCase(sheet.name),
                                                            static_cast<int>(m_cells.back()));
        }
        m_spice.subcircuits.push_back(std::move(cell));
    }
}

void SchematicCircuit::addDirectives(std::size_t index) {
    const SchematicSheet& sheet = m_schematic.sheets[index];
    for (const SchematicDirective& each : sheet.directives) {
        const std::size_t before = cell(index).devices.size();
        auto done = m_parser.parseBlock(splitBlock(each, *sheet.source, m_spice.dialect),
                                        sheet.source->file(), sheet.folder, static_cast<int>(m_cells[index]));
        if (!done) {
            m_schematic.findings().add(
                Severity::Warning, each.span,
                fmt::format("Part of the directives is not read: {}", done.error().message),
                each.text.text());
        }
        // A card that is not usable must not make the drawing useless.
        auto& devices = cell(index).devices;
        for (std::size_t d = before; d < devices.size();) {
            const ElementReading reading =
                readElement(devices[d], m_spice, static_cast<int>(m_cells[index]), m_rules);
            const bool bad =
                std::any_of(reading.problems.begin(), reading.problems.end(),
                            [](const ElementProblem& p) { return p.severity == Severity::Error; });
            if (bad) {
                m_schematic.findings().add(Severity::Warning, devices[d].span,
                                           reading.problems.front().message + " It is left out.");
                devices.erase(devices.begin() + static_cast<std::ptrdiff_t>(d));
            } else {
                ++d;
            }
        }
    }
}

void SchematicCircuit::addPorts(std::size_t index) {
    const SchematicSheet& sheet = m_schematic.sheets[index];
    const NetNames& nets = m_nets[index];
    Subcircuit& target = cell(index);
    std::set<std::string> known;
    const auto add = [&](const std::string& name, const SourceSpan& span) {
        const std::string net = nets.netOf(name);
        if (!known.insert(lowerCase(net)).second) {
            if (lowerCase(net) != lowerCase(name) && index > 0) {
                m_schematic.findings().addOnce(
                    "joined ports " + sheet.name + name, Severity::Warning, span,
                    fmt::format("Ports '{}' and '{}' of '{}' are joined inside; outside they stay apart.",
                                name, net, sheet.name));
                target.ports.push_back({name, span});
            }
            return;
        }
        target.ports.push_back({net, span});
    };
    std::set<std::string> shownPorts;
    for (const SchematicLabel& each : sheet.labels) {
        if (!each.isPort()) continue;
        const auto bits = nets.namesOf(each.text);
        for (const std::string& name : bits ? *bits : std::vector<std::string>{each.text}) {
            const std::string net = nets.netOf(name);
            if (sheet.ports.empty()) add(name, each.span);
            target.directions.emplace(lowerCase(net), directionOf(each.kind));
            const std::string& shown = each.weak ? net : name;
            if (index == 0 && shownPorts.insert(lowerCase(shown)).second) {
                m_ports.push_back({shown, net, directionOf(each.kind)});
            }
        }
    }
    // A cell's ports are what its symbol has; each stays, connected inside or not.
    for (const std::string& port : sheet.ports) {
        const auto names = nets.namesOf(port);
        for (const std::string& each : names ? *names : std::vector<std::string>{port}) {
            const std::string net = nets.netOf(each);
            const bool isNew = known.insert(lowerCase(net)).second;
            target.ports.push_back({isNew ? net : each, target.span});
        }
    }
}

void SchematicCircuit::addInstances(std::size_t index) {
    const SchematicSheet& sheet = m_schematic.sheets[index];
    for (std::size_t i = 0; i < sheet.instances.size(); ++i) {
        const SchematicInstance& instance = sheet.instances[i];
        const std::size_t before = cell(index).devices.size();
        for (std::size_t k = 0; k < m_nets[index].memberNames(i).size(); ++k) {
            if (instance.role == InstanceRole::Device) addDevice(index, i, k);
            if (instance.role == InstanceRole::Cell) addCellInstance(index, i, k);
        }
        if (index > 0) continue;
        const auto& devices = cell(index).devices;
        m_shownNames.push_back(devices.size() > before ? devices[before].element->name : std::string());
    }
}

std::string SchematicCircuit::uniqueName(std::size_t sheet, const std::string& name, const SourceSpan& span) {
    const std::string base = name.empty() ? "unnamed" : name;
    if (m_deviceNames[sheet].insert(lowerCase(base)).second) return base;
    int& n = m_nextNumbers[{sheet, lowerCase(base)}];
    for (n = std::max(n, 2);; ++n) {
        std::string next = fmt::format("{}_{}", base, n);
        if (!m_deviceNames[sheet].insert(lowerCase(next)).second) continue;
        m_schematic.findings().add(
            Severity::Warning, span,
            fmt::format("There is more than one '{}'; this one is called '{}' here.", base, next), name);
        return next;
    }
}

void SchematicCircuit::addElement(std::size_t sheet, Element element) {
    DeviceCard card;
    card.fields.words.push_back({element.name, element.span});
    card.span = element.span;
    card.element = std::make_shared<const Element>(std::move(element));
    cell(sheet).devices.push_back(std::move(card));
}

void SchematicCircuit::addDevice(std::size_t index, std::size_t i, std::size_t member) {
    const SchematicSheet& sheet = m_schematic.sheets[index];
    const SchematicInstance& instance = sheet.instances[i];
    const auto& pinNets = m_nets[index].instanceNets(i)[member];
    const std::string& name = m_nets[index].memberNames(i)[member];
    std::vector<std::string> nets;
    MappedText text;
    const auto addPin = [&](std::size_t pin) {
        for (const std::string& net : pinNets[pin]) {
            text.append(" " + mark(nets.size()) + " ");
            nets.push_back(net);
        }
    };
    for (const CardPart& part : instance.card) {
        if (part.pin == CardPart::kText) {
            text.append(part.text);
        } else if (part.pin == CardPart::kAllPins) {
            for (std::size_t p = 0; p < pinNets.size(); ++p)
                addPin(p);
        } else if (static_cast<std::size_t>(part.pin) < pinNets.size()) {
            addPin(static_cast<std::size_t>(part.pin));
        }
    }
    const SplitText split = splitIntoCards(text.text(), 0, m_spice.dialect);
    bool first = true;
    for (const LogicalLine& line : split.lines) {
        if (line.directive || line.text.empty() || line.text.front() == '.') continue;
        DeviceCard card{splitFields(line), instance.span, line.closed(), nullptr};
        if (card.fields.words.empty()) continue;
        std::string& word = card.fields.words.front().text;
        if (first && instance.letters.find(lowerCase(word.front())) == std::string::npos &&
            !instance.letters.empty()) {
            word.insert(word.begin(), instance.letters.front());
        }
        ElementReading reading = readElement(card, m_spice, static_cast<int>(m_cells[index]), m_rules);
        for (const ElementProblem& problem : reading.problems) {
            const Severity severity =
                problem.severity == Severity::Error ? Severity::Warning : problem.severity;
            if (instance.polarity && problem.key.starts_with("polarity ")) continue;
            const std::string message = withNets(problem.message, nets);
            if (problem.key.empty()) {
                m_schematic.findings().add(severity, instance.span, message);
            } else {
                m_schematic.findings().addOnce(problem.key, severity, instance.span, message);
            }
        }
        if (!reading.element) {
            const bool unusable = std::any_of(
                reading.problems.begin(), reading.problems.end(),
                [](const ElementProblem& problem) { return problem.severity == Severity::Error; });
            if (!first || !unusable) continue;
            // Kept as a device without meaning, so that nothing is lost.
            reading.element.emplace();
            for (std::size_t n = 0; n < nets.size(); ++n)
                reading.element->nets.push_back(mark(n));
        }
        Element& element = *reading.element;
        finishElement(element, instance, text, nets, sheet);
        element.name = uniqueName(index, first ? name : withNets(element.name, nets), instance.span);
        element.span = instance.span;
        first = false;
        addElement(index, std::move(element));
    }
}

void SchematicCircuit::finishElement(Element& element, const SchematicInstance& instance,
                                     const MappedText& text, const std::vector<std::string>& nets,
                                     const SchematicSheet& sheet) {
    for (std::string& each : element.nets)
        each = withNets(each, nets);
    element.model = withNets(element.model, nets);
    for (NamedField& each : element.pins)
        each.value.text = withNets(each.value.text, nets);
    for (NamedField& each : element.parameters) {
        const auto range = text.range(each.value.span.offset, each.value.span.length);
        each.value.span = range ? sheet.source->span(range->begin, range->end) : SourceSpan{};
        each.value.text = withNets(each.value.text, nets);
    }
    const bool opaque = element.type == DeviceType::Other && element.subcircuit < 0;
    if (instance.type && opaque) {
        element.type = *instance.type;
        if (element.type == DeviceType::Mosfet && element.nets.size() == 3) {
            element.nets.push_back(element.nets[Source]);
        }
        if (!element.model.empty()) element.rule = m_rules.find(element.model, element.type);
    }
    if (!element.polarity && (element.type == DeviceType::Mosfet || element.type == DeviceType::Bipolar)) {
        element.polarity = instance.polarity;
    }
    element.widthIsPerFinger = instance.widthIsPerFinger;
}

void SchematicCircuit::addCellInstance(std::size_t index, std::size_t i, std::size_t member) {
    const SchematicInstance& instance = m_schematic.sheets[index].instances[i];
    const SchematicSheet& child = m_schematic.sheets[static_cast<std::size_t>(instance.cell)];
    Element element;
    element.type = DeviceType::Other;
    element.name = uniqueName(index, m_nets[index].memberNames(i)[member], instance.span);
    element.model = child.name;
    element.subcircuit = static_cast<int>(m_cells[static_cast<std::size_t>(instance.cell)]);
    element.span = instance.span;
    const auto& pinNets = m_nets[index].instanceNets(i)[member];
    for (const auto& nets : pinNets)
        element.nets.insert(element.nets.end(), nets.begin(), nets.end());
    const SourceText& source = *m_schematic.sheets[index].source;
    for (const NamedText& each : instance.parameters) {
        element.parameters.push_back(
            {lowerCase(each.name), {each.text.text(), each.text.span(source).value_or(SourceSpan{})}});
    }
    addElement(index, std::move(element));
}

void SchematicCircuit::namePorts() {
    Circuit& circuit = m_schematic.netlist().circuit;
    std::vector<Port> ports;
    for (const TopPort& each : m_ports) {
        const auto net =
            circuit.findNet(isGroundName(each.net) && !circuit.findNet(each.net) ? "0" : each.net);
        if (net) ports.push_back({each.name, *net, each.direction});
    }
    if (ports.size() == m_ports.size()) circuit.ports = std::move(ports);
}

Sheet SchematicCircuit::sheet() const {
    const SchematicSheet& source = m_schematic.sheets.front();
    const NetNames& nets = m_nets.front();
    const Circuit& circuit = m_schematic.netlist().circuit;
    std::unordered_map<std::string, NetId> ids;
    for (std::size_t i = 0; i < circuit.nets.size(); ++i) {
        const std::string key = lowerCase(circuit.nets[i]);
        ids.emplace(key, static_cast<NetId>(i));
        // Ground has more than one name.
        if (key == "0" || key == "gnd") {
            ids.emplace("0", static_cast<NetId>(i));
            ids.emplace("gnd", static_cast<NetId>(i));
        }
    }
    const auto idOf = [&](const std::string& name) {
        const auto found = ids.find(lowerCase(name));
        return found == ids.end() ? NetId{-1} : found->second;
    };
    std::unordered_map<std::string, DeviceId> devices;
    for (std::size_t i = 0; i < circuit.devices.size(); ++i)
        devices.emplace(lowerCase(circuit.devices[i].name), static_cast<DeviceId>(i));

    Sheet result;
    result.grid = m_schematic.rules.grid;
    for (std::size_t i = 0; i < source.instances.size(); ++i) {
        const SchematicInstance& instance = source.instances[i];
        SheetSymbol symbol{instance.name,     instance.symbol,       std::nullopt,      {},
                           instance.position, instance.quarterTurns, instance.mirrored, {},
                           instance.shapes};
        if (instance.role == InstanceRole::Cell) {
            symbol.hierarchyPrefix = m_shownNames[i] + "/";
        } else if (const auto found = devices.find(lowerCase(m_shownNames[i]));
                   instance.role == InstanceRole::Device && found != devices.end()) {
            symbol.device = found->second;
        }
        for (std::size_t p = 0; p < instance.pins.size(); ++p) {
            const auto& bits = nets.instanceNets(i).front()[p];
            symbol.pins.push_back(
                {instance.pins[p].name, instance.pins[p].at, bits.empty() ? -1 : idOf(bits.front())});
        }
        result.symbols.push_back(std::move(symbol));
    }
    for (std::size_t i = 0; i < source.wires.size(); ++i)
        result.wires.push_back({source.wires[i].from, source.wires[i].to, idOf(nets.wireNet(i))});
    for (std::size_t i = 0; i < source.labels.size(); ++i) {
        const SchematicLabel& label = source.labels[i];
        result.labels.push_back(
            {label.at, label.text, idOf(nets.labelNet(i)), label.kind, label.quarterTurns});
    }
    result.junctions = source.junctions.empty() ? nets.junctions() : source.junctions;
    result.texts = source.texts;
    return result;
}

} // namespace headroom::netlist
