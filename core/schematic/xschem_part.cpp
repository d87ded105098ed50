#include "core/schematic/xschem_part.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/netlist/device_table.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/netlist_writer.h"
#include "core/netlist/schematic/name_vector.h"
#include "core/netlist/schematic/xschem_card.h"
#include "core/netlist/target_dialect.h"
#include "core/netlist/value_text.h"
#include "core/schematic/symbol_shape.h"
#include "core/schematic/xschem_figure.h"

namespace headroom::schematic {

using netlist::Device;
using netlist::DeviceType;
using netlist::Parameter;

namespace {

constexpr double kClose = 1e-6;

bool isKit(const Device& device) {
    return device.rule && device.rule->process != "generic";
}

bool isNamed(const std::string& name) {
    const auto plain = [](char c) { return netlist::isLetter(c) || netlist::isDigit(c) || c == '_'; };
    return !name.empty() && !netlist::isDigit(name.front()) && std::all_of(name.begin(), name.end(), plain);
}

/// A name that xschem takes for one name.
std::string singleName(const std::string& name) {
    const auto names = netlist::expandVector(name, netlist::VectorStyle::Xschem);
    const bool single = names && names->size() == 1 && names->front() == name;
    std::string text;
    for (const char c : name) {
        const bool special = !single && (c == '[' || c == ']' || c == ',' || c == ':' || c == '*' ||
                                         c == '(' || c == ')' || c == '.');
        // Netlists of xschem 2 end a name at a slash.
        text += special || netlist::isBlank(c) || c == '\n' || c == '@' || c == '/' ? '_' : c;
    }
    if (text.empty()) return "_";
    // A leading '#' marks nets without a name.
    if (text.front() == '#') text.erase(0, 1);
    return text.empty() ? "_" : text;
}

char letterOf(const Device& device) {
    if (device.type != DeviceType::Other) return netlist::cardLetter(device.type);
    const std::string_view name = device.name;
    const std::size_t slash = name.rfind('/');
    const std::string_view leaf = slash == std::string_view::npos ? name : name.substr(slash + 1);
    const bool box = device.isInstance || device.spectre || leaf.empty() || !netlist::isLetter(leaf.front());
    return box ? 'X' : leaf.front();
}

const char* librarySymbol(SymbolKind kind) {
    switch (kind) {
    case SymbolKind::Nmos:
        return "devices/nmos4.sym";
    case SymbolKind::Pmos:
        return "devices/pmos4.sym";
    case SymbolKind::Npn:
        return "devices/npn.sym";
    case SymbolKind::Pnp:
        return "devices/pnp.sym";
    case SymbolKind::Resistor:
        return "devices/res.sym";
    case SymbolKind::Capacitor:
        return "devices/capa.sym";
    case SymbolKind::Inductor:
        return "devices/ind.sym";
    case SymbolKind::Diode:
        return "devices/diode.sym";
    case SymbolKind::VoltageSource:
        return "devices/vsource.sym";
    case SymbolKind::CurrentSource:
        return "devices/isource.sym";
    case SymbolKind::Box:
        break;
    }
    return nullptr;
}

/// Type of an xschem symbol.
std::string symbolType(SymbolKind kind) {
    switch (kind) {
    case SymbolKind::VoltageSource:
        return "vsource";
    case SymbolKind::CurrentSource:
        return "isource";
    case SymbolKind::Box:
        return "primitive";
    default:
        return toString(kind);
    }
}

/// The symbol of a process kit's own library, where its name follows from the model's.
struct KitSymbol {
    std::string reference;
    std::string model;
    bool capitals = false; ///< its attributes are W and L
    std::string multiplier = "m";
};

std::optional<KitSymbol> kitSymbol(const Device& device) {
    if (!isKit(device)) return std::nullopt;
    const std::string_view process = device.rule->process;
    const std::string model = netlist::lowerCase(device.model);
    if (process == "sky130") {
        constexpr std::string_view kPrefix = "sky130_fd_pr__";
        if (!model.starts_with(kPrefix)) return std::nullopt;
        const std::string name = model.substr(kPrefix.size());
        return KitSymbol{"sky130_fd_pr/" + name + ".sym", name, true, "mult"};
    }
    if (process == "gf180mcu") return KitSymbol{"symbols/" + model + ".sym", model, true};
    if (process == "sg13g2") return KitSymbol{"sg13g2_pr/" + model + ".sym", model};
    return std::nullopt;
}

Point placed(Point local, const Orientation& orientation, Point at) {
    const Point turned = orientation.apply(local);
    return {turned.x + at.x, turned.y + at.y};
}

bool isClose(Point a, Point b) {
    return std::abs(a.x - b.x) < kClose && std::abs(a.y - b.y) < kClose;
}

std::vector<Orientation> orientations(const Symbol& symbol) {
    Orientation own = symbol.orientation;
    if (symbol.swapped) {
        // Upside down, so that the netlist's drain and source keep their names.
        own.mirrored = !own.mirrored;
        own.quarterTurns = (own.quarterTurns + 2) % 4;
    }
    std::vector<Orientation> all{own};
    for (int i = 0; i < 8; ++i)
        all.push_back({i % 4, i >= 4});
    return all;
}

} // namespace

/// What a device's SPICE card says behind its nets: words that are printed as they are, then named ones.
struct XschemParts::Card {
    struct Named {
        std::string name;
        std::string value;
    };
    std::string name;
    std::string prefix; ///< what the card has in front of the name, where the name begins differently
    std::string model;
    std::string value;
    std::vector<Named> named;

    const std::string* find(std::string_view wanted) const {
        for (const Named& each : named)
            if (each.name == wanted) return &each.value;
        return nullptr;
    }
};

/// Where one of a device's nets meets its symbol; nowhere where the symbol has no pin for it.
struct XschemParts::Terminal {
    std::optional<Point> at;
    NetId net = -1;
    std::string name;
};

XschemParts::XschemParts(const netlist::Netlist& netlist)
    : m_netlist(netlist)
    , m_circuit(netlist.circuit) {
    nameNets();
}

void XschemParts::nameNets() {
    netlist::UniqueNames names(false);
    m_nets.resize(m_circuit.nets.size());
    // A port's net has the port's name.
    for (const netlist::Port& port : m_circuit.ports) {
        const auto net = static_cast<std::size_t>(port.net);
        if (port.net >= 0 && net < m_nets.size() && m_nets[net].empty())
            m_nets[net] = names.add(singleName(port.name));
    }
    for (std::size_t i = 0; i < m_nets.size(); ++i)
        if (m_nets[i].empty()) m_nets[i] = names.add(singleName(m_circuit.nets[i]));
}

std::string XschemParts::nameOf(const Device& device) {
    const std::string wanted = singleName(device.name);
    std::string name = wanted;
    for (int i = 2; !m_usedNames.insert(netlist::lowerCase(name)).second; ++i)
        name = fmt::format("{}_{}", wanted, i);
    return name;
}

/// Whether the parameters that an expression names are those that the file is written with.
bool XschemParts::keepsExpression(const Device& device, const Parameter& parameter) const {
    const bool inner = device.name.find('/') != std::string::npos;
    const bool ownLevel = !inner && (m_netlist.sheet || m_circuit.ports.empty());
    const bool scaled = netlist::lengthPower(device, parameter.name) != 0 && device.lengthUnit != 1;
    if (!ownLevel || (scaled && !isKit(device)) || device.spectre) return false;
    const std::string text = netlist::lowerCase(parameter.text);
    for (std::size_t at = 0; at < text.size();) {
        if (netlist::isDigit(text[at]) || text[at] == '.') {
            at += std::max<std::size_t>(1, netlist::numberLength(text.substr(at)));
            continue;
        }
        if (!netlist::isLetter(text[at]) && text[at] != '_') {
            ++at;
            continue;
        }
        const std::size_t start = at;
        while (at < text.size() &&
               (netlist::isLetter(text[at]) || netlist::isDigit(text[at]) || text[at] == '_'))
            ++at;
        if (at < text.size() && text[at] == '(') continue; // a function
        if (!m_netlist.parameters.contains(text.substr(start, at - start))) return false;
    }
    return true;
}

/// The text that ngspice, whose netlists xschem writes, reads as the parameter's value.
std::string XschemParts::valueText(const Device& device, const Parameter& parameter) const {
    const netlist::TargetDialect ngspice(netlist::Dialect::Ngspice);
    const std::string& text = parameter.text;
    const auto plain = [](char c) {
        return netlist::isLetter(c) || netlist::isDigit(c) || c == '.' || c == '+' || c == '-';
    };
    const bool word = !text.empty() && std::all_of(text.begin(), text.end(), plain);
    const auto literal = word ? netlist::parseSpiceNumber(text) : std::nullopt;
    // A sheet of xschem's has its values as they are already.
    if (!parameter.number && (literal || (word && m_netlist.format == "xschem"))) return text;
    if (!parameter.number) return ngspice.expression(text);
    double number = *parameter.number;
    const bool total =
        device.widthIsPerFinger && parameter.name == "w" && device.rule && !device.rule->widthIsPerFinger;
    if (total) number *= device.fingers();
    const int power = isKit(device) ? netlist::lengthPower(device, parameter.name) : 0;
    if (literal) {
        const double read = power ? netlist::inMetres(device, parameter.name, *literal) : *literal;
        if (std::abs(read - number) <= 1e-12 * std::abs(number)) return text;
    }
    const bool multiplied = parameter.name == "m" && device.hierarchyMultiplier != 1;
    if (!literal && !multiplied && !total && keepsExpression(device, parameter))
        return ngspice.expression(text);
    if (power == 0 || device.rule->lengthUnit == 1) return ngspice.number(number);
    netlist::ValueStyle style;
    style.kind = netlist::ValueStyle::Kind::Plain;
    style.shift = -6 * power; // the only unit of the table beside the metre is the micrometre
    return netlist::writeValue(number, style);
}

/// Direct, small-signal and transient value of a source, as SPICE has them in one text.
std::string XschemParts::sourceText(const Device& device) const {
    std::string text;
    const auto add = [&](const char* name, const char* keyword) {
        const Parameter* found = device.parameter(name);
        if (found) text += fmt::format("{}{}{}", text.empty() ? "" : " ", keyword, valueText(device, *found));
    };
    const bool alone = !device.parameter("ac") && !device.parameter("waveform");
    add("value", alone ? "" : "DC ");
    add("ac", "AC ");
    add("acphase", "");
    if (const Parameter* waveform = device.parameter("waveform"))
        text += (text.empty() ? "" : " ") +
                netlist::TargetDialect(netlist::Dialect::Ngspice).waveform(waveform->text);
    return text.empty() ? "0" : text;
}

std::optional<XschemParts::Card> XschemParts::cardOf(const Device& device) {
    Card card;
    card.model = device.model;
    const bool source = device.type == DeviceType::VoltageSource || device.type == DeviceType::CurrentSource;
    const bool other = device.type == DeviceType::Other && !device.isInstance;
    const bool inner = device.name.find('/') != std::string::npos;
    std::string rest = other && !inner ? netlist::cardBehindNets(m_netlist, device) : std::string();
    if (!rest.empty()) {
        card.model.clear();
        card.value = std::move(rest);
    } else {
        if (other && inner && device.model.empty() && device.parameters.empty()) {
            notes.push_back(fmt::format("{} is left out: its card cannot be written.", device.name));
            return std::nullopt;
        }
        for (const Parameter& each : device.parameters) {
            const bool ofSource = source && (each.name == "ac" || each.name == "acphase" ||
                                             each.name == "waveform" || each.name == "value");
            if (ofSource) continue;
            const std::string text = valueText(device, each);
            const bool list = each.text.starts_with("[");
            if (each.name == "value" && !device.isInstance) {
                card.value = text;
            } else if (list || !isNamed(each.name)) {
                notes.push_back(
                    fmt::format("{} of {} is left out: xschem cannot hold it.", each.name, device.name));
            } else {
                card.named.push_back({each.name, text});
            }
        }
        if (source) card.value = sourceText(device);
    }
    card.name = nameOf(device);
    const char letter = device.isInstance ? 'X' : letterOf(device);
    if (netlist::lowerCase(card.name.front()) != netlist::lowerCase(letter)) card.prefix = letter;
    return card;
}

std::vector<XschemParts::Terminal> XschemParts::terminalsOf(const Device& device, const Symbol& symbol,
                                                            bool fromSheet) const {
    std::vector<Terminal> terminals;
    const std::size_t places = pinPlaces(symbol.kind, symbol.pins.size()).size();
    std::vector<bool> used(symbol.pins.size(), false);
    for (std::size_t i = 0; i < device.nets.size(); ++i) {
        Terminal terminal{std::nullopt, device.nets[i], std::string(netlist::terminalName(device.type, i))};
        if (terminal.name.empty()) terminal.name = fmt::format("p{}", i + 1);
        if (!fromSheet) {
            if (i < std::min(places, symbol.pins.size())) terminal.at = symbol.pins[i].at;
            terminals.push_back(std::move(terminal));
            continue;
        }
        // The author's pins have an order of their own; the net tells which one is meant.
        int best = -1, bestScore = -1;
        for (std::size_t p = 0; p < symbol.pins.size(); ++p) {
            if (symbol.pins[p].net != terminal.net) continue;
            const bool sameName = netlist::equalIgnoringCase(symbol.pins[p].name, terminal.name);
            const int score = (used[p] ? 0 : 4) + (sameName ? 2 : 0) + (p == i ? 1 : 0);
            if (score <= bestScore) continue;
            best = static_cast<int>(p);
            bestScore = score;
        }
        if (best >= 0) {
            used[static_cast<std::size_t>(best)] = true;
            terminal.at = symbol.pins[static_cast<std::size_t>(best)].at;
        }
        terminals.push_back(std::move(terminal));
    }
    return terminals;
}

bool XschemParts::fit(const std::string& reference, const std::string& attributes, const Device& device,
                      const Symbol& symbol, const Card& card, const std::vector<Terminal>& terminals,
                      XschemPart& part) const {
    netlist::MappedText mapped;
    mapped.append(attributes);
    const auto library = netlist::standardXschemSymbol(reference, netlist::XschemAttributes(mapped));
    if (!library || library->pins.size() != terminals.size()) return false;
    const auto type = netlist::xschemDeviceType(library->type);
    if (type && *type != device.type) return false;
    // What its card prints must be what the device has, nothing more and nothing less.
    if (!library->format.empty()) {
        const auto prints = [&](const std::string& name) {
            return library->format.find("@" + name) != std::string::npos;
        };
        if (card.model.empty() == prints("model") || card.value.empty() == prints("value")) return false;
        for (const Card::Named& each : card.named)
            if (!prints(each.name)) return false;
    }
    for (const Orientation& orientation : orientations(symbol)) {
        const auto local = [&](std::size_t i) {
            const Point& pin = library->pins[i].at;
            return placed({pin.x / kXschemUnits, pin.y / kXschemUnits}, orientation, {});
        };
        const Point origin{terminals[0].at->x - local(0).x, terminals[0].at->y - local(0).y};
        bool fits = true;
        for (std::size_t i = 0; i < terminals.size() && fits; ++i)
            fits = isClose({origin.x + local(i).x, origin.y + local(i).y}, *terminals[i].at);
        if (!fits) continue;
        part.reference = reference;
        part.attributes = attributes;
        part.at = origin;
        part.orientation = orientation;
        return true;
    }
    return false;
}

bool XschemParts::useLibrary(const Device& device, const Symbol& symbol, const Card& card,
                             const std::vector<Terminal>& terminals, XschemPart& part) const {
    const bool complete = std::all_of(terminals.begin(), terminals.end(),
                                      [](const Terminal& terminal) { return terminal.at.has_value(); });
    if (!complete || terminals.empty()) return false;
    const std::string name = "name=" + xschemValue(card.name);
    if (const auto kit = kitSymbol(device); kit && card.value.empty()) {
        static constexpr std::array kPrinted{"w",  "l",  "nf",  "ng",  "m",  "mult", "ad", "as",
                                             "pd", "ps", "nrd", "nrs", "sa", "sb",   "sd"};
        std::string text = name;
        bool known = device.type == DeviceType::Mosfet && card.find("w") && card.find("l");
        for (const Card::Named& each : card.named) {
            known = known && std::find(kPrinted.begin(), kPrinted.end(), each.name) != kPrinted.end();
            std::string attribute = each.name;
            if (kit->capitals && (attribute == "w" || attribute == "l"))
                attribute = attribute == "w" ? "W" : "L";
            // The symbol prints its one multiplier as both.
            if (attribute == "mult" && card.find("m")) continue;
            if (attribute == "m") attribute = kit->multiplier;
            text += fmt::format(" {}={}", attribute, xschemValue(each.value));
        }
        text += " model=" + xschemValue(kit->model);
        if (!card.prefix.empty()) text += " spiceprefix=" + card.prefix;
        if (known && fit(kit->reference, text, device, symbol, card, terminals, part)) return true;
    }
    const char* reference = librarySymbol(symbol.kind);
    if (!reference) return false;
    std::string text = name;
    if (!card.model.empty()) text += " model=" + xschemValue(card.model);
    if (!card.value.empty()) text += " value=" + xschemValue(card.value);
    for (const Card::Named& each : card.named)
        text += fmt::format(" {}={}", each.name, xschemValue(each.value));
    const bool mosfet = symbol.kind == SymbolKind::Nmos || symbol.kind == SymbolKind::Pmos;
    if (!card.prefix.empty()) {
        if (!mosfet) return false;
        text += " spiceprefix=" + card.prefix;
    }
    // The symbol has sizes of its own for those that are not given.
    for (const char* size : {"w", "l"})
        if (mosfet && !card.find(size)) text += fmt::format(" {}=\"\"", size);
    return fit(reference, text, device, symbol, card, terminals, part);
}

void XschemParts::useOwnSymbol(const Device& device, const Symbol& symbol, const Card& card,
                               const std::vector<Terminal>& terminals, XschemPart& part) {
    // The letter stands in the format: not every version knows the attribute spiceprefix.
    std::string format = card.prefix + "@name";
    std::string pins;
    part.attributes = "name=" + xschemValue(card.name);
    for (const Terminal& terminal : terminals) {
        if (!terminal.at) {
            const auto index = static_cast<std::size_t>(terminal.net);
            if (terminal.net < 0 || index >= m_nets.size()) continue;
            const std::string& net = m_nets[index];
            format += " @net_" + terminal.name;
            part.attributes += fmt::format(" net_{}={}", terminal.name, xschemValue(net));
            part.byName.push_back(terminal.net);
            continue;
        }
        format += " @@" + terminal.name;
        pins += xschemPin(symbol, terminal.name, *terminal.at);
    }
    if (!card.model.empty()) {
        format += " @model";
        part.attributes += " model=" + xschemValue(card.model);
    }
    if (!card.value.empty()) {
        format += " @value";
        part.attributes += " value=" + xschemValue(card.value);
    }
    for (const Card::Named& each : card.named) {
        format += fmt::format(" {0}=@{0}", each.name);
        part.attributes += fmt::format(" {}={}", each.name, xschemValue(each.value));
    }
    part.attributes += " embed=true";
    part.at = symbol.at;
    part.orientation = symbol.orientation;

    const double right = xschemUnit(symbol.box.to.x - symbol.at.x);
    part.definition =
        "v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {type=" + symbolType(symbol.kind) +
        "\nformat=" + xschemValue(format) + "\ntemplate=\"name=" + letterOf(device) + "1\"}\n" +
        "V {}\nS {}\nE {}\n" + xschemFigure(symbol, true) + pins +
        fmt::format("T {{@name}} {} -5 0 0 0.2 0.2 {{}}\n", std::abs(right) + 5);
    auto [known, isNew] = m_references.try_emplace(part.definition);
    if (isNew) {
        std::string stem;
        for (const char c :
             symbol.kind == SymbolKind::Box && !device.model.empty() ? device.model : toString(symbol.kind))
            stem += netlist::isLetter(c) || netlist::isDigit(c) ? netlist::lowerCase(c) : '_';
        known->second = fmt::format("headroom/{}_{}.sym", stem.substr(0, 40), ++m_stems[stem]);
    }
    part.reference = known->second;
}

std::optional<XschemPart> XschemParts::partOf(DeviceId id, const Symbol& symbol, bool fromSheet) {
    const Device& device = m_circuit.devices[static_cast<std::size_t>(id)];
    auto [known, isNew] = m_cards.try_emplace(id);
    if (isNew) {
        if (auto made = cardOf(device)) known->second = std::make_shared<const Card>(std::move(*made));
    }
    const auto card = known->second;
    if (!card) return std::nullopt;
    const std::vector<Terminal> terminals = terminalsOf(device, symbol, fromSheet);
    XschemPart part;
    if (!useLibrary(device, symbol, *card, terminals, part)) {
        useOwnSymbol(device, symbol, *card, terminals, part);
    } else if (isNew && device.type == DeviceType::Mosfet && !(card->find("w") && card->find("l"))) {
        sizeless.push_back(device.name);
    }
    for (const Terminal& terminal : terminals)
        if (terminal.at) part.pins.push_back({*terminal.at, terminal.net});
    return part;
}

} // namespace headroom::schematic
