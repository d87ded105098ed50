#pragma once

#include <QObject>
#include <QPointer>

#include <filesystem>
#include <functional>
#include <memory>

#include "app/document/document.h"
#include "app/document/recovery.h"
#include "core/base/error.h"

class QMessageBox;
class QWidget;

namespace headroom::app {

class Autosave;
class JobQueue;
class Settings;

/// Opening, saving and closing projects: the questions to the user, and the jobs that touch the files. The
/// document keeps what it holds until a job has succeeded, so a failure costs nothing but its message.
class ProjectController final : public QObject {
    Q_OBJECT

public:
    ProjectController(Document& document, JobQueue& jobs, Settings& settings, RecoveryFolder recovery,
                      QWidget& window);

    /// A new project without a name around a netlist; empty: without one.
    void startNew(const std::filesystem::path& netlist);

    /// Puts a netlist into the open project; can be undone.
    void importNetlist(const std::filesystem::path& file);
    /// Works on another cell of the imported file.
    void readCell(const QString& name);

    /// A project folder or its project.yaml, or a netlist.
    void openPath(const std::filesystem::path& path);

    void chooseProject();
    void chooseNetlist();
    void save();
    void saveAs();
    void saveTo(const std::filesystem::path& folder);

    /// Looks for sessions that ended without being closed and offers them.
    void offerRecovery();

    /// Whether the window may close now. Where there is something to ask, asks it, answers false, and
    /// closeAgreed() comes when the user agrees.
    bool mayClose();

    Autosave& autosave() { return *m_autosave; }

signals:
    void closeAgreed();
    void failed(const headroom::Error& error);
    void opened();
    void saved();
    /// Opening, importing or saving begins (and how it is called) or has ended (empty).
    void activity(const QString& what);

private:
    struct Opened;
    using Then = std::function<void()>;

    /// @param afterwards called once the new project is open
    void startImport(const std::filesystem::path& file, const QString& cell, const QString& title);
    void startUntitled(const std::filesystem::path& netlist, const Then& afterwards);
    void openFolder(const std::filesystem::path& folder, bool untitled, bool recover);
    void adopt(Opened opened);
    void askAboutAutosave(Opened opened);
    void offerNext(std::vector<LostSession> sessions);
    void offer(const LostSession& session, std::vector<LostSession> others);
    /// Calls @p then once long jobs and unsaved changes are saved or given up.
    void whenSettled(const Then& then);
    void whenSaved(const Then& then);
    void saveThen(const std::filesystem::path& folder, const Then& then);
    void chooseFolderThen(const Then& then);
    QMessageBox* ask(const QString& name, const QString& text, const QString& detail);

    Document& m_document;
    JobQueue& m_jobs;
    Settings& m_settings;
    RecoveryFolder m_recovery;
    QWidget& m_window;
    Autosave* m_autosave;
};

} // namespace headroom::app
