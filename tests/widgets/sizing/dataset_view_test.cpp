#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include <cmath>

#include "tests/widgets/sample_data.h"
#include "widgets/common/sample_plot.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/dataset_view.h"
#include "widgets/sizing/histogram_grid.h"
#include "widgets/common/sample_models.h"

namespace headroom::widgets {

class DatasetViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DatasetView> m_view;
    std::shared_ptr<const DatasetData> m_data;

    QTableView* table(const char* name) const { return m_view->findChild<QTableView*>(QLatin1String(name)); }
    SamplePlot* plot(const char* page) const {
        return m_view->findChild<QWidget*>(QLatin1String(page))->findChild<SamplePlot*>();
    }

private slots:
    void init() {
        m_view = std::make_unique<DatasetView>();
        m_data = samples::dataset();
        m_view->setData(m_data);
        m_view->resize(1000, 700);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void emptyWithoutADataSet() {
        DatasetView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        view.chooseSample(3);
        QCOMPARE(view.chosenSample(), -1);
        m_view->setData(nullptr);
        QCOMPARE(m_view->state(), Panel::State::Empty);
    }

    void rowsAreToldApart() {
        QCOMPARE(m_data->rows, 90U);
        QCOMPARE(m_data->samples->rowCount(), 120U);
        const auto& classOf = m_data->samples->classOf;
        QCOMPARE(std::count(classOf.begin(), classOf.end(), 1), 10);
        QCOMPARE(std::count(classOf.begin(), classOf.end(), 2), 30);
        QCOMPARE(static_cast<int>(classOf[8]), 1);
        QVERIFY(m_data->caption.contains(QStringLiteral("90 rows, 10 of them held out; 30 drawings")));
        const SampleColumn& margin = m_data->samples->columns.back();
        QCOMPARE(margin.values[0], 0.05);
        QCOMPARE(margin.values[119], -0.05);
        QVERIFY(std::isnan(m_data->samples->columns[0].values[100])); // turned down: no performances
    }

    void coverageSaysHowMuchOfTheRangeThereIs() {
        auto* grid = m_view->findChild<HistogramGrid*>(QStringLiteral("coverageHistograms"));
        QCOMPARE(grid->count(), 7);
        const HistogramCell* width = grid->cell(3);
        QCOMPARE(width->data().title, QStringLiteral("M1,M2 w"));
        const auto& values = m_data->samples->columns[3].values;
        const auto [low, high] = std::minmax_element(values.begin(), values.begin() + 90);
        const int percent =
            static_cast<int>(std::lround(100 * std::log(*high / *low) / std::log(900e-6 / 90e-9)));
        QCOMPARE(width->findChild<QLabel*>(QStringLiteral("histogramTarget"))->text(),
                 QStringLiteral("covers %1 %").arg(percent));
        QCOMPARE(grid->cell(0)->findChild<QLabel*>(QStringLiteral("histogramFigure0"))->text(),
                 QStringLiteral("n 90"));
    }

    void aRowBecomesTheSpecification() {
        QSignalSpy wanted(m_view.get(), &DatasetView::specificationRequested);
        auto* use = m_view->findChild<QPushButton*>(QStringLiteral("datasetUseRow"));
        QVERIFY(!use->isEnabled());
        m_view->showPage(DatasetView::Page::Rows);
        auto* rows = table("datasetRows");
        rows->sortByColumn(SampleRowsModel::FirstQuantity, Qt::DescendingOrder);
        rows->setCurrentIndex(rows->model()->index(0, 0));
        use->click();
        QCOMPARE(wanted.count(), 1);
        const auto& gains = m_data->samples->columns[0].values;
        const auto best = std::max_element(gains.begin(), gains.begin() + 90) - gains.begin();
        QCOMPARE(wanted[0][0].toInt(), static_cast<int>(best));
        QCOMPARE(plot("datasetScatter")->scene().chosen, static_cast<int>(best));
        m_view->chooseSample(100); // a drawing that was turned down has no performances
        QVERIFY(!use->isEnabled());
    }

    void asksForMoreRowsOrOthers() {
        QSignalSpy extended(m_view.get(), &DatasetView::extensionRequested);
        QSignalSpy imported(m_view.get(), &DatasetView::importRequested);
        m_view->findChild<QToolButton*>(QStringLiteral("datasetExtend"))->click();
        m_view->findChild<QToolButton*>(QStringLiteral("datasetImport"))->click();
        QCOMPARE(extended.count(), 1);
        QCOMPARE(imported.count(), 1);
    }

    void oneBrushForAllPages() {
        RowBrush brush;
        brush.add({{{QStringLiteral("gain_db"), 60, 1e3}}});
        m_view->showPage(DatasetView::Page::Parallel);
        emit plot("datasetParallel")->brushEdited(brush);
        std::vector<int> expected;
        for (int row = 0; row < 90; ++row) {
            if (m_data->samples->columns[0].values[static_cast<std::size_t>(row)] >= 60)
                expected.push_back(row);
        }
        QCOMPARE(m_view->brushed(), expected);
        QVERIFY(m_view->findChild<QLabel*>(QStringLiteral("datasetSummary"))
                    ->text()
                    .contains(QStringLiteral("%1 brushed").arg(expected.size())));
        m_view->showPage(DatasetView::Page::Rows);
        m_view->findChild<QCheckBox*>(QStringLiteral("datasetOnlyBrushed"))->setChecked(true);
        QCOMPARE(table("datasetRows")->model()->rowCount(), static_cast<int>(expected.size()));
        m_view->showPage(DatasetView::Page::Statistics);
        QCOMPARE(table("datasetStatistics")->model()->index(0, StatisticsModel::Count).data().toInt(),
                 static_cast<int>(expected.size()));
        auto* grid = m_view->findChild<HistogramGrid*>(QStringLiteral("coverageHistograms"));
        emit grid->cell(0)->brushed(QStringLiteral("gain_db"), {3}, Qt::NoModifier);
        QCOMPARE(m_view->brushed(), std::vector<int>{3});
        m_view->findChild<QAction*>(QStringLiteral("datasetClearBrush"))->trigger();
        QVERIFY(m_view->brushed().empty());
        m_view->showPage(DatasetView::Page::Rows);
        QCOMPARE(table("datasetRows")->model()->rowCount(), 120);
    }

    void correlationsAreThoseOfThePairs() {
        m_view->showPage(DatasetView::Page::Correlation);
        const auto* model = table("correlationTable")->model();
        QCOMPARE(model->rowCount(), 7);
        QCOMPARE(model->columnCount(), 8);
        // f_t is W of the pair, up to a factor.
        const int width = m_data->samples->columnOf(QStringLiteral("M1,M2 w"));
        QCOMPARE(model->index(1, width + 1).data(ExportTextRole).toDouble(), 1.0);
        QCOMPARE(model->index(width, 2).data(ExportTextRole).toDouble(), 1.0);
        QVERIFY(model->index(1, width + 1).data(Qt::BackgroundRole).isValid());
        QSignalSpy exported(m_view.get(), &Panel::exportRequested);
        table("correlationTable")->findChild<QAction*>(QStringLiteral("exportCsv"))->trigger();
        QVERIFY(exported[0][0].toByteArray().startsWith("quantity,gain_db,transit_frequency,power,"));
    }

    void modelsKeepTheRules() {
        StatisticsModel statistics;
        CorrelationModel correlation;
        SampleRowsModel rows;
        using Mode = QAbstractItemModelTester::FailureReportingMode;
        QAbstractItemModelTester first(&statistics, Mode::QtTest), second(&correlation, Mode::QtTest),
            third(&rows, Mode::QtTest);
        for (const auto& samples : {m_data->samples, std::shared_ptr<const SampleTable>()}) {
            statistics.setSamples(samples, {});
            correlation.setSamples(samples);
            rows.setSamples(samples);
            rows.sort(4, Qt::DescendingOrder);
            rows.setMarked(std::vector<std::uint8_t>(120, 1), true);
        }
        QCOMPARE(rows.rowCount(), 0);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::DatasetViewTest)
#include "dataset_view_test.moc"
