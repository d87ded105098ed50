#include "core/base/yaml_document.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace headroom {
namespace {

const YamlFormat kFormat{{"shelf", "cupboard"}, 2, "a shelf"};

Result<int> boards(const std::string& text) {
    return readYamlAs<int>(text, "shelf.yaml", kFormat,
                           [](const YAML::Node& root) { return root["boards"].as<int>(); });
}

TEST(YamlDocument, ReadsItsKindsUpToItsVersion) {
    EXPECT_EQ(boards("kind: shelf\nformat_version: 1\nboards: 3\n").value(), 3);
    EXPECT_EQ(boards("kind: cupboard\nformat_version: 2\nboards: 4\n").value(), 4);
}

TEST(YamlDocument, SaysWhatIsWrongAndWhere) {
    const struct {
        const char* text;
        ErrorCode code;
        int line;
        const char* says;
    } cases[] = {
        {"", ErrorCode::Corrupt, 1, "This is not a shelf."},
        {"- kind\n", ErrorCode::Corrupt, 1, "This is not a shelf."},
        {"kind: bed\nformat_version: 1\n", ErrorCode::Corrupt, 1, "This is not a shelf."},
        {"kind: shelf\nboards: 3\n", ErrorCode::Corrupt, 1, "This is not a shelf."},
        {"kind: shelf\nformat_version: 3\n", ErrorCode::Unsupported, 1, "The format 3 of a shelf is newer"},
        {"kind: shelf\nformat_version: 1\nboards: many\n", ErrorCode::Corrupt, 3, "is damaged: bad conversion"},
        {"kind: shelf\nformat_version: 1\nboards: [\n", ErrorCode::Corrupt, 4, "is damaged"},
    };
    for (const auto& each : cases) {
        const auto read = boards(each.text);
        ASSERT_FALSE(read) << each.text;
        EXPECT_EQ(read.error().code, each.code) << each.text;
        EXPECT_EQ(read.error().line, each.line) << each.text;
        EXPECT_EQ(read.error().file, "shelf.yaml");
        EXPECT_NE(read.error().message.find(each.says), std::string::npos) << read.error().message;
    }
}

TEST(YamlDocument, PassesOnWhatIsRefused) {
    const auto refused = readYamlDocument("kind: shelf\nformat_version: 1\n", "shelf.yaml", kFormat,
                                          [](const YAML::Node&) -> Result<void> {
                                              return fail(ErrorCode::NotFound, "There is no wall.");
                                          });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "There is no wall.");
}

} // namespace
} // namespace headroom
