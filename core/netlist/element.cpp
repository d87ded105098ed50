#include "core/netlist/element.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "core/netlist/controlled_source.h"
#include "core/netlist/kit_device.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {

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

namespace {

/// "2N3904", "1N4148", "2SC1815": numbers of parts and not figures, although they begin like some.
bool isPartNumber(std::string_view word) {
    const auto literal = splitNumber(word);
    if (!literal || literal->hasExponent) return false;
    const std::string_view behind = word.substr(literal->mantissa.size());
    const std::size_t digit = std::min(
        static_cast<std::size_t>(std::find_if(behind.begin(), behind.end(), isDigit) - behind.begin()),
        behind.size());
    // "4K7" and "6K34" are figures in LTspice.
    const std::size_t digits = static_cast<std::size_t>(std::count_if(behind.begin(), behind.end(), isDigit));
    return digit > 0 && digits >= 2 && isLetter(behind.front());
}

/// "IRF530", "BSS138": names that parts have and nets have not.
bool isPartName(std::string_view word) {
    std::string_view head = word.substr(0, word.find_first_of("0123456789"));
    const bool isNet =
        equalIgnoringCase(head, "n") || equalIgnoringCase(head, "net") || equalIgnoringCase(head, "node");
    const auto digits = std::count_if(word.begin(), word.end(), isDigit);
    return !isNet && digits >= 3 && std::any_of(word.begin(), word.end(), isLetter);
}

/// "OFF" and "ON" tell where the search for the operating point begins.
bool isFlag(std::string_view word) {
    return equalIgnoringCase(word, "off") || equalIgnoringCase(word, "on");
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
                m_wordsBeforeModel = wordsBefore(each.span);
            }
        }
        for (const NamedField& each : card.fields.dollarNamed) {
            if (each.name != ".model") continue;
            m_element.model = each.value.text;
            m_wordsBeforeModel = wordsBefore(each.value.span);
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

    /// Number of words behind the name that stand in front of @p span.
    std::size_t wordsBefore(const SourceSpan& span) const {
        return static_cast<std::size_t>(
            std::count_if(m_words.begin() + 1, m_words.end(),
                          [&](const Field& each) { return each.span.offset < span.offset; }));
    }

    /// Position of the model among words @p first to @p last: the last one that is a known model, else the
    /// last one that looks like @p kit's names, else the last one that is neither a value nor a flag; npos
    /// where there is none.
    std::size_t modelPosition(std::size_t first, std::size_t last,
                              bool (*kit)(std::string_view) = nullptr) const {
        const std::size_t end = std::min(count(), last + 1);
        for (std::size_t i = end; i-- > first;) {
            if (knowsModel(word(i).text)) return i;
        }
        for (std::size_t i = end; kit && i-- > first;) {
            if (kit(word(i).text)) return i;
        }
        std::size_t parameter = std::string::npos;
        for (std::size_t i = end; i-- > first;) {
            const std::string& text = word(i).text;
            if (isPartNumber(text)) return i;
            if (isValue(word(i), m_document) || isFlag(text)) continue;
            // A parameter may be an area behind the model.
            if (!parameterIsVisible(text, m_document, m_cell)) return i;
            if (parameter == std::string::npos) parameter = i;
        }
        return parameter;
    }

    void mosfet() {
        std::size_t nets = modelPosition(3, 7, isMosfetModelName);
        // LTspice's MOSFETs of three nets are discrete parts and always have a model.
        const bool netWhereModelBelongs =
            nets == 3 && count() == 4 && m_document.dialect != Dialect::Ltspice &&
            !knowsModel(word(3).text) && !polarityOfModelName(word(3).text) && !isPartName(word(3).text);
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
            m_taken = nets + 1;
            static constexpr std::array kPositional{"l",  "w",   "ad",  "as",  "pd",
                                                    "ps", "nrd", "nrs", "rdc", "rsc"};
            addPositional(kPositional);
        }
        m_element.type = DeviceType::Mosfet;
        if (m_element.nets.size() == 3) m_element.nets.push_back(m_element.nets[Source]);
        addNamedParameters();
        tellPolarity(m_element, m_document, m_cell, m_reading.problems);
    }

    /// Words that are nets and the model's own where $[...] names it: CDL.
    bool takeNetsBeforeDollar(std::size_t fewest, std::size_t most) {
        if (!m_wordsBeforeModel || *m_wordsBeforeModel < fewest) return false;
        m_taken = std::min(*m_wordsBeforeModel, most);
        takeNets(m_taken);
        return true;
    }

    void transistor(DeviceType type, std::size_t fewestNets) {
        const bool bipolar = type == DeviceType::Bipolar;
        // Substrate and self-heating; HSPICE's JFETs may have a bulk.
        const std::size_t optionalNets = bipolar ? 2 : type == DeviceType::Diode ? 0 : 1;
        m_element.type = type;
        if (!takeNetsBeforeDollar(fewestNets, bipolar ? fewestNets + 1 : fewestNets)) {
            std::size_t nets = modelPosition(fewestNets, fewestNets + optionalNets);
            if (nets == std::string::npos && fewestNets < count() && m_element.model.empty() &&
                std::any_of(word(fewestNets).text.begin(), word(fewestNets).text.end(), isLetter)) {
                nets = fewestNets;
            }
            if (nets == std::string::npos) {
                return unusable(fmt::format("'{}' needs {} nets and a model.", m_element.name, fewestNets));
            }
            takeNets(nets);
            m_element.model = word(nets).text;
            m_taken = nets + 1;
        }
        static constexpr std::array kDiode{"area", "pj"};
        static constexpr std::array kTransistor{"area", "areab", "areac"};
        if (type == DeviceType::Diode) addPositional(kDiode);
        if (type != DeviceType::Diode) addPositional(kTransistor);
        for (const NamedField& each : m_fields.dollarNamed) {
            if (each.name == "sub" && m_element.nets.size() == fewestNets)
                m_element.nets.push_back(each.value.text);
        }
        addNamedParameters();
        if (bipolar) tellPolarity(m_element, m_document, m_cell, m_reading.problems);
    }

    /// The words behind what was taken, as parameters in the order of @p names.
    template <std::size_t N>
    void addPositional(const std::array<const char*, N>& names) {
        std::size_t next = 0;
        for (std::size_t i = m_taken; i < count(); ++i) {
            const Field& each = word(i);
            if (isFlag(each.text)) continue;
            const bool value = isValue(each, m_document) || parameterIsVisible(each.text, m_document, m_cell);
            if (!value || next == N) {
                note(Severity::Warning,
                     fmt::format("'{}' behind the model of '{}' is not understood; it is ignored.", each.text,
                                 m_element.name));
                return;
            }
            addParameter(names[next++], each);
        }
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
        for (const NamedField& each : m_fields.named) {
            const auto waveform = std::find_if(m_element.parameters.begin(), m_element.parameters.end(),
                                               [](const NamedField& one) { return one.name == "waveform"; });
            const bool ofWaveform = waveform != m_element.parameters.end() && each.name != "dc" &&
                                    each.name != "ac" && each.value.span.offset > waveform->value.span.offset;
            if (ofWaveform) {
                // "PWL FILE=points.txt"
                waveform->value.text += fmt::format(" {}={}", each.name, each.value.text);
            } else {
                addParameter(each.name == "dc" ? "value" : each.name, each.value);
            }
        }
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
        if (kind == 'n' || kind == 'u' || kind == 'y') nets = count() > 0 ? count() - 1 : 0;
        if (count() < nets || (count() == 0 && m_fields.named.empty())) {
            return unusable(fmt::format("'{}' needs {} nets.", m_element.name, nets));
        }
        if (kind == 'a') {
            m_element.nets = codeModelNets(m_words);
            if (count() > 0) m_element.model = word(count() - 1).text;
            return addNamedParameters();
        }
        takeNets(nets);
        if (kind == 'e' || kind == 'f' || kind == 'g' || kind == 'h') {
            return readControlledSource(m_element, kind, m_fields, m_document);
        }
        if (kind == 'w' && nets < count()) addParameter("control", word(nets++));
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
    std::optional<std::size_t> m_wordsBeforeModel; ///< in front of CDL's $[model]
    std::size_t m_taken = 0;                       ///< words that are nets or the model
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
