#pragma once

#include <set>
#include <vector>

#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// What an xschem sheet connects: wires by touch, names by being equal.
struct XschemGeometry {
    struct Mark {
        Point at;
        NetId net = -1;
        DeviceId device = -1; ///< -1: a label or port
    };
    std::vector<Wire> wires;
    std::vector<Mark> pins;
    std::vector<Mark> names; ///< labels, ports and signs of supplies
    std::set<NetId> byName;  ///< nets that something refers to by name alone
};

/// Where different nets touch.
struct XschemConflicts {
    std::vector<std::size_t> wires;
    std::set<DeviceId> devices; ///< with pins there
    std::vector<std::size_t> names;
    bool any() const { return !wires.empty() || !devices.empty() || !names.empty(); }
};
XschemConflicts findConflicts(const XschemGeometry& geometry);

/// A label for every piece of a net that hangs together by name only and has none: a net in several
/// pieces is one net if each of them is named.
struct MissingLabel {
    NetId net = -1;
    Point at;
    DeviceId device = -1; ///< the place is a pin of this device
};
std::vector<MissingLabel> findMissingLabels(const XschemGeometry& geometry);

} // namespace headroom::schematic
