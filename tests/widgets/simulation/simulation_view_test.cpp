#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

#include "tests/widgets/sample_data.h"
#include "widgets/common/plot_view.h"
#include "widgets/simulation/curve_figures.h"
#include "widgets/simulation/curve_pages.h"
#include "widgets/simulation/curve_plots.h"
#include "widgets/simulation/device_point_model.h"
#include "widgets/simulation/performance_model.h"
#include "widgets/simulation/simulation_view.h"

namespace headroom::widgets {

class SimulationViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SimulationView> m_view;

    template <class T>
    T* find(const char* name) const {
        return m_view->findChild<T*>(QString::fromLatin1(name));
    }
    QTableView* devices() const { return find<QTableView>("simulationDevices"); }
    /// A cell of the device table by device and column.
    QString cell(const QString& device, int column) const {
        const QAbstractItemModel* model = devices()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            if (model->index(row, 0).data().toString() == device)
                return model->index(row, column).data().toString();
        }
        return {};
    }

private slots:
    void init() {
        m_view = std::make_unique<SimulationView>();
        m_view->resize(1000, 700);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void isEmptyWithoutAnEvaluation() {
        QCOMPARE(m_view->state(), Panel::State::Empty);
        m_view->setData(samples::simulation());
        QCOMPARE(m_view->state(), Panel::State::Content);
        QVERIFY(find<QLabel>("simulationCaption")->text().startsWith("Netlist as it stands"));
        m_view->setData({});
        QCOMPARE(m_view->state(), Panel::State::Empty);
    }

    void marksDevicesInWords() {
        m_view->setData(samples::simulation());
        QCOMPARE(cell("M4", DevicePointModel::State), QString("triode"));
        QCOMPARE(cell("M9", DevicePointModel::State), QString("off"));
        QCOMPARE(cell("M7", DevicePointModel::State), QString("small margin"));
        QCOMPARE(cell("M11", DevicePointModel::State), QString("subthreshold"));
        QCOMPARE(cell("M1", DevicePointModel::State), QString("saturation"));
        QVERIFY(find<QLabel>("simulationPointSummary")->text().contains("3 to look at"));
    }

    void headingsCarryTheUnit() {
        m_view->setData(samples::simulation());
        const QAbstractItemModel* model = devices()->model();
        QCOMPARE(model->headerData(DevicePointModel::Id, Qt::Horizontal).toString(), QString("Id\n(\u00b5A)"));
        QCOMPARE(model->headerData(DevicePointModel::Margin, Qt::Horizontal).toString(),
                 QString("Margin\n(mV)"));
        QCOMPARE(cell("M1", DevicePointModel::Id), QString("20.00"));
    }

    void sortsFiguresAsFigures() {
        m_view->setData(samples::simulation());
        devices()->sortByColumn(DevicePointModel::Margin, Qt::AscendingOrder);
        QCOMPARE(devices()->model()->index(0, 0).data().toString(), QString("M4"));
        devices()->sortByColumn(DevicePointModel::Device, Qt::AscendingOrder);
        QCOMPARE(devices()->model()->index(1, 0).data().toString(), QString("M2"));
        QCOMPARE(devices()->model()->index(9, 0).data().toString(), QString("M10"));
    }

    void filtersBothTables() {
        m_view->setData(samples::simulation());
        auto* filter = find<QLineEdit>("simulationFilter");
        filter->setText("triode");
        QCOMPARE(devices()->model()->rowCount(), 1);
        filter->setText("output");
        QCOMPARE(find<QTableView>("simulationNets")->model()->rowCount(), 1);
        filter->clear();
        QCOMPARE(devices()->model()->rowCount(), 15);
    }

    void sharesTheSelection() {
        m_view->setData(samples::simulation());
        QSignalSpy selected(m_view.get(), &SimulationView::devicesSelected);
        m_view->selectDevices({"m3"});
        QCOMPARE(selected.count(), 0);
        QCOMPARE(devices()->selectionModel()->selectedRows().size(), 1);
        devices()->selectRow(0);
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].toStringList(), QStringList{"M1"});
        m_view->setData(samples::simulation()); // simulated again
        QCOMPARE(devices()->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(selected.count(), 1);
    }

    void copiesAndExportsTables() {
        m_view->setData(samples::simulation());
        devices()->findChild<QAction*>("copy")->trigger();
        const QString text = QApplication::clipboard()->text();
        QVERIFY(text.startsWith("Device\tFunction\tRegion\tId (\u00b5A)\t"));
        QCOMPARE(text.count('\n'), 16);
        QSignalSpy exported(m_view.get(), &Panel::exportRequested);
        devices()->findChild<QAction*>("exportCsv")->trigger();
        QCOMPARE(exported.count(), 1);
        QVERIFY(exported[0][0].toByteArray().startsWith("device,function,region,id (A),gm (S)"));
    }

    void listsPerformancesWithVerdicts() {
        m_view->setData(samples::simulation());
        const QAbstractItemModel* model = find<QTableView>("simulationPerformances")->model();
        QCOMPARE(model->rowCount(), static_cast<int>(simulation::performanceInfos().size()));
        QCOMPARE(model->index(0, PerformanceModel::Value).data().toString(), QString("62.3 dB"));
        QCOMPARE(model->index(0, PerformanceModel::Verdict).data().toString(), QString("met"));
        QCOMPARE(model->index(1, PerformanceModel::Verdict).data().toString(), QString("failed"));
        QVERIFY(model->index(0, 0).data(Qt::ToolTipRole).toString().contains("20 log10"));
        QVERIFY(find<QLabel>("simulationNotes")->text().contains("gain margin"));
        SimulationData cached = samples::simulation();
        auto evaluation = std::make_shared<simulation::Evaluation>(*cached.evaluation);
        evaluation->fromCache = true;
        cached.evaluation = evaluation;
        m_view->setData(cached);
        QVERIFY(find<QLabel>("simulationOrigin")->text().contains("cache"));
    }

    void showsWhatFailedAndWhatIsThere() {
        SimulationData data = samples::simulation();
        auto evaluation = std::make_shared<simulation::Evaluation>();
        evaluation->operatingPoint = data.evaluation->operatingPoint;
        evaluation->error = Error{ErrorCode::Infeasible, "M4 is in its triode region.", {}, 0, {}};
        data.evaluation = evaluation;
        m_view->setData(data);
        m_view->showError("M4 is in its triode region.");
        QCOMPARE(m_view->state(), Panel::State::Error);
        QCOMPARE(devices()->model()->rowCount(), 15);
        QVERIFY(find<QLabel>("simulationNotes")->text().contains("triode"));
        QVERIFY(find<PlotView>("gainPlot")->isHidden() || !find<PlotView>("gainPlot")->isVisible());
    }

    void bodeCurvesAreMeasured() {
        const BodeCurves curves = bodeCurves(*samples::simulation().evaluation->curves->gain);
        QVERIFY(curves.transitFrequency && curves.phaseMargin && curves.gainMargin);
        QVERIFY(std::abs(*curves.transitFrequency - 12e6) < 1e6);
        QVERIFY(std::abs(*curves.phaseMargin - 63) < 3);
        QVERIFY(*curves.gainMargin > 10 && *curves.gainMargin < 30);
        QVERIFY(curves.phase.back() < -250); // unwrapped
    }

    void settlingIsMeasured() {
        simulation::StepResponse response;
        response.from = 0;
        response.to = 1;
        for (int i = 0; i <= 1000; ++i) {
            response.times.push_back(i * 1e-9);
            response.output.push_back(1 - std::exp(-i / 100.0));
        }
        const Settling settling = settlingOf(response);
        QVERIFY(settling.time && std::abs(*settling.time - 460e-9) < 3e-9);
        response.output.assign(response.output.size(), 1);
        QCOMPARE(settlingOf(response).time.value_or(-1), 0.0);
        response.output.back() = 2; // still on its way
        QVERIFY(!settlingOf(response).time);
        QVERIFY(!settlingOf({}).time);
    }

    void rangesJoinAtTheNominalLevel() {
        const auto evaluation = samples::simulation().evaluation;
        const auto& curves = *evaluation->curves;
        const auto whole = joined(curves.commonModeDown, curves.commonModeUp);
        QCOMPARE(whole.positions.size(), 81U);
        QVERIFY(std::is_sorted(whole.positions.begin(), whole.positions.end()));
        QVERIFY(joined({}, {}).positions.empty());
    }

    void cursorsReadAllPlotsOfAPage() {
        m_view->setData(samples::simulation());
        m_view->showPage(SimulationView::Page::Frequency);
        m_view->setCursorsVisible(true);
        auto* gain = find<PlotView>("gainPlot");
        auto* phase = find<PlotView>("phasePlot");
        gain->setFocus();
        const double before = gain->cursorPosition(PlotCursor::A);
        QTest::keyClick(gain, Qt::Key_Right);
        QVERIFY(gain->cursorPosition(PlotCursor::A) > before);
        QCOMPARE(phase->cursorPosition(PlotCursor::A), gain->cursorPosition(PlotCursor::A));
        QTest::keyClick(phase, Qt::Key_B);
        QTest::keyClick(phase, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(phase->cursorPosition(PlotCursor::B), gain->cursorPosition(PlotCursor::B));
        const QString readout = m_view->frequencyPage().plots().readout();
        QVERIFY2(readout.contains("gain") && readout.contains("phase") && readout.contains("Hz"),
                 qPrintable(readout));
        QVERIFY(!readout.contains("noise"));
        find<QCheckBox>("noiseVisible")->click();
        QVERIFY(m_view->frequencyPage().plots().readout().contains("noise"));
        m_view->setCursorsVisible(false);
        QVERIFY(!gain->cursorsVisible());
    }

    void stepReadoutHasSlopes() {
        m_view->setData(samples::simulation());
        m_view->showPage(SimulationView::Page::Step);
        m_view->setCursorsVisible(true);
        QVERIFY2(m_view->stepPage().plots().readout().contains("V/\u00b5s"),
                 qPrintable(m_view->stepPage().plots().readout()));
    }

    void remembersHowItWasLeft() {
        m_view->setData(samples::simulation());
        QSignalSpy changed(m_view.get(), &SimulationView::viewStateChanged);
        m_view->showPage(SimulationView::Page::Ranges);
        m_view->setCursorsVisible(true);
        find<QCheckBox>("noiseVisible")->click();
        devices()->horizontalHeader()->setSectionHidden(DevicePointModel::Vth, true);
        QVERIFY(changed.count() >= 4);
        SimulationView next;
        next.restoreViewState(m_view->viewState());
        QCOMPARE(next.page(), SimulationView::Page::Ranges);
        QVERIFY(next.cursorsVisible());
        QVERIFY(next.frequencyPage().noiseVisible());
        QVERIFY(next.findChild<QTableView*>("simulationDevices")->isColumnHidden(DevicePointModel::Vth));
    }

    void nonsenseInTheStateIsHarmless() {
        m_view->restoreViewState({{"page", 99},
                                  {"columns", "###"},
                                  {"sweepVariable", "M1 w"},
                                  {"sweepPoints", "x"},
                                  {"sweepCurves", QStringList{"no_such"}}});
        m_view->setData(samples::simulation());
        QCOMPARE(m_view->page(), SimulationView::Page::Sweep);
        QVERIFY(!devices()->isColumnHidden(DevicePointModel::Device));
    }

    void everythingIsNamedForScreenReaders() {
        m_view->setData(samples::simulation());
        for (const QWidget* widget : m_view->findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
            const auto* edit = qobject_cast<const QLineEdit*>(widget);
            const auto* table = qobject_cast<const QTableView*>(widget);
            if (edit != nullptr || table != nullptr)
                QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SimulationViewTest)
#include "simulation_view_test.moc"
