#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/circuit.h"

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

/// A parsed netlist: its text, what was found in it, and the flattened top cell.
struct Netlist {
    std::string format; ///< "spice"
    Dialect dialect = Dialect::Spice;
    std::vector<SourceFile> files; ///< [0] is the imported one, the others were included by it
    std::vector<std::string> subcircuits;
    Circuit circuit;
    std::vector<Diagnostic> diagnostics;
    LineCount lines;
    std::optional<double> temperature; ///< of a .temp card, in degrees Celsius
    /// Unit of bare MOSFET W and L in this file, in metres: 1 or, where the file is scaled, 1e-6.
    double lengthUnit = 1;
    /// Global parameters (.param) with their evaluated values, where they could be evaluated.
    std::map<std::string, double> parameters;
};

struct ReadOptions {
    std::optional<std::string> top; ///< top cell; default: the one that no other instantiates
    std::optional<Dialect> dialect; ///< default: told by content
    /// Unit of bare (suffix-less) MOSFET W and L in metres: 1 for most, 1e-6 for sky130-style files.
    /// Default: 1e-6 for files with `.option scale=1u` and for sky130 device names, else 1.
    std::optional<double> lengthUnit;
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
