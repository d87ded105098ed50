#pragma once

#include <QObject>

namespace headroom::widgets {
class JobsView;
}

namespace headroom::app {

class JobQueue;

/// Keeps the Jobs panel in step with the queue and passes the user's wishes on to it.
class JobsController final : public QObject {
    Q_OBJECT

public:
    JobsController(JobQueue& queue, widgets::JobsView& view, QObject* parent = nullptr);
};

} // namespace headroom::app
