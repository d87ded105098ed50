#include "core/delay/generator.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/base/distributions.h"
#include "core/base/statistics.h"
#include "core/delay/generator_choice.h"
#include "core/delay/table_import.h"
#include "tests/core/delay/known_delays.h"

namespace headroom::delay {
namespace {

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
    const Summary first = summarise(a), second = summarise(b);
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - first.mean) * (b[i] - second.mean);
    return sum / (static_cast<double>(a.size() - 1) * first.deviation * second.deviation);
}

/// What every generator owes.
class AnyGenerator : public testing::TestWithParam<const char*> {
protected:
    std::unique_ptr<Generator> make() const {
        const std::string name = GetParam();
        if (name == "noise") return makeNoiseGenerator({});
        if (name == "smote") return makeSmoteGenerator({});
        return makeCopulaGenerator();
    }

    SilentContext m_context;
    Table m_rows = KnownDelays::draw(400, 1);
};

TEST_P(AnyGenerator, MakesRowsThatLookLikeThoseItWasFittedOn) {
    const auto generator = make();
    ASSERT_TRUE(generator->fit(m_rows, 1, m_context));
    const auto made = generator->sample(3000, 2, m_context);
    ASSERT_TRUE(made) << made.error().describe();
    ASSERT_EQ(made->rows(), 3000U);
    EXPECT_EQ(made->provenance.back(), std::string(GetParam()) + ", seed 2");
    const std::size_t target = KnownDelays::target();
    for (std::size_t c = 0; c < made->columns.size(); ++c) {
        const Column& known = m_rows.columns[c];
        const SampleDistance distance = sampleDistance(made->columns[c].values, known.values);
        EXPECT_LT(distance.kolmogorovSmirnov, 0.12) << known.name;
        EXPECT_EQ(made->columns[c].name, known.name);
        EXPECT_EQ(made->columns[c].unit, known.unit);
        const double linear = correlation(known.values, m_rows.columns[target].values);
        EXPECT_NEAR(correlation(made->columns[c].values, made->columns[target].values), linear, 0.12)
            << known.name;
    }
    // New rows, not the old ones.
    std::size_t copies = 0;
    for (const double value : made->columns[0].values) {
        const auto& known = m_rows.columns[0].values;
        copies += std::find(known.begin(), known.end(), value) != known.end() ? 1 : 0;
    }
    EXPECT_LT(copies, 10U);
}

TEST_P(AnyGenerator, RepeatsBySeedAndGrowsWithoutChangingTheFirstRows) {
    const auto one = make(), other = make();
    ASSERT_TRUE(one->fit(m_rows, 1, m_context));
    ASSERT_TRUE(other->fit(m_rows, 1, m_context));
    const Table few = *one->sample(10, 5, m_context), many = *other->sample(50, 5, m_context);
    const Table differently = *one->sample(10, 6, m_context);
    for (std::size_t c = 0; c < few.columns.size(); ++c) {
        const auto& first = many.columns[c].values;
        EXPECT_EQ(few.columns[c].values, std::vector<double>(first.begin(), first.begin() + 10));
        EXPECT_NE(few.columns[c].values, differently.columns[c].values);
    }
}

TEST_P(AnyGenerator, KeepsConstantsAndCategories) {
    Table rows = KnownDelays::draw(200, 1);
    for (double& value : rows.columns[3].values)
        value = 4e-9;
    Column kind{"corner", "", ColumnKind::Category, {}, {"tt", "ff", "ss"}};
    for (std::size_t row = 0; row < 200; ++row)
        kind.values.push_back(row % 10 < 7 ? 0 : row % 10 < 9 ? 1 : 2);
    rows.columns.push_back(kind);
    const auto generator = make();
    ASSERT_TRUE(generator->fit(rows, 1, m_context));
    const auto made = generator->sample(2000, 1, m_context);
    ASSERT_TRUE(made) << made.error().describe();
    EXPECT_EQ(made->columns[3].values, std::vector<double>(2000, 4e-9));
    std::vector<double> shares(3);
    for (const double value : made->columns.back().values) {
        ASSERT_GE(value, 0);
        ASSERT_LT(value, 3);
        ASSERT_EQ(value, std::floor(value));
        shares[static_cast<std::size_t>(value)] += 1.0 / 2000;
    }
    EXPECT_NEAR(shares[0], 0.7, 0.08);
    EXPECT_NEAR(shares[2], 0.1, 0.05);
}

TEST_P(AnyGenerator, RefusesFewRowsAndStopsWhenAskedTo) {
    const auto generator = make();
    EXPECT_EQ(generator->sample(3, 1, m_context).error().code, ErrorCode::BadInput);
    const auto few = generator->fit(KnownDelays::draw(20, 1), 1, m_context);
    ASSERT_FALSE(few);
    EXPECT_NE(few.error().message.find("20 rows; at least 30"), std::string::npos);
    ASSERT_TRUE(generator->fit(m_rows, 1, m_context));
    m_context.cancel();
    EXPECT_EQ(generator->sample(1000, 1, m_context).error().code, ErrorCode::Cancelled);
}

INSTANTIATE_TEST_SUITE_P(Simple, AnyGenerator, testing::Values("noise", "smote", "copula"));

TEST(SmoteGenerator, StaysBetweenNeighbours) {
    SilentContext context;
    // Two clouds far apart, and nothing else to be near by: nothing lies between them.
    Table rows;
    rows.columns.push_back(KnownDelays::draw(200, 1).columns[0]);
    for (std::size_t row = 0; row < 200; ++row)
        rows.columns[0].values[row] += row % 2 == 0 ? 100 : 0;
    const auto generator = makeSmoteGenerator({});
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const Table made = *generator->sample(1000, 1, context);
    for (const double value : made.columns[0].values)
        EXPECT_TRUE(value < 2 || value > 98) << value;
}

TEST(CopulaGenerator, KeepsMarginalsOfAnyShapeWithinTheirRange) {
    SilentContext context;
    Table rows = KnownDelays::draw(500, 1);
    for (double& value : rows.columns[12].values)
        value = value < 0.75 ? value - 5 : value; // two stretches with a gap
    const auto generator = makeCopulaGenerator();
    ASSERT_TRUE(generator->fit(rows, 1, context));
    const auto made = generator->sample(4000, 1, context);
    ASSERT_TRUE(made);
    for (std::size_t c = 0; c < made->columns.size(); ++c) {
        const Summary known = summarise(rows.columns[c].values), own = summarise(made->columns[c].values);
        EXPECT_GE(own.minimum, known.minimum);
        EXPECT_LE(own.maximum, known.maximum);
    }
    const auto low = std::count_if(made->columns[12].values.begin(), made->columns[12].values.end(),
                                   [](double value) { return value < 0; });
    EXPECT_NEAR(static_cast<double>(low) / 4000, 0.5, 0.06);
}

TEST(GeneratorChoice, MakesWhatItNames) {
    const Table rows = KnownDelays::draw(40, 1);
    for (const GeneratorMethod& method : generatorMethods()) {
        const auto made = makeGenerator(method.name, rows, KnownDelays::target(), {});
        ASSERT_TRUE(made) << made.error().describe();
        EXPECT_EQ((*made)->name(), method.name);
        EXPECT_FALSE(method.description.empty());
    }
    GeneratorOptions options;
    options.refined = true;
    EXPECT_EQ((*makeGenerator("smote", rows, KnownDelays::target(), options))->name(),
              "smote+gaussian_process");
    const auto unknown = makeGenerator("gan", rows, KnownDelays::target(), {});
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, ErrorCode::NotFound);
    EXPECT_NE(unknown.error().message.find("\"gan\", but ddpm, ddpm-joint"), std::string::npos);
    options.neighbours = 0;
    EXPECT_EQ(makeGenerator("smote", rows, KnownDelays::target(), options).error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom::delay
