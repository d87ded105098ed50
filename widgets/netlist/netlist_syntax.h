#pragma once

#include <QString>

#include <vector>

#include "core/netlist/netlist.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {

/// A coloured stretch of a line, in UTF-16 units.
struct SyntaxSpan {
    int start = 0;
    int length = 0;
    ColorRole role = ColorRole::SyntaxComment;

    bool operator==(const SyntaxSpan&) const = default;
};

/// Colours of one netlist line. Lines stand alone (a continuation is told by its '+'), so that any part
/// of a long file can be coloured without the lines before it.
std::vector<SyntaxSpan> netlistSyntax(const QString& line, netlist::Dialect dialect);

} // namespace headroom::widgets
