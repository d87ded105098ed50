#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>
#include <QtTest>

#include "core/base/csv.h"
#include "tests/widgets/sample_data.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/sizing/model_view.h"

namespace headroom::widgets {

class ModelViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<ModelView> m_view;

    template <class T>
    T* find(const char* name) const {
        return m_view->findChild<T*>(QString::fromLatin1(name));
    }

private slots:
    void init() {
        m_view = std::make_unique<ModelView>();
        m_view->resize(900, 600);
        m_view->show();
    }

    void saysWhatToDoWithoutAModel() {
        m_view->setModel({}, QStringLiteral("There is no model yet."), QStringLiteral("Train"));
        QCOMPARE(m_view->state(), Panel::State::Empty);
        QVERIFY(m_view->stateText().contains(QStringLiteral("no model")));
        m_view->setModel(QStringLiteral("coordinated"));
        QCOMPARE(m_view->state(), Panel::State::Content);
        QVERIFY(!find<PlotView>("modelLoss")->isVisible());
        QVERIFY(find<QLabel>("modelTrainingCaption")->text().contains(QStringLiteral("not kept")));
    }

    void showsTheLossesOfTheChosenNetwork() {
        m_view->setModel(QStringLiteral("blocks"));
        m_view->setTraining(samples::trainingCurves(), false);
        auto* plot = find<PlotView>("modelLoss");
        QVERIFY(plot->isVisible());
        QVERIFY(plot->csv().contains("rows kept aside"));
        QVERIFY2(
            find<QLabel>("modelTrainingCaption")->text().contains(QStringLiteral("of epoch 60 are kept")),
            qPrintable(find<QLabel>("modelTrainingCaption")->text()));
        auto* network = find<QComboBox>("modelNetwork");
        QVERIFY(network->isVisible());
        network->setCurrentIndex(1);
        QVERIFY(!plot->csv().contains("rows kept aside"));
        QVERIFY(!find<QLabel>("modelTrainingCaption")->text().contains(QStringLiteral("kept")));
    }

    void followsATrainingThatGoesOn() {
        m_view->setTraining({}, true);
        m_view->setModel({});
        QCOMPARE(m_view->state(), Panel::State::Content);
        auto curves = samples::trainingCurves();
        curves.front().loss.resize(20);
        curves.front().validationEpochs = {10, 20};
        curves.front().validationLoss.resize(2);
        m_view->setTraining(curves, true);
        QVERIFY(find<QLabel>("modelTrainingCaption")->text().startsWith(QStringLiteral("Epoch 20 of 100")));
        find<QComboBox>("modelNetwork")->setCurrentIndex(1);
        m_view->setTraining(samples::trainingCurves(), true);
        QCOMPARE(find<QComboBox>("modelNetwork")->currentIndex(), 1); // the user's choice stays
    }

    void showsTheReportAndExportsItsTable() {
        m_view->setModel(QStringLiteral("blocks"));
        QVERIFY(!find<PlotView>("modelBoxes")->isVisibleTo(m_view.get()));
        m_view->setReport(samples::modelReport());
        m_view->showPage(ModelView::Page::HeldOut);
        QVERIFY(find<PlotView>("modelBoxes")->csv().contains("PM"));
        m_view->showPage(ModelView::Page::Performances);
        QTRY_COMPARE(find<HistogramGrid>("modelPerformances")->count(), 10);
        m_view->showPage(ModelView::Page::Spread);
        auto* table = find<QTableWidget>("modelSpreads");
        QCOMPARE(table->rowCount(), 15);
        QCOMPARE(table->item(1, 3)->text(), QStringLiteral("44 %"));
        const auto read = parseCsv(tableCsv(*table).toStdString());
        QVERIFY(read.has_value());
        QCOMPARE(QString::fromStdString(read->rows[1][2]).toDouble(), 19e-6);
    }

    void asksForTheFiguresWithItsSteps() {
        m_view->setModel(QStringLiteral("blocks"));
        m_view->setReportable(true);
        QSignalSpy asked(m_view.get(), &ModelView::reportRequested);
        QSignalSpy steps(m_view.get(), &ModelView::stepsChanged);
        m_view->setSteps(250);
        QCOMPARE(steps.count(), 0);
        QTest::keyClick(find<QPushButton>("modelReproduce"), Qt::Key_Space);
        QCOMPARE(asked.count(), 1);
        QCOMPARE(m_view->steps(), 250);
        m_view->setReportable(false);
        QVERIFY(!find<QPushButton>("modelReproduce")->isEnabled());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::ModelViewTest)
#include "model_view_test.moc"
