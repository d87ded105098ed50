#include "app/jobs/jobs_controller.h"

#include "app/jobs/job_queue.h"
#include "widgets/jobs/jobs_view.h"

namespace headroom::app {

JobsController::JobsController(JobQueue& queue, widgets::JobsView& view, QObject* parent)
    : QObject(parent) {
    const auto showAll = [&queue, &view] { view.setData(queue.rows()); };
    connect(&queue, &JobQueue::rowsChanged, &view, showAll);
    connect(&queue, &JobQueue::rowChanged, &view, &widgets::JobsView::updateRow);
    connect(&view, &widgets::JobsView::jobCancelRequested, &queue, &JobQueue::cancel);
    connect(&view, &widgets::JobsView::jobPauseRequested, &queue, &JobQueue::setPaused);
    connect(&view, &widgets::JobsView::clearFinishedRequested, &queue, &JobQueue::clearFinished);
    showAll();
}

} // namespace headroom::app
