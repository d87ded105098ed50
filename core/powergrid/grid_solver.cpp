#include "core/powergrid/grid_solver.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "core/powergrid/chain_elimination.h"
#include "core/powergrid/indexing.h"
#include "core/powergrid/symmetric_system.h"

namespace headroom::powergrid {
namespace {

double norm(const std::vector<double>& values) {
    double sum = 0;
    for (const double each : values)
        sum += each * each;
    return std::sqrt(sum);
}

/// J - G v
std::vector<double> residualOf(const GridModel& model, std::vector<double> currents,
                               const std::vector<double>& voltages) {
    for (std::size_t i = 0; i < currents.size(); ++i)
        currents[i] -= model.toFixed[i] * voltages[i];
    for (const Conductance& each : model.conductances) {
        const double current = each.siemens * (at(voltages, each.a) - at(voltages, each.b));
        at(currents, each.a) -= current;
        at(currents, each.b) += current;
    }
    return currents;
}

std::vector<SupplyBalance> balancesOf(const GridModel& model, const std::vector<double>& voltages,
                                      std::span<const double> amperes) {
    std::vector<SupplyBalance> balances(model.allNets.size());
    std::vector<char> isCounted(voltages.size(), 0);
    for (std::size_t node = 1; node < model.nets.size(); ++node) {
        const std::int32_t unknown = model.unknowns[node];
        if (unknown < 0 || at(isCounted, unknown) != 0) continue;
        at(isCounted, unknown) = 1;
        at(balances, model.nets[node]).suppliedAmperes +=
            at(model.fixedCurrents, unknown) - at(model.toFixed, unknown) * at(voltages, unknown);
    }
    const auto draw = [&](NodeId node, double current) {
        if (node == kGround) return;
        const GridNet& net = at(model.allNets, at(model.nets, node));
        SupplyBalance& balance = at(balances, at(model.nets, node));
        const double load = net.isSourcesReversed ? -current : current;
        balance.loadAmperes += load;
        if (at(model.unknowns, node) == GridModel::kFixed) balance.suppliedAmperes += load;
    };
    for (std::size_t i = 0; i < amperes.size(); ++i) {
        draw(model.netlist->currents[i].from, amperes[i]);
        draw(model.netlist->currents[i].to, -amperes[i]);
    }
    for (std::size_t i = 0; i < balances.size(); ++i) {
        balances[i].suppliedAmperes *= model.allNets[i].dropSign;
        balances[i].loadAmperes *= model.allNets[i].dropSign;
    }
    return balances;
}

/// Solutions of more unknowns than this are found faster by iterating than by factorising.
constexpr std::size_t kDirectLimit = 30'000;

} // namespace

const char* toString(SolveMethod method) {
    switch (method) {
    case SolveMethod::Automatic:
        return "automatic";
    case SolveMethod::Direct:
        return "direct";
    case SolveMethod::Multigrid:
        return "multigrid";
    }
    return "";
}

double GridSolution::dropOf(NodeId node) const {
    if (node == kGround) return std::numeric_limits<double>::quiet_NaN();
    const GridNet& net = at(model->allNets, at(model->nets, node));
    return net.dropSign * (net.supplyVolts - at(volts, node));
}

struct GridSolver::Impl {
    Impl(std::shared_ptr<const GridModel> theModel, const SolverSettings& theSettings)
        : model(std::move(theModel))
        , settings(theSettings)
        , chains(model->conductances, model->toFixed) {}

    std::shared_ptr<const GridModel> model;
    SolverSettings settings;
    ChainElimination chains;
    std::unique_ptr<SymmetricSolver> solver; ///< of what the chains leave

    GridSolution finish(std::vector<double> voltages, std::span<const double> amperes,
                        std::vector<double> currents) const;
};

/// Node voltages and figures out of the unknowns'.
GridSolution GridSolver::Impl::finish(std::vector<double> voltages, std::span<const double> amperes,
                                      std::vector<double> currents) const {
    GridSolution solution;
    solution.model = model;
    solution.method = settings.method;
    const double size = norm(currents);
    const std::vector<double> rest = residualOf(*model, std::move(currents), voltages);
    solution.residual = norm(rest) / (size > 0 ? size : 1);
    for (const double each : rest)
        solution.worstAmperes = std::max(solution.worstAmperes, std::abs(each));
    solution.balances = balancesOf(*model, voltages, amperes);
    const std::size_t count = model->unknowns.size();
    solution.volts.resize(count);
    solution.volts[kGround] = 0;
    solution.worstDrop = -std::numeric_limits<double>::infinity();
    for (std::size_t node = 1; node < count; ++node) {
        const std::int32_t unknown = model->unknowns[node];
        double& volts = solution.volts[node];
        if (unknown == GridModel::kExcluded)
            volts = std::numeric_limits<double>::quiet_NaN();
        else if (unknown == GridModel::kFixed)
            volts = model->offsets[node];
        else
            volts = at(model->allNets, model->nets[node]).supplyVolts +
                    (at(voltages, unknown) + model->offsets[node]);
        const double drop = solution.dropOf(static_cast<NodeId>(node));
        if (drop > solution.worstDrop) {
            solution.worstDrop = drop;
            solution.worstNode = static_cast<NodeId>(node);
        }
    }
    return solution;
}

GridSolver::GridSolver(std::unique_ptr<const Impl> impl)
    : m_impl(std::move(impl)) {}
GridSolver::GridSolver(GridSolver&&) noexcept = default;
GridSolver& GridSolver::operator=(GridSolver&&) noexcept = default;
GridSolver::~GridSolver() = default;

Result<GridSolver> GridSolver::create(std::shared_ptr<const GridModel> model, const SolverSettings& settings,
                                      JobContext& context) {
    context.progress(-1, "Preparing the equations");
    auto impl = std::make_unique<Impl>(std::move(model), settings);
    if (context.cancelled()) return failCancelled();
    SparseRows<double> matrix = conductanceMatrix(impl->chains.conductances(), impl->chains.toFixed());
    SolveMethod& method = impl->settings.method;
    if (settings.roughIterations > 0) method = SolveMethod::Multigrid;
    if (method == SolveMethod::Automatic)
        method = impl->chains.remainingCount() > kDirectLimit ? SolveMethod::Multigrid : SolveMethod::Direct;
    if (context.cancelled()) return failCancelled();
    IterationEnd end;
    end.tolerance = settings.tolerance;
    if (settings.roughIterations > 0) {
        end.mostIterations = settings.roughIterations;
        end.takesRough = true;
    }
    auto solver = method == SolveMethod::Direct ? makeDirectSolver(matrix)
                                                : makeMultigridSolver(std::move(matrix), end, context);
    if (!solver) return forward(solver);
    impl->solver = std::move(*solver);
    return GridSolver(std::move(impl));
}

Result<GridSolution> GridSolver::solve(JobContext& context) const {
    std::vector<double> amperes;
    amperes.reserve(m_impl->model->netlist->currents.size());
    for (const CurrentSource& each : m_impl->model->netlist->currents)
        amperes.push_back(each.amperes);
    return solve(amperes, context);
}

Result<GridSolution> GridSolver::solve(std::span<const double> amperes, JobContext& context) const {
    const std::size_t sources = m_impl->model->netlist->currents.size();
    if (amperes.size() != sources)
        return fail(ErrorCode::BadInput,
                    fmt::format("There are {} currents for {} current sources.", amperes.size(), sources));
    if (!std::all_of(amperes.begin(), amperes.end(), [](double each) { return std::isfinite(each); }))
        return fail(ErrorCode::BadInput, "A current is no finite number.");
    const std::vector<double> currents = m_impl->model->injections(amperes);
    std::vector<double> reduced = currents;
    const std::vector<double> remaining = m_impl->chains.reduce(reduced);
    auto answer = m_impl->solver->solve(remaining, context);
    if (!answer) return forward(answer);
    std::vector<double> voltages = m_impl->chains.expand(answer->values, std::move(reduced));
    if (!std::all_of(voltages.begin(), voltages.end(), [](double each) { return std::isfinite(each); }))
        return fail(ErrorCode::BadInput,
                    "The grid's voltages are beyond all numbers: its resistances differ too "
                    "much, or its currents are too large.");
    GridSolution solution = m_impl->finish(std::move(voltages), amperes, currents);
    solution.iterations = answer->iterations;
    return solution;
}

Result<GridSolution> solveGrid(std::shared_ptr<const GridNetlist> netlist, IslandPolicy policy,
                               const SolverSettings& settings, JobContext& context) {
    auto model = buildGridModel(std::move(netlist), policy, context);
    if (!model) return forward(model);
    auto solver = GridSolver::create(std::make_shared<const GridModel>(std::move(*model)), settings, context);
    if (!solver) return forward(solver);
    return solver->solve(context);
}

} // namespace headroom::powergrid
