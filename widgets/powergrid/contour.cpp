#include "widgets/powergrid/contour.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headroom::widgets {
namespace {

/// The square whose corners are the centres of the cells from (x, y) to (x + 1, y + 1).
struct Square {
    int x, y;
    std::array<double, 4> values; ///< counterclockwise from the lower left
    double level;

    // Edges: 0 lower, 1 right, 2 upper, 3 left.
    QPointF crossing(int edge) const {
        const auto from = static_cast<std::size_t>(edge);
        const double a = values[from], b = values[(from + 1) % 4];
        const double share = (level - a) / (b - a);
        const double left = x + 0.5, low = y + 0.5;
        switch (edge) {
        case 0:
            return {left + share, low};
        case 1:
            return {left + 1, low + share};
        case 2:
            return {left + 1 - share, low + 1};
        default:
            return {left, low + 1 - share};
        }
    }

    void addTo(std::vector<QLineF>& lines) const {
        std::array<int, 4> crossed{};
        std::size_t count = 0;
        for (int edge = 0; edge < 4; ++edge) {
            const auto from = static_cast<std::size_t>(edge);
            if ((values[from] > level) != (values[(from + 1) % 4] > level)) crossed[count++] = edge;
        }
        if (count == 2) {
            lines.emplace_back(crossing(crossed[0]), crossing(crossed[1]));
        } else if (count == 4) {
            // A saddle: the mean decides which corners hang together.
            const double mean = (values[0] + values[1] + values[2] + values[3]) / 4;
            const bool lowerLeftApart = (mean > level) != (values[0] > level);
            lines.emplace_back(crossing(0), crossing(lowerLeftApart ? 3 : 1));
            lines.emplace_back(crossing(2), crossing(lowerLeftApart ? 1 : 3));
        }
    }
};

} // namespace

std::vector<QLineF> contourOf(const HeatMapData& map, double level) {
    std::vector<QLineF> lines;
    if (!map.isPresent() || !std::isfinite(level)) return lines;
    const auto limit = static_cast<float>(level);
    for (int x = 0; x + 1 < map.width; ++x) {
        const float* left = map.values->data() + map.indexOf(x, 0);
        const float* right = left + map.height;
        for (int y = 0; y + 1 < map.height; ++y) {
            const int above = int{left[y] > limit} + int{right[y] > limit} + int{right[y + 1] > limit} +
                              int{left[y + 1] > limit};
            if (above == 0 || above == 4) continue;
            const Square square{x,
                                y,
                                {static_cast<double>(left[y]), static_cast<double>(right[y]),
                                 static_cast<double>(right[y + 1]), static_cast<double>(left[y + 1])},
                                static_cast<double>(limit)};
            if (std::all_of(square.values.begin(), square.values.end(),
                            [](double value) { return std::isfinite(value); }))
                square.addTo(lines);
        }
    }
    return lines;
}

std::size_t cellsAbove(const HeatMapData& map, double level) {
    if (!map.isPresent()) return 0;
    const auto limit = static_cast<float>(level);
    return static_cast<std::size_t>(std::count_if(map.values->begin(), map.values->end(),
                                                  [limit](float value) { return value > limit; }));
}

std::vector<WorstPlace> highestPlaces(const HeatMapData& map, std::size_t count, double apart, double least) {
    std::vector<WorstPlace> found;
    if (!map.isPresent() || count == 0) return found;
    struct Peak {
        float value;
        int x, y;
    };
    std::vector<Peak> peaks;
    for (int x = 0; x < map.width; ++x) {
        for (int y = 0; y < map.height; ++y) {
            const float value = map.at(x, y);
            if (!std::isfinite(value) || static_cast<double>(value) < least) continue;
            bool highest = true;
            for (int nx = std::max(0, x - 1); highest && nx <= std::min(map.width - 1, x + 1); ++nx)
                for (int ny = std::max(0, y - 1); ny <= std::min(map.height - 1, y + 1); ++ny)
                    if (map.at(nx, ny) > value) highest = false;
            if (highest) peaks.push_back({value, x, y});
        }
    }
    // Of a plateau's cells the first one in reading order stands for all: the sort is stable.
    std::stable_sort(peaks.begin(), peaks.end(),
                     [](const Peak& a, const Peak& b) { return a.value > b.value; });
    for (const Peak& peak : peaks) {
        const QPointF centre(peak.x + 0.5, peak.y + 0.5);
        const bool isFree = std::none_of(found.begin(), found.end(), [&](const WorstPlace& other) {
            return std::hypot(other.um.x() - centre.x(), other.um.y() - centre.y()) < apart;
        });
        if (isFree) found.push_back({centre, static_cast<double>(peak.value)});
        if (found.size() == count) break;
    }
    return found;
}

} // namespace headroom::widgets
