#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/evaluation.h"
#include "core/sizing/figures.h"

namespace headroom::cli {
namespace {

struct DatasetArguments {
    std::string file;
    std::string top;
    std::string out;
    sizing::DatasetSettings settings;
};

struct TrainArguments {
    std::string dataset;
    std::string out;
    std::string method = "blocks";
    sizing::SizingTraining training;
};

struct SampleArguments {
    std::string model;
    std::vector<std::string> specification;
    std::size_t count = 100;
    std::size_t simulate = 0;
    std::string out;
    diffusion::SamplingConfig sampling = sizing::proposalSampling();
};

struct EvaluateArguments {
    std::string model;
    std::string targets = "held-out";
    std::string joint;
    std::string figure;
    bool record = false;
    int answers = 8;
    diffusion::SamplingConfig sampling = sizing::proposalSampling();
};

nlohmann::json statisticsJson(const sizing::DrawStatistics& statistics) {
    return {{"drawn", statistics.drawn},    {"not_saturated", statistics.notSaturated},
            {"failed", statistics.failed},  {"rejected", statistics.rejected},
            {"good", statistics.good},      {"non_dominated", statistics.nonDominated},
            {"seconds", statistics.seconds}};
}

CommandResult runDataset(const DatasetArguments& arguments, const GlobalOptions& options,
                         const std::string& line) {
    const auto top = arguments.top.empty() ? std::nullopt : std::optional(arguments.top);
    const auto amplifier = sizing::openAmplifier(arguments.file, options.technology, top);
    if (!amplifier) return forward(amplifier);
    const auto space = sizing::DesignSpace::create(**amplifier);
    if (!space) return forward(space);
    sizing::DatasetFolder folder;
    folder.settings = arguments.settings;
    folder.settings.seed = options.seed;
    folder.netlist = std::filesystem::absolute(arguments.file);
    folder.technology = options.technology;
    folder.command = line;
    std::error_code code;
    std::filesystem::create_directories(arguments.out, code);
    const auto pool =
        makePool(*amplifier, options, (std::filesystem::path(arguments.out) / "simulations.sqlite").string(),
                 folder.settings.saturationMargin);
    if (!pool) return forward(pool);
    TerminalContext context;
    auto dataset =
        sizing::buildDataset(**pool, **amplifier, *space, folder.settings, context, &folder.statistics);
    if (!dataset) return forward(dataset);
    folder.dataset = std::move(*dataset);
    if (const auto saved = sizing::saveDatasetFolder(arguments.out, folder); !saved) return forward(saved);
    const simulation::PoolStatistics pooled = (*pool)->statistics();
    Output output{{{"out", arguments.out},
                   {"rows", folder.dataset.rows.size()},
                   {"statistics", statisticsJson(folder.statistics)},
                   {"simulations", {{"evaluations", pooled.evaluations}, {"cache_hits", pooled.cacheHits}}},
                   {"cache", cacheJson(pooled)}},
                  {}};
    output.text =
        fmt::format("{}: {} rows; of {} drawn {} were not saturated, {} failed, {} were rejected, {} good, "
                    "{} of them non-dominated; {:.0f} s\n",
                    arguments.out, folder.dataset.rows.size(), folder.statistics.drawn,
                    folder.statistics.notSaturated, folder.statistics.failed, folder.statistics.rejected,
                    folder.statistics.good, folder.statistics.nonDominated, folder.statistics.seconds);
    return output;
}

CommandResult runTrain(const TrainArguments& arguments, const GlobalOptions& options,
                       const std::string& line) {
    const auto folder = sizing::loadDatasetFolder(arguments.dataset);
    if (!folder) return forward(folder);
    const auto amplifier = sizing::openAmplifier(folder->netlist, folder->technology);
    if (!amplifier) return forward(amplifier);
    const auto space = sizing::DesignSpace::create(**amplifier);
    if (!space) return forward(space);
    sizing::SizingTraining training = arguments.training;
    training.training.seed = options.seed;
    training.method = arguments.method == "joint" ? sizing::Method::Joint : sizing::Method::Blocks;
    const auto device = compute::deviceFromName(options.device).value_or(compute::DeviceChoice::Auto);
    TerminalContext context;
    auto model = sizing::SizingModel::train(**amplifier, *space, folder->dataset, training, device, context);
    if (!model) return forward(model);
    const std::filesystem::path out = arguments.out;
    model->setProvenance(line, sizing::referenceTo(folder->netlist, out),
                         sizing::referenceTo(arguments.dataset, out));
    if (const auto saved = model->save(out); !saved) return forward(saved);
    const sizing::ModelCard& card = model->card();
    return Output{{{"out", arguments.out},
                   {"method", sizing::toString(card.method)},
                   {"device", card.device},
                   {"rows", card.trainingRows},
                   {"seconds", card.trainingSeconds}},
                  fmt::format("{}: trained on {} rows in {:.0f} s ({}, {})\n", arguments.out,
                              card.trainingRows, card.trainingSeconds, sizing::toString(card.method),
                              card.device)};
}

CommandResult runSample(const SampleArguments& arguments, const GlobalOptions& options) {
    const auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    const auto specification = parseSpecification(arguments.specification, session->dataset);
    if (!specification) return forward(specification);
    sizing::SizingSampling sampling{arguments.count, arguments.sampling};
    sampling.sampling.seed = options.seed;
    TerminalContext context;
    auto exploration = sizing::propose(*session->model, *session->space, *specification, sampling, context);
    if (!exploration) return forward(exploration);
    if (arguments.simulate > 0) {
        const auto pool = makePool(session->amplifier, options);
        if (!pool) return forward(pool);
        const auto done = sizing::simulateCandidates(*exploration, *session->space, **pool,
                                                     arguments.simulate, session->supplyVoltage, context);
        if (!done) return forward(done);
    }
    const auto written = writeFileAtomically(arguments.out, writeSamplesCsv(*session->space, *exploration));
    if (!written) return forward(written);
    const auto best = sizing::bestCandidate(*exploration);
    Output output{{{"out", arguments.out},
                   {"count", exploration->candidates.size()},
                   {"simulated", std::min(arguments.simulate, exploration->candidates.size())},
                   {"sampling_seconds", exploration->samplingSeconds},
                   {"simulation_seconds", exploration->simulationSeconds}},
                  {}};
    output.text = fmt::format("{}: {} sizings sampled in {:.2f} s", arguments.out,
                              exploration->candidates.size(), exploration->samplingSeconds);
    if (best) {
        output.json["best_row"] = *best + 1;
        output.json["best_shortfall"] = number(exploration->candidates[*best].shortfall);
        output.text += fmt::format("; the best (row {}) misses its specification by {:.1f} %", *best + 1,
                                   100 * exploration->candidates[*best].shortfall);
    }
    output.text += "\n";
    return output;
}

std::string describe(const sizing::EvaluationReport& report) {
    std::string text =
        fmt::format("Relative difference of simulated to target performance in %, median (quartiles), {} "
                    "held-out targets\n\n{:<22}",
                    report.targets, "");
    for (const auto& method : report.methods)
        text += fmt::format("{:>26}", method.name);
    for (std::size_t p = 0; p < report.performances.size(); ++p) {
        text += fmt::format("\n{:<22}", simulation::info(report.performances[p]).title);
        for (const auto& method : report.methods) {
            const sizing::Quartiles& q = method.relativeDifferences[p];
            text += fmt::format("{:>26}", fmt::format("{:+.1f} ({:+.1f} \u2026 {:+.1f})", 100 * q.median,
                                                      100 * q.lower, 100 * q.upper));
        }
    }
    text += "\n";
    for (const auto& [title, share] : {std::pair{"met within 5 %", &sizing::MethodScore::metAt5},
                                       {"met within 10 %", &sizing::MethodScore::metAt10}}) {
        for (const int k : {1, 8, 64}) {
            if (report.methods.empty() || !(report.methods.front().*share).contains(k)) continue;
            text += fmt::format("{:<22}", fmt::format("{}, best of {}", title, k));
            for (const auto& method : report.methods) {
                const auto found = (method.*share).find(k);
                text += fmt::format("{:>26}", found == (method.*share).end()
                                                  ? ""
                                                  : fmt::format("{:.1f} %", 100 * found->second));
            }
            text += "\n";
        }
    }
    return text;
}

/// What a model's card records of its own score.
std::map<std::string, double> metricsOf(const sizing::EvaluationReport& report,
                                        const sizing::MethodScore& method) {
    std::map<std::string, double> metrics{{"targets", static_cast<double>(report.targets)}};
    for (const auto& [k, share] : method.metAt5)
        metrics[fmt::format("met_within_5_percent_best_of_{}", k)] = share;
    for (const auto& [k, share] : method.metAt10)
        metrics[fmt::format("met_within_10_percent_best_of_{}", k)] = share;
    for (std::size_t p = 0; p < report.performances.size(); ++p) {
        const double median = method.relativeDifferences[p].median;
        if (!std::isfinite(median)) continue;
        metrics[fmt::format("median_relative_difference_{}", simulation::info(report.performances[p]).name)] =
            median;
    }
    return metrics;
}

CommandResult runEvaluate(const EvaluateArguments& arguments, const GlobalOptions& options,
                          const std::string& line) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    auto targets = sizing::heldOutTargets(session->dataset);
    if (arguments.targets != "held-out") {
        const auto text = readFile(arguments.targets);
        if (!text) return forward(text);
        const auto given = sizing::readDatasetCsv(*text, arguments.targets);
        if (!given) return forward(given);
        auto ordered = sizing::targetsOf(*given, session->dataset.performances);
        if (!ordered) return forward(ordered);
        targets = std::move(*ordered);
    }
    const auto pool = makePool(session->amplifier, options);
    if (!pool) return forward(pool);
    TerminalContext context;
    diffusion::SamplingConfig sampling = arguments.sampling;
    sampling.seed = options.seed;
    sizing::EvaluationReport report;
    report.performances = session->dataset.performances;
    report.targets = targets.rows.size();
    const auto scoreOne = [&](ModelSession& judged) -> Result<void> {
        const auto score =
            sizing::scoreModel(sizing::toString(judged.model->card().method), *judged.model, *judged.space,
                               targets, **pool, arguments.answers, sampling, session->supplyVoltage, context);
        if (!score) return forward(score);
        report.methods.push_back(*score);
        return {};
    };
    if (const auto scored = scoreOne(*session); !scored) return forward(scored);
    if (arguments.record) {
        const auto metrics = metricsOf(report, report.methods.front());
        const auto recorded = sizing::recordMetrics(arguments.model, metrics, line);
        if (!recorded) return forward(recorded);
    }
    std::filesystem::path joint = arguments.joint;
    if (joint.empty()) {
        joint = sizing::findShippedModel(session->amplifier->netlist.circuit,
                                         session->amplifier->technology.name, sizing::Method::Joint)
                    .value_or("");
    }
    if (!joint.empty() && session->model->card().method != sizing::Method::Joint) {
        auto other = openModel(joint, options);
        if (!other) return forward(other);
        if (const auto scored = scoreOne(*other); !scored) return forward(scored);
    }
    report.methods.push_back(
        sizing::scoreNearestNeighbour(session->dataset, targets, arguments.answers, session->supplyVoltage));
    if (!arguments.figure.empty()) {
        const auto written = writeFileAtomically(arguments.figure, sizing::boxPlotSvg(report));
        if (!written) return forward(written);
    }
    return Output{toJson(report), describe(report)};
}

void addTrainingOptions(CLI::App& command, sizing::SizingTraining& training) {
    command.add_option("--epochs", training.training.epochs)
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--batch-size", training.training.batchSize)
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command.add_option("--learning-rate", training.training.learningRate)->capture_default_str();
    command.add_option("--weight-decay", training.training.weightDecay)->capture_default_str();
    command
        .add_option("--validation-share", training.training.validationShare,
                    "Share of the rows that judges the weights instead of training them")
        ->capture_default_str();
    command.add_option("--width", training.width, "Width of the denoiser; 0: its default")
        ->capture_default_str();
    command.add_option("--depth", training.depth, "Depth of the denoiser; 0: its default")
        ->capture_default_str();
}

void addSamplingOptions(CLI::App& command, diffusion::SamplingConfig& sampling) {
    command.add_option("--steps", sampling.steps, "Denoising steps")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command
        .add_option("--guidance", sampling.guidance,
                    "Classifier-free guidance scale; 1: none, 0: unconditional")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command
        .add_option("--temperature", sampling.temperature,
                    "Scale of the noise; below 1 proposals keep closer together")
        ->check(CLI::NonNegativeNumber)
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

    auto dataset = std::make_shared<DatasetArguments>();
    CLI::App* command =
        group->add_subcommand("dataset", "Draw, simulate and select sizings; resumes where it stopped");
    command->add_option("file", dataset->file, "Netlist")->required();
    command->add_option("--top", dataset->top, "Top cell");
    command->add_option("--size", dataset->settings.size, "Sizings to keep")->capture_default_str();
    command->add_option("--selectivity", dataset->settings.selectivity, "Good drawings per kept sizing")
        ->capture_default_str();
    command->add_option("--margin", dataset->settings.saturationMargin, "Saturation margin in volts")
        ->capture_default_str();
    command->add_option("--out", dataset->out, "Folder")->required();
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runDataset(*dataset, options, line); }; });

    auto train = std::make_shared<TrainArguments>();
    command = group->add_subcommand("train", "Train diffusion models on a data set");
    command->add_option("dataset", train->dataset, "Folder of the data set")->required();
    command->add_option("--out", train->out, "Folder of the model")->required();
    command->add_option("--method", train->method, "blocks or joint")
        ->check(CLI::IsMember({"blocks", "joint"}))
        ->capture_default_str();
    addTrainingOptions(*command, train->training);
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runTrain(*train, options, line); }; });

    auto sample = std::make_shared<SampleArguments>();
    command = group->add_subcommand("sample", "Propose sizings for a specification");
    command->add_option("model", sample->model, "Folder of the model")->required();
    command->add_option("--spec", sample->specification,
                        "PERFORMANCE=VALUE, e.g. gain_db=60 transit_frequency=10meg");
    command->add_option("--count", sample->count)->check(CLI::PositiveNumber)->capture_default_str();
    command->add_option("--simulate", sample->simulate, "How many of them to simulate")
        ->capture_default_str();
    addSamplingOptions(*command, sample->sampling);
    command->add_option("--out", sample->out, "Table to write")->required();
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runSample(*sample, options); }; });

    auto evaluate = std::make_shared<EvaluateArguments>();
    command = group->add_subcommand("evaluate", "Judge a model on held-out targets, beside its baselines");
    command->add_option("model", evaluate->model, "Folder of the model")->required();
    command->add_option("--targets", evaluate->targets, "held-out, or a data set's CSV")
        ->capture_default_str();
    command->add_option("--joint", evaluate->joint,
                        "Folder of the jointly trained model; default: the shipped one");
    command->add_option("--answers", evaluate->answers, "Proposals simulated per target")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    addSamplingOptions(*command, evaluate->sampling);
    command->add_option("--figure", evaluate->figure, "Also write the box plot as SVG");
    command->add_flag("--record", evaluate->record, "Write the model's score into its card");
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runEvaluate(*evaluate, options, line); }; });
}

} // namespace headroom::cli
