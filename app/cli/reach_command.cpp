#include "app/cli/reach_command.h"

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/writable.h"
#include "core/sizing/reachability.h"

namespace headroom::cli {
namespace {

struct ReachArguments {
    std::string model;
    SpecificationArguments specification;
    std::string out;
    sizing::ReachSettings settings;
    std::size_t mirrorUnits = 0;
};

nlohmann::json blockersJson(const sizing::Reach& reach, const sizing::Specification& specification) {
    nlohmann::json blockers = nlohmann::json::array();
    for (const sizing::Blocker& blocker : reach.blockers) {
        const auto performance = specification.requirements[blocker.requirement].performance;
        blockers.push_back({{"name", simulation::info(performance).name},
                            {"reached", number(blocker.reached)},
                            {"shortfall", number(blocker.shortfall)},
                            {"unit", simulation::info(performance).unit}});
    }
    return blockers;
}

CommandResult runReach(const ReachArguments& arguments, const GlobalOptions& options) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto specification = readSpecification(arguments.specification, *session);
    if (!specification) return forward(specification);
    if (!specification->asksForAnything())
        return fail(ErrorCode::BadInput, "Nothing is asked for: name at least one performance with --spec.");
    const auto model = session->model->forwardModel(session->amplifier, *session->space);
    if (!model) return forward(model);
    const auto pool = makePool(session->amplifier, options);
    if (!pool) return forward(pool);
    sizing::SizingSampling sampling;
    sampling.count = sizing::rankedCandidates;
    sampling.sampling.seed = options.seed;
    TerminalContext context;
    const auto samples = session->model->sample(*specification, sampling, context);
    if (!samples) return forward(samples);
    const auto reach =
        sizing::findReach(*model, *session->space, sizing::simulatorOf(**pool, *session->space), *samples,
                          *specification, session->supplyVoltage, arguments.settings, context);
    if (!reach) return forward(reach);
    if (!arguments.out.empty()) {
        sizing::Exploration exploration;
        exploration.specification = *specification;
        exploration.candidates = {reach->nearest};
        const auto written =
            writeFileAtomically(arguments.out, writeSamplesCsv(*session->space, exploration));
        if (!written) return forward(written);
    }
    Output output{toJson(*specification, *session->space), {}};
    output.json.update(nlohmann::json{{"reached", reach->isReached},
                                      {"simulations", reach->tried.size()},
                                      {"shortfall", number(reach->nearest.shortfall)},
                                      {"weighted_shortfall", number(reach->nearest.weightedShortfall)},
                                      {"nearest", toJson(reach->nearest.evaluation)},
                                      {"blockers", blockersJson(*reach, *specification)}});
    output.json["sizing"] = sizingJson(*session->space, reach->nearest.values);
    output.json["mirrors"] = mirrorsJson(*session->space, reach->nearest.values);
    output.json["sentences"] = sizing::sentencesOf(*reach, *specification, session->supplyVoltage);
    for (const std::string& sentence : sizing::sentencesOf(*reach, *specification, session->supplyVoltage))
        output.text += sentence + "\n";
    return output;
}

} // namespace

void addSizingReach(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<ReachArguments>();
    CLI::App* command =
        group.add_subcommand("reach", "How near the circuit comes to a specification, and what blocks it");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    addSpecificationOptions(*command, arguments->specification);
    command->add_option("--simulations", arguments->settings.simulations, "At most, in all")
        ->check(positive())
        ->capture_default_str();
    addUnitOption(*command, arguments->mirrorUnits);
    command->add_option("--out", arguments->out, "Table to write the nearest sizing to");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runReach(*arguments, options); };
    });
}

} // namespace headroom::cli
