#include <cmath>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/core/simulation/test_amplifiers.h"

namespace headroom::simulation {
namespace {

Evaluation measure(const std::vector<std::string>& measurements, std::vector<Performance> performances = {}) {
    EvaluationSettings settings;
    settings.performances = std::move(performances);
    for (const std::string& text : measurements)
        settings.measurements.push_back(parseMeasurement(text).value());
    return simulate(*makePool(exampleAmplifier("miller.sp"), settings));
}

TEST(UserMeasurement, IsReadFromText) {
    const auto measurement = parseMeasurement("bandwidth[Hz] = ac : when vdb(out)=60");
    ASSERT_TRUE(measurement);
    EXPECT_EQ(measurement->name, "bandwidth");
    EXPECT_EQ(measurement->unit, "Hz");
    EXPECT_EQ(measurement->analysis, Measurement::Analysis::OpenLoop);
    EXPECT_EQ(measurement->expression, "when vdb(out)=60");
    EXPECT_EQ(parseMeasurement("x=op:v(out)")->unit, "");
    for (const char* bad :
         {"", "x", "x=", "x=op", "x=op:", "x=dc:v(out)", "1x=op:v(out)", "gain_db=op:v(out)", "x[V=op:v(out)",
          "x=op:v(out)\nquit", "x=op:v(out);shell ls", "x=op:`ls`", "=op:1"}) {
        const auto refused = parseMeasurement(bad);
        ASSERT_FALSE(refused) << bad;
        EXPECT_EQ(refused.error().code, ErrorCode::BadInput) << bad;
    }
}

TEST(UserMeasurement, GivesWhatTheBuiltInFiguresSay) {
    const Evaluation evaluation = measure(
        {"unity[Hz]=ac:when vdb(out)=0", "gm1[S]=op:@M1[gm]", "level[V]=op:v(OUT)", "pair=op:v(inp,inn)",
         "dc_gain=ac:db(v(out))[0]", "noise[V]=noise:inoise_total", "top[V]=rising:max v(out)",
         "bottom[V]=falling:vecmin(v(out))", "bare[V]=op:out*2", "isAbove=op:v(out)>0.1",
         "isBelow=op:v(out) <= 0.1"},
        {Performance::TransitFrequency, Performance::GainDb, Performance::NoiseInput, Performance::Offset});
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    const auto& m = evaluation.measurements;
    const auto& p = evaluation.performances;
    ASSERT_EQ(m.size(), 11U);
    EXPECT_NEAR(m.at("unity"), p.at(Performance::TransitFrequency),
                5e-3 * p.at(Performance::TransitFrequency));
    EXPECT_NEAR(m.at("gm1"), evaluation.operatingPoint.devices.at("M1").gm, 1e-9);
    EXPECT_NEAR(m.at("level"), evaluation.operatingPoint.nets.at("out"), 1e-9);
    EXPECT_NEAR(m.at("bare"), 2 * evaluation.operatingPoint.nets.at("out"), 1e-9);
    EXPECT_NEAR(m.at("pair"), p.at(Performance::Offset), 1e-9);
    EXPECT_NEAR(m.at("dc_gain"), p.at(Performance::GainDb), 1e-9);
    // ngspice's own total is coarse: it stops at the last point below f_t or beyond.
    EXPECT_NEAR(m.at("noise"), p.at(Performance::NoiseInput), 0.15 * m.at("noise"));
    EXPECT_EQ(m.at("isAbove"), 1);
    EXPECT_EQ(m.at("isBelow"), 0);
    EXPECT_NEAR(m.at("top"), 0.99, 0.02);
    EXPECT_NEAR(m.at("bottom"), 0.11, 0.02);
}

TEST(UserMeasurement, WhatTheCircuitDoesNotHaveIsNamed) {
    const auto refusal = [](const char* text) {
        EvaluationSettings settings;
        settings.measurements = {parseMeasurement(text).value()};
        const auto pool = EvaluationPool::create(exampleAmplifier("miller.sp"), settings);
        if (pool) return std::string("accepted");
        EXPECT_EQ(pool.error().code, ErrorCode::BadInput) << text;
        return pool.error().message;
    };
    EXPECT_NE(refusal("x=op:v(nowhere)").find("no net nowhere"), std::string::npos);
    EXPECT_NE(refusal("x=ac:db(v(out))-vdb(nowhere)").find("no net nowhere"), std::string::npos);
    EXPECT_NE(refusal("x=op:@M99[gm]").find("no device M99"), std::string::npos);
    EXPECT_NE(refusal("x=op:i(R7)").find("no device R7"), std::string::npos);
    EXPECT_NE(refusal("x=op:v(out").find("bracket"), std::string::npos);
    EXPECT_NE(refusal("x=op:@M1").find("QUANTITY"), std::string::npos);
    EXPECT_NE(refusal("x=op:max v(out)").find("search"), std::string::npos);
    // To ngspice this would be a redirection into a file.
    EXPECT_NE(refusal("x=ac:when vdb(out)=60 > victim").find("compare"), std::string::npos);
}

TEST(UserMeasurement, AnExpressionWithoutANumberIsANote) {
    const Evaluation evaluation =
        measure({"fine=op:v(out)", "odd=op:v(out)+nonsense", "never=ac:when vdb(out)=900"});
    ASSERT_TRUE(evaluation.ok());
    EXPECT_EQ(evaluation.measurements.size(), 1U);
    std::string notes;
    for (const std::string& note : evaluation.notes)
        notes += note;
    EXPECT_NE(notes.find("odd gives no number: vector nonsense is not available"), std::string::npos)
        << notes;
    EXPECT_NE(notes.find("never gives no number: out of interval"), std::string::npos) << notes;
}

TEST(UserMeasurement, NgspicesReasonIsTheSameFromBothEngines) {
    if (std::system("command -v ngspice >/dev/null") != 0) GTEST_SKIP() << "there is no ngspice program";
    for (const EngineKind engine : {EngineKind::Workers, EngineKind::Program}) {
        EvaluationSettings settings;
        settings.performances = {};
        settings.measurements = {parseMeasurement("slope=ac:deriv vdb(out) at=1k").value(),
                                 parseMeasurement("odd=op:odd(v(out))").value()};
        PoolOptions options;
        options.engine = engine;
        const Evaluation evaluation = simulate(*makePool(exampleAmplifier("miller.sp"), settings, options));
        ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
        ASSERT_EQ(evaluation.notes.size(), 2U);
        EXPECT_NE(evaluation.notes[0].find("slope gives no number: function 'deriv' currently not supported"),
                  std::string::npos)
            << evaluation.notes[0];
        EXPECT_NE(evaluation.notes[1].find("odd gives no number: "), std::string::npos)
            << evaluation.notes[1];
    }
}

TEST(UserMeasurement, BracketsMayBePartOfADevicesName) {
    std::string text = readFile(resourcePath("examples/miller.sp")).value();
    for (const char* card : {"\nM1 ", "\nM2 "})
        text.replace(text.find(card), 4, card[2] == '1' ? "\nM[1] " : "\nM[2] ");
    EvaluationSettings settings;
    settings.performances = {};
    settings.measurements = {parseMeasurement("gm2[S]=op:@M[2][gm]").value(),
                             parseMeasurement("both[S]=op:@M[1][gm]+@M[2][gm]").value()};
    const Evaluation evaluation = simulate(*makePool(amplifierFromText(text), settings));
    ASSERT_TRUE(evaluation.ok()) << evaluation.error->describe();
    const double gm = evaluation.operatingPoint.devices.at("M[2]").gm;
    EXPECT_NEAR(evaluation.measurements.at("gm2"), gm, 1e-9);
    EXPECT_NEAR(evaluation.measurements.at("both"), evaluation.operatingPoint.devices.at("M[1]").gm + gm,
                1e-9);
}

} // namespace
} // namespace headroom::simulation
