#include "core/netlist/spice_number.h"

#include <charconv>
#include <cmath>

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

/// Reads the scale suffix at the front of @p rest into @p literal; its length is returned.
std::size_t readSuffix(std::string_view rest, const NumberRules& rules, NumberLiteral& literal) {
    if (rest.empty()) return 0;
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
    switch (lowerCase(rest.front())) {
    case 't':
        literal.exponent = 12;
        return 1;
    case 'g':
        literal.exponent = 9;
        return 1;
    case 'k':
        literal.exponent = 3;
        return 1;
    case 'm':
        literal.exponent = rules.capitalMIsMega && rest.front() == 'M' ? 6 : -3;
        return 1;
    case 'u':
        literal.exponent = -6;
        return 1;
    case 'n':
        literal.exponent = -9;
        return 1;
    case 'p':
        literal.exponent = -12;
        return 1;
    case 'f':
        literal.exponent = -15;
        return 1;
    case 'x':
        literal.exponent = 6;
        return rules.hspiceSuffixes ? 1 : (literal.exponent = 0, 0);
    case 'a':
        literal.exponent = -18;
        return rules.hspiceSuffixes ? 1 : (literal.exponent = 0, 0);
    default:
        return 0;
    }
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

std::size_t numberLength(std::string_view text) {
    bool hasExponent = false;
    std::size_t at = mantissaLength(text, hasExponent);
    if (at == 0) return 0;
    while (at < text.size() &&
           (isLetter(text[at]) || isDigit(text[at]) || static_cast<unsigned char>(text[at]) >= 0x80)) {
        ++at;
    }
    return at;
}

} // namespace headroom::netlist
