#include "core/delay/table_scaler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/distributions.h"

namespace headroom::delay {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

/// The piecewise linear function through some points, constant beyond the outer ones.
double interpolated(const std::vector<double>& x, const std::vector<double>& y, double at) {
    if (!(at > x.front())) return y.front();
    if (!(at < x.back())) return y.back();
    const auto upper = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
    const double share = (at - x[upper - 1]) / (x[upper] - x[upper - 1]);
    return y[upper - 1] + share * (y[upper] - y[upper - 1]);
}

} // namespace

std::vector<std::size_t> columnsExcept(const Table& table, const std::vector<std::size_t>& left) {
    std::vector<std::size_t> columns;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        if (std::find(left.begin(), left.end(), c) == left.end()) columns.push_back(c);
    }
    return columns;
}

TableScaler::Coordinate TableScaler::fitNumber(const std::vector<double>& values, Scaling scaling) {
    Coordinate coordinate;
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    coordinate.least = sorted.front();
    coordinate.isConstant = sorted.front() == sorted.back();
    coordinate.normaliser = regression::Normaliser::fit(values, false);
    if (scaling == Scaling::Standard || coordinate.isConstant) return coordinate;
    const auto count = static_cast<double>(sorted.size());
    for (std::size_t begin = 0; begin < sorted.size();) {
        const auto end = static_cast<std::size_t>(
            std::upper_bound(sorted.begin(), sorted.end(), sorted[begin]) - sorted.begin());
        // The middle of the ranks of equal values.
        const double rank = 0.5 * static_cast<double>(begin + end);
        coordinate.knots.push_back(sorted[begin]);
        coordinate.scores.push_back(normalQuantile(rank / count));
        begin = end;
    }
    return coordinate;
}

TableScaler TableScaler::fit(const Table& rows, const std::vector<std::size_t>& columns, Scaling scaling) {
    TableScaler scaler;
    scaler.m_columns = columns;
    for (const std::size_t c : columns) {
        const Column& column = rows.columns[c];
        Coordinate coordinate;
        if (column.kind == ColumnKind::Category)
            coordinate.categories = column.categories.size();
        else
            coordinate = fitNumber(column.values, scaling);
        scaler.m_width += static_cast<Index>(std::max<std::size_t>(1, coordinate.categories));
        scaler.m_coordinates.push_back(std::move(coordinate));
    }
    return scaler;
}

MatrixXd TableScaler::apply(const Table& table) const {
    const auto rows = static_cast<Index>(table.rows());
    MatrixXd coordinates = MatrixXd::Zero(rows, m_width);
    Index place = 0;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const Coordinate& coordinate = m_coordinates[c];
        const std::vector<double>& values = table.columns[m_columns[c]].values;
        for (Index row = 0; row < rows; ++row) {
            const double value = values[static_cast<std::size_t>(row)];
            if (coordinate.categories > 0) {
                const auto category = static_cast<std::size_t>(value);
                if (category < coordinate.categories)
                    coordinates(row, place + static_cast<Index>(category)) = 1;
            } else {
                coordinates(row, place) = coordinate.knots.empty()
                                              ? coordinate.normaliser.normalise(value)
                                              : interpolated(coordinate.knots, coordinate.scores, value);
            }
        }
        place += static_cast<Index>(std::max<std::size_t>(1, coordinate.categories));
    }
    return coordinates;
}

void TableScaler::restore(const MatrixXd& coordinates, Table& table) const {
    Index place = 0;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const Coordinate& coordinate = m_coordinates[c];
        std::vector<double>& values = table.columns[m_columns[c]].values;
        values.resize(static_cast<std::size_t>(coordinates.rows()));
        const auto width = static_cast<Index>(std::max<std::size_t>(1, coordinate.categories));
        for (Index row = 0; row < coordinates.rows(); ++row) {
            double& value = values[static_cast<std::size_t>(row)];
            if (coordinate.categories > 0) {
                Index largest = 0;
                coordinates.row(row).segment(place, width).maxCoeff(&largest);
                value = static_cast<double>(largest);
            } else if (coordinate.isConstant) {
                value = coordinate.least;
            } else if (coordinate.knots.empty()) {
                value = coordinate.normaliser.restore(coordinates(row, place));
            } else {
                value = interpolated(coordinate.scores, coordinate.knots, coordinates(row, place));
            }
        }
        place += width;
    }
}

NamedNumbers TableScaler::numbers() const {
    NamedNumbers all;
    all.put("columns", std::vector<double>(m_columns.begin(), m_columns.end()));
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const Coordinate& coordinate = m_coordinates[c];
        NamedNumbers own;
        own.put("scale", std::vector<double>{static_cast<double>(coordinate.categories),
                                             coordinate.isConstant ? 1.0 : 0.0, coordinate.least,
                                             coordinate.normaliser.mean, coordinate.normaliser.deviation});
        if (!coordinate.knots.empty()) {
            own.put("knots", coordinate.knots);
            own.put("scores", coordinate.scores);
        }
        all.putPart(std::to_string(c), own);
    }
    return all;
}

Result<TableScaler::Coordinate> TableScaler::coordinateFrom(const NamedNumbers& numbers) {
    constexpr std::size_t kScale = 5;
    const auto scale = numbers.find("scale", kScale);
    if (!scale) return forward(scale);
    Coordinate coordinate;
    coordinate.categories = static_cast<std::size_t>((*scale)[0]);
    coordinate.isConstant = (*scale)[1] != 0;
    coordinate.least = (*scale)[2];
    coordinate.normaliser = {false, (*scale)[3], (*scale)[4]};
    if (!numbers.has("knots")) return coordinate;
    auto knots = numbers.find("knots");
    if (!knots) return forward(knots);
    auto scores = numbers.find("scores", knots->size());
    if (!scores) return forward(scores);
    if (knots->empty() || !std::is_sorted(knots->begin(), knots->end()) ||
        !std::is_sorted(scores->begin(), scores->end()))
        return fail(ErrorCode::Corrupt, "The quantiles of a column do not ascend.");
    coordinate.knots = std::move(*knots);
    coordinate.scores = std::move(*scores);
    return coordinate;
}

Result<TableScaler> TableScaler::fromNumbers(const NamedNumbers& numbers, const Table& table) {
    const auto columns = numbers.find("columns");
    if (!columns) return forward(columns);
    TableScaler scaler;
    for (std::size_t c = 0; c < columns->size(); ++c) {
        const auto column = static_cast<std::size_t>((*columns)[c]);
        auto coordinate = coordinateFrom(numbers.part(std::to_string(c)));
        if (!coordinate) return forward(coordinate);
        const bool fits = column < table.columns.size() &&
                          coordinate->categories == table.columns[column].categories.size();
        if (!fits) return fail(ErrorCode::Corrupt, "The model's scaling does not fit its columns.");
        scaler.m_columns.push_back(column);
        scaler.m_width += static_cast<Index>(std::max<std::size_t>(1, coordinate->categories));
        scaler.m_coordinates.push_back(std::move(*coordinate));
    }
    return scaler;
}

} // namespace headroom::delay
