#include "core/sizing/evaluation.h"

#include <cmath>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/sizing/figures.h"
#include "tests/core/sizing/example_amplifiers.h"

namespace headroom::sizing {
namespace {

TEST(RelativeDifference, ScalesVoltagesByAtLeastATenthOfTheSupply) {
    EXPECT_NEAR(relativeDifference(Performance::GainDb, 66, 60, 1.1), 0.1, 1e-12);
    EXPECT_NEAR(relativeDifference(Performance::IcmrMin, 0.011, 0.0, 1.1), 0.1, 1e-12);
    EXPECT_NEAR(relativeDifference(Performance::VoutMax, 0.9, 1.0, 1.1), -0.1, 1e-12);
}

TEST(RelativeShortfall, CountsOnlyWhatIsWorse) {
    EXPECT_EQ(Requirement::reaching(Performance::GainDb, 60).shortfall(66, 1.1), 0);
    EXPECT_NEAR(Requirement::reaching(Performance::GainDb, 60).shortfall(54, 1.1), 0.1, 1e-12);
    EXPECT_EQ(Requirement::reaching(Performance::Power, 1e-3).shortfall(0.9e-3, 1.1), 0);
    EXPECT_NEAR(Requirement::reaching(Performance::Power, 1e-3).shortfall(1.1e-3, 1.1), 0.1, 1e-12);
}

TEST(Quartiles, MatchAKnownSampleAndLeaveOutliersOutOfTheWhiskers) {
    const Quartiles q = quartiles({1, 2, 3, 4, 5, 6, 7, 8, 100});
    EXPECT_DOUBLE_EQ(q.lower, 3);
    EXPECT_DOUBLE_EQ(q.median, 5);
    EXPECT_DOUBLE_EQ(q.upper, 7);
    EXPECT_DOUBLE_EQ(q.lowWhisker, 1);
    EXPECT_DOUBLE_EQ(q.highWhisker, 8);
    EXPECT_TRUE(std::isnan(quartiles({}).median));
}

Dataset randomDataset() {
    Dataset dataset;
    dataset.variableNames = {"M1 w"};
    dataset.performances = {Performance::GainDb, Performance::Power};
    RandomEngine engine(11);
    for (int i = 0; i < 900; ++i) {
        dataset.rows.push_back({{1e-6}, {uniform(engine, 40, 60), logUniform(engine, 1e-5, 1e-3)}});
    }
    return dataset;
}

Targets targetsAt(const Dataset& dataset, std::vector<std::vector<double>> rows) {
    Targets targets;
    targets.performances = dataset.performances;
    targets.rows = std::move(rows);
    return targets;
}

TEST(NearestNeighbour, MeetsTargetsThatAreInTheTrainingRows) {
    const Dataset dataset = randomDataset();
    Targets targets = targetsAt(dataset, {});
    for (const std::size_t row : {std::size_t{0}, std::size_t{10}}) {
        targets.rows.push_back(dataset.rows[row].performances);
    }
    const MethodScore score = scoreNearestNeighbour(dataset, targets, 8, 1.1);
    EXPECT_EQ(score.metAt5.at(1), 1);
    EXPECT_EQ(score.relativeDifferences[0].median, 0);
    EXPECT_EQ(score.nearAt5.at(1), 1);
}

TEST(NearestNeighbour, AnswersOnlyWhatIsAsked) {
    Dataset dataset = randomDataset();
    // A gain that no row has beside a power that one has: only where the gain is free there is an answer.
    Targets targets = targetsAt(dataset, {{90, dataset.rows[0].performances[1]}});
    EXPECT_EQ(scoreNearestNeighbour(dataset, targets, 8, 1.1).metAt5.at(8), 0);
    targets.asked = {{1}};
    const MethodScore score = scoreNearestNeighbour(dataset, targets, 8, 1.1);
    EXPECT_EQ(score.metAt5.at(1), 1);
    EXPECT_EQ(score.relativeDifferences[1].median, 0);
    EXPECT_TRUE(std::isnan(score.relativeDifferences[0].median));
    EXPECT_EQ(targets.reaching(0).requirements.size(), 1U);
    EXPECT_EQ(targets.at(0).requirements.front().minimum, targets.at(0).requirements.front().maximum);
}

TEST(NearestNeighbour, BetterIsMetAndNotNear) {
    Dataset dataset = randomDataset();
    for (DataRow& row : dataset.rows)
        row.performances = {60, 1e-4};
    const Targets targets = targetsAt(dataset, {{50, 1e-4}});
    const MethodScore score = scoreNearestNeighbour(dataset, targets, 8, 1.1);
    EXPECT_EQ(score.metAt5.at(1), 1);
    EXPECT_EQ(score.nearAt10.at(8), 0);
}

TEST(Targets, AskingForSomeIsEachTargetsOwnChoice) {
    Targets whole = heldOutTargets(randomDataset());
    whole.performances.push_back(Performance::SlewRate);
    for (auto& row : whole.rows)
        row.push_back(1e6);
    const Targets some = askingForSome(whole, 2, 7);
    ASSERT_EQ(some.asked.size(), some.rows.size());
    std::map<std::size_t, std::size_t> chosen;
    for (const auto& asked : some.asked) {
        ASSERT_EQ(asked.size(), 2U);
        EXPECT_LT(asked[0], asked[1]);
        for (const std::size_t p : asked)
            ++chosen[p];
    }
    for (const auto& [p, count] : chosen)
        EXPECT_NEAR(static_cast<double>(count), 2.0 / 3 * static_cast<double>(some.rows.size()),
                    0.2 * static_cast<double>(some.rows.size()));
    EXPECT_EQ(askingForSome(whole, 2, 7).asked, some.asked);
    EXPECT_NE(askingForSome(whole, 2, 8).asked, some.asked);
    EXPECT_EQ(askingForSome(whole, 9, 7).askedOf(0).size(), 3U);
}

TEST(NearestNeighbour, NeverAnswersWithAHeldOutRow) {
    Dataset dataset = randomDataset();
    // Held-out rows that are better than anything: only looking them up could meet them.
    for (const std::size_t row : dataset.heldOutRows())
        dataset.rows[row].performances = {90, 1e-7};
    const MethodScore score = scoreNearestNeighbour(dataset, heldOutTargets(dataset), 8, 1.1);
    EXPECT_EQ(score.metAt10.at(8), 0);
}

TEST(Targets, PinnedSizesAreThoseOfTheirRows) {
    Dataset dataset = randomDataset();
    dataset.variableNames = {"M1 w", "M1 l", "M2 w"};
    for (std::size_t r = 0; r < dataset.rows.size(); ++r) {
        const auto number = static_cast<double>(r + 1);
        dataset.rows[r].values = {1e-6 * number, 2e-6 * number, 3e-6 * number};
    }
    const auto pinned = pinningSome(heldOutTargets(dataset), 2, 7);
    ASSERT_TRUE(pinned) << pinned.error().describe();
    std::map<std::size_t, std::size_t> chosen;
    for (std::size_t t = 0; t < pinned->rows.size(); ++t) {
        const std::vector<PinnedSize> pins = pinned->reaching(t).pinned;
        ASSERT_EQ(pins.size(), 2U);
        EXPECT_LT(pins[0].variable, pins[1].variable);
        const std::vector<double>& truth = dataset.rows[dataset.heldOutRows()[t]].values;
        for (const PinnedSize& pin : pins) {
            EXPECT_EQ(pin.value, truth[pin.variable]);
            ++chosen[pin.variable];
        }
        EXPECT_EQ(pinned->at(t).pinned, pins);
        EXPECT_TRUE(std::ranges::equal(pinned->pinsOf(t), pins));
    }
    EXPECT_EQ(chosen.size(), 3U); // not the same ones of all targets
    EXPECT_EQ(pinningSome(heldOutTargets(dataset), 2, 7)->pinned, pinned->pinned);
    EXPECT_NE(pinningSome(heldOutTargets(dataset), 2, 8)->pinned, pinned->pinned);
    EXPECT_EQ(pinningSome(targetsAt(dataset, {{50, 1e-4}}), 2, 7).error().code, ErrorCode::BadInput);
}

/// Rows whose performance tells their number, with sizes on the grid.
Dataset numberedDataset(const DesignSpace& space) {
    Dataset dataset;
    dataset.performances = {Performance::GainDb};
    for (int i = 0; i < 90; ++i) {
        std::vector<double> values;
        for (const Variable& variable : space.variables())
            values.push_back(variable.grid > 0 ? variable.low + (10 + i) * variable.grid : 1e-12);
        dataset.rows.push_back({values, {40.0 + i}});
    }
    return dataset;
}

TEST(DrawnTargets, KeepPinnedSizes) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    const Dataset dataset = numberedDataset(space);
    Targets targets = targetsAt(dataset, {{60.0}, {70.0}});
    const double kept = space.snap(dataset.rows[50].values)[2];
    targets.pinned = {{{2, kept}}, {}};
    const auto nearest = nearestSizings(dataset, space, targets, 3);
    std::vector<double> expected = space.snap(dataset.rows[20].values);
    expected[2] = kept;
    EXPECT_EQ(nearest[0][0], expected);
    EXPECT_EQ(nearest[1][0], space.snap(dataset.rows[30].values));
    const auto drawn = drawTargets(dataset, space, targets, 40, 1);
    for (const auto& values : drawn[0])
        EXPECT_EQ(values[2], kept);
    EXPECT_NE(drawn[1][39][2], kept);
}

TEST(DrawnTargets, BeginWithTheNearestTrainingRowsAndGoOnAroundThem) {
    const auto amplifier = exampleAmplifier("miller");
    const DesignSpace space = spaceOf(*amplifier);
    const Dataset dataset = numberedDataset(space);
    const Targets targets = targetsAt(dataset, {{60.0}});
    const auto drawn = drawTargets(dataset, space, targets, 40, 1);
    ASSERT_EQ(drawn.front().size(), 40U);
    EXPECT_EQ(drawn.front().front(), space.snap(dataset.rows[20].values));
    for (const auto& values : drawn.front())
        EXPECT_EQ(values, space.snap(values));
    EXPECT_NE(drawn.front()[10], drawn.front()[0]);
    EXPECT_EQ(drawTargets(dataset, space, targets, 40, 1), drawn);
    EXPECT_NE(drawTargets(dataset, space, targets, 40, 2), drawn);
}

TEST(Targets, AreBroughtIntoTheModelsOrder) {
    const Dataset dataset = randomDataset();
    const auto swapped = targetsOf(dataset, {Performance::Power, Performance::GainDb}, dataset.variableNames);
    ASSERT_TRUE(swapped);
    EXPECT_EQ(swapped->sizings[0], dataset.rows[0].values);
    EXPECT_TRUE(targetsOf(dataset, {Performance::GainDb}, {"M2 w"})->sizings.empty());
    EXPECT_EQ(swapped->rows[0][0], dataset.rows[0].performances[1]);
    EXPECT_FALSE(targetsOf(dataset, {Performance::SlewRate}, dataset.variableNames));
}

TEST(Figures, DrawTheGroundTruthAndEveryPanel) {
    Exploration exploration;
    exploration.specification =
        Specification::reaching({Performance::GainDb, Performance::Power}, {50, 1e-4});
    exploration.groundTruth = DataRow{{1e-6}, {50, 1e-4}};
    RandomEngine engine(5);
    for (int i = 0; i < 100; ++i) {
        Candidate candidate;
        candidate.evaluation.performances = {{Performance::GainDb, 50 + normal(engine)},
                                             {Performance::Power, 1e-4 * std::exp(0.1 * normal(engine))}};
        exploration.candidates.push_back(std::move(candidate));
    }
    const std::string svg = performanceHistogramsSvg(exploration);
    EXPECT_NE(svg.find("<svg"), std::string::npos);
    std::size_t stars = 0;
    for (auto at = svg.find("<polygon"); at != std::string::npos; at = svg.find("<polygon", at + 1))
        ++stars;
    EXPECT_EQ(stars, 2U);
    EXPECT_NE(svg.find("n 100"), std::string::npos);
}

} // namespace
} // namespace headroom::sizing
