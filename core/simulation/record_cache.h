#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace headroom::simulation {

/// What a share of a cache's entries was simulated on, in words for readers of the file (CacheBench).
struct RecordSubject {
    std::string circuit, technology, corner;
    double supplyVoltage = 0; ///< V
    double temperature = 0;   ///< degrees Celsius
    std::string versions;     ///< of the bench and of ngspice
};

/// Records of any kind, by key, in an SQLite file that several processes may use at once (cache_file.h looks
/// into it). Each entry is written whole or not at all. A file that cannot be used (any more: disk full,
/// damaged, not ours) turns the cache off; the simulations go on without. Thread-safe.
class RecordCache {
public:
    static constexpr std::int64_t kDefaultLimit = std::int64_t{1} << 30;
    /// First digits of a key, the same for all entries of one subject.
    static constexpr std::size_t kSubjectDigits = 16;

    /// @param file empty: a cache that never holds anything
    /// @param limit bytes that the file may hold before the longest unused entries go; a limit that the file
    /// has of its own goes before it
    explicit RecordCache(const std::string& file, std::int64_t limit = kDefaultLimit);
    ~RecordCache();
    RecordCache(const RecordCache&) = delete;
    RecordCache& operator=(const RecordCache&) = delete;

    /// A key of hexadecimal digits as it lies in the file, half as long.
    static std::string packed(const std::string& key);

    /// Takes the bytes of a record; false where it cannot read them.
    using Accept = std::function<bool(std::string_view record)>;
    /// @param key hexadecimal digits  @return whether there is a record that was accepted
    bool find(const std::string& key, const Accept& accept);
    void store(const std::string& key, const std::string& record, const RecordSubject& subject);

    /// Writes what is known about hits, misses and uses into the file: done now and then, and at the end.
    void flush();

    /// One sentence, once: why the cache has been turned off, or that an old file's entries were dropped.
    /// Empty while all is well.
    std::string takeProblem();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace headroom::simulation
