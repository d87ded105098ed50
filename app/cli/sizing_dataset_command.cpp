#include "app/cli/sizing_dataset_command.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/performance_list.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"
#include "core/base/writable.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/dataset_drawing.h"
#include "core/sizing/dataset_import.h"
#include "core/sizing/dataset_summary.h"
#include "core/sizing/model_origin.h"

namespace headroom::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCacheFile = "simulations.sqlite";

struct DatasetArguments {
    std::string file;
    std::string top;
    std::string out;
    std::string extended;
    std::string performances = "standard";
    sizing::DatasetSettings settings;
};

struct ImportArguments {
    std::string table;
    std::string file;
    std::string top;
    std::string out;
    std::size_t checked = 0;
    bool selects = false;
};

/// What a data set folder is about.
struct DatasetSubject {
    std::shared_ptr<const simulation::AmplifierUnderTest> amplifier;
    sizing::DesignSpace space;
};

Result<DatasetSubject> openSubject(const std::string& file, const std::string& technology,
                                   const std::string& top = {}) {
    const auto amplifier =
        sizing::openAmplifier(file, technology, top.empty() ? std::nullopt : std::optional(top));
    if (!amplifier) return forward(amplifier);
    const auto space = sizing::DesignSpace::create(**amplifier);
    if (!space) return forward(space);
    return DatasetSubject{*amplifier, *space};
}

nlohmann::json statisticsJson(const sizing::DrawStatistics& statistics) {
    nlohmann::json document{{"drawn", statistics.drawn},
                            {"screened", statistics.screened},
                            {"not_saturated", statistics.notSaturated},
                            {"failed", statistics.failed},
                            {"rejected", statistics.rejected},
                            {"good", statistics.good},
                            {"non_dominated", statistics.nonDominated},
                            {"seconds", statistics.seconds}};
    const double drawn = static_cast<double>(statistics.drawn);
    for (const auto& [key, count] :
         {std::pair{"not_saturated", statistics.notSaturated}, std::pair{"failed", statistics.failed},
          std::pair{"rejected", statistics.rejected}, std::pair{"good", statistics.good}}) {
        document["shares"][key] = statistics.drawn == 0 ? nlohmann::json(nullptr)
                                                        : nlohmann::json(static_cast<double>(count) / drawn);
    }
    return document;
}

std::string describe(const sizing::DrawStatistics& statistics) {
    return fmt::format("{} drawings were foreseen not to be saturated; of {} simulated {} were not "
                       "saturated, {} failed, {} were rejected, {} good, {} of them "
                       "non-dominated; {:.0f} s",
                       statistics.screened, statistics.drawn, statistics.notSaturated, statistics.failed,
                       statistics.rejected, statistics.good, statistics.nonDominated, statistics.seconds);
}

/// What the user is told where drawing was stopped.
template <class T>
Result<T> withHint(Result<T> result, const fs::path& out) {
    if (result || result.error().code != ErrorCode::Cancelled) return result;
    return fail(ErrorCode::Cancelled,
                fmt::format("The data set was stopped; the same command goes on where it was, since {} keeps "
                            "what was simulated.",
                            (out / kCacheFile).string()));
}

Result<sizing::Dataset> drawDataset(const DatasetArguments& arguments, const GlobalOptions& options,
                                    const DatasetSubject& subject, sizing::DatasetFolder& folder,
                                    simulation::PoolStatistics& pooled) {
    const fs::path out = arguments.extended.empty() ? arguments.out : arguments.extended;
    std::vector<simulation::Performance> performances = folder.dataset.performances;
    if (arguments.extended.empty()) {
        const auto asked = parsePerformances(arguments.performances);
        if (!asked) return forward(asked);
        if (asked->empty()) return fail(ErrorCode::BadInput, "A data set needs at least one performance.");
        performances = *asked;
    }
    // Nothing of hours of simulation would be left where this is found out at the end.
    if (const auto writable = checkWritableFolder(out); !writable) return forward(writable);
    const bool isCached = fs::exists(out / kCacheFile);
    const auto pool = makePool(subject.amplifier, options, (out / kCacheFile).string(),
                               folder.settings.saturationMargin, performances);
    if (!pool) return forward(pool);
    TerminalContext context;
    auto dataset = arguments.extended.empty()
                       ? sizing::buildDataset(**pool, *subject.amplifier, subject.space, folder.settings,
                                              context, &folder.statistics)
                       : sizing::extendDataset(**pool, *subject.amplifier, subject.space,
                                               {folder.dataset, folder.statistics, isCached}, folder.settings,
                                               context, &folder.statistics);
    pooled = (*pool)->statistics();
    return withHint(std::move(dataset), out);
}

CommandResult runDataset(const DatasetArguments& arguments, const GlobalOptions& options,
                         const std::string& line) {
    sizing::DatasetFolder folder;
    const bool extends = !arguments.extended.empty();
    const std::string out = extends ? arguments.extended : arguments.out;
    if (extends) {
        auto present = sizing::loadDatasetFolder(out);
        if (!present) return forward(present);
        folder = std::move(*present);
        folder.settings.size = arguments.settings.size;
    } else {
        folder.settings = arguments.settings;
        folder.settings.seed = options.seed;
        folder.netlist = fs::absolute(arguments.file);
        folder.technology = options.technology;
    }
    const std::size_t before = folder.dataset.rows.size();
    const auto subject = openSubject(folder.netlist.string(), folder.technology, arguments.top);
    if (!subject) return forward(subject);
    if (extends) {
        const auto fits = sizing::checkVariables(folder.dataset.variableNames, subject->space);
        if (!fits) return forward(fits);
    }
    folder.command = extends ? folder.command + " && " + line : line;
    simulation::PoolStatistics pooled;
    auto dataset = drawDataset(arguments, options, *subject, folder, pooled);
    if (!dataset) return forward(dataset);
    folder.dataset = std::move(*dataset);
    if (const auto saved = sizing::saveDatasetFolder(out, folder); !saved) return forward(saved);
    return Output{
        {{"out", out},
         {"rows", folder.dataset.rows.size()},
         {"added", folder.dataset.rows.size() - before},
         {"performances", namesJson(folder.dataset.performances)},
         {"statistics", statisticsJson(folder.statistics)},
         {"simulations", {{"evaluations", pooled.evaluations}, {"cache_hits", pooled.cacheHits}}},
         {"cache", cacheJson(pooled)}},
        fmt::format("{}: {} rows; {}\n", out, folder.dataset.rows.size(), describe(folder.statistics))};
}

nlohmann::json toJson(const sizing::ColumnSummary& column) {
    return {{"name", column.name},
            {"unit", column.unit},
            {"mean", number(column.mean)},
            {"deviation", number(column.deviation)},
            {"minimum", number(column.minimum)},
            {"quantile_5", number(column.quantile5)},
            {"lower_quartile", number(column.lowerQuartile)},
            {"median", number(column.median)},
            {"upper_quartile", number(column.upperQuartile)},
            {"quantile_95", number(column.quantile95)},
            {"maximum", number(column.maximum)}};
}

nlohmann::json toJson(const sizing::DatasetSummary& summary, const sizing::DatasetFolder& folder) {
    nlohmann::json variables = nlohmann::json::array();
    nlohmann::json performances = nlohmann::json::array();
    nlohmann::json columns = nlohmann::json::array();
    nlohmann::json matrix = nlohmann::json::array();
    for (std::size_t v = 0; v < summary.variables.size(); ++v) {
        nlohmann::json variable = toJson(summary.variables[v]);
        variable["legal"] = {{"low", summary.coverage[v].low}, {"high", summary.coverage[v].high}};
        variable["coverage"] = {{"span", summary.coverage[v].span},
                                {"occupied", summary.coverage[v].occupied}};
        columns.push_back(summary.variables[v].name);
        variables.push_back(std::move(variable));
    }
    for (const sizing::ColumnSummary& performance : summary.performances) {
        columns.push_back(performance.name);
        performances.push_back(toJson(performance));
    }
    for (Eigen::Index r = 0; r < summary.correlation.rows(); ++r) {
        nlohmann::json row = nlohmann::json::array();
        for (Eigen::Index c = 0; c < summary.correlation.cols(); ++c)
            row.push_back(number(summary.correlation(r, c)));
        matrix.push_back(std::move(row));
    }
    return {{"rows", summary.rows},
            {"training_rows", summary.trainingRows},
            {"held_out_rows", summary.heldOutRows},
            {"seed", folder.dataset.seed},
            {"technology", folder.technology},
            {"command", folder.command},
            {"variables", variables},
            {"performances", performances},
            {"correlation", {{"columns", columns}, {"matrix", matrix}}},
            {"constant", namesJson(summary.constant)},
            {"beaten", summary.beaten},
            {"repeated", summary.repeated},
            {"drawings", statisticsJson(folder.statistics)}};
}

std::string describe(const sizing::DatasetSummary& summary, const sizing::DatasetFolder& folder) {
    std::string text = fmt::format("{} rows, {} of them held out; {}\n\n", summary.rows, summary.heldOutRows,
                                   describe(folder.statistics));
    const auto addHeading = [&](const char* kind, const char* last) {
        text += fmt::format("{:<28}{:>14}{:>14}{:>14}{:>14}{:>14}  {}\n", kind, "least", "5 %", "median",
                            "95 %", "largest", last);
    };
    const auto addColumn = [&](const sizing::ColumnSummary& column, const std::string& last) {
        text += fmt::format("{:<28}", column.name);
        for (const double value :
             {column.minimum, column.quantile5, column.median, column.quantile95, column.maximum})
            text += fmt::format("{:>14}", formatQuantity(value, column.unit));
        text += "  " + last + '\n';
    };
    addHeading("performance", "");
    for (const sizing::ColumnSummary& performance : summary.performances)
        addColumn(performance, "");
    text += '\n';
    addHeading("parameter", "of its legal range");
    for (std::size_t v = 0; v < summary.variables.size(); ++v)
        addColumn(summary.variables[v], fmt::format("{:.0f} %", 100 * summary.coverage[v].span));
    if (!summary.constant.empty()) {
        std::vector<std::string> names = namesJson(summary.constant);
        text += fmt::format("\nDo not vary, so that no model learns them: {}\n", fmt::join(names, ", "));
    }
    if (summary.beaten > 0)
        text += fmt::format("\n{} rows are beaten by others in every performance.\n", summary.beaten);
    if (summary.repeated > 0) text += fmt::format("\n{} sizings are there twice.\n", summary.repeated);
    return text;
}

CommandResult runInspect(const std::string& path, const GlobalOptions&) {
    const auto folder = sizing::loadDatasetFolder(path);
    if (!folder) {
        const bool isBegun =
            fs::exists(fs::path(path) / kCacheFile) && !fs::exists(fs::path(path) / "dataset.yaml");
        if (!isBegun) return forward(folder);
        return fail(ErrorCode::NotFound,
                    fmt::format("The data set in {} is not finished; the `sizing dataset` command that began "
                                "it goes on with it.",
                                path));
    }
    if (folder->dataset.rows.empty()) return fail(ErrorCode::BadInput, "The data set has no rows.");
    const auto subject = openSubject(folder->netlist.string(), folder->technology);
    if (!subject) return forward(subject);
    const auto fits = sizing::checkVariables(folder->dataset.variableNames, subject->space);
    if (!fits) return forward(fits);
    const sizing::DatasetSummary summary = sizing::summariseDataset(folder->dataset, subject->space);
    return Output{toJson(summary, *folder), describe(summary, *folder)};
}

/// Keeps the rows that no other one beats. @return how many were left out
std::size_t selectRows(sizing::Dataset& dataset) {
    const std::size_t before = dataset.rows.size();
    std::vector<sizing::DataRow> rows;
    for (const std::size_t row : sizing::nonDominatedRows(dataset.rows, dataset.performances))
        rows.push_back(dataset.rows[row]);
    dataset.rows = std::move(rows);
    return before - dataset.rows.size();
}

/// Simulates some rows and says how far they are from the table.
Result<Output> checkImported(const ImportArguments& arguments, const GlobalOptions& options,
                             const DatasetSubject& subject, const sizing::Dataset& dataset) {
    const auto pool = makePool(subject.amplifier, options, (fs::path(arguments.out) / kCacheFile).string(),
                               -1, dataset.performances);
    if (!pool) return forward(pool);
    TerminalContext context;
    const auto check = sizing::checkRows(dataset, subject.space, **pool, arguments.checked,
                                         subject.amplifier->technology.supplyVoltage, context);
    if (!check) return forward(check);
    Output output{{{"rows", check->rows.size()}, {"failed", check->failed}}, {}};
    output.text = fmt::format("Simulated again: {} rows, of which {} failed; relative differences\n",
                              check->rows.size(), check->failed);
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        std::vector<double> sizes;
        for (const double difference : check->differences[p])
            sizes.push_back(std::abs(difference));
        const Summary summary = summarise(sizes);
        const simulation::PerformanceInfo& info = simulation::info(dataset.performances[p]);
        output.json["differences"][info.name] = {{"median", number(summary.median)},
                                                 {"maximum", number(summary.maximum)}};
        output.text += fmt::format("{:<28} median {:.3g} %, largest {:.3g} %\n", info.title,
                                   100 * summary.median, 100 * summary.maximum);
    }
    return output;
}

CommandResult runImport(const ImportArguments& arguments, const GlobalOptions& options,
                        const std::string& line) {
    const auto subject = openSubject(arguments.file, options.technology, arguments.top);
    if (!subject) return forward(subject);
    const auto text = readFile(arguments.table);
    if (!text) return forward(text);
    auto dataset = sizing::importDataset(*text, arguments.table, subject->space);
    if (!dataset) return forward(dataset);
    const std::size_t beaten = arguments.selects ? selectRows(*dataset) : 0;
    Output check;
    if (arguments.checked > 0) {
        std::error_code code;
        fs::create_directories(arguments.out, code);
        auto checked = checkImported(arguments, options, *subject, *dataset);
        if (!checked) return checked;
        check = std::move(*checked);
    }
    sizing::DatasetFolder folder;
    folder.dataset = std::move(*dataset);
    folder.dataset.seed = options.seed;
    folder.netlist = fs::absolute(arguments.file);
    folder.technology = options.technology;
    folder.settings.seed = options.seed;
    folder.settings.saturationMargin = folder.dataset.saturationMargin;
    folder.command = line;
    if (const auto saved = sizing::saveDatasetFolder(arguments.out, folder); !saved) return forward(saved);
    Output output{{{"out", arguments.out},
                   {"rows", folder.dataset.rows.size()},
                   {"left_out", beaten},
                   {"performances", namesJson(folder.dataset.performances)}},
                  fmt::format("{}: {} rows\n", arguments.out, folder.dataset.rows.size())};
    if (beaten > 0)
        output.text +=
            fmt::format("{} rows are left out, since others beat them in every performance.\n", beaten);
    if (arguments.checked > 0) output.json["check"] = check.json;
    output.text += check.text;
    return output;
}

} // namespace

void addSizingDataset(CLI::App& group, const Registry& registry) {
    Action& chosen = registry.chosen;
    const GlobalOptions& options = registry.options;
    const std::string& line = registry.commandLine;

    auto dataset = std::make_shared<DatasetArguments>();
    CLI::App* command =
        group.add_subcommand("dataset", "Draw, simulate and select sizings; resumes where it stopped");
    auto* file = command->add_option("file", dataset->file, "Netlist");
    command->add_option("--top", dataset->top, "Top cell");
    command->add_option("--size", dataset->settings.size, "Sizings to keep")
        ->check(positive())
        ->capture_default_str();
    auto* performances =
        command
            ->add_option("--performances", dataset->performances,
                         "standard, all, or names with commas: what the sizings are selected by and a model "
                         "can be asked for")
            ->capture_default_str();
    auto* selectivity =
        command->add_option("--selectivity", dataset->settings.selectivity, "Good drawings per kept sizing")
            ->check(positive())
            ->capture_default_str();
    auto* margin =
        command->add_option("--margin", dataset->settings.saturationMargin, "Saturation margin in volts")
            ->capture_default_str();
    auto* out = command->add_option("--out", dataset->out, "Folder");
    command
        ->add_option(
            "--extend", dataset->extended,
            "Folder of a data set that gets more rows, up to --size; those that are there keep their "
            "numbers")
        ->excludes(file)
        ->excludes(out)
        ->excludes(performances)
        ->excludes(selectivity)
        ->excludes(margin);
    command->callback([=, &chosen, &options] {
        if (dataset->extended.empty() && dataset->file.empty()) throw CLI::RequiredError("file");
        if (dataset->extended.empty() && dataset->out.empty()) throw CLI::RequiredError("--out");
        chosen = [=, &options] { return runDataset(*dataset, options, line); };
    });

    auto inspected = std::make_shared<std::string>();
    command = group.add_subcommand("inspect", "Ranges, quantiles, correlations and coverage of a data set");
    command->add_option("dataset", *inspected, "Folder of the data set")->required();
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runInspect(*inspected, options); }; });

    auto imported = std::make_shared<ImportArguments>();
    command = group.add_subcommand("import", "Make a data set of a table that was simulated elsewhere");
    command->add_option("table", imported->table, "CSV with a column per parameter and performance")
        ->required();
    command->add_option("file", imported->file, "Netlist")->required();
    command->add_option("--top", imported->top, "Top cell");
    command->add_option("--out", imported->out, "Folder")->required();
    command->add_option("--check", imported->checked, "Rows to simulate again, to see whether they agree")
        ->capture_default_str();
    command->add_flag("--select", imported->selects,
                      "Leave out rows that another one beats in every performance");
    command->callback(
        [=, &chosen, &options] { chosen = [=, &options] { return runImport(*imported, options, line); }; });
}

} // namespace headroom::cli
