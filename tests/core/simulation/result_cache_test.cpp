#include <csignal>
#include <filesystem>
#include <latch>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "core/simulation/result_cache.h"
#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

class Cache : public testing::Test {
protected:
    void SetUp() override {
        m_folder =
            std::filesystem::path(testing::TempDir()) /
            (std::string("headroom_cache_") + testing::UnitTest::GetInstance()->current_test_info()->name());
        std::filesystem::remove_all(m_folder);
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    std::string file() const { return (m_folder / "results.sqlite").string(); }
    std::unique_ptr<EvaluationPool> pool(const EvaluationSettings& settings = {}) const {
        PoolOptions options;
        options.cacheFile = file();
        return makePool(exampleAmplifier("miller.sp"), settings, options);
    }

private:
    std::filesystem::path m_folder;
};

std::vector<Sizing> sizings(std::size_t count) {
    const auto amplifier = exampleAmplifier("miller.sp");
    std::vector<Sizing> result;
    for (std::size_t index = 0; index < count; ++index)
        result.push_back(scatteredSizing(*amplifier, 0.1, index));
    return result;
}

TEST_F(Cache, ReturnsTheSameEvaluationBitForBit) {
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const Evaluation first = simulate(*pool(settings));
    const auto again = pool(settings);
    const Evaluation second = simulate(*again);
    EXPECT_FALSE(first.fromCache);
    EXPECT_TRUE(second.fromCache);
    EXPECT_EQ(second.simulations, 0);
    EXPECT_EQ(second.performances, first.performances);
    EXPECT_EQ(second.operatingPoint.nets, first.operatingPoint.nets);
    EXPECT_EQ(second.operatingPoint.worstDevice, first.operatingPoint.worstDevice);
    EXPECT_EQ(second.operatingPoint.devices.at("M6").gm, first.operatingPoint.devices.at("M6").gm);
    EXPECT_EQ(second.operatingPoint.devices.at("M6").region, first.operatingPoint.devices.at("M6").region);
    EXPECT_EQ(second.notes, first.notes);
    EXPECT_EQ(again->statistics().cacheHits, 1);
}

TEST_F(Cache, EqualValuesAreOneKeyHoweverTheyAreGiven) {
    simulate(*pool(), {});
    EXPECT_TRUE(simulate(*pool(), {{"M6", "w", 16e-6}}).fromCache);
    EXPECT_TRUE(simulate(*pool(), {{"M6", "w", 16e-6 * (1 + 1e-13)}}).fromCache);
    EXPECT_FALSE(simulate(*pool(), {{"M6", "w", 16.01e-6}}).fromCache);
}

TEST_F(Cache, EverySettingIsPartOfTheKey) {
    simulate(*pool());
    EvaluationSettings changed;
    const auto isKnown = [&] { return simulate(*pool(changed)).fromCache; };
    EXPECT_TRUE(isKnown());
    changed.corner = "ss";
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.supplyVoltage = 1.0;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.temperature = 85;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.commonModeVoltage = 0.4;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.outputVoltage = 0.5;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.biasCurrent = 11e-6;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.requiredSaturationMargin = 0.01;
    EXPECT_FALSE(isKnown());
    changed = {};
    changed.performances = {Performance::GainDb};
    EXPECT_FALSE(isKnown());
}

TEST_F(Cache, KeepsInfeasibleResultsWithTheirReason) {
    EvaluationSettings settings;
    settings.requiredSaturationMargin = 0.5;
    const Evaluation first = simulate(*pool(settings));
    const Evaluation second = simulate(*pool(settings));
    ASSERT_FALSE(second.ok());
    EXPECT_TRUE(second.fromCache);
    EXPECT_EQ(second.error->code, first.error->code);
    EXPECT_EQ(second.error->message, first.error->message);
    EXPECT_EQ(second.operatingPoint.worstSaturationMargin, first.operatingPoint.worstSaturationMargin);
}

TEST_F(Cache, DoesNotKeepBadSizings) {
    EXPECT_FALSE(simulate(*pool(), {{"M99", "w", 1e-6}}).ok());
    EXPECT_FALSE(simulate(*pool(), {{"M99", "w", 1e-6}}).fromCache);
}

TEST_F(Cache, SeveralPoolsShareOneFileAtTheSameTime) {
    const auto work = sizings(20);
    std::vector<std::thread> threads;
    for (int writer = 0; writer < 3; ++writer) {
        threads.emplace_back([&] {
            SilentContext context;
            const auto evaluations = pool()->evaluate(work, context);
            ASSERT_TRUE(evaluations);
            for (const Evaluation& evaluation : *evaluations) {
                EXPECT_TRUE(evaluation.ok());
                EXPECT_TRUE(evaluation.notes.empty()) << evaluation.notes.front();
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const auto last = pool();
    SilentContext context;
    ASSERT_TRUE(last->evaluate(work, context));
    EXPECT_EQ(last->statistics().cacheHits, 20);
}

TEST_F(Cache, ANewFileMayBeOpenedManyTimesAtOnce) {
    for (int round = 0; round < 150; ++round) {
        const std::string shared = file() + std::to_string(round);
        std::latch start(4);
        std::vector<std::thread> threads;
        for (int opener = 0; opener < 4; ++opener) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                EXPECT_EQ(ResultCache(shared).takeProblem(), "");
            });
        }
        for (std::thread& thread : threads)
            thread.join();
    }
}

TEST_F(Cache, ADamagedFileIsOneNoteAndTheWorkGoesOn) {
    ASSERT_TRUE(writeFileAtomically(file(), std::string(8192, 'x')));
    const auto damaged = pool();
    const Evaluation first = simulate(*damaged);
    ASSERT_TRUE(first.ok());
    ASSERT_EQ(first.notes.size(), 1U);
    EXPECT_NE(first.notes.front().find("not cached"), std::string::npos) << first.notes.front();
    EXPECT_TRUE(simulate(*damaged, {{"M6", "w", 17e-6}}).notes.empty());
}

TEST_F(Cache, AnImpossiblePathIsOneNoteAndTheWorkGoesOn) {
    PoolOptions options;
    options.cacheFile = "/proc/nowhere/results.sqlite";
    const Evaluation evaluation = simulate(*makePool(exampleAmplifier("miller.sp"), {}, options));
    EXPECT_TRUE(evaluation.ok());
    EXPECT_EQ(evaluation.notes.size(), 1U);
}

TEST_F(Cache, AFullDiskIsOneNoteAndTheWorkGoesOn) {
    const auto filled = pool();
    SilentContext context;
    ASSERT_TRUE(filled->evaluate(sizings(2), context));
    // A limit on the size of files stands for the full disk: writes fail from here on.
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
    auto* const oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{16384, old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto evaluations = filled->evaluate(sizings(40), context);
    ::setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, oldHandler);
    ASSERT_TRUE(evaluations);
    std::size_t notes = 0;
    for (const Evaluation& evaluation : *evaluations) {
        EXPECT_TRUE(evaluation.ok());
        notes += evaluation.notes.size();
    }
    EXPECT_EQ(notes, 1U);
    EXPECT_EQ(filled->statistics().cacheHits, 2);
    EXPECT_TRUE(simulate(*pool(), sizings(1).front()).fromCache) << "what was stored before is still there";
}

} // namespace
} // namespace headroom::simulation
