#include "core/compute/thread_team.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/compute/device.h"

namespace headroom::compute {

Result<void> inParallel(std::size_t count, const std::function<Result<void>(std::size_t)>& work,
                        int threads) {
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    std::optional<Error> firstError;
    const auto run = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            const auto done = work(i);
            if (done) continue;
            const std::lock_guard lock(mutex);
            if (!firstError) firstError = done.error();
            next = count;
        }
    };
    const int allowed = threads > 0 ? threads : std::max(1, threadBudget());
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min(count, static_cast<std::size_t>(allowed)); ++i)
        others.emplace_back(run);
    run();
    others.clear();
    if (firstError) return tl::unexpected<Error>(*firstError);
    return {};
}

} // namespace headroom::compute
