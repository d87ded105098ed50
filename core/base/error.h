#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

namespace headroom {

/// What went wrong, as a closed list: callers branch on it, users read Error::message.
enum class ErrorCode {
    BadInput,    ///< A file, netlist or argument that cannot be used as it is.
    NotFound,    ///< A named file, device, net, technology or model does not exist.
    Unsupported, ///< Understood, but not something this program can do.
    Io,          ///< Reading or writing failed (permissions, broken pipe, ...).
    DiskFull,    ///< Writing failed because no space is left.
    Corrupt,     ///< Data of our own (weights, project, cache) does not match its description.
    Cancelled,   ///< The user or a newer request stopped the work.
    Simulator,   ///< The simulator process failed, died or answered nonsense.
    Convergence, ///< The simulator ran, but found no solution.
    Infeasible,  ///< The circuit works in principle but not with these values.
    Internal,    ///< A broken promise of our own code.
};

/// The stable machine-readable name of a code, e.g. "bad_input".
const char* toString(ErrorCode code);

/// An error as a value: one sentence for the user and, where known, the place it is about.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message; ///< One clear sentence, no trailing line break.
    std::string file = {};
    int line = 0;            ///< 1-based; 0 where no line applies.
    std::string detail = {}; ///< Node, device, library message: for the log and the tool tip.

    /// "file:line: message (detail)", leaving out what is unknown.
    std::string describe() const;
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "...")` in a function that returns Result<T>.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {}) {
    return tl::unexpected<Error>(Error{code, std::move(message), {}, 0, std::move(detail)});
}

/// As above, about a line of a file.
inline tl::unexpected<Error> failAt(ErrorCode code, std::string file, int line, std::string message) {
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(file), line, {}});
}

/// Passes the error of one result on as the error of another.
template <class T>
tl::unexpected<Error> forward(const Result<T>& failed) {
    return tl::unexpected<Error>(failed.error());
}

} // namespace headroom
