#include "core/netlist/schematic/schematic_netlist.h"

#include "core/netlist/connectivity_check.h"
#include "core/netlist/flattener.h"
#include "core/netlist/schematic/kicad_reader.h"
#include "core/netlist/schematic/ltspice_reader.h"
#include "core/netlist/schematic/schematic_circuit.h"
#include "core/netlist/schematic/xschem_reader.h"

namespace headroom::netlist {
namespace {

Result<void> readSheets(SchematicFormat format, SchematicDocument& document,
                        const std::filesystem::path& folder) {
    switch (format) {
    case SchematicFormat::Xschem:
        document.netlist().format = "xschem";
        document.netlist().dialect = Dialect::Ngspice;
        return readXschem(document, folder);
    case SchematicFormat::Ltspice:
        document.netlist().format = "ltspice";
        document.netlist().dialect = Dialect::Ltspice;
        return readLtspice(document, folder);
    case SchematicFormat::KiCad:
        document.netlist().format = "kicad";
        document.netlist().dialect = Dialect::Ngspice;
        return readKiCad(document, folder);
    }
    return fail(ErrorCode::Internal, "An unknown schematic format.");
}

} // namespace

std::optional<SchematicFormat> schematicFormat(std::string_view bytes) {
    // The marks stand at the front of the file.
    const std::string head = SourceText(bytes.substr(0, 65536), 0).text();
    if (isXschem(head)) return SchematicFormat::Xschem;
    if (isKiCadSchematic(head)) return SchematicFormat::KiCad;
    if (isLtspice(head)) return SchematicFormat::Ltspice;
    return std::nullopt;
}

Result<void> readSchematic(Netlist& netlist, SchematicFormat format, const ReadOptions& options,
                           const std::filesystem::path& folder) {
    FindingList findings(netlist);
    SchematicDocument schematic(netlist, findings);
    if (auto read = readSheets(format, schematic, folder); !read) return read;

    SpiceDocument document;
    document.dialect = netlist.dialect;
    document.numbers = NumberRules::of(netlist.dialect);
    SpiceParser parser(netlist, document, findings);
    SchematicCircuit circuit(schematic, document, parser);
    circuit.run();
    parser.countLines();
    if (auto flattened = Flattener(netlist, document, findings, options).run(); !flattened) return flattened;
    if (netlist.circuit.devices.empty()) {
        findings.add(Severity::Warning, schematic.sheets.front().source->span(0, 0),
                     "The schematic contains no devices.");
    }
    if (!options.top) {
        circuit.namePorts();
        netlist.sheet = circuit.sheet();
    }
    for (const SchematicInstance& each : schematic.sheets.front().instances) {
        if (each.place) netlist.parameterPlaces.emplace(each.span.offset, *each.place);
    }
    checkConnectivity(netlist, findings);
    findings.close();
    return {};
}

} // namespace headroom::netlist
