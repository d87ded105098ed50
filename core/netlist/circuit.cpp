#include "core/netlist/circuit.h"

#include <algorithm>
#include <array>

#include "core/netlist/device_table.h"
#include "core/netlist/letter_case.h"

namespace headroom::netlist {

const char* toString(DeviceType type) {
    switch (type) {
    case DeviceType::Mosfet:
        return "mosfet";
    case DeviceType::Bipolar:
        return "bipolar";
    case DeviceType::Diode:
        return "diode";
    case DeviceType::Resistor:
        return "resistor";
    case DeviceType::Capacitor:
        return "capacitor";
    case DeviceType::Inductor:
        return "inductor";
    case DeviceType::VoltageSource:
        return "voltage_source";
    case DeviceType::CurrentSource:
        return "current_source";
    case DeviceType::Other:
        return "other";
    }
    return "other";
}

const char* toString(PortDirection direction) {
    switch (direction) {
    case PortDirection::Unknown:
        return "unknown";
    case PortDirection::Input:
        return "input";
    case PortDirection::Output:
        return "output";
    case PortDirection::InOut:
        return "inout";
    case PortDirection::Supply:
        return "supply";
    case PortDirection::Ground:
        return "ground";
    }
    return "unknown";
}

std::string_view terminalName(DeviceType type, std::size_t index) {
    static constexpr std::array<std::string_view, 4> kMosfet{"d", "g", "s", "b"};
    static constexpr std::array<std::string_view, 4> kBipolar{"c", "b", "e", "s"};
    static constexpr std::array<std::string_view, 2> kTwoTerminal{"plus", "minus"};
    static constexpr std::array<std::string_view, 16> kNumbered{
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"};
    if (type == DeviceType::Mosfet && index < kMosfet.size()) return kMosfet[index];
    if (type == DeviceType::Bipolar && index < kBipolar.size()) return kBipolar[index];
    if (type != DeviceType::Mosfet && type != DeviceType::Bipolar && type != DeviceType::Other &&
        index < kTwoTerminal.size()) {
        return kTwoTerminal[index];
    }
    return index < kNumbered.size() ? kNumbered[index] : std::string_view("n");
}

const Parameter* Device::parameter(std::string_view lowerCaseName) const {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [&](const Parameter& each) { return each.name == lowerCaseName; });
    return found == parameters.end() ? nullptr : &*found;
}

std::optional<double> Device::number(std::string_view lowerCaseName) const {
    const Parameter* found = parameter(lowerCaseName);
    return found ? found->number : std::nullopt;
}

std::string_view Device::fingersName() const {
    static constexpr std::array<std::string_view, 3> kNames{"nf", "ng", "nr"};
    if (rule && !rule->fingers.empty() && parameter(rule->fingers)) return rule->fingers;
    if (type != DeviceType::Mosfet) return {};
    const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                     [this](std::string_view each) { return parameter(each) != nullptr; });
    return found == kNames.end() ? std::string_view() : *found;
}

double Device::fingers() const {
    const std::string_view count = fingersName();
    const double number = count.empty() ? 1 : this->number(count).value_or(1);
    return number > 0 ? number : 1;
}

std::optional<double> Device::unitWidth() const {
    const auto width = number(widthName());
    return width && widthIsPerFinger ? *width * fingers() : width;
}

std::optional<double> Device::fingerWidth() const {
    const auto width = number(widthName());
    return width && !widthIsPerFinger ? *width / fingers() : width;
}

std::optional<double> Device::totalWidth() const {
    const auto width = unitWidth();
    return width ? std::optional(*width * number("m").value_or(1)) : width;
}

std::string_view Device::widthName() const {
    if (type == DeviceType::Mosfet && !parameter("w") && parameter("wr")) return "wr";
    return rule && !rule->width.empty() ? rule->width : std::string_view("w");
}

std::string_view Device::lengthName() const {
    if (type == DeviceType::Mosfet && !parameter("l") && parameter("lr")) return "lr";
    return rule && !rule->length.empty() ? rule->length : std::string_view("l");
}

std::optional<NetId> Circuit::findNet(std::string_view netName) const {
    std::optional<NetId> similar;
    for (std::size_t i = 0; i < nets.size(); ++i) {
        if (nets[i] == netName) return static_cast<NetId>(i);
        if (!similar && equalIgnoringCase(nets[i], netName)) similar = static_cast<NetId>(i);
    }
    return similar;
}

std::optional<DeviceId> Circuit::findDevice(std::string_view deviceName) const {
    std::optional<DeviceId> similar;
    for (std::size_t i = 0; i < devices.size(); ++i) {
        if (devices[i].name == deviceName) return static_cast<DeviceId>(i);
        if (!similar && equalIgnoringCase(devices[i].name, deviceName)) similar = static_cast<DeviceId>(i);
    }
    return similar;
}

} // namespace headroom::netlist
