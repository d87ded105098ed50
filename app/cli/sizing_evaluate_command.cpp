#include "app/cli/sizing_evaluate_command.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "app/cli/evaluation_json.h"
#include "app/cli/sizing_session.h"
#include "app/cli/user_cache.h"
#include "app/cli/validators.h"
#include "core/base/file.h"
#include "core/base/writable.h"
#include "core/sizing/evaluation.h"
#include "core/sizing/figures.h"
#include "core/sizing/sampler_study.h"

namespace headroom::cli {
namespace {

/// Ends of the names of what a search makes of a model's samples.
constexpr const char* kRanked = "_ranked";
constexpr const char* kAtTarget = "_at_target";

struct EvaluateArguments {
    std::string model;
    std::string targets = "held-out";
    std::vector<std::string> beside;
    std::vector<std::string> methods{"samples", "ranked", "nearest", "gaussian_process",
                                     "differential_evolution"};
    std::string figure;
    std::string cache;
    bool record = false;
    bool studiesSteps = false;
    sizing::SamplerStudySettings study;
    int answers = 8;
    std::size_t candidates = sizing::rankedCandidates;
    std::size_t asked = 0;  ///< performances of each target; 0: all
    std::size_t pinned = 0; ///< sizes of each target
    std::size_t mirrorUnits = 0;
    sizing::SearchSettings search = sizing::Judgement().search;
    diffusion::SamplingConfig sampling = sizing::proposalSampling();

    bool wants(const std::string& method) const {
        return std::find(methods.begin(), methods.end(), method) != methods.end();
    }
};

std::string describe(const sizing::EvaluationReport& report) {
    std::string text =
        fmt::format("Relative difference of simulated to target performance in %, median (quartiles), {} "
                    "held-out targets\n\n{:<24}",
                    report.targets, "");
    for (const auto& method : report.methods)
        text += fmt::format("{:>26}", method.name);
    for (std::size_t p = 0; p < report.performances.size(); ++p) {
        text += fmt::format("\n{:<24}", simulation::info(report.performances[p]).title);
        for (const auto& method : report.methods) {
            const sizing::Quartiles& q = method.relativeDifferences[p];
            text += fmt::format("{:>26}", fmt::format("{:+.1f} ({:+.1f} \u2026 {:+.1f})", 100 * q.median,
                                                      100 * q.lower, 100 * q.upper));
        }
    }
    text += "\n";
    for (const auto& [title, share] : {std::pair{"met within 5 %", &sizing::MethodScore::metAt5},
                                       {"met within 10 %", &sizing::MethodScore::metAt10},
                                       {"5 % and saturated", &sizing::MethodScore::saturatedMetAt5},
                                       {"all within \u00b15 %", &sizing::MethodScore::nearAt5}}) {
        for (const int k : {1, 3, 8, 64}) {
            if (report.methods.empty() || !(report.methods.front().*share).contains(k)) continue;
            text += fmt::format("{:<24}", fmt::format("{}, best of {}", title, k));
            for (const auto& method : report.methods) {
                const auto found = (method.*share).find(k);
                text += fmt::format("{:>26}", found == (method.*share).end()
                                                  ? ""
                                                  : fmt::format("{:.1f} %", 100 * found->second));
            }
            text += "\n";
        }
    }
    const auto addRow = [&](const char* title, const auto& cellOf) {
        text += fmt::format("{:<24}", title);
        for (const auto& method : report.methods)
            text += fmt::format("{:>26}", cellOf(method));
        text += "\n";
    };
    addRow("all MOSFETs saturated",
           [](const sizing::MethodScore& method) { return fmt::format("{:.1f} %", 100 * method.saturated); });
    addRow("simulations",
           [](const sizing::MethodScore& method) { return fmt::to_string(method.simulations); });
    addRow("seconds",
           [](const sizing::MethodScore& method) { return fmt::format("{:.1f}", method.seconds); });
    return text;
}

/// What a model's card records of its own scores. @param name of the model's method
std::map<std::string, double> metricsOf(const sizing::EvaluationReport& report, const std::string& name) {
    std::map<std::string, double> metrics{{"targets", static_cast<double>(report.targets)}};
    const auto take = [&](const std::string& prefix, const std::map<int, double>& shares) {
        for (const auto& [k, share] : shares)
            metrics[fmt::format("{}_best_of_{}", prefix, k)] = share;
    };
    const auto takeMedians = [&](const std::string& prefix, const sizing::MethodScore& method) {
        for (std::size_t p = 0; p < report.performances.size(); ++p) {
            const double median = method.relativeDifferences[p].median;
            if (!std::isfinite(median)) continue;
            metrics[fmt::format("{}median_relative_difference_{}", prefix,
                                simulation::info(report.performances[p]).name)] = median;
        }
    };
    for (const sizing::MethodScore& method : report.methods) {
        if (method.name == name) {
            take("unranked_met_within_5_percent", method.metAt5);
            take("unranked_met_within_10_percent", method.metAt10);
        } else if (method.name == name + kRanked) {
            take("met_within_5_percent", method.metAt5);
            take("met_within_10_percent", method.metAt10);
            take("saturated_met_within_5_percent", method.saturatedMetAt5);
            takeMedians("", method);
        } else if (method.name == name + kAtTarget) {
            take("at_target_within_5_percent", method.nearAt5);
            take("at_target_within_10_percent", method.nearAt10);
            takeMedians("at_target_", method);
        }
    }
    return metrics;
}

Result<sizing::Targets> readTargets(const std::string& source, const sizing::Dataset& dataset) {
    if (source == "held-out") return sizing::heldOutTargets(dataset);
    const auto text = readFile(source);
    if (!text) return forward(text);
    const auto given = sizing::readDatasetCsv(*text, source);
    if (!given) return forward(given);
    return sizing::targetsOf(*given, dataset.performances, dataset.variableNames);
}

/// Judges methods one after the other on the same targets.
class Comparison {
public:
    Comparison(const EvaluateArguments& arguments, std::uint64_t seed, std::string line,
               const ModelSession& session, sizing::Targets targets, simulation::EvaluationPool& pool)
        : m_arguments(arguments)
        , m_seed(seed)
        , m_line(std::move(line))
        , m_session(session)
        , m_targets(std::move(targets))
        , m_pool(pool)
        , m_judgement{arguments.answers, session.supplyVoltage, arguments.search} {
        report.performances = session.dataset.performances;
        report.targets = m_targets.rows.size();
    }

    /// @param folder of the model, for its card
    Result<void> judgeModel(const ModelSession& judged, const std::filesystem::path& folder) {
        const std::size_t first = report.methods.size();
        if (const auto done = judgeSamples(judged); !done) return done;
        if (!m_arguments.record || report.methods.size() == first) return {};
        return sizing::recordMetrics(folder, metricsOf(report, sizing::toString(judged.model->card().method)),
                                     m_line);
    }

    /// The judged model's own scores and the baselines that need no model: few enough for a figure.
    sizing::EvaluationReport figureReport() const {
        sizing::EvaluationReport chosen = report;
        const std::string own = sizing::toString(m_session.model->card().method);
        std::erase_if(chosen.methods, [&](const sizing::MethodScore& method) {
            return !method.name.starts_with(own) && method.name != "nearest" &&
                   method.name != "gaussian_process";
        });
        return chosen;
    }

    Result<void> judgeBaselines() {
        if (m_arguments.wants("nearest")) {
            if (const auto judged = judgeNearest(); !judged) return judged;
        }
        if (m_arguments.wants("gaussian_process")) {
            const auto drawn = sizing::drawTargets(m_session.dataset, *m_session.space, m_targets,
                                                   m_arguments.candidates, m_seed);
            const auto model = m_session.model->forwardModel(m_session.amplifier, *m_session.space);
            if (!model) return forward(model);
            const auto taken = take(sizing::scoreRanked("gaussian_process", drawn, *model, *m_session.space,
                                                        m_targets, m_pool, m_judgement, m_context));
            if (!taken) return taken;
        }
        if (!m_arguments.wants("differential_evolution")) return {};
        return take(sizing::scoreDifferentialEvolution(m_session.dataset, *m_session.space, m_targets, m_pool,
                                                       m_judgement, m_seed, m_context));
    }

    sizing::EvaluationReport report;

private:
    Result<void> judgeSamples(const ModelSession& judged) {
        const std::string name = sizing::toString(judged.model->card().method);
        diffusion::SamplingConfig sampling = m_arguments.sampling;
        sampling.seed = m_seed;
        const bool searches = m_arguments.wants("ranked") || m_arguments.wants("at_target");
        if (!searches && !m_arguments.wants("samples")) return {};
        const auto count =
            std::max(searches ? m_arguments.candidates : 1, static_cast<std::size_t>(m_arguments.answers));
        const auto samples = sizing::sampleTargets(*judged.model, m_targets, count, sampling, m_context);
        if (!samples) return forward(samples);
        if (m_arguments.wants("samples")) {
            const auto taken = take(sizing::scoreSamples(name, *samples, *judged.space, m_targets, m_pool,
                                                         m_judgement, m_context));
            if (!taken) return taken;
        }
        if (!searches) return {};
        const auto model = judged.model->forwardModel(judged.amplifier, *judged.space);
        if (!model) return forward(model);
        for (const auto& [method, end, aim] : {std::tuple{"ranked", kRanked, sizing::Aim::Better},
                                               {"at_target", kAtTarget, sizing::Aim::AtTarget}}) {
            if (!m_arguments.wants(method)) continue;
            sizing::Judgement judgement = m_judgement;
            judgement.aim = aim;
            const auto taken = take(sizing::scoreRanked(name + end, *samples, *model, *judged.space,
                                                        m_targets, m_pool, judgement, m_context));
            if (!taken) return taken;
        }
        return {};
    }

    Result<void> judgeNearest() {
        if (m_targets.pinned.empty()) {
            return take(sizing::scoreNearestNeighbour(m_session.dataset, m_targets, m_arguments.answers,
                                                      m_session.supplyVoltage));
        }
        const auto nearest = sizing::nearestSizings(m_session.dataset, *m_session.space, m_targets,
                                                    static_cast<std::size_t>(m_arguments.answers));
        return take(sizing::scoreSamples("nearest", nearest, *m_session.space, m_targets, m_pool, m_judgement,
                                         m_context));
    }

    Result<void> take(Result<sizing::MethodScore> score) {
        if (!score) return forward(score);
        report.methods.push_back(std::move(*score));
        return {};
    }

    const EvaluateArguments& m_arguments;
    std::uint64_t m_seed;
    std::string m_line;
    const ModelSession& m_session;
    sizing::Targets m_targets;
    simulation::EvaluationPool& m_pool;
    sizing::Judgement m_judgement;
    TerminalContext m_context;
};

nlohmann::json scoreJson(const sizing::SamplerScore& score) {
    return {
        {"sampler", score.sampler},
        {"steps", score.steps},
        {"seconds_per_1000", number(score.secondsPerThousand)},
        {"met", {{"within_5_percent", number(score.metAt5)}, {"within_10_percent", number(score.metAt10)}}},
        {"saturated", number(score.saturated)},
        {"spread", number(score.spread)},
        {"distance", number(score.distance)}};
}

/// Quality of the samples against the steps that each sampler takes.
CommandResult runStudy(const EvaluateArguments& arguments, const GlobalOptions& options,
                       const ModelSession& session, const sizing::Targets& targets,
                       simulation::EvaluationPool& pool) {
    sizing::SamplerStudySettings settings = arguments.study;
    settings.sampling = arguments.sampling;
    settings.sampling.seed = options.seed;
    TerminalContext context;
    const auto study = sizing::studySamplers(*session.model, *session.space, targets, settings, &pool,
                                             session.supplyVoltage, context);
    if (!study) return forward(study);
    Output output{{{"targets", targets.rows.size()},
                   {"temperature", settings.sampling.temperature},
                   {"reference", scoreJson(study->reference)},
                   {"samplers", nlohmann::json::array()}},
                  {}};
    output.text =
        fmt::format("One sample for each of {} targets, temperature {}; distance from {} steps of "
                    "ddpm\n\n{:<10}{:>7}{:>14}{:>14}{:>14}{:>12}{:>10}{:>10}\n",
                    targets.rows.size(), settings.sampling.temperature, settings.referenceSteps, "sampler",
                    "steps", "s per 1000", "met at 5 %", "met at 10 %", "saturated", "spread", "distance");
    const auto addRow = [&](const sizing::SamplerScore& score) {
        output.text +=
            fmt::format("{:<10}{:>7}{:>14.2f}{:>12.1f} %{:>12.1f} %{:>10.1f} %{:>10.3f}{:>10.3f}\n",
                        score.sampler, score.steps, score.secondsPerThousand, 100 * score.metAt5,
                        100 * score.metAt10, 100 * score.saturated, score.spread, score.distance);
    };
    addRow(study->reference);
    for (const sizing::SamplerScore& score : study->scores) {
        output.json["samplers"].push_back(scoreJson(score));
        addRow(score);
    }
    return output;
}

CommandResult runEvaluate(const EvaluateArguments& arguments, const GlobalOptions& options,
                          const std::string& line) {
    auto session = openModel(arguments.model, options);
    if (!session) return forward(session);
    makeMirrorsOfUnits(*session, arguments.mirrorUnits);
    if (const auto writable = checkWritablePlace(arguments.figure); !writable) return forward(writable);
    auto targets = readTargets(arguments.targets, session->dataset);
    if (!targets) return forward(targets);
    if (arguments.asked > 0)
        targets = sizing::askingForSome(std::move(*targets), arguments.asked, options.seed);
    if (arguments.pinned > 0) {
        targets = sizing::pinningSome(std::move(*targets), arguments.pinned, options.seed);
        if (!targets) return forward(targets);
    }
    const auto pool = makePool(session->amplifier, options, cacheFileFor(arguments.cache, arguments.model),
                               -1, session->dataset.performances);
    if (!pool) return forward(pool);
    if (arguments.studiesSteps) return runStudy(arguments, options, *session, *targets, **pool);
    Comparison comparison(arguments, options.seed, line, *session, std::move(*targets), **pool);
    if (const auto judged = comparison.judgeModel(*session, arguments.model); !judged) return forward(judged);
    for (const auto& folder : modelsBeside(arguments.beside, *session)) {
        auto other = openModel(folder, options);
        if (!other) return forward(other);
        makeMirrorsOfUnits(*other, arguments.mirrorUnits);
        if (const auto judged = comparison.judgeModel(*other, folder); !judged) return forward(judged);
    }
    if (const auto judged = comparison.judgeBaselines(); !judged) return forward(judged);
    if (!arguments.figure.empty()) {
        const auto written =
            writeFileAtomically(arguments.figure, sizing::boxPlotSvg(comparison.figureReport()));
        if (!written) return forward(written);
    }
    return Output{toJson(comparison.report), describe(comparison.report)};
}

} // namespace

std::vector<std::filesystem::path> modelsBeside(const std::vector<std::string>& named,
                                                const ModelSession& session) {
    std::vector<std::filesystem::path> folders(named.begin(), named.end());
    if (named == std::vector<std::string>{"none"}) return {};
    if (!folders.empty()) return folders;
    for (const auto method : {sizing::Method::Blocks, sizing::Method::Joint, sizing::Method::Coordinated}) {
        if (method == session.model->card().method) continue;
        const auto shipped = sizing::findShippedModel(session.amplifier->netlist.circuit,
                                                      session.amplifier->technology.name, method);
        if (shipped) folders.push_back(*shipped);
    }
    return folders;
}

std::string cacheFileFor(const std::string& asked, const std::filesystem::path& model) {
    if (asked == "none") return {};
    if (!asked.empty()) return asked;
    if (const auto source = sizing::readModelSource(model)) {
        const auto own = source->dataset / "simulations.sqlite";
        if (std::error_code code; std::filesystem::exists(own, code)) return own.string();
    }
    return userCacheFile();
}

void addSamplingOptions(CLI::App& command, diffusion::SamplingConfig& sampling) {
    command.add_option("--steps", sampling.steps, "Denoising steps")
        ->check(positive())
        ->capture_default_str();
    command
        .add_option_function<std::string>(
            "--sampler",
            [&sampling](const std::string& name) {
                if (const auto known = diffusion::chooseSampler(sampling, name); !known)
                    throw CLI::ValidationError("--sampler", known.error().message);
            },
            "ddpm, ddim, dpm++ or dpm++sde")
        ->default_str(diffusion::samplerOf(sampling));
    command
        .add_option("--guidance", sampling.guidance,
                    "Classifier-free guidance scale; 1: none, 0: unconditional")
        ->check(nonNegative())
        ->capture_default_str();
    command
        .add_option("--temperature", sampling.temperature,
                    "Scale of the noise; below 1 proposals keep closer together")
        ->check(nonNegative())
        ->capture_default_str();
}

void addSearchOptions(CLI::App& command, sizing::SearchSettings& search) {
    command
        .add_option("--tolerance", search.tolerance,
                    "How much worse than its target a performance may be, relative, to count as met")
        ->check(nonNegative())
        ->capture_default_str();
    command
        .add_option("--polish", search.polished,
                    "Sizings that are improved on the forward model before each choice; 0: none")
        ->capture_default_str();
    command
        .add_option("--resume", search.resumed,
                    "Simulated sizings that are weighed for another improvement before each choice")
        ->capture_default_str();
}

void addSizingEvaluate(CLI::App& group, const Registry& registry) {
    auto arguments = std::make_shared<EvaluateArguments>();
    CLI::App* command =
        group.add_subcommand("evaluate", "Judge a model on held-out targets, beside its baselines");
    command->add_option("model", arguments->model, "Folder of the model")->required();
    command->add_option("--targets", arguments->targets, "held-out, or a data set's CSV")
        ->capture_default_str();
    command->add_option("--beside", arguments->beside,
                        "Folders of models to judge too, or none; default: the shipped ones of the other "
                        "methods");
    command->add_option("--methods", arguments->methods, "What to judge")
        ->delimiter(',')
        ->check(CLI::IsMember(
            {"samples", "ranked", "at_target", "nearest", "gaussian_process", "differential_evolution"}))
        ->capture_default_str();
    command->add_option("--answers", arguments->answers, "Simulations per target")
        ->check(positive())
        ->capture_default_str();
    command->add_option("--candidates", arguments->candidates, "Sizings per target to choose from by rank")
        ->check(positive())
        ->capture_default_str();
    addSearchOptions(*command, arguments->search);
    CLI::Option* units = addUnitOption(*command, arguments->mirrorUnits);
    addSamplingOptions(*command, arguments->sampling);
    command->add_option("--cache", arguments->cache, cacheHelp);
    command->add_option("--figure", arguments->figure, "Also write the box plot as SVG");
    CLI::Option* study =
        command->add_flag("--steps-study", arguments->studiesSteps,
                          "Table the quality of samples against steps for each sampler instead");
    command->add_option("--study-steps", arguments->study.steps, "Numbers of steps that it tries")
        ->delimiter(',')
        ->check(positive())
        ->capture_default_str();
    command->add_option("--study-samplers", arguments->study.samplers, "Samplers that it tries")
        ->delimiter(',')
        ->check(CLI::IsMember(diffusion::samplerNames()))
        ->capture_default_str();
    CLI::Option* asked =
        command
            ->add_option("--asked", arguments->asked,
                         "Performances of each target that are asked for, chosen by chance; the others are "
                         "free; default: all")
            ->check(positive());
    CLI::Option* pinned =
        command
            ->add_option("--pinned", arguments->pinned,
                         "Sizes of each target that are pinned where its row has them, chosen by chance; "
                         "default: none")
            ->check(positive())
            ->excludes(study);
    command->add_flag("--record", arguments->record, "Write the score of every judged model into its card")
        ->excludes(asked)
        ->excludes(pinned)
        ->excludes(units);
    command->callback(
        [=, line = registry.commandLine, &options = registry.options, &chosen = registry.chosen] {
            chosen = [=, &options] { return runEvaluate(*arguments, options, line); };
        });
}

} // namespace headroom::cli
