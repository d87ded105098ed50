#include "core/netlist/netlist.h"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/netlist/connectivity_check.h"
#include "core/netlist/dialect.h"
#include "core/netlist/element.h"
#include "core/netlist/finding_list.h"
#include "core/netlist/flattener.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/schematic_netlist.h"
#include "core/netlist/spice_parser.h"

namespace headroom::netlist {
namespace {

/// Parses netlist.files[0] and what it includes. Simulators settle all parameters before they look at
/// conditions: where there are some, the files are read again with what the first reading found, until
/// the conditions stay as they are.
Result<SpiceDocument> parsedDocument(Netlist& netlist, FindingList& findings, const SpiceDocument& start,
                                     const std::filesystem::path& folder) {
    std::optional<SpiceDocument> before;
    std::vector<bool> conditions;
    constexpr int kMostReadings = 4;
    for (int reading = 1;; ++reading) {
        SpiceDocument document = start;
        SpiceParser parser(netlist, document, findings, before ? &*before : nullptr);
        auto parsed = parser.parse(folder);
        const bool settled = reading > 1 && parser.conditions() == conditions;
        if (parser.conditions().empty() || settled || reading == kMostReadings) {
            if (!parsed) return forward(parsed);
            return document;
        }
        conditions = parser.conditions();
        before = std::move(document);
        netlist.files.resize(1);
        netlist.subcircuits.clear();
        netlist.models.clear();
        netlist.missingFiles.clear();
        netlist.lines = {};
        findings.clear();
    }
}

/// Whether a card's nets are those of the main level's other devices: what titles are not, even if they
/// read like a card.
bool usesNetsOfOthers(const Element& element, const SpiceDocument& document) {
    std::set<std::string> words{"0", "gnd"};
    for (const DeviceCard& card : document.subcircuits.front().devices) {
        for (std::size_t i = 1; i < card.fields.words.size(); ++i)
            words.insert(lowerCase(card.fields.words[i].text));
    }
    const auto strange = std::count_if(element.nets.begin(), element.nets.end(), [&](const std::string& net) {
        return !words.contains(lowerCase(net));
    });
    // A net of a transistor may be an input that nothing drives.
    return strange == 0 || (strange == 1 && element.nets.size() > 2);
}

/// The first line of a file is its title for simulators, but netlists without one are common: it is
/// taken as a device if it reads like one.
void settleFirstLine(SpiceDocument& document, FindingList& findings) {
    if (!document.firstLine) return;
    const DeviceCard& card = *document.firstLine;
    bool isDevice = card.spectre || looksLikeElement(card, document);
    if (isDevice) {
        DeviceRuleIndex rules;
        const ElementReading reading = readElement(card, document, 0, rules);
        isDevice = reading.element && usesNetsOfOthers(*reading.element, document);
    }
    if (isDevice) {
        findings.add(Severity::Note, card.span,
                     "The first line is a device and is read as one; simulators take it as the title.");
        auto& devices = document.subcircuits.front().devices;
        devices.insert(devices.begin(), std::move(*document.firstLine));
    } else {
        findings.add(Severity::Note, card.span, "The first line is taken as the title.");
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
    std::error_code code;
    if (std::filesystem::is_directory(path, code)) {
        return fail(ErrorCode::BadInput,
                    fmt::format("{} is a folder; name the netlist or schematic in it.", path.string()));
    }
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
    SpiceDocument start;
    netlist.files.push_back({name, std::move(text)});
    start.decoded.decode(netlist, 0);
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
    start.dialect = netlist.dialect;
    start.numbers = NumberRules::of(netlist.dialect == Dialect::Spectre ? Dialect::Spice : netlist.dialect);
    start.caseSensitive = netlist.dialect == Dialect::Spectre;
    FindingList findings(netlist);
    auto document = parsedDocument(netlist, findings, start, folder);
    if (!document) return forward(document);
    settleFirstLine(*document, findings);
    if (auto flattened = Flattener(netlist, *document, findings, options).run(); !flattened) {
        return forward(flattened);
    }
    checkConnectivity(netlist, findings);
    findings.close();
    document->decoded.restore(netlist);
    return netlist;
}

} // namespace headroom::netlist
