#pragma once

#include <QString>

#include <memory>
#include <vector>

#include "widgets/common/plot_view.h"
#include "widgets/sizing/histogram.h"

namespace headroom::sizing {
class DesignSpace;
struct PaperReport;
} // namespace headroom::sizing

namespace headroom::widgets {

/// Mean and standard deviation of one device's width over samples for one specification, m.
struct WidthSpread {
    QString device;
    double mean = 0, deviation = 0;
};

/// The figures and the table of the inverse-sizing paper, for the model at hand. Immutable once handed over.
struct ModelReport {
    QString caption;            ///< "One sample for each of 111 held-out targets: ..."
    std::vector<PlotBox> boxes; ///< relative differences in per cent, by performance
    QString samplesCaption;     ///< "100 samples for data row 450"
    std::vector<HistogramData> performances, widths;
    std::vector<WidthSpread> spreads; ///< by device, in file order
};

std::shared_ptr<const ModelReport> modelReport(const sizing::PaperReport& report,
                                               const sizing::DesignSpace& space);

} // namespace headroom::widgets
