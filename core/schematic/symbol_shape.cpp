#include "core/schematic/symbol_shape.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::schematic {

using netlist::Arc;
using netlist::Polyline;
using netlist::Rectangle;
using netlist::Shape;

namespace {

constexpr double kHalfHeight = 3;

Shape line(std::vector<Point> points) {
    return Polyline{std::move(points), false};
}

Shape area(std::vector<Point> points) {
    return Polyline{std::move(points), true};
}

// The arrow stands on the source: outwards for N, inwards for P types.
std::vector<Shape> mosfetFigure(bool nType, BulkStyle bulk) {
    std::vector<Shape> shapes{line({{-2, 0}, {-0.3, 0}}), line({{-0.3, -1.3}, {-0.3, 1.3}}),
                              line({{0.4, -1.8}, {0.4, 1.8}}), line({{0.4, -1.4}, {2, -1.4}, {2, -3}}),
                              line({{0.4, 1.4}, {2, 1.4}, {2, 3}})};
    if (nType)
        shapes.push_back(area({{2, 1.4}, {0.9, 0.9}, {0.9, 1.9}}));
    else
        shapes.push_back(area({{0.5, -1.4}, {1.6, -1.9}, {1.6, -0.9}}));
    if (bulk != BulkStyle::Hidden) shapes.push_back(line({{0.4, 0}, {2, 0}}));
    if (bulk == BulkStyle::TiedToSource) shapes.push_back(line({{2, 0}, {2, nType ? 1.4 : -1.4}}));
    return shapes;
}

std::vector<Shape> bipolarFigure(bool nType) {
    std::vector<Shape> shapes{line({{-2, 0}, {0, 0}}), line({{0, -1.5}, {0, 1.5}}),
                              line({{0, -0.6}, {2, -2}, {2, -3}}), line({{0, 0.6}, {2, 2}, {2, 3}})};
    if (nType)
        shapes.push_back(area({{1.8, 1.86}, {1.2, 0.9}, {0.75, 1.65}}));
    else
        shapes.push_back(area({{0.3, -0.81}, {0.8, -1.75}, {1.3, -1.05}}));
    return shapes;
}

std::vector<Shape> twoTerminalFigure(SymbolKind kind) {
    switch (kind) {
    case SymbolKind::Resistor:
        return {line({{0, -3},
                      {0, -1.8},
                      {0.7, -1.5},
                      {-0.7, -0.9},
                      {0.7, -0.3},
                      {-0.7, 0.3},
                      {0.7, 0.9},
                      {-0.7, 1.5},
                      {0, 1.8},
                      {0, 3}})};
    case SymbolKind::Capacitor:
        return {line({{0, -3}, {0, -0.4}}), line({{-1.2, -0.4}, {1.2, -0.4}}),
                line({{-1.2, 0.4}, {1.2, 0.4}}), line({{0, 0.4}, {0, 3}})};
    case SymbolKind::Inductor:
        return {line({{0, -3}, {0, -2}}),
                Arc{{0, -1.5}, 0.5, -90, 180, false},
                Arc{{0, -0.5}, 0.5, -90, 180, false},
                Arc{{0, 0.5}, 0.5, -90, 180, false},
                Arc{{0, 1.5}, 0.5, -90, 180, false},
                line({{0, 2}, {0, 3}})};
    case SymbolKind::Diode:
        return {line({{0, -3}, {0, -0.8}}), area({{-1, -0.8}, {1, -0.8}, {0, 0.8}}),
                line({{-1, 0.8}, {1, 0.8}}), line({{0, 0.8}, {0, 3}})};
    case SymbolKind::VoltageSource:
        return {line({{0, -3}, {0, -1.5}}),        Arc{{0, 0}, 1.5, 0, 360, false},
                line({{0, 1.5}, {0, 3}}),          line({{0, -1.1}, {0, -0.3}}),
                line({{-0.4, -0.7}, {0.4, -0.7}}), line({{-0.4, 0.8}, {0.4, 0.8}})};
    default: // a current source: the arrow is the current, plus to minus
        return {line({{0, -3}, {0, -1.5}}), Arc{{0, 0}, 1.5, 0, 360, false}, line({{0, 1.5}, {0, 3}}),
                line({{0, -1}, {0, 0.3}}), area({{-0.45, 0.2}, {0.45, 0.2}, {0, 1.1}})};
    }
}

std::size_t leftPins(std::size_t count) {
    return (count + 1) / 2;
}

double boxHalfHeight(std::size_t count) {
    return std::max<double>(2, static_cast<double>(leftPins(count)) + 1);
}

Shape oriented(const Shape& shape, const Symbol& symbol) {
    const auto place = [&](Point point) {
        const Point turned = symbol.orientation.apply(point);
        return Point{turned.x + symbol.at.x, turned.y + symbol.at.y};
    };
    if (const auto* polyline = std::get_if<Polyline>(&shape)) {
        Polyline result{{}, polyline->filled};
        for (const Point& point : polyline->points)
            result.points.push_back(place(point));
        return result;
    }
    if (const auto* rectangle = std::get_if<Rectangle>(&shape))
        return Rectangle{place(rectangle->from), place(rectangle->to), rectangle->filled};
    Arc arc = std::get<Arc>(shape);
    arc.centre = place(arc.centre);
    // Angles run counter-clockwise; a clockwise quarter turn takes 90 degrees off, a mirror image runs
    // from where the original ends.
    if (symbol.orientation.mirrored) arc.startAngle = 180 - arc.startAngle - arc.spanAngle;
    arc.startAngle -= 90.0 * symbol.orientation.quarterTurns;
    return arc;
}

std::string engineering(double value) {
    struct Prefix {
        double factor;
        const char* letter;
    };
    static constexpr Prefix prefixes[] = {{1e9, "G"},  {1e6, "M"},  {1e3, "k"},   {1, ""},      {1e-3, "m"},
                                          {1e-6, "u"}, {1e-9, "n"}, {1e-12, "p"}, {1e-15, "f"}, {1e-18, "a"}};
    if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
    for (const Prefix& prefix : prefixes)
        if (std::abs(value) >= prefix.factor * 0.9999)
            return fmt::format("{:.4g}{}", value / prefix.factor, prefix.letter);
    return fmt::format("{:.3g}", value);
}

// Channel widths and lengths in micrometres down to 0.1, as designers write them.
std::string channelLength(double metres) {
    if (metres >= 0.0999e-6 && metres < 1e-3) return fmt::format("{:.4g}u", metres * 1e6);
    return engineering(metres);
}

std::string parameterText(const netlist::Device& device, std::string_view name, bool channel) {
    const netlist::Parameter* parameter = device.parameter(name);
    if (!parameter) return {};
    if (parameter->number)
        return channel ? channelLength(*parameter->number) : engineering(*parameter->number);
    return shortName(parameter->text, 10);
}

} // namespace

std::vector<Point> pinPlaces(SymbolKind kind, std::size_t pinCount) {
    switch (kind) {
    case SymbolKind::Nmos:
        return {{2, -3}, {-2, 0}, {2, 3}, {2, 0}};
    case SymbolKind::Pmos:
        return {{2, 3}, {-2, 0}, {2, -3}, {2, 0}};
    case SymbolKind::Npn:
        return {{2, -3}, {-2, 0}, {2, 3}};
    case SymbolKind::Pnp:
        return {{2, 3}, {-2, 0}, {2, -3}};
    case SymbolKind::Box: {
        std::vector<Point> places;
        const double top = -static_cast<double>(leftPins(pinCount)) + 1;
        for (std::size_t i = 0; i < pinCount; ++i) {
            const bool left = i < leftPins(pinCount);
            const auto row = static_cast<double>(left ? i : i - leftPins(pinCount));
            places.push_back({left ? -5.0 : 5.0, top + 2 * row});
        }
        return places;
    }
    default:
        return {{0, -kHalfHeight}, {0, kHalfHeight}};
    }
}

std::vector<Shape> figureOf(SymbolKind kind, BulkStyle bulk, std::size_t pinCount) {
    switch (kind) {
    case SymbolKind::Nmos:
        return mosfetFigure(true, bulk);
    case SymbolKind::Pmos:
        return mosfetFigure(false, bulk);
    case SymbolKind::Npn:
        return bipolarFigure(true);
    case SymbolKind::Pnp:
        return bipolarFigure(false);
    case SymbolKind::Box: {
        const double half = boxHalfHeight(pinCount);
        std::vector<Shape> shapes{Rectangle{{-4, -half}, {4, half}, false}};
        for (const Point& pin : pinPlaces(kind, pinCount))
            shapes.push_back(line({pin, {pin.x < 0 ? -4.0 : 4.0, pin.y}}));
        return shapes;
    }
    default:
        return twoTerminalFigure(kind);
    }
}

Box boxOf(const Shape& shape) {
    if (const auto* rectangle = std::get_if<Rectangle>(&shape)) {
        const auto [left, right] = std::minmax(rectangle->from.x, rectangle->to.x);
        const auto [top, bottom] = std::minmax(rectangle->from.y, rectangle->to.y);
        return {{left, top}, {right, bottom}};
    }
    if (const auto* arc = std::get_if<Arc>(&shape))
        return {{arc->centre.x - arc->radius, arc->centre.y - arc->radius},
                {arc->centre.x + arc->radius, arc->centre.y + arc->radius}};
    const auto& points = std::get<Polyline>(shape).points;
    Box box{points.front(), points.front()};
    for (const Point& point : points)
        box = box.united({point, point});
    return box;
}

void layOut(Symbol& symbol) {
    auto places = pinPlaces(symbol.kind, symbol.pins.size());
    if (symbol.swapped && places.size() > netlist::Source)
        std::swap(places[netlist::Drain], places[netlist::Source]);
    for (std::size_t i = 0; i < symbol.pins.size() && i < places.size(); ++i) {
        const Point place = symbol.orientation.apply(places[i]);
        symbol.pins[i].at = {symbol.at.x + place.x, symbol.at.y + place.y};
    }
    symbol.shapes.clear();
    for (const Shape& shape : figureOf(symbol.kind, symbol.bulk, symbol.pins.size()))
        symbol.shapes.push_back(oriented(shape, symbol));
    symbol.box = boxOf(symbol.shapes.front());
    for (const Shape& shape : symbol.shapes)
        symbol.box = symbol.box.united(boxOf(shape));
}

Shape moved(const Shape& shape, double dx, double dy) {
    Shape result = shape;
    const auto shift = [&](Point& point) {
        point.x += dx;
        point.y += dy;
    };
    if (auto* polyline = std::get_if<Polyline>(&result)) {
        for (Point& point : polyline->points)
            shift(point);
    } else if (auto* rectangle = std::get_if<Rectangle>(&result)) {
        shift(rectangle->from);
        shift(rectangle->to);
    } else {
        shift(std::get<Arc>(result).centre);
    }
    return result;
}

void move(Symbol& symbol, double dx, double dy) {
    symbol.at.x += dx;
    symbol.at.y += dy;
    symbol.box = symbol.box.moved(dx, dy);
    for (Pin& pin : symbol.pins) {
        pin.at.x += dx;
        pin.at.y += dy;
    }
    for (auto* texts : {&symbol.texts, &symbol.pinTexts})
        for (Text& text : *texts) {
            text.at.x += dx;
            text.at.y += dy;
        }
    for (Shape& shape : symbol.shapes)
        shape = moved(shape, dx, dy);
}

SymbolKind symbolKindOf(const netlist::Device& device, netlist::Polarity polarity) {
    const bool nType = device.polarity.value_or(polarity) == netlist::Polarity::N;
    switch (device.type) {
    case netlist::DeviceType::Mosfet:
        return device.nets.size() < 3 ? SymbolKind::Box : nType ? SymbolKind::Nmos : SymbolKind::Pmos;
    case netlist::DeviceType::Bipolar:
        return device.nets.size() < 3 ? SymbolKind::Box : nType ? SymbolKind::Npn : SymbolKind::Pnp;
    default:
        break;
    }
    if (device.nets.size() != 2) return SymbolKind::Box;
    switch (device.type) {
    case netlist::DeviceType::Resistor:
        return SymbolKind::Resistor;
    case netlist::DeviceType::Capacitor:
        return SymbolKind::Capacitor;
    case netlist::DeviceType::Inductor:
        return SymbolKind::Inductor;
    case netlist::DeviceType::Diode:
        return SymbolKind::Diode;
    case netlist::DeviceType::VoltageSource:
        return SymbolKind::VoltageSource;
    case netlist::DeviceType::CurrentSource:
        return SymbolKind::CurrentSource;
    default:
        return SymbolKind::Box;
    }
}

std::string sizeText(const netlist::Device& device) {
    if (device.type == netlist::DeviceType::Mosfet) {
        const std::string width = parameterText(device, "w", true);
        const std::string length = parameterText(device, "l", true);
        std::string text;
        if (!width.empty() || !length.empty())
            text = (width.empty() ? "?" : width) + "/" + (length.empty() ? "?" : length);
        const double count = device.number("m").value_or(1);
        if (count != 1) text += fmt::format("{}x{:g}", text.empty() ? "" : " ", count);
        return text;
    }
    if (device.type == netlist::DeviceType::Bipolar || device.type == netlist::DeviceType::Other ||
        device.type == netlist::DeviceType::Diode)
        return shortName(device.model, 12);
    std::string text = parameterText(device, "value", false);
    if (text.empty()) text = parameterText(device, "dc", false);
    const bool sized =
        device.type == netlist::DeviceType::Resistor || device.type == netlist::DeviceType::Capacitor;
    const std::string width = parameterText(device, device.widthName(), true);
    const std::string length = parameterText(device, device.lengthName(), true);
    if (text.empty() && sized && !(width.empty() && length.empty()))
        text = (width.empty() ? "?" : width) + "/" + (length.empty() ? "?" : length);
    const double count = device.number("m").value_or(1);
    if (sized && count != 1) text += fmt::format("{}x{:g}", text.empty() ? "" : " ", count);
    return text;
}

std::string shortName(const std::string& name, std::size_t most) {
    if (name.size() <= most) return name;
    const std::size_t front = (most - 1) / 2;
    const std::size_t back = most - 1 - front;
    // Not through the middle of a UTF-8 sequence.
    const auto continuation = [&](std::size_t i) {
        return (static_cast<unsigned char>(name[i]) & 0xC0U) == 0x80;
    };
    std::size_t frontEnd = front;
    while (frontEnd > 0 && continuation(frontEnd))
        --frontEnd;
    std::size_t backBegin = name.size() - back;
    while (backBegin < name.size() && continuation(backBegin))
        ++backBegin;
    return name.substr(0, frontEnd) + "\u2026" + name.substr(backBegin);
}

} // namespace headroom::schematic
