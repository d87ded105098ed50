#pragma once

#include <string>
#include <vector>

#include "core/schematic/canvas.h"
#include "core/schematic/drawing.h"
#include "core/structure/structure.h"

namespace headroom::schematic {

/// What a device does, behind its symbol: a tint and, for readers without colours, letters.
struct Shade {
    Box box;
    Colour tint = 0xffffff;
    Text letters;
};

/// The functions of a drawing's devices with a legend below, as an optional layer under the drawing.
struct FunctionShading {
    std::vector<Shade> shades;
    std::vector<Shade> legend; ///< letters: "gm  Transconductance"

    bool empty() const { return shades.empty(); }
    Box bounds() const; ///< around all of it
};

FunctionShading shadingOf(const Drawing& drawing, const structure::Structure& structure);

/// Colours of the functions, told apart by eyes that lack one kind of cone (Okabe and Ito 2008), and the
/// letters that stand for them: "gm", "L", "B", "Cc", "CL", "CM", "+F", "A", "?".
Colour functionColour(structure::Function function);
const char* functionLetters(structure::Function function);

void paint(const FunctionShading& shading, const Palette& palette, Canvas& canvas);

} // namespace headroom::schematic
