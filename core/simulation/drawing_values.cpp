#include "core/simulation/drawing_values.h"

#include "core/base/quantity.h"

namespace headroom::simulation {
namespace {

constexpr int kDigits = 3;

schematic::Region regionOnDrawing(Region region) {
    switch (region) {
    case Region::Off:
        return schematic::Region::Off;
    case Region::Subthreshold:
        return schematic::Region::Subthreshold;
    case Region::Triode:
        return schematic::Region::Triode;
    case Region::Saturation:
        return schematic::Region::Saturation;
    }
    return schematic::Region::Unknown;
}

} // namespace

schematic::Annotation drawingValues(const OperatingPoint& point, const netlist::Circuit& circuit) {
    schematic::Annotation annotation;
    for (const auto& [name, values] : point.devices) {
        const auto id = circuit.findDevice(name);
        if (!id) continue;
        schematic::DeviceAnnotation& device = annotation.devices[*id];
        device.region = regionOnDrawing(values.region);
        device.lines = {formatQuantity(values.id, "A", kDigits),
                        "gm " + formatQuantity(values.gm, "S", kDigits),
                        "vov " + formatQuantity(values.overdrive(), "V", kDigits)};
        // Saturation is what a designer expects; the rest is said in words, not by colour alone.
        if (values.region != Region::Saturation) device.lines.emplace_back(toString(values.region));
    }
    for (const auto& [name, voltage] : point.nets)
        if (const auto net = circuit.findNet(name))
            annotation.nets[*net] = formatQuantity(voltage, "V", kDigits);
    return annotation;
}

} // namespace headroom::simulation
