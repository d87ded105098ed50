#include "core/simulation/worker_process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/simulation/program_file.h"
#include "core/simulation/worker_protocol.h"

namespace headroom::simulation {
namespace {

constexpr const char* workerName = "headroom-simulator";

/// The longest wait before cancellation is looked at again.
constexpr int pollMilliseconds = 20;

/// Neither the user's .spiceinit nor the system's code models: results depend on the deck alone.
constexpr std::array<const char*, 5> workerEnvironment = {"HOME=/nonexistent", "SPICE_SCRIPTS=/nonexistent",
                                                          "OMP_NUM_THREADS=1", "LC_ALL=C", nullptr};

Result<std::vector<Vector>> readVectors(std::string_view bytes) {
    const auto broken = [] { return fail(ErrorCode::Simulator, "The simulator's answer cannot be read."); };
    std::vector<Vector> vectors;
    while (!bytes.empty()) {
        std::array<std::uint32_t, 2> head{};
        if (bytes.size() < sizeof head) return broken();
        std::memcpy(head.data(), bytes.data(), sizeof head);
        bytes.remove_prefix(sizeof head);
        Vector vector;
        if (head[0] == 0) {
            if (bytes.size() < head[1]) return broken();
            vector.complaint = bytes.substr(0, head[1]);
            bytes.remove_prefix(head[1]);
            vectors.push_back(std::move(vector));
            continue;
        }
        const std::size_t count = std::size_t{head[0]} * head[1];
        if (head[1] < 1 || head[1] > 2 || bytes.size() / sizeof(double) < count) return broken();
        vector.width = static_cast<int>(head[1]);
        vector.numbers.resize(count);
        std::memcpy(vector.numbers.data(), bytes.data(), count * sizeof(double));
        bytes.remove_prefix(count * sizeof(double));
        vectors.push_back(std::move(vector));
    }
    return vectors;
}

} // namespace

Result<std::filesystem::path> findWorkerExecutable() {
    const auto chosen = programNamedBy("HEADROOM_SIMULATOR", "simulator process");
    if (!chosen) return forward(chosen);
    if (*chosen) return **chosen;
    const std::filesystem::path folder = executableFolder();
    for (const auto& candidate : {folder / workerName, folder.parent_path() / "app" / workerName})
        if (isExecutable(candidate)) return candidate;
    return fail(ErrorCode::Simulator,
                fmt::format("The simulator process {} is missing beside the program in {}.", workerName,
                            folder.string()));
}

Result<WorkerProcess> WorkerProcess::start(const std::filesystem::path& executable) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(ErrorCode::Simulator, "The simulator process cannot be started.", std::strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    auto folder = std::make_unique<ScratchFolder>();
    ::posix_spawn_file_actions_addchdir_np(&actions, folder->path().c_str());
    // A group of its own: Ctrl+C in a terminal is for the parent, which then ends its workers.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const std::string path = std::filesystem::absolute(executable).string();
    std::array<char*, 2> arguments = {const_cast<char*>(path.c_str()), nullptr};
    pid_t process = -1;
    const int failure = ::posix_spawn(&process, path.c_str(), &actions, &attributes, arguments.data(),
                                      const_cast<char* const*>(workerEnvironment.data()));
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    ::close(ends[1]);
    if (failure != 0) {
        ::close(ends[0]);
        return fail(ErrorCode::Simulator, fmt::format("The simulator process {} cannot be started.", path),
                    std::strerror(failure));
    }
    return WorkerProcess(process, ends[0], std::move(folder));
}

WorkerProcess::~WorkerProcess() {
    stop();
}

WorkerProcess::WorkerProcess(WorkerProcess&& other) noexcept
    : m_process(std::exchange(other.m_process, -1))
    , m_socket(std::exchange(other.m_socket, -1))
    , m_folder(std::move(other.m_folder)) {}

WorkerProcess& WorkerProcess::operator=(WorkerProcess&& other) noexcept {
    if (this != &other) {
        stop();
        m_process = std::exchange(other.m_process, -1);
        m_socket = std::exchange(other.m_socket, -1);
        m_folder = std::move(other.m_folder);
    }
    return *this;
}

std::string WorkerProcess::stop() {
    if (m_socket >= 0) ::close(std::exchange(m_socket, -1));
    if (m_process < 0) return {};
    // A process that ended by itself keeps its own status; killing what is already dead does nothing.
    ::kill(m_process, SIGKILL);
    int status = 0;
    while (::waitpid(m_process, &status, 0) < 0 && errno == EINTR) {
    }
    const std::string how = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                                                : fmt::format("exit code {}", WEXITSTATUS(status));
    m_process = -1;
    return how;
}

Result<void> WorkerProcess::transfer(char* data, std::size_t size, bool receive, Clock::time_point deadline,
                                     const JobContext& context) {
    while (size > 0) {
        pollfd socket{m_socket, static_cast<short>(receive ? POLLIN : POLLOUT), 0};
        const int ready = ::poll(&socket, 1, pollMilliseconds);
        if (context.cancelled()) {
            stop();
            return failCancelled();
        }
        if (ready == 0 || (ready < 0 && errno == EINTR)) {
            if (Clock::now() < deadline) continue;
            stop();
            return fail(ErrorCode::Simulator, "The simulator gave no answer in time and was stopped.");
        }
        const ssize_t count = receive ? ::recv(m_socket, data, size, MSG_DONTWAIT)
                                      : ::send(m_socket, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return fail(ErrorCode::Simulator, "The simulator process died.", stop());
        data += count;
        size -= static_cast<std::size_t>(count);
    }
    return {};
}

Result<std::string> WorkerProcess::request(const std::string& message, Clock::time_point deadline,
                                           const JobContext& context) {
    if (!alive()) return fail(ErrorCode::Simulator, "The simulator process is gone.");
    auto size = static_cast<std::uint32_t>(message.size());
    std::string bytes(sizeof size, '\0');
    std::memcpy(bytes.data(), &size, sizeof size);
    bytes += message;
    if (Result<void> sent = transfer(bytes.data(), bytes.size(), false, deadline, context); !sent)
        return forward(sent);
    Result<void> received = transfer(reinterpret_cast<char*>(&size), sizeof size, true, deadline, context);
    if (!received) return forward(received);
    if (size > protocol::maximumMessage) {
        stop();
        return fail(ErrorCode::Simulator, "The simulator's answer cannot be read.");
    }
    std::string reply(size, '\0');
    received = transfer(reply.data(), reply.size(), true, deadline, context);
    if (!received) return forward(received);
    const std::string_view verb = std::string_view(reply).substr(0, reply.find('\n'));
    if (reply.find('\n') == std::string::npos) reply += '\n';
    if (verb == protocol::fatal) {
        stop();
        return fail(ErrorCode::Simulator, "ngspice gave up.", reply.substr(reply.find('\n') + 1));
    }
    if (verb != protocol::done)
        return fail(ErrorCode::Convergence, "ngspice found no solution.", reply.substr(reply.find('\n') + 1));
    return reply.substr(reply.find('\n') + 1);
}

Result<void> WorkerProcess::load(const std::string& deck, Clock::time_point deadline,
                                 const JobContext& context) {
    const Result<std::string> reply = request(std::string(protocol::load) + "\n" + deck, deadline, context);
    if (!reply && reply.error().code == ErrorCode::Convergence)
        return fail(ErrorCode::Simulator, "ngspice cannot read the test bench.", reply.error().detail);
    if (!reply) return forward(reply);
    return {};
}

Result<std::vector<Vector>> WorkerProcess::run(const std::string& script, Clock::time_point deadline,
                                               const JobContext& context) {
    const Result<std::string> reply = request(std::string(protocol::run) + "\n" + script, deadline, context);
    if (!reply) return forward(reply);
    return readVectors(*reply);
}

Result<std::string> WorkerProcess::version(Clock::time_point deadline, const JobContext& context) {
    return request(std::string(protocol::version), deadline, context);
}

std::int64_t WorkerProcess::memory() const {
    if (!alive()) return 0;
    std::ifstream file(fmt::format("/proc/{}/statm", m_process));
    std::int64_t total = 0;
    std::int64_t resident = 0;
    file >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

} // namespace headroom::simulation
