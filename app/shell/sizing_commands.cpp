#include "app/shell/sizing_commands.h"

#include "app/shell/command_set.h"
#include "app/shell/main_window.h"
#include "app/sizing/exploration_controller.h"
#include "app/sizing/model_controller.h"

namespace headroom::app {

void bindSizing(CommandSet& commands, ExplorationController& exploration, ModelController& models,
                MainWindow& window) {
    commands.bind("sizing.propose", [&exploration] { exploration.propose(); });
    commands.bind("sizing.propose_others", [&exploration] { exploration.proposeOthers(); });
    commands.bind("sizing.keep_sampling", [&exploration] { exploration.keepSampling(); });
    commands.bind("sizing.nearest", [&exploration] { exploration.findNearest(); });
    commands.bind("sizing.harden", [&exploration] { exploration.findRobust(); });
    commands.bind("sizing.sampling", [&exploration, &window] { exploration.askForSampling(window); });
    commands.bind("sizing.stop", [&exploration] { exploration.cancel(); });
    commands.bind("sizing.simulate", [&exploration] { exploration.simulateAsDrawn(); });
    commands.bind("sizing.accept", [&exploration] { exploration.acceptChosen(); });
    commands.bind("sizing.dataset", [&models] { models.askForDataSet(); });
    commands.bind("sizing.extend_dataset", [&models] { models.askForExtension(); });
    commands.bind("sizing.import_dataset", [&models] { models.askForImport(); });
    commands.bind("sizing.train", [&models] { models.askForTraining(); });
}

void updateSizing(CommandSet& commands, const ExplorationController& exploration,
                  const ModelController& models) {
    const bool running = exploration.isRunning();
    commands.setEnabled("sizing.propose", exploration.canPropose());
    commands.setEnabled("sizing.propose_others", exploration.canPropose());
    commands.setEnabled("sizing.keep_sampling", exploration.canPropose() && !running);
    commands.setEnabled("sizing.nearest", exploration.canPropose());
    commands.setEnabled("sizing.harden", exploration.canPropose());
    commands.setEnabled("sizing.simulate", exploration.canSimulate());
    commands.setEnabled("sizing.stop", running);
    commands.setEnabled("sizing.accept", exploration.hasChosen() && !running);
    commands.setEnabled("sizing.dataset", models.canBuild());
    commands.setEnabled("sizing.extend_dataset", models.canExtend());
    commands.setEnabled("sizing.import_dataset", models.canBuild());
    commands.setEnabled("sizing.train", models.canTrain());
}

} // namespace headroom::app
