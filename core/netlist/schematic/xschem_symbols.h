#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/netlist/schematic/schematic_document.h"
#include "core/netlist/schematic/xschem_text.h"

namespace headroom::netlist {

/// What an xschem symbol says about its instances.
struct XschemSymbol {
    struct Pin {
        std::string name;
        Point at;
        PortDirection direction = PortDirection::Unknown;
    };

    std::string type;   ///< nmos, resistor, subcircuit, label, ...; empty where it does not say
    std::string format; ///< of the SPICE card; empty: made from the type and the attributes
    XschemAttributes defaults;
    XschemAttributes properties; ///< of the symbol itself
    std::vector<Pin> pins;       ///< in netlist order
    std::vector<Shape> shapes;
    std::string modelPrefix; ///< that the process kit's netlists put in front of the model's name
    bool standard = false;   ///< not read from a file
};

/// The symbol that the records of a .sym file or an embedded symbol define.
XschemSymbol readXschemSymbol(const std::vector<XschemRecord>& records, std::size_t begin, std::size_t end);

/// What a component (record C) refers to, with the suffix that early versions left out.
std::string xschemReference(const XschemRecord& component);

/// The index of the record that closes the symbol behind component @p i, or @p i where there is none.
std::size_t endOfEmbeddedSymbol(const std::vector<XschemRecord>& records, std::size_t i);

/// A schematic that is placed as a symbol: its ports are the pins.
XschemSymbol symbolOfSchematic(const std::vector<XschemRecord>& records);

/// Symbols that come with xschem and with the open process kits, by reference ("devices/res.sym",
/// "sky130_fd_pr/nfet_01v8.sym", "gnd.sym"), for sheets that come without their files. Symbols of kits are
/// told by the instance's attributes, too.
std::optional<XschemSymbol> standardXschemSymbol(const std::string& reference,
                                                 const XschemAttributes& instance);

} // namespace headroom::netlist
