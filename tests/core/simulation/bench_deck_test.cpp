#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <sstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

/// Runs the plain ngspice program and collects its "name = value" lines.
std::map<std::string, double> runNgspice(const std::string& deck, int& status) {
    const auto file = std::filesystem::path(testing::TempDir()) /
                      ("headroom_bench_deck_" + std::to_string(::getpid()) + ".cir");
    if (!writeFileAtomically(file, deck)) throw std::runtime_error("the deck cannot be written");
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(
        ::popen(("ngspice -b " + file.string() + " 2>/dev/null").c_str(), "r"), ::pclose);
    std::string output;
    char buffer[4096];
    while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe.get()))
        output.append(buffer, count);
    status = ::pclose(pipe.release());
    std::map<std::string, double> values;
    std::istringstream lines(output);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string name;
        std::string equals;
        double value = 0;
        if (words >> name >> equals >> value && equals == "=") values[name] = value;
    }
    return values;
}

/// What two correct simulators may differ by.
double tolerance(Performance performance, double value) {
    const std::string unit = info(performance).unit;
    if (performance == Performance::Offset) return 1e-8;
    if (unit == "V/s") return 2e-3 * std::abs(value);
    // The deck takes eight times finer steps.
    if (performance == Performance::SettlingTime) return 5e-3 * std::abs(value);
    if (performance == Performance::CmrrDb || performance == Performance::PsrrPositiveDb) return 0.02;
    if (unit == "dB" || unit == "deg") return 2e-3;
    if (unit == "V") return 1e-5;
    return 1e-4 * std::abs(value);
}

class BenchDeck : public testing::TestWithParam<std::tuple<const char*, int>> {};

TEST_P(BenchDeck, GivesTheSameFiguresInPlainNgspice) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    const auto& [file, seed] = GetParam();
    const auto amplifier = exampleAmplifier(file);
    EvaluationSettings settings;
    settings.performances = allPerformances();
    const Sizing sizing =
        seed == 0 ? Sizing() : scatteredSizing(*amplifier, 0.05, static_cast<std::uint64_t>(seed));
    const Evaluation evaluation = simulate(*makePool(amplifier, settings), sizing);
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    const auto deck = writeBenchDeck(*amplifier, settings, sizing);
    ASSERT_TRUE(deck) << deck.error().describe();
    // Without the starting points that the pool's deck carries: another way to the same solution.
    std::string plain = *deck;
    for (std::size_t at = plain.find(" ic="); at != std::string::npos; at = plain.find(" ic=", at))
        plain.erase(at, plain.find('\n', at) - at);
    EXPECT_NE(plain, *deck);
    int status = -1;
    const auto figures = runNgspice(plain, status);
    EXPECT_EQ(status, 0);
    for (const auto& [performance, value] : evaluation.performances) {
        const char* name = info(performance).name;
        ASSERT_TRUE(figures.contains(name)) << name;
        EXPECT_NEAR(figures.at(name), value, tolerance(performance, value)) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(Sizings, BenchDeck,
                         testing::Combine(testing::Values("folded_cascode.sp", "miller.sp"),
                                          testing::Values(0, 1, 2, 3)));

TEST(BenchDeckText, WorksOutTheUsersMeasurements) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    const auto amplifier = exampleAmplifier("miller.sp");
    EvaluationSettings settings;
    settings.performances = {Performance::SettlingTime, Performance::NoiseInput};
    // tau and vds are names that the deck uses itself.
    for (const char* text : {"tau[Hz]=ac:when vdb(out)=60", "vds[S]=op:@M1[gm]", "dc=ac:db(v(out))[0]",
                             "total[V]=noise:inoise_total", "density=noise:inoise_spectrum",
                             "top[V]=rising:max v(out)", "bottom[V]=falling:vecmin(v(out))"})
        settings.measurements.push_back(parseMeasurement(text).value());
    const Evaluation evaluation = simulate(*makePool(amplifier, settings));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    ASSERT_EQ(evaluation.measurements.size(), settings.measurements.size());
    int status = -1;
    const auto figures = runNgspice(writeBenchDeck(*amplifier, settings, {}).value(), status);
    EXPECT_EQ(status, 0);
    for (const auto& [name, value] : evaluation.measurements) {
        ASSERT_TRUE(figures.contains(name)) << name;
        // ngspice's own total depends on the points of the noise analysis, which are denser here.
        EXPECT_NEAR(figures.at(name), value, (name == "total" ? 0.15 : 5e-3) * std::abs(value)) << name;
    }
}

TEST(BenchDeckText, ReportsNoPhaseMarginOfAnAmplifierThatOscillates) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    const auto amplifier = exampleAmplifier("three_stage.sp");
    EvaluationSettings settings;
    settings.performances = {Performance::TransitFrequency, Performance::PhaseMargin, Performance::SlewRate};
    const Sizing weak{{"M10", "w", 0.5e-6}, {"M11", "w", 1.5e-6}};
    for (const bool oscillates : {false, true}) {
        const auto deck = writeBenchDeck(*amplifier, settings, oscillates ? weak : Sizing());
        ASSERT_TRUE(deck) << deck.error().describe();
        int status = -1;
        const auto figures = runNgspice(*deck, status);
        EXPECT_EQ(status, 0);
        EXPECT_TRUE(figures.contains("transit_frequency"));
        EXPECT_NE(figures.contains("phase_margin"), oscillates);
        EXPECT_NE(figures.contains("slew_rate"), oscillates);
    }
}

TEST(BenchDeckText, TakesLowerStepsWhereThePoolDoes) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    const auto amplifier = exampleAmplifier("telescopic.sp");
    EvaluationSettings settings;
    settings.performances = {Performance::SlewRate, Performance::SlewRateRising, Performance::SlewRateFalling,
                             Performance::SettlingTime};
    const Evaluation evaluation = simulate(*makePool(amplifier, settings), {});
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    ASSERT_FALSE(evaluation.notes.empty());
    const auto deck = writeBenchDeck(*amplifier, settings, {});
    ASSERT_TRUE(deck) << deck.error().describe();
    int status = -1;
    const auto figures = runNgspice(*deck, status);
    EXPECT_EQ(status, 0);
    for (const Performance performance : settings.performances) {
        const double value = evaluation.performances.at(performance);
        ASSERT_TRUE(figures.contains(info(performance).name)) << info(performance).name;
        EXPECT_NEAR(figures.at(info(performance).name), value, tolerance(performance, value))
            << info(performance).name;
    }
}

TEST(BenchDeckText, RefusesWhatThePoolRefuses) {
    const auto deck = writeBenchDeck(*exampleAmplifier("miller.sp"), {}, {{"M99", "w", 1e-6}});
    ASSERT_FALSE(deck);
    EXPECT_EQ(deck.error().code, ErrorCode::BadInput);
}

} // namespace
} // namespace headroom::simulation
