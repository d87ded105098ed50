#pragma once

#include <memory>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/map.h"

namespace headroom::powergrid {

/// A power grid as a sheet of metal in square cells: row = x, column = y, in all maps of one size.
struct Sheet {
    Map conductance; ///< S per square; 0 where there is no metal
    Map current;     ///< A drawn from each cell; negative ones are brought in
    Map pads;        ///< S from each cell to the supply; 0 where there is no pad, infinity for an ideal one
    double supplyVolts = 1;
};

/// Between the middles of two neighbouring cells, S: half a square of each in series; 0 where one has no
/// metal.
inline double edgeConductance(double a, double b) {
    return a > 0 && b > 0 ? 2 * a * b / (a + b) : 0;
}

/// Errors: BadInput (maps of different sizes, empty ones, negative or NaN cells with their place, no pads).
Result<void> checkSheet(const Sheet& sheet);

/// Bytes that a solver of this size takes, its maps included.
std::uint64_t sheetBytes(std::uint64_t rows, std::uint64_t columns);

struct SheetSettings {
    double tolerance = 1e-6; ///< of the error in the energy norm, relative
    int mostIterations = 200;
    bool takesRough = false; ///< what mostIterations give is an answer, settled or not
    std::uint64_t memoryLimit = std::uint64_t{8} << 30U;
};

/// Drops of a sheet. Immutable.
struct SheetSolution {
    Map drop; ///< V below the supply; NaN in cells without metal and on islands
    double worstDrop = 0;
    std::size_t worstRow = 0, worstColumn = 0;
    double suppliedAmperes = 0,
           loadAmperes = 0;      ///< through the pads; by the cells that hang together with one
    std::size_t islandCells = 0; ///< with metal, but without a way to a pad: left out
    double residual = 0;         ///< |J - G v| / |J|, 2-norms
    int iterations = 0;
};

/// Solves sheets of one size that change bit by bit: conjugate gradients in double precision, preconditioned
/// by geometric multigrid, that start from the last answer. What has changed is found by comparison, and only
/// that part of the hierarchy is worked out anew. Not to be used by several threads at once.
class SheetSolver {
public:
    explicit SheetSolver(const SheetSettings& settings = {});
    SheetSolver(SheetSolver&&) noexcept;
    SheetSolver& operator=(SheetSolver&&) noexcept;
    ~SheetSolver();

    /// Errors: those of checkSheet(), Unsupported (memory, said before it is taken), Convergence, Cancelled.
    /// After an error the next call starts afresh.
    Result<SheetSolution> solve(const std::shared_ptr<const Sheet>& sheet, JobContext& context);

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::powergrid
