#include "core/netlist/netlist_writer.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/netlist/carried_cards.h"
#include "core/netlist/device_table.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/logical_line.h"
#include "core/netlist/target_dialect.h"
#include "core/netlist/value_text.h"

namespace headroom::netlist {
namespace {

constexpr std::size_t kTwo = 2;

bool isGround(const std::string& net) {
    return net == "0" || equalIgnoringCase(net, "gnd");
}

bool isKit(const Device& device) {
    return device.rule && device.rule->process != "generic";
}

std::string_view leafOf(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

/// Parameters that are parts of a card of their own form.
bool isWords(const Parameter& parameter) {
    return parameter.name == "expression" || parameter.name == "control" || parameter.name == "waveform";
}

std::string_view spectreMaster(DeviceType type) {
    switch (type) {
    case DeviceType::Resistor:
        return "resistor";
    case DeviceType::Capacitor:
        return "capacitor";
    case DeviceType::Inductor:
        return "inductor";
    case DeviceType::VoltageSource:
        return "vsource";
    case DeviceType::CurrentSource:
        return "isource";
    default:
        return {};
    }
}

/// The name of the parameter that a Spectre primitive has its value in.
std::string_view spectreValue(DeviceType type) {
    switch (type) {
    case DeviceType::Resistor:
        return "r";
    case DeviceType::Capacitor:
        return "c";
    case DeviceType::Inductor:
        return "l";
    default:
        return "dc";
    }
}

/// A device's card without its first words, as the source has it: parentheses and commas separate as well.
std::string cardBehind(const Netlist& netlist, const Device& device, std::size_t words) {
    const auto file = static_cast<std::size_t>(device.span.file);
    if (file >= netlist.files.size()) return {};
    const std::string& all = netlist.files[file].text;
    if (device.span.offset + device.span.length > all.size()) return {};
    const std::string_view card = std::string_view(all).substr(device.span.offset, device.span.length);
    const SplitText split = splitIntoCards(card, 0, netlist.dialect);
    if (split.lines.empty()) return {};
    std::string_view text = split.lines.front().text;
    const auto separates = [](char c) { return isBlank(c) || c == ',' || c == '(' || c == ')' || c == '\n'; };
    for (std::size_t i = 0; i < words; ++i) {
        while (!text.empty() && separates(text.front()))
            text.remove_prefix(1);
        while (!text.empty() && !separates(text.front()))
            text.remove_prefix(1);
    }
    const std::size_t start = text.find_first_not_of(" \t)");
    return start == std::string_view::npos ? std::string() : std::string(trimmed(text.substr(start)));
}

class Writer {
public:
    Writer(const Netlist& netlist, Dialect dialect)
        : m_netlist(netlist)
        , m_circuit(netlist.circuit)
        , m_target(dialect)
        , m_deviceNames(dialect == Dialect::Spectre) {}

    WrittenNetlist run() {
        nameNets();
        heading();
        globals();
        const bool cell = !m_circuit.ports.empty();
        const std::string name = m_target.legalName(m_circuit.name);
        if (cell) openCell(name);
        for (const Device& device : m_circuit.devices)
            writeDevice(device);
        if (cell) line(m_target.spectre() ? "ends " + name : ".ENDS " + name);
        if (m_target.dialect() == Dialect::Ltspice) line(".backanno");
        if (!m_target.spectre() && m_target.dialect() != Dialect::Cdl) line(".end");
        return std::move(m_result);
    }

private:
    void line(std::string_view card) { m_result.text += m_target.wrapped(card) + '\n'; }
    void comment(std::string_view text) {
        std::string flat(text);
        std::replace(flat.begin(), flat.end(), '\n', ' ');
        m_result.text += fmt::format("{}{}\n", m_target.comment(), flat);
    }
    void note(std::string sentence) {
        comment(sentence);
        m_result.notes.push_back(std::move(sentence));
    }

    const std::string& net(NetId id) const { return m_nets[static_cast<std::size_t>(id)]; }

    void nameNets() {
        UniqueNames names(m_target.spectre());
        m_nets.reserve(m_circuit.nets.size());
        names.add("0");
        for (std::size_t i = 0; i < m_circuit.nets.size(); ++i) {
            const bool ground = m_circuit.globalNets[i] && isGround(m_circuit.nets[i]);
            m_nets.push_back(ground ? "0" : names.add(m_target.legalNet(m_circuit.nets[i])));
        }
    }

    void heading() {
        static constexpr std::array kNames{"SPICE", "HSPICE", "ngspice", "LTspice", "auCdl", "Spectre"};
        const auto* const target = kNames.at(static_cast<std::size_t>(m_target.dialect()));
        comment(fmt::format("{} of {}, flattened, written by Headroom for {}", m_circuit.name,
                            m_netlist.files.front().path.filename().string(), target));
        if (m_target.spectre()) line("simulator lang=spectre");
        if (m_netlist.temperature) {
            const std::string temperature = fmt::format("{:g}", *m_netlist.temperature);
            if (m_target.spectre()) {
                line("headroomOptions options temp=" + temperature);
            } else if (m_target.dialect() != Dialect::Cdl) {
                line(".temp " + temperature);
            }
        }
        carryModels();
    }

    /// Model cards, includes and libraries of the imported file.
    void carryModels() {
        if (m_target.dialect() == Dialect::Cdl) return;
        for (const CarriedCard& each : carriedCards(m_netlist)) {
            if (!bringsModels(each)) continue;
            const bool braces = each.text.find('{') != std::string::npos;
            if (each.spectre == m_target.spectre() && !braces) {
                line(each.text);
            } else {
                note(fmt::format("Not converted: {}", each.text));
            }
        }
    }

    void globals() {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < m_nets.size(); ++i) {
            if (m_circuit.globalNets[i] && m_nets[i] != "0") names.push_back(m_nets[i]);
        }
        if (m_target.spectre()) {
            line(fmt::format("global 0{}{}", names.empty() ? "" : " ", fmt::join(names, " ")));
        } else if (!names.empty()) {
            line(fmt::format("{} {}", m_target.dialect() == Dialect::Cdl ? "*.GLOBAL" : ".global",
                             fmt::join(names, " ")));
        }
    }

    void openCell(const std::string& name) {
        std::vector<std::string> ports;
        std::string directions;
        for (const Port& port : m_circuit.ports) {
            ports.push_back(net(port.net));
            static constexpr std::array kLetters{'B', 'I', 'O', 'B', 'P', 'G'};
            directions +=
                fmt::format(" {}:{}", net(port.net), kLetters.at(static_cast<std::size_t>(port.direction)));
        }
        if (m_target.spectre()) return line(fmt::format("subckt {} ({})", name, fmt::join(ports, " ")));
        line(fmt::format(".SUBCKT {} {}", name, fmt::join(ports, " ")));
        if (m_target.dialect() == Dialect::Cdl) m_result.text += "*.PININFO" + directions + '\n';
    }

    /// Whether the device is an instance of a subcircuit of its kit, as in the source.
    bool isInstance(const Device& device) const {
        if (device.type == DeviceType::Other) return true;
        if (m_target.spectre() || device.model.empty()) return false;
        if (m_target.dialect() == Dialect::Cdl && device.type == DeviceType::Mosfet) return false;
        // A third net called 0 would be read as the value of a plain card.
        const bool cdl = m_target.dialect() == Dialect::Cdl;
        if (device.rule && device.nets.size() > kTwo && !spectreMaster(device.type).empty() && !cdl)
            return true;
        return device.spectre ? isKit(device) : device.isInstance;
    }

    std::string nameOf(const Device& device, char letter) {
        std::string& known = m_names[&device];
        if (known.empty()) known = newName(device, letter);
        return known;
    }

    std::string newName(const Device& device, char letter) {
        std::string name = m_target.legalName(device.name);
        const bool flat = device.name.find('/') == std::string::npos;
        const bool begins = flat && lowerCase(device.name.front()) == lowerCase(letter);
        if (!m_target.spectre() && !begins) name.insert(name.begin(), letter);
        return m_deviceNames.add(name);
    }

    std::string netsOf(const Device& device, std::size_t most = std::string::npos) const {
        std::string result;
        for (std::size_t i = 0; i < std::min(device.nets.size(), most); ++i)
            result += (result.empty() ? "" : " ") + net(device.nets[i]);
        return result;
    }

    /// The value of a parameter in the unit that the device's kit wants.
    std::string valueOf(const Device& device, const Parameter& parameter) const {
        const bool list =
            parameter.text.find(',') != std::string::npos && parameter.text.find('(') == std::string::npos;
        if (!parameter.number) return list ? parameter.text : m_target.expression(parameter.text);
        const int power = isKit(device) ? lengthPower(device, parameter.name) : 0;
        const double unit = isKit(device) ? device.rule->lengthUnit : 1;
        if (power == 0 || unit == 1) return m_target.number(*parameter.number);
        ValueStyle style;
        style.kind = ValueStyle::Kind::Plain;
        style.shift = -6 * power; // the only unit of the table beside the metre is the micrometre
        return writeValue(*parameter.number, style);
    }

    std::string namedParameters(const Device& device, std::initializer_list<std::string_view> without) const {
        std::string result;
        for (const Parameter& each : device.parameters) {
            if (std::find(without.begin(), without.end(), each.name) != without.end()) continue;
            if (isWords(each)) continue;
            if (!each.number && (each.text.starts_with("[") || each.text.starts_with("\""))) {
                if (m_target.spectre() || m_target.dialect() == m_netlist.dialect)
                    result += fmt::format(" {}={}", each.name, each.text);
                continue;
            }
            const bool value = each.name == "value" && !spectreMaster(device.type).empty();
            result +=
                fmt::format(" {}={}", value ? spectreValue(device.type) : each.name, valueOf(device, each));
        }
        return result;
    }

    void writeDevice(const Device& device) {
        if (device.type == DeviceType::Other) return writeOther(device);
        if (m_target.spectre()) return writeForSpectre(device);
        const std::string name = nameOf(device, isInstance(device) ? 'X' : cardLetter(device.type));
        if (isInstance(device)) {
            return line(
                fmt::format("{} {} {}{}", name, netsOf(device), device.model, namedParameters(device, {})));
        }
        switch (device.type) {
        case DeviceType::VoltageSource:
        case DeviceType::CurrentSource:
            return writeSource(device, name);
        case DeviceType::Resistor:
        case DeviceType::Capacitor:
        case DeviceType::Inductor:
            return writePassive(device, name);
        default:
            return line(
                fmt::format("{} {} {}{}", name, netsOf(device), device.model, namedParameters(device, {})));
        }
    }

    void writePassive(const Device& device, const std::string& name) {
        std::string card = name + ' ' + netsOf(device, kTwo);
        const Parameter* value = device.parameter("value");
        const bool cdl = m_target.dialect() == Dialect::Cdl;
        for (std::size_t i = kTwo; i < device.nets.size() && !cdl; ++i)
            card += ' ' + net(device.nets[i]);
        const bool modelFirst = device.nets.size() > kTwo || m_target.dialect() == Dialect::Hspice;
        const std::string model = cdl || device.model.empty() ? std::string() : ' ' + device.model;
        if (modelFirst) card += model;
        if (value) card += ' ' + valueOf(device, *value);
        if (!modelFirst) card += model;
        if (cdl && device.nets.size() > kTwo) card += " $SUB=" + net(device.nets[kTwo]);
        if (cdl && !device.model.empty()) card += " $[" + device.model + "]";
        line(card + namedParameters(device, {"value"}));
    }

    void writeSource(const Device& device, const std::string& name) {
        std::string card = name + ' ' + netsOf(device, kTwo);
        if (const Parameter* value = device.parameter("value")) card += " DC " + valueOf(device, *value);
        if (const Parameter* ac = device.parameter("ac")) {
            card += " AC " + valueOf(device, *ac);
            if (const Parameter* phase = device.parameter("acphase")) card += ' ' + valueOf(device, *phase);
        }
        if (const Parameter* waveform = device.parameter("waveform")) {
            card += ' ' + m_target.waveform(waveform->text);
        } else if (device.spectre && device.parameters.size() > 1) {
            card += spectreWaveform(device);
        }
        line(card);
    }

    /// PULSE and SIN as SPICE has them, from the parameters of a Spectre source.
    std::string spectreWaveform(const Device& device) {
        const auto figure = [&](std::string_view name, const char* otherwise) {
            const Parameter* found = device.parameter(name);
            return found ? valueOf(device, *found) : std::string(otherwise);
        };
        const Parameter* type = device.parameter("type");
        const std::string kind = type ? type->text : std::string();
        if (kind == "pulse") {
            return fmt::format(" PULSE({} {} {} {} {} {} {})", figure("val0", "0"), figure("val1", "0"),
                               figure("delay", "0"), figure("rise", "1n"), figure("fall", "1n"),
                               figure("width", "1"), figure("period", "2"));
        }
        if (kind == "sine") {
            return fmt::format(" SIN({} {} {} {} {})", figure("sinedc", "0"), figure("ampl", "0"),
                               figure("freq", "1"), figure("delay", "0"), figure("damp", "0"));
        }
        if (!kind.empty() && kind != "dc") {
            m_result.notes.push_back(fmt::format("The waveform of {} is left out: {} has none of type {}.",
                                                 device.name, toString(m_target.dialect()), kind));
        }
        return {};
    }

    void writeForSpectre(const Device& device) {
        const bool source =
            device.type == DeviceType::VoltageSource || device.type == DeviceType::CurrentSource;
        const std::string_view primitive = spectreMaster(device.type);
        const std::string master = device.model.empty() ? std::string(primitive) : device.model;
        std::string card =
            fmt::format("{} ({}) {}", nameOf(device, cardLetter(device.type)), netsOf(device), master);
        if (const Parameter* value = device.parameter("value")) {
            card += fmt::format(" {}={}", spectreValue(device.type), valueOf(device, *value));
        }
        if (source) {
            if (const Parameter* ac = device.parameter("ac")) card += " mag=" + valueOf(device, *ac);
            if (const Parameter* phase = device.parameter("acphase"))
                card += " phase=" + valueOf(device, *phase);
            if (const Parameter* type = device.parameter("type")) card += " type=" + type->text;
            if (const Parameter* waveform = device.parameter("waveform")) {
                note(fmt::format("The waveform of {} is left out: {}", device.name, waveform->text));
            }
            return line(card + namedParameters(device, {"value", "ac", "acphase", "type", "waveform"}));
        }
        line(card + namedParameters(device, {"value"}));
    }

    /// The letter of a controlled source in SPICE, from its own name or its Spectre master; '\0' for
    /// everything else.
    static char controlLetter(const Device& device, char letter) {
        if (!device.spectre)
            return std::string_view("efgh").find(letter) == std::string_view::npos ? '\0' : letter;
        static constexpr std::array<std::pair<std::string_view, char>, 4> kMasters{
            {{"vcvs", 'e'}, {"cccs", 'f'}, {"vccs", 'g'}, {"ccvs", 'h'}}};
        const auto* const found = std::find_if(kMasters.begin(), kMasters.end(),
                                               [&](const auto& each) { return each.first == device.model; });
        return found == kMasters.end() ? '\0' : found->second;
    }

    /// The written name of the source whose current @p device follows; empty where there is none.
    std::string controlOf(const Device& device) {
        const Parameter* control = device.parameter("control");
        if (!control) return {};
        const std::size_t slash = device.name.rfind('/');
        const std::string prefix = slash == std::string::npos ? "" : device.name.substr(0, slash + 1);
        if (m_byName.empty()) {
            for (const Device& each : m_circuit.devices)
                m_byName.emplace(lowerCase(each.name), &each);
        }
        const auto source = m_byName.find(lowerCase(prefix + control->text));
        return source == m_byName.end() ? std::string()
                                        : nameOf(*source->second, cardLetter(source->second->type));
    }

    /// A source that multiplies a voltage or a current with a figure. False where it is something else.
    bool writeLinearSource(const Device& device, char letter) {
        const Parameter* gain = device.parameter("value");
        const bool byCurrent = letter == 'f' || letter == 'h';
        const std::string control = byCurrent ? controlOf(device) : std::string();
        if (byCurrent ? control.empty() || !gain : device.nets.size() != 4) return false;
        if (!gain && !device.spectre) return false;
        const std::string value = gain ? valueOf(device, *gain) : "1";
        if (!m_target.spectre()) {
            line(fmt::format("{} {} {}{}", nameOf(device, static_cast<char>(letter - 'a' + 'A')),
                             netsOf(device), byCurrent ? control + ' ' : "", value));
            return true;
        }
        const char* const master = letter == 'e'   ? "vcvs gain"
                                   : letter == 'f' ? "cccs gain"
                                   : letter == 'g' ? "vccs gm"
                                                   : "ccvs rm";
        line(fmt::format("{} ({}) {}={}{}", nameOf(device, 'x'), netsOf(device), master, value,
                         byCurrent ? " probe=" + control : ""));
        return true;
    }

    /// Black boxes, controlled sources and everything else without sizes.
    void writeOther(const Device& device) {
        const char letter = lowerCase(leafOf(device.name).empty() ? 'x' : leafOf(device.name).front());
        const char control = controlLetter(device, letter);
        const Parameter* expression = device.parameter("expression");
        if (control && !expression && writeLinearSource(device, control)) return;
        const bool box = letter == 'x' || device.spectre;
        if (box && !device.model.empty()) {
            const std::string form = m_target.spectre() ? "{} ({}) {}{}" : "{} {} {}{}";
            return line(fmt::format(fmt::runtime(form), nameOf(device, 'X'), netsOf(device), device.model,
                                    namedParameters(device, {})));
        }
        const bool top = device.name.find('/') == std::string::npos;
        if (!m_target.spectre() && !device.spectre && top && m_netlist.format == "spice") {
            return writeAsItIs(device, letter, expression);
        }
        // Better the gain alone than nothing.
        if (control && writeLinearSource(device, control)) {
            return note(fmt::format("{} has lost a part of: {}", device.name, expression->text));
        }
        note(fmt::format("{} is left out: it cannot be written for {}: {}", device.name,
                         toString(m_target.dialect()), cardBehind(m_netlist, device, 1)));
    }

    /// A card of the file's main level, verbatim behind its nets.
    void writeAsItIs(const Device& device, char letter, const Parameter* expression) {
        std::string rest;
        if (expression) {
            rest = netsOf(device, kTwo) + ' ' + expression->text;
        } else if (letter == 'a') {
            rest = cardBehind(m_netlist, device, 1); // brackets and kinds of ports stand between the nets
        } else {
            rest = netsOf(device) + ' ' + cardBehind(m_netlist, device, 1 + device.nets.size());
        }
        const std::string card = nameOf(device, letter) + ' ' + rest;
        if (m_netlist.dialect != m_target.dialect() && m_netlist.dialect != Dialect::Spice &&
            (expression || letter == 'a' || letter == 'b')) {
            note(fmt::format("{} is written as it is in {}.", device.name, toString(m_netlist.dialect)));
        }
        line(card);
    }

    const Netlist& m_netlist;
    const Circuit& m_circuit;
    TargetDialect m_target;
    UniqueNames m_deviceNames;
    std::unordered_map<const Device*, std::string> m_names;
    std::unordered_map<std::string, const Device*> m_byName; ///< in lower case; filled when it is needed
    std::vector<std::string> m_nets;                         ///< by NetId, as written
    WrittenNetlist m_result;
};

} // namespace

char cardLetter(DeviceType type) {
    switch (type) {
    case DeviceType::Mosfet:
        return 'M';
    case DeviceType::Bipolar:
        return 'Q';
    case DeviceType::Diode:
        return 'D';
    case DeviceType::Resistor:
        return 'R';
    case DeviceType::Capacitor:
        return 'C';
    case DeviceType::Inductor:
        return 'L';
    case DeviceType::VoltageSource:
        return 'V';
    case DeviceType::CurrentSource:
        return 'I';
    case DeviceType::Other:
        break;
    }
    return 'X';
}

std::string cardBehindNets(const Netlist& netlist, const Device& device) {
    return netlist.format == "spice" ? cardBehind(netlist, device, 1 + device.nets.size()) : std::string();
}

Result<WrittenNetlist> writeNetlist(const Netlist& netlist, Dialect dialect) {
    if (netlist.circuit.devices.empty() || netlist.files.empty()) {
        return fail(ErrorCode::BadInput, "The circuit has no devices to write.");
    }
    return Writer(netlist, dialect).run();
}

} // namespace headroom::netlist
