#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/evaluation_json.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/simulation/cache_file.h"
#include "core/simulation/simulator.h"
#include "core/sizing/amplifier_source.h"

namespace headroom::cli {
namespace {

struct SimulateArguments {
    std::string file;
    std::string top;
    std::vector<std::string> assignments;
    std::string performances = "standard";
    std::string corner;
    double supplyVoltage = 0;
    double temperature = -300;
    double biasCurrent = 0;
    std::string cache;
};

Result<std::vector<simulation::Performance>> parsePerformances(const std::string& list) {
    if (list == "standard") return simulation::standardPerformances();
    std::vector<simulation::Performance> performances;
    if (list == "all") {
        for (const simulation::PerformanceInfo& info : simulation::performanceInfos()) {
            performances.push_back(info.performance);
        }
        return performances;
    }
    for (const std::string& name : CLI::detail::split(list, ',')) {
        const auto performance = simulation::performanceFromName(name);
        if (!performance) return fail(ErrorCode::BadInput, fmt::format("\"{}\" is no performance.", name));
        performances.push_back(*performance);
    }
    return performances;
}

Result<netlist::Assignment> parseAssignment(const std::string& text) {
    const auto equals = text.find('=');
    const auto dot = text.rfind('.', equals);
    if (equals == std::string::npos || dot == std::string::npos) {
        return fail(ErrorCode::BadInput,
                    fmt::format("\"{}\" is not of the form DEVICE.PARAMETER=VALUE.", text));
    }
    const auto value = parseQuantity(text.substr(equals + 1), "");
    if (!value) return forward(value);
    return netlist::Assignment{text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), *value};
}

std::string describe(const simulation::Evaluation& evaluation) {
    std::string text;
    for (const auto& [performance, value] : evaluation.performances) {
        const simulation::PerformanceInfo& info = simulation::info(performance);
        text += fmt::format("{:<28} {}\n", info.title, formatQuantity(value, info.unit));
    }
    for (const std::string& note : evaluation.notes)
        text += note + "\n";
    text += fmt::format("\n{:<16} {:>10} {:>10} {:>9} {:>9} {:>9}  {}\n", "device", "Id", "gm", "overdrive",
                        "Vds", "margin", "region");
    for (const auto& [name, point] : evaluation.operatingPoint.devices) {
        text +=
            fmt::format("{:<16} {:>10} {:>10} {:>9} {:>9} {:>9}  {}\n", name,
                        formatQuantity(point.id, "A", 3), formatQuantity(point.gm, "S", 3),
                        formatQuantity(point.overdrive(), "V", 3), formatQuantity(point.vds, "V", 3),
                        formatQuantity(point.saturationMargin(), "V", 3), simulation::toString(point.region));
    }
    return text;
}

Result<simulation::EvaluationSettings> settingsOf(const SimulateArguments& arguments) {
    simulation::EvaluationSettings settings;
    const auto performances = parsePerformances(arguments.performances);
    if (!performances) return forward(performances);
    settings.performances = *performances;
    settings.corner = arguments.corner;
    if (arguments.supplyVoltage > 0) settings.supplyVoltage = arguments.supplyVoltage;
    if (arguments.temperature > -274) settings.temperature = arguments.temperature;
    if (arguments.biasCurrent > 0) settings.biasCurrent = arguments.biasCurrent;
    return settings;
}

CommandResult runSimulate(const SimulateArguments& arguments, const GlobalOptions& options) {
    const auto settings = settingsOf(arguments);
    if (!settings) return forward(settings);
    netlist::Sizing sizing;
    for (const std::string& text : arguments.assignments) {
        const auto assignment = parseAssignment(text);
        if (!assignment) return forward(assignment);
        sizing.push_back(*assignment);
    }
    const auto top = arguments.top.empty() ? std::nullopt : std::optional(arguments.top);
    const auto amplifier = sizing::openAmplifier(arguments.file, options.technology, top);
    if (!amplifier) return forward(amplifier);
    simulation::PoolOptions poolOptions;
    poolOptions.workers = 1;
    poolOptions.cacheFile = simulation::findCacheFile(arguments.cache).value_or(arguments.cache).string();
    const auto pool = simulation::EvaluationPool::create(*amplifier, *settings, poolOptions);
    if (!pool) return forward(pool);
    TerminalContext context;
    const auto evaluation = (*pool)->evaluateOne(sizing, context);
    if (!evaluation) return forward(evaluation);
    if (!evaluation->ok()) return tl::unexpected<Error>(*evaluation->error);
    Output output{toJson(*evaluation), describe(*evaluation)};
    if (!arguments.cache.empty()) output.json["cache"] = cacheJson((*pool)->statistics());
    return output;
}

} // namespace

void addSimulate(const Registry& registry) {
    auto arguments = std::make_shared<SimulateArguments>();
    CLI::App* command =
        registry.app.add_subcommand("simulate", "Simulate an amplifier's performances with ngspice");
    command->add_option("file", arguments->file, "Netlist")->required();
    command->add_option("--top", arguments->top, "Top cell");
    command->add_option("--set", arguments->assignments, "DEVICE.PARAMETER=VALUE, e.g. M1.w=2u");
    command
        ->add_option("--performances", arguments->performances,
                     "standard, all, or a list of names with commas")
        ->capture_default_str();
    command->add_option("--corner", arguments->corner, "Process corner; default: nominal");
    command->add_option("--supply", arguments->supplyVoltage, "Supply voltage in volts");
    command->add_option("--temperature", arguments->temperature, "Degrees Celsius");
    command->add_option("--bias-current", arguments->biasCurrent, "Amperes into every bias port");
    command->add_option("--cache", arguments->cache, "Keep results in this SQLite file and look there first");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runSimulate(*arguments, options); };
    });
}

} // namespace headroom::cli
