#include "core/netlist/sizing_export.h"

#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/netlist/letter_case.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

EditedNetlist applied(const std::string& text, const Sizing& sizing, const ReadOptions& options = {}) {
    auto result = applySizing(parsed(text, options), sizing);
    if (!result) {
        ADD_FAILURE() << result.error().describe();
        return {};
    }
    return std::move(*result);
}

Error notApplied(const std::string& text, const Sizing& sizing) {
    auto result = applySizing(parsed(text), sizing);
    if (result) {
        ADD_FAILURE() << "was applied to: " << text;
        return {};
    }
    return result.error();
}

TEST(SizingExport, ChangesOnlyTheValueTokens) {
    const EditedNetlist edited = applied("* Title; with $ signs\r\n"
                                         "M1  d g s b  nmos   W = 4u\tL='lmin' $ keep: W=4u\r\n"
                                         "+ m=2 ; second half\r\n"
                                         "\r\n"
                                         "R1 d 0 10K ; load\n"
                                         "V1 d 0 1\nV2 g 0 1\nV3 s 0 1\nV4 b 0 1\n"
                                         ".param lmin=50n",
                                         {{"m1", "W", 2.35e-6}, {"M1", "l", 60e-9}, {"R1", "value", 2200}});
    EXPECT_EQ(edited.text, "* Title; with $ signs\r\n"
                           "M1  d g s b  nmos   W = 2.35u\tL=60n $ keep: W=4u\r\n"
                           "+ m=2 ; second half\r\n"
                           "\r\n"
                           "R1 d 0 2.2K ; load\n"
                           "V1 d 0 1\nV2 g 0 1\nV3 s 0 1\nV4 b 0 1\n"
                           ".param lmin=50n");
    ASSERT_EQ(edited.changes.size(), 3u);
    EXPECT_EQ(edited.changes[1].before, "'lmin'");
    EXPECT_EQ(edited.changes[1].after, "60n");
    EXPECT_EQ(edited.changes[1].assignment, (Assignment{"M1", "l", 60e-9}));
}

TEST(SizingExport, KeepsTheStyleOfEachToken) {
    const std::string text = "* styles\n"
                             "M1 d g 0 0 nmos W=4u L=4e-6 m=2\n"
                             "M2 d g 0 0 nmos W=4um L=0.000004 nf=2\n"
                             "M3 d g 0 0 nmos W=4U L={2*l0}\n"
                             "C1 d 0 2pF\nR1 d 0 1e3\nR2 d 0 1000\nR3 g 0 1MEG\nV1 d 0 1.1\nI1 g 0 DC 10u\n"
                             ".param l0=1u\n";
    const EditedNetlist edited = applied(text, {{"M1", "w", 2.35e-6},
                                                {"M1", "l", 2.35e-6},
                                                {"M1", "m", 4},
                                                {"M2", "w", 0.35e-6},
                                                {"M2", "l", 0.35e-6},
                                                {"M2", "nf", 8},
                                                {"M3", "w", 12e-6},
                                                {"M3", "l", 1e-7},
                                                {"C1", "value", 1.5e-12},
                                                {"R1", "value", 1234},
                                                {"R2", "value", 56},
                                                {"R3", "value", 4.7e6},
                                                {"V1", "value", 1.8},
                                                {"I1", "value", 5e-6}});
    EXPECT_EQ(edited.text, "* styles\n"
                           "M1 d g 0 0 nmos W=2.35u L=2.35e-06 m=4\n"
                           "M2 d g 0 0 nmos W=0.35um L=3.5e-07 nf=8\n"
                           "M3 d g 0 0 nmos W=12U L=100n\n"
                           "C1 d 0 1.5pF\nR1 d 0 1234\nR2 d 0 56\nR3 g 0 4.7MEG\nV1 d 0 1.8\nI1 g 0 DC 5u\n"
                           ".param l0=1u\n");
}

TEST(SizingExport, WritesBareMicrometresWhereTheFileDoes) {
    const std::string text = "* sky130\n"
                             "XM1 d g s 0 sky130_fd_pr__nfet_01v8 L=0.15 W=2 nf=1\n"
                             "XM2 d g s 0 sky130_fd_pr__nfet_01v8 L=0.15\n"
                             "V1 d 0 1\nV2 g 0 1\nV3 s 0 1\n";
    const Netlist netlist = parsed(text);
    EXPECT_EQ(netlist.lengthUnit, 1e-6);
    EXPECT_EQ(device(netlist, "XM1").number("w"), 2e-6);
    EXPECT_EQ(device(netlist, "XM1").number("l"), 0.15e-6);
    EXPECT_EQ(device(netlist, "XM1").type, DeviceType::Mosfet);
    const EditedNetlist edited =
        applied(text, {{"XM1", "w", 2.35e-6}, {"XM1", "l", 0.5e-6}, {"XM2", "w", 1e-6}});
    EXPECT_NE(edited.text.find("XM1 d g s 0 sky130_fd_pr__nfet_01v8 L=0.5 W=2.35 nf=1\n"), std::string::npos);
    EXPECT_NE(edited.text.find("XM2 d g s 0 sky130_fd_pr__nfet_01v8 L=0.15 w=1\n"), std::string::npos);
}

TEST(SizingExport, AppendsToUnsizedLines) {
    const std::string text = "* unsized\n"
                             "m1 d g 0 0 nmos $ input\n"
                             "m2 d g 0\n"
                             "* a remark in between\n"
                             "+ 0 nmos  \n"
                             "m3 d g 0 0 nmos m=2 ; last\n"
                             "c1 d 0\n"
                             "c2 g 0 m=2\n"
                             "r1 (d 0)\n"
                             "v1 d 0 ac 1\n"
                             "v2 g 0 1";
    const EditedNetlist edited = applied(text, {{"m1", "w", 2.35e-6},
                                                {"m1", "l", 5e-8},
                                                {"m2", "l", 5e-8},
                                                {"m3", "w", 1e-6},
                                                {"c1", "value", 2e-12},
                                                {"c2", "value", 1e-12},
                                                {"r1", "value", 1e4},
                                                {"v1", "value", 1.1}});
    EXPECT_EQ(edited.text, "* unsized\n"
                           "m1 d g 0 0 nmos w=2.35u l=50n $ input\n"
                           "m2 d g 0\n"
                           "* a remark in between\n"
                           "+ 0 nmos l=50n  \n"
                           "m3 d g 0 0 nmos m=2 w=1u ; last\n"
                           "c1 d 0 2p\n"
                           "c2 g 0 1p m=2\n"
                           "r1 (d 0) 10k\n"
                           "v1 d 0 1.1 ac 1\n"
                           "v2 g 0 1");
    EXPECT_EQ(edited.changes.front().before, "");
    EXPECT_EQ(device(parsed(edited.text), "m2").number("l"), 5e-8);
    EXPECT_EQ(device(parsed(edited.text), "r1").number("value"), 1e4);
}

TEST(SizingExport, KeepsCdlAttributesBehindTheSizes) {
    const EditedNetlist edited = applied("* auCdl Netlist:\n.SUBCKT a d g\n*.PININFO d:O g:I\n"
                                         "MM1 d g gnd! gnd! nmos $X=10 $Y=20\n.ENDS\n",
                                         {{"MM1", "w", 1e-6}});
    EXPECT_NE(edited.text.find("MM1 d g gnd! gnd! nmos w=1u $X=10 $Y=20\n"), std::string::npos)
        << edited.text;
}

constexpr const char* kHierarchy = "* hierarchy\n"
                                   ".subckt cell d g\n"
                                   "M1 d g 0 0 nmos W=1u L=50n m=2\n"
                                   ".ends\n"
                                   ".subckt once d g\n"
                                   "M1 d g 0 0 nmos W=1u L=50n\n"
                                   ".ends\n"
                                   "X1 a b cell\n"
                                   "X2 a b cell\n"
                                   "X3 a b once m=4\n"
                                   "V1 a 0 1\n"
                                   "V2 b 0 1\n";

TEST(SizingExport, EditsInsideSubcircuits) {
    const EditedNetlist edited = applied(
        kHierarchy, {{"X3/M1", "w", 3e-6}, {"X3/M1", "m", 8}, {"X1/M1", "w", 2e-6}, {"x2/m1", "w", 2e-6}});
    EXPECT_NE(edited.text.find("M1 d g 0 0 nmos W=2u L=50n m=2\n"), std::string::npos) << edited.text;
    EXPECT_NE(edited.text.find("M1 d g 0 0 nmos W=3u L=50n m=2\n"), std::string::npos) << edited.text;
    EXPECT_EQ(edited.changes.size(), 3u);
    EXPECT_EQ(device(parsed(edited.text), "X3/M1").number("m"), 8.0);
}

TEST(SizingExport, RefusesDifferentValuesForOneLine) {
    const Error different = notApplied(kHierarchy, {{"X1/M1", "w", 2e-6}, {"X2/M1", "w", 3e-6}});
    EXPECT_EQ(different.code, ErrorCode::Unsupported);
    EXPECT_EQ(different.line, 3);
    // X2/M1 would change with it.
    EXPECT_EQ(notApplied(kHierarchy, {{"X1/M1", "w", 2e-6}}).code, ErrorCode::Unsupported);
    // Nothing changes: nothing is refused and nothing is written.
    EXPECT_EQ(applied(kHierarchy, {{"X1/M1", "w", 1e-6}}).text, kHierarchy);
}

TEST(SizingExport, NamesWhatItCannotSet) {
    const std::string text = "* t\nM1 d g 0 0 nmos W=1u L=1u\nV1 d 0 1\nV2 g 0 1\n";
    EXPECT_EQ(notApplied(text, {{"M9", "w", 1e-6}}).code, ErrorCode::NotFound);
    EXPECT_EQ(notApplied(text, {{"M1", "colour", 1}}).code, ErrorCode::NotFound);
    EXPECT_EQ(notApplied(text, {{"M1", "value", 1}}).code, ErrorCode::NotFound);
    EXPECT_EQ(notApplied(text, {{"M1", "w", -1e-6}}).code, ErrorCode::BadInput);
    EXPECT_EQ(notApplied(text, {{"M1", "w", std::numeric_limits<double>::quiet_NaN()}}).code,
              ErrorCode::BadInput);
    EXPECT_EQ(notApplied(text, {{"M1", "w", 1e-6}, {"m1", "W", 2e-6}}).code, ErrorCode::BadInput);
}

TEST(SizingExport, LeavesIncludedFilesAlone) {
    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / "headroom_export_include";
    ASSERT_TRUE(writeFileAtomically(folder / "amp.inc", "M1 d g 0 0 nmos W=1u L=1u\n"));
    const auto netlist = parseNetlist("* top\n.include amp.inc\nV1 d 0 1\nV2 g 0 1\n", "top.sp", {}, folder);
    ASSERT_TRUE(netlist) << netlist.error().describe();
    const auto result = applySizing(*netlist, {{"M1", "w", 2e-6}});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::Unsupported);
}

TEST(SizingExport, WritesTheParameterInclude) {
    const Netlist netlist = parsed(kHierarchy);
    const std::string text = writeParameterInclude(
        netlist, {{"X1/M1", "w", 2.35e-6}, {"X1_M1", "w", 1e-6}, {"C1", "value", 2e-12}});
    EXPECT_NE(text.find(".param X1_M1_W=2.35u\n.param X1_M1_W_2=1u\n.param C1_VALUE=2p\n"), std::string::npos)
        << text;
    EXPECT_EQ(text.front(), '*');
    EXPECT_NE(text.find("test.sp"), std::string::npos);
}

TEST(SizingExport, WritesTheParameterIncludeOfSpectre) {
    ReadOptions options;
    options.dialect = Dialect::Spectre;
    const auto netlist = parseNetlist(
        "simulator lang=spectre\nM1 (d g s b) nch w=1u l=1u\nR1 (d s) resistor r=1k\n", "a.scs", options);
    ASSERT_TRUE(netlist) << netlist.error().describe();
    const std::string text = writeParameterInclude(*netlist, {{"M1", "w", 2.35e-6}, {"R1", "value", 3e6}});
    EXPECT_TRUE(text.starts_with("// Sizes of")) << text;
    EXPECT_NE(text.find("simulator lang=spectre\n"), std::string::npos);
    EXPECT_NE(text.find("parameters M1_W=2.35e-06\nparameters R1_VALUE=3e+06\n"), std::string::npos) << text;
}

TEST(SizingExport, TablesReadBack) {
    const Sizing sizing{
        {"X1/M1", "w", 2.3500000000000004e-6}, {"a,\"b", "l", 5e-8}, {"C1", "value", 2e-12}, {"M1", "m", 3}};
    const std::string csv = writeSizingCsv(sizing);
    EXPECT_TRUE(csv.starts_with("device,parameter,value,unit\nX1/M1,w,2.3500000000000004e-06,m\n")) << csv;
    EXPECT_NE(csv.find("C1,value,2e-12,F\n"), std::string::npos);
    EXPECT_EQ(*readSizing(csv, "s.csv"), sizing);
    const std::string json = writeSizingJson(parsed(kHierarchy), sizing);
    EXPECT_EQ(*readSizing(json, "s.json"), sizing);
    EXPECT_NE(json.find("\"circuit\": \"test\""), std::string::npos) << json;
}

TEST(SizingExport, ReadsTablesThatPeopleWrote) {
    for (const char* text :
         {"parameter,value,device\nW,2.5u,M1\n", "device,parameter,value,unit\nM1,w,2.5,um\n"}) {
        const auto sizing = readSizing(text, "s.csv");
        ASSERT_TRUE(sizing) << sizing.error().describe();
        ASSERT_EQ(sizing->size(), 1u);
        EXPECT_EQ(sizing->front().device, "M1");
        EXPECT_EQ(sizing->front().parameter, "w");
        EXPECT_DOUBLE_EQ(sizing->front().value, 2.5e-6);
    }
    const auto bad = readSizing("device,parameter,value\nM1,w,1u\nM2,w,wide\n", "s.csv");
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().line, 3);
    EXPECT_EQ(bad.error().file, "s.csv");
    EXPECT_FALSE(readSizing("a,b\n1,2\n", "s.csv"));
    EXPECT_FALSE(readSizing("", "s.csv"));
    EXPECT_FALSE(readSizing("{\"sizing\":[{\"device\":\"M1\"}]}", "s.json"));
    const auto cut = readSizing("{\n\"sizing\":[\n", "s.json");
    ASSERT_FALSE(cut);
    EXPECT_GE(cut.error().line, 2);
}

/// The text without the tokens of a sizing's values. Where a value was appended, because @p before does not
/// have it, its name and the blank in front go as well.
std::string withoutSizes(const Netlist& netlist, const Sizing& sizing, const Netlist* before) {
    std::string text = netlist.files.front().text;
    std::map<std::size_t, std::size_t> cuts;
    for (const Assignment& each : sizing) {
        const Parameter* parameter = device(netlist, each.device).parameter(each.parameter);
        if (!parameter || !parameter->span) continue;
        std::size_t start = parameter->span->offset;
        const std::size_t end = start + parameter->span->length;
        if (before && !device(*before, each.device).parameter(each.parameter)) {
            start -= each.parameter == "value" ? 1 : each.parameter.size() + 2;
        }
        cuts[start] = end - start;
    }
    for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut)
        text.erase(cut->first, cut->second);
    return text;
}

/// parse(apply(parse(x), s)) has exactly the sizes s and is the same circuit otherwise; the text is the
/// same outside of the changed tokens.
void expectRoundTrip(const Netlist& netlist, RandomEngine& engine) {
    Sizing sizing;
    for (const Device& each : netlist.circuit.devices) {
        if (each.span.file != 0) continue;
        if (each.type == DeviceType::Mosfet) {
            sizing.push_back({each.name, "w", logUniform(engine, 1e-7, 1e-3)});
            // What an optimiser delivers: a multiple of the grid with the noise of the multiplication.
            sizing.push_back({each.name, "l", std::floor(uniform(engine, 10, 2000)) * 5e-9});
        } else if (each.type == DeviceType::Capacitor || each.type == DeviceType::Resistor) {
            sizing.push_back({each.name, "value", logUniform(engine, 1e-15, 1e9)});
        }
    }
    const auto edited = applySizing(netlist, sizing);
    ASSERT_TRUE(edited) << edited.error().describe();
    const auto again = parseNetlist(edited->text, netlist.files.front().path.string());
    ASSERT_TRUE(again) << again.error().describe();
    ASSERT_EQ(again->circuit.devices.size(), netlist.circuit.devices.size());
    EXPECT_EQ(again->circuit.nets, netlist.circuit.nets);
    EXPECT_EQ(again->lines.read, netlist.lines.read);
    for (const Assignment& each : sizing) {
        const double value = device(*again, each.device).number(each.parameter).value_or(0);
        EXPECT_LE(std::abs(value - each.value), 4 * std::numeric_limits<double>::epsilon() * each.value)
            << each.device;
    }
    for (std::size_t i = 0; i < netlist.circuit.devices.size(); ++i) {
        const Device& before = netlist.circuit.devices[i];
        const Device& after = again->circuit.devices[i];
        EXPECT_EQ(after.name, before.name);
        EXPECT_EQ(after.model, before.model);
        EXPECT_EQ(after.nets, before.nets);
        for (const Parameter& each : before.parameters) {
            if (each.name != "w" && each.name != "l" && each.name != "value") {
                EXPECT_EQ(after.number(each.name), each.number) << before.name << " " << each.name;
            }
        }
    }
    EXPECT_EQ(withoutSizes(*again, sizing, &netlist), withoutSizes(netlist, sizing, nullptr));
}

TEST(SizingExport, RoundTripsThirdPartyNetlists) {
    const auto folder = thirdPartyNetlists();
    if (!folder) GTEST_SKIP() << "HEADROOM_TEST_DATA does not name a folder with netlists";
    RandomEngine engine(3);
    int netlists = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
        if (!entry.is_regular_file()) continue;
        const std::string extension = entry.path().extension().string();
        if (extension != ".ckt" && extension != ".sp") continue;
        SCOPED_TRACE(entry.path().string());
        const auto netlist = readNetlist(entry.path());
        ASSERT_TRUE(netlist) << netlist.error().describe();
        for (int i = 0; i < 20; ++i)
            expectRoundTrip(*netlist, engine);
        ++netlists;
    }
    EXPECT_GE(netlists, 15);
}

TEST(SizingExport, RoundTripsTheExamples) {
    RandomEngine engine(4);
    for (const char* name :
         {"examples/folded_cascode.sp", "examples/miller.sp", "examples/five_transistor.sp",
          "examples/symmetrical.sp", "examples/telescopic.sp", "examples/three_stage.sp"}) {
        const auto netlist = readNetlist(resourcePath(name));
        ASSERT_TRUE(netlist) << netlist.error().describe();
        for (int i = 0; i < 50; ++i)
            expectRoundTrip(*netlist, engine);
    }
}

TEST(SizingExport, WritesFiguresInTheFilesUnit) {
    struct Case {
        const char* scale;
        const char* length;
        const char* before;
        double width;
        const char* after;
    };
    for (const Case& each :
         {Case{"0.09u", "2", "100", 10.8e-6, "120"}, Case{"0.1u", "10", "100", 12e-6, "120"},
          Case{"1n", "1000", "10000", 12e-6, "12000"}, Case{"1u", "1", "10", 12.5e-6, "12.5"},
          Case{"0.09u", "2", "'2*50'", 0.945e-6, "10.5"}}) {
        const std::string head = std::string("* magic\n.option scale=") + each.scale + "\n";
        const std::string card = std::string("M1 d g 0 0 nmos l=") + each.length + " w=";
        const std::string rest = "\nM2 d g 0 0 nmos l=" + std::string(each.length) + "\nV1 d 0 1\nV2 g 0 1\n";
        const std::string after = head + card + each.after + rest;
        EXPECT_EQ(applied(head + card + each.before + rest, {{"M1", "w", each.width}}).text, after);
        EXPECT_NEAR(device(parsed(after), "M1").number("w").value(), each.width, 1e-18);
        EXPECT_NE(applied(head + card + each.before + rest, {{"M2", "w", each.width}})
                      .text.find(std::string("nmos l=") + each.length + " w=" + each.after + "\n"),
                  std::string::npos);
    }
}

TEST(SizingTable, RefusesSizesThatNoDeviceCanHave) {
    for (const char* row : {"M1,w,-1u,", "M1,l,0,", "M1,m,-2,"}) {
        const auto sizing = readSizing(std::string("device,parameter,value,unit\n") + row + "\n", "s.csv");
        ASSERT_FALSE(sizing) << row;
        EXPECT_NE(sizing.error().message.find("greater than zero"), std::string::npos) << row;
    }
    EXPECT_TRUE(readSizing("device,parameter,value,unit\nV1,value,-1,\n", "s.csv"));
    EXPECT_FALSE(readSizing(R"({"sizing":[{"device":"M1","parameter":"w","value":-1e-6}]})", "s.json"));
}

} // namespace
} // namespace headroom::netlist
