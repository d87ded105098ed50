#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/powergrid/grid_model.h"

namespace headroom::powergrid {

/// How the equations are solved. Direct: sparse LDL^T with minimum-degree ordering. Multigrid: conjugate
/// gradients preconditioned by smoothed aggregation. Automatic takes what is faster for a single solution.
enum class SolveMethod { Automatic, Direct, Multigrid };
const char* toString(SolveMethod method);

struct SolverSettings {
    SolveMethod method = SolveMethod::Automatic;
    double tolerance = 1e-10; ///< of the residual where multigrid iterates, relative
    /// What so many iterations of multigrid give is the answer, settled or not; 0: it has to settle.
    int roughIterations = 0;
};

/// What a net's pads bring and what its loads take, A; both positive in the sense of the supply.
struct SupplyBalance {
    double suppliedAmperes = 0;
    double loadAmperes = 0;
};

/// Voltages of a grid. Immutable; threads may share it.
struct GridSolution {
    std::shared_ptr<const GridModel> model;
    std::vector<double> volts;           ///< by node, against ground; NaN on excluded islands
    std::vector<SupplyBalance> balances; ///< by net
    double residual = 0;                 ///< |G v - J| / |J|, 2-norms; of absolute size where J is 0
    double worstAmperes = 0;             ///< the largest violation of Kirchhoff's current law
    NodeId worstNode = kGround;          ///< with the largest drop
    double worstDrop = 0;                ///< V
    SolveMethod method = SolveMethod::Direct;
    int iterations = 0; ///< of multigrid

    /// How far a node is off its supply, V: positive where a supply sags and where a ground bounces. NaN on
    /// islands and for ground.
    double dropOf(NodeId node) const;
};

/// A factorised grid: solves for one set of currents after the other. solve() may run in several threads.
class GridSolver {
public:
    /// Errors: BadInput (the equations are singular), Cancelled.
    static Result<GridSolver> create(std::shared_ptr<const GridModel> model, const SolverSettings& settings,
                                     JobContext& context);
    GridSolver(GridSolver&&) noexcept;
    GridSolver& operator=(GridSolver&&) noexcept;
    ~GridSolver();

    /// With the netlist's currents, or with others. @param amperes by current source of the netlist
    /// Errors: BadInput (their number, one that is not finite, voltages beyond all numbers), Convergence,
    /// Cancelled.
    Result<GridSolution> solve(JobContext& context) const;
    Result<GridSolution> solve(std::span<const double> amperes, JobContext& context) const;

private:
    struct Impl;
    explicit GridSolver(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> m_impl;
};

/// All in one: the voltages of a netlist's grid.
Result<GridSolution> solveGrid(std::shared_ptr<const GridNetlist> netlist, IslandPolicy policy,
                               const SolverSettings& settings, JobContext& context);

} // namespace headroom::powergrid
