#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {

/// An evaluation as bytes for the cache: a CBOR item, then eight bytes of checksum. Numbers keep every bit.
/// @param key what the cache finds the record by; under another one it counts as damaged
std::string writeEvaluationRecord(const Bench& bench, std::string_view key, const Evaluation& evaluation);

/// Error: Corrupt, when the bytes are not the record of an evaluation on this bench under this key.
Result<Evaluation> readEvaluationRecord(const Bench& bench, std::string_view key, std::string_view bytes);

/// Puts the checksum of key and item behind the item, and tells whether bytes end in theirs: no single wrong
/// byte passes.
std::string sealRecord(std::string_view key, std::string item);
bool isSealedRecord(std::string_view key, std::string_view bytes);

} // namespace headroom::simulation
