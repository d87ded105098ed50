#pragma once

#include "core/netlist/device_table.h"
#include "core/netlist/schematic/net_names.h"
#include "core/netlist/spice_document.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {

/// Turns sheets into the cells of a SpiceDocument, which the flattener resolves like any netlist.
class SchematicCircuit {
public:
    SchematicCircuit(SchematicDocument& schematic, SpiceDocument& spice, SpiceParser& parser)
        : m_schematic(schematic)
        , m_spice(spice)
        , m_parser(parser) {}

    void run();

    /// Gives the circuit's ports the names that the first sheet gives them, once the circuit is flattened:
    /// nets may have others, and two ports may be one net.
    void namePorts();

    /// The drawing of the first sheet, once the circuit is flattened.
    Sheet sheet() const;

private:
    void addCells();
    void addDirectives(std::size_t sheet);
    void addPorts(std::size_t sheet);
    void addInstances(std::size_t sheet);
    void addDevice(std::size_t sheet, std::size_t instance, std::size_t member);
    void addCellInstance(std::size_t sheet, std::size_t instance, std::size_t member);
    void finishElement(Element& element, const SchematicInstance& instance, const MappedText& text,
                       const std::vector<std::string>& nets, const SchematicSheet& sheet);
    std::string uniqueName(std::size_t sheet, const std::string& name, const SourceSpan& span);
    void addElement(std::size_t sheet, Element element);
    Subcircuit& cell(std::size_t sheet) { return m_spice.subcircuits[m_cells[sheet]]; }

    SchematicDocument& m_schematic;
    SpiceDocument& m_spice;
    SpiceParser& m_parser;
    DeviceRuleIndex m_rules;
    std::vector<NetNames> m_nets;     ///< by sheet
    std::vector<std::size_t> m_cells; ///< by sheet: index into SpiceDocument::subcircuits
    std::map<std::pair<std::size_t, std::string>, int> m_nextNumbers; ///< by sheet and name given twice
    std::vector<std::set<std::string>> m_deviceNames;                 ///< by sheet, lower case
    struct TopPort {
        std::string name;
        std::string net;
        PortDirection direction;
    };
    std::vector<TopPort> m_ports;
    std::vector<std::string> m_shownNames; ///< by instance of the first sheet
};

} // namespace headroom::netlist
