#pragma once

#include <QDateTime>
#include <QLockFile>
#include <QString>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/error.h"

namespace headroom::app {

/// Marks a folder as open.
inline constexpr const char* lockFileName = ".headroom.lock";

/// A session that ended without being closed and left unsaved work.
struct LostSession {
    std::filesystem::path folder; ///< with the autosave in it
    bool untitled = true;
    QString name; ///< for the user
    QDateTime time;
};

/// Holds a session's folder for this process. While it lives no other Headroom opens the folder, and the
/// session counts as running; a crash leaves the marks that RecoveryFolder::lostSessions() finds. Jobs that
/// write into the folder share it, so that the folder stays until they are done.
class SessionLock {
public:
    SessionLock(std::unique_ptr<QLockFile> lock, std::filesystem::path mark);
    ~SessionLock();
    SessionLock(const SessionLock&) = delete;
    SessionLock& operator=(const SessionLock&) = delete;

    /// The session ended well: when the last user is gone, its mark goes, and an untitled session's folder
    /// with everything in it.
    void closeWell() { m_endedWell.store(true); }

    /// Held while project.yaml or its autosave is written.
    std::mutex& writing() { return m_writing; }

private:
    std::unique_ptr<QLockFile> m_lock;
    std::filesystem::path m_mark; ///< untitled: the session's folder; titled: the file that names it
    std::atomic<bool> m_endedWell = false;
    std::mutex m_writing;
};

/// Where sessions without a name live, and where running sessions leave their marks.
class RecoveryFolder {
public:
    explicit RecoveryFolder(std::filesystem::path root)
        : m_root(std::move(root)) {}

    /// The platform's place for it.
    static std::filesystem::path defaultRoot();

    /// A new folder for an untitled session.
    Result<std::filesystem::path> createFolder() const;

    /// Takes a folder for this process. Error Io where another Headroom has it open.
    Result<std::shared_ptr<SessionLock>> lock(const std::filesystem::path& folder, bool untitled) const;

    /// Sessions with an autosave that nobody has open, newest first. Removes what is left of others.
    std::vector<LostSession> lostSessions() const;

    /// Gives a lost session up for good.
    void discard(const LostSession& session) const;

private:
    std::filesystem::path markOf(const std::filesystem::path& folder, bool untitled) const;

    std::filesystem::path m_root;
};

} // namespace headroom::app
