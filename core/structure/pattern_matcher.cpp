#include "core/structure/pattern_matcher.h"

#include <algorithm>
#include <array>
#include <set>

namespace headroom::structure {

using netlist::DeviceType;
using Kind = BlockPattern::Kind;
using Type = BlockPattern::Type;

namespace {

// Per transistor or device, and at least. What needs more is a pattern that fits nearly everywhere.
constexpr std::size_t stepsPerDevice = 60;
constexpr std::size_t fewestSteps = 20'000;

template <class Value>
bool contains(const std::vector<Value>& values, const Value& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

bool agrees(const std::optional<bool>& wanted, bool actual) {
    return !wanted || *wanted == actual;
}

} // namespace

struct PatternMatcher::Search {
    const BlockPattern& pattern;
    std::vector<NetId> nets;        // by net of the pattern; -1: free
    std::vector<Candidate> parts;   // by part; those placed so far
    std::set<std::vector<int>> seen; // sets of devices: transistors, and devices counted from -1 down
    std::set<std::pair<int, int>> served; // part of `once`, transistor
    std::vector<FoundBlock> found;
    std::size_t steps = 0;
    std::size_t mostSteps = 0;

    // The first transistor or block, against which the others' types are meant; null where there is none yet.
    const Candidate* typed() const {
        const auto first = std::find_if(parts.begin(), parts.end(),
                                        [](const Candidate& placed) { return placed.device < 0; });
        return first != parts.end() ? &*first : nullptr;
    }
    Polarity polarity(const Candidate& next) const { return typed() ? typed()->polarity : next.polarity; }

    bool exhausted() const { return steps > mostSteps; }
    // Whether a part placed before may serve in no further block.
    bool isServed() const {
        return std::any_of(pattern.once.begin(), pattern.once.end(), [&](int part) {
            return at(part) < parts.size() && served.contains({part, parts[at(part)].transistor});
        });
    }
};

PatternMatcher::PatternMatcher(const RuleInput& input)
    : m_input(input)
    , m_wiring(input.wiring) {}

std::vector<FoundBlock> PatternMatcher::find(const BlockPattern& pattern) {
    Search search{pattern, std::vector<NetId>(pattern.nets.size(), -1), {}, {}, {}, {}};
    search.mostSteps =
        std::max(fewestSteps, stepsPerDevice * (m_wiring.transistors.size() + m_wiring.circuit.devices.size()));
    for (const FoundBlock& block : m_known[pattern.type].blocks)
        search.seen.insert(block.key());
    place(search, 0);
    remember(pattern, search.found);
    return std::move(search.found);
}

template <class Visit>
bool PatternMatcher::visitPassive(DeviceId device, const Visit& visit) const {
    const auto& nets = m_wiring.circuit.devices[at(device)].nets;
    if (nets.size() < 2) return true;
    const NetId plus = m_wiring.canonical[at(nets[0])];
    const NetId minus = m_wiring.canonical[at(nets[1])];
    return visit(Candidate{-1, device, -1, nullptr, Polarity::N, false, {plus, minus}}) &&
           visit(Candidate{-1, device, -1, nullptr, Polarity::N, false, {minus, plus}});
}

template <class Visit>
bool PatternMatcher::visitBlock(const KnownBlocks& known, int index, const Visit& visit) const {
    const FoundBlock& block = known.blocks[at(index)];
    Candidate candidate;
    candidate.block = index;
    candidate.known = &known;
    if (!block.transistors.empty()) {
        candidate.polarity = m_wiring[block.transistors.front()].polarity;
        candidate.bipolar = m_wiring[block.transistors.front()].bipolar;
    }
    candidate.terminals = known.pins[at(index)];
    if (!visit(candidate)) return false;
    if (known.symmetricPins.empty()) return true;
    for (const auto& [a, b] : known.symmetricPins)
        std::swap(candidate.terminals[at(a)], candidate.terminals[at(b)]);
    return visit(candidate);
}

template <class Visit>
void PatternMatcher::forCandidates(const Search& search, const BlockPattern::Part& part,
                                   const Visit& visit) const {
    // The known net that the fewest candidates touch; -1 where none is known.
    NetId known = -1;
    const std::vector<int>* shortest = nullptr;
    const std::array tables{&m_wiring.drainsAt, &m_wiring.gatesAt, &m_wiring.sourcesAt};
    for (std::size_t i = 0; i < part.terminals.size(); ++i) {
        if (part.terminals[i] < 0 || search.nets[at(part.terminals[i])] < 0) continue;
        const NetId net = search.nets[at(part.terminals[i])];
        if (known < 0) known = net;
        if (part.kind != Kind::Transistor || i >= tables.size()) continue;
        const std::vector<int>& here = (*tables.at(i))[at(net)];
        if (!shortest || here.size() < shortest->size()) shortest = &here;
    }
    if (part.kind == Kind::Transistor) {
        const std::size_t count = shortest ? shortest->size() : m_wiring.transistors.size();
        for (std::size_t i = 0; i < count; ++i)
            if (!visit(transistor(shortest ? (*shortest)[i] : static_cast<int>(i)))) return;
    } else if (part.kind == Kind::Block) {
        const auto blocks = m_known.find(part.blockType);
        if (blocks == m_known.end()) return;
        const auto here = blocks->second.at.find(known);
        if (known >= 0 && here == blocks->second.at.end()) return;
        const std::size_t count = known >= 0 ? here->second.size() : blocks->second.blocks.size();
        for (std::size_t i = 0; i < count; ++i)
            if (!visitBlock(blocks->second, known >= 0 ? here->second[i] : static_cast<int>(i), visit))
                return;
    } else {
        const DeviceType wanted = part.kind == Kind::Resistor ? DeviceType::Resistor : DeviceType::Capacitor;
        const auto& devices = m_wiring.circuit.devices;
        const std::size_t count = known >= 0 ? m_wiring.othersAt[at(known)].size() : devices.size();
        for (std::size_t i = 0; i < count; ++i) {
            const DeviceId device = known >= 0 ? m_wiring.othersAt[at(known)][i] : static_cast<DeviceId>(i);
            if (devices[at(device)].type == wanted && !visitPassive(device, visit)) return;
        }
    }
}

void PatternMatcher::place(Search& search, std::size_t part) {
    if (part == search.pattern.parts.size()) {
        if (isComplete(search)) take(search);
        return;
    }
    forCandidates(search, search.pattern.parts[part], [&](const Candidate& candidate) {
        if (search.exhausted() || search.isServed()) return false;
        ++search.steps;
        tryCandidate(search, part, candidate);
        return true;
    });
}

void PatternMatcher::tryCandidate(Search& search, std::size_t part, const Candidate& candidate) {
    const BlockPattern::Part& wanted = search.pattern.parts[part];
    if (!fits(search, wanted, candidate)) return;
    std::vector<std::size_t> bound;
    bool agree = true;
    for (std::size_t terminal = 0; agree && terminal < wanted.terminals.size(); ++terminal) {
        if (wanted.terminals[terminal] < 0) continue;
        const std::size_t net = at(wanted.terminals[terminal]);
        const NetId actual = candidate.terminals[terminal];
        if (search.nets[net] >= 0 || actual < 0) {
            agree = actual >= 0 && search.nets[net] == actual;
            continue;
        }
        agree = fitsNet(search.pattern.nets[net], actual, search.polarity(candidate));
        for (std::size_t other = 0; agree && other < search.nets.size(); ++other)
            agree = search.nets[other] != actual || search.pattern.mayJoin[net][other];
        if (!agree) break;
        search.nets[net] = actual;
        bound.push_back(net);
    }
    if (agree) {
        search.parts.push_back(candidate);
        place(search, part + 1);
        search.parts.pop_back();
    }
    for (const std::size_t net : bound)
        search.nets[net] = -1;
}

bool PatternMatcher::fits(const Search& search, const BlockPattern::Part& part,
                          const Candidate& candidate) const {
    for (const Candidate& placed : search.parts)
        if (placed.same(candidate)) return false;
    const bool typed = candidate.device < 0;
    const Candidate* first = search.typed();
    if (typed && first && part.type != Type::Any) {
        const bool same = first->polarity == candidate.polarity;
        if (same != (part.type == Type::Same)) return false;
        if (part.type == Type::Same && first->bipolar != candidate.bipolar) return false;
    }
    if (typed && !agrees(part.bipolar, candidate.bipolar)) return false;
    if (candidate.transistor >= 0) {
        const Transistor& transistor = m_wiring[candidate.transistor];
        if (!transistor.conducts() || !agrees(part.diode, transistor.diode())) return false;
        if (!agrees(part.pairHalf, m_input.functions.pairHalf[at(candidate.transistor)])) return false;
        if (!agrees(part.reference, m_input.isReference[at(candidate.transistor)])) return false;
        if (!agrees(part.ownRail, m_wiring.onOwnRail(transistor))) return false;
        if (part.stack && at(*part.stack) != transistor.arrays.size()) return false;
    }
    return fitsRole(part, candidate);
}

bool PatternMatcher::fitsRole(const BlockPattern::Part& part, const Candidate& candidate) const {
    if (part.functions.empty() && part.stages.empty()) return true;
    if (candidate.block >= 0) return false;
    const DeviceRole& role = roleOf(candidate);
    return (part.functions.empty() || contains(part.functions, role.function)) &&
           (part.stages.empty() || contains(part.stages, role.stage));
}

const DeviceRole& PatternMatcher::roleOf(const Candidate& candidate) const {
    return candidate.transistor >= 0 ? m_input.functions.roles[at(candidate.transistor)]
                                     : m_input.roles[at(candidate.device)];
}

bool PatternMatcher::fitsNet(const BlockPattern::Net& wanted, NetId net, Polarity polarity) const {
    const Rail rail = m_wiring.rails[at(net)];
    if ((wanted.rail && rail == Rail::None) || (wanted.notRail && rail != Rail::None)) return false;
    if (wanted.positive && rail != Rail::Positive) return false;
    if (wanted.negative && rail != Rail::Negative) return false;
    const bool tail = m_input.functions.pairSource[at(net)];
    if ((wanted.tail && !tail) || (wanted.notTail && tail)) return false;
    return !wanted.noDiode || !hasDiode(net, polarity);
}

// What can be told when all parts are placed.
bool PatternMatcher::isComplete(const Search& search) const {
    for (std::size_t i = 0; i < search.nets.size(); ++i)
        if (search.pattern.nets[i].onlyParts && !isOnlyParts(search, search.nets[i])) return false;
    return arePaired(search);
}

bool PatternMatcher::arePaired(const Search& search) const {
    const Functions& functions = m_input.functions;
    return std::all_of(
        search.pattern.pairs.begin(), search.pattern.pairs.end(), [&](const std::pair<int, int>& couple) {
            const int a = search.parts[at(couple.first)].transistor;
            const int b = search.parts[at(couple.second)].transistor;
            const auto has = [&](const std::vector<Pair>& pairs) {
                return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
                    return (pair.first == a && pair.second == b) || (pair.first == b && pair.second == a);
                });
            };
            return has(functions.inputPairs) || has(functions.feedbackPairs) || has(functions.otherPairs);
        });
}

bool PatternMatcher::isOnlyParts(const Search& search, NetId net) const {
    if (m_wiring.isRail(net) || m_wiring.isPort(net)) return false;
    const auto isPart = [&](int transistor, DeviceId device) {
        return std::any_of(search.parts.begin(), search.parts.end(), [&](const Candidate& part) {
            return transistor >= 0 ? part.transistor == transistor : part.device == device;
        });
    };
    for (const auto* touching : {&m_wiring.drainsAt, &m_wiring.sourcesAt, &m_wiring.gatesAt})
        for (const int transistor : (*touching)[at(net)])
            if (!isPart(transistor, -1)) return false;
    return std::all_of(m_wiring.othersAt[at(net)].begin(), m_wiring.othersAt[at(net)].end(),
                       [&](DeviceId device) { return isPart(-1, device); });
}

bool PatternMatcher::hasDiode(NetId net, Polarity polarity) const {
    const auto& gates = m_wiring.gatesAt[at(net)];
    return std::any_of(gates.begin(), gates.end(), [&](int t) {
        return m_wiring[t].diode() && m_wiring[t].polarity == polarity;
    });
}

void PatternMatcher::take(Search& search) const {
    FoundBlock block;
    for (const int part : search.pattern.order) {
        const Candidate& placed = search.parts[at(part)];
        if (placed.transistor >= 0) block.transistors.push_back(placed.transistor);
        if (placed.device >= 0) block.passives.push_back(placed.device);
        if (placed.block < 0) continue;
        const FoundBlock& inner = placed.known->blocks[at(placed.block)];
        block.transistors.insert(block.transistors.end(), inner.transistors.begin(), inner.transistors.end());
        block.passives.insert(block.passives.end(), inner.passives.begin(), inner.passives.end());
    }
    std::vector<int> key = block.key();
    // Blocks that share a device are no two parts.
    if (std::adjacent_find(key.begin(), key.end()) != key.end()) return;
    if (!search.seen.insert(std::move(key)).second) return;
    for (const BlockPattern::Pin& pin : search.pattern.pins)
        if (pin.net >= 0) block.pins.push_back({pin.name, search.nets[at(pin.net)]});
    for (const int part : search.pattern.once)
        search.served.insert({part, search.parts[at(part)].transistor});
    search.found.push_back(std::move(block));
}

void PatternMatcher::remember(const BlockPattern& pattern, const std::vector<FoundBlock>& found) {
    KnownBlocks& known = m_known[pattern.type];
    known.symmetricPins = pattern.symmetricPins;
    for (const FoundBlock& block : found) {
        const int index = static_cast<int>(known.blocks.size());
        Terminals pins{};
        std::size_t given = 0; // block.pins leaves out those that the pattern lacks
        for (std::size_t i = 0; i < pattern.pins.size(); ++i) {
            pins.at(i) = pattern.pins[i].net >= 0 ? block.pins[given++].net : -1;
            if (pins.at(i) < 0) continue;
            auto& here = known.at[pins.at(i)];
            if (here.empty() || here.back() != index) here.push_back(index);
        }
        known.blocks.push_back(block);
        known.pins.push_back(pins);
    }
}

PatternMatcher::Candidate PatternMatcher::transistor(int index) const {
    const Transistor& t = m_wiring[index];
    return {index, -1, -1, nullptr, t.polarity, t.bipolar, {t.drain, t.gate, t.source, t.bulk}};
}

} // namespace headroom::structure
