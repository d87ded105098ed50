#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/simulation/bench.h"
#include "core/simulation/mismatch.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;

/// FNV-1a: what a device draws is to depend on its name, on every machine alike.
std::uint64_t nameHash(std::string_view name) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

} // namespace

MismatchDeviates mismatchDeviates(const MismatchDraw& draw, std::string_view device) {
    RandomEngine engine(
        deriveSeed(deriveSeed(draw.seed, static_cast<std::uint64_t>(draw.index)), nameHash(device)));
    MismatchDeviates deviates;
    deviates.threshold = normal(engine);
    deviates.currentFactor = normal(engine);
    return deviates;
}

Result<void> Bench::applyMismatch(SlotValues& values, const MismatchDraw& draw) const {
    for (const DeviceId id : m_mosfets) {
        const Device& device = circuit().devices[static_cast<std::size_t>(id)];
        const technology::MosfetRules& rules = *m_rules[static_cast<std::size_t>(id)];
        if (!(rules.thresholdMismatch > 0) && !(rules.currentFactorMismatch > 0))
            return fail(ErrorCode::Unsupported,
                        fmt::format("Technology {} has no mismatch figures for the model {} of {}.",
                                    technology().name, rules.model, device.name));
        // collectMosfet() puts w, l, m, nf, delvto and mulu0 of a device one after the other.
        const std::size_t slot = m_firstSlot[static_cast<std::size_t>(id)];
        const double width =
            values[slot] * (device.widthIsPerFinger ? values.at(slot + 3) : 1) * values[slot + 2] +
            rules.mismatchWidthOffset;
        const double length = values[slot + 1] + rules.mismatchLengthOffset;
        const double area = width * length;
        if (!(area > 0))
            return fail(
                ErrorCode::BadInput,
                fmt::format("Device {} is too small for the technology's mismatch figures.", device.name));
        const MismatchDeviates deviates = mismatchDeviates(draw, device.name);
        const double perDevice = 1 / std::sqrt(2 * area);
        const double threshold = rules.thresholdMismatch * perDevice * deviates.threshold;
        const double currentFactor = rules.currentFactorMismatch * perDevice * deviates.currentFactor;
        values[slot + 4] = std::strtod(written(threshold).c_str(), nullptr);
        values[slot + 5] = std::strtod(written(1 + currentFactor).c_str(), nullptr);
    }
    return {};
}

} // namespace headroom::simulation
