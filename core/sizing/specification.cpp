#include "core/sizing/specification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

namespace headroom::sizing {
namespace {

/// What a relative difference of 1 means.
double scaleOf(Performance performance, double target, double supplyVoltage) {
    const bool isVoltage = std::string_view(simulation::info(performance).unit) == "V";
    const double smallest = isVoltage ? 0.1 * supplyVoltage : std::numeric_limits<double>::min();
    return std::max(std::abs(target), smallest);
}

} // namespace

double relativeDifference(Performance performance, double value, double target, double supplyVoltage) {
    return (value - target) / scaleOf(performance, target, supplyVoltage);
}

double relativeShortfall(Performance performance, double value, double target, double supplyVoltage) {
    const double difference = relativeDifference(performance, value, target, supplyVoltage);
    return std::max(0.0, simulation::info(performance).biggerIsBetter ? -difference : difference);
}

double valueAtShortfall(Performance performance, double target, double shortfall, double supplyVoltage) {
    const double change = shortfall * scaleOf(performance, target, supplyVoltage);
    return simulation::info(performance).biggerIsBetter ? target - change : target + change;
}

double worstShortfall(const Specification& specification, const std::vector<double>& values,
                      double supplyVoltage) {
    double worst = 0;
    for (std::size_t p = 0; p < specification.performances.size(); ++p) {
        worst = std::max(worst, relativeShortfall(specification.performances[p], values[p],
                                                  specification.targets[p], supplyVoltage));
    }
    return worst;
}

double worstShortfall(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage) {
    std::vector<double> values;
    for (const Performance performance : specification.performances) {
        const auto found = evaluation.performances.find(performance);
        if (!evaluation.ok() || found == evaluation.performances.end()) {
            return std::numeric_limits<double>::quiet_NaN();
        }
        values.push_back(found->second);
    }
    return worstShortfall(specification, values, supplyVoltage);
}

} // namespace headroom::sizing
