#pragma once

#include <vector>

#include "widgets/sizing/exploration_data.h"
#include "widgets/sizing/histogram.h"

namespace headroom::widgets {

/// One histogram per performance, with limits and ground truth. @param predicted by candidate
std::vector<HistogramData> performanceHistograms(const ExplorationData& data,
                                                 const std::vector<bool>& predicted);

/// One histogram per device width. @param predicted by candidate
std::vector<HistogramData> widthHistograms(const ExplorationData& data, const std::vector<bool>& predicted);

} // namespace headroom::widgets
