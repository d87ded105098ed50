#include "core/netlist/schematic/kicad_library.h"

#include <cmath>
#include <cstdlib>
#include <numbers>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

using Node = SExpressions::Node;

/// The circle through three points, as an arc over the middle one; y up.
std::optional<Arc> arcThrough(const Point& a, const Point& b, const Point& c) {
    const double d = 2 * (a.x * (b.y - c.y) + b.x * (c.y - a.y) + c.x * (a.y - b.y));
    if (std::abs(d) < 1e-9) return std::nullopt;
    const auto square = [](const Point& p) { return p.x * p.x + p.y * p.y; };
    const Point centre{(square(a) * (b.y - c.y) + square(b) * (c.y - a.y) + square(c) * (a.y - b.y)) / d,
                       (square(a) * (c.x - b.x) + square(b) * (a.x - c.x) + square(c) * (b.x - a.x)) / d};
    const auto angle = [&](const Point& p) {
        return std::atan2(p.y - centre.y, p.x - centre.x) * 180 / std::numbers::pi;
    };
    const auto turn = [](double from, double to) { return std::fmod(to - from + 720, 360); };
    Arc arc{centre, std::hypot(a.x - centre.x, a.y - centre.y), angle(a), turn(angle(a), angle(c))};
    if (turn(angle(a), angle(b)) > arc.spanAngle) {
        arc.startAngle = angle(c);
        arc.spanAngle = 360 - arc.spanAngle;
    }
    return arc;
}

class SymbolReader {
public:
    explicit SymbolReader(const SExpressions& tree)
        : m_tree(tree) {}

    KiCadLibrarySymbol read(Node symbol) {
        KiCadLibrarySymbol result;
        result.name = m_tree.text(m_tree.argument(symbol, 0));
        result.power = m_tree.find(symbol, "power") >= 0 || m_tree.has(symbol, "power");
        result.parent = m_tree.textOf(symbol, "extends");
        for (Node each = m_tree.firstChild(symbol); each >= 0; each = m_tree.next(each)) {
            const std::string_view name = m_tree.name(each);
            if (name == "property") {
                const std::string key = m_tree.text(m_tree.argument(each, 0));
                if (key == "ki_description" || key == "ki_keywords" || key == "Description") {
                    result.description += lowerCase(m_tree.text(m_tree.argument(each, 1))) + " ";
                }
            } else if (name == "symbol") {
                const auto [unit, style] = unitOf(m_tree.text(m_tree.argument(each, 0)));
                for (Node item = m_tree.firstChild(each); item >= 0; item = m_tree.next(item))
                    addItem(item, unit, style, result);
            } else {
                addItem(each, 0, 0, result);
            }
        }
        return result;
    }

private:
    /// "R_1_2": unit 1, style 2.
    static std::pair<int, int> unitOf(const std::string& name) {
        const std::size_t last = name.rfind('_');
        const std::size_t before = last == std::string::npos || last == 0 ? last : name.rfind('_', last - 1);
        if (before == std::string::npos) return {0, 0};
        return {std::atoi(name.c_str() + before + 1), std::atoi(name.c_str() + last + 1)};
    }

    void addItem(Node item, int unit, int style, KiCadLibrarySymbol& symbol) {
        const std::string_view name = m_tree.name(item);
        const auto add = [&](Shape shape) { symbol.shapes.push_back({std::move(shape), unit, style}); };
        if (name == "pin") {
            addPin(item, unit, style, symbol);
        } else if (name == "polyline" || name == "bezier") {
            const auto points = kiCadPoints(m_tree, item);
            if (points.size() >= 2) add(Polyline{points, isFilled(item)});
        } else if (name == "rectangle") {
            const auto from = kiCadPoint(m_tree, m_tree.find(item, "start"));
            const auto to = kiCadPoint(m_tree, m_tree.find(item, "end"));
            if (from && to) add(Rectangle{*from, *to, isFilled(item)});
        } else if (name == "circle") {
            const auto centre = kiCadPoint(m_tree, m_tree.find(item, "center"));
            const auto radius = m_tree.number(m_tree.find(item, "radius"), 0);
            if (centre && radius) add(Arc{*centre, *radius, 0, 360, isFilled(item)});
        } else if (name == "arc") {
            const auto start = kiCadPoint(m_tree, m_tree.find(item, "start"));
            const auto middle = kiCadPoint(m_tree, m_tree.find(item, "mid"));
            const auto end = kiCadPoint(m_tree, m_tree.find(item, "end"));
            if (!start || !middle || !end) return;
            if (const auto arc = arcThrough(*start, *middle, *end)) add(*arc);
        }
    }

    bool isFilled(Node item) const { return m_tree.textOf(m_tree.find(item, "fill"), "type") == "outline"; }

    void addPin(Node item, int unit, int style, KiCadLibrarySymbol& symbol) {
        const Node at = m_tree.find(item, "at");
        const auto place = kiCadPoint(m_tree, at);
        if (!place) return;
        KiCadLibraryPin pin;
        pin.at = *place;
        pin.number = m_tree.textOf(item, "number");
        pin.name = m_tree.textOf(item, "name");
        pin.hiddenPower = m_tree.text(m_tree.argument(item, 0)) == "power_in" && m_tree.has(item, "hide");
        pin.unit = unit;
        pin.style = style;
        const double length = m_tree.number(m_tree.find(item, "length"), 0).value_or(0);
        const double angle = m_tree.number(at, 2).value_or(0) * std::numbers::pi / 180;
        if (length > 0) {
            const Point end{place->x + length * std::cos(angle), place->y + length * std::sin(angle)};
            symbol.shapes.push_back({Polyline{{*place, end}}, unit, style});
        }
        symbol.pins.push_back(std::move(pin));
    }

    const SExpressions& m_tree;
};

} // namespace

Shape KiCadPlacement::of(Shape shape) const {
    if (auto* line = std::get_if<Polyline>(&shape)) {
        for (Point& each : line->points)
            each = of(each);
    } else if (auto* box = std::get_if<Rectangle>(&shape)) {
        *box = {of(box->from), of(box->to), box->filled};
    } else if (auto* arc = std::get_if<Arc>(&shape)) {
        arc->centre = of(arc->centre);
        arc->startAngle += 90 * turns;
        if (mirrorX) arc->startAngle = -arc->startAngle - arc->spanAngle;
        if (mirrorY) arc->startAngle = 180 - arc->startAngle - arc->spanAngle;
    }
    return shape;
}

std::optional<Point> kiCadPoint(const SExpressions& tree, Node list) {
    const auto x = tree.number(list, 0);
    const auto y = tree.number(list, 1);
    if (!x || !y) return std::nullopt;
    return Point{*x, *y};
}

std::vector<Point> kiCadPoints(const SExpressions& tree, Node list) {
    std::vector<Point> points;
    for (Node each = tree.firstChild(tree.find(list, "pts")); each >= 0; each = tree.next(each)) {
        if (tree.name(each) != "xy") continue;
        if (const auto point = kiCadPoint(tree, each)) points.push_back(*point);
    }
    return points;
}

std::map<std::string, KiCadLibrarySymbol> readKiCadLibrary(const SExpressions& tree,
                                                           SExpressions::Node list) {
    std::map<std::string, KiCadLibrarySymbol> library;
    SymbolReader reader(tree);
    for (Node each = tree.firstChild(list); each >= 0; each = tree.next(each)) {
        if (tree.name(each) != "symbol") continue;
        KiCadLibrarySymbol symbol = reader.read(each);
        const std::string name = symbol.name;
        library.emplace(name, std::move(symbol));
    }
    for (auto& [name, symbol] : library) {
        if (symbol.parent.empty() || !symbol.pins.empty()) continue;
        const std::size_t colon = name.find(':');
        auto parent = library.find(symbol.parent);
        if (parent == library.end() && colon != std::string::npos) {
            parent = library.find(name.substr(0, colon + 1) + symbol.parent);
        }
        if (parent == library.end()) continue;
        symbol.pins = parent->second.pins;
        symbol.shapes = parent->second.shapes;
        symbol.power = symbol.power || parent->second.power;
    }
    return library;
}

} // namespace headroom::netlist
