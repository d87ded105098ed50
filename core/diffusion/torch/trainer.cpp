#include "core/diffusion/torch/trainer.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "core/base/random.h"
#include "core/compute/torch/tensors.h"

namespace headroom::diffusion {
namespace {

constexpr int kValidations = 100;                   // in the course of a training
constexpr int kValidationDraws = 8;                 // of noise for each row
constexpr std::uint64_t kSplitStream = 1ULL << 40U; // epochs draw from the streams 1, 2, ...

} // namespace

/// What one pass over the data draws, row by row in the order of the pass.
struct Trainer::Epoch {
    torch::Tensor rows;  ///< which row of the data
    torch::Tensor time;  ///< t, from 1 to T
    torch::Tensor noise; ///< eps, rows x tokens
    torch::Tensor given; ///< rows x 1: 0 where the conditions are hidden, else 1
    std::int64_t batches = 1;
};

Trainer::Trainer(Denoiser& denoiser, compute::FlatParameters& parameters, const NoiseSchedule& schedule,
                 const DenoiserConfig& shape, const TrainingConfig& config)
    : m_denoiser(denoiser)
    , m_parameters(parameters)
    , m_shape(shape)
    , m_config(config)
    , m_steps(schedule.steps())
    , m_device(parameters.values().device()) {
    std::vector<float> signal, noise;
    for (int t = 0; t <= m_steps; ++t) {
        signal.push_back(static_cast<float>(schedule.signal(t)));
        noise.push_back(static_cast<float>(schedule.noise(t)));
    }
    m_signal = compute::column(signal, m_device);
    m_noise = compute::column(noise, m_device);
    static_cast<compute::AdamWState&>(m_state) = compute::AdamWState(parameters.values());
    m_state.values = parameters.values();
}

Trainer::Epoch Trainer::drawEpoch(Rows order, std::uint64_t stream, double dropout) const {
    RandomEngine engine(deriveSeed(m_config.seed, stream));
    const auto rows = static_cast<std::int64_t>(order.size());
    Epoch epoch;
    epoch.batches = std::max<std::int64_t>(1, (rows + m_config.batchSize / 2) / m_config.batchSize);
    shuffle(order, engine);

    std::vector<std::int64_t> time;
    std::vector<float> given;
    for (std::int64_t batch = 0; batch < epoch.batches; ++batch) {
        // Stratified over the batch, which lowers the variance of the loss.
        const auto size = rows * (batch + 1) / epoch.batches - rows * batch / epoch.batches;
        for (std::int64_t i = 0; i < size; ++i) {
            const double share = (static_cast<double>(i) + uniform(engine)) / static_cast<double>(size);
            time.push_back(std::min<std::int64_t>(m_steps, 1 + static_cast<std::int64_t>(share * m_steps)));
            given.push_back(uniform(engine) < dropout ? 0.0F : 1.0F);
        }
    }
    const auto tokens = m_denoiser->tokens();
    auto noise = torch::empty({rows, tokens}, torch::kFloat32);
    float* const values = noise.data_ptr<float>();
    for (std::int64_t i = 0; i < noise.numel(); ++i)
        values[i] = static_cast<float>(normal(engine));

    epoch.rows = torch::tensor(order, torch::kInt64).to(m_device);
    epoch.time = torch::tensor(time, torch::kInt64).to(m_device);
    epoch.noise = noise.to(m_device);
    epoch.given = compute::column(given, m_device);
    return epoch;
}

torch::Tensor Trainer::loss(const torch::Tensor& data, const torch::Tensor& conditions, const Epoch& epoch,
                            std::int64_t begin, std::int64_t end) {
    const auto rows = epoch.rows.slice(0, begin, end);
    const auto time = epoch.time.slice(0, begin, end);
    const auto eps = epoch.noise.slice(0, begin, end);
    const auto given = epoch.given.slice(0, begin, end);
    const auto clean = data.index_select(0, rows);
    const auto signal = m_signal.index_select(0, time);
    const auto noise = m_noise.index_select(0, time);
    auto embedding = m_denoiser->embedTime(time.to(torch::kFloat32));
    const auto absent = m_denoiser->absentConditions();
    if (conditions.size(1) > 0) {
        embedding = embedding +
                    torch::lerp(absent, m_denoiser->embedConditions(conditions.index_select(0, rows)), given);
    } else {
        embedding = embedding + absent;
    }
    const auto predicted = m_denoiser->predict(clean * signal + eps * noise, embedding);
    return torch::mse_loss(predicted, velocity(signal, noise, clean, eps));
}

Result<float> Trainer::trainEpoch(const torch::Tensor& data, const torch::Tensor& conditions,
                                  const Epoch& epoch, int number, JobContext& context) {
    const auto rows = epoch.rows.size(0);
    auto sum = torch::zeros({}, m_signal.options());
    const compute::AdamWSettings settings{m_config.learningRate, m_config.weightDecay, m_config.averageDecay,
                                          epoch.batches * m_config.epochs};
    for (std::int64_t batch = 0; batch < epoch.batches; ++batch) {
        if (context.cancelled()) return failCancelled();
        const auto begin = rows * batch / epoch.batches;
        const auto end = rows * (batch + 1) / epoch.batches;
        const auto value = loss(data, conditions, epoch, begin, end);
        value.backward();
        compute::takeStep(m_parameters, m_state, settings);
        sum.add_(value.detach(), static_cast<double>(end - begin) / static_cast<double>(rows));
    }
    const float mean = sum.item<float>();
    if (std::isfinite(mean)) return mean;
    return fail(ErrorCode::Convergence,
                fmt::format("Training diverged in epoch {}: lower the learning rate.", number));
}

/// The loss of the averaged weights.
Result<float> Trainer::validate(const torch::Tensor& data, const torch::Tensor& conditions,
                                const std::vector<Epoch>& draws, JobContext& context) {
    const torch::NoGradGuard noGrad;
    const auto trained = m_parameters.values().clone();
    m_parameters.values().copy_(m_state.average);
    float sum = 0;
    for (const Epoch& draw : draws) {
        if (context.cancelled()) return failCancelled();
        sum += loss(data, conditions, draw, 0, draw.rows.size(0)).item<float>();
    }
    m_parameters.values().copy_(trained);
    return sum / static_cast<float>(draws.size());
}

Trainer::Rows Trainer::splitRows(std::int64_t count, Rows& kept) const {
    Rows rows(static_cast<std::size_t>(count));
    std::iota(rows.begin(), rows.end(), 0);
    RandomEngine engine(deriveSeed(m_config.seed, kSplitStream));
    shuffle(rows, engine);
    auto aside = static_cast<std::size_t>(m_config.validationShare * static_cast<double>(rows.size()));
    if (aside < fewestValidationRows) aside = 0;
    kept.assign(rows.end() - static_cast<std::ptrdiff_t>(aside), rows.end());
    rows.resize(rows.size() - aside);
    return rows;
}

/// Trains one more epoch and judges the averaged weights where it is time to.
Result<void> Trainer::runEpoch(const torch::Tensor& data, const torch::Tensor& conditions, const Rows& rows,
                               const std::vector<Epoch>& draws, JobContext& context) {
    const int number = m_state.epoch + 1;
    TrainingReport& report = m_state.report;
    const bool isTime = number % report.validationInterval == 0 || number == m_config.epochs;
    const Epoch epoch = drawEpoch(rows, static_cast<std::uint64_t>(number), m_config.conditionDropout);
    const auto mean = trainEpoch(data, conditions, epoch, number, context);
    if (!mean) return forward(mean);
    if (!draws.empty() && isTime) {
        const auto loss = validate(data, conditions, draws, context);
        if (!loss) return forward(loss);
        const auto least = std::min_element(report.validationLoss.begin(), report.validationLoss.end());
        if (least == report.validationLoss.end() || *loss < *least) {
            m_state.best = m_state.average.clone();
            report.bestEpoch = number;
        }
        report.validationLoss.push_back(*loss);
    }
    report.epochLoss.push_back(*mean);
    m_state.epoch = number;
    if (isTime && m_config.watch) m_config.watch(report);
    context.progress(static_cast<double>(number) / m_config.epochs,
                     fmt::format("Training epoch {} of {}, loss {:.4f}", number, m_config.epochs,
                                 static_cast<double>(*mean)));
    return {};
}

bool Trainer::isDone() const {
    if (m_state.epoch >= m_config.epochs) return true;
    return m_config.patience > 0 && m_state.best.defined() &&
           m_state.epoch - m_state.report.bestEpoch >= m_config.patience;
}

void Trainer::resume(const std::string& fingerprint, JobContext& context) {
    const auto read = readCheckpoint(m_config.checkpointFile, fingerprint, m_state);
    if (read) {
        const torch::NoGradGuard noGrad;
        m_parameters.values().copy_(m_state.values);
        m_state.values = m_parameters.values();
        context.log(fmt::format("Training goes on after epoch {} of {}.", m_state.epoch, m_config.epochs));
    } else if (read.error().code != ErrorCode::NotFound) {
        context.log(fmt::format("Training begins anew. {}", read.error().describe()));
    }
}

/// Training is worth more than its checkpoints: one that cannot be written is the last one that is tried.
void Trainer::keepCheckpoint(const compute::WeightFile& checkpoint, JobContext& context) {
    const auto written = compute::writeWeightFile(m_config.checkpointFile, checkpoint);
    if (written) return;
    context.log(fmt::format("Training goes on without checkpoints. {}", written.error().describe()));
    m_config.checkpointFile.clear();
}

Result<TrainingReport> Trainer::run(const torch::Tensor& data, const torch::Tensor& conditions,
                                    JobContext& context) {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    Rows kept;
    const Rows rows = splitRows(data.size(0), kept);
    std::vector<Epoch> draws;
    for (std::uint64_t i = 1; !kept.empty() && i <= kValidationDraws; ++i)
        draws.push_back(drawEpoch(kept, kSplitStream + i, 0));
    std::string fingerprint;
    if (!m_config.checkpointFile.empty()) {
        fingerprint = trainingFingerprint(m_shape, m_config, data, conditions, m_state.values);
        resume(fingerprint, context);
    }
    m_state.report.validationInterval = std::max(1, m_config.epochs / kValidations);
    compute::WeightFile checkpoint;
    auto lastKept = start;
    double rested = 0;
    while (!isDone()) {
        rested += context.waitWhilePaused();
        if (const auto done = runEpoch(data, conditions, rows, draws, context); !done) {
            const bool wasStopped = done.error().code == ErrorCode::Cancelled;
            if (wasStopped && !checkpoint.tensors.empty()) keepCheckpoint(checkpoint, context);
            return forward(done);
        }
        if (m_config.checkpointFile.empty()) continue;
        checkpoint = toCheckpoint(m_state, fingerprint);
        const double age = std::chrono::duration<double>(Clock::now() - lastKept).count();
        if (age < m_config.checkpointSeconds && !isDone()) continue;
        keepCheckpoint(checkpoint, context);
        lastKept = Clock::now();
    }
    if (!m_state.best.defined()) {
        m_state.best = m_state.average;
        m_state.report.bestEpoch = m_state.epoch;
    }
    const torch::NoGradGuard noGrad;
    m_parameters.values().copy_(m_state.best);
    m_state.report.seconds = std::chrono::duration<double>(Clock::now() - start).count() - rested;
    return m_state.report;
}

} // namespace headroom::diffusion
