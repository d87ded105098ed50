#include "core/sizing/unit_transistors.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace headroom::sizing {
namespace {

/// Relative difference of numbers that are the same but for rounding.
constexpr double kRounding = 1e-9;

std::size_t multiples(double width, double unit) {
    return static_cast<std::size_t>(std::max(1.0, std::round(width / unit)));
}

/// The legal width on the grid that is nearest to @p width.
std::optional<double> legalUnit(double width, std::span<const MirrorWidth> widths,
                                const std::vector<std::size_t>& counts, const UnitRules& rules) {
    double low = rules.leastWidth, high = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const auto count = static_cast<double>(counts[i]);
        low = std::max(low, widths[i].low / count);
        high = std::min(high, widths[i].high / count);
    }
    if (rules.grid > 0) {
        const double lowest = std::ceil(low / rules.grid * (1 - kRounding));
        const double highest = std::floor(high / rules.grid * (1 + kRounding));
        if (lowest > highest) return std::nullopt;
        return std::clamp(std::round(width / rules.grid), lowest, highest) * rules.grid;
    }
    if (low > high) return std::nullopt;
    return std::clamp(width, low, high);
}

struct Trial {
    UnitTransistors units;
    double error = 0; ///< largest relative change of a width
};

/// @param anchor the transistor that has @p count units
std::optional<Trial> tryUnits(std::span<const MirrorWidth> widths, std::size_t anchor, std::size_t count,
                              const UnitRules& rules) {
    Trial trial;
    const double rough = widths[anchor].value / static_cast<double>(count);
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const MirrorWidth& width : widths) {
        trial.units.counts.push_back(multiples(width.value, rough));
        const double own = width.value / static_cast<double>(trial.units.counts.back());
        least = std::min(least, own);
        most = std::max(most, own);
    }
    // The geometric mean of the extremes has the least largest relative error.
    const double best = widths[anchor].isHeld ? rough : std::sqrt(least * most);
    const auto unit = legalUnit(best, widths, trial.units.counts, rules);
    if (!unit) return std::nullopt;
    const std::size_t fewest = *std::min_element(trial.units.counts.begin(), trial.units.counts.end());
    if (fewest > 1 && *unit < rules.leastWidths * rules.leastWidth * (1 - kRounding)) return std::nullopt;
    trial.units.width = *unit;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        const double made = static_cast<double>(trial.units.counts[i]) * *unit;
        const double error = std::abs(made / widths[i].value - 1);
        if (widths[i].isHeld && error > kRounding) return std::nullopt;
        trial.error = std::max(trial.error, error);
    }
    return trial;
}

/// How many units the transistor with the most has.
std::size_t largestOf(const UnitTransistors& units, std::span<const MirrorWidth> widths) {
    std::size_t largest = 0;
    for (std::size_t i = 0; i < widths.size(); ++i)
        largest = std::max(largest, units.counts[i] * widths[i].copies);
    return largest;
}

} // namespace

std::optional<UnitTransistors> unitTransistors(std::span<const MirrorWidth> widths, const UnitRules& rules) {
    if (widths.empty()) return std::nullopt;
    const auto narrower = [](const MirrorWidth& a, const MirrorWidth& b) {
        return a.isHeld != b.isHeld ? a.isHeld : a.value < b.value;
    };
    const auto anchor =
        static_cast<std::size_t>(std::min_element(widths.begin(), widths.end(), narrower) - widths.begin());
    const double narrowest = std::max(rules.leastWidth, rules.grid) * (1 - kRounding);
    std::vector<Trial> trials;
    for (std::size_t count = 1; count <= std::max<std::size_t>(1, rules.mostUnits); ++count) {
        // More units would be narrower than one may be.
        if (count > 1 && widths[anchor].value / static_cast<double>(count) < narrowest) break;
        auto trial = tryUnits(widths, anchor, count, rules);
        if (!trial) continue;
        if (largestOf(trial->units, widths) > rules.mostUnits && !trials.empty()) break;
        trials.push_back(std::move(*trial));
    }
    if (trials.empty()) return std::nullopt;
    const auto within = [&](double error) {
        return std::find_if(trials.begin(), trials.end(),
                            [&](const Trial& trial) { return trial.error <= error; });
    };
    auto chosen = within(kRounding);
    if (chosen == trials.end()) chosen = within(rules.tolerance);
    if (chosen == trials.end()) {
        chosen = std::min_element(trials.begin(), trials.end(),
                                  [](const Trial& a, const Trial& b) { return a.error < b.error; });
    }
    return chosen->units;
}

} // namespace headroom::sizing
