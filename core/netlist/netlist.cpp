#include "core/netlist/netlist.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/netlist/connectivity_check.h"
#include "core/netlist/dialect.h"
#include "core/netlist/finding_list.h"
#include "core/netlist/flattener.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/schematic_netlist.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {
namespace {

/// The first line of a file is its title for simulators, but netlists without one are common: it is
/// taken as a device if it reads like one.
void settleFirstLine(SpiceDocument& document, FindingList& findings) {
    if (!document.firstLine) return;
    if (looksLikeElement(*document.firstLine, document)) {
        findings.add(Severity::Note, document.firstLine->span,
                     "The first line is a device and is read as one; simulators take it as the title.");
        auto& devices = document.subcircuits.front().devices;
        devices.insert(devices.begin(), std::move(*document.firstLine));
    } else {
        findings.add(Severity::Note, document.firstLine->span, "The first line is taken as the title.");
    }
    document.firstLine.reset();
}

} // namespace

const char* toString(Severity severity) {
    switch (severity) {
    case Severity::Note:
        return "note";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "error";
}

const char* toString(Dialect dialect) {
    switch (dialect) {
    case Dialect::Spice:
        return "spice";
    case Dialect::Hspice:
        return "hspice";
    case Dialect::Ngspice:
        return "ngspice";
    case Dialect::Ltspice:
        return "ltspice";
    case Dialect::Cdl:
        return "cdl";
    case Dialect::Spectre:
        return "spectre";
    }
    return "spice";
}

Result<Netlist> readNetlist(const std::filesystem::path& path, const ReadOptions& options) {
    auto text = readFile(path);
    if (!text) return forward(text);
    return parseNetlist(std::move(*text), path.string(), options, path.parent_path());
}

Result<Netlist> parseNetlist(std::string text, const std::string& name, const ReadOptions& options,
                             const std::filesystem::path& folder) {
    if (const auto format = schematicFormat(text)) {
        Netlist netlist;
        netlist.files.push_back({name, std::move(text)});
        if (auto read = readSchematic(netlist, *format, options, folder); !read) return forward(read);
        return netlist;
    }
    Netlist netlist;
    SpiceDocument document;
    netlist.files.push_back({name, std::move(text)});
    document.decoded.decode(netlist, 0);
    const std::string& source = netlist.files.front().text;
    if (const auto foreign = foreignFormat(source)) {
        return failAt(
            ErrorCode::Unsupported, name, 0,
            fmt::format("This is {}; netlists (SPICE, Spectre, CDL) and schematics of xschem, LTspice and "
                        "KiCad 6 or later can be read.",
                        *foreign));
    }
    netlist.dialect = options.dialect.value_or(sniffDialect(source));
    netlist.format = netlist.dialect == Dialect::Spectre ? "spectre" : "spice";
    document.dialect = netlist.dialect;
    document.numbers =
        NumberRules::of(netlist.dialect == Dialect::Spectre ? Dialect::Spice : netlist.dialect);
    document.caseSensitive = netlist.dialect == Dialect::Spectre;
    FindingList findings(netlist);
    if (auto parsed = SpiceParser(netlist, document, findings).parse(folder); !parsed) return forward(parsed);
    settleFirstLine(document, findings);
    if (auto flattened = Flattener(netlist, document, findings, options).run(); !flattened) {
        return forward(flattened);
    }
    checkConnectivity(netlist, findings);
    findings.close();
    document.decoded.restore(netlist);
    return netlist;
}

} // namespace headroom::netlist
