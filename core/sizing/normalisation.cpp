#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

std::vector<double> column(const Dataset& dataset, const std::vector<std::size_t>& rows, std::size_t index,
                           bool variable) {
    std::vector<double> values;
    for (const std::size_t row : rows) {
        const DataRow& data = dataset.rows[row];
        values.push_back(variable ? data.values[index] : data.performances[index]);
    }
    return values;
}

} // namespace

bool isLogarithmic(Performance performance) {
    switch (performance) {
    case Performance::TransitFrequency:
    case Performance::Power:
    case Performance::SlewRate:
    case Performance::SlewRateRising:
    case Performance::SlewRateFalling:
    case Performance::SettlingTime:
    case Performance::NoiseInput:
    case Performance::NoiseDensity:
    case Performance::Area:
        return true;
    default:
        return false;
    }
}

Normalisation Normalisation::fit(const Dataset& dataset, const std::vector<std::size_t>& rows) {
    Normalisation normalisation;
    for (std::size_t v = 0; v < dataset.variableNames.size(); ++v) {
        normalisation.variables.push_back(regression::Normaliser::fit(column(dataset, rows, v, true), true));
    }
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        normalisation.performances.push_back(regression::Normaliser::fit(
            column(dataset, rows, p, false), isLogarithmic(dataset.performances[p])));
    }
    return normalisation;
}

std::vector<double> Normalisation::normalisePerformances(const std::vector<double>& values) const {
    std::vector<double> normalised;
    for (std::size_t p = 0; p < performances.size(); ++p) {
        normalised.push_back(performances[p].normalise(values[p]));
    }
    return normalised;
}

} // namespace headroom::sizing
