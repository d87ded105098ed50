#include <QAbstractItemModel>
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTableWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <cmath>
#include <ctime>
#include <set>

#include "app/document/document.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/shell/command_set.h"
#include "app/sizing/exploration_controller.h"
#include "core/base/csv.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "tests/flows/flow_window.h"
#include "widgets/sizing/sizing_view.h"

namespace headroom::app {

/// Seconds of processor time that this thread has used: what the program costs, not what others on the
/// machine do.
double threadSeconds() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Notes which events take longer than a frame.
class WatchedApplication final : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override {
        const QString what = QString("%1 %2 (event %3)")
                                 .arg(receiver->metaObject()->className(), receiver->objectName())
                                 .arg(event->type());
        const double start = threadSeconds();
        ++m_depth;
        const bool handled = QApplication::notify(receiver, event);
        const double milliseconds = 1e3 * (threadSeconds() - start);
        if (--m_depth == 0 && milliseconds > 16) {
            slowEvents.append(QString("%1: %2 ms").arg(what).arg(milliseconds, 0, 'f', 0));
        }
        return handled;
    }

    QStringList slowEvents;

private:
    int m_depth = 0;
};

/// The main job: from the example to an accepted sizing.
class ExploreFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theExampleIsRecognised();
    void theSpecificationIsThatOfAHeldOutRow();
    void proposesSimulatesAndShowsCandidates();
    void showsPartialResultsWhileItRuns();
    void givesTheNumbersOfTheCommandLine();
    void choosesAndAcceptsASizing();
    void makesMirrorsOfUnitTransistors();
    void keepsUnitsWhereOthersHaveFreeWidths();
    void cornersChooseNoOtherSpecification();
    void saysWhyASizeCannotBePinned();
    void proposesOthersWithAnotherSeed();
    void simulatesAsDrawn();
    void stopsOnRequest();
    void keepsSamplingUntilItIsStopped();
    void staysResponsiveWhileItRuns();

private:
    void propose(int count);
    std::unique_ptr<FlowWindow> m_window;
};

void ExploreFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    m_window->startOnExample();
}

void ExploreFlow::cleanup() {
    m_window.reset();
}

void ExploreFlow::propose(int count) {
    project::Project project = (*m_window)->document().project();
    project.sampling.count = static_cast<std::size_t>(count);
    (*m_window)->document().edit("count", project);
    m_window->trigger("sizing.propose");
    QVERIFY((*m_window)->exploration().isRunning());
    QVERIFY(m_window->settle());
    QVERIFY((*m_window)->results().current() != nullptr);
}

void ExploreFlow::theExampleIsRecognised() {
    const auto* tree = m_window->find<QTreeView>("blocksTree");
    QVERIFY(tree != nullptr);
    QVERIFY(tree->model()->rowCount() >= 5);
    QVERIFY(m_window->find<QLabel>("blocksSummary")->text().contains("matched groups"));
    QVERIFY(m_window->find<QPlainTextEdit>("netlistText")->toPlainText().contains("M1"));
    QCOMPARE((*m_window)->windowTitle(), "folded_cascode[*] – Headroom");
    QVERIFY(!(*m_window)->document().isModified());
}

void ExploreFlow::theSpecificationIsThatOfAHeldOutRow() {
    const auto* table = m_window->find<QTableView>("specificationTable");
    QCOMPARE(table->model()->rowCount(), 10);
    const auto& specification = (*m_window)->document().project().specification;
    const auto data = (*m_window)->session().data();
    QVERIFY(specification.dataRow);
    const auto heldOut = data->dataset.heldOutRows();
    QVERIFY(std::find(heldOut.begin(), heldOut.end(), *specification.dataRow) != heldOut.end());
    QVERIFY(groundTruth(data->dataset, specification));
}

void ExploreFlow::proposesSimulatesAndShowsCandidates() {
    m_window->find<QPushButton>("specificationSample")->click(); // as many as the panel says
    QVERIFY((*m_window)->exploration().isRunning());
    QVERIFY(m_window->settle());
    const auto stored = (*m_window)->results().current();
    QVERIFY(stored != nullptr);
    QCOMPARE(stored->exploration.candidates.size(), 100U);
    QVERIFY(stored->exploration.groundTruth);
    QCOMPARE(m_window->find<QTableView>("candidateTable")->model()->rowCount(), 100);
    const std::size_t simulated = static_cast<std::size_t>(
        std::count_if(stored->exploration.candidates.begin(), stored->exploration.candidates.end(),
                      [](const auto& candidate) { return candidate.evaluation.ok(); }));
    QVERIFY2(simulated > 20, std::to_string(simulated).c_str());
    // The best one is chosen, and its operating point shown.
    QVERIFY((*m_window)->document().project().results->chosen);
    QVERIFY(m_window->find<QTableView>("operatingPointTable")->model()->rowCount() >= 15);
}

void ExploreFlow::showsPartialResultsWhileItRuns() {
    m_window->trigger("sizing.propose");
    const auto* table = m_window->find<QTableView>("candidateTable");
    // All proposals are listed as soon as they are sampled, before all are simulated.
    QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() == 100, 30000);
    QVERIFY((*m_window)->exploration().isRunning());
    QVERIFY(!(*m_window)->document().project().results);
    QVERIFY(m_window->settle());
    QVERIFY((*m_window)->document().project().results);
}

void ExploreFlow::givesTheNumbersOfTheCommandLine() {
    propose(12);
    const auto stored = (*m_window)->results().current();
    const auto out = m_window->path("cli");
    QProcess cli;
    cli.start(HEADROOM_CLI, {"explore", QString::fromStdString(MainWindow::examplePath().string()), "--count",
                             "12", "--out", QString::fromStdString(out.string())});
    QVERIFY(cli.waitForFinished(120000));
    QVERIFY2(cli.exitCode() == 0, cli.readAllStandardError().constData());
    const auto table = parseCsv(readFile(out / "samples.csv").value());
    QVERIFY(table.has_value());
    QCOMPARE(table->rows.size(), 12U);
    std::size_t compared = 0;
    for (std::size_t c = 0; c < 12; ++c) {
        const sizing::Candidate& candidate = stored->exploration.candidates[c];
        for (std::size_t v = 0; v < stored->variableNames.size(); ++v) {
            const auto column = table->column(stored->variableNames[v]);
            QVERIFY2(column.has_value(), stored->variableNames[v].c_str());
            QCOMPARE(QString::fromStdString(table->rows[c][*column]),
                     QString::fromStdString(formatExact(candidate.values[v])));
            ++compared;
        }
        for (const auto& [performance, value] : candidate.evaluation.performances) {
            const auto column = table->column(std::string("simulated_") + simulation::info(performance).name);
            if (!column) continue;
            // The simulator's iterations stop at a tolerance: the last digits depend on what a worker did
            // before.
            const double there = std::stod(table->rows[c][*column]);
            QVERIFY2(std::abs(there - value) <= 1e-6 * std::abs(value), simulation::info(performance).name);
            ++compared;
        }
    }
    QVERIFY(compared > 12 * stored->variableNames.size());
}

void ExploreFlow::choosesAndAcceptsASizing() {
    propose(10);
    auto* table = m_window->find<QTableView>("candidateTable");
    auto* netlist = m_window->find<QPlainTextEdit>("netlistText");
    const QString before = netlist->toPlainText();
    // The best one is chosen and comes first in the table: take the next.
    const auto chosen = (*m_window)->document().project().results->chosen.value();
    QCOMPARE(table->currentIndex().row(), 0);
    table->selectRow(1);
    QTRY_VERIFY((*m_window)->document().project().results->chosen != std::optional(chosen));
    m_window->trigger("sizing.accept");
    QVERIFY(m_window->settle());
    const QString after = netlist->toPlainText();
    QVERIFY(before != after);
    QCOMPARE(after.count('\n'), before.count('\n')); // only values changed
    m_window->trigger("edit.undo");
    QVERIFY(m_window->settle());
    QCOMPARE(netlist->toPlainText(), before);
    m_window->trigger("edit.redo");
    QVERIFY(m_window->settle());
    QCOMPARE(netlist->toPlainText(), after);
}

void ExploreFlow::makesMirrorsOfUnitTransistors() {
    m_window->trigger("sizing.sampling");
    auto* units = m_window->find<QSpinBox>("samplingMirrorUnits");
    QCOMPARE(units->text(), QStringLiteral("free widths"));
    units->setValue(12);
    m_window->find<QDialog>("samplingDialog")->accept();
    propose(10);
    const auto circuit = (*m_window)->session().circuit();
    const auto stored = (*m_window)->results().current();
    const sizing::DesignSpace space = circuit->space->withUnitTransistors(12);
    QVERIFY(space.mirrorBanks().size() > 1);
    for (const sizing::Candidate& candidate : stored->exploration.candidates) {
        for (const auto& bank : space.mirrorBanks())
            QVERIFY(space.unitsOf(bank, candidate.values).has_value());
    }
    m_window->trigger("sizing.accept");
    QVERIFY(m_window->settle());
    const std::size_t chosen = (*m_window)->document().project().results->chosen.value();
    const auto made =
        space.unitsOf(space.mirrorBanks().front(), stored->exploration.candidates[chosen].values);
    const std::size_t most = *std::max_element(made->counts.begin(), made->counts.end());
    QVERIFY(most > 1);
    const QString text = m_window->find<QPlainTextEdit>("netlistText")->toPlainText();
    QVERIFY2(text.contains(QStringLiteral(" m=%1").arg(most)), qPrintable(text));
    // What the netlist gives as it stands now is what was simulated for the candidate.
    m_window->trigger("sizing.simulate");
    QVERIFY(m_window->settle());
    const auto drawn = (*m_window)->results().current();
    const auto& there = stored->exploration.candidates[chosen].evaluation.performances;
    const auto& here = drawn->exploration.candidates[0].evaluation.performances;
    QVERIFY(!here.empty());
    for (const auto& [performance, value] : here) {
        if (const auto found = there.find(performance); found != there.end())
            QVERIFY(std::abs(value - found->second) <= 1e-6 * std::abs(value));
    }
    // And its widths are those of all units.
    for (std::size_t v = 0; v < space.size(); ++v) {
        const double width = stored->exploration.candidates[chosen].values[v];
        QVERIFY(std::abs(drawn->exploration.candidates[0].values[v] / width - 1) < 1e-9);
    }
}

/// What is drawn in units stays so beside proposals with free widths, and when it is simulated as drawn.
void ExploreFlow::keepsUnitsWhereOthersHaveFreeWidths() {
    const auto setUnits = [this](std::size_t units) {
        project::Project project = (*m_window)->document().project();
        project.sampling.mirrorUnits = units;
        (*m_window)->document().edit("units", project);
    };
    const auto netlist = [this] { return m_window->find<QPlainTextEdit>("netlistText")->toPlainText(); };
    const auto accept = [this] {
        m_window->trigger("sizing.accept");
        QVERIFY(m_window->settle());
    };
    setUnits(12);
    propose(10);
    accept();
    const QString inUnits = netlist();
    QVERIFY2(inUnits.contains(" m="), qPrintable(inUnits));
    project::Project project = (*m_window)->document().project();
    project.results->pinned = {*project.results->chosen};
    (*m_window)->document().edit("pin", project);

    setUnits(0);
    propose(10);
    project = (*m_window)->document().project();
    QCOMPARE(project.results->pinned.size(), 1U);
    project.results->chosen = 0;
    (*m_window)->document().edit("choose", project);
    accept();
    QVERIFY2(!netlist().contains(" m="), qPrintable(netlist()));
    project = (*m_window)->document().project();
    project.results->chosen = project.results->pinned.front();
    (*m_window)->document().edit("choose", project);
    accept();
    QCOMPARE(netlist(), inUnits);

    m_window->trigger("sizing.simulate");
    QVERIFY(m_window->settle());
    accept();
    QCOMPARE(netlist(), inUnits);
}

void ExploreFlow::cornersChooseNoOtherSpecification() {
    propose(5);
    const auto row = (*m_window)->document().project().specification.dataRow;
    const auto summary = [this] { return m_window->find<QLabel>("sizingSummary")->text(); };
    const QString before = summary();
    auto* table = m_window->find<QTableView>("specificationTable");
    auto* menu = m_window->find<QMenu>("specificationCorners");
    table->setCurrentIndex(table->model()->index(0, 0));
    emit menu->aboutToShow();
    menu->actions().back()->trigger();
    QVERIFY(!(*m_window)->document().project().specification.targets[0].corners.empty());
    QCOMPARE((*m_window)->document().project().specification.dataRow, row);
    QCOMPARE(summary(), before); // candidates are simulated at one corner, whichever are chosen
    m_window->trigger("edit.undo");
    QVERIFY((*m_window)->document().project().specification.targets[0].corners.empty());
}

void ExploreFlow::saysWhyASizeCannotBePinned() {
    m_window->find<QPushButton>("specificationPins")->click();
    auto* dialog = m_window->find<QDialog>("pinDialog");
    QVERIFY(dialog != nullptr);
    auto* table = m_window->find<QTableWidget>("pinTable");
    auto* problem = m_window->find<QLabel>("pinProblem");
    QVERIFY(!problem->isVisible());
    table->item(0, 0)->setCheckState(Qt::Checked);
    table->item(0, 1)->setText("wide");
    dialog->accept();
    QVERIFY(dialog->isVisible());
    QVERIFY(problem->isVisible());
    QCOMPARE(problem->text(), table->item(0, 0)->text() + ": \"wide\" is not a number.");
    table->item(0, 1)->setText("1 m");
    dialog->accept();
    QVERIFY2(problem->text().endsWith("The value lies outside the legal range."),
             qPrintable(problem->text()));
    table->item(0, 1)->setText("3u");
    dialog->accept();
    QCOMPARE((*m_window)->document().project().specification.pinned.size(), 1U);
}

void ExploreFlow::proposesOthersWithAnotherSeed() {
    propose(5);
    const auto first = (*m_window)->results().current();
    m_window->trigger("sizing.propose_others");
    QVERIFY(m_window->settle());
    const auto second = (*m_window)->results().current();
    QCOMPARE(second->exploration.seed, first->exploration.seed + 1);
    QVERIFY(second->exploration.candidates[0].values != first->exploration.candidates[0].values);
    m_window->trigger("edit.undo");
    QVERIFY((*m_window)->results().current() == first);
}

void ExploreFlow::simulatesAsDrawn() {
    m_window->trigger("sizing.simulate");
    QVERIFY(m_window->settle());
    const auto stored = (*m_window)->results().current();
    QVERIFY2(stored != nullptr, qPrintable(m_window->notice()));
    QCOMPARE(stored->exploration.candidates.size(), 1U);
    QVERIFY(stored->exploration.candidates[0].evaluation.ok());
    m_window->trigger("edit.undo");
    QVERIFY((*m_window)->results().current() == nullptr);
}

void ExploreFlow::stopsOnRequest() {
    project::Project project = (*m_window)->document().project();
    project.sampling.count = 2000;
    (*m_window)->document().edit("count", project);
    m_window->trigger("sizing.propose");
    QTest::qWait(300);
    m_window->trigger("sizing.stop");
    QVERIFY(m_window->settle(10000));
    QVERIFY(!(*m_window)->exploration().isRunning());
    QVERIFY(!(*m_window)->document().project().results);
    QCOMPARE((*m_window)->jobs().rows().at(0).state, widgets::JobState::Cancelled);
    QVERIFY(m_window->notice().isEmpty());
    propose(5); // the simulators are still there
}

void ExploreFlow::keepsSamplingUntilItIsStopped() {
    propose(6);
    const auto before = (*m_window)->results().current();
    const std::size_t had = before->exploration.candidates.size();
    project::Project project = (*m_window)->document().project();
    const auto seed = project.sampling.seed;
    project.results->pinned = {1};
    (*m_window)->document().edit("pin", project);
    const auto* view = m_window->find<widgets::SizingView>("sizingPanel");
    QVERIFY(view != nullptr);
    m_window->find<QToolButton>("specificationKeepSampling")->click();
    QVERIFY((*m_window)->exploration().isRunning());
    const auto rows = [this] { return m_window->find<QTableView>("candidateTable")->model()->rowCount(); };
    QTRY_VERIFY_WITH_TIMEOUT(rows() >= static_cast<int>(had) + 14, 60000); // the third batch
    m_window->trigger("sizing.stop");
    QVERIFY(m_window->settle());
    const auto after = (*m_window)->results().current();
    QVERIFY(after->exploration.candidates.size() >= had + 14);
    for (std::size_t i = 0; i < had; ++i)
        QCOMPARE(after->exploration.candidates[i].values, before->exploration.candidates[i].values);
    std::set<std::vector<double>> sizes;
    for (const sizing::Candidate& candidate : after->exploration.candidates)
        QVERIFY(sizes.insert(candidate.values).second);
    QCOMPARE((*m_window)->document().project().results->pinned, std::vector<std::size_t>{1});
    QVERIFY((*m_window)->document().project().sampling.seed >= seed + 3);
    m_window->trigger("edit.undo"); // all batches are one step
    QVERIFY(m_window->settle());
    QCOMPARE((*m_window)->results().current()->exploration.candidates.size(), had);
    QCOMPARE((*m_window)->document().project().sampling.seed, seed);

    // Another specification: other candidates would be compared with these; only pinned ones stay.
    project = (*m_window)->document().project();
    project.specification.targets.front().value -= 1;
    (*m_window)->document().edit("target", project);
    m_window->trigger("sizing.keep_sampling");
    QTest::qWait(50);
    QTRY_VERIFY_WITH_TIMEOUT(rows() >= 3, 60000);
    m_window->trigger("sizing.stop");
    QVERIFY(m_window->settle());
    const auto& results = (*m_window)->document().project().results;
    QCOMPARE(results->pinned.size(), 1U);
    const auto& candidates = (*m_window)->results().current()->exploration.candidates;
    QCOMPARE(candidates[results->pinned.front()].values, before->exploration.candidates[1].values);
}

void ExploreFlow::staysResponsiveWhileItRuns() {
    auto* application = static_cast<WatchedApplication*>(QCoreApplication::instance());
    application->slowEvents.clear();
    propose(100);
    // Printed, not asserted: the machine may be busy with other things.
    for (const QString& event : application->slowEvents)
        qInfo("above 16 ms: %s", qPrintable(event));
    qInfo("events above 16 ms while 100 sizings were proposed: %d", int(application->slowEvents.size()));
}

} // namespace headroom::app

int main(int argc, char** argv) {
    headroom::app::WatchedApplication application(argc, argv);
    headroom::app::ExploreFlow flow;
    return QTest::qExec(&flow, argc, argv);
}
#include "explore_flow_test.moc"
