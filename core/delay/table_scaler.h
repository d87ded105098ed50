#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

#include "core/delay/generator_state.h"
#include "core/delay/table.h"
#include "core/regression/normaliser.h"

namespace headroom::delay {

enum class Scaling {
    Standard, ///< zero mean and unit deviation
    /// To a standard normal distribution through the empirical distribution function; restored values never
    /// leave the range of those that it was fitted on.
    Quantile,
};

/// All columns of a table but some, in their order.
std::vector<std::size_t> columnsExcept(const Table& table, const std::vector<std::size_t>& left);

/// Columns of a table as coordinates of about zero mean and unit deviation, and back: one for a number, one
/// for each category of a category (1 where it is the row's). Fitted on some rows and immutable from then on,
/// so that rows held out leave no trace in it.
class TableScaler {
public:
    TableScaler() = default;
    /// @param rows not empty  @param columns of it, in the order of the coordinates
    static TableScaler fit(const Table& rows, const std::vector<std::size_t>& columns, Scaling scaling);

    Eigen::Index width() const { return m_width; }
    const std::vector<std::size_t>& columns() const { return m_columns; }

    /// @param table with the columns of the fitted one; categories unknown to it have no coordinate that is 1
    /// @return rows x width
    Eigen::MatrixXd apply(const Table& table) const;

    /// Puts the values that @p coordinates stand for into the columns of @p table; of a category the one with
    /// the largest coordinate. @param coordinates rows x width
    void restore(const Eigen::MatrixXd& coordinates, Table& table) const;

    /// What it knows, and a scaler that knows the same. Error Corrupt.
    NamedNumbers numbers() const;
    /// @param table without rows, of the columns that it was fitted on
    static Result<TableScaler> fromNumbers(const NamedNumbers& numbers, const Table& table);

private:
    struct Coordinate {
        std::size_t categories = 0; ///< 0 for a number
        bool isConstant = false;
        double least = 0; ///< the value of a constant
        regression::Normaliser normaliser;
        /// Of Scaling::Quantile: different values, ascending, and the normal score of each.
        std::vector<double> knots, scores;
    };
    static Result<Coordinate> coordinateFrom(const NamedNumbers& numbers);
    static Coordinate fitNumber(const std::vector<double>& values, Scaling scaling);

    std::vector<std::size_t> m_columns;
    std::vector<Coordinate> m_coordinates; ///< by column
    Eigen::Index m_width = 0;
};

} // namespace headroom::delay
