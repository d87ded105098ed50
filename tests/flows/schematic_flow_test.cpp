#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QTableView>
#include <QTest>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/shell/command_set.h"
#include "app/shell/dock_layout.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/schematic/schematic_canvas.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/structure/blocks_view.h"

namespace headroom::app {

/// The drawing in the window: one selection, devices that are dragged and stay, files.
class SchematicFlow : public QObject {
    Q_OBJECT

private:
    static widgets::SchematicView* view(FlowWindow& window) {
        return window.find<widgets::SchematicView>("schematicPanel");
    }
    static netlist::DeviceId idOf(FlowWindow& window, const char* device) {
        return *window->session().circuit()->current->circuit.findDevice(device);
    }
    static void drag(FlowWindow& window, const char* device, int unitsRight) {
        auto& canvas = view(window)->canvas();
        canvas.fit();
        const QPoint from = canvas.placeOf(idOf(window, device))->toPoint();
        const QPoint to = from + QPoint(static_cast<int>(std::lround(canvas.scale() * unitsRight)), 0);
        QTest::mousePress(&canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(&canvas, to);
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, to);
    }

private slots:
    void showsTheCircuit();
    void hasOneSelectionWithTheOtherPanels();
    void draggedDevicesStayAndCanBeUndone();
    void showsSizesAndValuesOfTheChosenCandidate();
    void writesTheDrawing();
};

void SchematicFlow::showsTheCircuit() {
    FlowWindow window;
    QCOMPARE(view(window)->state(), widgets::Panel::State::Empty);
    QVERIFY(!window->commands().action("export.schematic")->isEnabled());
    window.startOnExample();
    QCOMPARE(view(window)->state(), widgets::Panel::State::Content);
    QVERIFY(window.find<QLabel>("schematicSummary")->text().startsWith("16"));
    QVERIFY(window->commands().action("export.schematic")->isEnabled());
}

void SchematicFlow::hasOneSelectionWithTheOtherPanels() {
    FlowWindow window;
    window.startOnExample();
    window->layouts().raise("schematicPanel");
    auto& canvas = view(window)->canvas();
    canvas.fit();
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.placeOf(idOf(window, "M3"))->toPoint());
    auto* netlist = window.find<widgets::NetlistView>("netlistPanel");
    QCOMPARE(netlist->selectedDevices(), QStringList{"M3"});
    QCOMPARE(window->session().selection().devices(), QStringList{"M3"});
    auto* table = window.find<QTableView>("blocksDevices");
    QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
    table->selectRow(0); // the user clicks a row
    const QStringList chosen = window->session().selection().devices();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(view(window)->selectedDevices(), chosen);
    QCOMPARE(netlist->selectedDevices(), chosen);
}

void SchematicFlow::draggedDevicesStayAndCanBeUndone() {
    FlowWindow window;
    window.startOnExample();
    window->layouts().raise("schematicPanel");
    const QString before = QString::fromStdString(project::writeProject(window->document().project()));
    drag(window, "CL", 5);
    QVERIFY(window.settle());
    QCOMPARE(window->document().project().devicePositions.size(), 1U);
    const auto position = window->document().project().devicePositions.front();
    QCOMPARE(position.device, std::string("CL"));
    window->projects().saveTo(window.path("moved"));
    QVERIFY(window.settle());
    window->document().undoStack().undo();
    QVERIFY(window.settle());
    QCOMPARE(QString::fromStdString(project::writeProject(window->document().project())), before);
    const auto file = window.path("moved") / project::projectFileName;
    const auto saved = project::parseProject(*readFile(file), file.string());
    QVERIFY(saved.has_value());
    QCOMPARE(saved->devicePositions.size(), 1U);
    QVERIFY(saved->devicePositions.front() == position);
    window->document().undoStack().redo();
    QVERIFY(window.settle());
    QCOMPARE(window->document().project().devicePositions.size(), 1U);
    view(window)->findChild<QAction*>("schematicReset")->trigger();
    QVERIFY(window->document().project().devicePositions.empty());
    QVERIFY(window.settle());
}

void SchematicFlow::showsSizesAndValuesOfTheChosenCandidate() {
    FlowWindow window;
    window.startOnExample();
    const auto sizeOf = [&] {
        const auto drawing = view(window)->drawing();
        return QString::fromStdString(drawing->symbolOf(idOf(window, "M1"))->texts.at(1).text);
    };
    const QString drawn = sizeOf();
    window.trigger("sizing.propose");
    QVERIFY(window.settle());
    QVERIFY(window->document().project().results->chosen.has_value());
    const QString summary = window.find<QLabel>("schematicSummary")->text();
    QVERIFY2(summary.contains("candidate"), qPrintable(summary));
    QVERIFY(sizeOf() != drawn);
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    QCOMPARE(sizeOf(), drawn);
}

void SchematicFlow::writesTheDrawing() {
    FlowWindow window;
    window.startOnExample();
    for (const char* suffix : {"svg", "pdf", "sch"}) {
        const auto file = window.path("drawing").string() + "." + suffix;
        window.trigger("export.schematic");
        auto* dialog = window.find<QFileDialog>("exportDrawingDialog");
        QVERIFY(dialog != nullptr);
        emit dialog->fileSelected(QString::fromStdString(file));
        dialog->close();
        QVERIFY(window.settle());
        QVERIFY2(std::filesystem::file_size(file) > 1000, suffix);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::SchematicFlow)
#include "schematic_flow_test.moc"
