#pragma once

#include <vector>

#include "core/schematic/drawing.h"
#include "core/structure/structure.h"
#include "core/structure/wiring.h"

namespace headroom::schematic {

/// A device as part of a current branch: current flows from its upper to its lower net.
struct Element {
    DeviceId device = -1;
    SymbolKind kind = SymbolKind::Box;
    NetId upper = -1, lower = -1;
    NetId control = -1; ///< gate or base; -1 where there is none
    NetId bulk = -1;    ///< of MOSFETs; -1 elsewhere
    /// Drain and source are drawn the other way round, or the second terminal of two is the upper one.
    bool swapped = false;
    bool bridge = false;  ///< lies between two branches instead of in one
    bool fromTop = false; ///< `rank` counts rows from the positive rail, else from the negative one
    int rank = 0;
    int row = 0; ///< 0 at the top
    int partner = -1;
    bool pairHalf = false;
    int chain = -1;

    bool transistor() const { return control >= 0; }
    bool capacitor() const { return kind == SymbolKind::Capacitor; }
    bool diode() const { return control >= 0 && (control == upper || control == lower); }
};

/// Elements that stand on each other in one column, from top to bottom.
struct Chain {
    std::vector<int> elements;
};

/// What takes a place in the order of columns: one chain, or two that mirror each other about an axis, on
/// which the chain of their common source may stand.
struct ColumnItem {
    int left = -1;
    int right = -1;  ///< -1: a single chain
    int centre = -1; ///< -1: nothing on the axis
    int rank = 0;    ///< place in the signal flow: bias, first stage, second stage, ...

    bool pair() const { return right >= 0; }
};

/// Two-terminal devices in series between two branches, from the net of `ends.first` to `ends.second`.
struct Bridge {
    std::vector<int> elements;
    NetId first = -1, last = -1;
};

/// The circuit as current branches between the rails.
struct Branches {
    std::vector<Element> elements;
    std::vector<Chain> chains;
    std::vector<ColumnItem> items;
    std::vector<Bridge> bridges;
    std::vector<DeviceId> aside; ///< dummies, further units of arrays and what has no place in a branch
    int rows = 0;

    std::vector<std::vector<int>> above, below; ///< by NetId: elements that end on the net from there
    std::vector<structure::Rail> rails;         ///< by NetId

    bool isRail(NetId net) const { return rails[structure::at(net)] != structure::Rail::None; }
    bool isPositive(NetId net) const { return rails[structure::at(net)] == structure::Rail::Positive; }
};

/// Bulks on a rail of their polarity are not shown, those on the source as a tie.
BulkStyle bulkStyleOf(const Branches& branches, const Element& element);

/// Cuts the circuit into branches: one chain for each direct-current path from rail to rail, halves of
/// differential pairs in chains of their own with their current source between them.
Branches findBranches(const netlist::Circuit& circuit, const structure::Structure& structure,
                      const structure::Wiring& wiring);

/// Chains and items from elements (core/schematic/chains.cpp).
void linkChains(Branches& branches, const netlist::Circuit& circuit, const structure::Structure& structure,
                const structure::Wiring& wiring);

} // namespace headroom::schematic
