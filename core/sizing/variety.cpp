#include "core/sizing/variety.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"

namespace headroom::sizing {

VarietyScore scoreVariety(const std::string& model, double temperature, const Exploration& exploration,
                          const DesignSpace& space) {
    VarietyScore score{model, temperature, 0, 0, {}, 0};
    std::vector<double> shortfalls;
    for (const Candidate& candidate : exploration.candidates) {
        const bool isKnown = std::isfinite(candidate.shortfall);
        if (!isKnown) ++score.failed;
        shortfalls.push_back(isKnown ? candidate.shortfall : std::numeric_limits<double>::infinity());
    }
    std::sort(shortfalls.begin(), shortfalls.end());
    // The upper of two middle ones: between a number and infinity there is no mean.
    if (!shortfalls.empty()) score.accuracy = shortfalls[shortfalls.size() / 2];
    for (const auto& [device, variable] : space.deviceWidths()) {
        std::vector<double> widths;
        for (const Candidate& candidate : exploration.candidates)
            widths.push_back(candidate.values[variable]);
        const Summary summary = summarise(widths);
        score.widths.push_back({device, summary.mean, summary.deviation});
        score.variety += summary.deviation / summary.mean / static_cast<double>(space.deviceWidths().size());
    }
    return score;
}

const VarietyScore* mostVaried(const std::vector<VarietyScore>& scores, double accuracy) {
    const VarietyScore* best = nullptr;
    for (const VarietyScore& score : scores) {
        if (score.accuracy <= accuracy && (best == nullptr || score.variety > best->variety)) best = &score;
    }
    return best;
}

std::string varietyCsv(const std::vector<VarietyScore>& scores) {
    CsvTable table;
    table.columns.emplace_back("device");
    for (const VarietyScore& score : scores) {
        const std::string name =
            fmt::format("{} at temperature {}", score.model, formatExact(score.temperature));
        table.columns.push_back(name + " mean");
        table.columns.push_back(name + " deviation");
    }
    const std::size_t devices = scores.empty() ? 0 : scores.front().widths.size();
    for (std::size_t d = 0; d < devices; ++d) {
        std::vector<std::string> cells{scores.front().widths[d].device};
        for (const VarietyScore& score : scores) {
            cells.push_back(formatExact(score.widths[d].mean));
            cells.push_back(formatExact(score.widths[d].deviation));
        }
        table.rows.push_back(std::move(cells));
    }
    return writeCsv(table);
}

} // namespace headroom::sizing
