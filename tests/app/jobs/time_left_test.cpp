#include "app/jobs/time_left.h"

#include <QTest>

namespace headroom::app {

class TimeLeftTest : public QObject {
    Q_OBJECT

private slots:
    void knowsNothingAtFirst();
    void estimatesSteadyWork();
    void followsAChangeOfPace();
    void startsAnewWithEachPhase();
    void knowsNothingWhileTheFractionIsUnknown();
};

void TimeLeftTest::knowsNothingAtFirst() {
    TimeLeft time;
    QVERIFY(!time.seconds());
    time.update(0.0, 0.0);
    time.update(0.5, 0.4);
    QVERIFY(!time.seconds());
}

void TimeLeftTest::estimatesSteadyWork() {
    TimeLeft time;
    for (int i = 0; i <= 100; ++i)
        time.update(i * 0.1, i * 0.005);
    // Half done in ten seconds.
    QVERIFY(time.seconds());
    QVERIFY(qAbs(*time.seconds() - 10) < 0.01);
}

void TimeLeftTest::followsAChangeOfPace() {
    TimeLeft time;
    for (int i = 0; i <= 20; ++i)
        time.update(i * 0.5, i * 0.01); // 2 % per second
    for (int i = 1; i <= 60; ++i)
        time.update(10 + i * 0.5, 0.2 + i * 0.0025); // then 0.5 %
    QVERIFY(qAbs(*time.seconds() - 0.65 / 0.005) < 5);
}

void TimeLeftTest::startsAnewWithEachPhase() {
    TimeLeft time;
    for (int i = 0; i <= 20; ++i)
        time.update(i * 0.5, i * 0.05);
    time.update(11, 0.0);
    QVERIFY(!time.seconds());
    for (int i = 1; i <= 8; ++i)
        time.update(11 + i * 0.5, i * 0.05);
    QVERIFY(qAbs(*time.seconds() - 6) < 0.1);
}

void TimeLeftTest::knowsNothingWhileTheFractionIsUnknown() {
    TimeLeft time;
    for (int i = 0; i <= 100; ++i)
        time.update(i * 0.1, -1);
    QVERIFY(!time.seconds());
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::TimeLeftTest)
#include "time_left_test.moc"
