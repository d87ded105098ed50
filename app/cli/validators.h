#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace headroom::cli {

/// A number above zero. CLI11's own says, of a wrong one, the largest number that there is.
inline CLI::Validator positive() {
    return {[](std::string& text) {
                double value = 0;
                const bool fits = CLI::detail::lexical_cast(text, value) && value > 0;
                return fits ? std::string() : text + " is not a positive number";
            },
            "POSITIVE"};
}

/// A number that is not below zero.
inline CLI::Validator nonNegative() {
    return {[](std::string& text) {
                double value = 0;
                const bool fits = CLI::detail::lexical_cast(text, value) && value >= 0;
                return fits ? std::string() : text + " is negative or no number";
            },
            "NONNEGATIVE"};
}

/// What does not begin with a sign. Without a description: help texts stay as they are.
inline CLI::Validator unsignedNumber() {
    return {[](std::string& text) { return text.rfind('-', 0) == 0 ? text + " is negative" : std::string(); },
            ""};
}

} // namespace headroom::cli
