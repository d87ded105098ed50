#pragma once

#include <string>

#include "core/base/error.h"
#include "core/simulation/bench.h"

namespace headroom::simulation {

/// An evaluation as bytes (CBOR) for the cache; numbers keep every bit.
std::string writeEvaluationRecord(const Bench& bench, const Evaluation& evaluation);

/// Error: Corrupt, when the bytes are not a record of an evaluation on this bench.
Result<Evaluation> readEvaluationRecord(const Bench& bench, const std::string& bytes);

} // namespace headroom::simulation
