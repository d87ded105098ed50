#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "core/schematic/drawing.h"

namespace headroom::schematic {
namespace {

constexpr double kTouch = 1e-6;

/// Something that takes up room: a box, or a wire with its ends.
struct Item {
    Box box;
    const Wire* wire = nullptr;
    const Pin* pin = nullptr;
    std::string what;
    /// Labels and flags: what no wire of another net may touch.
    std::optional<Box> mark;
    NetId net = -1;

    Box reach() const { return mark ? box.united(*mark) : box; }
};

double turn(Point a, Point b, Point c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool lies(Point point, const Wire& wire) {
    const Box box = Box{{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
                        {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}}
                        .grown(kTouch);
    const double length = std::hypot(wire.to.x - wire.from.x, wire.to.y - wire.from.y);
    return box.contains(point) && std::abs(turn(wire.from, wire.to, point)) <= kTouch * std::max(1.0, length);
}

bool touch(const Wire& a, const Wire& b) {
    return lies(a.from, b) || lies(a.to, b) || lies(b.from, a) || lies(b.to, a);
}

bool cross(const Wire& a, const Wire& b) {
    const auto sign = [](double value) { return value > kTouch ? 1 : value < -kTouch ? -1 : 0; };
    return sign(turn(a.from, a.to, b.from)) * sign(turn(a.from, a.to, b.to)) < 0 &&
           sign(turn(b.from, b.to, a.from)) * sign(turn(b.from, b.to, a.to)) < 0;
}

// Whether a wire runs through the inside of a box (Liang and Barsky's clipping).
bool runsThrough(const Wire& wire, const Box& box) {
    const Box inner = box.grown(-0.05);
    if (inner.width() <= 0 || inner.height() <= 0) return false;
    double begin = 0, end = 1;
    const double dx = wire.to.x - wire.from.x, dy = wire.to.y - wire.from.y;
    const auto clip = [&](double direction, double distance) {
        if (direction == 0) return distance > 0;
        const double t = distance / direction;
        if (direction < 0)
            begin = std::max(begin, t);
        else
            end = std::min(end, t);
        return begin < end;
    };
    return clip(-dx, wire.from.x - inner.from.x) && clip(dx, inner.to.x - wire.from.x) &&
           clip(-dy, wire.from.y - inner.from.y) && clip(dy, inner.to.y - wire.from.y);
}

class QualityCheck {
public:
    explicit QualityCheck(const Drawing& drawing) {
        for (const Symbol& symbol : drawing.symbols) {
            addBox(symbol.box, symbol.name);
            for (const Text& text : symbol.texts)
                addBox(text.box(), "the text " + text.text);
            for (const Pin& pin : symbol.pins)
                m_items.push_back({{pin.at, pin.at}, nullptr, &pin, symbol.name + "." + pin.name, {}, -1});
        }
        for (const RailSymbol& rail : drawing.rails) {
            addBox(rail.box(), "the rail " + rail.text.text);
            addBox(rail.text.box(), "the rail's name " + rail.text.text);
        }
        for (const NetLabel& label : drawing.labels)
            addMark(label.text.box(), label.text.box(), label.net, "the label " + label.text.text);
        for (const PortFlag& port : drawing.ports)
            addMark(port.text.box(), port.box(), port.net, "the port " + port.text.text);
        for (const Note& note : drawing.notes)
            addBox(note.text.box(), "a note");
        for (const Wire& wire : drawing.wires)
            m_items.push_back({{{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
                                {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}},
                               &wire,
                               nullptr,
                               "a wire",
                               {},
                               -1});
    }

    /// @param report called for each overlap with what lies on what
    DrawingQuality run(const std::function<void(const Item&, const Item&)>& report) {
        DrawingQuality quality;
        std::unordered_map<std::int64_t, std::vector<int>> buckets;
        const auto bucketsOf = [](const Box& box, const auto& visit) {
            for (int y = bucket(box.from.y); y <= bucket(box.to.y); ++y)
                for (int x = bucket(box.from.x); x <= bucket(box.to.x); ++x)
                    visit(x, y);
        };
        const auto key = [](int x, int y) {
            return (static_cast<std::int64_t>(x) << 32) ^ (y & 0xffffffffLL);
        };
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            const Item& item = m_items[i];
            bucketsOf(item.reach(), [&](int x, int y) {
                auto& bucket = buckets[key(x, y)];
                for (const int other : bucket) {
                    const Item& second = m_items[static_cast<std::size_t>(other)];
                    // Once for each couple: where the common area begins.
                    const int atX = bucketMax(item.reach().from.x, second.reach().from.x);
                    const int atY = bucketMax(item.reach().from.y, second.reach().from.y);
                    if (atX == x && atY == y) compare(second, item, quality, report);
                }
                bucket.push_back(static_cast<int>(i));
            });
        }
        return quality;
    }

private:
    static int bucket(double coordinate) { return static_cast<int>(std::floor(coordinate / 16)); }
    static int bucketMax(double a, double b) { return bucket(std::max(a, b)); }

    void addBox(const Box& box, std::string what) {
        m_items.push_back({box, nullptr, nullptr, std::move(what), {}, -1});
    }

    /// A touch counts from a little before the wire is reached, as lines have a width.
    void addMark(const Box& box, const Box& mark, NetId net, std::string what) {
        m_items.push_back({box, nullptr, nullptr, std::move(what), mark.grown(0.1), net});
    }

    static void compare(const Item& a, const Item& b, DrawingQuality& quality,
                        const std::function<void(const Item&, const Item&)>& report) {
        const auto overlap = [&] {
            ++quality.overlaps;
            if (report) report(a, b);
        };
        if (a.wire && b.wire) {
            if (a.wire->net == b.wire->net) return;
            if (touch(*a.wire, *b.wire))
                overlap();
            else if (cross(*a.wire, *b.wire))
                ++quality.crossings;
            return;
        }
        if (a.pin && b.pin) {
            if (a.pin->net != b.pin->net && a.pin->at == b.pin->at) overlap();
            return;
        }
        const Item& wire = a.wire ? a : b;
        const Item& other = a.wire ? b : a;
        if (wire.wire && other.pin) {
            if (wire.wire->net != other.pin->net && lies(other.pin->at, *wire.wire)) overlap();
        } else if (wire.wire) {
            const bool foreign = other.mark && other.net != wire.wire->net;
            if (runsThrough(*wire.wire, foreign ? *other.mark : other.box)) overlap();
        } else if (!a.pin && !b.pin && a.box.grown(-0.01).overlaps(b.box.grown(-0.01))) {
            overlap();
        }
    }

    std::vector<Item> m_items;
};

} // namespace

DrawingQuality assess(const Drawing& drawing) {
    DrawingQuality quality = QualityCheck(drawing).run({});
    std::unordered_map<NetId, std::vector<const Wire*>> byNet;
    for (const Wire& wire : drawing.wires) {
        quality.wireLength += std::hypot(wire.to.x - wire.from.x, wire.to.y - wire.from.y);
        byNet[wire.net].push_back(&wire);
    }
    for (const auto& [net, wires] : byNet) {
        if (wires.size() > 2000) continue; // a bus of that size has other problems than its bends
        for (std::size_t i = 0; i < wires.size(); ++i)
            for (std::size_t j = i + 1; j < wires.size(); ++j) {
                const Wire &a = *wires[i], &b = *wires[j];
                const bool meet = a.from == b.from || a.from == b.to || a.to == b.from || a.to == b.to;
                const bool turned = (a.from.x == a.to.x) != (b.from.x == b.to.x);
                if (meet && turned) ++quality.bends;
            }
    }
    return quality;
}

std::vector<std::string> describeOverlaps(const Drawing& drawing, std::size_t most) {
    std::vector<std::string> sentences;
    QualityCheck(drawing).run([&](const Item& a, const Item& b) {
        if (sentences.size() < most)
            sentences.push_back(fmt::format("{} meets {} at ({:g}, {:g}).", a.what, b.what,
                                            std::max(a.box.from.x, b.box.from.x),
                                            std::max(a.box.from.y, b.box.from.y)));
    });
    return sentences;
}

} // namespace headroom::schematic
