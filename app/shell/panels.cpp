#include "app/shell/panels.h"

#include <QCoreApplication>
#include <QMainWindow>
#include <QUndoView>

#include "app/shell/dock_layout.h"
#include "widgets/delay/delay_view.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/powergrid/power_grid_view.h"
#include "widgets/robustness/robustness_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/simulation/simulation_view.h"
#include "widgets/sizing/dataset_view.h"
#include "widgets/sizing/model_view.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"
#include "widgets/slack/slack_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {

Panels makePanels(QMainWindow& window, DockLayout& layouts, QUndoStack& undo) {
    Panels panels{new widgets::NetlistView(&window),   new widgets::BlocksView(&window),
                  new widgets::SchematicView(&window), new widgets::SpecificationView(&window),
                  new widgets::SizingView(&window),    new widgets::DatasetView(&window),
                  new widgets::ModelView(&window),     new widgets::SimulationView(&window),
                  new widgets::SlackView(&window),     new widgets::RobustnessView(&window),
                  new widgets::PowerGridView(&window), new widgets::DelayView(&window),
                  new widgets::JobsView(&window)};
    auto* history = new QUndoView(&undo, &window);
    history->setObjectName("history");
    history->setEmptyLabel(QCoreApplication::translate("Panels", "As opened"));
    using Place = DockLayout::Place;
    layouts.add(panels.blocks, panels.blocks->title(), Place::Left, "blocks");
    layouts.add(panels.netlist, panels.netlist->title(), Place::Left, "netlist");
    layouts.add(panels.specification, panels.specification->title(), Place::LeftBelow, "specification");
    layouts.add(panels.sizing, panels.sizing->title(), Place::Centre, "sizing");
    layouts.add(panels.dataset, panels.dataset->title(), Place::Centre, "dataset");
    layouts.add(panels.model, panels.model->title(), Place::Centre, "train");
    layouts.add(panels.schematic, panels.schematic->title(), Place::Centre, "schematic");
    layouts.add(panels.simulation, panels.simulation->title(), Place::Centre, "simulate");
    layouts.add(panels.slack, panels.slack->title(), Place::Centre, "slack");
    layouts.add(panels.robustness, panels.robustness->title(), Place::Centre, "robustness");
    layouts.add(panels.powerGrid, panels.powerGrid->title(), Place::Centre, "power-grid");
    layouts.add(panels.delay, panels.delay->title(), Place::Centre, "delay");
    layouts.add(panels.jobs, panels.jobs->title(), Place::CentreBelow, "jobs");
    layouts.add(history, QCoreApplication::translate("Panels", "History"), Place::CentreBelow, "undo");
    return panels;
}

} // namespace headroom::app
