#include "core/base/error.h"

#include <fmt/format.h>

namespace headroom {

const char* toString(ErrorCode code) {
    switch (code) {
    case ErrorCode::BadInput:
        return "bad_input";
    case ErrorCode::NotFound:
        return "not_found";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::DiskFull:
        return "disk_full";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::Cancelled:
        return "cancelled";
    case ErrorCode::Simulator:
        return "simulator";
    case ErrorCode::Convergence:
        return "convergence";
    case ErrorCode::Infeasible:
        return "infeasible";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

std::string Error::describe() const {
    std::string text;
    if (!file.empty()) text += line > 0 ? fmt::format("{}:{}: ", file, line) : fmt::format("{}: ", file);
    text += message;
    if (!detail.empty()) text += fmt::format(" ({})", detail);
    return text;
}

} // namespace headroom
