#pragma once

#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace headroom {

/// The generator used everywhere; results are equal on every platform for equal seeds as long as
/// uniform() and normal() below are used instead of std's distributions.
using RandomEngine = std::mt19937_64;

/// An independent seed for stream number @p stream of the run seeded @p seed (SplitMix64).
std::uint64_t deriveSeed(std::uint64_t seed, std::uint64_t stream);

/// Uniform in [low, high).
double uniform(RandomEngine& engine, double low = 0.0, double high = 1.0);

/// Uniform in logarithm between two positive bounds.
double logUniform(RandomEngine& engine, double low, double high);

/// Standard normal (Box-Muller, no state between calls).
double normal(RandomEngine& engine);

/// Brings values into a random order (Fisher and Yates); std::shuffle's differs between implementations.
template <class T>
void shuffle(std::vector<T>& values, RandomEngine& engine) {
    for (std::size_t i = values.size(); i > 1; --i)
        std::swap(values[i - 1], values[engine() % i]);
}

} // namespace headroom
