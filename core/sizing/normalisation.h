#pragma once

#include <vector>

#include "core/diffusion/diffusion_model.h"
#include "core/sizing/dataset.h"

namespace headroom::sizing {

/// Maps one quantity to about zero mean and unit variance: logarithm where it spans decades, then shift and
/// scale.
struct Normaliser {
    bool logarithmic = false;
    double mean = 0;
    double deviation = 1;

    double normalise(double value) const;
    double restore(double normalised) const;

    /// Fitted on samples; a constant column gets deviation 1.
    static Normaliser fit(const std::vector<double>& samples, bool logarithmic);
};

/// Normalisers of a data set's variables (all logarithmic) and performances (logarithmic for frequencies,
/// powers, slew rates, settling times, noise and areas).
struct Normalisation {
    std::vector<Normaliser> variables;
    std::vector<Normaliser> performances;

    /// Fitted on the given rows only.
    static Normalisation fit(const Dataset& dataset, const std::vector<std::size_t>& rows);

    std::vector<double> normalisePerformances(const std::vector<double>& performances) const;
};

bool isLogarithmic(Performance performance);

} // namespace headroom::sizing
