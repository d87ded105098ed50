#include "core/simulation/result_cache.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/simulation/evaluation_record.h"

namespace headroom::simulation {

ResultCache::ResultCache(const std::string& file, std::int64_t limit, const std::string& engineVersion)
    : m_versions(fmt::format("bench {}, ngspice {}", benchVersion,
                             engineVersion.empty() ? "of unknown version" : engineVersion))
    , m_records(file, limit) {}

std::optional<Evaluation> ResultCache::find(const Bench& bench, const std::string& key) {
    std::optional<Evaluation> found;
    m_records.find(key, [&](std::string_view record) {
        auto evaluation = readEvaluationRecord(bench, RecordCache::packed(key), record);
        if (evaluation) found = std::move(*evaluation);
        return found.has_value();
    });
    return found;
}

void ResultCache::store(const Bench& bench, const std::string& key, const Evaluation& evaluation) {
    // What a dead or late worker left behind says nothing about the sizing.
    const bool isFinal = evaluation.ok() || evaluation.error->code == ErrorCode::Infeasible ||
                         evaluation.error->code == ErrorCode::Convergence;
    if (!isFinal) return;
    const BenchConditions& conditions = bench.conditions();
    m_records.store(key, writeEvaluationRecord(bench, RecordCache::packed(key), evaluation),
                    {bench.circuit().name, bench.technology().name, conditions.corner,
                     conditions.supplyVoltage, conditions.temperature, m_versions});
}

std::string benchFingerprint(const Bench& bench, const EvaluationSettings& settings,
                             const std::string& technologyFingerprint, const std::string& engineVersion) {
    const SlotValues zeros(bench.slots().size(), 0);
    std::string text = fmt::format("headroom bench {} ngspice {}\n", benchVersion, engineVersion);
    text += technologyFingerprint + '\n';
    text += bench.deck(zeros, Effort::Normal);
    for (const std::string& name : bench.circuit().nets)
        text += "net " + name + '\n';
    for (const netlist::Device& device : bench.circuit().devices)
        text += "device " + device.name + '\n';
    for (const netlist::DeviceId id : bench.mosfets())
        if (!bench.canSaturate(id)) text += fmt::format("need not saturate {}\n", id);
    for (const Performance performance : settings.performances)
        text += fmt::format("{}\n", info(performance).name);
    for (const BenchMeasurement& each : bench.measurements())
        text += fmt::format("measure {} {} {}\n", each.measurement.name, toString(each.measurement.analysis),
                            each.expression.text);
    if (settings.requiredSaturationMargin)
        text += "margin " + formatExact(*settings.requiredSaturationMargin) + '\n';
    if (settings.keepCurves) text += "curves\n";
    return sha256(text);
}

std::string cacheKey(const std::string& benchFingerprint, const SlotValues& values,
                     const std::string& variation) {
    // As Bench::written() has it, in a third of the time: this is most of what a hit costs.
    std::string text = benchFingerprint;
    std::array<char, 32> digits{};
    for (const double value : values) {
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                       std::chars_format::general, 10);
        text += ' ';
        text.append(digits.data(), end.ptr);
    }
    if (!variation.empty()) text += '\n' + variation;
    return benchFingerprint.substr(0, RecordCache::kSubjectDigits) + sha256(text);
}

} // namespace headroom::simulation
