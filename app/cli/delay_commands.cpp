#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/cli/commands.h"
#include "app/cli/delay_characterise_command.h"
#include "app/cli/delay_report.h"
#include "app/cli/delay_table.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/compute/device.h"
#include "core/delay/generator_choice.h"

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
    std::size_t count = 1000;
    bool syntheticOnly = false;
};

struct EvaluateArguments {
    std::string real, test, synthetic;
    DelayTableOptions reading;
};

struct StudyArguments {
    std::string table, test;
    DelayTableOptions reading;
    std::string methods = "noise,smote,copula,ddpm";
    std::string refined = "copula"; ///< methods that come once more with refined labels
    std::string betas, diffusionSteps;
    std::string sizes = "100,250,500,1000";
    int epochs = 0;
    delay::StudySettings study;
    double testShare = 0.3;
};

GeneratorOptions onDevice(GeneratorOptions options, const GlobalOptions& global) {
    options.device = compute::deviceFromName(global.device).value_or(compute::DeviceChoice::Auto);
    return options;
}

std::string lines(const std::vector<std::string>& notes) {
    return notes.empty() ? "" : fmt::format("{}\n", fmt::join(notes, "\n"));
}

CommandResult runAugment(const AugmentArguments& arguments, const GlobalOptions& global) {
    const auto read = readDelayTable(arguments.table, arguments.reading);
    if (!read) return forward(read);
    // What a table was augmented with before is no basis for more.
    const Table real = read->table.pick(rowsOfOrigin(read->table, true));
    auto generator =
        delay::makeGenerator(arguments.method, real, read->target, onDevice(arguments.options, global));
    if (!generator) return forward(generator);
    TerminalContext context;
    StageContext training(context, 0, 0.9), sampling(context, 0.9, 1);
    const auto start = Clock::now();
    if (const auto fitted = (*generator)->fit(real, global.seed, training); !fitted) return forward(fitted);
    const double fitMs = millisecondsSince(start);
    const auto sampled = Clock::now();
    const auto synthetic = (*generator)->sample(arguments.count, global.seed, sampling);
    if (!synthetic) return forward(synthetic);
    const double sampleMs = millisecondsSince(sampled);
    const auto all = arguments.syntheticOnly ? synthetic : joined(real, *synthetic);
    if (!all) return forward(all);
    if (const auto written = writeFileAtomically(arguments.out, writeCsv(toCsv(*all))); !written)
        return forward(written);
    nlohmann::json columns = nlohmann::json::array();
    for (const delay::Column& column : real.columns) {
        columns.push_back({{"name", column.name},
                           {"unit", column.unit},
                           {"kind", column.kind == delay::ColumnKind::Number ? "number" : "category"}});
    }
    return Output{
        {{"out", arguments.out},
         {"method", (*generator)->name()},
         {"seed", global.seed},
         {"target", real.columns[read->target].name},
         {"columns", std::move(columns)},
         {"real_rows", real.rows()},
         {"synthetic_rows", synthetic->rows()},
         {"rows", all->rows()},
         {"notes", read->notes},
         {"fit_ms", number(fitMs)},
         {"sample_ms", number(sampleMs)}},
        fmt::format("{}{}: {} real rows, {} synthetic ones by {}; fitted in {:.1f} s, sampled in {:.2f} s\n",
                    lines(read->notes), arguments.out, arguments.syntheticOnly ? 0 : real.rows(),
                    synthetic->rows(), (*generator)->name(), fitMs / 1e3, sampleMs / 1e3)};
}

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
    const auto resemblance = compareRows(
        real, *synthetic, {test->rows() < delay::fewestRows ? nullptr : &*test, std::nullopt, nullptr},
        settings, context);
    if (!resemblance) return forward(resemblance);
    output.json["verdict"] = toJson(said).front();
    output.json["resemblance"] = toJson(*resemblance);
    output.text += describe(*resemblance) + said.front().sentence + "\n";
    return output;
}

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
Result<std::vector<delay::MakeGenerator>> generatorsOf(const StudyArguments& arguments, const Table& table,
                                                       std::size_t target, const GlobalOptions& global) {
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
        // Once for what is wrong with it; from then on it cannot fail.
        const auto tried = delay::makeGenerator(method, table, target, options);
        if (!tried) return forward(tried);
        generators.emplace_back([method = method, options = options, columns = table.withoutRows(), target] {
            return std::move(*delay::makeGenerator(method, columns, target, options));
        });
    }
    return generators;
}

CommandResult runStudy(StudyArguments arguments, const GlobalOptions& global) {
    auto read = readDelayTable(arguments.table, arguments.reading);
    if (!read) return forward(read);
    std::vector<std::string> notes = read->notes;
    Table pool = read->table.pick(rowsOfOrigin(read->table, true)), heldOut;
    if (arguments.test.empty()) {
        std::tie(pool, heldOut) = delay::splitRows(pool, 1 - arguments.testShare, global.seed);
    } else {
        auto test = readRowsBeside(arguments.test, arguments.reading, notes);
        if (!test) return forward(test);
        heldOut = std::move(*test);
    }
    auto sizes = numbersOf<std::size_t>(arguments.sizes, "number of rows");
    if (!sizes) return forward(sizes);
    arguments.study.sizes = std::move(*sizes);
    arguments.study.seed = global.seed;
    const auto generators = generatorsOf(arguments, pool, read->target, global);
    if (!generators) return forward(generators);
    TerminalContext context;
    const auto start = Clock::now();
    const auto judges = delay::defaultJudges();
    const auto study =
        delay::runStudy(pool, heldOut, read->target, *generators, judges, arguments.study, context);
    if (!study) return forward(study);
    const auto said = verdicts(*study, judges);
    Output output{{{"target", study->target},
                   {"unit", pool.columns[read->target].unit},
                   {"real_rows", pool.rows()},
                   {"test_rows", heldOut.rows()},
                   {"synthetic_rows", arguments.study.synthetic},
                   {"repeats", arguments.study.repeats},
                   {"results", toJson(*study)},
                   {"verdicts", toJson(said)},
                   {"notes", notes},
                   {"elapsed_ms", number(millisecondsSince(start))}},
                  lines(notes) + describe(*study, pool.columns[read->target].unit)};
    for (const delay::Verdict& verdict : said)
        output.text += verdict.sentence + "\n";
    return output;
}

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
    command->add_option("table", arguments->table, "Table of real rows (CSV)")->required();
    command->add_option("--count", arguments->count, "Synthetic rows")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--method", arguments->method, list)
        ->check(CLI::IsMember(methods))
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Real and synthetic rows, with their provenance (CSV)")
        ->required();
    command->add_flag("--synthetic-only", arguments->syntheticOnly, "Leave the real rows out");
    command->add_flag("--refine", options.refined,
                      "Take targets from a Gaussian process fitted on the same rows");
    command->add_option("--epochs", options.epochs, "Of training a network; 0: its default")
        ->capture_default_str();
    command->add_option("--diffusion-steps", options.diffusionSteps, "T of a network; 0: its default")
        ->capture_default_str();
    command->add_option("--noise", options.noise, "Of noise, by the columns' deviations")
        ->capture_default_str();
    command->add_option("--neighbours", options.neighbours, "Of smote")->capture_default_str();
    arguments->reading.addTo(*command);
    command->callback([=, &global = registry.options, &chosen = registry.chosen] {
        chosen = [=, &global] { return runAugment(*arguments, global); };
    });
}

void addEvaluate(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command = group.add_subcommand(
        "evaluate", "Judge synthetic rows by what regressors learn from them, and how they look");
    command->add_option("--real", arguments->real, "Real rows that are learned from (CSV)")->required();
    command->add_option("--test", arguments->test, "Real rows held out (CSV)")->required();
    command->add_option("--synthetic", arguments->synthetic,
                        "Synthetic rows (CSV); of a table with provenance those that are not real");
    arguments->reading.addTo(*command);
    command->callback([=, &global = registry.options, &chosen = registry.chosen] {
        chosen = [=, &global] { return runEvaluate(*arguments, global); };
    });
}

void addStudy(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<StudyArguments>();
    delay::StudySettings& study = arguments->study;
    CLI::App* command = group.add_subcommand(
        "study", "Compare generators over numbers of real rows, with repeats and confidence intervals");
    command->add_option("table", arguments->table, "Table of real rows (CSV)")->required();
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
    command->add_option("--betas", arguments->betas,
                        "Linear schedules of ddpm-paper that are tried, such as 0.0001:0.02,0.001:0.02");
    command->add_option("--diffusion-steps", arguments->diffusionSteps,
                        "Numbers of steps of ddpm-paper that are tried, such as 200,1000");
    command->add_option("--epochs", arguments->epochs, "Of training networks; 0: their defaults")
        ->capture_default_str();
    command->add_option("--sizes", arguments->sizes, "Numbers of real rows")->capture_default_str();
    command->add_option("--repeats", study.repeats, "Draws of the real rows")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--count", study.synthetic, "Synthetic rows")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    arguments->reading.addTo(*command);
    command->callback([=, &global = registry.options, &chosen = registry.chosen] {
        chosen = [=, &global] { return runStudy(*arguments, global); };
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
