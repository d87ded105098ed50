#include "app/shell/simulation_commands.h"

#include "app/shell/command_set.h"
#include "app/shell/dock_layout.h"
#include "app/simulation/simulation_controller.h"
#include "widgets/simulation/simulation_view.h"

namespace headroom::app {

void bindSimulation(CommandSet& commands, SimulationController& simulation, widgets::SimulationView& view,
                    DockLayout& layouts) {
    using Page = widgets::SimulationView::Page;
    const auto show = [&view, &layouts](Page page) {
        layouts.raise(view.objectName());
        view.showPage(page);
    };
    QObject::connect(&layouts, &DockLayout::visibilityChanged, &simulation,
                     [&view, &simulation](const QString& panel, bool visible) {
                         if (visible && panel == view.objectName()) simulation.refresh();
                     });
    commands.bind("simulation.run", [&view, &layouts, &simulation] {
        layouts.raise(view.objectName());
        simulation.simulate();
    });
    commands.bind("simulation.sweep", [show, &simulation] {
        show(Page::Sweep);
        simulation.sweep();
    });
    commands.bind("simulation.stop", [&simulation] { simulation.cancel(); });
    commands.bind("simulation.cursors", [&view] { view.setCursorsVisible(!view.cursorsVisible()); });
    commands.bind("simulation.point", [show] { show(Page::OperatingPoint); });
    commands.bind("simulation.performances", [show] { show(Page::Performances); });
    commands.bind("simulation.frequency", [show] { show(Page::Frequency); });
    commands.bind("simulation.step", [show] { show(Page::Step); });
    commands.bind("simulation.ranges", [show] { show(Page::Ranges); });
    commands.bind("simulation.sweep_page", [show] { show(Page::Sweep); });
}

} // namespace headroom::app
