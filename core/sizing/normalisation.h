#pragma once

#include <vector>

#include "core/diffusion/diffusion_model.h"
#include "core/regression/normaliser.h"
#include "core/sizing/dataset.h"

namespace headroom::sizing {

/// Normalisers of a data set's variables (all logarithmic) and performances (logarithmic for frequencies,
/// powers, slew rates, settling times, noise and areas).
struct Normalisation {
    std::vector<regression::Normaliser> variables;
    std::vector<regression::Normaliser> performances;

    /// Fitted on the given rows only.
    static Normalisation fit(const Dataset& dataset, const std::vector<std::size_t>& rows);

    std::vector<double> normalisePerformances(const std::vector<double>& performances) const;
};

bool isLogarithmic(Performance performance);

} // namespace headroom::sizing
