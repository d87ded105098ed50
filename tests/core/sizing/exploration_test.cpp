#include "core/sizing/exploration.h"

#include <gtest/gtest.h>

namespace headroom::sizing {
namespace {

Candidate candidateOf(double width, std::optional<double> gain) {
    Candidate candidate;
    candidate.values = {width};
    if (gain) candidate.evaluation.performances = {{Performance::GainDb, *gain}};
    return candidate;
}

TEST(Append, TakesWhatWasSimulatedAndIsNotThereYet) {
    Exploration all, more;
    all.candidates = {candidateOf(1e-6, 50), candidateOf(2e-6, 51)};
    all.simulationSeconds = 2;
    more.candidates = {candidateOf(2e-6, 51), candidateOf(3e-6, 52), candidateOf(4e-6, std::nullopt),
                       candidateOf(3e-6, 52), candidateOf(5e-6, std::nullopt)};
    more.candidates.back().evaluation.error = Error{ErrorCode::Convergence, "No operating point was found."};
    more.simulationSeconds = 3;
    EXPECT_EQ(append(all, more), 2U);
    ASSERT_EQ(all.candidates.size(), 4U);
    EXPECT_EQ(all.candidates[2].values, std::vector<double>{3e-6});
    EXPECT_TRUE(all.candidates[3].evaluation.error); // what fails is a result too
    EXPECT_EQ(all.simulationSeconds, 5);
    EXPECT_EQ(append(all, more), 0U);
}

} // namespace
} // namespace headroom::sizing
