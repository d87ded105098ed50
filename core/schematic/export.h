#pragma once

#include <filesystem>
#include <string>

#include "core/base/error.h"
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

/// An xschem schematic (file_version 1.2): symbols of xschem's own `devices` library on their grid, wires,
/// labels and ports. Devices that this library has no symbol for become generic boxes with the same nets.
std::string writeXschem(const Drawing& drawing, const netlist::Circuit& circuit);

/// The drawing with the functions of its devices shaded, as .svg or .pdf by the suffix of @p path. Errors:
/// Unsupported for other suffixes, Io.
Result<void> writeStructureDrawing(const std::filesystem::path& path, const Drawing& drawing,
                                   const structure::Structure& structure);

/// Writes one of them by the suffix of @p path. Errors: Unsupported for other suffixes, Io.
Result<void> writeDrawing(const std::filesystem::path& path, const Drawing& drawing,
                          const netlist::Circuit& circuit, const Annotation& annotation = {});

} // namespace headroom::schematic
