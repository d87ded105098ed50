#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// Who holds each point of the grid, while wires are routed.
class RoutingGrid {
public:
    /// @param withinRails whether no wire may run above the supplies or below the ground signs
    explicit RoutingGrid(const Drawing& drawing, bool withinRails = true);

    /// A point with the direction in which it was reached.
    struct Path {
        std::vector<int> cells;
        int crossings = 0;
        double cost = 0;
    };

    /// Steps of all searches so far, to bound the work.
    long steps() const { return m_steps; }

    int cellOf(Point point) const;
    Point pointOf(int cell) const;

    /// Marks a pin or label end: wires of other nets keep off.
    void reserve(Point point, NetId net);
    /// The cheapest path from any of @p from to any of @p to; no cells where there is none.
    Path find(NetId net, const std::vector<int>& from, const std::vector<int>& to);
    /// The way from @p from sideways and then up or down to @p to; no cells where something is in it.
    Path corner(NetId net, Point from, Point to) const;
    void occupy(NetId net, const Path& path);
    void release(const Path& path);
    /// As occupy() for a straight wire between two points of the grid; slanting ones block what they pass.
    void occupyLine(NetId net, Point from, Point to);

    static constexpr int kBendCost = 14;     ///< a step costs 10
    static constexpr int kCrossingCost = 90; ///< as much as a detour of nine grid units
    static constexpr int kCrowdingCost = 2;  ///< beside a wire of another net

private:
    struct Cell {
        std::int32_t horizontal = -1, vertical = -1; ///< nets of the wires through it
        std::int32_t pin = -1;                       ///< net of the pin on it
        std::uint8_t horizontalUses = 0, verticalUses = 0;
        std::uint8_t ends = 0; ///< wires that end, bend or join here
        bool blocked = false;
    };

    void block(const Box& box);
    void blockBeyondRails(const Drawing& drawing);
    bool mayEnter(int cell, bool horizontally, NetId net) const;
    bool mustGoStraight(int cell, NetId net) const;
    int stepCost(int cell, bool horizontally, NetId net) const;

    int m_width = 0, m_height = 0, m_left = 0, m_top = 0;
    std::vector<Cell> m_cells;
    // Of the search under way; a stamp tells which entries are of this search.
    std::vector<int> m_cost, m_stamp, m_previous;
    std::vector<std::uint8_t> m_isTarget;
    std::vector<std::vector<std::pair<int, int>>> m_buckets; // state and its cost, by estimated total
    int m_search = 0;
    long m_steps = 0;
};

} // namespace headroom::schematic
