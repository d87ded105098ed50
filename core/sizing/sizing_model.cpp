#include "core/sizing/sizing_model.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/random.h"
#include "core/sizing/amplifier_source.h"
#include "core/sizing/free_performances.h"
#include "core/sizing/model_card.h"
#include "core/sizing/training_data.h"

namespace headroom::sizing {
namespace {

using diffusion::DiffusionModel;
using diffusion::MatrixF;

/// Samples further than this many deviations out of the training data are pulled back to it.
constexpr float kSampleLimit = 4.0F;
/// Stream of the seed that free performances are drawn from; the networks have those from 0 on.
constexpr std::uint64_t kFreeSeed = 1U << 20U;
/// Of the forward model's tensors in the file of weights.
constexpr std::string_view kForwardPrefix = "forward.";
constexpr const char* kTrainingFile = "training.csv";

/// Progress of several trainings at once, reported to one context as their mean.
class SharedProgress {
public:
    SharedProgress(JobContext& parent, std::size_t parts)
        : m_parent(parent)
        , m_fractions(parts, 0.0) {}

    JobContext& parent() { return m_parent; }

    void report(std::size_t part, double fraction) {
        const std::lock_guard lock(m_mutex);
        m_fractions[part] = fraction;
        double sum = 0;
        for (const double f : m_fractions)
            sum += f;
        const auto done =
            std::count_if(m_fractions.begin(), m_fractions.end(), [](double f) { return f >= 1; });
        m_parent.progress(sum / static_cast<double>(m_fractions.size()),
                          fmt::format("Training networks, {} of {} done", done, m_fractions.size()));
    }

private:
    JobContext& m_parent;
    std::mutex m_mutex;
    std::vector<double> m_fractions;
};

class PartContext final : public JobContext {
public:
    PartContext(SharedProgress& shared, std::size_t part)
        : m_shared(shared)
        , m_part(part) {}
    bool cancelled() const override { return m_shared.parent().cancelled(); }
    double waitWhilePaused() override { return m_shared.parent().waitWhilePaused(); }
    void progress(double fraction, std::string_view) override { m_shared.report(m_part, fraction); }
    void log(std::string_view line) override { m_shared.parent().log(line); }

private:
    SharedProgress& m_shared;
    std::size_t m_part;
};

std::vector<NetworkDescription> describeNetworks(const DesignSpace& space, const Dataset& dataset,
                                                 const SizingTraining& settings) {
    std::vector<NetworkDescription> networks;
    const auto add = [&](std::string name, std::vector<std::size_t> variables) {
        NetworkDescription network{std::move(name), std::move(variables), {}};
        network.denoiser.tokens = static_cast<int>(network.variables.size());
        network.denoiser.conditions = static_cast<int>(dataset.performances.size());
        if (settings.width > 0) {
            network.denoiser.width = settings.width;
            network.denoiser.feedForward = 2 * settings.width;
        }
        if (settings.depth > 0) network.denoiser.depth = settings.depth;
        networks.push_back(std::move(network));
    };
    if (settings.method != Method::Blocks) {
        std::vector<std::size_t> all(space.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = i;
        add("Whole circuit", std::move(all));
        if (settings.method == Method::Coordinated) {
            for (const DesignSpace::BlockVariables& block : space.blocks())
                networks.back().denoiser.groups.emplace_back(block.variables.begin(), block.variables.end());
        }
    } else {
        std::vector<bool> covered(space.size(), false);
        for (const DesignSpace::BlockVariables& block : space.blocks()) {
            for (const std::size_t variable : block.variables)
                covered[variable] = true;
            add(block.name, block.variables);
        }
        std::vector<std::size_t> rest;
        for (std::size_t v = 0; v < covered.size(); ++v) {
            if (!covered[v]) rest.push_back(v);
        }
        if (!rest.empty()) add("Parameters outside every block", std::move(rest));
    }
    return networks;
}

MatrixF conditionsOf(const Dataset& dataset, const std::vector<std::size_t>& rows,
                     const Normalisation& normalisation) {
    MatrixF conditions(static_cast<Eigen::Index>(rows.size()),
                       static_cast<Eigen::Index>(dataset.performances.size()));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const auto normalised = normalisation.normalisePerformances(dataset.rows[rows[r]].performances);
        for (std::size_t p = 0; p < normalised.size(); ++p) {
            conditions(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(p)) =
                static_cast<float>(normalised[p]);
        }
    }
    return conditions;
}

MatrixF tokensOf(const Dataset& dataset, const std::vector<std::size_t>& rows,
                 const Normalisation& normalisation, const std::vector<std::size_t>& variables) {
    MatrixF data(static_cast<Eigen::Index>(rows.size()), static_cast<Eigen::Index>(variables.size()));
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t v = 0; v < variables.size(); ++v) {
            const double value = dataset.rows[rows[r]].values[variables[v]];
            data(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(v)) =
                static_cast<float>(normalisation.variables[variables[v]].normalise(value));
        }
    }
    return data;
}

std::vector<std::pair<double, double>> rangesOf(const Dataset& dataset,
                                                const std::vector<std::size_t>& rows) {
    std::vector<std::pair<double, double>> ranges;
    for (std::size_t p = 0; p < dataset.performances.size(); ++p) {
        const auto less = [&](std::size_t a, std::size_t b) {
            return dataset.rows[a].performances[p] < dataset.rows[b].performances[p];
        };
        const auto [low, high] = std::minmax_element(rows.begin(), rows.end(), less);
        ranges.emplace_back(dataset.rows[*low].performances[p], dataset.rows[*high].performances[p]);
    }
    return ranges;
}

std::string networkPrefix(std::size_t index) {
    return fmt::format("network{}.", index);
}

} // namespace

diffusion::SamplingConfig proposalSampling() {
    diffusion::SamplingConfig sampling;
    sampling.steps = proposalSteps;
    sampling.temperature = proposalTemperature;
    return sampling;
}

struct SizingModel::Impl {
    ModelDescription description;
    std::vector<std::unique_ptr<DiffusionModel>> networks;
    std::vector<Variable> variables;
    std::vector<TrainingCurve> curves;  ///< by network; empty: not known
    compute::WeightFile forwardWeights; ///< empty: none
    std::shared_ptr<const ForwardModel> forwardModel;

    Result<void> fitForwardModel(const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                                 const Dataset& dataset, const regression::GaussianProcessFit& settings,
                                 JobContext& context);
    Result<void> trainNetworks(const Dataset& dataset, compute::DeviceChoice device,
                               const SizingTraining& settings, JobContext& context);
    Result<MatrixF> conditionsFor(const std::vector<Specification>& specifications, std::size_t count,
                                  std::uint64_t seed) const;
    std::vector<diffusion::KnownToken> knownTokens(const std::vector<std::size_t>& variables,
                                                   const std::vector<PinnedSize>& pinned) const;
    Result<std::vector<std::vector<double>>> sample(const MatrixF& conditions,
                                                    const std::vector<PinnedSize>& pinned,
                                                    const diffusion::SamplingConfig& config,
                                                    JobContext& context);
};

Result<void> SizingModel::Impl::trainNetworks(const Dataset& dataset, compute::DeviceChoice device,
                                              const SizingTraining& settings, JobContext& context) {
    const std::vector<std::size_t> rows = dataset.trainingRows();
    const MatrixF conditions = conditionsOf(dataset, rows, description.normalisation);
    networks.resize(description.networks.size());
    SharedProgress shared(context, networks.size());
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::optional<Error> firstError;
    curves.clear();
    for (const NetworkDescription& network : description.networks)
        curves.push_back({network.name, description.training.epochs, {}, {}, {}, 0});
    const auto learn = [&](std::size_t i, const diffusion::TrainingReport& report) {
        const std::lock_guard lock(mutex);
        curves[i] = trainingCurve(description.networks[i].name, description.training.epochs, report);
        if (settings.watch) settings.watch(curves);
    };
    const auto work = [&] {
        for (std::size_t i = next++; i < networks.size(); i = next++) {
            PartContext part(shared, i);
            const NetworkDescription& network = description.networks[i];
            diffusion::TrainingConfig config = description.training;
            config.seed = deriveSeed(description.training.seed, i);
            if (!settings.checkpoints.empty())
                config.checkpointFile = settings.checkpoints / fmt::format("network{}.safetensors", i);
            config.watch = [&learn, i](const diffusion::TrainingReport& report) { learn(i, report); };
            auto model = diffusion::createDiffusionModel(network.denoiser, config.seed, device);
            std::optional<Error> error;
            if (!model) {
                error = model.error();
            } else {
                const MatrixF data = tokensOf(dataset, rows, description.normalisation, network.variables);
                const auto report = (*model)->train(data, conditions, config, part);
                if (report) {
                    learn(i, *report);
                    networks[i] = std::move(*model);
                } else {
                    error = report.error();
                }
            }
            if (error) {
                const std::lock_guard lock(mutex);
                if (!firstError) firstError = error;
                next = networks.size();
                return;
            }
            shared.report(i, 1.0);
        }
    };
    // On a GPU the networks queue behind each other anyway; on a CPU each takes one thread.
    const std::size_t threads =
        device == compute::DeviceChoice::Cuda
            ? 1
            : std::min<std::size_t>(networks.size(), static_cast<std::size_t>(compute::threadBudget()));
    std::vector<std::jthread> workers;
    for (std::size_t i = 1; i < threads; ++i)
        workers.emplace_back(work);
    work();
    workers.clear();
    if (firstError) return tl::unexpected<Error>(*firstError);
    return {};
}

Result<void> SizingModel::Impl::fitForwardModel(const simulation::AmplifierUnderTest& amplifier,
                                                const DesignSpace& space, const Dataset& dataset,
                                                const regression::GaussianProcessFit& settings,
                                                JobContext& context) {
    const auto start = std::chrono::steady_clock::now();
    // Only the weights outlive this call, so that the amplifier need not be owned.
    const std::shared_ptr<const simulation::AmplifierUnderTest> borrowed(std::shared_ptr<void>(), &amplifier);
    const auto fitted = ForwardModel::fit(borrowed, space, dataset, dataset.trainingRows(),
                                          description.normalisation, settings, context);
    if (!fitted) return forward(fitted);
    forwardWeights = (*fitted)->weights();
    description.card.unexplained = (*fitted)->unexplained();
    for (const Performance performance : description.card.unexplained) {
        context.log(fmt::format("The sizes do not explain {}: rankings will not foresee it.",
                                simulation::info(performance).name));
    }
    forwardModel.reset();
    description.card.forwardModelSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {};
}

/// Guidance by the specifications, @p count rows for each.
Result<MatrixF> SizingModel::Impl::conditionsFor(const std::vector<Specification>& specifications,
                                                 std::size_t count, std::uint64_t seed) const {
    const auto found = forwardWeights.tensors.find("performances");
    Eigen::MatrixXd rows;
    if (found != forwardWeights.tensors.end() && found->second.shape.size() == 2) {
        const compute::Weights& known = found->second;
        rows = Eigen::Map<const MatrixF>(known.values.data(), known.shape[0], known.shape[1]).cast<double>();
    }
    const FreePerformances together(std::move(rows), description.performances, description.normalisation);
    MatrixF conditions(static_cast<Eigen::Index>(specifications.size() * count),
                       static_cast<Eigen::Index>(description.performances.size()));
    for (std::size_t s = 0; s < specifications.size(); ++s) {
        if (auto fits = checkSpecification(specifications[s]); !fits) return forward(fits);
        conditions.middleRows(static_cast<Eigen::Index>(s * count), static_cast<Eigen::Index>(count)) =
            together.complete(specifications[s], count, deriveSeed(seed, kFreeSeed), s * count).cast<float>();
    }
    for (std::size_t p = 0; p < description.performances.size(); ++p) {
        if (!conditions.col(static_cast<Eigen::Index>(p)).array().isNaN().any()) continue;
        return fail(ErrorCode::BadInput,
                    fmt::format("The specification leaves {} free, and the model has no forward model to "
                                "fill it in from: train it again.",
                                simulation::info(description.performances[p]).title));
    }
    return conditions;
}

/// Of a network with these variables.
std::vector<diffusion::KnownToken>
SizingModel::Impl::knownTokens(const std::vector<std::size_t>& indices,
                               const std::vector<PinnedSize>& pinned) const {
    std::vector<diffusion::KnownToken> known;
    for (std::size_t v = 0; v < indices.size(); ++v) {
        for (const PinnedSize& pin : pinned) {
            if (pin.variable != indices[v]) continue;
            const double value = description.normalisation.variables[indices[v]].normalise(pin.value);
            known.push_back({static_cast<int>(v), static_cast<float>(value)});
        }
    }
    return known;
}

Result<std::vector<std::vector<double>>> SizingModel::Impl::sample(const MatrixF& conditions,
                                                                   const std::vector<PinnedSize>& pinned,
                                                                   const diffusion::SamplingConfig& config,
                                                                   JobContext& context) {
    const auto count = static_cast<std::size_t>(conditions.rows());
    std::vector<std::vector<double>> sums(count, std::vector<double>(variables.size(), 0.0));
    std::vector<int> contributions(variables.size(), 0);
    for (std::size_t n = 0; n < networks.size(); ++n) {
        diffusion::SamplingConfig own = config;
        own.seed = deriveSeed(config.seed, n);
        own.threads = std::max(1, compute::threadBudget());
        const std::vector<std::size_t>& indices = description.networks[n].variables;
        own.known = knownTokens(indices, pinned);
        const auto tokens = networks[n]->sample(conditions, own, context);
        if (!tokens) return forward(tokens);
        for (std::size_t v = 0; v < indices.size(); ++v) {
            ++contributions[indices[v]];
            for (std::size_t r = 0; r < count; ++r) {
                const float token = (*tokens)(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(v));
                const double limited = static_cast<double>(std::clamp(token, -kSampleLimit, kSampleLimit));
                sums[r][indices[v]] += description.normalisation.variables[indices[v]].restore(limited);
            }
        }
        context.progress(static_cast<double>(n + 1) / static_cast<double>(networks.size()), "Sampling");
    }
    for (std::vector<double>& row : sums) {
        for (std::size_t v = 0; v < row.size(); ++v) {
            row[v] = std::clamp(row[v] / std::max(1, contributions[v]), variables[v].low, variables[v].high);
        }
        for (const PinnedSize& pin : pinned)
            row[pin.variable] = pin.value;
    }
    return sums;
}

SizingModel::SizingModel(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
SizingModel::~SizingModel() = default;
SizingModel::SizingModel(SizingModel&&) noexcept = default;
SizingModel& SizingModel::operator=(SizingModel&&) noexcept = default;

Result<SizingModel> SizingModel::train(const simulation::AmplifierUnderTest& amplifier,
                                       const DesignSpace& space, const Dataset& dataset,
                                       const SizingTraining& settings, compute::DeviceChoice device,
                                       JobContext& context) {
    if (const auto matches = checkVariables(dataset.variableNames, space); !matches) return forward(matches);
    const auto prepared = prepareTraining(dataset, settings.training.validationShare);
    if (!prepared) return forward(prepared);
    for (const std::string& remark : prepared->remarks)
        context.log(remark);
    const Dataset& data = prepared->dataset;
    const std::vector<std::size_t> rows = data.trainingRows();
    const auto resolved = compute::resolveDevice(device);
    if (!resolved) return forward(resolved);

    auto impl = std::make_unique<Impl>();
    impl->variables = space.variables();
    ModelDescription& description = impl->description;
    description.variableNames = data.variableNames;
    description.performances = data.performances;
    description.performanceRanges = rangesOf(data, rows);
    description.normalisation = Normalisation::fit(data, rows);
    description.networks = describeNetworks(space, data, settings);
    description.training = settings.training;
    description.card.method = settings.method;
    description.card.circuit = amplifier.netlist.circuit.name;
    description.card.technology = amplifier.technology.name;
    description.card.netlistHash = circuitHash(amplifier.netlist.circuit);
    description.card.datasetHash = sha256(writeDatasetCsv(dataset));
    description.card.device = compute::toString(*resolved);
    description.card.seed = settings.training.seed;
    description.card.trainingRows = rows.size();
    description.card.origin = originOf(amplifier);
    description.card.leftOut = prepared->leftOut;

    const auto start = std::chrono::steady_clock::now();
    if (const auto trained = impl->trainNetworks(data, *resolved, settings, context); !trained)
        return forward(trained);
    description.card.trainingSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (const auto fitted = impl->fitForwardModel(amplifier, space, data, settings.forwardModel, context);
        !fitted) {
        return forward(fitted);
    }
    return SizingModel(std::move(impl));
}

Result<SizingModel> SizingModel::load(const std::filesystem::path& folder, const DesignSpace& space,
                                      compute::DeviceChoice device) {
    const auto cardPath = folder / "model.yaml";
    const auto weightsPath = folder / "weights.safetensors";
    const auto yaml = readFile(cardPath);
    if (!yaml) return forward(yaml);
    auto description = readModelYaml(*yaml, cardPath.string());
    if (!description) return forward(description);
    if (const auto matches = checkVariables(description->variableNames, space); !matches)
        return forward(matches);
    const auto bytes = readFile(weightsPath);
    if (!bytes) return forward(bytes);
    if (sha256(*bytes) != description->weightsHash) {
        return failAt(ErrorCode::Corrupt, weightsPath.string(), 0,
                      "The weights do not match their card (checksum differs).");
    }
    const auto file = compute::parseWeightFile(*bytes, weightsPath.string());
    if (!file) return forward(file);
    auto impl = std::make_unique<Impl>();
    impl->variables = space.variables();
    for (std::size_t i = 0; i < description->networks.size(); ++i) {
        const std::string prefix = networkPrefix(i);
        compute::WeightFile own;
        for (const auto& [name, weights] : file->tensors) {
            if (name.starts_with(prefix)) own.tensors[name.substr(prefix.size())] = weights;
        }
        auto model = diffusion::loadDiffusionModel(description->networks[i].denoiser, own, device);
        if (!model) {
            Error error = model.error();
            if (error.file.empty()) error.file = weightsPath.string();
            return tl::unexpected<Error>(error);
        }
        impl->networks.push_back(std::move(*model));
    }
    for (const auto& [name, weights] : file->tensors) {
        if (name.starts_with(kForwardPrefix))
            impl->forwardWeights.tensors[name.substr(kForwardPrefix.size())] = weights;
    }
    impl->description = std::move(*description);
    // Nothing depends on it: one that cannot be read is as good as none.
    const auto csvPath = folder / kTrainingFile;
    if (const auto csv = readFile(csvPath)) {
        if (auto curves = readTrainingCsv(*csv, csvPath.string())) impl->curves = std::move(*curves);
    }
    return SizingModel(std::move(impl));
}

Result<void> SizingModel::save(const std::filesystem::path& folder) const {
    compute::WeightFile file;
    for (std::size_t i = 0; i < m_impl->networks.size(); ++i) {
        for (auto& [name, weights] : m_impl->networks[i]->weights().tensors) {
            file.tensors[networkPrefix(i) + name] = weights;
        }
    }
    for (const auto& [name, weights] : m_impl->forwardWeights.tensors)
        file.tensors[std::string(kForwardPrefix) + name] = weights;
    const std::string bytes = compute::serialise(file);
    m_impl->description.weightsHash = sha256(bytes);
    // The card comes last: without it the weights are not taken for a model.
    if (const auto written = writeFileAtomically(folder / "weights.safetensors", bytes); !written)
        return written;
    if (!m_impl->curves.empty()) {
        const auto written = writeFileAtomically(folder / kTrainingFile, writeTrainingCsv(m_impl->curves));
        if (!written) return written;
    }
    return writeFileAtomically(folder / "model.yaml", writeModelYaml(m_impl->description));
}

const std::vector<TrainingCurve>& SizingModel::trainingCurves() const {
    return m_impl->curves;
}

const ModelCard& SizingModel::card() const {
    return m_impl->description.card;
}

void SizingModel::setProvenance(std::string command, std::string netlistFile, std::string datasetFolder) {
    ModelCard& card = m_impl->description.card;
    card.command = std::move(command);
    card.netlistFile = std::move(netlistFile);
    card.datasetFolder = std::move(datasetFolder);
}

const std::vector<Performance>& SizingModel::performances() const {
    return m_impl->description.performances;
}

std::vector<std::pair<double, double>> SizingModel::performanceRanges() const {
    return m_impl->description.performanceRanges;
}

Result<void> SizingModel::fitForwardModel(const simulation::AmplifierUnderTest& amplifier,
                                          const DesignSpace& space, const Dataset& dataset,
                                          const regression::GaussianProcessFit& settings,
                                          JobContext& context) {
    const auto known = withPerformances(dataset, performances());
    if (!known) return forward(known);
    if (const auto matches = checkVariables(dataset.variableNames, space); !matches) return forward(matches);
    return m_impl->fitForwardModel(amplifier, space, *known, settings, context);
}

Result<std::shared_ptr<const ForwardModel>>
SizingModel::forwardModel(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                          const DesignSpace& space) {
    if (m_impl->forwardModel) return m_impl->forwardModel;
    if (m_impl->forwardWeights.tensors.empty()) {
        return fail(ErrorCode::NotFound,
                    "The model has no forward model to rank proposals with: train it again.");
    }
    const ModelDescription& description = m_impl->description;
    auto model = ForwardModel::fromWeights(m_impl->forwardWeights, std::move(amplifier), space,
                                           description.performances, description.normalisation);
    if (!model) return forward(model);
    m_impl->forwardModel = std::move(*model);
    return m_impl->forwardModel;
}

Result<std::vector<std::vector<double>>>
SizingModel::sample(const Specification& specification, const SizingSampling& settings, JobContext& context) {
    for (const PinnedSize& pin : specification.pinned) {
        if (pin.variable < m_impl->variables.size() && std::isfinite(pin.value) && pin.value > 0) continue;
        return fail(ErrorCode::BadInput,
                    "A pinned size is not one of the model's, or not a positive number.");
    }
    const auto conditions = m_impl->conditionsFor({specification}, settings.count, settings.sampling.seed);
    if (!conditions) return forward(conditions);
    return m_impl->sample(*conditions, specification.pinned, settings.sampling, context);
}

Result<std::vector<std::vector<double>>>
SizingModel::sampleEach(const std::vector<Specification>& specifications, std::size_t count,
                        const diffusion::SamplingConfig& sampling, JobContext& context) {
    const auto conditions = m_impl->conditionsFor(specifications, count, sampling.seed);
    if (!conditions) return forward(conditions);
    return m_impl->sample(*conditions, {}, sampling, context);
}

} // namespace headroom::sizing
