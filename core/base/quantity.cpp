#include "core/base/quantity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace headroom {
namespace {

struct Prefix {
    int exponent;
    const char* si;
    const char* spice;
};

constexpr std::array<Prefix, 10> kPrefixes{{{12, "T", "t"},
                                            {9, "G", "g"},
                                            {6, "M", "meg"},
                                            {3, "k", "k"},
                                            {0, "", ""},
                                            {-3, "m", "m"},
                                            {-6, "\u00b5", "u"},
                                            {-9, "n", "n"},
                                            {-12, "p", "p"},
                                            {-15, "f", "f"}}};

/// The prefix whose mantissa lies in [1, 1000), after rounding to @p digits significant digits.
const Prefix& prefixFor(double magnitude, int digits) {
    const double rounding = 1.0 + 0.5 * std::pow(10.0, -digits);
    for (const Prefix& prefix : kPrefixes) {
        if (magnitude * rounding >= std::pow(10.0, prefix.exponent)) return prefix;
    }
    return kPrefixes.back();
}

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    const auto last = text.find_last_not_of(" \t");
    return std::string(text.substr(first, last - first + 1));
}

std::string lowered(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

bool beginsWithPower(std::string_view unit) {
    const auto end = std::find_if_not(
        unit.begin(), unit.end(), [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; });
    if (end == unit.begin() || end == unit.end()) return false;
    constexpr char firstOfSuperscripts = '\xc2';
    return std::isdigit(static_cast<unsigned char>(*end)) != 0 || *end == '-' || *end == '^' ||
           *end == firstOfSuperscripts;
}

bool takesPrefix(std::string_view unit) {
    for (const char* bare : {"", "1", "dB", "deg", "%", "C", "degC", "\u00b0C"})
        if (unit == bare) return false;
    return !beginsWithPower(unit);
}

std::string formatQuantity(double value, std::string_view unit, int digits) {
    if (!std::isfinite(value)) return std::isnan(value) ? "\u2014" : (value > 0 ? "\u221e" : "\u2212\u221e");
    if (unit == "m2") return fmt::format("{:.{}g} \u00b5m\u00b2", value * 1e12, digits);
    const std::string shownUnit = unit == "deg" ? "\u00b0" : std::string(unit);
    if (!takesPrefix(unit)) {
        const bool glued = unit.empty() || unit == "1" || unit == "deg";
        return fmt::format("{:.{}g}{}{}", value, digits, glued ? "" : " ", unit == "1" ? "" : shownUnit);
    }
    if (value == 0) return fmt::format("0 {}", shownUnit);
    // Slew rates read best per microsecond.
    if (unit == "V/s") return fmt::format("{:.{}g} V/\u00b5s", value * 1e-6, digits);
    const Prefix& prefix = prefixFor(std::abs(value), digits);
    return fmt::format("{:.{}g} {}{}", value * std::pow(10.0, -prefix.exponent), std::max(digits, 3),
                       prefix.si, shownUnit);
}

Result<double> parseQuantity(std::string_view raw, std::string_view unit) {
    const std::string text = trimmed(raw);
    if (text.empty()) return fail(ErrorCode::BadInput, "A number is missing.");
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || !std::isfinite(number)) {
        return fail(ErrorCode::BadInput, fmt::format("\"{}\" is not a number.", text));
    }
    std::string suffix = trimmed(end);
    if (unit == "V/s" && (suffix == "V/\u00b5s" || suffix == "V/us")) return number * 1e6;
    if (unit == "m2" && (suffix == "\u00b5m\u00b2" || suffix == "um2")) return number * 1e-12;
    if (suffix == "\u00b0") suffix = "deg";
    const std::string loweredUnit = lowered(std::string(unit));
    // "f" of farads is a prefix, and "F" is the unit.
    const bool isPrefix =
        suffix != unit && std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](const Prefix& each) {
            return each.exponent != 0 && suffix == each.si;
        });
    if (const std::string low = lowered(suffix);
        !isPrefix && !unit.empty() && low.size() >= unit.size() && low.ends_with(loweredUnit)) {
        suffix = trimmed(suffix.substr(0, suffix.size() - unit.size()));
    }
    if (suffix.empty()) return number;
    if (lowered(suffix) == "meg") return number * 1e6;
    if (suffix == "\u03bc") return number * 1e-6;
    if (suffix == "K") return number * 1e3;
    // Capitals where they mean nothing else: M is mega, and F and A are units.
    if (suffix == "U" || suffix == "N" || suffix == "P") suffix = lowered(suffix);
    // As SPICE writes them; there is nothing else that they could mean.
    if (suffix == "g") suffix = "G";
    if (suffix == "t") suffix = "T";
    if (suffix == "u") return number * 1e-6;
    for (const Prefix& prefix : kPrefixes) {
        if (prefix.exponent != 0 && suffix == prefix.si) return number * std::pow(10.0, prefix.exponent);
    }
    if (unit.empty() || unit == "1")
        return fail(
            ErrorCode::BadInput,
            fmt::format("\"{}\" is not a number: \"{}\" is no prefix of f, p, n, u, m, k, M, G and T.", text,
                        suffix));
    return fail(ErrorCode::BadInput, fmt::format("\"{}\" is not a number in {}.", text, unit));
}

std::string formatExact(double value) {
    std::array<char, 32> buffer{};
    const auto [end, code] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return code == std::errc() ? std::string(buffer.data(), end) : fmt::format("{:.17g}", value);
}

std::string formatSpice(double value) {
    if (value == 0 || !std::isfinite(value)) return "0";
    const Prefix& prefix = prefixFor(std::abs(value), 13);
    if (std::abs(value) < 1e-15 || std::abs(value) >= 1e15) return formatExact(value);
    return fmt::format("{:.13g}{}", value * std::pow(10.0, -prefix.exponent), prefix.spice);
}

} // namespace headroom
