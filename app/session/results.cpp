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

void Results::keep(project::Assessment assessment) {
    m_jobs.start<bool>(
        {tr("Keep results"), {}, true}, this,
        [assessment = std::move(assessment),
         file = m_document.folder() / project::resultsFileName](JobMonitor&) -> Result<bool> {
            auto store = project::ResultStore::open(file);
            if (!store) return forward(store);
            if (const auto kept = store->keep(assessment); !kept) return forward(kept);
            return true;
        },
        [this](const Result<bool>& kept) {
            if (!kept && kept.error().code != ErrorCode::Cancelled) emit failed(kept.error());
        });
}

void Results::recall(const std::string& kind, const std::string& subject, QObject* receiver,
                     std::function<void(const std::string&)> found) {
    using Document = std::optional<std::string>;
    m_jobs.start<Document>(
        {tr("Read results"), QStringLiteral("results.recall.") + QString::fromStdString(kind), true},
        receiver,
        [kind, subject,
         file = m_document.folder() / project::resultsFileName](JobMonitor&) -> Result<Document> {
            // Opening makes the file, which a project without results does not need.
            if (std::error_code code; !std::filesystem::exists(file, code)) return std::nullopt;
            const auto store = project::ResultStore::open(file);
            if (!store) return forward(store);
            return store->assessment(kind, subject);
        },
        // A file that cannot be read is told when the document's results are read.
        [found = std::move(found)](const Result<Document>& document) {
            if (document && *document) found(**document);
        });
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
