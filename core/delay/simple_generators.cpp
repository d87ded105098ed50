#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "core/base/distributions.h"
#include "core/base/random.h"
#include "core/delay/generator.h"
#include "core/delay/table_import.h"
#include "core/delay/table_scaler.h"

namespace headroom::delay {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Rows between two looks at whether the job was cancelled.
constexpr std::size_t kRowsPerLook = 256;
/// Added to the correlations' diagonal, so that columns that are functions of others have a factor.
constexpr double kRidge = 1e-9;

std::vector<std::size_t> allColumns(const Table& table) {
    return columnsExcept(table, {});
}

/// Makes row by row; row i depends on the seed and i alone.
template <class Make>
Result<Table> sampleRows(const Table& fitted, std::string_view name, std::size_t count, std::uint64_t seed,
                         JobContext& context, const Make& make) {
    if (const auto ready = checkFitted(fitted.rows() > 0); !ready) return forward(ready);
    Table table = fitted.withoutRows();
    for (Column& column : table.columns)
        column.values.resize(count);
    for (std::size_t row = 0; row < count; ++row) {
        if (row % kRowsPerLook == 0 && context.cancelled()) return failCancelled();
        RandomEngine engine(deriveSeed(seed, row));
        make(engine, row, table);
    }
    setProvenance(table, name, seed);
    return table;
}

/// Rows as numbers, by column, and back.
NamedNumbers numbersOf(const Table& rows) {
    NamedNumbers numbers;
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
        numbers.put(std::to_string(c), rows.columns[c].values);
    return numbers;
}

Result<Table> rowsFrom(const NamedNumbers& numbers, const Table& columns) {
    Table rows = columns;
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
        Column& column = rows.columns[c];
        auto values = numbers.find(std::to_string(c));
        if (!values) return forward(values);
        const bool isKnown =
            column.kind == ColumnKind::Number ||
            std::all_of(values->begin(), values->end(), [&](double category) {
                return category >= 0 && category < static_cast<double>(column.categories.size());
            });
        if (values->empty() || !isKnown || (c > 0 && values->size() != rows.columns[0].values.size()))
            return fail(ErrorCode::Corrupt, "The model's rows do not fit its columns.");
        column.values = std::move(*values);
    }
    return rows;
}

class NoiseGenerator final : public Generator {
public:
    explicit NoiseGenerator(const NoiseSettings& settings)
        : m_settings(settings) {}

    std::string name() const override { return "noise"; }

    Result<void> fit(const Table& rows, std::uint64_t, JobContext&) override {
        if (auto enough = checkRows(rows); !enough) return enough;
        m_rows = rows;
        m_rows.provenance.clear();
        m_scales.clear();
        for (const Column& column : rows.columns)
            m_scales.push_back(regression::Normaliser::fit(column.values, false).deviation *
                               (isConstant(column) ? 0 : m_settings.noise));
        return {};
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        const auto make = [&](RandomEngine& engine, std::size_t row, Table& table) {
            const std::size_t from = engine() % m_rows.rows();
            for (std::size_t c = 0; c < table.columns.size(); ++c) {
                const Column& known = m_rows.columns[c];
                double& value = table.columns[c].values[row];
                value = known.values[from];
                if (known.kind == ColumnKind::Number)
                    value += m_scales[c] * normal(engine);
                else if (uniform(engine) < m_settings.noise)
                    value = known.values[engine() % known.values.size()];
            }
        };
        return sampleRows(m_rows, name(), count, seed, context, make);
    }

    Result<GeneratorState> state() const override {
        if (const auto ready = checkFitted(m_rows.rows() > 0); !ready) return forward(ready);
        GeneratorState state{m_rows.withoutRows(), {}, {}};
        state.numbers.putPart("rows", numbersOf(m_rows));
        state.numbers.put("scales", m_scales);
        return state;
    }

    Result<void> restore(const GeneratorState& state) override {
        auto rows = rowsFrom(state.numbers.part("rows"), state.columns);
        if (!rows) return forward(rows);
        auto scales = state.numbers.find("scales", rows->columns.size());
        if (!scales) return forward(scales);
        m_rows = std::move(*rows);
        m_scales = std::move(*scales);
        return {};
    }

private:
    static bool isConstant(const Column& column) {
        const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
        return *low == *high;
    }

    NoiseSettings m_settings;
    Table m_rows;
    std::vector<double> m_scales; ///< of the noise, by column
};

class SmoteGenerator final : public Generator {
public:
    explicit SmoteGenerator(const SmoteSettings& settings)
        : m_settings(settings) {}

    std::string name() const override { return "smote"; }

    Result<void> fit(const Table& rows, std::uint64_t, JobContext& context) override {
        if (auto enough = checkRows(rows); !enough) return enough;
        const MatrixXd x = TableScaler::fit(rows, allColumns(rows), Scaling::Standard).apply(rows);
        const std::size_t count = std::min(std::max<std::size_t>(m_settings.neighbours, 1), rows.rows() - 1);
        std::vector<std::vector<std::size_t>> neighbours;
        for (Index row = 0; row < x.rows(); ++row) {
            if (context.cancelled()) return failCancelled();
            if (static_cast<std::size_t>(row) % kRowsPerLook == 0)
                context.progress(static_cast<double>(row) / static_cast<double>(x.rows()),
                                 "Looking for neighbours");
            VectorXd distances = (x.rowwise() - x.row(row)).rowwise().squaredNorm();
            distances[row] = std::numeric_limits<double>::infinity();
            std::vector<std::size_t> order(rows.rows());
            std::iota(order.begin(), order.end(), 0);
            std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                              [&](std::size_t a, std::size_t b) {
                                  const double left = distances[static_cast<Index>(a)];
                                  const double right = distances[static_cast<Index>(b)];
                                  return left < right || (left == right && a < b);
                              });
            order.resize(count);
            neighbours.push_back(std::move(order));
        }
        m_rows = rows;
        m_rows.provenance.clear();
        m_neighbours = std::move(neighbours);
        return {};
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        const auto make = [&](RandomEngine& engine, std::size_t row, Table& table) {
            const std::size_t from = engine() % m_rows.rows();
            const std::size_t to = m_neighbours[from][engine() % m_neighbours[from].size()];
            const double share = uniform(engine);
            for (std::size_t c = 0; c < table.columns.size(); ++c) {
                const Column& known = m_rows.columns[c];
                const double begin = known.values[from], end = known.values[to];
                table.columns[c].values[row] = known.kind == ColumnKind::Number
                                                   ? begin + share * (end - begin)
                                                   : (share < 0.5 ? begin : end);
            }
        };
        return sampleRows(m_rows, name(), count, seed, context, make);
    }

    Result<GeneratorState> state() const override {
        if (const auto ready = checkFitted(m_rows.rows() > 0); !ready) return forward(ready);
        GeneratorState state{m_rows.withoutRows(), {}, {}};
        state.numbers.putPart("rows", numbersOf(m_rows));
        std::vector<double> neighbours;
        for (const auto& each : m_neighbours)
            neighbours.insert(neighbours.end(), each.begin(), each.end());
        state.numbers.put("neighbours", std::move(neighbours));
        return state;
    }

    Result<void> restore(const GeneratorState& state) override {
        auto rows = rowsFrom(state.numbers.part("rows"), state.columns);
        if (!rows) return forward(rows);
        const auto neighbours = state.numbers.find("neighbours");
        if (!neighbours) return forward(neighbours);
        const std::size_t each = neighbours->size() / rows->rows();
        const bool fits = each > 0 && neighbours->size() % rows->rows() == 0 &&
                          std::all_of(neighbours->begin(), neighbours->end(), [&](double row) {
                              return row >= 0 && row < static_cast<double>(rows->rows());
                          });
        if (!fits) return fail(ErrorCode::Corrupt, "The model's neighbours are not among its rows.");
        m_neighbours.assign(rows->rows(), {});
        for (std::size_t i = 0; i < neighbours->size(); ++i)
            m_neighbours[i / each].push_back(static_cast<std::size_t>((*neighbours)[i]));
        m_rows = std::move(*rows);
        return {};
    }

private:
    SmoteSettings m_settings;
    Table m_rows;
    std::vector<std::vector<std::size_t>> m_neighbours; ///< by row, the nearest first
};

class CopulaGenerator final : public Generator {
public:
    std::string name() const override { return "copula"; }

    Result<void> fit(const Table& rows, std::uint64_t seed, JobContext& context) override {
        if (auto enough = checkRows(rows); !enough) return enough;
        if (context.cancelled()) return failCancelled();
        const auto count = static_cast<Index>(rows.rows());
        MatrixXd scores(count, static_cast<Index>(rows.columns.size()));
        std::vector<Marginal> marginals;
        RandomEngine engine(seed);
        for (std::size_t c = 0; c < rows.columns.size(); ++c)
            marginals.push_back(fitMarginal(rows.columns[c], engine, scores.col(static_cast<Index>(c))));
        scores.rowwise() -= scores.colwise().mean();
        MatrixXd correlation = scores.transpose() * scores / static_cast<double>(count);
        const VectorXd deviations = correlation.diagonal().cwiseSqrt();
        // Constants go with nothing.
        const VectorXd inverse = (deviations.array() > 0).select(deviations.cwiseInverse(), 0);
        correlation = inverse.asDiagonal() * correlation * inverse.asDiagonal();
        correlation.diagonal().setConstant(1 + kRidge);
        const Eigen::LLT<MatrixXd> factor(correlation);
        if (factor.info() != Eigen::Success)
            return fail(ErrorCode::Convergence, "The columns' correlations have no Cholesky factor.");
        m_factor = factor.matrixL();
        m_marginals = std::move(marginals);
        m_columns = rows.withoutRows();
        return {};
    }

    Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) override {
        if (const auto ready = checkFitted(m_factor.size() > 0); !ready) return forward(ready);
        Table table = m_columns;
        MatrixXd scores(static_cast<Index>(count), m_factor.rows());
        for (Index row = 0; row < scores.rows(); ++row) {
            if (static_cast<std::size_t>(row) % kRowsPerLook == 0 && context.cancelled())
                return failCancelled();
            RandomEngine engine(deriveSeed(seed, static_cast<std::uint64_t>(row)));
            for (Index c = 0; c < scores.cols(); ++c)
                scores(row, c) = normal(engine);
        }
        scores = scores * m_factor.transpose();
        for (std::size_t c = 0; c < m_marginals.size(); ++c)
            draw(m_marginals[c], scores.col(static_cast<Index>(c)), table.columns[c]);
        setProvenance(table, name(), seed);
        return table;
    }

    Result<GeneratorState> state() const override {
        if (const auto ready = checkFitted(m_factor.size() > 0); !ready) return forward(ready);
        GeneratorState state{m_columns, {}, {}};
        state.numbers.put("factor", m_factor);
        for (std::size_t c = 0; c < m_marginals.size(); ++c) {
            const std::string part = std::to_string(c);
            if (m_marginals[c].ends.empty())
                state.numbers.putPart(part, m_marginals[c].scaler.numbers());
            else
                state.numbers.put(part + "/ends", m_marginals[c].ends);
        }
        return state;
    }

    Result<void> restore(const GeneratorState& state) override {
        const auto count = static_cast<Index>(state.columns.columns.size());
        const auto factor = state.numbers.findMatrix("factor", count, count);
        if (!factor) return forward(factor);
        std::vector<Marginal> marginals;
        for (std::size_t c = 0; c < state.columns.columns.size(); ++c) {
            const Column& column = state.columns.columns[c];
            const NamedNumbers numbers = state.numbers.part(std::to_string(c));
            Marginal marginal;
            if (column.kind == ColumnKind::Number) {
                auto scaler = TableScaler::fromNumbers(numbers, alone(column));
                if (!scaler) return forward(scaler);
                marginal.scaler = std::move(*scaler);
            } else {
                auto ends = numbers.find("ends", column.categories.size());
                if (!ends) return forward(ends);
                marginal.ends = std::move(*ends);
            }
            marginals.push_back(std::move(marginal));
        }
        m_columns = state.columns;
        m_marginals = std::move(marginals);
        m_factor = *factor;
        return {};
    }

private:
    /// A column's distribution.
    struct Marginal {
        TableScaler scaler;       ///< of a number, alone in a table
        std::vector<double> ends; ///< of a category: up to which share of the rows it reaches
    };

    static Table alone(const Column& column) { return {{column}, {}}; }

    static Marginal fitMarginal(const Column& column, RandomEngine& engine, Eigen::Ref<VectorXd> scores) {
        Marginal marginal;
        if (column.kind == ColumnKind::Number) {
            const Table table = alone(column);
            marginal.scaler = TableScaler::fit(table, {0}, Scaling::Quantile);
            scores = marginal.scaler.apply(table).col(0);
            return marginal;
        }
        std::vector<double> counts(column.categories.size());
        for (std::size_t row = 0; row < column.values.size(); ++row)
            counts[column.categoryOf(row)] += 1;
        double sum = 0;
        for (const double each : counts)
            marginal.ends.push_back((sum += each) / static_cast<double>(column.values.size()));
        for (std::size_t row = 0; row < column.values.size(); ++row) {
            // Anywhere in the category's stretch, so that scores are normal.
            const std::size_t category = column.categoryOf(row);
            const double begin = category == 0 ? 0 : marginal.ends[category - 1];
            const double share = begin + (marginal.ends[category] - begin) * uniform(engine);
            scores[static_cast<Index>(row)] = normalQuantile(std::clamp(share, 1e-12, 1 - 1e-12));
        }
        return marginal;
    }

    static void draw(const Marginal& marginal, const VectorXd& scores, Column& column) {
        if (marginal.ends.empty()) {
            Table table = alone(column);
            marginal.scaler.restore(scores, table);
            column.values = std::move(table.columns.front().values);
            return;
        }
        for (const double score : scores) {
            const auto found =
                std::lower_bound(marginal.ends.begin(), marginal.ends.end() - 1, normalProbability(score));
            column.values.push_back(static_cast<double>(found - marginal.ends.begin()));
        }
    }

    Table m_columns; ///< without rows
    std::vector<Marginal> m_marginals;
    MatrixXd m_factor; ///< lower Cholesky factor of the scores' correlations
};

} // namespace

Result<GeneratorState> Generator::state() const {
    return fail(ErrorCode::Unsupported, fmt::format("A generator \"{}\" cannot be kept.", name()));
}

Result<void> Generator::restore(const GeneratorState&) {
    return fail(ErrorCode::Unsupported, fmt::format("A generator \"{}\" cannot be kept.", name()));
}

Result<void> checkFitted(bool fitted) {
    if (fitted) return {};
    return fail(ErrorCode::BadInput, "The generator has not been fitted to any rows.");
}

void setProvenance(Table& table, std::string_view name, std::uint64_t seed) {
    table.provenance.assign(table.rows(), fmt::format("{}, seed {}", name, seed));
}

std::unique_ptr<Generator> makeNoiseGenerator(const NoiseSettings& settings) {
    return std::make_unique<NoiseGenerator>(settings);
}

std::unique_ptr<Generator> makeSmoteGenerator(const SmoteSettings& settings) {
    return std::make_unique<SmoteGenerator>(settings);
}

std::unique_ptr<Generator> makeCopulaGenerator() {
    return std::make_unique<CopulaGenerator>();
}

} // namespace headroom::delay
