#include "core/schematic/function_shading.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>

#include "core/base/file.h"
#include "core/schematic/export.h"

namespace headroom::schematic {
namespace {

using structure::Function;

struct Look {
    Function function;
    const char* letters;
    const char* title;
    Colour colour;
};

constexpr std::array looks{
    Look{Function::Transconductance, "gm", "Transconductance", 0x0072b2},
    Look{Function::Load, "L", "Load", 0xe69f00},
    Look{Function::Bias, "B", "Bias", 0x009e73},
    Look{Function::Compensation, "Cc", "Compensation", 0xcc79a7},
    Look{Function::LoadCapacitance, "CL", "Load capacitance", 0x56b4e9},
    Look{Function::CommonModeFeedback, "CM", "Common-mode feedback", 0xd8c52c},
    Look{Function::PositiveFeedback, "+F", "Positive feedback", 0xd55e00},
    Look{Function::Auxiliary, "A", "Auxiliary", 0x8c96a3},
    Look{Function::Unexplained, "?", "Unexplained", 0xc0c6ce},
};

const Look& lookOf(Function function) {
    const auto* const look =
        std::find_if(looks.begin(), looks.end(), [&](const Look& each) { return each.function == function; });
    return look != looks.end() ? *look : looks.back();
}

// Light enough for the symbol's lines and texts to read on it.
Colour tintOf(Colour colour) {
    constexpr double strength = 0.28;
    Colour tint = 0;
    for (const unsigned shift : {16U, 8U, 0U}) {
        const double part = static_cast<double>((colour >> shift) & 0xffU);
        tint |= static_cast<Colour>(255 - strength * (255 - part)) << shift;
    }
    return tint;
}

} // namespace

Colour functionColour(Function function) {
    return lookOf(function).colour;
}

const char* functionLetters(Function function) {
    return lookOf(function).letters;
}

Box FunctionShading::bounds() const {
    Box box = shades.empty() ? Box{} : shades.front().box;
    for (const Shade& shade : shades)
        box = box.united(shade.box);
    for (const Shade& shade : legend)
        box = box.united(shade.box).united(shade.letters.box());
    return box;
}

FunctionShading shadingOf(const Drawing& drawing, const structure::Structure& structure) {
    FunctionShading shading;
    std::set<Function> present;
    for (const Symbol& symbol : drawing.symbols) {
        if (symbol.device < 0 || static_cast<std::size_t>(symbol.device) >= structure.roles.size()) continue;
        const Function function = structure.roles[static_cast<std::size_t>(symbol.device)].function;
        present.insert(function);
        const Box box = symbol.box.grown(0.45);
        // In the corner that most pins leave free.
        const auto leftPins = std::count_if(symbol.pins.begin(), symbol.pins.end(), [&](const Pin& pin) {
            return pin.at.x < box.centre().x;
        });
        const bool right = 2 * leftPins > static_cast<std::ptrdiff_t>(symbol.pins.size());
        Text letters{functionLetters(function),
                     {right ? box.to.x - 0.2 : box.from.x + 0.2, box.from.y + 1},
                     right ? Anchor::End : Anchor::Start,
                     0.9};
        shading.shades.push_back({box, tintOf(functionColour(function)), std::move(letters)});
    }
    const Box bounds = drawing.bounds();
    double x = bounds.from.x;
    double y = bounds.to.y + 2;
    for (const Look& look : looks) {
        if (!present.contains(look.function)) continue;
        Text title{std::string(look.letters) + "  " + look.title, {x + 2, y + 1.1}, Anchor::Start, 1.1};
        const double width = 3.5 + title.box().width();
        if (x > bounds.from.x && x + width > std::max(bounds.to.x, bounds.from.x + 40)) {
            title.at = {bounds.from.x + 2, y + 3.1};
            x = bounds.from.x;
            y += 2;
        }
        shading.legend.push_back({{{x, y}, {x + 1.5, y + 1.5}}, tintOf(look.colour), title});
        x += width;
    }
    return shading;
}

void paint(const FunctionShading& shading, const Palette& palette, Canvas& canvas) {
    for (const auto* shades : {&shading.shades, &shading.legend})
        for (const Shade& shade : *shades) {
            canvas.shape(netlist::Rectangle{shade.box.from, shade.box.to, true}, shade.tint, 0);
            canvas.text(shade.letters, palette.note, false);
        }
}

Result<void> writeStructureDrawing(const std::filesystem::path& path, const Drawing& drawing,
                                   const structure::Structure& structure) {
    const FunctionShading shading = shadingOf(drawing, structure);
    const std::string suffix = path.extension().string();
    if (suffix == ".svg") return writeFileAtomically(path, writeSvg(drawing, {}, {}, shading));
    if (suffix != ".pdf")
        return fail(ErrorCode::Unsupported, "A structure report is written as .json, .svg or .pdf.",
                    path.string());
    const auto pdf = writePdf(drawing, {}, {}, shading);
    if (!pdf) return forward(pdf);
    return writeFileAtomically(path, *pdf);
}

} // namespace headroom::schematic
