#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {

/// Evaluations kept in an SQLite file that several processes may use at once. Each entry is written whole
/// or not at all. A file that cannot be used any more (disk full, damaged, not a database) turns the cache
/// off; the simulations go on without. Thread-safe.
class ResultCache {
public:
    /// @param file empty: a cache that never holds anything
    explicit ResultCache(const std::string& file);
    ~ResultCache();
    ResultCache(const ResultCache&) = delete;
    ResultCache& operator=(const ResultCache&) = delete;

    std::optional<Evaluation> find(const Bench& bench, const std::string& key);
    void store(const Bench& bench, const std::string& key, const Evaluation& evaluation);

    /// Why the cache has been turned off, once; empty from then on and while all is well.
    std::string takeProblem();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

/// The part of a cache key that is the same for all sizings on a bench: everything that results depend on
/// but the slot values.
std::string benchFingerprint(const Bench& bench, const EvaluationSettings& settings,
                             const std::string& engineVersion);
/// The key of one sizing.
std::string cacheKey(const std::string& benchFingerprint, const SlotValues& values);

} // namespace headroom::simulation
