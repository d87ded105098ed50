#include "core/netlist/schematic/connectivity.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace headroom::netlist {
namespace {

/// A place in whole steps.
struct Place {
    std::int64_t x = 0;
    std::int64_t y = 0;

    auto operator<=>(const Place&) const = default;
};

struct PlaceHash {
    std::size_t operator()(const Place& place) const {
        constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15ULL;
        std::uint64_t hash = static_cast<std::uint64_t>(place.x) * kFactor;
        hash ^= (hash >> 29) + static_cast<std::uint64_t>(place.y);
        hash *= kFactor;
        return static_cast<std::size_t>(hash ^ (hash >> 32));
    }
};

/// Wires on one line that overlap or touch, as one.
struct Run {
    Place from;
    Place to; ///< not before `from` in the order of Place
    int node = -1;
    std::size_t last = 0; ///< of its wires
};

/// Points that each wire direction must be looked up for; drawings have two to four directions.
constexpr std::size_t kMostDirections = 4000;

class Connector {
public:
    explicit Connector(const SheetGeometry& geometry)
        : m_geometry(geometry) {}

    Connectivity run() {
        const std::size_t wires = m_geometry.wires.size();
        m_result.wireNodes.assign(wires, -1);
        m_result.endInsideWire.assign(wires, false);
        m_ends.resize(wires);
        for (std::size_t i = 0; i < wires; ++i)
            addWire(i);
        mergeRuns();
        for (std::size_t i = 0; i < wires; ++i)
            joinEnds(i);
        joinPoints();
        number();
        return std::move(m_result);
    }

private:
    std::optional<Place> placeOf(const Point& point) const {
        constexpr double kLargest = 1e9;
        const double x = point.x / m_geometry.step;
        const double y = point.y / m_geometry.step;
        if (!(std::abs(x) <= kLargest) || !(std::abs(y) <= kLargest)) return std::nullopt;
        return Place{std::llround(x), std::llround(y)};
    }

    static std::int64_t offsetOf(const Place& direction, const Place& place) {
        return place.x * direction.y - place.y * direction.x;
    }

    void addWire(std::size_t i) {
        const auto from = placeOf(m_geometry.wires[i].from);
        const auto to = placeOf(m_geometry.wires[i].to);
        if (!from || !to) return;
        m_ends[i] = std::minmax(*from, *to);
        m_result.wireNodes[i] = m_sets.add();
        const auto& [a, b] = *m_ends[i];
        ++m_endCount[a];
        ++m_endCount[b];
        Place direction{b.x - a.x, b.y - a.y};
        const std::int64_t divisor = std::gcd(direction.x, direction.y);
        if (divisor == 0) {
            direction = {1, 0};
        } else {
            direction = {direction.x / divisor, direction.y / divisor};
        }
        m_runs[direction][offsetOf(direction, a)].push_back({a, b, m_result.wireNodes[i], i});
    }

    void mergeRuns() {
        std::size_t directions = 0;
        for (auto& [direction, lines] : m_runs) {
            if (++directions <= kMostDirections) m_directions.push_back({direction, &lines});
            for (auto& [offset, runs] : lines) {
                std::sort(runs.begin(), runs.end(),
                          [](const Run& a, const Run& b) { return a.from < b.from; });
                std::vector<Run> merged;
                for (const Run& each : runs) {
                    if (!merged.empty() && !(merged.back().to < each.from)) {
                        m_sets.join(merged.back().node, each.node);
                        if (merged.back().to < each.to) merged.back().to = each.to;
                        merged.back().last = std::max(merged.back().last, each.last);
                    } else {
                        merged.push_back(each);
                    }
                }
                runs = std::move(merged);
            }
        }
    }

    /// Calls @p visit with every run that @p place lies on.
    template <class Visit>
    void onRuns(const Place& place, Visit visit) const {
        for (const auto& [direction, lines] : m_directions) {
            const auto line = lines->find(offsetOf(direction, place));
            if (line == lines->end()) continue;
            const std::vector<Run>& runs = line->second;
            auto behind = std::upper_bound(runs.begin(), runs.end(), place,
                                           [](const Place& p, const Run& run) { return p < run.from; });
            if (behind == runs.begin()) continue;
            --behind;
            if (!(behind->to < place)) visit(*behind);
        }
    }

    void joinEnds(std::size_t i) {
        if (!m_ends[i]) return;
        for (const Place& end : {m_ends[i]->first, m_ends[i]->second}) {
            int runs = 0;
            onRuns(end, [&](const Run& run) {
                m_sets.join(run.node, m_result.wireNodes[i]);
                ++runs;
            });
            const bool alone = m_endCount.at(end) == 1 && m_ends[i]->first != m_ends[i]->second;
            if (alone && runs > 1) m_result.endInsideWire[i] = true;
            if ((alone && runs > 1) || m_endCount.at(end) > 2) m_junctions.push_back(end);
        }
    }

    void joinPoints() {
        std::unordered_map<Place, int, PlaceHash> nodes;
        for (const Point& point : m_geometry.points) {
            const int node = m_sets.add();
            m_result.pointNodes.push_back(node);
            m_result.insideWire.push_back(false);
            m_result.onCrossing.push_back(false);
            const auto place = placeOf(point);
            if (!place) continue;
            const auto [known, isNew] = nodes.emplace(*place, node);
            if (!isNew) m_sets.join(known->second, node);
            std::vector<const Run*> runs;
            onRuns(*place, [&](const Run& run) { runs.push_back(&run); });
            const bool crossing = runs.size() > 1 && !m_endCount.contains(*place);
            if (crossing && !m_geometry.pointsJoinCrossings) {
                runs = {*std::max_element(runs.begin(), runs.end(),
                                          [](const Run* a, const Run* b) { return a->last < b->last; })};
                m_result.onCrossing.back() = true;
            }
            for (const Run* run : runs)
                m_sets.join(run->node, node);
            const bool onWire = !runs.empty();
            m_result.insideWire.back() = onWire && !m_endCount.contains(*place);
        }
    }

    void number() {
        std::vector<int> numbers(m_sets.size(), -1);
        const auto numberOf = [&](int& node) {
            if (node < 0) return;
            int& number = numbers[static_cast<std::size_t>(m_sets.find(node))];
            if (number < 0) number = m_result.nodeCount++;
            node = number;
        };
        for (int& each : m_result.wireNodes)
            numberOf(each);
        for (int& each : m_result.pointNodes)
            numberOf(each);
        std::sort(m_junctions.begin(), m_junctions.end());
        m_junctions.erase(std::unique(m_junctions.begin(), m_junctions.end()), m_junctions.end());
        for (const Place& each : m_junctions) {
            m_result.junctions.push_back({static_cast<double>(each.x) * m_geometry.step,
                                          static_cast<double>(each.y) * m_geometry.step});
        }
    }

    using Lines = std::unordered_map<std::int64_t, std::vector<Run>>;

    const SheetGeometry& m_geometry;
    Connectivity m_result;
    DisjointSets m_sets;
    std::vector<std::optional<std::pair<Place, Place>>> m_ends;
    std::unordered_map<Place, int, PlaceHash> m_endCount;
    std::map<Place, Lines> m_runs; ///< by direction in lowest terms, and by line
    std::vector<std::pair<Place, const Lines*>> m_directions;
    std::vector<Place> m_junctions;
};

} // namespace

int DisjointSets::add() {
    m_parents.push_back(static_cast<int>(m_parents.size()));
    m_sizes.push_back(1);
    return m_parents.back();
}

int DisjointSets::find(int element) {
    while (m_parents[static_cast<std::size_t>(element)] != element) {
        int& parent = m_parents[static_cast<std::size_t>(element)];
        parent = m_parents[static_cast<std::size_t>(parent)];
        element = parent;
    }
    return element;
}

void DisjointSets::join(int a, int b) {
    a = find(a);
    b = find(b);
    if (a == b) return;
    if (m_sizes[static_cast<std::size_t>(a)] < m_sizes[static_cast<std::size_t>(b)]) std::swap(a, b);
    m_parents[static_cast<std::size_t>(b)] = a;
    m_sizes[static_cast<std::size_t>(a)] += m_sizes[static_cast<std::size_t>(b)];
}

Connectivity connect(const SheetGeometry& geometry) {
    return Connector(geometry).run();
}

} // namespace headroom::netlist
