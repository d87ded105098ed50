#pragma once

#include <QMainWindow>

#include <filesystem>
#include <memory>

#include "app/document/recovery.h"
#include "app/shell/panels.h"
#include "core/base/error.h"

namespace headroom::app {

class CommandSet;
class DelayController;
class DockLayout;
class Document;
class ExplorationController;
class ExportController;
class JobQueue;
class ManualWindow;
class ModelController;
class NoticeBar;
class PowerGridController;
class ProjectController;
class Results;
class SchematicController;
class Session;
class SessionStatus;
class Settings;
class SimulationController;
class SpecificationController;

/// Puts the parts together: panels, controllers, commands. What the parts do is theirs.
class MainWindow final : public QMainWindow {
    Q_OBJECT

public:
    MainWindow(Settings& settings, RecoveryFolder recovery);
    ~MainWindow() override;

    /// Opens what the command line names; empty: the example.
    void start(const std::filesystem::path& path);

    /// Proposes sizings as soon as the model is ready, and tells when that is done (or cannot be done).
    void proposeWhenReady(const std::function<void()>& done);

    Document& document() { return *m_document; }
    Session& session() { return *m_session; }
    Results& results() { return *m_results; }
    JobQueue& jobs() { return *m_jobs; }
    ProjectController& projects() { return *m_projects; }
    ExplorationController& exploration() { return *m_exploration; }
    ModelController& models() { return *m_models; }
    PowerGridController& powerGrid() { return *m_powerGrid; }
    DelayController& delay() { return *m_delay; }
    CommandSet& commands() { return *m_commands; }
    DockLayout& layouts() { return *m_layouts; }

    /// The example that a first start shows.
    static std::filesystem::path examplePath();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildControllers(RecoveryFolder recovery);
    void buildMenus();
    void bindCommands();
    void connectParts();
    void fillRecentMenu(QMenu* menu);
    void fillExamplesMenu(QMenu* menu);
    void fillThemeMenu(QMenu* menu);
    void updateCommands();
    void updateTitle();
    void showConditions();
    void showPreferences(int page);
    void showManual();
    void showError(const Error& error);

    Settings& m_settings;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<JobQueue> m_jobs;
    Session* m_session = nullptr;
    Results* m_results = nullptr;
    CommandSet* m_commands = nullptr;
    DockLayout* m_layouts = nullptr;
    NoticeBar* m_notice = nullptr;
    SessionStatus* m_status = nullptr;
    Panels m_panels;
    ProjectController* m_projects = nullptr;
    SpecificationController* m_specification = nullptr;
    ExplorationController* m_exploration = nullptr;
    ModelController* m_models = nullptr;
    PowerGridController* m_powerGrid = nullptr;
    DelayController* m_delay = nullptr;
    ExportController* m_exports = nullptr;
    SchematicController* m_schematic = nullptr;
    SimulationController* m_simulation = nullptr;
    ManualWindow* m_manual = nullptr; ///< made when first asked for
    bool m_closing = false;
};

} // namespace headroom::app
