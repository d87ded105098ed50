#include "core/powergrid/sheet_solver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "core/base/quantity.h"
#include "core/powergrid/lane_sums.h"
#include "core/powergrid/sheet_hierarchy.h"

namespace headroom::powergrid {
namespace {

using Index = std::ptrdiff_t;

Result<void> checkCells(const Map& map, const char* name, bool mayBeNegative, bool mayBeInfinite) {
    for (std::size_t i = 0; i < map.values.size(); ++i) {
        const double value = map.values[i];
        const bool isGood = std::isfinite(value) || (mayBeInfinite && std::isinf(value));
        if (isGood && (mayBeNegative || value >= 0)) continue;
        return fail(ErrorCode::BadInput, fmt::format("The {} of the cell in row {}, column {} is {}.", name,
                                                     i / map.columns + 1, i % map.columns + 1, value));
    }
    return {};
}

/// The smallest range of cells in which two maps differ.
CellRange differenceOf(const Map& a, const Map& b) {
    CellRange range{static_cast<Index>(a.rows), 0, static_cast<Index>(a.columns), 0};
    for (std::size_t r = 0; r < a.rows; ++r) {
        const double *first = a.values.data() + r * a.columns, *second = b.values.data() + r * a.columns;
        const auto from = std::mismatch(first, first + a.columns, second).first - first;
        if (from == static_cast<Index>(a.columns)) continue;
        Index to = static_cast<Index>(a.columns);
        while (first[to - 1] == second[to - 1])
            --to;
        range.rowFrom = std::min(range.rowFrom, static_cast<Index>(r));
        range.rowTo = static_cast<Index>(r) + 1;
        range.columnFrom = std::min(range.columnFrom, from);
        range.columnTo = std::max(range.columnTo, to);
    }
    return range;
}

CellRange united(const CellRange& a, const CellRange& b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return {std::min(a.rowFrom, b.rowFrom), std::max(a.rowTo, b.rowTo), std::min(a.columnFrom, b.columnFrom),
            std::max(a.columnTo, b.columnTo)};
}

/// Marks the cells with metal that hang together with a pad.
std::vector<char> suppliedCells(const Sheet& sheet) {
    const std::size_t rows = sheet.conductance.rows, columns = sheet.conductance.columns;
    const auto& metal = sheet.conductance.values;
    std::vector<char> isSupplied(metal.size(), 0);
    std::vector<std::size_t> waiting;
    const auto reach = [&](std::size_t cell) {
        if (isSupplied[cell] != 0 || metal[cell] <= 0) return;
        isSupplied[cell] = 1;
        waiting.push_back(cell);
    };
    for (std::size_t cell = 0; cell < metal.size(); ++cell)
        if (sheet.pads.values[cell] > 0) reach(cell);
    while (!waiting.empty()) {
        const std::size_t cell = waiting.back(), row = cell / columns, column = cell % columns;
        waiting.pop_back();
        if (row > 0) reach(cell - columns);
        if (row + 1 < rows) reach(cell + columns);
        if (column > 0) reach(cell - 1);
        if (column + 1 < columns) reach(cell + 1);
    }
    return isSupplied;
}

double dot(const Field<double>& a, const Field<double>& b) {
    LaneSums sum;
    sum.addProducts(a.values().data(), b.values().data(), static_cast<Index>(a.values().size()));
    return sum.sum();
}

} // namespace

Result<void> checkSheet(const Sheet& sheet) {
    const Map& metal = sheet.conductance;
    if (metal.empty()) return fail(ErrorCode::BadInput, "The sheet has no cells.");
    const std::pair<const Map*, const char*> others[] = {{&sheet.current, "currents"}, {&sheet.pads, "pads"}};
    for (const auto& [map, name] : others)
        if (map->rows != metal.rows || map->columns != metal.columns)
            return fail(ErrorCode::BadInput,
                        fmt::format("The map of {} has {} x {} cells, the sheet has {} x {}.", name,
                                    map->rows, map->columns, metal.rows, metal.columns));
    if (const auto good = checkCells(metal, "conductance", false, false); !good) return good;
    if (const auto good = checkCells(sheet.current, "current", true, false); !good) return good;
    if (const auto good = checkCells(sheet.pads, "pad's conductance", false, true); !good) return good;
    for (std::size_t i = 0; i < metal.values.size(); ++i)
        if (sheet.pads.values[i] > 0 && metal.values[i] > 0) return {};
    return fail(ErrorCode::BadInput, "The sheet has no pads on metal.");
}

std::uint64_t sheetBytes(std::uint64_t rows, std::uint64_t columns) {
    // Maps of sheet and answer, seven fields of the iteration, and the hierarchy: a third more than its
    // finest level.
    constexpr std::uint64_t kBytesPerCell = 5 * sizeof(double) + 8 * sizeof(double) + 56 + 4;
    const std::uint64_t map = mapBytes(rows, columns);
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    return map > kMost / kBytesPerCell ? kMost : map / sizeof(double) * kBytesPerCell;
}

struct SheetSolver::Impl {
    explicit Impl(const SheetSettings& theSettings)
        : settings(theSettings) {}

    void prepare(const std::shared_ptr<const Sheet>& next);
    Result<int> iterate(JobContext& context);
    SheetSolution finish(int iterations) const;

    SheetSettings settings;
    std::shared_ptr<const Sheet>
        sheet; ///< that the hierarchy stands for; null before the first and after an error
    std::vector<char> isSupplied;
    std::optional<SheetHierarchy> hierarchy;
    Field<double> drop, current, rest, step, direction, image;
};

/// Brings hierarchy and right-hand side up to date with a sheet.
void SheetSolver::Impl::prepare(const std::shared_ptr<const Sheet>& next) {
    const auto rows = static_cast<Index>(next->conductance.rows),
               columns = static_cast<Index>(next->conductance.columns);
    const bool isNew = !sheet || sheet->conductance.rows != next->conductance.rows ||
                       sheet->conductance.columns != next->conductance.columns;
    CellRange changed{0, rows, 0, columns};
    if (isNew) {
        hierarchy.emplace(rows, columns);
        for (Field<double>* each : {&drop, &current, &rest, &step, &direction, &image})
            *each = Field<double>(rows, columns);
    } else {
        changed = united(differenceOf(sheet->conductance, next->conductance),
                         differenceOf(sheet->pads, next->pads));
    }
    if (!changed.empty()) {
        std::vector<char> reached = suppliedCells(*next);
        // A cut can strand cells far away from it.
        if (!isNew && reached != isSupplied) changed = {0, rows, 0, columns};
        isSupplied = std::move(reached);
        hierarchy->update(*next, isSupplied, changed);
    }
    sheet = next;
    for (Index r = 0; r < rows; ++r)
        for (Index c = 0; c < columns; ++c) {
            const auto cell = static_cast<std::size_t>(r * columns + c);
            current.row(r)[c] = isSupplied[cell] != 0 ? next->current.values[cell] : 0;
        }
}

/// Conjugate gradients from the present drops. @return how many iterations it took
Result<int> SheetSolver::Impl::iterate(JobContext& context) {
    hierarchy->multiply(drop, rest);
    const auto size = static_cast<Index>(rest.values().size());
    double *left = rest.values().data(), *drops = drop.values().data();
    const double *wanted = current.values().data(), *along = direction.values().data(),
                 *change = image.values().data();
    for (Index i = 0; i < size; ++i)
        left[i] = wanted[i] - left[i];
    double largest = largestOf(left, size), whole = dot(current, drop);
    // Loops over whole fields are bound by memory: all is done to a block while it is at hand.
    const auto advance = [&](double alpha) {
        constexpr Index kBlock = 512;
        LaneSums work;
        largest = 0;
        for (Index from = 0; from < size; from += kBlock) {
            const Index count = std::min(kBlock, size - from);
            for (Index i = from; i < from + count; ++i) {
                left[i] -= alpha * change[i];
                drops[i] += alpha * along[i];
            }
            largest = std::max(largest, largestOf(left + from, count));
            work.addProducts(wanted + from, drops + from, count);
        }
        whole = work.sum();
    };
    double old = 0;
    for (int iteration = 0;; ++iteration) {
        if (context.cancelled()) return failCancelled();
        // r^T M^-1 r stands for the energy of the error, J^T d for that of the answer.
        const double energy = hierarchy->precondition(rest, largest, step);
        const double small = settings.tolerance * settings.tolerance *
                             std::max(std::abs(whole), std::numeric_limits<double>::min());
        const bool isLast = iteration == settings.mostIterations;
        if (energy <= small || (isLast && settings.takesRough)) return iteration;
        if (isLast || !std::isfinite(energy))
            return fail(ErrorCode::Convergence,
                        fmt::format("The drops have not settled after {} iterations.", iteration));
        const double beta = iteration == 0 ? 0 : energy / old;
        old = energy;
        for (std::size_t i = 0; i < direction.values().size(); ++i)
            direction.values()[i] = step.values()[i] + beta * direction.values()[i];
        advance(energy / hierarchy->multiply(direction, image));
    }
}

SheetSolution SheetSolver::Impl::finish(int iterations) const {
    const Map& metal = sheet->conductance;
    SheetSolution solution;
    solution.iterations = iterations;
    solution.drop = {metal.rows, metal.columns, std::vector<double>(metal.values.size())};
    solution.worstDrop = -std::numeric_limits<double>::infinity();
    for (std::size_t row = 0; row < metal.rows; ++row)
        for (std::size_t column = 0; column < metal.columns; ++column) {
            const auto r = static_cast<Index>(row), c = static_cast<Index>(column);
            double& value = solution.drop(row, column);
            if (isSupplied[row * metal.columns + column] == 0) {
                value = std::numeric_limits<double>::quiet_NaN();
                solution.islandCells += metal(row, column) > 0 ? 1 : 0;
                continue;
            }
            value = drop.row(r)[c];
            solution.loadAmperes += current.row(r)[c];
            solution.suppliedAmperes += hierarchy->padConductance(r, c) * value;
            if (value > solution.worstDrop) {
                solution.worstDrop = value;
                solution.worstRow = row;
                solution.worstColumn = column;
            }
        }
    const double size = dot(current, current);
    solution.residual = std::sqrt(dot(rest, rest) / (size > 0 ? size : 1));
    return solution;
}

SheetSolver::SheetSolver(const SheetSettings& settings)
    : m_impl(std::make_unique<Impl>(settings)) {}
SheetSolver::SheetSolver(SheetSolver&&) noexcept = default;
SheetSolver& SheetSolver::operator=(SheetSolver&&) noexcept = default;
SheetSolver::~SheetSolver() = default;

Result<SheetSolution> SheetSolver::solve(const std::shared_ptr<const Sheet>& sheet, JobContext& context) {
    if (const auto good = checkSheet(*sheet); !good) return forward(good);
    const std::uint64_t bytes = sheetBytes(sheet->conductance.rows, sheet->conductance.columns);
    if (bytes > m_impl->settings.memoryLimit)
        return fail(ErrorCode::Unsupported,
                    fmt::format("A sheet of {} x {} cells takes {} of memory; the limit is {}.",
                                sheet->conductance.rows, sheet->conductance.columns,
                                formatQuantity(static_cast<double>(bytes), "B", 3),
                                formatQuantity(static_cast<double>(m_impl->settings.memoryLimit), "B", 3)));
    m_impl->prepare(sheet);
    const auto iterations = m_impl->iterate(context);
    if (!iterations) {
        m_impl->sheet.reset();
        return forward(iterations);
    }
    return m_impl->finish(*iterations);
}

} // namespace headroom::powergrid
