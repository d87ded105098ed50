#pragma once

#include <span>
#include <vector>

#include "core/sizing/dataset.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {

/// What methods are asked to reach: rows of performances, in the order of the data set's.
struct Targets {
    std::vector<Performance> performances;
    std::vector<std::vector<double>> rows;
    double saturationMargin = 0; ///< V, of every MOSFET, that an answer should have
    /// By target, the performances that are asked for, as ascending indices; empty: all of all targets.
    std::vector<std::vector<std::size_t>> asked;
    /// By target, the sizes of the row that it comes from, SI units; empty: not known.
    std::vector<std::vector<double>> sizings;
    /// By target, sizes that every answer keeps; empty: none of any target.
    std::vector<std::vector<PinnedSize>> pinned;

    bool asksForAll() const { return asked.empty(); }
    /// Indices of the performances that a target asks for.
    std::vector<std::size_t> askedOf(std::size_t target) const;
    /// Of values by performance, those that a target asks for.
    std::vector<double> askedValues(std::size_t target, const std::vector<double>& values) const;
    /// The sizes that every answer to a target keeps.
    std::span<const PinnedSize> pinsOf(std::size_t target) const;
    /// To be as good as the target or better, with its pinned sizes.
    Specification reaching(std::size_t target) const;
    /// To be exactly at the target, with its pinned sizes.
    Specification at(std::size_t target) const;
};

/// The performances of the data set's held-out rows.
Targets heldOutTargets(const Dataset& dataset);

/// The rows of another data set, its performances brought into the order of @p performances. Their sizes are
/// known where both have the same @p variables. Error NotFound where a performance is missing.
Result<Targets> targetsOf(const Dataset& dataset, const std::vector<Performance>& performances,
                          const std::vector<std::string>& variables);

/// Leaves all but @p count performances of each target free, each target's own choice by chance.
Targets askingForSome(Targets targets, std::size_t count, std::uint64_t seed);

/// Pins @p count sizes of each target, its own choice by chance, where the row has them that it comes from;
/// so the target stays within reach. Error BadInput where those sizes are not known.
Result<Targets> pinningSome(Targets targets, std::size_t count, std::uint64_t seed);

} // namespace headroom::sizing
