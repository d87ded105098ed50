#include "core/simulation/result_cache.h"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/base/hash.h"
#include "core/base/quantity.h"
#include "core/simulation/evaluation_record.h"

namespace headroom::simulation {
namespace {

constexpr int busyMilliseconds = 2000;

constexpr const char* schema =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    "CREATE TABLE IF NOT EXISTS evaluations (key TEXT PRIMARY KEY, record BLOB NOT NULL)"
    " WITHOUT ROWID;";

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

} // namespace

class ResultCache::Impl {
public:
    explicit Impl(const std::string& file) {
        if (file.empty()) return;
        m_file = file;
        std::error_code ignored;
        std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
        sqlite3* handle = nullptr;
        const int opened =
            sqlite3_open_v2(file.c_str(), &handle,
                            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
        m_database.reset(handle);
        if (opened != SQLITE_OK) {
            turnOff();
            return;
        }
        sqlite3_busy_timeout(handle, busyMilliseconds);
        if (createSchema() == SQLITE_OK) {
            m_find = prepare("SELECT record FROM evaluations WHERE key = ?1");
            m_store = prepare("INSERT OR REPLACE INTO evaluations (key, record) VALUES (?1, ?2)");
        }
        if (!m_find || !m_store) turnOff();
    }

    std::optional<std::string> find(const std::string& key) {
        const std::lock_guard lock(m_mutex);
        if (!m_database) return std::nullopt;
        sqlite3_bind_text(m_find.get(), 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
        const int stepped = sqlite3_step(m_find.get());
        std::optional<std::string> record;
        if (stepped == SQLITE_ROW) {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_find.get(), 0));
            record.emplace(bytes, static_cast<std::size_t>(sqlite3_column_bytes(m_find.get(), 0)));
        }
        sqlite3_reset(m_find.get());
        if (stepped != SQLITE_ROW && stepped != SQLITE_DONE && stepped != SQLITE_BUSY) turnOff();
        return record;
    }

    void store(const std::string& key, const std::string& record) {
        const std::lock_guard lock(m_mutex);
        if (!m_database) return;
        sqlite3_bind_text(m_store.get(), 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
        sqlite3_bind_blob(m_store.get(), 2, record.data(), static_cast<int>(record.size()), SQLITE_STATIC);
        const int stepped = sqlite3_step(m_store.get());
        sqlite3_reset(m_store.get());
        // Another writer held the file for long: this one entry is not kept.
        if (stepped != SQLITE_DONE && stepped != SQLITE_BUSY) turnOff();
    }

    std::string takeProblem() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_problem, {});
    }

private:
    /// Several programs may make a new file at the same moment. The change of the journal mode does not wait
    /// for SQLite's busy time-out (it would upgrade a lock, which may deadlock), so it is tried again here.
    int createSchema() {
        using Clock = std::chrono::steady_clock;
        const auto deadline = Clock::now() + std::chrono::milliseconds(busyMilliseconds);
        while (true) {
            const int made = sqlite3_exec(m_database.get(), schema, nullptr, nullptr, nullptr);
            if (made != SQLITE_BUSY || Clock::now() > deadline) return made;
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    Statement prepare(const char* sql) {
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(m_database.get(), sql, -1, &statement, nullptr);
        return Statement(statement);
    }

    void turnOff() {
        const std::string reason = m_database ? sqlite3_errmsg(m_database.get()) : "it cannot be opened";
        m_problem = fmt::format("Results are not cached any more: {} ({}).", m_file, reason);
        m_find.reset();
        m_store.reset();
        m_database.reset();
    }

    std::mutex m_mutex;
    std::string m_file;
    std::string m_problem;
    Database m_database;
    Statement m_find;
    Statement m_store;
};

ResultCache::ResultCache(const std::string& file)
    : m_impl(std::make_unique<Impl>(file)) {}

ResultCache::~ResultCache() = default;

std::optional<Evaluation> ResultCache::find(const Bench& bench, const std::string& key) {
    const std::optional<std::string> record = m_impl->find(key);
    if (!record) return std::nullopt;
    Result<Evaluation> evaluation = readEvaluationRecord(bench, *record);
    if (!evaluation) return std::nullopt;
    return std::move(*evaluation);
}

void ResultCache::store(const Bench& bench, const std::string& key, const Evaluation& evaluation) {
    // What a dead or late worker left behind says nothing about the sizing.
    const bool isFinal = evaluation.ok() || evaluation.error->code == ErrorCode::Infeasible ||
                         evaluation.error->code == ErrorCode::Convergence;
    if (isFinal) m_impl->store(key, writeEvaluationRecord(bench, evaluation));
}

std::string ResultCache::takeProblem() {
    return m_impl->takeProblem();
}

std::string benchFingerprint(const Bench& bench, const EvaluationSettings& settings,
                             const std::string& engineVersion) {
    const SlotValues zeros(bench.slots().size(), 0);
    std::string text = fmt::format("headroom bench {} ngspice {}\n", benchVersion, engineVersion);
    text += bench.technology().fingerprint() + '\n';
    text += bench.deck(zeros, Effort::Normal);
    for (const std::string& name : bench.circuit().nets)
        text += "net " + name + '\n';
    for (const netlist::Device& device : bench.circuit().devices)
        text += "device " + device.name + '\n';
    for (const Performance performance : settings.performances)
        text += fmt::format("{}\n", info(performance).name);
    for (const BenchMeasurement& each : bench.measurements())
        text += fmt::format("measure {} {} {}\n", each.measurement.name, toString(each.measurement.analysis),
                            each.expression.text);
    if (settings.keepCurves) text += "curves\n";
    if (settings.requiredSaturationMargin)
        text += "margin " + formatExact(*settings.requiredSaturationMargin) + '\n';
    return sha256(text);
}

std::string cacheKey(const std::string& benchFingerprint, const SlotValues& values) {
    std::string text = benchFingerprint;
    for (const double value : values)
        text += ' ' + written(value);
    return sha256(text);
}

} // namespace headroom::simulation
