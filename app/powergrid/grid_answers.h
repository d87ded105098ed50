#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/powergrid/grid_sheet.h"
#include "core/powergrid/drop_model.h"
#include "core/powergrid/least_resistance.h"

namespace headroom::app {

/// One answer to a sheet: its drop, and where it comes from.
struct GridDrop {
    widgets::HeatMapData drop;
    widgets::AnswerNote note;
};

/// How the sheet that is answered became another one since the last time: the whole of it, or what was
/// painted since, or its objects. Large sheets take longer to copy than a patch.
struct SheetUpdate {
    std::shared_ptr<const powergrid::GridSheet> whole; ///< null: the one before
    std::vector<widgets::MapPatch> patches;            ///< painted after that, in their order
    std::optional<widgets::GridObjects> objects;       ///< absent: those before
};

/// What is asked of a sheet.
struct GridQuestion {
    SheetUpdate update;
    widgets::GridAnswer by = widgets::GridAnswer::Exact;
    bool checks = false;            ///< the network's answer is compared with the solver's
    widgets::HeatMapData reference; ///< what the drop is compared with on show; absent: nothing
};

/// Answers a sheet in jobs: by the exact solver, which goes on from its last answer, or by a network.
/// Thread-safe; one answer at a time.
class GridAnswers {
public:
    /// Errors: those of the solver; of the network those of loading it, and of predicting. Where the job is
    /// cancelled before it comes here, the next update has to be a whole one.
    Result<GridDrop> answer(const GridQuestion& question, JobContext& context);

    /// Of the sheet that was answered last.
    Result<powergrid::SheetPath> pathToPad(QPointF um, JobContext& context);

    /// Empty where there is a network to ask, else why not.
    static QString whyNoNetwork();

private:
    Result<powergrid::SheetSolution> solve(powergrid::SheetMaps maps, JobContext& context);
    Result<GridDrop> solved(powergrid::SheetMaps maps, JobContext& context);
    Result<GridDrop> predicted(powergrid::SheetMaps maps, bool checks, JobContext& context);
    Result<powergrid::DropModel*> network();
    void apply(const SheetUpdate& update);

    std::mutex m_mutex;
    powergrid::SheetPlan m_plan;
    powergrid::SheetSolver m_solver;
    std::optional<powergrid::DropModel> m_network;
};

} // namespace headroom::app
