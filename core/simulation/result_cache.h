#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {

/// Evaluations kept in an SQLite file that several processes may use at once (cache_file.h looks into it).
/// Each entry is written whole or not at all. A file that cannot be used (any more: disk full, damaged, not
/// ours) turns the cache off; the simulations go on without. Thread-safe.
class ResultCache {
public:
    static constexpr std::int64_t kDefaultLimit = std::int64_t{1} << 30;

    /// @param file empty: a cache that never holds anything
    /// @param limit bytes that the file may hold before the longest unused entries go; a limit that the file
    /// has of its own goes before it
    explicit ResultCache(const std::string& file, std::int64_t limit = kDefaultLimit,
                         const std::string& engineVersion = {});
    ~ResultCache();
    ResultCache(const ResultCache&) = delete;
    ResultCache& operator=(const ResultCache&) = delete;

    /// @param key of cacheKey()
    std::optional<Evaluation> find(const Bench& bench, const std::string& key);
    void store(const Bench& bench, const std::string& key, const Evaluation& evaluation);

    /// Writes what is known about hits, misses and uses into the file: done now and then, and at the end.
    void flush();

    /// One sentence, once: why the cache has been turned off, or that an old file's entries were dropped.
    /// Empty while all is well.
    std::string takeProblem();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
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
