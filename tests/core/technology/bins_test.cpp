#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/core/technology/plain_ngspice.h"

namespace headroom::technology {
namespace {

// The second bin lies before its neighbours in size, so that a shared edge shows which one is taken.
const std::string binned = R"(name: binned
supply_voltage: 1.8
corners: [typical, slow]
mosfets:
  - {model: NX, polarity: n, aliases: [nmos], width: [1e-6, 1e-5], length: [1e-7, 1e-6]}
  - {model: PX, polarity: p, aliases: [pmos], width: [1e-6, 1e-4], length: [1e-7, 1e-5]}
cards:
  NX:
    type: nmos
    level: 54
    version: "4.8"
    bins:
      - {length: [5e-7, 1e-6], width: [1e-6, 5e-6]}
      - {length: [1e-7, 5e-7], width: [1e-6, 5e-6]}
      - {length: [1e-7, 1e-6], width: [5e-6, 1e-5]}
    figures: {toxe: 3e-9, vth0: [0.1, 0.2, 0.3]}
    corners: {slow: {toxe: 3.2e-9, vth0: [0.15, 0.25, 0.35]}}
  PX: {type: pmos, level: 1, figures: {vto: -0.5, kp: 4e-5}}
)";

Technology parsed(const std::string& yaml = binned) {
    const auto technology = parseTechnology(yaml, "binned.yaml");
    EXPECT_TRUE(technology) << technology.error().describe();
    return technology.value_or(Technology());
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

TEST(Bins, FiguresAreThoseOfTheBinAndTheCorner) {
    const Technology technology = parsed();
    EXPECT_EQ(technology.figure("NX", "vth0", 1), 0.2);
    EXPECT_EQ(technology.figure("NX", "vth0", 2, "slow"), 0.35);
    EXPECT_EQ(technology.figure("NX", "toxe", 2, "slow"), 3.2e-9);
    EXPECT_EQ(technology.figure("PX", "vto"), -0.5);
    EXPECT_EQ(technology.figure("NX", "u0"), std::nullopt);
    EXPECT_EQ(technology.figure("QX", "u0"), std::nullopt);
}

TEST(Bins, ModelTextNarrowsToWhatIsUsed) {
    const Technology technology = parsed();
    const auto all = technology.modelText("slow");
    ASSERT_TRUE(all);
    for (const char* card :
         {".model NX.0 nmos level=54 version=4.8 lmin=5e-07 lmax=1e-06 wmin=1e-06 wmax=5e-06\n",
          ".model NX.2 ", ".model PX pmos level=1\n", "vth0=0.25\n", "toxe=3.2e-09"})
        EXPECT_NE(all->find(card), std::string::npos) << card << *all;
    const auto one = technology.modelText("slow", {{"NX", 1}});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->find(".model NX.1 "), 0U) << *one;
    EXPECT_EQ(one->find(".model", 1), std::string::npos) << *one;
    EXPECT_EQ(technology.modelText("", {{"QX", 0}}).error().message, "Technology binned has no model QX.");
    EXPECT_EQ(technology.modelText("", {{"NX", 3}}).error().message, "Model NX has no bin 3.");
    EXPECT_EQ(technology.modelText("", {{"PX", 1}}).error().message, "Model PX has no bin 1.");
}

TEST(Bins, ASizeOutsideOfAllIsSaid) {
    const Technology technology = parsed();
    const auto bin = technology.requireBin(technology.mosfets[0], 20e-6, 0.5e-6);
    ASSERT_FALSE(bin);
    EXPECT_EQ(bin.error().code, ErrorCode::Infeasible);
    EXPECT_EQ(
        bin.error().message,
        "The model NX holds no finger of W = 20 µm and L = 500 nm: its bins reach from W = 1 µm to 10 µm "
        "and from L = 100 nm to 1 µm.");
    EXPECT_EQ(technology.binOf(technology.mosfets[1], 1, 1), 0) << "a card without bins holds every size";
    EXPECT_FALSE(technology.reloadsOnResize(technology.mosfets[0]));
    EXPECT_EQ(technology.commandsBeforeDeck(), std::vector<std::string>{"set wnflag=1"});
}

struct Finger {
    double width, length; ///< m, of one finger
    int fingers;
};

std::string deckOf(const Technology& technology, const std::vector<Finger>& sizes) {
    std::string deck = "* bins\n" + *technology.modelText("") + "v0 d 0 1\n";
    for (std::size_t index = 0; index < sizes.size(); ++index)
        deck +=
            fmt::format("m{} d d 0 0 NX w={:.10g} l={:.10g} nf={}\n", index,
                        sizes[index].width * sizes[index].fingers, sizes[index].length, sizes[index].fingers);
    return deck + ".end\n";
}

TEST(Bins, AreThoseThatNgspiceChooses) {
    if (!hasNgspice()) GTEST_SKIP() << "there is no ngspice program";
    const Technology technology = parsed();
    std::vector<Finger> held;
    std::vector<Finger> refused;
    // On the edges, within and beyond ngspice's tolerance of 1 nm, and in between.
    for (const double width : {0.9e-6, 0.9985e-6, 0.9995e-6, 1e-6, 2e-6, 4.9e-6, 4.9985e-6, 4.9995e-6, 5e-6,
                               5.0005e-6, 5.0015e-6, 9e-6, 10e-6, 10.0005e-6, 10.0015e-6})
        for (const double length : {0.0985e-6, 0.0995e-6, 0.1e-6, 0.3e-6, 0.4985e-6, 0.4995e-6, 0.5e-6,
                                    0.5005e-6, 0.5015e-6, 1e-6, 1.0005e-6, 1.0015e-6})
            for (const int fingers : {1, 3}) {
                const bool isHeld = technology.binOf(technology.mosfets[0], width, length).has_value();
                (isHeld ? held : refused).push_back({width, length, fingers});
            }
    ASSERT_GT(held.size(), 200U);
    std::string commands = "op\n";
    for (std::size_t index = 0; index < held.size(); ++index)
        commands += fmt::format("showmod m{} : vth0\n", index);
    std::istringstream words(runNgspice(technology.commandsBeforeDeck(), deckOf(technology, held), commands));
    std::vector<double> thresholds;
    for (std::string word; words >> word;)
        if (double value = 0; word == "vth0" && words >> value) thresholds.push_back(value);
    ASSERT_EQ(thresholds.size(), held.size());
    for (std::size_t index = 0; index < held.size(); ++index)
        EXPECT_EQ(technology.figure(
                      "NX", "vth0",
                      *technology.binOf(technology.mosfets[0], held[index].width, held[index].length)),
                  thresholds[index])
            << held[index].width << ' ' << held[index].length << ' ' << held[index].fingers;

    ASSERT_GT(refused.size(), 20U);
    for (std::size_t index = 0; index < refused.size(); index += 9) {
        const std::string output =
            runNgspice(technology.commandsBeforeDeck(), deckOf(technology, {refused[index]}), "");
        EXPECT_NE(output.find("could not find a valid modelname"), std::string::npos)
            << refused[index].width << ' ' << refused[index].length << '\n'
            << output;
    }
}

TEST(Bins, TheFingerprintFollowsThem) {
    const std::string fingerprint = parsed().fingerprint();
    EXPECT_NE(parsed(replaced(binned, "[0.15, 0.25, 0.35]", "[0.15, 0.25, 0.36]")).fingerprint(),
              fingerprint);
    EXPECT_NE(parsed(replaced(replaced(replaced(binned, "[1e-6, 5e-6]}", "[1e-6, 6e-6]}"), "[1e-6, 5e-6]}",
                                       "[1e-6, 6e-6]}"),
                              "[5e-6, 1e-5]}", "[6e-6, 1e-5]}"))
                  .fingerprint(),
              fingerprint);
}

struct BadBins {
    const char* what;
    const char* with;
    int line;
    const char* message;
};

class BadBinsOfACard : public testing::TestWithParam<BadBins> {};

TEST_P(BadBinsOfACard, AreRefusedWithTheirLine) {
    const auto technology =
        parseTechnology(replaced(binned, GetParam().what, GetParam().with), "binned.yaml");
    ASSERT_FALSE(technology);
    EXPECT_EQ(technology.error().code, ErrorCode::BadInput);
    EXPECT_EQ(technology.error().file, "binned.yaml");
    EXPECT_EQ(technology.error().line, GetParam().line) << technology.error().describe();
    EXPECT_NE(technology.error().message.find(GetParam().message), std::string::npos)
        << technology.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Cards, BadBinsOfACard,
    testing::Values(
        BadBins{"[1e-7, 5e-7], width", "[1e-7, 6e-7], width", 14, "bin 1 of card NX overlaps bin 0"},
        BadBins{"[1e-7, 5e-7], width", "[1e-7, 4e-7], width", 13, "the bins of card NX leave a gap"},
        BadBins{"[1e-7, 5e-7], width", "[1e-7, 1e-7], width", 14, "bin 1 of card NX is empty"},
        BadBins{"[1e-7, 5e-7], width", "[-1e-7, 5e-7], width", 14, "\"length\" must be greater than zero"},
        BadBins{"[1e-7, 5e-7], width", "[5e-7, 1e-7], width", 14, "\"length\" must rise"},
        BadBins{"width: [5e-6, 1e-5]", "depth: [5e-6, 1e-5]", 15, "\"depth\" is no key of bin 2 of card NX"},
        BadBins{"[0.1, 0.2, 0.3]", "[0.1, 0.2]", 16,
                "\"vth0\" must have one value for each of the 3 bins, not 2"},
        BadBins{"[0.15, 0.25, 0.35]", "[0.15, 0.25, low]", 17, "\"vth0\" must be a number"},
        BadBins{"kp: 4e-5", "kp: [4e-5]", 18, "\"kp\" is a list, but the card has no bins"},
        BadBins{"width: [1e-6, 1e-5]", "width: [1e-6, 2e-5]", 5, "the limits of NX reach out of its bins"}));

} // namespace
} // namespace headroom::technology
