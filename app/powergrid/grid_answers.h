#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "app/powergrid/grid_sheet.h"
#include "core/powergrid/least_resistance.h"

namespace headroom::app {

/// One answer to a sheet: its drop, and where it comes from.
struct GridDrop {
    widgets::HeatMapData drop;
    widgets::AnswerNote note;
};

/// Answers sheets in jobs: by the exact solver, which goes on from its last answer, or by a network.
/// Thread-safe; one answer at a time.
class GridAnswers {
public:
    /// Errors: those of the solver; of the network those of loading it, and of predicting.
    /// @param checks the network's answer is compared with the solver's
    Result<GridDrop> answer(const powergrid::GridSheet& sheet, widgets::GridAnswer by, bool checks,
                            JobContext& context);

    Result<powergrid::SheetPath> pathToPad(const powergrid::GridSheet& sheet, QPointF um,
                                           JobContext& context);

    /// Empty where there is a network to ask, else why not.
    static QString whyNoNetwork();

private:
    Result<powergrid::SheetSolution> solve(powergrid::SheetMaps maps, const powergrid::SheetPlan& plan,
                                           JobContext& context);
    Result<powergrid::DropModel*> network();

    std::mutex m_mutex;
    powergrid::SheetSolver m_solver;
    std::optional<powergrid::DropModel> m_network;
};

} // namespace headroom::app
