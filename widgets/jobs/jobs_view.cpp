#include "widgets/jobs/jobs_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSet>
#include <QVBoxLayout>

#include <algorithm>

#include "widgets/common/icons.h"
#include "widgets/jobs/job_row_widget.h"

namespace headroom::widgets {

JobsView::JobsView(QWidget* parent)
    : Panel(QStringLiteral("jobsPanel"), tr("Jobs"), parent) {
    buildContent();
    setData({});
}

void JobsView::buildContent() {
    auto* content = new QWidget(this);
    m_summary = new QLabel(content);
    m_summary->setObjectName(QStringLiteral("jobsSummary"));
    m_clear = new QPushButton(icon(QStringLiteral("clear")), tr("Clear finished"), content);
    m_clear->setObjectName(QStringLiteral("jobsClear"));
    m_clear->setToolTip(tr("Remove finished, failed and cancelled jobs from the list"));
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->addWidget(m_summary, 1);
    bar->addWidget(m_clear);

    auto* rows = new QWidget;
    m_list = new QVBoxLayout(rows);
    m_list->setContentsMargins(6, 0, 6, 6);
    m_list->setSpacing(4);
    m_list->addStretch(1);
    auto* scroll = new QScrollArea(content);
    scroll->setObjectName(QStringLiteral("jobsList"));
    scroll->setAccessibleName(tr("Jobs, newest first"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(rows);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(scroll, 1);
    setContent(content);
    connect(m_clear, &QPushButton::clicked, this, &JobsView::clearFinishedRequested);
}

JobRowWidget* JobsView::rowWidget(std::uint64_t id) {
    JobRowWidget*& widget = m_widgets[id];
    if (widget == nullptr) {
        widget = new JobRowWidget;
        connect(widget, &JobRowWidget::cancelRequested, this, &JobsView::jobCancelRequested);
        connect(widget, &JobRowWidget::pauseRequested, this, &JobsView::jobPauseRequested);
    }
    return widget;
}

void JobsView::setData(const std::vector<JobRow>& rows) {
    QSet<quint64> present;
    for (const JobRow& row : rows)
        present.insert(row.id);
    for (auto it = m_widgets.begin(); it != m_widgets.end();) {
        if (present.contains(it.key())) {
            ++it;
        } else {
            delete it.value();
            it = m_widgets.erase(it);
        }
    }
    m_rows.clear();
    for (const JobRow& row : rows) {
        JobRowWidget* widget = rowWidget(row.id);
        widget->setRow(row);
        const int place = static_cast<int>(m_rows.size());
        if (m_list->indexOf(widget) != place) m_list->insertWidget(place, widget);
        m_rows.push_back(row.id);
    }
    summarise();
}

void JobsView::updateRow(const JobRow& row) {
    const bool known = m_widgets.contains(row.id);
    JobRowWidget* widget = rowWidget(row.id);
    widget->setRow(row);
    if (!known) {
        m_list->insertWidget(0, widget);
        m_rows.insert(m_rows.begin(), row.id);
    }
    summarise();
}

void JobsView::summarise() {
    int running = 0, waiting = 0, finished = 0;
    for (const std::uint64_t id : m_rows) {
        const JobState state = m_widgets.value(id)->row().state;
        if (isFinished(state))
            ++finished;
        else if (state == JobState::Queued)
            ++waiting;
        else
            ++running;
    }
    m_summary->setText(tr("%1 running, %2 waiting, %3 finished").arg(running).arg(waiting).arg(finished));
    m_clear->setEnabled(finished > 0);
    const bool present = !m_rows.empty();
    if (present != hasContent() || state() == State::Empty) {
        setContentPresent(present, tr("Nothing runs. Jobs that you start appear here, with their progress."));
    }
}

} // namespace headroom::widgets
