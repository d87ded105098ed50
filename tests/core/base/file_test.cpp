#include "core/base/file.h"

#include <filesystem>
#include <unistd.h>

#include <gtest/gtest.h>

namespace headroom {
namespace {

class FileTest : public testing::Test {
protected:
    void SetUp() override {
        m_folder =
            std::filesystem::temp_directory_path() /
            ("headroom_file_test_" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
             std::to_string(getpid()));
        std::filesystem::create_directories(m_folder);
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }
    std::filesystem::path m_folder;
};

TEST_F(FileTest, WritesMakesFoldersAndReadsBack) {
    const auto path = m_folder / "a/b/c.bin";
    const std::string bytes("x\0y\n", 4);
    ASSERT_TRUE(writeFileAtomically(path, bytes));
    EXPECT_EQ(*readFile(path), bytes);
}

TEST_F(FileTest, SaysWhyAFileCannotBeReadOrWritten) {
    const auto missing = readFile(m_folder / "missing");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::NotFound);
    const auto denied = writeFileAtomically("/proc/headroom/none", "x");
    ASSERT_FALSE(denied);
    EXPECT_FALSE(denied.error().message.empty());
}

TEST_F(FileTest, FindsShippedResources) {
    EXPECT_TRUE(std::filesystem::exists(resourcePath("technologies")));
    EXPECT_TRUE(std::filesystem::exists(resourcePath("models")));
}

} // namespace
} // namespace headroom
