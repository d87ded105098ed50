#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/grid_netlist.h"

namespace headroom::powergrid {

/// What becomes of nodes that no pad supplies.
enum class IslandPolicy { Exclude, Refuse };

/// A part of the grid that hangs together without ground: a supply net.
struct GridNet {
    double supplyVolts = 0; ///< of its pads; the one farthest from 0 where they differ
    /// +1 where voltages below the supply are drops; -1 for ground nets and negative supplies, where those
    /// above are.
    double dropSign = 1;
    bool isIsland = false;          ///< without a pad: its voltages are unknown
    bool isSourcesReversed = false; ///< see buildGridModel()
    std::size_t nodes = 0;
    std::size_t pads = 0;
    double loadAmperes = 0; ///< sum of its current sources, positive where they load the supply
    NodeId firstNode = kGround;
};

/// Two unknowns that a conductance joins.
struct Conductance {
    std::int32_t a = 0, b = 0;
    double siemens = 0;
};

/// A grid as the equations G v = J (modified nodal analysis, from which nodes of known voltage are gone):
/// shorted nodes are one unknown, pads and excluded nodes are none. An unknown's voltage is counted from its
/// net's supply, so that drops keep their digits. Immutable once built; threads may share it.
struct GridModel {
    static constexpr std::int32_t kFixed = -1, kExcluded = -2;

    std::shared_ptr<const GridNetlist> netlist;
    std::vector<std::int32_t> unknowns; ///< by node; kFixed where a pad holds it, kExcluded on an island
    /// By node, V: to be added to the unknown's voltage above its supply; the voltage itself at fixed nodes.
    std::vector<double> offsets;
    std::vector<std::int32_t> nets; ///< by node; -1 for ground
    std::vector<GridNet> allNets;

    std::vector<Conductance> conductances;
    std::vector<double> toFixed; ///< by unknown, S: to pads and ground
    std::vector<double>
        fixedCurrents;      ///< by unknown, A: what flows in from pads and ground at its supply's voltage
    std::size_t shorts = 0; ///< pairs of nodes joined by sources of 0 V and resistors of 0 ohms
    std::vector<netlist::Diagnostic> diagnostics; ///< of reading and building

    std::size_t unknownCount() const { return toFixed.size(); }

    /// By unknown, A: what the netlist's current sources bring in, with other values.
    /// @param amperes by source of the netlist
    std::vector<double> injections(std::span<const double> amperes) const;
    std::vector<double> injections() const; ///< with the netlist's own values
};

/// Merges shorted nodes, finds nets, pads and islands, and sets up the equations. Sources that are written as
/// loads of a ground net (PDNSim: from the node to 0) are taken to bring their current into it.
/// Errors: BadInput with the line (no pads at all, sources that contradict each other, an island where
/// @p policy refuses them), Cancelled.
Result<GridModel> buildGridModel(std::shared_ptr<const GridNetlist> netlist, IslandPolicy policy,
                                 JobContext& context);

/// The error that IslandPolicy::Refuse ends with: the first island, with the line of one of its parts. Absent
/// where pads supply all.
std::optional<Error> islandRefusal(const GridModel& model);

} // namespace headroom::powergrid
