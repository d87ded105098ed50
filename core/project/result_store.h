#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/sizing/exploration.h"

namespace headroom::project {

/// Where an exploration's numbers come from: enough to make them again, and to tell that something differs.
struct Provenance {
    std::string headroomVersion;
    std::string circuit;               ///< sizing::circuitHash()
    std::string technology;            ///< name
    std::string technologyFingerprint; ///< Technology::fingerprint()
    std::string modelHash;             ///< sha256 of the weights
    std::string datasetHash;
    std::string device;       ///< that sampled: "cpu" or "cuda"
    std::string conditions;   ///< toString(Conditions)
    double supplyVoltage = 0; ///< V, that relative differences refer to
    /// Of the space that the candidates are of, see DesignSpace::withUnitTransistors(); 0: free widths.
    std::size_t mirrorUnits = 0;

    bool operator==(const Provenance&) const = default;
};

/// An exploration as it is kept.
struct StoredExploration {
    sizing::Exploration exploration;
    std::vector<std::string> variableNames; ///< that Candidate::values belong to
    Provenance provenance;
};

/// What was found out about one sizing: its slack, its robustness.
struct Assessment {
    std::string kind;     ///< "slack", "robustness"
    std::string subject;  ///< what it depends on: circuit, technology, conditions, sizes
    std::string document; ///< JSON
};

/// The explorations of a project in its results.sqlite, beside the simulator's cache, and the latest
/// assessments. Explorations are only ever added or removed, never changed, so undo can point at any of them;
/// assessments are found by what they are about. Every double comes back bit for bit. Not thread-safe: one
/// object per thread; several may have the same file open.
class ResultStore {
public:
    /// Opens the file, or makes it. Errors: Corrupt, Io, DiskFull; Unsupported for a newer program's file.
    static Result<ResultStore> open(const std::filesystem::path& file);
    ~ResultStore();
    ResultStore(ResultStore&&) noexcept;
    ResultStore& operator=(ResultStore&&) noexcept;

    /// @return the number that exploration() takes
    Result<std::int64_t> add(const StoredExploration& exploration);

    Result<StoredExploration> exploration(std::int64_t id) const;

    /// Ascending.
    Result<std::vector<std::int64_t>> ids() const;

    /// Removes all explorations but these.
    Result<void> keepOnly(const std::vector<std::int64_t>& ids);

    /// Takes the place of an older assessment of that kind and subject; beyond keptAssessments the oldest go.
    Result<void> keep(const Assessment& assessment);
    static constexpr int keptAssessments = 50;

    /// The document; nothing where there is none.
    Result<std::optional<std::string>> assessment(const std::string& kind, const std::string& subject) const;

    /// Writes a consistent copy of the whole file, the simulator's cache included.
    Result<void> copyTo(const std::filesystem::path& file) const;

private:
    class Database;
    explicit ResultStore(std::unique_ptr<Database> database);
    std::unique_ptr<Database> m_database;
};

} // namespace headroom::project
