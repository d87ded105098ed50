#include "core/netlist/device_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::netlist {
namespace {

constexpr double kMicrometre = 1e-6;

constexpr DeviceRule mosfet(std::string_view process, std::string_view pattern, Polarity polarity,
                            std::string_view fingers, double unit = 1) {
    return {process, pattern, DeviceType::Mosfet, polarity, 4, 4, unit, false, "w", "l", fingers, "m"};
}

constexpr DeviceRule twoTerminal(std::string_view process, std::string_view pattern, DeviceType type,
                                 std::size_t mostNets, double unit = 1, std::string_view width = "w",
                                 std::string_view length = "l") {
    return {process, pattern, type, std::nullopt, 2, mostNets, unit, false, width, length, "", "m"};
}

constexpr DeviceRule bipolar(std::string_view process, std::string_view pattern, Polarity polarity,
                             std::size_t mostNets, std::string_view fingers = "") {
    return {process, pattern, DeviceType::Bipolar, polarity, 3, mostNets, 1, false, "", "", fingers, "m"};
}

using enum DeviceType;

// sky130: everything is in bare micrometres; W is the width of all fingers (AD is computed with W/nf); the
// `mult` that its symbols print as well only steers mismatch, `m` counts devices.
// gf180mcu: metres, W of all fingers, nf; resistors and capacitors have names of their own for W and L.
// SG13G2: metres, W of all fingers (the model divides by ng); bipolars count emitters in Nx.
constexpr std::array kProcessRules{
    mosfet("sky130", "sky130_fd_pr__*nfet_*", Polarity::N, "nf", kMicrometre),
    mosfet("sky130", "sky130_fd_pr__*pfet_*", Polarity::P, "nf", kMicrometre),
    twoTerminal("sky130", "sky130_fd_pr__res_*", Resistor, 3, kMicrometre),
    twoTerminal("sky130", "sky130_fd_pr__cap_*", Capacitor, 6, kMicrometre),
    twoTerminal("sky130", "sky130_fd_pr__*diode*", Diode, 3, kMicrometre, "", ""),
    bipolar("sky130", "sky130_fd_pr__*npn_*", Polarity::N, 4),
    bipolar("sky130", "sky130_fd_pr__*pnp_*", Polarity::P, 4),
    twoTerminal("sky130", "sky130_fd_pr__ind_*", Inductor, 4, kMicrometre, "", ""),

    mosfet("gf180mcu", "nfet_03v3*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pfet_03v3*", Polarity::P, "nf"),
    mosfet("gf180mcu", "nfet_05v0*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pfet_05v0*", Polarity::P, "nf"),
    mosfet("gf180mcu", "nfet_06v0*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pfet_06v0*", Polarity::P, "nf"),
    mosfet("gf180mcu", "nfet_10v0*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pfet_10v0*", Polarity::P, "nf"),
    mosfet("gf180mcu", "nmos_3p3*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pmos_3p3*", Polarity::P, "nf"),
    mosfet("gf180mcu", "nmos_6p0*", Polarity::N, "nf"),
    mosfet("gf180mcu", "pmos_6p0*", Polarity::P, "nf"),
    twoTerminal("gf180mcu", "ppolyf_*", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "npolyf_*", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "nplus_*", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "pplus_*", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "nwell", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "pwell", Resistor, 3, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "rm1", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "rm2", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "rm3", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "tm6k", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "tm9k", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "tm11k", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "tm30k", Resistor, 2, 1, "r_width", "r_length"),
    twoTerminal("gf180mcu", "cap_mim_*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "mim_*ff*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "cap_nmos_*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "cap_pmos_*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "nmoscap_*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "pmoscap_*", Capacitor, 2, 1, "c_width", "c_length"),
    twoTerminal("gf180mcu", "diode_*2*", Diode, 2, 1, "", ""),
    twoTerminal("gf180mcu", "sc_diode", Diode, 2, 1, "", ""),
    bipolar("gf180mcu", "npn_*p*x*p*", Polarity::N, 4),
    bipolar("gf180mcu", "pnp_*p*x*p*", Polarity::P, 4),
    bipolar("gf180mcu", "vnpn_*x*", Polarity::N, 4),
    bipolar("gf180mcu", "vpnp_*x*", Polarity::P, 4),

    mosfet("sg13g2", "sg13_*nmos*", Polarity::N, "ng"),
    mosfet("sg13g2", "sg13_*pmos*", Polarity::P, "ng"),
    mosfet("sg13g2", "rfnmos*", Polarity::N, "ng"),
    mosfet("sg13g2", "rfpmos*", Polarity::P, "ng"),
    twoTerminal("sg13g2", "rsil", Resistor, 3),
    twoTerminal("sg13g2", "rppd", Resistor, 3),
    twoTerminal("sg13g2", "rhigh", Resistor, 3),
    twoTerminal("sg13g2", "ptap1", Resistor, 2, 1, "", ""),
    twoTerminal("sg13g2", "ntap1", Resistor, 2, 1, "", ""),
    twoTerminal("sg13g2", "cap_cmim", Capacitor, 2),
    twoTerminal("sg13g2", "cap_rfcmim", Capacitor, 3),
    twoTerminal("sg13g2", "cap_cpara", Capacitor, 2),
    twoTerminal("sg13g2", "dantenna", Diode, 2),
    twoTerminal("sg13g2", "dpantenna", Diode, 2),
    twoTerminal("sg13g2", "schottky_nbl1", Diode, 3),
    bipolar("sg13g2", "npn13g2*", Polarity::N, 5, "nx"),
    bipolar("sg13g2", "pnpmpa", Polarity::P, 3),
    twoTerminal("sg13g2", "inductor2", Inductor, 3),
    twoTerminal("sg13g2", "inductor3", Inductor, 4),
};

// Names that foundries' and teaching kits have in common. MOSFETs of unknown kits may count fingers in nf
// or ng; Device::fingersName() looks for both.
constexpr std::array kGenericRules{
    twoTerminal("generic", "res", Resistor, 3),
    twoTerminal("generic", "resistor", Resistor, 3),
    twoTerminal("generic", "res_*", Resistor, 3),
    twoTerminal("generic", "rpoly*", Resistor, 3),
    twoTerminal("generic", "rppoly*", Resistor, 3),
    twoTerminal("generic", "rnpoly*", Resistor, 3),
    twoTerminal("generic", "rupoly*", Resistor, 3),
    twoTerminal("generic", "rhpoly*", Resistor, 3),
    twoTerminal("generic", "cap", Capacitor, 3),
    twoTerminal("generic", "capacitor", Capacitor, 3),
    twoTerminal("generic", "cap_*", Capacitor, 3),
    twoTerminal("generic", "*mimcap*", Capacitor, 3),
    twoTerminal("generic", "*momcap*", Capacitor, 3),
    twoTerminal("generic", "*moscap*", Capacitor, 3),
    twoTerminal("generic", "crtmom*", Capacitor, 3),
    twoTerminal("generic", "cfmom*", Capacitor, 3),
    twoTerminal("generic", "ind", Inductor, 3, 1, "", ""),
    twoTerminal("generic", "inductor", Inductor, 3, 1, "", ""),
    twoTerminal("generic", "diode", Diode, 3, 1, "", ""),
    twoTerminal("generic", "diode_*", Diode, 3, 1, "", ""),
    twoTerminal("generic", "ndio*", Diode, 3, 1, "", ""),
    twoTerminal("generic", "pdio*", Diode, 3, 1, "", ""),
    bipolar("generic", "npn*", Polarity::N, 4),
    bipolar("generic", "pnp*", Polarity::P, 4),
    mosfet("generic", "*nfet*", Polarity::N, "nf"),
    mosfet("generic", "*pfet*", Polarity::P, "nf"),
    mosfet("generic", "*nmos*", Polarity::N, "nf"),
    mosfet("generic", "*pmos*", Polarity::P, "nf"),
    mosfet("generic", "nch*", Polarity::N, "nf"),
    mosfet("generic", "pch*", Polarity::P, "nf"),
};

/// Whether @p text matches @p pattern, in which '*' stands for any number of characters. Linear in the
/// text for each '*': the last one is the only one that is tried again.
bool matches(std::string_view text, std::string_view pattern) {
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && pattern[p] == text[t]) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

template <class Accept>
const DeviceRule* firstRule(std::string_view model, Accept accept) {
    constexpr std::size_t kLongestName = 200; // longer ones are no kit's
    if (model.empty() || model.size() > kLongestName) return nullptr;
    const std::string name = lowerCase(model);
    const auto fits = [&](const DeviceRule& rule) { return accept(rule) && matches(name, rule.pattern); };
    if (const auto* found = std::find_if(kProcessRules.begin(), kProcessRules.end(), fits);
        found != kProcessRules.end()) {
        return found;
    }
    const auto* found = std::find_if(kGenericRules.begin(), kGenericRules.end(), fits);
    return found == kGenericRules.end() ? nullptr : found;
}

} // namespace

const DeviceRule* findDeviceRule(std::string_view model, std::size_t netCount) {
    return firstRule(model, [&](const DeviceRule& rule) {
        return netCount >= rule.fewestNets && netCount <= rule.mostNets;
    });
}

const DeviceRule* findDeviceRule(std::string_view model, DeviceType type) {
    return firstRule(model, [&](const DeviceRule& rule) { return rule.type == type; });
}

const DeviceRule* DeviceRuleIndex::find(const std::string& model, std::size_t netCount) {
    std::string key = model;
    key += static_cast<char>(std::min<std::size_t>(netCount, 100));
    const auto found = m_byNetCount.find(key);
    if (found != m_byNetCount.end()) return found->second;
    return m_byNetCount.emplace(std::move(key), findDeviceRule(model, netCount)).first->second;
}

const DeviceRule* DeviceRuleIndex::find(const std::string& model, DeviceType type) {
    std::string key = model;
    key += static_cast<char>(type);
    const auto found = m_byType.find(key);
    if (found != m_byType.end()) return found->second;
    return m_byType.emplace(std::move(key), findDeviceRule(model, type)).first->second;
}

int lengthPower(const Device& device, std::string_view parameter) {
    const bool mosfet = device.type == DeviceType::Mosfet;
    static constexpr std::array<std::string_view, 9> kLengths{"w",  "l",  "pd", "ps", "sa",
                                                              "sb", "sd", "wr", "lr"};
    if (mosfet && (parameter == "ad" || parameter == "as")) return 2;
    if (mosfet) return std::find(kLengths.begin(), kLengths.end(), parameter) != kLengths.end() ? 1 : 0;
    if (!device.rule || parameter.empty()) return 0;
    return parameter == device.rule->width || parameter == device.rule->length ? 1 : 0;
}

std::optional<int> powerOfTen(double unit) {
    if (!(unit > 0)) return std::nullopt;
    const double exponent = std::round(std::log10(unit));
    constexpr double kFarthest = 15;
    if (std::abs(exponent) > kFarthest || std::abs(unit / std::pow(10.0, exponent) - 1) > 1e-12)
        return std::nullopt;
    return static_cast<int>(exponent);
}

double inMetres(const Device& device, std::string_view parameter, double value) {
    const double unit = device.lengthUnit;
    if (unit == 1) return value;
    // In units: no device is that small in micrometres or that large in metres.
    constexpr double kShortest = 1e-3;
    switch (lengthPower(device, parameter)) {
    case 1:
        return std::abs(value) >= kShortest ? value * unit : value;
    case 2:
        return std::abs(value) >= kShortest * kShortest ? value * unit * unit : value;
    default:
        return value;
    }
}

std::string DeviceConvention::sentence() const {
    std::string kind = type == DeviceType::Mosfet ? "MOSFETs" : fmt::format("{}s", toString(type));
    std::string text = process.empty() ? "Other " + kind : fmt::format("{} {}", process, kind);
    text += ": bare W and L are in ";
    if (lengthUnit == 1) {
        text += "metres";
    } else if (lengthUnit == kMicrometre) {
        text += "micrometres";
    } else {
        text += fmt::format("units of {:g} m", lengthUnit);
    }
    if (!fingers.empty()) {
        text +=
            fmt::format("; W is the width of {} {} fingers", widthIsPerFinger ? "each of" : "all", fingers);
    }
    return text + ".";
}

std::vector<DeviceConvention> deviceConventions(const Circuit& circuit) {
    std::map<std::tuple<std::string_view, DeviceType, double, bool>, DeviceConvention> found;
    for (const Device& device : circuit.devices) {
        const bool passive = device.type == DeviceType::Resistor || device.type == DeviceType::Capacitor;
        const bool kit = device.rule && device.rule->process != "generic";
        if (device.type != DeviceType::Mosfet && !(passive && kit)) continue;
        const std::string_view process = device.rule ? device.rule->process : std::string_view();
        DeviceConvention& each = found[{process, device.type, device.lengthUnit, device.widthIsPerFinger}];
        each.process = process;
        each.type = device.type;
        each.lengthUnit = device.lengthUnit;
        each.widthIsPerFinger = device.widthIsPerFinger;
        if (each.fingers.empty()) each.fingers = device.fingersName();
        ++each.devices;
    }
    std::vector<DeviceConvention> result;
    for (auto& [key, convention] : found)
        result.push_back(std::move(convention));
    std::stable_sort(result.begin(), result.end(), [](const DeviceConvention& a, const DeviceConvention& b) {
        return a.devices > b.devices;
    });
    return result;
}

bool isMosfetModelName(std::string_view model) {
    for (const std::string_view part : {"nfet", "pfet", "nmos", "pmos"}) {
        if (containsIgnoringCase(model, part)) return true;
    }
    return startsWithIgnoringCase(model, "nch") || startsWithIgnoringCase(model, "pch");
}

std::optional<Polarity> polarityOfModelName(std::string_view model) {
    const std::string name = lowerCase(model);
    std::size_t earliest = std::string::npos;
    std::optional<Polarity> found;
    for (const auto& [part, polarity] :
         std::initializer_list<std::pair<const char*, Polarity>>{{"nfet", Polarity::N},
                                                                 {"nmos", Polarity::N},
                                                                 {"nch", Polarity::N},
                                                                 {"npn", Polarity::N},
                                                                 {"cmosn", Polarity::N},
                                                                 {"modn", Polarity::N},
                                                                 {"pfet", Polarity::P},
                                                                 {"pmos", Polarity::P},
                                                                 {"pch", Polarity::P},
                                                                 {"pnp", Polarity::P},
                                                                 {"cmosp", Polarity::P},
                                                                 {"modp", Polarity::P}}) {
        const std::size_t at = name.find(part);
        if (at < earliest) {
            earliest = at;
            found = polarity;
        }
    }
    if (found || name.empty()) return found;
    if (name.front() == 'n') return Polarity::N;
    if (name.front() == 'p') return Polarity::P;
    return std::nullopt;
}

} // namespace headroom::netlist
