#include "core/base/file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace headroom {
namespace {

tl::unexpected<Error> failWithErrno(const std::filesystem::path& path, std::string_view action, int code) {
    const bool full = code == ENOSPC || code == EDQUOT;
    const std::string why = full ? "no space is left on the disk" : std::strerror(code);
    // Something under a file is no file that could be read: the wrong name was given.
    const bool isWrong = action == "read" && code == ENOTDIR;
    return tl::unexpected<Error>(Error{full             ? ErrorCode::DiskFull
                                       : code == ENOENT ? ErrorCode::NotFound
                                       : isWrong        ? ErrorCode::BadInput
                                                        : ErrorCode::Io,
                                       fmt::format("The file cannot be {}: {}.", action, why),
                                       path.string(),
                                       0,
                                       {}});
}

/// Owns a file descriptor; closing errors are reported by close().
class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd) {}
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }
    int close() {
        const int result = ::close(m_fd);
        m_fd = -1;
        return result;
    }

private:
    int m_fd;
};

/// @return 0 or an errno
int writeAll(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return errno;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return 0;
}

/// Into a terminal, a pipe or another device: nothing there that could be replaced.
Result<void> writeDevice(const std::filesystem::path& path, std::string_view bytes) {
    Descriptor device(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (device.get() < 0) return failWithErrno(path, "written", errno);
    if (const int problem = writeAll(device.get(), bytes)) return failWithErrno(path, "written", problem);
    if (device.close() != 0) return failWithErrno(path, "written", errno);
    return {};
}

} // namespace

Result<std::string> readFile(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return failWithErrno(path, "read", errno);
    struct stat info {};
    if (::fstat(file.get(), &info) == 0 && S_ISDIR(info.st_mode))
        return failAt(ErrorCode::BadInput, path.string(), 0, "This is a folder, where a file is needed.");
    std::string content;
    // A hint, which a sparse file of any size may give.
    if (S_ISREG(info.st_mode))
        content.reserve(static_cast<std::size_t>(std::min<off_t>(info.st_size, 1 << 30)));
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failWithErrno(path, "read", errno);
        if (count == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

Result<void> writeFileAtomically(const std::filesystem::path& name, std::string_view bytes) {
    std::error_code code;
    if (name.has_parent_path()) std::filesystem::create_directories(name.parent_path(), code);
    if (code) return failWithErrno(name, "written", code.value());
    // A link stays one: what it points to is replaced.
    const auto linked = std::filesystem::canonical(name, code);
    const std::filesystem::path& path = code ? name : linked;
    struct stat old {};
    const bool exists = ::stat(path.c_str(), &old) == 0;
    if (exists && S_ISDIR(old.st_mode)) return failWithErrno(path, "written", EISDIR);
    if (exists && !S_ISREG(old.st_mode)) return writeDevice(path, bytes);
    std::string temporary = path.string() + ".XXXXXX";
    Descriptor file(::mkstemp(temporary.data()));
    if (file.get() < 0) return failWithErrno(path, "written", errno);
    const auto abandon = [&](int reason) {
        ::unlink(temporary.c_str());
        return failWithErrno(path, "written", reason);
    };
    if (const int problem = writeAll(file.get(), bytes)) return abandon(problem);
    const mode_t mode = exists ? (old.st_mode & 07777U) : 0644U;
    if (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0 || file.close() != 0)
        return abandon(errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) return abandon(errno);
    return {};
}

std::filesystem::path executableFolder() {
    std::error_code code;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", code);
    return code ? std::filesystem::current_path() : self.parent_path();
}

std::filesystem::path resourcePath(std::string_view relative) {
    // Trained weights live beside resources/ in the source tree and in the same share folder installed.
    const bool isModel = relative.starts_with("models");
    std::error_code code;
    if (const char* chosen = std::getenv("HEADROOM_RESOURCES"))
        return std::filesystem::path(chosen) / relative;
    const auto installed = executableFolder().parent_path() / "share/headroom" / relative;
    if (std::filesystem::exists(installed, code)) return installed;
    const std::filesystem::path source(HEADROOM_SOURCE_DIR);
    return (isModel ? source : source / "resources") / relative;
}

} // namespace headroom
