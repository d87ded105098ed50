#pragma once

#include <QPointF>
#include <QString>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/grid_maps.h"
#include "core/powergrid/grid_netlist.h"
#include "core/powergrid/sheet_folder.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::app {

/// A power grid's netlist, solved: its drop as a map and its worst nodes.
struct SolvedNetlist {
    std::shared_ptr<const widgets::PowerGridData> data;
    std::shared_ptr<const powergrid::GridNetlist> netlist; ///< as it was read
    QString remark; ///< what the reader or the solver has to say, one sentence; may be empty
    std::optional<Error> islandRefusal = {}; ///< what who refuses islands is told; absent without any
};

/// Reads and solves, without islands. Errors: those of reading (file and line), building, solving and drawing
/// the map.
Result<SolvedNetlist> solveNetlist(const powergrid::GridText& netlist, JobContext& context);

/// A way from a netlist's node to a pad, for the panel.
struct NetlistPath {
    std::vector<QPointF> um; ///< of the nodes whose names hold places
    QString text;            ///< its resistance, and from where to where
};

/// The way of least resistance from the node nearest to a place. Errors: those of
/// powergrid::pathOfLeastResistance().
Result<NetlistPath> pathToPad(const powergrid::GridNetlist& netlist, QPointF um, JobContext& context);

/// Where a folder's netlist is looked for.
inline constexpr const char* kNetlistInFolder = "netlist.sp";

/// The maps of a chip whose grid can be rebuilt from them: such a folder without a netlist, or maps of which
/// one is of currents and one of distances to pads. Absent for anything else.
std::optional<powergrid::GridMapFiles> mapsOfAGrid(const std::vector<std::filesystem::path>& files);

/// The grid that the shipped technology's rules lay over these maps, as a netlist. Errors: those of reading
/// maps and of powergrid::rebuildGrid().
Result<powergrid::GridText> rebuiltText(const powergrid::GridMapFiles& maps, const std::string& name,
                                        JobContext& context);

} // namespace headroom::app
