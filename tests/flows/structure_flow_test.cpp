#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QTextBrowser>
#include <QToolButton>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/session/session.h"
#include "app/structure/structure_controller.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/structure/blocks_view.h"
#include "widgets/structure/device_table_model.h"

namespace headroom::app {

/// What a designer does in the Blocks panel: reads why, corrects, compares, exports.
class StructureFlow : public QObject {
    Q_OBJECT

private:
    static void select(FlowWindow& window, const QString& device) {
        auto* table = window.find<QTableView>("blocksDevices");
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, 0);
            if (index.data(widgets::DeviceTableModel::DeviceRole).toString() == device) table->selectRow(row);
        }
    }
    static QAction* entry(FlowWindow& window, const QString& menu, const QString& title) {
        for (QAction* action : window.find<QTableView>("blocksDevices")->actions()) {
            if (!action->menu() || action->text() != menu) continue;
            for (QAction* each : action->menu()->actions())
                if (each->text() == title) return each;
        }
        return nullptr;
    }
    static structure::DeviceRole roleOf(FlowWindow& window, const char* device) {
        const auto circuit = window->session().circuit();
        const auto id = circuit->current->circuit.findDevice(device);
        return circuit->amplifier->structure.roles[static_cast<std::size_t>(*id)];
    }

private slots:
    void saysWhyADeviceIsWhatItIs();
    void correctionsAreKeptAndUndone();
    void comparesWithAnotherCircuit();
    void writesReports();
    void takesTheUsersOwnBlocks();
    void asksForASupply();
};

void StructureFlow::saysWhyADeviceIsWhatItIs() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(window.find<QLabel>("blocksSummary")->text().contains("folded cascode"));
    select(window, "M10");
    const QString why = window.find<QTextBrowser>("blocksDetail")->toPlainText();
    QVERIFY2(why.contains("Cascode current mirror"), qPrintable(why));
    QVERIFY2(why.contains("CascodePair fits too"), qPrintable(why));
    QVERIFY2(why.contains("Mirror image of M11"), qPrintable(why));
}

void StructureFlow::correctionsAreKeptAndUndone() {
    FlowWindow window;
    window.startOnExample();
    const structure::DeviceRole before = roleOf(window, "M6");
    select(window, "M6");
    auto* auxiliary = entry(window, "Function", "Auxiliary");
    QVERIFY(auxiliary != nullptr);
    auxiliary->trigger();
    QVERIFY(window.settle());
    QVERIFY(roleOf(window, "M6").function == structure::Function::Auxiliary);
    QVERIFY(roleOf(window, "M6").stage == before.stage);
    QVERIFY(QString::fromStdString(roleOf(window, "M6").reason).startsWith("Set by hand"));
    window->projects().saveTo(window.path("corrected"));
    QVERIFY(window.settle());
    const auto file = window.path("corrected") / project::projectFileName;
    const auto saved = project::parseProject(*readFile(file), file.string());
    QVERIFY(saved.has_value());
    QCOMPARE(saved->roleCorrections.size(), 1U);
    QCOMPARE(saved->roleCorrections.front().device, std::string("M6"));
    window->document().undoStack().undo();
    QVERIFY(window.settle());
    QVERIFY(roleOf(window, "M6").function == before.function);
    window->document().undoStack().redo();
    QVERIFY(window.settle());
    QVERIFY(roleOf(window, "M6").function == structure::Function::Auxiliary);
    select(window, "M6");
    window.find<QAction>("blocksDevices", "asRecognised")->trigger();
    QVERIFY(window.settle());
    QVERIFY(roleOf(window, "M6").function == before.function);
}

void StructureFlow::comparesWithAnotherCircuit() {
    FlowWindow window;
    window.startOnExample();
    auto* controller = window->findChild<StructureController*>();
    QVERIFY(controller != nullptr);
    controller->compareWith(QString::fromStdString((FlowWindow::resources() / "examples/miller.sp").string()));
    QVERIFY(window.settle());
    auto* stages = window.find<QTableWidget>("comparisonStages");
    QVERIFY(stages != nullptr);
    QCOMPARE(stages->item(0, 2)->text(), QString("folded cascode"));
    QCOMPARE(stages->item(0, 3)->text(), QString("simple"));
    QVERIFY(window.find<QTableWidget>("comparisonDevices")->rowCount() > 0);
    controller->compareWith("/nonexistent.sp");
    QVERIFY(window.settle());
    QVERIFY(window.notice().contains("nonexistent"));
}

void StructureFlow::writesReports() {
    FlowWindow window;
    window.startOnExample();
    auto* controller = window->findChild<StructureController*>();
    const auto write = [&](const char* name, const QString& filter) {
        const auto path = window.path(name);
        controller->writeReport(QString::fromStdString(path.string()), filter);
        return window.settle() ? readFile(path).value_or(std::string()) : std::string();
    };
    QVERIFY(write("blocks.svg", {}).find("Transconductance") != std::string::npos);
    QVERIFY(write("blocks.pdf", {}).starts_with("%PDF"));
    QVERIFY(write("blocks.json", {}).find("\"lost_matches\"") != std::string::npos);
    QVERIFY(write("align.json", StructureController::tr("ALIGN constraints (*.json)"))
                .find("SymmetricBlocks") != std::string::npos);
    QVERIFY(write("blocks.sym", {}).find("M1 M2") != std::string::npos);
}

void StructureFlow::takesTheUsersOwnBlocks() {
    FlowWindow window;
    const auto file = window.path("settings") / "blocks.yaml";
    QVERIFY(writeFileAtomically(file, "format_version: 1\nblocks:\n"
                                      "  - type: LoneTail\n    level: 2\n    meaning: a tail source\n"
                                      "    parts: {source: {drain: tail, gate: bias, source: rail}}\n"
                                      "    nets: {tail: [tail], rail: [rail]}\n    pins: {Tail: tail}\n"));
    QCOMPARE(window.settings().blockLibraryFile().isEmpty(), false);
    window.startOnExample();
    const auto& blocks = window->session().circuit()->amplifier->structure.blocks;
    QVERIFY(std::any_of(blocks.begin(), blocks.end(), [](const auto& each) { return each.type == "LoneTail"; }));
    QVERIFY(writeFileAtomically(file, "format_version: 1\nblocks: 3\n"));
    window->projects().importNetlist(FlowWindow::resources() / "examples/miller.sp");
    QVERIFY(window.settle());
    QVERIFY2(window.notice().contains("blocks.yaml:2"), qPrintable(window.notice()));
    QVERIFY(!window->session().circuit()->amplifier->structure.blocks.empty());
}

void StructureFlow::asksForASupply() {
    FlowWindow window;
    const auto file = window.path("ota.sp");
    // The upper rail is an ordinary net by its name, and a transistor's gate stands on it.
    QVERIFY(writeFileAtomically(file, "* ota\n.subckt ota p n out vb gnd\nM1 a n t gnd nch w=1u l=1u\n"
                                      "M2 out p t gnd nch w=1u l=1u\nM3 a a top top pch w=1u l=1u\n"
                                      "M4 out a top top pch w=1u l=1u\nM5 t vb gnd gnd nch w=1u l=1u\n.ends\n"));
    window->projects().importNetlist(file);
    QVERIFY(window.settle());
    QVERIFY(!window->session().circuit()->amplifier->structure.ports);
    auto* button = window.find<QPushButton>("blocksSupply");
    QVERIFY(!button->isHidden());
    QVERIFY(button->text().contains("top"));
    button->click();
    QVERIFY(window.settle());
    QVERIFY(window->session().circuit()->amplifier->structure.ports);
    QVERIFY(button->isHidden());
    window->document().undoStack().undo();
    QVERIFY(window.settle());
    QVERIFY(!window->session().circuit()->amplifier->structure.ports);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::StructureFlow)
#include "structure_flow_test.moc"
