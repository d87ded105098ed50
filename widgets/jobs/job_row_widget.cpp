#include "widgets/jobs/job_row_widget.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

#include "widgets/common/icons.h"
#include "widgets/common/quantity_text.h"

namespace headroom::widgets {
namespace {

constexpr int kProgressSteps = 1000;
constexpr int kLogLines = 1000;

struct StateLook {
    const char* icon;
    ColorRole role;
};

StateLook lookOf(JobState state) {
    switch (state) {
    case JobState::Queued:
        return {"jobs", ColorRole::Muted};
    case JobState::Running:
        return {"explore", ColorRole::Note};
    case JobState::Paused:
        return {"pause", ColorRole::Muted};
    case JobState::Cancelling:
        return {"stop", ColorRole::Muted};
    case JobState::Done:
        return {"met", ColorRole::Met};
    case JobState::Failed:
        return {"error", ColorRole::Error};
    case JobState::Cancelled:
        return {"exclude", ColorRole::Muted};
    }
    return {"jobs", ColorRole::Muted};
}

QLabel* namedLabel(QWidget* parent, const char* name) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

JobRowWidget::JobRowWidget(QWidget* parent)
    : QFrame(parent) {
    setFrameShape(QFrame::StyledPanel);
    build();
}

void JobRowWidget::build() {
    m_icon = new QLabel(this);
    m_title = namedLabel(this, "jobTitle");
    m_title->setWordWrap(true);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_state = namedLabel(this, "jobState");
    m_activity = namedLabel(this, "jobActivity");
    m_activity->setWordWrap(true);
    m_times = namedLabel(this, "jobTimes");
    m_error = namedLabel(this, "jobError");
    m_error->setWordWrap(true);
    m_progress = new QProgressBar(this);
    m_progress->setObjectName(QStringLiteral("jobProgress"));
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setTextVisible(true);
    m_cancel = new QPushButton(icon(QStringLiteral("cancel")), tr("Cancel"), this);
    m_cancel->setObjectName(QStringLiteral("jobCancel"));
    m_pause = new QPushButton(this);
    m_pause->setObjectName(QStringLiteral("jobPause"));
    m_toggleLog = new QToolButton(this);
    m_toggleLog->setObjectName(QStringLiteral("jobToggleLog"));
    m_toggleLog->setCheckable(true);
    m_toggleLog->setAutoRaise(true);
    m_toggleLog->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toggleLog->setToolTip(tr("Show or hide what the job noted down"));
    m_log = new QPlainTextEdit(this);
    m_log->setObjectName(QStringLiteral("jobLog"));
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(kLogLines);
    m_log->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_log->setFixedHeight(fontMetrics().lineSpacing() * 8);
    m_log->hide();

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(8, 6, 8, 6);
    grid->setVerticalSpacing(3);
    grid->addWidget(m_icon, 0, 0, Qt::AlignTop);
    grid->addWidget(m_title, 0, 1);
    grid->addWidget(m_state, 0, 2, Qt::AlignRight | Qt::AlignTop);
    grid->addWidget(m_progress, 1, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_pause);
    buttons->addWidget(m_cancel);
    grid->addLayout(buttons, 1, 2, Qt::AlignRight);
    grid->addWidget(m_activity, 2, 1);
    grid->addWidget(m_times, 2, 2, Qt::AlignRight | Qt::AlignTop);
    grid->addWidget(m_error, 3, 1, 1, 2);
    grid->addWidget(m_toggleLog, 4, 1, Qt::AlignLeft);
    grid->addWidget(m_log, 5, 1, 1, 2);
    grid->setColumnStretch(1, 1);

    connect(m_cancel, &QPushButton::clicked, this, [this] { emit cancelRequested(m_row.id); });
    connect(m_pause, &QPushButton::clicked, this,
            [this] { emit pauseRequested(m_row.id, m_row.state != JobState::Paused); });
    connect(m_toggleLog, &QToolButton::toggled, this, [this](bool open) {
        m_log->setVisible(open);
        m_toggleLog->setIcon(icon(open ? QStringLiteral("collapse") : QStringLiteral("expand")));
        if (open) m_log->moveCursor(QTextCursor::End);
    });
    m_toggleLog->setIcon(icon(QStringLiteral("expand")));
}

void JobRowWidget::setRow(const JobRow& row) {
    const QStringList logBefore = m_row.log;
    m_row = row;
    setObjectName(QStringLiteral("job%1").arg(row.id));
    setAccessibleName(QStringLiteral("%1, %2").arg(row.title, jobStateTitle(row.state)));
    m_title->setText(row.title);
    m_activity->setText(row.activity);
    m_activity->setVisible(!row.activity.isEmpty() && !isFinished(row.state));
    m_error->setText(row.error);
    m_error->setToolTip(row.errorDetail);
    m_error->setVisible(!row.error.isEmpty());
    showState();
    showTimes();
    showLog(logBefore);
}

void JobRowWidget::showState() {
    const StateLook look = lookOf(m_row.state);
    const int side = fontMetrics().height();
    m_icon->setPixmap(
        icon(QLatin1String(look.icon), look.role).pixmap(QSize(side, side), devicePixelRatioF()));
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, Theme::instance().color(look.role));
    m_state->setPalette(colors);
    m_state->setText(jobStateTitle(m_row.state));
    colors.setColor(QPalette::WindowText, Theme::instance().color(ColorRole::Error));
    m_error->setPalette(colors);
    const bool finished = isFinished(m_row.state);
    m_progress->setVisible(!finished);
    m_cancel->setVisible(!finished);
    m_cancel->setEnabled(m_row.state != JobState::Cancelling);
    const bool paused = m_row.state == JobState::Paused;
    m_pause->setVisible(m_row.isPausable && (paused || m_row.state == JobState::Running));
    m_pause->setText(paused ? tr("Go On") : tr("Pause"));
    m_pause->setIcon(icon(paused ? QStringLiteral("explore") : QStringLiteral("pause")));
    m_pause->setToolTip(paused
                            ? tr("Let the job go on")
                            : tr("Let the job rest after its present round, so that the processor is free"));
    if (m_row.state == JobState::Queued) {
        m_progress->setRange(0, kProgressSteps);
        m_progress->setValue(0);
    } else if (m_row.fraction < 0 || std::isnan(m_row.fraction)) {
        m_progress->setRange(0, 0);
    } else {
        m_progress->setRange(0, kProgressSteps);
        m_progress->setValue(static_cast<int>(std::lround(std::min(m_row.fraction, 1.0) * kProgressSteps)));
    }
}

void JobRowWidget::showTimes() {
    QString text;
    if (m_row.state != JobState::Queued) text = durationText(m_row.elapsedSeconds);
    if (m_row.remainingSeconds && m_row.state == JobState::Running) {
        text += tr(", about %1 left").arg(durationText(*m_row.remainingSeconds));
    }
    m_times->setText(text);
    m_times->setVisible(!text.isEmpty());
    m_times->setToolTip(tr("Time since the job started, and the estimate of what is left"));
}

void JobRowWidget::showLog(const QStringList& before) {
    m_toggleLog->setVisible(!m_row.log.isEmpty());
    m_toggleLog->setText(tr("Log (%1)").arg(m_row.log.size()));
    if (m_row.log.isEmpty()) m_toggleLog->setChecked(false);
    // Logs only grow: append what is new.
    const bool grew =
        m_row.log.size() >= before.size() && std::equal(before.begin(), before.end(), m_row.log.begin());
    if (!grew) m_log->clear();
    for (qsizetype line = std::max(grew ? before.size() : 0, m_row.log.size() - kLogLines);
         line < m_row.log.size(); ++line) {
        m_log->appendPlainText(m_row.log[line]);
    }
}

void JobRowWidget::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_icon != nullptr) showState();
    QFrame::changeEvent(event);
}

} // namespace headroom::widgets
