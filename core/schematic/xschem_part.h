#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/netlist/netlist.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// A component of an xschem schematic that stands for a device.
struct XschemPart {
    struct Pin {
        Point at;
        NetId net = -1;
    };
    std::string reference;  ///< "devices/nmos4.sym"
    std::string attributes; ///< as they stand between the braces
    std::string definition; ///< of a symbol that the file brings itself; empty for those of a library
    Point at;
    Orientation orientation;
    std::vector<Pin> pins;
    /// Nets that the part connects to by their names and not by a pin.
    std::vector<NetId> byName;
};

/// Turns devices into components. A device whose pins stand where xschem's own symbol or its process kit's
/// has them, and whose parameters that symbol prints, becomes one of these; every other device brings a
/// symbol of its own that has the drawing's figure and pins, so that wires meet it as they are.
class XschemParts {
public:
    explicit XschemParts(const netlist::Netlist& netlist);

    /// Names of the nets as they are written, by NetId: different nets differ, and none means several.
    const std::vector<std::string>& nets() const { return m_nets; }

    /// @param fromSheet the symbol's pins are those of its author's sheet
    /// Nothing where the device cannot be written; a note says so.
    std::optional<XschemPart> partOf(DeviceId device, const Symbol& symbol, bool fromSheet);

    std::vector<std::string> notes;
    std::vector<std::string> sizeless; ///< MOSFETs with a library symbol that lack W or L

private:
    struct Card;
    struct Terminal;

    void nameNets();
    std::string nameOf(const netlist::Device& device);
    std::string valueText(const netlist::Device& device, const netlist::Parameter& parameter) const;
    std::string sourceText(const netlist::Device& device) const;
    bool keepsExpression(const netlist::Device& device, const netlist::Parameter& parameter) const;
    std::optional<Card> cardOf(const netlist::Device& device);
    std::vector<Terminal> terminalsOf(const netlist::Device& device, const Symbol& symbol,
                                      bool fromSheet) const;
    bool useLibrary(const netlist::Device& device, const Symbol& symbol, const Card& card,
                    const std::vector<Terminal>& terminals, XschemPart& part) const;
    bool fit(const std::string& reference, const std::string& attributes, const netlist::Device& device,
             const Symbol& symbol, const Card& card, const std::vector<Terminal>& terminals,
             XschemPart& part) const;
    void useOwnSymbol(const netlist::Device& device, const Symbol& symbol, const Card& card,
                      const std::vector<Terminal>& terminals, XschemPart& part);

    const netlist::Netlist& m_netlist;
    const netlist::Circuit& m_circuit;
    std::vector<std::string> m_nets;
    std::map<DeviceId, std::shared_ptr<const Card>> m_cards; ///< nullptr where there is none
    std::set<std::string> m_usedNames;
    std::map<std::string, std::string> m_references; ///< of symbols that the file brings, by definition
    std::map<std::string, int> m_stems;
};

} // namespace headroom::schematic
