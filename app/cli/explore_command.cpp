#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_evaluate_command.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"
#include "core/base/writable.h"
#include "core/netlist/sizing_export.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/figures.h"

namespace headroom::cli {
namespace {

namespace fs = std::filesystem;

struct ExploreArguments {
    std::string file;
    std::string model;
    std::string out;
    std::size_t count = 100;
    std::size_t candidates = sizing::rankedCandidates;
    std::size_t chosen = 8;
    bool simulatesChosenOnly = false;
    sizing::SearchSettings search;
    std::size_t mirrorUnits = 0;
    std::optional<std::size_t> target;
};

/// The folder of the model to use: the given one, or the shipped one that fits the circuit.
Result<fs::path> chooseModel(const ExploreArguments& arguments, const GlobalOptions& options) {
    if (!arguments.model.empty()) return fs::path(arguments.model);
    const auto netlist = netlist::readNetlist(arguments.file);
    if (!netlist) return forward(netlist);
    const auto shipped = sizing::findShippedModel(netlist->circuit, options.technology);
    if (shipped) return *shipped;
    return fail(
        ErrorCode::NotFound,
        fmt::format("No trained model is shipped for {}; make one with `sizing dataset` and `sizing train`.",
                    arguments.file));
}

Result<void> writeFiles(const fs::path& folder, const ModelSession& session,
                        const sizing::Exploration& exploration, const std::vector<double>& values) {
    const netlist::Sizing chosen = session.space->expand(values);
    const auto edited = netlist::applySizing(session.amplifier->netlist, chosen);
    if (!edited) return forward(edited);
    const std::string name = session.amplifier->netlist.circuit.name;
    const std::vector<std::pair<std::string, std::string>> files{
        {"performances.svg", sizing::performanceHistogramsSvg(exploration)},
        {"widths.svg", sizing::widthHistogramsSvg(exploration, *session.space)},
        {"samples.csv", writeSamplesCsv(*session.space, exploration)},
        {name + "_sized.sp", edited->text},
        {name + "_sizing.param", netlist::writeParameterInclude(session.amplifier->netlist, chosen)},
        {name + "_sizing.csv", netlist::writeSizingCsv(chosen)},
        {name + "_sizing.json", netlist::writeSizingJson(session.amplifier->netlist, chosen)}};
    for (const auto& [file, text] : files) {
        if (const auto written = writeFileAtomically(folder / file, text); !written) return written;
    }
    return {};
}

std::string describe(const sizing::Exploration& exploration, std::size_t best) {
    std::string text =
        fmt::format("{:<28}{:>14}{:>14}{:>30}\n", "", "target", "chosen", "all: mean \u00b1 deviation");
    for (const sizing::Requirement& requirement : exploration.specification.requirements) {
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        std::vector<double> values;
        for (const sizing::Candidate& candidate : exploration.candidates) {
            const auto found = candidate.evaluation.performances.find(info.performance);
            if (candidate.evaluation.ok() && found != candidate.evaluation.performances.end()) {
                values.push_back(found->second);
            }
        }
        const Summary summary = summarise(values);
        const double chosen = exploration.candidates[best].evaluation.performances.at(info.performance);
        text += fmt::format("{:<28}{:>14}{:>14}{:>30}\n", info.title, asked(requirement),
                            formatQuantity(chosen, info.unit),
                            fmt::format("{} \u00b1 {}", formatQuantity(summary.mean, info.unit),
                                        formatQuantity(summary.deviation, info.unit, 3)));
    }
    return text;
}

std::size_t failures(const sizing::Exploration& exploration) {
    return static_cast<std::size_t>(
        std::count_if(exploration.candidates.begin(), exploration.candidates.end(),
                      [](const sizing::Candidate& candidate) { return !candidate.evaluation.ok(); }));
}

/// The held-out row that is the specification.
Result<std::size_t> chooseTarget(const ExploreArguments& arguments, const sizing::Dataset& dataset) {
    const std::vector<std::size_t> heldOut = dataset.heldOutRows();
    if (heldOut.empty() || (arguments.target && *arguments.target >= heldOut.size())) {
        return fail(ErrorCode::BadInput,
                    fmt::format("There are {} held-out targets, counted from 0.", heldOut.size()));
    }
    return arguments.target ? heldOut[*arguments.target] : dataset.centralHeldOutRow();
}

struct Explored {
    sizing::Exploration exploration;
    bool isRanked = false;
};

Result<Explored> explore(const ExploreArguments& arguments, const GlobalOptions& options,
                         const ModelSession& session, const sizing::Specification& specification) {
    const auto pool = makePool(session.amplifier, options, {}, -1, session.dataset.performances);
    if (!pool) return forward(pool);
    sizing::SizingSampling sampling;
    sampling.count = arguments.count;
    sampling.sampling.seed = options.seed;
    TerminalContext context;
    const auto ranking = rankingModel(session, arguments.candidates);
    if (!ranking) return forward(ranking);
    const bool isRanked = *ranking != nullptr;
    auto exploration =
        isRanked ? sizing::exploreRanked(*session.model, *ranking, *session.space, pool->get(), specification,
                                         {sampling, arguments.candidates, arguments.chosen,
                                          !arguments.simulatesChosenOnly, arguments.search},
                                         session.supplyVoltage, context)
                 : sizing::explore(*session.model, *session.space, **pool, specification, sampling,
                                   session.supplyVoltage, context);
    if (!exploration) return forward(exploration);
    return Explored{std::move(*exploration), isRanked};
}

CommandResult runExplore(const ExploreArguments& arguments, const GlobalOptions& options) {
    const auto folder = chooseModel(arguments, options);
    if (!folder) return forward(folder);
    auto session = openModel(*folder, options, arguments.file);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritableFolder(arguments.out); !writable) return forward(writable);
    const auto row = chooseTarget(arguments, session->dataset);
    if (!row) return forward(row);
    const sizing::DataRow& truth = session->dataset.rows[*row];
    auto explored =
        explore(arguments, options, *session,
                sizing::Specification::reaching(session->dataset.performances, truth.performances));
    if (!explored) return forward(explored);
    sizing::Exploration& exploration = explored->exploration;
    exploration.groundTruth = truth;
    const auto best = sizing::bestCandidate(exploration);
    if (!best) return fail(ErrorCode::Infeasible, "None of the proposed sizings could be simulated.");
    const sizing::Candidate& chosen = exploration.candidates[*best];
    const auto written = writeFiles(arguments.out, *session, exploration, chosen.values);
    if (!written) return forward(written);
    const std::size_t simulated = arguments.simulatesChosenOnly && explored->isRanked
                                      ? std::min(arguments.chosen, exploration.candidates.size())
                                      : exploration.candidates.size();
    const std::string method = sizing::toString(session->model->card().method);
    return Output{
        {{"out", arguments.out},
         {"model", folder->string()},
         {"method", method},
         {"target_row", *row},
         {"failed", failures(exploration)},
         {"count", exploration.candidates.size()},
         {"best_row", *best + 1},
         {"best_shortfall", number(chosen.shortfall)},
         {"simulated", simulated},
         {"ranked", explored->isRanked},
         {"sampling_seconds", exploration.samplingSeconds},
         {"ranking_seconds", exploration.rankingSeconds},
         {"simulation_seconds", exploration.simulationSeconds},
         {"mirrors", mirrorsJson(*session->space, chosen.values)},
         {"best", toJson(chosen.evaluation)}},
        fmt::format("{}\nBy the model {} ({}): sampled in {:.2f} s, ranked in {:.2f} s, {} sizings "
                    "simulated in {:.1f} s, {} of them do not work; the chosen one (row {}) is at "
                    "most {:.1f} % worse than asked for.\n{}Pictures, table and sized netlist: {}\n",
                    describe(exploration, *best), folder->filename().string(), method,
                    exploration.samplingSeconds, exploration.rankingSeconds, simulated,
                    exploration.simulationSeconds, failures(exploration), *best + 1, 100 * chosen.shortfall,
                    describeMirrors(*session->space, chosen.values),
                    fs::absolute(arguments.out).lexically_normal().string())};
}

} // namespace

void addExplore(const Registry& registry) {
    auto arguments = std::make_shared<ExploreArguments>();
    CLI::App* command = registry.app.add_subcommand(
        "explore",
        "The whole job: sample sizings for a held-out target, simulate all, write pictures and netlist");
    command->add_option("file", arguments->file, "Netlist")->required();
    command->add_option("--model", arguments->model,
                        "Folder of the model; default: the shipped one that fits");
    command->add_option("--out", arguments->out, "Folder to write to")->required();
    command->add_option("--count", arguments->count, "Sizings to sample")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--candidates", arguments->candidates, candidatesHelp)->capture_default_str();
    command
        ->add_option("--simulate", arguments->chosen, "Sizings that are chosen by rank, improved, simulated")
        ->capture_default_str();
    command->add_flag("--chosen-only", arguments->simulatesChosenOnly,
                      "Simulate the chosen sizings only; the others are predicted");
    addSearchOptions(*command, arguments->search);
    addUnitOption(*command, arguments->mirrorUnits);
    command->add_option(
        "--target", arguments->target,
        "Which held-out data row is the specification, from 0; default: the most ordinary one");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runExplore(*arguments, options); };
    });
}

} // namespace headroom::cli
