#include "core/diffusion/diffusion_model.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/compute/network_library.h"

namespace headroom::diffusion {
namespace {

using compute::DeviceChoice;

DenoiserConfig smallConfig() {
    DenoiserConfig config;
    config.tokens = 3;
    config.conditions = 2;
    config.width = 16;
    config.depth = 2;
    config.heads = 2;
    config.feedForward = 32;
    return config;
}

MatrixF randomMatrix(int rows, int cols, std::uint64_t seed) {
    RandomEngine engine(seed);
    MatrixF matrix(rows, cols);
    for (Eigen::Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(normal(engine));
    return matrix;
}

class DiffusionModelTest : public testing::Test {
protected:
    void SetUp() override {
        if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
        const auto library = compute::NetworkLibrary::load();
        ASSERT_TRUE(library) << library.error().describe();
    }

    std::unique_ptr<DiffusionModel> create(const DenoiserConfig& config, std::uint64_t seed = 1) {
        auto model = createDiffusionModel(config, seed, DeviceChoice::Cpu);
        EXPECT_TRUE(model) << model.error().describe();
        return model ? std::move(*model) : nullptr;
    }

    /// A model whose every weight matters, unlike that of a fresh one with its gates at zero.
    std::unique_ptr<DiffusionModel> createTrained(std::uint64_t seed = 1) {
        auto model = create(smallConfig(), seed);
        TrainingConfig training;
        training.epochs = 3;
        training.batchSize = 16;
        training.averageDecay = 0;
        training.learningRate = 1e-2;
        EXPECT_TRUE(model->train(randomMatrix(64, 3, 5), randomMatrix(64, 2, 6), training, m_context));
        return model;
    }

    SilentContext m_context;
};

TEST(DiffusionConfig, NamesWhatIsOutOfRange) {
    auto config = smallConfig();
    EXPECT_TRUE(config.validate());
    config.heads = 3;
    ASSERT_FALSE(config.validate());
    EXPECT_NE(config.validate().error().message.find("heads"), std::string::npos);
    config = smallConfig();
    config.tokens = 0;
    ASSERT_FALSE(config.validate());
    EXPECT_NE(config.validate().error().message.find("tokens"), std::string::npos);
    TrainingConfig training;
    EXPECT_TRUE(training.validate());
    training.learningRate = std::numeric_limits<double>::quiet_NaN();
    EXPECT_FALSE(training.validate());
    SamplingConfig sampling;
    EXPECT_TRUE(sampling.validate());
    sampling.steps = 0;
    EXPECT_FALSE(sampling.validate());
}

TEST_F(DiffusionModelTest, RefusesInputsOfOtherShapesAndValuesThatAreNotFinite) {
    auto model = create(smallConfig());
    const TrainingConfig training;
    EXPECT_EQ(model->train(randomMatrix(8, 4, 1), randomMatrix(8, 2, 1), training, m_context).error().code,
              ErrorCode::BadInput);
    EXPECT_EQ(model->train(randomMatrix(8, 3, 1), randomMatrix(7, 2, 1), training, m_context).error().code,
              ErrorCode::BadInput);
    EXPECT_EQ(model->train(MatrixF(0, 3), MatrixF(0, 2), training, m_context).error().code,
              ErrorCode::BadInput);
    auto data = randomMatrix(8, 3, 1);
    data(4, 2) = std::numeric_limits<float>::infinity();
    const auto infinite = model->train(data, randomMatrix(8, 2, 1), training, m_context);
    ASSERT_FALSE(infinite);
    EXPECT_NE(infinite.error().message.find("Row 5, column 3 of the data"), std::string::npos);
    EXPECT_EQ(model->sample(randomMatrix(8, 3, 1), {}, m_context).error().code, ErrorCode::BadInput);
}

TEST_F(DiffusionModelTest, SamplesNothingForNoRows) {
    auto model = create(smallConfig());
    const auto samples = model->sample(MatrixF(0, 2), {}, m_context);
    ASSERT_TRUE(samples);
    EXPECT_EQ(samples->rows(), 0);
    EXPECT_EQ(samples->cols(), 3);
}

TEST_F(DiffusionModelTest, SavedAndLoadedWeightsGiveIdenticalSamples) {
    auto model = createTrained();
    const auto bytes = compute::serialise(model->weights());
    const auto file = compute::parseWeightFile(bytes, "x");
    ASSERT_TRUE(file);
    auto loaded = loadDiffusionModel(smallConfig(), *file, DeviceChoice::Cpu);
    ASSERT_TRUE(loaded) << loaded.error().describe();
    const auto conditions = randomMatrix(20, 2, 9);
    SamplingConfig sampling;
    sampling.guidance = 1.5;
    const auto expected = model->sample(conditions, sampling, m_context);
    const auto actual = (*loaded)->sample(conditions, sampling, m_context);
    ASSERT_TRUE(expected && actual);
    EXPECT_TRUE(expected->allFinite());
    EXPECT_EQ(*expected, *actual);
}

TEST_F(DiffusionModelTest, EqualSeedsGiveEqualModelsAndSamples) {
    auto first = createTrained(4);
    auto second = createTrained(4);
    EXPECT_EQ(compute::serialise(first->weights()), compute::serialise(second->weights()));
    EXPECT_NE(compute::serialise(first->weights()), compute::serialise(createTrained(5)->weights()));
    SamplingConfig sampling;
    const auto conditions = randomMatrix(10, 2, 9);
    const auto samples = first->sample(conditions, sampling, m_context);
    EXPECT_EQ(*samples, *second->sample(conditions, sampling, m_context));
    sampling.seed = 2;
    EXPECT_NE(*samples, *first->sample(conditions, sampling, m_context));
}

TEST_F(DiffusionModelTest, ASampleDoesNotDependOnHowManyThereAre) {
    auto model = createTrained();
    const auto conditions = randomMatrix(30, 2, 9);
    const auto many = model->sample(conditions, {}, m_context);
    const auto few = model->sample(conditions.topRows(7), {}, m_context);
    ASSERT_TRUE(many && few);
    EXPECT_LT((many->topRows(7) - *few).cwiseAbs().maxCoeff(), 1e-4F);
}

TEST_F(DiffusionModelTest, GuidanceOfZeroIgnoresTheConditions) {
    auto model = createTrained();
    SamplingConfig sampling;
    sampling.guidance = 0;
    const auto samples = model->sample(randomMatrix(10, 2, 1), sampling, m_context);
    EXPECT_EQ(*samples, *model->sample(randomMatrix(10, 2, 2), sampling, m_context));
    sampling.guidance = 1;
    EXPECT_NE(*model->sample(randomMatrix(10, 2, 1), sampling, m_context),
              *model->sample(randomMatrix(10, 2, 2), sampling, m_context));
}

TEST_F(DiffusionModelTest, TheClampBoundsTheSamples) {
    auto model = createTrained();
    SamplingConfig sampling;
    sampling.clamp = 0.25;
    const auto samples = model->sample(randomMatrix(50, 2, 1), sampling, m_context);
    ASSERT_TRUE(samples);
    EXPECT_LE(samples->cwiseAbs().maxCoeff(), 0.2501F);
    EXPECT_GT(samples->cwiseAbs().maxCoeff(), 0.2F);
}

TEST_F(DiffusionModelTest, ATemperatureOfZeroLeavesNothingToChance) {
    auto model = createTrained();
    const auto conditions = randomMatrix(10, 2, 1);
    SamplingConfig sampling;
    sampling.temperature = 0;
    const auto samples = model->sample(conditions, sampling, m_context);
    ASSERT_TRUE(samples);
    sampling.seed = 2;
    EXPECT_EQ(*samples, *model->sample(conditions, sampling, m_context));
    sampling.temperature = 0.5;
    EXPECT_NE(*samples, *model->sample(conditions, sampling, m_context));
}

/// Noise has nothing in it that could be learnt: what goes on after a while is learning by heart.
TEST_F(DiffusionModelTest, KeepsTheWeightsThatDoBestOnRowsThatTheyDoNotKnow) {
    const MatrixF data = randomMatrix(64, 3, 5);
    const MatrixF conditions = randomMatrix(64, 2, 6);
    TrainingConfig training;
    training.epochs = 400;
    training.batchSize = 16;
    training.learningRate = 1e-2;
    training.weightDecay = 0;
    training.averageDecay = 0.9;
    training.validationShare = 0.5;
    const auto judged = create(smallConfig())->train(data, conditions, training, m_context);
    ASSERT_TRUE(judged) << judged.error().describe();
    ASSERT_GT(judged->validationLoss.size(), 50U);
    EXPECT_GE(judged->bestEpoch, 1);
    EXPECT_LT(judged->bestEpoch, training.epochs / 2);
    const auto& loss = judged->validationLoss;
    EXPECT_GT(loss.back(), 1.2F * *std::min_element(loss.begin(), loss.end()));

    training.validationShare = 0;
    const auto blind = create(smallConfig())->train(data, conditions, training, m_context);
    ASSERT_TRUE(blind);
    EXPECT_TRUE(blind->validationLoss.empty());
    EXPECT_EQ(blind->bestEpoch, training.epochs);
}

TEST_F(DiffusionModelTest, CorruptWeightsAreRefusedByName) {
    const auto good = createTrained()->weights();
    const auto refuse = [&](const compute::WeightFile& file, const std::string& name) {
        const auto model = loadDiffusionModel(smallConfig(), file, DeviceChoice::Cpu);
        ASSERT_FALSE(model);
        EXPECT_EQ(model.error().code, ErrorCode::Corrupt);
        EXPECT_NE(model.error().message.find(name), std::string::npos) << model.error().message;
    };
    const std::string name = "block0.feed_in.weight";
    auto file = good;
    file.tensors.erase(name);
    refuse(file, name);
    file = good;
    file.tensors[name].shape = {16, 32};
    refuse(file, name);
    file = good;
    file.tensors[name].values.pop_back();
    refuse(file, name);
    file = good;
    file.tensors[name].values[3] = std::numeric_limits<float>::quiet_NaN();
    refuse(file, name);
    file = good;
    file.tensors["stranger"] = {{1}, {0}};
    refuse(file, "stranger");
    auto other = smallConfig();
    other.tokens = 4;
    EXPECT_EQ(loadDiffusionModel(other, good, DeviceChoice::Cpu).error().code, ErrorCode::Corrupt);
}

/// Cancels itself after a number of questions.
class ImpatientContext final : public JobContext {
public:
    explicit ImpatientContext(int patience)
        : m_patience(patience) {}
    bool cancelled() const override { return --m_patience < 0; }
    void progress(double fraction, std::string_view activity) override {
        lastFraction = fraction;
        lastActivity = activity;
    }
    double lastFraction = 0;
    std::string lastActivity;

private:
    mutable std::atomic<int> m_patience;
};

TEST_F(DiffusionModelTest, CancelStopsTrainingAndKeepsTheFormerWeights) {
    auto model = create(smallConfig());
    const auto before = compute::serialise(model->weights());
    TrainingConfig training;
    training.epochs = 1000000;
    training.batchSize = 16;
    ImpatientContext context(9);
    const auto report = model->train(randomMatrix(64, 3, 5), randomMatrix(64, 2, 6), training, context);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::Cancelled);
    EXPECT_EQ(compute::serialise(model->weights()), before);
    EXPECT_GT(context.lastFraction, 0);
    EXPECT_NE(context.lastActivity.find("epoch 2 of 1000000"), std::string::npos) << context.lastActivity;
}

/// Stops a training from within, after so many reports of progress.
class StoppingContext final : public JobContext {
public:
    explicit StoppingContext(int reports)
        : m_left(reports) {}
    bool cancelled() const override { return m_left <= 0; }
    void progress(double, std::string_view) override { --m_left; }
    void log(std::string_view line) override { lines.emplace_back(line); }

    std::vector<std::string> lines;

private:
    int m_left;
};

class CheckpointTest : public DiffusionModelTest {
protected:
    void SetUp() override {
        DiffusionModelTest::SetUp();
        m_training.epochs = 12;
        m_training.batchSize = 16;
        m_training.learningRate = 1e-2;
        m_training.checkpointFile = std::filesystem::temp_directory_path() /
                                    ("headroom_checkpoint_" + std::to_string(::getpid())) / "a.safetensors";
    }
    void TearDown() override { std::filesystem::remove_all(m_training.checkpointFile.parent_path()); }

    Result<TrainingReport> train(DiffusionModel& model, JobContext& context) {
        return model.train(m_data, m_conditions, m_training, context);
    }

    TrainingConfig m_training;
    MatrixF m_data = randomMatrix(100, 3, 1);
    MatrixF m_conditions = randomMatrix(100, 2, 2);
};

TEST_F(CheckpointTest, AStoppedTrainingGoesOnToTheSameWeights) {
    StoppingContext whole(1000);
    const auto reference = create(smallConfig());
    const auto uninterrupted = train(*reference, whole);
    ASSERT_TRUE(uninterrupted) << uninterrupted.error().describe();
    std::filesystem::remove(m_training.checkpointFile);

    StoppingContext stopped(5);
    EXPECT_EQ(train(*create(smallConfig()), stopped).error().code, ErrorCode::Cancelled);
    ASSERT_TRUE(std::filesystem::exists(m_training.checkpointFile));
    const auto resumed = create(smallConfig());
    StoppingContext rest(1000);
    const auto report = train(*resumed, rest);
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_EQ(report->resumedAt, 5);
    EXPECT_EQ(report->epochLoss, uninterrupted->epochLoss);
    EXPECT_EQ(report->validationLoss, uninterrupted->validationLoss);
    EXPECT_EQ(report->bestEpoch, uninterrupted->bestEpoch);
    EXPECT_EQ(compute::serialise(resumed->weights()), compute::serialise(reference->weights()));

    // A training that is done is not done again.
    const auto again = create(smallConfig());
    EXPECT_EQ(train(*again, rest)->resumedAt, 12);
    EXPECT_EQ(compute::serialise(again->weights()), compute::serialise(reference->weights()));
}

TEST_F(CheckpointTest, AnotherTrainingsOrADamagedCheckpointIsNotUsedAndTheLogSaysSo) {
    StoppingContext context(1000);
    ASSERT_TRUE(train(*create(smallConfig()), context));
    const auto beginsAnew = [&] {
        StoppingContext listening(1000);
        const auto report = train(*create(smallConfig()), listening);
        return report && report->resumedAt == 0 && listening.lines.size() == 1 &&
               listening.lines.front().starts_with("Training begins anew.");
    };
    m_training.seed = 2;
    EXPECT_TRUE(beginsAnew());
    m_data(3, 1) += 0.5F;
    EXPECT_TRUE(beginsAnew());
    const std::string bytes = *readFile(m_training.checkpointFile);
    ASSERT_TRUE(writeFileAtomically(m_training.checkpointFile, bytes.substr(0, bytes.size() / 2)));
    EXPECT_TRUE(beginsAnew());
}

TEST_F(CheckpointTest, TrainingGoesOnWhereNoCheckpointCanBeWritten) {
    const auto file = m_training.checkpointFile;
    std::filesystem::create_directories(file.parent_path());
    ASSERT_TRUE(writeFileAtomically(file.parent_path() / "plain", "a file is no folder"));
    m_training.checkpointFile = file.parent_path() / "plain" / "a.safetensors";
    StoppingContext context(1000);
    EXPECT_TRUE(train(*create(smallConfig()), context));
    EXPECT_FALSE(context.lines.empty());
    m_training.checkpointFile = file;
}

TEST_F(CheckpointTest, PatienceEndsATrainingThatNoLongerImproves) {
    m_training.checkpointFile.clear();
    m_training.epochs = 400;
    m_training.patience = 20;
    m_training.averageDecay = 0;
    StoppingContext context(1000);
    // Conditions and data have nothing to do with each other: soon only the rows themselves are learned.
    const auto report = train(*create(smallConfig()), context);
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_LT(report->epochLoss.size(), 400U);
    EXPECT_GE(static_cast<int>(report->epochLoss.size()) - report->bestEpoch, 20);
}

TEST(Samplers, AreChosenByName) {
    SamplingConfig sampling;
    EXPECT_EQ(samplerOf(sampling), "ddpm");
    for (const std::string& name : samplerNames()) {
        ASSERT_TRUE(chooseSampler(sampling, name));
        EXPECT_EQ(samplerOf(sampling), name);
        EXPECT_TRUE(sampling.validate());
    }
    EXPECT_EQ(sampling.order, 2);
    const auto unknown = chooseSampler(sampling, "euler");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("dpm++"), std::string::npos);
    sampling.stochasticity = 0.5;
    EXPECT_EQ(samplerOf(sampling), "");
    sampling.order = 3;
    EXPECT_FALSE(sampling.validate());
}

TEST_F(DiffusionModelTest, CancelStopsSampling) {
    auto model = createTrained();
    ImpatientContext context(3);
    const auto samples = model->sample(randomMatrix(5, 2, 1), {}, context);
    ASSERT_FALSE(samples);
    EXPECT_EQ(samples.error().code, ErrorCode::Cancelled);
}

TEST_F(DiffusionModelTest, DivergenceIsAnErrorAndKeepsTheFormerWeights) {
    auto model = create(smallConfig());
    const auto before = compute::serialise(model->weights());
    TrainingConfig training;
    training.epochs = 3;
    auto data = randomMatrix(64, 3, 5);
    data(0, 0) = 1e30F;
    const auto report = model->train(data, randomMatrix(64, 2, 6), training, m_context);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::Convergence);
    EXPECT_EQ(compute::serialise(model->weights()), before);
}

TEST_F(DiffusionModelTest, ModelsWorkInSeveralThreads) {
    const auto expected = createTrained()->weights();
    std::vector<std::thread> threads;
    std::atomic<int> equal = 0;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            if (compute::serialise(createTrained()->weights()) == compute::serialise(expected)) ++equal;
        });
    }
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(equal, 3);
}

TEST_F(DiffusionModelTest, AGpuLearnsAndSaysWhatACpuDoes) {
    if (!compute::resolveDevice(DeviceChoice::Cuda)) GTEST_SKIP() << "There is no CUDA device.";
    const auto cpu = create(smallConfig());
    const auto gpu = createDiffusionModel(smallConfig(), 1, DeviceChoice::Cuda);
    ASSERT_TRUE(gpu) << gpu.error().describe();
    const MatrixF data = randomMatrix(256, 3, 5), conditions = randomMatrix(256, 2, 6);
    TrainingConfig training;
    training.epochs = 20;
    training.batchSize = 32;
    const auto onCpu = cpu->train(data, conditions, training, m_context);
    const auto onGpu = (*gpu)->train(data, conditions, training, m_context);
    ASSERT_TRUE(onCpu && onGpu);
    EXPECT_NEAR(onGpu->epochLoss.front(), onCpu->epochLoss.front(), 0.02F * onCpu->epochLoss.front());
    EXPECT_NEAR(onGpu->epochLoss.back(), onCpu->epochLoss.back(), 0.1F * onCpu->epochLoss.back());
    // The same weights and seed draw the same samples on both.
    const auto moved = loadDiffusionModel(smallConfig(), (*gpu)->weights(), DeviceChoice::Cpu);
    ASSERT_TRUE(moved) << moved.error().describe();
    for (const auto& sampler : samplerNames()) {
        SamplingConfig sampling;
        ASSERT_TRUE(chooseSampler(sampling, sampler));
        sampling.steps = 10;
        const auto here = (*moved)->sample(conditions, sampling, m_context);
        const auto there = (*gpu)->sample(conditions, sampling, m_context);
        ASSERT_TRUE(here && there) << sampler;
        EXPECT_LT((*here - *there).cwiseAbs().maxCoeff(), 1e-2F) << sampler;
    }
}

TEST_F(DiffusionModelTest, WorksWithoutConditionsAndWithOneToken) {
    auto config = smallConfig();
    config.tokens = 1;
    config.conditions = 0;
    auto model = create(config);
    TrainingConfig training;
    training.epochs = 2;
    ASSERT_TRUE(model->train(randomMatrix(20, 1, 1), MatrixF(20, 0), training, m_context));
    SamplingConfig sampling;
    sampling.guidance = 2;
    const auto samples = model->sample(MatrixF(4, 0), sampling, m_context);
    ASSERT_TRUE(samples) << samples.error().describe();
    EXPECT_EQ(samples->rows(), 4);
    EXPECT_TRUE(samples->allFinite());
}

} // namespace
} // namespace headroom::diffusion
