#include "core/netlist/schematic/net_names.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

// What a net is called where it has several names.
constexpr int kGroundRank = 0;
constexpr int kGlobalRank = 1;
constexpr int kPortRank = 2;
constexpr int kLabelRank = 3;
constexpr int kHintRank = 4;
constexpr int kAutoRank = 5;

int rankOf(const SchematicLabel& label) {
    if (label.weak) return kHintRank;
    if (label.kind == LabelKind::Ground) return kGroundRank;
    if (label.isGlobal()) return kGlobalRank;
    return label.isPort() ? kPortRank : kLabelRank;
}

} // namespace

struct NetNames::Layer {
    SheetGeometry geometry;
    std::vector<std::size_t> wires;                        ///< of the sheet, by wire here
    std::vector<std::pair<std::size_t, std::size_t>> pins; ///< instance and pin, by point here
    std::vector<std::size_t> labels;                       ///< of the sheet, by point behind the pins
};

NetNames::NetNames(SchematicDocument& document, const SchematicSheet& sheet)
    : m_document(document)
    , m_sheet(sheet)
    , m_wireNodes(sheet.wires.size(), -1)
    , m_labelNodes(sheet.labels.size(), -1)
    , m_nextAutoNet(document.rules.firstAutoNet) {
    m_plain = hasTooManyBits();
    addMembers();
    std::size_t pinCount = 0;
    for (const SchematicInstance& each : sheet.instances)
        pinCount += each.pins.size();
    std::vector<int> pinNodes(pinCount, -1);
    addLayer(false, pinNodes);
    addLayer(true, pinNodes);
    for (std::size_t i = 0; i < sheet.labels.size(); ++i) {
        if (m_labelNodes[i] >= 0) nameNode(static_cast<std::size_t>(m_labelNodes[i]), sheet.labels[i]);
    }
    nameRest();
    resolve(pinNodes);
}

std::optional<std::vector<std::string>> NetNames::namesOf(const std::string& text) const {
    if (m_plain) return std::vector<std::string>{text};
    return expandVector(text, m_document.rules.vectors);
}

bool NetNames::hasTooManyBits() const {
    constexpr std::size_t kMostBits = 5'000'000;
    std::size_t bits = 0;
    const auto width = [&](const std::string& text) {
        const auto names = expandVector(text, m_document.rules.vectors);
        return names ? names->size() : 1;
    };
    const SourceSpan* where = nullptr;
    for (const SchematicLabel& each : m_sheet.labels) {
        if (bits <= kMostBits) bits += width(each.text);
        if (bits > kMostBits && !where) where = &each.span;
    }
    for (const SchematicInstance& each : m_sheet.instances) {
        if (bits > kMostBits) break;
        const std::size_t members = width(each.name);
        for (const PlacedPin& pin : each.pins)
            bits += members * width(pin.name);
        if (bits > kMostBits && !where) where = &each.span;
    }
    if (where) {
        m_document.findings().add(Severity::Error, *where,
                                  "The sheet's buses and arrays have too many members; none is resolved.");
    }
    return where != nullptr;
}

std::vector<std::string> NetNames::expand(const std::string& text, const SourceSpan& span) {
    if (auto names = namesOf(text)) return std::move(*names);
    m_document.findings().add(
        Severity::Warning, span,
        fmt::format("'{}' is not understood as a list of names; it is taken as one name.", text), text);
    return {text};
}

void NetNames::addMembers() {
    for (const SchematicInstance& each : m_sheet.instances) {
        const bool array = each.role == InstanceRole::Device || each.role == InstanceRole::Cell;
        m_members.push_back(array ? expand(each.name, each.span) : std::vector<std::string>{each.name});
    }
}

void NetNames::addLayer(bool bus, std::vector<int>& pinNodes) {
    Layer layer;
    layer.geometry.step = m_document.rules.step;
    layer.geometry.pointsJoinCrossings = m_document.rules.pointsJoinCrossings;
    for (std::size_t i = 0; i < m_sheet.wires.size(); ++i) {
        const SchematicWire& wire = m_sheet.wires[i];
        if (wire.bus != bus) continue;
        layer.wires.push_back(i);
        layer.geometry.wires.push_back({wire.from, wire.to});
    }
    std::vector<std::size_t> pinNumbers;
    std::size_t number = 0;
    for (std::size_t i = 0; i < m_sheet.instances.size(); ++i) {
        const SchematicInstance& instance = m_sheet.instances[i];
        for (std::size_t p = 0; p < instance.pins.size(); ++p, ++number) {
            if (instance.pins[p].bus != bus || instance.role == InstanceRole::Decoration) continue;
            layer.pins.emplace_back(i, p);
            pinNumbers.push_back(number);
            layer.geometry.points.push_back(instance.pins[p].at);
        }
    }
    for (std::size_t i = 0; i < m_sheet.labels.size(); ++i) {
        if (m_sheet.labels[i].bus != bus) continue;
        layer.labels.push_back(i);
        layer.geometry.points.push_back(m_sheet.labels[i].at);
    }
    const Connectivity connectivity = connect(layer.geometry);
    const std::size_t base = m_nodes.size();
    m_nodes.resize(base + static_cast<std::size_t>(connectivity.nodeCount));
    const auto global = [&](int node) { return node < 0 ? -1 : node + static_cast<int>(base); };
    for (std::size_t i = 0; i < layer.wires.size(); ++i) {
        const int node = global(connectivity.wireNodes[i]);
        m_wireNodes[layer.wires[i]] = node;
        const std::string& hint = m_sheet.wires[layer.wires[i]].hint;
        if (node >= 0 && !hint.empty()) m_nodes[static_cast<std::size_t>(node)].hint = hint;
    }
    for (std::size_t i = 0; i < layer.pins.size(); ++i) {
        const int node = global(connectivity.pointNodes[i]);
        pinNodes[pinNumbers[i]] = node;
        const auto& [instance, pin] = layer.pins[i];
        const SchematicInstance& owner = m_sheet.instances[instance];
        const auto names = namesOf(owner.pins[pin].name);
        Node& at = m_nodes[static_cast<std::size_t>(node)];
        at.width = std::max(at.width, m_members[instance].size() * (names ? names->size() : 1));
    }
    for (std::size_t i = 0; i < layer.labels.size(); ++i)
        m_labelNodes[layer.labels[i]] = global(connectivity.pointNodes[layer.pins.size() + i]);
    warnAboutCrossings(layer, connectivity);
    warnAboutTouches(layer, connectivity);
    m_junctions.insert(m_junctions.end(), connectivity.junctions.begin(), connectivity.junctions.end());
}

void NetNames::warnAboutCrossings(const Layer& layer, const Connectivity& connectivity) {
    for (std::size_t i = 0; i < layer.pins.size(); ++i) {
        if (!connectivity.onCrossing[i]) continue;
        const auto& [instance, pin] = layer.pins[i];
        const SchematicInstance& owner = m_sheet.instances[instance];
        if (owner.role == InstanceRole::Decoration) continue;
        m_document.findings().addOnce(
            "crossing " + owner.name + " " + owner.pins[pin].name, Severity::Warning, owner.span,
            fmt::format("Pin '{}' of '{}' lies on the crossing of two wires; it is taken as connected to the "
                        "one that was drawn last, and the wires as not joined.",
                        owner.pins[pin].name, owner.name));
    }
}

void NetNames::warnAboutTouches(const Layer& layer, const Connectivity& connectivity) {
    if (!m_document.rules.touchesNeedDots) return;
    const double step = layer.geometry.step;
    const auto placeOf = [step](const Point& point) {
        return std::pair(std::round(point.x / step), std::round(point.y / step));
    };
    std::set<std::pair<double, double>> dots;
    for (const Point& each : m_sheet.junctions)
        dots.insert(placeOf(each));
    for (std::size_t i = 0; i < layer.pins.size(); ++i) {
        if (!connectivity.insideWire[i]) continue;
        const auto& [instance, pin] = layer.pins[i];
        const SchematicInstance& owner = m_sheet.instances[instance];
        if (dots.contains(placeOf(owner.pins[pin].at))) continue;
        m_document.findings().addOnce(
            "touch " + owner.name + " " + owner.pins[pin].name, Severity::Warning, owner.span,
            fmt::format("Pin '{}' of '{}' lies on the middle of a wire without a junction; it is taken as "
                        "connected.",
                        owner.pins[pin].name, owner.name));
    }
}

int NetNames::nameIndex(const std::string& text, int rank, const SourceSpan& span) {
    const std::string key = lowerCase(text);
    const auto [known, isNew] = m_byKey.emplace(key, static_cast<int>(m_names.size()));
    if (isNew) {
        m_names.push_back({text, rank});
        m_sets.add();
        return known->second;
    }
    Name& name = m_names[static_cast<std::size_t>(known->second)];
    if (name.text != text && rank < kHintRank) {
        m_document.findings().addOnce(
            "case " + key, Severity::Warning, span,
            fmt::format("'{}' and '{}' differ only in their letters' case; they are one net, as in SPICE.",
                        name.text, text),
            text);
    }
    name.rank = std::min(name.rank, rank);
    return known->second;
}

void NetNames::nameNode(std::size_t index, const SchematicLabel& label) {
    Node& node = m_nodes[index];
    const int rank = rankOf(label);
    std::vector<int> bits;
    for (const std::string& each : expand(label.text, label.span)) {
        const std::string name(trimmed(each));
        if (name.empty()) continue;
        bits.push_back(nameIndex(name, rank, label.span));
        if (label.isGlobal()) m_globals.push_back(name);
    }
    if (bits.empty()) return;
    if (node.bits.empty()) {
        node.bits = std::move(bits);
        node.label = &label;
        return;
    }
    if (bits.size() != node.bits.size()) {
        m_document.findings().add(
            Severity::Warning, label.span,
            fmt::format("'{}' and '{}' name the same wire but stand for different numbers of nets; the wider "
                        "one is used.",
                        node.label->text, label.text),
            label.text);
        if (bits.size() > node.bits.size()) {
            node.bits = std::move(bits);
            node.label = &label;
        }
        return;
    }
    for (std::size_t i = 0; i < bits.size(); ++i)
        m_sets.join(bits[i], node.bits[i]);
}

std::string NetNames::freeAutoName() {
    while (true) {
        std::string name = fmt::format(fmt::runtime(m_document.rules.autoNet), m_nextAutoNet++);
        if (!m_byKey.contains(lowerCase(name))) return name;
    }
}

void NetNames::nameRest() {
    for (Node& node : m_nodes) {
        if (!node.bits.empty()) continue;
        const std::size_t width = std::max<std::size_t>(node.width, 1);
        std::string hint = node.hint;
        if (hint.starts_with("#")) hint.erase(0, 1);
        const auto hinted = namesOf(hint);
        const bool usable = !hint.empty() && hinted && hinted->size() == width &&
                            std::none_of(hinted->begin(), hinted->end(), [&](const std::string& each) {
                                return m_byKey.contains(lowerCase(each));
                            });
        for (std::size_t i = 0; i < width; ++i) {
            node.bits.push_back(
                nameIndex(usable ? (*hinted)[i] : freeAutoName(), usable ? kHintRank : kAutoRank, {}));
        }
    }
}

void NetNames::resolve(const std::vector<int>& pinNodes) {
    std::size_t number = 0;
    // Symbols that short their pins join nets first, then names are chosen.
    for (const SchematicInstance& instance : m_sheet.instances) {
        std::vector<int> joined;
        for (std::size_t p = 0; p < instance.pins.size(); ++p, ++number) {
            if (instance.role != InstanceRole::Short || pinNodes[number] < 0) continue;
            const auto& bits = m_nodes[static_cast<std::size_t>(pinNodes[number])].bits;
            for (std::size_t i = 0; i < std::min(bits.size(), joined.size()); ++i)
                m_sets.join(bits[i], joined[i]);
            if (joined.empty()) joined = bits;
        }
    }
    m_chosen.assign(m_names.size(), -1);
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        int& chosen = m_chosen[static_cast<std::size_t>(m_sets.find(static_cast<int>(i)))];
        if (chosen < 0 || m_names[i].rank < m_names[static_cast<std::size_t>(chosen)].rank) {
            chosen = static_cast<int>(i);
        }
    }
    number = 0;
    m_nets.resize(m_sheet.instances.size());
    for (std::size_t i = 0; i < m_sheet.instances.size(); ++i) {
        const SchematicInstance& instance = m_sheet.instances[i];
        const std::size_t members = m_members[i].size();
        m_nets[i].resize(members, PinNets(instance.pins.size()));
        for (std::size_t p = 0; p < instance.pins.size(); ++p, ++number) {
            if (instance.role == InstanceRole::Decoration) {
                for (std::size_t k = 0; k < members; ++k)
                    m_nets[i][k][p].emplace_back();
                continue;
            }
            if (pinNodes[number] < 0) {
                for (std::size_t k = 0; k < members; ++k)
                    m_nets[i][k][p].push_back(freeAutoName());
                continue;
            }
            const auto& bits = m_nodes[static_cast<std::size_t>(pinNodes[number])].bits;
            const auto names = namesOf(instance.pins[p].name);
            const std::size_t width = names ? names->size() : 1;
            const bool shared = bits.size() == width || bits.size() == 1;
            if (!shared && bits.size() != width * members) {
                m_document.findings().add(
                    Severity::Warning, instance.span,
                    fmt::format("Pin '{}' of '{}' takes {} nets but is connected to {}.",
                                instance.pins[p].name, instance.name, width * members, bits.size()));
            }
            for (std::size_t k = 0; k < members; ++k) {
                for (std::size_t b = 0; b < width; ++b) {
                    const std::size_t bit = shared ? b : k * width + b;
                    m_nets[i][k][p].push_back(netName(bits[bit % bits.size()]));
                }
            }
        }
    }
}

const std::string& NetNames::netName(int name) const {
    return m_names[static_cast<std::size_t>(m_chosen[static_cast<std::size_t>(m_sets.find(name))])].text;
}

std::string NetNames::wireNet(std::size_t wire) const {
    const int node = m_wireNodes[wire];
    return node < 0 ? std::string() : netName(m_nodes[static_cast<std::size_t>(node)].bits.front());
}

std::string NetNames::labelNet(std::size_t label) const {
    const int node = m_labelNodes[label];
    return node < 0 ? std::string() : netName(m_nodes[static_cast<std::size_t>(node)].bits.front());
}

std::string NetNames::netOf(const std::string& name) const {
    const auto found = m_byKey.find(lowerCase(name));
    return found == m_byKey.end() ? name : netName(found->second);
}

} // namespace headroom::netlist
