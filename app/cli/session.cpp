#include "app/cli/session.h"

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <unistd.h>

#include <fmt/format.h>

namespace headroom::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void onInterrupt(int) {
    interrupted = 1;
}

using Clock = std::chrono::steady_clock;

} // namespace

struct TerminalContext::State {
    std::mutex mutex;
    Clock::time_point start = Clock::now();
    Clock::time_point lastShown{};
    bool shown = false;
};

TerminalContext::TerminalContext()
    : m_state(std::make_unique<State>()) {
    std::signal(SIGINT, onInterrupt);
    std::signal(SIGTERM, onInterrupt);
    std::signal(SIGPIPE, SIG_IGN);
}

TerminalContext::~TerminalContext() {
    if (m_state->shown) std::fputs("\r\033[K", stderr);
}

bool TerminalContext::cancelled() const {
    return interrupted != 0;
}

void TerminalContext::progress(double fraction, std::string_view activity) {
    if (isatty(STDERR_FILENO) == 0) return;
    const std::lock_guard lock(m_state->mutex);
    const auto now = Clock::now();
    if (now - m_state->lastShown < std::chrono::milliseconds(100)) return;
    m_state->lastShown = now;
    m_state->shown = true;
    const double elapsed = std::chrono::duration<double>(now - m_state->start).count();
    std::string line = fmt::format("\r\033[K{:3.0f} %  {}", 100 * std::max(0.0, fraction), activity);
    if (fraction > 0.02) line += fmt::format("  ({:.0f} s left)", elapsed * (1 - fraction) / fraction);
    std::fputs(line.c_str(), stderr);
    std::fflush(stderr);
}

void TerminalContext::log(std::string_view line) {
    const std::lock_guard lock(m_state->mutex);
    fmt::print(stderr, "{}{}\n", m_state->shown ? "\r\033[K" : "", line);
}

int exitCodeOf(ErrorCode code) {
    switch (code) {
    case ErrorCode::BadInput:
    case ErrorCode::NotFound:
    case ErrorCode::Unsupported:
    case ErrorCode::Corrupt:
        return BadInput;
    default:
        return Failure;
    }
}

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

std::string commandLine(int argc, const char* const* argv) {
    std::string line = "headroom-cli";
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const bool plain = word.find_first_of(" \t'\"$\\*?;&|<>()") == std::string::npos && !word.empty();
        line += plain ? " " + word : " '" + word + "'";
    }
    return line;
}

int finish(const GlobalOptions& options, const CommandResult& result) {
    constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
    if (result) {
        fmt::print("{}", options.json ? result->json.dump(2, ' ', false, kReplace) + "\n" : result->text);
        return Success;
    }
    const Error& error = result.error();
    if (options.json) {
        const nlohmann::json document{{"error",
                                       {{"code", toString(error.code)},
                                        {"message", error.message},
                                        {"file", error.file},
                                        {"line", error.line},
                                        {"detail", error.detail}}}};
        fmt::print("{}\n", document.dump(2, ' ', false, kReplace));
    }
    fmt::print(stderr, "headroom-cli: {}\n", error.describe());
    return exitCodeOf(error.code);
}

} // namespace headroom::cli
