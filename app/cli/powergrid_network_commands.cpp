#include "app/cli/powergrid_network_commands.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/netlist_json.h"
#include "app/cli/powergrid_answer.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/powergrid/drop_model.h"
#include "core/powergrid/sheet_plan.h"

namespace headroom::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using powergrid::DropModel;
using powergrid::DropScore;
using powergrid::DropTask;
using powergrid::Map;
using powergrid::SheetMaps;

constexpr const char* kDefaultModel = "ir_drop_sheet";

Result<compute::DeviceChoice> deviceOf(const GlobalOptions& options) {
    const auto device = compute::deviceFromName(options.device);
    if (!device) return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no device.", options.device));
    return *device;
}

struct PredictArguments {
    std::string strength, density, activity, pads, out;
    std::string model = kDefaultModel;
    bool checks = false;
};

struct TrainArguments {
    std::string task = "sheet";
    std::string out;
    powergrid::DropTraining training;
    bool noSkips = false;
    std::size_t judged = 200;
};

struct JudgeArguments {
    std::string model = kDefaultModel, technology;
    std::size_t sheets = 200;
    std::size_t side = 64;
    bool records = false;
};

/// Of the first map's size, where that has cells.
Result<Map> readMapLike(const std::string& file, const Map& first) {
    auto map = powergrid::readMap(file);
    if (!map) return map;
    if (const auto good = powergrid::checkMapValues(*map, file); !good) return forward(good);
    if (!first.empty() && (map->rows != first.rows || map->columns != first.columns))
        return failAt(ErrorCode::BadInput, file, 0,
                      fmt::format("The map is {} x {} cells, that of grid strength {} x {}.", map->rows,
                                  map->columns, first.rows, first.columns));
    return map;
}

Result<SheetMaps> readMaps(const PredictArguments& arguments) {
    SheetMaps maps;
    for (const auto& [file, map] : {std::pair{&arguments.strength, &maps.strength},
                                    {&arguments.density, &maps.density},
                                    {&arguments.activity, &maps.activity},
                                    {&arguments.pads, &maps.pads}}) {
        if (file->empty()) continue;
        auto read = readMapLike(*file, maps.strength);
        if (!read) return forward(read);
        *map = std::move(*read);
    }
    if (arguments.pads.empty()) maps.pads = powergrid::assumedPads(maps.strength.rows, maps.strength.columns);
    return maps;
}

/// What the network has not learned: maps of other units than 0 to 1, in which it still answers something.
std::vector<netlist::Diagnostic> strangersAmong(const SheetMaps& maps, const PredictArguments& files) {
    std::vector<netlist::Diagnostic> found;
    for (const auto& [file, map] : {std::pair{&files.strength, &maps.strength},
                                    {&files.density, &maps.density},
                                    {&files.activity, &maps.activity}})
        if (map->maximum() > 1)
            found.push_back({netlist::Severity::Warning,
                             *file,
                             0,
                             1,
                             fmt::format("The map reaches {:.6g}; the network has learned maps from 0 to 1.",
                                         map->maximum()),
                             {}});
    return found;
}

CommandResult runPredict(const PredictArguments& arguments, const GlobalOptions& options) {
    const auto maps = readMaps(arguments);
    if (!maps) return forward(maps);
    if (const auto valid = powergrid::checkSheetMaps(*maps); !valid) return forward(valid);
    auto model = loadDropModel(arguments.model, options);
    if (!model) return forward(model);
    const DropTask task = model->card().training.task;
    TerminalContext context;
    const auto start = Clock::now();
    const auto drop = model->predict(*maps, compute::threadBudget(), context);
    const double elapsed = millisecondsSince(start);
    if (!drop) return forward(drop);
    if (const auto written = powergrid::writeMap(*drop, arguments.out); !written) return forward(written);
    const auto worst = std::max_element(drop->values.begin(), drop->values.end()) - drop->values.begin();
    const auto place = static_cast<std::size_t>(worst);
    const double most = drop->values[place];
    Output output{{{"out", arguments.out},
                   {"rows", drop->rows},
                   {"columns", drop->columns},
                   {"model", arguments.model},
                   {"task", powergrid::toString(task)},
                   {"unit", powergrid::unitOf(task)},
                   {"pads", arguments.pads.empty() ? "assumed" : "given"},
                   {"worst_drop", number(most)},
                   {"worst_row", place / drop->columns},
                   {"worst_column", place % drop->columns},
                   {"elapsed_ms", number(elapsed)}},
                  {}};
    output.text = fmt::format(
        "{}: {} x {} cells by the network {}, {:.1f} ms; worst {} at row {}, column {}\n", arguments.out,
        drop->rows, drop->columns, arguments.model, elapsed, formatQuantity(most, powergrid::unitOf(task)),
        place / drop->columns, place % drop->columns);
    if (arguments.pads.empty() && task != DropTask::Formula)
        output.text += "No pads are given: one in the middle of every 16 x 16 cells is assumed.\n";
    const auto strangers = strangersAmong(*maps, arguments);
    output.json["diagnostics"] = toJson(strangers);
    output.text += toText(strangers);
    if (!arguments.checks) return output;
    const auto solving = Clock::now();
    const auto golden = powergrid::rightAnswers(task)(*maps, context);
    if (!golden) return forward(golden);
    const double solved = millisecondsSince(solving);
    const auto compared = powergrid::compareMaps(*drop, *golden);
    if (!compared) return forward(compared);
    output.json["check"] = toJson(*compared);
    output.json["check"]["elapsed_ms"] = number(solved);
    output.text += fmt::format(
        "against the exact answer ({:.1f} ms): mean error {}, largest {}, F1 of hot spots {:.2f}, "
        "{:.1f} dB\n",
        solved, formatQuantity(compared->meanAbsoluteError, powergrid::unitOf(task)),
        formatQuantity(compared->largestError, powergrid::unitOf(task)), compared->f1, compared->psnr);
    return output;
}

/// A method's scores for card, JSON and people.
struct Judged {
    std::string name;
    DropScore score;
};

nlohmann::json toJson(const DropScore& score) {
    return {{"sheets", score.sheets},
            {"mse", number(score.meanSquaredError)},
            {"mae", number(score.meanAbsoluteError)},
            {"max_error", number(score.largestError)},
            {"psnr", number(score.psnr)},
            {"precision", number(score.precision)},
            {"recall", number(score.recall)},
            {"f1", number(score.f1)},
            {"elapsed_ms", number(score.milliseconds)}};
}

/// Of the seed's formula, so that it comes nearest to the right answers: least squares.
double bestFactor(const std::vector<powergrid::AnsweredSheet>& sheets) {
    double products = 0, squares = 0;
    for (const auto& [maps, golden] : sheets) {
        const Map drop = powergrid::formulaDrop(maps);
        for (std::size_t i = 0; i < drop.values.size(); ++i) {
            products += drop.values[i] * golden.values[i];
            squares += drop.values[i] * drop.values[i];
        }
    }
    return squares > 0 ? products / squares : 0;
}

/// Scores of one guess after the other.
template <class Guess, class Case>
Result<std::vector<Judged>> scoreAll(const std::vector<std::pair<std::string, Guess>>& guesses,
                                     const std::vector<Case>& cases, JobContext& context) {
    std::vector<Judged> judged;
    for (const auto& [name, guess] : guesses) {
        const auto score = powergrid::scoreDrops(guess, cases, context);
        if (!score) return forward(score);
        judged.push_back({name, *score});
    }
    return judged;
}

/// The network, and what it has to be better than: what it starts from and one step more of the same, the
/// seed's formula times the factor that suits these sheets best (where that is not what is imitated), and the
/// exact answer.
Result<std::vector<Judged>> judgeOnSheets(DropModel& model, std::size_t sheets, std::size_t side, int threads,
                                          JobContext& context) {
    const DropTask task = model.card().training.task;
    const auto label = powergrid::rightAnswers(task);
    const auto answered = powergrid::judgingSheets(label, sheets, side, context);
    if (!answered) return forward(answered);
    std::vector<std::pair<std::string, powergrid::AnswerSheet>> guesses;
    guesses.emplace_back("network", [&model, threads](const SheetMaps& maps, JobContext& inner) {
        return model.predict(maps, threads, inner);
    });
    if (const auto rough = powergrid::roughAnswers(task)) {
        guesses.emplace_back("rough", rough);
        // What the solver itself makes of the time that a correction takes.
        guesses.emplace_back("two_steps", powergrid::roughlySolvedSheets({}, 2));
    }
    if (task != DropTask::Formula) {
        const double factor = bestFactor(*answered);
        guesses.emplace_back("formula", [factor](const SheetMaps& maps, JobContext&) -> Result<Map> {
            Map drop = powergrid::formulaDrop(maps);
            for (double& value : drop.values)
                value *= factor;
            return drop;
        });
    }
    guesses.emplace_back("exact", label);
    return scoreAll(guesses, *answered, context);
}

/// The same on grids rebuilt from random maps; all of them from equations that are set up.
Result<std::vector<Judged>> judgeOnGrids(DropModel& model, const std::string& technologyName,
                                         std::size_t grids, std::size_t side, int threads,
                                         JobContext& context) {
    const auto technology =
        powergrid::loadGridTechnology(technologyName.empty() ? model.card().technology : technologyName);
    if (!technology) return forward(technology);
    const auto answered = powergrid::judgingGrids(*technology, grids, side, context);
    if (!answered) return forward(answered);
    const int iterations = model.card().training.roughIterations;
    std::vector<std::pair<std::string, powergrid::AnswerGrid>> guesses;
    guesses.emplace_back(
        "network",
        [&model, iterations, threads](const powergrid::LaidGrid& grid, JobContext& inner) -> Result<Map> {
            const auto rough = powergrid::dropsOf(grid, iterations, inner);
            if (!rough) return forward(rough);
            return model.correct(grid, *rough, threads, inner);
        });
    guesses.emplace_back("rough", powergrid::solvedGrids(iterations));
    guesses.emplace_back("one_more", powergrid::solvedGrids(iterations + 1));
    guesses.emplace_back("exact", powergrid::solvedGrids(0));
    return scoreAll(guesses, *answered, context);
}

Result<std::vector<Judged>> judge(DropModel& model, const std::string& technology, std::size_t blocks,
                                  std::size_t side, JobContext& context) {
    const int threads = compute::threadBudget();
    return model.card().training.task == DropTask::Grid
               ? judgeOnGrids(model, technology, blocks, side, threads, context)
               : judgeOnSheets(model, blocks, side, threads, context);
}

Output describe(const DropModel& model, const std::vector<Judged>& judged) {
    const std::string unit = powergrid::unitOf(model.card().training.task);
    Output output{{{"task", powergrid::toString(model.card().training.task)},
                   {"unit", unit},
                   {"parameters", model.parameterCount()},
                   {"training_seconds", number(model.card().trainingSeconds)},
                   {"best_epoch", model.card().bestEpoch}},
                  {}};
    output.text = fmt::format("{:<10}{:>12}{:>14}{:>14}{:>11}{:>11}{:>9}{:>7}{:>10}\n", "", "MSE",
                              "mean error", "largest", "PSNR", "precision", "recall", "F1", "ms");
    for (const Judged& one : judged) {
        const DropScore& score = one.score;
        output.json[one.name] = toJson(score);
        output.text +=
            fmt::format("{:<10}{:>12.3g}{:>14}{:>14}{:>8.1f} dB{:>11.3f}{:>9.3f}{:>7.3f}{:>10.2f}\n",
                        one.name, score.meanSquaredError, formatQuantity(score.meanAbsoluteError, unit),
                        formatQuantity(score.largestError, unit), score.psnr, score.precision, score.recall,
                        score.f1, score.milliseconds);
    }
    return output;
}

std::map<std::string, double> metricsOf(const std::vector<Judged>& judged, std::size_t side) {
    std::map<std::string, double> metrics{{"side", static_cast<double>(side)}};
    for (const Judged& one : judged) {
        const std::string prefix = one.name == "network" ? "" : one.name + "_";
        if (one.name == "network") metrics["sheets"] = static_cast<double>(one.score.sheets);
        metrics[prefix + "milliseconds"] = one.score.milliseconds;
        if (one.name == "exact") continue;
        metrics[prefix + "mse"] = one.score.meanSquaredError;
        metrics[prefix + "mae"] = one.score.meanAbsoluteError;
        metrics[prefix + "max_error"] = one.score.largestError;
        metrics[prefix + "psnr"] = one.score.psnr;
        metrics[prefix + "precision"] = one.score.precision;
        metrics[prefix + "recall"] = one.score.recall;
        metrics[prefix + "f1"] = one.score.f1;
    }
    return metrics;
}

CommandResult runTrain(TrainArguments arguments, const GlobalOptions& options, const std::string& line) {
    const auto device = deviceOf(options);
    if (!device) return forward(device);
    const auto task = powergrid::dropTaskFromName(arguments.task);
    if (!task) return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no task.", arguments.task));
    arguments.training.task = *task;
    arguments.training.seed = options.seed;
    arguments.training.network.skips = !arguments.noSkips;
    arguments.training.unet.threads = compute::threadBudget();
    TerminalContext context;
    auto model = DropModel::train(arguments.training, *device, context);
    if (!model) return forward(model);
    model->setCommand(line);
    Output output;
    if (arguments.judged > 0) {
        const auto judged =
            judge(*model, arguments.training.technology, arguments.judged, arguments.training.side, context);
        if (!judged) return forward(judged);
        output = describe(*model, *judged);
        model->setMetrics(metricsOf(*judged, arguments.training.side), line);
    }
    if (const auto saved = model->save(arguments.out); !saved) return forward(saved);
    output.json["out"] = arguments.out;
    output.text += fmt::format("{}: trained on {} {} in {:.0f} s\n", arguments.out, arguments.training.sheets,
                               *task == DropTask::Grid ? "grids" : "sheets", model->card().trainingSeconds);
    return output;
}

CommandResult runJudge(const JudgeArguments& arguments, const GlobalOptions& options,
                       const std::string& line) {
    auto model = loadDropModel(arguments.model, options);
    if (!model) return forward(model);
    TerminalContext context;
    const auto judged = judge(*model, arguments.technology, arguments.sheets, arguments.side, context);
    if (!judged) return forward(judged);
    if (arguments.records) {
        model->setMetrics(metricsOf(*judged, arguments.side), line);
        if (const auto saved = model->save(dropModelFolder(arguments.model)); !saved) return forward(saved);
    }
    return describe(*model, *judged);
}

void addPredict(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<PredictArguments>();
    CLI::App* command =
        group.add_subcommand("predict", "Let a network answer for the drops of a block's maps");
    command
        ->add_option("--strength", arguments->strength,
                     "Map of the power grid's strength, 0 to 1: CSV, NPY or PNG")
        ->required();
    command->add_option("--density", arguments->density, "Map of cell density, 0 to 1")->required();
    command->add_option("--activity", arguments->activity, "Map of switching activity, 0 to 1")->required();
    command->add_option("--pads", arguments->pads,
                        "Map of pads, above 0 where one is; default: in the middle of every 16 x 16 cells");
    command->add_option("--out", arguments->out, "Map of the drop: .csv, .npy or .png")->required();
    command->add_option("--model", arguments->model, "Name of a shipped network, or a folder")
        ->capture_default_str();
    command->add_flag("--check", arguments->checks, "Also work out the exact answer and compare");
    command->callback([=, &options = registry.options, &chosen = registry.chosen] {
        chosen = [=, &options] { return runPredict(*arguments, options); };
    });
}

void addTrain(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<TrainArguments>();
    powergrid::DropTraining& training = arguments->training;
    CLI::App* command = group.add_subcommand("train", "Train a network on random sheets and judge it");
    command
        ->add_option("--task", arguments->task,
                     "formula: the seed's labels; sheet: solved sheets, in volts; correction: what one step "
                     "of the solver leaves; grid: what a few iterations leave of grids rebuilt from maps")
        ->check(CLI::IsMember({"formula", "sheet", "correction", "grid"}))
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Folder of the model")->required();
    command
        ->add_option("--technology", training.technology,
                     "Rules of the grids: name of a shipped technology of grids, or a YAML file")
        ->capture_default_str();
    command
        ->add_option("--rough", training.roughIterations,
                     "Iterations of multigrid that the correction of a grid starts from")
        ->check(CLI::Range(1, 100))
        ->capture_default_str();
    command->add_option("--sheets", training.sheets, "Sheets, or grids, to train on")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--side", training.side, "Cells of their sides; those of grids are 8 um wide")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--epochs", training.unet.epochs, "Passes over them")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--batch-size", training.unet.batchSize, "Sheets per step")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--learning-rate", training.unet.learningRate, "At its peak")
        ->check(positive())
        ->capture_default_str();
    command
        ->add_option("--focus", training.unet.hotspotFocus,
                     "How much more an error counts at the largest drop")
        ->check(nonNegative())
        ->capture_default_str();
    command->add_option("--width", training.network.width, "Channels at full resolution")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--levels", training.network.levels, "Halvings")
        ->check(positive())
        ->capture_default_str();
    command->add_flag("--no-skips", arguments->noSkips, "Leave the skip connections out, for comparison");
    command->add_option("--judge", arguments->judged, "Fresh sheets to judge it on; 0: none")
        ->capture_default_str();
    command->callback(
        [=, line = registry.commandLine, &options = registry.options, &chosen = registry.chosen] {
            chosen = [=, &options] { return runTrain(*arguments, options, line); };
        });
}

void addJudge(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<JudgeArguments>();
    CLI::App* command =
        group.add_subcommand("judge", "Judge a network on fresh sheets, beside its baselines");
    command->add_option("model", arguments->model, "Name of a shipped network, or a folder")
        ->capture_default_str();
    command->add_option("--technology", arguments->technology,
                        "Rules of the grids, for a network that has learned those of a file");
    command->add_option("--sheets", arguments->sheets, "How many")->check(positive())->capture_default_str();
    command->add_option("--side", arguments->side, "Cells of their sides")
        ->check(positive())
        ->capture_default_str();
    command->add_flag("--record", arguments->records, "Write the scores into the model's card");
    command->callback(
        [=, line = registry.commandLine, &options = registry.options, &chosen = registry.chosen] {
            chosen = [=, &options] { return runJudge(*arguments, options, line); };
        });
}

} // namespace

fs::path dropModelFolder(const std::string& nameOrFolder) {
    std::error_code code;
    if (fs::is_directory(nameOrFolder, code)) return nameOrFolder;
    const fs::path shipped = resourcePath("models/" + nameOrFolder);
    return fs::is_directory(shipped, code) ? shipped : fs::path(nameOrFolder);
}

Result<DropModel> loadDropModel(const std::string& nameOrFolder, const GlobalOptions& options) {
    const auto device = deviceOf(options);
    if (!device) return forward(device);
    return DropModel::load(dropModelFolder(nameOrFolder), *device);
}

void addPowergridNetworks(CLI::App& group, const Registry& registry) {
    addPredict(group, registry);
    addTrain(group, registry);
    addJudge(group, registry);
}

} // namespace headroom::cli
