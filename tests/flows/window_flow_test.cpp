#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>
#include <QTreeWidget>

#include "app/document/document.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/shell/command_set.h"
#include "app/shell/dock_layout.h"
#include "core/base/file.h"
#include "core/netlist/netlist.h"
#include "tests/flows/flow_window.h"
#include "widgets/common/theme.h"

namespace headroom::app {

/// The shell: start, panels, layouts, preferences, conditions, export.
class WindowFlow : public QObject {
    Q_OBJECT

private slots:
    void isUpBeforeAnythingIsLoaded();
    void showsAllPanels();
    void keepsAndRestoresLayouts();
    void shortcutsAreEditedAndConflictsTold();
    void preferencesApply();
    void theCacheIsShownLimitedAndCleared();
    void conditionsAreOneUndoStep();
    void theStatusBarTellsWhatRunsWhere();
    void exportsTheChosenSizing();
};

void WindowFlow::isUpBeforeAnythingIsLoaded() {
    QElapsedTimer clock;
    clock.start();
    FlowWindow window;
    QVERIFY(QTest::qWaitForWindowExposed(&*window));
    qInfo("window up after %lld ms", static_cast<long long>(clock.elapsed()));
    QCOMPARE(window->jobs().activeCount(), 0);
    window.startOnExample();
    qInfo("example open, model warm after %lld ms", static_cast<long long>(clock.elapsed()));
}

void WindowFlow::showsAllPanels() {
    FlowWindow window;
    for (const char* panel : {"blocksPanel", "netlistPanel", "specificationPanel", "sizingPanel",
                              "schematicPanel", "simulationPanel", "jobsPanel", "history"}) {
        const auto* dock = window.find<QDockWidget>(qPrintable(QString::fromLatin1(panel) + "Dock"));
        QVERIFY2(dock != nullptr, panel);
        QVERIFY2(!dock->isHidden() || !window->tabifiedDockWidgets(const_cast<QDockWidget*>(dock)).isEmpty(),
                 panel);
        QVERIFY2(!dock->toggleViewAction()->text().isEmpty(), panel);
    }
}

void WindowFlow::keepsAndRestoresLayouts() {
    FlowWindow window;
    auto* jobs = window.find<QDockWidget>("jobsPanelDock");
    auto* history = window.find<QDockWidget>("historyDock");
    jobs->hide();
    history->hide();
    window->layouts().keepAs("Without jobs");
    window.trigger("view.reset_layout");
    QVERIFY(!jobs->isHidden());
    QVERIFY(window->layouts().apply("Without jobs"));
    QVERIFY(jobs->isHidden());
    QVERIFY(!window->layouts().apply("No such layout"));
    window->close();
    FlowWindow next(window, Settings::Mode::Normal);
    QVERIFY(next.find<QDockWidget>("jobsPanelDock")->isHidden()); // as it was when closed
    FlowWindow safe(window, Settings::Mode::Safe);
    QVERIFY(!safe.find<QDockWidget>("jobsPanelDock")->isHidden());
}

void WindowFlow::shortcutsAreEditedAndConflictsTold() {
    FlowWindow window;
    window.trigger("help.shortcuts");
    auto* dialog = window.find<QDialog>("preferencesDialog");
    QVERIFY(dialog != nullptr);
    auto* list = dialog->findChild<QTreeWidget*>("shortcutList");
    auto* edit = dialog->findChild<QKeySequenceEdit*>("shortcutEdit");
    const auto found = list->findItems("Simulate as Drawn", Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    list->setCurrentItem(found.front());
    edit->setKeySequence(QKeySequence("F5")); // taken
    emit edit->editingFinished();
    QVERIFY(dialog->findChild<QLabel*>("shortcutProblem")->text().contains("Propose Sizings"));
    edit->setKeySequence(QKeySequence("F9"));
    emit edit->editingFinished();
    dialog->accept();
    QCOMPARE(window->commands().action("sizing.simulate")->shortcut(), QKeySequence("F9"));
    QCOMPARE(window->commands().action("sizing.propose")->shortcut(), QKeySequence("F5"));
    QVERIFY(window.settle());
}

void WindowFlow::preferencesApply() {
    FlowWindow window;
    window.startOnExample();
    window.trigger("edit.preferences");
    auto* dialog = window.find<QDialog>("preferencesDialog");
    auto* appearance = dialog->findChild<QComboBox*>("appearanceChoice");
    appearance->setCurrentIndex(appearance->findText("Dark"));
    auto* device = dialog->findChild<QComboBox*>("deviceChoice");
    device->setCurrentIndex(device->findText("CPU"));
    dialog->accept();
    QVERIFY(widgets::Theme::instance().isDark());
    QCOMPARE(window.settings().device(), compute::DeviceChoice::Cpu);
    QVERIFY(window.settle());
    QVERIFY(window->session().modelReady()); // loaded anew on the chosen device
    widgets::Theme::instance().apply(widgets::Appearance::Light);
}

void WindowFlow::theCacheIsShownLimitedAndCleared() {
    FlowWindow window;
    window.startOnExample();
    window.trigger("sizing.simulate");
    QVERIFY(window.settle());
    window.trigger("edit.preferences");
    auto* dialog = window.find<QDialog>("preferencesDialog");
    auto* facts = dialog->findChild<QLabel*>("cacheFacts");
    auto* clear = dialog->findChild<QPushButton*>("clearCache");
    QTRY_VERIFY2(facts->text().contains("1 result"), qPrintable(facts->text()));
    QVERIFY(clear->isEnabled());
    clear->click();
    QTRY_VERIFY2(facts->text().contains("0 result"), qPrintable(facts->text()));
    QVERIFY(!clear->isEnabled());
    dialog->findChild<QSpinBox*>("cacheMegabytes")->setValue(20);
    dialog->accept();
    QCOMPARE(window.settings().cacheMegabytes(), 20);
    QVERIFY(window.settle());
    QVERIFY(window->results().current() != nullptr); // explorations are in the same file, and stay
}

void WindowFlow::conditionsAreOneUndoStep() {
    FlowWindow window;
    window.startOnExample();
    window.trigger("sizing.conditions");
    auto* dialog = window.find<QDialog>("conditionsDialog");
    dialog->findChild<QLineEdit*>("supplyVoltage")->setText("a lot");
    QVERIFY(dialog->findChild<QLabel*>("conditionsProblem")->isVisible());
    dialog->findChild<QLineEdit*>("supplyVoltage")->setText("1.05 V");
    dialog->findChild<QLineEdit*>("temperature")->setText("85");
    dialog->accept();
    QCOMPARE(window->document().project().conditions.supplyVoltage, std::optional(1.05));
    QCOMPARE(window->document().project().conditions.temperature, std::optional(85.0));
    QCOMPARE(window->document().undoStack().count(), 1);
    window.trigger("sizing.simulate");
    QVERIFY(window.settle());
    QVERIFY2(window->results().current() != nullptr, qPrintable(window.notice()));
    QCOMPARE(window->results().current()->provenance.supplyVoltage, 1.05);
}

void WindowFlow::theStatusBarTellsWhatRunsWhere() {
    FlowWindow window;
    window.startOnExample();
    QCOMPARE(window.find<QLabel>("circuitStatus")->text(), "folded_cascode, 16 devices");
    QCOMPARE(window.find<QLabel>("technologyStatus")->text(), "freepdk45");
    QVERIFY(!window.find<QLabel>("deviceStatus")->text().isEmpty());
    QVERIFY(window.find<QLabel>("workersStatus")->text().contains("simulator"));
    window.trigger("sizing.simulate");
    QVERIFY(window.settle());
    QTRY_COMPARE(window.find<QLabel>("cacheStatus")->text(), "0 % of 1 from cache");
    QVERIFY(window.find<QLabel>("cacheStatus")->toolTip().contains("1 were run"));
}

void WindowFlow::exportsTheChosenSizing() {
    FlowWindow window;
    window.startOnExample();
    project::Project project = window->document().project();
    project.sampling.count = 6;
    window->document().edit("count", project);
    window.trigger("sizing.propose");
    QVERIFY(window.settle());
    const std::pair<const char*, const char*> exports[] = {{"export.netlist", "exportNetlistDialog"},
                                                           {"export.parameters", "exportParametersDialog"},
                                                           {"export.csv", "exportCsvDialog"},
                                                           {"export.json", "exportJsonDialog"}};
    for (const auto& [command, name] : exports) {
        window.trigger(command);
        auto* dialog = window.find<QFileDialog>(name);
        QVERIFY2(dialog != nullptr, name);
        const auto file = window.path(command);
        emit dialog->fileSelected(QString::fromStdString(file.string()));
        dialog->close();
        QVERIFY(window.settle());
        QVERIFY2(std::filesystem::file_size(file) > 100, command);
    }
    const auto sized = netlist::readNetlist(window.path("export.netlist"));
    QVERIFY(sized.has_value());
    const auto text = readFile(window.path("export.csv")).value();
    const auto sizing = netlist::readSizing(text, "export.csv");
    QVERIFY(sizing.has_value());
    for (const netlist::Assignment& assignment : *sizing) {
        const auto device = sized->circuit.findDevice(assignment.device);
        QVERIFY2(device, assignment.device.c_str());
        const auto number =
            sized->circuit.devices[static_cast<std::size_t>(*device)].number(assignment.parameter);
        QVERIFY(number && std::abs(*number - assignment.value) <= 1e-9 * std::abs(assignment.value));
    }
    window.trigger("export.pictures");
    emit window.find<QFileDialog>("exportPicturesDialog")
        ->fileSelected(QString::fromStdString(window.path("").parent_path().string()));
    QVERIFY(window.settle());
    QVERIFY(readFile(window.path("folded_cascode_widths.svg")).value().starts_with("<svg"));
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::WindowFlow)
#include "window_flow_test.moc"
