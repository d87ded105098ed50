#include "core/netlist/schematic/xschem_symbols.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>

#include "core/netlist/element.h"
#include "core/netlist/letter_case.h"
#include "core/netlist/schematic/pin_table.h"

namespace headroom::netlist {
namespace {

PortDirection directionOf(const std::string& text) {
    const std::string name = lowerCase(text);
    if (name == "in") return PortDirection::Input;
    if (name == "out") return PortDirection::Output;
    if (name == "inout") return PortDirection::InOut;
    return PortDirection::Unknown;
}

std::optional<int> pinNumber(const XschemAttributes& attributes) {
    const std::string text = attributes.text("sim_pinnumber");
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || text.empty()) return std::nullopt;
    return value;
}

std::vector<Point> pointsOf(const XschemRecord& record, std::size_t from, std::size_t count) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < count; ++i) {
        const auto x = record.number(from + 2 * i);
        const auto y = record.number(from + 2 * i + 1);
        if (!x || !y) break;
        points.push_back({*x, *y});
    }
    return points;
}

void addShape(const XschemRecord& record, std::vector<Shape>& shapes) {
    const bool filled = !record.texts.empty() && XschemAttributes(record.texts.front()).isTrue("fill");
    if (record.tag == 'L') {
        const auto points = pointsOf(record, 1, 2);
        if (points.size() == 2) shapes.emplace_back(Polyline{points});
    } else if (record.tag == 'B') {
        const auto points = pointsOf(record, 1, 2);
        if (points.size() == 2) shapes.emplace_back(Rectangle{points[0], points[1], filled});
    } else if (record.tag == 'P') {
        const double count = record.number(1).value_or(0);
        if (!(count >= 2 && count <= 10'000)) return;
        const auto points = pointsOf(record, 2, static_cast<std::size_t>(count));
        if (points.size() >= 2) shapes.emplace_back(Polyline{points, filled});
    } else if (record.tag == 'A') {
        const auto centre = pointsOf(record, 1, 1);
        const auto radius = record.number(3);
        if (centre.empty() || !radius) return;
        shapes.emplace_back(
            Arc{centre[0], *radius, record.number(4).value_or(0), record.number(5).value_or(360), filled});
    }
}

/// A standard symbol: "name x y name x y ..." for the pins.
struct Standard {
    std::string_view names; ///< separated by blanks
    std::string_view type;
    std::string_view pins;
    std::string_view format;
    std::string_view defaults;
};

constexpr std::string_view kTwoPins = "p 0 -30 m 0 30";
constexpr std::string_view kControlled = "p 0 -30 m 0 30 cp -40 -20 cm -40 20";
constexpr std::string_view kOrigin = "p 0 0";

constexpr std::array kStandards{
    Standard{"lab_pin lab_wire lab_generic generic", "label", kOrigin, "", ""},
    Standard{"vdd vcc", "label", kOrigin, "", "lab=VDD global=true"},
    Standard{"gnd", "label", kOrigin, "", "lab=GND global=true"},
    Standard{"vss", "label", kOrigin, "", "lab=VSS global=true"},
    Standard{"ipin", "ipin", kOrigin, "", ""},
    Standard{"opin", "opin", kOrigin, "", ""},
    Standard{"iopin", "iopin", kOrigin, "", ""},
    Standard{"bus_connect bus_connect_not_shown bus_connect_nolab", "label", "p 10 -10", "", ""},
    Standard{"bus_tap", "bus_tap", "tap 10 -10 bus 0 0", "", ""},
    Standard{"noconn", "noconn", kOrigin, "", ""},
    Standard{"res res_ac", "resistor", kTwoPins, "@name @pinlist @value m=@m", "m=1 value=1k"},
    Standard{"var_res res3 variable_res", "resistor", kTwoPins, "@name @pinlist @value m=@m", "m=1"},
    Standard{"connect jumper", "resistor", kTwoPins, "@name @pinlist 0.01", ""},
    Standard{"capa capa-2 capa_pol polarized_cap", "capacitor", kTwoPins, "@name @pinlist @value m=@m",
             "m=1 value=1p"},
    Standard{"parax_cap", "capacitor", "p 0 -10", "@name @pinlist @gnd @value m=@m", "gnd=0 value=4f m=1"},
    Standard{"ind", "inductor", kTwoPins, "@name @pinlist @value m=@m", "m=1 value=10n"},
    Standard{"diode zener schottky led varactor", "diode", kTwoPins, "@name @pinlist @model area=@area",
             "area=1"},
    Standard{"vsource sqwsource", "vsource", kTwoPins, "@name @pinlist @value", "value=3"},
    Standard{"isource", "isource", kTwoPins, "@name @pinlist @value", "value=1m"},
    Standard{"ammeter", "vsource", kTwoPins, "@name @pinlist 0", ""},
    Standard{"bsource", "isource", kTwoPins, "@name @pinlist @VAR = ' @FUNC '", "VAR=I FUNC=0"},
    Standard{"asrc vsource_arith", "bsource", kTwoPins, "@name @pinlist V=' @VOL '", "VOL=0"},
    Standard{"isource_arith", "bsource", kTwoPins, "@name @pinlist I=' @CUR '", "CUR=0"},
    Standard{"vcvs vcvs_limit", "vcvs", kControlled, "@name @pinlist @value", "value=1"},
    Standard{"vccs", "vccs", kControlled, "@name @pinlist @value", "value=1"},
    Standard{"cccs", "cccs", kTwoPins, "@name @pinlist @vnam @value", "value=1"},
    Standard{"ccvs", "ccvs", kTwoPins, "@name @pinlist @vnam @value", "value=1"},
    Standard{"nmos4 nmos4_depl nmos4_standalone", "nmos", "d 20 -30 g -20 0 s 20 30 b 20 0",
             "@spiceprefix@name @pinlist @model w=@w l=@l m=@m", "model=nmos w=5u l=0.18u m=1"},
    Standard{"pmos4 pmoshv4 pmos4_standalone", "pmos", "d 20 30 g -20 0 s 20 -30 b 20 0",
             "@spiceprefix@name @pinlist @model w=@w l=@l m=@m", "model=pmos w=5u l=0.18u m=1"},
    Standard{"nmos", "nmos", "d 20 -30 g -20 0 s 20 30", "@spiceprefix@name @pinlist 0 @model w=@w l=@l m=@m",
             "model=nmos w=1u l=0.18u m=1"},
    Standard{"nmos3 nmos-sub", "nmos", "d 20 -30 g -20 0 s 20 30",
             "@name @@d @@g @@s @@s @model w=@w l=@l m=@m", "model=nmos m=1"},
    Standard{"pmos pmosnat", "pmos", "d 20 30 g -20 0 s 20 -30",
             "@spiceprefix@name @pinlist VDD @model w=@w l=@l m=@m", "model=pmos w=2u l=0.18u m=1"},
    Standard{"pmos3 pmos-sub", "pmos", "d 20 30 g -20 0 s 20 -30",
             "@name @@d @@g @@s @@s @model w=@w l=@l m=@m", "model=pmos m=1"},
    Standard{"npn", "npn", "c 20 -30 b -20 0 e 20 30", "@name @pinlist @model area=@area", "area=1"},
    Standard{"pnp", "pnp", "c 20 30 b -20 0 e 20 -30", "@name @pinlist @model area=@area", "area=1"},
    Standard{"njfet", "njfet", "d 20 -30 g -20 0 s 20 30", "@name @pinlist @model area=@area", "area=1"},
    Standard{"pjfet", "pjfet", "d 20 30 g -20 0 s 20 -30", "@name @pinlist @model area=@area", "area=1"},
    Standard{"switch_ngspice", "switch", kControlled, "@name @pinlist @model", "model=SW1"},
    Standard{"switch_hsp switch_hsp_pwl", "switch", "p 0 -30 m 0 30 cp -40 0 cm 40 0",
             "@name @pinlist @model", ""},
    Standard{"delay_line", "line", "nap -80 -10 nam -80 10 nbp 80 -10 nbm 80 10",
             "@name @pinlist z0=@z0 td=@td", ""},
    Standard{"k", "coupler", "", "@name @L1 @L2 @K", "K=0.9"},
    Standard{"code code_shown netlist netlist_at_end netlist_not_shown netlist_not_shown_at_end "
             "simulator_commands simulator_commands_shown",
             "netlist_commands", "", "", ""},
    Standard{"param", "spice_parameters", "", "", ""},
    Standard{"param_agauss", "spice_parameters", "", "", ""},
    Standard{
        "title title-2 title-3 launcher architecture package package_not_shown use attributes "
        "arch_declarations port_attributes verilog_timescale verilog_preprocessor generic_pin spice_probe "
        "spice_probe_vdiff spice_probe_dynamic ngspice_probe ngspice_get_value ngspice_get_expr "
        "device_param_probe lab_show netlist_options image rgb_led arrow corner annotate_fet_params "
        "annotate_bip_params annotate_params graph scope scope2 scope_ammeter lvs_netlist pcb_info "
        "intuitive_interface_cfg",
        "decoration", "", "", ""},
};

/// The kinds of devices that process kits bring, told by the symbol's name.
struct KitDevice {
    std::string_view part; ///< of the name
    std::string_view type;
    std::string_view pins;
};

constexpr std::string_view kNfet = "D 20 -30 G -20 0 S 20 30 B 20 0";
constexpr std::string_view kPfet = "D 20 30 G -20 0 S 20 -30 B 20 0";
constexpr std::string_view kNfet3 = "D 20 -30 G -20 0 S 20 30";
constexpr std::string_view kPfet3 = "D 20 30 G -20 0 S 20 -30";
constexpr std::string_view kPassive = "P 0 -30 M 0 30";
constexpr std::string_view kPassiveBody = "P 0 -30 M 0 30 B -20 0";

// Earlier ones win: a capacitor made of a MOSFET has both in its name.
constexpr std::array kKitDevices{
    KitDevice{"cap_var", "capacitor", kPassiveBody},
    KitDevice{"cap_nmos", "capacitor", kPassive},
    KitDevice{"cap_pmos", "capacitor", kPassive},
    KitDevice{"nmoscap", "capacitor", kPassive},
    KitDevice{"pmoscap", "capacitor", kPassive},
    KitDevice{"nfet3", "nmos", kNfet3},
    KitDevice{"pfet3", "pmos", kPfet3},
    KitDevice{"nmos3", "nmos", kNfet3},
    KitDevice{"pmos3", "pmos", kPfet3},
    KitDevice{"nfet", "nmos", kNfet},
    KitDevice{"pfet", "pmos", kPfet},
    KitDevice{"nmos", "nmos", kNfet},
    KitDevice{"pmos", "pmos", kPfet},
    KitDevice{"npn", "npn", "C 20 -30 B -20 0 E 20 30 S 20 0"},
    KitDevice{"pnp", "pnp", "C 20 30 B -20 0 E 20 -30"},
    KitDevice{"cap_", "capacitor", kPassive},
    KitDevice{"mim", "capacitor", kPassive},
    KitDevice{"rsil", "resistor", kPassive},
    KitDevice{"rppd", "resistor", kPassive},
    KitDevice{"rhigh", "resistor", kPassive},
    KitDevice{"res_generic", "resistor", kPassive},
    KitDevice{"res_", "resistor", kPassiveBody},
    KitDevice{"polyf", "resistor", kPassiveBody},
    KitDevice{"plus_u", "resistor", kPassiveBody},
    KitDevice{"rm1", "resistor", kPassive},
    KitDevice{"rm2", "resistor", kPassive},
    KitDevice{"rm3", "resistor", kPassive},
    KitDevice{"nwell", "resistor", kPassiveBody},
    KitDevice{"diode", "diode", kPassive},
    KitDevice{"dantenna", "diode", kPassive},
    KitDevice{"dpantenna", "diode", kPassive},
};

std::vector<XschemSymbol::Pin> pinsOf(std::string_view text) {
    std::vector<XschemSymbol::Pin> pins;
    for (TablePin& pin : pinsOfTable(text))
        pins.push_back({std::move(pin.name), pin.at});
    return pins;
}

XschemAttributes attributesOf(std::string_view text) {
    MappedText mapped;
    mapped.append(text);
    return XschemAttributes(mapped);
}

bool isKit(const std::string& reference, const XschemAttributes& instance) {
    for (const char* library : {"sky130", "sg13", "gf180", "symbols/", "ihp", "_pr/"}) {
        if (containsIgnoringCase(reference, library)) return true;
    }
    return instance.find("spiceprefix") || instance.find("model");
}

} // namespace

XschemSymbol readXschemSymbol(const std::vector<XschemRecord>& records, std::size_t begin, std::size_t end) {
    XschemSymbol symbol;
    std::vector<int> numbers;
    for (std::size_t i = begin; i < end; ++i) {
        const XschemRecord& record = records[i];
        const bool global = record.tag == 'K' || (record.tag == 'G' && symbol.type.empty());
        if (global && !record.texts.empty()) {
            XschemAttributes attributes(record.texts.front());
            if (!attributes.find("type") && !attributes.find("format")) continue;
            symbol.type = attributes.text("type");
            symbol.format = attributes.text("format");
            if (const MappedText* defaults = attributes.find("template")) {
                // Values of the symbol are no part of the sheet that uses it.
                symbol.defaults = attributesOf(defaults->text());
            }
            symbol.properties = std::move(attributes);
            continue;
        }
        if (record.tag == 'B' && record.number(0) == 5.0) {
            const auto corners = pointsOf(record, 1, 2);
            if (corners.size() < 2 || record.texts.empty()) continue;
            const XschemAttributes attributes(record.texts.front());
            symbol.pins.push_back({attributes.text("name"),
                                   {(corners[0].x + corners[1].x) / 2, (corners[0].y + corners[1].y) / 2},
                                   directionOf(attributes.text("dir"))});
            numbers.push_back(pinNumber(attributes).value_or(std::numeric_limits<int>::max()));
        } else {
            addShape(record, symbol.shapes);
        }
    }
    const bool numbered = !numbers.empty() && std::none_of(numbers.begin(), numbers.end(), [](int each) {
        return each == std::numeric_limits<int>::max();
    });
    if (numbered) {
        std::vector<std::size_t> order(numbers.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return numbers[a] < numbers[b]; });
        std::vector<XschemSymbol::Pin> sorted;
        for (const std::size_t i : order)
            sorted.push_back(symbol.pins[i]);
        symbol.pins = std::move(sorted);
    }
    return symbol;
}

std::string xschemReference(const XschemRecord& component) {
    std::string reference(component.texts.empty() ? std::string_view() : trimmed(component.texts[0].text()));
    const bool complete = reference.ends_with(".sym") || reference.ends_with(".sch");
    if (!complete && reference.find('(') == std::string::npos) reference += ".sym";
    return reference;
}

std::size_t endOfEmbeddedSymbol(const std::vector<XschemRecord>& records, std::size_t i) {
    if (i + 1 >= records.size() || records[i + 1].tag != '[') return i;
    std::size_t end = i + 1;
    while (end + 1 < records.size() && records[end].tag != ']')
        ++end;
    return end;
}

XschemSymbol symbolOfSchematic(const std::vector<XschemRecord>& records) {
    XschemSymbol symbol;
    symbol.type = "subcircuit";
    symbol.format = "@name @pinlist @symname";
    for (const XschemRecord& record : records) {
        if (record.tag != 'C' || record.texts.size() < 2) continue;
        const std::string name = std::filesystem::path(record.texts[0].text()).stem().string();
        if (name != "ipin" && name != "opin" && name != "iopin") continue;
        const auto at = pointsOf(record, 0, 1);
        if (at.empty()) continue;
        const PortDirection direction = name == "ipin"   ? PortDirection::Input
                                        : name == "opin" ? PortDirection::Output
                                                         : PortDirection::InOut;
        symbol.pins.push_back({XschemAttributes(record.texts[1]).text("lab"), at[0], direction});
    }
    return symbol;
}

std::optional<XschemSymbol> standardXschemSymbol(const std::string& reference,
                                                 const XschemAttributes& instance) {
    const std::string name = lowerCase(std::filesystem::path(reference).stem().string());
    XschemSymbol symbol;
    symbol.standard = true;
    const bool ofXschem =
        reference.find('/') == std::string::npos || containsIgnoringCase(reference, "devices/");
    const bool kitModel = instance.find("spiceprefix") && instance.find("model");
    for (const Standard& each : kStandards) {
        if (!isListed(each.names, name) || (!ofXschem && kitModel)) continue;
        symbol.type = each.type;
        symbol.format = each.format;
        symbol.defaults = attributesOf(each.defaults);
        symbol.pins = pinsOf(each.pins);
        return symbol;
    }
    if (name.starts_with("annotate") || name.starts_with("title")) {
        symbol.type = "decoration";
        return symbol;
    }
    if (name == "sub" && containsIgnoringCase(reference, "sg13")) {
        symbol.type = "label";
        symbol.defaults = attributesOf("lab=sub! global=true");
        symbol.pins = pinsOf(kOrigin);
        return symbol;
    }
    const std::string model = lowerCase(instance.text("model"));
    for (const std::string& text : {name, model}) {
        if (!isKit(reference, instance)) break;
        for (const KitDevice& each : kKitDevices) {
            if (text.find(each.part) == std::string::npos) continue;
            symbol.type = each.type;
            symbol.pins = pinsOf(each.pins);
            if (containsIgnoringCase(reference, "sky130_fd_pr")) symbol.modelPrefix = "sky130_fd_pr__";
            return symbol;
        }
    }
    return std::nullopt;
}

} // namespace headroom::netlist
