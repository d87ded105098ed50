#include "core/sizing/specification_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/quantity.h"
#include "core/base/quantity_range.h"

namespace headroom::sizing {
namespace {

tl::unexpected<Error> notOfTheForm(std::string_view text) {
    return fail(ErrorCode::BadInput,
                fmt::format("\"{}\" is not of the form PERFORMANCE=VALUE, PERFORMANCE>=VALUE, "
                            "PERFORMANCE<=VALUE or PERFORMANCE=LOW..HIGH.",
                            text));
}

/// The value behind the sign, in two where it is a range.
Result<void> readLimits(Requirement& requirement, std::string_view sign, std::string_view value) {
    const char* unit = simulation::info(requirement.performance).unit;
    if (sign == "=" && value.find(rangeSign) != std::string_view::npos) {
        const auto range = parseQuantityRange(value, unit);
        if (!range) return forward(range);
        requirement.minimum = range->low;
        requirement.maximum = range->high;
        return {};
    }
    const auto limit = parseQuantity(value, unit);
    if (!limit) return forward(limit);
    if (sign == ">=")
        requirement.minimum = *limit;
    else if (sign == "<=")
        requirement.maximum = *limit;
    else if (simulation::info(requirement.performance).biggerIsBetter)
        requirement.minimum = *limit;
    else
        requirement.maximum = *limit;
    return {};
}

/// The names behind "@", without those that come again.
Result<std::vector<std::string>> readCorners(std::string_view list, std::string_view text) {
    std::vector<std::string> corners;
    while (true) {
        const std::size_t plus = list.find('+');
        const std::string name(list.substr(0, plus));
        if (name.empty())
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" names no corner behind its \"@\" or \"+\".", text));
        if (std::find(corners.begin(), corners.end(), name) == corners.end()) corners.push_back(name);
        if (plus == std::string_view::npos) return corners;
        list.remove_prefix(plus + 1);
    }
}

} // namespace

Result<Requirement> parseRequirement(std::string_view text) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) return notOfTheForm(text);
    const bool isCompared = text[equals - 1] == '>' || text[equals - 1] == '<';
    const std::size_t nameEnd = isCompared ? equals - 1 : equals;
    const std::string_view name = text.substr(0, nameEnd);
    const auto performance = simulation::performanceFromName(name);
    if (!performance) return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no performance.", name));
    const std::string_view behind = text.substr(equals + 1);
    const std::size_t at = behind.find('@');
    const std::string_view rest = behind.substr(0, at);
    const std::size_t star = rest.find('*');
    Requirement requirement = Requirement::free(*performance);
    if (at != std::string_view::npos) {
        auto corners = readCorners(behind.substr(at + 1), text);
        if (!corners) return forward(corners);
        requirement.corners = std::move(*corners);
    }
    if (rest.substr(0, star).empty())
        return fail(ErrorCode::BadInput, fmt::format("\"{}\" says no value behind its sign.", text));
    const auto read =
        readLimits(requirement, text.substr(nameEnd, equals + 1 - nameEnd), rest.substr(0, star));
    if (!read) return forward(read);
    if (star != std::string_view::npos) {
        const auto weight = parseQuantity(rest.substr(star + 1), "");
        if (!weight) return forward(weight);
        requirement.weight = *weight;
    }
    if (const auto fits = checkSpecification({{requirement}, {}}); !fits) return forward(fits);
    return requirement;
}

std::string formatRequirement(const Requirement& requirement) {
    const char* name = simulation::info(requirement.performance).name;
    std::string ending =
        requirement.weight == 1 ? std::string() : fmt::format("*{}", formatExact(requirement.weight));
    if (!requirement.corners.empty()) ending += fmt::format("@{}", fmt::join(requirement.corners, "+"));
    if (requirement.isRange())
        return fmt::format("{}={}{}{}{}", name, formatExact(requirement.minimum), rangeSign,
                           formatExact(requirement.maximum), ending);
    if (requirement.hasMinimum())
        return fmt::format("{}>={}{}", name, formatExact(requirement.minimum), ending);
    if (requirement.hasMaximum())
        return fmt::format("{}<={}{}", name, formatExact(requirement.maximum), ending);
    return {};
}

Result<Specification> parseSpecification(const std::vector<std::string>& words,
                                         const std::vector<Performance>& performances) {
    Specification specification;
    for (const Performance performance : performances)
        specification.requirements.push_back(Requirement::free(performance));
    for (const std::string& word : words) {
        const auto read = parseRequirement(word);
        if (!read) return forward(read);
        const auto place = std::find(performances.begin(), performances.end(), read->performance);
        if (place == performances.end()) {
            std::vector<std::string_view> known;
            for (const Performance each : performances)
                known.emplace_back(simulation::info(each).name);
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" is no performance of this model; it knows {}.",
                                    simulation::info(read->performance).name, fmt::join(known, ", ")));
        }
        Requirement& requirement =
            specification.requirements[static_cast<std::size_t>(place - performances.begin())];
        const bool isTwice =
            (requirement.hasMinimum() && read->hasMinimum() && requirement.minimum != read->minimum) ||
            (requirement.hasMaximum() && read->hasMaximum() && requirement.maximum != read->maximum);
        if (isTwice) {
            return fail(ErrorCode::BadInput, fmt::format("{} gets two values for the same limit.",
                                                         simulation::info(read->performance).title));
        }
        requirement.minimum = std::max(requirement.minimum, read->minimum);
        requirement.maximum = std::min(requirement.maximum, read->maximum);
        if (read->weight != 1) requirement.weight = read->weight;
        if (!read->corners.empty()) requirement.corners = read->corners;
    }
    if (const auto fits = checkSpecification(specification); !fits) return forward(fits);
    return specification;
}

Result<PinnedSize> parsePinnedSize(std::string_view text, const DesignSpace& space) {
    const std::size_t equals = text.find('=');
    const std::size_t dot = text.rfind('.', equals);
    if (equals == std::string_view::npos || dot == std::string_view::npos)
        return fail(ErrorCode::BadInput,
                    fmt::format("\"{}\" is not of the form DEVICE.PARAMETER=VALUE.", text));
    const std::string_view parameter = text.substr(dot + 1, equals - dot - 1);
    const auto variable = space.find(text.substr(0, dot), parameter);
    if (!variable) {
        return fail(ErrorCode::BadInput, fmt::format("{} has no size \"{}\" that could be pinned.",
                                                     text.substr(0, dot), parameter));
    }
    const Variable& sized = space.variables()[*variable];
    const auto value = parseQuantity(text.substr(equals + 1), sized.unit);
    if (!value) return forward(value);
    if (*value < sized.low || *value > sized.high) {
        return fail(ErrorCode::BadInput,
                    fmt::format("{} cannot be pinned to {}: it may lie between {} and {}.", sized.name,
                                formatQuantity(*value, sized.unit), formatQuantity(sized.low, sized.unit),
                                formatQuantity(sized.high, sized.unit)));
    }
    return PinnedSize{*variable, *value};
}

Result<std::vector<PinnedSize>> parsePinnedSizes(const std::vector<std::string>& words,
                                                 const DesignSpace& space) {
    std::vector<PinnedSize> pinned;
    for (const std::string& word : words) {
        const auto pin = parsePinnedSize(word, space);
        if (!pin) return forward(pin);
        const auto before = std::find_if(pinned.begin(), pinned.end(), [&](const PinnedSize& each) {
            return each.variable == pin->variable;
        });
        if (before == pinned.end())
            pinned.push_back(*pin);
        else if (before->value != pin->value)
            return fail(ErrorCode::BadInput,
                        fmt::format("{} is pinned to two values.", space.variables()[pin->variable].name));
    }
    return pinned;
}

} // namespace headroom::sizing
