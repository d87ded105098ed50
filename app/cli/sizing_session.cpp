#include "app/cli/sizing_session.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/quantity.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/model_origin.h"
#include "core/sizing/specification_text.h"
#include "core/sizing/training_data.h"

namespace headroom::cli {

Result<ModelSession> openModel(const std::filesystem::path& folder, const GlobalOptions& options,
                               const std::string& netlist) {
    const auto source = sizing::readModelSource(folder);
    if (!source) return forward(source);
    ModelSession session;
    const auto amplifier = sizing::openAmplifier(
        netlist.empty() ? source->netlist : std::filesystem::path(netlist), source->technology);
    if (!amplifier) return forward(amplifier);
    session.amplifier = *amplifier;
    if (const auto fits = sizing::checkOrigin(source->card, *session.amplifier); !fits) return forward(fits);
    auto space = sizing::DesignSpace::create(*session.amplifier);
    if (!space) return forward(space);
    session.space = std::make_shared<const sizing::DesignSpace>(std::move(*space));
    auto dataset = sizing::loadDatasetFolder(source->dataset);
    if (!dataset) return forward(dataset);
    const auto device = compute::deviceFromName(options.device).value_or(compute::DeviceChoice::Auto);
    auto model = sizing::SizingModel::load(folder, *session.space, device);
    if (!model) return forward(model);
    auto known = sizing::withPerformances(dataset->dataset, model->performances());
    if (!known) return forward(known);
    session.dataset = std::move(*known);
    session.model = std::make_shared<sizing::SizingModel>(std::move(*model));
    session.supplyVoltage = session.amplifier->technology.supplyVoltage;
    return session;
}

CLI::Option* addUnitOption(CLI::App& command, std::size_t& mostUnits) {
    return command
        .add_option(
            "--mirror-units", mostUnits,
            "Make mirrors of equal unit transistors, at most so many each where the ratio does not take "
            "more; 0: widths are free")
        ->capture_default_str();
}

void makeMirrorsOfUnits(ModelSession& session, std::size_t mostUnits) {
    session.space =
        std::make_shared<const sizing::DesignSpace>(session.space->withUnitTransistors(mostUnits));
}

nlohmann::json sizingJson(const sizing::DesignSpace& space, const std::vector<double>& values) {
    nlohmann::json document;
    for (std::size_t v = 0; v < values.size(); ++v)
        document[space.variables()[v].name] = number(values[v]);
    return document;
}

nlohmann::json mirrorsJson(const sizing::DesignSpace& space, const std::vector<double>& values) {
    nlohmann::json mirrors = nlohmann::json::array();
    for (const auto& mirror : space.mirrorsOf(values)) {
        nlohmann::json transistors = nlohmann::json::array();
        for (const auto& [name, units] : mirror.transistors)
            transistors.push_back({{"device", name}, {"units", units}});
        mirrors.push_back({{"unit_width", mirror.unitWidth}, {"transistors", transistors}});
    }
    return mirrors;
}

std::string describeMirrors(const sizing::DesignSpace& space, const std::vector<double>& values) {
    std::string text;
    for (const auto& mirror : mirrorsJson(space, values)) {
        const std::string width = formatQuantity(mirror["unit_width"], "m");
        for (const auto& transistor : mirror["transistors"]) {
            text += fmt::format("{}{} {} x {}", text.empty() || text.ends_with('\n') ? "" : ", ",
                                transistor["device"].get<std::string>(),
                                transistor["units"].get<std::size_t>(), width);
        }
        text += '\n';
    }
    for (const auto& bank : space.mirrorBanks()) {
        if (space.mostUnits() == 0 || space.unitsOf(bank, values)) continue;
        std::vector<std::string> names;
        for (const std::size_t width : bank.widths)
            names.push_back(space.nameOfDevice(width));
        text += fmt::format("{} have no common unit: their widths are free.\n", fmt::join(names, ", "));
    }
    return text;
}

Result<std::unique_ptr<simulation::EvaluationPool>>
makePool(const std::shared_ptr<const simulation::AmplifierUnderTest>& amplifier, const GlobalOptions& options,
         const std::string& cacheFile, double requiredMargin,
         const std::vector<simulation::Performance>& performances) {
    simulation::EvaluationSettings settings;
    settings.performances = performances;
    if (requiredMargin >= 0) settings.requiredSaturationMargin = requiredMargin;
    simulation::PoolOptions pool;
    pool.workers = options.threads;
    pool.cacheFile = cacheFile;
    return simulation::EvaluationPool::create(amplifier, settings, pool);
}

Result<std::shared_ptr<const sizing::ForwardModel>> rankingModel(const ModelSession& session,
                                                                 std::size_t candidates) {
    if (candidates == 0) return nullptr;
    auto model = session.model->forwardModel(session.amplifier, *session.space);
    if (!model && model.error().code == ErrorCode::NotFound) return nullptr;
    return model;
}

namespace {

Result<void> checkCorners(const sizing::Specification& specification, const SpecificationArguments& arguments,
                          const std::vector<std::string>& known) {
    for (const sizing::Requirement& requirement : specification.requirements) {
        for (const std::string& corner : requirement.corners) {
            if (!arguments.hasCorners)
                return fail(
                    ErrorCode::BadInput,
                    fmt::format("\"@{}\" chooses among corners, of which this command looks at one only; "
                                "`robustness` and `sizing harden` look at several.",
                                corner));
            if (std::find(known.begin(), known.end(), corner) == known.end())
                return fail(ErrorCode::BadInput,
                            fmt::format("There is no corner \"{}\"; the technology has {}.", corner,
                                        fmt::join(known, ", ")));
        }
    }
    return {};
}

} // namespace

Result<sizing::Specification> readSpecification(const SpecificationArguments& arguments,
                                                const ModelSession& session) {
    auto specification = sizing::parseSpecification(arguments.requirements, session.model->performances());
    if (!specification) return specification;
    const auto corners = checkCorners(*specification, arguments, session.amplifier->technology.corners);
    if (!corners) return forward(corners);
    auto pinned = sizing::parsePinnedSizes(arguments.pinned, *session.space);
    if (!pinned) return forward(pinned);
    specification->pinned = std::move(*pinned);
    for (const simulation::Performance performance :
         sizing::extrapolated(*specification, session.model->performanceRanges())) {
        TerminalContext().log(
            fmt::format("{} lies outside of what the data set covers: proposals extrapolate.",
                        simulation::info(performance).title));
    }
    return specification;
}

void addSpecificationOptions(CLI::App& command, SpecificationArguments& arguments) {
    command.add_option(
        "--spec", arguments.requirements,
        "gain_db=60 (to be reached or surpassed), power<=100u, phase_margin=60..80, each with "
        "a weight (power<=100u*2); performances that are not named are free" +
            std::string(arguments.hasCorners ? "; power<=100u@ss+ff holds at these corners alone" : ""));
    command.add_option("--pin", arguments.pinned, "Sizes that must not move, e.g. M1.w=12u");
}

nlohmann::json specificationJson(const sizing::Specification& specification) {
    nlohmann::json requirements = nlohmann::json::array();
    for (const sizing::Requirement& requirement : specification.requirements) {
        const simulation::PerformanceInfo& info = simulation::info(requirement.performance);
        requirements.push_back({{"name", info.name},
                                {"target", number(requirement.target())},
                                {"minimum", number(requirement.minimum)},
                                {"maximum", number(requirement.maximum)},
                                {"weight", requirement.weight},
                                {"unit", info.unit}});
    }
    return requirements;
}

nlohmann::json toJson(const sizing::Specification& specification, const sizing::DesignSpace& space) {
    nlohmann::json pinned = nlohmann::json::array();
    for (const sizing::PinnedSize& pin : specification.pinned)
        pinned.push_back({{"name", space.variables()[pin.variable].name}, {"value", number(pin.value)}});
    return {{"specification", specificationJson(specification)}, {"pinned", pinned}};
}

std::string asked(const sizing::Requirement& requirement) {
    const char* unit = simulation::info(requirement.performance).unit;
    if (requirement.isFree()) return "-";
    if (requirement.isRange())
        return fmt::format("{} .. {}", formatQuantity(requirement.minimum, unit, 3),
                           formatQuantity(requirement.maximum, unit, 3));
    return (requirement.hasMinimum() ? "\u2265 " : "\u2264 ") + formatQuantity(requirement.target(), unit);
}

} // namespace headroom::cli
