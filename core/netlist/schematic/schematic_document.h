#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/netlist/finding_list.h"
#include "core/netlist/schematic/name_vector.h"
#include "core/netlist/schematic/source_text.h"

namespace headroom::netlist {

/// What the readers of xschem, LTspice and KiCad files deliver alike: symbols whose pins have places,
/// wires, labels and directives. Coordinates are the sheet's, y down.

struct PlacedPin {
    std::string name; ///< may stand for several ("D[3:0]")
    Point at;
    PortDirection direction = PortDirection::Unknown;
    bool bus = false; ///< KiCad: connects to buses, not to wires
};

/// A part of a device's SPICE cards: text, or nets of its pins.
struct CardPart {
    static constexpr int kText = -1;
    static constexpr int kAllPins = -2;

    MappedText text;
    int pin = kText; ///< index of the pin whose nets stand here
};

struct NamedText {
    std::string name;
    MappedText text;
};

enum class InstanceRole {
    Decoration, ///< no part of the circuit
    Device,     ///< stands for SPICE cards
    Cell,       ///< stands for another sheet
    Short,      ///< joins all nets at its pins
};

struct SchematicInstance {
    std::string name;   ///< may stand for several ("M1[3:0]")
    std::string symbol; ///< as the file refers to it
    SourceSpan span;
    InstanceRole role = InstanceRole::Decoration;
    Point position;
    int quarterTurns = 0;
    bool mirrored = false;
    std::vector<PlacedPin> pins;
    std::vector<Shape> shapes;

    std::vector<CardPart> card; ///< role Device
    /// Letters that the card may begin with; if it begins with another, the first one is put in front.
    std::string letters;
    std::optional<DeviceType> type; ///< what the symbol says that an X card is
    std::optional<Polarity> polarity;
    std::optional<bool> widthIsPerFinger; ///< where the symbol says it
    int cell = -1;                        ///< role Cell: index into SchematicDocument::sheets
    std::vector<NamedText> parameters;    ///< role Cell
    std::optional<ParameterPlace> place;
};

struct SchematicWire {
    Point from;
    Point to;
    std::string hint; ///< a name that the tool remembers for the net, or empty
    bool bus = false;
};

struct SchematicLabel {
    Point at;
    std::string text; ///< may stand for several ("A[3:0]")
    LabelKind kind = LabelKind::Net;
    SourceSpan span;
    int quarterTurns = 0;
    bool bus = false;
    bool weak = false; ///< any other name of the net goes before this one

    bool isPort() const {
        return kind == LabelKind::PortIn || kind == LabelKind::PortOut || kind == LabelKind::PortInOut;
    }
    bool isGlobal() const {
        return kind == LabelKind::Global || kind == LabelKind::Ground || kind == LabelKind::Supply;
    }
};

struct SchematicDirective {
    MappedText text;
    SourceSpan span;
};

struct SchematicSheet {
    std::string name;
    std::filesystem::path folder;
    const SourceText* source = nullptr;
    std::vector<SchematicInstance> instances;
    std::vector<SchematicWire> wires;
    std::vector<SchematicLabel> labels;
    std::vector<Point> junctions;
    std::vector<SchematicDirective> directives;
    std::vector<SheetText> texts;
    /// The ports of a cell, in the order in which its instances connect them; empty: as in `labels`.
    std::vector<std::string> ports;
    /// Defaults of a cell's parameters.
    std::vector<NamedText> parameters;
};

/// Rules that differ between the formats.
struct SchematicRules {
    double grid = 10;
    double step = 0.01; ///< see SheetGeometry
    VectorStyle vectors = VectorStyle::None;
    /// A pin or a wire's end in the middle of a wire connects without a dot.
    bool touchesNeedDots = false;
    bool pointsJoinCrossings = true; ///< see SheetGeometry
    std::string autoNet = "net{}";   ///< name of the n-th net without one
    int firstAutoNet = 1;
};

/// All sheets of a schematic, [0] is the imported one.
class SchematicDocument {
public:
    SchematicDocument(Netlist& netlist, FindingList& findings)
        : m_netlist(netlist)
        , m_findings(findings) {}

    Netlist& netlist() { return m_netlist; }
    FindingList& findings() { return m_findings; }

    SchematicRules rules;
    std::deque<SchematicSheet> sheets;

    /// The text of Netlist::files[@p index].
    const SourceText& source(int index);
    /// Adds a file to the netlist; its index. Errors: NotFound, Unsupported, Io.
    Result<int> addFile(const std::filesystem::path& path);
    /// The text of a symbol's file, which becomes a companion of the netlist; absent where it cannot be read.
    std::optional<std::string> readCompanion(const std::filesystem::path& path);
    /// Counts the lines of a file that was read from its first line to its last.
    void countLines(const SourceText& source);

private:
    Netlist& m_netlist;
    FindingList& m_findings;
    std::map<int, SourceText> m_sources;
};

/// The path as the file system knows it, to tell whether two are the same.
std::filesystem::path canonicalPath(const std::filesystem::path& path);

/// A file of at most 64 MiB; nothing where there is none.
std::optional<std::string> readSmallFile(const std::filesystem::path& path);

} // namespace headroom::netlist
