#include "app/robustness/robustness_json.h"

#include <QTest>

#include <cmath>
#include <limits>

namespace headroom::app {

class RobustnessJsonTest : public QObject {
    Q_OBJECT

private slots:
    void givesBackWhatThePanelShows();
    void refusesWhatIsNotWhole();
};

namespace {

widgets::RobustnessData someData() {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    widgets::RobustnessData data;
    data.origin = QStringLiteral("candidate 12");
    data.held = QStringLiteral("the specification within 5 %");
    data.performances = {{simulation::Performance::GainDb,
                          60.1,
                          std::nullopt,
                          1.0 / 3,
                          QStringLiteral("ss, 125 \u00b0C"),
                          true,
                          {QStringLiteral("ss")}},
                         {simulation::Performance::Offset, std::nullopt, std::nullopt, kNone, {}, false, {}}};
    data.places = {{QStringLiteral("tt, 1 V"), QStringLiteral("tt"), true, 0.1, {61, 5e-324}, {}},
                   {QStringLiteral("ss, 1 V"),
                    QStringLiteral("ss"),
                    false,
                    -std::numeric_limits<double>::infinity(),
                    {kNone, 1e-3},
                    QStringLiteral("It does not converge.")}};
    widgets::SpreadRow spread{{60, kNone, 61}, 60.5, 0.7, 1.1, 0.9, 0.8, 0.95, {}, 0.75};
    spread.shares = {{QStringLiteral("M1"), 0.5}, {QStringLiteral("M2"), 0.25}};
    data.mismatch = {
        {QStringLiteral("tt"), 3, 1, 0.6, 0.2, 0.9, true, 36, QStringLiteral("no"), {spread, {}}}};
    data.simulations = 5;
    return data;
}

} // namespace

void RobustnessJsonTest::givesBackWhatThePanelShows() {
    const widgets::RobustnessData data = someData();
    const std::string text = robustnessJson(data);
    const auto read = robustnessFromJson(text);
    QVERIFY(read != nullptr);
    QCOMPARE(read->origin, data.origin);
    QCOMPARE(read->held, data.held);
    QCOMPARE(read->performances[0].minimum.value(), 60.1);
    QVERIFY(!read->performances[0].maximum);
    QCOMPARE(read->performances[0].worst, 1.0 / 3);
    QCOMPARE(read->performances[0].worstPlace, data.performances[0].worstPlace);
    QVERIFY(std::isnan(read->performances[1].worst));
    QVERIFY(!read->performances[1].holds);
    QVERIFY(read->performances[0].appliesAt(QStringLiteral("ss")));
    QVERIFY(!read->performances[0].appliesAt(QStringLiteral("tt")));
    QVERIFY(read->performances[1].appliesAt(QStringLiteral("tt")));
    QCOMPARE(read->places[1].corner, QStringLiteral("ss"));
    QCOMPARE(read->places[0].values, data.places[0].values);
    QVERIFY(std::isinf(read->places[1].margin) && read->places[1].margin < 0);
    QCOMPARE(read->places[1].problem, data.places[1].problem);
    const widgets::MismatchData& mismatch = read->mismatch[0];
    QCOMPARE(mismatch.draws, 3U);
    QCOMPARE(mismatch.failed, 1U);
    QCOMPARE(mismatch.yieldHigh, 0.9);
    QVERIFY(mismatch.narrowEnough);
    QCOMPARE(mismatch.drawsForShares, 36U);
    QCOMPARE(mismatch.performances[0].capability, 1.1);
    QCOMPARE(mismatch.performances[0].explained, 0.75);
    QCOMPARE(mismatch.performances[0].shares[1].device, QStringLiteral("M2"));
    QCOMPARE(robustnessJson(*read), text);
}

void RobustnessJsonTest::refusesWhatIsNotWhole() {
    const std::string text = robustnessJson(someData());
    QVERIFY(robustnessFromJson("") == nullptr);
    QVERIFY(robustnessFromJson("{}") == nullptr);
    QVERIFY(robustnessFromJson(text.substr(0, text.size() / 2)) == nullptr);
    widgets::RobustnessData lacking = someData();
    lacking.places[0].values.pop_back();
    QVERIFY(robustnessFromJson(robustnessJson(lacking)) == nullptr);
    lacking = someData();
    lacking.mismatch[0].performances.pop_back();
    QVERIFY(robustnessFromJson(robustnessJson(lacking)) == nullptr);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::RobustnessJsonTest)
#include "robustness_json_test.moc"
