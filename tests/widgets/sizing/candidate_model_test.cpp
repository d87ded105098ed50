#include <QAbstractItemModelTester>
#include <QAction>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QtTest>

#include <cmath>

#include "core/sizing/exploration.h"
#include "tests/widgets/sample_data.h"
#include "widgets/common/table_export.h"
#include "widgets/sizing/candidate_model.h"
#include "widgets/sizing/candidate_table.h"

namespace headroom::widgets {

class CandidateModelTest final : public QObject {
    Q_OBJECT

private:
    static double gainAt(const CandidateModel& model, const ExplorationData& data, int row) {
        return data.candidates[static_cast<std::size_t>(model.candidateAt(row))].performances[0];
    }

private slots:
    void keepsTheRulesOfItemModels() {
        CandidateModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setData(samples::exploration(50));
        model.sort(CandidateModel::FirstPerformance, Qt::DescendingOrder);
        model.setBrushed({1, 2, 3});
        model.setFilter(CandidateFilter::Brushed);
        QCOMPARE(model.rowCount(), 3);
        model.setBrushed({4});
        QCOMPARE(model.rowCount(), 1);
        model.setFilter(CandidateFilter::All);
        model.setData(samples::exploration(70));
        QCOMPARE(model.rowCount(), 70);
        model.setData(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void showsFiguresInEngineeringUnits() {
        auto data = std::make_shared<ExplorationData>(*samples::exploration(1));
        data->candidates[0].performances[1] = 11.5e6;
        data->candidates[0].shortfall = 0.065;
        data->candidates[0].status = CandidateStatus::Failed;
        CandidateModel model;
        model.setData(data);
        const auto text = [&](int column) { return model.index(0, column).data().toString(); };
        QCOMPARE(text(CandidateModel::Number), QStringLiteral("1"));
        QCOMPARE(text(CandidateModel::Status), QStringLiteral("failed"));
        QCOMPARE(text(CandidateModel::Shortfall), QStringLiteral("6.5 %"));
        // 12.3 MHz is asked for: an arrow tells the way, not colour alone.
        QCOMPARE(text(CandidateModel::FirstPerformance + 1), QStringLiteral("\u2191 11.5 MHz"));
        QCOMPARE(model.index(0, CandidateModel::FirstPerformance + 1).data(ExportTextRole).toString(),
                 QStringLiteral("11500000"));
        QVERIFY(
            model.index(0, model.areaColumn()).data().toString().endsWith(QStringLiteral("\u00b5m\u00b2")));
        QVERIFY(!model.index(0, CandidateModel::Status).data(Qt::DecorationRole).value<QIcon>().isNull());
        QVERIFY(model.headerData(CandidateModel::FirstPerformance + 1, Qt::Horizontal, Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("Transit frequency")));
    }

    void sortsBothWaysWithTheMissingLast() {
        const auto data = samples::exploration(60);
        CandidateModel model;
        model.setData(data);
        for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(CandidateModel::FirstPerformance, order);
            bool missing = false;
            for (int row = 0; row < model.rowCount(); ++row) {
                const double gain = gainAt(model, *data, row);
                if (std::isnan(gain)) {
                    missing = true;
                    continue;
                }
                QVERIFY(!missing);
                if (row > 0) {
                    const double before = gainAt(model, *data, row - 1);
                    QVERIFY(order == Qt::AscendingOrder ? before <= gain : before >= gain);
                }
            }
            QVERIFY(missing);
        }
        QCOMPARE(model.rowOf(model.candidateAt(17)), 17);
    }

    void filtersByStatus() {
        const auto data = samples::exploration(100);
        const auto count = [&](auto wanted) {
            return static_cast<int>(std::count_if(data->candidates.begin(), data->candidates.end(), wanted));
        };
        const int met = count([](const CandidateRow& row) { return row.status == CandidateStatus::Met; });
        const int nearly =
            count([](const CandidateRow& row) { return row.status == CandidateStatus::NearlyMet; });
        QVERIFY(met > 0 && nearly > 0);
        CandidateModel model;
        model.setData(data);
        model.setFilter(CandidateFilter::Met);
        QCOMPARE(model.rowCount(), met);
        model.setFilter(CandidateFilter::MetOrNearly);
        QCOMPARE(model.rowCount(), met + nearly);
    }

    void predictedAndSimulatedFiguresStandApart() {
        const auto data = samples::rankedExploration(40);
        CandidateModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setData(data);
        const int row = model.rowOf(5);
        const auto cell = [&](int column, int role = Qt::DisplayRole) {
            return model.index(row, column).data(role);
        };
        QCOMPARE(cell(CandidateModel::FirstPerformance, ExportTextRole).toDouble(),
                 data->candidates[5].performances[0]);
        QCOMPARE(cell(model.firstPrediction(), ExportTextRole).toDouble(),
                 data->candidates[5].predictions[0]);
        QCOMPARE(cell(model.probabilityColumn()).toString(), QStringLiteral("13 %")); // 5 of 40
        QVERIFY(cell(model.firstPrediction(), Qt::FontRole).value<QFont>().italic());
        QVERIFY(!cell(CandidateModel::FirstPerformance, Qt::FontRole).isValid());
        QCOMPARE(model.headerData(model.firstPrediction(), Qt::Horizontal, ExportTextRole).toString(),
                 QStringLiteral("predicted_gain_db"));
        const int unranked = model.rowOf(30);
        QCOMPARE(model.index(unranked, model.firstPrediction()).data().toString(), QStringLiteral("\u2014"));
        // Columns that nobody fills are not shown.
        CandidateTable table;
        table.setData(samples::exploration(10));
        QVERIFY(table.view()->isColumnHidden(table.model()->probabilityColumn()));
        table.setData(nullptr);
        table.setData(data);
        QVERIFY(!table.view()->isColumnHidden(table.model()->firstPrediction()));
    }

    void pinnedCandidatesStandFirst() {
        auto data = std::make_shared<ExplorationData>(*samples::exploration(30));
        data->candidates[9].pinned = true; // has no result
        data->candidates[20].pinned = true;
        CandidateModel model;
        model.setData(data);
        for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
            model.sort(CandidateModel::FirstPerformance, order);
            QCOMPARE(model.candidateAt(0), 20);
            QCOMPARE(model.candidateAt(1), 9);
        }
        model.setFilter(CandidateFilter::Brushed);
        QCOMPARE(model.rowCount(), 2);
        CandidateTable table;
        table.setData(data);
        QSignalSpy pins(&table, &CandidateTable::pinRequested);
        table.choose(20);
        table.findChild<QAction*>(QStringLiteral("candidatePin"))->trigger();
        table.choose(4);
        table.findChild<QAction*>(QStringLiteral("candidatePin"))->trigger();
        QCOMPARE(pins.count(), 2);
        QCOMPARE(pins[0][1].toBool(), false);
        QCOMPARE(pins[1][0].value<std::vector<int>>(), std::vector<int>{4});
        QCOMPARE(pins[1][1].toBool(), true);
    }

    void notesAreWrittenInPlace() {
        CandidateTable table;
        table.resize(900, 400);
        table.show();
        table.setData(samples::rankedExploration(20));
        QSignalSpy notes(&table, &CandidateTable::noteEdited);
        table.choose(6);
        table.findChild<QAction*>(QStringLiteral("candidateNote"))->trigger();
        auto* editor = table.view()->findChild<QLineEdit*>();
        QVERIFY(editor != nullptr);
        QTest::keyClicks(editor, QStringLiteral("  keep an eye on noise "));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(notes.count(), 1);
        QCOMPARE(notes[0][0].toInt(), 6);
        QCOMPARE(notes[0][1].toString(), QStringLiteral("keep an eye on noise"));
        // The same words again are no edit; other columns cannot be edited.
        const QModelIndex cell = table.model()->index(table.model()->rowOf(3), table.model()->noteColumn());
        QCOMPARE(cell.data().toString(), QStringLiteral("least area so far"));
        table.model()->setData(cell, cell.data(), Qt::EditRole);
        QVERIFY(!table.model()->setData(cell.siblingAtColumn(0), 7, Qt::EditRole));
        QCOMPARE(notes.count(), 1);
    }

    void aHundredThousandRows() {
        const auto data = samples::exploration(100000);
        CandidateTable table;
        table.resize(900, 500);
        table.show();
        table.setData(data);
        QCOMPARE(table.model()->rowCount(), 100000);
        table.view()->sortByColumn(CandidateModel::Shortfall, Qt::AscendingOrder);
        table.view()->scrollToBottom();
        table.choose(54321);
        QCOMPARE(table.view()->currentIndex().data(CandidateModel::CandidateIndexRole).toInt(), 54321);
        QSignalSpy selected(&table, &CandidateTable::selected);
        table.view()->selectAll();
        QCOMPARE(selected.count(), 1);
        QCOMPARE(selected[0][0].value<std::vector<int>>().size(), 100000U);
        table.setBrushed(selected[0][0].value<std::vector<int>>());
        table.model()->setFilter(CandidateFilter::Met);
        QVERIFY(table.model()->rowCount() > 0);
        QVERIFY(table.grab().toImage().pixelColor(5, 5).isValid());
    }

    void statusFollowsFromTheEvaluation() {
        sizing::Candidate candidate;
        QCOMPARE(candidateStatus(candidate), CandidateStatus::Predicted);
        candidate.evaluation.performances[simulation::Performance::GainDb] = 60;
        candidate.shortfall = 0;
        QCOMPARE(candidateStatus(candidate), CandidateStatus::Met);
        candidate.shortfall = 0.03;
        QCOMPARE(candidateStatus(candidate), CandidateStatus::NearlyMet);
        QCOMPARE(candidateStatus(candidate, 0.01), CandidateStatus::Failed);
        candidate.shortfall = std::nan("");
        QCOMPARE(candidateStatus(candidate), CandidateStatus::Failed);
        candidate.evaluation.error = Error{ErrorCode::Convergence, "No solution.", {}, 0, {}};
        QCOMPARE(candidateStatus(candidate), CandidateStatus::NoResult);
    }

    void explorationsAreTakenOver() {
        sizing::Exploration exploration;
        exploration.specification = sizing::Specification::reaching(
            {simulation::Performance::GainDb, simulation::Performance::Area}, {60, 1e-10});
        exploration.candidates.resize(2);
        exploration.candidates[0].values = {1e-6, 2e-6, 0.5e-6};
        exploration.candidates[0].shortfall = 0;
        exploration.candidates[0].evaluation.performances = {{simulation::Performance::GainDb, 61},
                                                             {simulation::Performance::Area, 9e-11}};
        exploration.candidates[0].evaluation.operatingPoint = *samples::operatingPoint();
        exploration.candidates[1].values = {3e-6, 4e-6, 0.5e-6};
        exploration.candidates[1].evaluation.error =
            Error{ErrorCode::Convergence, "No solution.", {}, 0, "node out"};
        exploration.groundTruth = sizing::DataRow{{5e-6, 6e-6, 1e-6}, {60, 1e-10}};
        exploration.seed = 42;
        const std::vector<std::pair<std::string, std::size_t>> widths{{"M1", 0}, {"M2", 0}, {"M3", 1}};
        const ExplorationData data = explorationData(exploration, widths);
        QCOMPARE(data.candidates.size(), 2U);
        QCOMPARE(data.widthNames.size(), 3U);
        QCOMPARE(data.candidates[0].widths, (std::vector<double>{1e-6, 1e-6, 2e-6}));
        QCOMPARE(data.candidates[0].performances, (std::vector<double>{61, 9e-11}));
        QCOMPARE(data.candidates[0].area, 9e-11);
        QCOMPARE(data.candidates[0].worstDevice, QStringLiteral("M4"));
        QCOMPARE(data.candidates[1].status, CandidateStatus::NoResult);
        QVERIFY(std::isnan(data.candidates[1].performances[0]));
        QVERIFY(std::isnan(data.candidates[1].saturationMargin));
        QVERIFY(data.candidates[1].error.contains(QStringLiteral("node out")));
        QCOMPARE(*data.truthWidths, (std::vector<double>{5e-6, 5e-6, 6e-6}));
        QVERIFY(data.caption.contains(QStringLiteral("seed 42")));
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::CandidateModelTest)
#include "candidate_model_test.moc"
