#include <cmath>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/held_specification.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/writable.h"
#include "core/sizing/slack.h"

namespace headroom::cli {
namespace {

struct SlackArguments {
    std::string model;
    std::string sizing;
    std::size_t row = 1;
    SpecificationArguments specification;
    std::string out;
    sizing::SlackSettings settings;
};

nlohmann::json variableJson(const sizing::Variable& variable, double value,
                            const sizing::VariableSlack& slack, const netlist::Circuit& circuit) {
    nlohmann::json devices = nlohmann::json::array();
    for (const sizing::DeviceId device : variable.devices)
        devices.push_back(circuit.devices[static_cast<std::size_t>(device)].name);
    return {{"name", variable.name},
            {"devices", devices},
            {"parameter", variable.parameter},
            {"unit", variable.unit},
            {"value", number(value)},
            {"alone",
             {{"low", number(slack.low)},
              {"high", number(slack.high)},
              {"low_is_legal_limit", slack.endsAtLimit[0]},
              {"high_is_legal_limit", slack.endsAtLimit[1]}}},
            {"together",
             {{"low", number(slack.togetherLow)},
              {"high", number(slack.togetherHigh)},
              {"mean", number(slack.mean)},
              {"deviation", number(slack.deviation)}}}};
}

std::string samplesCsv(const sizing::DesignSpace& space, const sizing::Slack& slack) {
    CsvTable table;
    for (const sizing::Variable& variable : space.variables())
        table.columns.push_back(variable.name);
    for (const std::vector<double>& sample : slack.samples)
        table.rows.push_back(numberCells(sample));
    return writeCsv(table);
}

Output outputOf(const ModelSession& session, const sizing::Specification& specification,
                const sizing::Slack& slack, double tolerance) {
    const auto& variables = session.space->variables();
    Output output{toJson(specification, *session.space), {}};
    output.json["tolerance"] = tolerance;
    output.json["variables"] = nlohmann::json::array();
    output.text = fmt::format("{:<24}{:>12}{:>24}{:>24}\n", "", "value", "alone", "with the others (95 %)");
    for (std::size_t v = 0; v < variables.size(); ++v) {
        output.json["variables"].push_back(variableJson(variables[v], slack.centre[v], slack.variables[v],
                                                        session.amplifier->netlist.circuit));
        const auto range = [&](double low, double high) {
            return formatQuantity(low, variables[v].unit, 3) + " .. " +
                   formatQuantity(high, variables[v].unit, 3);
        };
        output.text += fmt::format("{:<24}{:>12}{:>24}{:>24}\n", variables[v].name,
                                   formatQuantity(slack.centre[v], variables[v].unit, 3),
                                   range(slack.variables[v].low, slack.variables[v].high),
                                   range(slack.variables[v].togetherLow, slack.variables[v].togetherHigh));
    }
    output.json["covariance_of_logarithms"] = nlohmann::json::array();
    for (const auto& row : slack.covariance.rowwise())
        output.json["covariance_of_logarithms"].push_back(std::vector<double>(row.begin(), row.end()));
    output.json["directions"] = nlohmann::json::array();
    for (const sizing::SlackDirection& direction : slack.directions)
        output.json["directions"].push_back(
            {{"deviation", number(direction.deviation)}, {"components", direction.components}});
    output.json["samples"] = slack.samples.size();
    output.json["checked"] = slack.simulated.size();
    output.json["confirmed"] = slack.confirmed;
    output.json["simulations"] = slack.simulations;
    output.text += fmt::format("{} of {} simulated samples hold the specification; {} simulations\n",
                               slack.confirmed, slack.simulated.size(), slack.simulations);
    return output;
}

CommandResult runSlack(const SlackArguments& arguments, const GlobalOptions& options) {
    const auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto model = session->model->forwardModel(session->amplifier, *session->space);
    if (!model) return forward(model);
    const auto sizing = readSizingFile(arguments.sizing, arguments.row, *session->space);
    if (!sizing) return forward(sizing);
    const auto centre = session->space->collapse(session->amplifier->netlist, *sizing);
    if (!centre) return forward(centre);
    const auto pool = makePool(session->amplifier, options, {}, -1, session->dataset.performances);
    if (!pool) return forward(pool);
    const auto specification =
        heldSpecification(arguments.specification, *session, **pool,
                          session->space->expand(session->space->snapForExport(*centre)));
    if (!specification) return forward(specification);
    sizing::SlackSettings settings = arguments.settings;
    settings.seed = options.seed;
    TerminalContext context;
    const auto slack =
        sizing::findSlack(*model, *session->space, sizing::simulatorOf(**pool, *session->space), *centre,
                          *specification, session->supplyVoltage, settings, context);
    if (!slack) return forward(slack);
    if (!arguments.out.empty()) {
        const auto written = writeFileAtomically(arguments.out, samplesCsv(*session->space, *slack));
        if (!written) return forward(written);
    }
    return outputOf(*session, *specification, *slack, settings.tolerance);
}

} // namespace

void addSlack(const Registry& registry) {
    auto arguments = std::make_shared<SlackArguments>();
    CLI::App* command = registry.app.add_subcommand(
        "slack", "How far the sizes may move, alone and together, while a specification holds");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    command
        ->add_option("--sizing", arguments->sizing, "Sizing as CSV or JSON, or the table of `sizing sample`")
        ->required();
    command->add_option("--row", arguments->row, "Row of a table of samples, from 1")->capture_default_str();
    addHeldSpecificationOptions(*command, arguments->specification);
    command
        ->add_option("--tolerance", arguments->settings.tolerance,
                     "How much worse, relative, still holds the specification")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command
        ->add_option("--simulate", arguments->settings.simulated, "Samples to simulate in each of two rounds")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--out", arguments->out, "Table of the samples to write");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runSlack(*arguments, options); };
    });
}

} // namespace headroom::cli
