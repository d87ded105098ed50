#include "core/netlist/schematic/ltspice_symbols.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/drawing_number.h"
#include "core/netlist/schematic/pin_table.h"

namespace headroom::netlist {
namespace {

/// A symbol of the standard library: "name x y ..." for the pins in netlist order.
struct Standard {
    std::string_view names; ///< separated by blanks, lower case
    std::string_view prefix;
    std::string_view pins;
    std::string_view value; ///< what the netlist has where the sheet gives none
};

constexpr std::string_view kLong = "A 16 16 B 16 96";
constexpr std::string_view kShort = "A 16 0 B 16 64";
constexpr std::string_view kDiode = "+ 16 0 - 16 64";
constexpr std::string_view kVoltage = "+ 0 16 - 0 96";
constexpr std::string_view kCurrent = "+ 0 0 - 0 80";
constexpr std::string_view kControlled = "+ 0 16 - 0 96 P -48 32 N -48 80";
constexpr std::string_view kOpamp = "In+ -32 80 In- -32 48 V+ 0 32 V- 0 96 OUT 32 64";

constexpr std::array kStandards{
    Standard{"res res2 eu_resistor europeanresistor", "R", kLong, "R"},
    Standard{"ind ind2", "L", kLong, "L"},
    Standard{"cap polcap europeanpolcap", "C", kShort, "C"},
    Standard{"diode schottky zener led varactor tvsdiode", "D", kDiode, "D"},
    Standard{"voltage battery cell signal", "V", kVoltage, "0"},
    Standard{"current load load2", "I", kCurrent, "0"},
    Standard{"bv", "B", kVoltage, "V=0"},
    Standard{"bi bi2", "B", kCurrent, "I=0"},
    Standard{"npn npn2 npn3", "QN", "C 64 0 B 0 48 E 64 96", "NPN"},
    Standard{"npn4", "QN", "C 64 0 B 0 48 E 64 96 S 64 48", "NPN"},
    Standard{"pnp pnp2 lpnp", "QP", "C 64 0 B 0 48 E 64 96", "PNP"},
    Standard{"pnp4", "QP", "C 64 0 B 0 48 E 64 96 S 64 48", "PNP"},
    Standard{"nmos", "MN", "D 48 0 G 0 80 S 48 96", "NMOS"},
    Standard{"pmos", "MP", "D 48 0 G 0 80 S 48 96", "PMOS"},
    Standard{"nmos4", "MN", "D 48 0 G 0 80 S 48 96 B 48 48", "NMOS"},
    Standard{"pmos4", "MP", "D 48 0 G 0 80 S 48 96 B 48 48", "PMOS"},
    Standard{"njf", "JN", "D 48 0 G 0 64 S 48 96", "NJF"},
    Standard{"pjf", "JP", "D 48 0 G 0 64 S 48 96", "PJF"},
    Standard{"mesfet", "Z", "D 48 0 G 0 64 S 48 96", "NMF"},
    Standard{"e g", "", kControlled, "1"},
    Standard{"e2 g2", "", "+ 0 16 - 0 96 P -48 80 N -48 32", "1"},
    Standard{"f h", "", kVoltage, "V1 1"},
    Standard{"sw", "S", "A 0 16 B 0 96 P -48 80 N -48 32", "SW"},
    Standard{"csw", "W", kVoltage, "V1 CSW"},
    Standard{"tline ltline", "T", "L+ -48 -16 L- -48 16 R+ 48 -16 R- 48 16", "Td=50n Z0=50"},
    Standard{"ferritebead ferritebead2", "L", "A 0 -32 B 0 32", "L"},
    Standard{"opamp", "X", "In+ -32 80 In- -32 48 OUT 32 64", "opamp"},
    Standard{
        "opamp2 lt1001 lt1007 lt1012 lt1028 lt1006 lt1013 lt1022 lt1037 lt1078 lt1115 lt1128 lt1169 lt1214 "
        "lt1226 lt1220 lt1360 lt1363 lt1364 lt1367 lt1413 lt1498 lt1639 lt1677 lt1678 lt1793 lt1800 lt1801 "
        "lt1806 lt1807 lt1818 lt6200 lt6202 ltc6240 ltc6241 ltc6078 ad8541",
        "X", kOpamp, ""},
    Standard{
        "universalopamps universalopamps2 universalopamp universalopamp2 universalopamp3 universalopamp4",
        "X", "In- -32 -16 In+ -32 16 V+ 0 -32 V- 0 32 OUT 32 0", ""},
};

double angleOf(const Point& centre, const Point& to) {
    return std::atan2(centre.y - to.y, to.x - centre.x) * 180 / std::numbers::pi;
}

void addShape(const LtspiceLine& line, std::vector<Shape>& shapes) {
    const auto a = line.point(2);
    const auto b = line.point(4);
    if (!a || !b) return;
    if (line.is("LINE")) {
        shapes.emplace_back(Polyline{{*a, *b}});
    } else if (line.is("RECTANGLE")) {
        shapes.emplace_back(Rectangle{*a, *b});
    } else if (line.is("CIRCLE") || line.is("ARC")) {
        const Point centre{(a->x + b->x) / 2, (a->y + b->y) / 2};
        Arc arc{centre, std::abs(b->x - a->x) / 2};
        const auto from = line.point(6);
        const auto to = line.point(8);
        if (line.is("ARC") && from && to) {
            arc.startAngle = angleOf(centre, *from);
            arc.spanAngle = angleOf(centre, *to) - arc.startAngle;
            if (arc.spanAngle <= 0) arc.spanAngle += 360;
        }
        shapes.emplace_back(arc);
    }
}

} // namespace

LtspiceLine::LtspiceLine(const std::string& text, std::size_t begin, std::size_t end)
    : m_text(text)
    , m_begin(begin)
    , m_end(end) {
    constexpr std::size_t kMostWords = 16; // that any record needs
    std::size_t at = begin;
    while (at < end && m_words.size() < kMostWords) {
        while (at < end && isBlank(text[at]))
            ++at;
        const std::size_t start = at;
        while (at < end && !isBlank(text[at]))
            ++at;
        if (at > start) m_words.emplace_back(start, at);
    }
}

std::string LtspiceLine::word(std::size_t i) const {
    if (i >= m_words.size()) return {};
    return m_text.substr(m_words[i].first, m_words[i].second - m_words[i].first);
}

bool LtspiceLine::is(std::string_view keyword) const {
    return !m_words.empty() && equalIgnoringCase(std::string_view(m_text).substr(
                                                     m_words[0].first, m_words[0].second - m_words[0].first),
                                                 keyword);
}

std::optional<double> LtspiceLine::number(std::size_t i) const {
    if (i >= m_words.size()) return std::nullopt;
    const auto [begin, end] = m_words[i];
    return drawingNumber(std::string_view(m_text).substr(begin, end - begin));
}

std::optional<Point> LtspiceLine::point(std::size_t i) const {
    const auto x = number(i);
    const auto y = number(i + 1);
    if (!x || !y) return std::nullopt;
    return Point{*x, *y};
}

std::size_t LtspiceLine::behind(std::size_t words) const {
    if (words > 0 && words > m_words.size()) return m_end;
    std::size_t at = words == 0 ? m_begin : m_words[words - 1].second;
    while (at < m_end && isBlank(m_text[at]))
        ++at;
    return at;
}

std::vector<LtspiceLine> ltspiceLines(const std::string& text) {
    std::vector<LtspiceLine> lines;
    std::size_t at = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
    while (at < text.size()) {
        std::size_t end = std::min(text.find('\n', at), text.size());
        const std::size_t next = end + 1;
        while (end > at && (text[end - 1] == '\r' || text[end - 1] == '\0'))
            --end;
        lines.emplace_back(text, at, end);
        at = next;
    }
    return lines;
}

LtspiceSymbol readLtspiceSymbol(const std::string& text) {
    struct NumberedPin {
        LtspiceSymbol::Pin pin;
        int order = std::numeric_limits<int>::max();
    };
    LtspiceSymbol symbol;
    std::vector<NumberedPin> pins;
    for (const LtspiceLine& line : ltspiceLines(text)) {
        if (line.is("SymbolType")) {
            symbol.block = equalIgnoringCase(line.word(1), "BLOCK");
        } else if (line.is("SYMATTR")) {
            const std::size_t start = line.behind(2);
            symbol.attributes[lowerCase(line.word(1))] =
                std::string(trimmed(std::string_view(text).substr(start, line.end() - start)));
        } else if (line.is("PIN")) {
            if (const auto at = line.point(1)) pins.push_back({{{}, *at}});
        } else if (line.is("PINATTR") && !pins.empty()) {
            if (equalIgnoringCase(line.word(1), "PinName")) {
                const std::size_t start = line.behind(2);
                pins.back().pin.name =
                    std::string(trimmed(std::string_view(text).substr(start, line.end() - start)));
            } else if (equalIgnoringCase(line.word(1), "SpiceOrder")) {
                const double order = line.number(2).value_or(-1);
                if (order >= 0 && order < 1e6) pins.back().order = static_cast<int>(order);
            }
        } else {
            addShape(line, symbol.shapes);
        }
    }
    std::stable_sort(pins.begin(), pins.end(),
                     [](const NumberedPin& a, const NumberedPin& b) { return a.order < b.order; });
    for (NumberedPin& each : pins)
        symbol.pins.push_back(std::move(each.pin));
    return symbol;
}

std::optional<LtspiceSymbol> standardLtspiceSymbol(const std::string& reference) {
    const std::size_t slash = reference.find_last_of("\\/");
    const std::string name = lowerCase(slash == std::string::npos ? reference : reference.substr(slash + 1));
    for (const Standard& each : kStandards) {
        if (!isListed(each.names, name)) continue;
        LtspiceSymbol symbol;
        symbol.pins = pinsOfTable(each.pins);
        std::string prefix(each.prefix);
        if (prefix.empty()) prefix = std::string(1, static_cast<char>(name[0] - 'a' + 'A'));
        symbol.attributes["prefix"] = prefix;
        const std::string value = each.value.empty() ? name : std::string(each.value);
        symbol.attributes["value"] = value;
        return symbol;
    }
    return std::nullopt;
}

} // namespace headroom::netlist
