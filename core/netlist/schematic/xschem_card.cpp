#include "core/netlist/schematic/xschem_card.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

constexpr int kDeepestReference = 4; ///< of attributes to attributes

bool isNameCharacter(char c) {
    return isLetter(c) || isDigit(c) || c == '_';
}

/// Attributes that say nothing to a simulator.
bool isAboutDrawing(const std::string& name) {
    static constexpr std::array kNames{
        "name",      "model",      "spiceprefix", "value",         "lab",         "sig_type",   "device",
        "footprint", "embed",      "place",       "url",           "savecurrent", "lock",       "highlight",
        "format",    "type",       "template",    "author",        "body",        "schematic",  "program",
        "net_name",  "symversion", "comment",     "only_toplevel", "descr",       "class",      "simulator",
        "bulk",      "global",     "symbol",      "color",         "hide",        "hide_texts", "dir"};
    if (std::find(kNames.begin(), kNames.end(), name) != kNames.end()) return true;
    for (const char* part :
         {"_ignore", "verilog", "vhdl", "tedax", "spectre", "_format", "text_size", "tcl"}) {
        if (name.find(part) != std::string::npos) return true;
    }
    return false;
}

/// Whether a value may stand in a card as it is: one word, or in quotes or brackets.
bool isOneWord(const std::string& value) {
    if (value.empty() || value.find('\n') != std::string::npos) return false;
    const char first = value.front();
    if (first == '\'' || first == '{') return true;
    return value.find_first_of(" \t=\"") == std::string::npos;
}

class CardWriter {
public:
    CardWriter(const XschemSymbol& symbol, const XschemAttributes& instance, std::string symbolName)
        : m_symbol(symbol)
        , m_instance(instance)
        , m_symbolName(std::move(symbolName)) {}

    std::vector<CardPart> run() {
        std::string format(trimmed(m_symbol.format));
        if (format.empty() || format.starts_with("tcleval(")) format = ownFormat();
        MappedText mapped;
        mapped.append(format);
        expand(mapped, 0);
        flush();
        return std::move(m_parts);
    }

private:
    const MappedText* valueOf(const std::string& name) const {
        const MappedText* own = m_instance.find(name);
        return own ? own : m_symbol.defaults.find(name);
    }

    std::string ownFormat() const {
        std::string format = "@spiceprefix@name @pinlist";
        if (const MappedText* body = valueOf("body"); body && m_symbol.pins.size() == 3) format += " @body";
        const bool plain = !valueOf("model") && valueOf("value");
        if (plain) {
            format += " @value";
        } else {
            const std::string model = valueOf("model") ? valueOf("model")->text() : m_symbolName;
            const bool complete = model.starts_with(m_symbol.modelPrefix);
            format += " " + (complete ? std::string() : m_symbol.modelPrefix) +
                      (valueOf("model") ? "@model" : "@symname");
        }
        std::vector<std::string> names;
        const auto add = [&](const XschemAttributes& attributes) {
            for (const NamedText& each : attributes.all()) {
                const bool named = !each.name.empty() && !isDigit(each.name.front()) &&
                                   std::all_of(each.name.begin(), each.name.end(), isNameCharacter);
                if (!named || isAboutDrawing(lowerCase(each.name)) || !isOneWord(each.text.text())) continue;
                if (std::find(names.begin(), names.end(), each.name) == names.end())
                    names.push_back(each.name);
            }
        };
        add(m_instance);
        add(m_symbol.defaults);
        for (const std::string& each : names)
            format += " " + each + "=@" + each;
        // Of these kits' two multipliers, designers set one.
        const auto has = [&](const char* name) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (has("mult") && !has("m")) format += " m=@mult";
        return format;
    }

    void flush() {
        if (m_text.empty()) return;
        m_parts.push_back({std::move(m_text), CardPart::kText});
        m_text = {};
    }

    void addPin(int pin) {
        flush();
        m_parts.push_back({{}, pin});
    }

    int pinIndex(const std::string& name) const {
        for (std::size_t i = 0; i < m_symbol.pins.size(); ++i) {
            if (m_symbol.pins[i].name == name) return static_cast<int>(i);
        }
        int number = -1;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        const bool valid = error == std::errc() && end == name.data() + name.size() && number >= 0 &&
                           static_cast<std::size_t>(number) < m_symbol.pins.size();
        return valid ? number : -1;
    }

    /// An attribute without value: "k=" in front of it goes, too.
    void dropAssignment() {
        const std::string& text = m_text.text();
        if (text.empty() || text.back() != '=') return;
        const std::size_t blank = text.find_last_of(" \t\n");
        m_text = blank == std::string::npos ? MappedText{} : m_text.part(0, blank + 1);
    }

    void expand(const MappedText& format, int depth) {
        const std::string& s = format.text();
        std::size_t at = 0;
        while (at < s.size()) {
            if (s[at] == '\\' && at + 1 < s.size()) {
                m_text.append(format, at + 1, 1);
                at += 2;
                continue;
            }
            const bool reference = (s[at] == '@' || (s[at] == '%' && depth == 0)) && at + 1 < s.size() &&
                                   (isNameCharacter(s[at + 1]) || s[at + 1] == '@' || s[at + 1] == '#');
            if (!reference) {
                m_text.append(format, at, 1);
                ++at;
                continue;
            }
            ++at;
            const bool pin = s[at] == '@' || s[at] == '#';
            if (pin) ++at;
            const std::size_t start = at;
            while (at < s.size() && (isNameCharacter(s[at]) || (pin && (s[at] == '[' || s[at] == ']'))))
                ++at;
            const std::string name = s.substr(start, at - start);
            if (pin) {
                if (const int index = pinIndex(name); index >= 0) addPin(index);
                while (at < s.size() && s[at] == ':')
                    at = std::min(s.find_first_of(" \t\n", at), s.size());
            } else {
                addReference(name, depth);
            }
        }
    }

    void addReference(const std::string& name, int depth) {
        if (name == "pinlist") return addPin(CardPart::kAllPins);
        if (const MappedText* value = valueOf(name); value && !value->empty()) {
            if (depth < kDeepestReference && value->text().find('@') != std::string::npos) {
                return expand(*value, depth + 1);
            }
            return m_text.append(*value);
        }
        if (name == "symname") return m_text.append(m_symbolName);
        dropAssignment();
    }

    const XschemSymbol& m_symbol;
    const XschemAttributes& m_instance;
    std::string m_symbolName;
    MappedText m_text;
    std::vector<CardPart> m_parts;
};

} // namespace

std::vector<CardPart> xschemCard(const XschemSymbol& symbol, const XschemAttributes& instance,
                                 const std::string& symbolName) {
    return CardWriter(symbol, instance, symbolName).run();
}

std::string xschemLetters(const std::string& type) {
    if (type == "nmos" || type == "pmos") return "mxn";
    if (type == "resistor") return "rxn";
    if (type == "capacitor" || type == "parax_cap") return "cxn";
    if (type == "inductor") return "lxn";
    if (type == "diode") return "dxn";
    if (type == "npn" || type == "pnp") return "qxn";
    if (type == "njfet" || type == "pjfet") return "jxn";
    if (type == "vsource" || type == "ammeter") return "vbehxagi";
    if (type == "isource") return "ibgfxaehv";
    if (type == "vcvs") return "exgfhb";
    if (type == "vccs") return "gxefhb";
    if (type == "cccs") return "fxegh";
    if (type == "ccvs") return "hxegf";
    if (type == "switch") return "swxabg";
    if (type == "coupler") return "k";
    if (type == "bsource") return "bxegvi";
    // Anything else is an instance unless its name says otherwise.
    return "xmrclqdvijbefghnast";
}

std::optional<DeviceType> xschemDeviceType(const std::string& type) {
    if (type == "nmos" || type == "pmos") return DeviceType::Mosfet;
    if (type == "resistor") return DeviceType::Resistor;
    if (type == "capacitor" || type == "parax_cap") return DeviceType::Capacitor;
    if (type == "inductor") return DeviceType::Inductor;
    if (type == "diode") return DeviceType::Diode;
    if (type == "npn" || type == "pnp") return DeviceType::Bipolar;
    if (type == "ammeter") return DeviceType::VoltageSource;
    return std::nullopt;
}

std::optional<Polarity> xschemPolarity(const std::string& type) {
    if (type == "nmos" || type == "npn") return Polarity::N;
    if (type == "pmos" || type == "pnp") return Polarity::P;
    return std::nullopt;
}

} // namespace headroom::netlist
