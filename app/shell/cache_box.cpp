#include "app/shell/cache_box.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

#include "app/jobs/job_queue.h"
#include "core/simulation/cache_file.h"

namespace headroom::app {
namespace {

/// @param error NotFound where no simulation has been cached yet
QString words(const Result<simulation::CacheFacts>& facts) {
    const bool none = facts ? facts->version == 0 : facts.error().code == ErrorCode::NotFound;
    if (none) return CacheBox::tr("The project's cache is empty.");
    if (!facts) return QString::fromStdString(facts.error().message);
    QString text = CacheBox::tr("The project's cache holds %n result(s), %1 in all.", nullptr,
                                static_cast<int>(facts->entries))
                       .arg(QLocale().formattedDataSize(facts->fileBytes));
    if (const auto questions = facts->counts.hits + facts->counts.misses; questions > 0)
        text += ' ' + CacheBox::tr("It had the answer to %1 % of %2 questions.")
                          .arg(100 * facts->counts.hitRate(), 0, 'f', 0)
                          .arg(questions);
    if (facts->limit)
        text +=
            ' ' +
            CacheBox::tr("It has a limit of its own: %1.").arg(QLocale().formattedDataSize(*facts->limit));
    return text;
}

} // namespace

CacheBox::CacheBox(JobQueue& jobs, std::filesystem::path file, QWidget* parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_file(std::move(file))
    , m_facts(new QLabel(this))
    , m_clear(new QPushButton(tr("Clear"), this)) {
    m_facts->setObjectName("cacheFacts");
    m_facts->setWordWrap(true);
    m_clear->setObjectName("clearCache");
    m_clear->setToolTip(tr("Removes the cached simulations now. The project's explorations stay."));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_facts, 1);
    row->addWidget(m_clear, 0, Qt::AlignTop);
    connect(m_clear, &QPushButton::clicked, this, &CacheBox::clear);
    look();
}

void CacheBox::look() {
    using Facts = simulation::CacheFacts;
    m_clear->setEnabled(false);
    m_facts->setText(tr("Looking into the project's cache…"));
    // Errors are words here, not failures of a job.
    using Found = std::shared_ptr<const Result<Facts>>;
    m_jobs.start<Found>(
        {tr("Look into the cache"), {}, true}, this,
        [file = m_file](JobMonitor&) -> Result<Found> {
            return std::make_shared<const Result<Facts>>(simulation::inspectCache(file));
        },
        [this](const Result<Found>& found) {
            if (!found) return m_facts->setText(QString::fromStdString(found.error().message));
            const Result<Facts>& facts = **found;
            m_facts->setText(words(facts));
            m_clear->setEnabled(facts && facts->entries > 0);
        });
}

void CacheBox::clear() {
    m_clear->setEnabled(false);
    m_jobs.start<std::int64_t>(
        {tr("Clear the cache"), {}, true}, this,
        [file = m_file](JobMonitor&) { return simulation::clearCache(file); },
        [this](const Result<std::int64_t>& removed) {
            if (!removed) return m_facts->setText(QString::fromStdString(removed.error().message));
            look();
        });
}

} // namespace headroom::app
