#include "app/cli/delay_characterise_command.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/session.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/statistics.h"
#include "core/delay/characterisation.h"

namespace headroom::cli {
namespace {

using delay::Range;

struct CharacteriseArguments {
    std::string cell, out, arcs, liberty, corner;
    std::size_t samples = 500;
    std::string supply, temperature, load = "1f", slew = "6p";
    double processScale = 1;
};

/// "1f" is a femtofarad, not a farad; "1fF" is one as well.
Result<double> valueOf(const std::string& text, const char* unit) {
    const auto bare = parseQuantity(text, "");
    return bare ? bare : parseQuantity(text, unit);
}

/// "1f..20f", or one value.
Result<Range> rangeOf(const std::string& text, const char* unit) {
    const std::size_t dots = text.find("..");
    const auto low = valueOf(text.substr(0, dots), unit);
    if (!low) return forward(low);
    if (dots == std::string::npos) return Range{*low, *low};
    const auto high = valueOf(text.substr(dots + 2), unit);
    if (!high) return forward(high);
    return Range{*low, *high};
}

Result<delay::CharacterisationSettings> settingsOf(const CharacteriseArguments& arguments,
                                                   const GlobalOptions& options) {
    delay::CharacterisationSettings settings;
    settings.corner = arguments.corner;
    settings.samples = arguments.samples;
    settings.seed = options.seed;
    settings.ranges.processScale = arguments.processScale;
    const struct {
        const std::string* text;
        const char* unit;
        Range* range;
    } ranges[] = {{&arguments.supply, "V", &settings.ranges.supplyVolts},
                  {&arguments.temperature, "C", &settings.ranges.temperature},
                  {&arguments.load, "F", &settings.ranges.loadFarads},
                  {&arguments.slew, "s", &settings.ranges.slewSeconds}};
    for (const auto& each : ranges) {
        if (each.text->empty()) continue;
        const auto range = rangeOf(*each.text, each.unit);
        if (!range) return forward(range);
        *each.range = *range;
    }
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

CommandResult runCharacterise(const CharacteriseArguments& arguments, const GlobalOptions& options) {
    const auto settings = settingsOf(arguments, options);
    if (!settings) return forward(settings);
    const auto technology = technology::loadTechnology(options.technology);
    if (!technology) return forward(technology);
    const auto cell = delay::loadCell(arguments.cell);
    if (!cell) return forward(cell);
    TerminalContext context;
    const auto samples = delay::characterise(*cell, *technology, *settings, context);
    if (!samples) return forward(samples);
    if (const auto written = writeFileAtomically(arguments.out, delay::delayCsv(*samples)); !written)
        return forward(written);
    if (!arguments.arcs.empty()) {
        const auto written = writeFileAtomically(arguments.arcs, delay::arcCsv(*samples));
        if (!written) return forward(written);
    }
    if (!arguments.liberty.empty()) {
        const auto tables = delay::tabulate(*cell, *technology, gridOf(settings->ranges.slewSeconds),
                                            gridOf(settings->ranges.loadFarads), *settings, context);
        if (!tables) return forward(tables);
        const auto written =
            writeFileAtomically(arguments.liberty, delay::libertyText(*tables, technology->name));
        if (!written) return forward(written);
    }
    std::vector<double> delays;
    for (std::size_t sample = 0; sample < samples->figures.size(); ++sample)
        if (!samples->errors[sample]) delays.push_back(samples->propagationDelay(sample));
    const Summary summary = summarise(delays);
    const auto failed = std::find_if(samples->errors.begin(), samples->errors.end(),
                                     [](const auto& error) { return error.has_value(); });
    Output output{{{"cell", samples->cell},
                   {"out", arguments.out},
                   {"samples", delays.size()},
                   {"failed", samples->failed()},
                   {"arcs", samples->arcNames},
                   {"transients", samples->transients},
                   {"delay_mean", number(summary.mean)},
                   {"delay_deviation", number(summary.deviation)},
                   {"delay_min", number(summary.minimum)},
                   {"delay_max", number(summary.maximum)},
                   {"seconds", number(samples->seconds)}},
                  {}};
    output.text = fmt::format("{}: {} samples of {} ({} arcs) in {:.1f} s; delay {} +- {}\n", arguments.out,
                              delays.size(), samples->cell, samples->arcs.size(), samples->seconds,
                              formatQuantity(summary.mean, "s"), formatQuantity(summary.deviation, "s"));
    if (failed != samples->errors.end())
        output.text += fmt::format("{} samples failed, the first of them: {}\n", samples->failed(),
                                   (*failed)->describe());
    return output;
}

} // namespace

void addCharacterise(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<CharacteriseArguments>();
    CLI::App* command = group.add_subcommand(
        "characterise", "Simulate a cell's delay over process, supply, temperature, load and input slew");
    command
        ->add_option(
            "--cell", arguments->cell,
            "inv, buf, nand2, nand3, nor2, nor3, and2, or2, xor2, xnor2, aoi21, fulladder; or a SPICE file, "
            "with FILE:NAME a subcircuit of it")
        ->required();
    command->add_option("--samples", arguments->samples, "Random conditions")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Table of conditions and propagation delay")->required();
    command->add_option("--arcs", arguments->arcs, "Table of every arc's delay and output slew as well");
    command->add_option("--liberty", arguments->liberty,
                        "Liberty file of delays over slew and load, at nominal process");
    command->add_option("--supply", arguments->supply, "V; default: 10 % about the technology's");
    command->add_option("--temperature", arguments->temperature, "Degrees Celsius; default: -40..125");
    command->add_option("--load", arguments->load, "At every output, e.g. 1f..20f")->capture_default_str();
    command->add_option("--slew", arguments->slew, "Of the input, from 20 to 80 %, e.g. 5p..100p")
        ->capture_default_str();
    command
        ->add_option("--process", arguments->processScale, "On the process's standard deviations; 0: nominal")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    command->add_option("--corner", arguments->corner, "Of the technology; default: the nominal one");
    command->callback([=, &options = registry.options, &chosen = registry.chosen] {
        chosen = [=, &options] { return runCharacterise(*arguments, options); };
    });
}

} // namespace headroom::cli
