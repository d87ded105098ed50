#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

std::unique_ptr<EvaluationPool> makePool(std::shared_ptr<const AmplifierUnderTest> amplifier,
                                         const EvaluationSettings& settings = {}, PoolOptions options = {}) {
    if (options.workers == 0) options.workers = 2;
    auto pool = EvaluationPool::create(std::move(amplifier), settings, options);
    if (!pool) throw std::runtime_error(pool.error().describe());
    return std::move(*pool);
}

Evaluation simulate(EvaluationPool& pool, const Sizing& sizing = {}) {
    SilentContext context;
    auto evaluation = pool.evaluateOne(sizing, context);
    if (!evaluation) throw std::runtime_error(evaluation.error().describe());
    return std::move(*evaluation);
}

class Examples : public testing::TestWithParam<const char*> {};

TEST_P(Examples, AreSaturatedAmplifiersWithEveryPerformance) {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const auto pool = makePool(exampleAmplifier(GetParam()), settings);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    EXPECT_EQ(evaluation.performances.size(), allPerformances().size());
    EXPECT_GE(evaluation.performances.at(Performance::GainDb), 45);
    EXPECT_GE(evaluation.performances.at(Performance::PhaseMargin), 60);
    EXPECT_GE(evaluation.operatingPoint.worstSaturationMargin, 0.03);
    EXPECT_LT(evaluation.performances.at(Performance::VoutMin), 0.4);
    EXPECT_GT(evaluation.performances.at(Performance::VoutMax), 0.55);
}

INSTANTIATE_TEST_SUITE_P(All, Examples, testing::Values("folded_cascode.sp", "miller.sp"),
                         [](const auto& test) {
                             return std::string(test.param, std::strchr(test.param, '.'));
                         });

} // namespace
} // namespace headroom::simulation
