#include "core/base/quantity.h"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/quantity_range.h"
#include "core/base/random.h"

namespace headroom {
namespace {

TEST(Quantity, FormatsWithPrefixes) {
    EXPECT_EQ(formatQuantity(1.23e7, "Hz"), "12.3 MHz");
    EXPECT_EQ(formatQuantity(2e-6, "m"), "2 \u00b5m");
    EXPECT_EQ(formatQuantity(-0.35, "V"), "-350 mV");
    EXPECT_EQ(formatQuantity(0, "A"), "0 A");
    EXPECT_EQ(formatQuantity(61.25, "dB"), "61.25 dB");
    EXPECT_EQ(formatQuantity(60.5, "deg"), "60.5\u00b0");
    EXPECT_EQ(formatQuantity(2.5e6, "V/s"), "2.5 V/\u00b5s");
    EXPECT_EQ(formatQuantity(120e-12, "m2"), "120 \u00b5m\u00b2");
    EXPECT_EQ(formatQuantity(std::numeric_limits<double>::quiet_NaN(), "V"), "\u2014");
}

TEST(Quantity, PrefixesStandWhereTheyMeanWhatTheySay) {
    EXPECT_EQ(formatQuantity(0.045, "m2/Vs"), "0.045 m2/Vs");
    EXPECT_EQ(formatQuantity(1.1e24, "m-3"), "1.1e+24 m-3");
    EXPECT_EQ(formatQuantity(0.5, "C"), "0.5 C");
    EXPECT_EQ(formatQuantity(1e-12, "m2"), "1 \u00b5m\u00b2");
    EXPECT_EQ(formatQuantity(3e-9, "V/sqrt(Hz)"), "3 nV/sqrt(Hz)");
    EXPECT_EQ(formatQuantity(2e-6, "A/m2"), "2 \u00b5A/m2");
}

TEST(Quantity, RoundsIntoTheNextPrefix) {
    EXPECT_EQ(formatQuantity(999.99e3, "Hz", 3), "1 MHz");
    EXPECT_EQ(formatQuantity(1e-3, "W"), "1 mW");
}

TEST(Quantity, ParsesWhatPeopleType) {
    EXPECT_DOUBLE_EQ(*parseQuantity("12.3 MHz", "Hz"), 12.3e6);
    EXPECT_DOUBLE_EQ(*parseQuantity(" 12.3M ", "Hz"), 12.3e6);
    EXPECT_DOUBLE_EQ(*parseQuantity("1meg", "Hz"), 1e6);
    EXPECT_DOUBLE_EQ(*parseQuantity("1.2g", "Hz"), 1.2e9);
    EXPECT_DOUBLE_EQ(*parseQuantity("2t", "Ohm"), 2e12);
    EXPECT_DOUBLE_EQ(*parseQuantity("10u", "A"), 10e-6);
    EXPECT_DOUBLE_EQ(*parseQuantity("10 \u00b5A", "A"), 10e-6);
    EXPECT_DOUBLE_EQ(*parseQuantity("2.5 V/\u00b5s", "V/s"), 2.5e6);
    EXPECT_DOUBLE_EQ(*parseQuantity("60", "dB"), 60);
    EXPECT_DOUBLE_EQ(*parseQuantity("60\u00b0", "deg"), 60);
    EXPECT_DOUBLE_EQ(*parseQuantity("2U", ""), 2e-6);
    EXPECT_DOUBLE_EQ(*parseQuantity("350N", "m"), 350e-9);
    EXPECT_DOUBLE_EQ(*parseQuantity("2P", "F"), 2e-12);
    EXPECT_DOUBLE_EQ(*parseQuantity("2M", ""), 2e6);
    EXPECT_DOUBLE_EQ(*parseQuantity("1f", "F"), 1e-15);
    EXPECT_DOUBLE_EQ(*parseQuantity("1F", "F"), 1);
    EXPECT_DOUBLE_EQ(*parseQuantity("1 ff", "F"), 1e-15);
    EXPECT_DOUBLE_EQ(*parseQuantity("1fF", "F"), 1e-15);
    EXPECT_DOUBLE_EQ(*parseQuantity("3 v", "V"), 3);
    // A farad or a femto: neither is guessed.
    EXPECT_NE(parseQuantity("2F", "").error().message.find("\"F\" is no prefix"), std::string::npos);
    EXPECT_FALSE(parseQuantity("", "V"));
    EXPECT_FALSE(parseQuantity("wide", "V"));
    EXPECT_FALSE(parseQuantity("3 Hz", "V"));
}

TEST(Quantity, ParsesRanges) {
    const auto range = parseQuantityRange("1f .. 20fF", "F");
    ASSERT_TRUE(range);
    EXPECT_DOUBLE_EQ(range->low, 1e-15);
    EXPECT_DOUBLE_EQ(range->high, 20e-15);
    EXPECT_EQ(parseQuantityRange("-40", "C")->low, -40);
    EXPECT_EQ(parseQuantityRange("-40", "C")->high, -40);
    for (const char* text : {"1f..", "..1f", "1..2..3", "much"})
        EXPECT_FALSE(parseQuantityRange(text, "F")) << text;
}

TEST(Quantity, WritesSpiceNumbersThatReadBack) {
    EXPECT_EQ(formatSpice(2.5e-6), "2.5u");
    EXPECT_EQ(formatSpice(3e6), "3meg");
    EXPECT_EQ(formatSpice(0), "0");
    RandomEngine engine(7);
    for (int i = 0; i < 2000; ++i) {
        const double value = logUniform(engine, 1e-14, 1e12);
        const std::string text = formatSpice(value);
        char* end = nullptr;
        const double mantissa = std::strtod(text.c_str(), &end);
        const std::string suffix = end;
        double scale = 1;
        for (const auto& [name, factor] :
             std::initializer_list<std::pair<const char*, double>>{{"t", 1e12},
                                                                   {"g", 1e9},
                                                                   {"meg", 1e6},
                                                                   {"k", 1e3},
                                                                   {"m", 1e-3},
                                                                   {"u", 1e-6},
                                                                   {"n", 1e-9},
                                                                   {"p", 1e-12},
                                                                   {"f", 1e-15}}) {
            if (suffix == name) scale = factor;
        }
        EXPECT_NEAR(mantissa * scale / value, 1.0, 1e-12) << text;
    }
}

} // namespace
} // namespace headroom
