#include <gtest/gtest.h>

#include "core/base/file.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

class Include : public testing::Test {
protected:
    void SetUp() override {
        folder = std::filesystem::path(testing::TempDir()) /
                 ("headroom_include_" +
                  std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder);
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void write(const std::string& name, const std::string& text) {
        ASSERT_TRUE(writeFileAtomically(folder / name, text));
    }

    std::filesystem::path folder;
};

TEST_F(Include, ReadsFilesRelativeToTheIncludingOne) {
    write("top.sp", "* top\n.include \"sub/cells.inc\"\n.inc 'sub/sizes.par'\nX1 a cell\nV1 a 0 1\n");
    write("sub/cells.inc", ".subckt cell d\nM1 d d 0 0 weird W='w1' L=1u\n.ends\n.include models.inc\n");
    write("sub/models.inc", ".model weird pmos level=1\n");
    write("sub/sizes.par", ".param w1=4u\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(netlist->files.size(), 4u);
    EXPECT_EQ(device(*netlist, "X1/M1").number("w"), 4e-6);
    EXPECT_EQ(device(*netlist, "X1/M1").polarity, Polarity::P);
    EXPECT_EQ(device(*netlist, "X1/M1").span.file, 1);
    EXPECT_EQ(netlist->lines.read, 5 + 4 + 1 + 1);
    EXPECT_EQ(netlist->lines.read, netlist->lines.accounted);
    EXPECT_TRUE(netlist->diagnostics.empty());
}

TEST_F(Include, ReadsOnlyTheSectionOfALibrary) {
    write("top.sp", "* top\n.lib 'models.lib' TT\nM1 a a 0 0 mod W='w'\nV1 a 0 1\n");
    write("models.lib",
          "* library\n.lib ss\n.param w=1u\n.endl ss\n.lib tt\n.lib 'models.lib' cards\n.param w=2u\n.endl\n"
          ".lib cards\n.model mod pmos\n.endl cards\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    EXPECT_EQ(device(*netlist, "M1").number("w"), 2e-6);
    EXPECT_EQ(device(*netlist, "M1").polarity, Polarity::P);
    EXPECT_EQ(netlist->lines.read, 4 + 11);
    EXPECT_EQ(netlist->lines.read, netlist->lines.accounted);

    write("other.sp", "* top\n.lib 'models.lib' ff\nR1 a 0 1\nV1 a 0 1\n");
    const auto other = readNetlist(folder / "other.sp");
    ASSERT_TRUE(other) << other.error().describe();
    EXPECT_TRUE(says(*other, Severity::Warning, "Section 'ff' does not exist"));
}

TEST_F(Include, NotesMissingFiles) {
    write("top.sp", "* top\n.include \"$PDK/models.inc\"\n.lib nowhere.lib tt\n.include .\n.include "
                    "/dev/zero\nR1 a 0 1\nV1 a 0 1\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    ASSERT_EQ(netlist->diagnostics.size(), 4u);
    EXPECT_EQ(netlist->diagnostics[0].severity, Severity::Note);
    EXPECT_EQ(netlist->diagnostics[0].line, 2);
    EXPECT_EQ(netlist->diagnostics[0].message,
              "Included file '$PDK/models.inc' does not exist; it is left out.");
}

TEST_F(Include, FindsCycles) {
    write("top.sp", "* top\n.include a.inc\nR1 a 0 1\n");
    write("a.inc", "* a\n* a\n.include b.inc\n");
    write("b.inc", ".include ./a.inc\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_FALSE(netlist);
    EXPECT_EQ(netlist.error().code, ErrorCode::BadInput);
    EXPECT_TRUE(netlist.error().file.ends_with("b.inc"));
    EXPECT_EQ(netlist.error().line, 1);
    write("self.sp", "* self\nR1 a 0 1\n.include self.sp\n");
    EXPECT_EQ(readNetlist(folder / "self.sp").error().line, 3);
}

TEST_F(Include, BoundsExponentialInclusion) {
    for (int i = 0; i < 40; ++i) {
        const std::string next = ".include f" + std::to_string(i + 1) + ".inc\n";
        write("f" + std::to_string(i) + ".inc", next + next);
    }
    write("f40.inc", ".param x=1\n");
    write("top.sp", "* top\n.include f0.inc\nR1 a 0 1\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_FALSE(netlist);
    EXPECT_NE(netlist.error().message.find("include each other too often"), std::string::npos);
}

TEST_F(Include, TreatsKitSubcircuitsAsMosfets) {
    write("top.sp", "* top\n.include kit.inc\n.subckt amp d g s b\nXM1 d g s b sky130_fd_pr__nfet_01v8 "
                    "L=0.15 W=1\n.ends\n");
    write("kit.inc",
          ".subckt sky130_fd_pr__nfet_01v8 d g s b l=1 w=1\nMinner d g s b inner l={l} w={w}\n.ends\n");
    const auto netlist = readNetlist(folder / "top.sp");
    ASSERT_TRUE(netlist) << netlist.error().describe();
    ASSERT_EQ(netlist->circuit.devices.size(), 1u);
    EXPECT_EQ(netlist->circuit.devices[0].name, "XM1");
    EXPECT_EQ(netlist->circuit.devices[0].type, DeviceType::Mosfet);
    EXPECT_EQ(netlist->circuit.devices[0].number("l"), 0.15e-6);
}

} // namespace
} // namespace headroom::netlist
