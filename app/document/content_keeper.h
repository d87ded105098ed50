#pragma once

#include <QObject>

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "app/document/document.h"
#include "core/base/job_context.h"

namespace headroom::app {

class JobQueue;

/// What a panel works on and the project's file has no room for. What is shared is never changed.
using KeptContent = std::shared_ptr<const void>;

/// One kind of it: where its number stands in the project, and how it is read.
struct ContentKind {
    Facet facet = Facet::PowerGrid;
    std::string project::Project::*number = nullptr;
    std::string_view folder; ///< inside the project's
    QString readTitle, keepTitle;
    std::function<Result<KeptContent>(const std::filesystem::path& folder, const std::string& number,
                                      JobContext& context)>
        read;
    /// How much memory it takes, by a measure of its own of which @p mostWeight is remembered for undo.
    std::function<std::size_t(const KeptContent& content)> weight;
    std::size_t mostWeight = std::size_t{16} << 20U;
};

/// Keeps what a panel works on in the project's folder, each change as a step of undo, and says what the
/// project is about when that has become something else: by undo and redo, or because another one was opened.
class ContentKeeper final : public QObject {
    Q_OBJECT

public:
    /// Writes content into a folder, on a worker thread. @return the number that it is read by
    using Writer = std::function<Result<std::string>(const std::filesystem::path& folder)>;

    ContentKeeper(ContentKind kind, Document& document, JobQueue& jobs, QObject* parent);

    /// Makes this what the project is about. It is on show already: found() does not tell it.
    /// @param text what the undo list calls it
    void keep(KeptContent content, Writer writer, const QString& text);
    bool isBusy() const { return !m_pending.empty(); }
    /// By which it is kept; empty while it is not, and where that has been forgotten.
    std::string numberOf(const KeptContent& content) const;

    /// Looks at what the project is about.
    void refresh();

signals:
    /// What the project is about is being read; found() or unreadable() follows.
    void reading();
    /// Null where the project is about nothing of the kind.
    void found(const headroom::app::KeptContent& content);
    /// What was to be kept is kept.
    void kept(const headroom::app::KeptContent& content);
    /// What the project is about cannot be read; it stays what the project is about.
    void unreadable(const headroom::Error& error);
    void failed(const headroom::Error& error);
    /// Another project is open.
    void projectChanged();
    /// There is no project that a change could be kept in; the application makes one.
    void projectRequested();

private:
    struct Pending {
        KeptContent content;
        Writer writer;
        QString text;
    };

    void keepNext();
    void readNumber(const std::string& number);
    void remember(const std::string& number, const KeptContent& content);

    ContentKind m_kind;
    Document& m_document;
    JobQueue& m_jobs;
    std::string m_number;           ///< of what is on show
    std::filesystem::path m_folder; ///< that m_known belongs to
    std::map<std::string, KeptContent> m_known;
    std::deque<std::string> m_knownOrder; ///< oldest first
    std::deque<Pending> m_pending;        ///< in their order
    bool m_waitsForProject = false;       ///< what is pending goes into the project that was asked for
};

} // namespace headroom::app
