#include "core/powergrid/sheet_hierarchy.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>

#include "core/powergrid/lane_sums.h"

namespace headroom::powergrid {
namespace {

using Index = std::ptrdiff_t;

constexpr Index kCoarsestCells = 64;

/// An ideal pad against the best conductor around it: what is left of its resistance is far below the
/// tolerance.
constexpr double kIdealPad = 1e7;

} // namespace

struct SheetHierarchy::Coarsest {
    Eigen::LDLT<Eigen::MatrixXd> factors;
    Eigen::VectorXd right;
};

SheetHierarchy::SheetHierarchy(Index rows, Index columns)
    : m_rows(rows)
    , m_columns(columns)
    , m_east(rows, columns)
    , m_north(rows, columns)
    , m_supply(rows, columns)
    , m_coarsest(std::make_unique<Coarsest>()) {
    m_levels.push_back(std::make_unique<StencilLevel>(rows, columns, false));
    while (m_levels.back()->rows() * m_levels.back()->columns() > kCoarsestCells)
        m_levels.push_back(std::make_unique<StencilLevel>((m_levels.back()->rows() + 1) / 2,
                                                          (m_levels.back()->columns() + 1) / 2, true));
}

SheetHierarchy::~SheetHierarchy() = default;

void SheetHierarchy::update(const Sheet& sheet, const std::vector<char>& isSupplied,
                            const CellRange& changed) {
    if (changed.empty()) return;
    const auto siemens = [&](Index r, Index c) {
        return r < m_rows && c < m_columns
                   ? sheet.conductance.values[static_cast<std::size_t>(r * m_columns + c)]
                   : 0.0;
    };
    StencilLevel& finest = *m_levels.front();
    const CellRange around{std::max<Index>(changed.rowFrom - 1, 0), std::min(changed.rowTo + 1, m_rows),
                           std::max<Index>(changed.columnFrom - 1, 0),
                           std::min(changed.columnTo + 1, m_columns)};
    for (Index r = around.rowFrom; r < around.rowTo; ++r)
        for (Index c = around.columnFrom; c < around.columnTo; ++c) {
            const auto cell = static_cast<std::size_t>(r * m_columns + c);
            const double own = siemens(r, c);
            m_east.row(r)[c] = edgeConductance(own, siemens(r, c + 1));
            m_north.row(r)[c] = edgeConductance(own, siemens(r + 1, c));
            double pad = sheet.pads.values[cell];
            // Where no pad reaches, a conductance to the supply keeps the equations regular; nothing flows
            // there.
            if (isSupplied[cell] == 0) pad = own > 0 ? own : 1;
            m_supply.row(r)[c] = std::isinf(pad) ? kIdealPad * std::max(own, 1e-30) : pad;
            finest.east.row(r)[c] = static_cast<float>(m_east.row(r)[c]);
            finest.north.row(r)[c] = static_cast<float>(m_north.row(r)[c]);
            finest.supply.row(r)[c] = static_cast<float>(m_supply.row(r)[c]);
        }
    finest.sumUp(around);
    CellRange range = around;
    for (std::size_t i = 0; i + 1 < m_levels.size(); ++i)
        range = m_levels[i]->coarsen(range, *m_levels[i + 1]);
    const std::vector<double> matrix = m_levels.back()->denseMatrix();
    const Index size = m_levels.back()->rows() * m_levels.back()->columns();
    m_coarsest->factors.compute(Eigen::Map<const Eigen::MatrixXd>(matrix.data(), size, size));
    m_coarsest->right.resize(size);
}

double SheetHierarchy::multiply(const Field<double>& x, Field<double>& y) const {
    LaneSums product;
    for (Index r = 0; r < m_rows; ++r) {
        const double *own = x.row(r), *up = x.row(r + 1), *down = x.row(r - 1), *e = m_east.row(r),
                     *n = m_north.row(r), *s = m_north.row(r - 1), *supply = m_supply.row(r);
        double* target = y.row(r);
        for (Index c = 0; c < m_columns; ++c) {
            const double value = own[c];
            target[c] = supply[c] * value + e[c] * (value - own[c + 1]) + e[c - 1] * (value - own[c - 1]) +
                        n[c] * (value - up[c]) + s[c] * (value - down[c]);
        }
        product.addProducts(own, target, m_columns);
    }
    return product.sum();
}

void SheetHierarchy::cycle(std::size_t depth) {
    StencilLevel& level = *m_levels[depth];
    if (depth + 1 == m_levels.size()) {
        for (Index r = 0; r < level.rows(); ++r)
            for (Index c = 0; c < level.columns(); ++c)
                m_coarsest->right[r * level.columns() + c] = static_cast<double>(level.right.row(r)[c]);
        const Eigen::VectorXd values = m_coarsest->factors.solve(m_coarsest->right);
        for (Index r = 0; r < level.rows(); ++r)
            for (Index c = 0; c < level.columns(); ++c)
                level.values.row(r)[c] = static_cast<float>(values[r * level.columns() + c]);
        return;
    }
    std::fill(level.values.values().begin(), level.values.values().end(), 0.0F);
    level.smooth(false);
    level.restrictTo(*m_levels[depth + 1]);
    cycle(depth + 1);
    level.correctFrom(*m_levels[depth + 1]);
    level.smooth(true);
}

double SheetHierarchy::precondition(const Field<double>& rest, double largest, Field<double>& result) {
    StencilLevel& finest = *m_levels.front();
    // Scaled to 1, so that single precision never runs out of exponents.
    const double scale = largest > 0 ? 1 / largest : 1;
    for (Index r = 0; r < m_rows; ++r)
        for (Index c = 0; c < m_columns; ++c)
            finest.right.row(r)[c] = static_cast<float>(rest.row(r)[c] * scale);
    cycle(0);
    LaneSums product;
    for (Index r = 0; r < m_rows; ++r) {
        const float* values = finest.values.row(r);
        double* target = result.row(r);
        for (Index c = 0; c < m_columns; ++c)
            target[c] = static_cast<double>(values[c]) * largest;
        product.addProducts(target, rest.row(r), m_columns);
    }
    return product.sum();
}

} // namespace headroom::powergrid
