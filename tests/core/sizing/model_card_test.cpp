#include "core/sizing/model_card.h"

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace headroom::sizing {
namespace {

ModelDescription description() {
    ModelDescription model;
    model.card.circuit = "miller";
    model.card.technology = "freepdk45";
    model.card.netlistHash = "abc";
    model.card.command = "headroom-cli sizing train d --out \"m n\"";
    model.card.seed = 42;
    model.card.metrics = {{"met_within_5_percent_best_of_8", 0.5}};
    model.card.metricsCommand = "headroom-cli sizing evaluate m --record";
    model.variableNames = {"M1,M2 w", "M1,M2 l"};
    model.performances = {Performance::GainDb, Performance::TransitFrequency};
    model.performanceRanges = {{40, 60}, {1e6, 1e8}};
    model.normalisation.variables = {{true, -13.1, 0.7}, {true, -15.25, 1.0 / 3}};
    model.normalisation.performances = {{false, 50, 4}, {true, 16, 1.1}};
    NetworkDescription network{"Differential pair", {0, 1}, {}};
    network.denoiser.tokens = 2;
    network.denoiser.conditions = 2;
    model.networks = {network};
    return model;
}

TEST(ModelCard, RoundTripsThroughYaml) {
    const ModelDescription written = description();
    const auto read = readModelYaml(writeModelYaml(written), "model.yaml");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(read->variableNames, written.variableNames);
    EXPECT_EQ(read->performances, written.performances);
    EXPECT_EQ(read->performanceRanges, written.performanceRanges);
    EXPECT_EQ(read->normalisation.variables[1].deviation, 1.0 / 3);
    EXPECT_EQ(read->networks[0].variables, written.networks[0].variables);
    EXPECT_EQ(read->card.command, written.card.command);
    EXPECT_EQ(read->card.seed, 42U);
    EXPECT_EQ(read->card.metrics, written.card.metrics);
    EXPECT_EQ(read->card.metricsCommand, written.card.metricsCommand);
}

TEST(ModelCard, SaysWhatIsDamaged) {
    const std::string yaml = writeModelYaml(description());
    std::string other = yaml;
    other.replace(other.find("kind: sizing"), 12, "kind: other!");
    EXPECT_EQ(readModelYaml(other, "model.yaml").error().code, ErrorCode::Corrupt);
    std::string newer = yaml;
    newer.replace(newer.find("format_version: 1"), 17, "format_version: 9");
    EXPECT_EQ(readModelYaml(newer, "model.yaml").error().code, ErrorCode::Unsupported);
    EXPECT_FALSE(readModelYaml("", "model.yaml"));
    EXPECT_FALSE(readModelYaml("[1, 2", "model.yaml"));
}

TEST(ModelCard, SurvivesMutations) {
    const std::string yaml = writeModelYaml(description());
    RandomEngine engine(9);
    for (int i = 0; i < 3000; ++i) {
        std::string mutated = yaml;
        for (int edits = 0; edits < 3; ++edits) {
            const auto at = static_cast<std::size_t>(uniform(engine, 0, static_cast<double>(mutated.size())));
            if (uniform(engine) < 0.5)
                mutated.erase(at, 1 + static_cast<std::size_t>(uniform(engine, 0, 20)));
            else
                mutated[at] = static_cast<char>(uniform(engine, 9, 126));
            if (mutated.empty()) break;
        }
        const auto read = readModelYaml(mutated, "model.yaml");
        if (!read) {
            EXPECT_FALSE(read.error().message.empty());
        }
    }
}

} // namespace
} // namespace headroom::sizing
