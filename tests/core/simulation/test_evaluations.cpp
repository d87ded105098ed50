#include "tests/core/simulation/test_evaluations.h"

#include <bit>

#include "core/base/random.h"
#include "core/simulation/result_cache.h"
#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

std::vector<double> numbers(RandomEngine& engine, std::size_t count) {
    std::vector<double> result(count);
    for (double& value : result)
        value = normal(engine);
    return result;
}

Curves inventedCurves(RandomEngine& engine) {
    Curves curves;
    curves.gain = FrequencyResponse{numbers(engine, 40), {}};
    for (int k = 0; k < 40; ++k)
        curves.gain->gain.emplace_back(normal(engine), normal(engine));
    curves.rising = StepResponse{numbers(engine, 30), numbers(engine, 30), 0.25, 0.75};
    curves.falling = StepResponse{numbers(engine, 31), numbers(engine, 31), 0.75, 0.25};
    curves.noise = NoiseSpectrum{numbers(engine, 20), numbers(engine, 20)};
    curves.commonModeDown = RangeSweep{numbers(engine, 10), numbers(engine, 10)};
    curves.commonModeUp = RangeSweep{numbers(engine, 11), numbers(engine, 11)};
    curves.outputDown = RangeSweep{numbers(engine, 12), numbers(engine, 12)};
    curves.outputUp = RangeSweep{{}, {}};
    return curves;
}

bool same(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same(const DeviceOperatingPoint& a, const DeviceOperatingPoint& b) {
    return same(a.id, b.id) && same(a.gm, b.gm) && same(a.gds, b.gds) && same(a.vgs, b.vgs) &&
           same(a.vds, b.vds) && same(a.vth, b.vth) && same(a.vdsat, b.vdsat) && a.region == b.region;
}

template <class Map>
bool sameMaps(const Map& a, const Map& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& left, const auto& right) {
        return left.first == right.first && same(left.second, right.second);
    });
}

bool same(const std::optional<StepResponse>& a, const std::optional<StepResponse>& b) {
    if (!a || !b) return !a && !b;
    return a->times == b->times && a->output == b->output && a->from == b->from && a->to == b->to;
}

bool same(const std::optional<RangeSweep>& a, const std::optional<RangeSweep>& b) {
    if (!a || !b) return !a && !b;
    return a->positions == b->positions && a->margins == b->margins;
}

bool same(const Curves* a, const Curves* b) {
    if (a == nullptr || b == nullptr) return a == b;
    const bool gains = a->gain && b->gain
                           ? a->gain->frequencies == b->gain->frequencies && a->gain->gain == b->gain->gain
                           : !a->gain && !b->gain;
    const bool noises = a->noise && b->noise ? a->noise->frequencies == b->noise->frequencies &&
                                                   a->noise->density == b->noise->density
                                             : !a->noise && !b->noise;
    return gains && noises && same(a->rising, b->rising) && same(a->falling, b->falling) &&
           same(a->commonModeDown, b->commonModeDown) && same(a->commonModeUp, b->commonModeUp) &&
           same(a->outputDown, b->outputDown) && same(a->outputUp, b->outputUp);
}

} // namespace

Evaluation inventedEvaluation(const Bench& bench, std::uint64_t seed, bool withCurves) {
    RandomEngine engine(seed);
    Evaluation evaluation;
    for (const Performance performance : standardPerformances())
        evaluation.performances[performance] = normal(engine);
    evaluation.measurements = {{"ripple", normal(engine)}, {"settling", normal(engine)}};
    OperatingPoint& point = evaluation.operatingPoint;
    for (const netlist::DeviceId id : bench.mosfets()) {
        DeviceOperatingPoint device;
        for (double* figure : {&device.id, &device.gm, &device.gds, &device.vgs, &device.vds, &device.vth})
            *figure = normal(engine);
        device.region = static_cast<Region>(engine() % 4);
        point.devices[bench.circuit().devices[static_cast<std::size_t>(id)].name] = device;
    }
    for (const std::string& net : bench.circuit().nets)
        point.nets[net] = normal(engine);
    point.supplyCurrent = normal(engine);
    point.worstSaturationMargin = normal(engine);
    point.worstDevice = "M6";
    evaluation.notes = {"There is no phase margin.", "Ünïcode."};
    if (withCurves) evaluation.curves = std::make_shared<const Curves>(inventedCurves(engine));
    return evaluation;
}

std::string difference(const Evaluation& a, const Evaluation& b) {
    if (!sameMaps(a.performances, b.performances)) return "performances";
    if (!sameMaps(a.measurements, b.measurements)) return "measurements";
    if (!sameMaps(a.operatingPoint.devices, b.operatingPoint.devices)) return "devices";
    if (!sameMaps(a.operatingPoint.nets, b.operatingPoint.nets)) return "nets";
    if (!same(a.operatingPoint.supplyCurrent, b.operatingPoint.supplyCurrent)) return "supply current";
    if (!same(a.operatingPoint.worstSaturationMargin, b.operatingPoint.worstSaturationMargin))
        return "worst margin";
    if (a.operatingPoint.worstDevice != b.operatingPoint.worstDevice) return "worst device";
    if (a.notes != b.notes) return "notes";
    if (a.ok() != b.ok()) return "whether there is an error";
    if (a.error && (a.error->code != b.error->code || a.error->message != b.error->message ||
                    a.error->detail != b.error->detail))
        return "error";
    if (!same(a.curves.get(), b.curves.get())) return "curves";
    return {};
}

InventedBench::InventedBench(const std::string& example, const EvaluationSettings& settings)
    : m_amplifier(exampleAmplifier(example)) {
    m_bench.emplace(Bench::create(*m_amplifier, settings).value());
    m_fingerprint = benchFingerprint(*m_bench, settings, m_amplifier->technology.fingerprint(), "39");
}

std::string InventedBench::key(std::uint64_t number) const {
    SlotValues values(m_bench->slots().size(), 1e-6);
    values.front() = static_cast<double>(number);
    return cacheKey(m_fingerprint, values);
}

} // namespace headroom::simulation
