#include "app/cli/held_specification.h"

namespace headroom::cli {

Result<sizing::Specification> heldSpecification(const SpecificationArguments& arguments,
                                                const ModelSession& session, simulation::EvaluationPool& pool,
                                                const netlist::Sizing& sizing) {
    auto specification = readSpecification(arguments, session);
    if (!specification || specification->asksForAnything()) return specification;
    TerminalContext context;
    const auto evaluation = pool.evaluateOne(sizing, context);
    if (!evaluation) return forward(evaluation);
    if (!evaluation->ok()) return tl::unexpected<Error>(*evaluation->error);
    for (sizing::Requirement& requirement : specification->requirements) {
        const auto found = evaluation->performances.find(requirement.performance);
        if (found != evaluation->performances.end())
            requirement = sizing::Requirement::reaching(requirement.performance, found->second);
    }
    return specification;
}

void addHeldSpecificationOptions(CLI::App& command, SpecificationArguments& arguments) {
    addSpecificationOptions(command, arguments);
    CLI::Option* option = command.get_option("--spec");
    option->description(option->get_description() + "; default: what the sizing itself gives");
}

} // namespace headroom::cli
