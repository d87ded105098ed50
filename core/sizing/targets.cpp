#include "core/sizing/targets.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/base/random.h"

namespace headroom::sizing {
namespace {

/// Sets the choice of pinned sizes apart from that of performances with the same seed.
constexpr std::uint64_t kPinStream = 0x70696e;

std::vector<std::size_t> indicesUpTo(std::size_t count) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

/// @p count of some indices by chance, ascending; all where there are no more.
std::vector<std::size_t> chosenFrom(std::vector<std::size_t> indices, std::size_t count, std::uint64_t seed) {
    RandomEngine engine(seed);
    shuffle(indices, engine);
    indices.resize(std::min(indices.size(), count));
    std::sort(indices.begin(), indices.end());
    return indices;
}

} // namespace

std::vector<std::size_t> Targets::askedOf(std::size_t target) const {
    return asked.empty() ? indicesUpTo(performances.size()) : asked[target];
}

std::vector<double> Targets::askedValues(std::size_t target, const std::vector<double>& values) const {
    std::vector<double> chosen;
    for (const std::size_t p : askedOf(target))
        chosen.push_back(values[p]);
    return chosen;
}

std::span<const PinnedSize> Targets::pinsOf(std::size_t target) const {
    return pinned.empty() ? std::span<const PinnedSize>() : pinned[target];
}

Specification Targets::reaching(std::size_t target) const {
    Specification specification;
    if (!pinned.empty()) specification.pinned = pinned[target];
    for (const std::size_t p : askedOf(target))
        specification.requirements.push_back(Requirement::reaching(performances[p], rows[target][p]));
    return specification;
}

Specification Targets::at(std::size_t target) const {
    Specification specification;
    if (!pinned.empty()) specification.pinned = pinned[target];
    for (const std::size_t p : askedOf(target)) {
        Requirement exact = Requirement::free(performances[p]);
        exact.minimum = exact.maximum = rows[target][p];
        specification.requirements.push_back(exact);
    }
    return specification;
}

Targets heldOutTargets(const Dataset& dataset) {
    Targets targets;
    targets.performances = dataset.performances;
    targets.saturationMargin = dataset.saturationMargin;
    for (const std::size_t row : dataset.heldOutRows()) {
        targets.rows.push_back(dataset.rows[row].performances);
        targets.sizings.push_back(dataset.rows[row].values);
    }
    return targets;
}

Result<Targets> targetsOf(const Dataset& dataset, const std::vector<Performance>& performances,
                          const std::vector<std::string>& variables) {
    Targets targets;
    targets.performances = performances;
    targets.saturationMargin = dataset.saturationMargin;
    targets.rows.resize(dataset.rows.size());
    if (dataset.variableNames == variables) {
        for (const DataRow& row : dataset.rows)
            targets.sizings.push_back(row.values);
    }
    for (const Performance performance : performances) {
        const auto found = std::find(dataset.performances.begin(), dataset.performances.end(), performance);
        if (found == dataset.performances.end()) {
            return fail(ErrorCode::NotFound,
                        fmt::format("The targets have no column {}.", simulation::info(performance).name));
        }
        const auto index = static_cast<std::size_t>(found - dataset.performances.begin());
        for (std::size_t r = 0; r < dataset.rows.size(); ++r)
            targets.rows[r].push_back(dataset.rows[r].performances[index]);
    }
    return targets;
}

Targets askingForSome(Targets targets, std::size_t count, std::uint64_t seed) {
    std::vector<std::vector<std::size_t>> asked;
    for (std::size_t t = 0; t < targets.rows.size(); ++t)
        asked.push_back(chosenFrom(targets.askedOf(t), count, deriveSeed(seed, t)));
    targets.asked = std::move(asked);
    return targets;
}

Result<Targets> pinningSome(Targets targets, std::size_t count, std::uint64_t seed) {
    if (targets.sizings.size() != targets.rows.size()) {
        return fail(ErrorCode::BadInput,
                    "Sizes of the targets cannot be pinned: they are not those of the model's data set.");
    }
    std::vector<std::vector<PinnedSize>> pinned;
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        const std::vector<double>& values = targets.sizings[t];
        std::vector<PinnedSize> pins;
        for (const std::size_t variable :
             chosenFrom(indicesUpTo(values.size()), count, deriveSeed(seed ^ kPinStream, t)))
            pins.push_back({variable, values[variable]});
        pinned.push_back(std::move(pins));
    }
    targets.pinned = std::move(pinned);
    return targets;
}

} // namespace headroom::sizing
