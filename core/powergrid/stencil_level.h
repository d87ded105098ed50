#pragma once

#include <cstddef>
#include <vector>

namespace headroom::powergrid {

/// A part of a grid of cells: rows and columns from the first up to, and without, the last.
struct CellRange {
    std::ptrdiff_t rowFrom = 0, rowTo = 0, columnFrom = 0, columnTo = 0;

    bool empty() const { return rowFrom >= rowTo || columnFrom >= columnTo; }
};

/// A field over the cells with a rim of zeros around, so that stencils need not ask for the edge: one row and
/// column before and two behind.
template <class Value>
class Field {
public:
    Field() = default;
    Field(std::ptrdiff_t rows, std::ptrdiff_t columns)
        : m_stride(columns + 3)
        , m_values(static_cast<std::size_t>((rows + 3) * (columns + 3)), Value{}) {}

    std::ptrdiff_t stride() const { return m_stride; }
    Value* row(std::ptrdiff_t row) { return m_values.data() + (row + 1) * m_stride + 1; }
    const Value* row(std::ptrdiff_t row) const { return m_values.data() + (row + 1) * m_stride + 1; }
    std::vector<Value>& values() { return m_values; }
    const std::vector<Value>& values() const { return m_values; }

private:
    std::ptrdiff_t m_stride = 0;
    std::vector<Value> m_values;
};

/// One level of a geometric multigrid hierarchy: a conductance to each of eight neighbours (four on the
/// finest level) and one to the supply. The next coarser level has every second cell; interpolation follows
/// the conductances (black-box multigrid, Dendy 1982) and the coarse conductances are Galerkin's, so jumps by
/// orders of magnitude and single pads do no harm. Single precision, as it only preconditions.
class StencilLevel {
public:
    StencilLevel(std::ptrdiff_t rows, std::ptrdiff_t columns, bool hasDiagonals);

    std::ptrdiff_t rows() const { return m_rows; }
    std::ptrdiff_t columns() const { return m_columns; }

    // To the next column and row, to both, and to the next row and the column before, of each cell; and to
    // the supply.
    Field<float> east, north, northEast, northWest, supply;

    /// Sums the conductances of each cell, after they have changed.
    void sumUp(const CellRange& range);

    /// Works out how the coarser level's values spread over this one, and that level's conductances, where
    /// this level has changed. @return what has changed there
    CellRange coarsen(const CellRange& changed, StencilLevel& coarse);

    /// Gauss-Seidel over even rows, then odd ones, in both even columns, then odd ones; or the mirror image
    /// of it.
    void smooth(bool isMirrored);

    /// The coarse level's right-hand side out of what is left here.
    void restrictTo(StencilLevel& coarse);

    /// Adds the coarse level's values.
    void correctFrom(const StencilLevel& coarse);

    /// The conductances of a cell to its neighbours as a dense matrix, row by row; for the coarsest level.
    std::vector<double> denseMatrix() const;

    Field<float> right, values;

private:
    template <bool hasDiagonals>
    void relax(std::ptrdiff_t row, std::ptrdiff_t firstColumn);
    void smoothInTwoColours(bool isMirrored);
    void smoothInFourColours(bool isMirrored);
    void relaxRow(std::ptrdiff_t row, bool isMirrored);
    template <bool hasDiagonals>
    void computeRest();
    void spreadAlongEdges(std::ptrdiff_t row, std::ptrdiff_t column);
    void spreadToMiddle(std::ptrdiff_t row, std::ptrdiff_t column);
    struct Corners;
    Corners cornersOf(std::ptrdiff_t row, std::ptrdiff_t column, int down, int across) const;
    void addBlock(std::ptrdiff_t row, std::ptrdiff_t column, const CellRange& window,
                  StencilLevel& coarse) const;

    std::ptrdiff_t m_rows, m_columns;
    bool m_hasDiagonals;
    Field<float> m_total, m_inverse, m_rest;
    // By coarse cell: the shares of coarse values in the cell east of it (its own, and the next column's),
    // north of it, and north-east of it (own, next column's, next row's, both's).
    Field<float> m_eastOwn, m_eastNext, m_northOwn, m_northNext, m_middle00, m_middle01, m_middle10,
        m_middle11;
};

} // namespace headroom::powergrid
