#include "core/delay/generator_file.h"

#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

namespace fs = std::filesystem;

const std::size_t kTarget = KnownDelays::target();

class GeneratorFile : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / fmt::format("headroom_generator_{}", ::getpid());
    }
    void TearDown() override { fs::remove_all(m_folder); }

    /// Rows with a category and a constant besides.
    static Table rows() {
        Table table = KnownDelays::draw(60, 1);
        Column corner{"corner", "", ColumnKind::Category, {}, {"ff", "ss, hot", "tt"}};
        Column same{"load", "F", ColumnKind::Number, {}, {}};
        for (std::size_t row = 0; row < 60; ++row) {
            corner.values.push_back(static_cast<double>(row % 3));
            same.values.push_back(1e-15);
        }
        table.columns.push_back(corner);
        table.columns.push_back(same);
        return table;
    }

    fs::path m_folder;
    SilentContext m_context;
};

TEST_F(GeneratorFile, SamplesTheSameRowsAgain) {
    const Table real = rows();
    for (const char* method : {"noise", "smote", "copula"}) {
        for (const bool isRefined : {false, true}) {
            GeneratorOptions options;
            options.refined = isRefined;
            options.noise = 0.2;
            auto generator = makeGenerator(method, real, kTarget, options);
            ASSERT_TRUE(generator);
            EXPECT_FALSE(writeGenerator(m_folder, **generator, {method, options, "delay", 60, 5, 0, ""}));
            ASSERT_TRUE((*generator)->fit(real, 5, m_context));
            ASSERT_TRUE(writeGenerator(m_folder, **generator, {method, options, "delay", 60, 5, 1.5, "run"}));
            const auto read = readGenerator(m_folder, compute::DeviceChoice::Cpu);
            ASSERT_TRUE(read) << read.error().describe();
            EXPECT_EQ(read->card.method, method);
            EXPECT_EQ(read->card.seed, 5U);
            EXPECT_EQ(read->card.options.refined, isRefined);
            EXPECT_EQ(read->columns.columns[0].heading(), "vth0_n [V]");
            const auto first = (*generator)->sample(200, 9, m_context),
                       second = read->generator->sample(200, 9, m_context);
            ASSERT_TRUE(first && second);
            EXPECT_EQ(writeCsv(toCsv(*first)), writeCsv(toCsv(*second))) << method << isRefined;
        }
    }
}

TEST_F(GeneratorFile, SaysWhatIsWrong) {
    const Table real = rows();
    auto generator = makeGenerator("copula", real, kTarget, {});
    ASSERT_TRUE((*generator)->fit(real, 5, m_context));
    ASSERT_TRUE(writeGenerator(m_folder, **generator, {"copula", {}, "delay", 60, 5, 0, ""}));
    const fs::path file = m_folder / "model.yaml";
    const std::string good = *readFile(file);
    const auto refuses = [&](const std::string& from, const std::string& to) {
        std::string text = good;
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        EXPECT_TRUE(writeFileAtomically(file, text));
        const auto read = readGenerator(m_folder, compute::DeviceChoice::Cpu);
        EXPECT_FALSE(read) << from;
        if (read) return ErrorCode::Internal;
        EXPECT_EQ(read.error().file, file.string()) << from;
        EXPECT_FALSE(read.error().message.empty());
        return read.error().code;
    };
    EXPECT_EQ(refuses("kind: row_generator", "kind: cat"), ErrorCode::Corrupt);
    EXPECT_EQ(refuses("format_version: 1", "format_version: 99"), ErrorCode::Unsupported);
    EXPECT_EQ(refuses("target: delay", "target: slew"), ErrorCode::Corrupt);
    EXPECT_EQ(refuses("method: copula", "method: magic"), ErrorCode::NotFound);
    EXPECT_EQ(refuses("factor:", "divisor:"), ErrorCode::Corrupt);
    EXPECT_EQ(refuses("neighbours: 5", "neighbours: some"), ErrorCode::Corrupt);
    EXPECT_EQ(readGenerator(m_folder / "nowhere", compute::DeviceChoice::Cpu).error().code,
              ErrorCode::NotFound);
    for (std::size_t length = 0; length < good.size(); length += good.size() / 40 + 1) {
        ASSERT_TRUE(writeFileAtomically(file, good.substr(0, length)));
        EXPECT_FALSE(readGenerator(m_folder, compute::DeviceChoice::Cpu)) << length;
    }
}

} // namespace
} // namespace headroom::delay
