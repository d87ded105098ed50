#pragma once

#include <QFrame>

#include "widgets/jobs/job_row.h"

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace headroom::widgets {

/// One job in the list.
class JobRowWidget final : public QFrame {
    Q_OBJECT

public:
    explicit JobRowWidget(QWidget* parent = nullptr);

    void setRow(const JobRow& row);
    const JobRow& row() const { return m_row; }

signals:
    void cancelRequested(quint64 id);
    void pauseRequested(quint64 id, bool paused);

protected:
    void changeEvent(QEvent* event) override;

private:
    void build();
    void showState();
    void showTimes();
    void showLog(const QStringList& before);

    JobRow m_row;
    QLabel* m_icon = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_state = nullptr;
    QLabel* m_activity = nullptr;
    QLabel* m_times = nullptr;
    QLabel* m_error = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_pause = nullptr;
    QToolButton* m_toggleLog = nullptr;
    QPlainTextEdit* m_log = nullptr;
};

} // namespace headroom::widgets
