#include <QDialog>
#include <QSpinBox>
#include <QTest>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/jobs/job_queue.h"
#include "app/session/results.h"
#include "app/session/session.h"
#include "app/sizing/exploration_controller.h"
#include "app/sizing/model_controller.h"
#include "tests/flows/flow_window.h"

namespace headroom::app {

/// A circuit without a model: build a data set, train, propose.
class ModelFlow : public QObject {
    Q_OBJECT

private slots:
    void asksBeforeALongJobIsStopped();
    void makesAModelForAnotherCircuit();
    void saysHowAStoppedJobGoesOn();
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
