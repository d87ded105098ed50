#include "app/cli/performance_list.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/simulation/simulator.h"

namespace headroom::cli {

Result<std::vector<simulation::Performance>> parsePerformances(const std::string& list) {
    if (list == "standard") return simulation::standardPerformances();
    if (list == "all") return simulation::wholeExtent().performances;
    std::vector<simulation::Performance> performances;
    for (const std::string& name : CLI::detail::split(list, ',')) {
        if (name == "none") continue;
        const auto performance = simulation::performanceFromName(name);
        if (!performance) return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no performance.", name));
        if (std::count(performances.begin(), performances.end(), *performance) > 0)
            return fail(ErrorCode::BadInput, fmt::format("The performance \"{}\" is named twice.", name));
        performances.push_back(*performance);
    }
    return performances;
}

nlohmann::json namesJson(const std::vector<simulation::Performance>& performances) {
    nlohmann::json names = nlohmann::json::array();
    for (const auto performance : performances)
        names.push_back(simulation::info(performance).name);
    return names;
}

} // namespace headroom::cli
