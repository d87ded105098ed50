#pragma once

#include <vector>

namespace headroom::regression {

/// Maps one quantity to about zero mean and unit variance: logarithm where it spans decades, then shift and
/// scale.
struct Normaliser {
    bool logarithmic = false;
    double mean = 0;
    double deviation = 1;

    double normalise(double value) const;
    double restore(double normalised) const;

    /// Fitted on samples; a constant column gets deviation 1. What is constant is judged relative to the size
    /// of the values: lengths in metres that differ in the ninth digit after the point do vary.
    static Normaliser fit(const std::vector<double>& samples, bool logarithmic);
};

} // namespace headroom::regression
