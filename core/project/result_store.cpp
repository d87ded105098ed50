#include "core/project/result_store.h"

#include <cmath>
#include <exception>
#include <limits>

#include <fmt/format.h>
#include <sqlite3.h>

#include "core/project/exploration_json.h"

namespace headroom::project {
namespace {

constexpr int storeVersion = 1;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS exploration_format (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS exploration (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    seed TEXT NOT NULL,
    specification TEXT NOT NULL,
    ground_truth TEXT,
    variables TEXT NOT NULL,
    provenance TEXT NOT NULL,
    sampling_seconds REAL NOT NULL,
    simulation_seconds REAL NOT NULL);
CREATE TABLE IF NOT EXISTS exploration_candidate (
    exploration INTEGER NOT NULL REFERENCES exploration(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    variable_values TEXT NOT NULL,
    evaluation TEXT NOT NULL,
    shortfall REAL,
    PRIMARY KEY (exploration, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exploration_prediction (
    exploration INTEGER NOT NULL REFERENCES exploration(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    predicted TEXT NOT NULL,
    probability REAL,
    PRIMARY KEY (exploration, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS assessment (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (kind, subject) ON CONFLICT REPLACE);
)";

nlohmann::json toJson(const Provenance& provenance) {
    return {{"headroom", provenance.headroomVersion},
            {"circuit", provenance.circuit},
            {"technology", provenance.technology},
            {"technology_fingerprint", provenance.technologyFingerprint},
            {"model_sha256", provenance.modelHash},
            {"dataset_sha256", provenance.datasetHash},
            {"device", provenance.device},
            {"conditions", provenance.conditions},
            {"supply_voltage", provenance.supplyVoltage},
            {"mirror_units", provenance.mirrorUnits}};
}

/// Which candidates were kept from a space with other units.
nlohmann::json keptUnits(const std::vector<sizing::Candidate>& candidates) {
    nlohmann::json kept = nlohmann::json::array();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].mirrorUnits)
            kept.push_back({{"candidate", i}, {"units", *candidates[i].mirrorUnits}});
    }
    return kept;
}

void takeKeptUnits(const nlohmann::json& provenance, std::vector<sizing::Candidate>& candidates) {
    for (const nlohmann::json& kept : provenance.value("kept_mirror_units", nlohmann::json::array()))
        candidates.at(kept.at("candidate").get<std::size_t>()).mirrorUnits =
            kept.at("units").get<std::size_t>();
}

Provenance provenanceFromJson(const nlohmann::json& json) {
    return {json.at("headroom").get<std::string>(),     json.at("circuit").get<std::string>(),
            json.at("technology").get<std::string>(),   json.at("technology_fingerprint").get<std::string>(),
            json.at("model_sha256").get<std::string>(), json.at("dataset_sha256").get<std::string>(),
            json.at("device").get<std::string>(),       json.at("conditions").get<std::string>(),
            json.at("supply_voltage").get<double>(),    json.value("mirror_units", std::size_t{0})};
}

/// A prepared statement; values are bound from 1 and read from 0.
class Statement {
public:
    Statement(sqlite3* connection, const char* sql) {
        sqlite3_prepare_v2(connection, sql, -1, &m_statement, nullptr);
    }
    ~Statement() { sqlite3_finalize(m_statement); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    void bind(int index, const std::string& text) {
        sqlite3_bind_text(m_statement, index, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    }
    void bind(int index, double value) { sqlite3_bind_double(m_statement, index, value); }
    void bind(int index, std::int64_t value) { sqlite3_bind_int64(m_statement, index, value); }

    /// SQLITE_ROW, SQLITE_DONE or an error; also where preparing failed.
    int step() { return m_statement != nullptr ? sqlite3_step(m_statement) : SQLITE_ERROR; }
    void reset() { sqlite3_reset(m_statement); }

    std::string text(int column) const {
        const auto* bytes = sqlite3_column_text(m_statement, column);
        const int size = sqlite3_column_bytes(m_statement, column);
        return bytes == nullptr
                   ? std::string()
                   : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    }
    /// NaN where the database has none: it stores NaN as NULL.
    double real(int column) const {
        return sqlite3_column_type(m_statement, column) == SQLITE_NULL
                   ? std::numeric_limits<double>::quiet_NaN()
                   : sqlite3_column_double(m_statement, column);
    }
    std::int64_t integer(int column) const { return sqlite3_column_int64(m_statement, column); }

private:
    sqlite3_stmt* m_statement = nullptr;
};

} // namespace

/// The connection, and its errors as ours.
class ResultStore::Database {
public:
    explicit Database(std::filesystem::path file)
        : m_file(std::move(file)) {
        m_opened = sqlite3_open_v2(m_file.c_str(), &m_connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                   nullptr);
        if (m_opened == SQLITE_OK) sqlite3_busy_timeout(m_connection, 5000);
    }
    ~Database() { sqlite3_close_v2(m_connection); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    sqlite3* connection() const { return m_connection; }
    const std::filesystem::path& file() const { return m_file; }
    bool opened() const { return m_opened == SQLITE_OK; }

    tl::unexpected<Error> failure() const {
        const int code = sqlite3_errcode(m_connection) & 0xff;
        const std::string why = sqlite3_errmsg(m_connection);
        switch (code) {
        case SQLITE_FULL:
            return failed(ErrorCode::DiskFull, "The results cannot be stored: no space is left on the disk.",
                          why);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return failed(ErrorCode::Corrupt, "The results of the project are damaged.", why);
        default:
            return failed(ErrorCode::Io, "The results of the project cannot be read or written.", why);
        }
    }

    tl::unexpected<Error> failed(ErrorCode code, std::string message, std::string detail) const {
        return tl::unexpected<Error>(Error{code, std::move(message), m_file.string(), 0, std::move(detail)});
    }

    Result<void> execute(const char* sql) {
        if (sqlite3_exec(m_connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return failure();
        return {};
    }

    /// Runs a statement that gives no rows.
    Result<void> finish(Statement& statement) {
        if (statement.step() != SQLITE_DONE) return failure();
        statement.reset();
        return {};
    }

    Result<void> addCandidates(std::int64_t id, const std::vector<sizing::Candidate>& candidates) {
        Statement insert(m_connection, "INSERT INTO exploration_candidate VALUES (?, ?, ?, ?, ?)");
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            insert.bind(1, id);
            insert.bind(2, static_cast<std::int64_t>(i));
            insert.bind(3, project::toJson(candidates[i].values).dump());
            insert.bind(4, project::toJson(candidates[i].evaluation).dump());
            insert.bind(5, candidates[i].shortfall);
            if (const auto done = finish(insert); !done) return done;
        }
        return addPredictions(id, candidates);
    }

    /// What the forward model said, in a table of its own: files without it are as good.
    Result<void> addPredictions(std::int64_t id, const std::vector<sizing::Candidate>& candidates) {
        Statement insert(m_connection, "INSERT INTO exploration_prediction VALUES (?, ?, ?, ?)");
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if (candidates[i].predicted.empty() && std::isnan(candidates[i].probability)) continue;
            insert.bind(1, id);
            insert.bind(2, static_cast<std::int64_t>(i));
            insert.bind(3, project::toJson(candidates[i].predicted).dump());
            insert.bind(4, candidates[i].probability);
            if (const auto done = finish(insert); !done) return done;
        }
        return {};
    }

    Result<std::int64_t> addAll(const StoredExploration& stored) {
        const sizing::Exploration& exploration = stored.exploration;
        Statement insert(m_connection,
                         "INSERT INTO exploration (seed, specification, ground_truth, variables, provenance, "
                         "sampling_seconds, simulation_seconds) VALUES (?, ?, ?, ?, ?, ?, ?)");
        insert.bind(1, std::to_string(exploration.seed));
        insert.bind(2, project::toJson(exploration.specification).dump());
        if (exploration.groundTruth) {
            insert.bind(
                3, nlohmann::json{{"values", project::toJson(exploration.groundTruth->values)},
                                  {"performances", project::toJson(exploration.groundTruth->performances)}}
                       .dump());
        }
        insert.bind(4, nlohmann::json(stored.variableNames).dump());
        nlohmann::json provenance = toJson(stored.provenance);
        if (auto kept = keptUnits(exploration.candidates); !kept.empty())
            provenance["kept_mirror_units"] = std::move(kept);
        insert.bind(5, provenance.dump());
        insert.bind(6, exploration.samplingSeconds);
        insert.bind(7, exploration.simulationSeconds);
        if (const auto done = finish(insert); !done) return forward(done);
        const std::int64_t id = sqlite3_last_insert_rowid(m_connection);
        if (const auto done = addCandidates(id, exploration.candidates); !done) return forward(done);
        return id;
    }

    Result<void> prepare() {
        if (!opened()) return failure();
        // Chosen before the first table is made: a cache in the same file gives space back.
        if (const auto chosen = execute("PRAGMA auto_vacuum = INCREMENTAL"); !chosen) return chosen;
        if (const auto made = execute(schema); !made) return made;
        if (const auto on = execute("PRAGMA foreign_keys = ON"); !on) return on;
        Statement version(m_connection, "SELECT version FROM exploration_format");
        const int found = version.step();
        if (found == SQLITE_DONE) {
            return execute(fmt::format("INSERT INTO exploration_format VALUES ({})", storeVersion).c_str());
        }
        if (found != SQLITE_ROW) return failure();
        if (version.integer(0) > storeVersion) {
            return failed(ErrorCode::Unsupported, "The project's results were saved by a newer Headroom.",
                          {});
        }
        return {};
    }

private:
    std::filesystem::path m_file;
    sqlite3* m_connection = nullptr;
    int m_opened = SQLITE_ERROR;
};

ResultStore::ResultStore(std::unique_ptr<Database> database)
    : m_database(std::move(database)) {}
ResultStore::~ResultStore() = default;
ResultStore::ResultStore(ResultStore&&) noexcept = default;
ResultStore& ResultStore::operator=(ResultStore&&) noexcept = default;

Result<ResultStore> ResultStore::open(const std::filesystem::path& file) {
    auto database = std::make_unique<Database>(file);
    if (const auto prepared = database->prepare(); !prepared) return forward(prepared);
    return ResultStore(std::move(database));
}

Result<std::int64_t> ResultStore::add(const StoredExploration& exploration) {
    if (const auto begun = m_database->execute("BEGIN IMMEDIATE"); !begun) return forward(begun);
    auto id = m_database->addAll(exploration);
    if (id) {
        if (const auto done = m_database->execute("COMMIT"); !done) id = forward(done);
    }
    // After a failed commit the transaction may be gone already; rolling back then is no error of interest.
    if (!id) static_cast<void>(m_database->execute("ROLLBACK"));
    return id;
}

Result<StoredExploration> ResultStore::exploration(std::int64_t id) const {
    Statement head(m_database->connection(),
                   "SELECT seed, specification, ground_truth, variables, provenance, "
                   "sampling_seconds, simulation_seconds FROM exploration WHERE id = ?");
    head.bind(1, id);
    const int found = head.step();
    if (found == SQLITE_DONE) {
        return m_database->failed(ErrorCode::NotFound,
                                  fmt::format("The project's results hold no exploration {}.", id), {});
    }
    if (found != SQLITE_ROW) return m_database->failure();
    try {
        StoredExploration stored;
        sizing::Exploration& exploration = stored.exploration;
        exploration.seed = std::stoull(head.text(0));
        exploration.specification = specificationFromJson(nlohmann::json::parse(head.text(1)));
        if (const std::string truth = head.text(2); !truth.empty()) {
            const auto json = nlohmann::json::parse(truth);
            exploration.groundTruth =
                sizing::DataRow{numbersFromJson(json.at("values")), numbersFromJson(json.at("performances"))};
        }
        stored.variableNames = nlohmann::json::parse(head.text(3)).get<std::vector<std::string>>();
        const auto provenance = nlohmann::json::parse(head.text(4));
        stored.provenance = provenanceFromJson(provenance);
        exploration.samplingSeconds = head.real(5);
        exploration.simulationSeconds = head.real(6);
        Statement rows(m_database->connection(),
                       "SELECT variable_values, evaluation, shortfall, predicted, probability FROM "
                       "exploration_candidate LEFT JOIN exploration_prediction USING (exploration, number) "
                       "WHERE exploration = ? ORDER BY number");
        rows.bind(1, id);
        int step = rows.step();
        for (; step == SQLITE_ROW; step = rows.step()) {
            sizing::Candidate candidate;
            candidate.values = numbersFromJson(nlohmann::json::parse(rows.text(0)));
            candidate.evaluation = evaluationFromJson(nlohmann::json::parse(rows.text(1)));
            candidate.shortfall = rows.real(2);
            if (const std::string predicted = rows.text(3); !predicted.empty())
                candidate.predicted = numbersFromJson(nlohmann::json::parse(predicted));
            candidate.probability = rows.real(4);
            exploration.candidates.push_back(std::move(candidate));
        }
        if (step != SQLITE_DONE) return m_database->failure();
        takeKeptUnits(provenance, exploration.candidates);
        return stored;
    } catch (const std::exception& exception) {
        return m_database->failed(ErrorCode::Corrupt,
                                  fmt::format("Exploration {} of the project is damaged.", id),
                                  exception.what());
    }
}

Result<std::vector<std::int64_t>> ResultStore::ids() const {
    Statement rows(m_database->connection(), "SELECT id FROM exploration ORDER BY id");
    std::vector<std::int64_t> ids;
    int step = rows.step();
    for (; step == SQLITE_ROW; step = rows.step())
        ids.push_back(rows.integer(0));
    if (step != SQLITE_DONE) return m_database->failure();
    return ids;
}

Result<void> ResultStore::keepOnly(const std::vector<std::int64_t>& ids) {
    return m_database->execute(
        fmt::format("DELETE FROM exploration WHERE id NOT IN ({})", fmt::join(ids, ", ")).c_str());
}

Result<void> ResultStore::keep(const Assessment& assessment) {
    if (const auto begun = m_database->execute("BEGIN IMMEDIATE"); !begun) return begun;
    Statement insert(m_database->connection(),
                     "INSERT INTO assessment (kind, subject, document) VALUES (?, ?, ?)");
    insert.bind(1, assessment.kind);
    insert.bind(2, assessment.subject);
    insert.bind(3, assessment.document);
    auto done = m_database->finish(insert);
    if (done) {
        done = m_database->execute(fmt::format("DELETE FROM assessment WHERE id NOT IN "
                                               "(SELECT id FROM assessment ORDER BY id DESC LIMIT {})",
                                               keptAssessments)
                                       .c_str());
    }
    if (done) done = m_database->execute("COMMIT");
    if (!done) static_cast<void>(m_database->execute("ROLLBACK"));
    return done;
}

Result<std::optional<std::string>> ResultStore::assessment(const std::string& kind,
                                                           const std::string& subject) const {
    Statement row(m_database->connection(), "SELECT document FROM assessment WHERE kind = ? AND subject = ?");
    row.bind(1, kind);
    row.bind(2, subject);
    switch (row.step()) {
    case SQLITE_ROW:
        return row.text(0);
    case SQLITE_DONE:
        return std::nullopt;
    default:
        return m_database->failure();
    }
}

Result<void> ResultStore::copyTo(const std::filesystem::path& file) const {
    std::error_code code;
    std::filesystem::remove(file, code);
    Statement copy(m_database->connection(), "VACUUM INTO ?");
    copy.bind(1, file.string());
    if (copy.step() != SQLITE_DONE) return m_database->failure();
    return {};
}

} // namespace headroom::project
