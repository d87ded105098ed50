#include "app/document/autosave.h"

#include <chrono>

#include "app/document/document.h"
#include "app/document/project_files.h"
#include "app/document/recovery.h"
#include "app/jobs/job_queue.h"
#include "app/settings/settings.h"

namespace headroom::app {
namespace {

constexpr const char* kKey = "autosave";

} // namespace

Autosave::Autosave(Document& document, JobQueue& jobs, Settings& settings, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_jobs(jobs) {
    const auto setInterval = [this, &settings] {
        m_timer.setInterval(std::chrono::seconds(settings.autosaveSeconds()));
    };
    connect(&settings, &Settings::changed, this, setInterval);
    connect(&m_timer, &QTimer::timeout, this, &Autosave::run);
    setInterval();
    m_timer.start();
}

void Autosave::run() {
    if (!m_document.isModified() || m_document.stateId() == m_writtenStateId || !m_document.lock()) return;
    const std::uint64_t stateId = m_document.stateId();
    m_jobs.start<bool>(
        {tr("Autosave"), kKey, true}, this,
        [project = m_document.project(), folder = m_document.folder(),
         lock = m_document.lock()](JobMonitor& monitor) -> Result<bool> {
            const std::scoped_lock writing(lock->writing());
            if (monitor.cancelled()) return failCancelled();
            if (const auto saved = autosaveProject(project, folder); !saved) return forward(saved);
            return true;
        },
        [this, stateId](Result<bool> saved) {
            if (!saved) {
                if (saved.error().code != ErrorCode::Cancelled) emit failed(saved.error());
                return;
            }
            m_writtenStateId = stateId;
            emit written();
        });
}

void Autosave::cancel() {
    m_jobs.cancelKey(kKey);
}

} // namespace headroom::app
