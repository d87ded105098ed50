#include "app/cli/sizing_report_command.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_evaluate_command.h"
#include "app/cli/sizing_file.h"
#include "app/cli/sizing_session.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/sizing/figures.h"
#include "core/sizing/variety.h"

namespace headroom::cli {
namespace {

namespace fs = std::filesystem;

struct ReportArguments {
    std::string model;
    std::string out;
    std::vector<std::string> beside;
    std::size_t count = 100;
    std::optional<std::size_t> target;
    std::vector<double> temperatures{0.25, 0.5, 0.65, 0.8, 1};
    std::string cache;
    diffusion::SamplingConfig sampling;
};

/// The settings of the paper: every step of the schedule, ancestral, no guidance beyond the conditions.
diffusion::SamplingConfig paperSampling() {
    diffusion::SamplingConfig sampling;
    sampling.steps = diffusion::DenoiserConfig{}.diffusionSteps;
    return sampling;
}

struct ReportedModel {
    fs::path folder;
    ModelSession session;
    std::string name;
};

/// Figures and tables of the inverse-sizing paper for one model, beside others.
class Report {
public:
    Report(const ReportArguments& arguments, const GlobalOptions& options, std::vector<ReportedModel> models,
           std::size_t row, simulation::EvaluationPool& pool)
        : m_arguments(arguments)
        , m_options(options)
        , m_models(std::move(models))
        , m_row(row)
        , m_pool(pool) {}

    CommandResult make() {
        if (const auto done = judgeHeldOut(); !done) return forward(done);
        if (const auto done = exploreOne(); !done) return forward(done);
        if (const auto done = compareVariety(); !done) return forward(done);
        return write();
    }

private:
    const ModelSession& first() const { return m_models.front().session; }

    diffusion::SamplingConfig samplingAt(double temperature) const {
        diffusion::SamplingConfig sampling = m_arguments.sampling;
        sampling.temperature = temperature;
        sampling.seed = m_options.seed;
        return sampling;
    }

    /// One sample for every held-out row (figure 6).
    Result<void> judgeHeldOut() {
        const sizing::Targets targets = sizing::heldOutTargets(first().dataset);
        m_boxes.performances = targets.performances;
        m_boxes.targets = targets.rows.size();
        for (const ReportedModel& model : m_models) {
            const auto samples = sizing::sampleTargets(
                *model.session.model, targets, 1, samplingAt(m_arguments.sampling.temperature), m_context);
            if (!samples) return forward(samples);
            auto score = sizing::scoreSamples(model.name, *samples, *first().space, targets, m_pool,
                                              {1, first().supplyVoltage, {}}, m_context);
            if (!score) return forward(score);
            m_boxes.methods.push_back(std::move(*score));
        }
        return {};
    }

    Result<sizing::Exploration> explore(const ReportedModel& model, double temperature) {
        const sizing::DataRow& truth = first().dataset.rows[m_row];
        auto exploration =
            sizing::explore(*model.session.model, *first().space, m_pool,
                            sizing::Specification::reaching(first().dataset.performances, truth.performances),
                            {m_arguments.count, samplingAt(temperature)}, first().supplyVoltage, m_context);
        if (exploration) exploration->groundTruth = truth;
        return exploration;
    }

    /// Many samples for one held-out row (figure 7, table I).
    Result<void> exploreOne() {
        auto exploration = explore(m_models.front(), m_arguments.sampling.temperature);
        if (!exploration) return forward(exploration);
        m_exploration = std::move(*exploration);
        m_variety.push_back(sizing::scoreVariety(m_models.front().name, m_arguments.sampling.temperature,
                                                 m_exploration, *first().space));
        return {};
    }

    /// The others as varied as they can be without being less accurate.
    Result<void> compareVariety() {
        for (std::size_t m = 1; m < m_models.size(); ++m) {
            std::vector<sizing::VarietyScore> scores;
            for (const double temperature : m_arguments.temperatures) {
                const auto exploration = explore(m_models[m], temperature);
                if (!exploration) return forward(exploration);
                scores.push_back(
                    sizing::scoreVariety(m_models[m].name, temperature, *exploration, *first().space));
            }
            const sizing::VarietyScore* chosen = sizing::mostVaried(scores, m_variety.front().accuracy);
            if (chosen != nullptr)
                m_variety.push_back(*chosen);
            else
                m_lessAccurate.push_back(m_models[m].name);
        }
        return {};
    }

    nlohmann::json varietyJson() const {
        nlohmann::json all = nlohmann::json::array();
        for (const sizing::VarietyScore& score : m_variety) {
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

    std::string describe() const {
        std::string text =
            fmt::format("One sample for each of {} held-out targets, {} steps of {}\n", m_boxes.targets,
                        m_arguments.sampling.steps, diffusion::samplerOf(m_arguments.sampling));
        for (const sizing::MethodScore& method : m_boxes.methods) {
            text += fmt::format("{:<14} met within 5 %: {:.1f} %, within 10 %: {:.1f} %\n", method.name,
                                100 * method.metAt5.at(1), 100 * method.metAt10.at(1));
        }
        text += fmt::format("\n{} samples for the data row {}: widths, mean \u00b1 deviation\n{:<10}",
                            m_arguments.count, m_row + 1, "");
        for (const sizing::VarietyScore& score : m_variety)
            text += fmt::format("{:>28}", fmt::format("{}, temperature {}", score.model, score.temperature));
        for (std::size_t d = 0; d < m_variety.front().widths.size(); ++d) {
            text += fmt::format("\n{:<10}", m_variety.front().widths[d].device);
            for (const sizing::VarietyScore& score : m_variety) {
                text += fmt::format("{:>28}",
                                    fmt::format("{} \u00b1 {}", formatQuantity(score.widths[d].mean, "m"),
                                                formatQuantity(score.widths[d].deviation, "m", 2)));
            }
        }
        const auto addRow = [&](const char* title, const auto& share) {
            text += fmt::format("\n{:<10}", title);
            for (const sizing::VarietyScore& score : m_variety)
                text += fmt::format("{:>28}", fmt::format("{:.1f} %", 100 * share(score)));
        };
        addRow("shortfall", [](const sizing::VarietyScore& score) { return score.accuracy; });
        addRow("variety", [](const sizing::VarietyScore& score) { return score.variety; });
        text += '\n';
        for (const std::string& name : m_lessAccurate)
            text += fmt::format("{} is less accurate at every temperature that was tried.\n", name);
        return text;
    }

    CommandResult write() {
        nlohmann::json document = toJson(m_boxes);
        document["out"] = m_arguments.out;
        document["sampling"] = {{"sampler", diffusion::samplerOf(m_arguments.sampling)},
                                {"steps", m_arguments.sampling.steps},
                                {"temperature", m_arguments.sampling.temperature},
                                {"guidance", m_arguments.sampling.guidance}};
        document["target_row"] = m_row;
        document["count"] = m_arguments.count;
        document["variety"] = varietyJson();
        document["less_accurate"] = m_lessAccurate;
        const sizing::DesignSpace& space = *first().space;
        const std::vector<std::pair<std::string, std::string>> files{
            {"boxplot.svg", sizing::boxPlotSvg(m_boxes)},
            {"boxplot.csv", sizing::boxPlotCsv(m_boxes)},
            {"performances.svg", sizing::performanceHistogramsSvg(m_exploration)},
            {"widths.svg", sizing::widthHistogramsSvg(m_exploration, space)},
            {"samples.csv", writeSamplesCsv(space, m_exploration)},
            {"variety.csv", sizing::varietyCsv(m_variety)},
            {"report.json", document.dump(2) + '\n'}};
        for (const auto& [name, text] : files) {
            const auto written = writeFileAtomically(fs::path(m_arguments.out) / name, text);
            if (!written) return forward(written);
        }
        return Output{document, describe()};
    }

    const ReportArguments& m_arguments;
    const GlobalOptions& m_options;
    std::vector<ReportedModel> m_models;
    std::size_t m_row;
    simulation::EvaluationPool& m_pool;
    TerminalContext m_context;
    sizing::EvaluationReport m_boxes;
    sizing::Exploration m_exploration;
    std::vector<sizing::VarietyScore> m_variety; ///< the first is the model's own
    std::vector<std::string> m_lessAccurate;
};

CommandResult runReport(const ReportArguments& arguments, const GlobalOptions& options) {
    std::vector<ReportedModel> models;
    const auto open = [&](const fs::path& folder) -> Result<void> {
        auto session = openModel(folder, options);
        if (!session) return forward(session);
        const std::string name = sizing::toString(session->model->card().method);
        models.push_back({folder, std::move(*session), name});
        return {};
    };
    if (const auto opened = open(arguments.model); !opened) return forward(opened);
    const ModelSession& session = models.front().session;
    const auto heldOut = session.dataset.heldOutRows();
    if (heldOut.empty() || (arguments.target && *arguments.target >= heldOut.size())) {
        return fail(ErrorCode::BadInput,
                    fmt::format("There are {} held-out targets, counted from 0.", heldOut.size()));
    }
    const std::size_t row =
        arguments.target ? heldOut[*arguments.target] : session.dataset.centralHeldOutRow();
    const auto pool = makePool(session.amplifier, options, cacheFileFor(arguments.cache, arguments.model), -1,
                               session.dataset.performances);
    if (!pool) return forward(pool);
    for (const fs::path& folder : modelsBeside(arguments.beside, session)) {
        if (const auto opened = open(folder); !opened) return forward(opened);
    }
    return Report(arguments, options, std::move(models), row, **pool).make();
}

} // namespace

void addSizingReport(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<ReportArguments>();
    arguments->sampling = paperSampling();
    CLI::App* command = group.add_subcommand(
        "report", "Figures and tables of the inverse-sizing paper, by its method unless told otherwise");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    command->add_option("--out", arguments->out, "Folder to write to")->required();
    command->add_option("--beside", arguments->beside,
                        "Folders of models to compare with; default: the shipped ones of the other methods");
    command->add_option("--count", arguments->count, "Samples for one target")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->add_option("--target", arguments->target,
                        "Which held-out data row that is, from 0; default: the most ordinary one");
    command
        ->add_option("--temperatures", arguments->temperatures,
                     "Of the other models, of which the most varied one that is as accurate is compared")
        ->delimiter(',')
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    addSamplingOptions(*command, arguments->sampling);
    command->add_option("--cache", arguments->cache, cacheHelp);
    command->callback([=, &options = registry.options, &chosen = registry.chosen] {
        chosen = [=, &options] { return runReport(*arguments, options); };
    });
}

} // namespace headroom::cli
