#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/simulation/engine.h"

namespace headroom::simulation {

/// The last plot of an ngspice raw file (binary), by vector name in the short form that `let` takes: "n2" for
/// v(n2), "v_dd#branch" for i(v_dd), "@m3[id]". Error: Corrupt.
Result<std::map<std::string, Vector>> readRawFile(std::string_view bytes);

} // namespace headroom::simulation
