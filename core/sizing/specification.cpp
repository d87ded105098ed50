#include "core/sizing/specification.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/sizing/normalisation.h"

namespace headroom::sizing {
namespace {

/// What a relative difference of 1 means.
double scaleOf(Performance performance, double target, double supplyVoltage) {
    const bool isVoltage = std::string_view(simulation::info(performance).unit) == "V";
    const double smallest = isVoltage ? 0.1 * supplyVoltage : std::numeric_limits<double>::min();
    return std::max(std::abs(target), smallest);
}

/// The least that an interval's upper end can be, against the most that its lower end can be.
Result<void> checkInterval(const Specification& specification, Performance low, Performance high,
                           const char* what) {
    const Requirement* lower = specification.find(low);
    const Requirement* upper = specification.find(high);
    if (lower == nullptr || upper == nullptr) return {};
    if (!lower->hasMinimum() || !upper->hasMaximum() || lower->minimum < upper->maximum) return {};
    return fail(ErrorCode::BadInput,
                fmt::format("The specification contradicts itself: the {} would end at {} or below and begin "
                            "at {} or above.",
                            what, formatQuantity(upper->maximum, "V"), formatQuantity(lower->minimum, "V")));
}

} // namespace

double Requirement::target() const {
    if (isFree()) return std::numeric_limits<double>::quiet_NaN();
    if (!hasMaximum()) return minimum;
    if (!hasMinimum()) return maximum;
    if (isLogarithmic(performance) && minimum > 0) return std::sqrt(minimum * maximum);
    return 0.5 * (minimum + maximum);
}

double Requirement::shortfall(double value, double supplyVoltage) const {
    if (std::isnan(value)) return isFree() ? 0 : value;
    if (value < minimum) return -relativeDifference(performance, value, minimum, supplyVoltage);
    if (value > maximum) return relativeDifference(performance, value, maximum, supplyVoltage);
    return 0;
}

const Requirement* Specification::find(Performance performance) const {
    const auto found = std::find_if(requirements.begin(), requirements.end(),
                                    [&](const Requirement& each) { return each.performance == performance; });
    return found == requirements.end() ? nullptr : &*found;
}

std::vector<Performance> Specification::performances() const {
    std::vector<Performance> result;
    for (const Requirement& requirement : requirements)
        result.push_back(requirement.performance);
    return result;
}

bool Specification::asksForAnything() const {
    return std::any_of(requirements.begin(), requirements.end(),
                       [](const Requirement& requirement) { return !requirement.isFree(); });
}

bool Specification::isPinned(std::size_t variable) const {
    return std::any_of(pinned.begin(), pinned.end(),
                       [&](const PinnedSize& each) { return each.variable == variable; });
}

Result<void> checkSpecification(const Specification& specification) {
    for (const Requirement& requirement : specification.requirements) {
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        if (std::isnan(requirement.minimum) || std::isnan(requirement.maximum)) {
            return fail(ErrorCode::BadInput, fmt::format("A limit of {} is not a number.", info.title));
        }
        if (!(requirement.weight > 0) || !std::isfinite(requirement.weight)) {
            return fail(ErrorCode::BadInput,
                        fmt::format("The weight of {} should be a positive number.", info.title));
        }
        if (requirement.minimum > requirement.maximum) {
            return fail(ErrorCode::BadInput,
                        fmt::format("The specification contradicts itself: {} should be at least {} and at "
                                    "most {}.",
                                    info.title, formatQuantity(requirement.minimum, info.unit),
                                    formatQuantity(requirement.maximum, info.unit)));
        }
        if (isLogarithmic(requirement.performance) && requirement.maximum <= 0) {
            return fail(ErrorCode::BadInput,
                        fmt::format("The specification cannot be met: {} is above zero in every circuit and "
                                    "should be at most {}.",
                                    info.title, formatQuantity(requirement.maximum, info.unit)));
        }
        if (specification.find(requirement.performance) != &requirement)
            return fail(ErrorCode::BadInput, fmt::format("{} is asked for twice.", info.title));
    }
    if (auto fits = checkInterval(specification, Performance::IcmrMin, Performance::IcmrMax,
                                  "input common-mode range");
        !fits) {
        return fits;
    }
    return checkInterval(specification, Performance::VoutMin, Performance::VoutMax, "output swing");
}

std::vector<Performance> extrapolated(const Specification& specification,
                                      const std::vector<std::pair<double, double>>& ranges) {
    std::vector<Performance> outside;
    for (std::size_t r = 0; r < specification.requirements.size() && r < ranges.size(); ++r) {
        const Requirement& requirement = specification.requirements[r];
        if (requirement.isFree()) continue;
        const double slack = 1e-6 * (ranges[r].second - ranges[r].first);
        const double target = requirement.target();
        if (target < ranges[r].first - slack || target > ranges[r].second + slack)
            outside.push_back(requirement.performance);
    }
    return outside;
}

double relativeDifference(Performance performance, double value, double target, double supplyVoltage) {
    return (value - target) / scaleOf(performance, target, supplyVoltage);
}

Requirement loosened(const Requirement& requirement, double shortfall, double supplyVoltage) {
    Requirement result = requirement;
    if (result.hasMinimum())
        result.minimum -= shortfall * scaleOf(result.performance, result.minimum, supplyVoltage);
    if (result.hasMaximum())
        result.maximum += shortfall * scaleOf(result.performance, result.maximum, supplyVoltage);
    return result;
}

Shortfall shortfallOf(const Specification& specification, const std::vector<double>& values,
                      double supplyVoltage) {
    Shortfall shortfall;
    for (std::size_t r = 0; r < specification.requirements.size(); ++r) {
        const Requirement& requirement = specification.requirements[r];
        const double own = requirement.shortfall(values[r], supplyVoltage);
        if (std::isnan(own)) return {own, own};
        shortfall.worst = std::max(shortfall.worst, own);
        shortfall.weighted = std::max(shortfall.weighted, requirement.weight * own);
    }
    return shortfall;
}

Shortfall shortfallOf(const Specification& specification, const simulation::Evaluation& evaluation,
                      double supplyVoltage) {
    constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
    if (!evaluation.ok()) return {kMissing, kMissing};
    std::vector<double> values;
    for (const Requirement& requirement : specification.requirements) {
        const auto found = evaluation.performances.find(requirement.performance);
        values.push_back(found == evaluation.performances.end() ? kMissing : found->second);
    }
    return shortfallOf(specification, values, supplyVoltage);
}

} // namespace headroom::sizing
