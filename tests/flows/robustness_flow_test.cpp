#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeView>
#include <QUrl>

#include <csignal>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/sizing/exploration_controller.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::app {

/// Bad input: one clear sentence each, the session lives on, nothing is lost.
class RobustnessFlow : public QObject {
    Q_OBJECT

private slots:
    void aNetlistThatIsNoneKeepsTheFormerOne();
    void aNetlistIsImportedByDropping();
    void importingCanBeUndone();
    void oneOfTwoCellsIsChosen();
    void aCircuitThatIsNoAmplifierIsShownWithTheReason();
    void anUnknownModelIsNamed();
    void anOwnModelCardIsSaidToGiveWay();
    void aFloatingNetIsNamedWithItsPlace();
    void anAmplifierThatDoesNotBiasUpSaysSo();
    void killedSimulatorsCostNothing();
    void missingWeightsOfferTraining();
    void damagedWeightsOfferTraining();
    void aBrokenLayoutDoesNotBlockTheStart();
    void aTechnologyThatIsGoneDoesNotBlockTheStart();
    void safeModeStartsWithoutSavedThings();
    void aMissingExampleLeavesAnEmptyProject();
    void closingWhileAJobRuns();
};

namespace {

/// Imports the Miller example with one piece of its text replaced.
void importMiller(FlowWindow& window, const std::string& before, const std::string& after) {
    std::string text = readFile(MainWindow::examplePath().parent_path() / "miller.sp").value();
    const auto at = text.find(before);
    QVERIFY(at != std::string::npos);
    text.replace(at, before.size(), after);
    QVERIFY(writeFileAtomically(window.path("changed.sp"), text));
    window->projects().importNetlist(window.path("changed.sp"));
    QVERIFY(window.settle());
}

/// Kills this process's simulators. @return how many
int killSimulators() {
    int killed = 0;
    const QDir processes("/proc");
    const QByteArray parent = QByteArray::number(QCoreApplication::applicationPid());
    for (const QString& id : processes.entryList({"[0-9]*"}, QDir::Dirs)) {
        QFile file(processes.filePath(id + "/stat"));
        if (!file.open(QIODevice::ReadOnly)) continue;
        // pid (name) state parent ...
        const QByteArray line = file.readAll();
        const auto afterName = line.mid(line.lastIndexOf(')') + 2).split(' ');
        if (!line.contains("(headroom-simul") || afterName.value(1) != parent) continue;
        if (::kill(id.toInt(), SIGKILL) == 0) ++killed;
    }
    return killed;
}

} // namespace

void RobustnessFlow::aNetlistThatIsNoneKeepsTheFormerOne() {
    FlowWindow window;
    window.startOnExample();
    const auto circuit = window->session().circuit();
    const auto before = window->document().project();
    QVERIFY(writeFileAtomically(window.path("bad.sp"), "* nothing\nM1 a b\n.end\n"));
    for (const char* name : {"bad.sp", "missing.sp"}) {
        window->projects().importNetlist(window.path(name));
        QVERIFY(window.settle());
        QVERIFY2(!window.notice().isEmpty(), name);
        QVERIFY2(!window.notice().contains('\n'), qPrintable(window.notice()));
        QVERIFY(window->document().project() == before);
        QVERIFY(window->session().circuit() == circuit);
    }
}

void RobustnessFlow::aNetlistIsImportedByDropping() {
    FlowWindow window;
    window.startOnExample();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(
        QString::fromStdString((MainWindow::examplePath().parent_path() / "miller.sp").string()))});
    QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&*window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&*window, &drop);
    QVERIFY(window.settle());
    QVERIFY2(window->document().displayName() == "miller", qPrintable(window.notice()));
    // It can be shown, but nothing is known of what it can reach.
    auto* sizing = window.find<widgets::SizingView>("sizingPanel");
    QVERIFY2(sizing->stateText().contains("data set"), qPrintable(sizing->stateText()));
    QVERIFY(window.find<widgets::SpecificationView>("specificationPanel")->stateText().contains("data set"));
}

void RobustnessFlow::importingCanBeUndone() {
    FlowWindow window;
    window.startOnExample();
    const auto before = window->document().project();
    window->projects().importNetlist(MainWindow::examplePath().parent_path() / "miller.sp");
    QVERIFY(window.settle());
    QVERIFY(window->document().project().specification.targets.empty());
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    QVERIFY(window->document().project() == before);
    QVERIFY(window->session().modelReady());
    QVERIFY(window->exploration().canPropose());
}

void RobustnessFlow::oneOfTwoCellsIsChosen() {
    FlowWindow window;
    window.startOnExample();
    auto* choice = window.find<QComboBox>("netlistCell");
    QVERIFY(choice->isHidden());
    QVERIFY(writeFileAtomically(window.path("two.sp"),
                                "* two cells\n"
                                ".subckt first x y vdd\nM1 x y vdd vdd pmos W=1u L=1u\n"
                                "R1 x y 1k\n.ends\n"
                                ".subckt second x y vss\nM1 x y vss vss nmos W=1u L=1u\n"
                                ".ends\n"));
    window->projects().importNetlist(window.path("two.sp"));
    QVERIFY(window.settle());
    const auto cell = [&] { return window->session().circuit()->current->circuit.name; };
    QCOMPARE(cell(), std::string("second"));
    QVERIFY(!choice->isHidden());
    QCOMPARE(choice->count(), 2);
    QCOMPARE(choice->currentData().toString(), QString("second"));
    const std::string origin = window->document().project().netlist->origin;
    emit choice->activated(choice->findData("first"));
    QVERIFY(window.settle());
    QCOMPARE(cell(), std::string("first"));
    QCOMPARE(choice->currentData().toString(), QString("first"));
    QCOMPARE(window->document().project().netlist->origin, origin);
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    QCOMPARE(cell(), std::string("second"));
}

void RobustnessFlow::aCircuitThatIsNoAmplifierIsShownWithTheReason() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(writeFileAtomically(window.path("divider.sp"), "* divider\nR1 in out 1k\nR2 out 0 1k\n.end\n"));
    window->projects().importNetlist(window.path("divider.sp"));
    QVERIFY(window.settle());
    QVERIFY(window.find<QPlainTextEdit>("netlistText")->toPlainText().contains("R1 in out 1k"));
    const auto* sizing = window.find<widgets::SizingView>("sizingPanel");
    QCOMPARE(sizing->state(), widgets::Panel::State::Error);
    QVERIFY(!sizing->stateText().isEmpty());
    QVERIFY(!window->exploration().canSimulate());
}

void RobustnessFlow::anUnknownModelIsNamed() {
    FlowWindow window;
    window.startOnExample();
    std::string text = readFile(MainWindow::examplePath()).value();
    const auto model = text.find("NMOS_VTG");
    QVERIFY(model != std::string::npos);
    text.replace(model, 8, "NMOS_XYZ");
    QVERIFY(writeFileAtomically(window.path("odd.sp"), text));
    window->projects().importNetlist(window.path("odd.sp"));
    QVERIFY(window.settle());
    // Shown in any case; where a model is not known, the reason names it.
    QVERIFY(window.find<QPlainTextEdit>("netlistText")->toPlainText().contains("NMOS_XYZ"));
    if (!window->exploration().canSimulate()) {
        const auto* sizing = window.find<widgets::SizingView>("sizingPanel");
        QVERIFY2(sizing->stateText().contains("NMOS_XYZ"), qPrintable(sizing->stateText()));
    }
}

void RobustnessFlow::anOwnModelCardIsSaidToGiveWay() {
    FlowWindow window;
    importMiller(window, ".subckt", ".model NMOS_VTG nmos level=1 vto=0.4\n.subckt");
    const auto* findings = window->findChild<QTreeView*>(QStringLiteral("netlistFindings"));
    QVERIFY(findings != nullptr);
    QCOMPARE(findings->model()->rowCount(), 1);
    QString row;
    for (int column = 0; column < findings->model()->columnCount(); ++column)
        row += findings->model()->index(0, column).data().toString() + QLatin1Char(' ');
    QVERIFY2(row.contains(QStringLiteral("own card of model NMOS_VTG is not used")), qPrintable(row));
    QVERIFY2(row.startsWith(QStringLiteral("Warning 6 ")), qPrintable(row));
}

void RobustnessFlow::aFloatingNetIsNamedWithItsPlace() {
    FlowWindow window;
    window.startOnExample();
    importMiller(window, "CL out ", "CL lost");
    window.trigger("sizing.simulate");
    QVERIFY(window.settle());
    const QString told = window.notice() + window.find<widgets::SizingView>("sizingPanel")->stateText();
    QVERIFY2(told.contains("lost") && told.contains("CL"), qPrintable(told));
    QVERIFY(!window->session().circuit()->amplifier->netlist.circuit.devices.empty());
}

void RobustnessFlow::anAmplifierThatDoesNotBiasUpSaysSo() {
    FlowWindow window;
    window.startOnExample();
    importMiller(window, "W=16u", "W=0.1u");
    window.trigger("sizing.simulate");
    QVERIFY(window.settle());
    const QString told = window.notice() + window.find<widgets::SizingView>("sizingPanel")->stateText();
    QVERIFY2(told.contains("does not bias up"), qPrintable(told));
    QVERIFY(window->exploration().canSimulate());
}

void RobustnessFlow::killedSimulatorsCostNothing() {
    FlowWindow window;
    window.startOnExample();
    window.trigger("sizing.propose");
    // QTRY_VERIFY asks once more after the answer it waits for, and two deaths in a row are one too many.
    int killed = 0;
    QTRY_VERIFY(killed > 0 || (killed = killSimulators()) > 0);
    QVERIFY(window.settle());
    const auto stored = window->results().current();
    QVERIFY(stored != nullptr);
    for (const sizing::Candidate& candidate : stored->exploration.candidates) {
        // What fails, fails by itself: no trace of the dead workers.
        const auto& error = candidate.evaluation.error;
        QVERIFY2(!error || error->code == ErrorCode::Infeasible, error ? error->message.c_str() : "");
        QVERIFY(error || !candidate.evaluation.performances.empty());
    }
}

void RobustnessFlow::missingWeightsOfferTraining() {
    const FlowWindow::OwnResources own;
    std::filesystem::remove(own.model() / "weights.safetensors");
    FlowWindow window;
    window.startOnExample();
    QVERIFY(window->session().modelProblem());
    QVERIFY(!window->exploration().canPropose());
    const auto* sizing = window.find<widgets::SizingView>("sizingPanel");
    QVERIFY2(sizing->stateText().contains("missing"), qPrintable(sizing->stateText()));
    // The specification is there all the same, and the button leads to training.
    QCOMPARE(window->document().project().specification.targets.size(), 10U);
    auto* button = window.find<QPushButton>("sizingPanel", "stateAction");
    QVERIFY(button != nullptr && button->isVisible());
    button->click();
    QTRY_VERIFY(window.find<QDialog>("trainingDialog") != nullptr);
}

void RobustnessFlow::damagedWeightsOfferTraining() {
    const FlowWindow::OwnResources own;
    std::string weights = readFile(own.model() / "weights.safetensors").value();
    weights[weights.size() / 2] = static_cast<char>(weights[weights.size() / 2] ^ 0x5a);
    QVERIFY(writeFileAtomically(own.model() / "weights.safetensors", weights));
    FlowWindow window;
    window.startOnExample();
    QVERIFY(window->session().modelProblem());
    QCOMPARE(window->session().modelProblem()->code, ErrorCode::Corrupt);
    const auto* sizing = window.find<widgets::SizingView>("sizingPanel");
    QCOMPARE(sizing->state(), widgets::Panel::State::Error);
    window.trigger("sizing.simulate"); // everything else works
    QVERIFY(window.settle());
    QVERIFY(window->results().current() != nullptr);
}

void RobustnessFlow::aBrokenLayoutDoesNotBlockTheStart() {
    FlowWindow window;
    window.settings().saveWindow("not a geometry", QByteArray(1000, '\x7f'));
    window.settings().sync();
    FlowWindow next(window, Settings::Mode::Normal);
    QVERIFY(next->isVisible());
    QVERIFY(next.find<QWidget>("sizingPanel")->isVisible());
}

void RobustnessFlow::aTechnologyThatIsGoneDoesNotBlockTheStart() {
    FlowWindow window;
    window.settings().setTechnology("no such technology");
    window.startOnExample();
    QVERIFY2(window.notice().contains("no such technology"), qPrintable(window.notice()));
    QCOMPARE(window->document().project().technology, std::string("freepdk45"));
    QVERIFY(window->exploration().canPropose());
}

void RobustnessFlow::safeModeStartsWithoutSavedThings() {
    FlowWindow window;
    window.settings().setAppearance(widgets::Appearance::Dark);
    window.settings().setTechnology("no such technology");
    window.settings().sync();
    FlowWindow safe(window, Settings::Mode::Safe);
    safe.startOnExample();
    QCOMPARE(safe.settings().appearance(), widgets::Appearance::System);
    QVERIFY(safe->exploration().canPropose());
}

void RobustnessFlow::aMissingExampleLeavesAnEmptyProject() {
    FlowWindow window;
    window->start(window.path("nowhere.sp"));
    QVERIFY(window.settle());
    QVERIFY(!window.notice().isEmpty());
    QVERIFY(window->document().isUntitled());
    QVERIFY(window->document().lock() != nullptr);
    const auto* sizing = window.find<widgets::SizingView>("sizingPanel");
    QVERIFY2(sizing->stateText().contains("Import"), qPrintable(sizing->stateText()));
}

void RobustnessFlow::closingWhileAJobRuns() {
    FlowWindow window;
    window.startOnExample();
    window.trigger("sizing.propose");
    QTest::qWait(100);
    QVERIFY(window->close());
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::RobustnessFlow)
#include "robustness_flow_test.moc"
