#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/circuit.h"
#include "core/netlist/sheet.h"

namespace headroom::netlist {

enum class Severity { Note, Warning, Error };
const char* toString(Severity severity);

/// One finding about the source, with its place.
struct Diagnostic {
    Severity severity = Severity::Note;
    std::string file;
    int line = 0;
    int column = 0;
    std::string message;
    std::string text; ///< the offending piece of source
};

enum class Dialect { Spice, Hspice, Ngspice, Ltspice, Cdl, Spectre };
const char* toString(Dialect dialect);

struct SourceFile {
    std::filesystem::path path;
    std::string text; ///< byte for byte as on disk
};

/// Every physical line read is one of these; nothing is dropped in silence.
struct LineCount {
    int read = 0;
    int accounted = 0; ///< understood, a comment, blank, or kept verbatim with a diagnostic
};

/// Where a schematic can take parameters of a device that it does not give yet.
struct ParameterPlace {
    std::size_t offset = 0;                   ///< in the text of files[0]
    std::string opening;                      ///< in front of the first assignment
    std::string separator;                    ///< between two
    std::string closing;                      ///< behind the last
    std::map<std::string, std::string> names; ///< as the file spells them, by lower-case name
    std::set<std::string> given;              ///< lower-case names that cannot be added, as they are there
    /// The same for the value of a resistor, capacitor, inductor or source, which is written without a
    /// name; absent where the file has one already.
    std::optional<std::size_t> valueOffset;
    std::size_t valueLength = 0; ///< of a placeholder there that it replaces
    std::string valueOpening;
    std::string valueClosing;
};

/// A model card that was read. The netlist gives its type; its figures are a simulator's business.
struct ModelCard {
    std::string name; ///< lower case; of a binned model with its bin's number ("nch.3")
    std::string type; ///< lower case: "nmos", "r"
    SourceSpan span;
};

/// A file that the netlist includes and that was left out.
struct MissingFile {
    std::string name;    ///< as written
    std::string problem; ///< "does not exist", "cannot be read"
    SourceSpan span;     ///< of the card that includes it
};

/// A cell that a file may be read for.
struct TopCandidate {
    std::string name;        ///< for ReadOptions::top
    std::size_t devices = 0; ///< cards in it, instances of other cells included
    std::size_t ports = 0;
};

/// A parsed netlist: its text, what was found in it, and the flattened top cell.
struct Netlist {
    std::string format; ///< "spice", "xschem", "ltspice" or "kicad"
    Dialect dialect = Dialect::Spice;
    std::vector<SourceFile> files; ///< [0] is the imported one, the others were included by it
    /// Symbol files that a schematic was read with. It means the same elsewhere only with them beside it.
    std::vector<SourceFile> companions;
    std::vector<std::string> subcircuits;
    /// What may be the top cell: the main level where it holds devices (by the file's stem), then the cells
    /// that nothing instantiates. Where there are several, the user should choose.
    std::vector<TopCandidate> topCandidates;
    Circuit circuit;
    std::vector<ModelCard> models; ///< of all files that were read, in their order
    std::vector<MissingFile> missingFiles;
    std::vector<Diagnostic> diagnostics;
    LineCount lines;
    std::optional<double> temperature; ///< of a .temp card, in degrees Celsius
    /// Unit of bare MOSFET W and L in this file, in metres: 1 or, where the file is scaled, 1e-6.
    double lengthUnit = 1;
    /// Global parameters (.param) with their evaluated values, where they could be evaluated.
    std::map<std::string, double> parameters;
    /// The author's drawing, where the file is a schematic.
    std::optional<Sheet> sheet;
    /// By Device::span.offset, for devices that are drawn in files[0].
    std::map<std::size_t, ParameterPlace> parameterPlaces;
};

struct ReadOptions {
    std::optional<std::string> top; ///< top cell; default: the one that no other instantiates
    std::optional<Dialect> dialect; ///< default: told by content
    /// Unit of bare (suffix-less) MOSFET W and L in metres: 1 for most, 1e-6 for sky130-style files.
    /// Default: 1e-6 for files with `.option scale=1u` and for sky130 device names, else 1.
    std::optional<double> lengthUnit;
    /// Whether W of MOSFETs is one finger's. Default: by process kit, else the width of all fingers.
    std::optional<bool> widthIsPerFinger;
};

/// Reads a netlist file and the files it includes. Errors: NotFound/Io for the file itself, BadInput
/// with file and line where it cannot be understood at all. Findings that do not prevent use (unknown
/// cards, missing includes) are diagnostics.
Result<Netlist> readNetlist(const std::filesystem::path& path, const ReadOptions& options = {});

/// As above for text in memory; @p name stands for the file in messages. Includes are resolved relative
/// to @p folder.
Result<Netlist> parseNetlist(std::string text, const std::string& name, const ReadOptions& options = {},
                             const std::filesystem::path& folder = {});

} // namespace headroom::netlist
