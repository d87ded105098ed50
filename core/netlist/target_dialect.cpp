#include "core/netlist/target_dialect.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"
#include "core/netlist/value_text.h"

namespace headroom::netlist {
namespace {

bool isPlain(char c) {
    return isLetter(c) || isDigit(c) || c == '_';
}

/// Bytes that all SPICE dialects take as part of a net's name.
bool isSpiceNetByte(char c) {
    return isPlain(c) || c == '!' || c == '<' || c == '>' || c == '[' || c == ']' || c == '+' || c == '-' ||
           c == '#' || c == '.' || c == ':' || c == '@' || c == '~';
}

/// Words that begin statements of Spectre's.
constexpr std::array<std::string_view, 22> kSpectreWords{
    "subckt",  "ends",    "inline",  "parameters", "include", "library",   "section", "endsection",
    "global",  "model",   "if",      "else",       "real",    "simulator", "save",    "ic",
    "nodeset", "options", "protect", "unprotect",  "connect", "statistics"};

std::string escaped(std::string_view name) {
    std::string result;
    const bool number = std::all_of(name.begin(), name.end(), isDigit);
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool startsWithDigit = i == 0 && isDigit(name[i]) && !number;
        const bool plain = (isPlain(name[i]) && !startsWithDigit) || name[i] == '!' ||
                           static_cast<unsigned char>(name[i]) >= 0x80;
        if (!plain) result += '\\';
        result += name[i];
    }
    return result;
}

} // namespace

std::string TargetDialect::legalNet(std::string_view name) const {
    std::string result;
    for (const char c : name) {
        const bool blank = isBlank(c) || c == '\n';
        if (spectre()) {
            result += blank || c == '/' ? '_' : c;
        } else {
            result += isSpiceNetByte(c) || static_cast<unsigned char>(c) >= 0x80 ? c : '_';
        }
    }
    if (result.empty()) result = "_";
    // A leading sign would continue the line above.
    if (!spectre() && (result.front() == '+' || result.front() == '#')) result.insert(0, "n");
    return spectre() ? escaped(result) : result;
}

std::string TargetDialect::legalName(std::string_view name) const {
    std::string result;
    for (const char c : name) {
        const bool plain = isPlain(c) || static_cast<unsigned char>(c) >= 0x80;
        const bool index = c == '<' || c == '>' || c == '[' || c == ']' || c == '+' || c == '-';
        result += plain || index ? c : '_';
    }
    if (result.empty()) result = "_";
    if (!spectre()) return result;
    if (std::find(kSpectreWords.begin(), kSpectreWords.end(), result) != kSpectreWords.end())
        result.insert(0, "x_");
    return escaped(result);
}

std::string TargetDialect::number(double value) const {
    ValueStyle style;
    style.spectre = spectre();
    return writeValue(value, style);
}

std::string TargetDialect::expression(std::string_view text) const {
    text = trimmed(text);
    const bool quoted = text.size() > 1 && ((text.front() == '\'' && text.back() == '\'') ||
                                            (text.front() == '{' && text.back() == '}') ||
                                            (text.front() == '"' && text.back() == '"'));
    if (quoted) text = trimmed(text.substr(1, text.size() - 2));
    const bool name = std::all_of(text.begin(), text.end(), isPlain);
    switch (m_dialect) {
    case Dialect::Spectre:
        return name ? std::string(text) : fmt::format("({})", text);
    case Dialect::Hspice:
    case Dialect::Cdl:
        return name && m_dialect == Dialect::Cdl ? std::string(text) : fmt::format("'{}'", text);
    case Dialect::Spice:
    case Dialect::Ngspice:
    case Dialect::Ltspice:
        break;
    }
    return fmt::format("{{{}}}", text);
}

std::string TargetDialect::waveform(std::string_view text) const {
    const std::string_view function = trimmed(text.substr(0, text.find_first_of("( \t")));
    const bool sine = equalIgnoringCase(function, "sin") || equalIgnoringCase(function, "sine");
    if (!sine) return std::string(text);
    const std::string_view arguments = text.substr(std::min(text.size(), text.find_first_of("( \t")));
    return (m_dialect == Dialect::Ltspice ? "SINE" : "SIN") + std::string(arguments);
}

std::string TargetDialect::wrapped(std::string_view card) const {
    constexpr std::size_t kWidth = 100;
    std::string result;
    std::size_t column = 0;
    std::size_t blank = std::string::npos; // in `result`, of the current line
    int depth = 0;
    char quote = 0;
    for (const char c : card) {
        if (quote) {
            if (c == quote) quote = 0;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '(' || c == '{' || c == '[') {
            ++depth;
        } else if (c == ')' || c == '}' || c == ']') {
            depth = std::max(0, depth - 1);
        }
        if (c == ' ' && !quote && (depth == 0 || spectre())) blank = result.size();
        result += c;
        ++column;
        if (column > kWidth && blank != std::string::npos) {
            const std::string_view lineBreak = spectre() ? " \\\n    " : "\n+ ";
            column = result.size() - blank - 1;
            result.replace(blank, 1, lineBreak);
            blank = std::string::npos;
        }
    }
    return result;
}

std::string UniqueNames::add(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !m_used.insert(m_caseSensitive ? name : lowerCase(name)).second; ++i)
        name = fmt::format("{}_{}", wanted, i);
    return name;
}

} // namespace headroom::netlist
