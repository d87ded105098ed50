#include "core/base/random.h"

#include <cmath>
#include <numbers>

namespace headroom {

std::uint64_t deriveSeed(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL * (stream + 1);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
}

double uniform(RandomEngine& engine, double low, double high) {
    const double unit = static_cast<double>(engine() >> 11U) * 0x1.0p-53;
    return low + (high - low) * unit;
}

double logUniform(RandomEngine& engine, double low, double high) {
    return std::exp(uniform(engine, std::log(low), std::log(high)));
}

double normal(RandomEngine& engine) {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform(engine)));
    return radius * std::cos(2.0 * std::numbers::pi * uniform(engine));
}

} // namespace headroom
