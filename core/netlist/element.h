#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/device_table.h"
#include "core/netlist/spice_document.h"

namespace headroom::netlist {

/// What an element card means, given the models and subcircuits of the document.
struct Element {
    DeviceType type = DeviceType::Other;
    std::string name;
    std::vector<std::string> nets; ///< as written
    std::string model;
    std::optional<Polarity> polarity;
    const DeviceRule* rule = nullptr;   ///< of the device table; nullptr where it has none
    std::vector<NamedField> parameters; ///< names as in Parameter
    int subcircuit = -1;                ///< index of what an X card instantiates, if it is defined
    SourceSpan span;
    std::optional<bool> widthIsPerFinger; ///< where a schematic's symbol says it
    std::vector<NamedField> pins;         ///< CDL: connections by port name
    bool isInstance = false;              ///< an X card, whatever its master turned out to be
    bool spectre = false;                 ///< a Spectre statement: names that differ by case are different
};

/// Something to tell about a card, or why it cannot be used.
struct ElementProblem {
    Severity severity = Severity::Warning;
    std::string message;
    std::string key; ///< findings with equal keys are reported once
};

struct ElementReading {
    std::optional<Element> element; ///< absent where the card is unusable; then problems has an Error
    std::vector<ElementProblem> problems;
};

/// Whether a word is a figure or an expression, and no name.
bool isValue(const Field& field, const SpiceDocument& document);
/// Whether cell number @p cell or one around it has a parameter of that name.
bool parameterIsVisible(const std::string& name, const SpiceDocument& document, int cell);

/// Interprets one card inside subcircuit number @p cell of @p document.
ElementReading readElement(const DeviceCard& card, const SpiceDocument& document, int cell,
                           DeviceRuleIndex& rules);

/// Whether the first line of a file is an element and not the title that simulators take it for.
bool looksLikeElement(const DeviceCard& card, const SpiceDocument& document);

} // namespace headroom::netlist
