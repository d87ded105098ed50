#include "app/session/results.h"

#include "app/jobs/job_queue.h"

namespace headroom::app {
namespace {

constexpr const char* kReadKey = "results.read";

using Stored = std::shared_ptr<const project::StoredExploration>;

} // namespace

Results::Results(Document& document, JobQueue& jobs, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_jobs(jobs) {
    connect(&document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::Results)) refresh();
    });
    // The results moved with the project, numbers and all.
    connect(&document, &Document::folderChanged, this, [this] { m_folder = m_document.folder(); });
}

void Results::refresh() {
    if (m_folder != m_document.folder()) m_known.clear();
    m_folder = m_document.folder();
    m_jobs.cancelKey(kReadKey);
    m_current.reset();
    const auto& reference = m_document.project().results;
    if (reference) {
        const std::int64_t id = reference->exploration;
        const auto known = m_known.find(id);
        if (known != m_known.end()) {
            m_current = known->second;
        } else {
            m_jobs.start<Stored>(
                {tr("Read results"), kReadKey, true}, this,
                [id, file = m_folder / project::resultsFileName](JobMonitor&) -> Result<Stored> {
                    const auto store = project::ResultStore::open(file);
                    if (!store) return forward(store);
                    auto exploration = store->exploration(id);
                    if (!exploration) return forward(exploration);
                    return std::make_shared<const project::StoredExploration>(std::move(*exploration));
                },
                [this, id](Result<Stored> exploration) {
                    if (!exploration) {
                        if (exploration.error().code != ErrorCode::Cancelled)
                            emit failed(exploration.error());
                        return;
                    }
                    m_current = m_known[id] = std::move(*exploration);
                    emit currentChanged();
                });
        }
    }
    emit currentChanged();
}

void Results::store(Stored exploration, std::function<void(std::int64_t)> done) {
    const std::filesystem::path folder = m_document.folder();
    m_jobs.start<std::int64_t>(
        {tr("Keep results"), {}, true}, this,
        [exploration, file = folder / project::resultsFileName](JobMonitor&) -> Result<std::int64_t> {
            auto store = project::ResultStore::open(file);
            if (!store) return forward(store);
            return store->add(*exploration);
        },
        [this, exploration, folder, done = std::move(done)](Result<std::int64_t> id) {
            if (!id) {
                if (id.error().code != ErrorCode::Cancelled) emit failed(id.error());
                return;
            }
            // Saved under another name meanwhile: the copy may have been made before this was added.
            if (folder != m_document.folder()) {
                store(exploration, done);
                return;
            }
            if (m_folder != folder) m_known.clear();
            m_folder = folder;
            m_known[*id] = exploration;
            done(*id);
        });
}

} // namespace headroom::app
