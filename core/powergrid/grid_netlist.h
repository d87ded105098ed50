#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/netlist/netlist.h"
#include "core/powergrid/node_table.h"

namespace headroom::powergrid {

struct Resistor {
    NodeId a = kGround, b = kGround;
    double ohms = 0; ///< 0 or more
    std::int32_t line = 0;
};

/// Takes current out of one node and gives it to the other.
struct CurrentSource {
    NodeId from = kGround, to = kGround;
    double amperes = 0; ///< may be negative
    std::int32_t line = 0;
};

/// Holds @p plus above @p minus. At ground it is a pad; with 0 V between nodes it is a short (a via, say).
struct VoltageSource {
    NodeId plus = kGround, minus = kGround;
    double volts = 0;
    std::int32_t line = 0;
    std::string name = {};
};

/// A power grid as its netlist writes it, at direct current.
struct GridNetlist {
    std::string file;
    NodeTable nodes;
    std::vector<Resistor> resistors;
    std::vector<CurrentSource> currents;
    std::vector<VoltageSource> voltages;
    std::vector<std::string> zeroOhmNames; ///< of the resistors of 0 ohms, in their order
    std::vector<netlist::Diagnostic> diagnostics;
};

/// Reads a power grid in SPICE: that of the ICCAD 2023 contest and BeGAN (first line is a card, plain
/// values), OpenROAD's PDNSim ("R=", "DC"), IBM's benchmarks (shorts of 0 V as vias), in any mixture. Knows
/// resistors, inductors (shorts at direct current), capacitors (open), current and voltage sources,
/// continuation lines, comments, engineering suffixes and the usual dot cards, which change nothing. Errors
/// with file and line: BadInput (a line that is no card, a negative or NaN resistance, a file that is cut
/// off, no resistors), Unsupported (.include, expressions), Cancelled.
Result<GridNetlist> parseGridNetlist(const std::string& text, const std::string& fileName,
                                     JobContext& context);

/// The same from a file. Errors: those and NotFound, Io.
Result<GridNetlist> readGridNetlist(const std::filesystem::path& path, JobContext& context);

/// A netlist of the same grid in the contest's dialect; values read back bit for bit.
std::string writeGridNetlist(const GridNetlist& netlist);

} // namespace headroom::powergrid
