#include "core/diffusion/torch/training_checkpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"

namespace headroom::diffusion {
namespace {

constexpr const char* kFingerprint = "fingerprint";
constexpr const char* kEpoch = "epoch";
constexpr const char* kStep = "step";
constexpr const char* kBestEpoch = "best_epoch";
constexpr const char* kBest = "best";
constexpr const char* kEpochLoss = "epoch_loss";
constexpr const char* kValidationLoss = "validation_loss";

/// The tensors that are always there, by name.
template <class State>
auto tensorsOf(State& state) {
    return std::array{std::pair{"values", &state.values}, std::pair{"first_moment", &state.firstMoment},
                      std::pair{"second_moment", &state.secondMoment}, std::pair{"average", &state.average}};
}

compute::Weights weightsOf(const torch::Tensor& tensor) {
    const auto host = tensor.detach().cpu().contiguous();
    const float* const first = host.data_ptr<float>();
    return {{host.numel()}, {first, first + host.numel()}};
}

compute::Weights weightsOf(const std::vector<float>& values) {
    return {{static_cast<std::int64_t>(values.size())}, values};
}

std::string hashOf(const torch::Tensor& tensor) {
    const auto host = tensor.detach().cpu().contiguous();
    const auto bytes = static_cast<std::size_t>(host.numel()) * sizeof(float);
    return sha256({reinterpret_cast<const char*>(host.data_ptr<float>()), bytes});
}

/// Reads parts of a checkpoint and remembers whether all of them were sound.
class CheckpointReader {
public:
    CheckpointReader(const compute::WeightFile& file, const torch::Tensor& like)
        : m_file(file)
        , m_like(like) {}

    torch::Tensor tensor(const std::string& name) {
        const auto found = m_file.tensors.find(name);
        if (found == m_file.tensors.end() ||
            found->second.values.size() != static_cast<std::size_t>(m_like.numel())) {
            m_isSound = false;
            return {};
        }
        return torch::tensor(found->second.values, torch::kFloat32).to(m_like.device());
    }

    std::vector<float> losses(const std::string& name) {
        const auto found = m_file.tensors.find(name);
        m_isSound = m_isSound && found != m_file.tensors.end();
        return found == m_file.tensors.end() ? std::vector<float>() : found->second.values;
    }

    template <class Number>
    Number number(const std::string& name) {
        Number value = 0;
        const auto found = m_file.metadata.find(name);
        if (found == m_file.metadata.end()) {
            m_isSound = false;
            return value;
        }
        const std::string& text = found->second;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
        m_isSound =
            m_isSound && read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= 0;
        return value;
    }

    bool isSound() const { return m_isSound; }

private:
    const compute::WeightFile& m_file;
    torch::Tensor m_like;
    bool m_isSound = true;
};

} // namespace

std::string trainingFingerprint(const DenoiserConfig& denoiser, const TrainingConfig& config,
                                const torch::Tensor& data, const torch::Tensor& conditions,
                                const torch::Tensor& firstWeights) {
    std::string text = denoiser.toString();
    for (const std::vector<int>& group : denoiser.groups) {
        text += "\ngroup";
        for (const int token : group)
            text += fmt::format(" {}", token);
    }
    text += fmt::format("\n{} {} {} {} {} {} {} {} {}", config.epochs, config.batchSize,
                        formatExact(config.learningRate), formatExact(config.weightDecay),
                        formatExact(config.conditionDropout), formatExact(config.averageDecay),
                        formatExact(config.validationShare), config.patience, config.seed);
    for (const auto* tensor : {&data, &conditions, &firstWeights})
        text += '\n' + hashOf(*tensor);
    return sha256(text);
}

compute::WeightFile toCheckpoint(const TrainingState& state, const std::string& fingerprint) {
    compute::WeightFile file;
    for (const auto& [name, tensor] : tensorsOf(state))
        file.tensors[name] = weightsOf(*tensor);
    if (state.best.defined()) file.tensors[kBest] = weightsOf(state.best);
    file.tensors[kEpochLoss] = weightsOf(state.report.epochLoss);
    file.tensors[kValidationLoss] = weightsOf(state.report.validationLoss);
    file.metadata = {{kFingerprint, fingerprint},
                     {kEpoch, fmt::to_string(state.epoch)},
                     {kStep, fmt::to_string(state.step)},
                     {kBestEpoch, fmt::to_string(state.report.bestEpoch)}};
    return file;
}

Result<void> readCheckpoint(const std::filesystem::path& path, const std::string& fingerprint,
                            TrainingState& state) {
    const auto file = compute::readWeightFile(path);
    if (!file) return forward(file);
    const auto made = file->metadata.find(kFingerprint);
    if (made == file->metadata.end() || made->second != fingerprint) {
        return failAt(ErrorCode::BadInput, path.string(), 0,
                      "The checkpoint is of another training: its data or settings differ.");
    }
    CheckpointReader reader(*file, state.values);
    TrainingState read;
    for (const auto& [name, tensor] : tensorsOf(read))
        *tensor = reader.tensor(name);
    if (file->tensors.contains(kBest)) read.best = reader.tensor(kBest);
    read.epoch = reader.number<int>(kEpoch);
    read.step = reader.number<std::int64_t>(kStep);
    read.report.bestEpoch = reader.number<int>(kBestEpoch);
    read.report.epochLoss = reader.losses(kEpochLoss);
    read.report.validationLoss = reader.losses(kValidationLoss);
    read.report.resumedAt = read.epoch;
    if (!reader.isSound() || read.report.epochLoss.size() != static_cast<std::size_t>(read.epoch))
        return failAt(ErrorCode::Corrupt, path.string(), 0, "The checkpoint is damaged.");
    state = std::move(read);
    return {};
}

} // namespace headroom::diffusion
