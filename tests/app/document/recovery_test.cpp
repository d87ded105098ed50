#include "app/document/recovery.h"

#include <QTemporaryDir>
#include <QTest>

#include "app/document/project_files.h"

namespace headroom::app {

namespace fs = std::filesystem;

class RecoveryTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void findsWhatACrashLeft();
    void leavesRunningSessionsAlone();
    void forgetsSessionsThatEndedWell();
    void keepsTheFolderWhileAJobUsesIt();
    void findsTitledProjectsByTheirMark();
    void discardsForGood();
    void aFolderOpensOnce();

private:
    fs::path at(const char* name) const { return fs::path(m_dir->path().toStdString()) / name; }
    RecoveryFolder folder() const { return RecoveryFolder(at("recovery")); }

    std::unique_ptr<QTemporaryDir> m_dir;
};

void RecoveryTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
}

void RecoveryTest::findsWhatACrashLeft() {
    const fs::path session = folder().createFolder().value();
    {
        const auto lock = folder().lock(session, true).value();
        QVERIFY(autosaveProject({}, session));
    } // let go without closeWell(): what a crash looks like from outside
    const auto lost = folder().lostSessions();
    QCOMPARE(lost.size(), 1U);
    QCOMPARE(lost[0].folder, session);
    QVERIFY(lost[0].untitled);
}

void RecoveryTest::leavesRunningSessionsAlone() {
    const fs::path session = folder().createFolder().value();
    const auto lock = folder().lock(session, true).value();
    QVERIFY(autosaveProject({}, session));
    QVERIFY(folder().lostSessions().empty());
    QVERIFY(fs::exists(session));
}

void RecoveryTest::forgetsSessionsThatEndedWell() {
    const fs::path session = folder().createFolder().value();
    auto lock = folder().lock(session, true).value();
    QVERIFY(autosaveProject({}, session));
    lock->closeWell();
    lock.reset();
    QVERIFY(!fs::exists(session));
    QVERIFY(folder().lostSessions().empty());
}

void RecoveryTest::keepsTheFolderWhileAJobUsesIt() {
    const fs::path session = folder().createFolder().value();
    auto document = folder().lock(session, true).value();
    auto job = document;
    document->closeWell();
    document.reset();
    QVERIFY(fs::exists(session));
    job.reset();
    QVERIFY(!fs::exists(session));
}

void RecoveryTest::findsTitledProjectsByTheirMark() {
    QVERIFY(saveProject({}, at("amp"), at("amp")));
    {
        const auto lock = folder().lock(at("amp"), false).value();
        QVERIFY(autosaveProject({}, at("amp")));
    }
    const auto lost = folder().lostSessions();
    QCOMPARE(lost.size(), 1U);
    QCOMPARE(lost[0].folder, at("amp"));
    QCOMPARE(lost[0].name, "amp");
    QVERIFY(!lost[0].untitled);
}

void RecoveryTest::discardsForGood() {
    QVERIFY(saveProject({}, at("amp"), at("amp")));
    {
        const auto lock = folder().lock(at("amp"), false).value();
        QVERIFY(autosaveProject({}, at("amp")));
    }
    folder().discard(folder().lostSessions().at(0));
    QVERIFY(folder().lostSessions().empty());
    QVERIFY(fs::exists(at("amp/project.yaml"))); // what was saved stays
}

void RecoveryTest::aFolderOpensOnce() {
    QVERIFY(saveProject({}, at("amp"), at("amp")));
    const auto first = folder().lock(at("amp"), false);
    QVERIFY(first.has_value());
    const auto second = folder().lock(at("amp"), false);
    QVERIFY(!second);
    QCOMPARE(second.error().message, std::string("The project is open in another Headroom window."));
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::RecoveryTest)
#include "recovery_test.moc"
