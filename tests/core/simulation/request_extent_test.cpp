// One pool, several extents: what each request asks for is what it gets, from the workers and from the cache.

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

class RequestExtent : public testing::Test {
protected:
    RequestExtent()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("headroom_extent_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(m_folder);
    }
    ~RequestExtent() override { std::filesystem::remove_all(m_folder); }

    std::unique_ptr<EvaluationPool> pool() const {
        EvaluationSettings settings;
        settings.performances = {Performance::GainDb};
        PoolOptions options;
        options.workers = 1;
        options.cacheFile = (m_folder / "cache.sqlite").string();
        return makePool(exampleAmplifier("miller.sp"), settings, options);
    }

    static std::vector<Evaluation> evaluate(EvaluationPool& pool) {
        SilentContext context;
        const std::vector<EvaluationRequest> requests{
            {{}, {}, {}}, {{}, {}, wholeExtent()}, {{}, {}, Extent{{Performance::Power}, false}}};
        auto evaluations = pool.evaluate(requests, context);
        if (!evaluations) throw std::runtime_error(evaluations.error().describe());
        return std::move(*evaluations);
    }

    static void expectWhatWasAskedFor(const std::vector<Evaluation>& evaluations) {
        ASSERT_EQ(evaluations.size(), 3U);
        for (const Evaluation& evaluation : evaluations)
            ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
        EXPECT_EQ(evaluations[0].performances.size(), 1U);
        EXPECT_TRUE(evaluations[0].performances.contains(Performance::GainDb));
        EXPECT_FALSE(evaluations[0].curves);
        EXPECT_EQ(evaluations[1].performances.size(), allPerformances().size());
        ASSERT_TRUE(evaluations[1].curves);
        EXPECT_TRUE(evaluations[1].curves->gain);
        EXPECT_EQ(evaluations[2].performances.size(), 1U);
        EXPECT_TRUE(evaluations[2].performances.contains(Performance::Power));
        EXPECT_EQ(evaluations[0].performances.at(Performance::GainDb),
                  evaluations[1].performances.at(Performance::GainDb));
    }

private:
    std::filesystem::path m_folder;
};

TEST_F(RequestExtent, IsWhatARequestAsksFor) {
    const auto simulators = pool();
    expectWhatWasAskedFor(evaluate(*simulators));
    EXPECT_EQ(simulators->statistics().cacheHits, 0);
}

TEST_F(RequestExtent, IsKeptApartByTheCache) {
    evaluate(*pool());
    const auto again = pool();
    const std::vector<Evaluation> evaluations = evaluate(*again);
    expectWhatWasAskedFor(evaluations);
    EXPECT_EQ(again->statistics().cacheHits, 3);
    for (const Evaluation& evaluation : evaluations)
        EXPECT_TRUE(evaluation.fromCache);
}

TEST_F(RequestExtent, OfThePoolsSettingsSharesTheirCacheEntries) {
    evaluate(*pool());
    const auto again = pool();
    const std::vector<EvaluationRequest> requests{{{}, {}, Extent{{Performance::GainDb}, false}}};
    SilentContext context;
    ASSERT_TRUE(again->evaluate(requests, context));
    EXPECT_EQ(again->statistics().cacheHits, 1);
}

} // namespace
} // namespace headroom::simulation
