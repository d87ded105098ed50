// Files as they come from other machines: UTF-16, byte order marks, carriage returns, NUL bytes, names and
// figures of LTspice and PSpice, and files with several cells to choose from.

#include <gtest/gtest.h>

#include "core/netlist/sizing_export.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

std::string wide(const std::string& ascii, bool bigEndian, bool mark) {
    std::string result = mark ? (bigEndian ? "\xfe\xff" : "\xff\xfe") : "";
    for (const char c : ascii) {
        if (bigEndian) result += '\0';
        result += c;
        if (!bigEndian) result += '\0';
    }
    return result;
}

TEST(Encoding, Utf16NetlistsAreReadAndWrittenInTheirEncoding) {
    const std::string text =
        "* C:\\draft.asc\r\nM1 d g 0 0 nmos w=2u l=1u\r\nM2 d g 0 0 nmos l=1u\r\nV1 d 0 1\r\n"
        "V2 g 0 1\r\n.backanno\r\n.end\r\n";
    for (const bool bigEndian : {false, true}) {
        for (const bool mark : {false, true}) {
            const Netlist netlist = parsed(wide(text, bigEndian, mark));
            EXPECT_EQ(netlist.dialect, Dialect::Ltspice);
            EXPECT_EQ(device(netlist, "M1").number("w"), 2e-6);
            EXPECT_EQ(device(netlist, "M1").span.line, 2);
            EXPECT_EQ(netlist.files.front().text, wide(text, bigEndian, mark));
            const auto edited = applySizing(netlist, {{"M1", "w", 3.5e-6}, {"M2", "w", 4e-6}});
            ASSERT_TRUE(edited) << edited.error().describe();
            EXPECT_EQ(edited->text,
                      wide("* C:\\draft.asc\r\nM1 d g 0 0 nmos w=3.5u l=1u\r\nM2 d g 0 0 nmos l=1u w=4u\r\n"
                           "V1 d 0 1\r\nV2 g 0 1\r\n.backanno\r\n.end\r\n",
                           bigEndian, mark));
        }
    }
}

TEST(Encoding, CarriageReturnsMayEndLines) {
    const Netlist mac = parsed("* t\rR1 a 0 1k\r* c\r+ \rV1 a 0 1\r");
    EXPECT_EQ(mac.circuit.devices.size(), 2u);
    EXPECT_EQ(device(mac, "V1").span.line, 5);
    EXPECT_EQ(parsed("* t\r\r\nR1 a 0 1k\r\r\nV1 a 0 1\r\r\n").circuit.devices.size(), 2u);
    EXPECT_EQ(parsed("\xef\xbb\xbf* t\nR1 a 0 1k\nV1 a 0 1\n").circuit.devices.size(), 2u);
}

TEST(Encoding, NulBytesAreBlanks) {
    std::string text = "* t\nR1 a 0 1k\nV1 a 0 1\n";
    for (int i = 0; i < 100; ++i)
        text += "* comment\n";
    text += std::string(50, '\0');
    const Netlist netlist = parsed(text);
    EXPECT_EQ(netlist.circuit.devices.size(), 2u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "NUL bytes"));
}

TEST(Encoding, OneLineOfAMillionBytes) {
    const std::string comment = "* " + std::string(1'000'000, 'x') + "\n";
    const std::string name(1'000'000, 'n');
    const Netlist netlist = parsed(comment + "R1 a 0 1k\nR2 " + name + " 0 1k\nV1 a " + name + " 1\n");
    EXPECT_EQ(netlist.circuit.devices.size(), 3u);
    std::string words = "* t\nXwide";
    for (int i = 0; i < 200'000; ++i)
        words += " n" + std::to_string(i);
    EXPECT_EQ(parsed(words + " box\nV1 n1 0 1\n").circuit.devices.size(), 2u);
}

TEST(Encoding, LtspiceNetlists) {
    const Netlist netlist =
        parsed("* C:\\users\\me\\Draft 1.asc\nXX1 a b opamp\nM\xa7M1 d g 0 0 NMOS l=1\xb5 w=10\xb5\n"
               "R1 d a 6K34\nC1 a 0 4\xc2\xb5\xa7"
               "7\n;\xa7pnba\nV1 d 0 5\nV2 g 0 5\nV3 b 0 5\n"
               ".model NMOS NMOS\n.lib C:\\Program Files\\LTC\\lib\\cmp\\standard.mos\n"
               ".backanno\n.end\n");
    EXPECT_EQ(netlist.dialect, Dialect::Ltspice);
    EXPECT_EQ(device(netlist, "R1").number("value"), 6340.0);
    EXPECT_EQ(device(netlist, "M\xa7M1").number("w"), 10e-6);
    EXPECT_TRUE(says(netlist, Severity::Note, "'C:\\Program Files\\LTC\\lib\\cmp\\standard.mos'"));
}

TEST(Encoding, PspiceNetlists) {
    const Netlist netlist =
        parsed("* source AMP\n.LIB \"nom.lib\"\n.PARAM W=2u\n"
               ".SUBCKT cell a b OPTIONAL: VP=$G_VP PARAMS: K=2 TEXT: T=\"x\"\n"
               "M1 a b 0 0 nmos W={W*K} L=1u\n.ENDS cell\n"
               "X_U1 $N_0001 out cell PARAMS: K=3\nR_R1 $N_0001 0 {2*1k} ; comment\n"
               "V1 $N_0001 0 5\nV2 out 0 1\n.model Q2 AKO:Q1 PNP (BF=100)\n.model Q1 PNP\n"
               "Q3 0 out $N_0001 Q2\n");
    EXPECT_DOUBLE_EQ(device(netlist, "X_U1/M1").number("w").value(), 6e-6);
    EXPECT_EQ(device(netlist, "R_R1").number("value"), 2e3);
    EXPECT_EQ(netsOf(netlist, "R_R1").front(), "$N_0001");
    EXPECT_EQ(device(netlist, "Q3").polarity, Polarity::P);
}

TEST(Encoding, ListsTheCellsToChooseFrom) {
    const Netlist netlist =
        parsed("* two\n.subckt first a b\nR1 a b 1\n.ends\n.subckt inner x y\nR1 x y 1\n.ends\n"
               ".subckt second c d\nX1 c d inner\nR2 c d 1\n.ends\n");
    ASSERT_EQ(netlist.topCandidates.size(), 2u);
    EXPECT_EQ(netlist.topCandidates[0].name, "first");
    EXPECT_EQ(netlist.topCandidates[1].name, "second");
    EXPECT_EQ(netlist.topCandidates[1].devices, 2u);
    EXPECT_EQ(netlist.topCandidates[1].ports, 2u);
    EXPECT_EQ(netlist.circuit.name, "second");
    ReadOptions options;
    options.top = netlist.topCandidates[0].name;
    EXPECT_EQ(
        parsed("* two\n.subckt first a b\nR1 a b 1\n.ends\n.subckt second c d\nR2 c d 1\n.ends\n", options)
            .circuit.name,
        "first");
}

TEST(Encoding, MicroSignsAreWrittenInTheirEncoding) {
    const std::string before = "* t\nM1 d g 0 0 nmos w=10@ l=1@\nV1 d 0 1\nV2 g 0 1\n";
    const std::string after = "* t\nM1 d g 0 0 nmos w=12@ l=1@\nV1 d 0 1\nV2 g 0 1\n";
    const auto with = [](std::string text, const std::string& sign) {
        for (std::size_t at = 0; (at = text.find('@', at)) != std::string::npos;)
            text.replace(at, 1, sign);
        return text;
    };
    // In UTF-16 the sign is the byte 0xb5 and a zero.
    for (const bool bigEndian : {false, true}) {
        const auto edited =
            applySizing(parsed(wide(with(before, "\xb5"), bigEndian, true)), {{"M1", "w", 12e-6}});
        ASSERT_TRUE(edited) << edited.error().describe();
        EXPECT_EQ(edited->text, wide(with(after, "\xb5"), bigEndian, true));
    }
    for (const char* sign : {"\xb5", "\xc2\xb5"}) {
        const auto edited = applySizing(parsed(with(before, sign)), {{"M1", "w", 12e-6}});
        ASSERT_TRUE(edited) << edited.error().describe();
        EXPECT_EQ(edited->text, with(after, sign));
    }
}

TEST(Encoding, NulBytesAreBlanksWhereverTheyStand) {
    std::string text = "* t\nR1 a 0 1k\nV1 a 0 1\nR2 a 0 1k\nR3 a 0 1k\n";
    text[9] = '\0';
    const Netlist netlist = parsed(text);
    EXPECT_EQ(netlist.circuit.devices.size(), 4u);
    EXPECT_TRUE(says(netlist, Severity::Warning, "NUL bytes"));
}

TEST(Encoding, FoldersAreNoFiles) {
    const auto folder = readNetlist(testing::TempDir());
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, ErrorCode::BadInput);
    EXPECT_NE(folder.error().message.find("is a folder"), std::string::npos);
}

} // namespace
} // namespace headroom::netlist
