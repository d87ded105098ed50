#include "app/shell/data_parts.h"

#include <QWidget>

#include "app/delay/delay_controller.h"
#include "app/document/project_controller.h"
#include "app/powergrid/power_grid_controller.h"

namespace headroom::app {
namespace {

template <class Controller>
void join(Controller* controller, const DataParts& parts) {
    QObject::connect(controller, &Controller::failed, &parts.window, parts.showError);
    QObject::connect(controller, &Controller::remarked, &parts.window, parts.remark);
    QObject::connect(controller, &Controller::projectRequested, &parts.window,
                     [&projects = parts.projects] { projects.startNew({}); });
}

} // namespace

DataControllers addDataPanels(const DataParts& parts) {
    const DataControllers controllers{
        new PowerGridController(
            {parts.document, parts.jobs, parts.settings, *parts.panels.powerGrid, parts.window},
            &parts.window),
        new DelayController({parts.document, parts.jobs, parts.settings, *parts.panels.delay, parts.window},
                            &parts.window)};
    join(controllers.powerGrid, parts);
    join(controllers.delay, parts);
    return controllers;
}

} // namespace headroom::app
