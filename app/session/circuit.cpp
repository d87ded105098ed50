#include "app/session/circuit.h"

#include "core/sizing/amplifier_source.h"
#include "core/structure/block_library.h"
#include "core/structure/role_corrections.h"

namespace headroom::app {
namespace {

netlist::ReadOptions readOptions(const project::Project& project) {
    netlist::ReadOptions options;
    if (project.netlist && !project.netlist->top.empty()) options.top = project.netlist->top;
    return options;
}

/// The netlist again, with these sizes in its text.
Result<std::shared_ptr<const netlist::Netlist>> withSizing(const netlist::Netlist& imported,
                                                           const project::Project& project) {
    const auto edited = netlist::applySizing(imported, project.acceptedSizing);
    if (!edited) return forward(edited);
    const std::filesystem::path& path = imported.files.front().path;
    auto read = netlist::parseNetlist(edited->text, path.string(), readOptions(project), path.parent_path());
    if (!read) return forward(read);
    return std::make_shared<const netlist::Netlist>(std::move(*read));
}

} // namespace

Result<std::shared_ptr<const Circuit>> makeCircuit(netlist::Netlist netlist,
                                                   const project::Project& project,
                                                   const std::filesystem::path& libraryFile) {
    auto technology = technology::loadTechnology(project.technology);
    if (!technology) return forward(technology);
    auto amplifier = std::make_shared<simulation::AmplifierUnderTest>();
    amplifier->netlist = std::move(netlist);
    auto circuit = std::make_shared<Circuit>();
    structure::RecognitionOptions options{nullptr, project.positiveSupplies, project.negativeSupplies};
    std::optional<structure::BlockLibrary> library;
    if (!libraryFile.empty()) {
        auto read = structure::BlockLibrary::standardWith(libraryFile);
        if (read) {
            library = std::move(*read);
            options.library = &*library;
        } else {
            circuit->libraryProblem = read.error();
        }
    }
    const netlist::Circuit& drawn = amplifier->netlist.circuit;
    amplifier->structure = structure::recognise(drawn, options);
    // Corrections of devices that another netlist had wait until it comes back.
    static_cast<void>(structure::correctRoles(drawn, project.roleCorrections, amplifier->structure));
    amplifier->technology = std::move(*technology);
    circuit->amplifier = amplifier;
    circuit->hash = sizing::circuitHash(amplifier->netlist.circuit);
    circuit->technologyFingerprint = amplifier->technology.fingerprint();
    circuit->acceptedSizing = project.acceptedSizing;
    circuit->current = std::shared_ptr<const netlist::Netlist>(amplifier, &amplifier->netlist);
    if (!project.acceptedSizing.empty()) {
        auto current = withSizing(amplifier->netlist, project);
        if (!current) return forward(current);
        circuit->current = std::move(*current);
    }
    if (!amplifier->structure.ports) {
        circuit->problem = Error{ErrorCode::Unsupported, amplifier->structure.portsProblem, {}, 0, {}};
        return circuit;
    }
    auto space = sizing::DesignSpace::create(*amplifier);
    if (space) {
        circuit->space = std::make_shared<const sizing::DesignSpace>(std::move(*space));
    } else {
        circuit->problem = space.error();
    }
    return circuit;
}

Result<std::shared_ptr<const Circuit>> openCircuit(const project::Project& project,
                                                   const std::filesystem::path& folder,
                                                   const std::filesystem::path& libraryFile) {
    if (!project.netlist) return fail(ErrorCode::NotFound, "The project has no netlist yet.");
    auto netlist = netlist::readNetlist(folder / project.netlist->file, readOptions(project));
    if (!netlist) return forward(netlist);
    return makeCircuit(std::move(*netlist), project, libraryFile);
}

} // namespace headroom::app
