#pragma once

#include <QHash>

#include <vector>

#include "widgets/common/panel.h"
#include "widgets/jobs/job_row.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace headroom::widgets {

class JobRowWidget;

/// Panel "Jobs": what runs, how far it is, how long it will take, and what went wrong. Newest first.
class JobsView final : public Panel {
    Q_OBJECT

public:
    explicit JobsView(QWidget* parent = nullptr);

    /// All jobs, newest first. Rows are matched by id, so open logs stay open.
    void setData(const std::vector<JobRow>& rows);

    /// Adds or updates one job.
    void updateRow(const JobRow& row);

    int jobCount() const { return static_cast<int>(m_rows.size()); }

signals:
    void jobCancelRequested(quint64 id);
    void jobPauseRequested(quint64 id, bool paused);
    /// The user wants finished jobs gone; the application answers with setData().
    void clearFinishedRequested();

private:
    void buildContent();
    JobRowWidget* rowWidget(std::uint64_t id);
    void summarise();

    QHash<quint64, JobRowWidget*> m_widgets;
    std::vector<std::uint64_t> m_rows;
    QVBoxLayout* m_list = nullptr;
    QLabel* m_summary = nullptr;
    QPushButton* m_clear = nullptr;
};

} // namespace headroom::widgets
