#include "core/delay/diffusion_generator.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/distributions.h"
#include "core/base/file.h"
#include "core/base/statistics.h"
#include "core/delay/generator_file.h"
#include "core/delay/regressor.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

const std::size_t kTarget = KnownDelays::target();

DiffusionSettings shortened(DiffusionSettings settings, int epochs) {
    settings.training.epochs = epochs;
    settings.device = compute::DeviceChoice::Cpu;
    return settings;
}

double labelError(const Table& made) {
    std::vector<double> truth;
    for (std::size_t row = 0; row < made.rows(); ++row)
        truth.push_back(KnownDelays::delayOf(made, row));
    return scorePredictions(made.columns[kTarget].values, truth).meanAbsolutePercentage;
}

/// How far delays would be from the right ones if they went with the wrong rows.
double shuffledError(Table made) {
    std::vector<double>& delays = made.columns[kTarget].values;
    std::rotate(delays.begin(), delays.begin() + 1, delays.end());
    return labelError(made);
}

void expectsLikeness(const Table& made, const Table& rows, double distance) {
    for (std::size_t c = 0; c < rows.columns.size(); ++c)
        EXPECT_LT(sampleDistance(made.columns[c].values, rows.columns[c].values).kolmogorovSmirnov, distance)
            << rows.columns[c].name;
}

TEST(DiffusionGenerator, OfThePaperLearnsTheRowsDistribution) {
    SilentContext context;
    const Table rows = KnownDelays::draw(300, 1);
    DiffusionSettings settings = shortened(DiffusionSettings::paper(), 500);
    // The same noise in all over a fifth of the steps, to save time.
    settings.network.diffusionSteps = settings.sampling.steps = 200;
    settings.network.firstBeta = 0.005;
    settings.network.lastBeta = 0.1;
    const auto generator = makeDiffusionGenerator(settings, "ddpm-paper");
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const auto made = generator->sample(1000, 2, context);
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_EQ(made->provenance[0], "ddpm-paper, seed 2");
    expectsLikeness(*made, rows, 0.2);
    EXPECT_LT(labelError(*made), 0.6 * shuffledError(*made));
}

TEST(DiffusionGenerator, SamplesTheSameRowsWhenItIsReadAgain) {
    SilentContext context;
    const Table rows = KnownDelays::draw(100, 1);
    const auto folder =
        std::filesystem::temp_directory_path() / fmt::format("headroom_networks_{}", ::getpid());
    // Batch normalisation, all columns together, and the target alone given the others.
    for (const char* method : {"ddpm-paper", "ddpm-joint", "ddpm"}) {
        GeneratorOptions options;
        options.epochs = 10;
        options.diffusionSteps = 30;
        options.device = compute::DeviceChoice::Cpu;
        auto generator = makeGenerator(method, rows, kTarget, options);
        ASSERT_TRUE(generator);
        ASSERT_TRUE((*generator)->fit(rows, 3, context));
        ASSERT_TRUE(writeGenerator(folder, **generator, {method, options, "delay", 100, 3, 0, ""}));
        auto read = readGenerator(folder, compute::DeviceChoice::Cpu);
        ASSERT_TRUE(read) << read.error().describe();
        EXPECT_EQ(read->generator->name(), (*generator)->name());
        const auto first = (*generator)->sample(300, 9, context),
                   second = read->generator->sample(300, 9, context);
        ASSERT_TRUE(first && second);
        for (std::size_t c = 0; c < rows.columns.size(); ++c)
            EXPECT_EQ(first->columns[c].values, second->columns[c].values) << method;
        auto weights = *readFile(folder / "weights.safetensors");
        weights[weights.size() / 2] ^= 1;
        ASSERT_TRUE(writeFileAtomically(folder / "weights.safetensors", weights));
        EXPECT_EQ(readGenerator(folder, compute::DeviceChoice::Cpu).error().code, ErrorCode::Corrupt);
    }
    std::filesystem::remove_all(folder);
}

TEST(DiffusionGenerator, OfResidualNetworksKnowsTheDelayBetter) {
    SilentContext context;
    const Table rows = KnownDelays::draw(300, 1);
    const auto generator = makeDiffusionGenerator(shortened(DiffusionSettings::strong(), 300), "ddpm");
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const auto made = generator->sample(1000, 2, context);
    ASSERT_TRUE(made) << made.error().describe();
    expectsLikeness(*made, rows, 0.15);
    EXPECT_LT(labelError(*made), 0.4 * shuffledError(*made));
    // The first rows of more are the same ones.
    const Table few = *generator->sample(10, 2, context);
    for (std::size_t row = 0; row < 10; ++row)
        EXPECT_NEAR(few.columns[kTarget].values[row] / made->columns[kTarget].values[row], 1, 1e-4);
    // The same seed gives the same model.
    const auto again = makeDiffusionGenerator(shortened(DiffusionSettings::strong(), 300), "ddpm");
    ASSERT_TRUE(again->fit(rows, 1, context));
    EXPECT_EQ(again->sample(10, 2, context)->columns[kTarget].values, few.columns[kTarget].values);
}

TEST(DiffusionGenerator, IsConditionalOnChosenColumns) {
    SilentContext context;
    Table rows = KnownDelays::draw(300, 1);
    Column kind{"corner", "", ColumnKind::Category, {}, {"tt", "ff"}};
    for (std::size_t row = 0; row < 300; ++row) {
        kind.values.push_back(static_cast<double>(row % 2));
        if (row % 2 == 1) rows.columns[kTarget].values[row] *= 0.5;
    }
    rows.columns.push_back(kind);
    DiffusionSettings settings = shortened(DiffusionSettings::conditional(rows, kTarget), 300);
    EXPECT_EQ(settings.conditions.size(), rows.columns.size() - 1);
    const auto generator = makeDiffusionGenerator(settings, "ddpm");
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const auto made = generator->sample(600, 2, context);
    ASSERT_TRUE(made) << made.error().describe();
    Table scaled = *made;
    for (std::size_t row = 0; row < 600; ++row) {
        if (scaled.columns.back().categoryOf(row) == 1) scaled.columns[kTarget].values[row] *= 2;
    }
    EXPECT_LT(labelError(scaled), 10);
    EXPECT_GT(labelError(*made), 20); // without the category there is no telling
    settings.conditions = {"slew"};
    EXPECT_EQ(makeDiffusionGenerator(settings, "ddpm")->fit(rows, 1, context).error().code,
              ErrorCode::BadInput);
    settings.conditions.clear();
    for (const Column& column : rows.columns)
        settings.conditions.push_back(column.name);
    EXPECT_NE(
        makeDiffusionGenerator(settings, "ddpm")->fit(rows, 1, context).error().message.find("nothing left"),
        std::string::npos);
}

TEST(DiffusionGenerator, IsWatchedWhileItLearns) {
    SilentContext context;
    const Table rows = KnownDelays::draw(150, 1);
    for (const bool conditional : {false, true}) {
        DiffusionSettings settings = shortened(
            conditional ? DiffusionSettings::conditional(rows, kTarget) : DiffusionSettings::paper(), 40);
        settings.sampling.steps = 10;
        const auto alone = makeDiffusionGenerator(settings, "ddpm");
        std::vector<TrainingPreview> seen;
        settings.watch = [&](const TrainingPreview& preview) { seen.push_back(preview); };
        settings.training.previews = 4;
        settings.training.previewRows = 100;
        const auto watched = makeDiffusionGenerator(settings, "ddpm");
        ASSERT_TRUE(alone->fit(rows, 1, context));
        ASSERT_TRUE(watched->fit(rows, 1, context));
        ASSERT_EQ(seen.size(), 4U);
        EXPECT_EQ(seen[1].epoch, 20);
        EXPECT_EQ(seen[1].epochs, 40);
        EXPECT_EQ(seen[1].epochLoss.size(), 20U);
        for (const Column& column : seen[3].rows.columns)
            EXPECT_EQ(column.values.size(), 100U);
        EXPECT_EQ(seen[3].rows.columns[0].values[5] == rows.columns[0].values[5], conditional);
        EXPECT_NE(seen[0].rows.columns[kTarget].values, seen[3].rows.columns[kTarget].values);
        // Being watched changes nothing.
        EXPECT_EQ(alone->sample(20, 1, context)->columns[kTarget].values,
                  watched->sample(20, 1, context)->columns[kTarget].values);
    }
}

TEST(DiffusionGenerator, RefusesWhatCannotWorkAndStops) {
    SilentContext context;
    const Table rows = KnownDelays::draw(60, 1);
    DiffusionSettings settings = shortened(DiffusionSettings::strong(), 2);
    settings.network.prediction = RowPrediction::Noise;
    const auto refused = makeDiffusionGenerator(settings, "ddpm")->fit(rows, 1, context);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("choose velocities or a linear schedule"), std::string::npos);
    const auto generator = makeDiffusionGenerator(shortened(DiffusionSettings::strong(), 2), "ddpm");
    EXPECT_EQ(generator->sample(5, 1, context).error().code, ErrorCode::BadInput);
    EXPECT_EQ(generator->fit(KnownDelays::draw(20, 1), 1, context).error().code, ErrorCode::BadInput);
    context.cancel();
    EXPECT_EQ(generator->fit(rows, 1, context).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::delay
