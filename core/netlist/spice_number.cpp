#include "core/netlist/spice_number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

/// Length of sign, digits, point and exponent; 0 if @p text does not start with a number.
std::size_t mantissaLength(std::string_view text, bool& hasExponent) {
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    std::size_t digits = 0;
    while (at < text.size() && isDigit(text[at]))
        ++at, ++digits;
    if (at < text.size() && text[at] == '.') {
        ++at;
        while (at < text.size() && isDigit(text[at]))
            ++at, ++digits;
    }
    hasExponent = false;
    if (digits == 0) return 0;
    if (at < text.size() && (lowerCase(text[at]) == 'e' || lowerCase(text[at]) == 'd')) {
        std::size_t next = at + 1;
        if (next < text.size() && (text[next] == '+' || text[next] == '-')) ++next;
        if (next < text.size() && isDigit(text[next])) {
            while (next < text.size() && isDigit(text[next]))
                ++next;
            hasExponent = true;
            return next;
        }
    }
    return at;
}

struct Suffix {
    char letter;
    int exponent;
};

/// Case decides.
constexpr std::array spectreSuffixes = {Suffix{'P', 15},  Suffix{'T', 12},  Suffix{'G', 9},  Suffix{'M', 6},
                                        Suffix{'K', 3},   Suffix{'k', 3},   Suffix{'_', 0},  Suffix{'%', -2},
                                        Suffix{'c', -2},  Suffix{'m', -3},  Suffix{'u', -6}, Suffix{'n', -9},
                                        Suffix{'p', -12}, Suffix{'f', -15}, Suffix{'a', -18}};
/// In lower case; case does not matter.
constexpr std::array spiceSuffixes = {Suffix{'t', 12}, Suffix{'g', 9},  Suffix{'k', 3},   Suffix{'m', -3},
                                      Suffix{'u', -6}, Suffix{'n', -9}, Suffix{'p', -12}, Suffix{'f', -15}};
constexpr std::array hspiceSuffixes = {Suffix{'x', 6}, Suffix{'a', -18}};

/// Length of the suffix: 1, or 0 if @p letter is none of them.
std::size_t readLetter(std::span<const Suffix> suffixes, char letter, NumberLiteral& literal) {
    const auto found = std::find_if(suffixes.begin(), suffixes.end(),
                                    [&](const Suffix& suffix) { return suffix.letter == letter; });
    if (found == suffixes.end()) return 0;
    literal.exponent = found->exponent;
    return 1;
}

/// Reads the scale suffix at the front of @p rest into @p literal; its length is returned.
std::size_t readSuffix(std::string_view rest, const NumberRules& rules, NumberLiteral& literal) {
    if (rest.empty()) return 0;
    if (rules.spectre) return readLetter(spectreSuffixes, rest.front(), literal);
    if (startsWithIgnoringCase(rest, "meg")) {
        literal.exponent = 6;
        return 3;
    }
    if (startsWithIgnoringCase(rest, "mil")) {
        literal.mil = true;
        literal.exponent = -6;
        return 3;
    }
    if (rest.starts_with("\u00b5") || rest.starts_with("\u03bc")) {
        literal.exponent = -6;
        return 2;
    }
    if (rest.front() == '\xb5') {
        literal.exponent = -6;
        return 1;
    }
    if (rules.capitalMIsMega && rest.front() == 'M') {
        literal.exponent = 6;
        return 1;
    }
    const char letter = lowerCase(rest.front());
    const std::size_t length = readLetter(spiceSuffixes, letter, literal);
    return length == 0 && rules.hspiceSuffixes ? readLetter(hspiceSuffixes, letter, literal) : length;
}

bool isUnitText(std::string_view text) {
    if (text.ends_with('%')) text.remove_suffix(1);
    for (const char c : text) {
        if (!isLetter(c) && !isDigit(c) && static_cast<unsigned char>(c) < 0x80) return false;
    }
    return true;
}

} // namespace

NumberRules NumberRules::of(Dialect dialect) {
    NumberRules rules;
    rules.hspiceSuffixes = dialect == Dialect::Hspice || dialect == Dialect::Cdl;
    rules.digitsAfterSuffix = dialect == Dialect::Ltspice;
    rules.spectre = dialect == Dialect::Spectre;
    return rules;
}

std::optional<NumberLiteral> splitNumber(std::string_view text, const NumberRules& rules) {
    NumberLiteral literal;
    const std::size_t length = mantissaLength(text, literal.hasExponent);
    if (length == 0) return std::nullopt;
    literal.mantissa = text.substr(0, length);
    std::string_view rest = text.substr(length);
    const std::size_t suffix = readSuffix(rest, rules, literal);
    literal.suffix = rest.substr(0, suffix);
    rest.remove_prefix(suffix);
    if (rules.digitsAfterSuffix && suffix > 0 && literal.mantissa.find('.') == std::string_view::npos) {
        while (!rest.empty() && isDigit(rest.front())) {
            literal.extraDigits += rest.front();
            rest.remove_prefix(1);
        }
    }
    if (!isUnitText(rest)) return std::nullopt;
    return literal;
}

std::optional<double> parseSpiceNumber(std::string_view text, const NumberRules& rules, int decimalShift) {
    const auto literal = splitNumber(text, rules);
    if (!literal) return std::nullopt;
    std::string digits(literal->mantissa);
    if (!digits.empty() && digits.front() == '+') digits.erase(0, 1);
    long exponent = literal->exponent + decimalShift;
    if (literal->hasExponent) {
        const std::size_t at = digits.find_first_of("eEdD");
        std::string_view written = std::string_view(digits).substr(at + 1);
        if (written.front() == '+') written.remove_prefix(1);
        long value = 0;
        const auto [end, code] = std::from_chars(written.data(), written.data() + written.size(), value);
        if (code != std::errc()) value = written.front() == '-' ? -100000 : 100000;
        exponent += std::clamp(value, -100000L, 100000L);
        digits.erase(at);
    }
    if (!literal->extraDigits.empty()) {
        digits += '.';
        digits += literal->extraDigits;
    }
    digits += fmt::format("e{}", exponent);
    double value = 0;
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (code == std::errc::result_out_of_range) {
        const bool tiny = exponent < 0;
        if (!tiny) return std::nullopt;
        return 0.0;
    }
    if (code != std::errc()) return std::nullopt;
    return literal->mil ? value * 25.4 : value;
}

std::size_t numberLength(std::string_view text, const NumberRules& rules) {
    bool hasExponent = false;
    std::size_t at = mantissaLength(text, hasExponent);
    if (at == 0) return 0;
    while (at < text.size() &&
           (isLetter(text[at]) || isDigit(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80 ||
            (rules.spectre && text[at] == '_'))) {
        ++at;
    }
    return at;
}

} // namespace headroom::netlist
