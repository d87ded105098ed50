#pragma once

#include <QString>

#include <functional>

#include "app/shell/panels.h"
#include "core/base/error.h"

class QWidget;

namespace headroom::app {

class DelayController;
class Document;
class JobQueue;
class PowerGridController;
class ProjectController;
class Settings;

/// What the panels IR Drop and Delay Data are put together from, which need no netlist. All must live as long
/// as the window.
struct DataParts {
    Document& document;
    JobQueue& jobs;
    Settings& settings;
    const Panels& panels;
    ProjectController& projects;
    QWidget& window;
    std::function<void(const Error& error)> showError;
    std::function<void(const QString& sentence)> remark;
};

struct DataControllers {
    PowerGridController* powerGrid = nullptr;
    DelayController* delay = nullptr;
};

/// Makes the controllers of the panels; the window owns them.
DataControllers addDataPanels(const DataParts& parts);

} // namespace headroom::app
