#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/netlist/card_fields.h"
#include "core/netlist/decoded_files.h"
#include "core/netlist/spice_number.h"

namespace headroom::netlist {

struct Element;

/// An element card as written; what it means is decided when all models and subcircuits are known.
struct DeviceCard {
    CardFields fields; ///< fields.words[0] is the device's name
    SourceSpan span;
    bool closed = true; ///< all quotes and brackets are
    /// What it means, where a schematic says so already; `fields` then holds the name only.
    std::shared_ptr<const Element> element = nullptr;
    bool spectre = false; ///< a Spectre statement

    const std::string& name() const { return fields.words.front().text; }
    char kind() const; ///< first letter of the name, lower case
};

struct FunctionDefinition {
    std::string name;
    std::vector<std::string> arguments;
    std::string body;
    bool spectre = false;
};

/// A .subckt with everything in it. The main level of the file is one as well, without ports.
struct Subcircuit {
    std::string name;
    int parent = -1; ///< the subcircuit it is defined in (index); -1 for the main level
    SourceSpan span;
    std::vector<Field> ports;
    std::map<std::string, PortDirection> directions; ///< by port, lower case
    std::vector<NamedField> parameters; ///< of the .subckt card: defaults that an instance may override
    std::vector<NamedField> locals;     ///< of .param cards inside
    std::unordered_set<std::string> parameterNames; ///< of both, lower case
    std::vector<FunctionDefinition> functions;
    std::vector<DeviceCard> devices;
    std::unordered_map<std::string, std::string> models; ///< lower-case name -> type ("nmos", "d", ...)
    std::unordered_map<std::string, int> subcircuits;    ///< defined inside: lower-case name -> index
    std::unordered_map<std::string, int> anyCase;        ///< in Spectre files: lower-case name -> index
    bool spectre = false;                                ///< written in Spectre's language
};

/// Everything that the files say, before hierarchy and expressions are resolved.
struct SpiceDocument {
    std::deque<Subcircuit> subcircuits;  ///< [0] is the main level
    std::set<std::string> globals;       ///< lower case
    std::optional<DeviceCard> firstLine; ///< may be the title or a device
    Dialect dialect = Dialect::Spice;
    NumberRules numbers;                                            ///< of SPICE cards
    NumberRules spectreNumbers = NumberRules::of(Dialect::Spectre); ///< of Spectre statements
    /// A Spectre file: names that differ by case are different. The keys of names in Spectre statements
    /// are the names themselves, those of names in SPICE cards are in lower case.
    bool caseSensitive = false;
    std::set<std::string> grounds; ///< keys of further names of node 0
    double lengthScale = 1;        ///< of .option scale or *.SCALE
    std::optional<std::string> temperature;
    DecodedFiles decoded;   ///< files in UTF-16
    bool mainIsTop = false; ///< the main level is the circuit, whatever it holds: a schematic's sheet

    /// What a name is looked up by.
    std::string keyOf(std::string_view name, bool spectre) const;
    const NumberRules& rulesOf(bool spectre) const { return spectre ? spectreNumbers : numbers; }

    /// Index of the subcircuit that @p name means inside subcircuit @p from; -1 if there is none.
    int findSubcircuit(const std::string& name, int from) const;
    /// The type of a model as seen from subcircuit @p from ("nmos"); nullptr if it is not in the files.
    const std::string* findModel(const std::string& name, int from) const;
};

} // namespace headroom::netlist
