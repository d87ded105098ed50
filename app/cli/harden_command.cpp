#include "app/cli/harden_command.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/place_options.h"
#include "app/cli/robustness_report.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/base/statistics.h"
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
    std::size_t targets = 0; ///< of the held-out rows that are judged instead
    double loosened = 0.2;
};

/// What a search at corners takes from the session.
struct Corners {
    std::vector<simulation::Variation> places;
    std::shared_ptr<const sizing::ForwardModel> model;
    std::unique_ptr<simulation::EvaluationPool> pool;
};

Result<Corners> openCorners(const HardenArguments& arguments, const GlobalOptions& options,
                            const ModelSession& session) {
    Corners corners;
    auto places = placesOrUsual(arguments.places, session.amplifier->technology);
    if (!places) return forward(places);
    corners.places = std::move(*places);
    const auto model = session.model->forwardModel(session.amplifier, *session.space);
    if (!model) return forward(model);
    corners.model = *model;
    auto pool = makePool(session.amplifier, options, arguments.cache, -1, session.model->performances());
    if (!pool) return forward(pool);
    corners.pool = std::move(*pool);
    for (const simulation::Variation& place : corners.places)
        if (const auto known = corners.pool->conditions(place); !known) return forward(known);
    return corners;
}

Result<sizing::Hardening> search(const sizing::HardeningSettings& asked, const Corners& corners,
                                 const ModelSession& session, const sizing::Specification& specification,
                                 std::uint64_t seed, JobContext& context) {
    sizing::SizingSampling sampling;
    sampling.count = sizing::rankedCandidates;
    sampling.sampling.seed = seed;
    const auto samples = session.model->sample(specification, sampling, context);
    if (!samples) return forward(samples);
    sizing::HardeningSettings settings = asked;
    settings.places = corners.places;
    settings.ownCorner = corners.pool->conditions().corner;
    return sizing::harden(corners.model, *session.space, sizing::simulatorOf(*corners.pool, *session.space),
                          sizing::simulatorOf(*corners.pool), *samples, specification, session.supplyVoltage,
                          settings, context);
}

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
    output.json["sizing"] = sizingJson(*session.space, best.candidate.values);
    for (const std::string& sentence : sentences)
        output.text += sentence + "\n";
    return output;
}

/// One way of looking for sizings that hold at all corners, judged on held-out targets.
struct HardeningScore {
    std::size_t reached = 0;
    std::vector<double> simulations, shortfalls; ///< by target

    nlohmann::json document() const {
        const auto count = static_cast<double>(simulations.size());
        return {{"reached", static_cast<double>(reached) / count},
                {"median_simulations", number(quantileOf(simulations, 0.5))},
                {"median_shortfall", number(quantileOf(shortfalls, 0.5))}};
    }

    static double quantileOf(std::vector<double> values, double share) {
        std::sort(values.begin(), values.end());
        return quantile(values, share);
    }
};

/// Asks for held-out rows, each requirement loosened, once as the command does and once without asking for
/// more than that.
CommandResult judge(const HardenArguments& arguments, const GlobalOptions& options,
                    const ModelSession& session, const Corners& corners) {
    const std::vector<std::size_t> heldOut = session.dataset.heldOutRows();
    const std::size_t count = std::min(arguments.targets, heldOut.size());
    if (count == 0) return fail(ErrorCode::BadInput, "The data set has no held-out rows.");
    std::map<std::string, HardeningScore> scores;
    TerminalContext context;
    for (std::size_t t = 0; t < count; ++t) {
        const sizing::DataRow& row = session.dataset.rows[heldOut[t * heldOut.size() / count]];
        auto specification = sizing::Specification::reaching(session.dataset.performances, row.performances);
        for (sizing::Requirement& requirement : specification.requirements)
            requirement = sizing::loosened(requirement, arguments.loosened, session.supplyVoltage);
        for (const bool asksForMore : {true, false}) {
            sizing::HardeningSettings settings = arguments.settings;
            settings.asksForMore = asksForMore;
            StageContext stage(context, static_cast<double>(t) / static_cast<double>(count),
                               static_cast<double>(t + 1) / static_cast<double>(count));
            const auto hardening = search(settings, corners, session, specification, options.seed, stage);
            if (!hardening) return forward(hardening);
            HardeningScore& score = scores[asksForMore ? "hardened" : "nominal"];
            score.reached += hardening->isReached() ? 1 : 0;
            score.simulations.push_back(static_cast<double>(hardening->simulations));
            score.shortfalls.push_back(hardening->placed.front().shortfall.worst);
        }
    }
    Output output{{{"targets", count}, {"loosened", arguments.loosened}, {"places", corners.places.size()}},
                  {}};
    output.text = fmt::format("{} held-out targets, loosened by {:.3g} %, at {} corners\n", count,
                              100 * arguments.loosened, corners.places.size());
    for (const auto& [name, score] : scores) {
        output.json["methods"][name] = score.document();
        output.text += fmt::format(
            "{:<10} {:3.0f} % hold at all, median {:.0f} simulations, median shortfall {:.2g} %\n", name,
            100 * output.json["methods"][name]["reached"].get<double>(),
            HardeningScore::quantileOf(score.simulations, 0.5),
            100 * HardeningScore::quantileOf(score.shortfalls, 0.5));
    }
    return output;
}

CommandResult runHarden(const HardenArguments& arguments, const GlobalOptions& options) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto specification = readSpecification(arguments.specification, *session);
    if (!specification) return forward(specification);
    if (!specification->asksForAnything() && arguments.targets == 0)
        return fail(ErrorCode::BadInput, "Nothing is asked for: name at least one performance with --spec.");
    const auto corners = openCorners(arguments, options, *session);
    if (!corners) return forward(corners);
    const std::string& ownCorner = corners->pool->conditions().corner;
    if (const auto looked = checkLookedAt(*specification, corners->places, ownCorner); !looked)
        return forward(looked);
    if (arguments.targets > 0) return judge(arguments, options, *session, *corners);
    TerminalContext context;
    const auto hardening =
        search(arguments.settings, *corners, *session, *specification, options.seed, context);
    if (!hardening) return forward(hardening);
    if (!arguments.out.empty()) {
        const auto written = writeFileAtomically(
            arguments.out, writeSamplesCsv(*session->space, explorationOf(*hardening, *specification)));
        if (!written) return forward(written);
    }
    return describe(*hardening, *specification, *session, corners->pool->conditions());
}

} // namespace

void addSizingHarden(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<HardenArguments>();
    CLI::App* command = group.add_subcommand(
        "harden", "Look for a sizing that holds a specification at all corners, supplies and temperatures");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    arguments->specification.hasCorners = true;
    addSpecificationOptions(*command, arguments->specification);
    addPlaceOptions(*command, arguments->places, usualPlacesText);
    command->add_option("--rounds", arguments->settings.rounds, "Of choosing and simulating, at most")
        ->check(positive())
        ->capture_default_str();
    addUnitOption(*command, arguments->mirrorUnits);
    CLI::Option* judged =
        command
            ->add_option(
                "--judge", arguments->targets,
                "Instead: how many of so many held-out targets are reached, beside a search that asks for "
                "no more than these")
            ->check(positive())
            ->excludes("--spec");
    command->add_option("--loosened", arguments->loosened, "By how much these are loosened, relative")
        ->check(nonNegative())
        ->needs(judged)
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Table of all that was simulated, the best first");
    command->add_option("--cache", arguments->cache, "Keep results in this SQLite file and look there first");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runHarden(*arguments, options); };
    });
}

} // namespace headroom::cli
