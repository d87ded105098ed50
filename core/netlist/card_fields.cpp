#include "core/netlist/card_fields.h"

#include <algorithm>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

struct Token {
    std::size_t at = 0;
    std::size_t length = 0;
    bool equals = false;
};

/// The position behind the bracket or quote that opens at @p at; the end of the text if it never closes.
std::size_t behindGroup(std::string_view text, std::size_t at) {
    const char open = text[at];
    if (open == '\'' || open == '"') {
        const std::size_t close = text.find(open, at + 1);
        return close == std::string_view::npos ? text.size() : close + 1;
    }
    // Counting instead of recursing: brackets may be nested as deeply as the file likes.
    int depth = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '(' || c == '{') ++depth;
        if ((c == ')' || c == '}') && --depth == 0) return at + 1;
    }
    return text.size();
}

std::vector<Token> tokenise(std::string_view text) {
    std::vector<Token> tokens;
    std::size_t at = 0;
    while (at < text.size()) {
        if (isBlank(text[at]) || text[at] == ',' || text[at] == '\n') {
            ++at;
            continue;
        }
        if (isAssignment(text, at)) {
            tokens.push_back({at, 1, true});
            ++at;
            continue;
        }
        const std::size_t start = at;
        while (at < text.size() && !isBlank(text[at]) && text[at] != ',' && !isAssignment(text, at)) {
            const char c = text[at];
            at = c == '\'' || c == '"' || c == '(' || c == '{' ? behindGroup(text, at) : at + 1;
        }
        tokens.push_back({start, at - start, false});
    }
    return tokens;
}

Field fieldOf(const LogicalLine& line, std::size_t at, std::size_t length) {
    return {line.text.substr(at, length), line.span(at, length)};
}

/// "(d g s b)" where nets are expected: the words inside.
void unwrapGroup(const LogicalLine& line, const Token& group, std::vector<Field>& words) {
    const std::string_view inside = std::string_view(line.text).substr(group.at + 1, group.length - 2);
    for (const Token& each : tokenise(inside)) {
        words.push_back(fieldOf(line, group.at + 1 + each.at, each.length));
    }
}

void addWord(const LogicalLine& line, const Token& token, std::size_t group, bool afterPins,
             CardFields& fields) {
    const char first = line.text[token.at];
    const std::string_view word = std::string_view(line.text).substr(token.at, token.length);
    if (first == '$' && !isPspiceNet(word)) {
        fields.dollarWords.push_back(fieldOf(line, token.at + 1, token.length - 1));
    } else if (first == '(' && fields.words.size() == group && token.length > 2 &&
               line.text[token.at + token.length - 1] == ')') {
        unwrapGroup(line, token, fields.words);
    } else if (!afterPins) {
        fields.words.push_back(fieldOf(line, token.at, token.length));
    }
}

constexpr std::size_t kNameAndTwoNets = 3;

bool isControlledSource(char kind) {
    return kind == 'e' || kind == 'f' || kind == 'g' || kind == 'h';
}

/// "*" alone, between blanks.
bool isOperator(std::string_view word) {
    return word == "*" || word == "/" || word == "+" || word == "-" || word == "**" || word == "^";
}

/// The last token of the value that begins with token @p first: that one alone; in a list (IC=0.6,5) the
/// last one behind a comma; in a product with blanks ("V(a) * 2") the last factor; where @p expression,
/// the last one in front of the next assignment.
std::size_t lastOfValue(std::string_view text, const std::vector<Token>& tokens, std::size_t first,
                        bool expression) {
    std::size_t last = first;
    while (last + 1 < tokens.size() && !tokens[last + 1].equals) {
        const bool beginsAssignment = last + 2 < tokens.size() && tokens[last + 2].equals;
        const std::size_t end = tokens[last].at + tokens[last].length;
        const bool list = text.substr(end, tokens[last + 1].at - end).find(',') != std::string_view::npos;
        const auto word = [&](std::size_t i) { return text.substr(tokens[i].at, tokens[i].length); };
        const bool product = isOperator(word(last)) || isOperator(word(last + 1));
        const bool attribute = word(last + 1).starts_with("$[");
        if (beginsAssignment || attribute || !(expression || list || product)) break;
        ++last;
    }
    return last;
}

} // namespace

bool isAssignment(std::string_view text, std::size_t at) {
    if (text[at] != '=') return false;
    const char before = at > 0 ? text[at - 1] : ' ';
    const char after = at + 1 < text.size() ? text[at + 1] : ' ';
    return after != '=' && before != '=' && before != '<' && before != '>' && before != '!';
}

CardFields splitFields(const LogicalLine& line, std::size_t group) {
    const std::vector<Token> tokens = tokenise(line.text);
    const char kind = line.text.empty() ? ' ' : lowerCase(line.text.front());
    CardFields fields;
    bool afterPins = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (isControlledSource(kind) && fields.tail.text.empty() && fields.words.size() >= kNameAndTwoNets) {
            const std::size_t end = tokens.back().at + tokens.back().length;
            fields.tail = fieldOf(line, token.at, end - token.at);
        }
        if (token.equals) {
            fields.strayEquals = true;
            continue;
        }
        const bool named = i + 2 < tokens.size() && tokens[i + 1].equals && !tokens[i + 2].equals;
        if (!named) {
            const std::string_view word = std::string_view(line.text).substr(token.at, token.length);
            if (equalIgnoringCase(word, "$pins")) {
                afterPins = true;
            } else {
                addWord(line, token, group, afterPins, fields);
            }
            continue;
        }
        std::string name = lowerCase(std::string_view(line.text).substr(token.at, token.length));
        const bool placement = name == "$t"; // "$T=0 0 0 0"
        const std::size_t last = lastOfValue(line.text, tokens, i + 2, kind == 'b' || placement);
        Field value =
            fieldOf(line, tokens[i + 2].at, tokens[last].at + tokens[last].length - tokens[i + 2].at);
        if (name.front() == '$') {
            fields.dollarNamed.push_back({name.substr(1), std::move(value)});
        } else {
            (afterPins ? fields.pins : fields.named).push_back({std::move(name), std::move(value)});
        }
        i = last;
    }
    return fields;
}

CardFields splitParameterFields(const LogicalLine& line) {
    const std::vector<Token> tokens = tokenise(line.text);
    CardFields fields;
    std::size_t i = 0;
    while (i < tokens.size()) {
        const bool named = !tokens[i].equals && i + 1 < tokens.size() && tokens[i + 1].equals;
        if (!named) {
            fields.strayEquals = fields.strayEquals || tokens[i].equals;
            if (!tokens[i].equals) fields.words.push_back(fieldOf(line, tokens[i].at, tokens[i].length));
            ++i;
            continue;
        }
        const std::string_view name = std::string_view(line.text).substr(tokens[i].at, tokens[i].length);
        std::size_t last = i + 2;
        while (last < tokens.size() && !tokens[last].equals &&
               !(last + 1 < tokens.size() && tokens[last + 1].equals)) {
            ++last;
        }
        Field value;
        if (last > i + 2) {
            const std::size_t at = tokens[i + 2].at;
            value = fieldOf(line, at, tokens[last - 1].at + tokens[last - 1].length - at);
        } else {
            fields.strayEquals = true;
        }
        fields.named.push_back({lowerCase(name), std::move(value)});
        i = std::max(last, i + 2);
    }
    return fields;
}

std::string cardKeyword(const LogicalLine& line) {
    if (line.text.empty()) return {};
    std::size_t end = 1;
    while (end < line.text.size() && !isBlank(line.text[end]) && line.text[end] != '=' &&
           line.text[end] != '(')
        ++end;
    return lowerCase(std::string_view(line.text).substr(0, end));
}

std::string withoutQuotes(std::string_view text) {
    if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
        text = text.substr(1, text.size() - 2);
    }
    return std::string(text);
}

std::vector<std::string> splitArguments(std::string_view text) {
    std::vector<std::string> result;
    for (const Token& each : tokenise(text)) {
        if (!each.equals) result.push_back(lowerCase(text.substr(each.at, each.length)));
    }
    return result;
}

} // namespace headroom::netlist
