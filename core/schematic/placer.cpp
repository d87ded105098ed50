#include "core/schematic/placer.h"

#include <algorithm>
#include <cmath>

#include "core/schematic/author_drawing.h"
#include "core/schematic/net_marks.h"
#include "core/schematic/placement.h"
#include "core/schematic/router.h"
#include "core/schematic/side_rows.h"

namespace headroom::schematic {

using structure::at;

namespace {

constexpr std::size_t kMostCompared = 150;  ///< devices; larger circuits are placed once
constexpr long kImprovementSteps = 100'000; ///< of search, some 10 ms
constexpr int kMostAttempts = 5;            ///< to find room for all names

// Nets that do not exist are no nets: the drawing leaves such devices out of its branches.
bool isSound(const netlist::Circuit& circuit) {
    const auto exists = [&](NetId net) { return net >= 0 && at(net) < circuit.nets.size(); };
    return std::all_of(circuit.devices.begin(), circuit.devices.end(),
                       [&](const netlist::Device& device) {
                           return std::all_of(device.nets.begin(), device.nets.end(), exists);
                       }) &&
           std::all_of(circuit.ports.begin(), circuit.ports.end(),
                       [&](const netlist::Port& port) { return exists(port.net); });
}

Drawing placeBranches(const netlist::Circuit& circuit, const structure::Structure& structure,
                      const Branches& branches, std::vector<Column> columns) {
    const Arrangement arrangement = arrange(branches, std::move(columns));
    Lessons lessons;
    int final = 0;
    for (int attempt = 0;; ++attempt) {
        Placement placement;
        planNets(branches, arrangement, circuit, structure, lessons, placement);
        placeSymbols(branches, arrangement, circuit, structure, lessons, placement);
        const auto failed = routeConnections(placement, final > 0 ? kImprovementSteps : 0);
        const auto cramped = placeMarks(circuit, structure, placement);
        // Each attempt cuts what failed in the one before, so that this comes to an end. Better ways for
        // wires are looked for once everything has its place.
        const bool settled = failed.empty() && (cramped.empty() || attempt >= kMostAttempts);
        if (settled && final > 0) {
            mergeWires(placement.drawing);
            return std::move(placement.drawing);
        }
        if (settled || final > 0) ++final;
        for (const int connection : failed) {
            const Connection& c = placement.connections[at(connection)];
            lessons.cut.insert(
                std::minmax(placement.terminals[at(c.from)].id(), placement.terminals[at(c.to)].id()));
        }
        for (const Terminal& terminal : placement.terminals)
            if (std::find(cramped.begin(), cramped.end(), terminal.group) != cramped.end())
                lessons.cramped.insert(terminal.id());
    }
}

// What a reader pays for: crossings most, then names to look up, then the length of wires.
double readingCost(const Drawing& drawing) {
    const DrawingQuality quality = assess(drawing);
    return 10.0 * quality.overlaps + 3.0 * quality.crossings +
           1.0 * static_cast<double>(drawing.labels.size()) + 0.4 * quality.bends + 0.02 * quality.wireLength;
}

bool equal(const std::vector<Column>& a, const std::vector<Column>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Column& x, const Column& y) {
        return x.chain == y.chain && x.bridge == y.bridge;
    });
}

// Two orders of columns, with and without pairs around others; the better drawing is taken.
Drawing placeBest(const netlist::Circuit& circuit, const structure::Structure& structure,
                  const Branches& branches) {
    const auto flat = orderColumns(branches, structure, false);
    const auto nested = orderColumns(branches, structure, true);
    Drawing drawing = placeBranches(circuit, structure, branches, flat);
    if (equal(flat, nested) || circuit.devices.size() > kMostCompared) return drawing;
    Drawing other = placeBranches(circuit, structure, branches, nested);
    return readingCost(other) < readingCost(drawing) ? other : drawing;
}

} // namespace

Drawing placeDrawing(const netlist::Circuit& circuit, const structure::Structure& structure) {
    Drawing drawing;
    std::vector<DeviceId> aside;
    if (circuit.devices.size() <= kMostPlaced && isSound(circuit) &&
        structure.roles.size() == circuit.devices.size()) {
        const structure::Wiring wiring(circuit);
        const Branches branches = findBranches(circuit, structure, wiring);
        drawing = placeBest(circuit, structure, branches);
        aside = branches.aside;
    } else {
        for (std::size_t i = 0; i < circuit.devices.size(); ++i)
            aside.push_back(static_cast<DeviceId>(i));
    }
    drawing.nets = circuit.nets;
    addSideRows(circuit, aside, drawing);
    return drawing;
}

Drawing drawingOf(const netlist::Netlist& netlist, const structure::Structure& structure) {
    const bool drawn =
        netlist.sheet && std::any_of(netlist.sheet->symbols.begin(), netlist.sheet->symbols.end(),
                                     [](const netlist::SheetSymbol& symbol) {
                                         return symbol.device || !symbol.hierarchyPrefix.empty();
                                     });
    return drawn ? authorDrawing(*netlist.sheet, netlist.circuit) : placeDrawing(netlist.circuit, structure);
}

} // namespace headroom::schematic
