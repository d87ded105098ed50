#pragma once

#include <cstdio>
#include <cstdlib>

namespace headroom {

/// Ends a fuzzer's run at input that makes the code under test break one of its promises.
inline void require(bool condition, const char* promise) {
    if (condition) return;
    std::fprintf(stderr, "A promise is broken: %s\n", promise);
    std::abort();
}

} // namespace headroom
