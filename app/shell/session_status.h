#pragma once

#include <QObject>
#include <QTimer>

class QLabel;
class QStatusBar;

namespace headroom::app {

class Document;
class JobQueue;
class Session;
class Settings;

/// The permanent part of the status bar: circuit, technology, device, simulator processes and cache.
class SessionStatus final : public QObject {
    Q_OBJECT

public:
    SessionStatus(Document& document, Session& session, JobQueue& jobs, Settings& settings, QStatusBar& bar);

    /// What is going on, e.g. "Saving"; empty: nothing.
    void setActivity(const QString& what);

private:
    void refresh();
    void refreshCache();

    Document& m_document;
    Session& m_session;
    JobQueue& m_jobs;
    Settings& m_settings;
    QTimer m_timer;
    QLabel* m_activity;
    QLabel* m_circuit;
    QLabel* m_technology;
    QLabel* m_model;
    QLabel* m_device;
    QLabel* m_workers;
    QLabel* m_cache;
};

} // namespace headroom::app
