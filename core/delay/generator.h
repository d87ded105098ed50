#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/delay/generator_state.h"
#include "core/delay/table.h"

namespace headroom::delay {

/// Makes rows that look like those it was fitted on. Equal seeds give equal rows on the same device.
class Generator {
public:
    virtual ~Generator() = default;

    virtual std::string name() const = 0; ///< "smote"

    /// Learns from rows; what was learned before is forgotten. Errors: BadInput (fewer than fewestRows rows),
    /// Cancelled, Convergence, and of networks Unsupported.
    virtual Result<void> fit(const Table& rows, std::uint64_t seed, JobContext& context) = 0;

    /// Rows with the columns of those it was fitted on, and its name and the seed as their provenance.
    /// Errors: BadInput (not fitted), Cancelled.
    virtual Result<Table> sample(std::size_t count, std::uint64_t seed, JobContext& context) = 0;

    /// What it has learned; one made with the same settings that is given it samples the same rows.
    /// Errors: BadInput (not fitted), Unsupported (a generator that cannot be kept); of restore() Corrupt.
    virtual Result<GeneratorState> state() const;
    virtual Result<void> restore(const GeneratorState& state);
};

/// Error BadInput where a generator has not been fitted.
Result<void> checkFitted(bool fitted);
/// Says of every row whence it is: "smote, seed 3".
void setProvenance(Table& table, std::string_view name, std::uint64_t seed);

/// Copies of rows, to whose numbers normal noise is added; a category is drawn anew, as often as it occurs,
/// with the probability that is the noise.
struct NoiseSettings {
    double noise = 0.1; ///< standard deviation, by that of the column
};
std::unique_ptr<Generator> makeNoiseGenerator(const NoiseSettings& settings);

/// Synthetic minority over-sampling (Chawla et al., JAIR 16:321, 2002) for regression (Torgo et al., EPIA
/// 2013): a point at random between a row and one of its nearest neighbours, targets included. Of a category
/// the one that is nearer.
struct SmoteSettings {
    std::size_t neighbours = 5;
};
std::unique_ptr<Generator> makeSmoteGenerator(const SmoteSettings& settings);

/// A Gaussian copula (Nelsen, An Introduction to Copulas, 2006): correlated normal numbers, each column's
/// then through the quantiles of its rows, so that no value leaves their range.
std::unique_ptr<Generator> makeCopulaGenerator();

} // namespace headroom::delay
