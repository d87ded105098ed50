#pragma once

#include <string>

#include "core/sizing/evaluation.h"
#include "core/sizing/exploration.h"

namespace headroom::sizing {

/// Histograms of the simulated performances of all candidates, one panel each, as SVG: the target as a
/// dashed line, the ground truth, if known, as a red star (figure 7 of the inverse-sizing paper).
std::string performanceHistogramsSvg(const Exploration& exploration);

/// Histograms of the device widths of all candidates, one panel per width variable, as SVG.
std::string widthHistogramsSvg(const Exploration& exploration, const DesignSpace& space);

/// Box plot of the relative differences between targets and re-simulated performances, one group per
/// performance and one box per method, as SVG (figure 6 of the inverse-sizing paper).
std::string boxPlotSvg(const EvaluationReport& report);

/// The boxes of that plot, a row for each method and performance.
std::string boxPlotCsv(const EvaluationReport& report);

} // namespace headroom::sizing
