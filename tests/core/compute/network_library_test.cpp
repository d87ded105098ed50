#include "core/compute/network_library.h"

#include <string>

#include <gtest/gtest.h>

#include "core/compute/device.h"

namespace headroom::compute {
namespace {

class NetworkLibraryTest : public testing::Test {
protected:
    void SetUp() override {
        if (!HEADROOM_TEST_NETWORKS) GTEST_SKIP() << "Built without the network engine.";
        const auto library = NetworkLibrary::load();
        ASSERT_TRUE(library) << library.error().describe();
        m_library = *library;
    }
    const NetworkLibrary* m_library = nullptr;
};

TEST_F(NetworkLibraryTest, IsLoadedOnceAndKnowsItsFunctions) {
    EXPECT_TRUE(NetworkLibrary::loaded());
    EXPECT_EQ(*NetworkLibrary::load(), m_library);
    EXPECT_TRUE(m_library->function<const char*()>("headroom_network_version"));
    const auto missing = m_library->function<void()>("headroom_no_such_function");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::Corrupt);
    EXPECT_NE(missing.error().message.find("headroom_no_such_function"), std::string::npos);
}

TEST_F(NetworkLibraryTest, ListsTheCpuFirst) {
    setThreadBudget(1);
    const auto devices = availableDevices();
    setThreadBudget(0);
    ASSERT_TRUE(devices);
    ASSERT_FALSE(devices->empty());
    EXPECT_EQ(devices->front().choice, DeviceChoice::Cpu);
    EXPECT_EQ(devices->front().description, "CPU, 1 thread");
}

TEST_F(NetworkLibraryTest, ResolvesToWhatIsThere) {
    const auto devices = availableDevices();
    ASSERT_TRUE(devices);
    const bool hasCuda = devices->size() > 1;
    EXPECT_EQ(resolveDevice(DeviceChoice::Auto), hasCuda ? DeviceChoice::Cuda : DeviceChoice::Cpu);
    const auto cuda = resolveDevice(DeviceChoice::Cuda);
    ASSERT_EQ(cuda.has_value(), hasCuda);
    if (!hasCuda) {
        EXPECT_EQ(cuda.error().code, ErrorCode::Unsupported);
    }
}

TEST_F(NetworkLibraryTest, DoesNotWarnOfItsBlasWhereSetupInstalledIt) {
    EXPECT_EQ(blasWarning(), "");
}

} // namespace
} // namespace headroom::compute
