#include "core/technology/library_excerpt.h"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"

namespace headroom::technology {
namespace {

/// A small kit: a binned subcircuit, a plain binned model, and much that neither needs.
class Excerpt : public testing::Test {
protected:
    Excerpt()
        : m_folder(std::filesystem::path(testing::TempDir()) /
                   ("headroom_excerpt_" + std::to_string(::getpid()))) {
        write("kit.lib",
              ".lib tt\n.param corner=1 unused=2\n.include \"cells/n.spice\"\n.lib 'kit.lib' common\n.endl\n"
              ".lib ss\n.param corner=3\n.endl\n.lib common\n.option scale=1.0u\n"
              ".model pplain.0 pmos level=14 lmin=1e-7 lmax=1e-6 wmin=1e-7 wmax=1e-4 vth0=-0.3\n"
              ".model pplain.1 pmos level=14 lmin=1e-6 lmax=1e-5 wmin=1e-7 wmax=1e-4 vth0=-0.4\n.endl\n");
        write("cells/n.spice", nfet("l = {l}"));
    }
    ~Excerpt() override { std::filesystem::remove_all(m_folder); }

    void write(const std::string& name, const std::string& text) const {
        ASSERT_TRUE(writeFileAtomically(m_folder / name, text));
    }

    static std::string nfet(const std::string& length) {
        return "* the subcircuit\n.param shared={corner*2} chain = 'shared+1'\n+ bin0=0.1\n* between two "
               "lines\n+ bin1=0.2\n"
               ".subckt nfet d g s b l=1 w=1 nf=1\nmnfet d g s b inner " +
               length +
               " w={w/nf} nf={nf}\n.model inner.0 nmos level=14\n+ lmin = 1e-07 lmax = 1e-06 wmin = 1e-07 "
               "wmax = 1e-04\n"
               "+ vth0={chain+bin0}\n.model inner.1 nmos level=14\n+ lmin = 1e-06 lmax = 1e-05 wmin = 1e-07\n"
               "+ wmax = 1e-04 vth0={chain+bin1}\n.ends nfet\n.subckt other d g s b\nm1 d g s b "
               "inner2\n.ends\n"
               ".model lonely d is=1e-14\n";
    }

    std::shared_ptr<const LibraryExcerpt> excerpt(const std::string& corner = "tt") const {
        const auto technology = parseTechnology("name: kit\nsupply_voltage: 1.8\ncorners: [tt, "
                                                "ss]\nlibrary:\n  file: kit.lib\n  length_unit: 1e-6\n"
                                                "  before: [.param mc=0]\nmosfets:\n  - {model: nfet, "
                                                "polarity: n, width: [1e-7, 1e-4], length: [1e-7, 1e-5], "
                                                "inner_device: mnfet}\n  - {model: pplain, polarity: p, "
                                                "width: [1e-7, 1e-4], length: [1e-7, 1e-5]}\n",
                                                (m_folder / "kit.yaml").string());
        if (!technology) throw std::runtime_error(technology.error().describe());
        return LibraryExcerpt::of(*technology, corner);
    }

    std::filesystem::path m_folder;
};

bool has(const std::string& text, const char* part) {
    return text.find(part) != std::string::npos;
}

TEST_F(Excerpt, HoldsTheBinsOfTheSizesAndWhatTheyLeadTo) {
    const auto kit = excerpt();
    ASSERT_TRUE(kit);
    const std::string text = kit->text({{"nfet", 2e-6, 2e-6, 0.5e-6}, {"pplain", 1e-6, 1e-6, 2e-6}});
    EXPECT_TRUE(text.starts_with(".param mc=0\n")) << text;
    for (const char* part : {".option scale=1.0u", ".subckt nfet", "inner.0", "bin0=0.1",
                             "chain = 'shared+1'", "shared={corner*2}", "corner=1", "pplain.1", ".ends nfet"})
        EXPECT_TRUE(has(text, part)) << part << " is missing in\n" << text;
    for (const char* part : {"inner.1", "bin1", "unused", "pplain.0", "other", "lonely", "corner=3"})
        EXPECT_FALSE(has(text, part)) << part << " is in\n" << text;
    // A parameter stands before what uses it.
    EXPECT_LT(text.find("corner=1"), text.find("shared="));
}

TEST_F(Excerpt, TakesAWidthAsThatOfAllFingersOrOfOne) {
    write("cells/n.spice", nfet("l = {l}"));
    const std::string text = excerpt()->text({{"nfet", 4e-6, 1e-6, 3e-6}});
    EXPECT_TRUE(has(text, "inner.1"));
    EXPECT_FALSE(has(text, "inner.0"));
    EXPECT_FALSE(has(text, "pplain")) << "a model that no device has";
}

TEST_F(Excerpt, KeepsAllBinsWhereItCannotTell) {
    // No bin holds this length: ngspice is to say so.
    EXPECT_TRUE(has(excerpt()->text({{"nfet", 1e-6, 1e-6, 1e-3}}), "inner.0"));
    EXPECT_TRUE(has(excerpt()->text({{"nfet", 1e-6, 1e-6, 1e-3}}), "inner.1"));
    // The subcircuit's own arithmetic decides about the bin.
    write("cells/n.spice", nfet("l = {l-0.1}"));
    const std::string text = excerpt()->text({{"nfet", 1e-6, 1e-6, 0.5e-6}});
    EXPECT_TRUE(has(text, "inner.0"));
    EXPECT_TRUE(has(text, "inner.1"));
}

TEST_F(Excerpt, IsLeftToNgspiceWhereTheLibraryIsNotPlain) {
    EXPECT_TRUE(excerpt());
    write("cells/n.spice", nfet("l = {l}") + ".include \"missing.spice\"\n");
    EXPECT_FALSE(excerpt());
    write("cells/n.spice", ".subckt nfet d g s b\nm1 d g s b inner l={l} w={w}\n");
    EXPECT_FALSE(excerpt());
    write("cells/n.spice", ".param a=1 \\\\\nb=2\n");
    EXPECT_FALSE(excerpt());
    write("cells/n.spice", ".include \"n.spice\"\n");
    EXPECT_FALSE(excerpt());
}

TEST_F(Excerpt, FollowsTheCorner) {
    const auto slow = excerpt("ss");
    ASSERT_TRUE(slow);
    EXPECT_TRUE(has(slow->text({}), ".param mc=0"));
    EXPECT_FALSE(has(slow->text({{"nfet", 1e-6, 1e-6, 1e-6}}), "subckt"));
}

} // namespace
} // namespace headroom::technology
