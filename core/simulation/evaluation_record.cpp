#include "core/simulation/evaluation_record.h"

#include <array>

#include <nlohmann/json.hpp>

namespace headroom::simulation {
namespace {

using nlohmann::json;

json toJson(const Bench& bench, const OperatingPoint& point) {
    json devices = json::array();
    for (const netlist::DeviceId id : bench.mosfets()) {
        const auto found = point.devices.find(bench.circuit().devices[static_cast<std::size_t>(id)].name);
        if (found == point.devices.end()) return nullptr;
        const DeviceOperatingPoint& d = found->second;
        devices.push_back({d.id, d.gm, d.gds, d.vgs, d.vds, d.vth, d.vdsat, static_cast<int>(d.region)});
    }
    json nets = json::array();
    for (const std::string& name : bench.circuit().nets)
        nets.push_back(point.nets.at(name));
    return {devices, nets, point.supplyCurrent, point.worstSaturationMargin, point.worstDevice};
}

OperatingPoint fromJson(const Bench& bench, const json& value) {
    OperatingPoint point;
    if (value.is_null()) return point;
    for (std::size_t index = 0; index < bench.mosfets().size(); ++index) {
        const json& figures = value.at(0).at(index);
        DeviceOperatingPoint d;
        const std::array targets = {&d.id, &d.gm, &d.gds, &d.vgs, &d.vds, &d.vth, &d.vdsat};
        for (std::size_t k = 0; k < targets.size(); ++k)
            *targets[k] = figures.at(k).get<double>();
        d.region = static_cast<Region>(figures.at(targets.size()).get<int>());
        point.devices[bench.circuit().devices[static_cast<std::size_t>(bench.mosfets()[index])].name] = d;
    }
    for (std::size_t net = 0; net < bench.circuit().nets.size(); ++net)
        point.nets[bench.circuit().nets[net]] = value.at(1).at(net).get<double>();
    point.supplyCurrent = value.at(2).get<double>();
    point.worstSaturationMargin = value.at(3).get<double>();
    point.worstDevice = value.at(4).get<std::string>();
    return point;
}

} // namespace

std::string writeEvaluationRecord(const Bench& bench, const Evaluation& evaluation) {
    json record;
    for (const auto& [performance, value] : evaluation.performances)
        record["performances"].push_back({info(performance).name, value});
    record["point"] = toJson(bench, evaluation.operatingPoint);
    record["notes"] = evaluation.notes;
    if (evaluation.error)
        record["error"] = {static_cast<int>(evaluation.error->code), evaluation.error->message,
                           evaluation.error->detail};
    const std::vector<std::uint8_t> bytes = json::to_cbor(record);
    return {bytes.begin(), bytes.end()};
}

Result<Evaluation> readEvaluationRecord(const Bench& bench, const std::string& bytes) {
    const auto corrupt = [] { return fail(ErrorCode::Corrupt, "A cached evaluation cannot be read."); };
    try {
        const json record = json::from_cbor(bytes);
        Evaluation evaluation;
        if (record.contains("performances")) {
            for (const json& entry : record.at("performances")) {
                const auto performance = performanceFromName(entry.at(0).get<std::string>());
                if (!performance) return corrupt();
                evaluation.performances[*performance] = entry.at(1).get<double>();
            }
        }
        evaluation.operatingPoint = fromJson(bench, record.at("point"));
        evaluation.notes = record.at("notes").get<std::vector<std::string>>();
        if (record.contains("error")) {
            const json& error = record.at("error");
            evaluation.error = Error{static_cast<ErrorCode>(error.at(0).get<int>()),
                                     error.at(1).get<std::string>(),
                                     {},
                                     0,
                                     error.at(2).get<std::string>()};
        }
        evaluation.fromCache = true;
        return evaluation;
    } catch (const json::exception&) {
        return corrupt();
    }
}

} // namespace headroom::simulation
