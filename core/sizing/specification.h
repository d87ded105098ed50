#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/simulator.h"

namespace headroom::sizing {

using simulation::Performance;

/// What the designer asks of one performance: an interval, open to one side or to both. SI units.
struct Requirement {
    Performance performance = Performance::GainDb;
    double minimum = -std::numeric_limits<double>::infinity(); ///< least value that is accepted
    double maximum = std::numeric_limits<double>::infinity();  ///< greatest value that is accepted
    /// How much a shortfall counts where sizings that miss something are compared; positive.
    double weight = 1;
    /// Process corners at which it is to hold where several are looked at; empty: at all of them.
    std::vector<std::string> corners = {};

    /// At least @p target where more is better, at most where less is.
    static Requirement reaching(Performance performance, double target) {
        Requirement requirement = free(performance);
        (simulation::info(performance).biggerIsBetter ? requirement.minimum : requirement.maximum) = target;
        return requirement;
    }
    /// Nothing is asked; the performance is only looked at.
    static Requirement free(Performance performance) {
        Requirement requirement;
        requirement.performance = performance;
        return requirement;
    }

    bool hasMinimum() const { return minimum > -std::numeric_limits<double>::infinity(); }
    bool hasMaximum() const { return maximum < std::numeric_limits<double>::infinity(); }
    bool isFree() const { return !hasMinimum() && !hasMaximum(); }
    bool isRange() const { return hasMinimum() && hasMaximum(); }

    std::optional<double> lowerLimit() const { return hasMinimum() ? std::optional(minimum) : std::nullopt; }
    std::optional<double> upperLimit() const { return hasMaximum() ? std::optional(maximum) : std::nullopt; }

    /// A value that does not exist (NaN) holds only where nothing is asked.
    bool holds(double value) const { return isFree() || (value >= minimum && value <= maximum); }

    /// @param corner absent: the one that is simulated where none is chosen, at which everything is to hold
    bool appliesAt(const std::optional<std::string>& corner) const {
        return corners.empty() || !corner ||
               std::find(corners.begin(), corners.end(), *corner) != corners.end();
    }

    /// The value that samples are guided to: the only limit, or the middle between two (the geometric one of
    /// a performance that spans decades); NaN where nothing is asked.
    double target() const;

    /// How far a value lies outside, relative to the limit that it misses (see relativeDifference); 0 inside.
    double shortfall(double value, double supplyVoltage) const;

    bool operator==(const Requirement&) const = default;
};

/// A size that must not move.
struct PinnedSize {
    std::size_t variable = 0; ///< of the DesignSpace
    double value = 0;         ///< SI units
    bool operator==(const PinnedSize&) const = default;
};

/// What the designer asks for. Performances that a model knows and the specification does not name are free.
struct Specification {
    std::vector<Requirement> requirements; ///< each performance once
    std::vector<PinnedSize> pinned;        ///< each variable once

    /// One target per performance, to be reached or surpassed. @param targets by performance, SI units
    static Specification reaching(const std::vector<Performance>& performances,
                                  const std::vector<double>& targets) {
        Specification specification;
        for (std::size_t p = 0; p < performances.size(); ++p)
            specification.requirements.push_back(Requirement::reaching(performances[p], targets[p]));
        return specification;
    }

    /// Null where the performance is not named.
    const Requirement* find(Performance performance) const;
    std::vector<Performance> performances() const;
    bool asksForAnything() const;
    bool isPinned(std::size_t variable) const;

    bool operator==(const Specification&) const = default;
};

/// Errors, BadInput: a requirement without a value in it, a performance named twice, limits that are not
/// numbers, a weight that is not positive, ranges of input or output that end below their beginning, no more
/// than zero asked of what is always above it (powers, frequencies, rates).
Result<void> checkSpecification(const Specification& specification);

/// Performances whose target lies outside of a model's ranges, so that proposals extrapolate.
/// @param ranges by the specification's requirements, as SizingModel::performanceRanges()
std::vector<Performance> extrapolated(const Specification& specification,
                                      const std::vector<std::pair<double, double>>& ranges);

/// How far a value lies from its target: (value - target) / scale, where scale is |target|, for voltages at
/// least a tenth of the supply (they may be zero).
double relativeDifference(Performance performance, double value, double target, double supplyVoltage);

/// The requirement with its limits moved outwards by a relative @p shortfall.
Requirement loosened(const Requirement& requirement, double shortfall, double supplyVoltage);

/// How far a set of performances misses a specification.
struct Shortfall {
    double worst = 0;    ///< of any requirement, relative
    double weighted = 0; ///< the same with each multiplied by its weight
};

/// @param values by the specification's requirements, SI units
Shortfall shortfallOf(const Specification& specification, const std::vector<double>& values,
                      double supplyVoltage);

/// The same of a simulation; NaN where a performance that is asked for is missing.
Shortfall shortfallOf(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage);

} // namespace headroom::sizing
