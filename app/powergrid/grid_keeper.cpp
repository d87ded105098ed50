#include "app/powergrid/grid_keeper.h"

#include <algorithm>

#include "app/jobs/job_queue.h"

namespace headroom::app {
namespace {

constexpr const char* kReadKey = "powergrid.read";
/// What is remembered, so that undo does not have to read it: so many, and no more than so many cells, but
/// always the last two.
constexpr std::size_t kMostKnown = 30, kMostCells = std::size_t{16} << 20U, kLeastKnown = 2;

std::size_t cellsOf(const GridContent& content) {
    return content.sheet ? content.sheet->plan.strength.values.size() : 0;
}

Result<GridContent> readContent(const std::filesystem::path& folder, const std::string& number,
                                JobContext& context) {
    auto kept = powergrid::readKeptGrid(folder, number);
    if (!kept) return forward(kept);
    if (auto* sheet = std::get_if<powergrid::GridSheet>(&*kept))
        return GridContent{std::make_shared<const powergrid::GridSheet>(std::move(*sheet)), nullptr};
    auto solved = solveNetlist(std::get<powergrid::GridText>(*kept), context);
    if (!solved) return forward(solved);
    return GridContent{nullptr, std::make_shared<const SolvedNetlist>(std::move(*solved))};
}

} // namespace

GridKeeper::GridKeeper(Document& document, JobQueue& jobs, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_jobs(jobs) {
    connect(&document, &Document::changed, this, [this](Facets facets) {
        if (facets.testFlag(Facet::PowerGrid)) refresh();
    });
    connect(&document, &Document::folderChanged, this, [this] { m_folder = m_document.folder(); });
    connect(&document, &Document::wasReset, this, &GridKeeper::refresh);
}

void GridKeeper::refresh() {
    if (m_waitsForProject) {
        if (!m_document.lock()) return;
        m_waitsForProject = false;
        m_folder = m_document.folder();
        keepNext();
        return;
    }
    const std::string number = m_document.project().powerGrid;
    if (m_folder != m_document.folder()) {
        m_folder = m_document.folder();
        m_known.clear();
        m_knownOrder.clear();
        m_pending.clear();
        m_number.clear();
        emit projectChanged();
        if (!number.empty()) emit found({}); // what was on show belongs to another project
    }
    m_jobs.cancelKey(kReadKey);
    if (number.empty()) {
        m_number.clear();
        emit found({});
        return;
    }
    if (number == m_number) return;
    const auto known = m_known.find(number);
    if (known == m_known.end()) {
        readNumber(number);
        return;
    }
    m_number = number;
    emit found(GridContent(known->second));
}

void GridKeeper::readNumber(const std::string& number) {
    emit reading();
    m_jobs.start<GridContent>(
        {tr("Read power grid"), kReadKey, true}, this,
        [folder = m_folder / project::powerGridFolderName, number](JobMonitor& monitor) {
            return readContent(folder, number, monitor);
        },
        [this, number](Result<GridContent> content) {
            if (!content) {
                if (content.error().code != ErrorCode::Cancelled) emit unreadable(content.error());
                return;
            }
            remember(number, *content);
            m_number = number;
            emit found(*content);
        });
}

void GridKeeper::remember(const std::string& number, const GridContent& content) {
    m_known[number] = content;
    m_knownOrder.push_back(number);
    std::size_t cells = 0;
    for (const auto& [each, known] : m_known)
        cells += cellsOf(known);
    while (m_knownOrder.size() > kLeastKnown && (m_knownOrder.size() > kMostKnown || cells > kMostCells)) {
        const auto oldest = m_known.find(m_knownOrder.front());
        m_knownOrder.pop_front();
        if (oldest == m_known.end()) continue;
        cells -= cellsOf(oldest->second);
        m_known.erase(oldest);
    }
}

void GridKeeper::keep(GridContent content, std::shared_ptr<const std::string> netlist, const QString& text) {
    m_pending.push_back({std::move(content), std::move(netlist), text});
    if (m_pending.size() == 1) keepNext();
}

void GridKeeper::keepNext() {
    if (m_pending.empty() || m_waitsForProject) return;
    if (!m_document.lock()) {
        m_waitsForProject = true;
        emit projectRequested();
        return;
    }
    const std::filesystem::path folder = m_document.folder();
    m_jobs.start<std::string>(
        {tr("Keep power grid"), {}, true}, this,
        [folder = folder / project::powerGridFolderName, pending = m_pending.front(),
         lock = m_document.lock()](JobMonitor&) {
            return pending.content.sheet
                       ? powergrid::keepSheet(folder, *pending.content.sheet)
                       : powergrid::keepNetlist(folder, *pending.netlist,
                                                pending.content.netlist->data->name.toStdString());
        },
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
                project.powerGrid = *number;
                m_document.edit(kept.text, std::move(project));
                emit this->kept(kept.content);
            } else if (number.error().code != ErrorCode::Cancelled) {
                emit failed(number.error());
            }
            keepNext();
        });
}

} // namespace headroom::app
