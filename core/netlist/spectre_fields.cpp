// Taking Spectre statements apart: the same fields as those of a SPICE card, by Spectre's rules.

#include <algorithm>

#include "core/netlist/card_fields.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

struct Token {
    enum class Kind { Word, Group, Equals };
    std::size_t at = 0;
    std::size_t length = 0;
    Kind kind = Kind::Word;
};

/// Behind the bracket or quote that opens at @p at; the end of the text if it never closes.
std::size_t behindGroup(std::string_view text, std::size_t at) {
    if (text[at] == '"') {
        const std::size_t close = text.find('"', at + 1);
        return close == std::string_view::npos ? text.size() : close + 1;
    }
    int depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\') {
            ++at;
            continue;
        }
        if (c == '(' || c == '[') ++depth;
        if ((c == ')' || c == ']') && --depth == 0) return at + 1;
    }
    return text.size();
}

/// Words; a group in parentheses is a token of its own as long as no '=' was seen.
std::vector<Token> tokenise(std::string_view text) {
    std::vector<Token> tokens;
    bool assigned = false;
    std::size_t at = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (isBlank(c) || (!assigned && c == ',')) {
            ++at;
            continue;
        }
        if (isAssignment(text, at)) {
            assigned = true;
            tokens.push_back({at++, 1, Token::Kind::Equals});
            continue;
        }
        const std::size_t start = at;
        if (!assigned && c == '(') {
            at = behindGroup(text, at);
            tokens.push_back({start, at - start, Token::Kind::Group});
            continue;
        }
        while (at < text.size() && !isBlank(text[at]) && !isAssignment(text, at)) {
            const char each = text[at];
            if (!assigned && (each == '(' || each == ',')) break;
            if (each == '\\') {
                at = std::min(at + 2, text.size());
            } else {
                at = each == '(' || each == '[' || each == '"' ? behindGroup(text, at) : at + 1;
            }
        }
        tokens.push_back({start, at - start, Token::Kind::Word});
    }
    return tokens;
}

std::string withoutEscapes(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        result += text[i];
    }
    return result;
}

Field wordOf(const LogicalLine& line, std::size_t at, std::size_t length) {
    return {withoutEscapes(std::string_view(line.text).substr(at, length)), line.span(at, length)};
}

void addGroup(const LogicalLine& line, const Token& group, std::vector<Field>& words) {
    const bool closed = group.length > 1 && line.text[group.at + group.length - 1] == ')';
    const std::size_t length = group.length - (closed ? 2 : 1);
    const std::string_view inside = std::string_view(line.text).substr(group.at + 1, length);
    for (const Token& each : tokenise(inside)) {
        if (each.kind == Token::Kind::Word) {
            words.push_back(wordOf(line, group.at + 1 + each.at, each.length));
        }
    }
}

} // namespace

CardFields splitSpectreFields(const LogicalLine& line) {
    const std::vector<Token> tokens = tokenise(line.text);
    CardFields fields;
    std::size_t i = 0;
    const auto isNamed = [&](std::size_t at) {
        return at + 1 < tokens.size() && tokens[at].kind == Token::Kind::Word &&
               tokens[at + 1].kind == Token::Kind::Equals;
    };
    while (i < tokens.size()) {
        const Token& token = tokens[i];
        if (isNamed(i)) {
            std::size_t last = i + 2;
            while (last < tokens.size() && tokens[last].kind != Token::Kind::Equals && !isNamed(last))
                ++last;
            std::string name = wordOf(line, token.at, token.length).text;
            if (last == i + 2) {
                fields.strayEquals = true;
            } else {
                const std::size_t at = tokens[i + 2].at;
                const std::size_t length = tokens[last - 1].at + tokens[last - 1].length - at;
                fields.named.push_back(
                    {std::move(name), {line.text.substr(at, length), line.span(at, length)}, true});
            }
            i = last;
            continue;
        }
        if (token.kind == Token::Kind::Equals) {
            fields.strayEquals = true;
        } else if (token.kind == Token::Kind::Group) {
            addGroup(line, token, fields.words);
            if (fields.groupEnd == 0) fields.groupEnd = fields.words.size();
        } else {
            fields.words.push_back(wordOf(line, token.at, token.length));
        }
        ++i;
    }
    return fields;
}

int openBraces(std::string_view text) {
    int open = 0;
    bool quoted = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\') {
            ++at;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '{') {
            ++open;
        } else if (!quoted && c == '}') {
            --open;
        }
    }
    return open;
}

} // namespace headroom::netlist
