#include "core/sizing/normalisation.h"

#include <cmath>

namespace headroom::sizing {
namespace {

/// Below this every logarithmic quantity counts as zero: far under any current, size or frequency in use.
constexpr double kFloor = 1e-30;

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

double Normaliser::normalise(double value) const {
    const double transformed = logarithmic ? std::log(std::max(value, kFloor)) : value;
    return (transformed - mean) / deviation;
}

double Normaliser::restore(double normalised) const {
    const double transformed = normalised * deviation + mean;
    return logarithmic ? std::exp(transformed) : transformed;
}

Normaliser Normaliser::fit(const std::vector<double>& samples, bool logarithmic) {
    Normaliser identity{logarithmic, 0, 1};
    double sum = 0;
    double squares = 0;
    for (const double sample : samples) {
        const double value = identity.normalise(sample);
        sum += value;
        squares += value * value;
    }
    const double count = std::max<double>(1, static_cast<double>(samples.size()));
    const double mean = sum / count;
    const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
    return {logarithmic, mean, deviation > 1e-9 ? deviation : 1.0};
}

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
        normalisation.variables.push_back(Normaliser::fit(column(dataset, rows, v, true), true));
    }
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        normalisation.performances.push_back(
            Normaliser::fit(column(dataset, rows, p, false), isLogarithmic(dataset.performances[p])));
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
