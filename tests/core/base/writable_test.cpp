#include "core/base/writable.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gtest/gtest.h>

namespace headroom {
namespace {

namespace fs = std::filesystem;

class Writable : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::path(testing::TempDir()) / ("headroom_writable_" + std::to_string(::getpid()));
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }
    fs::path m_folder;
};

TEST_F(Writable, MakesFoldersAndLeavesNothingInThem) {
    ASSERT_TRUE(checkWritableFolder(m_folder / "a" / "b"));
    EXPECT_TRUE(fs::is_empty(m_folder / "a" / "b"));
    EXPECT_TRUE(checkWritablePlace(m_folder / "c" / "table.csv"));
    EXPECT_FALSE(fs::exists(m_folder / "c" / "table.csv"));
    EXPECT_TRUE(checkWritablePlace({}));
    EXPECT_TRUE(checkWritablePlace("/dev/null"));
}

TEST_F(Writable, WhatCannotBeWrittenIsNamed) {
    std::ofstream(m_folder / "file") << "x";
    for (const fs::path& folder : {m_folder / "file", fs::path("/proc/headroom")}) {
        const auto checked = checkWritableFolder(folder);
        ASSERT_FALSE(checked) << folder;
        EXPECT_EQ(checked.error().file, folder.string());
    }
    EXPECT_FALSE(checkWritablePlace(m_folder));
    EXPECT_EQ(checkWritablePlace(m_folder).error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom
