#include "core/netlist/logical_line.h"

#include <algorithm>
#include <optional>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

/// "$[model]", "$LDD[type]", "$SUB=x", "$X=1": attributes that CDL keeps behind a dollar; everything else
/// behind a dollar is a comment.
bool isCdlAttribute(std::string_view behindDollar) {
    if (behindDollar.starts_with("[") || startsWithIgnoringCase(behindDollar, "pins")) return true;
    std::size_t at = 0;
    while (at < behindDollar.size() && (isLetter(behindDollar[at]) || isDigit(behindDollar[at]) ||
                                        behindDollar[at] == '_' || behindDollar[at] == '.')) {
        ++at;
    }
    return at > 0 && at < behindDollar.size() && (behindDollar[at] == '=' || behindDollar[at] == '[');
}

/// The language that a "simulator lang=..." statement switches to; nothing for other lines.
std::optional<bool> switchToSpectre(std::string_view line) {
    if (!startsWithIgnoringCase(line, "simulator") || line.size() < 10 || !isBlank(line[9])) {
        return std::nullopt;
    }
    const std::string text = lowerCase(line);
    const std::size_t lang = text.find("lang");
    const std::size_t equals = lang == std::string::npos ? lang : text.find('=', lang);
    if (equals == std::string::npos) return std::nullopt;
    return trimmed(std::string_view(text).substr(equals + 1)).starts_with("spectre");
}

class CardSplitter {
public:
    CardSplitter(std::string_view text, int file, Dialect dialect, bool spectre)
        : m_text(text)
        , m_file(file)
        , m_dialect(dialect)
        , m_spectre(spectre) {}

    SplitText run() {
        const char lineBreak = usesCarriageReturns() ? '\r' : '\n';
        std::size_t at = m_text.starts_with("\xef\xbb\xbf") ? 3 : 0;
        while (at < m_text.size()) {
            std::size_t end = m_text.find(lineBreak, at);
            const std::size_t next = end == std::string_view::npos ? m_text.size() : end + 1;
            if (end == std::string_view::npos) end = m_text.size();
            while (end > at && m_text[end - 1] == '\r')
                --end;
            ++m_result.lineCount;
            m_spectre ? addSpectreLine(at, end) : addLine(at, end);
            at = next;
        }
        return std::move(m_result);
    }

private:
    /// Old Macintosh files end their lines with a carriage return alone.
    bool usesCarriageReturns() const {
        return m_text.find('\n') == std::string_view::npos && m_text.find('\r') != std::string_view::npos;
    }

    std::size_t firstNonBlank(std::size_t lineStart, std::size_t lineEnd) const {
        while (lineStart < lineEnd && isBlank(m_text[lineStart]))
            ++lineStart;
        return lineStart;
    }

    /// A card of its own for a statement that switches the language; true if the line is one.
    bool switchLanguage(std::size_t lineStart, std::size_t at, std::size_t lineEnd) {
        const auto spectre = switchToSpectre(m_text.substr(at, lineEnd - at));
        if (!spectre) return false;
        m_lastCard = begin(false);
        m_result.lines.back().spectre = true;
        append(*m_lastCard, lineStart, at, lineEnd);
        m_lastCard.reset();
        m_joinNext = false;
        m_spectre = *spectre;
        return true;
    }

    void addSpectreLine(std::size_t lineStart, std::size_t lineEnd) {
        const std::size_t at = firstNonBlank(lineStart, lineEnd);
        const std::string_view content = m_text.substr(at, lineEnd - at);
        if (content.empty() || content.front() == '*' || content.starts_with("//")) {
            m_joinNext = m_joinNext && !content.empty();
            return quiet();
        }
        if (m_joinNext || (content.front() == '+' && m_lastCard)) {
            m_joinNext = false;
            return append(*m_lastCard, lineStart, content.front() == '+' ? at + 1 : at, lineEnd);
        }
        if (switchLanguage(lineStart, at, lineEnd)) return;
        m_lastCard = begin(false);
        m_result.lines.back().spectre = true;
        append(*m_lastCard, lineStart, at, lineEnd);
    }

    void addLine(std::size_t lineStart, std::size_t lineEnd) {
        const std::size_t at = firstNonBlank(lineStart, lineEnd);
        if (at == lineEnd) return quiet();
        const std::string_view content = m_text.substr(at, lineEnd - at);
        if (switchLanguage(lineStart, at, lineEnd)) return;
        if (m_joinNext && content.front() != '*') {
            m_joinNext = false;
            return append(*m_lastCard, lineStart, content.front() == '+' ? at + 1 : at, lineEnd);
        }
        if (content.front() == '*') return addStarLine(lineStart, at, lineEnd);
        if (content.front() == '+') {
            const auto target = m_dialect == Dialect::Cdl && m_directiveIsLast ? m_lastDirective : m_lastCard;
            if (target) return append(*target, lineStart, at + 1, lineEnd);
        }
        if (content.front() == ';' || (content.front() == '$' && !isPspiceNet(content)) ||
            content.front() == '#' || content.starts_with("//")) {
            return quiet();
        }
        m_directiveIsLast = false;
        m_lastCard = begin(false);
        append(*m_lastCard, lineStart, at, lineEnd);
    }

    /// A line that starts with '*': a comment, a CDL directive or the continuation of one.
    void addStarLine(std::size_t lineStart, std::size_t at, std::size_t lineEnd) {
        const std::string_view behind = m_text.substr(at + 1, lineEnd - at - 1);
        if (behind.starts_with("+") && m_directiveIsLast) {
            return append(*m_lastDirective, lineStart, at + 2, lineEnd);
        }
        if (behind.size() > 1 && behind[0] == '.' && isLetter(behind[1])) {
            m_lastDirective = begin(true);
            m_directiveIsLast = true;
            return append(*m_lastDirective, lineStart, at + 1, lineEnd);
        }
        quiet();
    }

    void quiet() { ++m_result.quietLines; }

    std::size_t begin(bool directive) {
        LogicalLine line;
        line.file = m_file;
        line.directive = directive;
        m_result.lines.push_back(std::move(line));
        return m_result.lines.size() - 1;
    }

    void append(std::size_t target, std::size_t lineStart, std::size_t from, std::size_t lineEnd) {
        LogicalLine& line = m_result.lines[target];
        const std::string_view content = m_text.substr(from, lineEnd - from);
        std::size_t length = line.spectre ? spectreLength(line, content) : strippedLength(line, content);
        bool joins = false;
        if (from + length == lineEnd) {
            std::size_t last = length;
            while (last > 0 && isBlank(m_text[from + last - 1]))
                --last;
            for (; last > 0 && m_text[from + last - 1] == '\\'; --last)
                joins = true;
            if (joins) length = last;
        }
        m_joinNext = joins && !line.directive;
        if (!line.text.empty()) line.text += ' ';
        line.pieces.push_back({line.text.size(), length, from, lineStart, m_result.lineCount});
        line.text += m_text.substr(from, length);
        line.end = lineEnd;
    }

    /// Length of @p content without its end-of-line comment; keeps track of quotes and brackets, within
    /// which nothing is a comment.
    std::size_t strippedLength(LogicalLine& line, std::string_view content) {
        const char first = line.text.empty() ? (content.empty() ? ' ' : content.front()) : line.text.front();
        const bool starComments =
            isLetter(first) || startsWithIgnoringCase(line.text.empty() ? content : line.text, ".end");
        for (std::size_t at = 0; at < content.size(); ++at) {
            const char c = content[at];
            if (line.openQuote) {
                if (c == line.openQuote) line.openQuote = 0;
                continue;
            }
            const bool afterBlank = at == 0 || isBlank(content[at - 1]);
            if (c == '\'' || c == '"') {
                line.openQuote = c;
            } else if (c == '(' || c == '{') {
                ++line.openBrackets;
            } else if (c == ')' || c == '}') {
                line.openBrackets = std::max(0, line.openBrackets - 1);
            } else if (c == ';' || (afterBlank && isBlankComment(content.substr(at)))) {
                return at;
            } else if (c == '*' && afterBlank && at > 0 && starComments && line.openBrackets == 0 &&
                       (at + 1 == content.size() || isBlank(content[at + 1]) || content[at + 1] == '*') &&
                       !isProduct(line, first, content.substr(0, at))) {
                line.endComment = true;
                return at;
            }
        }
        return content.size();
    }

    /// Whether a '*' behind @p before multiplies: in the expression of a behavioural source always, in a
    /// value elsewhere behind a bracket ("V(a) * V(b)").
    static bool isProduct(const LogicalLine& line, char first, std::string_view before) {
        const char kind = lowerCase(first);
        const bool valued =
            line.text.find('=') != std::string::npos || before.find('=') != std::string_view::npos;
        if (!valued || kind == 'b') return valued;
        before = trimmed(before);
        const bool passive = std::string_view("ceghlr").find(kind) != std::string_view::npos;
        return passive && (before.empty() || before.back() == ')');
    }

    /// As strippedLength(), for Spectre: "//" begins a comment, a backslash takes the next byte as it is.
    static std::size_t spectreLength(LogicalLine& line, std::string_view content) {
        for (std::size_t at = 0; at < content.size(); ++at) {
            const char c = content[at];
            if (c == '\\') {
                ++at;
            } else if (c == '"') {
                line.openQuote = line.openQuote ? '\0' : '"';
            } else if (line.openQuote) {
                continue;
            } else if (c == '/' && content.substr(at).starts_with("//")) {
                return at;
            } else if (c == '(' || c == '[') {
                ++line.openBrackets;
            } else if (c == ')' || c == ']') {
                line.openBrackets = std::max(0, line.openBrackets - 1);
            }
        }
        return content.size();
    }

    /// Comments that need a blank in front: "$ words" and "// words".
    bool isBlankComment(std::string_view content) const {
        if (content.front() == '$') {
            if (m_dialect == Dialect::Cdl) return !isCdlAttribute(content.substr(1));
            return !isPspiceNet(content);
        }
        return content.starts_with("//") && (content.size() == 2 || isBlank(content[2]));
    }

    std::string_view m_text;
    int m_file;
    Dialect m_dialect;
    bool m_spectre;
    SplitText m_result;
    std::optional<std::size_t> m_lastCard;
    std::optional<std::size_t> m_lastDirective;
    bool m_directiveIsLast = false;
    bool m_joinNext = false;
};

} // namespace

bool isPspiceNet(std::string_view content) {
    return content.size() > 3 && content[2] == '_' &&
           (content[1] == 'N' || content[1] == 'G' || content[1] == 'D') && !isBlank(content[3]);
}

SourceSpan LogicalLine::span(std::size_t at, std::size_t length) const {
    const auto pieceOf = [this](std::size_t position) -> const Piece& {
        auto piece = std::upper_bound(pieces.begin(), pieces.end(), position,
                                      [](std::size_t value, const Piece& each) { return value < each.at; });
        return piece == pieces.begin() ? pieces.front() : *std::prev(piece);
    };
    const auto offsetOf = [](const Piece& piece, std::size_t position) {
        return piece.offset + std::min(position - piece.at, piece.length);
    };
    if (pieces.empty()) return {};
    const Piece& first = pieceOf(at);
    const std::size_t start = offsetOf(first, at);
    const std::size_t stop = length == 0 ? start : offsetOf(pieceOf(at + length - 1), at + length - 1) + 1;
    return {file, start, stop - start, first.line, static_cast<int>(start - first.lineStart) + 1};
}

SourceSpan LogicalLine::whole() const {
    SourceSpan result = span(0, 0);
    result.length = end > result.offset ? end - result.offset : 0;
    return result;
}

SplitText splitIntoCards(std::string_view text, int file, Dialect dialect, bool spectre) {
    return CardSplitter(text, file, dialect, spectre).run();
}

} // namespace headroom::netlist
