#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core/simulation/test_amplifiers.h"
#include "tests/core/simulation/test_evaluations.h"

namespace headroom::simulation {
namespace {

struct ProcessEntry {
    pid_t id = -1;
    pid_t parent = -1;
    char state = '?';
};

std::vector<ProcessEntry> childrenOf(pid_t parent) {
    std::vector<ProcessEntry> children;
    for (const auto& folder : std::filesystem::directory_iterator("/proc")) {
        const std::string name = folder.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        std::string text;
        std::getline(std::ifstream(folder.path() / "stat"), text);
        const std::size_t end = text.rfind(')');
        ProcessEntry entry;
        if (end == std::string::npos) continue;
        if (std::sscanf(text.c_str() + end + 1, " %c %d", &entry.state, &entry.parent) != 2) continue;
        entry.id = std::stoi(name);
        if (entry.parent == parent) children.push_back(entry);
    }
    return children;
}

std::size_t openFileCount() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

bool exists(pid_t process) {
    return ::kill(process, 0) == 0;
}

/// Waits for what must happen soon, for at most ten seconds.
template <class Condition>
bool eventually(Condition condition) {
    for (int step = 0; step < 1000; ++step) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

/// Makes the pool use another program as its worker for as long as this lives, and removes that program.
class WorkerReplacement {
public:
    explicit WorkerReplacement(const std::string& executable)
        : m_executable(executable) {
        ::setenv("HEADROOM_SIMULATOR", executable.c_str(), 1);
    }
    ~WorkerReplacement() {
        ::unsetenv("HEADROOM_SIMULATOR");
        std::error_code code;
        std::filesystem::remove(m_executable, code);
    }
    WorkerReplacement(const WorkerReplacement&) = delete;
    WorkerReplacement& operator=(const WorkerReplacement&) = delete;

    static std::string script(const std::string& name, const std::string& commands) {
        const std::string path = testing::TempDir() + name + std::to_string(::getpid());
        std::ofstream(path) << "#!/bin/sh\nexec 2>/dev/null\n" << commands << '\n';
        ::chmod(path.c_str(), 0755);
        return path;
    }

private:
    std::filesystem::path m_executable;
};

EvaluationSettings quickSettings() {
    EvaluationSettings settings;
    settings.performances = {Performance::GainDb, Performance::TransitFrequency, Performance::PhaseMargin};
    return settings;
}

std::vector<Sizing> manySizings(std::size_t count) {
    const auto amplifier = exampleAmplifier("miller.sp");
    std::vector<Sizing> sizings;
    for (std::size_t index = 0; index < count; ++index)
        sizings.push_back(scatteredSizing(*amplifier, 0.02, index));
    return sizings;
}

TEST(WorkerFailure, AKilledWorkerCostsOneRetryAndNothingElse) {
    const auto sizings = manySizings(60);
    const auto pool = makePool(exampleAmplifier("miller.sp"), quickSettings());
    SilentContext context;
    // Only processes of the beginning, one after the other: on a busy machine a retry may outlast many
    // evaluations of others, and is not to be killed as well.
    std::optional<std::vector<ProcessEntry>> first;
    int killed = 0, count = 0;
    const auto evaluations = pool->evaluate(sizings, context, [&](std::size_t, const Evaluation&) {
        if (!first) first = childrenOf(::getpid());
        if (const auto told = ++count; told % 20 != 10 || first->empty()) return;
        killed += ::kill(first->back().id, SIGKILL) == 0 ? 1 : 0;
        first->pop_back();
    });
    ASSERT_TRUE(evaluations);
    EXPECT_GE(killed, 1);
    EXPECT_GE(pool->statistics().workerDeaths, 1);
    EXPECT_LE(pool->statistics().workerDeaths, killed);
    EXPECT_EQ(pool->statistics().retries, pool->statistics().workerDeaths);

    const auto undisturbed =
        makePool(exampleAmplifier("miller.sp"), quickSettings())->evaluate(sizings, context);
    ASSERT_TRUE(undisturbed);
    for (std::size_t index = 0; index < sizings.size(); ++index) {
        ASSERT_TRUE((*evaluations)[index].ok()) << (*evaluations)[index].error->describe();
        for (const auto& [performance, value] : (*undisturbed)[index].performances)
            EXPECT_NEAR((*evaluations)[index].performances.at(performance), value, 1e-6 * std::abs(value));
    }
}

TEST(WorkerFailure, PoolsLeaveNeitherProcessesNorOpenFiles) {
    const std::size_t before = openFileCount();
    {
        PoolOptions options;
        options.recycleAfter = 5;
        const auto pool = makePool(exampleAmplifier("miller.sp"), quickSettings(), options);
        SilentContext context;
        ASSERT_TRUE(pool->evaluate(manySizings(25), context));
        const auto workers = childrenOf(::getpid());
        EXPECT_EQ(workers.size(), 2U);
        for (const ProcessEntry& worker : workers) {
            EXPECT_NE(worker.state, 'Z');
            ::kill(worker.id, SIGKILL);
        }
        ASSERT_TRUE(pool->evaluate(manySizings(10), context));
        EXPECT_EQ(pool->statistics().evaluations, 35);
    }
    EXPECT_TRUE(childrenOf(::getpid()).empty());
    EXPECT_EQ(openFileCount(), before);
}

TEST(WorkerFailure, WhatAWorkerDidBeforeDoesNotShowInTheLastBit) {
    PoolOptions options;
    options.workers = 1;
    auto sizings = manySizings(10);
    SilentContext context;
    const auto kept = makePool(exampleAmplifier("miller.sp"), {}, options);
    const auto first = kept->evaluate(sizings, context);
    options.recycleAfter = 1;
    const auto fresh = makePool(exampleAmplifier("miller.sp"), {}, options)->evaluate(sizings, context);
    std::reverse(sizings.begin(), sizings.end());
    auto backwards = kept->evaluate(sizings, context);
    ASSERT_TRUE(first && fresh && backwards);
    std::reverse(backwards->begin(), backwards->end());
    for (std::size_t index = 0; index < sizings.size(); ++index) {
        ASSERT_TRUE((*first)[index].ok());
        EXPECT_EQ(difference((*fresh)[index], (*first)[index]), "") << index;
        EXPECT_EQ(difference((*backwards)[index], (*first)[index]), "") << index;
    }
}

TEST(WorkerFailure, CancellationEndsTheBatchAndKeepsThePoolUsable) {
    const auto pool = makePool(exampleAmplifier("miller.sp"));
    SilentContext context;
    std::atomic<int> finished = 0;
    const auto cancelled = pool->evaluate(manySizings(400), context, [&](std::size_t, const Evaluation&) {
        if (++finished == 3) context.cancel();
    });
    ASSERT_FALSE(cancelled);
    EXPECT_EQ(cancelled.error().code, ErrorCode::Cancelled);
    EXPECT_LT(finished, 10);
    EXPECT_TRUE(simulate(*pool).ok());
}

TEST(WorkerFailure, WorkersStayOutOfTheUsersFolder) {
    std::set<std::filesystem::path> folders;
    {
        const auto pool = makePool(exampleAmplifier("miller.sp"), quickSettings());
        ASSERT_TRUE(simulate(*pool).ok());
        for (const ProcessEntry& worker : childrenOf(::getpid()))
            folders.insert(std::filesystem::read_symlink(fmt::format("/proc/{}/cwd", worker.id)));
        ASSERT_FALSE(folders.empty());
        for (const auto& folder : folders) {
            EXPECT_NE(folder, std::filesystem::current_path());
            std::ofstream(folder / "bsim4.out") << "what ngspice says of its models\n";
        }
    }
    for (const auto& folder : folders)
        EXPECT_FALSE(std::filesystem::exists(folder)) << folder;
}

TEST(WorkerFailure, AHangingWorkerIsStopped) {
    const WorkerReplacement hanging(WorkerReplacement::script("hanging_worker", "exec sleep 1000"));
    PoolOptions options;
    options.timeoutSeconds = 0.05;
    const auto pool = makePool(exampleAmplifier("miller.sp"), {}, options);
    const Evaluation evaluation = simulate(*pool);
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->code, ErrorCode::Simulator);
    EXPECT_EQ(evaluation.error->message, "The simulator gave no answer in time and was stopped.");
    EXPECT_EQ(pool->statistics().workerDeaths, 2);
    EXPECT_TRUE(childrenOf(::getpid()).empty());
}

TEST(WorkerFailure, CancellationReachesAHangingWorker) {
    const WorkerReplacement hanging(WorkerReplacement::script("hanging_worker", "exec sleep 1000"));
    const auto pool = makePool(exampleAmplifier("miller.sp"));
    SilentContext context;
    std::thread canceller([&] {
        eventually([] { return !childrenOf(::getpid()).empty(); });
        context.cancel();
    });
    const auto evaluation = pool->evaluateOne({}, context);
    canceller.join();
    ASSERT_FALSE(evaluation);
    EXPECT_EQ(evaluation.error().code, ErrorCode::Cancelled);
}

TEST(WorkerFailure, AWorkerThatDiesAtOnceIsAnErrorOfTheEvaluation) {
    const WorkerReplacement dying(WorkerReplacement::script("dying_worker", "exit 7"));
    const Evaluation evaluation = simulate(*makePool(exampleAmplifier("miller.sp")));
    ASSERT_FALSE(evaluation.ok());
    EXPECT_EQ(evaluation.error->code, ErrorCode::Simulator);
    EXPECT_EQ(evaluation.error->message, "The simulator process died.");
    EXPECT_EQ(evaluation.error->detail, "exit code 7");
}

TEST(WorkerFailure, AWorkerThatTalksNonsenseIsAnErrorOfTheEvaluation) {
    for (const char* nonsense :
         {"echo nonsense; exec sleep 1000", "cat", "printf '\\005\\000\\000\\000done\\n'; cat"}) {
        const WorkerReplacement babbling(WorkerReplacement::script("babbling_worker", nonsense));
        PoolOptions options;
        options.timeoutSeconds = 0.2;
        const Evaluation evaluation = simulate(*makePool(exampleAmplifier("miller.sp"), {}, options));
        EXPECT_FALSE(evaluation.ok()) << nonsense;
    }
}

TEST(WorkerFailure, AMissingExecutableIsSaidWhenThePoolIsMade) {
    const WorkerReplacement missing("/nonexistent/headroom-simulator");
    const auto pool = EvaluationPool::create(exampleAmplifier("miller.sp"), {});
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.error().code, ErrorCode::Simulator);
    EXPECT_NE(pool.error().message.find("/nonexistent/headroom-simulator"), std::string::npos);
}

TEST(WorkerFailure, WorkersEndWithTheirParent) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t parent = ::fork();
    if (parent == 0) {
        const auto pool = makePool(exampleAmplifier("miller.sp"), quickSettings());
        SilentContext context;
        static_cast<void>(pool->evaluate(manySizings(4), context));
        for (const ProcessEntry& worker : childrenOf(::getpid()))
            if (::write(pipe[1], &worker.id, sizeof worker.id) < 0) break;
        ::raise(SIGKILL);
    }
    ::close(pipe[1]);
    std::vector<pid_t> workers;
    for (pid_t worker = 0; ::read(pipe[0], &worker, sizeof worker) == sizeof worker;)
        workers.push_back(worker);
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(parent, &status, 0);
    ASSERT_EQ(workers.size(), 2U);
    for (const pid_t worker : workers)
        EXPECT_TRUE(eventually([&] { return !exists(worker); })) << worker;
}

} // namespace
} // namespace headroom::simulation
