#include "core/simulation/ngspice_program.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/simulation/ngspice_commands.h"
#include "core/simulation/ngspice_complaint.h"
#include "core/simulation/program_file.h"
#include "core/simulation/raw_file.h"
#include "core/simulation/scratch_folder.h"
#include "core/simulation/worker_protocol.h"

namespace headroom::simulation {
namespace {

constexpr auto pollInterval = std::chrono::microseconds(500);
constexpr std::size_t mostComplaints = 4096;

/// Neither the user's nor the system's start-up files: results depend on the deck alone. HOME is the deck's
/// folder.
std::array<std::string, 4> environmentFor(const std::filesystem::path& folder) {
    return {"HOME=" + folder.string(), "SPICE_SCRIPTS=/nonexistent", "OMP_NUM_THREADS=1", "LC_ALL=C"};
}

Result<pid_t> start(const std::filesystem::path& program, const std::filesystem::path& deck,
                    const std::filesystem::path& log) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    ::posix_spawn_file_actions_addchdir_np(&actions, deck.parent_path().c_str());
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string name = program.string();
    std::string option = "-b";
    std::string file = deck.string();
    std::array<char*, 4> arguments = {name.data(), option.data(), file.data(), nullptr};
    auto environment = environmentFor(deck.parent_path());
    std::array<char*, 5> pointers{};
    for (std::size_t index = 0; index < environment.size(); ++index)
        pointers[index] = environment[index].data();
    pid_t process = -1;
    const int failure =
        ::posix_spawn(&process, name.c_str(), &actions, &attributes, arguments.data(), pointers.data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (failure != 0)
        return fail(ErrorCode::Simulator, fmt::format("The program {} cannot be started.", name),
                    std::strerror(failure));
    return process;
}

std::string complaintsIn(const std::string& log) {
    std::string complaints;
    std::string_view rest = log;
    while (!rest.empty() && complaints.size() < mostComplaints) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (ngspice::isComplaint(line)) complaints += std::string(line) + '\n';
    }
    return complaints;
}

/// What a log says about one expression: the lines that name it or its figure, and what stands behind a colon
/// in the line below.
std::string linesAbout(const std::string& figure, const std::string& expression, const std::string& log) {
    std::string found;
    bool goesOn = false;
    std::string_view rest = log;
    while (!rest.empty() && found.size() < mostComplaints) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        const bool isAbout =
            line.starts_with("Error") && (line.find(figure + ' ') != std::string_view::npos ||
                                          line.find(expression) != std::string_view::npos);
        if (isAbout || goesOn) found += std::string(line) + '\n';
        goesOn = isAbout && line.ends_with(':');
    }
    return found;
}

class ProgramEngine final : public Engine {
public:
    explicit ProgramEngine(std::filesystem::path program)
        : m_program(std::move(program)) {}

    Result<void> load(const std::string& deck, Clock::time_point, const JobContext&) override {
        m_body = deck;
        if (const std::size_t end = m_body.rfind(".end\n"); end != std::string::npos) m_body.resize(end);
        m_alterations.clear();
        std::string commands = "set num_threads=1\n";
        std::string_view rest = deck;
        for (std::size_t at = rest.find(protocol::before); at != std::string_view::npos;
             at = rest.find(protocol::before)) {
            const bool startsLine = at == 0 || rest[at - 1] == '\n';
            rest.remove_prefix(at + protocol::before.size());
            if (startsLine) commands += std::string(rest.substr(0, rest.find('\n'))) + '\n';
        }
        return writeFileAtomically(m_folder.path() / ".spiceinit", commands);
    }

    Result<Answer> analyse(const std::vector<Alteration>& alterations, const Analysis& analysis,
                           Clock::time_point deadline, const JobContext& context) override {
        // The latest value of each counts; the order of the first ones is kept.
        for (const Alteration& alteration : alterations) {
            const auto same =
                std::find_if(m_alterations.begin(), m_alterations.end(), [&](const Alteration& each) {
                    return each.of == alteration.of && each.element == alteration.element &&
                           each.parameter == alteration.parameter;
                });
            if (same == m_alterations.end())
                m_alterations.push_back(alteration);
            else
                *same = alteration;
        }
        for (const auto& entry : std::filesystem::directory_iterator(m_folder.path()))
            if (entry.path().extension() == ".raw") std::filesystem::remove(entry.path());
        const std::filesystem::path deck = m_folder.path() / "deck.sp";
        if (auto written = writeFileAtomically(deck, m_body + control(analysis) + ".end\n"); !written)
            return forward(written);
        const Result<std::string> log = runNgspice(m_program, deck, deadline, context);
        if (!log) return forward(log);
        return answer(analysis, *log);
    }

    bool alive() const override { return true; }
    bool prefersAlterations() const override { return false; }

private:
    static std::string rawName(const std::string& stem) { return stem + ".raw"; }

    /// Of noise, the totals and the spectra are in plots of their own.
    static bool isInUpperPlot(const Analysis& analysis, std::string_view text) {
        return !ngspice::leavesTwoPlots(analysis) || text.find("_total") != std::string_view::npos;
    }

    std::string control(const Analysis& analysis) const {
        std::string text =
            ".control\nset noaskquit\nset filetype=binary\n" + ngspice::commands(m_alterations);
        if (analysis.kind != Analysis::Kind::Noise)
            text += ngspice::saveCommands(ngspice::savedVectors(analysis));
        text += ngspice::command(analysis) + '\n';
        for (const bool upper : {true, false}) {
            if (!upper && !ngspice::leavesTwoPlots(analysis)) break;
            if (!upper) text += "setplot previous\n";
            std::string list;
            for (const std::string& vector : analysis.wanted)
                if (isInUpperPlot(analysis, vector) == upper) list += ' ' + vector;
            if (!list.empty()) text += fmt::format("write {}{}\n", rawName(upper ? "upper" : "lower"), list);
            for (std::size_t index = 0; index < analysis.expressions.size(); ++index) {
                if (isInUpperPlot(analysis, analysis.expressions[index].text) != upper) continue;
                const std::string name = fmt::format("figure{}", index);
                text += fmt::format("{}\nwrite {} {}\n",
                                    ngspice::command(analysis.expressions[index], analysis.kind, name),
                                    rawName(name), name);
            }
        }
        return text + "quit\n.endc\n";
    }

    std::optional<std::map<std::string, Vector>> readPlot(const std::string& stem) const {
        const Result<std::string> bytes = readFile(m_folder.path() / rawName(stem));
        if (!bytes) return std::nullopt;
        auto plot = readRawFile(*bytes);
        if (!plot) return std::nullopt;
        return std::move(*plot);
    }

    Result<Answer> answer(const Analysis& analysis, const std::string& log) const {
        Answer answer;
        std::map<std::string, Vector> vectors;
        for (const char* stem : {"upper", "lower"})
            if (auto plot = readPlot(stem)) vectors.merge(*plot);
        for (const std::string& name : analysis.wanted) {
            const auto found = vectors.find(name);
            // ngspice prints the circuit's title, whatever comes of it.
            if (found == vectors.end() && log.find("Circuit:") == std::string::npos)
                return fail(ErrorCode::Simulator,
                            fmt::format("{} does not answer as ngspice does.", m_program.string()),
                            log.substr(0, mostComplaints));
            if (found == vectors.end())
                return fail(ErrorCode::Convergence, "ngspice found no solution.", complaintsIn(log));
            answer.vectors.push_back(found->second);
        }
        for (std::size_t index = 0; index < analysis.expressions.size(); ++index) {
            const std::string name = fmt::format("figure{}", index);
            answer.figures.emplace_back();
            answer.complaints.push_back(linesAbout(name, analysis.expressions[index].text, log));
            const auto plot = readPlot(name);
            if (!plot || !plot->contains(name)) continue;
            const Vector& vector = plot->at(name);
            if (!vector.numbers.empty())
                answer.figures.back() =
                    vector.numbers[vector.numbers.size() - static_cast<std::size_t>(vector.width)];
        }
        return answer;
    }

    std::filesystem::path m_program;
    ScratchFolder m_folder;
    std::string m_body;
    std::vector<Alteration> m_alterations;
};

} // namespace

Result<std::filesystem::path> findNgspiceProgram() {
    const auto chosen = programNamedBy("HEADROOM_NGSPICE", "program");
    if (!chosen) return forward(chosen);
    if (*chosen) return **chosen;
    const char* variable = std::getenv("PATH");
    std::string_view folders = variable == nullptr ? "" : variable;
    while (!folders.empty()) {
        const std::size_t end = folders.find(':');
        const std::filesystem::path candidate = std::filesystem::path(folders.substr(0, end)) / "ngspice";
        if (isExecutable(candidate)) return candidate;
        folders.remove_prefix(end == std::string_view::npos ? folders.size() : end + 1);
    }
    return fail(ErrorCode::Simulator, "The program ngspice is not installed (it is on no folder of PATH).");
}

Result<std::string> runNgspice(const std::filesystem::path& program, const std::filesystem::path& deck,
                               Engine::Clock::time_point deadline, const JobContext& context) {
    const std::filesystem::path log = deck.string() + ".log";
    const Result<pid_t> process = start(program, deck, log);
    if (!process) return forward(process);
    int status = 0;
    while (true) {
        const pid_t ended = ::waitpid(*process, &status, WNOHANG);
        if (ended == *process) break;
        const bool late = Engine::Clock::now() > deadline;
        if (context.cancelled() || late || (ended < 0 && errno != EINTR)) {
            ::kill(*process, SIGKILL);
            ::waitpid(*process, &status, 0);
            if (!late) return failCancelled();
            return fail(ErrorCode::Simulator, "The simulator gave no answer in time and was stopped.");
        }
        std::this_thread::sleep_for(pollInterval);
    }
    if (WIFSIGNALED(status))
        return fail(ErrorCode::Simulator, "The simulator process died.",
                    fmt::format("signal {}", WTERMSIG(status)));
    return readFile(log);
}

Result<std::string> programVersion(const std::filesystem::path& program) {
    const ScratchFolder folder;
    const std::filesystem::path deck = folder.path() / "version.sp";
    const auto written = writeFileAtomically(deck, "* version\n.control\nversion -v\nquit\n.endc\n.end\n");
    if (!written) return forward(written);
    const SilentContext context;
    const auto log = runNgspice(program, deck, Engine::Clock::now() + std::chrono::seconds(20), context);
    if (!log) return forward(log);
    constexpr std::string_view prefix = "ngspice-";
    const std::size_t at = log->find(prefix);
    if (at == std::string::npos)
        return fail(ErrorCode::Simulator,
                    fmt::format("{} does not say that it is ngspice.", program.string()));
    const std::size_t end = log->find_first_of(" \n", at);
    return log->substr(at + prefix.size(), end - at - prefix.size());
}

Result<std::unique_ptr<Engine>> makeProgramEngine(const std::filesystem::path& program) {
    return std::make_unique<ProgramEngine>(program);
}

} // namespace headroom::simulation
