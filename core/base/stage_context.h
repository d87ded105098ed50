#pragma once

#include "core/base/job_context.h"

namespace headroom {

/// One stage of a job: what it reports as 0 to 1 is a part of the whole job's bar.
class StageContext final : public JobContext {
public:
    StageContext(JobContext& whole, double from, double to)
        : m_whole(whole)
        , m_from(from)
        , m_to(to) {}

    bool cancelled() const override { return m_whole.cancelled(); }
    double waitWhilePaused() override { return m_whole.waitWhilePaused(); }
    void progress(double fraction, std::string_view activity) override {
        m_whole.progress(fraction < 0 ? m_from : m_from + fraction * (m_to - m_from), activity);
    }
    void log(std::string_view line) override { m_whole.log(line); }

private:
    JobContext& m_whole;
    double m_from, m_to;
};

/// A part of a job whose progress says nothing of the whole's: it can be cancelled, and its notes count.
class QuietContext final : public JobContext {
public:
    explicit QuietContext(JobContext& whole)
        : m_whole(whole) {}

    bool cancelled() const override { return m_whole.cancelled(); }
    double waitWhilePaused() override { return m_whole.waitWhilePaused(); }
    void log(std::string_view line) override { m_whole.log(line); }

private:
    JobContext& m_whole;
};

} // namespace headroom
