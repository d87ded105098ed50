#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/evaluation_json.h"
#include "app/cli/netlist_json.h"
#include "app/cli/performance_list.h"
#include "app/cli/place_options.h"
#include "app/cli/simulate_report.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/netlist/letter_case.h"
#include "core/simulation/cache_file.h"
#include "core/simulation/simulator.h"
#include "core/simulation/source_findings.h"
#include "core/sizing/amplifier_source.h"

namespace headroom::cli {
namespace {

constexpr int mostDraws = 100000;
constexpr int mostPoints = 100000;

struct SimulateArguments {
    std::string file;
    std::string top;
    std::vector<std::string> assignments;
    std::string performances = "standard";
    std::vector<std::string> measurements;
    PlaceArguments places;
    std::vector<std::string> biasVoltages;
    std::string biasCurrent;
    std::optional<double> commonMode, outputVoltage;
    int mismatch = 0;
    std::string sweep;
    std::string engine = "workers";
    std::string deck;
    std::string cache;
};

Result<netlist::Assignment> parseAssignment(const std::string& text) {
    const auto equals = text.find('=');
    const auto dot = text.rfind('.', equals);
    if (equals == std::string::npos || dot == std::string::npos) {
        return fail(ErrorCode::BadInput,
                    fmt::format("\"{}\" is not of the form DEVICE.PARAMETER=VALUE.", text));
    }
    const auto value = parseQuantity(text.substr(equals + 1), "");
    if (!value) return forward(value);
    return netlist::Assignment{text.substr(0, dot),
                               netlist::lowerCase(text.substr(dot + 1, equals - dot - 1)), *value};
}

Result<simulation::EvaluationSettings> settingsOf(const SimulateArguments& arguments) {
    simulation::EvaluationSettings settings;
    const auto performances = parsePerformances(arguments.performances);
    if (!performances) return forward(performances);
    settings.performances = *performances;
    for (const std::string& text : arguments.measurements) {
        const auto measurement = simulation::parseMeasurement(text);
        if (!measurement) return forward(measurement);
        settings.measurements.push_back(*measurement);
    }
    for (const std::string& text : arguments.biasVoltages) {
        const auto equals = text.find('=');
        const auto value =
            equals == std::string::npos
                ? Result<double>(
                      fail(ErrorCode::BadInput, fmt::format("\"{}\" is not of the form NET=VOLTS.", text)))
                : parseQuantity(text.substr(equals + 1), "V");
        if (!value) return forward(value);
        settings.biasVoltages[text.substr(0, equals)] = *value;
    }
    if (!arguments.biasCurrent.empty()) {
        const auto current = parseQuantity(arguments.biasCurrent, "A");
        if (!current) return forward(current);
        settings.biasCurrent = *current;
    }
    settings.commonModeVoltage = arguments.commonMode;
    settings.outputVoltage = arguments.outputVoltage;
    return settings;
}

/// "M1.w=1u:10u:10" or "M1.w=1u:10u:10:log".
Result<ParameterSweep> parseSweep(const std::string& text) {
    const auto refuse = [&] {
        return fail(
            ErrorCode::BadInput,
            fmt::format(
                "\"{}\" is not of the form DEVICE.PARAMETER=FROM:TO:POINTS, with :log behind it for steps "
                "of equal ratio.",
                text));
    };
    const auto equals = text.find('=');
    if (equals == std::string::npos || text.rfind('.', equals) == std::string::npos) return refuse();
    const std::vector<std::string> parts = CLI::detail::split(text.substr(equals + 1), ':');
    const bool isLog = parts.size() == 4 && parts[3] == "log";
    if (parts.size() != 3 && !isLog) return refuse();
    const auto from = parseQuantity(parts[0], "");
    const auto to = parseQuantity(parts[1], "");
    const auto points = parseQuantity(parts[2], "");
    if (!from || !to || !points || *points < 2 || *points > mostPoints || *points != std::floor(*points) ||
        (isLog && !(*from > 0 && *to > 0)))
        return refuse();
    ParameterSweep sweep{text.substr(0, equals), {}, {}};
    const int count = static_cast<int>(*points);
    for (int index = 0; index < count; ++index) {
        const double share = static_cast<double>(index) / (count - 1);
        sweep.values.push_back(isLog ? *from * std::pow(*to / *from, share) : *from + (*to - *from) * share);
    }
    return sweep;
}

/// What is to be simulated, in the order of the report: places, mismatch, sweep.
std::vector<simulation::EvaluationRequest> requestsFor(const SimulateArguments& arguments, std::uint64_t seed,
                                                       const netlist::Sizing& sizing,
                                                       const std::vector<simulation::Variation>& places,
                                                       const std::optional<ParameterSweep>& sweep) {
    std::vector<simulation::EvaluationRequest> requests;
    for (const simulation::Variation& place : places)
        requests.push_back({sizing, place, {}});
    for (int draw = 0; draw < arguments.mismatch; ++draw) {
        requests.push_back({sizing, places.front(), {}});
        requests.back().variation.mismatch = simulation::MismatchDraw{seed, draw};
    }
    if (!sweep) return requests;
    const auto dot = sweep->parameter.rfind('.');
    for (const double value : sweep->values) {
        netlist::Sizing swept = sizing;
        swept.push_back(
            {sweep->parameter.substr(0, dot), netlist::lowerCase(sweep->parameter.substr(dot + 1)), value});
        requests.push_back({swept, places.front(), {}});
    }
    return requests;
}

Result<void> writeDeck(const SimulateArguments& arguments, const simulation::AmplifierUnderTest& amplifier,
                       simulation::EvaluationSettings settings, const simulation::Variation& place,
                       const netlist::Sizing& sizing) {
    settings.corner = place.corner.value_or(std::string());
    if (place.supplyVoltage) settings.supplyVoltage = place.supplyVoltage;
    if (place.temperature) settings.temperature = place.temperature;
    const auto deck = simulation::writeBenchDeck(amplifier, settings, sizing);
    if (!deck) return forward(deck);
    return writeFileAtomically(arguments.deck, *deck);
}

/// A misspelt path is to be told before anything is simulated, and not to leave folders behind.
Result<void> requireFolderOf(const std::string& file) {
    const std::filesystem::path folder = std::filesystem::path(file).parent_path();
    std::error_code code;
    if (file.empty() || folder.empty() || std::filesystem::is_directory(folder, code)) return {};
    return tl::unexpected<Error>(
        Error{ErrorCode::NotFound,
              fmt::format("The folder {} does not exist; make it first.", folder.string()),
              file,
              0,
              {}});
}

CommandResult runSimulate(const SimulateArguments& arguments, const GlobalOptions& options) {
    TerminalContext context;
    for (const std::string& file : {arguments.deck, arguments.cache})
        if (const auto found = requireFolderOf(file); !found) return forward(found);
    const auto settings = settingsOf(arguments);
    if (!settings) return forward(settings);
    netlist::Sizing sizing;
    for (const std::string& text : arguments.assignments) {
        const auto assignment = parseAssignment(text);
        if (!assignment) return forward(assignment);
        sizing.push_back(*assignment);
    }
    const auto sweep =
        arguments.sweep.empty() ? Result<ParameterSweep>(ParameterSweep()) : parseSweep(arguments.sweep);
    if (!sweep) return forward(sweep);
    const auto top = arguments.top.empty() ? std::nullopt : std::optional(arguments.top);
    const auto amplifier = sizing::openAmplifier(arguments.file, options.technology, top);
    if (!amplifier) return forward(amplifier);
    const auto places = placesOf(arguments.places, (*amplifier)->technology);
    if (!places) return forward(places);
    simulation::PoolOptions poolOptions;
    poolOptions.workers = options.threads;
    poolOptions.cacheFile = simulation::findCacheFile(arguments.cache).value_or(arguments.cache).string();
    if (arguments.engine == "program") poolOptions.engine = simulation::EngineKind::Program;
    const auto pool = simulation::EvaluationPool::create(*amplifier, *settings, poolOptions);
    if (!pool) return forward(pool);
    const std::optional<ParameterSweep> wanted =
        arguments.sweep.empty() ? std::nullopt : std::optional(*sweep);
    const auto requests = requestsFor(arguments, options.seed, sizing, *places, wanted);
    auto evaluations = (*pool)->evaluate(requests, context);
    if (!evaluations) return forward(evaluations);
    const auto findings = simulation::sourceFindings(**amplifier);
    if (!evaluations->front().ok()) {
        // They may well be why.
        for (const netlist::Diagnostic& finding : findings)
            context.log(netlist::trimmed(toText({finding})));
        for (const std::string& note : evaluations->front().notes)
            context.log(note);
        return tl::unexpected<Error>(*evaluations->front().error);
    }
    const auto conditions = (*pool)->conditions(places->front());
    if (!conditions) return forward(conditions);
    SimulateReport report{*settings, *conditions, {}, {}, options.seed, wanted, findings};
    auto next = evaluations->begin();
    for (const simulation::Variation& place : *places)
        report.places.push_back({place, std::move(*next++)});
    for (int draw = 0; draw < arguments.mismatch; ++draw)
        report.mismatch.push_back(std::move(*next++));
    if (report.sweep) report.sweep->evaluations.assign(next, evaluations->end());
    // What is wrong with the request itself is told as such, not once for every draw or point.
    for (const auto* several : {&report.mismatch, report.sweep ? &report.sweep->evaluations : nullptr}) {
        if (several == nullptr || several->empty() || several->front().ok()) continue;
        const Error& error = *several->front().error;
        const bool isRequest = error.code == ErrorCode::BadInput || error.code == ErrorCode::Unsupported;
        const bool isEveryone =
            std::all_of(several->begin(), several->end(), [&](const simulation::Evaluation& each) {
                return !each.ok() && each.error->message == error.message;
            });
        if (isRequest && isEveryone) return tl::unexpected<Error>(error);
    }
    if (!arguments.deck.empty())
        if (auto written = writeDeck(arguments, **amplifier, *settings, places->front(), sizing); !written)
            return forward(written);
    Output output = describe(report);
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
                     "standard, all, none, or a list of names with commas")
        ->capture_default_str();
    command->add_option(
        "--measure", arguments->measurements,
        "NAME[UNIT]=ANALYSIS:EXPRESSION in ngspice's language; analyses: op, ac, noise, rising, falling");
    addPlaceOptions(*command, arguments->places);
    command
        ->add_option("--mismatch", arguments->mismatch, "Draws of random mismatch (Monte Carlo, from --seed)")
        ->check(CLI::Range(0, mostDraws));
    command->add_option("--sweep", arguments->sweep, "DEVICE.PARAMETER=FROM:TO:POINTS[:log]");
    command->add_option("--bias-current", arguments->biasCurrent, "Amperes into every bias port");
    command->add_option("--bias-voltage", arguments->biasVoltages,
                        "NET=VOLTS for a net that wants a bias voltage");
    command->add_option("--common-mode", arguments->commonMode, "Common-mode input voltage in volts");
    command->add_option("--output-voltage", arguments->outputVoltage,
                        "Output level in volts; default: half the supply");
    command
        ->add_option("--engine", arguments->engine,
                     "workers, or program: a process of the ngspice program for every analysis")
        ->check(CLI::IsMember({"workers", "program"}))
        ->capture_default_str();
    command->add_option("--deck", arguments->deck,
                        "Write a deck that the ngspice program runs to the same figures");
    command->add_option("--cache", arguments->cache, "Keep results in this SQLite file and look there first");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runSimulate(*arguments, options); };
    });
}

} // namespace headroom::cli
