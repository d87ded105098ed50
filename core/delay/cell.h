#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/netlist.h"

namespace headroom::delay {

/// What a net is at, as far as switches tell (Bryant, IEEE Trans. Computers C-33:160, 1984).
enum class Level : char {
    Low,
    High,
    Unknown, ///< a conflict, or it depends on such a net
    Floating ///< nothing drives it
};

/// A static logic cell: MOSFETs between two rails, its ports told apart.
struct Cell {
    std::string name;
    netlist::Circuit circuit;
    netlist::NetId supply = -1, ground = -1;
    std::vector<netlist::NetId> inputs, outputs; ///< in the order of the ports
    /// The least gate length, m, of the process that the sizes are drawn for; in another one they are scaled
    /// to its own. 0: sizes are as they are in every process.
    double drawnLength = 0;

    const std::string& netName(netlist::NetId net) const {
        return circuit.nets[static_cast<std::size_t>(net)];
    }
};

/// Inputs beyond this number make too many states to try.
inline constexpr std::size_t mostInputs = 6;

/// Tells a cell's ports apart: rails by name or direction; an output is a port from which a channel leads to
/// a rail without passing another port; the rest are inputs. Errors, BadInput: devices that are no MOSFETs,
/// no rail, no input or output, more than mostInputs.
Result<Cell> cellOf(const netlist::Netlist& netlist);

/// Names of the shipped cells: inv, buf, nand2, nand3, nor2, nor3, and2, or2, xor2, xnor2, aoi21, fulladder.
const std::vector<std::string>& shippedCells();

/// A file with cells, and the one that is meant; empty: the file's own top cell.
struct CellPlace {
    std::filesystem::path file;
    std::string cell;
};

/// Where "cells.sp" or "cells.sp:nand4" lies; absent for a shipped cell's name and where there is no such
/// file.
std::optional<CellPlace> placeOf(const std::string& nameOrFile);

/// A shipped cell by name, or the cell of that name in a SPICE file ("cells.sp:nand4"; without a name the
/// file's own top cell). Errors: NotFound; BadInput where a file with several is named alone; those of
/// readNetlist() and cellOf().
Result<Cell> loadCell(const std::string& nameOrFile);

/// Levels of all nets for levels of the inputs, by NetId; MOSFETs as switches.
/// @param inputs as many as the cell's inputs
std::vector<Level> settle(const Cell& cell, const std::vector<bool>& inputs);

/// What one input's edge does to one output while the other inputs rest.
struct Arc {
    std::size_t input = 0, output = 0; ///< indices into Cell's
    std::vector<bool> others;          ///< levels of all inputs; that of `input` is false
    bool inverting = false;            ///< the output falls when the input rises
};

/// Every arc of every state of the other inputs. Error BadInput: a cell whose outputs follow no input, that
/// is not static (an output floats or fights).
Result<std::vector<Arc>> arcsOf(const Cell& cell);

/// "a_y", or "a_y_b1c0" where an arc of the same input and output exists in several states.
std::string nameOf(const Cell& cell, const Arc& arc, const std::vector<Arc>& all);

} // namespace headroom::delay
