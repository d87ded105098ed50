// Reads arbitrary bytes as a netlist or schematic, writes what was read in another dialect and with other
// sizes. Nothing may crash, hang or leak, and what was read must hold together.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/netlist/netlist.h"
#include "core/netlist/netlist_writer.h"
#include "core/netlist/sizing_export.h"
#include "tests/fuzz/require.h"

namespace {

using namespace headroom::netlist;
using headroom::require;

constexpr std::string_view kReader = HEADROOM_FUZZ_READER;
constexpr std::string_view kPrefix = HEADROOM_FUZZ_PREFIX;

void requireInside(const Netlist& netlist, const SourceSpan& span) {
    require(static_cast<std::size_t>(span.file) < netlist.files.size(), "a place is in a file that exists");
    const std::string& text = netlist.files[static_cast<std::size_t>(span.file)].text;
    require(span.offset <= text.size() && span.length <= text.size() - span.offset,
            "a place is inside its file");
}

void requireConsistent(const Netlist& netlist) {
    const Circuit& circuit = netlist.circuit;
    require(netlist.lines.read == netlist.lines.accounted, "all lines read are accounted for");
    require(circuit.nets.size() == circuit.globalNets.size(), "every net has its flag");
    const auto exists = [&](NetId net) {
        return net >= 0 && static_cast<std::size_t>(net) < circuit.nets.size();
    };
    for (const Device& device : circuit.devices) {
        requireInside(netlist, device.span);
        for (const NetId net : device.nets)
            require(exists(net), "a device's net exists");
        for (const Parameter& each : device.parameters) {
            if (each.span) requireInside(netlist, *each.span);
        }
        require(device.type != DeviceType::Mosfet || device.nets.size() >= 4, "a MOSFET has four nets");
    }
    for (const Port& port : circuit.ports)
        require(exists(port.net), "a port's net exists");
}

void resize(const Netlist& netlist) {
    Sizing sizing;
    for (const Device& device : netlist.circuit.devices) {
        if (device.type == DeviceType::Mosfet) sizing.push_back({device.name, "w", 3.5e-6});
    }
    const auto edited = applySizing(netlist, sizing);
    (void)edited;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string text(reinterpret_cast<const char*>(data), size);
    if (!text.starts_with(kPrefix.substr(0, kPrefix.find(' ')))) text.insert(0, kPrefix);
    ReadOptions options;
    if (kReader == "spectre") options.dialect = Dialect::Spectre;
    const auto netlist = parseNetlist(text, "fuzz.sp", options, "/nonexistent");
    if (!netlist) return 0;
    requireConsistent(*netlist);
    resize(*netlist);
    const auto target = static_cast<Dialect>(size % 6);
    const auto written = writeNetlist(*netlist, target);
    if (!written) return 0;
    const auto again = parseNetlist(written->text, "fuzz.sp");
    if (again) requireConsistent(*again);
    return 0;
}
