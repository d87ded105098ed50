#include <QAction>
#include <QFile>
#include <QPushButton>
#include <QTest>

#include <algorithm>
#include <cmath>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "core/base/file.h"
#include "tests/flows/powergrid_window.h"

namespace headroom::app {

/// Netlists in the panel IR Drop of the real window: solved, rebuilt, kept, undone, refused.
class PowerGridNetlistFlow : public QObject {
    Q_OBJECT

private slots:
    void init() { m_window = std::make_unique<PowerGridWindow>(); }
    void cleanup() { m_window.reset(); }
    void aNetlistIsSolved();
    void aNetlistsPadsAndTheWayToThemAreShown();
    void aGridIsRebuiltFromMaps();
    void aNetlistIsKeptWithTheProject();
    void aNetlistThatIsGoneOrChangedIsOneSentence();
    void openingANetlistIsUndone();
    void islandsAreNamedAndDrawn();
    void islandsAreRefusedWhereTheUserSaysSo();
    void aKeptNetlistIsRefusedAndTakenBack();
    void aWholeChipsNetlistGetsLargerCells();
    void badNetlistsLoseNothing_data();
    void badNetlistsLoseNothing();

private:
    /// Its second part has no pad.
    std::filesystem::path floatingNetlist() {
        return m_window->write("floating.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_8000_0 10\n"
                                              "R2 n1_m1_0_0 n1_m1_0_8000 10\nI1 n1_m1_8000_0 0 1m\n"
                                              "R3 n1_m1_4000_4000 n1_m1_6000_4000 1\n"
                                              "I2 n1_m1_6000_4000 0 2m\n.end\n");
    }
    void choose(const char* islands) { m_window->view().findChild<QAction*>(islands)->trigger(); }

    std::unique_ptr<PowerGridWindow> m_window;
};

void PowerGridNetlistFlow::aNetlistIsSolved() {
    QVERIFY(m_window->openSmallNetlist());
    QVERIFY2(m_window->drop().isPresent(), qPrintable(m_window->notice()));
    QVERIFY(std::abs(m_window->drop().at(2, 0) - 0.03F) < 1e-6F);
    QVERIFY(std::abs(m_window->drop().at(1, 0) - 0.01F) < 1e-6F);
    QCOMPARE(m_window->view().canvas().marks().front().name, QString("n1_m1_4000_0"));
}

void PowerGridNetlistFlow::aNetlistsPadsAndTheWayToThemAreShown() {
    QVERIFY(m_window->openSmallNetlist());
    auto& canvas = m_window->view().canvas();
    QCOMPARE(canvas.objects().size(), std::size_t{1});
    QCOMPARE(canvas.objects().front().kind, widgets::GridObjectKind::Pad);
    QCOMPARE(canvas.objects().front().from, QPointF(0, 0));
    emit m_window->view().pathRequested(QPointF(2, 0));
    QTRY_COMPARE(canvas.path().size(), std::size_t{3});
    QCOMPARE(canvas.path().front(), QPointF(2, 0));
    QCOMPARE(canvas.path().back(), QPointF(0, 0));
}

void PowerGridNetlistFlow::aGridIsRebuiltFromMaps() {
    QByteArray currents, distances;
    for (int x = 0; x < 120; ++x)
        for (int y = 0; y < 120; ++y) {
            const double one = std::hypot(x - 30.5, y - 30.5), other = std::hypot(x - 90.5, y - 80.5);
            currents += x == 60 && y == 100 ? "1e-3" : "1e-8";
            distances += QByteArray::number(1 / (1 / one + 1 / other), 'g', 17);
            (y < 119 ? currents += ',' : currents += '\n'), distances += y < 119 ? ',' : '\n';
        }
    QVERIFY(m_window->import(
        {m_window->write("current_map.csv", currents), m_window->write("eff_dist_map.csv", distances)}));
    QVERIFY2(m_window->drop().isPresent(), qPrintable(m_window->notice()));
    QCOMPARE(m_window->drop().width, 118); // the last of the lowest rail's nodes is at 117.6 um
    const QPointF worst = m_window->view().canvas().marks().front().um; // where most is drawn
    QVERIFY(std::hypot(worst.x() - 60, worst.y() - 100) < 15);
    QVERIFY(!m_window->sheetNumber().empty());
}

void PowerGridNetlistFlow::aNetlistIsKeptWithTheProject() {
    QVERIFY(m_window->openSmallNetlist());
    const auto values = *m_window->drop().values;
    const auto folder = m_window->path("netlist project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(!(*m_window)->document().isModified(), qPrintable(m_window->notice()));
    QVERIFY(QFile::remove(
        QString::fromStdString(m_window->path("small.sp").string()))); // the project has its own
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Empty);
    m_window->open(folder);
    QVERIFY(m_window->answered());
    QCOMPARE(*m_window->drop().values, values);
    QCOMPARE(m_window->view().canvas().marks().front().name, QString("n1_m1_4000_0"));
}

void PowerGridNetlistFlow::aNetlistThatIsGoneOrChangedIsOneSentence() {
    QVERIFY(m_window->openSmallNetlist());
    const auto folder = m_window->path("netlist project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    std::filesystem::path copy;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "powergrid" / "netlists"))
        copy = entry.path();
    QVERIFY(!copy.empty());
    const auto original = *readFile(copy);
    const auto number = m_window->sheetNumber();
    for (const bool isGone : {true, false}) {
        (*m_window)->projects().startNew({});
        QVERIFY(m_window->settle());
        if (isGone)
            std::filesystem::remove(copy);
        else
            QVERIFY(writeFileAtomically(copy, original + "* edited\n").has_value());
        m_window->open(folder);
        QCOMPARE(m_window->view().state(), widgets::Panel::State::Error);
        const QString sentence = m_window->view().stateText();
        QVERIFY2(sentence.contains("small.sp") && sentence.contains(isGone ? "missing" : "changed"),
                 qPrintable(sentence));
        QCOMPARE(m_window->sheetNumber(), number); // nothing is lost
        QVERIFY(!(*m_window)->document().isModified());
    }
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QVERIFY(writeFileAtomically(copy, original).has_value()); // it is back
    m_window->open(folder);
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridNetlistFlow::openingANetlistIsUndone() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    const auto density = m_window->controller().sheet().plan.density.values;
    QVERIFY(m_window->openSmallNetlist());
    QVERIFY(m_window->controller().sheet().isEmpty());
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.density.values, density);
    m_window->trigger("edit.redo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->controller().sheet().isEmpty());
    QCOMPARE(m_window->drop().width, 3);
}

void PowerGridNetlistFlow::islandsAreNamedAndDrawn() {
    QVERIFY(m_window->import({floatingNetlist()}));
    QVERIFY(m_window->drop().isPresent());
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains("floating.sp, line 5") && sentence.contains("n1_m1_4000_4000"),
             qPrintable(sentence));
    const auto& islands = m_window->view().canvas().islands();
    QCOMPARE(islands.size(), std::size_t{1});
    QCOMPARE(islands[0].from, QPointF(2, 2));
    QCOMPARE(islands[0].to, QPointF(3, 2));
    for (const auto& mark : m_window->view().canvas().marks())
        QVERIFY(mark.name != "n1_m1_6000_4000"); // unknown drops are not the worst
}

void PowerGridNetlistFlow::islandsAreRefusedWhereTheUserSaysSo() {
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    const auto number = m_window->sheetNumber();
    choose("powergridIslandsRefused");
    QVERIFY(m_window->import({floatingNetlist()}));
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains("floating.sp, line 5") && sentence.contains("n1_m1_4000_4000") &&
                 !sentence.contains("left out"),
             qPrintable(sentence));
    QCOMPARE(m_window->sheetNumber(), number); // what was on show stays
    QVERIFY(!m_window->controller().sheet().isEmpty());
    QVERIFY(m_window->openSmallNetlist()); // whose parts are all supplied
    QCOMPARE(m_window->drop().width, 3);

    // The next start remembers the choice.
    const auto before = std::move(m_window);
    m_window = std::make_unique<PowerGridWindow>(*before);
    QCOMPARE(m_window->view().islandChoice(), widgets::IslandChoice::Refuse);
    QVERIFY(m_window->import({floatingNetlist()}));
    QVERIFY(!m_window->drop().isPresent());
    choose("powergridIslandsLeftOut");
    QVERIFY(m_window->import({floatingNetlist()}));
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridNetlistFlow::aKeptNetlistIsRefusedAndTakenBack() {
    QVERIFY(m_window->import({floatingNetlist()}));
    const auto number = m_window->sheetNumber();
    const auto values = *m_window->drop().values;
    choose("powergridIslandsRefused");
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Error);
    QVERIFY2(m_window->view().stateText().contains("floating.sp, line 5"),
             qPrintable(m_window->view().stateText()));
    QVERIFY(!m_window->drop().isPresent());
    QCOMPARE(m_window->sheetNumber(), number); // the project stays about it
    // Refused as well when it comes back from the project, and by undo and redo.
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Error);
    for (auto* button : m_window->view().findChildren<QPushButton*>())
        if (button->isVisible() && button->text().remove('&') == "Leave Islands Out") {
            button->click();
            break;
        }
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Content);
    QCOMPARE(*m_window->drop().values, values);
    QCOMPARE(m_window->view().islandChoice(), widgets::IslandChoice::LeaveOut);
}

void PowerGridNetlistFlow::aWholeChipsNetlistGetsLargerCells() {
    // 20 mm: a map with pixels of 1 um would take 3.2 GB.
    QVERIFY(
        m_window->import({m_window->write("chip.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_20000000_0 10\n"
                                                     "R2 n1_m1_20000000_0 n1_m1_40000000_0 10\n"
                                                     "R3 n1_m1_0_40000000 n1_m1_40000000_40000000 1\n"
                                                     "R4 n1_m1_0_40000000 n1_m1_0_0 1\n"
                                                     "I1 n1_m1_40000000_0 0 1m\n.end\n")}));
    QVERIFY2(m_window->drop().isPresent(), qPrintable(m_window->notice()));
    QCOMPARE(m_window->drop().width, 2001);
    QVERIFY(std::abs(m_window->drop().at(1000, 0) - 0.01F) < 1e-5F);
    QVERIFY(std::abs(m_window->drop().at(2000, 0) - 0.02F) < 1e-5F);
    QCOMPARE(m_window->view().canvas().marks().front().um, QPointF(20000, 0));
}

void PowerGridNetlistFlow::badNetlistsLoseNothing_data() {
    QTest::addColumn<QByteArray>("netlist");
    QTest::addColumn<QString>("said");
    QTest::newRow("no pads") << QByteArray("R1 n1_m1_0_0 n1_m1_2000_0 1\nI1 n1_m1_0_0 0 1m\n.end\n")
                             << "no pads";
    QTest::newRow("cut in a card") << QByteArray(
                                          "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 1\nR2 n1_m1_20")
                                   << "bad.sp, line 3";
    QTest::newRow("negative") << QByteArray("V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 -1\n.end\n")
                              << "bad.sp, line 2";
    QTest::newRow("no number") << QByteArray("V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 nan\n.end\n")
                               << "bad.sp, line 2";
    QTest::newRow("contradiction")
        << QByteArray("R1 n1_m1_0_0 n1_m1_2000_0 1\nV1 n1_m1_0_0 0 1.1\nV2 n1_m1_0_0 0 1.2\n.end\n")
        << "bad.sp, line 3";
    QTest::newRow("without places") << QByteArray("V1 a 0 1.1\nR1 a b 1\nI1 b 0 1m\n.end\n") << "bad.sp";
    QTest::newRow("empty") << QByteArray() << "bad.sp";
    QTest::newRow("binary") << QByteArray("\x7f"
                                          "ELF\0\1\2\3",
                                          8)
                            << "bad.sp";
}

void PowerGridNetlistFlow::badNetlistsLoseNothing() {
    QFETCH(QByteArray, netlist);
    QFETCH(QString, said);
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    const auto number = m_window->sheetNumber();
    QVERIFY(m_window->import({m_window->write("bad.sp", netlist)}));
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains(said), qPrintable(sentence));
    QVERIFY2(sentence.count('\n') == 0, qPrintable(sentence));
    QCOMPARE(m_window->sheetNumber(), number);
    QVERIFY(!m_window->controller().sheet().isEmpty());
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Content);
    QVERIFY(m_window->drop().isPresent());
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridNetlistFlow)
#include "powergrid_netlist_flow_test.moc"
