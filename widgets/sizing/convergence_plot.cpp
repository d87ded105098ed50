#include "widgets/sizing/convergence_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCoreApplication>

#include "widgets/common/plot_view.h"
#include "widgets/sizing/exploration_data.h"

namespace headroom::widgets {
namespace {

constexpr double kPercent = 100;
/// Candidates that are off by more than most do not decide what the axis spans.
constexpr double kShownShare = 0.9;
constexpr double kLeastSpan = 2 * kNearlyMetTolerance * kPercent;

QString words(const char* text) {
    return QCoreApplication::translate("ConvergencePlot", text);
}

struct Convergence {
    std::vector<double> simulations, shortfalls; ///< percent, of those that have one
    std::vector<double> steps, least;            ///< percent, after every simulation
};

Convergence convergenceOf(const ExplorationData& data) {
    Convergence result;
    double least = std::numeric_limits<double>::quiet_NaN();
    for (const CandidateRow& row : data.candidates) {
        if (row.status == CandidateStatus::Predicted) continue;
        result.steps.push_back(static_cast<double>(result.steps.size() + 1));
        if (row.status != CandidateStatus::NoResult && std::isfinite(row.shortfall)) {
            const double percent = kPercent * std::max(0.0, row.shortfall);
            result.simulations.push_back(result.steps.back());
            result.shortfalls.push_back(percent);
            least = std::fmin(least, percent);
        }
        result.least.push_back(least);
    }
    return result;
}

double shownSpan(std::vector<double> shortfalls) {
    if (shortfalls.empty()) return kLeastSpan;
    const auto place = static_cast<std::ptrdiff_t>(kShownShare * static_cast<double>(shortfalls.size() - 1));
    std::nth_element(shortfalls.begin(), shortfalls.begin() + place, shortfalls.end());
    return std::max(kLeastSpan, shortfalls[static_cast<std::size_t>(place)]);
}

} // namespace

void plotConvergence(PlotView& plot, const ExplorationData* data) {
    plot.clear();
    PlotAxis across{words("Simulations"), {}};
    across.wholeNumbers = true;
    PlotAxis up{words("Worst shortfall"), QStringLiteral("%")};
    if (data != nullptr) {
        const Convergence convergence = convergenceOf(*data);
        across.extent = {0.0, static_cast<double>(convergence.steps.size()) + 1};
        const double span = shownSpan(convergence.shortfalls);
        // A little below nothing, so that candidates without a shortfall do not lie on the axis.
        up.extent = {-0.04 * span, span};
        plot.setAxes(across, up);
        plot.setLegendVisible(true);
        plot.addPoints(
            {words("candidates"), convergence.simulations, convergence.shortfalls, ColorRole::Simulated});
        plot.addPoints({words("least so far"), convergence.steps, convergence.least, ColorRole::Curve, true});
        PlotLine near;
        near.position = kPercent * kNearlyMetTolerance;
        near.orientation = Qt::Horizontal;
        near.name = words("nearly met");
        near.labelled = true;
        near.thin = true;
        near.goodSide = PlotLine::GoodSide::Below;
        plot.addLine(near);
    }
    plot.refresh();
}

} // namespace headroom::widgets
