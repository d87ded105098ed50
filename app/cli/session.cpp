#include "app/cli/session.h"

#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstring>
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

std::string dumped(const nlohmann::json& document) {
    return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string errorDocument(std::string_view code, const std::string& message, const std::string& file,
                          int line, const std::string& detail) {
    return dumped(
        {{"error",
          {{"code", code}, {"message", message}, {"file", file}, {"line", line}, {"detail", detail}}}});
}

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
    // A closed terminal ends a command, too; one that was started with nohup goes on.
    if (std::signal(SIGHUP, onInterrupt) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
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

double millisecondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
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

bool print(std::string_view text) {
    errno = 0;
    const bool isWritten = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    const bool isFlushed = std::fflush(stdout) == 0;
    if (isWritten && isFlushed) return true;
    const int reason = errno;
    // A reader that has seen enough closes the pipe: nobody is left who could miss something.
    if (reason == EPIPE) return false;
    const std::string message =
        fmt::format("headroom-cli: The output cannot be written: {}.\n",
                    reason == ENOSPC ? "no space is left on the device" : std::strerror(reason));
    std::fputs(message.c_str(), stderr);
    return false;
}

int finish(const GlobalOptions& options, const CommandResult& result) {
    if (result) return print(options.json ? dumped(result->json) : result->text) ? Success : Failure;
    const Error& error = result.error();
    const bool isPrinted = !options.json || print(errorDocument(toString(error.code), error.message,
                                                                error.file, error.line, error.detail));
    std::fputs(fmt::format("headroom-cli: {}\n", error.describe()).c_str(), stderr);
    return isPrinted ? exitCodeOf(error.code) : Failure;
}

int finishBadUsage(bool wantsJson, const std::string& message) {
    if (wantsJson && !print(errorDocument("bad_usage", message, {}, 0, {}))) return Failure;
    std::fputs(fmt::format("headroom-cli: {}\nRun with --help for what there is.\n", message).c_str(),
               stderr);
    return BadUsage;
}

} // namespace headroom::cli
