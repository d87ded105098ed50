#include "core/netlist/schematic/kicad_devices.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

bool isWordCharacter(char c) {
    return isLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '-' || c == '+';
}

/// "k=v" pairs and words of a field such as "w=1u l=2u" or "1=D 2=G".
std::vector<NamedText> assignmentsOf(const MappedText& field) {
    std::vector<NamedText> result;
    const std::string& s = field.text();
    std::size_t at = 0;
    const auto isSeparator = [&](std::size_t i) { return isBlank(s[i]) || s[i] == '\n' || s[i] == ','; };
    while (at < s.size()) {
        while (at < s.size() && isSeparator(at))
            ++at;
        const std::size_t start = at;
        while (at < s.size() && !isSeparator(at) && s[at] != '=')
            ++at;
        const std::string name = s.substr(start, at - start);
        if (at >= s.size() || s[at] != '=') {
            if (!name.empty()) result.push_back({{}, field.part(start, at - start)});
            continue;
        }
        ++at;
        std::size_t valueStart = at;
        std::size_t valueEnd = at;
        if (at < s.size() && (s[at] == '"' || s[at] == '\'' || s[at] == '{')) {
            const char close = s[at] == '{' ? '}' : s[at];
            const std::size_t end = std::min(s.find(close, at + 1), s.size());
            const bool strip = s[at] == '"';
            valueStart = strip ? at + 1 : at;
            valueEnd = strip ? end : std::min(end + 1, s.size());
            at = std::min(end + 1, s.size());
        } else {
            while (at < s.size() && !isSeparator(at))
                ++at;
            valueEnd = at;
        }
        result.push_back({name, field.part(valueStart, valueEnd - valueStart)});
    }
    return result;
}

const MappedText* valueOf(const std::vector<NamedText>& assignments, std::string_view name) {
    for (const NamedText& each : assignments) {
        if (equalIgnoringCase(each.name, name)) return &each.text;
    }
    return nullptr;
}

std::optional<Polarity> polarityOf(const std::string& text) {
    static constexpr std::array kN{"nmos", "npn",   "n-channel", "n-mosfet", "nchan",  "mosfet_n",
                                   "_n_",  "mos_n", "njf",       "nfet",     "n-jfet", "jfet_n"};
    static constexpr std::array kP{"pmos", "pnp",   "p-channel", "p-mosfet", "pchan",  "mosfet_p",
                                   "_p_",  "mos_p", "pjf",       "pfet",     "p-jfet", "jfet_p"};
    for (const char* each : kP) {
        if (contains(text, each)) return Polarity::P;
    }
    for (const char* each : kN) {
        if (contains(text, each)) return Polarity::N;
    }
    return std::nullopt;
}

class CardMaker {
public:
    explicit CardMaker(const KiCadPart& part)
        : m_part(part) {}

    KiCadCard run() {
        const std::string device = upper(m_part.field("Sim.Device"));
        if (m_part.field("Sim.Enable") == "0" ||
            startsWithIgnoringCase(m_part.field("Spice_Netlist_Enabled"), "n")) {
            m_card.excluded = true;
        } else if (!device.empty()) {
            bySimulationFields(device);
        } else if (!m_part.field("Spice_Primitive").empty()) {
            bySpiceFields();
        } else {
            byAppearance();
        }
        return std::move(m_card);
    }

private:
    static std::string upper(std::string text) {
        for (char& c : text) {
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        }
        return text;
    }

    // Fields

    /// "${VALUE}" and other names of fields in a field stand for these fields' texts.
    MappedText resolved(const MappedText& field) const {
        const std::string& s = field.text();
        MappedText result;
        std::size_t at = 0;
        while (at < s.size()) {
            const std::size_t open = std::min(s.find("${", at), s.size());
            const std::size_t close = open == s.size() ? s.size() : std::min(s.find('}', open), s.size());
            result.append(field, at, open - at);
            if (close == s.size()) {
                result.append(field, open, s.size() - open);
                break;
            }
            const MappedText* named = fieldNamed(s.substr(open + 2, close - open - 2));
            if (named) {
                result.append(*named);
            } else {
                result.append(field, open, close + 1 - open);
            }
            at = close + 1;
        }
        return result;
    }

    const MappedText* fieldNamed(const std::string& name) const {
        for (const auto& [field, text] : m_part.fields)
            if (equalIgnoringCase(field, name)) return &text;
        return nullptr;
    }

    std::vector<NamedText> simulationParameters() const {
        const auto params = m_part.fields.find("Sim.Params");
        if (params == m_part.fields.end()) return {};
        auto assignments = assignmentsOf(params->second);
        for (NamedText& each : assignments)
            each.text = resolved(each.text);
        return assignments;
    }

    // Parts of the card

    void start(char letter) {
        m_card.letters = std::string(1, letter);
        addText(m_part.reference.empty() ? std::string(1, letter) : withoutBlanks(m_part.reference));
    }

    static std::string withoutBlanks(std::string text) {
        std::replace_if(
            text.begin(), text.end(), [](char c) { return !isWordCharacter(c); }, '_');
        return text;
    }

    void addText(const std::string& text) {
        MappedText mapped;
        mapped.append(text);
        m_card.parts.push_back({std::move(mapped), CardPart::kText});
    }

    void addText(const MappedText& text) {
        MappedText mapped;
        mapped.append(" ");
        mapped.append(text);
        m_card.parts.push_back({std::move(mapped), CardPart::kText});
    }

    void addPin(int pin) { m_card.parts.push_back({{}, pin}); }

    void addAssignments(const std::vector<NamedText>& assignments, const std::vector<std::string>& without) {
        for (const NamedText& each : assignments) {
            if (each.name.empty() || each.text.empty()) continue;
            const std::string name = lowerCase(each.name);
            if (std::find(without.begin(), without.end(), name) != without.end()) continue;
            addText(" " + each.name + "=");
            m_card.parts.push_back({each.text, CardPart::kText});
        }
    }

    int pinNamed(std::string_view name) const {
        for (std::size_t i = 0; i < m_part.pins.size(); ++i) {
            if (equalIgnoringCase(m_part.pins[i].name, name)) return static_cast<int>(i);
        }
        return -1;
    }

    int pinNumbered(std::string_view number) const {
        for (std::size_t i = 0; i < m_part.pins.size(); ++i) {
            if (m_part.pins[i].number == number) return static_cast<int>(i);
        }
        return -1;
    }

    /// All pins, each number once, by number where they have one.
    std::vector<int> allPins() const {
        std::vector<int> order;
        for (std::size_t i = 0; i < m_part.pins.size(); ++i) {
            if (pinNumbered(m_part.pins[i].number) == static_cast<int>(i))
                order.push_back(static_cast<int>(i));
        }
        const auto number = [&](int pin) {
            const std::string& text = m_part.pins[static_cast<std::size_t>(pin)].number;
            int value = 0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            return error == std::errc() && end == text.data() + text.size() ? value : 1'000'000;
        };
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return number(a) < number(b); });
        return order;
    }

    std::optional<std::vector<int>> pinsNamed(std::initializer_list<std::string_view> names) const {
        std::vector<int> result;
        for (const std::string_view name : names) {
            const int pin = pinNamed(name);
            if (pin < 0) return std::nullopt;
            result.push_back(pin);
        }
        return result;
    }

    /// Pins in the order of the model's terminals, each known by some names.
    std::vector<int> simulationPins(const std::vector<std::vector<std::string_view>>& terminals) const {
        const auto found = m_part.fields.find("Sim.Pins");
        std::vector<int> result;
        if (found != m_part.fields.end()) {
            const auto pairs = assignmentsOf(found->second);
            for (std::size_t t = 0; t < terminals.size(); ++t) {
                for (const NamedText& each : pairs) {
                    const std::string terminal = each.text.text();
                    const bool same = terminal == std::to_string(t + 1) ||
                                      std::any_of(terminals[t].begin(), terminals[t].end(), [&](auto name) {
                                          return equalIgnoringCase(name, terminal);
                                      });
                    const int pin = pinNumbered(each.name);
                    if (!same || pin < 0) continue;
                    result.push_back(pin);
                    break;
                }
            }
            if (result.size() + 1 >= terminals.size() && !result.empty()) return result;
            result.clear();
        }
        for (const auto& names : terminals) {
            for (const std::string_view name : names) {
                if (const int pin = pinNamed(name); pin >= 0) {
                    result.push_back(pin);
                    break;
                }
            }
        }
        if (result.size() + 1 >= terminals.size() && !result.empty()) return result;
        result = allPins();
        if (result.size() > terminals.size()) result.resize(terminals.size());
        return result;
    }

    // Kinds of parts

    void bySimulationFields(const std::string& device) {
        const auto assignments = simulationParameters();
        const std::string name = m_part.field("Sim.Name");
        if (device == "R" || device == "C" || device == "L") return twoTerminal(device[0], assignments);
        if (device == "V" || device == "I") return source(device[0], assignments);
        if (device == "NMOS" || device == "PMOS") {
            return transistor('m', device[0] == 'N' ? Polarity::N : Polarity::P,
                              simulationPins({{"D"}, {"G"}, {"S"}, {"B", "Bulk"}}), name, assignments);
        }
        if (device == "NPN" || device == "PNP") {
            return transistor('q', device[0] == 'N' ? Polarity::N : Polarity::P,
                              simulationPins({{"C"}, {"B"}, {"E"}, {"S", "Substrate"}}), name, assignments);
        }
        if (device == "NJFET" || device == "PJFET" || device == "NMES" || device == "PMES") {
            return transistor(device.ends_with("MES") ? 'z' : 'j', std::nullopt,
                              simulationPins({{"D"}, {"G"}, {"S"}}), name, assignments);
        }
        if (device == "D") {
            return transistor('d', std::nullopt, simulationPins({{"A"}, {"K"}}), name, assignments);
        }
        if (device == "SPICE") return rawSpice(assignments);
        if (device == "K") {
            m_card.excluded = true;
            m_card.note = "mutual inductances are no part of the circuit";
            return;
        }
        instance(name, assignments);
    }

    void rawSpice(const std::vector<NamedText>& assignments) {
        const MappedText* type = valueOf(assignments, "type");
        const MappedText* model = valueOf(assignments, "model");
        const char letter = type && !type->empty() ? lowerCase(type->text().front()) : 'x';
        start(letter);
        const auto pins = m_part.fields.contains("Sim.Pins") ? sequenceOfSimPins() : allPins();
        for (const int pin : pins)
            addPin(pin);
        if (model) addText(*model);
    }

    /// The pins in the order that Sim.Pins gives them: by number, or by the names of the ports of the
    /// subcircuit, whose order only its library tells.
    std::vector<int> sequenceOfSimPins() {
        struct Pair {
            std::size_t order;
            int pin;
        };
        constexpr std::size_t kBehind = 100'000;
        std::vector<Pair> pairs;
        std::string unknown;
        const auto& ports = m_part.subcircuitPorts;
        for (const NamedText& each : assignmentsOf(m_part.fields.at("Sim.Pins"))) {
            const int pin = pinNumbered(each.name);
            const std::string text = each.text.text();
            if (pin < 0 || text == "~") continue;
            std::size_t order = kBehind + pairs.size();
            const auto port = std::find_if(ports.begin(), ports.end(), [&](const std::string& name) {
                return equalIgnoringCase(name, text);
            });
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), order);
            if (port != ports.end()) {
                order = static_cast<std::size_t>(port - ports.begin()) + 1;
            } else if (error != std::errc() || end != text.data() + text.size()) {
                order = kBehind + pairs.size();
                unknown += (unknown.empty() ? "" : ", ") + text;
            }
            pairs.push_back({order, pin});
        }
        if (!unknown.empty() && ports.empty()) {
            m_card.note =
                fmt::format("its pins ({}) are taken in the order of Sim.Pins, as the subcircuit is "
                            "not found in a library beside the sheet",
                            unknown);
        } else if (!unknown.empty() || pairs.size() != (ports.empty() ? pairs.size() : ports.size())) {
            m_card.note = fmt::format("its Sim.Pins do not name the ports of the subcircuit{}",
                                      unknown.empty() ? std::string() : ": " + unknown);
        }
        std::stable_sort(pairs.begin(), pairs.end(),
                         [](const Pair& a, const Pair& b) { return a.order < b.order; });
        std::vector<int> result;
        for (const Pair& each : pairs)
            result.push_back(each.pin);
        return result.empty() ? allPins() : result;
    }

    void bySpiceFields() {
        const std::string primitive = m_part.field("Spice_Primitive");
        start(lowerCase(primitive.front()));
        if (m_card.letters == "m" || m_card.letters == "q") {
            m_card.polarity = polarityOf(m_part.symbol);
            if (!m_card.polarity) m_card.polarity = polarityOf(m_part.description);
        }
        std::vector<int> pins;
        const auto sequence = m_part.fields.find("Spice_Node_Sequence");
        if (sequence != m_part.fields.end()) {
            const auto ordered = allPins();
            for (const NamedText& each : assignmentsOf(sequence->second)) {
                int pin = pinNumbered(each.text.text());
                const std::string& text = each.text.text();
                std::size_t position = 0;
                const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position);
                if (pin < 0 && error == std::errc() && end == text.data() + text.size() && position >= 1 &&
                    position <= ordered.size()) {
                    pin = ordered[position - 1];
                }
                if (pin >= 0) pins.push_back(pin);
            }
        }
        if (pins.empty()) pins = allPins();
        for (const int pin : pins)
            addPin(pin);
        const auto model = m_part.fields.find("Spice_Model");
        const auto value = m_part.fields.find("Value");
        const char letter = m_card.letters.front();
        m_card.takesValue = letter == 'r' || letter == 'c' || letter == 'l' || letter == 'v' || letter == 'i';
        if (m_card.letters == "m" && pins.size() == 3) addPin(pins[2]);
        if (model != m_part.fields.end() && !model->second.empty()) {
            m_card.hasValue = true;
            return addText(model->second);
        }
        if (value != m_part.fields.end() && !value->second.empty()) {
            m_card.hasValue = true;
            // These versions write the text as it is, which SPICE reads only where it is one word.
            const bool words = value->second.trimmed().text().find_first_of(" ,") != std::string::npos;
            const bool passive = letter == 'r' || letter == 'c' || letter == 'l';
            const MappedText number =
                words && passive ? kiCadValue(value->second, letter == 'r') : MappedText();
            addText(number.empty() ? value->second : number);
        }
    }

    void byAppearance() {
        const auto assignments = simulationParameters();
        std::string prefix;
        for (const char c : m_part.reference) {
            if (!isLetter(c)) break;
            prefix += lowerCase(c);
        }
        const std::size_t pins = allPins().size();
        const std::string about = m_part.symbol + " " + m_part.description;
        const std::string value = lowerCase(m_part.field("Value"));
        std::optional<Polarity> polarity = polarityOf(m_part.symbol);
        if (!polarity) polarity = polarityOf(about);
        if (!polarity) polarity = polarityOf(value);
        const bool jfet = contains(about, "jfet") || contains(about, "njf") || contains(about, "pjf");
        if (auto order = pinsNamed({"D", "G", "S"}); order && pins <= 6) {
            const int bulk = pinNamed("B") >= 0 ? pinNamed("B") : pinNamed("SUB");
            if (bulk >= 0 && !jfet) order->push_back(bulk);
            return transistor(jfet ? 'j' : 'm', polarity, *order, {}, assignments);
        }
        if (auto order = pinsNamed({"C", "B", "E"}); order && pins <= 5) {
            if (const int substrate = pinNamed("S"); substrate >= 0) order->push_back(substrate);
            return transistor('q', polarity, *order, {}, assignments);
        }
        if (pins == 2) {
            if (prefix == "r") return twoTerminal('R', assignments);
            if (prefix == "c") return twoTerminal('C', assignments);
            if (prefix == "l") return twoTerminal('L', assignments);
            const auto anode = pinsNamed({"A", "K"});
            if (anode) return transistor('d', std::nullopt, *anode, {}, assignments);
            if (prefix == "d" || prefix == "led") {
                return transistor('d', std::nullopt, allPins(), {}, assignments);
            }
            if (prefix == "v" || prefix == "i") return source(prefix[0] == 'v' ? 'V' : 'I', assignments);
        }
        if (prefix == "d" && pinsNamed({"A", "K"})) {
            return transistor('d', std::nullopt, *pinsNamed({"A", "K"}), {}, assignments);
        }
        instance({}, assignments);
    }

    void twoTerminal(char letter, const std::vector<NamedText>& assignments) {
        m_card.takesValue = true;
        start(lowerCase(letter));
        for (const int pin : firstTwo(simulationPins({{"+"}, {"-"}})))
            addPin(pin);
        const std::string name(1, lowerCase(letter));
        if (const MappedText* given = valueOf(assignments, name)) {
            m_card.hasValue = true;
            addText(kiCadValue(*given, false).empty() ? *given : kiCadValue(*given, false));
        } else if (const auto value = m_part.fields.find("Value"); value != m_part.fields.end()) {
            const MappedText number = kiCadValue(value->second, letter == 'R');
            m_card.hasValue = !number.empty();
            if (!number.empty()) addText(number);
            if (containsIgnoringCase(number.text(), "meg") &&
                !containsIgnoringCase(value->second.text(), "meg")) {
                m_card.note = fmt::format("'{}' is read as mega-ohms", value->second.text());
            }
        }
        addAssignments(assignments, {name});
    }

    static std::vector<int> firstTwo(std::vector<int> pins) {
        if (pins.size() > 2) pins.resize(2);
        return pins;
    }

    void source(char letter, const std::vector<NamedText>& assignments) {
        m_card.takesValue = true;
        start(lowerCase(letter));
        for (const int pin : firstTwo(simulationPins({{"+"}, {"-"}})))
            addPin(pin);
        const std::string type = upper(m_part.field("Sim.Type"));
        const bool waveform = !type.empty() && type != "DC";
        if (const MappedText* dc = valueOf(assignments, "dc")) {
            m_card.hasValue = true;
            addText(*dc);
        } else if (waveform) {
            // What the sheet shows as value is no number then.
        } else if (const auto value = m_part.fields.find("Value"); value != m_part.fields.end()) {
            const MappedText number = kiCadValue(value->second, false);
            m_card.hasValue = !number.empty();
            if (!number.empty()) addText(number);
        }
        if (const MappedText* ac = valueOf(assignments, "ac")) {
            addText(" AC ");
            addText(*ac);
        }
        if (waveform) addWaveform(type, assignments);
    }

    /// The parameters of KiCad's source models in the order of SPICE's functions.
    void addWaveform(const std::string& type, const std::vector<NamedText>& assignments) {
        struct Waveform {
            std::string_view type;
            std::vector<std::string_view> parameters;
        };
        static const std::array<Waveform, 4> kWaveforms{
            {{"SIN", {"dc", "ampl", "f", "td", "theta", "phase"}},
             {"PULSE", {"y1", "y2", "td", "tr", "tf", "tw", "per", "np"}},
             {"EXP", {"y1", "y2", "td1", "tau1", "td2", "tau2"}},
             {"PWL", {"pwl"}}}};
        const auto known = std::find_if(kWaveforms.begin(), kWaveforms.end(),
                                        [&](const Waveform& each) { return each.type == type; });
        if (known == kWaveforms.end()) {
            m_card.note = fmt::format("its waveform {} is not read", type);
            return;
        }
        std::size_t last = 0;
        for (std::size_t i = 0; i < known->parameters.size(); ++i)
            if (valueOf(assignments, known->parameters[i])) last = i + 1;
        if (last == 0) return;
        addText(fmt::format(" {}(", type));
        for (std::size_t i = 0; i < last; ++i) {
            const MappedText* given = valueOf(assignments, known->parameters[i]);
            if (given) {
                addText(*given);
            } else {
                addText(std::string(" 0"));
            }
        }
        addText(std::string(")"));
    }

    void transistor(char letter, std::optional<Polarity> polarity, const std::vector<int>& pins,
                    const std::string& model, const std::vector<NamedText>& assignments) {
        start(letter);
        m_card.polarity = polarity;
        for (const int pin : pins)
            addPin(pin);
        if (letter == 'm' && pins.size() == 3) addPin(pins[2]);
        std::string name = withoutBlanks(model);
        if (name.empty()) name = withoutBlanks(m_part.field("Value"));
        if (name.empty()) name = letter == 'd' ? "D" : polarity == Polarity::P ? "P" : "N";
        addText(" " + name);
        // Fields that eSim and others give sizes in.
        addAssignments(assignments, {});
        for (const char* each : {"W", "L", "w", "l", "m", "M", "nf", "NF"}) {
            const auto field = m_part.fields.find(each);
            if (letter != 'm' || field == m_part.fields.end() || valueOf(assignments, each)) continue;
            addText(fmt::format(" {}=", each));
            m_card.parts.push_back({field->second.trimmed(), CardPart::kText});
        }
    }

    void instance(const std::string& model, const std::vector<NamedText>& assignments) {
        start('x');
        const auto pins = m_part.fields.contains("Sim.Pins") ? sequenceOfSimPins() : allPins();
        for (const int pin : pins)
            addPin(pin);
        std::string name = withoutBlanks(model.empty() ? m_part.field("Value") : model);
        if (name.empty()) name = withoutBlanks(m_part.symbol);
        addText(" " + (name.empty() ? std::string("part") : name));
        addAssignments(assignments, {});
    }

    const KiCadPart& m_part;
    KiCadCard m_card;
};

} // namespace

std::string KiCadPart::field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : std::string(trimmed(found->second.text()));
}

KiCadCard kiCadCard(const KiCadPart& part) {
    return CardMaker(part).run();
}

} // namespace headroom::netlist
