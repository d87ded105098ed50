#pragma once

#include <atomic>
#include <string_view>

#include "core/base/error.h"

namespace headroom {

/// How long work talks to whoever waits for it: it asks whether it should stop, tells how far it is and
/// leaves notes. Core functions that may take longer than 50 ms receive one and ask cancelled() at
/// least every 50 ms. Implementations must allow calls from several threads at once.
class JobContext {
public:
    virtual ~JobContext() = default;

    virtual bool cancelled() const { return false; }

    /// Returns at once unless whoever waits wants the work to rest; then when it may go on or is cancelled.
    /// Work that takes minutes calls this between rounds, where it holds nothing that others wait for.
    /// @return seconds that it rested
    virtual double waitWhilePaused() { return 0; }

    /// @param fraction done, 0 to 1; negative where the amount of work is unknown
    /// @param activity what is being done right now, e.g. "Simulating 120 of 1000"
    virtual void progress(double fraction, std::string_view activity) {
        static_cast<void>(fraction);
        static_cast<void>(activity);
    }

    /// One line for the job's log.
    virtual void log(std::string_view line) { static_cast<void>(line); }
};

/// A context that can be cancelled and is otherwise silent: for tests and nested work.
class SilentContext final : public JobContext {
public:
    bool cancelled() const override { return m_cancelled.load(std::memory_order_relaxed); }
    void cancel() { m_cancelled.store(true, std::memory_order_relaxed); }

private:
    std::atomic<bool> m_cancelled = false;
};

/// The error of work that stopped because JobContext::cancelled() said so.
inline tl::unexpected<Error> failCancelled() {
    return fail(ErrorCode::Cancelled, "The job was cancelled.");
}

} // namespace headroom
