#pragma once

#include <string>

namespace headroom::cli {

/// The cache of simulations in the user's cache folder ($XDG_CACHE_HOME, ~/.cache), which is made; empty
/// where there is none.
std::string userCacheFile();

} // namespace headroom::cli
