#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/netlist/netlist.h"

namespace headroom::netlist {

/// The folder of third-party netlists, where the tests were given one.
inline std::optional<std::filesystem::path> thirdPartyNetlists() {
    const char* data = std::getenv("HEADROOM_TEST_DATA");
    if (!data || !*data) return std::nullopt;
    const std::filesystem::path folder = std::filesystem::path(data) / "netlists";
    return std::filesystem::exists(folder) ? std::optional(folder) : std::nullopt;
}

/// Parses text that must be readable.
inline Netlist parsed(const std::string& text, const ReadOptions& options = {}) {
    auto result = parseNetlist(text, "test.sp", options);
    if (!result) {
        ADD_FAILURE() << result.error().describe();
        return {};
    }
    EXPECT_EQ(result->lines.read, result->lines.accounted);
    return std::move(*result);
}

/// The error of text that must not be readable.
inline Error refused(const std::string& text, const ReadOptions& options = {}) {
    auto result = parseNetlist(text, "test.sp", options);
    if (result) {
        ADD_FAILURE() << "was read: " << text;
        return {};
    }
    return result.error();
}

inline const Device& device(const Netlist& netlist, const std::string& name) {
    const auto id = netlist.circuit.findDevice(name);
    if (!id) {
        ADD_FAILURE() << "no device " << name;
        static const Device kNone;
        return kNone;
    }
    return netlist.circuit.devices[static_cast<std::size_t>(*id)];
}

/// Net names of a device, in terminal order.
inline std::vector<std::string> netsOf(const Netlist& netlist, const std::string& name) {
    std::vector<std::string> result;
    for (const NetId net : device(netlist, name).nets) {
        result.push_back(netlist.circuit.nets[static_cast<std::size_t>(net)]);
    }
    return result;
}

/// Whether some diagnostic of this severity has @p part in its message.
inline bool says(const Netlist& netlist, Severity severity, const std::string& part) {
    for (const Diagnostic& each : netlist.diagnostics) {
        if (each.severity == severity && each.message.find(part) != std::string::npos) return true;
    }
    return false;
}

} // namespace headroom::netlist
