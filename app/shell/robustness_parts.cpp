#include "app/shell/robustness_parts.h"

#include <QWidget>

#include "app/document/project_controller.h"
#include "app/robustness/robustness_controller.h"
#include "app/shell/command_set.h"
#include "app/shell/dock_layout.h"
#include "app/sizing/model_controller.h"
#include "app/sizing/model_report_controller.h"
#include "app/sizing/specification_controller.h"
#include "app/slack/slack_controller.h"
#include "widgets/robustness/robustness_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/sizing/model_view.h"
#include "widgets/slack/slack_view.h"

namespace headroom::app {

namespace {

void addSlack(const RobustnessParts& parts, QObject* parent) {
    auto* slack = new SlackController({parts.document, parts.jobs, parts.session, parts.results,
                                       parts.settings, *parts.panels.slack, *parts.panels.schematic},
                                      parent);
    CommandSet& commands = parts.commands;
    const auto update = [slack, &commands] {
        commands.setEnabled("sizing.slack", slack->canFind() && !slack->isRunning());
    };
    QObject::connect(slack, &SlackController::stateChanged, parent, update);
    QObject::connect(slack, &SlackController::failed, parent, parts.showError);
    QObject::connect(slack, &SlackController::modelRequested, &parts.models,
                     &ModelController::askForTraining);
    QObject::connect(slack, &SlackController::importRequested, &parts.projects,
                     &ProjectController::chooseNetlist);
    commands.bind("sizing.slack", [slack, panel = parts.panels.slack, &layouts = parts.layouts] {
        layouts.raise(panel->objectName());
        slack->find();
    });
    update();
}

void addAssessment(const RobustnessParts& parts, QObject* parent) {
    auto* robustness = new RobustnessController(
        {parts.document, parts.jobs, parts.session, parts.results, parts.settings, *parts.panels.robustness},
        parent);
    CommandSet& commands = parts.commands;
    const auto update = [robustness, &commands] {
        commands.setEnabled("sizing.robustness", robustness->canAssess() && !robustness->isRunning());
    };
    QObject::connect(robustness, &RobustnessController::stateChanged, parent, update);
    QObject::connect(robustness, &RobustnessController::importRequested, &parts.projects,
                     &ProjectController::chooseNetlist);
    QObject::connect(robustness, &RobustnessController::foundPresent, &parts.specification,
                     &SpecificationController::setCorners);
    commands.bind("sizing.robustness",
                  [robustness, panel = parts.panels.robustness, &layouts = parts.layouts] {
                      layouts.raise(panel->objectName());
                      robustness->assess();
                  });
    update();
}

void addModelReport(const RobustnessParts& parts, QObject* parent) {
    auto* report = new ModelReportController(
        {parts.jobs, parts.session, parts.settings, parts.models, *parts.panels.model}, parent);
    CommandSet& commands = parts.commands;
    const auto update = [report, &commands] { commands.setEnabled("sizing.report", report->canReproduce()); };
    QObject::connect(report, &ModelReportController::stateChanged, parent, update);
    QObject::connect(report, &ModelReportController::modelRequested, &parts.models,
                     &ModelController::askForTraining);
    QObject::connect(report, &ModelReportController::importRequested, &parts.projects,
                     &ProjectController::chooseNetlist);
    commands.bind("sizing.report", [report, panel = parts.panels.model, &layouts = parts.layouts] {
        layouts.raise(panel->objectName());
        report->reproduce();
    });
    update();
}

} // namespace

void addRobustness(const RobustnessParts& parts, QObject* parent) {
    addSlack(parts, parent);
    addAssessment(parts, parent);
    addModelReport(parts, parent);
}

} // namespace headroom::app
