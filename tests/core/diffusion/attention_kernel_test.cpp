#include "core/diffusion/attention_kernel.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::diffusion {
namespace {

std::vector<float> randomFloats(std::size_t count, std::uint64_t seed, double deviation = 1) {
    RandomEngine engine(seed);
    std::vector<float> values(count);
    for (auto& value : values)
        value = static_cast<float>(deviation * normal(engine));
    return values;
}

/// The definition, in double precision.
std::vector<double> reference(const AttentionShape& shape, const std::vector<double>& qkv) {
    const std::size_t width = shape.width();
    std::vector<double> mixed(shape.rows * shape.tokens * width);
    const auto part = [&](std::size_t row, std::size_t token, std::size_t which, std::size_t head,
                          std::size_t i) {
        return qkv[((row * shape.tokens + token) * 3 + which) * width + head * shape.headWidth + i];
    };
    for (std::size_t row = 0; row < shape.rows; ++row) {
        for (std::size_t head = 0; head < shape.heads; ++head) {
            for (std::size_t from = 0; from < shape.tokens; ++from) {
                std::vector<double> weights(shape.tokens);
                double total = 0;
                for (std::size_t to = 0; to < shape.tokens; ++to) {
                    double score = 0;
                    for (std::size_t i = 0; i < shape.headWidth; ++i)
                        score += part(row, from, 0, head, i) * part(row, to, 1, head, i);
                    weights[to] = std::exp(score / std::sqrt(static_cast<double>(shape.headWidth)));
                    total += weights[to];
                }
                for (std::size_t i = 0; i < shape.headWidth; ++i) {
                    double value = 0;
                    for (std::size_t to = 0; to < shape.tokens; ++to)
                        value += weights[to] / total * part(row, to, 2, head, i);
                    mixed[(row * shape.tokens + from) * width + head * shape.headWidth + i] = value;
                }
            }
        }
    }
    return mixed;
}

const std::vector<AttentionShape> kShapes{{2, 1, 1, 1},   {3, 5, 2, 8},   {1, 16, 4, 16},
                                          {2, 17, 3, 24}, {1, 40, 2, 33}, {0, 4, 2, 8}};

std::string describe(const AttentionShape& s) {
    return std::to_string(s.rows) + " x " + std::to_string(s.tokens) + ", " + std::to_string(s.heads) +
           " x " + std::to_string(s.headWidth);
}

TEST(Attention, IsTheSoftmaxWeightedMeanOfTheValues) {
    for (const auto& shape : kShapes) {
        const auto qkv = randomFloats(shape.rows * shape.tokens * 3 * shape.width(), 1);
        const auto expected = reference(shape, {qkv.begin(), qkv.end()});
        std::vector<float> mixed(expected.size());
        std::vector<float> probabilities(shape.probabilities());
        attentionForward(shape, qkv.data(), nullptr, mixed.data(), probabilities.data());
        for (std::size_t i = 0; i < expected.size(); ++i)
            ASSERT_NEAR(static_cast<double>(mixed[i]), expected[i], 2e-6) << describe(shape);
    }
}

TEST(Attention, SurvivesScoresFarApart) {
    const AttentionShape shape{1, 3, 1, 2};
    // The first query matches the third key by 10^4 more than the others.
    const std::vector<float> qkv{100, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 141.42F, 0, 5, 6};
    std::vector<float> mixed(6);
    std::vector<float> probabilities(shape.probabilities());
    attentionForward(shape, qkv.data(), nullptr, mixed.data(), probabilities.data());
    EXPECT_FLOAT_EQ(mixed[0], 5);
    EXPECT_FLOAT_EQ(mixed[1], 6);
    EXPECT_FLOAT_EQ(mixed[2], 3);
    EXPECT_FLOAT_EQ(mixed[3], 4);
}

/// Tokens 0 and 1 are a group; in the first head neither attends to token 2, nor that to them.
TEST(Attention, AMaskKeepsTokensApartInTheHeadsThatItCovers) {
    const AttentionShape shape{2, 3, 2, 4};
    constexpr float kHidden = -std::numeric_limits<float>::infinity();
    std::vector<float> mask(shape.heads * shape.tokens * shape.tokens, 0);
    for (const std::size_t hidden : {2, 5, 6, 7}) // of the first head: 0-2, 1-2, 2-0, 2-1
        mask[hidden] = kHidden;
    const auto mixedOf = [&](const std::vector<float>& qkv) {
        std::vector<float> mixed(shape.rows * shape.tokens * shape.width());
        std::vector<float> probabilities(shape.probabilities());
        attentionForward(shape, qkv.data(), mask.data(), mixed.data(), probabilities.data());
        return mixed;
    };
    auto qkv = randomFloats(shape.rows * shape.tokens * 3 * shape.width(), 1);
    const auto before = mixedOf(qkv);
    // Token 2 of the first row alone sees itself in the first head.
    for (std::size_t i = 0; i < shape.headWidth; ++i)
        EXPECT_NEAR(before[2 * shape.width() + i], qkv[(2 * 3 + 2) * shape.width() + i], 1e-6);
    for (std::size_t i = 0; i < shape.width(); ++i)
        qkv[(2 * 3 + 2) * shape.width() + i] += 1; // its values
    const auto after = mixedOf(qkv);
    for (std::size_t token = 0; token < 2; ++token) {
        for (std::size_t i = 0; i < shape.headWidth; ++i) {
            EXPECT_FLOAT_EQ(after[token * shape.width() + i], before[token * shape.width() + i]);
            EXPECT_GT(after[token * shape.width() + shape.headWidth + i],
                      before[token * shape.width() + shape.headWidth + i]);
        }
    }
}

/// The gradient of sum(g * mixed) against central differences of the reference.
TEST(Attention, BackwardIsTheGradient) {
    for (const auto& shape : kShapes) {
        const auto qkv = randomFloats(shape.rows * shape.tokens * 3 * shape.width(), 2);
        const auto weights = randomFloats(shape.rows * shape.tokens * shape.width(), 3);
        std::vector<float> mixed(weights.size());
        std::vector<float> probabilities(shape.probabilities());
        attentionForward(shape, qkv.data(), nullptr, mixed.data(), probabilities.data());
        std::vector<float> gradient(qkv.size());
        attentionBackward(shape, qkv.data(), probabilities.data(), weights.data(), gradient.data());
        const auto loss = [&](const std::vector<double>& at) {
            const auto values = reference(shape, at);
            double sum = 0;
            for (std::size_t i = 0; i < values.size(); ++i)
                sum += values[i] * static_cast<double>(weights[i]);
            return sum;
        };
        RandomEngine engine(4);
        for (int probe = 0; probe < 60 && !qkv.empty(); ++probe) {
            const std::size_t i = engine() % qkv.size();
            std::vector<double> point(qkv.begin(), qkv.end());
            constexpr double kStep = 1e-5;
            point[i] += kStep;
            const double up = loss(point);
            point[i] -= 2 * kStep;
            const double slope = (up - loss(point)) / (2 * kStep);
            ASSERT_NEAR(static_cast<double>(gradient[i]), slope, 1e-5 + 1e-5 * std::abs(slope))
                << describe(shape);
        }
    }
}

} // namespace
} // namespace headroom::diffusion
