#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/simulation/engine.h"
#include "core/simulation/scratch_folder.h"

namespace headroom::simulation {

/// Where headroom-simulator is: $HEADROOM_SIMULATOR, else beside the running executable, else in the folder
/// "app" beside its folder (where a build puts it for test executables). Error: Simulator.
Result<std::filesystem::path> findWorkerExecutable();

/// One running headroom-simulator. The protocol is in worker_protocol.h. Not thread-safe; the process is
/// ended and reaped with the object.
class WorkerProcess {
public:
    static Result<WorkerProcess> start(const std::filesystem::path& executable);
    ~WorkerProcess();
    WorkerProcess(WorkerProcess&& other) noexcept;
    WorkerProcess& operator=(WorkerProcess&& other) noexcept;

    using Clock = Engine::Clock;

    /// Makes a deck ngspice's current circuit.
    Result<void> load(const std::string& deck, Clock::time_point deadline, const JobContext& context);
    /// Executes a script and returns the vectors it asks for.
    /// Errors: Convergence when ngspice refused a line (detail: what it said), Simulator when the process
    /// died or the deadline passed, Cancelled. After the last two the process is gone.
    Result<std::vector<Vector>> run(const std::string& script, Clock::time_point deadline,
                                    const JobContext& context);

    /// What ngspice calls its version, "39". Errors as run().
    Result<std::string> version(Clock::time_point deadline, const JobContext& context);

    bool alive() const { return m_socket >= 0; }
    pid_t processId() const { return m_process; }
    std::int64_t memory() const; ///< bytes that the process holds; 0: not known

private:
    WorkerProcess(pid_t process, int socket, std::unique_ptr<ScratchFolder> folder)
        : m_process(process)
        , m_socket(socket)
        , m_folder(std::move(folder)) {}
    Result<std::string> request(const std::string& message, Clock::time_point deadline,
                                const JobContext& context);
    Result<void> transfer(char* data, std::size_t size, bool receive, Clock::time_point deadline,
                          const JobContext& context);
    /// Kills and reaps the process; tells how it had ended.
    std::string stop();

    pid_t m_process = -1;
    int m_socket = -1;
    std::unique_ptr<ScratchFolder> m_folder; ///< the process's working directory
};

} // namespace headroom::simulation
