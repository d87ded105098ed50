#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/delay_cell.h"
#include "app/cli/delay_commands.h"
#include "app/cli/delay_report.h"
#include "app/cli/delay_table.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/delay/generator_choice.h"
#include "core/delay/known_tables.h"

namespace headroom::cli {
namespace {

using Clock = std::chrono::steady_clock;
using delay::GeneratorOptions;
using delay::Table;

struct StudyArguments {
    std::string table, test;
    std::string known; ///< name of a public table
    std::size_t knownRows = 2000;
    DelayTableOptions reading;
    std::string methods = "noise,smote,copula,ddpm";
    std::string refined = "copula"; ///< methods that come once more with refined labels
    std::string simulated = "none"; ///< methods that come once more with simulated labels
    std::string label = "none";     ///< by what the synthetic targets are checked
    CellOptions cell;
    std::string betas, diffusionSteps;
    std::string sizes = "100,250,500,1000";
    int epochs = 0;
    delay::StudySettings study;
    double testShare = 0.3;
};

/// "0.001:0.02" and the like.
Result<std::vector<std::pair<double, double>>> betasOf(const std::string& list) {
    std::vector<std::pair<double, double>> betas;
    for (const std::string& word : CLI::detail::split(list, ',')) {
        const auto ends = CLI::detail::split(word, ':');
        double first = 0, last = 0;
        if (ends.size() != 2 || !CLI::detail::lexical_cast(ends[0], first) ||
            !CLI::detail::lexical_cast(ends[1], last) || !(first > 0) || !(last >= first))
            return fail(ErrorCode::BadInput,
                        fmt::format("\"{}\" is no range of betas such as 0.001:0.02.", word));
        betas.emplace_back(first, last);
    }
    return betas;
}

template <class Number>
Result<std::vector<Number>> numbersOf(const std::string& list, const char* what) {
    std::vector<Number> numbers;
    for (const std::string& word : CLI::detail::split(list, ',')) {
        Number number = 0;
        if (!CLI::detail::lexical_cast(word, number) || !(number > 0))
            return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no {}.", word, what));
        numbers.push_back(number);
    }
    return numbers;
}

/// Every method, with refined labels once more where that is asked for, and every variant of the paper's
/// schedule.
/// @param labels null where nothing can be simulated
Result<std::vector<delay::MakeGenerator>> generatorsOf(const StudyArguments& arguments, const Table& table,
                                                       std::size_t target, const GlobalOptions& global,
                                                       const delay::CellLabels* labels) {
    std::vector<std::pair<std::string, GeneratorOptions>> variants;
    GeneratorOptions plain;
    plain.epochs = arguments.epochs;
    plain = onDevice(plain, global);
    for (const std::string& method : CLI::detail::split(arguments.methods, ','))
        variants.emplace_back(method, plain);
    for (const std::string& method : CLI::detail::split(arguments.refined, ',')) {
        if (method.empty() || method == "none") continue;
        variants.emplace_back(method, plain);
        variants.back().second.refined = true;
    }
    std::vector<std::pair<double, double>> betas{{0, 0}};
    std::vector<int> steps{0};
    if (!arguments.betas.empty()) {
        auto given = betasOf(arguments.betas);
        if (!given) return forward(given);
        betas = std::move(*given);
    }
    if (!arguments.diffusionSteps.empty()) {
        auto given = numbersOf<int>(arguments.diffusionSteps, "number of diffusion steps");
        if (!given) return forward(given);
        steps = std::move(*given);
    }
    if (!arguments.betas.empty() || !arguments.diffusionSteps.empty()) {
        for (const auto& [first, last] : betas) {
            for (const int count : steps) {
                GeneratorOptions options = plain;
                options.diffusionSteps = count;
                options.firstBeta = first;
                options.lastBeta = last;
                variants.emplace_back("ddpm-paper", options);
            }
        }
    }
    std::vector<delay::MakeGenerator> generators;
    for (const auto& [method, options] : variants) {
        auto make = delay::generatorMaker(method, table, target, options);
        if (!make) return forward(make);
        generators.push_back(std::move(*make));
    }
    if (labels == nullptr || arguments.simulated == "none") return generators;
    const std::string& name = table.columns[target].name;
    for (const std::string& method : CLI::detail::split(arguments.simulated, ',')) {
        const auto make = delay::generatorMaker(method, table, target, plain);
        if (!make) return forward(make);
        generators.emplace_back([make = *make, name, labeller = labels->labeller(name)] {
            return delay::makeLabelledGenerator(make(), name, labeller, "ngspice");
        });
    }
    return generators;
}

/// Rows to learn from and rows held out.
struct StudyRows {
    Table pool, heldOut;
    std::size_t target = 0;
    std::vector<std::string> notes;
};

Result<StudyRows> rowsOf(const StudyArguments& arguments, const GlobalOptions& global) {
    StudyRows rows;
    if (arguments.known.empty() == arguments.table.empty())
        return fail(ErrorCode::BadInput, "Name a table of real rows, or a public one by --table.");
    if (!arguments.known.empty()) {
        auto table = delay::drawKnownTable(arguments.known, arguments.knownRows, global.seed);
        if (!table) return forward(table);
        rows.pool = std::move(*table);
        rows.target = rows.pool.columns.size() - 1;
    } else {
        auto read = readDelayTable(arguments.table, arguments.reading);
        if (!read) return forward(read);
        rows.pool = read->table.pick(rowsOfOrigin(read->table, true));
        rows.target = read->target;
        rows.notes = read->notes;
    }
    if (arguments.test.empty()) {
        std::tie(rows.pool, rows.heldOut) = delay::splitRows(rows.pool, 1 - arguments.testShare, global.seed);
    } else {
        auto test = readRowsBeside(arguments.test, arguments.reading, rows.notes);
        if (!test) return forward(test);
        rows.heldOut = std::move(*test);
    }
    return rows;
}

CommandResult runStudy(StudyArguments arguments, const GlobalOptions& global) {
    const auto rows = rowsOf(arguments, global);
    if (!rows) return forward(rows);
    const Table &pool = rows->pool, &heldOut = rows->heldOut;
    const std::size_t target = rows->target;
    auto sizes = numbersOf<std::size_t>(arguments.sizes, "number of rows");
    if (!sizes) return forward(sizes);
    arguments.study.sizes = std::move(*sizes);
    arguments.study.seed = global.seed;
    std::optional<delay::CellLabels> labels;
    if (arguments.label == "ngspice" || arguments.simulated != "none") {
        auto found = findCellLabels(arguments.cell, global, {arguments.table, arguments.test});
        if (!found) return forward(found);
        labels.emplace(std::move(*found));
        if (arguments.label == "ngspice")
            arguments.study.labeller = labels->labeller(pool.columns[target].name);
    }
    const auto generators = generatorsOf(arguments, pool, target, global, labels ? &*labels : nullptr);
    if (!generators) return forward(generators);
    TerminalContext context;
    const auto start = Clock::now();
    const auto judges = delay::defaultJudges();
    const auto study = delay::runStudy(pool, heldOut, target, *generators, judges, arguments.study, context);
    if (!study) return forward(study);
    const auto said = verdicts(*study, judges);
    Output output{{{"target", study->target},
                   {"unit", pool.columns[target].unit},
                   {"real_rows", pool.rows()},
                   {"test_rows", heldOut.rows()},
                   {"synthetic_rows", arguments.study.synthetic},
                   {"repeats", arguments.study.repeats},
                   {"results", toJson(*study)},
                   {"labels", labelsJson(*study)},
                   {"validation", validationJson(*study)},
                   {"verdicts", toJson(said)},
                   {"notes", rows->notes},
                   {"elapsed_ms", number(millisecondsSince(start))}},
                  lines(rows->notes) + describe(*study, pool.columns[target].unit)};
    for (const delay::Verdict& verdict : said)
        output.text += verdict.sentence + "\n";
    return output;
}

/// Where rows come from. @param arguments that must live as long as the command
void addTables(CLI::App& command, StudyArguments& arguments) {
    command.add_option("table", arguments.table, "Table of real rows (CSV)");
    std::vector<std::string> known;
    std::string list;
    for (const delay::KnownTable& table : delay::knownTables()) {
        known.push_back(table.name);
        list += fmt::format("{}: {}; ", table.name, table.description);
    }
    command.add_option("--table", arguments.known, list + "a public table, drawn by its formula")
        ->check(CLI::IsMember(known));
    command.add_option("--table-rows", arguments.knownRows, "Rows that are drawn of it")
        ->check(CLI::Range(100, 10'000'000))
        ->capture_default_str();
}

} // namespace

void addStudy(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<StudyArguments>();
    delay::StudySettings& study = arguments->study;
    CLI::App* command = group.add_subcommand(
        "study", "Compare generators over numbers of real rows, with repeats and confidence intervals");
    addTables(*command, *arguments);
    command->add_option("--test", arguments->test, "Real rows held out (CSV); default: a share of the table");
    command->add_option("--test-share", arguments->testShare, "That share")
        ->check(CLI::Range(0.01, 0.9))
        ->capture_default_str();
    command->add_option("--methods", arguments->methods, "Generators, separated by commas")
        ->capture_default_str();
    command
        ->add_option("--refined", arguments->refined,
                     "Those that come once more with targets by a Gaussian process; none: none")
        ->capture_default_str();
    command
        ->add_option("--simulated", arguments->simulated,
                     "Those that come once more with targets by ngspice; none: none")
        ->capture_default_str();
    command
        ->add_option("--label", arguments->label,
                     "ngspice: simulate inputs of every generator, and say how far its targets are off")
        ->check(CLI::IsMember({"none", "ngspice"}))
        ->capture_default_str();
    command->add_option("--label-rows", study.labelRows, "Rows of each generator that are simulated, at most")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    arguments->cell.addTo(*command, false);
    command->add_option("--betas", arguments->betas,
                        "Linear schedules of ddpm-paper that are tried, such as 0.0001:0.02,0.001:0.02");
    command->add_option("--diffusion-steps", arguments->diffusionSteps,
                        "Numbers of steps of ddpm-paper that are tried, such as 200,1000");
    command->add_option("--epochs", arguments->epochs, "Of training networks; 0: their defaults")
        ->capture_default_str();
    command->add_option("--sizes", arguments->sizes, "Numbers of real rows")->capture_default_str();
    command->add_option("--repeats", study.repeats, "Draws of the real rows")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command
        ->add_option("--validations", study.validations,
                     "Times per draw that a fifth of the real rows is kept aside to choose the generator by")
        ->check(CLI::Range(1, 1000))
        ->capture_default_str();
    command->add_option("--count", study.synthetic, "Synthetic rows")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    arguments->reading.addTo(*command);
    command->callback([=, &global = registry.options, &chosen = registry.chosen] {
        chosen = [=, &global] { return runStudy(*arguments, global); };
    });
}

} // namespace headroom::cli
