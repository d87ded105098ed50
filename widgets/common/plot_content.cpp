#include "widgets/common/plot_content.h"

#include <algorithm>

namespace headroom::widgets {
namespace {

std::optional<double> neighbour(const std::vector<double>& positions, double x, int steps) {
    if (positions.empty()) return std::nullopt;
    const auto above = std::lower_bound(positions.begin(), positions.end(), x);
    auto index = above - positions.begin();
    const auto last = static_cast<std::ptrdiff_t>(positions.size()) - 1;
    const bool below = index > last || (index > 0 && x - positions[static_cast<std::size_t>(index - 1)] <
                                                         positions[static_cast<std::size_t>(index)] - x);
    if (below) --index;
    return positions[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(index + steps, 0, last))];
}

} // namespace

QStringList PlotContent::boxCategories() const {
    QStringList names;
    for (const PlotBox& box : boxes) {
        if (!names.contains(box.category)) names << box.category;
    }
    return names;
}

double PlotContent::boxSlot() const {
    constexpr double kShareOfCategory = 0.8;
    return kShareOfCategory / static_cast<double>(std::max<qsizetype>(1, boxSeries().size()));
}

double PlotContent::placeOf(const PlotBox& box) const {
    const QStringList series = boxSeries();
    std::ptrdiff_t beside = 0, before = 0;
    for (const PlotBox& other : boxes) {
        if (other.category != box.category) continue;
        ++beside;
        if (series.indexOf(other.series) < series.indexOf(box.series)) ++before;
    }
    return static_cast<double>(boxCategories().indexOf(box.category)) +
           boxSlot() * (static_cast<double>(before) - static_cast<double>(beside - 1) / 2);
}

QStringList PlotContent::boxSeries() const {
    QStringList names;
    for (const PlotBox& box : boxes) {
        if (!names.contains(box.series)) names << box.series;
    }
    return names;
}

double PlotContent::stackedHeight(std::size_t bin) const {
    double height = 0;
    for (const PlotBars& series : bars) {
        if (bin < series.heights.size()) height += series.heights[bin];
    }
    return height;
}

double PlotContent::middleOfBin(const std::vector<double>& edges, std::size_t bin) const {
    return horizontal.logarithmic ? std::sqrt(edges[bin] * edges[bin + 1])
                                  : (edges[bin] + edges[bin + 1]) / 2;
}

double PlotContent::valueAt(const PlotPoints& curve, double x) const {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const std::size_t count = std::min(curve.x.size(), curve.y.size());
    if (count == 0 || !std::isfinite(x) || x < curve.x.front() || x > curve.x[count - 1]) return kNone;
    const auto end = curve.x.begin() + static_cast<std::ptrdiff_t>(count);
    const auto above = static_cast<std::size_t>(std::lower_bound(curve.x.begin(), end, x) - curve.x.begin());
    if (above >= count) return kNone;
    if (curve.x[above] == x || above == 0) return curve.y[above];
    const bool logarithmicX = horizontal.logarithmic && curve.x[above - 1] > 0;
    const auto along = [&](double value) { return logarithmicX ? std::log(value) : value; };
    const double low = along(curve.x[above - 1]), high = along(curve.x[above]);
    const double share = high > low ? (along(x) - low) / (high - low) : 0;
    const double from = curve.y[above - 1], to = curve.y[above];
    if (vertical.logarithmic && from > 0 && to > 0) return from * std::pow(to / from, share);
    return from + (to - from) * share;
}

std::optional<double> PlotContent::symbolNear(double x, int steps) const {
    for (const PlotPoints& curve : points) {
        if (curve.connected && curve.symbols && !curve.x.empty()) return neighbour(curve.x, x, steps);
    }
    return std::nullopt;
}

std::optional<double> PlotContent::pointNear(double x, int steps) const {
    for (const PlotPoints& curve : points) {
        if (curve.connected && curve.x.size() > 1) return neighbour(curve.x, x, steps);
    }
    return std::nullopt;
}

} // namespace headroom::widgets
