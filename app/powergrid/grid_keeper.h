#pragma once

#include <QObject>

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "app/document/document.h"
#include "app/powergrid/grid_netlist_job.h"
#include "core/powergrid/sheet_folder.h"

namespace headroom::app {

class JobQueue;

/// What the panel "IR Drop" is about: a sheet to paint on, a solved netlist, or neither. What is shared is
/// never changed.
struct GridContent {
    std::shared_ptr<const powergrid::GridSheet> sheet;
    std::shared_ptr<const SolvedNetlist> netlist;

    bool isEmpty() const { return !sheet && !netlist; }
};

/// Keeps what the panel is about in the project's folder, each change as a step of undo, and says what the
/// project is about when that has become something else: by undo and redo, or because another one was opened.
class GridKeeper final : public QObject {
    Q_OBJECT

public:
    GridKeeper(Document& document, JobQueue& jobs, QObject* parent);

    /// Makes this what the project is about. It is on show already: found() does not tell it.
    /// @param netlist the text of content.netlist, else null
    /// @param text what the undo list calls it
    void keep(GridContent content, std::shared_ptr<const std::string> netlist, const QString& text);
    bool isBusy() const { return !m_pending.empty(); }

    /// Looks at what the project is about.
    void refresh();

signals:
    /// What the project is about is being read; found() or unreadable() follows.
    void reading();
    /// Empty where the project is about no power grid.
    void found(const headroom::app::GridContent& content);
    /// What was to be kept is kept.
    void kept(const headroom::app::GridContent& content);
    /// What the project is about cannot be read; it stays what the project is about.
    void unreadable(const headroom::Error& error);
    void failed(const headroom::Error& error);
    /// Another project is open.
    void projectChanged();
    /// There is no project that a change could be kept in; the application makes one.
    void projectRequested();

private:
    struct Pending {
        GridContent content;
        std::shared_ptr<const std::string> netlist;
        QString text;
    };

    void keepNext();
    void readNumber(const std::string& number);
    void remember(const std::string& number, const GridContent& content);

    Document& m_document;
    JobQueue& m_jobs;
    std::string m_number;           ///< of what is on show
    std::filesystem::path m_folder; ///< that m_known belongs to
    std::map<std::string, GridContent> m_known;
    std::deque<std::string> m_knownOrder; ///< oldest first
    std::deque<Pending> m_pending;        ///< in their order
    bool m_waitsForProject = false;       ///< what is pending goes into the project that was asked for
};

} // namespace headroom::app
