#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

#include <cmath>

#include "tests/widgets/sample_data.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/sample_models.h"
#include "widgets/common/sample_plot.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/candidate_table.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/sizing/operating_point_table.h"
#include "widgets/sizing/sizing_view.h"

namespace headroom::widgets {

class SizingViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<SizingView> m_view;
    std::shared_ptr<const ExplorationData> m_data;

    HistogramGrid* performances() const {
        return m_view->findChild<HistogramGrid*>(QStringLiteral("performanceHistograms"));
    }
    HistogramGrid* widths() const {
        return m_view->findChild<HistogramGrid*>(QStringLiteral("widthHistograms"));
    }
    CandidateTable* candidates() const { return m_view->findChild<CandidateTable*>(); }
    QTableView* table() const { return m_view->findChild<QTableView*>(QStringLiteral("candidateTable")); }
    QTabWidget* tabs() const { return m_view->findChild<QTabWidget*>(QStringLiteral("sizingHistograms")); }
    QString summary() const { return m_view->findChild<QLabel*>(QStringLiteral("sizingSummary"))->text(); }

    void selectRow(int row) const {
        table()->selectionModel()->setCurrentIndex(
            table()->model()->index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }

    static void clickBin(HistogramCell* cell, int bin, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        PlotView* plot = cell->plot();
        QWidget* canvas = plot->childAt(plot->rect().center());
        QTest::mouseClick(canvas, Qt::LeftButton, modifiers, canvas->mapFrom(plot, plot->binCentre(bin)));
    }

private slots:
    void init() {
        m_view = std::make_unique<SizingView>();
        m_data = samples::exploration(100, 10);
        m_view->setData(m_data);
        m_view->resize(1000, 800);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void emptyWithoutCandidates() {
        SizingView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        view.setData(std::make_shared<ExplorationData>());
        QCOMPARE(view.state(), Panel::State::Empty);
        view.chooseCandidate(3);
        QCOMPARE(view.chosenCandidate(), -1);
        view.setOperatingPoint(3, samples::operatingPoint());
    }

    void oneHistogramForEachPerformanceAndWidth() {
        QCOMPARE(performances()->count(), 10);
        tabs()->setCurrentIndex(1);
        QCOMPARE(widths()->count(), 15);
        const HistogramCell* gain = performances()->cell(0);
        QCOMPARE(gain->data().title, QStringLiteral("Gain"));
        std::size_t counted = 0;
        for (const std::size_t count : gain->histogram().counts)
            counted += count;
        const auto withResult = static_cast<std::size_t>(
            std::count_if(m_data->candidates.begin(), m_data->candidates.end(),
                          [](const CandidateRow& row) { return std::isfinite(row.performances[0]); }));
        QCOMPARE(counted, withResult);
        QCOMPARE(gain->findChild<QLabel*>(QStringLiteral("histogramFigure0"))->text(),
                 QStringLiteral("n %1").arg(withResult));
        QCOMPARE(gain->findChild<QLabel*>(QStringLiteral("histogramTarget"))->text(),
                 QStringLiteral("\u2265\u00a062.4\u00a0dB"));
    }

    void figuresUnderTheHistogramAreThoseOfTheSample() {
        ExplorationData data;
        data.performances = {simulation::Performance::TransitFrequency};
        for (const double value : {1e6, 2e6, 3e6, 6e6}) {
            CandidateRow row;
            row.number = static_cast<int>(data.candidates.size()) + 1;
            row.status = CandidateStatus::Met;
            row.performances = {value};
            data.candidates.push_back(row);
        }
        m_view->setData(std::make_shared<const ExplorationData>(data));
        QStringList figures;
        for (int figure = 0; figure < 6; ++figure) {
            figures << performances()
                           ->cell(0)
                           ->findChild<QLabel*>(QStringLiteral("histogramFigure%1").arg(figure))
                           ->text();
        }
        QCOMPARE(figures.join(QStringLiteral("; ")),
                 QStringLiteral("n 4; mean 3; \u03c3 2.16; min 1; med 2.5; max 6 MHz"));
        const auto label = [this](int figure) {
            return performances()->cell(0)->findChild<QLabel*>(
                QStringLiteral("histogramFigure%1").arg(figure));
        };
        QCOMPARE(label(6)->text(), QStringLiteral("5 % 1.15"));
        QCOMPARE(label(7)->text(), QStringLiteral("95 % 5.55"));
        QVERIFY(!label(8)->isVisible()); // no target, no capability
        data.requirements = {sizing::Requirement::reaching(data.performances.front(), 1e6)};
        m_view->setData(std::make_shared<const ExplorationData>(data));
        QVERIFY(label(8)->isVisible());
        QCOMPARE(label(8)->text(), QStringLiteral("Cpk 0.309")); // (3 - 1) / (3 * 2.160)
    }

    void thePageThatIsHiddenWaits() {
        QCOMPARE(widths()->count(), 0);
        tabs()->setCurrentIndex(1);
        QCOMPARE(widths()->cell(0)->data().values.size(), 100U);
        QCOMPARE(widths()->cell(0)->data().title, QStringLiteral("W of M1"));
    }

    void clickingABarMarksItsCandidatesEverywhere() {
        QSignalSpy brushed(m_view.get(), &SizingView::candidatesBrushed);
        HistogramCell* gain = performances()->cell(0);
        const auto& counts = gain->histogram().counts;
        const int bin = static_cast<int>(std::max_element(counts.begin(), counts.end()) - counts.begin());
        clickBin(gain, bin);
        QCOMPARE(brushed.count(), 1);
        QCOMPARE(m_view->brushed().size(), counts[static_cast<std::size_t>(bin)]);
        QCOMPARE(m_view->brushed(), gain->candidatesIn(bin, bin));
        QVERIFY(summary().contains(QStringLiteral("%1 brushed").arg(m_view->brushed().size())));
        const int row = candidates()->model()->rowOf(m_view->brushed().front());
        QVERIFY(candidates()->model()->index(row, 0).data(Qt::BackgroundRole).isValid());

        // Shift adds, Ctrl removes, another quantity narrows, Escape ends.
        const std::vector<int> before = m_view->brushed();
        int other = bin > 0 ? bin - 1 : bin + 1;
        while (counts[static_cast<std::size_t>(other)] == 0)
            other = (other + 1) % static_cast<int>(counts.size());
        clickBin(gain, other, Qt::ShiftModifier);
        std::vector<int> both = gain->candidatesIn(other, other);
        both.insert(both.end(), before.begin(), before.end());
        std::sort(both.begin(), both.end());
        QCOMPARE(m_view->brushed(), both);
        clickBin(gain, other, Qt::ControlModifier);
        QCOMPARE(m_view->brushed(), before);
        HistogramCell* power = performances()->cell(3);
        const int middle = static_cast<int>(power->histogram().counts.size()) / 2;
        emit power->brushed(power->data().key, power->candidatesIn(0, middle), Qt::NoModifier);
        std::vector<int> narrowed;
        const std::vector<int> low = power->candidatesIn(0, middle);
        std::set_intersection(before.begin(), before.end(), low.begin(), low.end(),
                              std::back_inserter(narrowed));
        QVERIFY(narrowed.size() < before.size());
        QCOMPARE(m_view->brushed(), narrowed);
        // No bar: this quantity has no brush any more, the other has.
        emit power->brushed(power->data().key, {}, Qt::NoModifier);
        QCOMPARE(m_view->brushed(), before);
        m_view->findChild<QAction*>(QStringLiteral("sizingClearBrush"))->trigger();
        QVERIFY(m_view->brushed().empty());
    }

    void onePlotsBrushMarksEverywhere() {
        m_view->setData(samples::rankedExploration());
        tabs()->setCurrentIndex(3);
        auto* plot =
            m_view->findChild<QWidget*>(QStringLiteral("candidateParallel"))->findChild<SamplePlot*>();
        QTRY_VERIFY(plot->isComplete());
        QCOMPARE(plot->shownColumns().size(), 10);
        QSignalSpy brushed(m_view.get(), &SizingView::candidatesBrushed);
        RowBrush brush;
        brush.add({{{QStringLiteral("M1,M2 w"), 0, 4e-6}}});
        emit plot->brushEdited(brush);
        QCOMPARE(brushed.count(), 1);
        std::vector<int> expected;
        for (int i = 0; i < 40; ++i) {
            if (samples::rankedExploration()->candidates[static_cast<std::size_t>(i)].values[0] <= 4e-6)
                expected.push_back(i);
        }
        QVERIFY(!expected.empty());
        QCOMPARE(m_view->brushed(), expected);
        QVERIFY(plot->scene().anyMarked);
        auto* scatter =
            m_view->findChild<QWidget*>(QStringLiteral("candidateScatter"))->findChild<SamplePlot*>();
        QCOMPARE(scatter->scene().brush, brush);
        const int row = candidates()->model()->rowOf(expected.front());
        QVERIFY(candidates()->model()->index(row, 0).data(Qt::BackgroundRole).isValid());
        // New results are judged by the same brush.
        m_view->setData(samples::rankedExploration(20));
        QCOMPARE(scatter->scene().brush, brush);
        QVERIFY(m_view->brushed().size() < expected.size() + 1);
        QSignalSpy chosen(m_view.get(), &SizingView::candidateChosen);
        emit plot->rowChosen(7);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(m_view->chosenCandidate(), 7);
        QCOMPARE(scatter->scene().chosen, 7);
        m_view->setData(nullptr);
        QVERIFY(m_view->brushed().empty());
    }

    void convergenceShowsTheLeastShortfallSoFar() {
        auto data = std::make_shared<ExplorationData>(*samples::exploration(5, 0));
        const std::vector<double> shortfalls{0.4, 0.6, 0, 0.1, 0.02};
        for (std::size_t i = 0; i < shortfalls.size(); ++i) {
            data->candidates[i].shortfall = shortfalls[i];
            data->candidates[i].status = CandidateStatus::Failed;
        }
        data->candidates[2].status = CandidateStatus::NoResult;
        data->candidates[4].status = CandidateStatus::Predicted;
        m_view->setData(data);
        auto* plot = m_view->findChild<PlotView*>(QStringLiteral("candidateConvergence"));
        QVERIFY(plot != nullptr);
        // Of five one failed and one was not simulated.
        QVERIFY(plot->csv().contains("candidates,4,10"));
        QVERIFY(!plot->csv().contains("candidates,3,") && !plot->csv().contains("candidates,5,"));
        QCOMPARE(plot->valueAt(QStringLiteral("least so far"), 1), 40.0);
        QCOMPARE(plot->valueAt(QStringLiteral("least so far"), 3), 40.0);
        QCOMPARE(plot->valueAt(QStringLiteral("least so far"), 4), 10.0);
        m_view->setData(nullptr);
        QVERIFY(!plot->csv().contains("least so far"));
    }

    void plotsKeepTheirColumns() {
        m_view->setData(samples::rankedExploration());
        tabs()->setCurrentIndex(2);
        auto* plot =
            m_view->findChild<QWidget*>(QStringLiteral("candidateScatter"))->findChild<SamplePlot*>();
        QSignalSpy changed(m_view.get(), &SizingView::viewStateChanged);
        plot->setColumnShown(QStringLiteral("predicted_gain_db"), true);
        plot->setColumnShown(QStringLiteral("power"), false);
        emit plot->columnsChanged();
        QCOMPARE(changed.count(), 1);
        SizingView next;
        next.setData(samples::rankedExploration());
        next.restoreViewState(m_view->viewState());
        QCOMPARE(next.findChild<QWidget*>(QStringLiteral("candidateScatter"))
                     ->findChild<SamplePlot*>()
                     ->shownColumns(),
                 plot->shownColumns());
    }

    void candidatesAreComparedSideBySide() {
        m_view->setData(samples::rankedExploration());
        auto* compare = m_view->findChild<QAction*>(QStringLiteral("candidateCompare"));
        selectRow(0);
        QVERIFY(!compare->isEnabled());
        table()->selectionModel()->select(
            QItemSelection(table()->model()->index(0, 0), table()->model()->index(2, 0)),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        QVERIFY(compare->isEnabled());
        compare->trigger();
        auto* comparison = m_view->findChild<QTableView*>(QStringLiteral("comparisonTable"));
        QVERIFY(comparison->isVisible());
        const auto* model = comparison->model();
        QCOMPARE(model->columnCount(), 6); // quantity, three candidates, two differences
        // The pinned candidate stands first in the table, the comparison is by number.
        QCOMPARE(model->headerData(1, Qt::Horizontal).toString(), QStringLiteral("No. 1"));
        QCOMPARE(model->headerData(3, Qt::Horizontal).toString(), QStringLiteral("to No. 1"));
        const auto data = samples::rankedExploration();
        const double first = data->candidates[0].performances[0],
                     second = data->candidates[1].performances[0];
        QCOMPARE(model->index(0, 3).data(ExportTextRole).toDouble(), (second - first) / first);
        QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("Gain"));
        table()->selectAll();
        QVERIFY(!compare->isEnabled());
    }

    void statisticsAreThoseOfTheBrushed() {
        auto* statistics = m_view->findChild<QTableView*>(QStringLiteral("statisticsTable"));
        m_view->findChild<QTabWidget*>(QStringLiteral("sizingTables"))->setCurrentIndex(3);
        const auto count = [&] {
            return statistics->model()->index(0, StatisticsModel::Count).data().toInt();
        };
        const int all = count();
        QVERIFY(all > 50);
        m_view->brush({1, 2, 3, 4});
        QCOMPARE(count(), 4);
        std::vector<double> gains;
        for (const std::size_t row : {1U, 2U, 3U, 4U})
            gains.push_back(m_data->candidates[row].performances[0]);
        const Summary summary = summarise(gains);
        const auto exported = [&](int column) {
            return statistics->model()->index(0, column).data(ExportTextRole).toDouble();
        };
        QCOMPARE(exported(StatisticsModel::Mean), summary.mean);
        QCOMPARE(exported(StatisticsModel::NinetyFifth), summary.ninetyFifth);
        QCOMPARE(exported(StatisticsModel::Capability), (summary.mean - 62.4) / (3 * summary.deviation));
        QSignalSpy handedOver(m_view.get(), &Panel::exportRequested);
        statistics->findChild<QAction*>(QStringLiteral("exportCsv"))->trigger();
        QVERIFY(
            handedOver[0][0].toByteArray().startsWith("quantity,count,mean,deviation,minimum,percentile_5"));
    }

    void choosingARowMarksTheCandidate() {
        QSignalSpy chosen(m_view.get(), &SizingView::candidateChosen);
        auto* exportButton = m_view->findChild<QPushButton*>(QStringLiteral("sizingExport"));
        QVERIFY(!exportButton->isEnabled());
        selectRow(4);
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toInt(), 4);
        QCOMPARE(m_view->chosenCandidate(), 4);
        QSignalSpy exported(m_view.get(), &SizingView::sizingExportRequested);
        exportButton->click();
        QCOMPARE(exported[0][0].toInt(), 4);
        QSignalSpy targets(m_view.get(), &SizingView::targetsFromCandidateRequested);
        m_view->findChild<QPushButton*>(QStringLiteral("sizingUseAsTargets"))->click();
        QCOMPARE(targets[0][0].toInt(), 4);
    }

    void choosingFromOutsideEmitsNothing() {
        QSignalSpy chosen(m_view.get(), &SizingView::candidateChosen);
        m_view->chooseCandidate(7);
        QCOMPARE(chosen.count(), 0);
        QCOMPARE(table()->currentIndex().row(), 7);
        m_view->chooseCandidate(-1);
        QCOMPARE(chosen.count(), 0);
        QVERIFY(!table()->selectionModel()->hasSelection());
    }

    void severalRowsAreABrush() {
        QSignalSpy brushed(m_view.get(), &SizingView::candidatesBrushed);
        selectRow(2);
        QCOMPARE(brushed.count(), 0);
        table()->selectionModel()->select(
            QItemSelection(table()->model()->index(2, 0), table()->model()->index(5, 0)),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        QCOMPARE(brushed.count(), 1);
        QCOMPARE(m_view->brushed(), (std::vector<int>{2, 3, 4, 5}));
    }

    void newResultsKeepChoiceBrushAndSorting() {
        table()->sortByColumn(CandidateModel::FirstPerformance, Qt::DescendingOrder);
        m_view->chooseCandidate(7);
        m_view->brush({1, 2, 95});
        QSignalSpy chosen(m_view.get(), &SizingView::candidateChosen);
        m_view->setData(samples::exploration(90));
        QCOMPARE(m_view->chosenCandidate(), 7);
        QCOMPARE(m_view->brushed(), (std::vector<int>{1, 2}));
        QCOMPARE(table()->currentIndex().data(CandidateModel::CandidateIndexRole).toInt(), 7);
        QCOMPARE(chosen.count(), 0);
        const auto gain = [this](int row) {
            return m_view->findChild<CandidateTable*>()
                ->model()
                ->index(row, CandidateModel::FirstPerformance)
                .data(Qt::UserRole)
                .toInt();
        };
        const auto data = samples::exploration(90);
        QVERIFY(data->candidates[static_cast<std::size_t>(gain(0))].performances[0] >=
                data->candidates[static_cast<std::size_t>(gain(1))].performances[0]);
    }

    void excludedCandidatesLeaveTheHistograms() {
        QSignalSpy wanted(m_view.get(), &SizingView::exclusionRequested);
        selectRow(0);
        table()->setFocus();
        QTest::keyClick(table(), Qt::Key_Delete);
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted[0][0].value<std::vector<int>>(), std::vector<int>{0});
        QCOMPARE(wanted[0][1].toBool(), true);
        auto changed = std::make_shared<ExplorationData>(*m_data);
        changed->candidates[0].excluded = true;
        const auto before =
            performances()->cell(0)->findChild<QLabel*>(QStringLiteral("histogramFigure0"))->text();
        m_view->setData(changed);
        QVERIFY(performances()->cell(0)->findChild<QLabel*>(QStringLiteral("histogramFigure0"))->text() !=
                before);
        QVERIFY(summary().contains(QStringLiteral("1 excluded")));
    }

    void theOperatingPointNamesTheWorstDevice() {
        m_view->chooseCandidate(3);
        m_view->setOperatingPoint(3, samples::operatingPoint());
        auto* caption = m_view->findChild<QLabel*>(QStringLiteral("operatingPointCaption"));
        QVERIFY(caption->text().contains(QStringLiteral("Candidate 4")));
        QVERIFY(caption->text().contains(QStringLiteral("134.5 \u00b5A")));
        auto* point = m_view->findChild<QTableView*>(QStringLiteral("operatingPointTable"));
        QCOMPARE(point->model()->rowCount(), 15);
        QCOMPARE(point->model()->index(1, OperatingPointModel::Device).data().toString(),
                 QStringLiteral("M2"));
        QCOMPARE(point->model()->index(3, OperatingPointModel::Region).data().toString(),
                 QStringLiteral("triode"));
        QCOMPARE(point->model()->index(0, OperatingPointModel::GmOverId).data().toString(),
                 QStringLiteral("9 /V"));
        m_view->setOperatingPoint(9, nullptr);
        QVERIFY(caption->text().contains(QStringLiteral("did not converge")));
        QCOMPARE(point->model()->rowCount(), 0);
    }

    void theSummaryCountsEveryStatus() {
        int met = 0;
        for (const CandidateRow& row : m_data->candidates)
            met += row.status == CandidateStatus::Met ? 1 : 0;
        QVERIFY(summary().startsWith(QStringLiteral("%1 met").arg(met)));
        QVERIFY(summary().contains(QStringLiteral("10 not simulated")));
        QVERIFY(summary().contains(m_data->caption));
    }

    void histogramsUseTheWidth() {
        QCOMPARE(performances()->columnCount() >= 2, true);
        const int before = performances()->columnCount();
        m_view->resize(2200, 1200);
        QTRY_VERIFY(performances()->columnCount() > before);
        m_view->resize(300, 700);
        QTRY_COMPARE(performances()->columnCount(), 1);
    }

    void picturesAndTablesAreHandedOver() {
        QSignalSpy exported(m_view.get(), &Panel::exportRequested);
        table()->findChild<QAction*>(QStringLiteral("exportCsv"))->trigger();
        emit performances()->cell(0)->plot()->exportRequested("x", QStringLiteral("Gain.png"));
        QCOMPARE(exported.count(), 2);
        QVERIFY(exported[0][0].toByteArray().startsWith("number,status,shortfall,gain_db,transit_frequency"));
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SizingViewTest)
#include "sizing_view_test.moc"
