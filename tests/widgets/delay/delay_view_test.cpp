#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QTableWidget>
#include <QtTest>

#include <cmath>

#include "core/base/csv.h"
#include "tests/widgets/delay/delay_samples.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/sample_models.h"
#include "widgets/common/table_export.h"
#include "widgets/delay/delay_view.h"
#include "widgets/delay/density_grid.h"
#include "widgets/delay/range_edit.h"
#include "widgets/delay/table_import_dialog.h"

namespace headroom::widgets {

class DelayViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<DelayView> m_view;

    template <class T>
    T* find(const char* name) {
        return m_view->findChild<T*>(QLatin1String(name));
    }
    static RangeEdit& ranged(RangeEdit& edit, const char* low, const char* high) {
        edit.findChild<QLineEdit*>(edit.objectName() + "Low")->setText(low);
        edit.findChild<QLineEdit*>(edit.objectName() + "High")->setText(high);
        return edit;
    }

private slots:
    void init() {
        m_view = std::make_unique<DelayView>();
        m_view->resize(1200, 800);
        m_view->show();
    }
    void cleanup() { m_view.reset(); }

    void rangesAreQuantitiesOrOneOfThem() {
        RangeEdit load("load", "Load", "F");
        const auto range = ranged(load, "1f", "20 fF").range();
        QVERIFY(range && range->low == 1e-15 && std::abs(range->high - 20e-15) < 1e-28);
        QVERIFY(ranged(load, "3 fF", "").range().value().isFixed());
        QVERIFY(!ranged(load, "", "").range());
        QVERIFY(!ranged(load, "20f", "1f").range());
        QVERIFY(!ranged(load, "1 V", "").range());
        QVERIFY(!load.findChild<QLineEdit*>("loadLow")->toolTip().isEmpty());
        load.setRange({2e-15, 4e-15});
        QCOMPARE(load.findChild<QLineEdit*>("loadHigh")->text(), QString("4 fF"));
        QVERIFY(load.findChild<QLineEdit*>("loadLow")->toolTip().isEmpty());
        RangeEdit temperature("temperature", "Temperature", "C");
        QCOMPARE(ranged(temperature, "-40", "125 C").range(), (delay::Range{-40, 125}));
        RangeEdit supply("supply", "Supply", "V", "automatic");
        QCOMPARE(ranged(supply, "", "").range(), delay::Range{});
    }

    void nothingCanBeMadeOfNoRows() {
        QVERIFY(find<QLabel>("delayBegin")->isVisible());
        QVERIFY(find<QPushButton>("delaySimulate")->isEnabled());
        for (const char* name :
             {"delayMake", "delayClear", "delayResimulate", "delayJudge", "delayCompare"}) {
            QVERIFY2(!find<QPushButton>(name)->isEnabled(), name);
            QVERIFY2(find<QPushButton>(name)->toolTip().contains("no rows"), name);
        }
    }

    void rowsAreShownByTheirKind() {
        const auto data = delayTableData(samples::delayTable());
        QCOMPARE(data->known, 140U);
        QCOMPARE(data->heldOut, 60U);
        QCOMPARE(data->synthetic, 300U);
        QCOMPARE(data->targets.size(), 15);
        QCOMPARE(std::count_if(data->samples->columns.begin(), data->samples->columns.end(),
                               [](const SampleColumn& column) { return column.shownAtFirst; }),
                 6);
        m_view->setData(data);
        const auto* rows = find<QTableView>("delayRows")->model();
        QCOMPARE(rows->rowCount(), 500);
        QCOMPARE(rows->index(499, SampleRowsModel::Class).data().toString(), QString("synthetic"));
        QCOMPARE(find<QComboBox>("delayTarget")->currentText(), QString("delay"));
        QVERIFY(find<QLabel>("delaySummary")->text().contains("300 synthetic ones (copula, seed 1)"));
        QVERIFY(find<QPushButton>("delayResimulate")->isEnabled());
        m_view->setRunning(true);
        for (const char* name : {"delaySimulate", "delayMake", "delayJudge", "delayClear"})
            QVERIFY2(!find<QPushButton>(name)->isEnabled(), name);
    }

    void choosingTellsAndShowingDoesNot() {
        QSignalSpy target(m_view.get(), &DelayView::targetChosen);
        QSignalSpy heldOut(m_view.get(), &DelayView::heldOutChosen);
        m_view->setData(delayTableData(samples::delayTable()));
        QCOMPARE(target.count(), 0);
        QCOMPARE(heldOut.count(), 0);
        find<QComboBox>("delayTarget")->setCurrentText("vdd");
        QCOMPARE(target.takeFirst().front().toString(), QString("vdd"));
        find<QSpinBox>("delayHeldOut")->setValue(45);
        QCOMPARE(heldOut.takeFirst().front().toInt(), 45);
    }

    void eachMethodShowsWhatConcernsIt() {
        auto* method = find<QComboBox>("delayMethod");
        const auto visible = [&](const char* name, const char* of) {
            method->setCurrentIndex(method->findData(QLatin1String(of)));
            return m_view->findChild<QWidget*>(QLatin1String(name))->isVisibleTo(&m_view->generator());
        };
        QVERIFY(visible("delayEpochs", "ddpm") && !visible("delayEpochs", "copula"));
        QVERIFY(visible("delayFirstBeta", "ddpm-paper") && !visible("delayFirstBeta", "ddpm"));
        QVERIFY(visible("delayNoise", "noise") && !visible("delayNoise", "smote"));
        QVERIFY(visible("delayNeighbours", "smote") && !visible("delayNeighbours", "ddpm-paper"));
        // What differs from the paper's schedule is asked for, and nothing else.
        method->setCurrentIndex(method->findData(QStringLiteral("ddpm-paper")));
        QCOMPARE(m_view->generator().wishes().options.lastBeta, 0.0);
        m_view->findChild<QDoubleSpinBox*>("delayLastBeta")->setValue(0.05);
        QCOMPARE(m_view->generator().wishes().options.lastBeta, 0.05);
        QCOMPARE(m_view->generator().wishes().options.firstBeta, 0.001);
    }

    void trainingShowsItsLossAndDensities() {
        m_view->showPage(DelayView::Page::Training);
        QVERIFY(find<PlotView>("delayLoss")->isHidden());
        m_view->setTraining(samples::training(400));
        QCOMPARE(find<PlotView>("delayLoss")->csv().count('\n'), 401);
        QCOMPARE(find<QLabel>("delayTrainingCaption")->text(), QString("Epoch 400 of 1000"));
        QCOMPARE(find<DensityGrid>("delayTrainingDensities")->plots().size(), 15U);
        m_view->setTraining(samples::training(1000));
        QCOMPARE(find<QLabel>("delayTrainingCaption")->text(), QString("Trained for 1000 epochs"));
        m_view->clearTraining();
        QVERIFY(find<PlotView>("delayLoss")->isHidden());
    }

    void resemblanceIsALinePerColumn() {
        m_view->setResemblance(samples::resemblance());
        auto* table = find<QTableWidget>("delayResemblance");
        QCOMPARE(table->rowCount(), 15);
        const auto& first = samples::resemblance()->resemblance.columns.front();
        QCOMPARE(table->item(0, 1)->text(), QString::number(first.kolmogorovSmirnov, 'f', 3));
        QVERIFY(find<QLabel>("delayResemblanceSummary")->text().contains("4.32 %"));
        const auto csv = parseCsv(tableCsv(*table).toStdString(), "resemblance.csv");
        QVERIFY(csv && csv->rows.size() == 15);
        QCOMPARE(std::stod(csv->rows[0][1]), first.kolmogorovSmirnov);
    }

    void theVerdictIsSaidAndItsScoresListed() {
        m_view->setData(delayTableData(samples::delayTable()));
        m_view->showPage(DelayView::Page::Verdict);
        m_view->setJudgement(samples::judgement());
        const auto& judgement = *samples::judgement();
        const QString said = find<QLabel>("delayVerdict")->text();
        for (const delay::Verdict& verdict : judgement.verdicts)
            QVERIFY(said.contains(QString::fromStdString(verdict.sentence).replace('_', ' ')));
        auto* table = find<QTableWidget>("delayScores");
        QCOMPARE(table->rowCount(), static_cast<int>(judgement.study.results.size()));
        QVERIFY2(table->item(0, 3)->text().contains(QChar(0xb1)), "an interval of two repeats");
        QVERIFY(find<QTabWidget>("delayVerdictPlots")->isTabVisible(1));
        QVERIFY(find<PlotView>("delaySizes")->csv().contains("real + copula"));
        auto old = std::make_shared<JudgementData>(judgement);
        old->isOld = true;
        m_view->setJudgement(old);
        QVERIFY(find<QLabel>("delayVerdict")->text().contains("changed since"));
    }

    void categoriesAreNamed() {
        delay::TableDocument document;
        document.table =
            delay::Table{{{"lot", "", delay::ColumnKind::Category, {0, 1, 1, 0}, {"first", "second"}},
                          {"delay", "s", delay::ColumnKind::Number, {1e-12, 2e-12, 3e-12, 4e-12}, {}}},
                         {}};
        document.target = "delay";
        m_view->setData(delayTableData(document));
        const auto* rows = find<QTableView>("delayRows")->model();
        QCOMPARE(rows->index(1, SampleRowsModel::FirstQuantity).data().toString(), QString("second"));
        QCOMPARE(rows->index(1, SampleRowsModel::FirstQuantity).data(ExportTextRole).toString(),
                 QString("second"));
        QCOMPARE(rows->index(1, SampleRowsModel::FirstQuantity + 1).data().toString(), QString("2 ps"));
    }

    void anImportCannotBeAcceptedBeforeItIsUsable() {
        TableImportDialog dialog("cells.csv");
        QSignalSpy changed(&dialog, &TableImportDialog::settingsChanged);
        const auto isEnabled = [&] {
            bool any = false;
            for (const auto* each : dialog.findChild<QDialogButtonBox*>()->buttons())
                any = any || (each->text() == "Import" && each->isEnabled());
            return any;
        };
        QVERIFY(!isEnabled());
        dialog.setOutcome("cells.csv, line 3: text.", false, {});
        QVERIFY(!isEnabled());
        dialog.setOutcome("60 rows.", true, {"vdd", "delay"});
        QVERIFY(isEnabled());
        QCOMPARE(dialog.target(), QString("delay"));
        dialog.findChild<QComboBox*>("delayImportTarget")->setCurrentText("vdd");
        dialog.findChild<QComboBox*>("delayImportMissing")->setCurrentIndex(2);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(dialog.settings().missing, delay::MissingValues::Median);
        dialog.setOutcome("61 rows.", true, {"vdd", "delay"});
        QCOMPARE(dialog.target(), QString("vdd")); // as it was chosen
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::DelayViewTest)
#include "delay_view_test.moc"
