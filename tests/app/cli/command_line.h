#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace headroom {

namespace fs = std::filesystem;
using nlohmann::json;

/// What a call of headroom-cli led to.
struct Outcome {
    int exitCode = -1;
    std::string out;

    json document() const { return json::parse(out, nullptr, false); }
};

inline std::string command(const std::string& arguments) {
    return fmt::format("'{}/app/headroom-cli' {}", HEADROOM_TEST_BINARY_DIR, arguments);
}

inline Outcome runShell(const std::string& line) {
    FILE* pipe = ::popen(line.c_str(), "r");
    Outcome result;
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
        result.out.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

inline Outcome run(const std::string& arguments) {
    return runShell(command(arguments) + " 2>/dev/null");
}

inline std::string example(const std::string& name) {
    return resourcePath("examples/" + name + ".sp").string();
}

/// A folder of its own for each test that calls headroom-cli.
class CommandLine : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / fmt::format("headroom_cli_test_{}", ::getpid());
        fs::create_directories(m_folder);
        ::setenv("XDG_CACHE_HOME", m_folder.c_str(), 1);
    }
    void TearDown() override { fs::remove_all(m_folder); }

    std::string write(const std::string& name, const std::string& text) {
        EXPECT_TRUE(writeFileAtomically(m_folder / name, text));
        return (m_folder / name).string();
    }

    fs::path m_folder;
};

} // namespace headroom
