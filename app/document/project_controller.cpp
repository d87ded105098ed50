#include "app/document/project_controller.h"

#include <QFileDialog>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>

#include <utility>

#include "app/document/autosave.h"
#include "app/document/project_files.h"
#include "app/jobs/job_queue.h"
#include "app/session/netlist_import.h"
#include "app/settings/settings.h"
#include "core/delay/kept_table.h"
#include "core/powergrid/sheet_folder.h"
#include "core/technology/technology.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOpenKey = "project.open";
constexpr const char* kSaveKey = "project.save";

QString toText(const fs::path& path) {
    return QString::fromStdString(path.string());
}
fs::path toPath(const QString& text) {
    return {text.toStdString()};
}

} // namespace

/// What an opening job brings.
struct ProjectController::Opened {
    project::Project project;
    fs::path folder;
    bool untitled = true;
    bool modified = false;
    bool hasAutosave = false;
    std::shared_ptr<SessionLock> lock;
    std::optional<Error> remark; ///< about something that was left out
};

ProjectController::ProjectController(Document& document, JobQueue& jobs, Settings& settings,
                                     RecoveryFolder recovery, QWidget& window)
    : QObject(&window)
    , m_document(document)
    , m_jobs(jobs)
    , m_settings(settings)
    , m_recovery(std::move(recovery))
    , m_window(window)
    , m_autosave(new Autosave(document, jobs, settings, this)) {
    connect(m_autosave, &Autosave::failed, this, &ProjectController::failed);
}

QMessageBox* ProjectController::ask(const QString& name, const QString& text, const QString& detail) {
    auto* box =
        new QMessageBox(QMessageBox::Question, tr("Headroom"), text, QMessageBox::NoButton, &m_window);
    box->setObjectName(name);
    box->setInformativeText(detail);
    box->setAttribute(Qt::WA_DeleteOnClose);
    return box;
}

void ProjectController::startNew(const fs::path& netlist) {
    whenSettled([this, netlist] { startUntitled(netlist, {}); });
}

void ProjectController::startUntitled(const fs::path& netlist, const Then& afterwards) {
    emit activity(netlist.empty() ? tr("Opening") : tr("Opening %1").arg(toText(netlist.filename())));
    m_jobs.start<Opened>(
        {tr("New project"), kOpenKey, true}, this,
        [netlist, recovery = m_recovery,
         technology = m_settings.technology().toStdString()](JobMonitor&) -> Result<Opened> {
            const auto folder = recovery.createFolder();
            if (!folder) return forward(folder);
            auto lock = recovery.lock(*folder, true);
            if (!lock) return forward(lock);
            Opened opened{{}, *folder, true, false, false, std::move(*lock), {}};
            // A preference that no longer holds is told, and does not stand in the way.
            if (const auto loaded = technology::loadTechnology(technology); loaded) {
                opened.project.technology = technology;
            } else {
                opened.remark = loaded.error();
            }
            if (netlist.empty()) return opened;
            auto project = app::importNetlist(netlist, {}, *folder, opened.project);
            if (!project) {
                opened.lock->closeWell();
                return forward(project);
            }
            opened.project = std::move(*project);
            return opened;
        },
        [this, netlist, afterwards](Result<Opened> result) {
            emit activity({});
            if (result) {
                const auto remark = result->remark;
                adopt(std::move(*result));
                if (remark) emit failed(*remark);
                if (afterwards) afterwards();
            } else if (!m_document.lock() && !netlist.empty()) {
                // At the start there is nothing to fall back on but an empty project.
                startUntitled({}, [this, error = result.error()] { emit failed(error); });
            } else if (result.error().code != ErrorCode::Cancelled) {
                emit failed(result.error());
            }
        });
}

void ProjectController::importNetlist(const fs::path& file) {
    if (!m_document.lock()) {
        startNew(file);
        return;
    }
    startImport(file, {}, tr("Import %1").arg(toText(file.filename())));
}

void ProjectController::readCell(const QString& name) {
    const auto& netlist = m_document.project().netlist;
    if (netlist) startImport(m_document.folder() / netlist->file, name, tr("Work on cell %1").arg(name));
}

void ProjectController::startImport(const fs::path& file, const QString& cell, const QString& title) {
    emit activity(tr("Importing %1").arg(toText(file.filename())));
    m_jobs.start<project::Project>(
        {title, kOpenKey}, this,
        [file, cell = cell.toStdString(), folder = m_document.folder(), before = m_document.project(),
         lock = m_document.lock()](JobMonitor&) {
            auto imported = app::importNetlist(file, cell, folder, before);
            // A cell of the copy that the project has: it still comes from where it came from.
            if (imported && !cell.empty()) imported->netlist->origin = before.netlist->origin;
            return imported;
        },
        [this, file, cell, title, folder = m_document.folder()](Result<project::Project> imported) {
            emit activity({});
            if (!imported) {
                if (imported.error().code != ErrorCode::Cancelled) emit failed(imported.error());
                return;
            }
            if (folder !=
                m_document.folder()) { // saved under another name meanwhile: the copies are elsewhere
                if (cell.isEmpty()) {
                    importNetlist(file);
                } else {
                    readCell(cell);
                }
                return;
            }
            m_document.edit(title, std::move(*imported));
            emit opened();
        });
}

void ProjectController::openPath(const fs::path& path) {
    const auto folder = project::projectFolder(path);
    std::error_code code;
    if (folder) {
        whenSettled(
            [this, place = fs::absolute(*folder).lexically_normal()] { openFolder(place, false, false); });
    } else if (fs::is_directory(path, code)) {
        emit failed({ErrorCode::BadInput, "The folder holds no Headroom project.", path.string(), 0, {}});
    } else {
        importNetlist(path);
    }
}

void ProjectController::openFolder(const fs::path& folder, bool untitled, bool recover) {
    emit activity(tr("Opening %1").arg(toText(folder.filename())));
    m_jobs.start<Opened>(
        {tr("Open %1").arg(toText(folder.filename())), kOpenKey}, this,
        [folder, untitled, recover, recovery = m_recovery, same = m_document.folder() == folder,
         held = m_document.lock()](JobMonitor&) -> Result<Opened> {
            // Opened again by the same window: the lock is ours already.
            auto lock = same ? Result<std::shared_ptr<SessionLock>>(held) : recovery.lock(folder, untitled);
            if (!lock) return forward(lock);
            Opened opened{{}, folder, untitled, recover, false, *lock, {}};
            auto project = readProjectFolder(folder, recover);
            if (!project) {
                if (!untitled && !same) opened.lock->closeWell();
                return forward(project);
            }
            opened.project = std::move(*project);
            std::error_code code;
            opened.hasAutosave = !recover && fs::exists(folder / project::autosaveFileName, code);
            if (!recover && !opened.hasAutosave && !same) {
                if (const auto pruned = pruneResults(folder, opened.project); !pruned) return forward(pruned);
                powergrid::pruneSheets(folder / project::powerGridFolderName, opened.project.powerGrid);
                delay::pruneTables(folder / project::delayTableFolderName, opened.project.delayTable);
            }
            return opened;
        },
        [this](Result<Opened> result) {
            emit activity({});
            if (!result) {
                if (result.error().code != ErrorCode::Cancelled) emit failed(result.error());
            } else if (result->hasAutosave) {
                askAboutAutosave(std::move(*result));
            } else {
                adopt(std::move(*result));
            }
        });
}

void ProjectController::adopt(Opened opened) {
    const bool titled = !opened.untitled;
    const QString folder = toText(opened.folder);
    m_document.reset(std::move(opened.project), std::move(opened.folder), opened.untitled,
                     std::move(opened.lock), opened.modified);
    if (titled) m_settings.addRecentProject(folder);
    emit this->opened();
}

void ProjectController::askAboutAutosave(Opened found) {
    auto* box = ask("recoverAutosaveBox",
                    tr("There are unsaved changes to \"%1\" from a session that was not closed properly.")
                        .arg(toText(found.folder.filename())),
                    tr("Recover them, or open the project as it was saved?"));
    const auto* recover = box->addButton(tr("Recover"), QMessageBox::AcceptRole);
    box->addButton(tr("Open as Saved"), QMessageBox::DestructiveRole);
    auto shared = std::make_shared<Opened>(std::move(found));
    connect(box, &QMessageBox::buttonClicked, this, [this, recover, shared](QAbstractButton* button) {
        if (button == recover) {
            const fs::path folder = shared->folder;
            shared->lock.reset();
            openFolder(folder, false, true);
        } else {
            std::error_code ignored;
            fs::remove(shared->folder / project::autosaveFileName, ignored);
            adopt(std::move(*shared));
        }
    });
    box->open();
}

void ProjectController::chooseProject() {
    auto* dialog = new QFileDialog(&m_window, tr("Open Project"));
    dialog->setObjectName("openProjectDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Headroom projects (%1)").arg(QString::fromUtf8(project::projectFileName)));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { openPath(toPath(file)); });
    dialog->open();
}

void ProjectController::chooseNetlist() {
    auto* dialog = new QFileDialog(&m_window, tr("Import Netlist"));
    dialog->setObjectName("importNetlistDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters(
        {tr("Netlists and schematics (*.sp *.spi *.spice *.cir *.ckt *.net *.cdl *.hsp *.scs *.sch *.asc "
            "*.kicad_sch)"),
         tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { importNetlist(toPath(file)); });
    dialog->open();
}

void ProjectController::save() {
    if (m_document.isUntitled()) {
        saveAs();
    } else {
        saveThen(m_document.folder(), {});
    }
}

void ProjectController::saveAs() {
    chooseFolderThen({});
}

void ProjectController::saveTo(const fs::path& folder) {
    saveThen(fs::absolute(folder).lexically_normal(), {});
}

void ProjectController::chooseFolderThen(const Then& then) {
    auto* dialog = new QFileDialog(&m_window, tr("Save Project As"));
    dialog->setObjectName("saveProjectDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setFileMode(QFileDialog::AnyFile);
    dialog->setLabelText(QFileDialog::FileName, tr("Project folder:"));
    dialog->selectFile(m_document.displayName());
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, then](const QString& folder) { saveThen(toPath(folder).lexically_normal(), then); });
    dialog->open();
}

void ProjectController::saveThen(const fs::path& folder, const Then& then) {
    if (!m_document.lock()) return;
    m_autosave->cancel();
    emit activity(tr("Saving"));
    using Lock = std::shared_ptr<SessionLock>;
    m_jobs.start<Lock>(
        {tr("Save project"), kSaveKey, true}, this,
        [project = m_document.project(), from = m_document.folder(), to = folder, held = m_document.lock(),
         recovery = m_recovery](JobMonitor&) mutable -> Result<Lock> {
            project.headroomVersion = HEADROOM_VERSION;
            const std::scoped_lock writing(held->writing());
            Lock lock = held;
            if (from != to) {
                if (!canHoldProject(to)) return forward(saveProject(project, from, to));
                std::error_code code;
                fs::create_directories(to, code);
                auto taken = recovery.lock(to, false);
                if (!taken) return forward(taken);
                lock = std::move(*taken);
            }
            if (const auto saved = saveProject(project, from, to); !saved) {
                if (lock != held) lock->closeWell();
                return forward(saved);
            }
            return lock;
        },
        [this, folder, then, stateId = m_document.stateId()](Result<Lock> lock) {
            emit activity({});
            if (!lock) {
                if (lock.error().code != ErrorCode::Cancelled) emit failed(lock.error());
                return;
            }
            if (folder != m_document.folder()) m_document.moveTo(folder, std::move(*lock));
            m_document.setSaved(stateId);
            m_settings.addRecentProject(toText(folder));
            emit saved();
            if (then) then();
        });
}

void ProjectController::whenSettled(const Then& then) {
    const QStringList running = m_jobs.preciousTitles();
    if (running.isEmpty()) {
        whenSaved(then);
        return;
    }
    auto* box = ask("runningJobsBox", tr("\"%1\" is still running. Stop it?").arg(running.front()),
                    tr("What it has done so far is lost, but for the simulations in the project's cache."));
    const auto* stop = box->addButton(tr("Stop It"), QMessageBox::DestructiveRole);
    box->addButton(tr("Keep Running"), QMessageBox::RejectRole);
    connect(box, &QMessageBox::buttonClicked, this, [this, then, stop](QAbstractButton* button) {
        if (button == stop) whenSaved(then);
    });
    box->open();
}

void ProjectController::whenSaved(const Then& then) {
    if (!m_document.isModified()) {
        then();
        return;
    }
    auto* box = ask("unsavedChangesBox", tr("Save the changes to \"%1\"?").arg(m_document.displayName()),
                    tr("They are lost otherwise."));
    const auto* save = box->addButton(QMessageBox::Save);
    const auto* discard = box->addButton(QMessageBox::Discard);
    box->addButton(QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::buttonClicked, this, [this, then, save, discard](QAbstractButton* button) {
        if (button == discard) {
            m_autosave->cancel();
            std::error_code ignored;
            if (!m_document.isUntitled())
                fs::remove(m_document.folder() / project::autosaveFileName, ignored);
            then();
        } else if (button == save && m_document.isUntitled()) {
            chooseFolderThen(then);
        } else if (button == save) {
            saveThen(m_document.folder(), then);
        }
    });
    box->open();
}

bool ProjectController::mayClose() {
    if (!m_document.isModified() && m_jobs.preciousTitles().isEmpty()) return true;
    const bool asking = m_window.findChild<QMessageBox*>("unsavedChangesBox") != nullptr ||
                        m_window.findChild<QMessageBox*>("runningJobsBox") != nullptr;
    if (!asking) whenSettled([this] { emit closeAgreed(); });
    return false;
}

void ProjectController::offerRecovery() {
    m_jobs.start<std::vector<LostSession>>(
        {tr("Look for unsaved work"), {}, true}, this,
        [recovery = m_recovery](JobMonitor&) -> Result<std::vector<LostSession>> {
            return recovery.lostSessions();
        },
        [this](Result<std::vector<LostSession>> sessions) {
            if (sessions) offerNext(std::move(*sessions));
        });
}

void ProjectController::offerNext(std::vector<LostSession> sessions) {
    if (sessions.empty()) return;
    const LostSession session = sessions.front();
    sessions.erase(sessions.begin());
    offer(session, std::move(sessions));
}

void ProjectController::offer(const LostSession& session, std::vector<LostSession> others) {
    auto* box =
        ask("recoverSessionBox",
            tr("Headroom was not closed properly. Recover the unsaved work on \"%1\"?").arg(session.name),
            tr("It was last written on %1.").arg(QLocale().toString(session.time, QLocale::ShortFormat)));
    const auto* recover = box->addButton(tr("Recover"), QMessageBox::AcceptRole);
    const auto* discard = box->addButton(tr("Discard"), QMessageBox::DestructiveRole);
    box->addButton(tr("Not Now"), QMessageBox::RejectRole);
    connect(box, &QMessageBox::buttonClicked, this,
            [this, session, others, recover, discard](QAbstractButton* button) {
                if (button == recover) {
                    openFolder(session.folder, session.untitled, true);
                    return;
                }
                if (button == discard) m_recovery.discard(session);
                offerNext(others);
            });
    box->open();
}

} // namespace headroom::app
