#include "app/cli/held_specification.h"

namespace headroom::cli {

Result<sizing::Specification> heldSpecification(const std::vector<std::string>& words,
                                                const ModelSession& session, simulation::EvaluationPool& pool,
                                                const netlist::Sizing& sizing) {
    if (!words.empty()) return parseSpecification(words, session.dataset);
    TerminalContext context;
    const auto evaluation = pool.evaluateOne(sizing, context);
    if (!evaluation) return forward(evaluation);
    if (!evaluation->ok()) return tl::unexpected<Error>(*evaluation->error);
    sizing::Specification specification;
    for (const simulation::Performance performance : session.model->performances()) {
        const auto found = evaluation->performances.find(performance);
        if (found == evaluation->performances.end()) continue;
        specification.performances.push_back(performance);
        specification.targets.push_back(found->second);
    }
    return specification;
}

nlohmann::json specificationJson(const sizing::Specification& specification) {
    nlohmann::json document = nlohmann::json::array();
    for (std::size_t p = 0; p < specification.performances.size(); ++p) {
        const simulation::PerformanceInfo& info = simulation::info(specification.performances[p]);
        document.push_back(
            {{"name", info.name}, {"target", number(specification.targets[p])}, {"unit", info.unit}});
    }
    return document;
}

} // namespace headroom::cli
