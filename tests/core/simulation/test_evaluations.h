#pragma once

#include <cstdint>
#include <string>

#include "core/simulation/bench.h"

namespace headroom::simulation {

/// An evaluation as a bench gives one, with invented numbers: for tests of what keeps evaluations.
/// @param withCurves every part of Curves, a few dozen points each
Evaluation inventedEvaluation(const Bench& bench, std::uint64_t seed, bool withCurves = false);

/// Where all parts of two evaluations that a cache keeps are the same, an empty text; else the first that is
/// not. NaN equals itself.
std::string difference(const Evaluation& a, const Evaluation& b);

/// An example's bench, and keys of invented sizings on it.
class InventedBench {
public:
    explicit InventedBench(const std::string& example = "miller.sp", const EvaluationSettings& settings = {});

    const Bench& bench() const { return *m_bench; }
    std::string key(std::uint64_t number) const;
    const std::string& fingerprint() const { return m_fingerprint; }

private:
    std::shared_ptr<const AmplifierUnderTest> m_amplifier;
    std::optional<Bench> m_bench;
    std::string m_fingerprint;
};

} // namespace headroom::simulation
