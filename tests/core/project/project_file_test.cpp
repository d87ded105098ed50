#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/project/migration.h"
#include "core/project/project.h"

namespace headroom::project {
namespace {

using simulation::Performance;

Project fullProject() {
    Project project;
    project.headroomVersion = "0.1.0";
    project.netlist = NetlistReference{"imports/miller-0011aabb/miller.sp", std::string(64, 'a'), "ota",
                                       "/home/ann/circuits/miller \"new\".sp"};
    project.acceptedSizing = {{"X1/M3", "w", 2.0000000000000003e-06}, {"Cc", "value", 1e-12}};
    project.technology = "freepdk45";
    project.conditions = {"ss", 0.95, -40.0, std::nullopt, 1.0 / 3.0 * 1e-5};
    project.specification.targets = {{Performance::GainDb, 70.1, false},
                                     {Performance::TransitFrequency, std::nextafter(1e7, 2e7), true},
                                     {Performance::IcmrMin, -0.0125, false, 0.3, 2.5}};
    project.specification.targets.push_back({Performance::CmrrDb, 0, false});
    project.specification.targets.back().take(sizing::Requirement::free(Performance::CmrrDb));
    project.specification.targets.push_back({Performance::Power, 0, false});
    project.specification.targets.back().take({Performance::Power, 1e-5, INFINITY, 1});
    project.specification.pinned = {{"X1/M3", "w", 2.0000000000000003e-06}};
    project.specification.dataRow = 17;
    project.sampling = {50, 20, 1.5, 0.8, 0.25, 2, std::numeric_limits<std::uint64_t>::max()};
    project.model = "resource:models/miller";
    project.dataset = "dataset/1";
    project.results = ResultReference{
        3, 12, {1, 5, 99}, {0, 12}, {{5, "gain: too low #1\n\"try\" l = 0.4 µm"}, {12, "- tape-out"}}};
    return project;
}

TEST(ProjectFile, ReadsBackWhatItWroteBitForBit) {
    const Project project = fullProject();
    const auto read = parseProject(writeProject(project), "project.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(*read, project);
}

TEST(ProjectFile, ReadsBackAnEmptyProject) {
    const auto read = parseProject(writeProject({}), "project.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(*read, Project{});
}

TEST(ProjectFile, KeepsDoublesThatDecimalTextEasilyLoses) {
    for (const double value :
         {0.1 + 0.2, 1e-300, 5e-324, 1.7976931348623157e308, -123456789.123456789, 1e22}) {
        Project project;
        project.specification.targets = {{Performance::Power, value, false}};
        const auto read = parseProject(writeProject(project), "p");
        ASSERT_TRUE(read) << read.error().describe();
        EXPECT_EQ(read->specification.targets[0].value, value);
    }
}

TEST(ProjectFile, ATargetKeepsWhatARequirementSays) {
    for (const sizing::Requirement& requirement :
         {sizing::Requirement::reaching(Performance::Power, 1e-4),
          sizing::Requirement::free(Performance::Power),
          sizing::Requirement{Performance::Power, 1e-5, 1e-4, 2},
          sizing::Requirement{Performance::Power, 1e-5, INFINITY, 1},
          sizing::Requirement{Performance::GainDb, 40, 60, 3},
          sizing::Requirement{Performance::GainDb, 40, 60, 3, {"ss", "ff"}},
          sizing::Requirement{Performance::GainDb, -INFINITY, 60, 1}}) {
        Target target{requirement.performance, 7, true};
        target.take(requirement);
        EXPECT_EQ(target.requirement(), requirement);
        EXPECT_TRUE(target.locked);
    }
}

TEST(ProjectFile, TellsConditionsInOneLine) {
    EXPECT_EQ(toString(Conditions{}), "");
    EXPECT_EQ(toString(Conditions{"ss", 1.05, -40.0, std::nullopt, 2e-05}),
              "corner ss, supply 1.05 V, -40 degC, bias 2e-05 A");
}

TEST(ProjectFile, MigratesVersionZero) {
    const auto read = parseProject("format_version: 0\n"
                                   "headroom: \"0.0.1\"\n"
                                   "netlist: imports/miller.sp\n"
                                   "tech: freepdk45_low\n"
                                   "seed: 7\n"
                                   "spec:\n"
                                   "  gain_db: 65.5\n"
                                   "  power: 1.25e-4\n",
                                   "project.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    ASSERT_TRUE(read->netlist);
    EXPECT_EQ(read->netlist->file, "imports/miller.sp");
    EXPECT_EQ(read->technology, "freepdk45_low");
    EXPECT_EQ(read->sampling.seed, 7U);
    const std::vector<Target> expected{{Performance::GainDb, 65.5, false},
                                       {Performance::Power, 1.25e-4, false}};
    EXPECT_EQ(read->specification.targets, expected);
    // What a migrated project is saved as is of the present version.
    EXPECT_EQ(*parseProject(writeProject(*read), "project.yaml"), *read);
}

TEST(ProjectFile, HasAMigrationFromEveryOlderVersion) {
    EXPECT_EQ(migrations().size(), static_cast<std::size_t>(formatVersion));
}

TEST(ProjectFile, SaysInOneSentenceThatAFileIsNewer) {
    const auto read = parseProject("format_version: 9\n", "project.yaml");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::Unsupported);
    EXPECT_EQ(read.error().describe(), "project.yaml:1: The project was saved by a newer Headroom (format "
                                       "9); this one reads formats up to 1.");
}

struct BadFile {
    const char* name;
    const char* yaml;
    int line;
};

class BadProjectFile : public testing::TestWithParam<BadFile> {};

TEST_P(BadProjectFile, IsAnErrorWithItsLine) {
    const auto read = parseProject(GetParam().yaml, "project.yaml");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, ErrorCode::Corrupt);
    EXPECT_EQ(read.error().file, "project.yaml");
    EXPECT_EQ(read.error().line, GetParam().line) << read.error().describe();
}

INSTANTIATE_TEST_SUITE_P(
    ProjectFile, BadProjectFile,
    testing::Values(
        BadFile{"Syntax", "format_version: 1\ntechnology: [a, b\nsampling: {\n", 3},
        BadFile{"NoVersion", "technology: x\n", 1}, BadFile{"NotAMapping", "just text\n", 1},
        BadFile{"VersionIsText", "format_version: one\n", 1},
        BadFile{"SeedIsText", "format_version: 1\nsampling:\n  seed: abc\n", 3},
        BadFile{"SamplingIsAList", "format_version: 1\nsampling: [1]\n", 2},
        BadFile{"UnknownPerformance",
                "format_version: 1\nspecification:\n  targets:\n    - {performance: beauty, value: 1}\n", 4},
        BadFile{"TargetIsText",
                "format_version: 1\nspecification:\n  targets:\n    - {performance: gain_db, value: much}\n",
                4},
        BadFile{"WeightIsNegative",
                "format_version: 1\nspecification:\n  targets:\n    - {performance: gain_db, weight: -1}\n",
                4},
        BadFile{"NetlistOutside", "format_version: 1\nnetlist:\n  file: ../../etc/passwd\n", 3},
        BadFile{"PinnedIsText", "format_version: 1\nresults: {exploration: 1,\n  pinned: [first]}\n", 3},
        BadFile{"NoteOfNoCandidate",
                "format_version: 1\nresults:\n  exploration: 1\n  notes:\n    - {text: good}\n", 5},
        BadFile{"ExcludedIsNegative", "format_version: 1\nresults: {exploration: 1, excluded: [-1]}\n", 2}),
    [](const auto& test) { return test.param.name; });

TEST(ProjectFile, SurvivesEveryTruncation) {
    const std::string whole = writeProject(fullProject());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto read = parseProject(whole.substr(0, length), "project.yaml");
        EXPECT_TRUE(read || !read.error().message.empty()) << length;
    }
}

TEST(ProjectFolder, IsFoundByFolderAndByFile) {
    const auto folder = std::filesystem::path(testing::TempDir()) / "headroom_project_folder";
    std::filesystem::remove_all(folder);
    ASSERT_TRUE(writeFileAtomically(folder / projectFileName, writeProject({})));
    EXPECT_EQ(projectFolder(folder), folder);
    EXPECT_EQ(projectFolder(folder / projectFileName), folder);
    EXPECT_FALSE(projectFolder(folder / "other.yaml"));
    EXPECT_FALSE(projectFolder(folder.parent_path() / "no such folder"));
    std::filesystem::remove_all(folder);
}

} // namespace
} // namespace headroom::project
