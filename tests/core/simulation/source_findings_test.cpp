#include "core/simulation/source_findings.h"

#include <gtest/gtest.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

std::string withLine(std::string text, const std::string& line) {
    return text.insert(text.find('\n') + 1, line + "\n");
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::string miller() {
    return readFile(resourcePath("examples/miller.sp")).value();
}

TEST(SourceFindings, AreNoneAboutAnExample) {
    EXPECT_TRUE(sourceFindings(*exampleAmplifier("miller.sp")).empty());
}

TEST(SourceFindings, SayThatAnOwnModelCardGivesWay) {
    const std::string text =
        withLine(replaced(miller(), "NMOS_VTG", "nch"), ".model nch nmos level=1 vto=0.4");
    const auto findings = sourceFindings(*amplifierFromText(text));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].severity, netlist::Severity::Warning);
    EXPECT_EQ(findings[0].line, 2);
    EXPECT_EQ(findings[0].message,
              "The netlist's own card of model nch is not used: M3, M4 and M6 are simulated "
              "with NMOS_VTG of technology freepdk45.");
}

TEST(SourceFindings, TellOneFindingOfAllBinsAndNoneOfUnusedCards) {
    const std::string text =
        withLine(replaced(miller(), "NMOS_VTG", "nch"),
                 ".model nch.1 nmos level=1\n.model nch.2 nmos level=1\n.model spare pmos level=1");
    EXPECT_EQ(sourceFindings(*amplifierFromText(text)).size(), 1U);
}

TEST(SourceFindings, NameFilesThatAreNotThere) {
    const auto findings =
        sourceFindings(*amplifierFromText(withLine(miller(), ".include \"models/nch.lib\"")));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].line, 2);
    EXPECT_EQ(findings[0].message,
              "The included file models/nch.lib does not exist and is left out; the models "
              "come from technology freepdk45.");
}

TEST(SourceFindings, MentionInputsWhoseNamesSayTheOpposite) {
    std::string text = replaced(miller(), "inp", "swap");
    text = replaced(replaced(text, "inn", "inp"), "swap", "inn");
    const auto findings = sourceFindings(*amplifierFromText(text));
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_NE(findings[0].message.find("inn is the non-inverting input and inp the inverting one"),
              std::string::npos)
        << findings[0].message;
    // Numbers say nothing about signs.
    text = replaced(replaced(miller(), "inp", "in2"), "inn", "in1");
    EXPECT_TRUE(sourceFindings(*amplifierFromText(text)).empty());
}

} // namespace
} // namespace headroom::simulation
