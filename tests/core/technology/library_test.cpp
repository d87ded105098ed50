#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/technology/technology.h"

namespace headroom::technology {
namespace {

const std::string mapped = R"(name: kit
supply_voltage: 1.8
corners: [tt, ss]
library:
  file: models/kit.lib
  sections: {tt: [fets_tt, caps], ss: SLOW}
  before: [.param switch=0]
  commands: [set ngbehavior=hsa]
  length_unit: 1e-6
mosfets:
  - model: kit_nfet
    polarity: n
    width: [1e-6, 1e-4]
    length: [1e-7, 1e-5]
    inner_device: mmain
    parameters: {m: mult, nf: ""}
    mismatch: {threshold: 4e-9, current_factor: 1e-8, width_offset: 1e-7, length_offset: -5e-8}
)";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

/// A kit on disk: a library with three sections, one of which includes another file.
class Library : public testing::Test {
protected:
    void SetUp() override {
        std::filesystem::remove_all(folder);
        write("models/kit.lib", ".LIB fets_tt\n.include 'cards.sp'\n.endl\n.lib caps $ none\n.endl\n"
                                ".lib slow\n.lib \"kit.lib\" caps\n.endl\n");
        write("models/cards.sp", ".model n nmos level=1\n");
    }

    void write(const std::string& file, const std::string& text) const {
        ASSERT_TRUE(writeFileAtomically(folder / file, text));
    }

    Result<Technology> parse(const std::string& yaml) const {
        return parseTechnology(yaml, (folder / "kit.yaml").string());
    }

    const std::filesystem::path folder =
        std::filesystem::path(testing::TempDir()) / ("headroom_library_" + std::to_string(::getpid()));
};

TEST_F(Library, IsFoundBesideTheFileAndWrittenByCorner) {
    const auto technology = parse(mapped);
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_EQ(technology->library->file, folder / "models/kit.lib");
    EXPECT_EQ(technology->lengthUnit, 1e-6);
    EXPECT_EQ(technology->commandsBeforeDeck(), std::vector<std::string>{"set ngbehavior=hsa"});
    const std::string path = "\"" + (folder / "models/kit.lib").string() + "\"";
    const auto nominal = technology->modelText("");
    ASSERT_TRUE(nominal);
    EXPECT_TRUE(nominal->ends_with("\n.param switch=0\n.lib " + path + " fets_tt\n.lib " + path + " caps\n"))
        << *nominal;
    EXPECT_TRUE(technology->modelText("ss", {{"kit_nfet", 0}})->ends_with(".lib " + path + " SLOW\n"));

    const MosfetRules& rules = technology->mosfets[0];
    EXPECT_EQ(rules.innerDevice, "mmain");
    EXPECT_EQ(rules.parameterNames, (std::map<std::string, std::string>{{"m", "mult"}, {"nf", ""}}));
    EXPECT_EQ(rules.thresholdMismatch, 4e-9);
    EXPECT_EQ(rules.currentFactorMismatch, 1e-8);
    EXPECT_EQ(rules.mismatchWidthOffset, 1e-7);
    EXPECT_EQ(rules.mismatchLengthOffset, -5e-8);
    EXPECT_TRUE(technology->reloadsOnResize(rules));
    EXPECT_EQ(technology->binOf(rules, 1e-6, 1e-6), 0);
}

TEST_F(Library, WithoutSectionsTheCornersNameThem) {
    write("models/kit.lib", ".lib TT\n.endl\n.lib ss\n.endl\n");
    const auto technology = parse(replaced(mapped, "  sections: {tt: [fets_tt, caps], ss: SLOW}\n", ""));
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_TRUE(technology->modelText("ss")->ends_with(" ss\n"));
}

TEST_F(Library, AnEmptySectionIsTheWholeFile) {
    const auto technology = parse(replaced(mapped, "ss: SLOW", "ss: \"\""));
    ASSERT_TRUE(technology) << technology.error().describe();
    EXPECT_TRUE(
        technology->modelText("ss")->ends_with(".include \"" + technology->library->file.string() + "\"\n"));
}

TEST_F(Library, ABlankInItsPathIsSaid) {
    // ngspice reads `.include "a b/c"`, but no `.lib "a b/c" section`.
    write("my models/kit.lib", ".lib fets_tt\n.endl\n.lib caps\n.endl\n.lib slow\n.endl\n");
    const std::string yaml = replaced(mapped, "models/kit.lib", "my models/kit.lib");
    const auto technology = parse(yaml);
    ASSERT_FALSE(technology);
    EXPECT_NE(technology.error().message.find("since there is a blank in that path"), std::string::npos);
    EXPECT_TRUE(parse(replaced(replaced(yaml, "ss: SLOW", "ss: \"\""), "[fets_tt, caps]", "\"\"")));
}

TEST_F(Library, VariablesOfTheEnvironmentAreExpanded) {
    ::setenv("HEADROOM_TEST_KIT", folder.c_str(), 1);
    for (const char* path :
         {"$HEADROOM_TEST_KIT/models/kit.lib", "\"${HEADROOM_TEST_KIT}/models/kit.lib\""}) {
        const auto technology = parse(replaced(mapped, "models/kit.lib", path));
        ASSERT_TRUE(technology) << technology.error().describe();
        EXPECT_EQ(technology->library->file, folder / "models/kit.lib");
    }
    ::unsetenv("HEADROOM_TEST_KIT");
    const auto unset = parse(replaced(mapped, "models/kit.lib", "$HEADROOM_TEST_KIT/kit.lib"));
    ASSERT_FALSE(unset);
    EXPECT_EQ(unset.error().line, 5);
    EXPECT_EQ(unset.error().message, "The technology cannot be used: the variable HEADROOM_TEST_KIT of the "
                                     "library's path $HEADROOM_TEST_KIT/kit.lib is not set.");
}

TEST_F(Library, TheFingerprintFollowsTheFilesAndTheMapping) {
    const auto fingerprint = [&](const std::string& yaml = mapped) {
        const auto technology = parse(yaml);
        EXPECT_TRUE(technology) << technology.error().describe();
        return technology ? technology->fingerprint() : std::string();
    };
    const std::string first = fingerprint();
    EXPECT_EQ(fingerprint(), first);
    EXPECT_NE(fingerprint(replaced(mapped, "[fets_tt, caps]", "[fets_tt]")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "switch=0", "switch=1")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "set ngbehavior=hsa", "set ngbehavior=ps")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "length_unit: 1e-6", "length_unit: 1e-9")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "m: mult", "m: par")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "mmain", "mcore")), first);
    EXPECT_NE(fingerprint(replaced(mapped, "threshold: 4e-9", "threshold: 5e-9")), first);
    write("models/cards.sp", ".model n nmos level=2\n");
    const std::string second = fingerprint();
    EXPECT_NE(second, first) << "a file that the library includes";
    write("models/kit.lib", ".lib fets_tt\n.endl\n.lib caps\n.endl\n.lib slow\n.endl\n");
    EXPECT_NE(fingerprint(), second);
}

struct BadLibrary {
    const char* what;
    const char* with;
    int line;
    const char* message;
};

class BadMapping : public Library, public testing::WithParamInterface<BadLibrary> {};

TEST_P(BadMapping, IsRefusedWithItsLine) {
    const auto technology = parse(replaced(mapped, GetParam().what, GetParam().with));
    ASSERT_FALSE(technology);
    EXPECT_EQ(technology.error().code, ErrorCode::BadInput);
    EXPECT_EQ(technology.error().file, (folder / "kit.yaml").string());
    EXPECT_EQ(technology.error().line, GetParam().line) << technology.error().describe();
    EXPECT_NE(technology.error().message.find(GetParam().message), std::string::npos)
        << technology.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Files, BadMapping,
    testing::Values(
        BadLibrary{"models/kit.lib", "models/no.lib", 5, "/models/no.lib cannot be read"},
        BadLibrary{"models/kit.lib", "$/kit.lib", 5, "begins the name of a variable"},
        BadLibrary{"models/kit.lib", "${HOME/kit.lib", 5, "begins the name of a variable"},
        BadLibrary{"  file: models/kit.lib\n", "", 5, "\"file\" is missing in the library"},
        BadLibrary{"SLOW", "slowest", 6, "has no section \"slowest\""},
        BadLibrary{"SLOW", "\"slow 'x'\"", 6, "is no name of a section"},
        BadLibrary{", ss: SLOW}", "}", 6, "corner ss has no section of the library"},
        BadLibrary{"ss: SLOW", "ss: SLOW, ff: SLOW", 6, "\"ff\" is no key"},
        BadLibrary{".param switch=0", "switch=0", 7, "must begin with \".\""},
        BadLibrary{".param switch=0", ".control", 7, "run nothing"},
        BadLibrary{"set ngbehavior=hsa", "shell date", 8, "must begin with \"set \""},
        BadLibrary{"set ngbehavior=hsa", "set a=`date`", 8, "one line without"},
        BadLibrary{"length_unit: 1e-6", "length_unit: 0", 9, "\"length_unit\" must be greater than zero"},
        BadLibrary{"m: mult", "m: \"mult=2 x\"", 16, "is no name of a parameter"},
        BadLibrary{"m: mult", "ad: area", 16, "\"ad\" is no key of the parameter names"},
        BadLibrary{"threshold: 4e-9", "threshold: -4e-9", 17, "\"threshold\" must not be negative"},
        BadLibrary{"current_factor: 1e-8", "current_factor: -1", 17,
                   "\"current_factor\" must not be negative"},
        BadLibrary{"length_offset: -5e-8", "length_offset: -1e-7", 17,
                   "leaves nothing of the smallest length"},
        BadLibrary{"width_offset: 1e-7", "width_offset: -1e-6", 17, "leaves nothing of the smallest width"}));

TEST_F(Library, ACardHasNoDeviceInside) {
    const std::string yaml = mapped + "cards:\n  kit_nfet: {type: nmos, level: 1, figures: {vto: 0.5}}\n";
    EXPECT_NE(parse(yaml).error().message.find("model kit_nfet has a card"), std::string::npos);
    const auto both = parse(replaced(yaml, "    inner_device: mmain\n", ""));
    ASSERT_TRUE(both) << both.error().describe();
    EXPECT_FALSE(both->reloadsOnResize(both->mosfets[0]));
}

} // namespace
} // namespace headroom::technology
