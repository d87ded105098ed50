#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/delay_cell.h"
#include "app/cli/delay_commands.h"
#include "app/cli/delay_report.h"
#include "app/cli/delay_table.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/delay/generator_file.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;
using delay::GeneratorOptions;
using delay::Table;

struct AugmentArguments {
    std::string table, out;
    DelayTableOptions reading;
    std::string method = "ddpm";
    GeneratorOptions options;
    std::string model, saved; ///< folders of a generator that is read, and that is written
    std::string label = "generator";
    CellOptions cell;
    std::size_t count = 1000;
    bool syntheticOnly = false;
};

/// What rows are made from: a table, a generator that was fitted before, or both.
struct Ground {
    Table real; ///< without rows where there is no table
    std::size_t target = 0;
    std::vector<std::string> notes;
    std::unique_ptr<delay::Generator> generator;
    double fitMs = 0;
};

Result<Ground> readModel(const AugmentArguments& arguments, const GlobalOptions& global) {
    auto stored = delay::readGenerator(arguments.model, onDevice({}, global).device);
    if (!stored) return forward(stored);
    if (arguments.label == "gaussian_process" && !stored->card.options.refined)
        return fail(ErrorCode::BadInput, "The generator was kept without a Gaussian process of the targets.");
    const auto target = stored->columns.findColumn(stored->card.target);
    if (!target) return forward(target);
    Ground ground{stored->columns, *target, {}, std::move(stored->generator), 0};
    if (arguments.table.empty()) return ground;
    const auto read = readDelayTable(arguments.table, arguments.reading);
    if (!read) return forward(read);
    auto rows = alignedTo(ground.real, read->table.pick(rowsOfOrigin(read->table, true)));
    if (!rows) return forward(rows);
    ground.real = std::move(*rows);
    ground.notes = read->notes;
    return ground;
}

Result<Ground> fitModel(const AugmentArguments& arguments, const GlobalOptions& global,
                        const std::string& commandLine, JobContext& context) {
    if (arguments.table.empty())
        return fail(ErrorCode::BadInput, "Name a table of real rows, or a generator by --model.");
    auto read = readDelayTable(arguments.table, arguments.reading);
    if (!read) return forward(read);
    // What a table was augmented with before is no basis for more.
    Ground ground{read->table.pick(rowsOfOrigin(read->table, true)), read->target, read->notes, nullptr, 0};
    GeneratorOptions options = onDevice(arguments.options, global);
    options.refined = options.refined || arguments.label == "gaussian_process";
    auto generator = delay::makeGenerator(arguments.method, ground.real, ground.target, options);
    if (!generator) return forward(generator);
    ground.generator = std::move(*generator);
    const auto start = Clock::now();
    if (const auto fitted = ground.generator->fit(ground.real, global.seed, context); !fitted)
        return forward(fitted);
    ground.fitMs = millisecondsSince(start);
    if (arguments.saved.empty()) return ground;
    const auto written =
        delay::writeGenerator(arguments.saved, *ground.generator,
                              {arguments.method, options, ground.real.columns[ground.target].name,
                               ground.real.rows(), global.seed, ground.fitMs / 1e3, commandLine});
    if (!written) return forward(written);
    return ground;
}

nlohmann::json columnsJson(const Table& table) {
    nlohmann::json columns = nlohmann::json::array();
    for (const delay::Column& column : table.columns) {
        columns.push_back({{"name", column.name},
                           {"unit", column.unit},
                           {"kind", column.kind == delay::ColumnKind::Number ? "number" : "category"}});
    }
    return columns;
}

/// The rows, and beside them what they were simulated with, where that is known.
Result<void> writeRows(const AugmentArguments& arguments, const GlobalOptions& global, const Table& rows) {
    if (auto written = writeFileAtomically(arguments.out, writeCsv(toCsv(rows))); !written) return written;
    const auto record = findCellRecord(arguments.cell, global, {arguments.table});
    if (!record) return forward(record);
    return *record ? delay::writeCellRecord(arguments.out, **record) : Result<void>();
}

CommandResult runAugment(const AugmentArguments& arguments, const GlobalOptions& global,
                         const std::string& commandLine) {
    TerminalContext context;
    StageContext training(context, 0, 0.5), sampling(context, 0.5, 1);
    auto ground = arguments.model.empty() ? fitModel(arguments, global, commandLine, training)
                                          : readModel(arguments, global);
    if (!ground) return forward(ground);
    const std::string& target = ground->real.columns[ground->target].name;
    std::optional<delay::CellLabels> labels;
    if (arguments.label == "ngspice") {
        auto found = findCellLabels(arguments.cell, global, {arguments.table});
        if (!found) return forward(found);
        labels.emplace(std::move(*found));
        ground->generator = delay::makeLabelledGenerator(std::move(ground->generator), target,
                                                         labels->labeller(target), "ngspice");
    }
    const auto sampled = Clock::now();
    const auto synthetic = ground->generator->sample(arguments.count, global.seed, sampling);
    if (!synthetic) return forward(synthetic);
    const double sampleMs = millisecondsSince(sampled);
    const bool isAlone = arguments.syntheticOnly || ground->real.rows() == 0;
    const auto all = isAlone ? synthetic : joined(ground->real, *synthetic);
    if (!all) return forward(all);
    if (const auto written = writeRows(arguments, global, *all); !written) return forward(written);
    Output output{
        {{"out", arguments.out},
         {"method", ground->generator->name()},
         {"seed", global.seed},
         {"target", target},
         {"columns", columnsJson(ground->real)},
         {"real_rows", ground->real.rows()},
         {"synthetic_rows", synthetic->rows()},
         {"rows", all->rows()},
         {"notes", ground->notes},
         {"fit_ms", number(ground->fitMs)},
         {"sample_ms", number(sampleMs)}},
        fmt::format("{}{}: {} real rows, {} synthetic ones by {}; fitted in {:.1f} s, sampled in {:.2f} s\n",
                    lines(ground->notes), arguments.out, isAlone ? 0 : ground->real.rows(), synthetic->rows(),
                    ground->generator->name(), ground->fitMs / 1e3, sampleMs / 1e3)};
    if (!arguments.saved.empty()) output.json["model"] = arguments.saved;
    if (labels) {
        output.json["label"] = {{"simulated", labels->simulated()}, {"cached", labels->cached()}};
        output.text += fmt::format("{} rows were simulated, {} had been before\n", labels->simulated(),
                                   labels->cached());
    }
    return output;
}

} // namespace

void addAugment(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<AugmentArguments>();
    GeneratorOptions& options = arguments->options;
    std::vector<std::string> methods;
    std::string list;
    for (const delay::GeneratorMethod& method : delay::generatorMethods()) {
        methods.push_back(method.name);
        list += fmt::format("{}{}: {}", list.empty() ? "" : "; ", method.name, method.description);
    }
    CLI::App* command = group.add_subcommand("augment", "Add synthetic rows to a table");
    command->add_option("table", arguments->table, "Table of real rows (CSV)");
    command->add_option("--count", arguments->count, "Synthetic rows")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--method", arguments->method, list)
        ->check(CLI::IsMember(methods))
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Real and synthetic rows, with their provenance (CSV)")
        ->required();
    command->add_flag("--synthetic-only", arguments->syntheticOnly, "Leave the real rows out");
    CLI::Option* label =
        command
            ->add_option(
                "--label", arguments->label,
                "Whose targets synthetic rows have: the generator's own, those of a Gaussian process "
                "fitted on the same rows, or simulated ones")
            ->check(CLI::IsMember({"generator", "gaussian_process", "ngspice"}))
            ->capture_default_str();
    command->add_flag("--refine", options.refined, "The same as --label gaussian_process")->excludes(label);
    CLI::Option* model =
        command->add_option("--model", arguments->model,
                            "Folder of a generator that was fitted before; --method and what "
                            "belongs to it mean nothing then");
    command->add_option("--save-model", arguments->saved, "Folder that the fitted generator is kept in")
        ->excludes(model);
    arguments->cell.addTo(*command, false);
    command->add_option("--epochs", options.epochs, "Of training a network; 0: its default")
        ->capture_default_str();
    command->add_option("--diffusion-steps", options.diffusionSteps, "T of a network; 0: its default")
        ->capture_default_str();
    command->add_option("--noise", options.noise, "Of noise, by the columns' deviations")
        ->capture_default_str();
    command->add_option("--neighbours", options.neighbours, "Of smote")->capture_default_str();
    arguments->reading.addTo(*command);
    command->callback(
        [=, line = registry.commandLine, &global = registry.options, &chosen = registry.chosen] {
            chosen = [=, &global] { return runAugment(*arguments, global, line); };
        });
}

} // namespace headroom::cli
