#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/compute/device.h"
#include "core/diffusion/diffusion_model.h"
#include "core/sizing/dataset.h"
#include "core/sizing/design_space.h"
#include "core/sizing/forward_model.h"
#include "core/sizing/model_origin.h"
#include "core/sizing/specification.h"
#include "core/sizing/training_curve.h"

namespace headroom::sizing {

/// How the circuit is divided among networks.
enum class Method {
    Blocks,      ///< one network per building block, recombined by averaging (the paper)
    Joint,       ///< one network for the whole circuit (baseline)
    Coordinated, ///< one network in which half of the attention stays within the building blocks
};
const char* toString(Method method); ///< "blocks", "joint", "coordinated"
std::optional<Method> methodFromName(std::string_view name);

struct SizingTraining {
    Method method = Method::Blocks;
    diffusion::TrainingConfig training;
    regression::GaussianProcessFit forwardModel;
    int width = 0, depth = 0; ///< of the denoiser; 0: its default
    /// Where every network keeps its checkpoint (see TrainingConfig), so that a training that was stopped or
    /// killed goes on; to be removed once the model is saved. Empty: nowhere.
    std::filesystem::path checkpoints;
    TrainingWatch watch = {}; ///< may be empty
};

/// How proposals are sampled unless told otherwise: few steps and less noise than in training. The spread of
/// the proposals is then narrower than that of the data, and more of them meet the specification.
inline constexpr int proposalSteps = 10;
inline constexpr double proposalTemperature = 0.65;
diffusion::SamplingConfig proposalSampling();
/// How many samples there are to choose from where only some are simulated.
inline constexpr std::size_t rankedCandidates = 256;

struct SizingSampling {
    std::size_t count = 100;
    diffusion::SamplingConfig sampling = proposalSampling();
};

/// Everything that the card beside the weights records.
struct ModelCard {
    Method method = Method::Blocks;
    std::string circuit;       ///< name of the top cell
    std::string technology;    ///< name
    std::string netlistHash;   ///< circuitHash()
    std::string netlistFile;   ///< reference (see referenceTo) to the netlist, from the model's folder
    std::string datasetFolder; ///< likewise, to the data set's folder
    std::string datasetHash;   ///< sha256 of the data set as CSV
    std::string device;        ///< that it was trained on
    std::string command;       ///< that reproduces it
    std::uint64_t seed = 0;
    double trainingSeconds = 0;     ///< of the diffusion models
    double forwardModelSeconds = 0; ///< of fitting the forward model
    std::size_t trainingRows = 0;
    ModelOrigin origin;
    /// Performances of the data set that do not vary with the sizes, so that the model does not know them.
    std::vector<Performance> leftOut;
    /// Performances whose spread the forward model cannot explain by the sizes.
    std::vector<Performance> unexplained;
    /// What evaluation measured on the held-out targets, e.g. "met_within_5_percent_best_of_8"; empty before.
    std::map<std::string, double> metrics;
    std::string metricsCommand; ///< that reproduces them
};

/// Diffusion models that together propose sizings of one circuit for a specification.
class SizingModel {
public:
    ~SizingModel();
    SizingModel(SizingModel&&) noexcept;
    SizingModel& operator=(SizingModel&&) noexcept;

    /// Trains one network per block (or one for all) on the data set's training rows, and fits a forward
    /// model on the same rows. Errors: those of prepareTraining(), checkVariables() and
    /// diffusion::DiffusionModel::train().
    static Result<SizingModel> train(const simulation::AmplifierUnderTest& amplifier,
                                     const DesignSpace& space, const Dataset& dataset,
                                     const SizingTraining& settings, compute::DeviceChoice device,
                                     JobContext& context);

    /// Reads <folder>/model.yaml, <folder>/weights.safetensors and <folder>/training.csv, which may be
    /// missing. Errors: NotFound, Corrupt (hash, shape, version), BadInput where the model was trained on
    /// other variables than @p space has.
    static Result<SizingModel> load(const std::filesystem::path& folder, const DesignSpace& space,
                                    compute::DeviceChoice device);
    Result<void> save(const std::filesystem::path& folder) const;

    const ModelCard& card() const;
    /// How the networks were trained; empty where <folder>/training.csv is missing.
    const std::vector<TrainingCurve>& trainingCurves() const;
    /// What only the caller knows: the command that reproduces the model and where its sources are.
    void setProvenance(std::string command, std::string netlistFile, std::string datasetFolder);
    const std::vector<Performance>& performances() const;

    /// Range of each performance over the training rows: what a specification can sensibly ask for.
    std::vector<std::pair<double, double>> performanceRanges() const;

    /// Fits the forward model anew, on the data set's training rows; the networks stay. Errors: those of
    /// ForwardModel::fit, and BadInput where the data set lacks a performance of the model.
    Result<void> fitForwardModel(const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                                 const Dataset& dataset, const regression::GaussianProcessFit& settings,
                                 JobContext& context);

    /// What predicts performances before they are simulated; worked out on the first call, in a second or
    /// less. Error NotFound where the model was trained before there were forward models.
    Result<std::shared_ptr<const ForwardModel>>
    forwardModel(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier, const DesignSpace& space);

    /// Proposes sizings, one per row, as values of the space's variables (SI units, within the legal
    /// ranges, not snapped). Blocks that share a variable are averaged.
    /// Performances that the specification leaves free take values that go with what it asks for, see
    /// FreePerformances. Pinned sizes are kept, and the others sampled to fit them. Errors: those of
    /// checkSpecification; BadInput where something is free and the model has no forward model.
    Result<std::vector<std::vector<double>>> sample(const Specification& specification,
                                                    const SizingSampling& settings, JobContext& context);

    /// @p count sizings for each of several specifications that pin nothing; same order.
    Result<std::vector<std::vector<double>>> sampleEach(const std::vector<Specification>& specifications,
                                                        std::size_t count,
                                                        const diffusion::SamplingConfig& sampling,
                                                        JobContext& context);

private:
    struct Impl;
    explicit SizingModel(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::sizing
