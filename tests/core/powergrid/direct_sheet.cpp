#include "tests/core/powergrid/direct_sheet.h"

#include <cmath>

#include <Eigen/SparseCholesky>

namespace headroom::powergrid {

std::vector<double> directDrops(const Sheet& sheet) {
    const auto rows = static_cast<int>(sheet.conductance.rows),
               columns = static_cast<int>(sheet.conductance.columns);
    std::vector<Eigen::Triplet<double>> entries;
    const auto at = [&](const Map& map, int r, int c) {
        return map(static_cast<std::size_t>(r), static_cast<std::size_t>(c));
    };
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < columns; ++c) {
            const int cell = r * columns + c;
            const double own = at(sheet.conductance, r, c), pad = at(sheet.pads, r, c);
            entries.emplace_back(cell, cell, std::isinf(pad) ? 1e9 : pad);
            const auto join = [&](int other, double next) {
                const double siemens = own > 0 && next > 0 ? 2 * own * next / (own + next) : 0;
                entries.emplace_back(cell, cell, siemens);
                entries.emplace_back(other, other, siemens);
                entries.emplace_back(other, cell, -siemens);
            };
            if (c + 1 < columns) join(cell + 1, at(sheet.conductance, r, c + 1));
            if (r + 1 < rows) join(cell + columns, at(sheet.conductance, r + 1, c));
        }
    Eigen::SparseMatrix<double> matrix(rows * columns, rows * columns);
    matrix.setFromTriplets(entries.begin(), entries.end());
    const Eigen::SimplicialLDLT<Eigen::SparseMatrix<double>> factors(matrix);
    const Eigen::VectorXd drops =
        factors.solve(Eigen::Map<const Eigen::VectorXd>(sheet.current.values.data(), rows * columns));
    return {drops.begin(), drops.end()};
}

} // namespace headroom::powergrid
