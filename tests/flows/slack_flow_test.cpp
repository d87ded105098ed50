#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QTest>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/selection.h"
#include "app/session/session.h"
#include "app/session/shared_pool.h"
#include "app/shell/command_set.h"
#include "app/sizing/exploration_controller.h"
#include "tests/flows/flow_window.h"
#include "widgets/common/plot_view.h"
#include "widgets/robustness/robustness_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/slack/slack_model.h"
#include "widgets/slack/slack_view.h"

namespace headroom::app {

/// From the netlist as it is to its slack, through it, and back into the netlist.
class SlackFlow : public QObject {
    Q_OBJECT

private slots:
    void saysWhatIsMissing();
    void findsMovesAndUsesSlack();
    void saysWhyThereIsNone();
    void stopsOnRequest();
    void keepsWhatWasFoundWithTheProject();
    void assessesRobustness();
    void findsASizingThatHoldsAtAllCorners();
};

namespace {

widgets::SlackView* viewOf(FlowWindow& window) {
    return window.find<widgets::SlackView>("slackPanel");
}

} // namespace

void SlackFlow::saysWhatIsMissing() {
    FlowWindow window;
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Empty);
    QVERIFY(viewOf(window)->stateText().contains("Import"));
    QVERIFY(!window->commands().action("sizing.slack")->isEnabled());
    window.startOnExample();
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Content);
    QVERIFY(window.find<QLabel>("slackSummary")->text().contains("netlist as it stands"));
    QVERIFY(window->commands().action("sizing.slack")->isEnabled());
    QVERIFY(!window.find<QAction>("schematicTolerances")->isEnabled());
}

void SlackFlow::findsMovesAndUsesSlack() {
    FlowWindow window;
    window.startOnExample();
    window.find<QComboBox>("slackHeld")->setCurrentIndex(1); // what it achieves
    window.trigger("sizing.slack");
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Busy);
    QVERIFY(window.settle(300000));
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Content);
    const std::size_t sizes = window->session().circuit()->space->size();
    auto* table = window.find<QTableView>("slackTable");
    QCOMPARE(static_cast<std::size_t>(table->model()->rowCount()), sizes);
    QVERIFY(window.find<QLabel>("slackSummary")->text().contains("what it achieves within 5 %"));

    // Beside the devices on the drawing.
    auto* schematic = window.find<widgets::SchematicView>("schematicPanel");
    const auto& circuit = window->session().circuit()->current->circuit;
    QCOMPARE(schematic->shownAnnotation().devices.at(*circuit.findDevice("M1")).bars.size(), std::size_t{2});
    window.find<QAction>("schematicTolerances")->trigger();
    QVERIFY(schematic->shownAnnotation().devices.empty());
    window.find<QAction>("schematicTolerances")->trigger();

    // One selection with the other panels.
    table->selectRow(1);
    QVERIFY(!window->session().selection().devices().isEmpty());

    // One size moves, the others follow; simulated once it rests.
    auto* slider = window.find<QSlider>("slackSlider");
    slider->setValue(slider->maximum() * 6 / 10);
    auto* performances = window.find<QTableWidget>("slackPerformances");
    QVERIFY(performances->rowCount() > 0);
    QVERIFY(!performances->item(0, 2)->text().isEmpty());
    QVERIFY(!table->model()->index(1, widgets::SlackModel::Moved).data().toString().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!performances->item(0, 3)->text().isEmpty(), 30000);

    // Into the netlist and back.
    const auto before = window->document().project().acceptedSizing;
    window.find<QPushButton>("slackUse")->click();
    QVERIFY(window.settle());
    QVERIFY(window->document().project().acceptedSizing != before);
    QVERIFY(window->document().undoStack().undoText().startsWith("Move "));
    QVERIFY(window.find<QLabel>("slackSummary")->text().contains("on show now"));
    QVERIFY(!window.find<QAction>("schematicTolerances")->isEnabled());
    window->document().undoStack().undo();
    QVERIFY(window.settle());
    QVERIFY(window->document().project().acceptedSizing == before);
    QVERIFY(window.find<QAction>("schematicTolerances")->isEnabled());

    // How the panel was left is remembered.
    FlowWindow next(window, Settings::Mode::Normal);
    QCOMPARE(viewOf(next)->held(), widgets::SlackView::Held::OwnPerformances);
}

void SlackFlow::saysWhyThereIsNone() {
    FlowWindow window;
    window.startOnExample();
    project::Project project = window->document().project();
    for (project::Target& target : project.specification.targets)
        if (target.performance == simulation::Performance::GainDb) target.value = 500;
    window->document().edit("too much", project);
    window.trigger("sizing.slack");
    QVERIFY(window.settle());
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Error);
    QVERIFY(viewOf(window)->stateText().startsWith("The sizing does not hold the specification ("));
    QVERIFY(window.find<QDoubleSpinBox>("slackTolerance")->isVisibleTo(viewOf(window)));
}

void SlackFlow::stopsOnRequest() {
    FlowWindow window;
    window.startOnExample();
    window.find<QComboBox>("slackHeld")->setCurrentIndex(1);
    window.trigger("sizing.slack");
    QTest::qWait(300);
    emit viewOf(window)->cancelRequested();
    QVERIFY(window.settle());
    QCOMPARE(viewOf(window)->state(), widgets::Panel::State::Content);
    QVERIFY(window.find<QLabel>("slackSummary")->text().contains("not been looked for"));
}

void SlackFlow::keepsWhatWasFoundWithTheProject() {
    auto first = std::make_unique<FlowWindow>();
    FlowWindow& window = *first;
    window.startOnExample();
    window.find<QComboBox>("slackHeld")->setCurrentIndex(1);
    window.find<QSpinBox>("robustnessDraws")->setValue(40);
    window.find<QCheckBox>("robustnessCorners")->setChecked(false);
    window.trigger("sizing.slack");
    window.trigger("sizing.robustness");
    QVERIFY(window.settle(300000));
    const QString slack = window.find<QLabel>("slackSummary")->text();
    const QString yield = window.find<QLabel>("robustnessYield")->text();
    QVERIFY(yield.contains("of 40 draws"));
    const auto textAt = [](FlowWindow& of, int row, int column) {
        return of.find<QTableView>("slackTable")->model()->index(row, column).data().toString();
    };
    const QString alone = textAt(window, 1, 2);
    const auto folder = window.path("kept");
    window->projects().saveTo(folder);
    QVERIFY(window.settle());

    FlowWindow next(window, Settings::Mode::Normal);
    first.reset();
    next.open(folder);
    QCOMPARE(next.find<QLabel>("slackSummary")->text(), slack);
    QCOMPARE(textAt(next, 1, 2), alone);
    QCOMPARE(next.find<QLabel>("robustnessYield")->text(), yield);
    // It can be walked through as before.
    next.find<QTableView>("slackTable")->selectRow(1);
    auto* slider = next.find<QSlider>("slackSlider");
    slider->setValue(slider->maximum() * 6 / 10);
    QVERIFY(!next.find<QTableWidget>("slackPerformances")->item(0, 2)->text().isEmpty());
}

void SlackFlow::assessesRobustness() {
    FlowWindow window;
    auto* view = window.find<widgets::RobustnessView>("robustnessPanel");
    QCOMPARE(view->state(), widgets::Panel::State::Empty);
    QVERIFY(!window->commands().action("sizing.robustness")->isEnabled());
    window.startOnExample();
    QVERIFY(window->commands().action("sizing.robustness")->isEnabled());
    window.find<QSpinBox>("robustnessDraws")->setValue(40);
    window.trigger("sizing.robustness");
    QCOMPARE(view->state(), widgets::Panel::State::Busy);
    QVERIFY(window.settle(300000));
    QCOMPARE(view->state(), widgets::Panel::State::Content);
    auto* worst = window.find<QTableWidget>("robustnessWorst");
    QCOMPARE(worst->rowCount(), 11); // the specification's and the offset
    const auto corners = window->session().circuit()->amplifier->technology.corners.size();
    QCOMPARE(static_cast<std::size_t>(window.find<QTableWidget>("robustnessPlaces")->rowCount()),
             9 * corners);
    QVERIFY(window.find<QLabel>("robustnessYield")->text().contains("of 40 draws"));
    QVERIFY(window.find<widgets::PlotView>("robustnessHistogram")->binCount() >= 5);

    // The specification's rows choose among the corners that were looked at.
    auto* specification = window.find<QTableView>("specificationTable");
    const auto cell = [&](int column) { return specification->model()->index(0, column).data().toString(); };
    const auto column = [&](const QString& title) {
        for (int index = 0; index < specification->model()->columnCount(); ++index)
            if (specification->model()->headerData(index, Qt::Horizontal).toString() == title) return index;
        return -1;
    };
    QVERIFY(!specification->isColumnHidden(column("Corners")));
    const QString everywhere = cell(column("Corners"));
    auto* menu = window.find<QMenu>("specificationCorners");
    specification->setCurrentIndex(specification->model()->index(0, 0));
    const auto untick = [&](const std::string& corner) {
        emit menu->aboutToShow();
        for (QAction* action : menu->actions())
            if (action->text().toStdString() == corner) action->trigger();
    };
    const auto names = window->session().circuit()->amplifier->technology.corners;
    for (std::size_t corner = 1; corner < names.size(); ++corner)
        untick(names[corner]);
    const auto& target = window->document().project().specification.targets[0];
    QCOMPARE(target.corners, (std::vector<std::string>{names[0]}));
    QVERIFY(cell(column("Corners")).endsWith(QString::fromStdString(" of " + names[0])));
    QVERIFY(!cell(column("Corners")).startsWith(everywhere + " of")); // the worst was at another corner
    window.trigger("sizing.robustness");
    QVERIFY(window.settle(300000));
    QVERIFY2(worst->item(0, 1)->text().contains(QString::fromStdString("(" + names[0] + ")")),
             qPrintable(worst->item(0, 1)->text()));
    QVERIFY(worst->item(0, 3)->text().startsWith(QString::fromStdString(names[0])));

    // Nothing drawn and no corners: nothing to assess.
    window.find<QSpinBox>("robustnessDraws")->setValue(0);
    window.find<QCheckBox>("robustnessCorners")->setChecked(false);
    QVERIFY(!window->commands().action("sizing.robustness")->isEnabled());
    FlowWindow next(window, Settings::Mode::Normal);
    QCOMPARE(next.find<QSpinBox>("robustnessDraws")->value(), 0);
}

void SlackFlow::findsASizingThatHoldsAtAllCorners() {
    FlowWindow window;
    QVERIFY(!window->commands().action("sizing.harden")->isEnabled());
    window.startOnExample();
    // The best of the data set leave no room for corners; half as much does.
    project::Project project = window->document().project();
    for (project::Target& target : project.specification.targets) {
        const auto reached = target.requirement();
        target.take(sizing::loosened(reached, 0.5, window->session().pool()->supplyVoltage()));
    }
    window->document().edit("loosen", project);
    window.trigger("sizing.harden");
    QVERIFY(window->exploration().isRunning());
    QVERIFY(window.settle(300000));
    QVERIFY2(window.notice().isEmpty(), qPrintable(window.notice()));
    const auto stored = window->results().current();
    QVERIFY(stored != nullptr);
    QCOMPARE(window->document().project().results->chosen, std::optional<std::size_t>(0));
    const QString said = window.find<QLabel>("specificationMessage")->text();
    QVERIFY2(said.contains("holds at all 27 corners"), qPrintable(said));
    // What it comes to at the corners is on show, and kept.
    QVERIFY(window.find<QLabel>("robustnessSummary")->text().contains("27 of 27 corners"));
    auto* specification = window.find<QTableView>("specificationTable");
    for (int column = 0; column < specification->model()->columnCount(); ++column) {
        if (specification->model()->headerData(column, Qt::Horizontal).toString() == "Corners")
            QVERIFY(!specification->isColumnHidden(column));
    }
    // The same as asking for it in the Robustness panel.
    const QString worst = window.find<QTableWidget>("robustnessWorst")->item(0, 2)->text();
    window.find<QSpinBox>("robustnessDraws")->setValue(0);
    window.trigger("sizing.robustness");
    QVERIFY(window.settle(300000));
    QCOMPARE(window.find<QTableWidget>("robustnessWorst")->item(0, 2)->text(), worst);
    window.trigger("edit.undo");
    QVERIFY(window->results().current() == nullptr);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::SlackFlow)
#include "slack_flow_test.moc"
