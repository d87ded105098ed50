#include "core/netlist/spice_number.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/random.h"
#include "core/netlist/value_text.h"

namespace headroom::netlist {
namespace {

std::optional<double> spice(std::string_view text) {
    return parseSpiceNumber(text);
}

TEST(SpiceNumber, KnowsTheSuffixes) {
    EXPECT_EQ(spice("1T"), 1e12);
    EXPECT_EQ(spice("2g"), 2e9);
    EXPECT_EQ(spice("3MEG"), 3e6);
    EXPECT_EQ(spice("3Meg"), 3e6);
    EXPECT_EQ(spice("4k"), 4e3);
    EXPECT_EQ(spice("1M"), 1e-3);
    EXPECT_EQ(spice("5u"), 5e-6);
    EXPECT_EQ(spice("6n"), 6e-9);
    EXPECT_EQ(spice("7p"), 7e-12);
    EXPECT_EQ(spice("8f"), 8e-15);
    EXPECT_DOUBLE_EQ(*spice("1mil"), 25.4e-6);
    EXPECT_EQ(spice("1\u00b5"), 1e-6);
    EXPECT_EQ(spice("1\u03bcm"), 1e-6);
    EXPECT_EQ(spice("1\xb5"), 1e-6);
}

TEST(SpiceNumber, IgnoresUnits) {
    EXPECT_EQ(spice("10Volts"), 10.0);
    EXPECT_EQ(spice("4Farads"), 4e-15);
    EXPECT_EQ(spice("2.5um"), 2.5e-6);
    EXPECT_EQ(spice("1kOhm"), 1e3);
    EXPECT_EQ(spice("1x"), 1.0);
    EXPECT_EQ(spice("1a"), 1.0);
}

TEST(SpiceNumber, ReadsExponents) {
    EXPECT_EQ(spice("1e3meg"), 1e9);
    EXPECT_EQ(spice("4E-6"), 4e-6);
    EXPECT_EQ(spice("4D-6"), 4e-6);
    EXPECT_EQ(spice("+.5"), 0.5);
    EXPECT_EQ(spice("-5."), -5.0);
    EXPECT_EQ(spice("1e"), 1.0);
    EXPECT_EQ(spice("1e-400"), 0.0);
    EXPECT_FALSE(spice("1e400"));
    EXPECT_FALSE(spice("1e99999999999999999999"));
    EXPECT_EQ(spice("1e-99999999999999999999"), 0.0);
}

TEST(SpiceNumber, RefusesWhatIsNoNumber) {
    for (const char* text : {"", "+", ".", "e3", "abc", "1+2", "2*w", "1_000", "5.5.5", "--1", "{1}"}) {
        EXPECT_FALSE(spice(text)) << text;
    }
}

TEST(SpiceNumber, FollowsTheDialect) {
    EXPECT_EQ(parseSpiceNumber("1x", NumberRules::of(Dialect::Hspice)), 1e6);
    EXPECT_EQ(parseSpiceNumber("1a", NumberRules::of(Dialect::Hspice)), 1e-18);
    EXPECT_EQ(parseSpiceNumber("6K34", NumberRules::of(Dialect::Ngspice)), 6000.0);
    EXPECT_EQ(parseSpiceNumber("6K34", NumberRules::of(Dialect::Ltspice)), 6340.0);
    NumberRules mega;
    mega.capitalMIsMega = true;
    EXPECT_EQ(parseSpiceNumber("1M", mega), 1e6);
    EXPECT_EQ(parseSpiceNumber("1m", mega), 1e-3);
}

TEST(SpiceNumber, RoundsOnce) {
    EXPECT_EQ(spice("2.35u"), 2.35e-6);
    EXPECT_EQ(spice("613.454109191e-9"), 613.454109191e-9);
    EXPECT_EQ(parseSpiceNumber("2.35", {}, -6), 2.35e-6);
}

TEST(ValueText, ReadsBackExactly) {
    RandomEngine engine(11);
    for (int i = 0; i < 20000; ++i) {
        const double value = logUniform(engine, 1e-18, 1e18) * (i % 7 == 0 ? -1 : 1);
        for (const char* token : {"4u", "4e-6", "0.18", "10k", "1MEG", "{w}", "1mil", "3.3"}) {
            const std::string text = writeValue(value, styleOf(token, {}));
            const double back = spice(text).value_or(0);
            EXPECT_LE(std::abs(back - value), 4 * std::numeric_limits<double>::epsilon() * std::abs(value))
                << text;
        }
        const std::string micrometres = writeValue(value, styleOf("0.15", {}, -6));
        EXPECT_LE(std::abs(parseSpiceNumber(micrometres, {}, -6).value_or(0) - value),
                  4 * std::numeric_limits<double>::epsilon() * std::abs(value))
            << micrometres;
    }
}

TEST(ValueText, RoundsNoiseAway) {
    EXPECT_EQ(writeValue(470 * 5e-9, ValueStyle{}), "2.35u");
    EXPECT_EQ(writeValue(0.1 + 0.2, styleOf("1", {})), "0.3");
    EXPECT_EQ(writeValue(2.3500001e-6, ValueStyle{}), "2.3500001u");
    EXPECT_EQ(writeValue(0, styleOf("4u", {})), "0u");
}

} // namespace
} // namespace headroom::netlist
