#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/simulation/simulator.h"

namespace headroom::simulation {
namespace {

constexpr std::array names = {
    std::pair(Measurement::Analysis::OperatingPoint, "op"), std::pair(Measurement::Analysis::OpenLoop, "ac"),
    std::pair(Measurement::Analysis::Noise, "noise"), std::pair(Measurement::Analysis::Rising, "rising"),
    std::pair(Measurement::Analysis::Falling, "falling")};

constexpr std::size_t longestName = 40;

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

bool isName(std::string_view text) {
    return !text.empty() && text.size() <= longestName &&
           std::isdigit(static_cast<unsigned char>(text[0])) == 0 &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

} // namespace

const char* toString(Measurement::Analysis analysis) {
    return names.at(static_cast<std::size_t>(analysis)).second;
}

std::optional<Measurement::Analysis> analysisFromName(std::string_view name) {
    for (const auto& [analysis, known] : names)
        if (name == known) return analysis;
    return std::nullopt;
}

Result<Measurement> parseMeasurement(const std::string& text) {
    const auto refuse = [&](std::string_view why) {
        return fail(
            ErrorCode::BadInput,
            fmt::format("The measurement \"{}\" cannot be used: {} Write NAME[UNIT]=ANALYSIS:EXPRESSION, for "
                        "example bandwidth[Hz]=ac:when vdb(out)=60.",
                        text, why));
    };
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return refuse("it has no name.");
    Measurement measurement;
    measurement.name = trimmed(std::string_view(text).substr(0, equals));
    if (const std::size_t bracket = measurement.name.find('['); bracket != std::string::npos) {
        if (!measurement.name.ends_with(']')) return refuse("the unit's bracket is not closed.");
        measurement.unit = measurement.name.substr(bracket + 1, measurement.name.size() - bracket - 2);
        measurement.name = trimmed(measurement.name.substr(0, bracket));
    }
    if (!isName(measurement.name)) return refuse("its name must be letters, digits and underscores.");
    if (performanceFromName(measurement.name)) return refuse("its name is that of a performance.");
    const std::size_t colon = text.find(':', equals);
    if (colon == std::string::npos) return refuse("it names no analysis.");
    const std::string analysis = trimmed(std::string_view(text).substr(equals + 1, colon - equals - 1));
    const auto known = analysisFromName(analysis);
    if (!known) return refuse(fmt::format("\"{}\" is none of op, ac, noise, rising and falling.", analysis));
    measurement.analysis = *known;
    measurement.expression = trimmed(std::string_view(text).substr(colon + 1));
    if (measurement.expression.empty()) return refuse("it has no expression.");
    const bool isOneLine =
        std::none_of(measurement.expression.begin(), measurement.expression.end(), [](char c) {
            return std::iscntrl(static_cast<unsigned char>(c)) != 0 || c == ';' || c == '$' || c == '`';
        });
    if (!isOneLine) return refuse("its expression may have no control characters, ;, $ and `.");
    return measurement;
}

} // namespace headroom::simulation
