#include "core/powergrid/rail_surface.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace headroom::powergrid {
namespace {

/// Of four nodes on one circle the determinant is zero but for rounding; by the fourth power of their
/// distance.
constexpr double kOnCircle = 1e-9;
/// Sweeps over the nodes in search of their slopes: each halves the error.
constexpr int kMostSweeps = 60;
constexpr double kSlopeTolerance = 1e-6;

/// Ordinates of a cubic on a triangle that is split at its centroid: the indices say how often each of the
/// three nodes and the centroid counts.
enum Ordinate : std::size_t {
    k3000,
    k0300,
    k0030,
    k2100,
    k2010,
    k1200,
    k0210,
    k1020,
    k0120,
    k2001,
    k0201,
    k0021,
    k1101,
    k1011,
    k0111,
    k1002,
    k0102,
    k0012,
    k0003
};

/// An edge from a node, and its weight in the bending of all edges: the inverse cube of its length.
struct Spoke {
    int node;
    double along, across, weight;
};

} // namespace

bool RailSurface::canCover(const RailLines& rails) {
    return rails.lines.size() > 1 && std::all_of(rails.lines.begin(), rails.lines.end(),
                                                 [](const auto& line) { return line.places.size() > 1; });
}

RailSurface::RailSurface(const RailLines& rails, Diagonal diagonal) {
    for (const RailLines::Line& line : rails.lines) {
        m_lineBegin.push_back(static_cast<int>(m_nodes.size()));
        m_across.push_back(line.across);
        for (std::size_t i = 0; i < line.places.size(); ++i)
            m_nodes.push_back({line.places[i], line.across, line.values[i], 0, 0});
        for (int node = m_lineBegin.back(); node + 1 < static_cast<int>(m_nodes.size()); ++node)
            m_edges.push_back({node, node + 1});
    }
    m_lineBegin.push_back(static_cast<int>(m_nodes.size()));
    for (std::size_t strip = 0; strip + 1 < m_across.size(); ++strip) {
        m_stripBegin.push_back(static_cast<int>(m_triangles.size()));
        triangulate(strip, diagonal);
    }
    m_stripBegin.push_back(static_cast<int>(m_triangles.size()));
    joinStrips();
    findSlopes();
    for (Triangle& triangle : m_triangles)
        fillOrdinates(triangle);
}

/// Whether the next triangle stands on the lower rail: then no node of the other one lies in its circle.
bool RailSurface::takesLower(int lower, int upper, int lowerEnd, int upperEnd, Diagonal diagonal) const {
    if (lower + 1 == lowerEnd) return false;
    if (upper + 1 == upperEnd) return true;
    const Node &a = m_nodes[static_cast<std::size_t>(lower)],
               &b = m_nodes[static_cast<std::size_t>(lower + 1)],
               &c = m_nodes[static_cast<std::size_t>(upper)],
               &d = m_nodes[static_cast<std::size_t>(upper + 1)];
    const auto from = [&](const Node& node) {
        const double along = node.along - d.along, across = node.across - d.across;
        return std::array{along, across, along * along + across * across};
    };
    const auto p = from(a), q = from(b), r = from(c);
    const double determinant = p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) +
                               p[2] * (q[0] * r[1] - q[1] * r[0]);
    const double size = std::max({p[2], q[2], r[2]});
    if (std::abs(determinant) <= kOnCircle * size * size) return diagonal == Diagonal::Falling;
    return determinant < 0;
}

void RailSurface::triangulate(std::size_t strip, Diagonal diagonal) {
    int lower = m_lineBegin[strip], upper = m_lineBegin[strip + 1];
    const int lowerEnd = m_lineBegin[strip + 1], upperEnd = m_lineBegin[strip + 2];
    const int first = static_cast<int>(m_triangles.size());
    m_edges.push_back({lower, upper});
    while (lower + 1 < lowerEnd || upper + 1 < upperEnd) {
        Triangle triangle;
        if (takesLower(lower, upper, lowerEnd, upperEnd, diagonal)) {
            triangle.nodes = {lower, lower + 1, upper};
            ++lower;
        } else {
            triangle.nodes = {upper, upper + 1, lower};
            ++upper;
        }
        // The edge to the triangle before: between the nodes that stay.
        const int own = static_cast<int>(m_triangles.size());
        if (own > first) {
            Triangle& before = m_triangles.back();
            const auto isNew = [&](int node) {
                return std::find(before.nodes.begin(), before.nodes.end(), node) == before.nodes.end();
            };
            const auto isLeft = [&](int node) {
                return std::find(triangle.nodes.begin(), triangle.nodes.end(), node) == triangle.nodes.end();
            };
            for (std::size_t k = 0; k < 3; ++k) {
                if (isNew(triangle.nodes[k])) triangle.neighbours[k] = own - 1;
                if (isLeft(before.nodes[k])) before.neighbours[k] = own;
            }
        }
        m_triangles.push_back(triangle);
        m_edges.push_back({lower, upper});
    }
}

/// Triangles on both sides of a rail share its segments; their third node is opposite to them.
void RailSurface::joinStrips() {
    std::vector<std::array<int, 2>> on(m_nodes.size(), {-1, -1}); // of the segment that begins at a node
    for (std::size_t t = 0; t < m_triangles.size(); ++t) {
        const Triangle& triangle = m_triangles[t];
        const bool isAbove = m_nodes[static_cast<std::size_t>(triangle.nodes[2])].across >
                             m_nodes[static_cast<std::size_t>(triangle.nodes[0])].across;
        on[static_cast<std::size_t>(triangle.nodes[0])][isAbove ? 1 : 0] = static_cast<int>(t);
    }
    for (const auto& [below, above] : on) {
        if (below < 0 || above < 0) continue;
        m_triangles[static_cast<std::size_t>(below)].neighbours[2] = above;
        m_triangles[static_cast<std::size_t>(above)].neighbours[2] = below;
    }
}

/// Along an edge e from a to b the surface is a cubic; over all edges the integral of its squared second
/// derivative is least where at every node a the sum of e (2 e.g_a + e.g_b - 3 (f_b - f_a)) / |e|^3 is zero.
/// Solved by Gauss and Seidel's iteration, forth and back.
void RailSurface::findSlopes() {
    std::vector<std::size_t> begin(m_nodes.size() + 1, 0);
    for (const auto& edge : m_edges)
        for (const int node : edge)
            ++begin[static_cast<std::size_t>(node) + 1];
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    std::vector<Spoke> spokes(begin.back());
    std::vector<std::size_t> next(begin.begin(), begin.end() - 1);
    std::vector<std::array<double, 3>> inverse(m_nodes.size(), {0, 0, 0}); ///< of each node's matrix
    for (const auto& [a, b] : m_edges) {
        const Node &from = m_nodes[static_cast<std::size_t>(a)], &to = m_nodes[static_cast<std::size_t>(b)];
        const double along = to.along - from.along, across = to.across - from.across;
        const double square = along * along + across * across, weight = 1 / (square * std::sqrt(square));
        spokes[next[static_cast<std::size_t>(a)]++] = {b, along, across, weight};
        spokes[next[static_cast<std::size_t>(b)]++] = {a, -along, -across, weight};
        for (const int node : {a, b}) {
            auto& matrix = inverse[static_cast<std::size_t>(node)];
            matrix[0] += weight * along * along;
            matrix[1] += weight * along * across;
            matrix[2] += weight * across * across;
        }
    }
    for (auto& [aa, ac, cc] : inverse) {
        const double determinant = aa * cc - ac * ac, first = cc / determinant;
        cc = aa / determinant;
        ac = -ac / determinant;
        aa = first;
    }
    double largest = 0;
    for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
        double change = 0;
        for (std::size_t i = 0; i < m_nodes.size(); ++i) {
            const std::size_t n = sweep % 2 == 0 ? i : m_nodes.size() - 1 - i;
            Node& node = m_nodes[n];
            double a = 0, c = 0;
            for (std::size_t s = begin[n]; s < begin[n + 1]; ++s) {
                const Spoke& spoke = spokes[s];
                const Node& end = m_nodes[static_cast<std::size_t>(spoke.node)];
                const double pull =
                    spoke.weight * (1.5 * (end.value - node.value) -
                                    0.5 * (spoke.along * end.slopeAlong + spoke.across * end.slopeAcross));
                a += pull * spoke.along;
                c += pull * spoke.across;
            }
            const auto& [own, both, other] = inverse[n];
            const double slopeAlong = own * a + both * c, slopeAcross = both * a + other * c;
            change = std::max(
                {change, std::abs(slopeAlong - node.slopeAlong), std::abs(slopeAcross - node.slopeAcross)});
            node.slopeAlong = slopeAlong;
            node.slopeAcross = slopeAcross;
            largest = std::max({largest, std::abs(slopeAlong), std::abs(slopeAcross)});
        }
        if (change <= kSlopeTolerance * largest) break;
    }
}

std::array<double, 3> RailSurface::barycentric(const Triangle& triangle, double along, double across) const {
    const Node &a = m_nodes[static_cast<std::size_t>(triangle.nodes[0])],
               &b = m_nodes[static_cast<std::size_t>(triangle.nodes[1])],
               &c = m_nodes[static_cast<std::size_t>(triangle.nodes[2])];
    const double area =
        (b.along - a.along) * (c.across - a.across) - (c.along - a.along) * (b.across - a.across);
    const double ofB =
        ((along - a.along) * (c.across - a.across) - (c.along - a.along) * (across - a.across)) / area;
    const double ofC =
        ((b.along - a.along) * (across - a.across) - (along - a.along) * (b.across - a.across)) / area;
    return {1 - ofB - ofC, ofB, ofC};
}

/// Where along an edge the line to the neighbour's centroid crosses it decides in which direction the slope
/// across the edge is linear. @return -1/2 where the triangles are each other's mirror image
double RailSurface::edgeDirection(const Triangle& triangle, int opposite) const {
    const int neighbour = triangle.neighbours[static_cast<std::size_t>(opposite)];
    if (neighbour < 0) return -0.5;
    double along = 0, across = 0;
    for (const int node : m_triangles[static_cast<std::size_t>(neighbour)].nodes) {
        along += m_nodes[static_cast<std::size_t>(node)].along / 3;
        across += m_nodes[static_cast<std::size_t>(node)].across / 3;
    }
    const auto centroid = barycentric(triangle, along, across);
    const double next = centroid[static_cast<std::size_t>((opposite + 1) % 3)],
                 last = centroid[static_cast<std::size_t>((opposite + 2) % 3)];
    return (2 * last + next - 1) / (2 - 3 * last - 3 * next);
}

void RailSurface::fillOrdinates(Triangle& triangle) const {
    auto& o = triangle.ordinates;
    const auto node = [&](std::size_t k) -> const Node& {
        return m_nodes[static_cast<std::size_t>(triangle.nodes[k])];
    };
    // A third of the slope at one node towards another.
    const auto rise = [&](std::size_t from, std::size_t to) {
        return (node(from).slopeAlong * (node(to).along - node(from).along) +
                node(from).slopeAcross * (node(to).across - node(from).across)) /
               3;
    };
    o[k3000] = node(0).value;
    o[k0300] = node(1).value;
    o[k0030] = node(2).value;
    o[k2100] = o[k3000] + rise(0, 1);
    o[k2010] = o[k3000] + rise(0, 2);
    o[k1200] = o[k0300] + rise(1, 0);
    o[k0210] = o[k0300] + rise(1, 2);
    o[k1020] = o[k0030] + rise(2, 0);
    o[k0120] = o[k0030] + rise(2, 1);
    o[k2001] = (o[k2100] + o[k2010] + o[k3000]) / 3;
    o[k0201] = (o[k1200] + o[k0300] + o[k0210]) / 3;
    o[k0021] = (o[k1020] + o[k0120] + o[k0030]) / 3;
    o[k0111] = (edgeDirection(triangle, 0) * (-o[k0300] + 3 * o[k0210] - 3 * o[k0120] + o[k0030]) - o[k0300] +
                2 * o[k0210] - o[k0120] + o[k0021] + o[k0201]) /
               2;
    o[k1011] = (edgeDirection(triangle, 1) * (-o[k0030] + 3 * o[k1020] - 3 * o[k2010] + o[k3000]) - o[k0030] +
                2 * o[k1020] - o[k2010] + o[k2001] + o[k0021]) /
               2;
    o[k1101] = (edgeDirection(triangle, 2) * (-o[k3000] + 3 * o[k2100] - 3 * o[k1200] + o[k0300]) - o[k3000] +
                2 * o[k2100] - o[k1200] + o[k2001] + o[k0201]) /
               2;
    o[k1002] = (o[k1101] + o[k1011] + o[k2001]) / 3;
    o[k0102] = (o[k1101] + o[k0111] + o[k0201]) / 3;
    o[k0012] = (o[k1011] + o[k0111] + o[k0021]) / 3;
    o[k0003] = (o[k1002] + o[k0102] + o[k0012]) / 3;
}

double RailSurface::valueAt(const Triangle& triangle, double along, double across) const {
    const auto& o = triangle.ordinates;
    auto [a, b, c] = barycentric(triangle, along, across);
    // In the part between the centroid and the edge opposite to the node that counts least.
    const double least = std::min({a, b, c}), d = 3 * least;
    a -= least;
    b -= least;
    c -= least;
    return a * a * a * o[k3000] + b * b * b * o[k0300] + c * c * c * o[k0030] + d * d * d * o[k0003] +
           3 * (a * a * (b * o[k2100] + c * o[k2010] + d * o[k2001]) +
                b * b * (a * o[k1200] + c * o[k0210] + d * o[k0201]) +
                c * c * (a * o[k1020] + b * o[k0120] + d * o[k0021]) +
                d * d * (a * o[k1002] + b * o[k0102] + c * o[k0012])) +
           6 * d * (a * b * o[k1101] + a * c * o[k1011] + b * c * o[k0111]);
}

void RailSurface::addTo(std::span<double> values, double across, double share) const {
    across = std::clamp(across, m_across.front(), m_across.back());
    const auto line = std::upper_bound(m_across.begin() + 1, m_across.end() - 1, across) - 1;
    const auto strip = static_cast<std::size_t>(line - m_across.begin());
    const double part = (across - m_across[strip]) / (m_across[strip + 1] - m_across[strip]);
    const auto placeOf = [&](int lower, int upper) {
        return (1 - part) * m_nodes[static_cast<std::size_t>(lower)].along +
               part * m_nodes[static_cast<std::size_t>(upper)].along;
    };
    const double low = placeOf(m_lineBegin[strip], m_lineBegin[strip + 1]),
                 high = placeOf(m_lineBegin[strip + 1] - 1, m_lineBegin[strip + 2] - 1);
    int at = m_stripBegin[strip];
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double along = std::clamp(static_cast<double>(i), low, high);
        // The triangle's far edge lies between its node before the last and the one of the other rail.
        const auto end = [&](int number) {
            const Triangle& triangle = m_triangles[static_cast<std::size_t>(number)];
            const bool isLower =
                m_nodes[static_cast<std::size_t>(triangle.nodes[0])].across == m_across[strip];
            return isLower ? placeOf(triangle.nodes[1], triangle.nodes[2])
                           : placeOf(triangle.nodes[2], triangle.nodes[1]);
        };
        while (at + 1 < m_stripBegin[strip + 1] && end(at) < along)
            ++at;
        values[i] += share * valueAt(m_triangles[static_cast<std::size_t>(at)], along, across);
    }
}

} // namespace headroom::powergrid
