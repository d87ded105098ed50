#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/simulation/simulator.h"
#include "core/sizing/specification.h"

namespace headroom::cli {

/// Corners, supply voltages and temperatures, as lists with commas.
struct PlaceArguments {
    std::string corners, supplies, temperatures;

    bool empty() const { return corners.empty() && supplies.empty() && temperatures.empty(); }
};

/// The options --corner, --supply and --temperature. @param arguments must live as long as the command
/// @param otherwise what the command looks at where none of them is given
void addPlaceOptions(CLI::App& command, PlaceArguments& arguments, const std::string& otherwise = "nominal");

/// What sizing::usualPlaces() are, for addPlaceOptions().
inline constexpr const char* usualPlacesText = "all, at 90, 100 and 110 % of the supply and at -40, 27 and "
                                               "125 degrees, where none of the three is given";

/// Every combination of what is asked for; at least the nominal one. Error BadInput where a number is none.
Result<std::vector<simulation::Variation>> placesOf(const PlaceArguments& arguments,
                                                    const technology::Technology& technology);

/// The same; where nothing is asked for, sizing::usualPlaces().
Result<std::vector<simulation::Variation>> placesOrUsual(const PlaceArguments& arguments,
                                                         const technology::Technology& technology);

/// Error BadInput where a requirement is to hold at corners of which none is among the places: it would hold
/// without being looked at. @param ownCorner where places without a corner are
Result<void> checkLookedAt(const sizing::Specification& specification,
                           const std::vector<simulation::Variation>& places, const std::string& ownCorner);

/// corner, supply_voltage and temperature. @param conditions those of a pool, for what the variation leaves
/// open
nlohmann::json placeJson(const simulation::Variation& variation,
                         const simulation::BenchConditions& conditions);

/// "ss 1 V 125 °C" of what placeJson() made.
std::string placeName(const nlohmann::json& place);

} // namespace headroom::cli
