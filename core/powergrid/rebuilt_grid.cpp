#include "core/powergrid/rebuilt_grid.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "core/base/bounds.h"
#include "core/base/quantity.h"
#include "core/powergrid/indexing.h"

namespace headroom::powergrid {
namespace {

/// Lengths in database units, so that places that coincide are equal.
using Units = std::int64_t;

/// What a node of a large grid takes with its name, resistors, equations and the solver's hierarchy; measured
/// are 360 on a million nodes.
constexpr double kBytesPerNode = 500;
constexpr NodeId kNoNode = -1;

/// A place along straps where others cross them or currents are drawn.
struct Stop {
    Units at = 0;
    std::int32_t below = -1, above = -1; ///< strap of the next layers that crosses here; -1: none
};

/// A layer's straps, those of all templates.
struct Straps {
    const GridLayer* layer = nullptr;
    std::vector<Units> places; ///< across them, rising
    std::vector<Stop> stops;   ///< rising
    std::vector<NodeId> nodes; ///< by strap and stop

    NodeId& node(std::size_t strap, std::size_t stop) { return nodes[strap * stops.size() + stop]; }
};

/// What a value at a pixel is wrong with, for people who count from 1.
tl::unexpected<Error> failAtPixel(const std::string& file, const char* what, const Map& map,
                                  std::size_t pixel, const std::string& why) {
    return failAt(ErrorCode::BadInput, file, 0,
                  fmt::format("The map of {} holds {} at row {}, column {}: {}.", what, map.values[pixel],
                              pixel / map.columns + 1, pixel % map.columns + 1, why));
}

class Builder {
public:
    Builder(const GridMaps& maps, const GridTechnology& technology, JobContext& context)
        : m_maps(maps)
        , m_technology(technology)
        , m_context(context)
        , m_region(unitsOf(technology.regionUm)) {}

    Result<GridNetlist> build(std::uint64_t memoryLimit) {
        m_context.progress(-1, "Rebuilding the grid");
        if (const auto checked = checkAll({checkCurrents(), checkTemplates(), checkSize(memoryLimit)});
            !checked)
            return forward(checked);
        for (const GridLayer& layer : m_technology.layers)
            m_layers.push_back({&layer, placesOf(layer), {}, {}});
        for (std::size_t layer = 0; layer < m_layers.size(); ++layer)
            findStops(layer);
        for (std::size_t layer = 0; layer < m_layers.size(); ++layer)
            if (!lay(layer)) return failCancelled();
        for (std::size_t layer = 1; layer < m_layers.size(); ++layer)
            join(layer);
        if (const auto supplied = supply(); !supplied) return forward(supplied);
        draw();
        if (m_context.cancelled()) return failCancelled();
        return std::move(m_netlist);
    }

private:
    Units unitsOf(double um) const { return std::llround(um * m_technology.unitsPerUm); }

    Result<void> checkCurrents() const {
        const Map& map = m_maps.currents;
        if (map.empty()) return fail(ErrorCode::BadInput, "There is no map of currents.");
        for (std::size_t pixel = 0; pixel < map.values.size(); ++pixel)
            if (!std::isfinite(map.values[pixel]) || map.values[pixel] < 0)
                return failAtPixel(m_maps.currentsFile, "currents", map, pixel, "no current that cells draw");
        return {};
    }

    Result<void> checkTemplates() const {
        const Map& map = m_maps.templates;
        const auto count = m_technology.templateCount();
        if (map.empty()) {
            if (count > 1 && !m_maps.everywhere)
                return failAt(
                    ErrorCode::BadInput, m_maps.currentsFile, 0,
                    fmt::format("The technology {} has {} templates, and there is no map of which one "
                                "holds where.",
                                m_technology.name, count));
            if (m_maps.everywhere.value_or(0) >= count)
                return failAt(ErrorCode::BadInput, m_maps.currentsFile, 0,
                              fmt::format("The technology {} has no template {}, only 0 to {}.",
                                          m_technology.name, *m_maps.everywhere, count - 1));
            return {};
        }
        if (map.rows != m_maps.currents.rows || map.columns != m_maps.currents.columns)
            return failAt(
                ErrorCode::BadInput, m_maps.templatesFile, 0,
                fmt::format("The maps of templates and of currents differ in size: {} x {} and {} x {}.",
                            map.rows, map.columns, m_maps.currents.rows, m_maps.currents.columns));
        for (std::size_t pixel = 0; pixel < map.values.size(); ++pixel) {
            const double value = map.values[pixel];
            if (!(value >= 0 && value < static_cast<double>(count)) || value != std::floor(value))
                return failAtPixel(
                    m_maps.templatesFile, "templates", map, pixel,
                    fmt::format("the technology {} has the templates 0 to {}", m_technology.name, count - 1));
        }
        return {};
    }

    /// Before anything is laid, since a pitch may be as small as can be written.
    Result<void> checkSize(std::uint64_t memoryLimit) const {
        const auto straps = [&](const GridLayer& layer, bool isAlongX) {
            const auto extent = isAlongX ? m_maps.currents.columns : m_maps.currents.rows;
            return static_cast<double>(extent) / layer.finestPitchUm() + 1;
        };
        const auto& layers = m_technology.layers;
        double nodes = 0;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            double stops = 0;
            if (i > 0) stops += straps(layers[i - 1], layers[i - 1].isAlongX);
            if (i + 1 < layers.size()) stops += straps(layers[i + 1], layers[i + 1].isAlongX);
            if (i == 0 && m_technology.tapPitchUm > 0)
                stops += static_cast<double>(std::max(m_maps.currents.rows, m_maps.currents.columns)) /
                         m_technology.tapPitchUm;
            nodes += stops * straps(layers[i], layers[i].isAlongX);
        }
        const double bytes = nodes * kBytesPerNode;
        if (bytes > static_cast<double>(memoryLimit))
            return failAt(
                ErrorCode::Unsupported, m_maps.currentsFile, 0,
                fmt::format("The rebuilt grid has some {:.3g} nodes and takes some {} of memory; the limit "
                            "is {}.",
                            nodes, formatQuantity(bytes, "B", 3),
                            formatQuantity(static_cast<double>(memoryLimit), "B", 3)));
        const double most = std::numeric_limits<std::int32_t>::max();
        for (const std::size_t extent : {m_maps.currents.rows, m_maps.currents.columns})
            if (static_cast<double>(extent) * m_technology.unitsPerUm > most)
                return fail(ErrorCode::Unsupported,
                            fmt::format("A chip of {} um has no coordinates in units of which {} are 1 um.",
                                        extent, m_technology.unitsPerUm));
        if (m_technology.regionUm > 0 && m_region == 0)
            return fail(ErrorCode::BadInput, "The technology's regions are less than a database unit.");
        for (const GridLayer& layer : layers)
            if (unitsOf(layer.finestPitchUm()) == 0)
                return fail(ErrorCode::BadInput,
                            fmt::format("The pitch of layer {} is less than a database unit.", layer.name));
        return {};
    }

    Units extent(bool alongX) const {
        return unitsOf(static_cast<double>(alongX ? m_maps.currents.rows : m_maps.currents.columns));
    }

    std::vector<Units> every(double offsetUm, double pitchUm, Units end) const {
        std::vector<Units> places;
        for (Units at = unitsOf(offsetUm), i = 0; at < end;
             at = unitsOf(offsetUm + pitchUm * static_cast<double>(++i)))
            places.push_back(at);
        return places;
    }

    std::vector<Units> placesOf(const GridLayer& layer) const {
        return every(layer.offsetUm, layer.finestPitchUm(), extent(!layer.isAlongX));
    }

    void findStops(std::size_t layer) {
        Straps& straps = m_layers[layer];
        std::vector<Stop>& stops = straps.stops;
        const auto add = [&](const std::vector<Units>& places, std::int32_t Stop::*crossing) {
            for (std::size_t i = 0; i < places.size(); ++i) {
                stops.push_back({places[i]});
                if (crossing != nullptr) stops.back().*crossing = static_cast<std::int32_t>(i);
            }
        };
        if (layer > 0) add(m_layers[layer - 1].places, &Stop::below);
        if (layer + 1 < m_layers.size()) add(m_layers[layer + 1].places, &Stop::above);
        if (layer == 0 && m_technology.tapPitchUm > 0)
            add(every(0, m_technology.tapPitchUm, extent(straps.layer->isAlongX)), nullptr);
        std::sort(stops.begin(), stops.end(), [](const Stop& a, const Stop& b) { return a.at < b.at; });
        std::size_t last = 0;
        for (std::size_t i = 1; i < stops.size(); ++i) {
            if (stops[i].at != stops[last].at) {
                stops[++last] = stops[i];
                continue;
            }
            stops[last].below = std::max(stops[last].below, stops[i].below);
            stops[last].above = std::max(stops[last].above, stops[i].above);
        }
        if (!stops.empty()) stops.resize(last + 1);
        straps.nodes.assign(straps.places.size() * stops.size(), kNoNode);
    }

    std::size_t templateAt(Units x, Units y) const {
        if (m_maps.templates.empty()) return m_maps.everywhere.value_or(0);
        const auto pixel = [&](Units at, std::size_t count) {
            return std::min(static_cast<std::size_t>(static_cast<double>(at) / m_technology.unitsPerUm),
                            count - 1);
        };
        return static_cast<std::size_t>(
            m_maps.templates(pixel(x, m_maps.templates.rows), pixel(y, m_maps.templates.columns)));
    }

    /// Whether a strap is one of its template's at a place along it.
    bool isThere(const Straps& straps, std::size_t strap, Units along) const {
        const GridLayer& layer = *straps.layer;
        if (layer.pitchesUm.size() == 1 && m_region == 0) return true;
        const Units across = straps.places[strap];
        std::size_t number = 0;
        if (layer.pitchesUm.size() > 1)
            number = layer.isAlongX ? templateAt(along, across) : templateAt(across, along);
        const auto every =
            static_cast<std::size_t>(std::lround(layer.pitchesUm[number] / layer.finestPitchUm()));
        return (strap - firstOfRegion(straps, across)) % every == 0;
    }

    std::size_t firstOfRegion(const Straps& straps, Units across) const {
        if (m_region == 0) return 0;
        const Units edge = across / m_region * m_region;
        return static_cast<std::size_t>(std::lower_bound(straps.places.begin(), straps.places.end(), edge) -
                                        straps.places.begin());
    }

    /// Whether the strap of another layer that crosses at a stop is there.
    bool isCrossed(std::size_t other, std::int32_t by, Units at) const {
        return by >= 0 && isThere(m_layers[other], static_cast<std::size_t>(by), at);
    }

    /// Nodes of a layer, and its resistors between them. @return false if cancelled
    bool lay(std::size_t layer) {
        Straps& straps = m_layers[layer];
        for (std::size_t strap = 0; strap < straps.places.size(); ++strap) {
            if (m_context.cancelled()) return false;
            NodeId last = kNoNode;
            Units lastAt = 0;
            for (std::size_t i = 0; i < straps.stops.size(); ++i) {
                const Stop& stop = straps.stops[i];
                if (!isThere(straps, strap, stop.at)) {
                    last = kNoNode;
                    continue;
                }
                const Units across = straps.places[strap];
                if (layer > 0 && !isCrossed(layer - 1, stop.below, across) &&
                    !isCrossed(layer + 1, stop.above, across))
                    continue;
                const NodeId node = named(*straps.layer, across, stop.at);
                straps.node(strap, i) = node;
                if (last != kNoNode)
                    m_netlist.resistors.push_back(
                        {last, node,
                         straps.layer->ohmsPerUm * static_cast<double>(stop.at - lastAt) /
                             m_technology.unitsPerUm});
                last = node;
                lastAt = stop.at;
            }
        }
        return true;
    }

    NodeId named(const GridLayer& layer, Units across, Units along) {
        m_name.clear();
        fmt::format_to(std::back_inserter(m_name), "n1_{}_{}_{}", layer.name, layer.isAlongX ? along : across,
                       layer.isAlongX ? across : along);
        return m_netlist.nodes.intern({m_name.data(), m_name.size()});
    }

    /// Vias between a layer and the one below.
    void join(std::size_t layer) {
        Straps &upper = m_layers[layer], &lower = m_layers[layer - 1];
        // Where a layer's straps meet those of the one above, by the number of these.
        std::vector<std::size_t> stopOf(upper.places.size());
        for (std::size_t i = 0; i < lower.stops.size(); ++i)
            if (lower.stops[i].above >= 0) at(stopOf, lower.stops[i].above) = i;
        for (std::size_t strap = 0; strap < upper.places.size(); ++strap)
            for (std::size_t i = 0; i < upper.stops.size(); ++i) {
                if (upper.stops[i].below < 0) continue;
                const auto crossed = static_cast<std::size_t>(upper.stops[i].below);
                const NodeId a = upper.node(strap, i), b = lower.node(crossed, stopOf[strap]);
                if (a != kNoNode && b != kNoNode) m_netlist.resistors.push_back({a, b, upper.layer->viaOhms});
            }
    }

    Result<void> supply() {
        if (m_maps.pads.empty()) return fail(ErrorCode::BadInput, "There are no pads.");
        const Straps& straps = m_layers[m_technology.padLayer];
        const double limit = farthest();
        std::vector<NodeId> supplied;
        for (const PadPlace& pad : m_maps.pads) {
            const auto [node, um] = nearestTo(pad, straps);
            if (node == kNoNode || !(um <= limit))
                return failAt(
                    ErrorCode::BadInput, m_maps.padsFile, 0,
                    fmt::format("The pad at x = {:.6g} um, y = {:.6g} um lies beside the grid: layer {} "
                                "has no node within {:.6g} um.",
                                pad.x, pad.y, straps.layer->name, limit));
            if (std::find(supplied.begin(), supplied.end(), node) != supplied.end()) continue;
            supplied.push_back(node);
            m_netlist.voltages.push_back({node, kGround, m_technology.supplyVolts});
        }
        return {};
    }

    /// Pads lie within a pitch of a node of their layer.
    double farthest() const {
        double um = 0;
        for (std::size_t i = m_technology.padLayer - std::min<std::size_t>(m_technology.padLayer, 1);
             i < std::min(m_technology.padLayer + 2, m_layers.size()); ++i)
            um = std::max(um, *std::max_element(m_layers[i].layer->pitchesUm.begin(),
                                                m_layers[i].layer->pitchesUm.end()));
        return um;
    }

    std::pair<NodeId, double> nearestTo(const PadPlace& pad, const Straps& straps) const {
        std::pair<NodeId, double> nearest{kNoNode, std::numeric_limits<double>::infinity()};
        const double along = straps.layer->isAlongX ? pad.x : pad.y,
                     across = straps.layer->isAlongX ? pad.y : pad.x;
        for (std::size_t strap = 0; strap < straps.places.size() && !m_context.cancelled(); ++strap) {
            const double off = static_cast<double>(straps.places[strap]) / m_technology.unitsPerUm - across;
            if (!(std::abs(off) < nearest.second)) continue;
            for (std::size_t i = 0; i < straps.stops.size(); ++i) {
                const NodeId node = straps.nodes[strap * straps.stops.size() + i];
                const double um = std::hypot(
                    static_cast<double>(straps.stops[i].at) / m_technology.unitsPerUm - along, off);
                if (node != kNoNode && um < nearest.second) nearest = {node, um};
            }
        }
        return nearest;
    }

    /// By pixel, the nearest of the places; of two, the lower.
    template <class Place>
    std::vector<std::size_t> nearestPlaces(std::size_t pixels, const std::vector<Place>& places,
                                           Units (*unitsAt)(const Place&)) const {
        std::vector<std::size_t> nearest(pixels);
        std::size_t place = 0;
        for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
            const Units at = unitsOf(static_cast<double>(pixel));
            while (place + 1 < places.size() &&
                   std::abs(unitsAt(places[place + 1]) - at) < std::abs(unitsAt(places[place]) - at))
                ++place;
            nearest[pixel] = place;
        }
        return nearest;
    }

    void draw() {
        Straps& rails = m_layers.front();
        if (rails.places.empty() || rails.stops.empty()) return;
        const Map& currents = m_maps.currents;
        const bool isAlongX = rails.layer->isAlongX;
        const auto stops = nearestPlaces<Stop>(isAlongX ? currents.rows : currents.columns, rails.stops,
                                               [](const Stop& stop) { return stop.at; });
        const auto straps = nearestPlaces<Units>(isAlongX ? currents.columns : currents.rows, rails.places,
                                                 [](const Units& place) { return place; });
        std::vector<double> amperes(rails.nodes.size(), 0.0);
        for (std::size_t x = 0; x < currents.rows; ++x)
            for (std::size_t y = 0; y < currents.columns; ++y)
                amperes[straps[isAlongX ? y : x] * rails.stops.size() + stops[isAlongX ? x : y]] +=
                    currents(x, y);
        for (std::size_t i = 0; i < amperes.size(); ++i)
            if (amperes[i] > 0) m_netlist.currents.push_back({rails.nodes[i], kGround, amperes[i]});
    }

    const GridMaps& m_maps;
    const GridTechnology& m_technology;
    JobContext& m_context;
    Units m_region;
    std::vector<Straps> m_layers;
    fmt::memory_buffer m_name;
    GridNetlist m_netlist;
};

} // namespace

Result<GridNetlist> rebuildGrid(const GridMaps& maps, const GridTechnology& technology, JobContext& context,
                                std::uint64_t memoryLimit) {
    return Builder(maps, technology, context).build(memoryLimit);
}

} // namespace headroom::powergrid
