#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/netlist.h"
#include "core/schematic/annotation.h"
#include "core/schematic/canvas.h"
#include "core/schematic/drawing.h"
#include "core/schematic/function_shading.h"

namespace headroom::schematic {

/// An SVG 1.1 document, 10 pixels for each grid unit. Each device is a group with its name.
std::string writeSvg(const Drawing& drawing, const Annotation& annotation = {}, const Palette& palette = {},
                     const FunctionShading& shading = {});

/// A PDF document of one page as large as the drawing, with text that can be searched.
Result<std::string> writePdf(const Drawing& drawing, const Annotation& annotation = {},
                             const Palette& palette = {}, const FunctionShading& shading = {});

/// An xschem schematic.
struct WrittenXschem {
    std::string text;
    /// What the sheet shows in another way than the drawing, or not at all; one sentence each.
    std::vector<std::string> notes;
};

/// An xschem schematic (file_version 1.2) that connects what the circuit connects: wires as drawn, and a
/// label on every piece of a net that is in several. Devices whose pins stand where those of xschem's
/// `devices` library or of their process kit do become its symbols; others bring their symbol with them.
/// Devices without a symbol on the drawing (inside of subcircuits, members of arrays) stand below it.
/// Models, parameters and other cards of the imported file stand in a block of code.
WrittenXschem writeXschem(const Drawing& drawing, const netlist::Netlist& netlist);

/// As above for a circuit without a file.
std::string writeXschem(const Drawing& drawing, const netlist::Circuit& circuit);

/// The drawing with the functions of its devices shaded, as .svg or .pdf by the suffix of @p path. Errors:
/// Unsupported for other suffixes, Io.
Result<void> writeStructureDrawing(const std::filesystem::path& path, const Drawing& drawing,
                                   const structure::Structure& structure);

/// Writes one of them by the suffix of @p path, and returns the notes. Errors: Unsupported for other
/// suffixes, Io.
Result<std::vector<std::string>> writeDrawing(const std::filesystem::path& path, const Drawing& drawing,
                                              const netlist::Netlist& netlist,
                                              const Annotation& annotation = {});

} // namespace headroom::schematic
