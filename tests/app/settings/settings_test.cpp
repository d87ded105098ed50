#include "app/settings/settings.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace headroom::app {

class SettingsTest : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatWasSet();
    void takesBadValuesForUnset();
    void survivesAFileOfRubbish();
    void safeModeNeitherReadsNorWrites();
    void anUnfinishedStartDistrustsTheLayout();
    void overridesShortcuts();
    void keepsNamedLayouts();
};

void SettingsTest::keepsWhatWasSet() {
    QTemporaryDir dir;
    {
        Settings settings(dir.path(), Settings::Mode::Normal);
        settings.setAppearance(widgets::Appearance::Dark);
        settings.setDevice(compute::DeviceChoice::Cpu);
        settings.setWorkers(3);
        settings.setCacheMegabytes(250);
        settings.setTechnology("mine");
        settings.setAutosaveSeconds(7);
    }
    const Settings settings(dir.path(), Settings::Mode::Normal);
    QCOMPARE(settings.appearance(), widgets::Appearance::Dark);
    QCOMPARE(settings.device(), compute::DeviceChoice::Cpu);
    QCOMPARE(settings.workers(), 3);
    QCOMPARE(settings.cacheMegabytes(), 250);
    QCOMPARE(settings.technology(), "mine");
    QCOMPARE(settings.autosaveSeconds(), 7);
}

void SettingsTest::takesBadValuesForUnset() {
    QTemporaryDir dir;
    QFile file(dir.filePath("settings.ini"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[General]\nappearance=plaid\ndevice=abacus\nworkers=-5\ncache_megabytes=3\nautosave_seconds="
               "never\ntechnology=\n"
               "recent=@Invalid()\n[shortcuts]\nfile.save=Ctrl+Banana\n");
    file.close();
    const Settings settings(dir.path(), Settings::Mode::Normal);
    QCOMPARE(settings.appearance(), widgets::Appearance::System);
    QCOMPARE(settings.device(), compute::DeviceChoice::Auto);
    QCOMPARE(settings.workers(), 0);
    QCOMPARE(settings.cacheMegabytes(), 1000);
    QCOMPARE(settings.autosaveSeconds(), 30);
    QCOMPARE(settings.technology(), "freepdk45");
    QVERIFY(settings.recentProjects().isEmpty());
    QVERIFY(!settings.shortcut("file.save"));
}

void SettingsTest::survivesAFileOfRubbish() {
    QTemporaryDir dir;
    for (const char* name : {"settings.ini", "layout.ini"}) {
        QFile file(dir.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 5000; ++i)
            file.putChar(static_cast<char>((i * 7919) % 256));
    }
    const Settings settings(dir.path(), Settings::Mode::Normal);
    QCOMPARE(settings.technology(), "freepdk45");
    QVERIFY(settings.layoutNames().isEmpty());
}

void SettingsTest::safeModeNeitherReadsNorWrites() {
    QTemporaryDir dir;
    {
        Settings normal(dir.path(), Settings::Mode::Normal);
        normal.setWorkers(3);
        normal.saveWindow("geometry", "state");
    }
    {
        Settings safe(dir.path(), Settings::Mode::Safe);
        QCOMPARE(safe.workers(), 0);
        QVERIFY(safe.windowState().isEmpty());
        safe.setWorkers(5);
        QCOMPARE(safe.workers(), 5); // until the program ends
    }
    const Settings normal(dir.path(), Settings::Mode::Normal);
    QCOMPARE(normal.workers(), 3);
    QCOMPARE(normal.windowState(), QByteArray("state"));
}

void SettingsTest::anUnfinishedStartDistrustsTheLayout() {
    QTemporaryDir dir;
    {
        Settings settings(dir.path(), Settings::Mode::Normal);
        settings.saveWindow("geometry", "state that crashes");
        settings.beginStart();
    } // the program died before endStart()
    {
        Settings settings(dir.path(), Settings::Mode::Normal);
        settings.beginStart();
        QVERIFY(settings.windowState().isEmpty());
        QVERIFY(settings.windowGeometry().isEmpty());
        settings.endStart();
    }
    Settings settings(dir.path(), Settings::Mode::Normal);
    settings.beginStart();
    QCOMPARE(settings.windowState(), QByteArray("state that crashes"));
}

void SettingsTest::overridesShortcuts() {
    QTemporaryDir dir;
    Settings settings(dir.path(), Settings::Mode::Normal);
    QVERIFY(!settings.shortcut("file.save"));
    settings.setShortcut("file.save", QKeySequence("F2"));
    QCOMPARE(settings.shortcut("file.save"), std::optional(QKeySequence("F2")));
    settings.setShortcut("file.save", QKeySequence());
    QCOMPARE(settings.shortcut("file.save"), std::optional(QKeySequence())); // none, on purpose
    settings.setShortcut("file.save", std::nullopt);
    QVERIFY(!settings.shortcut("file.save"));
}

void SettingsTest::keepsNamedLayouts() {
    QTemporaryDir dir;
    Settings settings(dir.path(), Settings::Mode::Normal);
    settings.saveLayout("Größe / zwei", "a");
    settings.saveLayout("Alpha", "b");
    QCOMPARE(settings.layoutNames(), QStringList({"Alpha", "Größe / zwei"}));
    QCOMPARE(settings.layout("Größe / zwei"), QByteArray("a"));
    settings.removeLayout("Alpha");
    QCOMPARE(settings.layoutNames(), QStringList("Größe / zwei"));
}

} // namespace headroom::app

QTEST_GUILESS_MAIN(headroom::app::SettingsTest)
#include "settings_test.moc"
