#include <array>
#include <string_view>

#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/kicad_devices.h"

namespace headroom::netlist {
namespace {

constexpr std::array<std::string_view, 2> kMicro{"\xc2\xb5", "\xce\xbc"};
constexpr std::array<std::string_view, 8> kUnits{"\xce\xa9", "\xe2\x84\xa6", "ohm", "hz", "f", "h", "v", "a"};

struct Prefix {
    std::string scale;      ///< as SPICE writes it; "" for R, which only marks the point
    std::size_t length = 0; ///< in the text
};

std::optional<Prefix> prefixAt(std::string_view text, bool megaIsM) {
    if (startsWithIgnoringCase(text, "meg")) return Prefix{std::string(text.substr(0, 3)), 3};
    for (const std::string_view micro : kMicro)
        if (text.starts_with(micro)) return Prefix{"u", micro.size()};
    if (text.empty() || std::string_view("TGMkKmunpfR").find(text.front()) == std::string_view::npos)
        return std::nullopt;
    if (text.front() == 'R') return Prefix{{}, 1};
    return Prefix{text.front() == 'M' && megaIsM ? "Meg" : std::string(1, text.front()), 1};
}

/// Whether nothing or a unit comes next: "100 nF" has a prefix, "10 pole" has none.
bool endsPrefix(std::string_view rest) {
    if (rest.empty() || isBlank(rest.front()) || rest.front() == ',' || rest.front() == '/') return true;
    for (const std::string_view unit : kUnits)
        if (startsWithIgnoringCase(rest, unit)) return true;
    return false;
}

std::size_t blanksAt(const std::string& s, std::size_t at) {
    std::size_t end = at;
    while (end < s.size() && (isBlank(s[end]) || s.compare(end, 2, "\xc2\xa0") == 0))
        end += isBlank(s[end]) ? 1 : 2;
    return end - at;
}

/// The length of a number; @p comma is where it has a decimal comma, if it does.
std::size_t mantissaLength(const std::string& s, std::size_t& comma) {
    std::size_t at = s.front() == '+' || s.front() == '-' ? 1 : 0;
    const std::size_t digits = at;
    bool point = false;
    for (; at < s.size(); ++at) {
        const bool decimalComma =
            s[at] == ',' && !point && at > digits && at + 1 < s.size() && isDigit(s[at + 1]);
        if (!isDigit(s[at]) && s[at] != '.' && !decimalComma) break;
        if (decimalComma) comma = at;
        point = point || !isDigit(s[at]);
    }
    if (at == digits) return 0;
    if (at + 1 < s.size() && lowerCase(s[at]) == 'e' &&
        (isDigit(s[at + 1]) || s[at + 1] == '-' || s[at + 1] == '+')) {
        at += 2;
        while (at < s.size() && isDigit(s[at]))
            ++at;
    }
    return at;
}

} // namespace

MappedText kiCadValue(const MappedText& field, bool megaIsM) {
    const MappedText value = field.trimmed();
    const std::string& s = value.text();
    if (s.empty()) return {};
    if (s.front() == '{' || s.front() == '\'') return value;
    std::size_t comma = std::string::npos;
    const std::size_t mantissa = mantissaLength(s, comma);
    if (mantissa == 0) return {};
    std::string text = s.substr(0, mantissa);
    if (comma != std::string::npos) text[comma] = '.';
    std::size_t end = mantissa;
    const std::size_t blanks = blanksAt(s, mantissa);
    const auto prefix = prefixAt(std::string_view(s).substr(mantissa + blanks), megaIsM);
    const bool apart = blanks > 0;
    if (prefix && (!apart || endsPrefix(std::string_view(s).substr(mantissa + blanks + prefix->length)))) {
        end = mantissa + blanks + prefix->length;
        const std::size_t decimals = end;
        while (!apart && end < s.size() && isDigit(s[end]))
            ++end;
        if (end > decimals) text += "." + s.substr(decimals, end - decimals);
        text += prefix->scale;
    }
    if (text == s.substr(0, end)) return value.part(0, end);
    MappedText result;
    if (const auto range = value.range(0, end)) {
        result.append(text, range->begin, range->end);
    } else {
        result.append(text);
    }
    return result;
}

} // namespace headroom::netlist
