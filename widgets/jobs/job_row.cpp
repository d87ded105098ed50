#include "widgets/jobs/job_row.h"

#include <QCoreApplication>

#include "widgets/common/quantity_text.h"

namespace headroom::widgets {

QString jobStateTitle(JobState state) {
    switch (state) {
    case JobState::Queued:
        return QCoreApplication::translate("JobState", "waiting");
    case JobState::Running:
        return QCoreApplication::translate("JobState", "running");
    case JobState::Paused:
        return QCoreApplication::translate("JobState", "paused");
    case JobState::Cancelling:
        return QCoreApplication::translate("JobState", "stopping");
    case JobState::Done:
        return QCoreApplication::translate("JobState", "done");
    case JobState::Failed:
        return QCoreApplication::translate("JobState", "failed");
    case JobState::Cancelled:
        return QCoreApplication::translate("JobState", "cancelled");
    }
    return {};
}

bool isFinished(JobState state) {
    return state == JobState::Done || state == JobState::Failed || state == JobState::Cancelled;
}

QString activityAndTimeLeft(const JobRow& row) {
    if (!row.remainingSeconds) return row.activity;
    return QCoreApplication::translate("Jobs", "%1, %2 left")
        .arg(row.activity, durationText(*row.remainingSeconds));
}

} // namespace headroom::widgets
