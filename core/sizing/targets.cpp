#include "core/sizing/targets.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "core/base/random.h"

namespace headroom::sizing {

std::vector<std::size_t> Targets::askedOf(std::size_t target) const {
    if (!asked.empty()) return asked[target];
    std::vector<std::size_t> all(performances.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

std::vector<double> Targets::askedValues(std::size_t target, const std::vector<double>& values) const {
    std::vector<double> chosen;
    for (const std::size_t p : askedOf(target))
        chosen.push_back(values[p]);
    return chosen;
}

Specification Targets::reaching(std::size_t target) const {
    Specification specification;
    for (const std::size_t p : askedOf(target))
        specification.requirements.push_back(Requirement::reaching(performances[p], rows[target][p]));
    return specification;
}

Specification Targets::at(std::size_t target) const {
    Specification specification;
    for (const std::size_t p : askedOf(target)) {
        Requirement exact = Requirement::free(performances[p]);
        exact.minimum = exact.maximum = rows[target][p];
        specification.requirements.push_back(exact);
    }
    return specification;
}

Targets heldOutTargets(const Dataset& dataset) {
    Targets targets{dataset.performances, {}, dataset.saturationMargin, {}};
    for (const std::size_t row : dataset.heldOutRows())
        targets.rows.push_back(dataset.rows[row].performances);
    return targets;
}

Result<Targets> targetsOf(const Dataset& dataset, const std::vector<Performance>& performances) {
    Targets targets{
        performances, std::vector<std::vector<double>>(dataset.rows.size()), dataset.saturationMargin, {}};
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
    for (std::size_t t = 0; t < targets.rows.size(); ++t) {
        RandomEngine engine(deriveSeed(seed, t));
        std::vector<std::size_t> some = targets.askedOf(t);
        shuffle(some, engine);
        some.resize(std::min(some.size(), count));
        std::sort(some.begin(), some.end());
        asked.push_back(std::move(some));
    }
    targets.asked = std::move(asked);
    return targets;
}

} // namespace headroom::sizing
