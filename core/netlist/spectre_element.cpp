#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/netlist/kit_device.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

struct Primitive {
    std::string_view master;
    DeviceType type;
    std::string_view value; ///< the parameter that is the device's value
};

constexpr std::array<Primitive, 8> kPrimitives{{
    {"resistor", DeviceType::Resistor, "r"},
    {"capacitor", DeviceType::Capacitor, "c"},
    {"inductor", DeviceType::Inductor, "l"},
    {"vsource", DeviceType::VoltageSource, "dc"},
    {"isource", DeviceType::CurrentSource, "dc"},
    {"port", DeviceType::VoltageSource, "dc"},
    {"iprobe", DeviceType::VoltageSource, ""},
    {"diode", DeviceType::Diode, ""},
}};

/// Masters that are no device of ours but no mistake either.
constexpr std::array<std::string_view, 22> kOtherPrimitives{
    "vcvs",        "vccs",  "ccvs",     "cccs",   "pvcvs", "pvccs",   "switch", "relay",
    "transformer", "delay", "tline",    "mtline", "nport", "bsource", "core",   "mutual_inductor",
    "winding",     "node",  "quantity", "cktrom", "zcvs",  "svcvs"};

constexpr std::array<std::string_view, 50> kStatements{
    "ac",       "dc",      "tran",    "noise",      "sp",         "xf",       "stb",         "pz",
    "sens",     "info",    "options", "sweep",      "montecarlo", "pss",      "pac",         "pxf",
    "pnoise",   "psp",     "pstb",    "qpss",       "qpac",       "qpxf",     "qpnoise",     "qpsp",
    "hb",       "hbac",    "hbnoise", "hbsp",       "hbxf",       "hbstb",    "envlp",       "tdr",
    "fourier",  "dcmatch", "alter",   "altergroup", "set",        "shell",    "check",       "checklimit",
    "paramset", "assert",  "thermal", "cosim",      "lf",         "loadpull", "reliability", "dcop",
    "acmatch",  "mdl"};

/// Device type and number of nets that matter, by the SPICE type of a model.
std::pair<DeviceType, std::size_t> typeOfModel(const std::string& model) {
    if (model == "nmos" || model == "pmos") return {DeviceType::Mosfet, 3};
    if (model == "npn" || model == "pnp") return {DeviceType::Bipolar, 3};
    if (model == "d") return {DeviceType::Diode, 2};
    if (model == "r" || model == "res") return {DeviceType::Resistor, 2};
    if (model == "c" || model == "cap") return {DeviceType::Capacitor, 2};
    if (model == "l" || model == "ind") return {DeviceType::Inductor, 2};
    return {DeviceType::Other, 0};
}

class SpectreReader {
public:
    SpectreReader(const DeviceCard& card, const SpiceDocument& document, int cell, DeviceRuleIndex& rules)
        : m_card(card)
        , m_document(document)
        , m_cell(cell)
        , m_rules(rules) {}

    ElementReading run() {
        constexpr std::size_t kMostParameters = 1000;
        if (m_card.fields.named.size() > kMostParameters) {
            unusable(fmt::format("'{}' has more than {} parameters.", m_card.name(), kMostParameters));
        } else if (!m_card.closed) {
            unusable(fmt::format("A quote or bracket of '{}' is not closed.", m_card.name()));
        } else if (takeWords()) {
            interpret();
        }
        if (!m_failed && m_isElement) m_reading.element = std::move(m_element);
        return std::move(m_reading);
    }

private:
    void note(Severity severity, std::string message, std::string key = {}) {
        m_reading.problems.push_back({severity, std::move(message), std::move(key)});
    }

    void unusable(std::string message) {
        m_failed = true;
        note(Severity::Error, std::move(message));
    }

    /// Name, nets and master; false where the card is a statement.
    bool takeWords() {
        const auto& words = m_card.fields.words;
        m_element.name = words.front().text;
        m_element.span = m_card.span;
        m_element.spectre = true;
        const std::size_t group = m_card.fields.groupEnd;
        const std::size_t master = group > 0 ? group : words.size() - 1;
        if (master >= words.size() || master == 0) {
            note(Severity::Warning,
                 fmt::format("'{}' names neither a device nor a subcircuit; it is kept as it is.",
                             m_element.name));
            return false;
        }
        const bool value =
            master + 2 == words.size() && splitNumber(words[master + 1].text, m_document.spectreNumbers);
        if (value) {
            m_element.parameters.push_back({"value", words[master + 1], true});
        } else if (master + 1 < words.size()) {
            note(Severity::Warning, fmt::format("'{}' behind '{}' is not understood; it is ignored.",
                                                words[master + 1].text, words[master].text));
        }
        m_element.model = words[master].text;
        for (std::size_t i = 1; i < master; ++i)
            m_element.nets.push_back(words[i].text);
        for (const NamedField& each : m_card.fields.named)
            addParameter(each);
        return true;
    }

    /// A name given twice keeps the later value.
    void addParameter(const NamedField& field) {
        for (NamedField& each : m_element.parameters) {
            if (each.name != field.name) continue;
            note(Severity::Warning,
                 fmt::format("{} of {} is given twice; the later one is used.", field.name, m_element.name));
            each.value = field.value;
            return;
        }
        m_element.parameters.push_back(field);
    }

    void interpret() {
        m_isElement = true;
        m_element.subcircuit = m_document.findSubcircuit(m_element.model, m_cell);
        const std::string* const model =
            m_element.subcircuit < 0 ? m_document.findModel(m_element.model, m_cell) : nullptr;
        const auto* const primitive =
            std::find_if(kPrimitives.begin(), kPrimitives.end(),
                         [&](const Primitive& each) { return each.master == m_element.model; });
        if (m_element.subcircuit < 0 && !model && primitive != kPrimitives.end()) return builtIn(*primitive);
        if (model && typeOfModel(*model).first != DeviceType::Other) {
            const auto [type, nets] = typeOfModel(*model);
            return device(type, nets);
        }
        if (becomeKitDevice(m_element, m_document, m_rules, m_reading.problems)) return;
        if (m_element.subcircuit >= 0) return;
        if (model) return lowerNames();
        if (contains(kOtherPrimitives, m_element.model)) {
            lowerNames();
            if (m_element.model == "vcvs") rename("gain", "value");
            if (m_element.model == "vccs") rename("gm", "value");
            if (m_element.model == "cccs") rename("gain", "value");
            if (m_element.model == "ccvs") rename("rm", "value");
            if (m_element.model == "cccs" || m_element.model == "ccvs") rename("probe", "control");
            return;
        }
        if (contains(kStatements, m_element.model)) {
            m_isElement = false;
            return note(Severity::Note,
                        "Analyses, options and saved signals are kept in the text and are no part of the "
                        "circuit.",
                        "spectre kept");
        }
        if (m_element.nets.empty()) {
            m_isElement = false;
            return note(Severity::Warning, fmt::format("Statement '{} {}' is not known; it is kept as it is.",
                                                       m_element.name, m_element.model));
        }
        if (byNamesLetter()) return;
        note(Severity::Warning,
             fmt::format("Subcircuit '{}' is not defined; its instances are kept as black boxes.",
                         m_element.model),
             "cell " + lowerCase(m_element.model));
    }

    template <std::size_t N>
    static bool contains(const std::array<std::string_view, N>& list, std::string_view name) {
        return std::find(list.begin(), list.end(), name) != list.end();
    }

    /// Designers name devices by their kind (R1, M3); an undefined model of fitting nets is taken for one.
    bool byNamesLetter() {
        const auto has = [this](std::string_view name) {
            return std::any_of(m_element.parameters.begin(), m_element.parameters.end(),
                               [&](const NamedField& each) { return each.name == name; });
        };
        const std::size_t nets = m_element.nets.size();
        DeviceType type = DeviceType::Other;
        if (nets == 2 || nets == 3) {
            const char letter = lowerCase(m_element.name.front());
            if (has("r") || (letter == 'r' && has("l"))) type = DeviceType::Resistor;
            if (has("c") || (letter == 'c' && has("l"))) type = DeviceType::Capacitor;
            if (letter == 'd' && nets == 2) type = DeviceType::Diode;
            if (letter == 'q' && nets == 3) type = DeviceType::Bipolar;
        } else if (nets == 4 && has("w") && has("l")) {
            type = DeviceType::Mosfet;
        }
        if (type == DeviceType::Other) return false;
        note(Severity::Note,
             fmt::format("Model '{}' is not in the files; it is taken as a {} by its instances.",
                         m_element.model, toString(type)),
             "model " + lowerCase(m_element.model));
        device(type, 2);
        return true;
    }

    void lowerNames() {
        for (NamedField& each : m_element.parameters)
            each.name = lowerCase(each.name);
    }

    /// An instance of a model.
    void device(DeviceType type, std::size_t fewestNets) {
        if (m_element.nets.size() < fewestNets) {
            return unusable(fmt::format("'{}' needs {} nets.", m_element.name, fewestNets));
        }
        lowerNames();
        m_element.type = type;
        if (type == DeviceType::Mosfet && m_element.nets.size() == 3) {
            m_element.nets.push_back(m_element.nets[Source]);
        }
        if (type == DeviceType::Mosfet || type == DeviceType::Bipolar) {
            tellPolarity(m_element, m_document, m_cell, m_reading.problems);
        }
        m_element.rule = m_rules.find(m_element.model, type);
        const std::string_view value = type == DeviceType::Resistor    ? "r"
                                       : type == DeviceType::Capacitor ? "c"
                                                                       : "";
        rename(value, "value");
    }

    void rename(std::string_view from, std::string_view to) {
        for (NamedField& each : m_element.parameters) {
            if (!from.empty() && each.name == from) each.name = to;
        }
    }

    void builtIn(const Primitive& primitive) {
        device(primitive.type, 2);
        if (m_failed) return;
        m_element.rule = nullptr;
        rename(primitive.value, "value");
        const bool source =
            primitive.type == DeviceType::VoltageSource || primitive.type == DeviceType::CurrentSource;
        if (source) {
            rename("mag", "ac");
            rename("phase", "acphase");
        }
        // An ammeter is a source of 0 V.
        if (primitive.master == "iprobe") m_element.parameters.push_back({"value", {"0", {}}, true});
        if (primitive.master != "port" && primitive.type != DeviceType::Diode) m_element.model.clear();
    }

    const DeviceCard& m_card;
    const SpiceDocument& m_document;
    int m_cell;
    DeviceRuleIndex& m_rules;
    Element m_element;
    ElementReading m_reading;
    bool m_failed = false;
    bool m_isElement = false;
};

} // namespace

ElementReading readSpectreElement(const DeviceCard& card, const SpiceDocument& document, int cell,
                                  DeviceRuleIndex& rules) {
    return SpectreReader(card, document, cell, rules).run();
}

} // namespace headroom::netlist
