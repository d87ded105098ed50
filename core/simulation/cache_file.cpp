#include "core/simulation/cache_file.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sqlite3.h>

#include "core/simulation/cache_database.h"
#include "core/simulation/evaluation_record.h"

namespace headroom::simulation {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kSmallestLimit = std::int64_t{1} << 16;
/// Where folders have their cache: a project, a data set.
constexpr std::array kNamesInFolders = {"results.sqlite", "simulations.sqlite"};

Result<CacheDatabase> openExisting(const fs::path& file, CacheDatabase::Mode mode) {
    if (std::error_code ignored; !fs::exists(file, ignored))
        return fail(ErrorCode::NotFound, fmt::format("There is no file {}.", file.string()));
    return CacheDatabase::open(file.string(), mode);
}

std::string text(const CacheStatement& row, int column) {
    return std::string(row.bytes(column));
}

int readTotals(const CacheDatabase& database, CacheFacts& facts) {
    CacheStatement row = database.prepare("SELECT COUNT(*), COALESCE(SUM(bytes), 0), COALESCE(MIN(used), 0),"
                                          " COALESCE(MAX(used), 0) FROM cache_entry");
    if (const int stepped = row.step(); stepped != SQLITE_ROW) return stepped;
    facts.entries = row.integer(0);
    facts.bytes = row.integer(1);
    facts.oldestUse = row.integer(2);
    facts.newestUse = row.integer(3);
    CacheStatement state = database.prepare("SELECT hits, misses, stored, evicted FROM cache_state");
    if (const int stepped = state.step(); stepped != SQLITE_ROW) return stepped;
    facts.counts = {state.integer(0), state.integer(1), state.integer(2)};
    facts.evicted = state.integer(3);
    facts.limit = database.ownLimit();
    return SQLITE_OK;
}

int readSessions(const CacheDatabase& database, CacheFacts& facts) {
    CacheStatement row = database.prepare(
        "SELECT began, ended, hits, misses, stored FROM cache_session ORDER BY began DESC, id DESC");
    int stepped = row.step();
    for (; stepped == SQLITE_ROW; stepped = row.step())
        facts.sessions.push_back(
            {row.integer(0), row.integer(1), {row.integer(2), row.integer(3), row.integer(4)}});
    return stepped == SQLITE_DONE ? SQLITE_OK : stepped;
}

int readBenches(const CacheDatabase& database, CacheFacts& facts) {
    CacheStatement row = database.prepare(
        "SELECT circuit, technology, corner, supply, temperature, versions, COUNT(*), SUM(bytes), MAX(used)"
        " FROM cache_entry LEFT JOIN cache_bench ON cache_bench.id = bench GROUP BY bench"
        " ORDER BY COUNT(*) DESC");
    int stepped = row.step();
    for (; stepped == SQLITE_ROW; stepped = row.step())
        facts.benches.push_back({text(row, 0), text(row, 1), text(row, 2), row.real(3), row.real(4),
                                 text(row, 5), row.integer(6), row.integer(7), row.integer(8)});
    return stepped == SQLITE_DONE ? SQLITE_OK : stepped;
}

/// The sentence of a structural check that failed, or none.
Result<void> checkStructure(const CacheDatabase& database) {
    CacheStatement check = database.prepare("PRAGMA integrity_check(1)");
    const int stepped = check.step();
    if (stepped != SQLITE_ROW) return database.failure(stepped);
    if (check.bytes(0) == "ok") return {};
    Error error = database.failure(SQLITE_CORRUPT).value();
    error.detail = text(check, 0);
    return tl::unexpected<Error>(std::move(error));
}

fs::path freeName(const fs::path& file) {
    for (int number = 1;; ++number) {
        fs::path name = file;
        name += number == 1 ? ".corrupt" : fmt::format(".corrupt{}", number);
        if (std::error_code ignored; !fs::exists(name, ignored)) return name;
    }
}

} // namespace

double CacheCounts::hitRate() const {
    return hits + misses > 0 ? static_cast<double>(hits) / static_cast<double>(hits + misses) : 0;
}

Result<fs::path> findCacheFile(const fs::path& path) {
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return fail(ErrorCode::NotFound, fmt::format("There is no file or folder {}.", path.string()));
    if (!fs::is_directory(path, ignored)) return path;
    for (const char* name : kNamesInFolders)
        if (fs::exists(path / name, ignored)) return path / name;
    return fail(ErrorCode::NotFound, fmt::format("The folder {} holds no cache: neither {} nor {}.",
                                                 path.string(), kNamesInFolders[0], kNamesInFolders[1]));
}

Result<CacheFacts> inspectCache(const fs::path& file) {
    const auto database = openExisting(file, CacheDatabase::Mode::Inspect);
    if (!database) return forward(database);
    CacheFacts facts;
    facts.file = file;
    facts.version = database->version();
    facts.fileBytes = database->fileBytes();
    if (facts.version == 0) {
        if (database->hasTable("evaluations"))
            facts.entries = database->number("SELECT COUNT(*) FROM evaluations");
        return facts;
    }
    for (const auto read : {readTotals, readSessions, readBenches})
        if (const int done = read(*database, facts); done != SQLITE_OK) return database->failure(done);
    return facts;
}

Result<std::int64_t> clearCache(const fs::path& file) {
    const auto database = openExisting(file, CacheDatabase::Mode::Use);
    if (!database) return forward(database);
    std::int64_t count = database->droppedEntries();
    const int done = database->inTransaction([&] {
        count += database->number("SELECT COUNT(*) FROM cache_entry");
        return database->execute(
            "DELETE FROM cache_record; DELETE FROM cache_entry; DELETE FROM cache_bench");
    });
    if (done != SQLITE_OK) return database->failure(done);
    // Where others are at the file the space stays with it, for new entries.
    static_cast<void>(database->releaseFreePages());
    return count;
}

Result<std::int64_t> limitCache(const fs::path& file, std::optional<std::int64_t> bytes) {
    if (bytes && *bytes < kSmallestLimit)
        return fail(ErrorCode::BadInput,
                    fmt::format("A cache cannot be smaller than {} bytes.", kSmallestLimit));
    const auto database = openExisting(file, CacheDatabase::Mode::Use);
    if (!database) return forward(database);
    const std::string set =
        fmt::format("UPDATE cache_state SET size_limit = {}", bytes ? std::to_string(*bytes) : "NULL");
    if (const int done = database->execute(set.c_str()); done != SQLITE_OK) return database->failure(done);
    if (!bytes) return 0;
    const std::int64_t before = database->number("SELECT evicted FROM cache_state");
    if (const int done = database->evict(*bytes); done != SQLITE_OK) return database->failure(done);
    if (database->fileBytes() > *bytes) static_cast<void>(database->releaseFreePages());
    return database->number("SELECT evicted FROM cache_state") - before;
}

Result<CacheCheck> checkCache(const fs::path& file, bool repair) {
    const auto database = openExisting(file, CacheDatabase::Mode::Inspect);
    if (!database) return forward(database);
    if (const auto sound = checkStructure(*database); !sound) return forward(sound);
    CacheCheck result;
    if (database->version() == 0) return result;
    std::vector<std::int64_t> damaged;
    CacheStatement row = database->prepare("SELECT entry.id, key, record FROM cache_entry AS entry"
                                           " LEFT JOIN cache_record ON cache_record.id = entry.id");
    int stepped = row.step();
    for (; stepped == SQLITE_ROW; stepped = row.step()) {
        ++result.entries;
        if (!isSealedRecord(row.bytes(1), row.bytes(2))) damaged.push_back(row.integer(0));
    }
    row.reset();
    if (stepped != SQLITE_DONE) return database->failure(stepped);
    result.damagedEntries = static_cast<std::int64_t>(damaged.size());
    if (!repair || damaged.empty()) return result;
    const int done = database->inTransaction([&] {
        const std::string ids = fmt::format("{}", fmt::join(damaged, ", "));
        return database->execute(fmt::format("DELETE FROM cache_record WHERE id IN ({0});"
                                             "DELETE FROM cache_entry WHERE id IN ({0})",
                                             ids)
                                     .c_str());
    });
    if (done != SQLITE_OK) return database->failure(done);
    return result;
}

Result<fs::path> setCorruptCacheAside(const fs::path& file) {
    const auto check = checkCache(file, false);
    if (check) return fail(ErrorCode::BadInput, fmt::format("{} is not damaged, and stays.", file.string()));
    if (check.error().code != ErrorCode::Corrupt) return forward(check);
    const fs::path aside = freeName(file);
    std::error_code code;
    fs::rename(file, aside, code);
    if (code) return fail(ErrorCode::Io, fmt::format("{} cannot be renamed.", file.string()), code.message());
    // The log of changes belongs to the file; its index is made anew.
    std::error_code ignored;
    fs::rename(file.string() + "-wal", aside.string() + "-wal", ignored);
    fs::remove(file.string() + "-shm", ignored);
    return aside;
}

} // namespace headroom::simulation
