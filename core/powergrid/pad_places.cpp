#include "core/powergrid/pad_places.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include <Eigen/LU>
#include <fmt/format.h>

#include "core/base/csv.h"
#include "core/base/file.h"

namespace headroom::powergrid {
namespace {

/// A pad's nearest pixel is no farther off than half a diagonal, and the effective distance is less still.
/// Some more for rounding.
constexpr double kNear = 0.72;
/// Pixels around a pad, on each side, whose circles place it.
constexpr std::ptrdiff_t kReach = 2;
/// Neighbouring pads' shares are known only once these are placed: rounds go on until no pad moves any more,
/// um.
constexpr double kSettled = 1e-7;
constexpr int kRounds = 50;
/// Distances to other pads are looked at on so many pixels and pads at most.
constexpr std::size_t kChecks = 20'000'000;
/// Mean error of a map of distances, by its mean, above which it is not one; after the first round, and in
/// the end. Of another kind of map every ninth pixel may look like a pad, and rounds would take hours.
constexpr double kRoughTolerance = 0.1, kTolerance = 0.01;
constexpr std::size_t kMostPads = 4000;

double inverseSum(const std::vector<PadPlace>& pads, double x, double y, std::size_t leftOut) {
    double sum = 0;
    for (std::size_t i = 0; i < pads.size(); ++i) {
        if (i == leftOut) continue;
        const double u = pads[i].x - x, v = pads[i].y - y;
        sum += 1 / std::sqrt(u * u + v * v); // several times as fast as hypot()
    }
    return sum;
}

double effectiveDistance(const std::vector<PadPlace>& pads, double x, double y) {
    return 1 / inverseSum(pads, x, y, pads.size());
}

bool isMinimum(const Map& map, std::size_t row, std::size_t column) {
    const double value = map(row, column);
    for (std::size_t i = row - std::min<std::size_t>(row, 1); i <= std::min(row + 1, map.rows - 1); ++i)
        for (std::size_t j = column - std::min<std::size_t>(column, 1);
             j <= std::min(column + 1, map.columns - 1); ++j) {
            if (i == row && j == column) continue;
            // Of pixels that are equally near, the first stands for the pad.
            const bool isEarlier = i < row || (i == row && j < column);
            if (map(i, j) < value || (isEarlier && map(i, j) == value)) return false;
        }
    return true;
}

/// Where circles around pixels near a pad meet: |p - c|^2 = d^2 is linear in p and |p|^2.
class Circles {
public:
    Circles(double x, double y)
        : m_x(x)
        , m_y(y) {}

    void add(double x, double y, double distance) {
        // From the nearest pixel, so that squares keep their digits; near circles count more.
        const double u = x - m_x, v = y - m_y, weight = 1 / (0.1 + distance * distance);
        const Eigen::Vector3d row(2 * u, 2 * v, -1);
        m_matrix += weight * row * row.transpose();
        m_right += weight * (u * u + v * v - distance * distance) * row;
    }

    /// Least squares; the nearest pixel where the circles do not tell.
    PadPlace meet() const {
        const Eigen::Vector3d place = m_matrix.fullPivLu().solve(m_right);
        const bool isNear = std::hypot(place[0], place[1]) <= kReach; // false for NaN
        return isNear ? PadPlace{m_x + place[0], m_y + place[1]} : PadPlace{m_x, m_y};
    }

private:
    double m_x, m_y;
    Eigen::Matrix3d m_matrix = Eigen::Matrix3d::Zero();
    Eigen::Vector3d m_right = Eigen::Vector3d::Zero();
};

class PadFinder {
public:
    PadFinder(const Map& distances, JobContext& context)
        : m_map(distances)
        , m_context(context) {}

    Result<std::vector<PadPlace>> find() {
        for (std::size_t at = 0; at < m_map.values.size(); ++at)
            if (!std::isfinite(m_map.values[at]) || m_map.values[at] < 0)
                return fail(ErrorCode::BadInput,
                            fmt::format("The map of distances holds {} at row {}, column {}: no distance.",
                                        m_map.values[at], at / m_map.columns + 1, at % m_map.columns + 1));
        for (std::size_t row = 0; row < m_map.rows; ++row)
            for (std::size_t column = 0; column < m_map.columns; ++column)
                if (m_map(row, column) <= kNear && isMinimum(m_map, row, column))
                    m_pixels.push_back({static_cast<double>(row), static_cast<double>(column)});
        if (m_pixels.empty())
            return fail(ErrorCode::BadInput,
                        fmt::format("No pads can be recovered: the map of distances has no place nearer than "
                                    "{} um to one.",
                                    kNear));
        if (m_pixels.size() > kMostPads) return failUnexplained();
        m_pads = m_pixels;
        double moved = std::numeric_limits<double>::infinity();
        for (int round = 0; round < kRounds && moved > kSettled; ++round) {
            moved = 0;
            for (std::size_t i = 0; i < m_pads.size(); ++i) {
                if (m_context.cancelled()) return failCancelled();
                const PadPlace place = placed(i);
                moved = std::max(moved, std::hypot(place.x - m_pads[i].x, place.y - m_pads[i].y));
                m_pads[i] = place;
            }
            if (round == 0)
                if (const auto checked = check(kRoughTolerance); !checked) return forward(checked);
        }
        if (const auto checked = check(kTolerance); !checked) return forward(checked);
        return m_pads;
    }

private:
    PadPlace placed(std::size_t pad) const {
        Circles circles(m_pixels[pad].x, m_pixels[pad].y);
        const auto row = static_cast<std::ptrdiff_t>(m_pixels[pad].x),
                   column = static_cast<std::ptrdiff_t>(m_pixels[pad].y);
        for (std::ptrdiff_t i = std::max<std::ptrdiff_t>(row - kReach, 0);
             i <= std::min(row + kReach, static_cast<std::ptrdiff_t>(m_map.rows) - 1); ++i)
            for (std::ptrdiff_t j = std::max<std::ptrdiff_t>(column - kReach, 0);
                 j <= std::min(column + kReach, static_cast<std::ptrdiff_t>(m_map.columns) - 1); ++j) {
                const double x = static_cast<double>(i), y = static_cast<double>(j);
                const double own = 1 / m_map(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) -
                                   inverseSum(m_pads, x, y, pad);
                if (own > 0) circles.add(x, y, 1 / own);
            }
        return circles.meet();
    }

    /// Whether the pads explain the map but for a part of its mean.
    Result<void> check(double tolerance) const {
        const std::size_t pixels = m_map.values.size();
        const std::size_t step = 1 + pixels * m_pads.size() / kChecks;
        double error = 0, mean = 0;
        for (std::size_t at = 0; at < pixels; at += step) {
            if (m_context.cancelled()) return failCancelled();
            const std::size_t row = at / m_map.columns, column = at % m_map.columns;
            const double found =
                effectiveDistance(m_pads, static_cast<double>(row), static_cast<double>(column));
            error += std::abs(found - m_map.values[at]);
            mean += m_map.values[at];
        }
        if (!(error <= tolerance * mean)) return failUnexplained();
        return {};
    }

    tl::unexpected<Error> failUnexplained() const {
        return fail(ErrorCode::BadInput,
                    fmt::format("No pads can be recovered: the map of distances is none of effective "
                                "distances to the {} places where it is least; a CSV of pads is needed.",
                                m_pixels.size()));
    }

    const Map& m_map;
    JobContext& m_context;
    std::vector<PadPlace> m_pixels, m_pads;
};

Result<double> coordinate(const std::string& cell, const std::string& file, int line) {
    double value = 0;
    const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (problem != std::errc() || end != cell.data() + cell.size() || !std::isfinite(value))
        return failAt(ErrorCode::BadInput, file, line,
                      fmt::format("\"{}\" is no coordinate of a pad.", cell));
    return value;
}

} // namespace

Result<std::vector<PadPlace>> parsePads(std::string_view text, const std::string& fileName) {
    const auto table = parseCsv(text, fileName);
    if (!table) return forward(table);
    const auto x = table->column("x"), y = table->column("y");
    if (!x || !y) return failAt(ErrorCode::BadInput, fileName, 1, "A table of pads has the columns x and y.");
    std::vector<PadPlace> pads;
    for (std::size_t row = 0; row < table->rows.size(); ++row) {
        const auto atX = coordinate(table->rows[row][*x], fileName, table->lines[row]),
                   atY = coordinate(table->rows[row][*y], fileName, table->lines[row]);
        if (!atX) return forward(atX);
        if (!atY) return forward(atY);
        pads.push_back({*atX, *atY});
    }
    if (pads.empty()) return failAt(ErrorCode::BadInput, fileName, 1, "The table has no pads.");
    return pads;
}

Result<std::vector<PadPlace>> readPads(const std::filesystem::path& path) {
    const auto text = readFile(path);
    if (!text) return forward(text);
    return parsePads(*text, path.string());
}

Map effectiveDistances(std::size_t rows, std::size_t columns, const std::vector<PadPlace>& pads) {
    Map map{rows, columns, std::vector<double>(rows * columns)};
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            map(row, column) = effectiveDistance(pads, static_cast<double>(row), static_cast<double>(column));
    return map;
}

Result<std::vector<PadPlace>> recoverPads(const Map& distances, JobContext& context) {
    return PadFinder(distances, context).find();
}

} // namespace headroom::powergrid
