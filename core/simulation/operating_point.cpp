#include "core/simulation/operating_point.h"

#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::NetId;

/// The vectors in the order of Bench::operatingPointVectors(), or of sweepVectors() with one quantity.
class Layout {
public:
    Layout(const Bench& bench, const std::vector<Vector>& vectors, std::size_t quantities)
        : m_vectors(vectors)
        , m_quantities(quantities)
        , m_netVector(bench.circuit().nets.size(), 0) {
        std::size_t next = bench.mosfets().size() * m_quantities;
        for (std::size_t net = 0; net < m_netVector.size(); ++net)
            if (bench.isMeasured(static_cast<NetId>(net))) m_netVector[net] = next++;
        m_supply = next;
    }
    double quantity(std::size_t mosfet, std::size_t index, std::size_t point) const {
        return m_vectors[mosfet * m_quantities + index].numbers[point];
    }
    double voltage(NetId net, std::size_t point) const {
        // Vector 0 belongs to a MOSFET: it marks nets that are ground or touched by no device.
        const std::size_t index = m_netVector[static_cast<std::size_t>(net)];
        return index == 0 ? 0 : m_vectors[index].numbers[point];
    }
    double supplyCurrent(std::size_t point) const { return -m_vectors[m_supply].numbers[point]; }

private:
    const std::vector<Vector>& m_vectors;
    std::size_t m_quantities;
    std::vector<std::size_t> m_netVector;
    std::size_t m_supply = 0;
};

/// Drain to source voltage of the equivalent NMOS; negative where the netlist's drain acts as source.
double orientedVoltage(const Bench& bench, const Layout& layout, DeviceId id, std::size_t point) {
    const Device& device = bench.circuit().devices[static_cast<std::size_t>(id)];
    const double sign = bench.polarity(id) == netlist::Polarity::N ? 1 : -1;
    return sign * (layout.voltage(device.nets[netlist::Drain], point) -
                   layout.voltage(device.nets[netlist::Source], point));
}

Region regionOf(const DeviceOperatingPoint& device) {
    if (device.overdrive() < procedure::offOverdrive) return Region::Off;
    if (device.saturationMargin() < 0) return Region::Triode;
    return device.overdrive() < 0 ? Region::Subthreshold : Region::Saturation;
}

DeviceOperatingPoint readDevice(const Bench& bench, const Layout& layout, std::size_t mosfet,
                                std::size_t point) {
    const DeviceId id = bench.mosfets()[mosfet];
    const Device& device = bench.circuit().devices[static_cast<std::size_t>(id)];
    const double oriented = orientedVoltage(bench, layout, id, point);
    const NetId source = device.nets[oriented < 0 ? netlist::Drain : netlist::Source];
    const double sign = bench.polarity(id) == netlist::Polarity::N ? 1 : -1;
    DeviceOperatingPoint result;
    result.vds = std::abs(oriented);
    result.vgs = sign * (layout.voltage(device.nets[netlist::Gate], point) - layout.voltage(source, point));
    result.vdsat = layout.quantity(mosfet, 0, point);
    result.id = std::abs(layout.quantity(mosfet, 1, point));
    result.gm = layout.quantity(mosfet, 2, point);
    result.gds = layout.quantity(mosfet, 3, point);
    result.vth = layout.quantity(mosfet, 4, point);
    result.region = regionOf(result);
    return result;
}

} // namespace

const char* toString(Region region) {
    switch (region) {
    case Region::Off:
        return "off";
    case Region::Subthreshold:
        return "subthreshold";
    case Region::Triode:
        return "triode";
    case Region::Saturation:
        break;
    }
    return "saturation";
}

OperatingPoint readOperatingPoint(const Bench& bench, const std::vector<Vector>& vectors, std::size_t index) {
    const Layout layout(bench, vectors, mosfetQuantities.size());
    OperatingPoint point;
    point.supplyCurrent = layout.supplyCurrent(index);
    point.worstSaturationMargin = std::numeric_limits<double>::infinity();
    for (std::size_t mosfet = 0; mosfet < bench.mosfets().size(); ++mosfet) {
        const DeviceId id = bench.mosfets()[mosfet];
        const std::string& name = bench.circuit().devices[static_cast<std::size_t>(id)].name;
        const DeviceOperatingPoint device = readDevice(bench, layout, mosfet, index);
        if (bench.canSaturate(id) && device.saturationMargin() < point.worstSaturationMargin) {
            point.worstSaturationMargin = device.saturationMargin();
            point.worstDevice = name;
        }
        point.devices[name] = device;
    }
    if (point.worstDevice.empty()) point.worstSaturationMargin = 0;
    for (std::size_t net = 0; net < bench.circuit().nets.size(); ++net)
        point.nets[bench.circuit().nets[net]] = layout.voltage(static_cast<NetId>(net), index);
    return point;
}

std::vector<double> saturationMargins(const Bench& bench, const std::vector<Vector>& vectors,
                                      std::size_t mosfet) {
    const Layout layout(bench, vectors, 1);
    const DeviceId id = bench.mosfets()[mosfet];
    const std::size_t points = vectors.front().size();
    const double orientation = orientedVoltage(bench, layout, id, 0) < 0 ? -1 : 1;
    std::vector<double> margins;
    margins.reserve(points);
    for (std::size_t point = 0; point < points; ++point)
        margins.push_back(orientation * orientedVoltage(bench, layout, id, point) -
                          layout.quantity(mosfet, 0, point));
    return margins;
}

std::vector<double> netVoltages(const Bench& bench, const std::vector<Vector>& vectors, NetId net) {
    const Layout layout(bench, vectors, 1);
    std::vector<double> voltages;
    for (std::size_t point = 0; point < vectors.front().size(); ++point)
        voltages.push_back(layout.voltage(net, point));
    return voltages;
}

std::string describeUnsaturated(const Bench& bench, const OperatingPoint& point) {
    constexpr int mostNamed = 4;
    std::string text;
    int count = 0;
    std::map<std::string, bool> counts;
    for (const DeviceId id : bench.mosfets())
        counts[bench.circuit().devices[static_cast<std::size_t>(id)].name] = bench.canSaturate(id);
    for (const auto& [name, device] : point.devices) {
        if (!counts[name]) continue;
        if (device.region != Region::Off && device.region != Region::Triode) continue;
        if (++count > mostNamed) continue;
        text += fmt::format("{}{} is {}", text.empty() ? "" : ", ", name,
                            device.region == Region::Off ? "off" : "in its triode region");
    }
    if (count > mostNamed) text += fmt::format(", and {} more", count - mostNamed);
    return text;
}

} // namespace headroom::simulation
