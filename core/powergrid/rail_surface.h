#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/powergrid/drop_map.h"

namespace headroom::powergrid {

/// A surface through values on rails, with continuous slopes: piecewise cubic on triangles (Clough and
/// Tocher, Proc. 1st Conf. Matrix Methods in Structural Mechanics, 1965; with slopes across edges linear in
/// the direction of the neighbours' centroids, Alfeld, Computer Aided Geometric Design 1:169, 1984).
/// Gradients at the nodes are those that bend the edges least (Nielson, Mathematics of Computation 40:253,
/// 1983). Between two neighbouring rails the triangles are Delaunay's; where four nodes lie on one circle, as
/// on a regular grid, either diagonal would do.
class RailSurface {
public:
    /// The diagonal that is taken where either would do.
    enum class Diagonal { Rising, Falling };

    /// @param rails two at least, with two nodes each at least; see canCover()
    RailSurface(const RailLines& rails, Diagonal diagonal);
    static bool canCover(const RailLines& rails);

    /// Adds @p share of the surface at @p across and 0, 1, 2, ... along the rails to @p values. Beyond the
    /// outermost nodes the last value goes on.
    void addTo(std::span<double> values, double across, double share) const;

private:
    struct Node {
        double along = 0, across = 0, value = 0;
        double slopeAlong = 0, slopeAcross = 0;
    };
    struct Triangle {
        std::array<int, 3> nodes{};
        std::array<int, 3> neighbours{-1, -1, -1}; ///< opposite to each node; -1: none
        std::array<double, 19> ordinates{};        ///< of its Bezier net, see fillOrdinates()
    };

    void triangulate(std::size_t strip, Diagonal diagonal);
    bool takesLower(int lower, int upper, int lowerEnd, int upperEnd, Diagonal diagonal) const;
    void joinStrips();
    void findSlopes();
    std::array<double, 3> barycentric(const Triangle& triangle, double along, double across) const;
    double edgeDirection(const Triangle& triangle, int opposite) const;
    void fillOrdinates(Triangle& triangle) const;
    double valueAt(const Triangle& triangle, double along, double across) const;

    std::vector<Node> m_nodes;               ///< by line, along it
    std::vector<int> m_lineBegin;            ///< and the end of the last
    std::vector<double> m_across;            ///< of the lines
    std::vector<Triangle> m_triangles;       ///< by strip, along it
    std::vector<std::array<int, 2>> m_edges; ///< between nodes, each once
    std::vector<int> m_stripBegin;           ///< and the end of the last
};

} // namespace headroom::powergrid
