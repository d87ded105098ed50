#include "core/compute/device.h"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "core/compute/network_library.h"

namespace headroom::compute {
namespace {

TEST(Device, NamesReadBack) {
    for (const auto choice : {DeviceChoice::Auto, DeviceChoice::Cpu, DeviceChoice::Cuda}) {
        EXPECT_EQ(deviceFromName(toString(choice)), choice);
    }
    EXPECT_FALSE(deviceFromName("gpu"));
    EXPECT_FALSE(deviceFromName(""));
}

TEST(Device, TheCpuNeedsNoNetworkLibrary) {
    EXPECT_EQ(resolveDevice(DeviceChoice::Cpu), DeviceChoice::Cpu);
    EXPECT_FALSE(NetworkLibrary::loaded());
}

TEST(Threads, TheBudgetIsWhatWasSetOrTheHardware) {
    const int hardware = threadBudget();
    EXPECT_GE(hardware, 1);
    setThreadBudget(3);
    EXPECT_EQ(threadBudget(), 3);
    setThreadBudget(0);
    EXPECT_EQ(threadBudget(), hardware);
}

TEST(Environment, KeepsWhatTheUserChose) {
    ::setenv("OMP_WAIT_POLICY", "active", 1);
    prepareEnvironment();
    EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "active");
    ::unsetenv("OMP_WAIT_POLICY");
    prepareEnvironment();
    EXPECT_STREQ(std::getenv("OMP_WAIT_POLICY"), "passive");
}

class MissingLibrary : public testing::Test {
protected:
    void SetUp() override { ::setenv("HEADROOM_NETWORKS", "/nonexistent/headroom-networks.so", 1); }
    void TearDown() override { ::unsetenv("HEADROOM_NETWORKS"); }
};

TEST_F(MissingLibrary, IsAnErrorThatNamesThePath) {
    const auto devices = availableDevices();
    ASSERT_FALSE(devices);
    EXPECT_EQ(devices.error().code, ErrorCode::Unsupported);
    EXPECT_NE(devices.error().message.find("/nonexistent/headroom-networks.so"), std::string::npos);
    EXPECT_FALSE(resolveDevice(DeviceChoice::Cuda));
    EXPECT_TRUE(blasWarning().empty());
}

TEST_F(MissingLibrary, AnythingElseThanALibraryIsAnErrorToo) {
    ::setenv("HEADROOM_NETWORKS", "/etc/passwd", 1);
    const auto library = NetworkLibrary::load();
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code, ErrorCode::Unsupported);
    EXPECT_FALSE(library.error().detail.empty());
    EXPECT_FALSE(NetworkLibrary::loaded());
}

TEST_F(MissingLibrary, AStrangeLibraryIsRefused) {
    ::setenv("HEADROOM_NETWORKS", HEADROOM_STRANGE_LIBRARY, 1);
    const auto library = NetworkLibrary::load();
    ASSERT_FALSE(library);
    EXPECT_EQ(library.error().code, ErrorCode::Corrupt);
    EXPECT_FALSE(NetworkLibrary::loaded());
}

} // namespace
} // namespace headroom::compute
