#include "core/simulation/program_file.h"

#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

namespace headroom::simulation {

bool isExecutable(const std::filesystem::path& path) {
    std::error_code code;
    return std::filesystem::is_regular_file(path, code) && ::access(path.c_str(), X_OK) == 0;
}

Result<std::optional<std::filesystem::path>> programNamedBy(const char* variable, std::string_view what) {
    const char* chosen = std::getenv(variable);
    if (chosen == nullptr || *chosen == '\0') return std::nullopt;
    if (isExecutable(chosen)) return std::filesystem::path(chosen);
    return fail(ErrorCode::Simulator,
                fmt::format("The {} {} named by {} cannot be run.", what, chosen, variable));
}

} // namespace headroom::simulation
