#pragma once

#include <QString>

#include <memory>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/powergrid/sheet_folder.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::app {

/// A power grid's netlist, solved: its drop as a map and its worst nodes.
struct SolvedNetlist {
    std::shared_ptr<const widgets::PowerGridData> data;
    QString remark; ///< what the reader or the solver has to say, one sentence; may be empty
};

/// Reads and solves. Errors: those of reading (file and line), building, solving and drawing the map.
Result<SolvedNetlist> solveNetlist(const powergrid::GridText& netlist, JobContext& context);

} // namespace headroom::app
