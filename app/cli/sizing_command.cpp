#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/harden_command.h"
#include "app/cli/performance_list.h"
#include "app/cli/reach_command.h"
#include "app/cli/sizing_dataset_command.h"
#include "app/cli/sizing_evaluate_command.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_report_command.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/writable.h"
#include "core/sizing/amplifier_source.h"

namespace headroom::cli {
namespace {

struct TrainArguments {
    std::string dataset;
    std::string out;
    std::string method = "blocks";
    bool forwardModelOnly = false;
    sizing::SizingTraining training;
};

struct SampleArguments {
    std::string model;
    SpecificationArguments specification;
    std::size_t count = 100;
    std::size_t simulate = 0;
    std::size_t candidates = sizing::rankedCandidates;
    std::string out;
    sizing::SearchSettings search;
    std::size_t mirrorUnits = 0;
    diffusion::SamplingConfig sampling = sizing::proposalSampling();
};

/// Trains, or only fits the forward model anew. A training that was stopped goes on from its checkpoints.
Result<sizing::SizingModel> trainOrRefit(const TrainArguments& arguments,
                                         const simulation::AmplifierUnderTest& amplifier,
                                         const sizing::DesignSpace& space, const sizing::Dataset& dataset,
                                         const sizing::SizingTraining& training,
                                         compute::DeviceChoice device) {
    TerminalContext context;
    if (!arguments.forwardModelOnly) {
        auto trained = sizing::SizingModel::train(amplifier, space, dataset, training, device, context);
        if (!trained && trained.error().code == ErrorCode::Cancelled) {
            return fail(ErrorCode::Cancelled, "The training was stopped; the same command goes on with it.");
        }
        return trained;
    }
    auto model = sizing::SizingModel::load(arguments.out, space, device);
    if (!model) return forward(model);
    const auto fitted = model->fitForwardModel(amplifier, space, dataset, training.forwardModel, context);
    if (!fitted) return forward(fitted);
    return model;
}

nlohmann::json networksJson(const std::vector<sizing::TrainingCurve>& curves) {
    nlohmann::json networks = nlohmann::json::array();
    for (const sizing::TrainingCurve& curve : curves) {
        networks.push_back({{"name", curve.network},
                            {"epochs", curve.loss.size()},
                            {"best_epoch", curve.bestEpoch},
                            {"loss", curve.loss},
                            {"validation_epochs", curve.validationEpochs},
                            {"validation_loss", curve.validationLoss}});
    }
    return networks;
}

CommandResult runTrain(const TrainArguments& arguments, const GlobalOptions& options,
                       const std::string& line) {
    const auto folder = sizing::loadDatasetFolder(arguments.dataset);
    if (!folder) return forward(folder);
    const auto amplifier = sizing::openAmplifier(folder->netlist, folder->technology);
    if (!amplifier) return forward(amplifier);
    const auto space = sizing::DesignSpace::create(**amplifier);
    if (!space) return forward(space);
    const std::filesystem::path out = arguments.out;
    sizing::SizingTraining training = arguments.training;
    training.training.seed = options.seed;
    training.method = *sizing::methodFromName(arguments.method);
    training.checkpoints = out / "checkpoints";
    const auto device = compute::deviceFromName(options.device).value_or(compute::DeviceChoice::Auto);
    if (const auto writable = checkWritableFolder(out); !writable) return forward(writable);
    auto model = trainOrRefit(arguments, **amplifier, *space, folder->dataset, training, device);
    if (!model) return forward(model);
    if (!arguments.forwardModelOnly) {
        model->setProvenance(line, sizing::referenceTo(folder->netlist, out),
                             sizing::referenceTo(arguments.dataset, out));
    }
    if (const auto saved = model->save(out); !saved) return forward(saved);
    if (std::error_code code; !arguments.forwardModelOnly)
        std::filesystem::remove_all(training.checkpoints, code);
    const sizing::ModelCard& card = model->card();
    return Output{{{"out", arguments.out},
                   {"method", sizing::toString(card.method)},
                   {"device", card.device},
                   {"rows", card.trainingRows},
                   {"left_out", namesJson(card.leftOut)},
                   {"unexplained", namesJson(card.unexplained)},
                   {"networks", networksJson(model->trainingCurves())},
                   {"seconds", card.trainingSeconds},
                   {"forward_model_seconds", card.forwardModelSeconds}},
                  fmt::format("{}: trained on {} rows in {:.0f} s ({}, {}); forward model in {:.0f} s\n",
                              arguments.out, card.trainingRows, card.trainingSeconds,
                              sizing::toString(card.method), card.device, card.forwardModelSeconds)};
}

/// Proposals for a specification: ranked where the model can do that, with the best simulated.
Result<sizing::Exploration> sampleAndSimulate(const SampleArguments& arguments, const GlobalOptions& options,
                                              const ModelSession& session,
                                              const sizing::Specification& specification) {
    sizing::SizingSampling sampling{arguments.count, arguments.sampling};
    sampling.sampling.seed = options.seed;
    const auto ranking = rankingModel(session, arguments.candidates);
    if (!ranking) return forward(ranking);
    std::unique_ptr<simulation::EvaluationPool> pool;
    if (arguments.simulate > 0) {
        auto made = makePool(session.amplifier, options, {}, -1, session.dataset.performances);
        if (!made) return forward(made);
        pool = std::move(*made);
    }
    TerminalContext context;
    if (*ranking) {
        return sizing::exploreRanked(
            *session.model, *ranking, *session.space, pool.get(), specification,
            {sampling, arguments.candidates, arguments.simulate, false, arguments.search},
            session.supplyVoltage, context);
    }
    auto exploration = sizing::propose(*session.model, *session.space, specification, sampling, context);
    if (!exploration || !pool) return exploration;
    const auto done = sizing::simulateCandidates(*exploration, *session.space, *pool, arguments.simulate,
                                                 session.supplyVoltage, context);
    if (!done) return forward(done);
    return exploration;
}

CommandResult runSample(const SampleArguments& arguments, const GlobalOptions& options) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    const auto specification = readSpecification(arguments.specification, *session);
    if (!specification) return forward(specification);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto exploration = sampleAndSimulate(arguments, options, *session, *specification);
    if (!exploration) return forward(exploration);
    const auto written = writeFileAtomically(arguments.out, writeSamplesCsv(*session->space, *exploration));
    if (!written) return forward(written);
    const auto best = sizing::bestCandidate(*exploration);
    Output output{toJson(*specification, *session->space), {}};
    output.json.update(nlohmann::json{
        {"out", arguments.out},
        {"extrapolated",
         namesJson(sizing::extrapolated(*specification, session->model->performanceRanges()))},
        {"count", exploration->candidates.size()},
        {"simulated", std::min(arguments.simulate, exploration->candidates.size())},
        {"ranked", !exploration->candidates.empty() && !exploration->candidates.front().predicted.empty()},
        {"sampling_seconds", exploration->samplingSeconds},
        {"ranking_seconds", exploration->rankingSeconds},
        {"simulation_seconds", exploration->simulationSeconds}});
    output.text = fmt::format("{}: {} sizings sampled in {:.2f} s", arguments.out,
                              exploration->candidates.size(), exploration->samplingSeconds);
    if (best) {
        output.json["best_row"] = *best + 1;
        output.json["best_shortfall"] = number(exploration->candidates[*best].shortfall);
        output.text += fmt::format("; the best (row {}) misses its specification by {:.1f} %", *best + 1,
                                   100 * exploration->candidates[*best].shortfall);
        output.json["mirrors"] = mirrorsJson(*session->space, exploration->candidates[*best].values);
        output.text += "\n" + describeMirrors(*session->space, exploration->candidates[*best].values);
    }
    if (!output.text.ends_with('\n')) output.text += "\n";
    return output;
}

void addTrainingOptions(CLI::App& command, sizing::SizingTraining& training) {
    command.add_option("--epochs", training.training.epochs)->check(positive())->capture_default_str();
    command.add_option("--batch-size", training.training.batchSize)->check(positive())->capture_default_str();
    command.add_option("--learning-rate", training.training.learningRate)->capture_default_str();
    command.add_option("--weight-decay", training.training.weightDecay)->capture_default_str();
    command
        .add_option("--validation-share", training.training.validationShare,
                    "Share of the rows that judges the weights instead of training them")
        ->capture_default_str();
    command
        .add_option("--patience", training.training.patience,
                    "Epochs without improvement on these rows after which training stops; 0: never")
        ->check(nonNegative())
        ->capture_default_str();
    command.add_option("--width", training.width, "Width of the denoiser; 0: its default")
        ->check(nonNegative())
        ->capture_default_str();
    command.add_option("--depth", training.depth, "Depth of the denoiser; 0: its default")
        ->check(nonNegative())
        ->capture_default_str();
}

} // namespace

void addSizing(const Registry& registry) {
    CLI::App* group = registry.app.add_subcommand("sizing", "Data sets, training, sampling and evaluation");
    group->require_subcommand(1);
    group->fallthrough();
    Action& chosen = registry.chosen;
    const GlobalOptions& options = registry.options;
    const std::string& line = registry.commandLine;

    auto train = std::make_shared<TrainArguments>();
    CLI::App* command = group->add_subcommand("train", "Train diffusion models on a data set");
    command->add_option("dataset", train->dataset, "Folder of the data set")->required();
    command->add_option("--out", train->out, "Folder of the model")->required();
    command->add_option("--method", train->method, "blocks, joint or coordinated")
        ->check(CLI::IsMember({"blocks", "joint", "coordinated"}))
        ->capture_default_str();
    command->add_flag("--forward-model-only", train->forwardModelOnly,
                      "Fit the forward model of an existing model anew; its networks stay");
    addTrainingOptions(*command, train->training);
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runTrain(*train, options, line); }; });

    auto sample = std::make_shared<SampleArguments>();
    command = group->add_subcommand("sample", "Propose sizings for a specification");
    command->add_option("model", sample->model, "Folder of the model")->required();
    addSpecificationOptions(*command, sample->specification);
    command->add_option("--count", sample->count)->check(positive())->capture_default_str();
    command->add_option("--simulate", sample->simulate, "How many of them to simulate")
        ->capture_default_str();
    command->add_option("--candidates", sample->candidates, candidatesHelp)->capture_default_str();
    addSearchOptions(*command, sample->search);
    addUnitOption(*command, sample->mirrorUnits);
    addSamplingOptions(*command, sample->sampling);
    command->add_option("--out", sample->out, "Table to write")->required();
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runSample(*sample, options); }; });

    addSizingDataset(*group, registry);
    addSizingReach(*group, registry);
    addSizingHarden(*group, registry);
    addSizingEvaluate(*group, registry);
    addSizingReport(*group, registry);
}

} // namespace headroom::cli
