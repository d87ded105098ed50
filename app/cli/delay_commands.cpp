#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/commands.h"
#include "app/cli/delay_cell.h"
#include "app/cli/delay_commands.h"
#include "app/cli/delay_report.h"
#include "app/cli/delay_table.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/delay/generator_choice.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;
using delay::GeneratorOptions;
using delay::Table;

struct EvaluateArguments {
    std::string real, test, synthetic;
    DelayTableOptions reading;
    std::string label = "none"; ///< by what the synthetic targets are checked
    std::size_t labelRows = 1000;
    CellOptions cell;
};

CommandResult runEvaluate(const EvaluateArguments& arguments, const GlobalOptions& global) {
    auto read = readDelayTable(arguments.real, arguments.reading);
    if (!read) return forward(read);
    std::vector<std::string> notes = read->notes;
    const Table real = read->table.pick(rowsOfOrigin(read->table, true));
    const auto test = readRowsBeside(arguments.test, arguments.reading, notes);
    if (!test) return forward(test);
    std::optional<Table> synthetic;
    if (!arguments.synthetic.empty()) {
        auto rows = readRowsBeside(arguments.synthetic, arguments.reading, notes);
        if (!rows) return forward(rows);
        synthetic = rows->provenance.empty() ? std::move(*rows) : rows->pick(rowsOfOrigin(*rows, false));
        if (synthetic->rows() < delay::fewestRows)
            return failAt(
                ErrorCode::BadInput, arguments.synthetic, 1,
                fmt::format("The table has {} synthetic rows; at least {} are needed to judge them.",
                            synthetic->rows(), delay::fewestRows));
    }
    TerminalContext context;
    const auto judges = delay::defaultJudges();
    const auto study =
        judgeRows(real, *test, synthetic ? &*synthetic : nullptr, read->target, judges, global.seed, context);
    if (!study) return forward(study);
    const auto said = verdicts(*study, judges);
    Output output{{{"target", study->target},
                   {"unit", real.columns[read->target].unit},
                   {"real_rows", real.rows()},
                   {"test_rows", test->rows()},
                   {"synthetic_rows", synthetic ? synthetic->rows() : 0},
                   {"results", toJson(*study)},
                   {"notes", notes}},
                  lines(notes) + describe(*study, real.columns[read->target].unit)};
    if (!synthetic) return output;
    delay::ResemblanceSettings settings;
    settings.seed = global.seed;
    settings.labelRows = arguments.labelRows;
    delay::ResemblanceEvidence evidence;
    if (test->rows() >= delay::fewestRows) evidence.fresh = &*test;
    if (arguments.label == "ngspice") {
        const auto labels =
            findCellLabels(arguments.cell, global, {arguments.synthetic, arguments.real, arguments.test});
        if (!labels) return forward(labels);
        evidence.target = read->target;
        evidence.labeller = labels->labeller(study->target);
    }
    const auto resemblance = compareRows(real, *synthetic, evidence, settings, context);
    if (!resemblance) return forward(resemblance);
    output.json["verdict"] = toJson(said).front();
    output.json["resemblance"] = toJson(*resemblance);
    output.text += describe(*resemblance) + said.front().sentence + "\n";
    return output;
}

void addEvaluate(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = group.add_subcommand(
        "evaluate", "Judge synthetic rows by what regressors learn from them, and how they look");
    command->add_option("--real", arguments->real, "Real rows that are learned from (CSV)")->required();
    command->add_option("--test", arguments->test, "Real rows held out (CSV)")->required();
    command->add_option("--synthetic", arguments->synthetic,
                        "Synthetic rows (CSV); of a table with provenance those that are not real");
    command
        ->add_option("--label", arguments->label,
                     "ngspice: simulate the synthetic inputs, and say how far the synthetic targets are off")
        ->check(CLI::IsMember({"none", "ngspice"}))
        ->capture_default_str();
    command->add_option("--label-rows", arguments->labelRows, "Synthetic rows that are simulated, at most")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    arguments->cell.addTo(*command, false);
    arguments->reading.addTo(*command);
    command->callback([=, &global = registry.options, &chosen = registry.chosen] {
        chosen = [=, &global] { return runEvaluate(*arguments, global); };
    });
}

} // namespace

void addDelay(const Registry& registry) {
    CLI::App* group = registry.app.add_subcommand(
        "delay", "Delays of logic cells: simulate them, augment tables, judge that");
    group->require_subcommand(1);
    addCharacterise(*group, registry);
    addAugment(*group, registry);
    addEvaluate(*group, registry);
    addStudy(*group, registry);
}

} // namespace headroom::cli
