#pragma once

#include <vector>

#include "core/simulation/simulator.h"

namespace headroom::sizing {

using simulation::Performance;

/// What the designer asks for, one value per performance, SI units.
struct Specification {
    std::vector<Performance> performances;
    std::vector<double> targets;
};

/// How far a value lies from its target: (value - target) / scale, where scale is |target|, for voltages at
/// least a tenth of the supply (they may be zero).
double relativeDifference(Performance performance, double value, double target, double supplyVoltage);

/// The part of relativeDifference that is worse than asked for; 0 where the value is as good or better.
double relativeShortfall(Performance performance, double value, double target, double supplyVoltage);

/// The value that is worse than the target by @p shortfall, relative.
double valueAtShortfall(Performance performance, double target, double shortfall, double supplyVoltage);

/// The worst shortfall over all performances of a specification. @param values by its performances, SI units
double worstShortfall(const Specification& specification, const std::vector<double>& values,
                      double supplyVoltage);

/// The same of a simulation; NaN where a performance is missing.
double worstShortfall(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage);

} // namespace headroom::sizing
