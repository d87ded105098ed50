#include "app/cli/sizing_report_command.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_evaluate_command.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/base/writable.h"
#include "core/sizing/figures.h"
#include "core/sizing/paper_report.h"
#include "core/sizing/variety.h"

namespace headroom::cli {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
    std::string model;
    std::string out;
    std::vector<std::string> beside;
    std::optional<std::size_t> target;
    std::string cache;
    sizing::PaperReportSettings settings;
};

nlohmann::json varietyJson(const std::vector<sizing::VarietyScore>& variety) {
    nlohmann::json all = nlohmann::json::array();
    for (const sizing::VarietyScore& score : variety) {
        nlohmann::json widths = nlohmann::json::array();
        for (const sizing::WidthVariety& width : score.widths) {
            widths.push_back(
                {{"device", width.device}, {"mean", width.mean}, {"deviation", width.deviation}});
        }
        all.push_back({{"model", score.model},
                       {"temperature", score.temperature},
                       {"median_shortfall", number(score.accuracy)},
                       {"failed", score.failed},
                       {"variety", number(score.variety)},
                       {"widths", widths}});
    }
    return all;
}

std::string describe(const sizing::PaperReport& report, const sizing::PaperReportSettings& settings) {
    std::string text =
        fmt::format("One sample for each of {} held-out targets, {} steps of {}\n", report.boxes.targets,
                    settings.sampling.steps, diffusion::samplerOf(settings.sampling));
    for (const sizing::MethodScore& method : report.boxes.methods) {
        text += fmt::format("{:<14} met within 5 %: {:.1f} %, within 10 %: {:.1f} %\n", method.name,
                            100 * method.metAt5.at(1), 100 * method.metAt10.at(1));
    }
    text += fmt::format("\n{} samples for the data row {}: widths, mean \u00b1 deviation\n{:<10}",
                        settings.count, report.row + 1, "");
    for (const sizing::VarietyScore& score : report.variety)
        text += fmt::format("{:>28}", fmt::format("{}, temperature {}", score.model, score.temperature));
    for (std::size_t d = 0; d < report.variety.front().widths.size(); ++d) {
        text += fmt::format("\n{:<10}", report.variety.front().widths[d].device);
        for (const sizing::VarietyScore& score : report.variety) {
            text +=
                fmt::format("{:>28}", fmt::format("{} \u00b1 {}", formatQuantity(score.widths[d].mean, "m"),
                                                  formatQuantity(score.widths[d].deviation, "m", 2)));
        }
    }
    const auto addRow = [&](const char* title, const auto& share) {
        text += fmt::format("\n{:<10}", title);
        for (const sizing::VarietyScore& score : report.variety)
            text += fmt::format("{:>28}", fmt::format("{:.1f} %", 100 * share(score)));
    };
    addRow("shortfall", [](const sizing::VarietyScore& score) { return score.accuracy; });
    addRow("variety", [](const sizing::VarietyScore& score) { return score.variety; });
    text += '\n';
    for (const std::string& name : report.lessAccurate)
        text += fmt::format("{} is less accurate at every temperature that was tried.\n", name);
    return text;
}

CommandResult write(const sizing::PaperReport& report, const ReportArguments& arguments,
                    const sizing::DesignSpace& space) {
    const diffusion::SamplingConfig& sampling = arguments.settings.sampling;
    nlohmann::json document = toJson(report.boxes);
    document["out"] = arguments.out;
    document["sampling"] = {{"sampler", diffusion::samplerOf(sampling)},
                            {"steps", sampling.steps},
                            {"temperature", sampling.temperature},
                            {"guidance", sampling.guidance}};
    document["target_row"] = report.row;
    document["count"] = arguments.settings.count;
    document["variety"] = varietyJson(report.variety);
    document["less_accurate"] = report.lessAccurate;
    const std::vector<std::pair<std::string, std::string>> files{
        {"boxplot.svg", sizing::boxPlotSvg(report.boxes)},
        {"boxplot.csv", sizing::boxPlotCsv(report.boxes)},
        {"performances.svg", sizing::performanceHistogramsSvg(report.exploration)},
        {"widths.svg", sizing::widthHistogramsSvg(report.exploration, space)},
        {"samples.csv", writeSamplesCsv(space, report.exploration)},
        {"variety.csv", sizing::varietyCsv(report.variety)},
        {"report.json", document.dump(2) + '\n'}};
    for (const auto& [name, text] : files) {
        const auto written = writeFileAtomically(fs::path(arguments.out) / name, text);
        if (!written) return forward(written);
    }
    return Output{document, describe(report, arguments.settings)};
}

CommandResult runReport(const ReportArguments& arguments, const GlobalOptions& options) {
    if (const auto writable = checkWritableFolder(arguments.out); !writable) return forward(writable);
    std::vector<ModelSession> sessions;
    std::vector<sizing::ReportedModel> models;
    const auto open = [&](const fs::path& folder) -> Result<void> {
        auto session = openModel(folder, options);
        if (!session) return forward(session);
        models.push_back({sizing::toString(session->model->card().method), session->model});
        sessions.push_back(std::move(*session));
        return {};
    };
    if (const auto opened = open(arguments.model); !opened) return forward(opened);
    const auto heldOut = sessions.front().dataset.heldOutRows();
    if (heldOut.empty() || (arguments.target && *arguments.target >= heldOut.size())) {
        return fail(ErrorCode::BadInput,
                    fmt::format("There are {} held-out targets, counted from 0.", heldOut.size()));
    }
    sizing::PaperReportSettings settings = arguments.settings;
    settings.sampling.seed = options.seed;
    if (arguments.target) settings.row = heldOut[*arguments.target];
    const auto pool =
        makePool(sessions.front().amplifier, options, cacheFileFor(arguments.cache, arguments.model), -1,
                 sessions.front().dataset.performances);
    if (!pool) return forward(pool);
    for (const fs::path& folder : modelsBeside(arguments.beside, sessions.front())) {
        if (const auto opened = open(folder); !opened) return forward(opened);
    }
    const ModelSession& first = sessions.front();
    TerminalContext context;
    const auto report = sizing::reproducePaper(models, *first.space, first.dataset, **pool, settings,
                                               first.supplyVoltage, context);
    if (!report) return forward(report);
    return write(*report, arguments, *first.space);
}

} // namespace

void addSizingReport(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<ReportArguments>();
    CLI::App* command = group.add_subcommand(
        "report", "Figures and tables of the inverse-sizing paper, by its method unless told otherwise");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    command->add_option("--out", arguments->out, "Folder to write to")->required();
    command->add_option("--beside", arguments->beside,
                        "Folders of models to compare with; default: the shipped ones of the other methods");
    command->add_option("--count", arguments->settings.count, "Samples for one target")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--target", arguments->target,
                        "Which held-out data row that is, from 0; default: the most ordinary one");
    command
        ->add_option("--temperatures", arguments->settings.temperatures,
                     "Of the other models, of which the most varied one that is as accurate is compared")
        ->delimiter(',')
        ->check(nonNegative())
        ->capture_default_str();
    addSamplingOptions(*command, arguments->settings.sampling);
    command->add_option("--cache", arguments->cache, cacheHelp);
    command->callback([=, &options = registry.options, &chosen = registry.chosen] {
        chosen = [=, &options] { return runReport(*arguments, options); };
    });
}

} // namespace headroom::cli
