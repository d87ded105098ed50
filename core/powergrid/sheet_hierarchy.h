#pragma once

#include <memory>
#include <vector>

#include "core/powergrid/sheet_solver.h"
#include "core/powergrid/stencil_level.h"

namespace headroom::powergrid {

/// A sheet's equations G d = J for the drops d, in double precision, and the multigrid hierarchy that
/// preconditions them.
class SheetHierarchy {
public:
    SheetHierarchy(std::ptrdiff_t rows, std::ptrdiff_t columns);
    ~SheetHierarchy();
    SheetHierarchy(const SheetHierarchy&) = delete;
    SheetHierarchy& operator=(const SheetHierarchy&) = delete;

    /// Takes over conductances and pads of a part of the sheet, and works out what depends on them.
    /// @param isSupplied by cell: 0 for cells that no pad reaches
    void update(const Sheet& sheet, const std::vector<char>& isSupplied, const CellRange& changed);

    /// y = G x; @return x^T y
    double multiply(const Field<double>& x, Field<double>& y) const;

    /// z = M^-1 r by one V-cycle. @param largest of |r|  @return r^T z
    double precondition(const Field<double>& rest, double largest, Field<double>& result);

    double padConductance(std::ptrdiff_t row, std::ptrdiff_t column) const {
        return m_supply.row(row)[column];
    }

private:
    void cycle(std::size_t depth);

    struct Coarsest;
    std::ptrdiff_t m_rows, m_columns;
    Field<double> m_east, m_north, m_supply;
    std::vector<std::unique_ptr<StencilLevel>> m_levels; ///< the finest first
    std::unique_ptr<Coarsest> m_coarsest;
};

} // namespace headroom::powergrid
