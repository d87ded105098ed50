#include "app/session/netlist_import.h"

#include "app/document/project_files.h"
#include "app/session/data_source.h"

namespace headroom::app {
namespace {

/// What can be asked of the circuit, where a data set for it is at hand. None is no error: one can be built.
project::SpecificationState firstSpecification(const project::Project& project,
                                               const std::filesystem::path& folder, const Circuit& circuit) {
    if (!circuit.space) return {};
    const auto sources = findSources(project, folder, circuit);
    if (!sources || sources->dataset.empty()) return {};
    const auto data = loadData(sources->dataset, circuit);
    if (!data) return {};
    const auto heldOut = (*data)->dataset.heldOutRows();
    if (heldOut.empty()) return {};
    return specificationFromRow((*data)->dataset, (*data)->dataset.centralHeldOutRow(), {});
}

} // namespace

Result<project::Project> importNetlist(const std::filesystem::path& file, const std::string& top,
                                       const std::filesystem::path& folder, const project::Project& before) {
    netlist::ReadOptions options;
    if (!top.empty()) options.top = top;
    auto netlist = netlist::readNetlist(file, options);
    if (!netlist) return forward(netlist);
    if (netlist->circuit.devices.empty()) {
        return failAt(ErrorCode::BadInput, file.string(), 0,
                      "The file holds no device, so it is no netlist to work on.");
    }
    auto reference = copyImport(*netlist, top, folder);
    if (!reference) return forward(reference);
    project::Project project = before;
    project.netlist = std::move(*reference);
    project.acceptedSizing.clear();
    project.specification = {};
    project.model.clear();
    project.dataset.clear();
    project.results.reset();
    project.devicePositions.clear();
    // What was said about the devices of a file holds when it comes again, and for no other one.
    if (!before.netlist || before.netlist->origin != project.netlist->origin) {
        project.roleCorrections.clear();
        project.positiveSupplies.clear();
        project.negativeSupplies.clear();
    }
    const auto circuit = makeCircuit(std::move(*netlist), project);
    if (!circuit) return forward(circuit);
    project.specification = firstSpecification(project, folder, **circuit);
    return project;
}

} // namespace headroom::app
