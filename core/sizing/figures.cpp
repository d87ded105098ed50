#include "core/sizing/figures.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"
#include "core/base/svg.h"

namespace headroom::sizing {
namespace {

constexpr double kPanelWidth = 260, kPanelHeight = 190;
constexpr double kPlotLeft = 20, kPlotRight = 20, kPlotTop = 34, kPlotBottom = 56;
constexpr const char* kBarColour = "#4477aa";
constexpr const char* kTargetColour = "#222222";
constexpr const char* kTruthColour = "#cc3311";
constexpr const char* kGridColour = "#dddddd";
constexpr std::array<const char*, 4> kMethodColours{"#4477aa", "#ee7733", "#009988", "#aa3377"};

/// One histogram with its marks.
struct HistogramPanel {
    std::string title;
    std::string unit;
    std::vector<double> values;
    std::vector<double> limits;
    std::optional<double> truth;
};

void drawHistogram(SvgDocument& svg, double left, double top, const HistogramPanel& panel) {
    const double width = kPanelWidth - kPlotLeft - kPlotRight;
    const double height = kPanelHeight - kPlotTop - kPlotBottom;
    const double x0 = left + kPlotLeft;
    const double base = top + kPlotTop + height;
    svg.text(left + kPanelWidth / 2, top + 18, panel.title, 13, SvgDocument::Anchor::Middle, "#222222", true);

    std::vector<double> marks = panel.limits;
    if (panel.truth) marks.push_back(*panel.truth);
    const Histogram histogram = makeHistogram(panel.values, marks);
    const auto toX = [&](double value) {
        return x0 + (value - histogram.low) / (histogram.high - histogram.low) * width;
    };
    const double tallest = static_cast<double>(
        std::max<std::size_t>(1, *std::max_element(histogram.counts.begin(), histogram.counts.end())));
    const double bin = width / static_cast<double>(histogram.counts.size());
    for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
        const double bar = static_cast<double>(histogram.counts[i]) / tallest * height;
        svg.rectangle(x0 + static_cast<double>(i) * bin + 0.5, base - bar, bin - 1, bar, kBarColour);
    }
    svg.line(x0, base, x0 + width, base, "#555555");
    for (const double tick : niceTicks(histogram.low, histogram.high, 3)) {
        svg.line(toX(tick), base, toX(tick), base + 4, "#555555");
        svg.text(toX(tick), base + 16, formatQuantity(tick, panel.unit, 3), 10, SvgDocument::Anchor::Middle);
    }
    for (const double limit : panel.limits)
        svg.line(toX(limit), base, toX(limit), top + kPlotTop - 4, kTargetColour, 1.5, true);
    if (panel.truth) svg.star(toX(*panel.truth), top + kPlotTop - 2, 7, kTruthColour);
    const Summary summary = summarise(panel.values);
    svg.text(left + kPanelWidth / 2, base + 32,
             fmt::format("n {} \u00b7 mean {} \u00b7 \u03c3 {}", summary.count,
                         formatQuantity(summary.mean, panel.unit, 4),
                         formatQuantity(summary.deviation, panel.unit, 3)),
             10, SvgDocument::Anchor::Middle, "#555555");
    svg.text(left + kPanelWidth / 2, base + 46,
             fmt::format("{} \u2026 {} \u2026 {}", formatQuantity(summary.minimum, panel.unit, 3),
                         formatQuantity(summary.median, panel.unit, 3),
                         formatQuantity(summary.maximum, panel.unit, 3)),
             10, SvgDocument::Anchor::Middle, "#555555");
}

std::string drawPanels(const std::vector<HistogramPanel>& panels, const std::string& heading) {
    const int columns = std::clamp(static_cast<int>(panels.size()), 1, 5);
    const int rows = (static_cast<int>(panels.size()) + columns - 1) / columns;
    SvgDocument svg(columns * kPanelWidth, 40 + rows * kPanelHeight);
    svg.text(14, 25, heading, 15, SvgDocument::Anchor::Start, "#222222", true);
    for (std::size_t i = 0; i < panels.size(); ++i) {
        const auto index = static_cast<int>(i);
        drawHistogram(svg, index % columns * kPanelWidth, 40 + index / columns * kPanelHeight, panels[i]);
    }
    return svg.toString();
}

/// Splits a title at the space nearest to its middle.
std::pair<std::string, std::string> inTwoLines(const std::string& title) {
    std::size_t best = std::string::npos;
    const auto middle = static_cast<double>(title.size()) / 2;
    for (std::size_t at = title.find(' '); at != std::string::npos; at = title.find(' ', at + 1)) {
        const auto distance = [&](std::size_t position) {
            return std::abs(static_cast<double>(position) - middle);
        };
        if (best == std::string::npos || distance(at) < distance(best)) best = at;
    }
    if (best == std::string::npos) return {title, {}};
    return {title.substr(0, best), title.substr(best + 1)};
}

} // namespace

std::string performanceHistogramsSvg(const Exploration& exploration) {
    std::vector<HistogramPanel> panels;
    for (const Requirement& requirement : exploration.specification.requirements) {
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        HistogramPanel panel{info.title, info.unit, {}, {}, std::nullopt};
        if (requirement.hasMinimum()) panel.limits.push_back(requirement.minimum);
        if (requirement.hasMaximum()) panel.limits.push_back(requirement.maximum);
        if (exploration.groundTruth) panel.truth = exploration.groundTruth->performances[panels.size()];
        for (const Candidate& candidate : exploration.candidates) {
            const auto found = candidate.evaluation.performances.find(info.performance);
            if (candidate.evaluation.ok() && found != candidate.evaluation.performances.end()) {
                panel.values.push_back(found->second);
            }
        }
        panels.push_back(std::move(panel));
    }
    return drawPanels(
        panels, fmt::format("Simulated performances of {} proposed sizings (dashed: limits, star: ground "
                            "truth)",
                            exploration.candidates.size()));
}

std::string widthHistogramsSvg(const Exploration& exploration, const DesignSpace& space) {
    std::vector<HistogramPanel> panels;
    for (std::size_t v = 0; v < space.size(); ++v) {
        const Variable& variable = space.variables()[v];
        if (variable.parameter != "w") continue;
        HistogramPanel panel{variable.name, variable.unit, {}, {}, std::nullopt};
        if (exploration.groundTruth) panel.truth = exploration.groundTruth->values[v];
        for (const Candidate& candidate : exploration.candidates)
            panel.values.push_back(candidate.values[v]);
        panels.push_back(std::move(panel));
    }
    const auto simulated =
        std::count_if(exploration.candidates.begin(), exploration.candidates.end(),
                      [](const Candidate& candidate) { return std::isfinite(candidate.shortfall); });
    return drawPanels(panels,
                      fmt::format("{} of {} proposed sizings reached all performances in simulation (star: "
                                  "ground truth)",
                                  simulated, exploration.candidates.size()));
}

std::string boxPlotSvg(const EvaluationReport& report) {
    const double group = 120;
    const double left = 70;
    const double top = 60;
    const double height = 300;
    const double width = group * static_cast<double>(report.performances.size());
    double reach = 0.1;
    for (const MethodScore& method : report.methods) {
        for (const Quartiles& q : method.relativeDifferences) {
            if (std::isfinite(q.median))
                reach = std::max({reach, std::abs(q.lowWhisker), std::abs(q.highWhisker)});
        }
    }
    reach = std::min(reach, 1.5) * 1.05;
    SvgDocument svg(left + width + 20, top + height + 72);
    const auto toY = [&](double value) {
        return top + height / 2 * (1 - std::clamp(value / reach, -1.0, 1.0));
    };
    svg.text(14, 25,
             fmt::format("Relative difference between target and simulated performance, {} held-out targets",
                         report.targets),
             15, SvgDocument::Anchor::Start, "#222222", true);
    for (const double tick : niceTicks(-reach, reach, 8)) {
        svg.line(left, toY(tick), left + width, toY(tick), tick == 0 ? "#555555" : kGridColour);
        svg.text(left - 6, toY(tick) + 4, fmt::format("{:.0f} %", 100 * tick), 11, SvgDocument::Anchor::End);
    }
    const double slot = 0.8 * group / static_cast<double>(std::max<std::size_t>(1, report.methods.size()));
    for (std::size_t p = 0; p < report.performances.size(); ++p) {
        const double groupLeft = left + static_cast<double>(p) * group + 0.1 * group;
        const auto [first, second] = inTwoLines(simulation::info(report.performances[p]).title);
        svg.text(groupLeft + 0.4 * group, top + height + 18, first, 11, SvgDocument::Anchor::Middle);
        svg.text(groupLeft + 0.4 * group, top + height + 32, second, 11, SvgDocument::Anchor::Middle);
        for (std::size_t m = 0; m < report.methods.size(); ++m) {
            const Quartiles& q = report.methods[m].relativeDifferences[p];
            if (!std::isfinite(q.median)) continue;
            const char* colour = kMethodColours[m % kMethodColours.size()];
            const double x = groupLeft + static_cast<double>(m) * slot;
            svg.line(x + slot / 2, toY(q.lowWhisker), x + slot / 2, toY(q.highWhisker), colour);
            svg.rectangle(x + 2, toY(q.upper), slot - 4, std::max(1.0, toY(q.lower) - toY(q.upper)),
                          "#ffffff", colour);
            svg.line(x + 2, toY(q.median), x + slot - 2, toY(q.median), colour, 2);
        }
    }
    for (std::size_t m = 0; m < report.methods.size(); ++m) {
        const double x = left + static_cast<double>(m) * 150;
        svg.rectangle(x, top + height + 46, 12, 12, kMethodColours[m % kMethodColours.size()]);
        svg.text(x + 18, top + height + 57, report.methods[m].name, 12);
    }
    return svg.toString();
}

std::string boxPlotCsv(const EvaluationReport& report) {
    CsvTable table;
    table.columns = {"method", "performance",    "low_whisker", "lower_quartile",
                     "median", "upper_quartile", "high_whisker"};
    for (const MethodScore& method : report.methods) {
        for (std::size_t p = 0; p < report.performances.size(); ++p) {
            const Quartiles& q = method.relativeDifferences[p];
            std::vector<std::string> cells{method.name, simulation::info(report.performances[p]).name};
            const auto numbers = numberCells({q.lowWhisker, q.lower, q.median, q.upper, q.highWhisker});
            cells.insert(cells.end(), numbers.begin(), numbers.end());
            table.rows.push_back(std::move(cells));
        }
    }
    return writeCsv(table);
}

} // namespace headroom::sizing
