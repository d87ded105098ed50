#include "core/powergrid/stencil_level.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace headroom::powergrid {
namespace {

using Index = std::ptrdiff_t;

float share(float part, float whole) {
    return whole > 0 ? part / whole : 0;
}

} // namespace

StencilLevel::StencilLevel(Index rows, Index columns, bool hasDiagonals)
    : east(rows, columns)
    , north(rows, columns)
    , northEast(hasDiagonals ? rows : 0, hasDiagonals ? columns : 0)
    , northWest(hasDiagonals ? rows : 0, hasDiagonals ? columns : 0)
    , supply(rows, columns)
    , right(rows, columns)
    , values(rows, columns)
    , m_rows(rows)
    , m_columns(columns)
    , m_hasDiagonals(hasDiagonals)
    , m_total(rows, columns)
    , m_inverse(rows, columns)
    , m_rest(rows, columns) {
    const Index coarseRows = (rows + 1) / 2, coarseColumns = (columns + 1) / 2;
    for (Field<float>* each : {&m_eastOwn, &m_eastNext, &m_northOwn, &m_northNext, &m_middle00, &m_middle01,
                               &m_middle10, &m_middle11})
        *each = Field<float>(coarseRows, coarseColumns);
}

void StencilLevel::sumUp(const CellRange& range) {
    for (Index row = range.rowFrom; row < range.rowTo; ++row) {
        const float *e = east.row(row), *n = north.row(row), *s = north.row(row - 1), *own = supply.row(row);
        for (Index c = range.columnFrom; c < range.columnTo; ++c) {
            float total = e[c] + e[c - 1] + n[c] + s[c] + own[c];
            if (m_hasDiagonals)
                total += northEast.row(row)[c] + northEast.row(row - 1)[c - 1] + northWest.row(row)[c] +
                         northWest.row(row - 1)[c + 1];
            m_total.row(row)[c] = total;
            m_inverse.row(row)[c] = total > 0 ? 1 / total : 0;
        }
    }
}

template <bool hasDiagonals>
void StencilLevel::relax(Index row, Index firstColumn) {
    const float *e = east.row(row), *n = north.row(row), *s = north.row(row - 1), *b = right.row(row),
                *inverse = m_inverse.row(row), *up = values.row(row + 1), *down = values.row(row - 1);
    float* x = values.row(row);
    for (Index c = firstColumn; c < m_columns; c += 2) {
        float sum = b[c] + e[c] * x[c + 1] + e[c - 1] * x[c - 1] + n[c] * up[c] + s[c] * down[c];
        if constexpr (hasDiagonals) {
            const float *ne = northEast.row(row), *nw = northWest.row(row), *sw = northEast.row(row - 1),
                        *se = northWest.row(row - 1);
            sum += ne[c] * up[c + 1] + nw[c] * up[c - 1] + sw[c - 1] * down[c - 1] + se[c + 1] * down[c + 1];
        }
        x[c] = sum * inverse[c];
    }
}

void StencilLevel::relaxRow(Index row, bool isMirrored) {
    for (const Index first : {isMirrored ? 1 : 0, isMirrored ? 0 : 1}) {
        relax<true>(row, first);
    }
}

void StencilLevel::smooth(bool isMirrored) {
    if (m_hasDiagonals)
        smoothInFourColours(isMirrored);
    else
        smoothInTwoColours(isMirrored);
}

void StencilLevel::smoothInTwoColours(bool isMirrored) {
    // The second colour follows one row behind the first: memory is passed once and not twice.
    const Index first = isMirrored ? 1 : 0;
    for (Index row = 0; row < m_rows; ++row) {
        relax<false>(row, (row + first) % 2);
        if (row > 0) relax<false>(row - 1, (row + first) % 2);
    }
    relax<false>(m_rows - 1, (m_rows + first) % 2);
}

void StencilLevel::smoothInFourColours(bool isMirrored) {
    // Rows of one kind do not touch each other, so each follows as soon as both its neighbours are done.
    const Index first = isMirrored ? 1 : 0;
    Index done = 1 - first; // of the other kind
    for (Index row = first; row < m_rows; row += 2) {
        relaxRow(row, isMirrored);
        if (row >= 1 && done == row - 1) {
            relaxRow(done, isMirrored);
            done += 2;
        }
    }
    if (done < m_rows) relaxRow(done, isMirrored);
}

template <bool hasDiagonals>
void StencilLevel::computeRest() {
    for (Index row = 0; row < m_rows; ++row) {
        const float *e = east.row(row), *n = north.row(row), *s = north.row(row - 1), *b = right.row(row),
                    *total = m_total.row(row), *x = values.row(row), *up = values.row(row + 1),
                    *down = values.row(row - 1);
        float* rest = m_rest.row(row);
        for (Index c = 0; c < m_columns; ++c) {
            float sum = b[c] - total[c] * x[c] + e[c] * x[c + 1] + e[c - 1] * x[c - 1] + n[c] * up[c] +
                        s[c] * down[c];
            if constexpr (hasDiagonals) {
                const float *ne = northEast.row(row), *nw = northWest.row(row), *sw = northEast.row(row - 1),
                            *se = northWest.row(row - 1);
                sum +=
                    ne[c] * up[c + 1] + nw[c] * up[c - 1] + sw[c - 1] * down[c - 1] + se[c + 1] * down[c + 1];
            }
            rest[c] = sum;
        }
    }
}

void StencilLevel::restrictTo(StencilLevel& coarse) {
    if (m_hasDiagonals)
        computeRest<true>();
    else
        computeRest<false>();
    for (Index r = 0; r < coarse.m_rows; ++r) {
        const float *mid = m_rest.row(2 * r), *up = m_rest.row(2 * r + 1), *down = m_rest.row(2 * r - 1);
        const float *eo = m_eastOwn.row(r), *en = m_eastNext.row(r), *no = m_northOwn.row(r),
                    *nn = m_northNext.row(r - 1), *m00 = m_middle00.row(r), *m01 = m_middle01.row(r),
                    *m10 = m_middle10.row(r - 1), *m11 = m_middle11.row(r - 1);
        float* target = coarse.right.row(r);
        for (Index c = 0; c < coarse.m_columns; ++c) {
            const Index f = 2 * c;
            target[c] = mid[f] + eo[c] * mid[f + 1] + en[c - 1] * mid[f - 1] + no[c] * up[f] +
                        nn[c] * down[f] + m00[c] * up[f + 1] + m01[c - 1] * up[f - 1] + m10[c] * down[f + 1] +
                        m11[c - 1] * down[f - 1];
        }
    }
}

void StencilLevel::correctFrom(const StencilLevel& coarse) {
    for (Index r = 0; r < coarse.m_rows; ++r) {
        const float *own = coarse.values.row(r), *next = coarse.values.row(r + 1);
        float *even = values.row(2 * r), *odd = values.row(2 * r + 1);
        const float *eo = m_eastOwn.row(r), *en = m_eastNext.row(r), *no = m_northOwn.row(r),
                    *nn = m_northNext.row(r), *m00 = m_middle00.row(r), *m01 = m_middle01.row(r),
                    *m10 = m_middle10.row(r), *m11 = m_middle11.row(r);
        // Shares of cells beyond the edge are 0, so that the rim stays 0.
        for (Index c = 0; c < coarse.m_columns; ++c) {
            const Index f = 2 * c;
            even[f] += own[c];
            even[f + 1] += eo[c] * own[c] + en[c] * own[c + 1];
            odd[f] += no[c] * own[c] + nn[c] * next[c];
            odd[f + 1] += m00[c] * own[c] + m01[c] * own[c + 1] + m10[c] * next[c] + m11[c] * next[c + 1];
        }
    }
}

/// The cells east and north of a coarse cell lie on lines between coarse cells: what couples them across the
/// line is lumped to the sides.
void StencilLevel::spreadAlongEdges(Index row, Index column) {
    const Index r = 2 * row, c = 2 * column;
    const auto diagonal = [&](const Field<float>& field, Index i, Index j) {
        return m_hasDiagonals ? field.row(i)[j] : 0.0F;
    };
    const float eastWhole = m_total.row(r)[c + 1] - north.row(r)[c + 1] - north.row(r - 1)[c + 1];
    m_eastOwn.row(row)[column] =
        share(east.row(r)[c] + diagonal(northWest, r, c + 1) + diagonal(northEast, r - 1, c), eastWhole);
    m_eastNext.row(row)[column] = share(
        east.row(r)[c + 1] + diagonal(northEast, r, c + 1) + diagonal(northWest, r - 1, c + 2), eastWhole);
    const float northWhole = m_total.row(r + 1)[c] - east.row(r + 1)[c] - east.row(r + 1)[c - 1];
    m_northOwn.row(row)[column] =
        share(north.row(r)[c] + diagonal(northWest, r, c + 1) + diagonal(northEast, r, c - 1), northWhole);
    m_northNext.row(row)[column] = share(
        north.row(r + 1)[c] + diagonal(northEast, r + 1, c) + diagonal(northWest, r + 1, c), northWhole);
}

/// The cell between four coarse ones takes their values, and those of the cells between it and them.
void StencilLevel::spreadToMiddle(Index row, Index column) {
    const Index r = 2 * row + 1, c = 2 * column + 1;
    const float whole = m_total.row(r)[c];
    const float w = east.row(r)[c - 1], e = east.row(r)[c], s = north.row(r - 1)[c], n = north.row(r)[c];
    const bool d = m_hasDiagonals;
    const float sw = d ? northEast.row(r - 1)[c - 1] : 0, ne = d ? northEast.row(r)[c] : 0,
                nw = d ? northWest.row(r)[c] : 0, se = d ? northWest.row(r - 1)[c + 1] : 0;
    m_middle00.row(row)[column] =
        share(sw + w * m_northOwn.row(row)[column] + s * m_eastOwn.row(row)[column], whole);
    m_middle01.row(row)[column] =
        share(se + e * m_northOwn.row(row)[column + 1] + s * m_eastNext.row(row)[column], whole);
    m_middle10.row(row)[column] =
        share(nw + w * m_northNext.row(row)[column] + n * m_eastOwn.row(row + 1)[column], whole);
    m_middle11.row(row)[column] =
        share(ne + e * m_northNext.row(row)[column + 1] + n * m_eastNext.row(row + 1)[column], whole);
}

/// The shares of the four coarse cells around a block in one of its fine cells.
struct StencilLevel::Corners {
    std::array<float, 4> of{};
};

StencilLevel::Corners StencilLevel::cornersOf(Index row, Index column, int down, int across) const {
    switch (3 * down + across) {
    case 0:
        return {{1, 0, 0, 0}};
    case 1:
        return {{m_eastOwn.row(row)[column], m_eastNext.row(row)[column], 0, 0}};
    case 2:
        return {{0, 1, 0, 0}};
    case 3:
        return {{m_northOwn.row(row)[column], 0, m_northNext.row(row)[column], 0}};
    case 4:
        return {{m_middle00.row(row)[column], m_middle01.row(row)[column], m_middle10.row(row)[column],
                 m_middle11.row(row)[column]}};
    case 5:
        return {{0, m_northOwn.row(row)[column + 1], 0, m_northNext.row(row)[column + 1]}};
    case 6:
        return {{0, 0, 1, 0}};
    case 7:
        return {{0, 0, m_eastOwn.row(row + 1)[column], m_eastNext.row(row + 1)[column]}};
    default:
        return {{0, 0, 0, 1}};
    }
}

/// The power in a block's conductances is a quadratic form of its four corners' voltages: their conductances
/// are its coefficients. What two blocks share counts to the one after it.
void StencilLevel::addBlock(Index row, Index column, const CellRange& window, StencilLevel& coarse) const {
    std::array<Corners, 9> cells;
    for (int i = 0; i < 9; ++i)
        cells[static_cast<std::size_t>(i)] = cornersOf(row, column, i / 3, i % 3);
    std::array<std::array<float, 4>, 4> form{};
    const auto add = [&form](float siemens, const std::array<float, 4>& q) {
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j)
                form[i][j] += siemens * q[i] * q[j];
    };
    const auto addEdge = [&](float siemens, int from, int to) {
        if (siemens == 0) return;
        const auto &a = cells[static_cast<std::size_t>(from)].of, &b = cells[static_cast<std::size_t>(to)].of;
        add(siemens, {a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]});
    };
    for (int down = 0; down < 2; ++down)
        for (int across = 0; across < 2; ++across) {
            const Index r = 2 * row + down, c = 2 * column + across;
            const int cell = 3 * down + across;
            addEdge(east.row(r)[c], cell, cell + 1);
            addEdge(north.row(r)[c], cell, cell + 3);
            if (m_hasDiagonals) {
                addEdge(northEast.row(r)[c], cell, cell + 4);
                addEdge(northWest.row(r)[c + 1], cell + 1, cell + 3);
            }
            if (supply.row(r)[c] != 0) add(supply.row(r)[c], cells[static_cast<std::size_t>(cell)].of);
        }
    const auto isInside = [&](Index r, Index c) {
        return r >= window.rowFrom && r < window.rowTo && c >= window.columnFrom && c < window.columnTo;
    };
    for (std::size_t i = 0; i < 4; ++i) {
        const Index r = row + (i > 1 ? 1 : 0), c = column + (i % 2 == 1 ? 1 : 0);
        if (isInside(r, c)) coarse.supply.row(r)[c] += form[i][0] + form[i][1] + form[i][2] + form[i][3];
    }
    if (isInside(row, column)) {
        coarse.east.row(row)[column] -= form[0][1];
        coarse.north.row(row)[column] -= form[0][2];
        coarse.northEast.row(row)[column] -= form[0][3];
    }
    if (isInside(row + 1, column)) coarse.east.row(row + 1)[column] -= form[2][3];
    if (isInside(row, column + 1)) {
        coarse.north.row(row)[column + 1] -= form[1][3];
        coarse.northWest.row(row)[column + 1] -= form[1][2];
    }
}

CellRange StencilLevel::coarsen(const CellRange& changed, StencilLevel& coarse) {
    // A cell's conductances reach two coarse cells far: through the shares beside it and the blocks that use
    // them.
    const CellRange window{
        std::max<Index>(changed.rowFrom / 2 - 2, 0), std::min(changed.rowTo / 2 + 3, coarse.m_rows),
        std::max<Index>(changed.columnFrom / 2 - 2, 0), std::min(changed.columnTo / 2 + 3, coarse.m_columns)};
    const Index rowFrom = std::max<Index>(window.rowFrom - 1, 0),
                columnFrom = std::max<Index>(window.columnFrom - 1, 0);
    for (Index r = rowFrom; r < window.rowTo; ++r)
        for (Index c = columnFrom; c < window.columnTo; ++c)
            spreadAlongEdges(r, c);
    for (Index r = rowFrom; r < window.rowTo; ++r)
        for (Index c = columnFrom; c < window.columnTo; ++c)
            spreadToMiddle(r, c);
    for (Field<float>* each :
         {&coarse.east, &coarse.north, &coarse.northEast, &coarse.northWest, &coarse.supply})
        for (Index r = window.rowFrom; r < window.rowTo; ++r)
            std::fill(each->row(r) + window.columnFrom, each->row(r) + window.columnTo, 0.0F);
    for (Index r = rowFrom; r < window.rowTo; ++r)
        for (Index c = columnFrom; c < window.columnTo; ++c)
            addBlock(r, c, window, coarse);
    const CellRange around{std::max<Index>(window.rowFrom - 1, 0), std::min(window.rowTo + 1, coarse.m_rows),
                           std::max<Index>(window.columnFrom - 1, 0),
                           std::min(window.columnTo + 1, coarse.m_columns)};
    coarse.sumUp(around);
    return around;
}

std::vector<double> StencilLevel::denseMatrix() const {
    const Index size = m_rows * m_columns;
    std::vector<double> matrix(static_cast<std::size_t>(size * size), 0.0);
    const auto join = [&](Index a, Index r, Index c, float siemens) {
        if (r >= m_rows || c < 0 || c >= m_columns) return;
        const Index b = r * m_columns + c;
        matrix[static_cast<std::size_t>(a * size + b)] = matrix[static_cast<std::size_t>(b * size + a)] =
            -static_cast<double>(siemens);
    };
    for (Index r = 0; r < m_rows; ++r)
        for (Index c = 0; c < m_columns; ++c) {
            const Index cell = r * m_columns + c;
            matrix[static_cast<std::size_t>(cell * size + cell)] = static_cast<double>(m_total.row(r)[c]);
            join(cell, r, c + 1, east.row(r)[c]);
            join(cell, r + 1, c, north.row(r)[c]);
            if (!m_hasDiagonals) continue;
            join(cell, r + 1, c + 1, northEast.row(r)[c]);
            join(cell, r + 1, c - 1, northWest.row(r)[c]);
        }
    return matrix;
}

} // namespace headroom::powergrid
