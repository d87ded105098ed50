#include "core/delay/characterisation.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <tuple>

#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/delay/waveform.h"
#include "core/simulation/ngspice_program.h"
#include "core/simulation/worker_engine.h"
#include "core/simulation/worker_process.h"

namespace headroom::delay {
namespace {

constexpr double kTimeout = 20;

technology::Technology freepdk() {
    const auto technology = technology::loadTechnology("freepdk45");
    EXPECT_TRUE(technology);
    return technology ? *technology : technology::Technology();
}

TEST(Waveform, CrossingsOfASmoothCurveAreExact) {
    std::vector<double> times, values;
    for (int i = 0; i <= 40; ++i) {
        times.push_back(0.05 * i + 0.01 * (i % 3)); // unevenly spaced
        values.push_back(std::tanh(3 * (times.back() - 1)));
    }
    const auto at = lastCrossing(times, values, 0.3, true, 0, 2);
    ASSERT_TRUE(at);
    const double truth = 1 + std::atanh(0.3) / 3;
    const auto after = static_cast<std::size_t>(
        std::find_if(values.begin(), values.end(), [](double value) { return value >= 0.3; }) -
        values.begin());
    const double byLine = times[after - 1] + (0.3 - values[after - 1]) * (times[after] - times[after - 1]) /
                                                 (values[after] - values[after - 1]);
    EXPECT_LT(std::abs(*at - truth), std::abs(byLine - truth) / 5);
    EXPECT_FALSE(lastCrossing(times, values, 0.3, false, 0, 2));
    EXPECT_FALSE(lastCrossing(times, values, 0.3, true, 1.5, 2));
    EXPECT_NEAR(timeOutside(times, values, 1, 0.1, 0, 2), 1 + std::atanh(0.9) / 3, 0.06);
    EXPECT_EQ(timeOutside(times, values, 1, 0.1, 1.9, 2), 1.9);
    EXPECT_NEAR(valueAt(times, values, 1.02), std::tanh(0.06), 5e-3);
    EXPECT_EQ(valueAt(times, values, -1), values.front());
    EXPECT_EQ(valueAt(times, values, 9), values.back());
}

/// The same measurement by the ngspice program with steps so short that they do not matter.
TEST(Characterisation, AgreesWithNgspicesOwnMeasurement) {
    const auto program = simulation::findNgspiceProgram();
    if (!program) GTEST_SKIP() << program.error().message;
    const auto technology = freepdk();
    const auto bench = CellBench::create(*loadCell("nand2"), technology, "");
    ASSERT_TRUE(bench) << bench.error().describe();
    const auto executable = simulation::findWorkerExecutable();
    ASSERT_TRUE(executable);
    auto worker = simulation::startWorkerEngine(*executable);
    auto judge = simulation::makeProgramEngine(*program);
    ASSERT_TRUE(worker && judge);
    SilentContext context;
    const auto deadline = simulation::Engine::Clock::now() + std::chrono::seconds(60);
    ASSERT_TRUE((*worker)->load(bench->deck(), deadline, context));
    ASSERT_TRUE((*judge)->load(bench->deck(), deadline, context));
    Conditions conditions = bench->nominal(1.0, 80, 4e-15, 12e-12);
    for (std::size_t i = 0; i < conditions.process.size(); ++i)
        conditions.process[i] *= i % 2 == 0 ? 1.04 : 0.97;
    // Another state before, so that what is altered is seen to be altered.
    const auto settling = bench->findSettling(**worker, bench->nominal(1.2, -20, 1e-15, 6e-12), 1e-15, 8e-15,
                                              kTimeout, context);
    ASSERT_TRUE(settling) << settling.error().describe();
    EXPECT_GT(settling->at(0).perFarad, 0);
    const auto figures = bench->measure(**worker, conditions, *settling, kTimeout, context);
    ASSERT_TRUE(figures) << figures.error().describe();
    ASSERT_EQ(figures->size(), 2U);

    using simulation::Alteration;
    std::vector<Alteration> changes;
    for (std::size_t i = 0; i < conditions.process.size(); ++i)
        changes.push_back({bench->process()[i].places.front().element,
                           bench->process()[i].places.front().parameter,
                           {conditions.process[i]},
                           Alteration::Of::Model});
    changes.push_back({{}, {}, {80}, Alteration::Of::Temperature});
    changes.push_back({"v_dd", {}, {1.0}});
    changes.push_back({"c_o0", {}, {4e-15}});
    changes.push_back({"v_i0", "pulse", {0, 1.0, 10e-12, 20e-12, 20e-12, 200e-12, 1}});
    changes.push_back({"v_i1", "pulse", {1.0, 1.0, 0, 1e-12, 1e-12, 1, 2}});
    simulation::Analysis analysis;
    analysis.kind = simulation::Analysis::Kind::Transient;
    analysis.to = 450e-12;
    analysis.step = 0.1e-12;
    const Cell& cell = bench->cell();
    analysis.wanted = {"time", fmt::format("n{}", cell.inputs[0]), fmt::format("n{}", cell.outputs[0])};
    const auto answer = (*judge)->analyse(changes, analysis, deadline, context);
    ASSERT_TRUE(answer) << answer.error().describe();
    // Lines between points 0.1 ps apart.
    const auto crossing = [&](std::size_t vector, double level, bool rising) {
        const auto &times = answer->vectors[0].numbers, &volts = answer->vectors[vector].numbers;
        for (std::size_t i = 1; i < times.size(); ++i)
            if ((volts[i - 1] < level) == rising && (volts[i] < level) != rising)
                return times[i - 1] +
                       (level - volts[i - 1]) * (times[i] - times[i - 1]) / (volts[i] - volts[i - 1]);
        return 0.0;
    };
    const double fall = crossing(2, 0.5, false) - crossing(1, 0.5, true),
                 rise = crossing(2, 0.5, true) - crossing(1, 0.5, false),
                 fallSlew = crossing(2, 0.2, false) - crossing(2, 0.8, false),
                 riseSlew = crossing(2, 0.8, true) - crossing(2, 0.2, true);
    EXPECT_GT(fall, 1e-12);
    const ArcFigures& arc = (*figures)[0];
    EXPECT_NEAR(arc.fall.delay, fall, 3e-3 * fall);
    EXPECT_NEAR(arc.rise.delay, rise, 3e-3 * rise);
    EXPECT_NEAR(arc.fall.slew, fallSlew, 6e-3 * fallSlew);
    EXPECT_NEAR(arc.rise.slew, riseSlew, 6e-3 * riseSlew);
}

TEST(Characterisation, IsThatOfItsSeedWhateverTheThreads) {
    CharacterisationSettings settings;
    settings.samples = 6;
    settings.seed = 5;
    settings.ranges.loadFarads = {1e-15, 16e-15};
    settings.ranges.slewSeconds = {4e-12, 60e-12};
    settings.threads = 1;
    SilentContext context;
    const auto cell = loadCell("and2");
    const auto one = characterise(*cell, freepdk(), settings, context);
    settings.threads = 3;
    const auto three = characterise(*cell, freepdk(), settings, context);
    ASSERT_TRUE(one && three);
    EXPECT_EQ(one->failed(), 0U);
    EXPECT_EQ(arcCsv(*one), arcCsv(*three));
    settings.samples = 3;
    const auto fewer = characterise(*cell, freepdk(), settings, context);
    ASSERT_TRUE(fewer);
    EXPECT_TRUE(arcCsv(*one).starts_with(arcCsv(*fewer))); // a larger set begins with the smaller one

    const auto table = parseCsv(delayCsv(*one));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->columns.size(), 12U + 4U + 1U);
    EXPECT_EQ(table->columns.back(), "delay [s]");
    EXPECT_TRUE(table->column("n_vth0 [V]") && table->column("load [F]") && table->column("slew [s]"));
    EXPECT_EQ(table->rows.size(), 6U);
    for (std::size_t sample = 0; sample < 6; ++sample) {
        const double load = one->conditions[sample][14];
        EXPECT_GE(load, 1e-15);
        EXPECT_LE(load, 16e-15);
        EXPECT_NEAR(std::stod(table->rows[sample].back()), one->propagationDelay(sample), 1e-20);
        EXPECT_GT(one->propagationDelay(sample), 1e-12);
        EXPECT_LT(one->propagationDelay(sample), 1e-9);
    }
}

TEST(Characterisation, DelaysGrowWithLoadAndSlew) {
    SilentContext context;
    const auto tables =
        tabulate(*loadCell("aoi21"), freepdk(), {5e-12, 40e-12}, {1e-15, 4e-15, 16e-15}, {}, context);
    ASSERT_TRUE(tables) << tables.error().describe();
    ASSERT_EQ(tables->arcs.size(), 5U);
    for (const ArcTable& arc : tables->arcs)
        for (std::size_t slew = 0; slew < 2; ++slew)
            for (std::size_t load = 1; load < 3; ++load) {
                EXPECT_GT(arc.figures[slew][load].rise.delay, arc.figures[slew][load - 1].rise.delay);
                EXPECT_GT(arc.figures[slew][load].fall.slew, arc.figures[slew][load - 1].fall.slew);
                EXPECT_GT(arc.figures[1][load].rise.delay, arc.figures[0][load].rise.delay);
            }
    const std::string text = libertyText(*tables, "freepdk45");
    EXPECT_NE(text.find("related_pin : \"a1\""), std::string::npos);
    EXPECT_NE(text.find("when : \"!a1 & a2\""), std::string::npos);
    EXPECT_NE(text.find("timing_sense : negative_unate"), std::string::npos);
    EXPECT_EQ(text.find("positive_unate"), std::string::npos);
    EXPECT_NE(text.find("index_1 (\"0.005, 0.04\")"), std::string::npos);
    EXPECT_EQ(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'));
}

std::size_t columnOf(const CellSamples& samples, const std::string& name) {
    const auto found = std::find_if(samples.columns.begin(), samples.columns.end(),
                                    [&](const ConditionColumn& column) { return column.name == name; });
    EXPECT_NE(found, samples.columns.end()) << name;
    return static_cast<std::size_t>(found - samples.columns.begin());
}

/// How strongly a sample's delay goes with a condition: Pearson's correlation.
double correlationWithDelay(const CellSamples& samples, const std::string& name) {
    const std::size_t column = columnOf(samples, name);
    const auto count = static_cast<double>(samples.conditions.size());
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (std::size_t sample = 0; sample < samples.conditions.size(); ++sample) {
        const double at = std::abs(samples.conditions[sample][column]),
                     delay = 1e12 * samples.propagationDelay(sample);
        x += at / count;
        y += delay / count;
        xx += at * at / count;
        yy += delay * delay / count;
        xy += at * delay / count;
    }
    return (xy - x * y) / std::sqrt((xx - x * x) * (yy - y * y));
}

/// The sizes of shipped cells follow the process; each bin of a model varies by the same share.
TEST(Characterisation, VariesCardsInBins) {
    const auto technology = technology::loadTechnology("gf180mcu");
    ASSERT_TRUE(technology);
    const auto bench = CellBench::create(*loadCell("nand3"), *technology, "");
    ASSERT_TRUE(bench) << bench.error().describe();
    EXPECT_NE(bench->deck().find("l=2.8e-07"), std::string::npos);
    EXPECT_EQ(bench->deck().find("l=5e-08"), std::string::npos);
    EXPECT_EQ(bench->process().size(), 12U);
    EXPECT_TRUE(bench->unvaried().empty()) << bench->unvaried();

    const auto mixed = netlist::parseNetlist(".subckt c a y vdd vss\nmp y a vdd vdd pmos w=3u l=280n\n"
                                             "mn y a vss vss nmos w=300n l=280n\n"
                                             "mm y a vss vss nmos w=2u l=280n\n.ends\n",
                                             "c.sp");
    ASSERT_TRUE(mixed);
    const auto twoBins = CellBench::create(*cellOf(*mixed), *technology, "ss");
    ASSERT_TRUE(twoBins) << twoBins.error().describe();
    const auto& process = twoBins->process();
    const auto threshold =
        std::find_if(process.begin(), process.end(), [](const auto& each) { return each.name == "n_vth0"; });
    ASSERT_NE(threshold, process.end());
    ASSERT_EQ(threshold->places.size(), 2U);
    EXPECT_EQ(threshold->nominal, *technology->figure("nmos_3p3", "vth0", 0, "ss"));
    EXPECT_EQ(threshold->places[1].element, "nmos_3p3.8");
    EXPECT_DOUBLE_EQ(threshold->places[1].share * threshold->nominal,
                     *technology->figure("nmos_3p3", "vth0", 8, "ss"));

    CharacterisationSettings settings;
    settings.samples = 60;
    settings.ranges.temperature = {27, 27};
    settings.ranges.supplyVolts = {3.3, 3.3};
    SilentContext context;
    const auto samples = characterise(*cellOf(*mixed), *technology, settings, context);
    ASSERT_TRUE(samples) << samples.error().describe();
    EXPECT_EQ(samples->failed(), 0U);
    EXPECT_GT(correlationWithDelay(*samples, "n_vth0"), 0.1);
    EXPECT_LT(correlationWithDelay(*samples, "p_u0"), -0.1);
    EXPECT_LT(correlationWithDelay(*samples, "n_lint"), -0.1); // a shorter channel is faster
}

/// A design kit's devices are subcircuits with sizes in micrometres; what varies is the MOSFET inside.
TEST(Characterisation, VariesModelsOfALibraryByThresholdAndMobility) {
    const auto folder =
        std::filesystem::path(testing::TempDir()) / ("headroom_cell_library_" + std::to_string(::getpid()));
    std::string library = ".lib tt\n";
    for (const auto& [kind, threshold, mobility] :
         {std::tuple("n", 0.45, 0.04), std::tuple("p", -0.45, 0.015)}) {
        library += fmt::format(".subckt {}fet d g s b w=1 l=1\nminside d g s b {}base w={{w}} l={{l}}\n"
                               ".model {}base {}mos level=54 version=4.5 vth0={} u0={} toxe=4e-9\n.ends\n",
                               kind, kind, kind, kind, threshold, mobility);
    }
    ASSERT_TRUE(writeFileAtomically(folder / "kit.lib", library + ".endl tt\n"));
    const std::string yaml = "name: kit\nsupply_voltage: 1.8\ncorners: [tt]\nlibrary:\n  file: kit.lib\n"
                             "  before: [.option scale=1u]\n  length_unit: 1e-6\nmosfets:\n"
                             "  - {model: nfet, polarity: n, aliases: [nmos], width: [0.3e-6, 1e-4], length: "
                             "[0.15e-6, 1e-5], inner_device: minside}\n"
                             "  - {model: pfet, polarity: p, aliases: [pmos], width: [0.3e-6, 1e-4], length: "
                             "[0.15e-6, 1e-5], inner_device: minside}\n";
    const auto technology = technology::parseTechnology(yaml, (folder / "kit.yaml").string());
    ASSERT_TRUE(technology) << technology.error().describe();
    CharacterisationSettings settings;
    settings.samples = 60;
    settings.ranges.temperature = {27, 27};
    settings.ranges.supplyVolts = {1.8, 1.8};
    SilentContext context;
    const auto samples = characterise(*loadCell("inv"), *technology, settings, context);
    ASSERT_TRUE(samples) << samples.error().describe();
    EXPECT_EQ(samples->failed(), 0U) << samples->errors.front()->describe();
    EXPECT_NE(samples->unvaried.find("are a library"), std::string::npos) << samples->unvaried;
    EXPECT_TRUE(delayCsv(*samples).starts_with("p_delvto [V],p_mulu0,n_delvto [V],n_mulu0,delay [s]\n"));
    EXPECT_LT(correlationWithDelay(*samples, "n_mulu0"), -0.1);
    EXPECT_LT(correlationWithDelay(*samples, "p_mulu0"), -0.1);
    settings.ranges.processScale = 0;
    settings.samples = 2;
    const auto nominal = characterise(*loadCell("inv"), *technology, settings, context);
    ASSERT_TRUE(nominal);
    EXPECT_TRUE(nominal->unvaried.empty());
    std::filesystem::remove_all(folder);
}

TEST(Characterisation, RefusesWhatMakesNoSense) {
    SilentContext context;
    const auto cell = loadCell("inv");
    CharacterisationSettings settings;
    settings.samples = 2;
    settings.ranges.loadFarads = {2e-15, 1e-15};
    EXPECT_NE(characterise(*cell, freepdk(), settings, context).error().message.find("loads"),
              std::string::npos);
    settings.ranges.loadFarads = {1e-15, 1e-15};
    settings.corner = "nowhere";
    EXPECT_EQ(characterise(*cell, freepdk(), settings, context).error().code, ErrorCode::NotFound);
    settings.corner.clear();
    // Far below any threshold voltage it does not switch in time.
    settings.ranges.supplyVolts = {0.05, 0.05};
    const auto dead = characterise(*cell, freepdk(), settings, context);
    ASSERT_FALSE(dead);
    EXPECT_NE(dead.error().code, ErrorCode::Internal);
    CharacterisationSettings endless;
    endless.ranges.slewSeconds = {1e-12, 1};
    EXPECT_NE(characterise(*cell, freepdk(), endless, context).error().message.find("input slews"),
              std::string::npos);
    context.cancel();
    EXPECT_EQ(characterise(*cell, freepdk(), {}, context).error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace headroom::delay
