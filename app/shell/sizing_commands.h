#pragma once

namespace headroom::app {

class CommandSet;
class ExplorationController;
class MainWindow;
class ModelController;

/// Binds the commands of the Sizing menu but for conditions. All must live as long as the commands.
void bindSizing(CommandSet& commands, ExplorationController& exploration, ModelController& models,
                MainWindow& window);

/// Switches them on and off by what can be done now.
void updateSizing(CommandSet& commands, const ExplorationController& exploration,
                  const ModelController& models);

} // namespace headroom::app
