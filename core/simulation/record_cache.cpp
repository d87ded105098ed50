#include "core/simulation/record_cache.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/simulation/cache_database.h"

namespace headroom::simulation {
namespace {

constexpr long kAnswersPerFlush = 5000;
/// ms. A use is written only where the file's time is older by this, until something has to be evicted: the
/// pages that random uses lie on are many.
constexpr std::int64_t kUseResolution = std::int64_t{3600} * 1000;
constexpr std::int64_t kStoredBytesPerCheck = std::int64_t{1} << 20;
constexpr int kSessionsKept = 50;

std::int64_t benchOf(const std::string& packedKey) {
    std::uint64_t id = 0;
    for (const char byte : packedKey.substr(0, RecordCache::kSubjectDigits / 2))
        id = id << 8U | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(id);
}

bool isBusy(int code) {
    return (code & 0xff) == SQLITE_BUSY;
}

} // namespace

class RecordCache::Impl {
public:
    Impl(const std::string& file, std::int64_t limit)
        : m_limit(limit) {
        if (file.empty()) return;
        auto opened = CacheDatabase::open(file, CacheDatabase::Mode::Use);
        if (!opened) {
            turnOff(opened.error());
            return;
        }
        m_database.emplace(std::move(*opened));
        if (m_database->droppedEntries() > 0)
            m_problem = fmt::format("{} results that an older Headroom cached in {} were dropped.",
                                    m_database->droppedEntries(), file);
        m_limit = m_database->ownLimit().value_or(limit);
        m_find = m_database->prepare("SELECT entry.id, record FROM cache_entry AS entry JOIN cache_record"
                                     " ON cache_record.id = entry.id WHERE key = ?1");
        m_known = m_database->prepare("SELECT id FROM cache_entry WHERE key = ?1");
        m_addBench =
            m_database->prepare("INSERT OR IGNORE INTO cache_bench (id, circuit, technology, corner, supply,"
                                " temperature, versions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        m_addEntry = m_database->prepare("INSERT OR REPLACE INTO cache_entry (id, key, bench, used, bytes)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5)");
        m_addRecord = m_database->prepare("INSERT OR REPLACE INTO cache_record (id, record) VALUES (?1, ?2)");
        checkSize();
    }

    ~Impl() { flush(); }

    bool find(const std::string& key, const Accept& accept) {
        const std::lock_guard lock(m_mutex);
        if (!m_database) return false;
        const std::string bytes = packed(key);
        m_find.bindBlob(1, bytes);
        const int stepped = m_find.step();
        // A record that is not accepted counts as none, and is replaced by the next store().
        const bool isFound = stepped == SQLITE_ROW && accept(m_find.bytes(1));
        if (isFound) m_uses.insert_or_assign(m_find.integer(0), cacheTime());
        m_find.reset();
        ++(isFound ? m_new.hits : m_new.misses);
        if (stepped != SQLITE_ROW && stepped != SQLITE_DONE && !isBusy(stepped)) turnOff(stepped);
        if (m_new.hits + m_new.misses >= kAnswersPerFlush) flushLocked(kUseResolution);
        return isFound;
    }

    void store(const std::string& key, const std::string& record, const RecordSubject& subject) {
        const std::string bytes = packed(key);
        const std::lock_guard lock(m_mutex);
        if (!m_database) return;
        const int done = m_database->inTransaction([&] { return add(subject, bytes, record); });
        // Where another writer held the file for long, this one entry is not kept.
        if (done != SQLITE_OK) {
            if (!isBusy(done)) turnOff(done);
            return;
        }
        ++m_new.stored;
        m_unchecked += static_cast<std::int64_t>(record.size());
        if (m_unchecked >= std::min(kStoredBytesPerCheck, m_limit / 16)) checkSize();
    }

    void flush() {
        const std::lock_guard lock(m_mutex);
        flushLocked(kUseResolution);
    }

    std::string takeProblem() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_problem, {});
    }

private:
    struct Counts {
        long hits = 0, misses = 0, stored = 0;
    };

    int add(const RecordSubject& subject, const std::string& key, const std::string& record) {
        m_addBench.bind(1, benchOf(key));
        m_addBench.bindText(2, subject.circuit);
        m_addBench.bindText(3, subject.technology);
        m_addBench.bindText(4, subject.corner);
        m_addBench.bind(5, subject.supplyVoltage);
        m_addBench.bind(6, subject.temperature);
        m_addBench.bindText(7, subject.versions);
        if (const int done = m_addBench.run(); done != SQLITE_OK) return done;
        m_known.bindBlob(1, key);
        const bool isKnown = m_known.step() == SQLITE_ROW;
        const std::int64_t id = isKnown ? m_known.integer(0) : 0;
        m_known.reset();
        isKnown ? m_addEntry.bind(1, id) : m_addEntry.bindNull(1); // null: the next one
        m_addEntry.bindBlob(2, key);
        m_addEntry.bind(3, benchOf(key));
        m_addEntry.bind(4, cacheTime());
        m_addEntry.bind(5, static_cast<std::int64_t>(record.size()));
        if (const int done = m_addEntry.run(); done != SQLITE_OK) return done;
        m_addRecord.bind(1, isKnown ? id : m_database->lastId());
        m_addRecord.bindBlob(2, record);
        return m_addRecord.run();
    }

    void checkSize() {
        m_unchecked = 0;
        if (m_database->fileBytes() <= m_limit) return;
        flushLocked(0); // the uses decide about what goes
        if (!m_database) return;
        m_limit = m_database->ownLimit().value_or(m_limit);
        const int done = m_database->evict(m_limit);
        if (done != SQLITE_OK && !isBusy(done)) turnOff(done);
    }

    void flushLocked(std::int64_t useResolution) {
        if (!m_database || (m_new.hits + m_new.misses + m_new.stored == 0)) return;
        const int done = m_database->inTransaction([&] { return writeUse(useResolution); });
        if (done == SQLITE_OK) m_uses.clear();
        // While others hold the file the figures are kept for the next time.
        if (done == SQLITE_OK) m_new = {};
        if (done != SQLITE_OK && !isBusy(done)) turnOff(done);
    }

    int writeUse(std::int64_t resolution) {
        CacheStatement used =
            m_database->prepare("UPDATE cache_entry SET used = ?2 WHERE id = ?1 AND used < ?3");
        for (const auto& [id, time] : m_uses) {
            used.bind(1, id);
            used.bind(2, time);
            used.bind(3, time - resolution);
            if (const int done = used.run(); done != SQLITE_OK) return done;
        }
        CacheStatement total = m_database->prepare(
            "UPDATE cache_state SET hits = hits + ?1, misses = misses + ?2, stored = stored + ?3");
        bindNew(total, 1);
        if (const int done = total.run(); done != SQLITE_OK) return done;
        return writeSession();
    }

    int writeSession() {
        CacheStatement more =
            m_database->prepare("UPDATE cache_session SET hits = hits + ?1, misses = misses + ?2,"
                                " stored = stored + ?3, ended = ?4 WHERE id = ?5 AND began = ?6");
        bindNew(more, 1);
        more.bind(4, cacheTime());
        more.bind(5, m_session);
        more.bind(6, m_began);
        if (const int done = more.run(); done != SQLITE_OK) return done;
        if (m_database->number("SELECT changes()") > 0) return SQLITE_OK;
        CacheStatement begin = m_database->prepare(
            "INSERT INTO cache_session (hits, misses, stored, began, ended) VALUES (?1, ?2, ?3, ?4, ?5)");
        bindNew(begin, 1);
        begin.bind(4, m_began);
        begin.bind(5, cacheTime());
        if (const int done = begin.run(); done != SQLITE_OK) return done;
        m_session = m_database->lastId();
        const auto forget =
            fmt::format("DELETE FROM cache_session WHERE id <= {}", m_session - kSessionsKept);
        return m_database->execute(forget.c_str());
    }

    void bindNew(CacheStatement& statement, int first) const {
        statement.bind(first, std::int64_t{m_new.hits});
        statement.bind(first + 1, std::int64_t{m_new.misses});
        statement.bind(first + 2, std::int64_t{m_new.stored});
    }

    void turnOff(int code) { turnOff(m_database->failure(code).value()); }

    void turnOff(const Error& why) {
        m_problem = fmt::format("Results are not cached: {}", why.message);
        for (CacheStatement* statement : {&m_find, &m_known, &m_addBench, &m_addEntry, &m_addRecord})
            *statement = CacheStatement();
        m_database.reset();
    }

    std::mutex m_mutex;
    std::string m_problem;
    std::optional<CacheDatabase> m_database; ///< absent: turned off
    CacheStatement m_find, m_known, m_addBench, m_addEntry, m_addRecord;
    std::int64_t m_limit;
    std::int64_t m_unchecked = 0; ///< bytes stored since checkSize()
    std::unordered_map<std::int64_t, std::int64_t> m_uses;
    Counts m_new; ///< that the file does not know yet
    std::int64_t m_session = 0;
    const std::int64_t m_began = cacheTime();
};

RecordCache::RecordCache(const std::string& file, std::int64_t limit)
    : m_impl(std::make_unique<Impl>(file, limit)) {}

RecordCache::~RecordCache() = default;

std::string RecordCache::packed(const std::string& key) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string bytes;
    for (std::size_t k = 0; k + 1 < key.size(); k += 2)
        bytes += static_cast<char>(digit(key[k]) << 4 | digit(key[k + 1]));
    return bytes;
}

bool RecordCache::find(const std::string& key, const Accept& accept) {
    return m_impl->find(key, accept);
}

void RecordCache::store(const std::string& key, const std::string& record, const RecordSubject& subject) {
    m_impl->store(key, record, subject);
}

void RecordCache::flush() {
    m_impl->flush();
}

std::string RecordCache::takeProblem() {
    return m_impl->takeProblem();
}

} // namespace headroom::simulation
