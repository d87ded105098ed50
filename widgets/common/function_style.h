#pragma once

#include <QBrush>
#include <QColor>
#include <QIcon>
#include <QString>

#include "core/structure/structure.h"

namespace headroom::widgets {

/// The function in words for the user: "Transconductance", "Load capacitance", ...
QString functionTitle(structure::Function function);

/// One or two letters that tell a function without its colour: "gm", "L", "B", "Cc", ...
QString functionCode(structure::Function function);

/// The stage in words: "First stage", ...; empty for Stage::None.
QString stageTitle(structure::Stage stage);

/// Colours that stay apart for colour-blind readers (after Okabe and Ito), for the current theme.
QColor functionColor(structure::Function function);

/// Colour and hatch: shape tells functions apart in print and for those who see no colour.
QBrush functionBrush(structure::Function function);

/// A swatch with the function's colour, hatch and code, for trees, tables and legends.
QIcon functionIcon(structure::Function function);

} // namespace headroom::widgets
