#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableWidget>
#include <QtTest>

#include <cmath>
#include <limits>

#include "core/base/csv.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/table_export.h"
#include "widgets/common/theme.h"
#include "widgets/robustness/robustness_view.h"

namespace headroom::widgets {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

class RobustnessViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<RobustnessView> m_view;

    static std::shared_ptr<RobustnessData> sample() {
        auto data = std::make_shared<RobustnessData>();
        data->origin = "candidate 12";
        data->held = "the specification within 5 %";
        data->performances = {
            {simulation::Performance::GainDb, 60, std::nullopt, 58, "ss, 1 V, 125 \u00b0C", false},
            {simulation::Performance::Offset, std::nullopt, std::nullopt, 1e-4, "nom, 1.1 V, 27 \u00b0C",
             true}};
        data->places = {
            {"nom, 1.1 V, 27 \u00b0C", "nom", true, 0.02, {61.2, 1e-4}, {}},
            {"ss, 1 V, 125 \u00b0C", "ss", false, -0.03, {58, 5e-5}, {}},
            {"ff, 0.9 V, -40 \u00b0C", "ff", false, -INFINITY, {NAN, NAN}, "No operating point was found."}};
        MismatchData mismatch;
        mismatch.place = "nom, 1.1 V, 27 \u00b0C";
        mismatch.draws = 40;
        mismatch.failed = 1;
        mismatch.firstProblem = "It did not converge.";
        mismatch.yield = 0.9;
        mismatch.yieldLow = 0.77;
        mismatch.yieldHigh = 0.96;
        mismatch.drawsForShares = 34;
        SpreadRow gain{{}, 61, 0.5, 0.67, 0.9, 0.77, 0.96, {{"M5", 0.6}, {"M7", 0.3}}, 0.95};
        SpreadRow offset{{}, 0, 1e-3, NAN, 1, 0.9, 1, {{"M3", 0.5}}, 0.99};
        for (int draw = 0; draw < 40; ++draw) {
            gain.values.push_back(draw == 3 ? kNaN : 60 + 0.05 * draw);
            offset.values.push_back(draw == 3 ? kNaN : 1e-4 * (draw - 20));
        }
        mismatch.performances = {gain, offset};
        data->mismatch = {mismatch};
        return data;
    }

    template <class T>
    T* find(const char* name) const {
        return m_view->findChild<T*>(QString::fromLatin1(name));
    }

private slots:
    void init() {
        m_view = std::make_unique<RobustnessView>();
        m_view->resize(900, 700);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void whatFailsIsLegibleInEveryTheme() {
        Theme::instance().apply(Appearance::Light);
        m_view->setData(sample());
        Theme::instance().apply(Appearance::Dark);
        const auto* cell = find<QTableWidget>("robustnessPlaces")->item(1, 0);
        QCOMPARE(cell->foreground().color(), Theme::instance().color(ColorRole::Failed));
        Theme::instance().apply(Appearance::Light);
        cell = find<QTableWidget>("robustnessPlaces")->item(1, 0);
        QCOMPARE(cell->foreground().color(), Theme::instance().color(ColorRole::Failed));
    }

    void keepsSettingsInReachBeforeAnythingIsKnown() {
        m_view->setData(nullptr, "Import a netlist.", "Import");
        QCOMPARE(m_view->state(), Panel::State::Empty);
        m_view->setReady("Not assessed yet.");
        QCOMPARE(find<QLabel>("robustnessSummary")->text(), QString("Not assessed yet."));
        QVERIFY(!find<QTabWidget>("robustnessTabs")->isVisible());
        QSignalSpy asked(m_view.get(), &RobustnessView::assessRequested);
        m_view->setAssessable(true, "candidate 12");
        find<QPushButton>("robustnessAssess")->click();
        QCOMPARE(asked.count(), 1);
    }

    void tellsItsWishes() {
        QSignalSpy changed(m_view.get(), &RobustnessView::wishesChanged);
        const RobustnessWishes wishes{false, 500, true, 0.02, 0.05};
        m_view->setWishes(wishes);
        QCOMPARE(changed.count(), 0);
        QVERIFY(m_view->wishes() == wishes);
        find<QSpinBox>("robustnessDraws")->setValue(100);
        find<QCheckBox>("robustnessCorners")->click();
        QCOMPARE(changed.count(), 2);
        QVERIFY(m_view->wishes().corners);
        QCOMPARE(m_view->wishes().draws, 100);
    }

    void showsTheWorstOfAllCorners() {
        m_view->setData(sample());
        QVERIFY(find<QLabel>("robustnessSummary")->text().contains("1 of 3 corners"));
        auto* worst = find<QTableWidget>("robustnessWorst");
        QCOMPARE(worst->rowCount(), 2);
        QCOMPARE(worst->item(0, 2)->text(), QString("58 dB"));
        QVERIFY(!worst->item(0, 2)->icon().isNull());
        QCOMPARE(worst->item(0, 3)->text(), QString("ss, 1 V, 125 \u00b0C"));
        QCOMPARE(worst->item(1, 1)->text(), QString("none"));
        QVERIFY(worst->item(1, 2)->icon().isNull()); // no limit to hold
        auto* places = find<QTableWidget>("robustnessPlaces");
        QCOMPARE(places->rowCount(), 3);
        QCOMPARE(places->item(1, 1)->text(), QString("-3.0 %"));
        QVERIFY(places->item(2, 0)->toolTip().contains("operating point"));
        const auto csv = parseCsv(tableCsv(*places).toStdString());
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows[1][2], std::string("58"));
    }

    void showsYieldHistogramAndDevices() {
        m_view->setData(sample());
        const QString yield = find<QLabel>("robustnessYield")->text();
        QVERIFY(yield.contains("90.0 %") && yield.contains("77.0 %") && yield.contains("96.0 %"));
        QVERIFY(yield.contains("It did not converge."));
        auto* spreads = find<QTableWidget>("robustnessSpreads");
        QCOMPARE(spreads->rowCount(), 2);
        QCOMPARE(spreads->item(0, 4)->text(), QString("0.67"));
        QCOMPARE(spreads->item(0, 6)->text(), QString("M5 60 %, M7 30 %"));
        QVERIFY(spreads->item(1, 5)->text().isEmpty()); // observed only
        auto* histogram = find<PlotView>("robustnessHistogram");
        auto* shares = find<PlotView>("robustnessShares");
        QVERIFY(histogram->binCount() >= 5);
        QCOMPARE(shares->binCount(), 2);
        QVERIFY(histogram->horizontalLabel().startsWith("Gain"));
        spreads->selectRow(1);
        QVERIFY(histogram->horizontalLabel().contains("offset"));
        QCOMPARE(shares->binCount(), 1);
    }

    void saysWhenThereAreTooFewDraws() {
        auto data = sample();
        data->mismatch[0].draws = 20;
        data->mismatch[0].performances[0].shares.clear();
        data->mismatch[0].performances[1].shares.clear();
        data->places.clear();
        m_view->setData(data);
        QVERIFY(find<QLabel>("robustnessYield")->text().contains("It takes 34 draws"));
        QVERIFY(!find<QTabWidget>("robustnessTabs")->isTabVisible(0));
        m_view->setData(nullptr, "Nothing.");
        QCOMPARE(find<QTableWidget>("robustnessSpreads")->rowCount(), 0);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::RobustnessViewTest)
#include "robustness_view_test.moc"
