#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>

namespace headroom::widgets {

enum class JobState { Queued, Running, Paused, Cancelling, Done, Failed, Cancelled };

QString jobStateTitle(JobState state);
bool isFinished(JobState state);

/// A job as the Jobs panel shows it.
struct JobRow {
    std::uint64_t id = 0;
    QString title; ///< "Sample 100 sizings"
    JobState state = JobState::Queued;
    double fraction = -1; ///< 0 to 1; negative: unknown
    bool isPausable = false;
    QString activity; ///< "Simulating 12 of 100"
    double elapsedSeconds = 0;
    std::optional<double> remainingSeconds;
    QString error;       ///< one sentence, of a failed job
    QString errorDetail; ///< node, device, library message
    QStringList log;     ///< lines; the panel shows the last thousand
};

/// "Simulating 12 of 100, 40 s left"; without the time where it is not known.
QString activityAndTimeLeft(const JobRow& row);

} // namespace headroom::widgets
