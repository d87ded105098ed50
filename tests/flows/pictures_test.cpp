// The pictures of the README and the manual, made by the program itself on the shipped example and model.
// HEADROOM_PICTURES names the folder to write to; without it they go into the build folder.

#include <QDir>
#include <QImage>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

namespace headroom::app {

class PicturesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void theWindowOnTheExample_data();
    void theWindowOnTheExample();

private:
    QDir m_folder;
};

void PicturesTest::initTestCase() {
    m_folder = QDir(qEnvironmentVariable("HEADROOM_PICTURES", HEADROOM_TEST_BINARY_DIR "/pictures"));
    QVERIFY(m_folder.mkpath("."));
}

void PicturesTest::theWindowOnTheExample_data() {
    QTest::addColumn<QString>("theme");
    QTest::addColumn<QString>("panel");
    QTest::addColumn<QSize>("size");
    QTest::newRow("window_light") << "light"
                                  << "sizing" << QSize(1440, 900);
    QTest::newRow("window_dark") << "dark"
                                 << "sizing" << QSize(1440, 900);
    QTest::newRow("schematic_light") << "light"
                                     << "schematic" << QSize(1440, 900);
    QTest::newRow("schematic_dark") << "dark"
                                    << "schematic" << QSize(1440, 900);
    QTest::newRow("powergrid_light") << "light"
                                     << "powergrid" << QSize(1440, 900);
    QTest::newRow("powergrid_dark") << "dark"
                                    << "powergrid" << QSize(1440, 900);
    QTest::newRow("delay_light") << "light"
                                 << "delay" << QSize(1440, 900);
    QTest::newRow("delay_dark") << "dark"
                                << "delay" << QSize(1440, 900);
    QTest::newRow("dataset_light") << "light"
                                   << "dataset" << QSize(1440, 900);
    QTest::newRow("dataset_dark") << "dark"
                                  << "dataset" << QSize(1440, 900);
}

void PicturesTest::theWindowOnTheExample() {
    QFETCH(QString, theme);
    QFETCH(QString, panel);
    QFETCH(QSize, size);
    const QString file = m_folder.absoluteFilePath(QString("%1.png").arg(QTest::currentDataTag()));
    const QTemporaryDir home;
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char* place : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
        environment.insert(place, home.filePath(place));
    environment.insert("QT_QPA_PLATFORM", "offscreen");
    environment.insert("QT_SCALE_FACTOR", "1");
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(HEADROOM_APPLICATION,
                  {"--safe-mode", "--theme", theme, "--panel", panel, "--window-size",
                   QString("%1x%2").arg(size.width()).arg(size.height()), "--screenshot", file});
    QVERIFY(program.waitForFinished(180000));
    QVERIFY2(program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0,
             program.readAll().constData());
    const QImage picture(file);
    QCOMPARE(picture.size(), size);
    QSet<QRgb> colours;
    int lightness = 0;
    for (int y = 0; y < picture.height(); y += 4) {
        for (int x = 0; x < picture.width(); x += 4) {
            colours.insert(picture.pixel(x, y));
            lightness += qGray(picture.pixel(x, y)) > 127 ? 1 : -1;
        }
    }
    QVERIFY2(colours.size() > 100, "the picture is all but empty");
    QCOMPARE(lightness > 0, theme == "light");
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PicturesTest)
#include "pictures_test.moc"
