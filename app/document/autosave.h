#pragma once

#include <QObject>
#include <QTimer>

#include <cstdint>

#include "core/base/error.h"

namespace headroom::app {

class Document;
class JobQueue;
class Settings;

/// Writes the project beside its project.yaml every few seconds while it has unsaved changes; each state of
/// the undo stack is written once.
class Autosave final : public QObject {
    Q_OBJECT

public:
    Autosave(Document& document, JobQueue& jobs, Settings& settings, QObject* parent = nullptr);

    /// Writes now what has not been written yet.
    void run();

    /// Stops what is being written: a real save comes.
    void cancel();

signals:
    void written();
    void failed(const headroom::Error& error);

private:
    Document& m_document;
    JobQueue& m_jobs;
    QTimer m_timer;
    std::uint64_t m_writtenStateId = 0;
};

} // namespace headroom::app
