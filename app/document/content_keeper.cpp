#include "app/document/content_keeper.h"

#include <algorithm>

#include "app/jobs/job_queue.h"

namespace headroom::app {
namespace {

/// So much is remembered at most, so that undo does not have to read it, but always the last two.
constexpr std::size_t kMostKnown = 30, kLeastKnown = 2;

} // namespace

ContentKeeper::ContentKeeper(ContentKind kind, Document& document, JobQueue& jobs, QObject* parent)
    : QObject(parent)
    , m_kind(std::move(kind))
    , m_document(document)
    , m_jobs(jobs) {
    connect(&document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(m_kind.facet)) refresh();
    });
    connect(&document, &Document::folderChanged, this, [this] { m_folder = m_document.folder(); });
    connect(&document, &Document::wasReset, this, &ContentKeeper::refresh);
}

void ContentKeeper::refresh() {
    if (m_waitsForProject) {
        if (!m_document.lock()) return;
        m_waitsForProject = false;
        m_folder = m_document.folder();
        keepNext();
        return;
    }
    const std::string number = m_document.project().*m_kind.number;
    if (m_folder != m_document.folder()) {
        m_folder = m_document.folder();
        m_known.clear();
        m_knownOrder.clear();
        m_pending.clear();
        m_number.clear();
        emit projectChanged();
        if (!number.empty()) emit found(nullptr); // what was on show belongs to another project
    }
    m_jobs.cancelKey(m_kind.readTitle);
    if (number.empty()) {
        m_number.clear();
        emit found(nullptr);
        return;
    }
    if (number == m_number) return;
    const auto known = m_known.find(number);
    if (known == m_known.end()) {
        readNumber(number);
        return;
    }
    m_number = number;
    emit found(KeptContent(known->second));
}

void ContentKeeper::readNumber(const std::string& number) {
    emit reading();
    m_jobs.start<KeptContent>(
        {m_kind.readTitle, m_kind.readTitle, true}, this,
        [read = m_kind.read, folder = m_folder / m_kind.folder, number](JobMonitor& monitor) {
            return read(folder, number, monitor);
        },
        [this, number](Result<KeptContent> content) {
            if (!content) {
                if (content.error().code != ErrorCode::Cancelled) emit unreadable(content.error());
                return;
            }
            remember(number, *content);
            m_number = number;
            emit found(*content);
        });
}

void ContentKeeper::remember(const std::string& number, const KeptContent& content) {
    m_known[number] = content;
    m_knownOrder.push_back(number);
    std::size_t weight = 0;
    for (const auto& [each, known] : m_known)
        weight += m_kind.weight(known);
    while (m_knownOrder.size() > kLeastKnown &&
           (m_knownOrder.size() > kMostKnown || weight > m_kind.mostWeight)) {
        const auto oldest = m_known.find(m_knownOrder.front());
        m_knownOrder.pop_front();
        if (oldest == m_known.end()) continue;
        weight -= m_kind.weight(oldest->second);
        m_known.erase(oldest);
    }
}

std::string ContentKeeper::numberOf(const KeptContent& content) const {
    const auto found = std::find_if(m_known.begin(), m_known.end(),
                                    [&](const auto& known) { return known.second == content; });
    return found == m_known.end() ? std::string() : found->first;
}

void ContentKeeper::keep(KeptContent content, Writer writer, const QString& text) {
    m_pending.push_back({std::move(content), std::move(writer), text});
    if (m_pending.size() == 1) keepNext();
}

void ContentKeeper::keepNext() {
    if (m_pending.empty() || m_waitsForProject) return;
    if (!m_document.lock()) {
        m_waitsForProject = true;
        emit projectRequested();
        return;
    }
    const std::filesystem::path folder = m_document.folder();
    m_jobs.start<std::string>(
        {m_kind.keepTitle, {}, true}, this,
        [folder = folder / m_kind.folder, writer = m_pending.front().writer,
         lock = m_document.lock()](JobMonitor&) { return writer(folder); },
        [this, folder](Result<std::string> number) {
            if (m_pending.empty()) return; // another project was opened meanwhile
            if (number && folder != m_document.folder()) {
                keepNext(); // saved under another name meanwhile: kept there as well
                return;
            }
            const Pending kept = std::move(m_pending.front());
            m_pending.pop_front();
            if (number) {
                remember(*number, kept.content);
                m_number = *number;
                project::Project project = m_document.project();
                project.*m_kind.number = *number;
                m_document.edit(kept.text, std::move(project));
                emit this->kept(kept.content);
            } else if (number.error().code != ErrorCode::Cancelled) {
                emit failed(number.error());
            }
            keepNext();
        });
}

} // namespace headroom::app
