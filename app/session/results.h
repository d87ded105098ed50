#pragma once

#include <QObject>

#include <functional>
#include <map>
#include <memory>

#include "app/document/document.h"
#include "core/project/result_store.h"

namespace headroom::app {

class JobQueue;

/// The explorations that the document refers to, and what was found out about single sizings, read from and
/// written to its results.sqlite in jobs.
class Results final : public QObject {
    Q_OBJECT

public:
    Results(Document& document, JobQueue& jobs, QObject* parent = nullptr);

    /// The exploration that the document shows; null where it has none, or while it is read.
    std::shared_ptr<const project::StoredExploration> current() const { return m_current; }

    /// Keeps an exploration. @param done called with the number that the document can refer to it by
    void store(std::shared_ptr<const project::StoredExploration> exploration,
               std::function<void(std::int64_t)> done);

    /// Keeps an assessment, in the place of an older one about the same.
    void keep(project::Assessment assessment);

    /// Looks for an assessment that was kept. @param found called with its document if there is one
    void recall(const std::string& kind, const std::string& subject, QObject* receiver,
                std::function<void(const std::string&)> found);

signals:
    void currentChanged();
    void failed(const headroom::Error& error);

private:
    void refresh();

    Document& m_document;
    JobQueue& m_jobs;
    std::map<std::int64_t, std::shared_ptr<const project::StoredExploration>> m_known;
    std::shared_ptr<const project::StoredExploration> m_current;
    std::filesystem::path m_folder; ///< that m_known belongs to
};

} // namespace headroom::app
