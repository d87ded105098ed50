#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace headroom::simulation {

/// What a share of a cache's entries was simulated on.
struct CacheBench {
    std::string circuit, technology, corner; ///< the corner empty: nominal; all empty where it is not known
    double supplyVoltage = 0;                ///< V
    double temperature = 0;                  ///< degrees Celsius
    std::string versions;                    ///< of the bench and of ngspice
    std::int64_t entries = 0, bytes = 0;
    std::int64_t lastUse = 0; ///< ms since 1970
};

/// How often a cache had the answer.
struct CacheCounts {
    std::int64_t hits = 0, misses = 0, stored = 0;
    double hitRate() const; ///< 0 before the first question
};

/// One program's use of a cache from opening to closing it.
struct CacheSession {
    std::int64_t began = 0, ended = 0; ///< ms since 1970; `ended` as far as it has been written
    CacheCounts counts;
};

struct CacheFacts {
    std::filesystem::path file;
    int version = 0; ///< 0: no cache yet, or one of Headroom 0.1 (entries alone are counted)
    std::int64_t entries = 0, bytes = 0;       ///< bytes of the records
    std::int64_t fileBytes = 0;                ///< with everything else that is in the file
    std::optional<std::int64_t> limit;         ///< bytes; the file's own
    std::int64_t oldestUse = 0, newestUse = 0; ///< ms since 1970; 0 without entries
    CacheCounts counts;                        ///< over the file's life
    std::int64_t evicted = 0;
    std::vector<CacheSession> sessions; ///< the newest first
    std::vector<CacheBench> benches;    ///< the largest first
};

/// The file that @p path means: itself, or the one in that folder of a project (results.sqlite) or data set
/// (simulations.sqlite). Error: NotFound.
Result<std::filesystem::path> findCacheFile(const std::filesystem::path& path);

/// All functions: any number of programs may use the file meanwhile. Errors: NotFound, Unsupported (another
/// program's or a newer Headroom's file, which is left alone), Corrupt, DiskFull, Io.
Result<CacheFacts> inspectCache(const std::filesystem::path& file);

/// Removes all entries and gives their space back; counts, and what else is in the file, stay.
/// @return how many they were
Result<std::int64_t> clearCache(const std::filesystem::path& file);

/// Gives the file a limit of its own that goes before every program's, or takes it away, and evicts what is
/// beyond it. @param bytes 64 KiB or more. @return entries evicted. Error also: BadInput.
Result<std::int64_t> limitCache(const std::filesystem::path& file, std::optional<std::int64_t> bytes);

struct CacheCheck {
    std::int64_t entries = 0;
    std::int64_t damagedEntries = 0; ///< whose checksum is wrong; they count as not there
};

/// Reads everything. A file whose structure is damaged is Corrupt; damaged entries are not an error.
/// @param repair remove damaged entries
Result<CacheCheck> checkCache(const std::filesystem::path& file, bool repair);

/// Renames a damaged file of ours to FILE.corrupt (FILE.corrupt2, ... where that exists), so that the next
/// use starts a new one. No other program may have the file open. Errors: BadInput (the file is not damaged),
/// Unsupported (not recognised as ours, or another program's).
Result<std::filesystem::path> setCorruptCacheAside(const std::filesystem::path& file);

} // namespace headroom::simulation
