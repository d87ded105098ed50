#include "app/document/recovery.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>
#include <chrono>

#include "app/document/project_files.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/project/project.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarkSuffix = ".open";
constexpr std::size_t kHashDigits = 16;

QString lockPath(const fs::path& folder) {
    return QString::fromStdString((folder / lockFileName).string());
}

std::unique_ptr<QLockFile> lockFile(const fs::path& folder) {
    auto lock = std::make_unique<QLockFile>(lockPath(folder));
    // A lock is stale when its process is gone, never because it is old.
    lock->setStaleLockTime(0);
    return lock;
}

bool isFree(const fs::path& folder) {
    const auto lock = lockFile(folder);
    return lock->tryLock(0);
}

/// Whether no other Headroom can be between making a folder and locking it.
bool isOld(const fs::path& path) {
    std::error_code code;
    const auto written = fs::last_write_time(path, code);
    return !code && fs::file_time_type::clock::now() - written > std::chrono::minutes(1);
}

QString nameOf(const fs::path& folder, bool untitled) {
    if (!untitled) return QString::fromStdString(folder.filename().string());
    const auto project = readProjectFolder(folder, true);
    if (!project || !project->netlist) return QCoreApplication::translate("RecoveryFolder", "Untitled");
    return QString::fromStdString(fs::path(project->netlist->file).stem().string());
}

} // namespace

SessionLock::SessionLock(std::unique_ptr<QLockFile> lock, fs::path mark)
    : m_lock(std::move(lock))
    , m_mark(std::move(mark)) {}

SessionLock::~SessionLock() {
    m_lock->unlock();
    if (!m_endedWell.load()) return;
    std::error_code ignored;
    fs::remove_all(m_mark, ignored);
}

fs::path RecoveryFolder::defaultRoot() {
    const QString place = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    return fs::path(place.toStdString()) / "recovery";
}

fs::path RecoveryFolder::markOf(const fs::path& folder, bool untitled) const {
    if (untitled) return folder;
    return m_root / (sha256(folder.string()).substr(0, kHashDigits) + kMarkSuffix);
}

Result<fs::path> RecoveryFolder::createFolder() const {
    const fs::path folder = m_root / QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    std::error_code code;
    fs::create_directories(folder, code);
    if (code) {
        return tl::unexpected<Error>(Error{ErrorCode::Io, "The folder for unsaved work cannot be made.",
                                           folder.string(), 0, code.message()});
    }
    return folder;
}

Result<std::shared_ptr<SessionLock>> RecoveryFolder::lock(const fs::path& folder, bool untitled) const {
    auto lock = lockFile(folder);
    if (!lock->tryLock(0)) {
        const bool taken = lock->error() == QLockFile::LockFailedError;
        return tl::unexpected<Error>(Error{ErrorCode::Io,
                                           taken ? "The project is open in another Headroom window."
                                                 : "The project's folder cannot be written to.",
                                           folder.string(),
                                           0,
                                           {}});
    }
    const fs::path mark = markOf(folder, untitled);
    if (!untitled) {
        const auto written = writeFileAtomically(mark, folder.string());
        if (!written) return forward(written);
    }
    return std::make_shared<SessionLock>(std::move(lock), mark);
}

std::vector<LostSession> RecoveryFolder::lostSessions() const {
    std::vector<LostSession> sessions;
    std::error_code code;
    std::vector<fs::path> marks;
    for (const auto& entry : fs::directory_iterator(m_root, code))
        marks.push_back(entry.path());
    for (const fs::path& mark : marks) {
        const bool untitled = fs::is_directory(mark, code);
        const fs::path folder = untitled ? mark : fs::path(readFile(mark).value_or(""));
        if (!fs::is_directory(folder, code)) {
            fs::remove(mark, code);
            continue;
        }
        if (!isFree(folder)) continue;
        const fs::path autosave = folder / project::autosaveFileName;
        if (!fs::exists(autosave, code)) {
            if (isOld(mark)) fs::remove_all(mark, code);
            continue;
        }
        const QFileInfo info(QString::fromStdString(autosave.string()));
        sessions.push_back({folder, untitled, nameOf(folder, untitled), info.lastModified()});
    }
    std::sort(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) { return a.time > b.time; });
    return sessions;
}

void RecoveryFolder::discard(const LostSession& session) const {
    std::error_code ignored;
    fs::remove(session.folder / project::autosaveFileName, ignored);
    fs::remove_all(markOf(session.folder, session.untitled), ignored);
}

} // namespace headroom::app
