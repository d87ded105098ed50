#pragma once

namespace headroom::widgets {
class SimulationView;
}

namespace headroom::app {

class CommandSet;
class DockLayout;
class SimulationController;

/// Binds the commands of the Simulation menu. All must live as long as the commands.
void bindSimulation(CommandSet& commands, SimulationController& simulation, widgets::SimulationView& view,
                    DockLayout& layouts);

} // namespace headroom::app
