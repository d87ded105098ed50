#include "core/powergrid/drop_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "core/base/bounds.h"
#include "core/compute/thread_team.h"
#include "core/powergrid/cubic_spline.h"
#include "core/powergrid/node_place.h"
#include "core/powergrid/rail_surface.h"

namespace headroom::powergrid {
namespace {

/// Bounds of the database units that 1 um has.
constexpr double kFewestUnits = 1e-3, kMostUnits = 1e9;

/// Rails shorter than this part of the longest one would bend the map beyond their ends.
constexpr double kLeastLength = 0.5;

/// Lines of pixels that a thread draws at once.
constexpr std::size_t kLinesAtOnce = 16;

struct RailNode {
    std::int32_t across, along;
    NodeId node;
};

using Places = std::vector<std::optional<NodePlace>>;

Places placesOf(const GridNetlist& netlist) {
    Places places(netlist.nodes.size());
    for (std::size_t node = 1; node < places.size(); ++node)
        places[node] = placeOf(netlist.nodes[static_cast<NodeId>(node)]);
    return places;
}

MapSize extentOfPlaces(const Places& places, double unitsPerUm) {
    std::int32_t x = 0, y = 0;
    for (const auto& each : places) {
        if (!each) continue;
        x = std::max(x, each->x);
        y = std::max(y, each->y);
    }
    return {static_cast<std::uint64_t>(x / unitsPerUm) + 1, static_cast<std::uint64_t>(y / unitsPerUm) + 1};
}

class RailFinder {
public:
    RailFinder(const GridSolution& solution, const DropMapSettings& settings)
        : m_solution(solution)
        , m_netlist(*solution.model->netlist)
        , m_settings(settings)
        , m_places(placesOf(m_netlist)) {}

    Result<RailLines> find() {
        const auto layer = m_settings.layer ? m_settings.layer : loadedLayer();
        if (!layer)
            return fail(ErrorCode::Unsupported,
                        "No map can be drawn: the names of the grid's nodes hold no coordinates.");
        RailLines rails;
        rails.areAlongX = runsAlongX(*layer);
        std::vector<RailNode> nodes = railNodes(*layer, rails.areAlongX);
        std::sort(nodes.begin(), nodes.end(), [](const RailNode& a, const RailNode& b) {
            return std::tie(a.across, a.along, a.node) < std::tie(b.across, b.along, b.node);
        });
        double longest = 0;
        for (const RailNode& each : nodes) {
            const double across = each.across / m_settings.unitsPerUm,
                         along = each.along / m_settings.unitsPerUm;
            if (rails.lines.empty() || rails.lines.back().across != across)
                rails.lines.push_back({across, {}, {}});
            RailLines::Line& line = rails.lines.back();
            if (!line.places.empty() && line.places.back() == along) continue;
            line.places.push_back(along);
            line.values.push_back(m_solution.dropOf(each.node));
            longest = std::max(longest, along - line.places.front());
        }
        std::erase_if(rails.lines, [&](const RailLines::Line& line) {
            return line.places.back() - line.places.front() < kLeastLength * longest;
        });
        if (rails.lines.empty())
            return fail(ErrorCode::Unsupported,
                        fmt::format("No map can be drawn: layer {} has no rails along x or y.", *layer));
        return rails;
    }

    MapSize extent() const { return extentOfPlaces(m_places, m_settings.unitsPerUm); }

private:
    const std::optional<NodePlace>& placeAt(NodeId node) const {
        return m_places[static_cast<std::size_t>(node)];
    }

    std::optional<std::int32_t> loadedLayer() const {
        std::map<std::int32_t, std::size_t> counts;
        for (const CurrentSource& each : m_netlist.currents)
            for (const NodeId node : {each.from, each.to})
                if (isShown(node)) ++counts[placeAt(node)->layer];
        if (counts.empty()) {
            for (NodeId node = 1; node < static_cast<NodeId>(m_places.size()); ++node)
                if (isShown(node)) ++counts[placeAt(node)->layer];
        }
        const auto most = std::max_element(counts.begin(), counts.end(),
                                           [](const auto& a, const auto& b) { return a.second < b.second; });
        if (most == counts.end()) return std::nullopt;
        return most->first;
    }

    bool isShown(NodeId node) const {
        return placeAt(node) &&
               m_solution.model->unknowns[static_cast<std::size_t>(node)] != GridModel::kExcluded;
    }

    template <class Visit>
    void forRails(std::int32_t layer, Visit visit) const {
        for (const Resistor& each : m_netlist.resistors) {
            const auto &a = placeAt(each.a), &b = placeAt(each.b);
            if (a && b && a->layer == layer && b->layer == layer && (a->x == b->x) != (a->y == b->y) &&
                isShown(each.a))
                visit(each, a->y == b->y);
        }
    }

    bool runsAlongX(std::int32_t layer) const {
        std::array<std::size_t, 2> counts{};
        forRails(layer, [&](const Resistor&, bool isAlongX) { ++counts[isAlongX ? 1 : 0]; });
        return counts[1] >= counts[0];
    }

    std::vector<RailNode> railNodes(std::int32_t layer, bool areAlongX) const {
        std::vector<RailNode> nodes;
        forRails(layer, [&](const Resistor& each, bool isAlongX) {
            if (isAlongX != areAlongX) return;
            for (const NodeId node : {each.a, each.b}) {
                const NodePlace& place = *placeAt(node);
                nodes.push_back(areAlongX ? RailNode{place.y, place.x, node}
                                          : RailNode{place.x, place.y, node});
            }
        });
        return nodes;
    }

    const GridSolution& m_solution;
    const GridNetlist& m_netlist;
    const DropMapSettings& m_settings;
    Places m_places;
};

/// Along each rail and then across: where a surface of triangles has nothing to stand on.
Result<Map> interpolateBySplines(const RailLines& rails, Map target, JobContext& context) {
    const std::size_t length = rails.areAlongX ? target.rows : target.columns;
    const std::size_t width = rails.areAlongX ? target.columns : target.rows;
    const std::size_t count = rails.lines.size();
    std::vector<double> across, sampled(count * length), profile(count), line(width);
    for (std::size_t i = 0; i < count; ++i) {
        across.push_back(rails.lines[i].across);
        CubicSpline(rails.lines[i].places, rails.lines[i].values)
            .sample(std::span(sampled).subspan(i * length, length));
    }
    for (std::size_t along = 0; along < length; ++along) {
        if (context.cancelled()) return failCancelled();
        for (std::size_t i = 0; i < count; ++i)
            profile[i] = sampled[i * length + along];
        CubicSpline(across, profile).sample(line);
        for (std::size_t at = 0; at < width; ++at)
            (rails.areAlongX ? target(along, at) : target(at, along)) = line[at];
    }
    return target;
}

} // namespace

Result<Map> interpolate(const RailLines& rails, Map target, JobContext& context) {
    if (!RailSurface::canCover(rails)) return interpolateBySplines(rails, std::move(target), context);
    std::array<std::optional<RailSurface>, 2> surfaces;
    const auto built = compute::inParallel(surfaces.size(), [&](std::size_t i) -> Result<void> {
        surfaces[i].emplace(rails, i == 0 ? RailSurface::Diagonal::Rising : RailSurface::Diagonal::Falling);
        return {};
    });
    if (!built) return forward(built);
    const std::size_t width = rails.areAlongX ? target.columns : target.rows;
    const auto drawn =
        compute::inParallel((width + kLinesAtOnce - 1) / kLinesAtOnce, [&](std::size_t part) -> Result<void> {
            std::vector<double> line(rails.areAlongX ? target.rows : target.columns);
            const std::size_t end = std::min(width, (part + 1) * kLinesAtOnce);
            for (std::size_t across = part * kLinesAtOnce; across < end; ++across) {
                if (context.cancelled()) return failCancelled();
                std::fill(line.begin(), line.end(), 0);
                for (const auto& surface : surfaces)
                    surface->addTo(line, static_cast<double>(across), 0.5);
                for (std::size_t along = 0; along < line.size(); ++along)
                    (rails.areAlongX ? target(along, across) : target(across, along)) = line[along];
            }
            return {};
        });
    if (!drawn) return forward(drawn);
    return target;
}

MapSize extentOf(const GridNetlist& netlist, double unitsPerUm) {
    return extentOfPlaces(placesOf(netlist), unitsPerUm);
}

Result<Map> dropMap(const GridSolution& solution, const DropMapSettings& settings, JobContext& context) {
    const auto units =
        checkWithin("The number of database units per um", settings.unitsPerUm, kFewestUnits, kMostUnits);
    if (!units) return forward(units);
    RailFinder finder(solution, settings);
    auto rails = finder.find();
    if (!rails) return forward(rails);
    const auto [rows, columns] = finder.extent();
    auto map = makeMap(settings.rows > 0 ? settings.rows : rows,
                       settings.columns > 0 ? settings.columns : columns, settings.memoryLimit);
    if (!map) return forward(map);
    return interpolate(*rails, std::move(*map), context);
}

} // namespace headroom::powergrid
