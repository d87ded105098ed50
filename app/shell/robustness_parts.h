#pragma once

#include <functional>

#include "app/shell/panels.h"
#include "core/base/error.h"

class QObject;

namespace headroom::app {

class CommandSet;
class DockLayout;
class Document;
class JobQueue;
class ModelController;
class ProjectController;
class Results;
class Session;
class Settings;
class SpecificationController;

/// What the panels Slack, Robustness and Model are put together from. All must live as long as @p parent.
struct RobustnessParts {
    Document& document;
    JobQueue& jobs;
    Session& session;
    Results& results;
    Settings& settings;
    const Panels& panels;
    CommandSet& commands;
    DockLayout& layouts;
    ModelController& models;
    ProjectController& projects;
    SpecificationController& specification;
    std::function<void(const Error& error)> showError;
};

/// Makes the controllers of the panels and binds their commands.
void addRobustness(const RobustnessParts& parts, QObject* parent);

} // namespace headroom::app
