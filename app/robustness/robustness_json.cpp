#include "app/robustness/robustness_json.h"

#include <nlohmann/json.hpp>

#include <exception>
#include <stdexcept>

#include "core/project/exploration_json.h"

namespace headroom::app {
namespace {

using nlohmann::json;
using project::numbersFromJson;
using widgets::DeviceShareRow;
using widgets::MismatchData;
using widgets::RobustnessData;
using widgets::RobustPerformance;
using widgets::RobustPlace;
using widgets::SpreadRow;
using Numbers = std::vector<double>;

json numbers(const Numbers& values) {
    return project::toJson(values);
}

QString textFrom(const json& value) {
    return QString::fromStdString(value.get<std::string>());
}

json optionalJson(const std::optional<double>& value) {
    return value ? numbers({*value}) : json::array();
}

std::optional<double> optionalFrom(const json& value) {
    return value.empty() ? std::nullopt : std::optional(numbersFromJson(value).at(0));
}

json toJson(const RobustPerformance& performance) {
    json corners = json::array();
    for (const QString& corner : performance.corners)
        corners.push_back(corner.toStdString());
    return {{"name", simulation::info(performance.performance).name},
            {"minimum", optionalJson(performance.minimum)},
            {"maximum", optionalJson(performance.maximum)},
            {"worst", numbers({performance.worst})},
            {"worst_place", performance.worstPlace.toStdString()},
            {"holds", performance.holds},
            {"corners", corners}};
}

RobustPerformance performanceFrom(const json& value) {
    QStringList corners;
    for (const json& corner : value.value("corners", json::array()))
        corners << textFrom(corner);
    const auto known = simulation::performanceFromName(value.at("name").get<std::string>());
    if (!known) throw std::out_of_range("a performance is unknown");
    return {*known,
            optionalFrom(value.at("minimum")),
            optionalFrom(value.at("maximum")),
            numbersFromJson(value.at("worst")).at(0),
            textFrom(value.at("worst_place")),
            value.at("holds").get<bool>(),
            corners};
}

json toJson(const RobustPlace& place) {
    return {{"name", place.name.toStdString()},
            {"corner", place.corner.toStdString()},
            {"holds", place.holds},
            {"margin", numbers({place.margin})},
            {"values", numbers(place.values)},
            {"problem", place.problem.toStdString()}};
}

RobustPlace placeFrom(const json& value) {
    return {textFrom(value.at("name")),          QString::fromStdString(value.value("corner", std::string())),
            value.at("holds").get<bool>(),       numbersFromJson(value.at("margin")).at(0),
            numbersFromJson(value.at("values")), textFrom(value.at("problem"))};
}

json toJson(const SpreadRow& row) {
    json shares = json::array();
    for (const DeviceShareRow& share : row.shares)
        shares.push_back({{"device", share.device.toStdString()}, {"share", numbers({share.share})}});
    return {{"values", numbers(row.values)},
            {"figures", numbers({row.mean, row.deviation, row.capability, row.yield, row.yieldLow,
                                 row.yieldHigh, row.explained})},
            {"shares", shares}};
}

SpreadRow spreadFrom(const json& value) {
    const Numbers figures = numbersFromJson(value.at("figures"));
    SpreadRow row{numbersFromJson(value.at("values")),
                  figures.at(0),
                  figures.at(1),
                  figures.at(2),
                  figures.at(3),
                  figures.at(4),
                  figures.at(5),
                  {},
                  figures.at(6)};
    for (const json& share : value.at("shares"))
        row.shares.push_back({textFrom(share.at("device")), numbersFromJson(share.at("share")).at(0)});
    return row;
}

json toJson(const MismatchData& data) {
    json performances = json::array();
    for (const SpreadRow& row : data.performances)
        performances.push_back(toJson(row));
    return {{"place", data.place.toStdString()},
            {"draws", data.draws},
            {"failed", data.failed},
            {"yield", numbers({data.yield, data.yieldLow, data.yieldHigh})},
            {"narrow_enough", data.narrowEnough},
            {"draws_for_shares", data.drawsForShares},
            {"first_problem", data.firstProblem.toStdString()},
            {"performances", performances}};
}

MismatchData mismatchFrom(const json& value) {
    const Numbers yield = numbersFromJson(value.at("yield"));
    MismatchData data{textFrom(value.at("place")),
                      value.at("draws").get<std::size_t>(),
                      value.at("failed").get<std::size_t>(),
                      yield.at(0),
                      yield.at(1),
                      yield.at(2),
                      value.at("narrow_enough").get<bool>(),
                      value.at("draws_for_shares").get<std::size_t>(),
                      textFrom(value.at("first_problem")),
                      {}};
    for (const json& row : value.at("performances"))
        data.performances.push_back(spreadFrom(row));
    return data;
}

template <class T>
json listOf(const std::vector<T>& parts) {
    json list = json::array();
    for (const T& part : parts)
        list.push_back(toJson(part));
    return list;
}

/// What the panel relies on: a value of every performance at every place, and a spread of every performance.
void check(const RobustnessData& data) {
    for (const RobustPlace& place : data.places) {
        if (place.values.size() != data.performances.size())
            throw std::out_of_range("a corner has not one value per performance");
    }
    for (const MismatchData& mismatch : data.mismatch) {
        if (mismatch.performances.size() != data.performances.size())
            throw std::out_of_range("draws have not one spread per performance");
    }
}

} // namespace

std::string robustnessJson(const RobustnessData& data) {
    const json document{{"origin", data.origin.toStdString()},       {"held", data.held.toStdString()},
                        {"performances", listOf(data.performances)}, {"places", listOf(data.places)},
                        {"mismatch", listOf(data.mismatch)},         {"simulations", data.simulations}};
    return document.dump();
}

std::shared_ptr<const RobustnessData> robustnessFromJson(const std::string& text) {
    try {
        const json document = json::parse(text);
        auto data = std::make_shared<RobustnessData>();
        data->origin = textFrom(document.at("origin"));
        data->held = textFrom(document.at("held"));
        for (const json& performance : document.at("performances"))
            data->performances.push_back(performanceFrom(performance));
        for (const json& place : document.at("places"))
            data->places.push_back(placeFrom(place));
        for (const json& mismatch : document.at("mismatch"))
            data->mismatch.push_back(mismatchFrom(mismatch));
        data->simulations = document.at("simulations").get<std::size_t>();
        check(*data);
        return data;
    } catch (const std::exception&) {
        return nullptr;
    }
}

} // namespace headroom::app
