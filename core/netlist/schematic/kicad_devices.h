#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/netlist/schematic/schematic_document.h"

namespace headroom::netlist {

/// What a KiCad symbol says about the part that it stands for.
struct KiCadPart {
    struct Pin {
        std::string number;
        std::string name;
    };

    std::string reference;
    std::string symbol;                       ///< the library's name for it, lower case
    std::string description;                  ///< of the library, with keywords, lower case
    std::map<std::string, MappedText> fields; ///< Value, Sim.Device, Spice_Model, ...
    std::vector<Pin> pins;
    /// Of the subcircuit that it stands for, in netlist order; empty where its library is not there.
    std::vector<std::string> subcircuitPorts;

    std::string field(const std::string& name) const;
};

/// The SPICE card of a part: by its simulation fields (KiCad 7 and later), its Spice_ fields (earlier) or
/// what its reference and pins suggest.
struct KiCadCard {
    bool excluded = false; ///< from simulation
    std::vector<CardPart> parts;
    std::string letters;
    std::optional<DeviceType> type;
    std::optional<Polarity> polarity;
    bool takesValue = false; ///< a resistor, capacitor, inductor or source
    bool hasValue = false;
    std::string note; ///< something to tell, or empty
};

KiCadCard kiCadCard(const KiCadPart& part);

/// A part's value as SPICE writes it: "4k7" is 4.7k, "10R" is 10, "1M" of a resistor is 1Meg, "100 nF" is
/// 100n and "4,7k" is 4.7k; what is not a number is empty.
MappedText kiCadValue(const MappedText& value, bool megaIsM);

} // namespace headroom::netlist
