#pragma once

#include <QObject>

#include <filesystem>
#include <memory>

#include "app/jobs/job_queue.h"
#include "core/base/error.h"
#include "widgets/sizing/model_report.h"

namespace headroom::widgets {
class ModelView;
}

namespace headroom::app {

class ModelController;
class Session;
class Settings;

/// The Model panel: what the model is, how it was trained (also while it is), and the figures and table of
/// the inverse-sizing paper, which are sampled and simulated on demand.
class ModelReportController final : public QObject {
    Q_OBJECT

public:
    struct Parts {
        JobQueue& jobs;
        Session& session;
        Settings& settings;
        ModelController& models;
        widgets::ModelView& view;
    };
    ModelReportController(const Parts& parts, QObject* parent);

    bool canReproduce() const;
    void reproduce();

signals:
    void stateChanged();
    void modelRequested();
    void importRequested();

private:
    using ReportPointer = std::shared_ptr<const widgets::ModelReport>;

    void refresh();
    void finish(Result<ReportPointer> made);

    Parts m_parts;
    std::filesystem::path m_reported; ///< folder of the model that the report on show is of
    bool m_isTraining = false;
    JobQueue::JobId m_job = 0;
};

} // namespace headroom::app
