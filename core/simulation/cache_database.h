#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace headroom::simulation {

/// A prepared statement; values are bound from 1 and read from 0. What is bound must live until reset().
class CacheStatement {
public:
    CacheStatement() = default;
    CacheStatement(sqlite3* connection, const char* sql);

    void bind(int index, std::int64_t value);
    void bind(int index, double value);
    void bindNull(int index);
    void bindText(int index, std::string_view value);
    void bindBlob(int index, std::string_view value);

    /// SQLITE_ROW, SQLITE_DONE or an error; also where preparing failed.
    int step();
    /// One step of a statement without rows, then reset(). @return SQLITE_OK or an error
    int run();
    void reset();

    std::int64_t integer(int column) const;
    double real(int column) const;
    bool isNull(int column) const;
    /// Text or blob; lives until the next step() or reset().
    std::string_view bytes(int column) const;

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_prepared = 1; ///< SQLITE_OK or why there is no statement
};

/// The SQLite file of a result cache. It may hold tables of others that this program knows (a project's
/// explorations); they are left alone. Not thread-safe; any number of objects and processes may have the
/// same file open.
///
///     cache_bench     what entries were simulated on, in words; id: start of the fingerprint
///     cache_entry     key, bench, time of the last use (ms since 1970), bytes of the record
///     cache_record    evaluation_record.h, by the entry's id
///     cache_session   hits, misses and stored entries of the last users of the file
///     cache_state     one row: the same over the file's life, evicted entries, the file's own size limit
///
/// PRAGMA user_version is the version of these tables, and PRAGMA application_id says that the file is ours.
class CacheDatabase {
public:
    static constexpr int kVersion = 1; ///< 0: a file without a cache, or with that of Headroom 0.1

    enum class Mode {
        Use,     ///< make the file and its tables, or bring older tables to kVersion
        Inspect, ///< an existing file as it is
    };

    /// Errors: NotFound (Inspect alone), Unsupported (a database of another program or of a newer Headroom;
    /// no database at all: nothing has been changed), Corrupt (a damaged file of ours), DiskFull, Io.
    static Result<CacheDatabase> open(const std::string& file, Mode mode);
    ~CacheDatabase();
    CacheDatabase(CacheDatabase&&) noexcept;
    CacheDatabase& operator=(CacheDatabase&&) noexcept;

    const std::string& file() const { return m_file; }
    int version() const { return m_version; }
    /// Entries of older versions that opening the file has dropped.
    std::int64_t droppedEntries() const { return m_dropped; }

    CacheStatement prepare(const char* sql) const;
    /// @return SQLITE_OK or an error
    int execute(const char* sql) const;
    /// A single number; -1 where it cannot be had.
    std::int64_t number(const char* sql) const;
    std::int64_t lastId() const; ///< of the row inserted last
    /// An error of SQLite's as ours.
    tl::unexpected<Error> failure(int code) const;
    /// Runs @p work, which gives SQLITE_OK or an error, as one transaction of a writer: all of it or nothing.
    int inTransaction(const std::function<int()>& work) const;

    bool hasTable(const char* name) const;
    std::int64_t usedBytes() const; ///< pages of the file that hold something
    std::int64_t fileBytes() const; ///< all pages
    std::optional<std::int64_t> ownLimit() const;

    /// Removes the longest unused entries until the file holds less than nine tenths of @p limit, if it holds
    /// more than the limit; what is beyond the limit goes back to the disk where the file allows it. Others
    /// get at the file in between. @return SQLITE_OK or an error
    int evict(std::int64_t limit) const;
    /// Gives free pages back to the disk. @return SQLITE_OK or an error
    int releaseFreePages() const;

private:
    CacheDatabase() = default;
    Result<void> recognise();
    Result<void> makeReady();
    int makeTables();
    int evictBatch(std::int64_t bytes, bool& more) const;

    struct Close {
        void operator()(sqlite3* connection) const;
    };
    std::unique_ptr<sqlite3, Close> m_connection;
    std::string m_file;
    int m_version = 0;
    bool m_isOurs = false;
    std::int64_t m_dropped = 0;
};

/// Now, in the unit of cache_entry.used.
std::int64_t cacheTime();

} // namespace headroom::simulation
