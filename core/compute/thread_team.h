#pragma once

#include <cstddef>
#include <functional>

#include "core/base/error.h"

namespace headroom::compute {

/// Does @p work for 0 to count - 1 on several threads, the calling one among them; in no particular order.
/// After the first error no more work is begun.
/// @param threads at most; 0: as many as the budget allows  @return the first error
Result<void> inParallel(std::size_t count, const std::function<Result<void>(std::size_t)>& work,
                        int threads = 0);

} // namespace headroom::compute
