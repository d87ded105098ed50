// The architecture as a test: who may include whom, and how big a file may grow (ARCHITECTURE.md).

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.h"

namespace headroom {
namespace {

namespace fs = std::filesystem;

struct Include {
    std::string file; ///< relative to the source tree
    int line = 0;
    std::string header;

    std::string describe() const { return fmt::format("{}:{} includes <{}>", file, line, header); }
};

struct SourceText {
    std::string file;
    int lines = 0;
    std::vector<Include> includes;
};

SourceText readSource(const fs::path& path, const fs::path& root) {
    SourceText source{path.lexically_relative(root).string(), 0, {}};
    static const std::regex pattern(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    const std::string text = readFile(path).value_or("");
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        ++source.lines;
        std::smatch match;
        const std::string line = text.substr(start, end - start);
        if (std::regex_search(line, match, pattern))
            source.includes.push_back({source.file, source.lines, match[1]});
        start = end + 1;
    }
    return source;
}

const std::vector<SourceText>& sources() {
    static const std::vector<SourceText> all = [] {
        std::vector<SourceText> found;
        const fs::path root = HEADROOM_TEST_SOURCE_DIR;
        for (const char* top : {"core", "widgets", "app", "tests"}) {
            for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
                const std::string extension = entry.path().extension().string();
                if (extension == ".h" || extension == ".cpp") found.push_back(readSource(entry.path(), root));
            }
        }
        return found;
    }();
    return all;
}

bool isQt(const std::string& header) {
    static const std::regex pattern(R"(^(Q[A-Z]\w*|Qt\w*/.*|qcustomplot\.h|QtGlobal)$)");
    return std::regex_match(header, pattern);
}

bool isTorch(const std::string& header) {
    return header.starts_with("torch/") || header.starts_with("ATen/") || header.starts_with("c10/");
}

/// "core/sizing/model.h" -> "core/sizing"
std::string moduleOf(const std::string& path) {
    const auto first = path.find('/');
    const auto second = path.find('/', first + 1);
    return second == std::string::npos ? path.substr(0, first) : path.substr(0, second);
}

TEST(IncludeRules, TheTreeIsThere) {
    EXPECT_GT(sources().size(), 20U);
}

TEST(IncludeRules, CoreAndItsCommandLineAreFreeOfQt) {
    for (const SourceText& source : sources()) {
        const bool qtFree = source.file.starts_with("core/") || source.file.starts_with("app/cli/") ||
                            source.file.starts_with("app/simulator/") ||
                            source.file.starts_with("tests/core/");
        if (!qtFree) continue;
        for (const Include& include : source.includes)
            EXPECT_FALSE(isQt(include.header)) << include.describe();
    }
}

TEST(IncludeRules, TorchStaysInItsOwnSourcesInsideCore) {
    for (const SourceText& source : sources()) {
        const bool allowed =
            source.file.starts_with("core/") && source.file.find("/torch/") != std::string::npos;
        for (const Include& include : source.includes) {
            EXPECT_TRUE(allowed || !isTorch(include.header)) << include.describe();
        }
    }
}

TEST(IncludeRules, QCustomPlotIsIncludedByThePlotViewOnly) {
    for (const SourceText& source : sources()) {
        if (source.file.starts_with("widgets/common/plot") || source.file.starts_with("tests/widgets/"))
            continue;
        for (const Include& include : source.includes) {
            EXPECT_NE(include.header, "qcustomplot.h") << include.describe();
        }
    }
}

TEST(IncludeRules, ArrowsPointFromAppToWidgetsToCore) {
    for (const SourceText& source : sources()) {
        for (const Include& include : source.includes) {
            if (source.file.starts_with("core/")) {
                EXPECT_FALSE(include.header.starts_with("widgets/") || include.header.starts_with("app/"))
                    << include.describe();
            } else if (source.file.starts_with("widgets/")) {
                EXPECT_FALSE(include.header.starts_with("app/")) << include.describe();
            }
        }
    }
}

TEST(IncludeRules, CoreFoldersUseOnlyThoseAboveThem) {
    const std::vector<std::string> order{
        "core/base",       "core/compute",    "core/netlist",   "core/structure",     "core/schematic",
        "core/technology", "core/simulation", "core/diffusion", "core/regression",    "core/sizing",
        "core/powergrid",  "core/delay",      "core/surrogate", "core/compact_model", "core/project"};
    const auto rank = [&](const std::string& module) {
        return std::find(order.begin(), order.end(), module);
    };
    for (const SourceText& source : sources()) {
        if (!source.file.starts_with("core/")) continue;
        const auto own = rank(moduleOf(source.file));
        ASSERT_NE(own, order.end()) << source.file << " is in no folder of the design";
        for (const Include& include : source.includes) {
            if (!include.header.starts_with("core/")) continue;
            EXPECT_LE(rank(moduleOf(include.header)), own) << include.describe();
        }
    }
}

TEST(IncludeRules, SiblingPanelsDoNotKnowEachOther) {
    for (const SourceText& source : sources()) {
        if (!source.file.starts_with("widgets/")) continue;
        for (const Include& include : source.includes) {
            if (!include.header.starts_with("widgets/")) continue;
            const std::string other = moduleOf(include.header);
            EXPECT_TRUE(other == "widgets/common" || other == moduleOf(source.file)) << include.describe();
        }
    }
}

TEST(FileSize, NoFileOutgrowsItsName) {
    for (const SourceText& source : sources()) {
        const bool isWindow = source.file == "app/shell/main_window.cpp";
        EXPECT_LE(source.lines, isWindow ? 400 : 600) << source.file;
    }
}

} // namespace
} // namespace headroom
