#include "core/sizing/training_curve.h"

#include <gtest/gtest.h>

#include "core/diffusion/diffusion_model.h"

namespace headroom::sizing {
namespace {

diffusion::TrainingReport report(std::size_t epochs, int interval, int best) {
    diffusion::TrainingReport report;
    for (std::size_t e = 0; e < epochs; ++e)
        report.epochLoss.push_back(1.0F / static_cast<float>(e + 1));
    for (std::size_t v = static_cast<std::size_t>(interval); v <= epochs;
         v += static_cast<std::size_t>(interval))
        report.validationLoss.push_back(2.0F / static_cast<float>(v));
    report.validationInterval = interval;
    report.bestEpoch = best;
    return report;
}

TEST(TrainingCurve, KnowsTheEpochsOfItsValidations) {
    const TrainingCurve curve = trainingCurve("Pair M1 M2", 300, report(9, 3, 6));
    EXPECT_EQ(curve.epochs, 300);
    EXPECT_EQ(curve.loss.size(), 9U);
    EXPECT_EQ(curve.validationEpochs, (std::vector<int>{3, 6, 9}));
    EXPECT_EQ(curve.bestEpoch, 6);
}

TEST(TrainingCurve, TheLastEpochIsJudgedWhateverTheInterval) {
    diffusion::TrainingReport odd = report(10, 4, 8);
    odd.validationLoss.push_back(0.1F);
    EXPECT_EQ(trainingCurve("all", 10, odd).validationEpochs, (std::vector<int>{4, 8, 10}));
}

TEST(TrainingCurve, ReadsBackWhatItWrites) {
    std::vector<TrainingCurve> curves{trainingCurve("Pair M1,M2", 9, report(9, 3, 6)),
                                      trainingCurve("Mirror", 4, report(4, 2, 4)),
                                      trainingCurve("Mirror", 3, report(3, 5, 0))};
    const auto read = readTrainingCsv(writeTrainingCsv(curves), "training.csv");
    ASSERT_TRUE(read) << read.error().describe();
    EXPECT_EQ(*read, curves);
    EXPECT_TRUE(readTrainingCsv(writeTrainingCsv({}), "training.csv")->empty());
}

TEST(TrainingCurve, DamagedFilesAreToldWithTheirLine) {
    const std::string heading = "network,epoch,loss,validation_loss,kept\n";
    EXPECT_EQ(readTrainingCsv("network,epoch\na,1\n", "t.csv").error().line, 1);
    EXPECT_EQ(readTrainingCsv(heading + "a,1,0.5,,0\na,3,0.4,,0\n", "t.csv").error().line, 3);
    EXPECT_EQ(readTrainingCsv(heading + "a,1,high,,0\n", "t.csv").error().line, 2);
    EXPECT_EQ(readTrainingCsv(heading + "a,1,0.5,low,0\n", "t.csv").error().line, 2);
}

} // namespace
} // namespace headroom::sizing
