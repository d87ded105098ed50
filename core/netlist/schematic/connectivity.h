#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/netlist/sheet.h"

namespace headroom::netlist {

/// Sets that can be joined.
class DisjointSets {
public:
    int add();
    int find(int element);
    void join(int a, int b);
    std::size_t size() const { return m_parents.size(); }

private:
    std::vector<int> m_parents;
    std::vector<int> m_sizes;
};

/// What is drawn, as geometry only.
struct SheetGeometry {
    struct Segment {
        Point from;
        Point to;
    };
    std::vector<Segment> wires;
    std::vector<Point> points; ///< pins, labels, junctions
    /// Two places are one if they agree to this step. Larger coordinates than 1e9 steps are no places.
    double step = 0.01;
    /// A point on the mere crossing of wires joins them; else it belongs to the last of them alone.
    bool pointsJoinCrossings = true;
};

/// Which wires and points touch. Wires touch where an end of one lies anywhere on the other; a point
/// touches the wires that it lies on and the points at the same place. Wires that merely cross do not.
struct Connectivity {
    std::vector<int> wireNodes;  ///< by wire; -1 where a coordinate is no place
    std::vector<int> pointNodes; ///< by point
    int nodeCount = 0;
    /// By point: it lies on a wire, but on no wire's end.
    std::vector<bool> insideWire;
    /// By point: it lies on a crossing and belongs to one of the wires only.
    std::vector<bool> onCrossing;
    /// By wire: one of its ends lies on another wire, but on no wire's end: a T.
    std::vector<bool> endInsideWire;
    /// Places where three or more wire ends or a T meet.
    std::vector<Point> junctions;
};

/// O(n log n) for wires that run in a few directions.
Connectivity connect(const SheetGeometry& geometry);

} // namespace headroom::netlist
