// The cache's file: limits, counters, several processes, and files that are damaged or not ours.
#include "core/simulation/cache_file.h"

#include <csignal>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/simulation/cache_database.h"
#include "core/simulation/result_cache.h"
#include "tests/core/simulation/test_evaluations.h"

namespace headroom::simulation {
namespace {

namespace fs = std::filesystem;

class CacheFile : public testing::Test {
protected:
    CacheFile() {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        m_folder = fs::path(testing::TempDir()) /
                   (std::string("headroom_cache_file_") + info->name() + std::to_string(::getpid()));
        fs::remove_all(m_folder);
        fs::create_directories(m_folder);
        file = (m_folder / "results.sqlite").string();
    }
    ~CacheFile() override { fs::remove_all(m_folder); }

    const Bench& bench() const { return m_invented.bench(); }
    std::string key(std::uint64_t number) const { return m_invented.key(number); }
    Evaluation evaluation(std::uint64_t number) const { return inventedEvaluation(bench(), number); }

    void store(ResultCache& cache, std::uint64_t first, std::uint64_t last) const {
        for (std::uint64_t number = first; number < last; ++number)
            cache.store(bench(), key(number), evaluation(number));
    }
    void storeNew(std::uint64_t count) const {
        ResultCache cache(file);
        store(cache, 0, count);
    }
    bool has(ResultCache& cache, std::uint64_t number) const {
        const auto found = cache.find(bench(), key(number));
        EXPECT_EQ(found ? difference(*found, evaluation(number)) : "", "");
        return found.has_value();
    }
    CacheFacts facts() const {
        const auto read = inspectCache(file);
        EXPECT_TRUE(read) << read.error().describe();
        return read.value_or(CacheFacts{});
    }
    /// Runs SQL on the file, as another program would.
    void sql(const std::string& statements) const {
        sqlite3* connection = nullptr;
        ASSERT_EQ(sqlite3_open(file.c_str(), &connection), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(connection, statements.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(connection);
        sqlite3_close(connection);
    }
    /// Everything that a file's bad state must come to: one sentence, and a cache that does nothing.
    std::string problemOf() const {
        ResultCache cache(file);
        const std::string problem = cache.takeProblem();
        EXPECT_NE(problem.find(file), std::string::npos) << problem;
        EXPECT_FALSE(has(cache, 1));
        store(cache, 1, 2);
        EXPECT_EQ(cache.takeProblem(), "");
        return problem;
    }
    /// Flips bytes of the file; @p step 1: all from @p first on.
    void damage(std::size_t first, std::size_t step) const {
        std::string bytes = readFile(file).value();
        for (std::size_t at = first; at < bytes.size(); at += step)
            bytes[at] = static_cast<char>(~bytes[at]);
        ASSERT_TRUE(writeFileAtomically(file, bytes));
    }

    std::string file;

private:
    fs::path m_folder;
    InventedBench m_invented;
};

TEST_F(CacheFile, SaysWhatIsInIt) {
    {
        ResultCache cache(file);
        EXPECT_FALSE(has(cache, 1));
        store(cache, 0, 10);
        EXPECT_TRUE(has(cache, 1));
        EXPECT_TRUE(has(cache, 2));
    }
    ResultCache second(file);
    EXPECT_TRUE(has(second, 3));
    second.flush();
    const CacheFacts known = facts();
    EXPECT_EQ(known.version, CacheDatabase::kVersion);
    EXPECT_EQ(known.entries, 10);
    EXPECT_GT(known.bytes, 10 * 500);
    EXPECT_GE(known.fileBytes, known.bytes);
    EXPECT_EQ(known.limit, std::nullopt);
    EXPECT_GT(known.oldestUse, 1700000000000);
    EXPECT_GE(known.newestUse, known.oldestUse);
    EXPECT_EQ(known.counts.hits, 3);
    EXPECT_EQ(known.counts.misses, 1);
    EXPECT_EQ(known.counts.stored, 10);
    EXPECT_DOUBLE_EQ(known.counts.hitRate(), 0.75);
    ASSERT_EQ(known.sessions.size(), 2U);
    EXPECT_EQ(known.sessions[0].counts.hits, 1);
    EXPECT_EQ(known.sessions[1].counts.hits, 2);
    EXPECT_DOUBLE_EQ(known.sessions[1].counts.hitRate(), 2.0 / 3);
    ASSERT_EQ(known.benches.size(), 1U);
    EXPECT_EQ(known.benches[0].circuit, bench().circuit().name);
    EXPECT_EQ(known.benches[0].technology, "freepdk45");
    EXPECT_EQ(known.benches[0].entries, 10);
    EXPECT_DOUBLE_EQ(known.benches[0].supplyVoltage, bench().conditions().supplyVoltage);
    EXPECT_NE(known.benches[0].versions.find("ngspice"), std::string::npos);
}

TEST_F(CacheFile, KeepsEachBenchApart) {
    ResultCache cache(file);
    store(cache, 0, 3);
    EvaluationSettings settings;
    settings.corner = "ss";
    const InventedBench slow("miller.sp", settings);
    cache.store(slow.bench(), slow.key(0), inventedEvaluation(slow.bench(), 0));
    EXPECT_FALSE(cache.find(slow.bench(), slow.key(1)));
    const CacheFacts known = facts();
    ASSERT_EQ(known.benches.size(), 2U);
    EXPECT_EQ(known.benches[0].entries, 3);
    EXPECT_EQ(known.benches[1].corner, "ss");
}

TEST_F(CacheFile, MeasurementsCurvesAndVariationsArePartOfTheKey) {
    EvaluationSettings settings;
    const auto fingerprint = [&] { return InventedBench("miller.sp", settings).fingerprint(); };
    const std::string plain = fingerprint();
    settings.keepCurves = true;
    EXPECT_NE(fingerprint(), plain);
    settings = {};
    settings.measurements = {{"top", "V", Measurement::Analysis::OpenLoop, "max v(out)"}};
    const std::string measured = fingerprint();
    EXPECT_NE(measured, plain);
    settings.measurements[0].expression = "min v(out)";
    EXPECT_NE(fingerprint(), measured);
    EXPECT_NE(cacheKey(plain, {1, 2}, "mismatch 3"), cacheKey(plain, {1, 2}));
}

TEST_F(CacheFile, ValuesThatAreWrittenAlikeAreOneKey) {
    RandomEngine engine(1);
    for (int round = 0; round < 2000; ++round) {
        const double value = logUniform(engine, 1e-15, 1e6);
        const double near = value * (1 + uniform(engine, -1e-10, 1e-10));
        EXPECT_EQ(cacheKey("bench", {value}) == cacheKey("bench", {near}), written(value) == written(near))
            << value;
    }
}

TEST_F(CacheFile, StaysWithinItsLimitAndKeepsWhatWasUsed) {
    constexpr std::int64_t kLimit = 512 * 1024;
    ResultCache cache(file, kLimit);
    store(cache, 0, 20);
    for (std::uint64_t number = 20; number < 2000; ++number) {
        store(cache, number, number + 1);
        if (number % 50 == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            ASSERT_TRUE(has(cache, 7)) << number;
            ASSERT_LT(facts().fileBytes, kLimit * 5 / 4) << number;
        }
    }
    EXPECT_EQ(cache.takeProblem(), "");
    const CacheFacts known = facts();
    EXPECT_GT(known.evicted, 1000);
    EXPECT_EQ(known.entries + known.evicted, 2000);
    EXPECT_LT(known.fileBytes, kLimit * 5 / 4);
    EXPECT_GT(known.bytes, kLimit / 3) << "no more is evicted than is needed";
    EXPECT_TRUE(has(cache, 1999));
    EXPECT_FALSE(has(cache, 8));
}

TEST_F(CacheFile, ItsOwnLimitGoesBeforeTheProgramsAndShrinksIt) {
    storeNew(600);
    const auto before = static_cast<std::int64_t>(fs::file_size(file));
    ASSERT_GT(before, 400 * 1024);
    const auto evicted = limitCache(file, 200 * 1024);
    ASSERT_TRUE(evicted) << evicted.error().describe();
    EXPECT_GT(*evicted, 100);
    EXPECT_LE(static_cast<std::int64_t>(fs::file_size(file)), 200 * 1024);
    EXPECT_EQ(facts().limit, 200 * 1024);
    {
        ResultCache cache(file, std::int64_t{1} << 30);
        store(cache, 1000, 1600);
    }
    EXPECT_LT(facts().fileBytes, 260 * 1024);
    EXPECT_FALSE(limitCache(file, 1000));
    ASSERT_TRUE(limitCache(file, std::nullopt));
    EXPECT_EQ(facts().limit, std::nullopt);
}

TEST_F(CacheFile, ClearingGivesTheSpaceBackAndLeavesOtherTablesAlone) {
    sql("CREATE TABLE exploration (id INTEGER PRIMARY KEY, seed TEXT); INSERT INTO exploration VALUES (7, "
        "'x')");
    storeNew(500);
    const auto before = fs::file_size(file);
    EXPECT_EQ(clearCache(file).value_or(-1), 500);
    EXPECT_LT(fs::file_size(file), before / 5);
    const CacheFacts known = facts();
    EXPECT_EQ(known.entries, 0);
    EXPECT_EQ(known.counts.stored, 500);
    EXPECT_TRUE(known.benches.empty());
    const auto database = CacheDatabase::open(file, CacheDatabase::Mode::Inspect);
    EXPECT_EQ(database->number("SELECT id FROM exploration"), 7);
}

TEST_F(CacheFile, MayBeClearedWhileItIsUsed) {
    ResultCache cache(file);
    store(cache, 0, 50);
    EXPECT_TRUE(has(cache, 4));
    EXPECT_EQ(clearCache(file).value_or(-1), 50);
    EXPECT_FALSE(has(cache, 4));
    store(cache, 4, 5);
    EXPECT_TRUE(has(cache, 4));
    cache.flush();
    EXPECT_EQ(cache.takeProblem(), "");
    EXPECT_EQ(facts().benches.at(0).circuit, bench().circuit().name);
}

TEST_F(CacheFile, OfHeadroom01IsRebuiltWithASentence) {
    sql("PRAGMA journal_mode=WAL;"
        "CREATE TABLE evaluations (key TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;"
        "INSERT INTO evaluations VALUES ('ab', zeroblob(300000)), ('cd', x'01');"
        "CREATE TABLE exploration (id INTEGER PRIMARY KEY AUTOINCREMENT, seed TEXT);"
        "INSERT INTO exploration VALUES (7, 'x')");
    EXPECT_EQ(facts().version, 0);
    EXPECT_EQ(facts().entries, 2);
    {
        ResultCache cache(file);
        const std::string said = cache.takeProblem();
        EXPECT_NE(said.find("2 results that an older Headroom cached"), std::string::npos) << said;
        store(cache, 0, 3);
        EXPECT_TRUE(has(cache, 2));
    }
    EXPECT_EQ(ResultCache(file).takeProblem(), "");
    EXPECT_EQ(facts().entries, 3);
    EXPECT_LT(fs::file_size(file), 150000U);
    const auto database = CacheDatabase::open(file, CacheDatabase::Mode::Inspect);
    EXPECT_EQ(database->number("SELECT id FROM exploration"), 7);
    EXPECT_EQ(database->number("PRAGMA auto_vacuum"), 2);
}

TEST_F(CacheFile, OfANewerHeadroomIsLeftAlone) {
    storeNew(3);
    sql("PRAGMA user_version = 1000");
    const std::string before = readFile(file).value();
    EXPECT_NE(problemOf().find("newer Headroom"), std::string::npos);
    EXPECT_EQ(readFile(file).value(), before);
}

TEST_F(CacheFile, CopiedByAProjectGoesOnWorking) {
    storeNew(20);
    const std::string copy = file + "-copy";
    sql(fmt::format("VACUUM INTO '{}'", copy));
    ResultCache cache(copy);
    EXPECT_EQ(cache.takeProblem(), "");
    EXPECT_TRUE(has(cache, 19));
    const auto database = CacheDatabase::open(copy, CacheDatabase::Mode::Inspect);
    EXPECT_EQ(database->prepare("PRAGMA journal_mode").step(), SQLITE_ROW);
    EXPECT_EQ(database->number("SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

// Several processes

/// Runs @p work in a process of its own. @return its id
template <class Work>
pid_t inProcess(const Work& work) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(work() ? 0 : 1);
    return child;
}

bool endedWell(pid_t child) {
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(CacheFile, ServesReadersAndWritersOfSeveralProcessesAtOnce) {
    constexpr std::uint64_t kEach = 150;
    std::vector<pid_t> children;
    for (std::uint64_t writer = 0; writer < 3; ++writer) {
        children.push_back(inProcess([&] {
            ResultCache cache(file);
            store(cache, writer * kEach, (writer + 1) * kEach);
            bool all = true;
            for (std::uint64_t n = writer * kEach; n < (writer + 1) * kEach; ++n)
                all = all && has(cache, n);
            return all && cache.takeProblem().empty();
        }));
    }
    for (int reader = 0; reader < 2; ++reader) {
        children.push_back(inProcess([&] {
            ResultCache cache(file);
            for (int round = 0; round < 5; ++round)
                for (std::uint64_t n = 0; n < 3 * kEach; ++n)
                    static_cast<void>(has(cache, n));
            return cache.takeProblem().empty() && !testing::Test::HasFailure();
        }));
    }
    for (const pid_t child : children)
        EXPECT_TRUE(endedWell(child));
    const CacheFacts known = facts();
    EXPECT_EQ(known.entries, 3 * static_cast<std::int64_t>(kEach));
    EXPECT_EQ(known.counts.stored, 3 * static_cast<std::int64_t>(kEach));
    EXPECT_EQ(known.counts.hits + known.counts.misses,
              static_cast<std::int64_t>(3 * kEach + 2 * 5 * 3 * kEach));
    EXPECT_EQ(known.sessions.size(), 5U);
    EXPECT_EQ(checkCache(file, false)->damagedEntries, 0);
}

TEST_F(CacheFile, EvictsInSeveralProcessesAtOnce) {
    constexpr std::int64_t kLimit = 256 * 1024;
    std::vector<pid_t> children;
    for (std::uint64_t writer = 0; writer < 3; ++writer) {
        children.push_back(inProcess([&] {
            ResultCache cache(file, kLimit);
            store(cache, writer * 1000, writer * 1000 + 400);
            return cache.takeProblem().empty();
        }));
    }
    for (const pid_t child : children)
        EXPECT_TRUE(endedWell(child));
    EXPECT_LT(facts().fileBytes, kLimit * 3 / 2);
    EXPECT_EQ(facts().entries + facts().evicted, 1200);
    EXPECT_EQ(checkCache(file, false)->damagedEntries, 0);
}

TEST_F(CacheFile, SurvivesWritersThatAreKilled) {
    std::uint64_t first = 0;
    for (int round = 0; round < 12; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        // Evicting, too: the limit is reached after a few rounds.
        const pid_t child = inProcess([&] {
            ResultCache cache(file, 512 * 1024);
            for (std::uint64_t number = first;; ++number) {
                store(cache, number, number + 1);
                if (::write(pipe[1], &number, sizeof number) != sizeof number) return false;
            }
        });
        ::close(pipe[1]);
        std::uint64_t last = 0;
        for (int count = 0; count < 20 + 7 * round; ++count)
            ASSERT_EQ(::read(pipe[0], &last, sizeof last), static_cast<ssize_t>(sizeof last));
        ::usleep(static_cast<useconds_t>(311 * round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(pipe[0], &last, sizeof last) == static_cast<ssize_t>(sizeof last)) {
        }
        ::close(pipe[0]);
        const auto check = checkCache(file, false);
        ASSERT_TRUE(check) << check.error().describe();
        EXPECT_EQ(check->damagedEntries, 0);
        ResultCache cache(file);
        EXPECT_EQ(cache.takeProblem(), "");
        EXPECT_TRUE(has(cache, last)) << "what was stored is still there";
        first = last + 1;
    }
}

// Files that are damaged, or not ours

TEST_F(CacheFile, GarbageIsNotOursAndStays) {
    const std::string garbage(8192, 'x');
    ASSERT_TRUE(writeFileAtomically(file, garbage));
    EXPECT_NE(problemOf().find("is no cache of simulations"), std::string::npos);
    EXPECT_EQ(inspectCache(file).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(setCorruptCacheAside(file).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(readFile(file).value(), garbage);
}

TEST_F(CacheFile, AFolderIsOneSentence) {
    fs::create_directories(file);
    EXPECT_NE(problemOf().find("is a folder"), std::string::npos);
    EXPECT_FALSE(setCorruptCacheAside(file));
    EXPECT_TRUE(fs::is_directory(file));
}

TEST_F(CacheFile, AnotherProgramsDatabaseIsLeftAlone) {
    sql("CREATE TABLE bookmarks (title TEXT); INSERT INTO bookmarks VALUES ('SPICE')");
    const std::string before = readFile(file).value();
    EXPECT_NE(problemOf().find("database of another program"), std::string::npos);
    EXPECT_FALSE(clearCache(file));
    EXPECT_FALSE(limitCache(file, 1 << 20));
    EXPECT_EQ(setCorruptCacheAside(file).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(readFile(file).value(), before);
    EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(file).parent_path()), {}), 1);
}

TEST_F(CacheFile, AnotherProgramsTableOfTheOldNameIsLeftAlone) {
    sql("CREATE TABLE evaluations (pupil TEXT, mark INTEGER); INSERT INTO evaluations VALUES ('Ann', 1)");
    const std::string before = readFile(file).value();
    EXPECT_NE(problemOf().find("database of another program"), std::string::npos);
    EXPECT_EQ(readFile(file).value(), before);
}

TEST_F(CacheFile, AnotherProgramsDamagedDatabaseIsLeftAlone) {
    sql("CREATE TABLE bookmarks (title TEXT); INSERT INTO bookmarks VALUES (zeroblob(30000))");
    damage(100, 1);
    const std::string before = readFile(file).value();
    static_cast<void>(problemOf());
    EXPECT_EQ(setCorruptCacheAside(file).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(readFile(file).value(), before);
}

TEST_F(CacheFile, OurDamagedFileIsSetAsideAndANewOneBegins) {
    storeNew(200);
    damage(100, 1);
    EXPECT_NE(problemOf().find("damaged"), std::string::npos);
    const std::string before = readFile(file).value();
    EXPECT_EQ(inspectCache(file).error().code, ErrorCode::Corrupt);
    const auto aside = setCorruptCacheAside(file);
    ASSERT_TRUE(aside) << aside.error().describe();
    EXPECT_EQ(*aside, file + ".corrupt");
    EXPECT_EQ(readFile(*aside).value(), before);
    EXPECT_FALSE(fs::exists(file));
    storeNew(5);
    EXPECT_EQ(facts().entries, 5);
    damage(100, 1);
    EXPECT_EQ(setCorruptCacheAside(file).value(), file + ".corrupt2");
}

TEST_F(CacheFile, ASoundFileIsNotSetAside) {
    storeNew(5);
    EXPECT_EQ(setCorruptCacheAside(file).error().code, ErrorCode::BadInput);
    EXPECT_EQ(facts().entries, 5);
}

TEST_F(CacheFile, EveryTruncationIsASentenceOrACache) {
    storeNew(60);
    const std::string whole = readFile(file).value();
    for (std::size_t size = 0; size < whole.size(); size += size < 4200 ? 211 : 1777) {
        ASSERT_TRUE(writeFileAtomically(file, whole.substr(0, size)));
        ResultCache cache(file);
        for (std::uint64_t number = 0; number < 60; number += 7)
            static_cast<void>(has(cache, number));
        store(cache, 100, 110);
        cache.flush();
        // Of the last page a part may be missing that nothing stands in.
        if (size + 4096 > whole.size()) continue;
        EXPECT_EQ(cache.takeProblem().empty(), size == 0) << size;
    }
}

TEST_F(CacheFile, FlippedBytesNeverGiveAWrongResult) {
    storeNew(60);
    const std::string whole = readFile(file).value();
    for (std::size_t round = 0; round < 60; ++round) {
        ASSERT_TRUE(writeFileAtomically(file, whole));
        damage(100 + 13 * round, 1009 + 97 * round);
        ResultCache cache(file);
        for (std::uint64_t number = 0; number < 60; ++number)
            static_cast<void>(has(cache, number)); // compares what it finds
        store(cache, 100, 110);
        static_cast<void>(checkCache(file, true));
    }
}

TEST_F(CacheFile, DamagedEntriesAreFoundAndRemoved) {
    storeNew(10);
    sql("UPDATE cache_record SET record = zeroblob(800) WHERE id IN (2, 5)");
    EXPECT_EQ(checkCache(file, false)->damagedEntries, 2);
    {
        ResultCache cache(file);
        EXPECT_FALSE(has(cache, 1));
        store(cache, 1, 2); // simulated again
        EXPECT_TRUE(has(cache, 1));
    }
    EXPECT_EQ(checkCache(file, true)->damagedEntries, 1);
    EXPECT_EQ(checkCache(file, true)->damagedEntries, 0);
    EXPECT_EQ(facts().entries, 9);
}

TEST_F(CacheFile, AReadOnlyFileIsOneSentence) {
    storeNew(3);
    const std::string before = readFile(file).value();
    fs::permissions(file, fs::perms::owner_read | fs::perms::others_read);
    fs::permissions(fs::path(file).parent_path(), fs::perms::owner_write, fs::perm_options::remove);
    EXPECT_TRUE(endedWell(inProcess([&] {
        constexpr uid_t kNobody = 65534; // the superuser may write to everything
        if (::geteuid() == 0 && ::seteuid(kNobody) != 0) return false;
        ResultCache cache(file);
        store(cache, 5, 7);
        return !cache.takeProblem().empty() && cache.takeProblem().empty();
    })));
    fs::permissions(fs::path(file).parent_path(), fs::perms::owner_write, fs::perm_options::add);
    EXPECT_EQ(readFile(file).value(), before);
}

TEST_F(CacheFile, IsFoundInFolders) {
    const fs::path folder = fs::path(file).parent_path();
    EXPECT_EQ(findCacheFile(folder).error().code, ErrorCode::NotFound);
    storeNew(1);
    EXPECT_EQ(findCacheFile(folder).value(), file);
    EXPECT_EQ(findCacheFile(file).value(), file);
    EXPECT_EQ(findCacheFile(folder / "missing").error().code, ErrorCode::NotFound);
    EXPECT_EQ(inspectCache(folder / "missing").error().code, ErrorCode::NotFound);
}

} // namespace
} // namespace headroom::simulation
