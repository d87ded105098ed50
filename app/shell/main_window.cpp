#include "app/shell/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QMenuBar>
#include <QMimeData>
#include <QStatusBar>
#include <QToolBar>
#include <QUrl>

#include "app/document/error_text.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/jobs/jobs_controller.h"
#include "app/manual/manual_window.h"
#include "app/netlist/netlist_controller.h"
#include "app/schematic/schematic_controller.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/shell/about_box.h"
#include "app/shell/command_set.h"
#include "app/shell/conditions_dialog.h"
#include "app/shell/data_parts.h"
#include "app/shell/dock_layout.h"
#include "app/shell/notice_bar.h"
#include "app/shell/preferences_dialog.h"
#include "app/shell/robustness_parts.h"
#include "app/shell/session_status.h"
#include "app/shell/simulation_commands.h"
#include "app/shell/sizing_commands.h"
#include "app/simulation/simulation_controller.h"
#include "app/sizing/dataset_controller.h"
#include "app/sizing/exploration_controller.h"
#include "app/sizing/export_controller.h"
#include "app/sizing/model_controller.h"
#include "app/sizing/specification_controller.h"
#include "app/structure/structure_controller.h"
#include "core/base/file.h"
#include "widgets/common/icons.h"
#include "widgets/common/theme.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr QSize kFirstSize(1440, 900);

} // namespace

MainWindow::MainWindow(Settings& settings, RecoveryFolder recovery)
    : m_settings(settings)
    , m_document(std::make_unique<Document>())
    , m_jobs(std::make_unique<JobQueue>()) {
    setObjectName("mainWindow");
    setWindowIcon(widgets::icon("headroom"));
    setAcceptDrops(true);
    resize(kFirstSize);
    m_session = new Session(*m_document, *m_jobs, settings, this);
    m_results = new Results(*m_document, *m_jobs, this);
    m_commands = new CommandSet(settings, this);
    m_layouts = new DockLayout(*this, settings);
    m_panels = makePanels(*this, *m_layouts, m_document->undoStack());
    buildControllers(std::move(recovery));
    buildMenus();
    bindCommands();
    connectParts();
    const QByteArray geometry = settings.windowGeometry();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
    m_layouts->restore();
    updateCommands();
    updateTitle();
}

MainWindow::~MainWindow() {
    // The undo stack tells that it empties when it goes; by then the jobs are gone that commands ask for.
    m_document->undoStack().disconnect(this);
    // Workers end before anything that their receivers hold goes away.
    m_jobs.reset();
}

void MainWindow::buildControllers(RecoveryFolder recovery) {
    m_projects = new ProjectController(*m_document, *m_jobs, m_settings, std::move(recovery), *this);
    m_exploration = new ExplorationController({*m_document, *m_jobs, *m_session, *m_results, *m_panels.sizing,
                                               *m_panels.specification, *m_panels.blocks, m_settings},
                                              this);
    m_specification =
        new SpecificationController(*m_document, *m_session, *m_results, *m_panels.specification, this);
    m_models = new ModelController(*m_document, *m_jobs, *m_session, m_settings, *this);
    auto* dataset =
        new DatasetController({*m_session, m_settings, *m_panels.dataset, *m_panels.specification}, this);
    connect(dataset, &DatasetController::dataSetRequested, m_models, &ModelController::askForDataSet);
    connect(dataset, &DatasetController::extensionRequested, m_models, &ModelController::askForExtension);
    connect(dataset, &DatasetController::importRequested, m_models, &ModelController::askForImport);
    m_exports = new ExportController(*m_jobs, *m_session, *m_results, *m_exploration, *this);
    new NetlistController(*m_session, *m_projects, *m_panels.netlist, *m_panels.blocks, this);
    m_schematic = new SchematicController(
        {*m_document, *m_jobs, *m_session, *m_results, *m_panels.schematic, *this}, this);
    m_simulation = new SimulationController(
        {*m_document, *m_jobs, *m_session, *m_results, m_settings, *m_panels.simulation}, this);
    auto* structure =
        new StructureController({*m_document, *m_jobs, *m_session, *m_panels.blocks, *this}, this);
    connect(structure, &StructureController::failed, this, &MainWindow::showError);
    connect(structure, &StructureController::exported, m_exports, &ExportController::exported);
    connect(structure, &StructureController::exportRequested, m_exports, &ExportController::saveBytes);
    new JobsController(*m_jobs, *m_panels.jobs, this);
    const DataControllers data =
        addDataPanels({*m_document, *m_jobs, m_settings, m_panels, *m_projects, *this,
                       [this](const Error& error) { showError(error); },
                       [this](const QString& sentence) { m_notice->showError(sentence); }});
    m_powerGrid = data.powerGrid;
    m_delay = data.delay;
    m_status = new SessionStatus(*m_document, *m_session, *m_jobs, m_settings, *statusBar());
}

void MainWindow::buildMenus() {
    QMenu* file = menuBar()->addMenu(tr("&File"));
    m_commands->fill(file, Menu::File);
    auto* recent = new QMenu(tr("Open &Recent"), file);
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecentMenu(recent); });
    auto* examples = new QMenu(tr("E&xamples"), file);
    connect(examples, &QMenu::aboutToShow, this, [this, examples] { fillExamplesMenu(examples); });
    file->insertMenu(m_commands->action("file.import"), recent);
    file->insertMenu(m_commands->action("file.import"), examples);
    auto* exports = new QMenu(tr("&Export"), file);
    exports->setIcon(widgets::icon("export"));
    m_commands->fill(exports, Menu::Export);
    QAction* quit = m_commands->action("file.quit");
    file->insertSeparator(quit);
    file->insertMenu(quit, exports);
    file->insertSeparator(quit);
    m_commands->fill(menuBar()->addMenu(tr("&Edit")), Menu::Edit);
    m_commands->fill(menuBar()->addMenu(tr("&Sizing")), Menu::Sizing);
    m_commands->fill(menuBar()->addMenu(tr("Si&mulation")), Menu::Simulation);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    m_layouts->fillPanelMenu(view);
    view->addSeparator();
    QMenu* theme = view->addMenu(tr("&Theme"));
    connect(theme, &QMenu::aboutToShow, this, [this, theme] { fillThemeMenu(theme); });
    QMenu* layouts = view->addMenu(tr("&Layouts"));
    connect(layouts, &QMenu::aboutToShow, this, [this, layouts] { m_layouts->fillLayoutMenu(layouts); });
    m_commands->fill(view, Menu::View);
    m_commands->fill(menuBar()->addMenu(tr("&Help")), Menu::Help);
    QToolBar* toolbar = addToolBar(tr("Main Toolbar"));
    toolbar->setObjectName("mainToolbar");
    toolbar->setMovable(false);
    m_commands->fill(toolbar);
    toolbar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    toolbar->toggleViewAction()->setVisible(false);
    m_notice = new NoticeBar(*this);
}

void MainWindow::bindCommands() {
    const auto bind = [this](const char* id, auto work) { m_commands->bind(id, work); };
    bind("file.new", [this] { m_projects->startNew({}); });
    bind("file.open", [this] { m_projects->chooseProject(); });
    bind("file.import", [this] { m_projects->chooseNetlist(); });
    bind("file.save", [this] { m_projects->save(); });
    bind("file.save_as", [this] { m_projects->saveAs(); });
    bind("file.quit", [this] { close(); });
    bind("export.netlist", [this] { m_exports->exportNetlist(); });
    bind("export.parameters", [this] { m_exports->exportParameters(); });
    bind("export.csv", [this] { m_exports->exportCsv(); });
    bind("export.json", [this] { m_exports->exportJson(); });
    bind("export.pictures", [this] { m_exports->exportPictures(); });
    bind("export.schematic", [this] { m_schematic->exportDrawing(); });
    bind("edit.undo", [this] { m_document->undoStack().undo(); });
    bind("edit.redo", [this] { m_document->undoStack().redo(); });
    bind("edit.preferences", [this] { showPreferences(static_cast<int>(PreferencesDialog::Page::General)); });
    bind("help.shortcuts", [this] { showPreferences(static_cast<int>(PreferencesDialog::Page::Shortcuts)); });
    bind("sizing.conditions", [this] { showConditions(); });
    bindSizing(*m_commands, *m_exploration, *m_models, *this);
    bindSimulation(*m_commands, *m_simulation, *m_panels.simulation, *m_layouts);
    addRobustness({*m_document, *m_jobs, *m_session, *m_results, m_settings, m_panels, *m_commands,
                   *m_layouts, *m_models, *m_projects, *m_specification,
                   [this](const Error& error) { showError(error); }},
                  this);
    bind("view.reset_layout", [this] { m_layouts->reset(); });
    bind("help.manual", [this] { showManual(); });
    bind("help.about", [this] { showAboutBox(this); });
    bind("help.about_qt", [] { QApplication::aboutQt(); });
}

void MainWindow::connectParts() {
    connect(m_document.get(), &Document::nameChanged, this, &MainWindow::updateTitle);
    connect(m_document.get(), &Document::modifiedChanged, this,
            [this](bool modified) { setWindowModified(modified); });
    connect(&m_document->undoStack(), &QUndoStack::indexChanged, this, &MainWindow::updateCommands);
    connect(m_document.get(), &Document::wasReset, this, &MainWindow::updateCommands);
    connect(m_exploration, &ExplorationController::stateChanged, this, &MainWindow::updateCommands);
    connect(m_session, &Session::dataChanged, this, &MainWindow::updateCommands);
    connect(m_session, &Session::circuitFailed, this, &MainWindow::showError);
    connect(m_session, &Session::remarked, this,
            [this](const QString& sentence) { m_notice->showError(sentence); });
    connect(m_projects, &ProjectController::failed, this, &MainWindow::showError);
    connect(m_projects, &ProjectController::activity, m_status, &SessionStatus::setActivity);
    connect(m_projects, &ProjectController::opened, m_notice, &NoticeBar::dismiss);
    connect(m_projects, &ProjectController::saved, this,
            [this] { m_notice->showNote(tr("Saved as %1").arg(m_document->displayName())); });
    connect(m_projects, &ProjectController::closeAgreed, this, [this] {
        m_closing = true;
        close();
    });
    connect(m_exploration, &ExplorationController::answered, m_specification,
            &SpecificationController::showAnswer);
    connect(m_exploration, &ExplorationController::modelRequested, m_models,
            &ModelController::askForTraining);
    connect(m_exploration, &ExplorationController::dataSetRequested, m_models,
            &ModelController::askForDataSet);
    connect(m_exploration, &ExplorationController::importRequested, m_projects,
            &ProjectController::chooseNetlist);
    connect(m_exploration, &ExplorationController::targetsRequested, m_specification,
            &SpecificationController::setTargets);
    connect(m_simulation, &SimulationController::failed, this, &MainWindow::showError);
    connect(m_simulation, &SimulationController::stateChanged, this, &MainWindow::updateCommands);
    connect(m_simulation, &SimulationController::importRequested, m_projects,
            &ProjectController::chooseNetlist);
    connect(m_models, &ModelController::failed, this, &MainWindow::showError);
    connect(m_models, &ModelController::remarked, m_notice, &NoticeBar::showNote);
    connect(m_models, &ModelController::longJobStarted, this,
            [this] { m_layouts->raise(m_panels.jobs->objectName()); });
    connect(m_models, &ModelController::dataSetBuilt, this, [this](int rows) {
        m_notice->showNote(
            tr("The data set is built: %1 sizings. A model can be trained on it now.").arg(rows));
    });
    connect(m_models, &ModelController::modelTrained, this,
            [this] { m_notice->showNote(tr("The model is trained. Sizings can be proposed now.")); });
    connect(m_exports, &ExportController::failed, this, &MainWindow::showError);
    connect(m_exports, &ExportController::exported, this,
            [this](const QString& file) { m_notice->showNote(tr("Written: %1").arg(file)); });
    connect(m_schematic, &SchematicController::failed, this, &MainWindow::showError);
    connect(m_schematic, &SchematicController::stateChanged, this, &MainWindow::updateCommands);
    connect(m_schematic, &SchematicController::exported, m_exports, &ExportController::exported);
    connect(m_schematic, &SchematicController::remarked, m_notice, &NoticeBar::showNote);
    connect(m_panels.sizing, &widgets::SizingView::sizingExportRequested, m_exports,
            &ExportController::exportNetlist);
    for (widgets::Panel* panel : findChildren<widgets::Panel*>()) {
        connect(panel, &widgets::Panel::exportRequested, m_exports, &ExportController::saveBytes);
    }
}

void MainWindow::fillRecentMenu(QMenu* menu) {
    menu->clear();
    const QStringList recent = m_settings.recentProjects();
    for (const QString& folder : recent) {
        connect(menu->addAction(folder), &QAction::triggered, this,
                [this, folder] { m_projects->openPath(folder.toStdString()); });
    }
    menu->addSeparator();
    QAction* clear = menu->addAction(tr("Forget All"));
    clear->setEnabled(!recent.isEmpty());
    connect(clear, &QAction::triggered, this, [this] { m_settings.clearRecentProjects(); });
}

void MainWindow::fillExamplesMenu(QMenu* menu) {
    menu->clear();
    std::error_code code;
    std::vector<fs::path> examples;
    for (const auto& entry : fs::directory_iterator(examplePath().parent_path(), code)) {
        if (entry.path().extension() == ".sp") examples.push_back(entry.path());
    }
    std::sort(examples.begin(), examples.end());
    for (const fs::path& example : examples) {
        connect(menu->addAction(QString::fromStdString(example.stem().string())), &QAction::triggered, this,
                [this, example] { m_projects->startNew(example); });
    }
}

void MainWindow::fillThemeMenu(QMenu* menu) {
    menu->clear();
    auto* group = new QActionGroup(menu);
    using widgets::Appearance;
    const std::pair<QString, Appearance> choices[] = {{tr("As the &Desktop"), Appearance::System},
                                                      {tr("&Light"), Appearance::Light},
                                                      {tr("&Dark"), Appearance::Dark}};
    for (const auto& [text, appearance] : choices) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_settings.appearance() == appearance);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, chosen = appearance] {
            m_settings.setAppearance(chosen);
            widgets::Theme::instance().apply(chosen);
        });
    }
}

void MainWindow::updateCommands() {
    QUndoStack& undo = m_document->undoStack();
    m_commands->setEnabled("edit.undo", undo.canUndo());
    m_commands->setEnabled("edit.redo", undo.canRedo());
    m_commands->action("edit.undo")
        ->setText(undo.canUndo() ? tr("&Undo %1").arg(undo.undoText()) : tr("&Undo"));
    m_commands->action("edit.redo")
        ->setText(undo.canRedo() ? tr("&Redo %1").arg(undo.redoText()) : tr("&Redo"));
    m_commands->action("edit.undo")->setIconText(tr("Undo"));
    m_commands->action("edit.redo")->setIconText(tr("Redo"));
    m_commands->setEnabled("export.schematic", m_schematic->canExport());
    updateSizing(*m_commands, *m_exploration, *m_models);
    m_commands->setEnabled("simulation.run", m_simulation->canSimulate());
    m_commands->setEnabled("simulation.sweep", m_simulation->canSimulate());
    m_commands->setEnabled("simulation.stop", m_simulation->isRunning());
    for (const char* id :
         {"export.netlist", "export.parameters", "export.csv", "export.json", "export.pictures"}) {
        m_commands->setEnabled(id, m_exploration->hasChosen() && !m_exploration->isRunning());
    }
}

void MainWindow::updateTitle() {
    setWindowTitle(tr("%1[*] – Headroom").arg(m_document->displayName()));
    setWindowModified(m_document->isModified());
}

void MainWindow::showConditions() {
    const auto circuit = m_session->circuit();
    auto* dialog = new ConditionsDialog(m_document->project(),
                                        circuit ? &circuit->amplifier->technology : nullptr, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { m_document->edit(tr("Change technology and conditions"), dialog->project()); });
    dialog->open();
}

void MainWindow::showPreferences(int page) {
    auto* dialog = new PreferencesDialog(m_settings, *m_jobs, m_document->folder(),
                                         static_cast<PreferencesDialog::Page>(page), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::showManual() {
    const QString page = ManualWindow::pageForFocus();
    if (m_manual == nullptr) m_manual = new ManualWindow(this);
    m_manual->showPage(page);
    m_manual->show();
    m_manual->raise();
    m_manual->activateWindow();
}

void MainWindow::showError(const Error& error) {
    m_notice->showError(errorSentence(error), errorDetail(error));
}

fs::path MainWindow::examplePath() {
    return resourcePath("examples/folded_cascode.sp");
}

void MainWindow::start(const fs::path& path) {
    const auto folder = path.empty() ? std::nullopt : project::projectFolder(path);
    if (folder) {
        m_projects->openPath(path);
    } else {
        m_projects->startNew(path.empty() ? examplePath() : path);
    }
}

void MainWindow::proposeWhenReady(const std::function<void()>& done) {
    connect(m_exploration, &ExplorationController::finished, this, done);
    const auto tryNow = [this, done, begun = std::make_shared<bool>(false)] {
        if (*begun || m_session->busy()) return;
        if (m_exploration->canPropose() && m_session->modelReady()) {
            *begun = true;
            m_exploration->propose();
        } else if (m_session->circuit() && (!m_session->model() || m_session->modelProblem())) {
            *begun = true;
            done();
        }
    };
    connect(m_session, &Session::modelChanged, this, tryNow);
    connect(m_session, &Session::circuitFailed, this, done);
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!m_closing && !m_projects->mayClose()) {
        event->ignore();
        return;
    }
    m_layouts->save();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    m_projects->openPath(event->mimeData()->urls().front().toLocalFile().toStdString());
    event->acceptProposedAction();
}

} // namespace headroom::app
