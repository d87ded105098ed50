#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/simulation/bench.h"
#include "core/simulation/record_cache.h"

namespace headroom::simulation {

/// Evaluations kept in a RecordCache. Thread-safe.
class ResultCache {
public:
    static constexpr std::int64_t kDefaultLimit = RecordCache::kDefaultLimit;

    /// @param file, limit see RecordCache
    explicit ResultCache(const std::string& file, std::int64_t limit = kDefaultLimit,
                         const std::string& engineVersion = {});

    /// @param key of cacheKey()
    std::optional<Evaluation> find(const Bench& bench, const std::string& key);
    void store(const Bench& bench, const std::string& key, const Evaluation& evaluation);

    void flush() { m_records.flush(); }
    std::string takeProblem() { return m_records.takeProblem(); }

private:
    std::string m_versions; ///< what results depend on beside the circuit, for readers of the file
    RecordCache m_records;
};

/// The part of a cache key that is the same for all sizings on a bench: everything that results depend on
/// but the slot values. @param technologyFingerprint Technology::fingerprint(), which hashes all corners:
/// once per pool
std::string benchFingerprint(const Bench& bench, const EvaluationSettings& settings,
                             const std::string& technologyFingerprint, const std::string& engineVersion);
/// The key of one sizing: the start of the fingerprint, then a hash of everything.
/// @param variation whatever else sets the evaluation apart from others of the bench
std::string cacheKey(const std::string& benchFingerprint, const SlotValues& values,
                     const std::string& variation = {});

} // namespace headroom::simulation
