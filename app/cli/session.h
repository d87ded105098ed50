#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/job_context.h"

namespace headroom::cli {

/// The options that every command takes.
struct GlobalOptions {
    bool json = false;
    std::uint64_t seed = 1;
    int threads = 0; ///< 0: one per core
    std::string device = "auto";
    std::string technology = "freepdk45";
};

/// Exit codes of the contract.
enum ExitCode : int { Success = 0, Failure = 1, BadUsage = 2, BadInput = 3 };

/// The exit code of an error: bad input for what the user gave, failure for everything else.
int exitCodeOf(ErrorCode code);

/// Progress on standard error where that is a terminal; cancelled by SIGINT and SIGTERM. One per process.
class TerminalContext final : public JobContext {
public:
    TerminalContext();
    ~TerminalContext() override;
    bool cancelled() const override;
    void progress(double fraction, std::string_view activity) override;
    void log(std::string_view line) override;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// What a command did: a JSON document, and the same for people.
struct Output {
    nlohmann::json json;
    std::string text;
};

using CommandResult = Result<Output>;

/// Wall-clock time.
double millisecondsSince(std::chrono::steady_clock::time_point start);

/// A number for JSON: null where it is not finite.
nlohmann::json number(double value);

/// The command line that is running, as it can be typed again.
std::string commandLine(int argc, const char* const* argv);

/// Writes to standard output and makes sure that it got there; says on standard error where it did not.
bool print(std::string_view text);

/// Prints an output or error as the options say. @return the exit code: Failure where standard output took
/// no more
int finish(const GlobalOptions& options, const CommandResult& result);

/// The same for a command line that cannot be understood.
int finishBadUsage(bool wantsJson, const std::string& message);

} // namespace headroom::cli
