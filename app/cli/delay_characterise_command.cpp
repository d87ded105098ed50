#include "app/cli/delay_commands.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/delay_cell.h"
#include "app/cli/session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"
#include "core/delay/characterisation.h"

namespace headroom::cli {
namespace {

using delay::Range;

struct CharacteriseArguments {
    CellOptions cell;
    std::string out, arcs, liberty;
    std::size_t samples = 500;
};

Result<delay::CharacterisationSettings> settingsOf(const CharacteriseArguments& arguments,
                                                   const GlobalOptions& options) {
    const auto ranges = arguments.cell.ranges();
    if (!ranges) return forward(ranges);
    delay::CharacterisationSettings settings;
    settings.ranges = *ranges;
    settings.corner = arguments.cell.corner;
    settings.samples = arguments.samples;
    settings.seed = options.seed;
    settings.threads = options.threads;
    settings.cacheFile = arguments.cell.cacheFile();
    return settings;
}

/// Slews and loads of a library's tables: seven of each, evenly spaced in the logarithm over the ranges
/// given, or from a quarter to sixteen times the one value.
std::vector<double> gridOf(Range range) {
    constexpr int kPoints = 7;
    if (range.isFixed()) range = {range.low / 4, range.high * 16};
    std::vector<double> values;
    for (int point = 0; point < kPoints; ++point)
        values.push_back(range.low * std::pow(range.high / range.low, point / (kPoints - 1.0)));
    return values;
}

/// The tables of rows, each with the record of its cell.
Result<void> writeTables(const CharacteriseArguments& arguments, const delay::CellSamples& samples,
                         const delay::CellRecord& record) {
    std::vector<std::pair<std::string, std::string>> tables{{arguments.out, delay::delayCsv(samples)}};
    if (!arguments.arcs.empty()) tables.emplace_back(arguments.arcs, delay::arcCsv(samples));
    for (const auto& [file, text] : tables) {
        if (auto written = writeFileAtomically(file, text); !written) return written;
        if (auto written = delay::writeCellRecord(file, record); !written) return written;
    }
    return {};
}

Output answerOf(const CharacteriseArguments& arguments, const delay::CellSamples& samples) {
    std::vector<double> delays;
    for (std::size_t sample = 0; sample < samples.figures.size(); ++sample)
        if (!samples.errors[sample]) delays.push_back(samples.propagationDelay(sample));
    const Summary summary = summarise(delays);
    const auto failed = std::find_if(samples.errors.begin(), samples.errors.end(),
                                     [](const auto& error) { return error.has_value(); });
    Output output{{{"cell", samples.cell},
                   {"out", arguments.out},
                   {"record", delay::cellRecordFile(arguments.out).string()},
                   {"samples", delays.size()},
                   {"failed", samples.failed()},
                   {"cached", samples.cached},
                   {"arcs", samples.arcNames},
                   {"transients", samples.transients},
                   {"delay_mean", number(summary.mean)},
                   {"delay_deviation", number(summary.deviation)},
                   {"delay_min", number(summary.minimum)},
                   {"delay_max", number(summary.maximum)},
                   {"notes", samples.unvaried.empty() ? nlohmann::json::array()
                                                      : nlohmann::json::array({samples.unvaried})},
                   {"seconds", number(samples.seconds)}},
                  {}};
    output.text = fmt::format(
        "{}: {} samples of {} ({} arc{}, {} simulated before) in {:.1f} s; delay {} +- {}\n", arguments.out,
        delays.size(), samples.cell, samples.arcs.size(), samples.arcs.size() == 1 ? "" : "s", samples.cached,
        samples.seconds, formatQuantity(summary.mean, "s"), formatQuantity(summary.deviation, "s"));
    if (!samples.unvaried.empty()) output.text += samples.unvaried + "\n";
    if (failed != samples.errors.end())
        output.text += fmt::format("{} samples failed, the first of them: {}\n", samples.failed(),
                                   (*failed)->describe());
    return output;
}

CommandResult runCharacterise(const CharacteriseArguments& arguments, const GlobalOptions& options) {
    const auto settings = settingsOf(arguments, options);
    if (!settings) return forward(settings);
    const auto technology = technology::loadTechnology(options.technology);
    if (!technology) return forward(technology);
    const auto cell = delay::loadCell(arguments.cell.cell);
    if (!cell) return forward(cell);
    const auto record =
        delay::makeCellRecord(arguments.cell.cell, options.technology, settings->corner, settings->ranges);
    if (!record) return forward(record);
    TerminalContext context;
    const auto samples = delay::characterise(*cell, *technology, *settings, context);
    if (!samples) return forward(samples);
    if (const auto written = writeTables(arguments, *samples, *record); !written) return forward(written);
    if (!arguments.liberty.empty()) {
        const auto tables = delay::tabulate(*cell, *technology, gridOf(settings->ranges.slewSeconds),
                                            gridOf(settings->ranges.loadFarads), *settings, context);
        if (!tables) return forward(tables);
        const auto written =
            writeFileAtomically(arguments.liberty, delay::libertyText(*tables, technology->name));
        if (!written) return forward(written);
    }
    return answerOf(arguments, *samples);
}

} // namespace

void addCharacterise(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<CharacteriseArguments>();
    CLI::App* command = group.add_subcommand(
        "characterise", "Simulate a cell's delay over process, supply, temperature, load and input slew");
    arguments->cell.addTo(*command, true);
    command->add_option("--samples", arguments->samples, "Random conditions")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Table of conditions and propagation delay")->required();
    command->add_option("--arcs", arguments->arcs, "Table of every arc's delay and output slew as well");
    command->add_option("--liberty", arguments->liberty,
                        "Liberty file of delays over slew and load, at nominal process");
    command->callback([=, &options = registry.options, &chosen = registry.chosen] {
        chosen = [=, &options] { return runCharacterise(*arguments, options); };
    });
}

} // namespace headroom::cli
