#include "core/project/exploration_json.h"

#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace headroom::project {
namespace {

using nlohmann::json;
using simulation::DeviceOperatingPoint;

json number(double value) {
    if (std::isnan(value)) return nullptr;
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

double numberFrom(const json& value) {
    if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
    if (value.is_string()) {
        const double infinity = std::numeric_limits<double>::infinity();
        return value.get<std::string>() == "-inf" ? -infinity : infinity;
    }
    return value.get<double>();
}

/// The figures of a device in the order they are stored.
constexpr std::array deviceFigures{&DeviceOperatingPoint::id,   &DeviceOperatingPoint::gm,
                                   &DeviceOperatingPoint::gds,  &DeviceOperatingPoint::vgs,
                                   &DeviceOperatingPoint::vds,  &DeviceOperatingPoint::vth,
                                   &DeviceOperatingPoint::vdsat};
constexpr std::array deviceFigureNames{"id", "gm", "gds", "vgs", "vds", "vth", "vdsat"};

json toJson(const DeviceOperatingPoint& device) {
    json result{{"region", static_cast<int>(device.region)}};
    for (std::size_t i = 0; i < deviceFigures.size(); ++i) {
        result[deviceFigureNames[i]] = number(device.*deviceFigures[i]);
    }
    return result;
}

DeviceOperatingPoint deviceFromJson(const json& value) {
    DeviceOperatingPoint device;
    const int region = value.at("region").get<int>();
    if (region < 0 || region > static_cast<int>(simulation::Region::Saturation)) {
        throw std::out_of_range("a device's region is unknown");
    }
    device.region = static_cast<simulation::Region>(region);
    for (std::size_t i = 0; i < deviceFigures.size(); ++i) {
        device.*deviceFigures[i] = numberFrom(value.at(deviceFigureNames[i]));
    }
    return device;
}

json toJson(const simulation::OperatingPoint& point) {
    json devices = json::object(), nets = json::object();
    for (const auto& [name, device] : point.devices)
        devices[name] = toJson(device);
    for (const auto& [name, volts] : point.nets)
        nets[name] = number(volts);
    return {{"devices", devices},
            {"nets", nets},
            {"supply_current", number(point.supplyCurrent)},
            {"worst_saturation_margin", number(point.worstSaturationMargin)},
            {"worst_device", point.worstDevice}};
}

simulation::OperatingPoint pointFromJson(const json& value) {
    simulation::OperatingPoint point;
    for (const auto& [name, device] : value.at("devices").items())
        point.devices[name] = deviceFromJson(device);
    for (const auto& [name, volts] : value.at("nets").items())
        point.nets[name] = numberFrom(volts);
    point.supplyCurrent = numberFrom(value.at("supply_current"));
    point.worstSaturationMargin = numberFrom(value.at("worst_saturation_margin"));
    point.worstDevice = value.at("worst_device").get<std::string>();
    return point;
}

json toJson(const Error& error) {
    return {{"code", toString(error.code)},
            {"message", error.message},
            {"file", error.file},
            {"line", error.line},
            {"detail", error.detail}};
}

Error errorFromJson(const json& value) {
    return {errorCodeFromName(value.at("code").get<std::string>()), value.at("message").get<std::string>(),
            value.at("file").get<std::string>(), value.at("line").get<int>(),
            value.at("detail").get<std::string>()};
}

simulation::Performance performanceFrom(const std::string& name) {
    const auto performance = simulation::performanceFromName(name);
    if (!performance) throw std::out_of_range("\"" + name + "\" is no performance");
    return *performance;
}

/// A specification as versions before 0.2 kept it: one target per performance.
sizing::Specification targetsFromJson(const json& value) {
    std::vector<simulation::Performance> performances;
    for (const json& name : value.at("performances"))
        performances.push_back(performanceFrom(name.get<std::string>()));
    const std::vector<double> targets = project::numbersFromJson(value.at("targets"));
    if (targets.size() != performances.size())
        throw std::out_of_range("a specification has not one target per performance");
    return sizing::Specification::reaching(performances, targets);
}

} // namespace

ErrorCode errorCodeFromName(std::string_view name) {
    for (int code = 0; code < static_cast<int>(ErrorCode::Internal); ++code) {
        if (name == toString(static_cast<ErrorCode>(code))) return static_cast<ErrorCode>(code);
    }
    return ErrorCode::Internal;
}

json toJson(const std::vector<double>& values) {
    json list = json::array();
    for (const double value : values)
        list.push_back(number(value));
    return list;
}

std::vector<double> numbersFromJson(const json& value) {
    std::vector<double> numbers;
    for (const json& entry : value)
        numbers.push_back(numberFrom(entry));
    return numbers;
}

json toJson(const simulation::Evaluation& evaluation) {
    json performances = json::object();
    for (const auto& [performance, value] : evaluation.performances) {
        performances[simulation::info(performance).name] = number(value);
    }
    json result{{"performances", performances},
                {"operating_point", toJson(evaluation.operatingPoint)},
                {"notes", evaluation.notes},
                {"simulations", evaluation.simulations},
                {"elapsed_seconds", number(evaluation.elapsedSeconds)},
                {"from_cache", evaluation.fromCache}};
    if (evaluation.error) result["error"] = toJson(*evaluation.error);
    return result;
}

simulation::Evaluation evaluationFromJson(const json& value) {
    simulation::Evaluation evaluation;
    for (const auto& [name, entry] : value.at("performances").items()) {
        evaluation.performances[performanceFrom(name)] = numberFrom(entry);
    }
    evaluation.operatingPoint = pointFromJson(value.at("operating_point"));
    evaluation.notes = value.at("notes").get<std::vector<std::string>>();
    evaluation.simulations = value.at("simulations").get<int>();
    evaluation.elapsedSeconds = numberFrom(value.at("elapsed_seconds"));
    evaluation.fromCache = value.at("from_cache").get<bool>();
    if (value.contains("error")) evaluation.error = errorFromJson(value.at("error"));
    return evaluation;
}

json toJson(const sizing::Specification& specification) {
    json requirements = json::array();
    for (const sizing::Requirement& requirement : specification.requirements) {
        requirements.push_back({{"performance", simulation::info(requirement.performance).name},
                                {"minimum", number(requirement.minimum)},
                                {"maximum", number(requirement.maximum)},
                                {"weight", number(requirement.weight)}});
    }
    json pinned = json::array();
    for (const sizing::PinnedSize& pin : specification.pinned)
        pinned.push_back({{"variable", pin.variable}, {"value", number(pin.value)}});
    return {{"requirements", requirements}, {"pinned", pinned}};
}

sizing::Specification specificationFromJson(const json& value) {
    sizing::Specification specification;
    if (value.contains("targets")) return targetsFromJson(value);
    for (const json& entry : value.at("requirements")) {
        specification.requirements.push_back(
            {performanceFrom(entry.at("performance").get<std::string>()), numberFrom(entry.at("minimum")),
             numberFrom(entry.at("maximum")), numberFrom(entry.at("weight"))});
    }
    for (const json& entry : value.at("pinned"))
        specification.pinned.push_back(
            {entry.at("variable").get<std::size_t>(), numberFrom(entry.at("value"))});
    return specification;
}

} // namespace headroom::project
