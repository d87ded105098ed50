#include "core/netlist/element.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/netlist/kit_device.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

bool isValue(const Field& field, const SpiceDocument& document) {
    const char first = field.text.empty() ? ' ' : field.text.front();
    return first == '\'' || first == '{' || first == '"' || first == '(' ||
           splitNumber(field.text, document.numbers).has_value();
}

bool parameterIsVisible(const std::string& name, const SpiceDocument& document, int cell) {
    const std::string key = lowerCase(name);
    for (int at = cell; at >= 0; at = document.subcircuits[static_cast<std::size_t>(at)].parent) {
        if (document.subcircuits[static_cast<std::size_t>(at)].parameterNames.contains(key)) return true;
    }
    return false;
}

/// A reader for one card: one method per kind of element.
class ElementReader {
public:
    ElementReader(const DeviceCard& card, const SpiceDocument& document, int cell, DeviceRuleIndex& rules)
        : m_words(card.fields.words)
        , m_fields(card.fields)
        , m_document(document)
        , m_cell(cell)
        , m_rules(rules)
        , m_closed(card.closed) {
        m_element.name = card.name();
        m_element.span = card.span;
        for (const Field& each : card.fields.dollarWords) {
            if (each.text.size() > 2 && each.text.front() == '[' && each.text.back() == ']') {
                m_element.model = each.text.substr(1, each.text.size() - 2);
            }
        }
    }

    ElementReading run(char kind) {
        constexpr std::size_t kMostParameters = 1000;
        if (m_fields.named.size() > kMostParameters) {
            unusable(fmt::format("'{}' has more than {} parameters.", m_element.name, kMostParameters));
            return std::move(m_reading);
        }
        if (!m_closed) {
            unusable(fmt::format("A quote or bracket of '{}' is not closed.", m_element.name));
            return std::move(m_reading);
        }
        switch (kind) {
        case 'm':
            mosfet();
            break;
        case 'q':
            transistor(DeviceType::Bipolar, 3);
            break;
        case 'j':
        case 'z':
            transistor(DeviceType::Other, 3);
            break;
        case 'd':
            transistor(DeviceType::Diode, 2);
            break;
        case 'r':
            passive(DeviceType::Resistor, {"r", "res", "resistance", "value"});
            break;
        case 'c':
            passive(DeviceType::Capacitor, {"c", "cap", "capacitance", "value"});
            break;
        case 'l':
            passive(DeviceType::Inductor, {"l", "ind", "inductance", "value"});
            break;
        case 'v':
            source(DeviceType::VoltageSource);
            break;
        case 'i':
            source(DeviceType::CurrentSource);
            break;
        case 'x':
            instance();
            break;
        case 'k':
            note(Severity::Warning, "Mutual inductances are kept in the text but are no part of the circuit.",
                 "k");
            return std::move(m_reading);
        default:
            other(kind);
            break;
        }
        if (m_failed) return std::move(m_reading);
        if (!m_element.rule && !m_element.model.empty() && m_element.type != DeviceType::Other) {
            m_element.rule = m_rules.find(m_element.model, m_element.type);
        }
        m_reading.element = std::move(m_element);
        return std::move(m_reading);
    }

private:
    std::size_t count() const { return m_words.size() - 1; }
    const Field& word(std::size_t i) const { return m_words[i + 1]; }

    void note(Severity severity, std::string message, std::string key = {}) {
        m_reading.problems.push_back({severity, std::move(message), std::move(key)});
    }

    void unusable(std::string message) {
        m_failed = true;
        note(Severity::Error, std::move(message));
    }

    void takeNets(std::size_t number) {
        for (std::size_t i = 0; i < number; ++i)
            m_element.nets.push_back(word(i).text);
    }

    /// Adds a parameter; a name given twice keeps the later value, as in the simulators.
    void addParameter(const std::string& name, const Field& value) {
        for (NamedField& each : m_element.parameters) {
            if (each.name != name) continue;
            note(Severity::Warning,
                 fmt::format("{} of {} is given twice; the later one is used.", name, m_element.name));
            each.value = value;
            return;
        }
        m_element.parameters.push_back({name, value});
    }

    void addNamedParameters() {
        for (const NamedField& each : m_fields.named)
            addParameter(each.name, each.value);
    }

    bool knowsModel(const std::string& name) const { return m_document.findModel(name, m_cell) != nullptr; }

    /// Position of the model among words @p first to @p last: the last one that is a known model, else the
    /// last one that looks like @p kit's names, else the first one with only values behind it; npos where
    /// there is none.
    std::size_t modelPosition(std::size_t first, std::size_t last,
                              bool (*kit)(std::string_view) = nullptr) const {
        const std::size_t end = std::min(count(), last + 1);
        for (std::size_t i = end; i-- > first;) {
            if (knowsModel(word(i).text)) return i;
        }
        for (std::size_t i = end; kit && i-- > first;) {
            if (kit(word(i).text)) return i;
        }
        for (std::size_t i = first; i < end; ++i) {
            const bool restIsValues =
                std::all_of(m_words.begin() + static_cast<std::ptrdiff_t>(i) + 2, m_words.end(),
                            [&](const Field& each) { return isValue(each, m_document); });
            if (restIsValues && !isValue(word(i), m_document)) return i;
        }
        return std::string::npos;
    }

    void mosfet() {
        std::size_t nets = modelPosition(3, 7, isMosfetModelName);
        if (nets == std::string::npos && isPartNumber(4)) nets = 4;
        const bool netWhereModelBelongs =
            nets == 3 && count() == 4 && !knowsModel(word(3).text) && !polarityOfModelName(word(3).text);
        if (!m_element.model.empty() && (count() == 3 || count() == 4)) {
            takeNets(count());
        } else if (nets == std::string::npos || netWhereModelBelongs) {
            if (count() == 3 && isValue(word(2), m_document) && containsIgnoringCase(m_element.name, "cap")) {
                note(
                    Severity::Warning,
                    fmt::format("'{}' has two nets and a value; it is read as a capacitor.", m_element.name));
                return passive(DeviceType::Capacitor, {});
            }
            return unusable(fmt::format("MOSFET '{}' needs three or four nets and a model.", m_element.name));
        } else {
            takeNets(nets);
            if (m_element.model.empty()) m_element.model = word(nets).text;
            static constexpr std::array kPositional{"l", "w", "ad", "as", "pd", "ps"};
            for (std::size_t i = nets + 1; i < count() && i - nets - 1 < kPositional.size(); ++i) {
                if (!isValue(word(i), m_document) && !parameterIsVisible(word(i).text, m_document, m_cell)) {
                    note(Severity::Warning,
                         fmt::format("'{}' behind the model of '{}' is not understood; it is "
                                     "ignored.",
                                     word(i).text, m_element.name));
                    break;
                }
                addParameter(kPositional[i - nets - 1], word(i));
            }
        }
        m_element.type = DeviceType::Mosfet;
        if (m_element.nets.size() == 3) m_element.nets.push_back(m_element.nets[Source]);
        addNamedParameters();
        tellPolarity(m_element, m_document, m_cell, m_reading.problems);
    }

    /// Part numbers of models that no file defines can be taken for values: "1N4148", "2N7002".
    bool isPartNumber(std::size_t i) const {
        return i < count() && m_element.model.empty() &&
               std::any_of(word(i).text.begin(), word(i).text.end(), isLetter);
    }

    void transistor(DeviceType type, std::size_t fewestNets) {
        std::size_t nets =
            modelPosition(fewestNets, type == DeviceType::Bipolar ? fewestNets + 2 : fewestNets);
        if (nets == std::string::npos && isPartNumber(fewestNets)) nets = fewestNets;
        if (nets == std::string::npos && (m_element.model.empty() || count() < fewestNets)) {
            return unusable(fmt::format("'{}' needs {} nets and a model.", m_element.name, fewestNets));
        }
        m_element.type = type;
        takeNets(nets == std::string::npos ? fewestNets : nets);
        if (m_element.model.empty()) m_element.model = word(nets).text;
        if (nets != std::string::npos && nets + 1 < count() && isValue(word(nets + 1), m_document)) {
            addParameter("area", word(nets + 1));
        }
        addNamedParameters();
        if (type == DeviceType::Bipolar) tellPolarity(m_element, m_document, m_cell, m_reading.problems);
    }

    void passive(DeviceType type, std::initializer_list<std::string_view> valueNames) {
        if (count() < 2) return unusable(fmt::format("'{}' needs two nets.", m_element.name));
        m_element.type = type;
        takeNets(2);
        bool hasValue = false;
        for (std::size_t i = 2; i < count(); ++i) {
            const Field& each = word(i);
            const bool value =
                isValue(each, m_document) ||
                (!knowsModel(each.text) && !hasValue && parameterIsVisible(each.text, m_document, m_cell));
            if (value && !hasValue) {
                addParameter("value", each);
                hasValue = true;
            } else if (!value && m_element.model.empty()) {
                m_element.model = each.text;
            } else if (!value) {
                // Three-terminal resistors and capacitors: the earlier word was the third net.
                m_element.nets.push_back(std::exchange(m_element.model, each.text));
            }
        }
        for (const NamedField& each : m_fields.named) {
            const bool isTheValue =
                std::find(valueNames.begin(), valueNames.end(), each.name) != valueNames.end();
            addParameter(isTheValue ? "value" : each.name, each.value);
            hasValue = hasValue || isTheValue;
        }
        for (const NamedField& each : m_fields.dollarNamed) {
            if (each.name == "sub") m_element.nets.push_back(each.value.text);
            if (each.name == "w" || each.name == "l") addParameter(each.name, each.value);
        }
        if (!hasValue && m_element.model.empty()) {
            note(Severity::Note, fmt::format("'{}' has no value.", m_element.name));
        }
    }

    void source(DeviceType type) {
        if (count() < 2) return unusable(fmt::format("Source '{}' needs two nets.", m_element.name));
        m_element.type = type;
        takeNets(2);
        static constexpr std::array kWaveforms{"pulse", "sin",     "pwl",      "exp", "sffm",
                                               "am",    "trnoise", "trrandom", "pat"};
        for (std::size_t i = 2; i < count(); ++i) {
            const std::string text = lowerCase(word(i).text);
            const std::string function = text.substr(0, text.find('('));
            const bool hasNext = i + 1 < count();
            if (text == "dc" && hasNext) {
                addParameter("value", word(++i));
            } else if (text == "ac") {
                if (hasNext && isValue(word(i + 1), m_document)) addParameter("ac", word(++i));
                if (i + 1 < count() && isValue(word(i + 1), m_document)) addParameter("acphase", word(++i));
            } else if (std::find(kWaveforms.begin(), kWaveforms.end(), function) != kWaveforms.end() ||
                       (function == "sine" && m_document.dialect == Dialect::Ltspice)) {
                Field waveform = word(i);
                while (i + 1 < count() && isValue(word(i + 1), m_document))
                    waveform.text += ' ' + word(++i).text;
                waveform.span.length = word(i).span.offset + word(i).span.length - waveform.span.offset;
                addParameter("waveform", waveform);
            } else if (i == 2) {
                addParameter("value", word(i));
            }
        }
        for (const NamedField& each : m_fields.named)
            addParameter(each.name == "dc" ? "value" : each.name, each.value);
    }

    void instance() {
        m_element.isInstance = true;
        std::size_t last = count();
        for (std::size_t i = 0; i < count(); ++i) {
            if (equalIgnoringCase(word(i).text, "params:") || equalIgnoringCase(word(i).text, "param:"))
                last = i;
            if (last == i) break;
        }
        std::vector<std::string> names;
        for (std::size_t i = 0; i < last; ++i) {
            if (word(i).text != "/") names.push_back(word(i).text);
        }
        if (names.empty()) {
            return unusable(
                fmt::format("'{}' does not name the subcircuit that it instantiates.", m_element.name));
        }
        m_element.model = names.back();
        names.pop_back();
        m_element.nets = std::move(names);
        m_element.pins = m_fields.pins;
        addNamedParameters();
        m_element.subcircuit = m_document.findSubcircuit(m_element.model, m_cell);
        if (becomeKitDevice(m_element, m_document, m_rules, m_reading.problems)) return;
        if (m_element.subcircuit < 0) {
            note(Severity::Warning,
                 fmt::format("Subcircuit '{}' is not defined; its instances are kept as black boxes.",
                             m_element.model),
                 "cell " + lowerCase(m_element.model));
        }
    }

    /// Elements that carry no sizes: controlled sources, switches, lines, behavioural and code models.
    void other(char kind) {
        std::size_t nets = 2;
        if (kind == 't' || kind == 's' || kind == 'o') nets = 4;
        if ((kind == 'e' || kind == 'g') && count() >= 5 && !containsIgnoringCase(word(2).text, "poly"))
            nets = 4;
        if (kind == 'a' || kind == 'n' || kind == 'u' || kind == 'y') nets = count() > 0 ? count() - 1 : 0;
        if (count() < nets || (count() == 0 && m_fields.named.empty())) {
            return unusable(fmt::format("'{}' needs {} nets.", m_element.name, nets));
        }
        takeNets(nets);
        if (nets < count() && !isValue(word(nets), m_document)) m_element.model = word(nets).text;
        if (nets < count() && isValue(word(nets), m_document)) addParameter("value", word(nets));
        addNamedParameters();
    }

    const std::vector<Field>& m_words;
    const CardFields& m_fields;
    const SpiceDocument& m_document;
    int m_cell;
    DeviceRuleIndex& m_rules;
    Element m_element;
    ElementReading m_reading;
    bool m_closed;
    bool m_failed = false;
};

} // namespace

ElementReading readElement(const DeviceCard& card, const SpiceDocument& document, int cell,
                           DeviceRuleIndex& rules) {
    if (card.element) return {*card.element, {}};
    if (card.spectre) return readSpectreElement(card, document, cell, rules);
    return ElementReader(card, document, cell, rules).run(card.kind());
}

bool looksLikeElement(const DeviceCard& card, const SpiceDocument& document) {
    if (!card.closed) return false;
    const auto& words = card.fields.words;
    const auto& named = card.fields.named;
    const auto hasNamed = [&](std::string_view name) {
        return std::any_of(named.begin(), named.end(),
                           [&](const NamedField& each) { return each.name == name; });
    };
    const auto modelAt = [&](std::size_t i) {
        return i < words.size() && document.findModel(words[i].text, 0);
    };
    switch (card.kind()) {
    case 'm': {
        if (words.size() >= 5 && hasNamed("w") && hasNamed("l")) return true;
        const std::size_t last = words.size() - 1;
        return (last == 4 || last == 5) && (modelAt(last) || isMosfetModelName(words[last].text));
    }
    case 'q':
    case 'j':
    case 'd':
        return modelAt(3) || modelAt(4) || modelAt(5);
    case 'x':
        return words.size() >= 3 && (document.findSubcircuit(words.back().text, 0) >= 0 ||
                                     (words.size() == 6 && isMosfetModelName(words.back().text)));
    case 'r':
    case 'c':
    case 'l':
    case 'v':
    case 'i': {
        const std::string& name = words.front().text;
        const bool shortName = name.size() <= 3 || std::any_of(name.begin(), name.end(), isDigit);
        const bool valued =
            (words.size() >= 4 && isValue(words[3], document)) ||
            (words.size() == 3 && (hasNamed(std::string(1, card.kind())) || hasNamed("dc"))) ||
            (words.size() >= 5 && equalIgnoringCase(words[3].text, "dc"));
        return shortName && valued;
    }
    default:
        return false;
    }
}

} // namespace headroom::netlist
