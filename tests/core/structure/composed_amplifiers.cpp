#include "tests/core/structure/composed_amplifiers.h"

#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tests/core/structure/circuit_builder.h"

namespace headroom::test {
namespace {

/// Types and rails as seen from the input pair: "own" is the pair's polarity and the rail its tail stands on.
enum class Type { Own, Other };

Type opposite(Type type) {
    return type == Type::Own ? Type::Other : Type::Own;
}

class Composer {
public:
    explicit Composer(bool nmosInput)
        : m_nmosInput(nmosInput) {
        transistor("bias bias", Type::Own, "ibias", "ibias", rail(Type::Own));
    }

    std::string rail(Type type) const { return (type == Type::Own) == m_nmosInput ? "vss" : "vdd"; }
    std::string node() { return fmt::format("n{}", ++m_nodes); }

    void transistor(const std::string& role, Type type, const std::string& drain, const std::string& gate,
                    const std::string& source) {
        const bool isN = (type == Type::Own) == m_nmosInput;
        add(role, fmt::format("m{}", ++m_devices),
            fmt::format("{} {} {} {} {}", drain, gate, source, isN ? "vss" : "vdd", isN ? "nmos" : "pmos"));
    }
    void capacitor(const std::string& role, const std::string& a, const std::string& b) {
        add(role, fmt::format("c{}", ++m_devices), a + " " + b);
    }
    void resistor(const std::string& role, const std::string& a, const std::string& b) {
        add(role, fmt::format("r{}", ++m_devices), a + " " + b + " 1k");
    }

    /// The gate net of current sources of a type.
    std::string sourceBias(Type type) {
        if (type == Type::Own) return "ibias";
        if (m_otherBias.empty()) {
            m_otherBias = node();
            transistor("bias bias", Type::Other, m_otherBias, m_otherBias, rail(Type::Other));
            transistor("bias bias", Type::Own, m_otherBias, "ibias", rail(Type::Own));
        }
        return m_otherBias;
    }
    /// The gate net of cascodes of a type, from a diode.
    std::string cascodeBias(Type type, const std::string& user) {
        CascodeBias& bias = m_cascodeBias[type == Type::Own ? 0 : 1];
        bias.users.insert(user);
        if (bias.net.empty()) {
            bias.net = node();
            transistor("bias bias", type, bias.net, bias.net, rail(type));
            bias.diode = fmt::format("m{}", m_devices);
            transistor("bias bias", opposite(type), bias.net, sourceBias(opposite(type)),
                       rail(opposite(type)));
        }
        return bias.net;
    }
    void source(const std::string& role, Type type, const std::string& net, bool cascoded,
                const std::string& gate = {}) {
        std::string low = net;
        if (cascoded) {
            low = node();
            transistor(role, type, net, cascodeBias(type, role), low);
        }
        transistor(role, type, low, gate.empty() ? sourceBias(type) : gate, rail(type));
    }

    ComposedAmplifier finish(const std::string& name, const std::vector<std::string>& ports) {
        // A diode that only the cascodes of a later stage's transconductor use belongs to that stage.
        for (const CascodeBias& bias : m_cascodeBias)
            if (bias.users.size() == 1 && bias.users.begin()->starts_with("transconductance"))
                m_roles[bias.diode] = "bias" + bias.users.begin()->substr(bias.users.begin()->find(' '));
        return {name, circuitOf(m_lines, ports), m_roles};
    }

private:
    struct CascodeBias {
        std::string net, diode;
        std::set<std::string> users; ///< roles of the cascodes
    };

    void add(const std::string& role, const std::string& name, const std::string& rest) {
        m_lines += name + " " + rest + "\n";
        m_roles[name] = role;
    }

    bool m_nmosInput;
    int m_devices = 0, m_nodes = 0;
    std::string m_lines, m_otherBias;
    std::array<CascodeBias, 2> m_cascodeBias;
    std::map<std::string, std::string> m_roles;
};

const std::vector<std::string> loads{"simple",      "cascode", "wide-swing", "four-transistor",
                                     "wilson",      "improved-wilson",       "simple+sources",
                                     "cascode+sources"};

/// A mirror of a type from @p in to @p out as load; "+sources" adds current sources of the other type.
void load(Composer& c, const std::string& kind, Type type, const std::string& in, const std::string& out) {
    const char* role = "load first";
    const std::string rail = c.rail(type);
    const std::string a = c.node();
    const std::string b = c.node();
    if (kind.starts_with("simple")) {
        c.transistor(role, type, in, in, rail);
        c.transistor(role, type, out, in, rail);
    } else if (kind.starts_with("cascode")) {
        c.transistor(role, type, in, in, a);
        c.transistor(role, type, a, a, rail);
        c.transistor(role, type, out, in, b);
        c.transistor(role, type, b, a, rail);
    } else if (kind == "wide-swing" || kind == "four-transistor") {
        const std::string gate = kind == "wide-swing" ? c.cascodeBias(type, role) : in;
        c.transistor(role, type, in, gate, a);
        c.transistor(role, type, a, in, rail);
        c.transistor(role, type, out, gate, b);
        c.transistor(role, type, b, in, rail);
    } else if (kind == "wilson") {
        c.transistor(role, type, in, a, rail);
        c.transistor(role, type, a, a, rail);
        c.transistor(role, type, out, in, a);
    } else {
        c.transistor(role, type, in, in, b);
        c.transistor(role, type, b, a, rail);
        c.transistor(role, type, out, in, a);
        c.transistor(role, type, a, a, rail);
    }
    if (!kind.ends_with("+sources")) return;
    for (const std::string& net : {in, out})
        c.source(role, opposite(type), net, false);
}

/// A gated stage of a type from @p in to @p out.
void gated(Composer& c, const std::string& stage, Type type, bool cascodedGm, bool cascodedBias,
           const std::string& in, const std::string& out) {
    std::string low = out;
    if (cascodedGm) {
        low = c.node();
        const std::string role = "transconductance " + stage;
        c.transistor(role, type, out, c.cascodeBias(type, role), low);
    }
    c.transistor("transconductance " + stage, type, low, in, c.rail(type));
    c.source("bias " + stage, opposite(type), out, cascodedBias);
}

struct Output {
    bool exists = false;
    bool cascodedGm = false, cascodedBias = false;
    std::string name;
};
const std::vector<Output> outputs{{false, false, false, "one-stage"},
                                  {true, false, false, "two-stage"},
                                  {true, true, false, "two-stage gm-cascode"},
                                  {true, false, true, "two-stage bias-cascode"},
                                  {true, true, true, "two-stage both-cascodes"}};

void pair(Composer& c, bool cascodedTail, const std::string& a, const std::string& b) {
    const std::string tail = c.node();
    c.transistor("transconductance first", Type::Own, a, "inp", tail);
    c.transistor("transconductance first", Type::Own, b, "inn", tail);
    c.source("bias first", Type::Own, tail, cascodedTail);
}

/// Cascodes of a type that take the pair's currents on to the load.
void cascodes(Composer& c, Type type, const std::string& a, const std::string& b, const std::string& toA,
              const std::string& toB) {
    c.transistor("load first", type, toA, c.cascodeBias(type, "load first"), a);
    c.transistor("load first", type, toB, c.cascodeBias(type, "load first"), b);
}

ComposedAmplifier singleEnded(bool nmos, const std::string& first, bool cascodedTail,
                              const std::string& loadKind, const Output& output, bool third) {
    Composer c(nmos);
    const std::string a = c.node();
    const std::string b = c.node();
    const std::string in = first == "simple" ? a : c.node();
    const std::string o1 = first == "simple" ? b : c.node();
    pair(c, cascodedTail, a, b);
    Type loadType = Type::Other;
    if (first == "telescopic") cascodes(c, Type::Own, a, b, in, o1);
    if (first == "folded") {
        for (const std::string& net : {a, b})
            c.source("load first", Type::Other, net, false);
        cascodes(c, Type::Other, a, b, in, o1);
        loadType = Type::Own;
    }
    load(c, loadKind, loadType, in, o1);
    std::string last = o1;
    if (output.exists) {
        last = c.node();
        gated(c, "second", loadType, output.cascodedGm, output.cascodedBias, o1, last);
        c.capacitor("compensation", o1, last);
    }
    if (third) {
        const std::string o3 = c.node();
        gated(c, "third", opposite(loadType), false, false, last, o3);
        c.capacitor("compensation", o1, o3);
        last = o3;
    }
    c.capacitor("load_capacitance", last, "vss");
    const std::string name =
        fmt::format("{} {} {}{} {}{}", nmos ? "n" : "p", first, loadKind, cascodedTail ? " cascode-tail" : "",
                    output.name, third ? " third" : "");
    return c.finish(name, {"inp", "inn", last, "ibias", "vdd", "vss"});
}

ComposedAmplifier symmetrical(bool nmos, bool cascodedTail, bool cascodedGm, bool cascodedBias) {
    Composer c(nmos);
    const std::string a = c.node(), b = c.node(), m = c.node(), out = c.node();
    pair(c, cascodedTail, a, b);
    for (const std::string& net : {a, b})
        c.transistor("load first", Type::Other, net, net, c.rail(Type::Other));
    for (const auto& [in, to] : {std::pair{a, m}, std::pair{b, out}}) {
        std::string low = to;
        if (cascodedGm) {
            low = c.node();
            const char* role = "transconductance second";
            c.transistor(role, Type::Other, to, c.cascodeBias(Type::Other, role), low);
        }
        c.transistor("transconductance second", Type::Other, low, in, c.rail(Type::Other));
    }
    const std::string low1 = cascodedBias ? c.node() : m;
    const std::string low2 = cascodedBias ? c.node() : out;
    if (cascodedBias) {
        const char* role = "bias second";
        c.transistor(role, Type::Own, m, c.cascodeBias(Type::Own, role), low1);
        c.transistor(role, Type::Own, out, c.cascodeBias(Type::Own, role), low2);
    }
    c.transistor("bias second", Type::Own, low1, m, c.rail(Type::Own));
    c.transistor("bias second", Type::Own, low2, m, c.rail(Type::Own));
    c.capacitor("load_capacitance", out, "vss");
    return c.finish(fmt::format("{} symmetrical{}{}{}", nmos ? "n" : "p", cascodedTail ? " cascode-tail" : "",
                                cascodedGm ? " gm-cascode" : "", cascodedBias ? " bias-cascode" : ""),
                    {"inp", "inn", out, "ibias", "vdd", "vss"});
}

ComposedAmplifier complementary(bool nmos, bool cascodedTails, const Output& output) {
    Composer c(nmos);
    const std::string upA = c.node(), upB = c.node(), lowA = c.node(), lowB = c.node();
    const std::string in = c.node(), o1 = c.node(), tail = c.node();
    pair(c, cascodedTails, upA, upB);
    c.transistor("transconductance first", Type::Other, lowA, "inp", tail);
    c.transistor("transconductance first", Type::Other, lowB, "inn", tail);
    c.source("bias first", Type::Other, tail, cascodedTails);
    for (const std::string& net : {upA, upB})
        c.source("load first", Type::Other, net, false);
    cascodes(c, Type::Other, upA, upB, in, o1);
    cascodes(c, Type::Own, lowA, lowB, in, o1);
    for (const std::string& net : {lowA, lowB})
        c.transistor("load first", Type::Own, net, in, c.rail(Type::Own));
    std::string last = o1;
    if (output.exists) {
        last = c.node();
        gated(c, "second", Type::Own, output.cascodedGm, output.cascodedBias, o1, last);
        c.capacitor("compensation", o1, last);
    }
    c.capacitor("load_capacitance", last, "vss");
    return c.finish(fmt::format("{} complementary{} {}", nmos ? "n" : "p",
                                cascodedTails ? " cascode-tails" : "", output.name),
                    {"inp", "inn", last, "ibias", "vdd", "vss"});
}

/// Two pairs compare each output with the reference; their load diode drives the first stage's sources.
void commonModeFeedback(Composer& c, Type type, bool cascodedTail, const std::string& outp,
                        const std::string& outn, const std::string& control) {
    const std::string other = c.node();
    for (const std::string& out : {outp, outn}) {
        const std::string tail = c.node();
        c.transistor("transconductance feedback", type, other, out, tail);
        c.transistor("transconductance feedback", type, control, "vref", tail);
        c.source("bias feedback", type, tail, cascodedTail);
    }
    for (const std::string& net : {other, control})
        c.transistor("load feedback", opposite(type), net, net, c.rail(opposite(type)));
}

ComposedAmplifier differential(bool nmos, const std::string& first, bool cascodedTail, bool cascodedLoad,
                               const Output& output) {
    Composer c(nmos);
    const std::string a = c.node(), b = c.node(), control = c.node();
    const std::string o1 = first == "simple" ? a : c.node();
    const std::string o2 = first == "simple" ? b : c.node();
    pair(c, cascodedTail, a, b);
    Type loadType = Type::Other;
    if (first == "telescopic") cascodes(c, Type::Own, a, b, o1, o2);
    if (first == "folded") {
        for (const std::string& net : {a, b})
            c.source("load first", Type::Other, net, false);
        cascodes(c, Type::Other, a, b, o1, o2);
        loadType = Type::Own;
    }
    for (const std::string& net : {o1, o2})
        c.source("load first", loadType, net, cascodedLoad, control);
    std::vector<std::string> last{o1, o2};
    if (output.exists) {
        for (std::string& net : last) {
            const std::string to = c.node();
            gated(c, "second", loadType, output.cascodedGm, output.cascodedBias, net, to);
            c.capacitor("compensation", net, to);
            net = to;
        }
    }
    commonModeFeedback(c, opposite(loadType), cascodedTail, last[0], last[1], control);
    for (const std::string& net : last)
        c.capacitor("load_capacitance", net, "vss");
    return c.finish(fmt::format("{} differential {}{}{} {}", nmos ? "n" : "p", first,
                                cascodedTail ? " cascode-tail" : "", cascodedLoad ? " cascode-load" : "",
                                output.name),
                    {"inp", "inn", last[0], last[1], "vref", "ibias", "vdd", "vss"});
}

} // namespace

std::vector<ComposedAmplifier> composedAmplifiers() {
    std::vector<ComposedAmplifier> result;
    for (const bool nmos : {true, false}) {
        for (const char* first : {"simple", "telescopic", "folded"})
            for (const bool tail : {false, true})
                for (const Output& output : outputs) {
                    for (const std::string& kind : loads)
                        result.push_back(singleEnded(nmos, first, tail, kind, output, false));
                    for (const bool cascodedLoad : {false, true})
                        result.push_back(differential(nmos, first, tail, cascodedLoad, output));
                    if (output.exists && !output.cascodedGm)
                        result.push_back(singleEnded(nmos, first, tail, "simple", output, true));
                }
        for (const bool tail : {false, true}) {
            for (const bool gm : {false, true})
                for (const bool bias : {false, true})
                    result.push_back(symmetrical(nmos, tail, gm, bias));
            for (const Output& output : outputs)
                result.push_back(complementary(nmos, tail, output));
        }
    }
    return result;
}

} // namespace headroom::test
