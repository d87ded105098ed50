#include <QFileDialog>
#include <QMessageBox>
#include <QSlider>
#include <QTableView>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

#include "app/document/autosave.h"
#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/sizing/specification_view.h"

namespace headroom::app {

/// Projects on disk: edit, undo, save, reopen, recover.
class ProjectFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void editsATargetAndTakesItBack();
    void reopensToTheSameNumbers();
    void asksBeforeItLosesChanges();
    void recoversWhatACrashLeft();
    void discardsWhatTheUserDoesNotWant();
    void offersTheAutosaveOfAProject();
    void aFailedSaveLosesNothing();
    void aProjectOpensInOneWindowOnly();
    void aDamagedProjectIsTold();
    void remembersRecentProjects();

private:
    Document& document() { return (*m_window)->document(); }
    void editGain(double value);
    void propose(int count);
    std::unique_ptr<FlowWindow> m_window;
};

void ProjectFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    m_window->startOnExample();
}

void ProjectFlow::cleanup() {
    m_window.reset();
}

void ProjectFlow::editGain(double value) {
    auto* table = m_window->find<QTableView>("specificationTable");
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (document().project().specification.targets[static_cast<std::size_t>(row)].performance !=
            simulation::Performance::GainDb) {
            continue;
        }
        for (int column = 0; column < table->model()->columnCount(); ++column) {
            const QModelIndex cell = table->model()->index(row, column);
            if (!cell.flags().testFlag(Qt::ItemIsEditable)) continue;
            QVERIFY(table->model()->setData(cell, QString::number(value) + " dB"));
            return;
        }
    }
    QFAIL("no editable gain target");
}

void ProjectFlow::propose(int count) {
    project::Project project = document().project();
    project.sampling.count = static_cast<std::size_t>(count);
    document().edit("count", project);
    m_window->trigger("sizing.propose");
    QVERIFY(m_window->settle());
    QVERIFY((*m_window)->results().current() != nullptr);
}

void ProjectFlow::editsATargetAndTakesItBack() {
    const auto before = document().project().specification;
    editGain(61.5);
    QCOMPARE(document().project().specification.targets[0].value, 61.5);
    QVERIFY(!document().project().specification.dataRow); // no ground truth any more
    QVERIFY((*m_window)->isWindowModified());
    m_window->trigger("edit.undo");
    QVERIFY(document().project().specification == before);
    QVERIFY(!(*m_window)->isWindowModified());
    m_window->trigger("edit.redo");
    QCOMPARE(document().project().specification.targets[0].value, 61.5);
}

void ProjectFlow::reopensToTheSameNumbers() {
    editGain(61.123456789012345);
    propose(8);
    const project::Project saved = document().project();
    const auto results = (*m_window)->results().current();
    m_window->trigger("file.save");
    auto* dialog = m_window->find<QFileDialog>("saveProjectDialog");
    QVERIFY(dialog != nullptr);
    const auto folder = m_window->path("my amplifier");
    emit dialog->fileSelected(QString::fromStdString(folder.string()));
    dialog->close();
    QVERIFY(m_window->settle());
    QVERIFY2(!document().isModified(), qPrintable(m_window->notice()));
    QCOMPARE(document().displayName(), "my amplifier");

    FlowWindow next(*m_window, Settings::Mode::Normal);
    m_window.reset();
    next.open(folder);
    QVERIFY2(next->document().folder() == folder, qPrintable(next.notice()));
    project::Project reopened = next->document().project();
    QCOMPARE(reopened.headroomVersion, std::string("0.1.0"));
    reopened.headroomVersion = saved.headroomVersion;
    QVERIFY(reopened == saved);
    const auto again = next->results().current();
    QVERIFY(again != nullptr);
    QVERIFY(again->provenance == results->provenance);
    QCOMPARE(again->exploration.candidates.size(), results->exploration.candidates.size());
    for (std::size_t c = 0; c < 8; ++c) {
        const auto& a = results->exploration.candidates[c];
        const auto& b = again->exploration.candidates[c];
        QVERIFY(a.values == b.values);
        QVERIFY(a.evaluation.performances == b.evaluation.performances);
        QCOMPARE(a.evaluation.operatingPoint.nets, b.evaluation.operatingPoint.nets);
    }
    QCOMPARE(next.find<QTableView>("candidateTable")->model()->rowCount(), 8);
    // Simulating again gives the same numbers, from the project's cache.
    next.trigger("sizing.propose");
    QVERIFY(next.settle());
    const auto repeated = next->results().current();
    for (std::size_t c = 0; c < 8; ++c) {
        QVERIFY(repeated->exploration.candidates[c].values == results->exploration.candidates[c].values);
        QVERIFY(repeated->exploration.candidates[c].evaluation.performances ==
                results->exploration.candidates[c].evaluation.performances);
    }
}

void ProjectFlow::asksBeforeItLosesChanges() {
    editGain(61.5);
    (*m_window)->close();
    QVERIFY((*m_window)->isVisible());
    QVERIFY(m_window->answer("unsavedChangesBox", "Cancel"));
    QVERIFY((*m_window)->isVisible());
    QVERIFY(document().isModified());
    QTest::qWait(0);
    (*m_window)->close();
    QVERIFY(m_window->answer("unsavedChangesBox", "Discard"));
    QVERIFY(!(*m_window)->isVisible());
}

void ProjectFlow::recoversWhatACrashLeft() {
    editGain(61.5);
    propose(4);
    const project::Project before = document().project();
    (*m_window)->projects().autosave().run();
    QVERIFY(m_window->settle());
    const auto next = m_window->afterCrash();
    (*next)->start({});
    (*next)->projects().offerRecovery();
    QTRY_VERIFY(next->find<QMessageBox>("recoverSessionBox") != nullptr);
    QVERIFY(next->settle());
    QVERIFY(next->answer("recoverSessionBox", "Recover"));
    QVERIFY(next->settle());
    QVERIFY2((*next)->document().project() == before, qPrintable(next->notice()));
    QVERIFY((*next)->document().isModified());
    QVERIFY((*next)->document().isUntitled());
    QVERIFY((*next)->results().current() != nullptr);
}

void ProjectFlow::discardsWhatTheUserDoesNotWant() {
    editGain(61.5);
    (*m_window)->projects().autosave().run();
    QVERIFY(m_window->settle());
    const auto next = m_window->afterCrash();
    (*next)->projects().offerRecovery();
    QTRY_VERIFY(next->find<QMessageBox>("recoverSessionBox") != nullptr);
    QVERIFY(next->answer("recoverSessionBox", "Discard"));
    (*next)->projects().offerRecovery();
    QVERIFY(next->settle());
    QVERIFY(next->find<QMessageBox>("recoverSessionBox") == nullptr);
}

void ProjectFlow::offersTheAutosaveOfAProject() {
    const auto folder = m_window->path("amp");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    editGain(61.5);
    (*m_window)->projects().autosave().run();
    QVERIFY(m_window->settle());
    const auto next = m_window->afterCrash();
    next->open(next->path("amp"));
    QVERIFY(next->answer("recoverAutosaveBox", "Recover"));
    QVERIFY(next->settle());
    QCOMPARE((*next)->document().project().specification.targets[0].value, 61.5);
    QVERIFY((*next)->document().isModified());
    QVERIFY(!(*next)->document().isUntitled());
}

void ProjectFlow::aFailedSaveLosesNothing() {
    const auto folder = m_window->path("amp");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    const std::string before = readFile(folder / "project.yaml").value();
    editGain(61.5);
    // No file may grow beyond a few bytes: what a full disk looks like to the program.
    rlimit unlimited{};
    getrlimit(RLIMIT_FSIZE, &unlimited);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{16, unlimited.rlim_max};
    setrlimit(RLIMIT_FSIZE, &tight);
    m_window->trigger("file.save");
    const bool settled = m_window->settle();
    setrlimit(RLIMIT_FSIZE, &unlimited);
    std::signal(SIGXFSZ, handler);
    QVERIFY(settled);
    QVERIFY(!m_window->notice().isEmpty());
    QVERIFY(document().isModified());
    QCOMPARE(document().project().specification.targets[0].value, 61.5);
    QCOMPARE(readFile(folder / "project.yaml").value(), before);
    m_window->trigger("file.save");
    QVERIFY(m_window->settle());
    QVERIFY(!document().isModified());
}

void ProjectFlow::aProjectOpensInOneWindowOnly() {
    const auto folder = m_window->path("amp");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    FlowWindow second(*m_window, Settings::Mode::Normal);
    second.startOnExample();
    second->projects().openPath(folder);
    QVERIFY(second.settle());
    QCOMPARE(second.notice(), "amp: The project is open in another Headroom window.");
    QVERIFY(second->document().isUntitled());
}

void ProjectFlow::aDamagedProjectIsTold() {
    const auto folder = m_window->path("broken");
    QVERIFY(writeFileAtomically(folder / "project.yaml", "format_version: 1\nsampling:\n  seed: [1\n"));
    (*m_window)->projects().openPath(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("damaged"), qPrintable(m_window->notice()));
    QVERIFY((*m_window)->session().circuit() != nullptr); // the example is still open
    QVERIFY(writeFileAtomically(folder / "project.yaml", "format_version: 99\n"));
    (*m_window)->projects().openPath(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("newer Headroom"), qPrintable(m_window->notice()));
}

void ProjectFlow::remembersRecentProjects() {
    const auto folder = m_window->path("amp");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QCOMPARE(m_window->settings().recentProjects(), QStringList(QString::fromStdString(folder.string())));
    m_window.reset();
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::ProjectFlow)
#include "project_flow_test.moc"
