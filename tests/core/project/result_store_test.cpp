#include "core/project/result_store.h"

#include <bit>
#include <cmath>
#include <csignal>
#include <limits>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "core/base/file.h"
#include "core/base/random.h"

namespace headroom::project {
namespace {

using simulation::Performance;

/// A folder that is new for each test.
class ResultStoreTest : public testing::Test {
protected:
    ResultStoreTest() {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        folder =
            std::filesystem::path(testing::TempDir()) / ("headroom_results_" + std::string(info->name()));
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder);
        file = folder / "results.sqlite";
    }
    ~ResultStoreTest() override { std::filesystem::remove_all(folder); }

    std::filesystem::path folder, file;
};

double anyDouble(RandomEngine& engine) {
    // All bit patterns but NaN, whose payload is not kept.
    for (;;) {
        const auto value = std::bit_cast<double>(engine());
        if (!std::isnan(value)) return value;
    }
}

StoredExploration someExploration(std::uint64_t seed) {
    RandomEngine engine(seed);
    StoredExploration stored;
    stored.variableNames = {"M1,M2 w", "M1,M2 l", "Cc value"};
    stored.provenance = {"0.1.0", "c1", "freepdk45", "f1", "m1", "d1", "cpu", "corner ss", 1.1, 20};
    sizing::Exploration& exploration = stored.exploration;
    exploration.seed = std::numeric_limits<std::uint64_t>::max() - seed;
    exploration.specification.requirements = {sizing::Requirement::reaching(Performance::GainDb, 70.25),
                                              {Performance::Power, 0.1, 1.0 / 3.0, 2.5}};
    exploration.specification.pinned = {{1, 1.0 / 7.0}};
    exploration.groundTruth = sizing::DataRow{{1e-6, 2e-7, 3e-12}, {0.1 + 0.2, 5e-324}};
    exploration.samplingSeconds = 0.123456789012345678;
    exploration.simulationSeconds = 4.2;
    for (int i = 0; i < 7; ++i) {
        sizing::Candidate candidate;
        for (int v = 0; v < 3; ++v)
            candidate.values.push_back(anyDouble(engine));
        simulation::Evaluation& evaluation = candidate.evaluation;
        evaluation.performances = {{Performance::GainDb, anyDouble(engine)},
                                   {Performance::Power, anyDouble(engine)}};
        simulation::DeviceOperatingPoint device{anyDouble(engine), 2, 3, 4, 5, 6, anyDouble(engine)};
        device.region = simulation::Region::Triode;
        evaluation.operatingPoint.devices["X1/M1"] = device;
        evaluation.operatingPoint.nets["out"] = anyDouble(engine);
        evaluation.operatingPoint.worstDevice = "X1/M1";
        evaluation.operatingPoint.worstSaturationMargin = anyDouble(engine);
        evaluation.notes = {"no transit frequency"};
        evaluation.simulations = i;
        evaluation.fromCache = i % 2 == 0;
        candidate.shortfall = 0.1 * i;
        if (i == 3) candidate.mirrorUnits = 7;
        // The last two were never ranked.
        if (i < 5) {
            candidate.predicted = {anyDouble(engine), anyDouble(engine)};
            candidate.probability = 0.1 * i;
        }
        exploration.candidates.push_back(candidate);
    }
    exploration.candidates[3].evaluation.error =
        Error{ErrorCode::Convergence, "No operating point was found.", "", 0, "node n1"};
    exploration.candidates[3].shortfall = std::numeric_limits<double>::quiet_NaN();
    exploration.candidates[4].evaluation.performances[Performance::Power] =
        std::numeric_limits<double>::quiet_NaN();
    return stored;
}

bool sameBits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
           (std::isnan(a) && std::isnan(b));
}

void expectSame(const simulation::Evaluation& a, const simulation::Evaluation& b) {
    ASSERT_EQ(a.performances.size(), b.performances.size());
    for (const auto& [performance, value] : a.performances) {
        EXPECT_TRUE(sameBits(value, b.performances.at(performance))) << value;
    }
    ASSERT_EQ(a.error.has_value(), b.error.has_value());
    if (a.error) {
        EXPECT_EQ(a.error->code, b.error->code);
        EXPECT_EQ(a.error->describe(), b.error->describe());
    }
    EXPECT_EQ(a.notes, b.notes);
    EXPECT_EQ(a.simulations, b.simulations);
    EXPECT_EQ(a.fromCache, b.fromCache);
    const auto& deviceA = a.operatingPoint.devices.at("X1/M1");
    const auto& deviceB = b.operatingPoint.devices.at("X1/M1");
    EXPECT_TRUE(sameBits(deviceA.id, deviceB.id));
    EXPECT_TRUE(sameBits(deviceA.vdsat, deviceB.vdsat));
    EXPECT_EQ(deviceA.region, deviceB.region);
    EXPECT_TRUE(sameBits(a.operatingPoint.nets.at("out"), b.operatingPoint.nets.at("out")));
    EXPECT_EQ(a.operatingPoint.worstDevice, b.operatingPoint.worstDevice);
}

void expectSame(const StoredExploration& a, const StoredExploration& b) {
    EXPECT_EQ(a.variableNames, b.variableNames);
    EXPECT_EQ(a.provenance, b.provenance);
    EXPECT_EQ(a.exploration.seed, b.exploration.seed);
    EXPECT_EQ(a.exploration.specification, b.exploration.specification);
    EXPECT_EQ(a.exploration.samplingSeconds, b.exploration.samplingSeconds);
    ASSERT_EQ(a.exploration.groundTruth.has_value(), b.exploration.groundTruth.has_value());
    if (a.exploration.groundTruth) {
        EXPECT_EQ(a.exploration.groundTruth->values, b.exploration.groundTruth->values);
        EXPECT_EQ(a.exploration.groundTruth->performances, b.exploration.groundTruth->performances);
    }
    ASSERT_EQ(a.exploration.candidates.size(), b.exploration.candidates.size());
    for (std::size_t i = 0; i < a.exploration.candidates.size(); ++i) {
        const auto& left = a.exploration.candidates[i];
        const auto& right = b.exploration.candidates[i];
        ASSERT_EQ(left.values.size(), right.values.size());
        for (std::size_t v = 0; v < left.values.size(); ++v)
            EXPECT_TRUE(sameBits(left.values[v], right.values[v]));
        EXPECT_TRUE(sameBits(left.shortfall, right.shortfall));
        ASSERT_EQ(left.predicted.size(), right.predicted.size());
        for (std::size_t p = 0; p < left.predicted.size(); ++p)
            EXPECT_TRUE(sameBits(left.predicted[p], right.predicted[p]));
        EXPECT_TRUE(sameBits(left.probability, right.probability));
        EXPECT_EQ(left.mirrorUnits, right.mirrorUnits);
        expectSame(left.evaluation, right.evaluation);
    }
}

TEST_F(ResultStoreTest, GivesBackEveryNumberBitForBitAfterReopening) {
    const StoredExploration first = someExploration(1), second = someExploration(2);
    std::int64_t firstId = 0, secondId = 0;
    {
        auto store = ResultStore::open(file);
        ASSERT_TRUE(store) << store.error().describe();
        firstId = store->add(first).value();
        secondId = store->add(second).value();
    }
    auto store = ResultStore::open(file);
    ASSERT_TRUE(store) << store.error().describe();
    EXPECT_NE(firstId, secondId);
    expectSame(store->exploration(firstId).value(), first);
    expectSame(store->exploration(secondId).value(), second);
}

TEST_F(ResultStoreTest, KeepsOnlyWhatItIsTold) {
    auto store = ResultStore::open(file);
    ASSERT_TRUE(store);
    const auto a = store->add(someExploration(1)).value();
    const auto b = store->add(someExploration(2)).value();
    const auto c = store->add(someExploration(3)).value();
    ASSERT_TRUE(store->keepOnly({a, c}));
    EXPECT_EQ(store->ids().value(), (std::vector{a, c}));
    EXPECT_EQ(store->exploration(b).error().code, ErrorCode::NotFound);
    ASSERT_TRUE(store->keepOnly({}));
    EXPECT_TRUE(store->ids()->empty());
    // A number is never given twice: undo may still point at the old one.
    EXPECT_GT(store->add(someExploration(4)).value(), c);
}

TEST_F(ResultStoreTest, ANewFileCanGiveSpaceBack) {
    ASSERT_TRUE(ResultStore::open(file));
    const auto bytes = readFile(file);
    ASSERT_TRUE(bytes);
    ASSERT_GT(bytes->size(), 100U);
    // The header's big-endian words at 52 and 64 are not 0 where auto-vacuum is on, and incremental
    // (https://www.sqlite.org/fileformat2.html#the_database_header).
    EXPECT_NE(bytes->substr(52, 4), std::string(4, '\0'));
    EXPECT_NE(bytes->substr(64, 4), std::string(4, '\0'));
}

TEST_F(ResultStoreTest, ReadsFilesThatHoldNoPredictions) {
    StoredExploration stored = someExploration(1);
    std::int64_t id = 0;
    {
        auto store = ResultStore::open(file);
        ASSERT_TRUE(store);
        id = store->add(stored).value();
    }
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(connection, "DROP TABLE exploration_prediction", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(connection);
    for (sizing::Candidate& candidate : stored.exploration.candidates) {
        candidate.predicted.clear();
        candidate.probability = std::numeric_limits<double>::quiet_NaN();
    }
    const auto store = ResultStore::open(file);
    ASSERT_TRUE(store) << store.error().describe();
    expectSame(store->exploration(id).value(), stored);
}

TEST_F(ResultStoreTest, KeepsTheLatestAssessmentOfEachSubject) {
    {
        auto store = ResultStore::open(file);
        ASSERT_TRUE(store) << store.error().describe();
        ASSERT_TRUE(store->keep({"slack", "candidate", "old"}));
        ASSERT_TRUE(store->keep({"robustness", "candidate", "corners"}));
        ASSERT_TRUE(store->keep({"slack", "candidate", "new"}));
        ASSERT_TRUE(store->keepOnly({})); // is about explorations
    }
    auto store = ResultStore::open(file);
    ASSERT_TRUE(store) << store.error().describe();
    EXPECT_EQ(store->assessment("slack", "candidate").value(), "new");
    EXPECT_EQ(store->assessment("robustness", "candidate").value(), "corners");
    EXPECT_EQ(store->assessment("slack", "another").value(), std::nullopt);
    for (int i = 0; i < ResultStore::keptAssessments; ++i)
        ASSERT_TRUE(store->keep({"slack", std::to_string(i), "later"}));
    EXPECT_EQ(store->assessment("slack", "candidate").value(), std::nullopt);
    EXPECT_EQ(store->assessment("slack", "0").value(), "later");
}

TEST_F(ResultStoreTest, CopiesTheWholeFile) {
    const StoredExploration original = someExploration(5);
    auto store = ResultStore::open(file);
    ASSERT_TRUE(store);
    const auto id = store->add(original).value();
    ASSERT_TRUE(writeFileAtomically(folder / "copy.sqlite", "something old"));
    ASSERT_TRUE(store->copyTo(folder / "copy.sqlite"));
    auto copy = ResultStore::open(folder / "copy.sqlite");
    ASSERT_TRUE(copy);
    expectSame(copy->exploration(id).value(), original);
}

TEST_F(ResultStoreTest, SaysThatAFileIsDamaged) {
    ASSERT_TRUE(writeFileAtomically(
        file, "this is no database, and long enough to be taken for one if nobody looks"));
    const auto store = ResultStore::open(file);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::Corrupt);
    EXPECT_EQ(store.error().file, file.string());
}

TEST_F(ResultStoreTest, SaysThatAFolderIsMissing) {
    const auto store = ResultStore::open(folder / "missing" / "results.sqlite");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::Io);
}

TEST_F(ResultStoreTest, LeavesNothingHalfWrittenWhereAFileCannotGrow) {
    auto store = ResultStore::open(file);
    ASSERT_TRUE(store);
    const auto id = store->add(someExploration(1)).value();
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{std::filesystem::file_size(file) + 1000, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
    StoredExploration big = someExploration(2);
    big.exploration.candidates.resize(2000, big.exploration.candidates[0]);
    const auto failed = store->add(big);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, ignored);
    ASSERT_FALSE(failed);
    EXPECT_FALSE(failed.error().message.empty());
    EXPECT_EQ(store->ids().value(), std::vector{id});
    EXPECT_TRUE(store->add(big)) << "the store works again once there is room";
}

} // namespace
} // namespace headroom::project
