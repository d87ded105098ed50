#include "widgets/sizing/exploration_histograms.h"

#include <limits>

#include "widgets/sizing/candidate_samples.h"
#include "widgets/sizing/sizing_view.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Quantity { Performance, Width };

/// One quantity of all candidates; excluded ones are left out.
std::vector<double> valuesOf(const ExplorationData& data, Quantity quantity, std::size_t index) {
    std::vector<double> values;
    values.reserve(data.candidates.size());
    for (const CandidateRow& row : data.candidates) {
        const std::vector<double>& source = quantity == Quantity::Performance ? row.performances : row.widths;
        values.push_back(row.excluded || index >= source.size() ? kNaN : source[index]);
    }
    return values;
}

} // namespace

std::vector<HistogramData> performanceHistograms(const ExplorationData& data,
                                                 const std::vector<bool>& predicted) {
    std::vector<HistogramData> histograms;
    for (std::size_t index = 0; index < data.performances.size(); ++index) {
        const simulation::PerformanceInfo& info = simulation::info(data.performances[index]);
        HistogramData histogram;
        histogram.key = QString::fromLatin1(info.name);
        histogram.title = QString::fromUtf8(info.title);
        histogram.symbol = QString::fromUtf8(info.symbol);
        histogram.definition =
            QStringLiteral("%1 (%2): %3")
                .arg(histogram.title, histogram.symbol, QString::fromUtf8(info.definition));
        histogram.unit = QString::fromUtf8(info.unit);
        histogram.values = valuesOf(data, Quantity::Performance, index);
        histogram.predicted = predicted;
        if (index < data.requirements.size()) {
            histogram.minimum = data.requirements[index].lowerLimit();
            histogram.maximum = data.requirements[index].upperLimit();
        }
        if (data.truthPerformances && index < data.truthPerformances->size())
            histogram.truth = (*data.truthPerformances)[index];
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

std::vector<HistogramData> widthHistograms(const ExplorationData& data, const std::vector<bool>& predicted) {
    std::vector<HistogramData> histograms;
    for (std::size_t index = 0; index < data.widthNames.size(); ++index) {
        HistogramData histogram;
        // Where the variables are not known, the widths themselves are the samples' columns.
        histogram.key =
            index < data.widthKeys.size() ? data.widthKeys[index] : widthKey(data.widthNames[index]);
        histogram.title = SizingView::tr("W of %1").arg(data.widthNames[index]);
        histogram.definition =
            SizingView::tr("Channel width of %1, snapped to the grid").arg(data.widthNames[index]);
        histogram.unit = QStringLiteral("m");
        histogram.values = valuesOf(data, Quantity::Width, index);
        histogram.predicted = predicted;
        if (data.truthWidths && index < data.truthWidths->size())
            histogram.truth = (*data.truthWidths)[index];
        histograms.push_back(std::move(histogram));
    }
    return histograms;
}

} // namespace headroom::widgets
