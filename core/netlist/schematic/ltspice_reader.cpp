#include "core/netlist/schematic/ltspice_reader.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/netlist/card_fields.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/cell_cycles.h"
#include "core/netlist/schematic/ltspice_symbols.h"

namespace headroom::netlist {
namespace {

constexpr std::size_t kMostSheets = 2000;
constexpr std::size_t kMostFolderEntries = 20'000;
constexpr int kFoldersAbove = 3;

/// Sheet coordinates of a symbol's: turned, then mirrored left to right, then moved.
struct Placement {
    Point origin;
    int turns = 0;
    bool mirrored = false;

    Point of(Point p) const {
        for (int i = 0; i < turns; ++i)
            p = {-p.y, p.x};
        if (mirrored) p.x = -p.x;
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
            arc->startAngle -= 90 * turns;
            if (mirrored) arc->startAngle = 180 - arc->startAngle - arc->spanAngle;
        }
        return shape;
    }
};

/// An attribute of an instance: SYMATTR lines win over the symbol's own.
struct Attribute {
    MappedText text;
    std::size_t lineEnd = 0; ///< of its line, without the break
};

struct PlacedSymbol {
    SchematicInstance instance;
    std::map<std::string, Attribute> attributes; ///< by name in lower case
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t nameLineEnd = 0; ///< of the line behind which new lines go
};

class LtspiceReader {
public:
    LtspiceReader(SchematicDocument& document, std::filesystem::path folder)
        : m_document(document)
        , m_folder(std::move(folder)) {}

    void run() {
        const std::filesystem::path& path = m_document.netlist().files.front().path;
        m_sheets.emplace(canonicalPath(m_folder / path.filename()), 0);
        m_document.sheets.emplace_back();
        readSheet(0, 0, path.stem().string(), m_folder);
        for (std::size_t i = 0; i < m_pending.size(); ++i) {
            const Pending next = m_pending[i];
            readSheet(next.sheet, next.file, next.name, next.folder);
        }
        breakCellCycles(m_document);
    }

private:
    struct Pending {
        std::size_t sheet;
        int file;
        std::string name;
        std::filesystem::path folder;
    };

    void finding(Severity severity, const SourceSpan& span, std::string message, std::string text = {}) {
        m_document.findings().add(severity, span, std::move(message), std::move(text));
    }

    const std::string& text() const { return m_sheet->source->text(); }

    MappedText mapped(std::size_t begin, std::size_t end) const {
        while (end > begin && isBlank(text()[end - 1]))
            --end;
        MappedText result;
        if (end > begin) result.appendSource(text(), begin, end);
        return result;
    }

    void readSheet(std::size_t index, int file, const std::string& name,
                   const std::filesystem::path& folder) {
        m_sheet = &m_document.sheets[index];
        m_sheet->name = name;
        m_sheet->folder = folder;
        m_sheet->source = &m_document.source(file);
        m_isTop = index == 0;
        m_document.countLines(*m_sheet->source);
        std::vector<PlacedSymbol> symbols;
        bool isSymbol = false;
        for (const LtspiceLine& line : ltspiceLines(text())) {
            if (line.is("SYMBOL")) {
                addSymbol(line, symbols);
            } else if (line.is("SYMATTR") && !symbols.empty() && m_inSymbol) {
                addAttribute(line, symbols.back());
            } else if (line.is("WINDOW")) {
                if (!symbols.empty()) symbols.back().end = line.end();
            } else if (line.is("SymbolType")) {
                isSymbol = true;
            } else if (line.count() > 0) {
                m_inSymbol = false;
                readLine(line, isSymbol);
            }
        }
        fitStandards(symbols);
        for (PlacedSymbol& each : symbols)
            finish(each);
        if (isSymbol) readAsSymbol();
    }

    void readLine(const LtspiceLine& line, bool isSymbol) {
        if (line.is("WIRE")) {
            const auto from = line.point(1);
            const auto to = line.point(3);
            if (!from || !to) return notUnderstood(line);
            m_sheet->wires.push_back({*from, *to, {}, false});
        } else if (line.is("FLAG")) {
            addFlag(line);
        } else if (line.is("IOPIN")) {
            addPort(line);
        } else if (line.is("TEXT")) {
            addText(line);
        } else if (line.is("BUSTAP")) {
            finding(Severity::Warning, m_sheet->source->span(line.begin(), line.end()),
                    "Buses of LTspice are not resolved; nets of this tap are joined by their labels only.");
        } else if (line.is("Version") || line.is("SHEET") || line.is("LINE") || line.is("RECTANGLE") ||
                   line.is("CIRCLE") || line.is("ARC") || line.is("DATAFLAG")) {
            return;
        } else if (isSymbol && (line.is("PIN") || line.is("PINATTR") || line.is("SYMATTR"))) {
            return;
        } else {
            notUnderstood(line);
        }
    }

    void notUnderstood(const LtspiceLine& line) {
        finding(Severity::Warning, m_sheet->source->span(line.begin(), line.end()),
                "This line is not understood; it is kept as it is.",
                text().substr(line.begin(), line.end() - line.begin()));
    }

    void addFlag(const LtspiceLine& line) {
        const auto at = line.point(1);
        const std::string name = mapped(line.behind(3), line.end()).text();
        if (!at || name.empty()) return notUnderstood(line);
        LabelKind kind = LabelKind::Net;
        if (name == "0" || equalIgnoringCase(name, "gnd")) kind = LabelKind::Ground;
        if (startsWithIgnoringCase(name, "$g_")) kind = LabelKind::Global;
        m_sheet->labels.push_back(
            {*at, name, kind, m_sheet->source->span(line.begin(), line.end()), 0, false});
    }

    void addPort(const LtspiceLine& line) {
        const auto at = line.point(1);
        if (!at) return notUnderstood(line);
        // The label stands on the line before or near it.
        constexpr std::ptrdiff_t kNear = 100;
        const auto last = m_sheet->labels.rbegin() + std::min(kNear, std::ssize(m_sheet->labels));
        const auto label = std::find_if(m_sheet->labels.rbegin(), last,
                                        [&](const SchematicLabel& each) { return each.at == *at; });
        if (label == last) {
            return finding(Severity::Warning, m_sheet->source->span(line.begin(), line.end()),
                           "This port has no name; it is left out.");
        }
        if (label->isGlobal()) return;
        const std::string direction = lowerCase(line.word(3));
        label->kind = direction == "in"    ? LabelKind::PortIn
                      : direction == "out" ? LabelKind::PortOut
                                           : LabelKind::PortInOut;
    }

    void addText(const LtspiceLine& line) {
        const auto at = line.point(1);
        if (!at) return notUnderstood(line);
        // "TEXT x y Left 2 !.param a=1\n.op": the breaks are written as backslash and n.
        std::size_t begin = line.behind(5);
        const bool directive = begin < line.end() && text()[begin] == '!';
        if (begin < line.end() && (directive || text()[begin] == ';')) ++begin;
        MappedText body;
        std::size_t plain = begin;
        for (std::size_t i = begin; i + 1 < line.end(); ++i) {
            if (text()[i] != '\\' || text()[i + 1] != 'n') continue;
            body.appendSource(text(), plain, i);
            body.append("\n", i, i + 2);
            plain = i + 2;
            ++i;
        }
        if (plain < line.end()) body.appendSource(text(), plain, line.end());
        m_sheet->texts.push_back({*at, body.text(), directive});
        if (directive && !body.empty()) {
            m_sheet->directives.push_back({std::move(body), m_sheet->source->span(begin, line.end())});
        }
    }

    void addSymbol(const LtspiceLine& line, std::vector<PlacedSymbol>& symbols) {
        m_inSymbol = true;
        // The name may have blanks; position and orientation are the last three words.
        const std::size_t words = line.count();
        const auto at = words >= 5 ? line.point(words - 3) : std::nullopt;
        const std::string orientation = line.word(words - 1);
        const int angle = orientation.size() > 1 ? std::atoi(orientation.c_str() + 1) : 0;
        if (!at || orientation.empty()) {
            m_inSymbol = false;
            return notUnderstood(line);
        }
        PlacedSymbol placed;
        placed.begin = line.begin();
        placed.end = line.end();
        placed.nameLineEnd = line.end();
        SchematicInstance& instance = placed.instance;
        std::size_t nameEnd = line.behind(1);
        for (std::size_t i = 1; i + 3 < words; ++i)
            nameEnd = line.behind(i + 1);
        instance.symbol = mapped(line.behind(1), nameEnd).text();
        instance.position = *at;
        instance.mirrored = lowerCase(orientation.front()) == 'm';
        const int turns = ((angle / 90) % 4 + 4) % 4;
        // Turned and then mirrored is the same as mirrored and then turned back.
        instance.quarterTurns = instance.mirrored ? (4 - turns) % 4 : turns;
        symbols.push_back(std::move(placed));
    }

    void addAttribute(const LtspiceLine& line, PlacedSymbol& symbol) {
        const std::string name = lowerCase(line.word(1));
        symbol.end = line.end();
        if (name == "instname") symbol.nameLineEnd = line.end();
        symbol.attributes[name] = {mapped(line.behind(2), line.end()), line.end()};
    }

    void finish(PlacedSymbol& placed) {
        SchematicInstance& instance = placed.instance;
        instance.span = m_sheet->source->span(placed.begin, placed.end);
        instance.name = placed.attributes["instname"].text.text();
        const LtspiceSymbol* symbol = symbolOf(instance.symbol);
        if (!symbol) {
            m_document.findings().addOnce(
                "symbol " + lowerCase(instance.symbol), Severity::Warning, instance.span,
                fmt::format(
                    "Symbol '{}' is not known: its .asy file is needed beside the sheet. Its instances "
                    "are left out of the circuit.",
                    instance.symbol),
                instance.name);
            m_sheet->instances.push_back(std::move(instance));
            return;
        }
        const Placement placement = placementOf(instance);
        for (const LtspiceSymbol::Pin& pin : symbol->pins)
            instance.pins.push_back({pin.name, placement.of(pin.at), PortDirection::Unknown, false});
        for (const Shape& shape : symbol->shapes)
            instance.shapes.push_back(placement.of(shape));
        for (const auto& [name, value] : symbol->attributes) {
            if (placed.attributes.contains(name)) continue;
            placed.attributes[name].text.append(value);
        }
        if (!instance.pins.empty() && !addCell(placed, *symbol)) addCard(placed);
        m_sheet->instances.push_back(std::move(instance));
    }

    static std::string textOf(const PlacedSymbol& placed, const char* name) {
        const auto found = placed.attributes.find(name);
        return found == placed.attributes.end() ? std::string() : found->second.text.text();
    }

    void addCard(PlacedSymbol& placed) {
        SchematicInstance& instance = placed.instance;
        std::string prefix = lowerCase(textOf(placed, "prefix"));
        if (prefix.empty() && !instance.name.empty())
            prefix = lowerCase(std::string_view(instance.name).substr(0, 1));
        if (prefix.empty() || !isLetter(prefix.front())) prefix = "x";
        instance.role = InstanceRole::Device;
        instance.letters = prefix.substr(0, 1);
        if (prefix == "mn" || prefix == "qn") instance.polarity = Polarity::N;
        if (prefix == "mp" || prefix == "qp") instance.polarity = Polarity::P;
        const auto add = [&](MappedText text) {
            MappedText spaced;
            spaced.append(" ");
            spaced.append(text);
            instance.card.push_back({std::move(spaced), CardPart::kText});
        };
        MappedText name;
        name.append(instance.name.empty() ? prefix.substr(0, 1) : instance.name);
        instance.card.push_back({std::move(name), CardPart::kText});
        instance.card.push_back({{}, CardPart::kAllPins});
        if (prefix.front() == 'm' && instance.pins.size() == 3) instance.card.push_back({{}, Source});
        const std::string model = textOf(placed, "spicemodel");
        const bool isInstance = prefix.front() == 'x';
        const std::string value2 = textOf(placed, "value2");
        const bool modelIsFile = model.find('.') != std::string::npos;
        // Of library parts the second value names the subcircuit; the first is what the sheet shows.
        const auto isName = [](const std::string& text) {
            return !text.empty() && text.substr(0, text.find(' ')).find('=') == std::string::npos;
        };
        const bool named = isInstance && isName(value2);
        // A block that says nothing is called as its symbol is.
        if (isInstance && !named && model.empty() && !isName(textOf(placed, "value"))) {
            MappedText own;
            own.append(instance.symbol.substr(instance.symbol.find_last_of("\\/") + 1));
            add(std::move(own));
        }
        if (!model.empty() && !(isInstance && (modelIsFile || named || !textOf(placed, "value").empty()))) {
            add(placed.attributes["spicemodel"].text);
        }
        for (const char* each : {"value", "value2", "spiceline", "spiceline2"}) {
            const auto found = placed.attributes.find(each);
            if (found == placed.attributes.end() || found->second.text.empty()) continue;
            if (named && std::string_view(each) == "value") continue;
            add(found->second.text);
        }
        if (m_isTop) instance.place = placeFor(placed);
    }

    ParameterPlace placeFor(const PlacedSymbol& placed) const {
        ParameterPlace place;
        const SourceText& source = *m_sheet->source;
        const bool crlf = text().find("\r\n") != std::string::npos;
        const std::string lineBreak = crlf ? "\r\n" : "\n";
        const std::size_t newLine = source.span(placed.nameLineEnd, placed.nameLineEnd).offset;
        const auto second = placed.attributes.find("value2");
        place.separator = " ";
        if (second != placed.attributes.end() && second->second.lineEnd > 0) {
            place.offset = source.span(second->second.lineEnd, second->second.lineEnd).offset;
            place.opening = " ";
        } else {
            place.offset = newLine;
            place.opening = lineBreak + "SYMATTR Value2 ";
        }
        const auto value = placed.attributes.find("value");
        if (value == placed.attributes.end() || value->second.lineEnd == 0) {
            place.valueOffset = newLine;
            place.valueOpening = lineBreak + "SYMATTR Value ";
        }
        return place;
    }

    /// Makes the symbol an instance of the sheet that has its name, where there is one.
    bool addCell(PlacedSymbol& placed, const LtspiceSymbol& symbol) {
        const std::string prefix = lowerCase(textOf(placed, "prefix"));
        if (!prefix.empty() && prefix != "x") return false;
        if (!symbol.block && !prefix.empty()) return false;
        const std::string path = findFile(placed.instance.symbol, ".asc");
        if (path.empty()) return false;
        const auto canonical = canonicalPath(path);
        auto known = m_sheets.find(canonical);
        if (known == m_sheets.end()) {
            if (m_document.sheets.size() >= kMostSheets) return false;
            const auto file = m_document.addFile(path);
            if (!file) return false;
            known = m_sheets.emplace(canonical, m_document.sheets.size()).first;
            m_document.sheets.emplace_back();
            SchematicSheet& child = m_document.sheets.back();
            child.source = &m_document.source(*file);
            child.name = std::filesystem::path(path).stem().string();
            for (const LtspiceSymbol::Pin& pin : symbol.pins)
                child.ports.push_back(pin.name);
            m_pending.push_back(
                {known->second, *file, child.name, std::filesystem::path(path).parent_path()});
        }
        placed.instance.role = InstanceRole::Cell;
        placed.instance.cell = static_cast<int>(known->second);
        for (const char* name : {"value", "value2", "spiceline", "spiceline2"}) {
            const auto found = placed.attributes.find(name);
            if (found != placed.attributes.end()) addParameters(found->second.text, placed.instance);
        }
        return true;
    }

    /// "a=1 b={c*2}".
    static void addParameters(const MappedText& attribute, SchematicInstance& instance) {
        const SplitText split = splitIntoCards("x " + attribute.text(), 0, Dialect::Ltspice);
        for (const LogicalLine& line : split.lines) {
            for (const NamedField& each : splitFields(line).named) {
                instance.parameters.push_back(
                    {each.name, attribute.part(each.value.span.offset - 2, each.value.span.length)});
            }
        }
    }

    const LtspiceSymbol* symbolOf(const std::string& reference) {
        const auto key = std::pair(m_sheet->folder, lowerCase(reference));
        if (const auto known = m_symbols.find(key); known != m_symbols.end()) {
            return known->second ? &*known->second : nullptr;
        }
        auto& slot = m_symbols[key];
        const std::string path = findFile(reference, ".asy");
        const auto bytes = path.empty() ? std::nullopt : m_document.readCompanion(path);
        if (bytes) {
            slot = readLtspiceSymbol(SourceText(*bytes, 0).text());
        } else {
            slot = standardLtspiceSymbol(reference);
        }
        return slot ? &*slot : nullptr;
    }

    static Placement placementOf(const SchematicInstance& instance) {
        const int turns = instance.mirrored ? (4 - instance.quarterTurns) % 4 : instance.quarterTurns;
        return {instance.position, turns, instance.mirrored};
    }

    /// Some authors draw with symbols of their own that are called as the standard ones. Where such a file
    /// is missing, one beside the sheet with a longer name ("nmos4" for "nmos") is used if its pins meet
    /// more of what is drawn.
    void fitStandards(const std::vector<PlacedSymbol>& symbols) {
        std::set<std::pair<double, double>> ends;
        for (const SchematicWire& each : m_sheet->wires) {
            ends.emplace(each.from.x, each.from.y);
            ends.emplace(each.to.x, each.to.y);
        }
        std::map<std::string, std::vector<const PlacedSymbol*>> byReference;
        for (const PlacedSymbol& each : symbols)
            byReference[lowerCase(each.instance.symbol)].push_back(&each);
        for (const auto& [reference, found] : byReference) {
            const std::vector<const PlacedSymbol*>& placed = found;
            const LtspiceSymbol* standard = symbolOf(reference);
            if (!standard || !findFile(reference, ".asy").empty()) continue;
            const auto hits = [&](const LtspiceSymbol& symbol) {
                std::size_t count = 0;
                for (const PlacedSymbol* each : placed) {
                    for (std::size_t p = 0; p < std::min(symbol.pins.size(), standard->pins.size()); ++p) {
                        const Point at = placementOf(each->instance).of(symbol.pins[p].at);
                        count += ends.contains({at.x, at.y}) ? 1 : 0;
                    }
                }
                return count;
            };
            std::size_t most = hits(*standard);
            if (most == placed.size() * standard->pins.size()) continue;
            for (const auto& [key, name] : entriesOf(absoluteFolder())) {
                if (!key.starts_with(reference) || !key.ends_with(".asy")) continue;
                const auto bytes = readSmallFile(absoluteFolder() / name);
                if (!bytes) continue;
                LtspiceSymbol candidate = readLtspiceSymbol(SourceText(*bytes, 0).text());
                if (candidate.pins.size() < standard->pins.size() || hits(candidate) <= most) continue;
                most = hits(candidate);
                (void)m_document.readCompanion(absoluteFolder() / name);
                finding(Severity::Note, m_sheet->source->span(placed.front()->begin, placed.front()->end),
                        fmt::format("The pins of '{}' are those of {}, which fits what is drawn.", reference,
                                    name));
                candidate.pins.resize(standard->pins.size());
                candidate.attributes = standard->attributes;
                candidate.block = false;
                m_symbols[{m_sheet->folder, reference}] = std::move(candidate);
                standard = symbolOf(reference);
            }
        }
    }

    std::filesystem::path absoluteFolder() const {
        std::error_code code;
        return std::filesystem::absolute(
            m_sheet->folder.empty() ? std::filesystem::path(".") : m_sheet->folder, code);
    }

    /// A file that a reference means, whatever the case of its letters: beside the sheet, in the symbol
    /// folders there and in the folders above.
    std::string findFile(const std::string& reference, const char* suffix) {
        if (reference.empty() || reference.size() > 1000) return {};
        std::string name = reference;
        std::replace(name.begin(), name.end(), '\\', '/');
        if (name.find("..") != std::string::npos || name.find('\0') != std::string::npos) return {};
        name += suffix;
        const std::filesystem::path wanted(name);
        std::filesystem::path folder = absoluteFolder();
        for (int i = 0; i <= kFoldersAbove; ++i) {
            for (const char* below : {"", "sym", "lib/sym", "symbols"}) {
                const std::filesystem::path base = *below ? folder / below : folder;
                for (const std::filesystem::path& each : {wanted, wanted.filename()}) {
                    std::string found = inFolder(base, each);
                    if (!found.empty()) return found;
                }
            }
            if (!folder.has_relative_path()) break;
            folder = folder.parent_path();
        }
        return {};
    }

    std::string inFolder(std::filesystem::path folder, const std::filesystem::path& wanted) {
        for (const auto& part : wanted.relative_path()) {
            const auto& entries = entriesOf(folder);
            const auto found = entries.find(lowerCase(part.string()));
            if (found == entries.end()) return {};
            folder /= found->second;
        }
        std::error_code code;
        return std::filesystem::is_regular_file(folder, code) ? folder.string() : std::string();
    }

    const std::map<std::string, std::string>& entriesOf(const std::filesystem::path& folder) {
        const auto known = m_folders.find(folder);
        if (known != m_folders.end()) return known->second;
        auto& entries = m_folders[folder];
        std::error_code code;
        std::filesystem::directory_iterator each(folder, code);
        for (; !code && each != std::filesystem::directory_iterator() && entries.size() < kMostFolderEntries;
             each.increment(code)) {
            const std::string name = each->path().filename().string();
            entries.emplace(lowerCase(name), name);
        }
        return entries;
    }

    /// A symbol that is imported on its own: its pins are the ports.
    void readAsSymbol() {
        const LtspiceSymbol symbol = readLtspiceSymbol(text());
        for (const LtspiceSymbol::Pin& pin : symbol.pins) {
            if (pin.name.empty()) continue;
            m_sheet->labels.push_back({pin.at, pin.name, LabelKind::PortInOut, {}, 0, false});
        }
    }

    SchematicDocument& m_document;
    std::filesystem::path m_folder;
    SchematicSheet* m_sheet = nullptr;
    bool m_isTop = true;
    bool m_inSymbol = false;
    std::map<std::filesystem::path, std::size_t> m_sheets; ///< by canonical path
    std::vector<Pending> m_pending;
    std::map<std::pair<std::filesystem::path, std::string>, std::optional<LtspiceSymbol>> m_symbols;
    std::map<std::filesystem::path, std::map<std::string, std::string>> m_folders;
};

} // namespace

bool isLtspice(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    text = trimmed(text);
    if (!startsWithIgnoringCase(text, "Version ")) return false;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;
    const std::string_view rest = trimmed(text.substr(end));
    return startsWithIgnoringCase(rest, "SHEET ") || startsWithIgnoringCase(rest, "SymbolType ");
}

Result<void> readLtspice(SchematicDocument& document, const std::filesystem::path& folder) {
    document.rules.grid = 16;
    document.rules.autoNet = "N{:03}";
    LtspiceReader(document, folder).run();
    return {};
}

} // namespace headroom::netlist
