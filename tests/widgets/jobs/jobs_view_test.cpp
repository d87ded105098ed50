#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include "tests/widgets/sample_data.h"
#include "widgets/jobs/job_row_widget.h"
#include "widgets/jobs/jobs_view.h"

namespace headroom::widgets {

class JobsViewTest final : public QObject {
    Q_OBJECT

private:
    static JobRowWidget* row(const JobsView& view, int id) {
        return view.findChild<JobRowWidget*>(QStringLiteral("job%1").arg(id));
    }
    template <class Widget>
    static Widget* part(const JobsView& view, int id, const char* name) {
        return row(view, id)->findChild<Widget*>(QLatin1String(name));
    }

private slots:
    void saysWhenNothingRuns() {
        JobsView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        view.setData(samples::jobs());
        QCOMPARE(view.state(), Panel::State::Content);
        view.setData({});
        QCOMPARE(view.state(), Panel::State::Empty);
        QCOMPARE(view.findChildren<JobRowWidget*>().size(), 0);
    }

    void showsProgressAndTimes() {
        JobsView view;
        view.setData(samples::jobs());
        view.show();
        auto* progress = part<QProgressBar>(view, 6, "jobProgress");
        QCOMPARE(progress->value() * 100, progress->maximum() * 37);
        QCOMPARE(part<QProgressBar>(view, 5, "jobProgress")->maximum(), 0);
        QCOMPARE(part<QLabel>(view, 6, "jobTimes")->text(), QStringLiteral("4.2 s, about 7.1 s left"));
        QCOMPARE(part<QLabel>(view, 6, "jobActivity")->text(), QStringLiteral("Simulating 37 of 100"));
        QVERIFY(!part<QProgressBar>(view, 1, "jobProgress")->isVisible());
        QCOMPARE(view.findChild<QLabel*>(QStringLiteral("jobsSummary"))->text(),
                 QStringLiteral("2 running, 1 waiting, 3 finished"));
    }

    void cancelNamesTheJob() {
        JobsView view;
        view.setData(samples::jobs());
        view.show();
        QSignalSpy cancelled(&view, &JobsView::jobCancelRequested);
        QTest::mouseClick(part<QPushButton>(view, 5, "jobCancel"), Qt::LeftButton);
        QCOMPARE(cancelled.count(), 1);
        QCOMPARE(cancelled[0][0].toULongLong(), 5ULL);
        JobRow stopping = samples::jobs()[1];
        stopping.state = JobState::Cancelling;
        view.updateRow(stopping);
        QVERIFY(!part<QPushButton>(view, 5, "jobCancel")->isEnabled());
    }

    void onlyLongJobsCanBePaused() {
        JobsView view;
        std::vector<JobRow> rows = samples::jobs();
        const auto running =
            std::find_if(rows.begin(), rows.end(), [](const JobRow& job) { return job.id == 6; });
        view.setData(rows);
        view.show();
        QVERIFY(!part<QPushButton>(view, 6, "jobPause")->isVisible());
        running->isPausable = true;
        view.updateRow(*running);
        auto* pause = part<QPushButton>(view, 6, "jobPause");
        QVERIFY(pause->isVisible());
        QSignalSpy asked(&view, &JobsView::jobPauseRequested);
        QTest::mouseClick(pause, Qt::LeftButton);
        QCOMPARE(asked.takeFirst(), (QList<QVariant>{6ULL, true}));
        running->state = JobState::Paused;
        view.updateRow(*running);
        QCOMPARE(pause->text(), QStringLiteral("Go On"));
        QCOMPARE(part<QLabel>(view, 6, "jobState")->text(), QStringLiteral("paused"));
        QTest::mouseClick(pause, Qt::LeftButton);
        QCOMPARE(asked.takeFirst(), (QList<QVariant>{6ULL, false}));
    }

    void errorsAreWrappedInFull() {
        JobsView view;
        view.resize(320, 400);
        view.setData(samples::jobs());
        view.show();
        auto* error = part<QLabel>(view, 3, "jobError");
        QVERIFY(error->isVisible());
        QVERIFY(error->wordWrap());
        QVERIFY(error->text().startsWith(QStringLiteral("The disk is full")));
        QVERIFY(error->toolTip().contains(QStringLiteral("SQLite")));
        QVERIFY(!part<QLabel>(view, 6, "jobError")->isVisible());
    }

    void anOpenLogGrowsAndStaysOpen() {
        JobsView view;
        std::vector<JobRow> rows = samples::jobs();
        view.setData(rows);
        view.show();
        part<QToolButton>(view, 6, "jobToggleLog")->click();
        auto* log = part<QPlainTextEdit>(view, 6, "jobLog");
        QVERIFY(log->isVisible());
        QCOMPARE(log->blockCount(), 2);
        rows[0].log << QStringLiteral("a third line");
        view.setData(rows);
        QVERIFY(log->isVisible());
        QCOMPARE(log->blockCount(), 3);
        QVERIFY(log->toPlainText().endsWith(QStringLiteral("a third line")));
    }

    void aTalkativeJobKeepsItsLastThousandLines() {
        JobsView view;
        JobRow row = samples::jobs().front();
        for (int line = 0; line < 50000; ++line)
            row.log << QStringLiteral("line %1").arg(line);
        view.updateRow(row);
        auto* log = part<QPlainTextEdit>(view, 6, "jobLog");
        QCOMPARE(log->blockCount(), 1000);
        QVERIFY(log->toPlainText().endsWith(QStringLiteral("line 49999")));
    }

    void newJobsComeFirstAndClearIsOffered() {
        JobsView view;
        JobRow row;
        row.id = 1;
        row.title = QStringLiteral("first");
        row.state = JobState::Running;
        view.updateRow(row);
        auto* clear = view.findChild<QPushButton*>(QStringLiteral("jobsClear"));
        QVERIFY(!clear->isEnabled());
        row.id = 2;
        row.state = JobState::Done;
        view.updateRow(row);
        QCOMPARE(view.jobCount(), 2);
        view.resize(400, 400);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(JobsViewTest::row(view, 2)->y() < JobsViewTest::row(view, 1)->y());
        QSignalSpy wanted(&view, &JobsView::clearFinishedRequested);
        clear->click();
        QCOMPARE(wanted.count(), 1);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::JobsViewTest)
#include "jobs_view_test.moc"
