#include "core/structure/blocks.h"

#include <algorithm>
#include <array>

namespace headroom::structure {

namespace {

bool sameType(const Transistor& a, const Transistor& b) {
    return a.polarity == b.polarity && a.bipolar == b.bipolar;
}

// Transistors of the same type whose source is the drain of @p lower. Few, or it is no cascode.
std::vector<int> standingOn(const Wiring& wiring, int lower) {
    std::vector<int> uppers;
    const Transistor& t = wiring[lower];
    if (wiring.isRail(t.drain)) return uppers;
    for (const int u : wiring.sourcesAt[at(t.drain)])
        if (u != lower && sameType(wiring[u], t)) uppers.push_back(u);
    if (uppers.size() > 4) uppers.clear();
    return uppers;
}

bool isPairHalf(const RuleInput& input, int t) {
    return input.functions.pairHalf[at(t)];
}

FoundBlock fourTransistorMirror(const Wiring& wiring, int upperIn, int lowerIn, int upperOut, int lowerOut) {
    return {{upperIn, lowerIn, upperOut, lowerOut},
            {{"Input", wiring[upperIn].drain},
             {"Inner1", wiring[lowerIn].drain},
             {"Inner2", wiring[lowerOut].drain},
             {"Output", wiring[upperOut].drain},
             {"Source", wiring[lowerIn].source}}};
}

// Calls take(upperIn, upperOut) for each couple of cascodes with one gate net on a mirror's two sides.
template <class Take>
void cascodesOnMirror(const Wiring& wiring, int lowerIn, int lowerOut, const Take& take) {
    for (const int upperIn : standingOn(wiring, lowerIn))
        for (const int upperOut : standingOn(wiring, lowerOut))
            if (upperIn != upperOut && wiring[upperIn].gate == wiring[upperOut].gate) take(upperIn, upperOut);
}

void findDifferentialPairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    std::vector<bool> used(input.wiring.transistors.size(), false);
    const auto take = [&](const Pair& pair) {
        if (used[at(pair.first)] || used[at(pair.second)]) return;
        used[at(pair.first)] = used[at(pair.second)] = true;
        const Transistor& a = input.wiring[pair.first];
        const Transistor& b = input.wiring[pair.second];
        found.push_back({{pair.first, pair.second},
                         {{"Input1", a.gate},
                          {"Input2", b.gate},
                          {"Output1", a.drain},
                          {"Output2", b.drain},
                          {"Source", pair.source}}});
    };
    for (const Pair& pair : input.functions.inputPairs)
        take(pair);
    for (const Pair& pair : input.functions.feedbackPairs)
        take(pair);
    for (const Pair& pair : input.functions.otherPairs)
        take(pair);
}

// @p folded: the cascodes are of the other type than the pair.
void cascodedPairs(const RuleInput& input, bool folded, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Pair& pair : input.functions.inputPairs) {
        const auto cascodes = [&](int t) {
            std::vector<int> result;
            for (const int u : wiring.sourcesAt[at(wiring[t].drain)])
                if ((wiring[u].polarity != wiring[t].polarity) == folded && !wiring.isRail(wiring[t].drain))
                    result.push_back(u);
            return result;
        };
        for (const int a : cascodes(pair.first))
            for (const int b : cascodes(pair.second)) {
                if (wiring[a].gate != wiring[b].gate) continue;
                found.push_back({{pair.first, pair.second, a, b},
                                 {{"Input1", wiring[pair.first].gate},
                                  {"Input2", wiring[pair.second].gate},
                                  {"Inner1", wiring[a].source},
                                  {"Inner2", wiring[b].source},
                                  {"Output1", wiring[a].drain},
                                  {"Output2", wiring[b].drain},
                                  {"Source", pair.source}}});
            }
    }
}

void findCascodedPairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    cascodedPairs(input, false, found);
}
void findFoldedPairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    cascodedPairs(input, true, found);
}

void findCrossCoupledPairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (std::size_t i = 0; i < wiring.transistors.size(); ++i) {
        const Transistor& a = wiring.transistors[i];
        if (a.kind != ArrayKind::Normal || wiring.isRail(a.drain)) continue;
        for (const int j : wiring.gatesAt[at(a.drain)]) {
            const Transistor& b = wiring[j];
            if (j <= static_cast<int>(i) || b.kind != ArrayKind::Normal || !sameType(a, b)) continue;
            if (b.drain != a.gate || b.source != a.source) continue;
            found.push_back({{static_cast<int>(i), j},
                             {{"Output1", a.drain}, {"Output2", b.drain}, {"Source", a.source}}});
        }
    }
}

// Stacks of two that mirror each other are known as a mirror of four; longer ones only emulate length.
bool areStacksOfTwo(const Wiring& wiring, const Mirror& mirror) {
    return wiring[mirror.reference].arrays.size() == 2 && wiring[mirror.output].arrays.size() == 2;
}

void findSimpleMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Mirror& mirror : input.mirrors) {
        if (mirror.throughCascode || areStacksOfTwo(wiring, mirror)) continue;
        found.push_back({{mirror.reference, mirror.output},
                         {{"Input", wiring[mirror.reference].drain},
                          {"Output", wiring[mirror.output].drain},
                          {"Source", wiring[mirror.reference].source}}});
    }
}

void findCascodeMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    for (const Mirror& mirror : input.mirrors) {
        if (mirror.throughCascode) continue;
        cascodesOnMirror(input.wiring, mirror.reference, mirror.output, [&](int upperIn, int upperOut) {
            if (input.wiring[upperIn].diode() && !input.wiring[upperOut].diode())
                found.push_back(
                    fourTransistorMirror(input.wiring, upperIn, mirror.reference, upperOut, mirror.output));
        });
    }
}

// All four gates on the input net: stacks that mirror each other, or the same with used inner nets.
void findFourTransistorMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Mirror& mirror : input.mirrors) {
        const Transistor& reference = wiring[mirror.reference];
        const Transistor& output = wiring[mirror.output];
        if (!mirror.throughCascode && areStacksOfTwo(wiring, mirror))
            found.push_back(
                {{mirror.reference, mirror.output},
                 {{"Input", reference.drain}, {"Output", output.drain}, {"Source", reference.source}}});
        if (!mirror.throughCascode) continue;
        cascodesOnMirror(wiring, mirror.reference, mirror.output, [&](int upperIn, int upperOut) {
            if (wiring[upperIn].gate == reference.gate && wiring[upperIn].diode())
                found.push_back(
                    fourTransistorMirror(wiring, upperIn, mirror.reference, upperOut, mirror.output));
        });
    }
}

bool isWideSwing(const Wiring& wiring, const Mirror& mirror, int upperIn) {
    return mirror.throughCascode && wiring[upperIn].drain == wiring[mirror.reference].gate &&
           wiring[upperIn].gate != wiring[mirror.reference].gate;
}

void findWideSwingMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Mirror& mirror : input.mirrors)
        cascodesOnMirror(wiring, mirror.reference, mirror.output, [&](int upperIn, int upperOut) {
            if (!isWideSwing(wiring, mirror, upperIn)) return;
            FoundBlock block =
                fourTransistorMirror(wiring, upperIn, mirror.reference, upperOut, mirror.output);
            block.pins.push_back({"Bias", wiring[upperIn].gate});
            found.push_back(std::move(block));
        });
}

// A wide-swing mirror together with the diode on the same rail that biases its cascodes and mirrors into
// nothing else.
void findWideSwingCascodeMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Mirror& mirror : input.mirrors)
        cascodesOnMirror(wiring, mirror.reference, mirror.output, [&](int upperIn, int upperOut) {
            if (!isWideSwing(wiring, mirror, upperIn)) return;
            for (const int t : wiring.drainsAt[at(wiring[upperIn].gate)]) {
                const Transistor& diode = wiring[t];
                if (!diode.diode() || !sameType(diode, wiring[upperIn]) ||
                    diode.source != wiring[mirror.reference].source)
                    continue;
                if (input.isReference[at(t)]) continue;
                FoundBlock block =
                    fourTransistorMirror(wiring, upperIn, mirror.reference, upperOut, mirror.output);
                block.transistors.push_back(t);
                block.pins.push_back({"Bias", diode.drain});
                found.push_back(std::move(block));
                return;
            }
        });
}

void findWilsonMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (const Mirror& mirror : input.mirrors) {
        if (mirror.throughCascode) continue;
        for (const int upper : standingOn(wiring, mirror.reference)) {
            if (wiring[upper].diode() || wiring[upper].gate != wiring[mirror.output].drain) continue;
            found.push_back({{mirror.reference, mirror.output, upper},
                             {{"Input", wiring[mirror.output].drain},
                              {"Inner", wiring[mirror.reference].drain},
                              {"Output", wiring[upper].drain},
                              {"Source", wiring[mirror.reference].source}}});
        }
    }
}

void findImprovedWilsonMirrors(const RuleInput& input, std::vector<FoundBlock>& found) {
    for (const Mirror& mirror : input.mirrors) {
        if (mirror.throughCascode) continue;
        // The diode stands in the output branch: the cascode's diode is on the other side.
        cascodesOnMirror(input.wiring, mirror.output, mirror.reference, [&](int upperIn, int upperOut) {
            if (input.wiring[upperIn].diode() && !input.wiring[upperOut].diode())
                found.push_back(
                    fourTransistorMirror(input.wiring, upperIn, mirror.output, upperOut, mirror.reference));
        });
    }
}

// Two transistors in series; @p wanted tells the kind by their diodes.
template <class Wanted>
void seriesCouples(const RuleInput& input, const Wanted& wanted, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    for (std::size_t i = 0; i < wiring.transistors.size(); ++i) {
        const int lower = static_cast<int>(i);
        // What else stands on a pair's tail is no cascode of the tail.
        if (!wiring[lower].conducts() || isPairHalf(input, lower)) continue;
        if (input.functions.pairSource[at(wiring[lower].drain)]) continue;
        for (const int upper : standingOn(wiring, lower)) {
            if (isPairHalf(input, upper) || !wanted(wiring[upper], wiring[lower])) continue;
            found.push_back({{upper, lower},
                             {{"Drain", wiring[upper].drain},
                              {"Gate1", wiring[upper].gate},
                              {"Gate2", wiring[lower].gate},
                              {"Inner", wiring[lower].drain},
                              {"Source", wiring[lower].source}}});
        }
    }
}

void findDiodeStacks(const RuleInput& input, std::vector<FoundBlock>& found) {
    seriesCouples(
        input, [](const Transistor& u, const Transistor& l) { return u.diode() && l.diode(); }, found);
}
void findVoltageReferences(const RuleInput& input, std::vector<FoundBlock>& found) {
    seriesCouples(
        input, [](const Transistor& u, const Transistor& l) { return !l.diode() && l.gate == u.drain; },
        found);
}
void findMixedCascodePairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    seriesCouples(
        input,
        [](const Transistor& u, const Transistor& l) { return u.diode() != l.diode() && l.gate != u.drain; },
        found);
}
void findCascodePairs(const RuleInput& input, std::vector<FoundBlock>& found) {
    seriesCouples(
        input,
        [](const Transistor& u, const Transistor& l) {
            return !u.diode() && !l.diode() && u.gate != l.gate && l.gate != u.drain;
        },
        found);
}

// Couples on one gate net with different sources. Each transistor is coupled with the net's first
// diode, or without one with its predecessor, so that long bias lines stay linear.
template <class Take>
void gateCouples(const Wiring& wiring, const Take& take) {
    for (std::size_t net = 0; net < wiring.gatesAt.size(); ++net) {
        if (wiring.isRail(static_cast<NetId>(net))) continue;
        std::array<int, 2> diode{-1, -1};
        std::array<int, 2> previous{-1, -1};
        const auto side = [&](int t) { return wiring[t].polarity == Polarity::N ? 0U : 1U; };
        for (const int t : wiring.gatesAt[net])
            if (wiring[t].diode() && diode[side(t)] < 0) diode[side(t)] = t;
        for (const int t : wiring.gatesAt[net]) {
            if (t == diode[side(t)]) continue;
            const int other = diode[side(t)] >= 0 ? diode[side(t)] : previous[side(t)];
            if (other >= 0) take(other, t);
            previous[side(t)] = t;
        }
    }
}

FoundBlock gateCouple(const Wiring& wiring, int a, int b) {
    return {{a, b},
            {{"Gate", wiring[a].gate},
             {"Output1", wiring[a].drain},
             {"Output2", wiring[b].drain},
             {"Source1", wiring[a].source},
             {"Source2", wiring[b].source}}};
}

void findLevelShifters(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    gateCouples(wiring, [&](int a, int b) {
        if (wiring[a].diode() && !wiring[b].diode() && wiring[a].source != wiring[b].source)
            found.push_back(gateCouple(wiring, a, b));
    });
}

void findGateConnectedCouples(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    gateCouples(wiring, [&](int a, int b) {
        if (!wiring[a].diode() && !wiring[b].diode() && wiring[a].source != wiring[b].source &&
            wiring[a].source != wiring[b].drain && wiring[b].source != wiring[a].drain)
            found.push_back(gateCouple(wiring, a, b));
    });
}

void findMirrorLoads(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    const auto isLoad = [&](int t) { return input.functions.roles[at(t)].function == Function::Load; };
    for (std::size_t net = 0; net < wiring.gatesAt.size(); ++net) {
        int previous = -1;
        for (const int t : wiring.gatesAt[net]) {
            if (wiring[t].diode() || !isLoad(t) || !wiring.onOwnRail(wiring[t])) continue;
            if (previous >= 0 && sameType(wiring[t], wiring[previous]) &&
                wiring[t].source == wiring[previous].source)
                found.push_back({{previous, t},
                                 {{"Input", wiring[t].gate},
                                  {"Output1", wiring[previous].drain},
                                  {"Output2", wiring[t].drain},
                                  {"Source", wiring[t].source}}});
            previous = t;
        }
    }
}

// Transconductors of a gated stage with the current sources of the same stage on the same output.
void findCommonSourceStages(const RuleInput& input, std::vector<FoundBlock>& found) {
    const Wiring& wiring = input.wiring;
    const auto role = [&](int t) -> const DeviceRole& { return input.functions.roles[at(t)]; };
    for (std::size_t i = 0; i < wiring.transistors.size(); ++i) {
        const int t = static_cast<int>(i);
        const Stage stage = role(t).stage;
        if (role(t).function != Function::Transconductance || isPairHalf(input, t)) continue;
        if (stage != Stage::Second && stage != Stage::Third) continue;
        if (!wiring.onOwnRail(wiring[t]) || wiring.isRail(wiring[t].drain)) continue;
        FoundBlock block{{t}, {{"Input", wiring[t].gate}}};
        NetId node = wiring[t].drain;
        for (int step = 0; step < 3; ++step) { // up through the transconductor's cascodes
            int cascode = -1;
            for (const int u : wiring.sourcesAt[at(node)])
                if (sameType(wiring[u], wiring[t]) && role(u).stage == stage) cascode = u;
            if (cascode < 0 || wiring.isRail(wiring[cascode].drain)) break;
            block.transistors.push_back(cascode);
            node = wiring[cascode].drain;
        }
        std::vector<NetId> open{node};
        for (std::size_t k = 0; k < open.size() && k < 4; ++k)
            for (const int u : wiring.drainsAt[at(open[k])]) {
                if (role(u).function != Function::Bias || role(u).stage != stage) continue;
                block.transistors.push_back(u);
                if (!wiring.isRail(wiring[u].source)) open.push_back(wiring[u].source);
            }
        block.pins.push_back({"Output", node});
        block.pins.push_back({"Source", wiring[t].source});
        found.push_back(std::move(block));
    }
}

} // namespace

const std::vector<BlockRule>& blockRules() {
    static const std::vector<BlockRule> rules{
        {"DifferentialPair", 2, "two transistors with a common source and gates of their own",
         findDifferentialPairs},
        {"CascodedDifferentialPair", 3, "a differential pair under cascodes of its own type",
         findCascodedPairs},
        {"FoldedCascodeDifferentialPair", 3, "a differential pair into cascodes of the other type",
         findFoldedPairs},
        {"CrossCoupledPair", 2, "each gate on the other's drain", findCrossCoupledPairs},
        {"SimpleCurrentMirror", 2, "a diode and a transistor that share gate and source", findSimpleMirrors},
        {"CascodeCurrentMirror", 2, "a diode stack drives a cascode pair", findCascodeMirrors},
        {"FourTransistorCurrentMirror", 2, "two stacks with all gates on the input",
         findFourTransistorMirrors},
        {"WideSwingCurrentMirror", 2, "mirror gates on the drain of a separately biased cascode",
         findWideSwingMirrors},
        {"WideSwingCascodeCurrentMirror", 2, "a wide-swing mirror with the diode that biases its cascodes",
         findWideSwingCascodeMirrors},
        {"WilsonCurrentMirror", 2, "the output stands on the mirror's diode and is driven by its input",
         findWilsonMirrors},
        {"ImprovedWilsonCurrentMirror", 2, "a Wilson mirror with a diode in the input branch",
         findImprovedWilsonMirrors},
        {"DiodeStack", 2, "two diodes in series", findDiodeStacks},
        {"VoltageReference", 2, "a transistor with its gate on the drain of the cascode above",
         findVoltageReferences},
        {"MixedCascodePair", 2, "a diode and a transistor in series", findMixedCascodePairs},
        {"CascodePair", 2, "two transistors in series with gates of their own", findCascodePairs},
        {"LevelShifter", 2, "a diode and a transistor on one gate net with different sources",
         findLevelShifters},
        {"GateConnectedCouple", 2, "two transistors on one gate net with different sources",
         findGateConnectedCouples},
        {"CurrentMirrorLoad", 2, "two current sources of the load with one gate net", findMirrorLoads},
        {"CommonSourceStage", 3, "a common-source transistor into a current source", findCommonSourceStages},
    };
    return rules;
}

} // namespace headroom::structure
