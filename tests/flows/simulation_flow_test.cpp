#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

#include <algorithm>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/session/shown_evaluation.h"
#include "app/shell/command_set.h"
#include "app/shell/dock_layout.h"
#include "app/simulation/simulation_job.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/simulation/curve_figures.h"
#include "widgets/simulation/simulation_view.h"
#include "widgets/simulation/sweep_form.h"
#include "widgets/simulation/sweep_page.h"

namespace headroom::app {

/// The Simulation panel in the window: what it simulates and when, one selection, sweeps that end in the
/// netlist.
class SimulationFlow : public QObject {
    Q_OBJECT

private:
    using View = widgets::SimulationView;

    static View* view(FlowWindow& window) { return window.find<View>("simulationPanel"); }
    /// Brings the panel into sight and waits for what it simulates.
    static bool open(FlowWindow& window) {
        window->layouts().raise("simulationPanel");
        return simulated(window);
    }
    static bool simulated(FlowWindow& window) {
        QTest::qWait(250); // it waits a moment for further changes
        return window.settle();
    }
    static std::optional<double> numberOf(FlowWindow& window, const char* device, const char* parameter) {
        const auto& circuit = window->session().circuit()->current->circuit;
        return circuit.devices[static_cast<std::size_t>(*circuit.findDevice(device))].number(parameter);
    }
    static void fillForm(FlowWindow& window, const char* owner, const char* parameter, const char* from,
                         const char* to, int points) {
        window.find<QComboBox>("sweepOwner")->setCurrentText(owner);
        window.find<QComboBox>("sweepParameter")->setCurrentText(parameter);
        window.find<QLineEdit>("sweepFrom")->setText(QString::fromUtf8(from));
        window.find<QLineEdit>("sweepTo")->setText(QString::fromUtf8(to));
        window.find<QSpinBox>("sweepPoints")->setValue(points);
    }

private slots:
    void simulatesWhenItComesIntoSight();
    void drawingAndPanelSayTheSame();
    void hasOneSelectionWithTheOtherPanels();
    void followsTheNetlistAndTheCandidate();
    void curvesAndPerformancesAgree();
    void sweepsASizeAndTakesAValueOver();
    void sweepsTheTemperature();
    void canBeCancelled();
    void saysWhyItCannotSimulate();
    void remembersHowItWasLeft();
    void positionsAreOnTheGrid();
};

void SimulationFlow::simulatesWhenItComesIntoSight() {
    FlowWindow window;
    QCOMPARE(view(window)->state(), widgets::Panel::State::Empty);
    window.startOnExample();
    QVERIFY(!view(window)->data().evaluation);
    QVERIFY(open(window));
    QCOMPARE(view(window)->state(), widgets::Panel::State::Content);
    QCOMPARE(window.find<QTableView>("simulationDevices")->model()->rowCount(), 15);
    const auto& performances = view(window)->data().evaluation->performances;
    QVERIFY(performances.at(simulation::Performance::GainDb) > 30);
    QVERIFY2(window.find<QLabel>("simulationCaption")->text().startsWith("Netlist as it stands"),
             qPrintable(window.find<QLabel>("simulationCaption")->text()));
    // Nothing changed: coming into sight again simulates nothing.
    const auto before = view(window)->data().evaluation;
    window->layouts().raise("sizingPanel");
    QVERIFY(open(window));
    QCOMPARE(view(window)->data().evaluation, before);
    window.trigger("simulation.run");
    QVERIFY(window.settle());
    QVERIFY(view(window)->data().evaluation != before);
}

void SimulationFlow::drawingAndPanelSayTheSame() {
    FlowWindow window;
    window.startOnExample();
    auto* summary = window.find<QLabel>("schematicSummary");
    QVERIFY(!summary->text().contains("as it stands"));
    QVERIFY(open(window));
    QVERIFY2(summary->text().contains("as it stands"), qPrintable(summary->text()));
    const auto circuit = window->session().circuit();
    const auto key =
        evaluationKey(*circuit, window->document().project().conditions, circuit->acceptedSizing);
    QCOMPARE(window->session().shown().of(key), view(window)->data().evaluation);
}

void SimulationFlow::hasOneSelectionWithTheOtherPanels() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    auto* table = window.find<QTableView>("simulationDevices");
    table->selectRow(2);
    const QStringList chosen = window->session().selection().devices();
    QCOMPARE(chosen, QStringList{"M3"});
    QCOMPARE(window.find<widgets::SchematicView>("schematicPanel")->selectedDevices(), chosen);
    QCOMPARE(window.find<widgets::NetlistView>("netlistPanel")->selectedDevices(), chosen);
    QCOMPARE(view(window)->sweepPage().form().variable()->devices, chosen);
    window->session().selection().select({"M7"}, nullptr);
    QCOMPARE(table->selectionModel()->selectedRows().front().data().toString(), QString("M7"));
}

void SimulationFlow::followsTheNetlistAndTheCandidate() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    const auto asDrawn = view(window)->data().evaluation;
    window.trigger("sizing.propose");
    QVERIFY(window.settle());
    QVERIFY(simulated(window));
    auto* caption = window.find<QLabel>("simulationCaption");
    QVERIFY2(caption->text().startsWith("Candidate"), qPrintable(caption->text()));
    QVERIFY(view(window)->data().evaluation != asDrawn);
    // The same sizing under the same conditions has the same performances, whoever asked.
    const auto& results = window->document().project().results;
    const auto& candidate = window->results().current()->exploration.candidates[*results->chosen];
    const auto& shown = view(window)->data().evaluation->performances;
    for (const auto& [performance, value] : candidate.evaluation.performances)
        QVERIFY(std::abs(shown.at(performance) - value) <= 1e-6 * std::abs(value) + 1e-12);
    window.trigger("sizing.accept");
    QVERIFY(window.settle());
    QVERIFY(simulated(window));
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    QVERIFY(simulated(window));
    QVERIFY2(caption->text().startsWith("Netlist"), qPrintable(caption->text()));
}

/// What is marked on the curves is what the table of performances says; the pages are kept to be looked at.
void SimulationFlow::curvesAndPerformancesAgree() {
    using simulation::Performance;
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    const auto evaluation = view(window)->data().evaluation;
    QVERIFY(evaluation->curves && evaluation->curves->gain && evaluation->curves->rising);
    const auto& performances = evaluation->performances;
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-3 * std::abs(b); };
    const auto bode = widgets::bodeCurves(*evaluation->curves->gain);
    QVERIFY(near(bode.transitFrequency.value(), performances.at(Performance::TransitFrequency)));
    QVERIFY(near(bode.phaseMargin.value(), performances.at(Performance::PhaseMargin)));
    const auto rising = widgets::settlingOf(*evaluation->curves->rising);
    const auto falling = widgets::settlingOf(*evaluation->curves->falling);
    QVERIFY(near(std::max(rising.time.value(), falling.time.value()),
                 performances.at(Performance::SettlingTime)));
    const auto range = widgets::joined(evaluation->curves->outputDown, evaluation->curves->outputUp);
    QVERIFY(range.positions.front() <= performances.at(Performance::VoutMin) + 1e-3);
    QVERIFY(range.positions.back() >= performances.at(Performance::VoutMax) - 1e-3);
    const QDir folder(HEADROOM_TEST_BINARY_DIR "/screenshots");
    QVERIFY(folder.mkpath("."));
    window.trigger("simulation.cursors");
    for (const char* page : {"performances", "frequency", "step", "ranges"}) {
        window.trigger(qPrintable(QString("simulation.%1").arg(page)));
        QTest::qWait(60);
        QVERIFY(window->grab().save(folder.filePath(QString("flow_simulation_%1.png").arg(page))));
    }
    fillForm(window, "M1, M2", "W", "4u", "16u", 13);
    window.trigger("simulation.sweep");
    QVERIFY(window.settle());
    QTest::qWait(60);
    QVERIFY(window->grab().save(folder.filePath("flow_simulation_sweep.png")));
}

void SimulationFlow::sweepsASizeAndTakesAValueOver() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    window.trigger("simulation.sweep_page");
    fillForm(window, "M1, M2", "W", "4u", "16u", 5);
    window.find<QPushButton>("sweepStart")->click();
    QVERIFY(window.find<QPushButton>("sweepStop")->isVisible());
    QVERIFY(window.settle());
    QVERIFY(!window.find<QPushButton>("sweepStop")->isVisible());
    auto& page = view(window)->sweepPage();
    QVERIFY(page.sweep());
    QCOMPARE(page.sweep()->done(), 5U);
    for (const auto& result : page.sweep()->results)
        QVERIFY2(result->ok(), result->error ? result->error->message.c_str() : "");
    // Wider input transistors have more transconductance: both of them moved.
    const auto& first = page.sweep()->results.front()->operatingPoint.devices;
    const auto& last = page.sweep()->results.back()->operatingPoint.devices;
    QVERIFY(last.at("M1").gm > first.at("M1").gm);
    QVERIFY(last.at("M2").gm > first.at("M2").gm);
    page.choosePoint(4);
    window.find<QPushButton>("sweepUse")->click();
    QVERIFY(window.settle());
    QCOMPARE(numberOf(window, "M1", "w").value(), 16e-6);
    QCOMPARE(numberOf(window, "M2", "w").value(), 16e-6);
    QVERIFY2(window->document().undoStack().undoText().contains("W of M1, M2"),
             qPrintable(window->document().undoStack().undoText()));
    QVERIFY(page.sweep()->variable.present.has_value());
    QCOMPARE(*page.sweep()->variable.present, 16e-6);
    QVERIFY(simulated(window));
    QCOMPARE(view(window)->data().evaluation->operatingPoint.devices.at("M1").gm, last.at("M1").gm);
    window->document().undoStack().undo();
    QVERIFY(window.settle());
    QCOMPARE(numberOf(window, "M1", "w").value(), 8e-6);
}

void SimulationFlow::sweepsTheTemperature() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    fillForm(window, "Conditions", "Temperature", "0", "100 \u00b0C", 3);
    window.trigger("simulation.sweep");
    QVERIFY(window.settle());
    auto& page = view(window)->sweepPage();
    QCOMPARE(page.sweep()->positions, (std::vector<double>{0, 50, 100}));
    QCOMPARE(page.sweep()->done(), 3U);
    page.choosePoint(2);
    window.find<QPushButton>("sweepUse")->click();
    QVERIFY(window.settle());
    QCOMPARE(window->document().project().conditions.temperature.value_or(0), 100.0);
    QVERIFY(simulated(window));
    QVERIFY2(view(window)->data().conditions.contains("100 \u00b0C"),
             qPrintable(view(window)->data().conditions));
    window->document().undoStack().undo();
    QVERIFY(!window->document().project().conditions.temperature);
    QVERIFY(window.settle());
}

void SimulationFlow::canBeCancelled() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    fillForm(window, "M1, M2", "W", "1u", "40u", 401);
    window.trigger("simulation.sweep");
    QVERIFY(window->commands().action("simulation.stop")->isEnabled());
    QTest::qWait(100);
    window.trigger("simulation.stop");
    QVERIFY(window.settle());
    QVERIFY(window.find<QLabel>("sweepStatus")->text().startsWith("Cancelled after"));
    QVERIFY(!window->commands().action("simulation.stop")->isEnabled());
}

void SimulationFlow::saysWhyItCannotSimulate() {
    FlowWindow window;
    window->layouts().raise("simulationPanel");
    const auto file = window.path("divider.sp");
    QVERIFY(writeFileAtomically(file, "* divider\nR1 a b 1k\nR2 b 0 1k\nV1 a 0 1\n.end\n"));
    window->projects().importNetlist(file);
    QVERIFY(window.settle());
    QCOMPARE(view(window)->state(), widgets::Panel::State::Error);
    QCOMPARE(view(window)->stateText().isEmpty(), false);
    QVERIFY(!window->commands().action("simulation.run")->isEnabled());
}

void SimulationFlow::remembersHowItWasLeft() {
    FlowWindow window;
    window.startOnExample();
    QVERIFY(open(window));
    window.trigger("simulation.frequency");
    window.trigger("simulation.cursors");
    fillForm(window, "M1, M2", "W", "4u", "12u", 7);
    FlowWindow next(window, Settings::Mode::Normal);
    QCOMPARE(view(next)->page(), View::Page::Frequency);
    QVERIFY(view(next)->cursorsVisible());
    next.startOnExample();
    const auto settings = view(next)->sweepPage().form().settings();
    QVERIFY(settings.has_value());
    QCOMPARE(settings->variable, QString("M1, M2 w"));
    QCOMPARE(settings->points, 7);
    QVERIFY(std::abs(settings->to - 12e-6) < 1e-12);
}

void SimulationFlow::positionsAreOnTheGrid() {
    FlowWindow window;
    window.startOnExample();
    const auto circuit = window->session().circuit();
    const auto variables = sweepVariables(*circuit, {}, {});
    const auto find = [&](const QString& id) {
        const auto found = std::find_if(variables.begin(), variables.end(),
                                        [&](const auto& each) { return each.id() == id; });
        return found == variables.end() ? widgets::SweepVariable{} : *found;
    };
    const auto width = find("M1, M2 w");
    QCOMPARE(width.present.value_or(0), 8e-6);
    const double grid = circuit->amplifier->technology.grid;
    for (const double w : sweepPositions(*circuit, width, {width.id(), 1.001e-6, 9.9e-6, 7, true}))
        QVERIFY(std::abs(w / grid - std::round(w / grid)) < 1e-6);
    // Far closer together than the grid: what is left is told apart.
    const auto few = sweepPositions(*circuit, width, {width.id(), 8e-6, 8e-6 + grid, 50, false});
    QCOMPARE(few.size(), 2U);
    const auto units = find("M1, M2 m");
    QCOMPARE(sweepPositions(*circuit, units, {units.id(), 1, 4, 7, false}),
             (std::vector<double>{1, 2, 3, 4}));
    QVERIFY(find("CL value").present.has_value());
    QVERIFY(find("Conditions corner").choices.size() > 1);
    // A mirror's devices share their length.
    QVERIFY(find("M3 l").devices.size() > 1);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::SimulationFlow)
#include "simulation_flow_test.moc"
