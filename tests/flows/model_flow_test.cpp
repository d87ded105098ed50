#include <QAbstractButton>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QSpinBox>
#include <QTableWidget>
#include <QTest>

#include <utility>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/sizing/exploration_controller.h"
#include "app/sizing/model_controller.h"
#include "tests/flows/flow_window.h"
#include "widgets/common/plot_view.h"

namespace headroom::app {

/// A circuit without a model: build a data set, train, propose.
class ModelFlow : public QObject {
    Q_OBJECT

private slots:
    void asksBeforeALongJobIsStopped();
    void makesAModelForAnotherCircuit();
    void reproducesThePapersFigures();
    void saysHowAStoppedJobGoesOn();
    void asksForOtherPerformancesExtendsAndImports();
    void aTableThatDoesNotFitIsOneSentence();
    void pausesALongJob();
};

void ModelFlow::makesAModelForAnotherCircuit() {
    FlowWindow window;
    window.open(MainWindow::examplePath().parent_path() / "miller.sp");
    QVERIFY(!window->exploration().canPropose());

    window.trigger("sizing.dataset");
    auto* dialog = window.find<QDialog>("datasetDialog");
    QVERIFY(dialog != nullptr);
    window.find<QSpinBox>("datasetSize")->setValue(10);
    dialog->accept();
    QVERIFY(window.settle(300000));
    QVERIFY2(window->session().data() != nullptr, qPrintable(window.notice()));
    QCOMPARE(window->session().data()->dataset.rows.size(), 10U);
    QCOMPARE(window->document().project().dataset, std::string("dataset/1"));
    QCOMPARE(window->document().project().specification.targets.size(), 10U);
    QVERIFY(window->session().model() == nullptr);

    // Saved under a name between the two: what was made goes along.
    const auto folder = window.path("miller project");
    window->projects().saveTo(folder);
    QVERIFY(window.settle());
    QVERIFY2(!window->document().isModified(), qPrintable(window.notice()));
    QVERIFY(std::filesystem::exists(folder / "dataset/1/dataset.csv"));

    sizing::SizingTraining training;
    training.training.epochs = 2;
    window->models().train(training);
    QVERIFY(window.settle(300000));
    QVERIFY2(window->session().modelReady(), qPrintable(window.notice()));
    QCOMPARE(window->document().project().model, std::string("model/1"));
    QVERIFY(std::filesystem::exists(folder / "model/1/weights.safetensors"));
    QVERIFY(std::filesystem::exists(folder / "model/1/training.csv"));
    QVERIFY(window.find<widgets::PlotView>("modelLoss")->csv().contains("rows trained on"));

    window.trigger("sizing.propose");
    QVERIFY(window.settle());
    QVERIFY(window->results().current() != nullptr);
    window.trigger("edit.undo"); // proposing
    window.trigger("edit.undo"); // training
    QVERIFY(window.settle());
    QVERIFY(window->session().model() == nullptr);
    window.trigger("edit.redo");
    QVERIFY(window.settle());
    QVERIFY(window->session().modelReady());
}

void ModelFlow::reproducesThePapersFigures() {
    FlowWindow window;
    window.startOnExample();
    auto* steps = window.find<QSpinBox>("modelSteps");
    steps->setValue(4);
    window.trigger("sizing.report");
    QVERIFY(window.settle(300000));
    QVERIFY2(window.notice().isEmpty(), qPrintable(window.notice()));
    const std::size_t devices = window->session().circuit()->space->deviceWidths().size();
    QCOMPARE(window.find<QTableWidget>("modelSpreads")->rowCount(), static_cast<int>(devices));
    // A heading, and a box for each of the ten performances at least.
    const QByteArray boxes = window.find<widgets::PlotView>("modelBoxes")->csv();
    QVERIFY2(boxes.count('\n') >= 11, boxes.constData());
    QVERIFY2(boxes.contains("PM,"), boxes.constData());
    QVERIFY(window.find<QLabel>("modelPerformanceCaption")->text().startsWith("100 samples"));
    // Another circuit's model has no figures yet.
    window.open(MainWindow::examplePath().parent_path() / "miller.sp");
    QCOMPARE(window.find<QTableWidget>("modelSpreads")->rowCount(), 0);
    QCOMPARE(steps->value(), 4);
}

void ModelFlow::saysHowAStoppedJobGoesOn() {
    FlowWindow window;
    window.startOnExample();
    sizing::DatasetSettings settings;
    settings.size = 5000;
    window->models().buildDataSet(settings);
    window->jobs().cancelKey("sizing.dataset");
    QVERIFY(window.settle());
    QVERIFY2(window.notice().contains("goes on where it was"), qPrintable(window.notice()));
    sizing::SizingTraining training;
    training.training.epochs = 10000;
    window->models().train(training);
    window->jobs().cancelKey("sizing.train");
    QVERIFY(window.settle());
    QVERIFY2(window.notice().contains("from its last checkpoint"), qPrintable(window.notice()));
}

void ModelFlow::asksForOtherPerformancesExtendsAndImports() {
    FlowWindow window;
    window.open(MainWindow::examplePath().parent_path() / "miller.sp");
    QVERIFY(!window->models().canExtend());
    window.trigger("sizing.dataset");
    auto* dialog = window.find<QDialog>("datasetDialog");
    QVERIFY(dialog != nullptr);
    window.find<QSpinBox>("datasetSize")->setValue(10);
    auto* performances = window.find<QListWidget>("datasetPerformances");
    for (int row = 0; row < performances->count(); ++row)
        performances->item(row)->setCheckState(Qt::Unchecked);
    auto* buttons = dialog->findChild<QDialogButtonBox*>();
    const auto build = [&] {
        for (QAbstractButton* button : buttons->buttons())
            if (buttons->buttonRole(button) == QDialogButtonBox::AcceptRole) return button;
        return static_cast<QAbstractButton*>(nullptr);
    }();
    QVERIFY(!build->isEnabled()); // nothing to select by
    for (const char* title : {"Power", "Transit frequency"})
        performances->findItems(title, Qt::MatchExactly).at(0)->setCheckState(Qt::Checked);
    build->click();
    QVERIFY(window.settle(300000));
    QVERIFY2(window->session().data() != nullptr, qPrintable(window.notice()));
    const sizing::Dataset first = window->session().data()->dataset;
    QCOMPARE(first.performances.size(), 2U);
    QCOMPARE(window->document().project().specification.targets.size(), 2U);

    window.trigger("sizing.extend_dataset");
    auto* extension = window.find<QDialog>("extensionDialog");
    QVERIFY(extension != nullptr);
    auto* size = window.find<QSpinBox>("extensionSize");
    QCOMPARE(size->minimum(), 11);
    size->setValue(14);
    extension->accept();
    QVERIFY(window.settle(300000));
    const auto extended = window->session().data();
    QVERIFY2(extended->dataset.rows.size() == 14, qPrintable(window.notice()));
    QCOMPARE(extended->dataset.performances, first.performances);
    for (const std::size_t row : first.heldOutRows())
        QCOMPARE(extended->dataset.rows[row].values, first.rows[row].values);
    QCOMPARE(window->document().project().dataset, std::string("dataset/2"));

    // A table from elsewhere: here the rows that were just made, under their own headings.
    const auto table = window.path("table.csv");
    std::filesystem::copy_file(extended->folder / "dataset.csv", table);
    window->models().importDataSet(table);
    QVERIFY(window.settle());
    QCOMPARE(window->document().project().dataset, std::string("dataset/3"));
    QCOMPARE(window->session().data()->dataset.rows.size(), 14U);
    QVERIFY(window.notice().contains("14 sizings"));
    window.trigger("edit.undo");
    QVERIFY(window.settle());
    QCOMPARE(window->document().project().dataset, std::string("dataset/2"));
}

void ModelFlow::aTableThatDoesNotFitIsOneSentence() {
    FlowWindow window;
    window.startOnExample();
    const auto before = window->document().project();
    const auto table = window.path("odd.csv");
    QFile file(QString::fromStdString(table.string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("M1 w,gain_db\n1e-6,60\n");
    file.close();
    window->models().importDataSet(table);
    QVERIFY(window.settle());
    QVERIFY2(window.notice().contains("column"), qPrintable(window.notice()));
    QCOMPARE(window->document().project(), before);
}

void ModelFlow::pausesALongJob() {
    FlowWindow window;
    window.startOnExample();
    sizing::DatasetSettings settings;
    settings.size = 5000;
    window->models().buildDataSet(settings);
    const auto row = [&] { return window->jobs().rows().at(0); };
    QTRY_VERIFY(row().fraction > 0);
    window->jobs().setPaused(row().id, true);
    QCOMPARE(row().state, widgets::JobState::Paused);
    // The round that it was in comes to its end; then nothing more.
    QString activity;
    QTRY_VERIFY_WITH_TIMEOUT(std::exchange(activity, row().activity) == row().activity &&
                                 (QTest::qWait(1500), activity == row().activity),
                             60000);
    window->jobs().setPaused(row().id, false);
    QTRY_VERIFY_WITH_TIMEOUT(row().activity != activity, 60000);
    window->jobs().cancelKey("sizing.dataset");
    QVERIFY(window.settle());
}

void ModelFlow::asksBeforeALongJobIsStopped() {
    FlowWindow window;
    window.startOnExample();
    sizing::DatasetSettings settings;
    settings.size = 5000;
    window->models().buildDataSet(settings);
    QVERIFY(!window->close());
    QVERIFY(window.answer("runningJobsBox", "Keep Running"));
    QVERIFY(window->isVisible());
    QCOMPARE(window->jobs().preciousTitles(), QStringList("Build data set"));
    QTest::qWait(0);
    QVERIFY(!window->close());
    QVERIFY(window.answer("runningJobsBox", "Stop It"));
    QVERIFY(!window->isVisible());
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::ModelFlow)
#include "model_flow_test.moc"
