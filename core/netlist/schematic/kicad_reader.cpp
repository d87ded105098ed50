#include "core/netlist/schematic/kicad_reader.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "core/netlist/card_fields.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/cell_cycles.h"
#include "core/netlist/schematic/drawing_number.h"
#include "core/netlist/schematic/kicad_devices.h"
#include "core/netlist/schematic/kicad_library.h"
#include "core/netlist/schematic/s_expression.h"

namespace headroom::netlist {
namespace {

using Node = SExpressions::Node;

constexpr std::size_t kMostSheets = 2000;

class KiCadReader {
public:
    KiCadReader(SchematicDocument& document, std::filesystem::path folder)
        : m_document(document)
        , m_folder(std::move(folder)) {}

    Result<void> run() {
        const std::filesystem::path& path = m_document.netlist().files.front().path;
        m_sheets.emplace(canonicalPath(m_folder / path.filename()), 0);
        m_document.sheets.emplace_back();
        if (auto done = readSheet(0, 0, path.stem().string(), m_folder); !done) return done;
        for (std::size_t i = 0; i < m_pending.size(); ++i) {
            const Pending next = m_pending[i];
            if (auto done = readSheet(next.sheet, next.file, next.name, next.folder); !done) {
                finding(Severity::Warning, next.span, done.error().describe());
            }
        }
        arrangePins();
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

    SourceSpan spanOf(Node node) const {
        return m_sheet->source->span(m_tree->begin(node), m_tree->end(node));
    }

    Result<void> readSheet(std::size_t index, int file, const std::string& name,
                           const std::filesystem::path& folder) {
        const SourceText& source = m_document.source(file);
        m_sheet = &m_document.sheets[index];
        m_sheet->name = name;
        m_sheet->folder = folder;
        m_sheet->source = &source;
        m_isTop = index == 0;
        m_document.countLines(source);
        auto tree = SExpressions::parse(
            source, m_document.netlist().files[static_cast<std::size_t>(file)].path.string());
        if (!tree) return forward(tree);
        m_tree = &*tree;
        m_units.clear();
        m_esimPorts.clear();
        const Node root = m_tree->root();
        m_library = readKiCadLibrary(*m_tree, m_tree->find(root, "lib_symbols"));
        for (Node each = m_tree->next(m_tree->firstChild(root)); each >= 0; each = m_tree->next(each))
            readItem(each);
        for (const auto& [number, label] : m_esimPorts)
            m_sheet->labels.push_back(label);
        finishDevices();
        markBuses();
        m_tree = nullptr;
        return {};
    }

    void readItem(Node item) {
        const std::string_view name = m_tree->name(item);
        static constexpr std::array kOther{"version",       "generator",       "generator_version",
                                           "uuid",          "paper",           "page",
                                           "title_block",   "lib_symbols",     "bus_entry",
                                           "no_connect",    "polyline",        "arc",
                                           "circle",        "rectangle",       "bezier",
                                           "image",         "sheet_instances", "symbol_instances",
                                           "bus_alias",     "embedded_fonts",  "embedded_files",
                                           "table",         "rule_area",       "group",
                                           "netclass_flag", "directive_label", "host",
                                           "ki_description"};
        if (name == "symbol") {
            readSymbol(item);
        } else if (name == "wire" || name == "bus") {
            const auto points = kiCadPoints(*m_tree, item);
            for (std::size_t i = 0; i + 1 < points.size(); ++i)
                m_sheet->wires.push_back({points[i], points[i + 1], {}, name == "bus"});
        } else if (name == "junction") {
            if (const auto at = kiCadPoint(*m_tree, m_tree->find(item, "at")))
                m_sheet->junctions.push_back(*at);
        } else if (name == "label" || name == "global_label" || name == "hierarchical_label") {
            readLabel(item, name);
        } else if (name == "sheet") {
            readSheetSymbol(item);
        } else if (name == "text" || name == "text_box") {
            readText(item);
        } else if (std::find(kOther.begin(), kOther.end(), name) == kOther.end()) {
            finding(Severity::Warning, spanOf(item), "This item is not understood; it is kept as it is.",
                    m_sheet->source->text().substr(m_tree->begin(item), 80));
        }
    }

    /// "A{slash}B" is how the file writes "A/B".
    static std::string unescaped(std::string text) {
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kEscapes{
            {{"{slash}", "/"}, {"{backslash}", "\\"}, {"{space}", " "}, {"{dblquote}", "\""}}};
        for (const auto& [escape, meant] : kEscapes) {
            for (std::size_t at = text.find(escape); at != std::string::npos; at = text.find(escape, at + 1))
                text.replace(at, escape.size(), meant);
        }
        return text;
    }

    void readLabel(Node item, std::string_view name) {
        const Node at = m_tree->find(item, "at");
        const auto place = kiCadPoint(*m_tree, at);
        const std::string text = unescaped(m_tree->text(m_tree->argument(item, 0)));
        if (!place || text.empty()) {
            return finding(Severity::Warning, spanOf(item),
                           "This label has no name or place; it is left out.");
        }
        LabelKind kind = LabelKind::Net;
        if (name == "global_label") kind = LabelKind::Global;
        if (name == "hierarchical_label") {
            const std::string shape = m_tree->textOf(item, "shape");
            kind = shape == "input"    ? LabelKind::PortIn
                   : shape == "output" ? LabelKind::PortOut
                                       : LabelKind::PortInOut;
        }
        const int turns = quarterTurnsOf(m_tree->number(at, 2));
        m_sheet->labels.push_back({*place, text, kind, spanOf(item), (4 - turns) & 3, false});
    }

    void readText(Node item) {
        const MappedText text = m_tree->mapped(m_tree->argument(item, 0)).trimmed();
        const auto at = kiCadPoint(*m_tree, m_tree->find(item, "at"));
        const bool directive = text.size() > 1 && text.text().front() == '.' && isLetter(text.text()[1]);
        if (at) m_sheet->texts.push_back({*at, text.text(), directive});
        if (directive) m_sheet->directives.push_back({text, spanOf(item)});
    }

    const KiCadLibrarySymbol* librarySymbol(const std::string& libName, const std::string& libId) const {
        auto found = m_library.find(libName);
        if (libName.empty() || found == m_library.end()) found = m_library.find(libId);
        if (found == m_library.end()) {
            // Older files keep the symbol without its library's name.
            found =
                m_library.find(libId.substr(libId.find(':') == std::string::npos ? 0 : libId.find(':') + 1));
        }
        return found == m_library.end() ? nullptr : &found->second;
    }

    struct Unit {
        std::size_t instance; ///< of the sheet
        KiCadPart part;
        std::set<int> units;
        Node symbol;
        Node lastProperty;
    };

    void readSymbol(Node item) {
        SchematicInstance instance;
        instance.span = spanOf(item);
        const std::string libId = m_tree->textOf(item, "lib_id");
        instance.symbol = libId;
        KiCadPart part;
        Node lastProperty = SExpressions::kNone;
        for (Node each = m_tree->firstChild(item); each >= 0; each = m_tree->next(each)) {
            if (m_tree->name(each) != "property") continue;
            part.fields[m_tree->text(m_tree->argument(each, 0))] = m_tree->mapped(m_tree->argument(each, 1));
            lastProperty = each;
        }
        part.reference = part.field("Reference");
        instance.name = part.reference;
        const Node at = m_tree->find(item, "at");
        const auto origin = kiCadPoint(*m_tree, at);
        if (!origin) {
            return finding(Severity::Warning, instance.span, "This symbol has no place; it is left out.",
                           part.reference);
        }
        KiCadPlacement placement{*origin, quarterTurnsOf(m_tree->number(at, 2))};
        const Node mirror = m_tree->find(item, "mirror");
        for (const Node axis : {m_tree->argument(mirror, 0), m_tree->argument(mirror, 1)}) {
            if (m_tree->text(axis) == "x") placement.mirrorX = true;
            if (m_tree->text(axis) == "y") placement.mirrorY = true;
        }
        instance.position = *origin;
        instance.mirrored = placement.mirrorX != placement.mirrorY;
        instance.quarterTurns = instance.mirrored
                                    ? (placement.mirrorX ? placement.turns + 2 : placement.turns) & 3
                                    : ((placement.mirrorX ? 6 : 4) - placement.turns) & 3;
        const int unit = wholeNumber(m_tree->number(m_tree->find(item, "unit"), 0), 1);
        Node styleNode = m_tree->find(item, "convert");
        if (styleNode < 0) styleNode = m_tree->find(item, "body_style");
        const int style = wholeNumber(m_tree->number(styleNode, 0), 1);
        const KiCadLibrarySymbol* symbol = librarySymbol(m_tree->textOf(item, "lib_name"), libId);
        if (!symbol) {
            m_document.findings().addOnce(
                "symbol " + libId, Severity::Warning, instance.span,
                fmt::format(
                    "Symbol '{}' is not in the file's library; its instances are left out of the circuit.",
                    libId),
                part.reference);
            m_sheet->instances.push_back(std::move(instance));
            return;
        }
        const auto shown = [&](int pinUnit, int pinStyle) {
            return (pinUnit == 0 || pinUnit == unit) && (pinStyle == 0 || pinStyle == style);
        };
        std::vector<const KiCadLibraryPin*> pins;
        for (const KiCadLibraryPin& pin : symbol->pins) {
            if (!shown(pin.unit, pin.style)) continue;
            pins.push_back(&pin);
            const std::string& name = pin.name.empty() || pin.name == "~" ? pin.number : pin.name;
            instance.pins.push_back({name, placement.of(pin.at), PortDirection::Unknown, false});
            part.pins.push_back({pin.number, pin.name});
        }
        for (const KiCadLibraryShape& shape : symbol->shapes) {
            if (shown(shape.unit, shape.style)) instance.shapes.push_back(placement.of(shape.shape));
        }
        part.symbol = lowerCase(
            std::string_view(libId).substr(libId.find(':') == std::string::npos ? 0 : libId.find(':') + 1));
        part.description = symbol->description;
        classify(instance, part, *symbol, pins, unit, item, lastProperty);
    }

    void classify(SchematicInstance& instance, KiCadPart& part, const KiCadLibrarySymbol& symbol,
                  const std::vector<const KiCadLibraryPin*>& pins, int unit, Node item, Node lastProperty) {
        const bool flag = startsWithIgnoringCase(part.reference, "#FLG") || part.symbol == "pwr_flag";
        const bool power = symbol.power || startsWithIgnoringCase(part.reference, "#PWR");
        if (flag || m_tree->has(item, "exclude_from_sim")) {
            if (!flag) {
                finding(Severity::Note, instance.span,
                        fmt::format("'{}' is excluded from simulation and left out.", part.reference));
            }
        } else if (power) {
            const std::string name = unescaped(part.field("Value"));
            const std::string key = lowerCase(name);
            const bool ground =
                key == "0" || key.find("gnd") != std::string::npos || key == "earth" || key == "vss";
            if (!instance.pins.empty() && !name.empty()) {
                m_sheet->labels.push_back({instance.pins.front().at, name,
                                           ground ? LabelKind::Ground : LabelKind::Supply, instance.span, 0,
                                           false});
            }
        } else if (part.symbol == "port" && startsWithIgnoringCase(instance.symbol, "esim") &&
                   !instance.pins.empty()) {
            const int number = std::atoi(part.pins.front().number.c_str());
            SchematicLabel label{instance.pins.front().at,
                                 fmt::format("Net-_{}-Pad{}_", part.reference, part.pins.front().number),
                                 LabelKind::PortInOut,
                                 instance.span,
                                 0,
                                 false};
            label.weak = true;
            m_esimPorts.emplace(number, std::move(label));
        } else if (!part.reference.starts_with("#") && !part.symbol.starts_with("plot_")) {
            for (std::size_t i = 0; i < pins.size(); ++i) {
                if (!pins[i]->hiddenPower || pins[i]->name.empty() || pins[i]->name == "~") continue;
                m_sheet->labels.push_back(
                    {instance.pins[i].at, pins[i]->name, LabelKind::Global, instance.span, 0, false});
            }
            addUnit(instance, part, unit, item, lastProperty);
        }
        m_sheet->instances.push_back(std::move(instance));
    }

    /// Units of one part are one device; it is drawn where its first unit stands.
    void addUnit(SchematicInstance& instance, KiCadPart& part, int unit, Node item, Node lastProperty) {
        const bool annotated = !part.reference.empty() && part.reference.find('?') == std::string::npos;
        const auto known = annotated ? m_byReference.find({m_sheet, part.reference}) : m_byReference.end();
        if (known != m_byReference.end() && m_units[known->second].units.insert(unit).second) {
            Unit& first = m_units[known->second];
            SchematicInstance& owner = m_sheet->instances[first.instance];
            for (std::size_t i = 0; i < part.pins.size(); ++i) {
                const bool shared =
                    std::any_of(first.part.pins.begin(), first.part.pins.end(),
                                [&](const auto& each) { return each.number == part.pins[i].number; });
                if (shared) continue;
                first.part.pins.push_back(part.pins[i]);
                owner.pins.push_back(instance.pins[i]);
            }
            return;
        }
        if (annotated) m_byReference[{m_sheet, part.reference}] = m_units.size();
        m_units.push_back({m_sheet->instances.size(), std::move(part), {unit}, item, lastProperty});
    }

    /// The ports of the subcircuit in the library that a part's simulation fields name.
    std::vector<std::string> subcircuitPorts(const KiCadPart& part) {
        const std::string library = part.field("Sim.Library");
        const std::string name = part.field("Sim.Name");
        if (library.empty() || name.empty() || library.find('\0') != std::string::npos) return {};
        const auto [known, isNew] = m_subcircuits.try_emplace(m_sheet->folder / library);
        if (isNew) {
            if (const auto text = m_document.readCompanion(known->first)) known->second = portsIn(*text);
        }
        const auto found = known->second.find(lowerCase(name));
        return found == known->second.end() ? std::vector<std::string>{} : found->second;
    }

    using PortsByCell = std::map<std::string, std::vector<std::string>>; ///< by name in lower case

    static PortsByCell portsIn(const std::string& library) {
        PortsByCell result;
        for (const LogicalLine& line : splitIntoCards(library, 0, Dialect::Ngspice).lines) {
            if (!startsWithIgnoringCase(line.text, ".subckt")) continue;
            const std::vector<Field> words = splitFields(line).words;
            if (words.size() < 2) continue;
            std::vector<std::string> ports;
            for (std::size_t i = 2; i < words.size() && !words[i].text.ends_with(':'); ++i)
                ports.push_back(words[i].text);
            result.try_emplace(lowerCase(words[1].text), std::move(ports));
        }
        return result;
    }

    void finishDevices() {
        for (Unit& each : m_units) {
            SchematicInstance& instance = m_sheet->instances[each.instance];
            if (each.part.pins.empty()) continue;
            each.part.subcircuitPorts = subcircuitPorts(each.part);
            KiCadCard card = kiCadCard(each.part);
            if (!card.note.empty()) {
                finding(Severity::Note, instance.span, fmt::format("'{}': {}.", instance.name, card.note));
            }
            if (card.excluded) {
                finding(Severity::Note, instance.span,
                        fmt::format("'{}' is excluded from simulation and left out.", instance.name));
                continue;
            }
            instance.role = InstanceRole::Device;
            if (m_isTop) instance.place = placeFor(each, card);
            instance.card = std::move(card.parts);
            instance.letters = card.letters;
            instance.type = card.type;
            instance.polarity = card.polarity;
        }
    }

    ParameterPlace placeFor(const Unit& unit, const KiCadCard& card) const {
        ParameterPlace place;
        place.separator = " ";
        const auto diskOffset = [&](std::size_t at) { return m_sheet->source->span(at, at).offset; };
        Node value = SExpressions::kNone;
        Node params = SExpressions::kNone;
        for (Node each = m_tree->firstChild(unit.symbol); each >= 0; each = m_tree->next(each)) {
            if (m_tree->name(each) != "property") continue;
            const std::string name = m_tree->text(m_tree->argument(each, 0));
            if (name == "Value") value = m_tree->argument(each, 1);
            if (name == "Sim.Params") params = m_tree->argument(each, 1);
        }
        if (params >= 0 && m_tree->end(params) > m_tree->begin(params) + 1) {
            place.offset = diskOffset(m_tree->end(params) - 1);
            place.opening = m_tree->text(params).empty() ? "" : " ";
        } else {
            const Node after = unit.lastProperty >= 0 ? unit.lastProperty : m_tree->firstChild(unit.symbol);
            place.offset = diskOffset(m_tree->end(after));
            place.opening = " (property \"Sim.Params\" \"";
            place.closing = "\" (at 0 0 0) (effects (font (size 1.27 1.27)) hide))";
        }
        const bool quoted = value >= 0 && m_sheet->source->text()[m_tree->begin(value)] == '"';
        if (card.takesValue && !card.hasValue && quoted) {
            place.valueOffset = diskOffset(m_tree->begin(value) + 1);
            // "R" on a resistor only says what the symbol is; another text stays.
            const std::string shown = m_tree->text(value);
            const bool placeholder =
                equalIgnoringCase(shown, unit.part.symbol) || equalIgnoringCase(shown, card.letters);
            if (placeholder) place.valueLength = diskOffset(m_tree->end(value) - 1) - *place.valueOffset;
            place.valueClosing = shown.empty() || placeholder ? "" : " ";
        }
        return place;
    }

    void readSheetSymbol(Node item) {
        SchematicInstance instance;
        instance.span = spanOf(item);
        std::string file;
        for (Node each = m_tree->firstChild(item); each >= 0; each = m_tree->next(each)) {
            if (m_tree->name(each) == "property") {
                const std::string name = m_tree->text(m_tree->argument(each, 0));
                const std::string value = m_tree->text(m_tree->argument(each, 1));
                if (name == "Sheetname" || name == "Sheet name") instance.name = value;
                if (name == "Sheetfile" || name == "Sheet file") file = value;
            } else if (m_tree->name(each) == "pin") {
                const auto at = kiCadPoint(*m_tree, m_tree->find(each, "at"));
                const std::string direction = m_tree->text(m_tree->argument(each, 1));
                if (!at) continue;
                instance.pins.push_back({unescaped(m_tree->text(m_tree->argument(each, 0))), *at,
                                         direction == "input"    ? PortDirection::Input
                                         : direction == "output" ? PortDirection::Output
                                                                 : PortDirection::InOut,
                                         false});
            }
        }
        instance.symbol = file;
        const auto origin = kiCadPoint(*m_tree, m_tree->find(item, "at"));
        const auto size = kiCadPoint(*m_tree, m_tree->find(item, "size"));
        if (origin) instance.position = *origin;
        if (origin && size) {
            instance.shapes.emplace_back(Rectangle{*origin, {origin->x + size->x, origin->y + size->y}});
        }
        std::replace(instance.name.begin(), instance.name.end(), '/', '_');
        addCell(instance, file);
        m_sheet->instances.push_back(std::move(instance));
    }

    void addCell(SchematicInstance& instance, const std::string& file) {
        const std::filesystem::path path = m_sheet->folder / file;
        const auto canonical = canonicalPath(path);
        auto known = m_sheets.find(canonical);
        if (known == m_sheets.end()) {
            const auto text =
                file.empty() || m_document.sheets.size() >= kMostSheets ? std::nullopt : readSmallFile(path);
            if (!text || !isKiCadSchematic(*text)) {
                return finding(
                    Severity::Warning, instance.span,
                    fmt::format("Sheet '{}' needs the file '{}', which cannot be read; it is left out "
                                "of the circuit.",
                                instance.name, file));
            }
            const auto index = m_document.addFile(path);
            if (!index) return;
            known = m_sheets.emplace(canonical, m_document.sheets.size()).first;
            m_document.sheets.emplace_back();
            SchematicSheet& child = m_document.sheets.back();
            child.source = &m_document.source(*index);
            child.name = path.stem().string();
            m_pending.push_back({known->second, *index, child.name, path.parent_path(), instance.span});
        }
        instance.role = InstanceRole::Cell;
        instance.cell = static_cast<int>(known->second);
        auto& ports = m_document.sheets[known->second].ports;
        for (const PlacedPin& pin : instance.pins) {
            if (std::find(ports.begin(), ports.end(), pin.name) == ports.end()) ports.push_back(pin.name);
        }
    }

    /// Brings the pins of all instances of a sheet into the order of its ports.
    void arrangePins() {
        constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
        for (SchematicSheet& sheet : m_document.sheets) {
            for (SchematicInstance& instance : sheet.instances) {
                if (instance.role != InstanceRole::Cell) continue;
                std::vector<PlacedPin> pins;
                for (const std::string& port :
                     m_document.sheets[static_cast<std::size_t>(instance.cell)].ports) {
                    const auto found = std::find_if(instance.pins.begin(), instance.pins.end(),
                                                    [&](const PlacedPin& pin) { return pin.name == port; });
                    pins.push_back(
                        found != instance.pins.end()
                            ? *found
                            : PlacedPin{port, {kNowhere, kNowhere}, PortDirection::Unknown, false});
                }
                instance.pins = std::move(pins);
            }
        }
    }

    /// Labels and sheet pins that stand for several nets belong to buses.
    void markBuses() {
        const auto isVector = [](const std::string& name) {
            const auto names = expandVector(name, VectorStyle::KiCad);
            return !names || names->size() > 1;
        };
        for (SchematicLabel& each : m_sheet->labels) {
            each.bus = isVector(each.text);
            if (each.text.find('{') != std::string::npos && each.text.back() == '}' &&
                each.text.front() != '$' && each.text.find("~{") == std::string::npos &&
                each.text.find("_{") == std::string::npos && each.text.find("^{") == std::string::npos) {
                each.bus = true;
                finding(
                    Severity::Warning, each.span,
                    fmt::format("Bus group '{}' is not resolved; its members are joined by their own labels "
                                "only.",
                                each.text));
            }
        }
        for (SchematicInstance& instance : m_sheet->instances) {
            for (PlacedPin& pin : instance.pins)
                pin.bus = instance.role == InstanceRole::Cell && isVector(pin.name);
        }
    }

    SchematicDocument& m_document;
    std::filesystem::path m_folder;
    SchematicSheet* m_sheet = nullptr;
    const SExpressions* m_tree = nullptr;
    bool m_isTop = true;
    std::map<std::filesystem::path, std::size_t> m_sheets; ///< by canonical path
    std::vector<Pending> m_pending;
    std::map<std::string, KiCadLibrarySymbol> m_library;
    std::map<std::filesystem::path, PortsByCell> m_subcircuits; ///< by library
    std::vector<Unit> m_units;
    std::map<std::pair<const SchematicSheet*, std::string>, std::size_t> m_byReference;
    std::multimap<int, SchematicLabel> m_esimPorts; ///< by pin number
};

} // namespace

bool isKiCadSchematic(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    text = trimmed(text.substr(0, 4000));
    if (!text.starts_with("(")) return false;
    return trimmed(text.substr(1)).starts_with("kicad_sch");
}

Result<void> readKiCad(SchematicDocument& document, const std::filesystem::path& folder) {
    document.rules.grid = 1.27;
    document.rules.step = 1e-4;
    document.rules.vectors = VectorStyle::KiCad;
    document.rules.touchesNeedDots = true;
    return KiCadReader(document, folder).run();
}

} // namespace headroom::netlist
