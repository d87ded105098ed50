#include "core/powergrid/unet.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::powergrid {
namespace {

constexpr auto kCpu = compute::DeviceChoice::Cpu;

ImageBatch noise(std::int64_t images, std::int64_t channels, std::int64_t rows, std::int64_t columns,
                 std::uint64_t seed) {
    ImageBatch batch(images, channels, rows, columns);
    RandomEngine engine(seed);
    for (float& value : batch.values)
        value = static_cast<float>(uniform(engine));
    return batch;
}

/// Each pixel: the product of both channels, averaged with the pixel below.
ImageBatch answers(const ImageBatch& inputs) {
    ImageBatch targets(inputs.images, 1, inputs.rows, inputs.columns);
    for (std::int64_t image = 0; image < inputs.images; ++image) {
        const float *a = inputs.channel(image, 0), *b = inputs.channel(image, 1);
        float* target = targets.channel(image, 0);
        const std::int64_t pixels = inputs.rows * inputs.columns;
        for (std::int64_t i = 0; i < pixels; ++i) {
            const std::int64_t below = (i + inputs.columns) % pixels;
            target[i] = 0.5F * (a[i] * b[i] + a[below] * b[below]);
        }
    }
    return targets;
}

std::unique_ptr<Unet> network(const UnetConfig& config, std::uint64_t seed = 1) {
    auto made = createUnet(config, seed, kCpu);
    EXPECT_TRUE(made) << made.error().describe();
    return made ? std::move(*made) : nullptr;
}

double meanSquare(const ImageBatch& a, const ImageBatch& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.values.size(); ++i)
        sum += std::pow(static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]), 2);
    return sum / static_cast<double>(a.values.size());
}

TEST(Unet, LearnsALocalRule) {
    SilentContext context;
    const auto unet = network({2, 8, 2, true});
    ASSERT_TRUE(unet);
    const ImageBatch inputs = noise(48, 2, 16, 16, 3), targets = answers(inputs);
    UnetTraining training;
    training.epochs = 40;
    training.learningRate = 3e-3;
    training.turns = false; // "below" would be elsewhere
    const auto report = unet->train(inputs, targets, training, context);
    ASSERT_TRUE(report) << report.error().describe();
    EXPECT_EQ(report->epochLoss.size(), 40U);
    EXPECT_EQ(report->validationLoss.size(), 40U);
    const ImageBatch fresh = noise(8, 2, 16, 16, 4), golden = answers(fresh);
    const auto made = unet->predict(fresh, 1, context);
    ASSERT_TRUE(made) << made.error().describe();
    const ImageBatch mean = [&] {
        ImageBatch constant(8, 1, 16, 16);
        for (float& value : constant.values)
            value = 0.25F;
        return constant;
    }();
    EXPECT_LT(meanSquare(*made, golden), 0.2 * meanSquare(mean, golden));
    // The same seed gives the same network.
    const auto again = network({2, 8, 2, true});
    ASSERT_TRUE(again);
    ASSERT_TRUE(again->train(inputs, targets, training, context));
    EXPECT_EQ(again->predict(fresh, 1, context)->values, made->values);
}

TEST(Unet, AGpuLearnsWhatACpuLearns) {
    if (!compute::resolveDevice(compute::DeviceChoice::Cuda)) GTEST_SKIP() << "There is no CUDA device.";
    SilentContext context;
    const auto cpu = network({2, 8, 2, true});
    const auto gpu = createUnet({2, 8, 2, true}, 1, compute::DeviceChoice::Cuda);
    ASSERT_TRUE(cpu && gpu);
    const ImageBatch inputs = noise(48, 2, 16, 16, 3), targets = answers(inputs);
    UnetTraining training;
    training.epochs = 20;
    training.turns = false;
    const auto onCpu = cpu->train(inputs, targets, training, context);
    const auto onGpu = (*gpu)->train(inputs, targets, training, context);
    ASSERT_TRUE(onCpu && onGpu);
    // Sums are rounded in another order, TF32 keeps ten bits, and training amplifies both.
    EXPECT_NEAR(onGpu->epochLoss.front(), onCpu->epochLoss.front(), 0.02F * onCpu->epochLoss.front());
    EXPECT_NEAR(onGpu->epochLoss.back(), onCpu->epochLoss.back(), 0.3F * onCpu->epochLoss.back());
    // The same weights say the same on both.
    auto moved = loadUnet({2, 8, 2, true}, (*gpu)->weights(), kCpu);
    ASSERT_TRUE(moved) << moved.error().describe();
    const auto here = (*moved)->predict(inputs, 1, context), there = (*gpu)->predict(inputs, 1, context);
    ASSERT_TRUE(here && there);
    for (std::size_t i = 0; i < here->values.size(); ++i)
        ASSERT_NEAR(here->values[i], there->values[i], 1e-2F);
}

TEST(Unet, PiecesAreSeamless) {
    SilentContext context;
    const auto unet = network({2, 4, 2, true}, 7);
    ASSERT_TRUE(unet);
    const ImageBatch inputs = noise(8, 2, 16, 16, 3);
    UnetTraining training;
    training.epochs = 2;
    ASSERT_TRUE(unet->train(inputs, answers(inputs), training, context)); // the last layer is not zero now
    const ImageBatch large = noise(1, 2, 120, 92, 5);
    const auto whole = predictLarge(*unet, large, 1000, 1, context);
    const auto pieces = predictLarge(*unet, large, 16, 1, context);
    ASSERT_TRUE(whole && pieces);
    ASSERT_EQ(whole->values.size(), 120U * 92U);
    double largest = 0;
    for (std::size_t i = 0; i < whole->values.size(); ++i)
        largest = std::max(largest, std::abs(static_cast<double>(whole->values[i]) -
                                             static_cast<double>(pieces->values[i])));
    EXPECT_LT(largest, 1e-5);
    EXPECT_GT(meanSquare(*whole, ImageBatch(1, 1, 120, 92)), 1e-6);
    // Sides that are no multiples of 4, down to one pixel.
    const auto odd = predictLarge(*unet, noise(1, 2, 1, 7, 6), 16, 1, context);
    ASSERT_TRUE(odd) << odd.error().describe();
    EXPECT_EQ(odd->columns, 7);
}

TEST(Unet, WeightsComeBackAndMustFit) {
    SilentContext context;
    const UnetConfig config{2, 4, 2, false};
    const auto unet = network(config, 9);
    ASSERT_TRUE(unet);
    const ImageBatch inputs = noise(8, 2, 16, 16, 3);
    UnetTraining training;
    training.epochs = 1;
    training.hotspotFocus = 4;
    ASSERT_TRUE(unet->train(inputs, answers(inputs), training, context));
    const auto loaded = loadUnet(config, unet->weights(), kCpu);
    ASSERT_TRUE(loaded) << loaded.error().describe();
    EXPECT_EQ((*loaded)->predict(inputs, 1, context)->values, unet->predict(inputs, 1, context)->values);
    EXPECT_EQ(loadUnet({2, 4, 2, true}, unet->weights(), kCpu).error().code, ErrorCode::Corrupt);
}

TEST(Unet, RefusesWhatDoesNotFit) {
    SilentContext context;
    const auto unet = network({2, 4, 2, true});
    ASSERT_TRUE(unet);
    EXPECT_EQ(unet->predict(noise(1, 3, 16, 16, 1), 1, context).error().code, ErrorCode::BadInput);
    EXPECT_EQ(unet->predict(noise(1, 2, 18, 16, 1), 1, context).error().code, ErrorCode::BadInput);
    ImageBatch odd = noise(1, 2, 16, 16, 1);
    odd.values[5] = NAN;
    EXPECT_EQ(unet->predict(odd, 1, context).error().code, ErrorCode::BadInput);
    EXPECT_EQ(createUnet({0, 4, 2, true}, 1, kCpu).error().code, ErrorCode::BadInput);
    const ImageBatch inputs = noise(4, 2, 16, 16, 1);
    EXPECT_EQ(unet->train(inputs, noise(3, 1, 16, 16, 1), {}, context).error().code, ErrorCode::BadInput);
    const auto before = unet->predict(inputs, 1, context)->values;
    context.cancel();
    EXPECT_EQ(unet->train(inputs, answers(inputs), {}, context).error().code, ErrorCode::Cancelled);
    SilentContext other;
    EXPECT_EQ(unet->predict(inputs, 1, other)->values, before);
}

} // namespace
} // namespace headroom::powergrid
