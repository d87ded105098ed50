#include "app/cli/place_options.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/session.h"
#include "core/base/quantity.h"
#include "core/sizing/robustness.h"

namespace headroom::cli {
namespace {

Result<std::vector<double>> parseNumbers(const std::string& list, const char* unit) {
    std::vector<double> numbers;
    if (list.empty()) return numbers;
    for (const std::string& text : CLI::detail::split(list, ',')) {
        const auto value = parseQuantity(text, unit);
        if (!value) return forward(value);
        numbers.push_back(*value);
    }
    return numbers;
}

} // namespace

void addPlaceOptions(CLI::App& command, PlaceArguments& arguments, const std::string& otherwise) {
    command.add_option("--corner", arguments.corners,
                       "Process corners with commas, or all; default: " + otherwise);
    command.add_option("--supply", arguments.supplies, "Supply voltages in volts, with commas");
    command.add_option("--temperature", arguments.temperatures, "Degrees Celsius, with commas");
}

Result<std::vector<simulation::Variation>> placesOf(const PlaceArguments& arguments,
                                                    const technology::Technology& technology) {
    std::vector<std::string> corners;
    if (!arguments.corners.empty()) corners = CLI::detail::split(arguments.corners, ',');
    if (arguments.corners == "all") corners = technology.corners;
    const auto supplies = parseNumbers(arguments.supplies, "V");
    if (!supplies) return forward(supplies);
    const auto temperatures = parseNumbers(arguments.temperatures, "");
    if (!temperatures) return forward(temperatures);
    return sizing::everyPlace(corners, *supplies, *temperatures);
}

Result<std::vector<simulation::Variation>> placesOrUsual(const PlaceArguments& arguments,
                                                         const technology::Technology& technology) {
    if (!arguments.empty()) return placesOf(arguments, technology);
    return sizing::usualPlaces(technology.corners, technology.supplyVoltage);
}

Result<void> checkLookedAt(const sizing::Specification& specification,
                           const std::vector<simulation::Variation>& places, const std::string& ownCorner) {
    for (const sizing::Requirement& requirement : specification.requirements) {
        const auto applies = [&](const simulation::Variation& place) {
            return requirement.appliesAt(place.corner.value_or(ownCorner));
        };
        if (requirement.corners.empty() || std::any_of(places.begin(), places.end(), applies)) continue;
        return fail(ErrorCode::BadInput, fmt::format("{} is to hold at {}, which --corner does not look at.",
                                                     simulation::info(requirement.performance).name,
                                                     fmt::join(requirement.corners, ", ")));
    }
    return {};
}

nlohmann::json placeJson(const simulation::Variation& variation,
                         const simulation::BenchConditions& conditions) {
    return {{"corner", variation.corner.value_or(conditions.corner)},
            {"supply_voltage", number(variation.supplyVoltage.value_or(conditions.supplyVoltage))},
            {"temperature", number(variation.temperature.value_or(conditions.temperature))}};
}

std::string placeName(const nlohmann::json& place) {
    return fmt::format("{} {} {:.4g} \u00b0C", place["corner"].get<std::string>(),
                       formatQuantity(place["supply_voltage"].get<double>(), "V"),
                       place["temperature"].get<double>());
}

} // namespace headroom::cli
