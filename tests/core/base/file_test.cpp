#include "core/base/file.h"

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
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
    const auto folder = readFile(m_folder);
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, ErrorCode::BadInput);
    EXPECT_EQ(folder.error().message, "This is a folder, where a file is needed.");
    const auto denied = writeFileAtomically("/proc/headroom/none", "x");
    ASSERT_FALSE(denied);
    EXPECT_FALSE(denied.error().message.empty());
}

TEST_F(FileTest, ALinkStaysALinkAndItsTargetIsWritten) {
    const auto target = m_folder / "target";
    ASSERT_TRUE(writeFileAtomically(target, "old"));
    std::filesystem::create_symlink(target, m_folder / "link");
    ASSERT_TRUE(writeFileAtomically(m_folder / "link", "new"));
    EXPECT_TRUE(std::filesystem::is_symlink(m_folder / "link"));
    EXPECT_EQ(*readFile(target), "new");
}

TEST_F(FileTest, ADeviceIsWrittenToAndNotReplaced) {
    // Not /dev/full itself: were it replaced, every later user of the machine would miss it.
    const auto pipe = m_folder / "pipe";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    ASSERT_GE(reader, 0);
    ASSERT_TRUE(writeFileAtomically(pipe, "through"));
    std::array<char, 16> buffer{};
    EXPECT_EQ(::read(reader, buffer.data(), buffer.size()), 7);
    ::close(reader);
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

TEST_F(FileTest, AFolderIsNotOverwritten) {
    const auto refused = writeFileAtomically(m_folder, "x");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(std::filesystem::is_directory(m_folder));
}

TEST_F(FileTest, FindsShippedResources) {
    EXPECT_TRUE(std::filesystem::exists(resourcePath("technologies")));
    EXPECT_TRUE(std::filesystem::exists(resourcePath("models")));
}

} // namespace
} // namespace headroom
