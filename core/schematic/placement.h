#pragma once

#include <set>
#include <utility>
#include <vector>

#include "core/schematic/branches.h"
#include "core/schematic/column_order.h"
#include "core/schematic/drawing.h"

namespace headroom::schematic {

/// A point that a net has to reach.
struct Terminal {
    enum class Role { Upper, Lower, Control };
    NetId net = -1;
    int element = -1;
    Role role = Role::Upper;
    int column = 0;       ///< in the order of columns, times two; centres stand on odd places
    int band = 0;         ///< gaps between rows are even, rows odd, from the top
    Point at;             ///< known once the columns have their places
    Side side = Side::Up; ///< where a wire leaves to
    int group = -1;       ///< terminals of a group are to be wired together

    /// The same for the same terminal in every attempt to place a circuit.
    int id() const { return element * 4 + static_cast<int>(role); }
};

/// Two terminals to be wired, by index.
struct Connection {
    int from = -1, to = -1;
};

/// What earlier attempts to place a circuit have taught.
struct Lessons {
    /// Connections that are to be names instead of wires, by the ids of their terminals.
    std::set<std::pair<int, int>> cut;
    /// Ids of terminals whose label or flag found no room.
    std::set<int> cramped;
};

/// How a group of terminals shows its net.
enum class Mark {
    None,  ///< by its wires alone
    Label, ///< with the net's name
    Flag,  ///< as a port
};

/// Symbols in their places, and what is still to be wired between them.
struct Placement {
    Drawing drawing; ///< without wires, but for the stubs of labels
    std::vector<Terminal> terminals;
    std::vector<Connection> connections;
    std::vector<Mark> marks; ///< by group
    /// Terminals of a pair's common source net: left, right, on the axis. Their wires are drawn alike.
    struct Trunk {
        int left = -1, right = -1, centre = -1;
    };
    std::vector<Trunk> trunks;
};

/// How the elements stand before anything has coordinates.
struct Arrangement {
    std::vector<Column> columns;
    std::vector<int> columnOf;      ///< by chain: as Terminal::column
    std::vector<bool> gateRight;    ///< by element
    std::vector<int> bridgeBand;    ///< by bridge: the gap it lies in
    std::vector<bool> bridgeTurned; ///< by bridge: its last net is on the left
};
Arrangement arrange(const Branches& branches, std::vector<Column> columns);

/// The terminals of all nets that are no rails, and which of them are wired together.
void planNets(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
              const structure::Structure& structure, const Lessons& lessons, Placement& placement);

/// Gives everything its place. Columns stand as close as their texts and labels allow.
void placeSymbols(const Branches& branches, const Arrangement& arrangement, const netlist::Circuit& circuit,
                  const structure::Structure& structure, const Lessons& lessons, Placement& placement);

} // namespace headroom::schematic
