#include <cmath>
#include <memory>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/compute/network_library.h"
#include "core/diffusion/diffusion_model.h"

namespace headroom::diffusion {
namespace {

using compute::DeviceChoice;

/// Distributions whose conditional moments are known.
class DiffusionQualityTest : public testing::Test {
protected:
    void SetUp() override {
        if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
        const auto library = compute::NetworkLibrary::load();
        ASSERT_TRUE(library) << library.error().describe();
    }

    std::unique_ptr<DiffusionModel> train(const MatrixF& data, const MatrixF& conditions, int epochs) {
        DenoiserConfig config;
        config.tokens = static_cast<int>(data.cols());
        config.conditions = static_cast<int>(conditions.cols());
        config.width = 32;
        config.depth = 2;
        config.heads = 2;
        config.feedForward = 64;
        auto model = createDiffusionModel(config, 1, DeviceChoice::Cpu);
        EXPECT_TRUE(model) << model.error().describe();
        TrainingConfig training;
        training.epochs = epochs;
        training.batchSize = 256;
        training.learningRate = 3e-3;
        const auto report = (*model)->train(data, conditions, training, m_context);
        EXPECT_TRUE(report) << report.error().describe();
        return std::move(*model);
    }

    MatrixF sampleAt(DiffusionModel& model, float condition, const SamplingConfig& sampling,
                     int count = 2000) {
        const MatrixF conditions = MatrixF::Constant(count, 1, condition);
        auto samples = model.sample(conditions, sampling, m_context);
        EXPECT_TRUE(samples) << samples.error().describe();
        return *samples;
    }

    SilentContext m_context;
};

struct Moments {
    double mean0, mean1, deviation0, deviation1, correlation;
};

Moments moments(const MatrixF& samples) {
    const Eigen::MatrixXd x = samples.cast<double>();
    const Eigen::RowVectorXd mean = x.colwise().mean();
    const Eigen::MatrixXd centred = x.rowwise() - mean;
    const Eigen::MatrixXd covariance = centred.transpose() * centred / static_cast<double>(x.rows() - 1);
    const double d0 = std::sqrt(covariance(0, 0));
    const double d1 = std::sqrt(covariance(1, 1));
    return {mean(0), mean(1), d0, d1, covariance(0, 1) / (d0 * d1)};
}

/// x0 = 0.8 c + 0.36 a, x1 = -0.5 c + 0.36 (0.6 a + 0.8 b): given c, a correlated Gaussian.
TEST_F(DiffusionQualityTest, LearnsAConditionalGaussian) {
    RandomEngine engine(3);
    MatrixF data(4096, 2);
    MatrixF conditions(4096, 1);
    for (Eigen::Index i = 0; i < data.rows(); ++i) {
        const double c = normal(engine);
        const double a = normal(engine);
        const double b = normal(engine);
        conditions(i, 0) = static_cast<float>(c);
        data(i, 0) = static_cast<float>(0.8 * c + 0.36 * a);
        data(i, 1) = static_cast<float>(-0.5 * c + 0.36 * (0.6 * a + 0.8 * b));
    }
    const auto model = train(data, conditions, 60);
    for (const double eta : {1.0, 0.0}) {
        SamplingConfig sampling;
        sampling.stochasticity = eta;
        for (const float c : {-1.0F, 0.0F, 1.2F}) {
            const auto m = moments(sampleAt(*model, c, sampling));
            EXPECT_NEAR(m.mean0, 0.8 * static_cast<double>(c), 0.08) << "eta " << eta << " c " << c;
            EXPECT_NEAR(m.mean1, -0.5 * static_cast<double>(c), 0.08) << "eta " << eta << " c " << c;
            EXPECT_NEAR(m.deviation0, 0.36, 0.06) << "eta " << eta << " c " << c;
            EXPECT_NEAR(m.deviation1, 0.36, 0.06) << "eta " << eta << " c " << c;
            EXPECT_NEAR(m.correlation, 0.6, 0.12) << "eta " << eta << " c " << c;
        }
    }
    // Without conditions: the marginal, whose variance is 0.64 + 0.13.
    SamplingConfig unconditional;
    unconditional.guidance = 0;
    const auto m = moments(sampleAt(*model, 1.2F, unconditional));
    EXPECT_NEAR(m.mean0, 0, 0.12);
    EXPECT_NEAR(m.deviation0, std::sqrt(0.64 + 0.36 * 0.36), 0.12);
    // A known x0 of one deviation above its mean: given it, x1 is 0.6 deviations above its own, and narrower.
    SamplingConfig known;
    known.known = {{0, 0.4F + 0.36F}};
    const auto k = moments(sampleAt(*model, 0.5F, known));
    EXPECT_NEAR(k.mean0, 0.76, 1e-6);
    EXPECT_NEAR(k.deviation0, 0, 1e-6);
    EXPECT_NEAR(k.mean1, -0.25 + 0.6 * 0.36, 0.08);
    EXPECT_NEAR(k.deviation1, 0.8 * 0.36, 0.06);
    // Guidance above one moves towards what sets the condition apart and narrows.
    SamplingConfig guided;
    guided.guidance = 2;
    const auto g = moments(sampleAt(*model, 1.2F, guided));
    EXPECT_GT(g.mean0, 0.8 * 1.2);
    EXPECT_LT(g.deviation0, 0.36);
}

/// x0 = s (0.9 + 0.2 c) + noise with s = +-1 and x1 = -x0 + noise: two modes that move with c.
TEST_F(DiffusionQualityTest, LearnsBothModesOfAMixture) {
    RandomEngine engine(4);
    MatrixF data(4096, 2);
    MatrixF conditions(4096, 1);
    for (Eigen::Index i = 0; i < data.rows(); ++i) {
        const double c = normal(engine);
        const double side = uniform(engine) < 0.5 ? -1 : 1;
        const double x = side * (0.9 + 0.2 * c) + 0.1 * normal(engine);
        conditions(i, 0) = static_cast<float>(c);
        data(i, 0) = static_cast<float>(x);
        data(i, 1) = static_cast<float>(-x + 0.1 * normal(engine));
    }
    const auto model = train(data, conditions, 60);
    const MatrixF samples = sampleAt(*model, 0.5F, {});
    int positive = 0;
    int between = 0;
    double sum = 0;
    for (Eigen::Index i = 0; i < samples.rows(); ++i) {
        const double x = static_cast<double>(samples(i, 0));
        positive += x > 0 ? 1 : 0;
        between += std::abs(x) < 0.5 ? 1 : 0;
        sum += std::abs(x);
    }
    const double count = static_cast<double>(samples.rows());
    EXPECT_NEAR(positive / count, 0.5, 0.1);
    EXPECT_LT(between / count, 0.05);
    EXPECT_NEAR(sum / count, 1.0, 0.06);
    EXPECT_LT(moments(samples).correlation, -0.95);
}

TEST_F(DiffusionQualityTest, RemembersASingleBatch) {
    MatrixF data(8, 2);
    MatrixF conditions(8, 1);
    for (int i = 0; i < 8; ++i) {
        conditions(i, 0) = static_cast<float>(i - 3.5) / 2.3F;
        data(i, 0) = i % 2 == 0 ? 1.0F : -1.0F;
        data(i, 1) = i % 4 < 2 ? 1.0F : -1.0F;
    }
    const auto model = train(data.replicate(32, 1), conditions.replicate(32, 1), 600);
    const auto samples = model->sample(conditions, {}, m_context);
    ASSERT_TRUE(samples);
    EXPECT_LT((*samples - data).cwiseAbs().maxCoeff(), 0.25F) << *samples;
}

} // namespace
} // namespace headroom::diffusion
