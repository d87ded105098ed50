#include "app/cli/harden_command.h"

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/place_options.h"
#include "app/cli/robustness_report.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/writable.h"
#include "core/sizing/hardening.h"

namespace headroom::cli {
namespace {

struct HardenArguments {
    std::string model;
    SpecificationArguments specification;
    PlaceArguments places;
    std::string out;
    std::string cache;
    sizing::HardeningSettings settings;
    std::size_t mirrorUnits = 0;
};

/// What was simulated: at all places first, those that miss least in front.
sizing::Exploration explorationOf(const sizing::Hardening& hardening,
                                  const sizing::Specification& specification) {
    sizing::Exploration exploration;
    exploration.specification = specification;
    for (const sizing::PlacedCandidate& each : hardening.placed)
        exploration.candidates.push_back(each.candidate);
    exploration.candidates.insert(exploration.candidates.end(), hardening.others.begin(),
                                  hardening.others.end());
    return exploration;
}

Output describe(const sizing::Hardening& hardening, const sizing::Specification& specification,
                const ModelSession& session, const simulation::BenchConditions& conditions) {
    const sizing::PlacedCandidate& best = hardening.placed.front();
    const auto sentences = sizing::sentencesOf(
        hardening, specification, session.supplyVoltage,
        [&](const simulation::Variation& place) { return placeName(placeJson(place, conditions)); });
    std::size_t holding = 0;
    for (const sizing::PlaceOutcome& place : best.robustness.places)
        holding += place.holds ? 1 : 0;
    Output output{toJson(specification, *session.space), {}};
    output.json.update(nlohmann::json{{"reached", hardening.isReached()},
                                      {"simulations", hardening.simulations},
                                      {"placed", hardening.placed.size()},
                                      {"places", best.robustness.places.size()},
                                      {"holds_at", holding},
                                      {"shortfall", number(best.shortfall.worst)},
                                      {"weighted_shortfall", number(best.shortfall.weighted)},
                                      {"nearest", toJson(best.candidate.evaluation)},
                                      {"worst", worstJson(best.robustness, conditions)},
                                      {"mirrors", mirrorsJson(*session.space, best.candidate.values)},
                                      {"sentences", sentences}});
    const auto& variables = session.space->variables();
    for (std::size_t v = 0; v < variables.size(); ++v)
        output.json["sizing"][variables[v].name] = number(best.candidate.values[v]);
    for (const std::string& sentence : sentences)
        output.text += sentence + "\n";
    return output;
}

CommandResult runHarden(const HardenArguments& arguments, const GlobalOptions& options) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto specification = readSpecification(arguments.specification, *session);
    if (!specification) return forward(specification);
    if (!specification->asksForAnything())
        return fail(ErrorCode::BadInput, "Nothing is asked for: name at least one performance with --spec.");
    const auto places = placesOrUsual(arguments.places, session->amplifier->technology);
    if (!places) return forward(places);
    const auto model = session->model->forwardModel(session->amplifier, *session->space);
    if (!model) return forward(model);
    const auto pool =
        makePool(session->amplifier, options, arguments.cache, -1, session->model->performances());
    if (!pool) return forward(pool);
    for (const simulation::Variation& place : *places)
        if (const auto known = (*pool)->conditions(place); !known) return forward(known);
    sizing::SizingSampling sampling;
    sampling.count = sizing::rankedCandidates;
    sampling.sampling.seed = options.seed;
    TerminalContext context;
    const auto samples = session->model->sample(*specification, sampling, context);
    if (!samples) return forward(samples);
    sizing::HardeningSettings settings = arguments.settings;
    settings.places = *places;
    const auto hardening = sizing::harden(
        *model, *session->space, sizing::simulatorOf(**pool, *session->space), sizing::simulatorOf(**pool),
        *samples, *specification, session->supplyVoltage, settings, context);
    if (!hardening) return forward(hardening);
    if (!arguments.out.empty()) {
        const auto written = writeFileAtomically(
            arguments.out, writeSamplesCsv(*session->space, explorationOf(*hardening, *specification)));
        if (!written) return forward(written);
    }
    return describe(*hardening, *specification, *session, (*pool)->conditions());
}

} // namespace

void addSizingHarden(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<HardenArguments>();
    CLI::App* command = group.add_subcommand(
        "harden", "Look for a sizing that holds a specification at all corners, supplies and temperatures");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    arguments->specification.hasCorners = true;
    addSpecificationOptions(*command, arguments->specification);
    addPlaceOptions(*command, arguments->places);
    command->add_option("--rounds", arguments->settings.rounds, "Of choosing and simulating, at most")
        ->check(positive())
        ->capture_default_str();
    addUnitOption(*command, arguments->mirrorUnits);
    command->add_option("--out", arguments->out, "Table of all that was simulated, the best first");
    command->add_option("--cache", arguments->cache, "Keep results in this SQLite file and look there first");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runHarden(*arguments, options); };
    });
}

} // namespace headroom::cli
