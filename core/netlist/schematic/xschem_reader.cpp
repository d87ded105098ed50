#include "core/netlist/schematic/xschem_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/cell_cycles.h"
#include "core/netlist/schematic/drawing_number.h"
#include "core/netlist/schematic/xschem_card.h"

namespace headroom::netlist {
namespace {

constexpr std::size_t kMostSheets = 2000;
constexpr int kFoldersAbove = 5;

/// Sheet coordinates of a symbol's: flipped, then turned, then moved.
struct Placement {
    Point origin;
    int turns = 0;
    bool flipped = false;

    Point of(Point p) const {
        if (flipped) p.x = -p.x;
        for (int i = 0; i < turns; ++i)
            p = {-p.y, p.x};
        return {p.x + origin.x, p.y + origin.y};
    }

    Shape of(Shape shape) const {
        if (auto* line = std::get_if<Polyline>(&shape)) {
            for (Point& each : line->points)
                each = of(each);
        } else if (auto* box = std::get_if<Rectangle>(&shape)) {
            *box = {of(box->from), of(box->to), box->filled};
        } else if (auto* arc = std::get_if<Arc>(&shape)) {
            arc->centre = of(arc->centre);
            if (flipped) arc->startAngle = 180 - arc->startAngle - arc->spanAngle;
            arc->startAngle -= 90 * turns;
        }
        return shape;
    }
};

std::string stemOf(const std::string& reference) {
    return std::filesystem::path(reference).stem().string();
}

class XschemReader {
public:
    XschemReader(SchematicDocument& document, std::filesystem::path folder)
        : m_document(document)
        , m_folder(std::move(folder)) {}

    Result<void> run() {
        const std::filesystem::path& path = m_document.netlist().files.front().path;
        m_sheets.emplace(canonicalPath(m_folder / path.filename()), 0);
        m_document.sheets.emplace_back();
        if (auto done = readSheet(0, 0, path.stem().string(), m_folder); !done) return done;
        // Sheets are read breadth first; a sheet that cannot be read becomes an empty cell.
        for (std::size_t i = 0; i < m_pending.size(); ++i) {
            const Pending next = m_pending[i];
            if (auto done = readSheet(next.sheet, next.file, next.name, next.folder); !done) {
                finding(Severity::Warning, next.span, done.error().describe());
            }
        }
        breakCellCycles(m_document);
        return {};
    }

private:
    struct Pending {
        std::size_t sheet;
        int file;
        std::string name;
        std::filesystem::path folder;
        SourceSpan span;
    };

    void finding(Severity severity, const SourceSpan& span, std::string message, std::string text = {}) {
        m_document.findings().add(severity, span, std::move(message), std::move(text));
    }

    Result<void> readSheet(std::size_t index, int file, const std::string& name,
                           const std::filesystem::path& folder) {
        const SourceText& source = m_document.source(file);
        SchematicSheet& sheet = m_document.sheets[index];
        sheet.name = name;
        sheet.folder = folder;
        sheet.source = &source;
        m_document.countLines(source);
        const std::string path = m_document.netlist().files[static_cast<std::size_t>(file)].path.string();
        auto records = readXschemRecords(source, path);
        if (!records) return forward(records);
        m_sheet = &sheet;
        m_isTop = index == 0;
        m_labelsOfTaps.clear();
        collectEmbedded(*records);
        for (std::size_t i = 0; i < records->size(); ++i)
            i = readRecord(*records, i);
        labelTaps();
        if (index == 0 && sheet.instances.empty() && sheet.wires.empty()) readAsSymbol(*records);
        if (index == 0) readOwnSymbol(name);
        return {};
    }

    /// The symbol of the imported sheet itself gives its parameters' defaults.
    void readOwnSymbol(const std::string& name) {
        const std::string path = findFile(name + ".sym");
        const auto text = path.empty() ? std::nullopt : m_document.readCompanion(path);
        if (!text) return;
        const SourceText source(*text, 0);
        const auto records = readXschemRecords(source, path);
        if (!records) return;
        const XschemSymbol symbol = readXschemSymbol(*records, 0, records->size());
        for (const NamedText& each : symbol.defaults.all()) {
            if (isParameter(each)) m_sheet->parameters.push_back(each);
        }
    }

    SourceSpan spanOf(const XschemRecord& record) const {
        return m_sheet->source->span(record.begin, record.end);
    }

    /// A symbol that stands behind one component is that of all with the same reference; the first one
    /// counts.
    void collectEmbedded(const std::vector<XschemRecord>& records) {
        m_embedded.clear();
        for (std::size_t i = 0; i < records.size(); ++i) {
            const std::size_t end = records[i].tag == 'C' ? endOfEmbeddedSymbol(records, i) : i;
            const auto [known, isNew] = end == i ? std::pair(m_embedded.end(), false)
                                                 : m_embedded.emplace(xschemReference(records[i]), nullptr);
            if (isNew) {
                m_standards.push_back(readXschemSymbol(records, i + 2, end));
                known->second = &m_standards.back();
            }
            i = end;
        }
    }

    /// Returns the index of the last record that was used.
    std::size_t readRecord(const std::vector<XschemRecord>& records, std::size_t i) {
        const XschemRecord& record = records[i];
        switch (record.tag) {
        case 'C':
            readInstance(record);
            return endOfEmbeddedSymbol(records, i);
        case 'N':
            readWire(record);
            return i;
        case 'T':
            readText(record);
            return i;
        case 'S':
            if (!record.texts.empty() && !record.texts.front().trimmed().empty()) {
                addDirective(record.texts.front(), spanOf(record), {});
            }
            return i;
        case 'v':
        case 'G':
        case 'K':
        case 'V':
        case 'E':
        case 'F':
        case 'L':
        case 'B':
        case 'P':
        case 'A':
            return i;
        default:
            finding(Severity::Warning, spanOf(record), "This record is not understood; it is kept as it is.",
                    m_sheet->source->text().substr(record.begin, record.end - record.begin));
            return i;
        }
    }

    bool numbersAre(const XschemRecord& record, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            if (record.number(i)) continue;
            finding(Severity::Warning, spanOf(record),
                    "A coordinate of this record is no number; it is left out.",
                    m_sheet->source->text().substr(record.begin, record.end - record.begin));
            return false;
        }
        return true;
    }

    void readWire(const XschemRecord& record) {
        if (!numbersAre(record, 4)) return;
        SchematicWire wire{
            {*record.number(0), *record.number(1)}, {*record.number(2), *record.number(3)}, {}, false};
        if (!record.texts.empty()) wire.hint = XschemAttributes(record.texts.front()).text("lab");
        m_sheet->wires.push_back(std::move(wire));
    }

    void readText(const XschemRecord& record) {
        if (record.texts.empty() || !record.number(0) || !record.number(1)) return;
        m_sheet->texts.push_back(
            {{*record.number(0), *record.number(1)}, record.texts.front().text(), false});
    }

    void addDirective(const MappedText& text, const SourceSpan& span, Point at) {
        MappedText body = text.trimmed();
        if (body.text().starts_with("tcleval(") && body.text().back() == ')') {
            body = body.part(8, body.size() - 9);
        }
        if (body.trimmed().empty()) return;
        m_sheet->texts.push_back({at, body.text(), true});
        m_sheet->directives.push_back({std::move(body), span});
    }

    /// Symbols by reference; nothing where there is no file and no standard one.
    const XschemSymbol* symbolOf(const std::string& reference, const XschemAttributes& instance) {
        std::string path = findFile(reference);
        if (path.empty()) {
            if (auto standard = standardXschemSymbol(reference, instance)) {
                m_standards.push_back(std::move(*standard));
                return &m_standards.back();
            }
            path = findFile(std::filesystem::path(reference).filename().string());
            if (path.empty()) return nullptr;
        }
        const auto known = m_symbols.find(path);
        if (known != m_symbols.end()) return known->second ? &*known->second : nullptr;
        auto& slot = m_symbols[path];
        const auto text = m_document.readCompanion(path);
        if (!text) return nullptr;
        const SourceText source(*text, 0);
        const auto records = readXschemRecords(source, path);
        if (!records) return nullptr;
        slot = path.ends_with(".sch") ? symbolOfSchematic(*records)
                                      : readXschemSymbol(*records, 0, records->size());
        return &*slot;
    }

    /// The file that a reference means: beside the sheet or in the folders above it.
    std::string findFile(const std::string& reference) {
        if (reference.empty() || reference.size() > 1000 || reference.find('\0') != std::string::npos)
            return {};
        const auto key = std::pair(m_sheet->folder, reference);
        if (const auto known = m_found.find(key); known != m_found.end()) return known->second;
        std::string& result = m_found[key];
        std::error_code code;
        const std::filesystem::path wanted(reference);
        const auto exists = [&](const std::filesystem::path& path) {
            if (!std::filesystem::is_regular_file(path, code)) return false;
            result = path.string();
            return true;
        };
        if (wanted.is_absolute()) {
            exists(wanted);
            return result;
        }
        std::filesystem::path folder = std::filesystem::absolute(
            m_sheet->folder.empty() ? std::filesystem::path(".") : m_sheet->folder, code);
        if (exists(folder / wanted)) return result;
        for (int i = 0; i < kFoldersAbove && folder.has_relative_path(); ++i) {
            folder = folder.parent_path();
            if (exists(folder / wanted)) return result;
        }
        return result;
    }

    void readInstance(const XschemRecord& record) {
        if (record.texts.empty() || !numbersAre(record, 2)) return;
        const std::string reference = xschemReference(record);
        const XschemAttributes attributes =
            record.texts.size() > 1 ? XschemAttributes(record.texts[1]) : XschemAttributes();
        SchematicInstance instance;
        instance.symbol = reference;
        instance.name = attributes.text("name");
        instance.span = spanOf(record);
        instance.position = {*record.number(0), *record.number(1)};
        instance.quarterTurns = wholeNumber(record.number(2), 0) & 3;
        instance.mirrored = record.number(3).value_or(0) != 0;

        const auto embedded = m_embedded.find(reference);
        const XschemSymbol* symbol =
            embedded != m_embedded.end() ? embedded->second : symbolOf(reference, attributes);
        if (!symbol) {
            m_document.findings().addOnce(
                "symbol " + reference, Severity::Warning, instance.span,
                fmt::format("Symbol '{}' is not known: its file is needed beside the sheet or in a folder "
                            "above it. Its instances are left out of the circuit.",
                            reference),
                instance.name);
            m_sheet->instances.push_back(std::move(instance));
            return;
        }
        place(instance, *symbol);
        classify(instance, *symbol, attributes, record);
    }

    static void place(SchematicInstance& instance, const XschemSymbol& symbol) {
        const Placement placement{instance.position, instance.quarterTurns, instance.mirrored};
        for (const XschemSymbol::Pin& pin : symbol.pins)
            instance.pins.push_back({pin.name, placement.of(pin.at), pin.direction, false});
        for (const Shape& shape : symbol.shapes)
            instance.shapes.push_back(placement.of(shape));
    }

    void classify(SchematicInstance& instance, const XschemSymbol& symbol, const XschemAttributes& attributes,
                  const XschemRecord& record) {
        const std::string& type = symbol.type;
        const auto attribute = [&](const char* name) {
            if (attributes.find(name)) return attributes.text(name);
            if (symbol.defaults.find(name)) return symbol.defaults.text(name);
            return symbol.properties.text(name);
        };
        const std::string ignored = lowerCase(attribute("spice_ignore"));
        const bool open = ignored == "true" || ignored == "open" || ignored == "1";
        static constexpr std::array kDecoration{"decoration",
                                                "logo",
                                                "launcher",
                                                "probe",
                                                "noconn",
                                                "show_label",
                                                "use",
                                                "package",
                                                "architecture",
                                                "generic",
                                                "attributes",
                                                "arch_declarations",
                                                "port_attributes",
                                                "timescale",
                                                "verilog_preprocessor",
                                                "raw_data_show",
                                                "netlist_options",
                                                "graph",
                                                "annotate",
                                                "corner",
                                                "title"};
        const bool isInstance = type == "subcircuit" || type == "primitive" || type == "coupler";
        const bool silent = symbol.format.empty() && !isInstance && !xschemDeviceType(type);
        const bool decoration =
            silent || std::find(kDecoration.begin(), kDecoration.end(), type) != kDecoration.end();
        if (type == "label" || type == "ipin" || type == "opin" || type == "iopin") {
            if (!open) addLabels(instance, symbol, attribute("lab"), attribute("global"));
        } else if (type == "netlist_commands" || type == "spice_parameters") {
            if (!open) addCode(instance, type, symbol, attributes);
        } else if (type == "bus_tap") {
            if (instance.pins.size() >= 2) {
                m_labelsOfTaps.push_back(
                    {instance.pins[0].at, instance.pins[1].at, attribute("lab"), instance.span});
            }
        } else if (ignored == "short") {
            instance.role = InstanceRole::Short;
        } else if (open) {
            finding(Severity::Note, instance.span,
                    fmt::format("'{}' is marked to be ignored and left out.", instance.name));
        } else if (!decoration && (!symbol.pins.empty() || type == "coupler")) {
            addDevice(instance, symbol, attributes, record);
        }
        m_sheet->instances.push_back(std::move(instance));
    }

    void addLabels(SchematicInstance& instance, const XschemSymbol& symbol, const std::string& text,
                   const std::string& global) {
        const std::string name(trimmed(text));
        if (name.empty()) {
            finding(Severity::Warning, instance.span, "This label has no name; it is left out.");
            return;
        }
        LabelKind kind = LabelKind::Net;
        const std::string shape = lowerCase(stemOf(instance.symbol));
        const std::string key = lowerCase(name);
        if (symbol.type == "ipin") kind = LabelKind::PortIn;
        if (symbol.type == "opin") kind = LabelKind::PortOut;
        if (symbol.type == "iopin") kind = LabelKind::PortInOut;
        if (kind == LabelKind::Net && (key == "0" || key == "gnd")) {
            kind = LabelKind::Ground;
        } else if (kind == LabelKind::Net && (lowerCase(global) == "true" || global == "1")) {
            kind = shape == "gnd"   ? LabelKind::Ground
                   : shape == "vdd" ? LabelKind::Supply
                                    : LabelKind::Global;
        }
        const Point at = instance.pins.empty() ? instance.position : instance.pins.front().at;
        const int turns = instance.mirrored ? (instance.quarterTurns + 2) & 3 : instance.quarterTurns;
        m_sheet->labels.push_back({at, name, kind, instance.span, turns, false});
    }

    void addCode(const SchematicInstance& instance, const std::string& type, const XschemSymbol& symbol,
                 const XschemAttributes& attributes) {
        if (!m_isTop && lowerCase(attributes.text("only_toplevel")) == "true") return;
        const std::string simulator = lowerCase(attributes.text("simulator"));
        if (!simulator.empty() && simulator != "ngspice") {
            finding(Severity::Note, instance.span,
                    fmt::format("Text for '{}' is kept but not read.", simulator));
            return;
        }
        if (type == "spice_parameters" || symbol.format.find(".param") != std::string::npos) {
            MappedText text;
            text.append(".param ");
            if (const MappedText* name = attributes.find("param")) {
                text.append(*name);
                text.append("=");
            }
            if (const MappedText* value = attributes.find("value")) text.append(*value);
            if (attributes.find("value")) addDirective(text, instance.span, instance.position);
            return;
        }
        if (const MappedText* value = attributes.find("value")) {
            addDirective(*value, instance.span, instance.position);
        }
    }

    void addDevice(SchematicInstance& instance, const XschemSymbol& symbol,
                   const XschemAttributes& attributes, const XschemRecord& record) {
        noteTcl(instance, attributes);
        if (symbol.type == "subcircuit" || instance.symbol.ends_with(".sch")) {
            if (addCell(instance, symbol, attributes)) return;
        }
        instance.role = InstanceRole::Device;
        instance.card = xschemCard(symbol, attributes, stemOf(instance.symbol));
        instance.letters = xschemLetters(symbol.type);
        instance.type = xschemDeviceType(symbol.type);
        instance.polarity = xschemPolarity(symbol.type);
        // These symbols multiply the width they are given with the number of fingers.
        if (symbol.standard && stemOf(instance.symbol).ends_with("_nf")) instance.widthIsPerFinger = true;
        if (m_isTop && record.texts.size() > 1)
            instance.place = placeFor(instance, symbol, attributes, record);
    }

    void noteTcl(const SchematicInstance& instance, const XschemAttributes& attributes) {
        for (const NamedText& each : attributes.all()) {
            const std::string& text = each.text.text();
            if (!text.starts_with("tcleval(") && !text.starts_with("expr")) continue;
            m_document.findings().addOnce(
                "tcl", Severity::Note, each.text.span(*m_sheet->source).value_or(instance.span),
                fmt::format("{} of '{}' is TCL; such values are kept as text.", each.name, instance.name),
                text);
        }
    }

    ParameterPlace placeFor(const SchematicInstance& instance, const XschemSymbol& symbol,
                            const XschemAttributes& attributes, const XschemRecord& record) const {
        ParameterPlace place;
        const std::string& text = m_sheet->source->text();
        place.offset = m_sheet->source->span(record.lastBrace, record.lastBrace).offset;
        const char before = text[record.lastBrace - 1];
        const bool ownLine = before == '\n';
        place.opening = isBlank(before) || ownLine || before == '{' ? "" : " ";
        place.separator = ownLine ? "\n" : " ";
        place.closing = ownLine ? "\n" : "";
        if (containsIgnoringCase(instance.symbol, "sky130") || instance.symbol.starts_with("symbols/")) {
            place.names = {{"w", "W"}, {"l", "L"}};
        }
        for (const XschemAttributes* each : {&symbol.defaults, &attributes}) {
            for (const NamedText& attribute : each->all())
                place.names[lowerCase(attribute.name)] = attribute.name;
        }
        for (const NamedText& attribute : attributes.all())
            place.given.insert(lowerCase(attribute.name));
        if (!attributes.find("value")) {
            place.valueOffset = place.offset;
            place.valueOpening = place.opening + "value=";
            place.valueClosing = place.closing.empty() ? "" : place.closing;
        }
        return place;
    }

    /// Makes the instance one of another sheet, where there is one.
    bool addCell(SchematicInstance& instance, const XschemSymbol& symbol,
                 const XschemAttributes& attributes) {
        std::string name = attributes.text("schematic");
        if (name.empty()) name = symbol.properties.text("schematic");
        if (name.empty()) {
            std::filesystem::path path(instance.symbol);
            name = path.replace_extension(".sch").string();
        }
        if (!name.ends_with(".sch")) name += ".sch";
        std::string path = findFile(name);
        if (path.empty()) path = findFile(std::filesystem::path(name).filename().string());
        if (path.empty()) return false;
        const auto canonical = canonicalPath(path);
        auto known = m_sheets.find(canonical);
        if (known == m_sheets.end()) {
            if (m_document.sheets.size() >= kMostSheets) return false;
            const auto text = readSmallFile(path);
            if (!text || !isXschem(*text)) return false;
            const auto file = m_document.addFile(path);
            if (!file) return false;
            known = m_sheets.emplace(canonical, m_document.sheets.size()).first;
            m_document.sheets.emplace_back();
            m_document.sheets.back().source = &m_document.source(*file);
            SchematicSheet& child = m_document.sheets.back();
            for (const XschemSymbol::Pin& pin : symbol.pins) {
                const auto bits = expandVector(pin.name, m_document.rules.vectors);
                if (bits) child.ports.insert(child.ports.end(), bits->begin(), bits->end());
                if (!bits) child.ports.push_back(pin.name);
            }
            for (const NamedText& each : symbol.defaults.all()) {
                if (isParameter(each)) child.parameters.push_back(each);
            }
            child.name = stemOf(path);
            m_pending.push_back({known->second, *file, stemOf(path),
                                 std::filesystem::path(path).parent_path(), instance.span});
        }
        instance.role = InstanceRole::Cell;
        instance.cell = static_cast<int>(known->second);
        for (const NamedText& each : attributes.all()) {
            if (isParameter(each) && (symbol.defaults.find(each.name) || lowerCase(each.name) == "m")) {
                instance.parameters.push_back(each);
            }
        }
        return true;
    }

    static bool isParameter(const NamedText& attribute) {
        if (attribute.name == "name" || attribute.text.empty()) return false;
        return attribute.text.text().find_first_of(" \t\n\"") == std::string::npos ||
               attribute.text.text().front() == '\'';
    }

    /// A tap names one side of itself: the bus's name with the tap's index.
    void labelTaps() {
        for (const Tap& tap : m_labelsOfTaps) {
            std::string name = tap.text;
            if (name.empty() || name.front() == '[') {
                std::string bus;
                for (const SchematicWire& each : m_sheet->wires) {
                    if (each.from == tap.bus || each.to == tap.bus) bus = each.hint;
                    if ((each.from == tap.at || each.to == tap.at) && !each.hint.starts_with("#") &&
                        !each.hint.empty()) {
                        bus = each.hint;
                        name.clear();
                        break;
                    }
                }
                name = name.empty() ? bus : bus.substr(0, bus.find('[')) + name;
            }
            if (name.empty() || name.front() == '[' || name.front() == '#') {
                finding(Severity::Warning, tap.span,
                        "The bus of this tap is not known; the tap is left open.");
                continue;
            }
            m_sheet->labels.push_back({tap.at, name, LabelKind::Net, tap.span, 0, false});
        }
    }

    /// A symbol that is imported on its own: its pins are the ports.
    void readAsSymbol(const std::vector<XschemRecord>& records) {
        const XschemSymbol symbol = readXschemSymbol(records, 0, records.size());
        for (const XschemSymbol::Pin& pin : symbol.pins) {
            const LabelKind kind = pin.direction == PortDirection::Input    ? LabelKind::PortIn
                                   : pin.direction == PortDirection::Output ? LabelKind::PortOut
                                                                            : LabelKind::PortInOut;
            if (!pin.name.empty()) m_sheet->labels.push_back({pin.at, pin.name, kind, {}, 0, false});
        }
    }

    struct Tap {
        Point at;
        Point bus;
        std::string text;
        SourceSpan span;
    };

    SchematicDocument& m_document;
    std::filesystem::path m_folder;
    SchematicSheet* m_sheet = nullptr;
    bool m_isTop = true;
    std::map<std::filesystem::path, std::size_t> m_sheets; ///< by canonical path
    std::vector<Pending> m_pending;
    std::map<std::string, std::optional<XschemSymbol>> m_symbols; ///< by path
    std::deque<XschemSymbol> m_standards;
    std::map<std::string, const XschemSymbol*> m_embedded; ///< in the file that is read, by reference
    std::map<std::pair<std::filesystem::path, std::string>, std::string> m_found;
    std::vector<Tap> m_labelsOfTaps;
};

} // namespace

bool isXschem(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    text = trimmed(text);
    if (text.starts_with("v {xschem")) return true;
    // Early versions began with the global texts.
    const auto has = [&](std::string_view line) { return text.find(line) != std::string_view::npos; };
    return (text.starts_with("G {") || text.starts_with("K {")) && has("\nV {") &&
           (has("\nS {") || has("\nE {") || has("\nC {"));
}

Result<void> readXschem(SchematicDocument& document, const std::filesystem::path& folder) {
    document.rules.grid = 10;
    document.rules.vectors = VectorStyle::Xschem;
    document.rules.autoNet = "net{}";
    document.rules.pointsJoinCrossings = false;
    return XschemReader(document, folder).run();
}

} // namespace headroom::netlist
