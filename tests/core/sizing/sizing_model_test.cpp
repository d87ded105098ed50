// Training, saving and sampling with real networks on a small synthetic data set whose answer is known.

#include "core/sizing/sizing_model.h"

#include <cmath>
#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/base/statistics.h"
#include "core/sizing/evaluation.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

namespace fs = std::filesystem;

class SizingModelTest : public testing::Test {
protected:
    /// Sizes that are decided by the first performance: every width is proportional to the transit frequency.
    Dataset proportionalDataset() {
        Dataset dataset;
        dataset.performances = {Performance::TransitFrequency, Performance::GainDb};
        for (const Variable& variable : m_space.variables())
            dataset.variableNames.push_back(variable.name);
        RandomEngine engine(21);
        for (int i = 0; i < 400; ++i) {
            const double frequency = logUniform(engine, 1e6, 1e8);
            const double gain = uniform(engine, 40, 60);
            DataRow row{{}, {frequency, gain}};
            for (const Variable& variable : m_space.variables()) {
                const double middle = std::sqrt(variable.low * variable.high);
                const double law =
                    variable.parameter == "w" ? std::pow(frequency / 1e7, 0.5) : std::exp((gain - 50) / 20);
                row.values.push_back(middle * law * std::exp(0.02 * normal(engine)));
            }
            dataset.rows.push_back(std::move(row));
        }
        return dataset;
    }

    SizingTraining quickTraining(Method method = Method::Blocks) {
        SizingTraining settings;
        settings.method = method;
        settings.width = 32;
        settings.depth = 2;
        settings.training.epochs = 60;
        settings.training.batchSize = 64;
        settings.training.learningRate = 3e-3;
        settings.training.averageDecay = 0.98;
        return settings;
    }

    Result<SizingModel> train(const SizingTraining& settings) {
        return SizingModel::train(*m_amplifier, m_space, m_dataset, settings, compute::DeviceChoice::Cpu,
                                  m_context);
    }

    std::shared_ptr<const simulation::AmplifierUnderTest> m_amplifier = exampleAmplifier("miller");
    DesignSpace m_space = spaceOf(*m_amplifier);
    Dataset m_dataset = proportionalDataset();
    SilentContext m_context;
};

TEST_F(SizingModelTest, LearnsTheLawSavesAndLoadsToTheSameSamples) {
    SizingTraining settings = quickTraining();
    std::vector<TrainingCurve> watched;
    settings.watch = [&](const std::vector<TrainingCurve>& curves) { watched = curves; };
    auto model = train(settings);
    ASSERT_TRUE(model) << model.error().describe();
    EXPECT_EQ(model->trainingCurves(), watched);
    ASSERT_EQ(watched.front().loss.size(), 60U);
    EXPECT_LT(watched.front().loss.back(), watched.front().loss.front());
    EXPECT_EQ(watched.front().validationEpochs.back(), 60);

    SizingSampling sampling;
    sampling.count = 60;
    const auto widthsAt = [&](double frequency) {
        const auto samples = model->sample(
            Specification::reaching({Performance::TransitFrequency, Performance::GainDb}, {frequency, 50}),
            sampling, m_context);
        EXPECT_TRUE(samples);
        std::vector<double> logarithms;
        for (const auto& sample : *samples) {
            for (std::size_t v = 0; v < m_space.size(); ++v) {
                const Variable& variable = m_space.variables()[v];
                if (variable.parameter != "w") continue;
                logarithms.push_back(std::log(sample[v] / std::sqrt(variable.low * variable.high)));
            }
        }
        return summarise(logarithms);
    };
    EXPECT_NEAR(widthsAt(3e6).mean, 0.5 * std::log(0.3), 0.15);
    EXPECT_NEAR(widthsAt(3e7).mean, 0.5 * std::log(3.0), 0.15);
    EXPECT_LT(widthsAt(1e7).deviation, 0.35);

    const fs::path folder =
        fs::temp_directory_path() / ("headroom_sizing_model_test_" + std::to_string(::getpid()));
    model->setProvenance("test", "miller.sp", "data");
    ASSERT_TRUE(model->save(folder));
    auto loaded = SizingModel::load(folder, m_space, compute::DeviceChoice::Cpu);
    ASSERT_TRUE(loaded) << loaded.error().describe();
    EXPECT_EQ(loaded->card().netlistHash, model->card().netlistHash);
    EXPECT_EQ(loaded->trainingCurves(), model->trainingCurves());
    EXPECT_EQ(loaded->performanceRanges(), model->performanceRanges());
    const Specification specification =
        Specification::reaching({Performance::GainDb, Performance::TransitFrequency}, {52, 1e7});
    EXPECT_EQ(*loaded->sample(specification, sampling, m_context),
              *model->sample(specification, sampling, m_context));

    // One damaged byte in the weights is told apart from a good file.
    auto bytes = *readFile(folder / "weights.safetensors");
    bytes[bytes.size() / 2] ^= 1;
    ASSERT_TRUE(writeFileAtomically(folder / "weights.safetensors", bytes));
    EXPECT_EQ(SizingModel::load(folder, m_space, compute::DeviceChoice::Cpu).error().code,
              ErrorCode::Corrupt);
    fs::remove(folder / "weights.safetensors");
    EXPECT_EQ(SizingModel::load(folder, m_space, compute::DeviceChoice::Cpu).error().code,
              ErrorCode::NotFound);
    fs::remove_all(folder);
}

TEST_F(SizingModelTest, ACoordinatedModelKeepsItsBlocksAndItsForwardModelInTheFiles) {
    SizingTraining settings = quickTraining(Method::Coordinated);
    settings.training.epochs = 3;
    settings.forwardModel = {120, 20};
    auto model = train(settings);
    ASSERT_TRUE(model) << model.error().describe();
    const fs::path folder =
        fs::temp_directory_path() / ("headroom_coordinated_model_test_" + std::to_string(::getpid()));
    ASSERT_TRUE(model->save(folder));
    auto loaded = SizingModel::load(folder, m_space, compute::DeviceChoice::Cpu);
    ASSERT_TRUE(loaded) << loaded.error().describe();
    EXPECT_EQ(loaded->card().method, Method::Coordinated);
    const Specification specification =
        Specification::reaching({Performance::GainDb, Performance::TransitFrequency}, {52, 1e7});
    const auto samples = model->sample(specification, {}, m_context);
    ASSERT_TRUE(samples);
    // Without the groups of its tokens the same weights say something else.
    EXPECT_EQ(*loaded->sample(specification, {}, m_context), *samples);
    auto card = *readFile(folder / "model.yaml");
    const auto groups = card.find(", groups:");
    ASSERT_NE(groups, std::string::npos);
    card.erase(groups, card.find("]]", groups) + 2 - groups);
    ASSERT_TRUE(writeFileAtomically(folder / "model.yaml", card));
    auto ungrouped = SizingModel::load(folder, m_space, compute::DeviceChoice::Cpu);
    ASSERT_TRUE(ungrouped) << ungrouped.error().describe();
    EXPECT_NE(*ungrouped->sample(specification, {}, m_context), *samples);

    const auto fitted = model->forwardModel(m_amplifier, m_space);
    const auto read = loaded->forwardModel(m_amplifier, m_space);
    ASSERT_TRUE(fitted && read);
    EXPECT_TRUE((*read)->predict(*samples).mean.isApprox((*fitted)->predict(*samples).mean, 1e-4));
    fs::remove_all(folder);
}

TEST_F(SizingModelTest, AnotherCircuitsModelIsRefused) {
    SizingTraining settings = quickTraining(Method::Joint);
    settings.training.epochs = 1;
    const auto model = train(settings);
    ASSERT_TRUE(model) << model.error().describe();
    const fs::path folder =
        fs::temp_directory_path() / ("headroom_other_model_test_" + std::to_string(::getpid()));
    ASSERT_TRUE(model->save(folder));
    const auto other = exampleAmplifier("folded_cascode");
    const auto refused = SizingModel::load(folder, spaceOf(*other), compute::DeviceChoice::Cpu);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::BadInput);
    fs::remove_all(folder);
}

TEST_F(SizingModelTest, AnswersAnySubsetOfThePerformancesAndKeepsPinnedSizes) {
    SizingTraining settings = quickTraining(Method::Joint);
    settings.forwardModel = {120, 10};
    auto model = train(settings);
    ASSERT_TRUE(model) << model.error().describe();
    SizingSampling sampling;
    sampling.count = 60;
    std::vector<double> widths, lengths;
    Specification specification = Specification::reaching({Performance::TransitFrequency}, {3e7});
    const auto samples = model->sample(specification, sampling, m_context);
    ASSERT_TRUE(samples) << samples.error().describe();
    for (std::size_t v = 0; v < m_space.size(); ++v) {
        const Variable& variable = m_space.variables()[v];
        for (const std::vector<double>& sample : *samples)
            (variable.parameter == "w" ? widths : lengths)
                .push_back(std::log(sample[v] / std::sqrt(variable.low * variable.high)));
    }
    EXPECT_NEAR(summarise(widths).mean, 0.5 * std::log(3.0), 0.2); // by what is asked
    EXPECT_GT(summarise(lengths).deviation, 0.15);                 // by the gain, which is free

    // One width says what the others are, against what is asked.
    const std::size_t pinned = *m_space.find("M1", "w");
    const double middle = std::sqrt(m_space.variables()[pinned].low * m_space.variables()[pinned].high);
    specification.pinned = {{pinned, middle * std::pow(1.5, 0.5)}};
    const auto kept = model->sample(specification, sampling, m_context);
    ASSERT_TRUE(kept) << kept.error().describe();
    for (const std::vector<double>& sample : *kept)
        EXPECT_EQ(sample[pinned], specification.pinned[0].value);
    Targets targets = heldOutTargets(m_dataset);
    targets.rows.resize(2);
    targets.pinned = {{}, specification.pinned};
    const auto byTarget = sampleTargets(*model, targets, 5, proposalSampling(), m_context);
    ASSERT_TRUE(byTarget) << byTarget.error().describe();
    for (const std::vector<double>& sample : (*byTarget)[1])
        EXPECT_EQ(sample[pinned], specification.pinned[0].value);
    EXPECT_NE((*byTarget)[0][0][pinned], (*byTarget)[0][1][pinned]);

    specification.pinned = {{m_space.size(), 1e-6}};
    EXPECT_EQ(model->sample(specification, sampling, m_context).error().code, ErrorCode::BadInput);
}

TEST_F(SizingModelTest, ContradictionsAndCancellationAreErrors) {
    SizingTraining settings = quickTraining();
    settings.training.epochs = 1;
    auto model = train(settings);
    ASSERT_TRUE(model) << model.error().describe();
    Specification contradiction = Specification::reaching({Performance::GainDb}, {50});
    contradiction.requirements[0].maximum = 40;
    EXPECT_EQ(model->sample(contradiction, {}, m_context).error().code, ErrorCode::BadInput);
    m_context.cancel();
    EXPECT_EQ(train(quickTraining()).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::sizing
