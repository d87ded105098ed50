// Files that are broken by accident or on purpose: nothing may crash, hang or fill the memory, and every
// refusal points at a line.

#include <array>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/netlist/sizing_export.h"
#include "netlist_fixture.h"

namespace headroom::netlist {
namespace {

TEST(HostileInput, RefusesCellsThatContainThemselves) {
    const Error direct = refused("* t\n.subckt a x\nR1 x 0 1\nX1 x a\n.ends\nX1 n a\nV1 n 0 1\n");
    EXPECT_EQ(direct.line, 4);
    EXPECT_EQ(direct.message, "Subcircuit 'a' contains itself through 'X1'.");
    const Error indirect = refused("* t\n.subckt a x\nXb x b\n.ends\n.subckt b x\nXc x c\n.ends\n"
                                   ".subckt c x\n\nXa x a\n.ends\nX1 n a\n");
    EXPECT_EQ(indirect.line, 10);
    // Without a cell that is not instantiated there is no top, and still no hang.
    EXPECT_EQ(refused("* t\n.subckt a x\nX1 x b\n.ends\n.subckt b x\nX1 x a\n.ends\n").code,
              ErrorCode::BadInput);
}

TEST(HostileInput, RefusesHierarchiesThatExplode) {
    std::string text = "* doubling\n.subckt c0 x\nR1 x 0 1\n.ends\n";
    for (int i = 1; i < 60; ++i) {
        const std::string inner = " x c" + std::to_string(i - 1) + "\n";
        text += ".subckt c" + std::to_string(i) + " x\nX1" + inner + "X2" + inner + ".ends\n";
    }
    const Error error = refused(text);
    EXPECT_NE(error.message.find("too large"), std::string::npos) << error.message;

    // Few devices, but long names at every level and a huge value in each instance.
    std::string wide = "* long names\n.subckt c0 x\nR1 x 0 '" + std::string(100'000, '1') + "'\n.ends\n";
    for (int i = 1; i < 18; ++i) {
        const std::string inner = std::string(1000, 'n') + " x c" + std::to_string(i - 1) + "\n";
        wide += ".subckt c" + std::to_string(i) + " x\nX1" + inner + "X2" + inner + ".ends\n";
    }
    EXPECT_NE(refused(wide).message.find("too large"), std::string::npos);
}

TEST(HostileInput, RefusesVeryDeepHierarchies) {
    for (const bool leavesFirst : {true, false}) {
        std::string text = "* deep\n";
        std::string top = ".subckt top x\n";
        constexpr int kDepth = 20'000;
        for (int i = 0; i < kDepth; ++i) {
            const int cell = leavesFirst ? i : kDepth - 1 - i;
            const std::string body = cell == 0 ? "R1 x 0 1\n" : "X1 x c" + std::to_string(cell - 1) + "\n";
            text += ".subckt c" + std::to_string(cell) + " x\n" + body + ".ends\n";
            top += "X" + std::to_string(cell) + " x c" + std::to_string(cell) + "\n";
        }
        const Error error = refused(text + top + ".ends\n");
        EXPECT_EQ(error.message, "The hierarchy is too deep.");
        EXPECT_GT(error.line, 0);
    }
    std::string nested = "* nested\n";
    for (int i = 0; i < 10'000; ++i)
        nested += ".subckt c" + std::to_string(i) + " x\n";
    EXPECT_GT(refused(nested).line, 0);
}

TEST(HostileInput, ToleratesAbsurdFigures) {
    const Netlist netlist = parsed("* figures\n"
                                   ".subckt cell x\nM1 x x 0 0 nmos W=1u L=1u m=1e300\n.ends\n"
                                   "X1 n cell m=1e300\n"
                                   "X2 n cell m=-1\n"
                                   "X3 n cell m={nonsense}\n"
                                   "R1 n 0 1e999\n"
                                   "R2 n 0 '1/0'\n"
                                   "R3 n 0 '1+'\n"
                                   "V1 n 0 1\n");
    EXPECT_FALSE(device(netlist, "R1").number("value"));
    EXPECT_FALSE(device(netlist, "R2").number("value"));
    EXPECT_EQ(device(netlist, "X2/M1").number("m"), 1e300);
    EXPECT_FALSE(device(netlist, "X1/M1").number("m"));
    EXPECT_TRUE(says(netlist, Severity::Warning, "The multiplier of 'X2'"));
}

TEST(HostileInput, ToleratesLongLines) {
    std::string parameters = "M1 n n 0 0 nmos";
    for (int i = 0; i < 20'000; ++i)
        parameters += " p" + std::to_string(i) + "=1";
    EXPECT_NE(refused("* t\n" + parameters + "\nV1 n 0 1\n").message.find("more than 1000 parameters"),
              std::string::npos);
    std::string continued = "* t\nR1 n 0\n";
    for (int i = 0; i < 100'000; ++i)
        continued += "+\n";
    EXPECT_EQ(parsed(continued + "+ 1k\nV1 n 0 1\n").circuit.devices.size(), 2u);
    const std::string nested = std::string(200'000, '(') + "1" + std::string(200'000, ')');
    EXPECT_EQ(parsed("* t\nR1 n 0 {" + nested + "}\nV1 n 0 1\n").circuit.devices.size(), 2u);
    EXPECT_EQ(refused("* t\nR1 n 0 {" + std::string(200'000, '(') + "}\nV1 n 0 1\n").line, 2);
    EXPECT_EQ(parsed("* t\nR1 n 0 1k\nV1 n 0 1\n" + std::string(300'000, '+') + "\n").circuit.devices.size(),
              2u);
}

TEST(HostileInput, ListsTheFirstOfManyFindings) {
    std::string text = "* t\nR1 n 0 1\nV1 n 0 1\n";
    for (int i = 0; i < 5'000; ++i)
        text += ".card" + std::to_string(i) + "\n";
    const Netlist netlist = parsed(text);
    EXPECT_EQ(netlist.diagnostics.size(), 1001u);
    EXPECT_EQ(netlist.diagnostics.back().message, "4000 further findings are not listed.");
}

/// Whatever was read must hold together.
void expectConsistent(const Netlist& netlist) {
    EXPECT_EQ(netlist.lines.read, netlist.lines.accounted);
    const Circuit& circuit = netlist.circuit;
    ASSERT_EQ(circuit.globalNets.size(), circuit.nets.size());
    const int nets = static_cast<int>(circuit.nets.size());
    const auto expectInside = [&](const SourceSpan& span) {
        ASSERT_LT(static_cast<std::size_t>(span.file), netlist.files.size());
        ASSERT_LE(span.offset + span.length, netlist.files[static_cast<std::size_t>(span.file)].text.size());
        EXPECT_GT(span.line, 0);
        EXPECT_GT(span.column, 0);
    };
    for (const Device& each : circuit.devices) {
        expectInside(each.span);
        for (const NetId net : each.nets)
            ASSERT_TRUE(net >= 0 && net < nets);
        for (const Parameter& parameter : each.parameters) {
            if (parameter.span) expectInside(*parameter.span);
        }
        EXPECT_TRUE(each.type != DeviceType::Mosfet || each.nets.size() >= 4);
    }
    for (const Port& port : circuit.ports)
        ASSERT_TRUE(port.net >= 0 && port.net < nets);
}

/// Sizes every MOSFET; an edit that is accepted must read back.
void expectSizable(const Netlist& netlist) {
    Sizing sizing;
    for (const Device& each : netlist.circuit.devices) {
        if (each.type == DeviceType::Mosfet && each.span.file == 0)
            sizing.push_back({each.name, "w", 3.5e-6});
    }
    const auto edited = applySizing(netlist, sizing);
    if (!edited) return;
    const auto again = parseNetlist(edited->text, "fuzz.sp");
    ASSERT_TRUE(again) << edited->text;
    expectConsistent(*again);
    ASSERT_EQ(again->circuit.devices.size(), netlist.circuit.devices.size());
    for (const Assignment& each : sizing) {
        EXPECT_EQ(device(*again, each.device).number("w"), each.value) << edited->text;
    }
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed)
        : m_engine(seed) {}

    std::string mutate(std::string text) {
        const std::size_t count = 1 + below(4);
        for (std::size_t i = 0; i < count; ++i)
            mutateOnce(text);
        return text;
    }

    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_engine() % limit; }

private:
    void mutateOnce(std::string& text) {
        static constexpr std::array<std::string_view, 44> kPieces{"\n+ ",
                                                                  "\n",
                                                                  "\r\n",
                                                                  "'",
                                                                  "\"",
                                                                  "{",
                                                                  "}",
                                                                  "(",
                                                                  ")",
                                                                  "=",
                                                                  " = ",
                                                                  "$",
                                                                  " $",
                                                                  ";",
                                                                  "*",
                                                                  "\n*",
                                                                  "\n*.",
                                                                  "\\\n",
                                                                  ".subckt a b\n",
                                                                  ".ends\n",
                                                                  ".end\n",
                                                                  ".eom x\n",
                                                                  "X1 a b c\n",
                                                                  "\nX9 a a fuzz\n",
                                                                  ".include fuzz.sp\n",
                                                                  ".lib 'x' y\n",
                                                                  ".lib x\n",
                                                                  ".if (1)\n",
                                                                  ".else\n",
                                                                  ".endif\n",
                                                                  ".control\n",
                                                                  ".param w={w}\n",
                                                                  " m=1e300",
                                                                  " w='w*2'",
                                                                  "1e999",
                                                                  "nmos",
                                                                  ".model nmos pmos\n",
                                                                  ".global b\n",
                                                                  "*.PININFO a:I\n",
                                                                  "$PINS a=b",
                                                                  "/",
                                                                  ".option scale=1u\n",
                                                                  "\xff",
                                                                  ".func f(x) {f(x)}\n"};
        const std::size_t at = below(text.size() + 1);
        switch (below(7)) {
        case 0:
            if (at < text.size()) text[at] = static_cast<char>(below(256));
            break;
        case 1:
            text.erase(at, 1 + below(8));
            break;
        case 2:
            text.insert(at, kPieces[below(kPieces.size())]);
            break;
        case 3:
            text.insert(at, 1, static_cast<char>(1 + below(127)));
            break;
        case 4:
            text.insert(at, lineAt(text, below(text.size() + 1)));
            break;
        case 5: {
            const std::string line = lineAt(text, at);
            text.erase(std::min(text.rfind('\n', at) + 1, text.size()), line.size());
            break;
        }
        default:
            text.resize(at);
            break;
        }
    }

    static std::string lineAt(const std::string& text, std::size_t at) {
        const std::size_t before = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
        const std::size_t start = before == std::string::npos ? 0 : before + 1;
        const std::size_t end = text.find('\n', start);
        return text.substr(start, end == std::string::npos ? end : end - start + 1);
    }

    RandomEngine m_engine;
};

TEST(HostileInput, SurvivesMutatedNetlists) {
    std::vector<std::string> corpus;
    for (const char* name : {"examples/folded_cascode.sp", "examples/miller.sp"}) {
        corpus.push_back(readFile(resourcePath(name)).value());
    }
    corpus.push_back(
        "* auCdl Netlist:\n*.SCALE METER\n*.GLOBAL vdd!\n+ gnd!\n.SUBCKT inv A Y\n*.PININFO A:I Y:O\n"
        "MM1 Y A gnd! gnd! $[nch_lvt] w=1u l=0.1u $X=10 $Y=20\nRR1 Y A 1K $SUB=gnd! $[rpoly]\n.ENDS\n"
        ".SUBCKT fuzz in out\nXI1 in mid / inv\nXI2 / inv $PINS A=mid Y=out\n.ENDS\n");
    corpus.push_back(
        "title\n.param w1=1u l1='w1/2' f(x)='x*2'\n.func g(a,b) {a+b}\n.option scale=1u temp=25\n"
        ".subckt cell a b w=2u\n.param k=2\nM1 a b 0 0 nmos W='w*k' L={l1}\n+ m=2\nC1 a b 'g(1p,2p)'\n"
        ".ends cell\n.if (w1 > 0)\nX1 n p cell w='f(w1)' m=3\n.else\nX1 p n cell\n.endif\n"
        "V1 n 0 DC 1 AC 1 PULSE(0 1 1n)\nI1 p 0 1u\nE1 p 0 n 0 10\n.control\nrun\n.endc\n.end\n");
    corpus.push_back(
        "** Generated for: hspiceD\n.GLOBAL vdd! gnd!\n.TEMP 25.0\n.OPTION\n+    ARTIST=2\n+    PSF=2\n"
        "m1 out in1 net1 gnd! nmos\nm2 net2 in2 net1 gnd! nmos L=1u W=2u\ncl out gnd!\n"
        ".MACRO fuzz a b\nmLoadCapacitor1 a b 1p\n.EOM fuzz\nx1 out net2 fuzz\n.END\n");
    corpus.push_back(
        "RC low pass 1kHz\n.prot\n.if (f(late) == 4)\nE1 o 0 vcvs a 0 10\n.else\nE1 (o 0) (a,0) "
        "5\n.endif\n.unprot\n"
        "F1 o 0 V1 2\nH1 o 0 POLY(1) V1 0 1\nE2 o 0 TABLE {V(a)} = (0,0) (1,1)\nE3 o 0 a 0 Laplace=1/(1+s)\n"
        "B1 o 0 V = V(a) * V(o)\nW1 a o V1 wmod\na3 [a o] %vd(a o) ~o s\nQ1 a o 0 0 2N3904 OFF\nM1 a o 0 "
        "IRF530\n"
        "D1 a 0 1N4148 1.5 IC=0.5,1\nV1 a 0 PWL FILE=\"x\"\nC1 a 0 1u mfg=\"K M\"\n.subckt s (a b) w=w\n"
        "*.ipin a\nR1 a b {w}\n.ends\nX1 (a o) s\n.func f(x) {2*x}\n.param late=2 w=1k\n.alter\n.param "
        "late=3\n"
        "V1 a 0 2\n.end\n");
    corpus.push_back(
        ".SUBCKT c A B S\nDD0 A B $[ndio] 1.5p\nQQ1 A B S $[vpnp] $SUB=S\nRR1 A B 1K $.MODEL=rp\n"
        "MM0 A B S S nch $LDD[NL] w=1u l=1u\nXI1 A B d $T=0 0 0 0 $X=1\n.ENDS\n");
    corpus.push_back("A 5 transistor OTA\nsimulator lang=spectre\nreal g(real a)\n{\n  return a*2;\n}\n"
                     "ff altergroup {\n  parameters w=1\n}\nparameters w=2u\nif (w > 1) {\nM1 (d g 0 0) nch "
                     "w=g(w) l=1u region=sat\n"
                     "}\nR1 (d g) resistor r=1K\nF1 (d 0) cccs gain=2 probe=V1\nV1 (d 0) vsource dc=1\n");
    if (const auto folder = thirdPartyNetlists()) {
        corpus.push_back(readFile(*folder / "acst/sized/two_stage_single_output_op_amp_36_7.ckt").value());
        corpus.push_back(readFile(*folder / "align/single_ended_LG_nmos_cr13_1.sp").value());
    }
    Mutator mutator(20240229);
    int readable = 0;
    constexpr int kIterations = 20'000;
    for (int i = 0; i < kIterations; ++i) {
        const std::string text = mutator.mutate(corpus[mutator.below(corpus.size())]);
        SCOPED_TRACE(i);
        const auto netlist = parseNetlist(text, "fuzz.sp");
        if (!netlist) {
            EXPECT_FALSE(netlist.error().message.empty());
            continue;
        }
        ++readable;
        expectConsistent(*netlist);
        expectSizable(*netlist);
        if (HasFailure()) FAIL() << text;
    }
    // Most mutations leave something that can be read; otherwise this test would not test much.
    EXPECT_GT(readable, kIterations / 3);
}

} // namespace
} // namespace headroom::netlist
