#include "core/netlist/value_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

/// A value as decimal digits: 0.d1d2d3... x 10^exponent.
struct Decimal {
    bool negative = false;
    std::string digits;
    int exponent = 0;
};

/// The nearest number of 12 digits, if it is so close that the difference can only be rounding noise.
double withoutNoise(double value) {
    const std::string rounded = fmt::format("{:.11e}", value);
    double result = value;
    std::from_chars(rounded.data(), rounded.data() + rounded.size(), result);
    const double noise = 4 * std::numeric_limits<double>::epsilon() * std::abs(value);
    return std::abs(result - value) <= noise ? result : value;
}

Decimal decimalOf(double value) {
    std::array<char, 40> buffer{};
    const auto [end, code] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), withoutNoise(value),
                                           std::chars_format::scientific);
    const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    Decimal result;
    const std::size_t e = text.find('e');
    for (const char c : text.substr(0, e)) {
        if (c == '-') result.negative = true;
        if (isDigit(c)) result.digits += c;
    }
    const bool negativeExponent = text[e + 1] == '-';
    int magnitude = 0;
    std::from_chars(text.data() + e + 2, text.data() + text.size(), magnitude);
    result.exponent = (negativeExponent ? -magnitude : magnitude) + 1;
    return result;
}

/// @p decimal divided by 10^@p unit, without an exponent.
std::string plainText(const Decimal& decimal, int unit) {
    const int point = decimal.exponent - unit;
    const int digits = static_cast<int>(decimal.digits.size());
    std::string text = decimal.negative ? "-" : "";
    if (point <= 0) return text + "0." + std::string(static_cast<std::size_t>(-point), '0') + decimal.digits;
    if (point >= digits)
        return text + decimal.digits + std::string(static_cast<std::size_t>(point - digits), '0');
    return text + decimal.digits.substr(0, static_cast<std::size_t>(point)) + "." +
           decimal.digits.substr(static_cast<std::size_t>(point));
}

struct Suffix {
    int exponent;
    const char* text;
};

constexpr std::array<Suffix, 10> kSuffixes{{{12, "t"},
                                            {9, "g"},
                                            {6, "meg"},
                                            {3, "k"},
                                            {0, ""},
                                            {-3, "m"},
                                            {-6, "u"},
                                            {-9, "n"},
                                            {-12, "p"},
                                            {-15, "f"}}};

std::string exponentText(double value, int shift) {
    if (shift == 0) return formatExact(withoutNoise(value));
    Decimal decimal = decimalOf(value);
    decimal.exponent -= shift;
    return fmt::format("{}e{}", plainText(decimal, decimal.exponent - 1), decimal.exponent - 1);
}

} // namespace

ValueStyle styleOf(std::string_view token, const NumberRules& rules, int shift) {
    ValueStyle style;
    style.shift = shift;
    style.spectre = rules.spectre;
    const auto literal = splitNumber(token, rules);
    if (!literal) {
        if (shift != 0) style.kind = ValueStyle::Kind::Plain;
        return style;
    }
    if (!literal->suffix.empty() && !literal->mil) {
        style.kind = ValueStyle::Kind::Suffix;
        style.suffix = literal->suffix;
        style.suffixExponent = literal->exponent;
        style.unit =
            token.substr(literal->mantissa.size() + literal->suffix.size() + literal->extraDigits.size());
    } else if (!literal->mil) {
        style.kind = literal->hasExponent ? ValueStyle::Kind::Exponent : ValueStyle::Kind::Plain;
        style.unit = token.substr(literal->mantissa.size());
    }
    return style;
}

std::string writeValue(double value, const ValueStyle& style) {
    if (value == 0) return "0" + style.suffix + style.unit;
    const Decimal decimal = decimalOf(value);
    const int size = decimal.exponent - style.shift; // the figure is below 10^size
    constexpr int kLargest = 15;
    if (style.kind == ValueStyle::Kind::Exponent || size > kLargest || size < -kLargest + 1) {
        return exponentText(value, style.shift) + style.unit;
    }
    if (style.kind == ValueStyle::Kind::Plain) {
        constexpr int kSmallestPlain = -3;
        return (size < kSmallestPlain ? exponentText(value, style.shift) : plainText(decimal, style.shift)) +
               style.unit;
    }
    // The suffix stays while the figure in front of it is handy: 0.001 to 9999.
    const int kept = size - style.suffixExponent;
    // Scaled files put a second factor into it ("650000u" of micrometres).
    const int longest = style.shift == 0 ? 4 : 9;
    if (!style.suffix.empty() && kept >= -2 && kept <= longest) {
        return plainText(decimal, style.shift + style.suffixExponent) + style.suffix + style.unit;
    }
    const auto fitting = std::find_if(kSuffixes.begin(), kSuffixes.end(),
                                      [&](const Suffix& each) { return size > each.exponent; });
    const Suffix& suffix = fitting == kSuffixes.end() ? kSuffixes.back() : *fitting;
    std::string text = suffix.text;
    if (style.spectre && suffix.exponent >= 6)
        text = suffix.exponent == 6 ? "M" : suffix.exponent == 9 ? "G" : "T";
    return plainText(decimal, style.shift + suffix.exponent) + text + style.unit;
}

} // namespace headroom::netlist
