#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/project/project.h"
#include "core/simulation/simulator.h"
#include "core/sizing/design_space.h"

namespace headroom::app {

/// The open circuit as core sees it. Immutable; jobs and panels share it.
struct Circuit {
    /// The netlist as imported, what was recognised in it, and the technology.
    std::shared_ptr<const simulation::AmplifierUnderTest> amplifier;
    /// The netlist with the accepted sizes in its text: what is shown, simulated "as drawn" and exported.
    std::shared_ptr<const netlist::Netlist> current;
    netlist::Sizing acceptedSizing;
    std::shared_ptr<const sizing::DesignSpace> space; ///< null where it cannot be sized
    std::optional<Error> problem;                     ///< why it can be neither sized nor simulated
    std::optional<Error> libraryProblem; ///< why the user's own building blocks were not looked for
    std::string hash;                                 ///< sizing::circuitHash()
    std::string technologyFingerprint;
};

/// Reads the project's netlist, recognises it, loads the technology and puts the accepted sizes into the
/// text. Errors: what makes the netlist unreadable. A circuit that can be shown but not sized has `problem`
/// set.
/// @param libraryFile the user's own building blocks; empty: none
Result<std::shared_ptr<const Circuit>> openCircuit(const project::Project& project,
                                                   const std::filesystem::path& folder,
                                                   const std::filesystem::path& libraryFile = {});

/// As above for a netlist that was read already.
Result<std::shared_ptr<const Circuit>> makeCircuit(netlist::Netlist netlist, const project::Project& project,
                                                   const std::filesystem::path& libraryFile = {});

} // namespace headroom::app
