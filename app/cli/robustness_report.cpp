#include "app/cli/robustness_report.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/held_specification.h"
#include "app/cli/place_options.h"
#include "core/base/quantity.h"

namespace headroom::cli {
namespace {

using nlohmann::json;
using sizing::MismatchOutcome;
using sizing::Requirement;
using sizing::Robustness;

/// Devices that the text names for a performance.
constexpr std::size_t namedDevices = 3;

json intervalJson(std::size_t passed, std::size_t draws, const ShareInterval& interval) {
    return {{"passed", passed},
            {"yield", number(draws > 0 ? static_cast<double>(passed) / static_cast<double>(draws) : 0)},
            {"yield_low", number(interval.low)},
            {"yield_high", number(interval.high)}};
}

json mismatchJson(const RobustnessReport& report, const Robustness& robustness,
                  const MismatchOutcome& mismatch) {
    json performances = json::object();
    for (std::size_t index = 0; index < robustness.limits.size(); ++index) {
        const Requirement& limit = robustness.limits[index];
        const sizing::PerformanceSpread& spread = mismatch.performances[index];
        json shares = json::array();
        for (const sizing::DeviceShare& share : spread.shares)
            shares.push_back({{"device", share.device}, {"share", number(share.share)}});
        json entry = intervalJson(spread.passed, mismatch.draws, spread.yield);
        entry.update({{"unit", simulation::info(limit.performance).unit},
                      {"limit_minimum", number(limit.minimum)},
                      {"limit_maximum", number(limit.maximum)},
                      {"mean", number(spread.summary.mean)},
                      {"deviation", number(spread.summary.deviation)},
                      {"minimum", number(spread.summary.minimum)},
                      {"median", number(spread.summary.median)},
                      {"maximum", number(spread.summary.maximum)},
                      {"capability", number(spread.capability)},
                      {"explained", number(spread.explained)},
                      {"shares", shares}});
        performances[simulation::info(limit.performance).name] = entry;
    }
    json document = placeJson(mismatch.place, report.conditions);
    document.update(intervalJson(mismatch.passed, mismatch.draws, mismatch.yield));
    document.update({{"draws", mismatch.draws},
                     {"failed", mismatch.failed},
                     {"narrow_enough", mismatch.isNarrowEnough},
                     {"draws_for_shares", mismatch.drawsForShares},
                     {"performances", performances}});
    if (mismatch.failed > 0) document["first_problem"] = mismatch.firstProblem;
    return document;
}

std::string placesText(const RobustnessReport& report, const Robustness& robustness) {
    const auto holding = std::count_if(robustness.places.begin(), robustness.places.end(),
                                       [](const auto& each) { return each.holds; });
    std::string text =
        fmt::format("{} of {} corners hold the specification\n", holding, robustness.places.size());
    for (std::size_t index = 0; index < robustness.worst.size(); ++index) {
        const simulation::PerformanceInfo& info = simulation::info(robustness.limits[index].performance);
        const sizing::WorstValue& worst = robustness.worst[index];
        const std::string where =
            worst.place ? placeName(placeJson(robustness.places[*worst.place].place, report.conditions))
                        : "-";
        text += fmt::format("{:<28} {:>14}  {:<6} {}{}\n", info.title,
                            worst.place ? formatQuantity(worst.value, info.unit) : "-",
                            worst.holds ? "holds" : "fails", where,
                            worst.missing > 0 ? fmt::format(", no value at {}", worst.missing) : "");
        if (const auto& corners = robustness.limits[index].corners; !corners.empty())
            text.insert(text.size() - 1, fmt::format(" (of {})", fmt::join(corners, ", ")));
    }
    for (const sizing::PlaceOutcome& place : robustness.places)
        if (!place.evaluation.ok())
            text += fmt::format("{}: {}\n", placeName(placeJson(place.place, report.conditions)),
                                place.evaluation.error->message);
    return text;
}

std::string mismatchText(const RobustnessReport& report, const Robustness& robustness,
                         const MismatchOutcome& mismatch) {
    std::string text =
        fmt::format("\n{} mismatch draws at {}: yield {:.1f} % ({:.1f} to {:.1f} % with 95 % confidence){}\n",
                    mismatch.draws, placeName(placeJson(mismatch.place, report.conditions)),
                    100 * mismatch.yieldShare(), 100 * mismatch.yield.low, 100 * mismatch.yield.high,
                    mismatch.isNarrowEnough ? ", narrow enough" : "");
    if (mismatch.failed > 0)
        text +=
            fmt::format("{} draws failed, the first one so: {}\n", mismatch.failed, mismatch.firstProblem);
    text += fmt::format("{:<28} {:>12} {:>12} {:>8}  {}\n", "", "mean", "sigma", "yield", "variance from");
    for (std::size_t index = 0; index < robustness.limits.size(); ++index) {
        const Requirement& limit = robustness.limits[index];
        const simulation::PerformanceInfo& info = simulation::info(limit.performance);
        const sizing::PerformanceSpread& spread = mismatch.performances[index];
        std::string devices;
        for (std::size_t k = 0; k < std::min(namedDevices, spread.shares.size()); ++k)
            devices += fmt::format("{}{} {:.0f} %", k > 0 ? ", " : "", spread.shares[k].device,
                                   100 * spread.shares[k].share);
        const double yield = mismatch.draws > 0 ? 100 * static_cast<double>(spread.passed) /
                                                      static_cast<double>(mismatch.draws)
                                                : 0;
        text += fmt::format("{:<28} {:>12} {:>12} {:>8}  {}\n", info.title,
                            formatQuantity(spread.summary.mean, info.unit),
                            formatQuantity(spread.summary.deviation, info.unit),
                            !limit.isFree() ? fmt::format("{:.1f} %", yield) : "-", devices);
    }
    if (mismatch.draws < mismatch.drawsForShares)
        text += fmt::format("It takes {} draws to tell which devices the variance comes from.\n",
                            mismatch.drawsForShares);
    return text;
}

} // namespace

nlohmann::json worstJson(const Robustness& robustness, const simulation::BenchConditions& conditions) {
    json document = json::object();
    for (std::size_t index = 0; index < robustness.worst.size(); ++index) {
        const Requirement& limit = robustness.limits[index];
        const sizing::WorstValue& worst = robustness.worst[index];
        const simulation::PerformanceInfo& info = simulation::info(limit.performance);
        json entry = {
            {"value", number(worst.value)},     {"unit", info.unit},     {"minimum", number(limit.minimum)},
            {"maximum", number(limit.maximum)}, {"holds", worst.holds},  {"corners", limit.corners},
            {"missing", worst.missing},         {"place", json(nullptr)}};
        if (worst.place) entry["place"] = placeJson(robustness.places[*worst.place].place, conditions);
        document[info.name] = entry;
    }
    return document;
}

Output describe(const RobustnessReport& report) {
    Output output;
    output.json["circuit"] = report.circuit;
    output.json["tolerance"] = report.tolerance;
    output.json["seed"] = report.seed;
    output.json["interval"] = {{"method", "wilson"}, {"confidence", 0.95}};
    output.json["sizings"] = json::array();
    for (const AssessedRow& row : report.rows) {
        const Robustness& robustness = row.robustness;
        json places = json::array();
        for (const sizing::PlaceOutcome& place : robustness.places) {
            json entry = placeJson(place.place, report.conditions);
            entry.update({{"holds", place.holds}, {"margin", number(place.margin)}});
            entry.update(outcomeJson(place.evaluation));
            places.push_back(entry);
        }
        json mismatch = json::array();
        for (const MismatchOutcome& each : robustness.mismatch)
            mismatch.push_back(mismatchJson(report, robustness, each));
        output.json["sizings"].push_back({{"row", row.row},
                                          {"specification", specificationJson(row.specification)},
                                          {"holds_everywhere", robustness.holdsEverywhere()},
                                          {"places", places},
                                          {"worst", worstJson(robustness, report.conditions)},
                                          {"mismatch", mismatch},
                                          {"simulations", robustness.simulations}});
        output.text += fmt::format("{}row {}: ", output.text.empty() ? "" : "\n", row.row);
        if (!robustness.places.empty()) output.text += placesText(report, robustness);
        for (const MismatchOutcome& each : robustness.mismatch)
            output.text += mismatchText(report, robustness, each);
        output.text += fmt::format("{} simulations\n", robustness.simulations);
    }
    return output;
}

} // namespace headroom::cli
