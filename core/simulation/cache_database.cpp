#include "core/simulation/cache_database.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

namespace headroom::simulation {
namespace {

constexpr int kBusyMilliseconds = 2000;
constexpr std::int64_t kApplicationId = 0x48645264; // "HdRd"
constexpr int kEvictionBatch = 500;
constexpr double kEvictionTarget = 0.9; // of the limit
constexpr int kReleasedAtOnce = 1000;   // pages
/// About what an entry takes beside its record: two keys, two rows, an index entry.
constexpr std::int64_t kEntryOverhead = 160;

constexpr const char* kTables =
    "CREATE TABLE cache_bench (id INTEGER PRIMARY KEY, circuit TEXT NOT NULL, technology TEXT NOT NULL,"
    " corner TEXT NOT NULL, supply REAL NOT NULL, temperature REAL NOT NULL, versions TEXT NOT NULL);"
    "CREATE TABLE cache_entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, bench INTEGER NOT NULL,"
    " used INTEGER NOT NULL, bytes INTEGER NOT NULL);"
    "CREATE INDEX cache_entry_used ON cache_entry (used);"
    "CREATE TABLE cache_record (id INTEGER PRIMARY KEY, record BLOB NOT NULL);"
    "CREATE TABLE cache_session (id INTEGER PRIMARY KEY, began INTEGER NOT NULL, ended INTEGER NOT NULL,"
    " hits INTEGER NOT NULL, misses INTEGER NOT NULL, stored INTEGER NOT NULL);"
    "CREATE TABLE cache_state (hits INTEGER NOT NULL, misses INTEGER NOT NULL, stored INTEGER NOT NULL,"
    " evicted INTEGER NOT NULL, size_limit INTEGER);"
    "INSERT INTO cache_state VALUES (0, 0, 0, 0, NULL);";

/// Tables of files from before there was an application id; exploration*: a project's.
constexpr std::array<std::string_view, 5> kKnownTables = {
    "evaluations", "exploration", "exploration_candidate", "exploration_format", "sqlite_sequence"};

int primary(int code) {
    return code & 0xff;
}

bool isDamage(int code) {
    return primary(code) == SQLITE_CORRUPT || primary(code) == SQLITE_NOTADB;
}

/// The first bytes of the database file, read through SQLite's own handle: opening and closing the file a
/// second time would drop the locks that this process holds on it.
std::string readHeader(sqlite3* connection) {
    sqlite3_file* handle = nullptr;
    sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &handle);
    sqlite3_int64 size = 0;
    if (handle == nullptr || handle->pMethods == nullptr ||
        handle->pMethods->xFileSize(handle, &size) != SQLITE_OK)
        return {};
    std::string header(static_cast<std::size_t>(std::min<sqlite3_int64>(size, 100)), '\0');
    handle->pMethods->xRead(handle, header.data(), static_cast<int>(header.size()), 0);
    return header;
}

bool hasOurId(const std::string& header) {
    if (header.size() < 72 || !header.starts_with("SQLite format 3")) return false;
    std::int64_t id = 0;
    for (const char byte : std::string_view(header).substr(68, 4))
        id = id << 8 | static_cast<unsigned char>(byte);
    return id == kApplicationId;
}

} // namespace

CacheStatement::CacheStatement(sqlite3* connection, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    m_prepared = sqlite3_prepare_v2(connection, sql, -1, &statement, nullptr);
    m_statement.reset(statement);
}

void CacheStatement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void CacheStatement::bind(int index, std::int64_t value) {
    sqlite3_bind_int64(m_statement.get(), index, value);
}

void CacheStatement::bind(int index, double value) {
    sqlite3_bind_double(m_statement.get(), index, value);
}

void CacheStatement::bindNull(int index) {
    sqlite3_bind_null(m_statement.get(), index);
}

void CacheStatement::bindText(int index, std::string_view value) {
    sqlite3_bind_text(m_statement.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

void CacheStatement::bindBlob(int index, std::string_view value) {
    sqlite3_bind_blob(m_statement.get(), index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
}

int CacheStatement::step() {
    return m_statement ? sqlite3_step(m_statement.get()) : m_prepared;
}

int CacheStatement::run() {
    const int stepped = step();
    reset();
    return stepped == SQLITE_DONE ? SQLITE_OK : stepped;
}

void CacheStatement::reset() {
    if (m_statement) sqlite3_reset(m_statement.get());
}

std::int64_t CacheStatement::integer(int column) const {
    return sqlite3_column_int64(m_statement.get(), column);
}

double CacheStatement::real(int column) const {
    return sqlite3_column_double(m_statement.get(), column);
}

bool CacheStatement::isNull(int column) const {
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::string_view CacheStatement::bytes(int column) const {
    const auto* start = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return start == nullptr ? std::string_view() : std::string_view(start, static_cast<std::size_t>(size));
}

CacheDatabase::~CacheDatabase() = default;
CacheDatabase::CacheDatabase(CacheDatabase&&) noexcept = default;
CacheDatabase& CacheDatabase::operator=(CacheDatabase&&) noexcept = default;

void CacheDatabase::Close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Result<CacheDatabase> CacheDatabase::open(const std::string& file, Mode mode) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        return fail(ErrorCode::Unsupported, fmt::format("{} is a folder.", file));
    if (mode == Mode::Inspect && !std::filesystem::exists(file, ignored))
        return fail(ErrorCode::NotFound, fmt::format("There is no file {}.", file));
    if (mode == Mode::Use)
        std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
    CacheDatabase database;
    database.m_file = file;
    sqlite3* connection = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Mode::Use ? SQLITE_OPEN_CREATE : 0);
    const int opened = sqlite3_open_v2(file.c_str(), &connection, flags, nullptr);
    database.m_connection.reset(connection);
    if (opened != SQLITE_OK) return database.failure(opened);
    sqlite3_busy_timeout(connection, kBusyMilliseconds);
    if (const auto recognised = database.recognise(); !recognised) return forward(recognised);
    if (mode == Mode::Use)
        if (const auto ready = database.makeReady(); !ready) return forward(ready);
    // Memory of 16 MB holds what leads to 100,000 records.
    const int set = database.execute("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304;"
                                     "PRAGMA cache_size = -16384");
    if (set != SQLITE_OK) return database.failure(set);
    return database;
}

Result<void> CacheDatabase::recognise() {
    CacheStatement tables = prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
    bool known = false, foreign = false;
    int stepped = tables.step();
    for (; stepped == SQLITE_ROW; stepped = tables.step()) {
        const bool isKnown =
            std::find(kKnownTables.begin(), kKnownTables.end(), tables.bytes(0)) != kKnownTables.end();
        (isKnown ? known : foreign) = true;
    }
    if (stepped != SQLITE_DONE) {
        m_isOurs = hasOurId(readHeader(m_connection.get()));
        return failure(stepped);
    }
    tables.reset();
    const std::int64_t id = number("PRAGMA application_id");
    m_version = static_cast<int>(number("PRAGMA user_version"));
    m_isOurs = id == kApplicationId || (id == 0 && known && !foreign);
    const bool isNew = id == 0 && !known && !foreign;
    if (!m_isOurs && !isNew)
        return fail(ErrorCode::Unsupported,
                    fmt::format("{} is a database of another program, not a cache of simulations.", m_file));
    if (m_version > kVersion)
        return fail(ErrorCode::Unsupported, fmt::format("{} was written by a newer Headroom.", m_file));
    return {};
}

/// Several programs may make a new file at the same moment. The change of the journal mode does not wait for
/// SQLite's busy time-out (it would upgrade a lock, which may deadlock), so it is tried again here.
Result<void> CacheDatabase::makeReady() {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::milliseconds(kBusyMilliseconds);
    for (;;) {
        // The order matters: the first page is made by the change to WAL, and auto-vacuum is chosen before.
        // A project's copy of its results has lost the mode.
        int made = execute("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
        if (made == SQLITE_OK && m_version < kVersion) made = makeTables();
        if (made == SQLITE_OK) break;
        if (primary(made) != SQLITE_BUSY || Clock::now() > deadline) return failure(made);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    m_version = kVersion;
    m_isOurs = true;
    // Where others use the file it stays as large as it is, and the pages are used again.
    if (m_dropped > 0) static_cast<void>(releaseFreePages());
    return {};
}

int CacheDatabase::makeTables() {
    return inTransaction([this] {
        if (number("PRAGMA user_version") >= kVersion) return SQLITE_OK;
        std::string change = kTables;
        if (hasTable("evaluations")) {
            m_dropped = number("SELECT COUNT(*) FROM evaluations");
            change += "DROP TABLE evaluations;";
        }
        change +=
            fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {};", kVersion, kApplicationId);
        return execute(change.c_str());
    });
}

int CacheDatabase::inTransaction(const std::function<int()>& work) const {
    int done = execute("BEGIN IMMEDIATE");
    if (done != SQLITE_OK) return done;
    done = work();
    if (done == SQLITE_OK) done = execute("COMMIT");
    // Some failures have ended the transaction already.
    if (done != SQLITE_OK && sqlite3_get_autocommit(m_connection.get()) == 0) execute("ROLLBACK");
    return done;
}

CacheStatement CacheDatabase::prepare(const char* sql) const {
    return {m_connection.get(), sql};
}

int CacheDatabase::execute(const char* sql) const {
    return sqlite3_exec(m_connection.get(), sql, nullptr, nullptr, nullptr);
}

std::int64_t CacheDatabase::number(const char* sql) const {
    CacheStatement statement = prepare(sql);
    return statement.step() == SQLITE_ROW ? statement.integer(0) : -1;
}

std::int64_t CacheDatabase::lastId() const {
    return sqlite3_last_insert_rowid(m_connection.get());
}

tl::unexpected<Error> CacheDatabase::failure(int code) const {
    const std::string why = sqlite3_errstr(code);
    if (primary(code) == SQLITE_FULL)
        return fail(ErrorCode::DiskFull, fmt::format("No space is left on the disk of {}.", m_file), why);
    if (!isDamage(code))
        return fail(ErrorCode::Io, fmt::format("{} cannot be read or written ({}).", m_file, why));
    if (!m_isOurs)
        return fail(ErrorCode::Unsupported, fmt::format("{} is no cache of simulations.", m_file), why);
    return fail(ErrorCode::Corrupt,
                fmt::format("{} is damaged; \"headroom-cli cache check --repair\" sets it aside.", m_file),
                why);
}

bool CacheDatabase::hasTable(const char* name) const {
    CacheStatement found = prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
    found.bindText(1, name);
    return found.step() == SQLITE_ROW;
}

std::int64_t CacheDatabase::usedBytes() const {
    return fileBytes() - number("PRAGMA freelist_count") * number("PRAGMA page_size");
}

std::int64_t CacheDatabase::fileBytes() const {
    return number("PRAGMA page_count") * number("PRAGMA page_size");
}

std::optional<std::int64_t> CacheDatabase::ownLimit() const {
    CacheStatement limit = prepare("SELECT size_limit FROM cache_state");
    if (limit.step() != SQLITE_ROW || limit.isNull(0)) return std::nullopt;
    return limit.integer(0);
}

int CacheDatabase::evict(std::int64_t limit) const {
    std::int64_t used = usedBytes();
    if (used > limit) {
        const auto target = static_cast<std::int64_t>(kEvictionTarget * static_cast<double>(limit));
        for (bool more = true; more && used > target; used = usedBytes())
            if (const int done = evictBatch(used - target, more); done != SQLITE_OK) return done;
    }
    // Only what is beyond the limit: the next entries want the rest.
    const std::int64_t pageSize = number("PRAGMA page_size");
    for (std::int64_t beyond = fileBytes() - limit; beyond > 0;) {
        const std::int64_t pages = std::min<std::int64_t>(beyond / pageSize + 1, kReleasedAtOnce);
        const int done = execute(fmt::format("PRAGMA incremental_vacuum({})", pages).c_str());
        if (done != SQLITE_OK) return done;
        const std::int64_t now = fileBytes() - limit;
        if (now >= beyond) break; // nothing is free, or a file without auto-vacuum
        beyond = now;
    }
    return SQLITE_OK;
}

int CacheDatabase::evictBatch(std::int64_t bytes, bool& more) const {
    return inTransaction([&] {
        std::vector<std::int64_t> ids;
        CacheStatement oldest = prepare("SELECT id, bytes FROM cache_entry ORDER BY used, id LIMIT ?1");
        oldest.bind(1, std::int64_t{kEvictionBatch});
        while (bytes > 0 && oldest.step() == SQLITE_ROW) {
            ids.push_back(oldest.integer(0));
            bytes -= oldest.integer(1) + kEntryOverhead;
        }
        oldest.reset();
        more = !ids.empty();
        CacheStatement removeEntry = prepare("DELETE FROM cache_entry WHERE id = ?1");
        CacheStatement removeRecord = prepare("DELETE FROM cache_record WHERE id = ?1");
        CacheStatement count = prepare("UPDATE cache_state SET evicted = evicted + ?1");
        count.bind(1, static_cast<std::int64_t>(ids.size()));
        int done = count.run();
        for (std::size_t k = 0; k < ids.size() && done == SQLITE_OK; ++k) {
            removeEntry.bind(1, ids[k]);
            removeRecord.bind(1, ids[k]);
            done = removeEntry.run();
            if (done == SQLITE_OK) done = removeRecord.run();
        }
        return done;
    });
}

int CacheDatabase::releaseFreePages() const {
    // Only a rewritten file can take up auto-vacuum.
    const bool shrinks = number("PRAGMA auto_vacuum") == 2;
    const int done =
        execute(shrinks ? "PRAGMA incremental_vacuum" : "PRAGMA auto_vacuum = INCREMENTAL; VACUUM");
    if (done != SQLITE_OK) return done;
    return execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

std::int64_t cacheTime() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace headroom::simulation
