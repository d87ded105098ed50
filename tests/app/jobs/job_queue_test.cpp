#include "app/jobs/job_queue.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

#include <stdexcept>

namespace headroom::app {
namespace {

/// A worker that waits until it is let go or cancelled.
class Gate {
public:
    Result<int> pass(JobMonitor& monitor, int value) {
        m_entered.release();
        while (!m_open.tryAcquire(1, 1)) {
            if (monitor.cancelled()) return failCancelled();
        }
        return value;
    }
    void waitUntilEntered() { m_entered.acquire(); }
    bool tryEntered() { return m_entered.tryAcquire(1, 5000); }
    void open() { m_open.release(); }

private:
    QSemaphore m_entered, m_open;
};

} // namespace

class JobQueueTest : public QObject {
    Q_OBJECT

private slots:
    void deliversTheResultOnTheReceiversThread();
    void deliversErrorsAsValues();
    void turnsExceptionsIntoErrors();
    void cancelsRunningWork();
    void cancelsWorkThatHasNotBegun();
    void newestRequestWins();
    void otherKeysAreLeftAlone();
    void stopsWhenTheReceiverDies();
    void deliversPreviewsButNotTooMany();
    void reportsProgressAndLog();
    void keepsQuietJobsOutOfTheListUnlessTheyFail();
    void pausesAndGoesOn();
    void cancelsPausedWork();
    void clearsFinishedJobs();
    void shutsDownWhileWorking();
    void disposesOfObjectsElsewhere();
};

void JobQueueTest::deliversTheResultOnTheReceiversThread() {
    JobQueue queue;
    QObject receiver;
    QThread* worked = nullptr;
    QThread* delivered = nullptr;
    int value = 0;
    queue.start<int>(
        {"Work", {}}, &receiver,
        [&](JobMonitor&) -> Result<int> {
            worked = QThread::currentThread();
            return 42;
        },
        [&](Result<int> result) {
            delivered = QThread::currentThread();
            value = result.value();
        });
    QTRY_COMPARE(value, 42);
    QCOMPARE(delivered, QThread::currentThread());
    QVERIFY(worked != QThread::currentThread());
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Done);
    QCOMPARE(queue.activeCount(), 0);
}

void JobQueueTest::deliversErrorsAsValues() {
    JobQueue queue;
    QObject receiver;
    QSignalSpy failed(&queue, &JobQueue::jobFailed);
    std::optional<Error> error;
    queue.start<int>(
        {"Work", {}}, &receiver,
        [](JobMonitor&) -> Result<int> { return failAt(ErrorCode::BadInput, "a.sp", 3, "The line is odd."); },
        [&](Result<int> result) { error = result.error(); });
    QTRY_VERIFY(error);
    QCOMPARE(error->code, ErrorCode::BadInput);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Failed);
    QCOMPARE(queue.rows().at(0).error, "The line is odd.");
    QCOMPARE(queue.rows().at(0).errorDetail, "a.sp:3: The line is odd.");
    QCOMPARE(failed.count(), 1);
}

void JobQueueTest::turnsExceptionsIntoErrors() {
    JobQueue queue;
    QObject receiver;
    std::vector<Error> errors;
    const auto keep = [&](Result<int> result) { errors.push_back(result.error()); };
    queue.start<int>(
        {"A", {}}, &receiver, [](JobMonitor&) -> Result<int> { throw std::runtime_error("lost"); }, keep);
    QTRY_COMPARE(errors.size(), 1U);
    queue.start<int>(
        {"B", {}}, &receiver, [](JobMonitor&) -> Result<int> { throw 7; }, keep);
    QTRY_COMPARE(errors.size(), 2U);
    QCOMPARE(errors[0].code, ErrorCode::Internal);
    QCOMPARE(errors[0].detail, std::string("lost"));
    QCOMPARE(errors[1].code, ErrorCode::Internal);
}

void JobQueueTest::cancelsRunningWork() {
    JobQueue queue;
    QObject receiver;
    QSignalSpy failed(&queue, &JobQueue::jobFailed);
    Gate gate;
    std::optional<Error> error;
    const auto id = queue.start<int>(
        {"Work", {}}, &receiver, [&](JobMonitor& m) { return gate.pass(m, 1); },
        [&](Result<int> result) { error = result.error(); });
    gate.waitUntilEntered();
    queue.cancel(id);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Cancelling);
    QTRY_VERIFY(error);
    QCOMPARE(error->code, ErrorCode::Cancelled);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Cancelled);
    QCOMPARE(failed.count(), 0);
}

void JobQueueTest::cancelsWorkThatHasNotBegun() {
    JobQueue queue;
    QObject receiver;
    std::vector<std::unique_ptr<Gate>> gates;
    int finished = 0;
    // More than there are threads: the last ones wait.
    for (int i = 0; i < 20; ++i) {
        gates.push_back(std::make_unique<Gate>());
        queue.start<int>(
            {"Busy", {}}, &receiver, [gate = gates.back().get()](JobMonitor& m) { return gate->pass(m, 1); },
            [&](Result<int>) { ++finished; });
    }
    bool worked = false;
    std::optional<Error> error;
    const auto id = queue.start<int>(
        {"Waiting", {}}, &receiver,
        [&](JobMonitor&) -> Result<int> {
            worked = true;
            return 1;
        },
        [&](Result<int> result) { error = result.error(); });
    queue.cancel(id);
    QTRY_VERIFY(error);
    QCOMPARE(error->code, ErrorCode::Cancelled);
    QVERIFY(!worked);
    QCOMPARE(finished, 0);
    for (const auto& gate : gates)
        gate->open();
    QTRY_COMPARE(finished, 20);
}

void JobQueueTest::newestRequestWins() {
    JobQueue queue;
    QObject receiver;
    Gate first, second;
    std::vector<int> results;
    int calls = 0;
    const auto keep = [&](Result<int> result) {
        ++calls;
        if (result) results.push_back(*result);
    };
    queue.start<int>(
        {"Old", "explore"}, &receiver, [&](JobMonitor& m) { return first.pass(m, 1); }, keep);
    first.waitUntilEntered();
    queue.start<int>(
        {"New", "explore"}, &receiver, [&](JobMonitor& m) { return second.pass(m, 2); }, keep);
    second.waitUntilEntered();
    QVERIFY(queue.isActive("explore"));
    second.open();
    QTRY_COMPARE(queue.activeCount(), 0);
    QCOMPARE(results, std::vector{2});
    QCOMPARE(calls, 1);
    QVERIFY(!queue.isActive("explore"));
    QCOMPARE(queue.rows().at(1).state, widgets::JobState::Cancelled);
}

void JobQueueTest::otherKeysAreLeftAlone() {
    JobQueue queue;
    QObject receiver;
    Gate a, b;
    int sum = 0;
    const auto keep = [&](Result<int> result) { sum += result.value(); };
    queue.start<int>(
        {"A", "a"}, &receiver, [&](JobMonitor& m) { return a.pass(m, 1); }, keep);
    queue.start<int>(
        {"B", "b"}, &receiver, [&](JobMonitor& m) { return b.pass(m, 2); }, keep);
    a.open();
    b.open();
    QTRY_COMPARE(sum, 3);
}

void JobQueueTest::stopsWhenTheReceiverDies() {
    JobQueue queue;
    auto receiver = std::make_unique<QObject>();
    Gate gate;
    bool called = false;
    queue.start<int>(
        {"Work", {}}, receiver.get(), [&](JobMonitor& m) { return gate.pass(m, 1); },
        [&](Result<int>) { called = true; });
    gate.waitUntilEntered();
    receiver.reset();
    QTRY_COMPARE(queue.activeCount(), 0); // without gate.open(): the work was cancelled
    QVERIFY(!called);
}

void JobQueueTest::deliversPreviewsButNotTooMany() {
    JobQueue queue;
    QObject receiver;
    std::vector<int> shown;
    int published = 0;
    bool done = false;
    queue.start<int>(
        {"Work", {}}, &receiver,
        [&](JobMonitor& monitor) -> Result<int> {
            // Until the GUI has seen a few, publish as fast as can be.
            while (published < 100000 && !monitor.cancelled()) {
                monitor.publish([&shown, number = ++published] { shown.push_back(number); });
                if (published % 100 == 0) QThread::usleep(500);
            }
            return 0;
        },
        [&](Result<int>) { done = true; });
    QTRY_VERIFY(shown.size() >= 3);
    queue.cancel(queue.rows().at(0).id);
    QTRY_VERIFY(done);
    QVERIFY(static_cast<int>(shown.size()) < published / 10);
    QVERIFY(std::is_sorted(shown.begin(), shown.end()));
}

void JobQueueTest::reportsProgressAndLog() {
    JobQueue queue;
    QObject receiver;
    Gate gate;
    queue.start<int>(
        {"Work", {}}, &receiver,
        [&](JobMonitor& monitor) {
            monitor.progress(0.25, "Simulating 25 of 100");
            monitor.log("worker 2 was replaced");
            return gate.pass(monitor, 1);
        },
        [](Result<int>) {});
    QSignalSpy changed(&queue, &JobQueue::rowChanged);
    QTRY_COMPARE(queue.rows().at(0).fraction, 0.25);
    const widgets::JobRow row = queue.rows().at(0);
    QCOMPARE(row.state, widgets::JobState::Running);
    QCOMPARE(row.activity, "Simulating 25 of 100");
    QCOMPARE(row.log, QStringList("worker 2 was replaced"));
    QVERIFY(changed.count() > 0);
    gate.open();
    QTRY_COMPARE(queue.rows().at(0).state, widgets::JobState::Done);
}

void JobQueueTest::keepsQuietJobsOutOfTheListUnlessTheyFail() {
    JobQueue queue;
    QObject receiver;
    int calls = 0;
    queue.start<int>(
        {"Autosave", {}, true}, &receiver, [](JobMonitor&) -> Result<int> { return 1; },
        [&](Result<int>) { ++calls; });
    QTRY_COMPARE(calls, 1);
    QVERIFY(queue.rows().empty());
    queue.start<int>(
        {"Autosave", {}, true}, &receiver,
        [](JobMonitor&) -> Result<int> { return fail(ErrorCode::DiskFull, "No space is left."); },
        [&](Result<int>) { ++calls; });
    QTRY_COMPARE(calls, 2);
    QCOMPARE(queue.rows().size(), 1U);
    QCOMPARE(queue.rows()[0].error, "No space is left.");
}

void JobQueueTest::pausesAndGoesOn() {
    JobQueue queue;
    QObject receiver;
    std::atomic<int> rounds = 0, last = 1 << 30;
    std::optional<Result<double>> outcome;
    const auto id = queue.start<double>(
        {"Long work", {}, false, true}, &receiver,
        [&](JobMonitor& monitor) -> Result<double> {
            double rested = 0;
            while (rounds < last) {
                rested += monitor.waitWhilePaused();
                if (monitor.cancelled()) return failCancelled();
                ++rounds;
                QThread::msleep(1);
            }
            return rested;
        },
        [&](Result<double> result) { outcome = result; });
    QVERIFY(queue.rows().at(0).isPausable);
    QTRY_VERIFY(rounds > 3);
    queue.setPaused(id, true);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Paused);
    QTest::qWait(20); // the round that it was in
    const int reached = rounds;
    const double elapsed = queue.rows().at(0).elapsedSeconds;
    QTest::qWait(300);
    QCOMPARE(rounds.load(), reached);
    QCOMPARE(queue.rows().at(0).elapsedSeconds, elapsed);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Paused);
    queue.setPaused(id, false);
    QTRY_VERIFY(rounds > reached);
    QTRY_COMPARE(queue.rows().at(0).state, widgets::JobState::Running);
    last = 0;
    QTRY_VERIFY(outcome);
    QVERIFY(outcome->value() >= 0.29);
}

void JobQueueTest::cancelsPausedWork() {
    JobQueue queue;
    QObject receiver;
    std::optional<Error> error;
    std::atomic<bool> begun = false;
    const auto work = [&](JobMonitor& monitor) -> Result<int> {
        begun = true;
        while (true) {
            monitor.waitWhilePaused();
            if (monitor.cancelled()) return failCancelled();
            QThread::msleep(1);
        }
    };
    const auto keep = [&](Result<int> result) { error = result.error(); };
    const auto id = queue.start<int>({"Long work", {}, false, true}, &receiver, work, keep);
    QTRY_VERIFY(begun);
    queue.setPaused(id, true);
    queue.cancel(id);
    queue.setPaused(id, true); // too late
    QTRY_VERIFY(error);
    QCOMPARE(error->code, ErrorCode::Cancelled);
    // Short work is not paused.
    begun = false;
    const auto other = queue.start<int>({"Short work", {}}, &receiver, work, keep);
    QTRY_VERIFY(begun);
    queue.setPaused(other, true);
    QTRY_COMPARE(queue.rows().at(0).state, widgets::JobState::Running);
    QTest::qWait(50);
    QCOMPARE(queue.rows().at(0).state, widgets::JobState::Running);
    queue.cancel(other);
    // A queue that goes away takes paused work with it.
    error.reset();
    {
        JobQueue leaving;
        begun = false;
        const auto third = leaving.start<int>({"Long work", {}, false, true}, &receiver, work, keep);
        QTRY_VERIFY(begun);
        leaving.setPaused(third, true);
    }
}

void JobQueueTest::clearsFinishedJobs() {
    JobQueue queue;
    QObject receiver;
    Gate gate;
    bool done = false;
    queue.start<int>(
        {"Short", {}}, &receiver, [](JobMonitor&) -> Result<int> { return 1; },
        [&](Result<int>) { done = true; });
    queue.start<int>(
        {"Long", {}}, &receiver, [&](JobMonitor& m) { return gate.pass(m, 1); }, [](Result<int>) {});
    QTRY_VERIFY(done);
    queue.clearFinished();
    QCOMPARE(queue.rows().size(), 1U);
    QCOMPARE(queue.rows()[0].title, "Long");
    gate.open();
}

void JobQueueTest::shutsDownWhileWorking() {
    QObject receiver;
    Gate gate;
    bool called = false;
    {
        JobQueue queue;
        queue.start<int>(
            {"Work", {}}, &receiver, [&](JobMonitor& m) { return gate.pass(m, 1); },
            [&](Result<int>) { called = true; });
        gate.waitUntilEntered();
    }
    QCoreApplication::processEvents();
    QVERIFY(!called);
}

void JobQueueTest::disposesOfObjectsElsewhere() {
    QThread* destroyedOn = nullptr;
    {
        JobQueue queue;
        auto object = std::shared_ptr<int>(new int(1), [&](int* number) {
            destroyedOn = QThread::currentThread();
            delete number;
        });
        queue.dispose(std::move(object));
    }
    QVERIFY(destroyedOn != nullptr);
    QVERIFY(destroyedOn != QThread::currentThread());
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::JobQueueTest)
#include "job_queue_test.moc"
