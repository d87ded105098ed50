#pragma once

#include <string>
#include <vector>

#include "core/netlist/circuit.h"
#include "core/structure/structure.h"

namespace headroom::structure {

/// A circuit with what was recognised in it.
struct RecognisedCircuit {
    const netlist::Circuit& circuit;
    const Structure& structure;
};

/// How often a kind of block, with its function and stage, occurs in two circuits.
struct BlockDifference {
    std::string type;
    Function function = Function::Unexplained;
    Stage stage = Stage::None;
    int first = 0, second = 0;
    std::vector<std::string> firstDevices, secondDevices; ///< "M1, M2" per block

    bool same() const { return first == second; }
};

/// A device that both have by name and that does something else in each, or that one alone has.
struct RoleDifference {
    std::string device;
    std::string first, second; ///< "load, first stage"; empty where the circuit lacks the device
};

struct StageDifference {
    Stage stage = Stage::None;
    std::string first, second; ///< "folded cascode"; empty where there is no such stage
};

struct Comparison {
    std::vector<StageDifference> stages; ///< all stages of either
    std::vector<BlockDifference> blocks; ///< all kinds of levels 2 and 3 of either
    std::vector<RoleDifference> roles;   ///< differences alone

    bool same() const;
};

/// What two circuits have in common and what not, by their structure. Devices are matched by name.
Comparison compare(const RecognisedCircuit& first, const RecognisedCircuit& second);

} // namespace headroom::structure
