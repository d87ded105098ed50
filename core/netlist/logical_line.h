#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// A card with its continuation lines joined and end-of-line comments removed. Every byte of `text`
/// knows where it came from.
struct LogicalLine {
    /// A part of a physical line: `length` bytes of text from position `at` on stand at `offset`.
    struct Piece {
        std::size_t at = 0;
        std::size_t length = 0;
        std::size_t offset = 0;
        std::size_t lineStart = 0; ///< offset of the physical line's first byte
        int line = 0;
    };

    int file = 0;
    std::string text;
    std::vector<Piece> pieces;
    std::size_t end = 0;     ///< offset behind the last physical line, without its line break
    bool directive = false;  ///< a CDL directive in a comment ("*.PININFO"); text starts behind the '*'
    bool endComment = false; ///< a "* words" comment was cut off
    bool spectre = false;    ///< a statement of Spectre's language and not a SPICE card
    char openQuote = 0;      ///< the quote that is not closed, or 0
    int openBrackets = 0;    ///< that are not closed

    bool closed() const { return openQuote == 0 && openBrackets == 0; }
    int line() const { return pieces.empty() ? 0 : pieces.front().line; }
    /// Where @p length bytes of text from @p at on stand in the file.
    SourceSpan span(std::size_t at, std::size_t length) const;
    /// From the first byte of the card to the end of its last physical line.
    SourceSpan whole() const;
};

/// A name that PSpice gives to nets ("$N_0001", "$G_DGND", "$D_HI"): no comment, for all its dollar.
bool isPspiceNet(std::string_view content);

struct SplitText {
    std::vector<LogicalLine> lines; ///< cards and directives, in file order
    int lineCount = 0;              ///< physical lines
    int quietLines = 0;             ///< blank and comment lines
};

/// Splits a file into cards. Comments and blank lines may stand between a card and its continuation;
/// a continuation starts with '+' or follows a line that ends with a backslash. "simulator lang=spectre"
/// and "simulator lang=spice" switch the language of the lines behind them.
/// @param spectre the language of the first line
SplitText splitIntoCards(std::string_view text, int file, Dialect dialect, bool spectre = false);

} // namespace headroom::netlist
