#include <algorithm>

#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/evaluation_json.h"
#include "app/cli/held_specification.h"
#include "app/cli/performance_list.h"
#include "app/cli/place_options.h"
#include "app/cli/robustness_report.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/stage_context.h"
#include "core/base/writable.h"
#include "core/sizing/robustness.h"

namespace headroom::cli {
namespace {

constexpr std::size_t mostDraws = 100000;

struct RobustnessArguments {
    std::string model;
    std::string sizing;
    std::vector<std::size_t> rows{1};
    SpecificationArguments specification;
    double tolerance = 0.05;
    PlaceArguments places;
    std::string observed = "offset";
    std::size_t draws = 200;
    bool atWorst = false;
    std::optional<double> interval;
    std::size_t mirrorUnits = 0;
    std::string out;
    std::string cache;
};

/// Limits of the specification, then what is only observed.
std::vector<sizing::Requirement> limitsOf(const sizing::Specification& specification,
                                          const std::vector<simulation::Performance>& performances,
                                          double tolerance, double supplyVoltage) {
    auto limits = sizing::performanceLimits(specification, tolerance, supplyVoltage);
    for (const simulation::Performance performance : performances) {
        if (specification.find(performance) == nullptr)
            limits.push_back(sizing::Requirement::free(performance));
    }
    return limits;
}

/// One row per draw of the first place's mismatch.
Result<void> writeDraws(const std::string& file, const std::vector<AssessedRow>& rows) {
    CsvTable table;
    table.columns = {"row", "at", "draw"};
    for (const sizing::Requirement& limit : rows.front().robustness.limits)
        table.columns.emplace_back(simulation::info(limit.performance).name);
    for (const AssessedRow& row : rows)
        for (std::size_t at = 0; at < row.robustness.mismatch.size(); ++at) {
            const sizing::MismatchOutcome& mismatch = row.robustness.mismatch[at];
            for (std::size_t draw = 0; draw < mismatch.draws; ++draw) {
                std::vector<double> values;
                for (const sizing::PerformanceSpread& spread : mismatch.performances)
                    values.push_back(spread.values[draw]);
                std::vector<std::string> cells{std::to_string(row.row), at == 0 ? "nominal" : "worst_place",
                                               std::to_string(draw)};
                for (std::string& cell : numberCells(values))
                    cells.push_back(std::move(cell));
                table.rows.push_back(std::move(cells));
            }
        }
    return writeFileAtomically(file, writeCsv(table));
}

/// A sizing that says of how many units transistors are made keeps them.
Result<netlist::Sizing> snappedSizing(const ModelSession& session, const netlist::Sizing& sizing) {
    const auto values = session.space->collapse(session.amplifier->netlist, sizing);
    if (!values) return forward(values);
    const bool saysUnits =
        std::any_of(sizing.begin(), sizing.end(),
                    [](const netlist::Assignment& assignment) { return assignment.parameter == "m"; });
    if (saysUnits) return snapSizing(sizing, *session.amplifier);
    return session.space->expand(session.space->snapForExport(*values));
}

CommandResult runRobustness(const RobustnessArguments& arguments, const GlobalOptions& options) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritablePlace(arguments.out); !writable) return forward(writable);
    const auto places = placesOrUsual(arguments.places, session->amplifier->technology);
    if (!places) return forward(places);
    const auto observed = parsePerformances(arguments.observed);
    if (!observed) return forward(observed);
    std::vector<simulation::Performance> performances = session->model->performances();
    for (const simulation::Performance performance : *observed) {
        if (std::count(performances.begin(), performances.end(), performance) == 0)
            performances.push_back(performance);
    }
    const auto pool = makePool(session->amplifier, options, arguments.cache, -1, performances);
    if (!pool) return forward(pool);
    for (const simulation::Variation& place : *places)
        if (const auto known = (*pool)->conditions(place); !known) return forward(known);
    sizing::RobustnessSettings settings;
    settings.places = *places;
    settings.draws = arguments.draws;
    settings.atWorstPlace = arguments.atWorst;
    settings.intervalWidth = arguments.interval;
    settings.seed = options.seed;
    settings.supplyVoltage = session->supplyVoltage;
    settings.ownCorner = (*pool)->conditions().corner;
    RobustnessReport report{session->amplifier->netlist.circuit.name,
                            arguments.tolerance,
                            (*pool)->conditions(),
                            options.seed,
                            {}};
    TerminalContext context;
    const auto devices = sizing::mosfetNames(session->amplifier->netlist.circuit);
    for (std::size_t index = 0; index < arguments.rows.size(); ++index) {
        const std::size_t row = arguments.rows[index];
        const auto sizing = readSizingFile(arguments.sizing, row, *session->space);
        if (!sizing) return forward(sizing);
        const auto snapped = snappedSizing(*session, *sizing);
        if (!snapped) return forward(snapped);
        const auto specification = heldSpecification(arguments.specification, *session, **pool, *snapped);
        if (!specification) return forward(specification);
        if (const auto looked = checkLookedAt(*specification, settings.places, settings.ownCorner); !looked)
            return forward(looked);
        const auto limits =
            limitsOf(*specification, performances, arguments.tolerance, session->supplyVoltage);
        const auto count = static_cast<double>(arguments.rows.size());
        StageContext stage(context, static_cast<double>(index) / count,
                           static_cast<double>(index + 1) / count);
        auto robustness =
            sizing::assessRobustness(sizing::simulatorOf(**pool), devices, *snapped, limits, settings, stage);
        if (!robustness) return forward(robustness);
        report.rows.push_back({row, *specification, std::move(*robustness)});
    }
    if (!arguments.out.empty())
        if (const auto written = writeDraws(arguments.out, report.rows); !written) return forward(written);
    Output output = describe(report);
    if (!arguments.cache.empty()) output.json["cache"] = cacheJson((*pool)->statistics());
    return output;
}

} // namespace

void addRobustness(const Registry& registry) {
    auto arguments = std::make_shared<RobustnessArguments>();
    CLI::App* command = registry.app.add_subcommand(
        "robustness", "How sizings stand up to corners, supplies, temperatures and mismatch");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    command
        ->add_option("--sizing", arguments->sizing, "Sizing as CSV or JSON, or the table of `sizing sample`")
        ->required();
    command->add_option("--row", arguments->rows, "Rows of a table of samples, from 1, with commas")
        ->delimiter(',')
        ->capture_default_str();
    addUnitOption(*command, arguments->mirrorUnits);
    arguments->specification.hasCorners = true;
    addHeldSpecificationOptions(*command, arguments->specification);
    command
        ->add_option("--tolerance", arguments->tolerance,
                     "How much worse, relative, still holds the specification")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    addPlaceOptions(*command, arguments->places, usualPlacesText);
    command
        ->add_option("--observe", arguments->observed,
                     "Performances without a limit to tell as well, with commas, or none")
        ->capture_default_str();
    command->add_option("--mismatch", arguments->draws, "Draws of random mismatch at most (from --seed)")
        ->check(CLI::Range(std::size_t{0}, mostDraws))
        ->capture_default_str();
    command->add_flag("--at-worst", arguments->atWorst,
                      "Draw mismatch at the place with the least margin as well");
    command
        ->add_option("--interval", arguments->interval,
                     "Stop drawing once the yield's 95 % interval is as narrow as this, e.g. 0.05")
        ->check(CLI::Range(1e-4, 1.0));
    command->add_option("--out", arguments->out, "Table of the draws to write");
    command->add_option("--cache", arguments->cache, "Keep results in this SQLite file and look there first");
    command->callback([arguments, &options = registry.options, &chosen = registry.chosen] {
        chosen = [arguments, &options] { return runRobustness(*arguments, options); };
    });
}

} // namespace headroom::cli
