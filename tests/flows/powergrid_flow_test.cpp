#include <QCheckBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <functional>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/powergrid/power_grid_controller.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::app {

using widgets::GridLayer;

/// The panel IR Drop in the real window: painting is answered, kept, undone, saved.
class PowerGridFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void anExampleIsAnsweredAtOnce();
    void aStrokeIsAnsweredWhileItGoesOnAndUndone();
    void objectsMatter();
    void isSavedAndOpenedAgain();
    void mapsAreImported();
    void aNetlistIsSolved();
    void aGridIsRebuiltFromMaps();
    void whatCannotBeReadIsOneSentence();
    void withoutPadsItSaysSo();
    void scenariosAreCompared();
    void theWayToAPadIsShown();
    void theEmptyPanelOffersWaysToBegin();
    void isShownAsItWasLeftAtTheNextStart();
    void aNetlistIsKeptWithTheProject();
    void aNetlistThatIsGoneOrChangedIsOneSentence();
    void openingANetlistIsUndone();
    void islandsAreNamedAndDrawn();
    void aWholeChipsNetlistGetsLargerCells();
    void badNetlistsLoseNothing_data();
    void badNetlistsLoseNothing();
    void badMapsLoseNothing_data();
    void badMapsLoseNothing();
    void hugeSheetsAreRefusedBeforeTheirMemoryIsTaken();
    void largeMapsAreAskedAbout();
    void theSupplyIsSetAtAPad();
    void exportsReadBack();

private:
    bool answered() {
        return QTest::qWaitFor([this] { return !controller().isBusy() && !view().canvas().isPainting(); },
                               30000);
    }
    PowerGridController& controller() { return (*m_window)->powerGrid(); }
    widgets::PowerGridView& view() { return *m_window->find<widgets::PowerGridView>("powergridPanel"); }
    const widgets::HeatMapData& drop() { return view().canvas().map(GridLayer::Drop); }
    void paintADensityStroke();
    void openSmallNetlist();
    /// What the next export would write; its dialog is closed.
    QByteArray exported(const std::function<void()>& request);
    std::string write(const char* name, const QByteArray& text) {
        const auto path = m_window->path(name);
        QFile file(QString::fromStdString(path.string()));
        if (file.open(QIODevice::WriteOnly)) file.write(text);
        return path.string();
    }

    std::unique_ptr<FlowWindow> m_window;
};

void PowerGridFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    (*m_window)->resize(1400, 900);
    (*m_window)->show();
    view().show();
    view().raise();
}

void PowerGridFlow::cleanup() {
    m_window.reset();
}

void PowerGridFlow::anExampleIsAnsweredAtOnce() {
    QVERIFY(controller().sheet().isEmpty());
    controller().startExample("block64");
    QVERIFY(answered());
    QVERIFY(drop().isPresent());
    QCOMPARE(drop().width, 64);
    float most = 0;
    for (const float value : *drop().values)
        most = std::max(most, value);
    QVERIFY(most > 1e-3F);
    QVERIFY(most < 1.1F);
    QVERIFY(!(*m_window)->document().project().powerGrid.empty());
    QVERIFY((*m_window)->document().lock() != nullptr); // a project was made for it
    QVERIFY((*m_window)->document().isModified());
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QVERIFY(controller().sheet().isEmpty());
    m_window->trigger("edit.redo");
    QVERIFY(answered());
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::paintADensityStroke() {
    auto& canvas = view().canvas();
    view().setPaintedLayer(GridLayer::Density);
    view().setTool(widgets::CanvasTool::Round);
    const QPoint from = canvas.placeOf(20, 20), to = canvas.placeOf(40, 30);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, from);
    for (int step = 1; step <= 5; ++step) {
        QTest::mouseMove(&canvas, from + (to - from) * step / 5);
        QTest::qWait(40);
    }
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, to);
}

void PowerGridFlow::aStrokeIsAnsweredWhileItGoesOnAndUndone() {
    controller().startExample("block64");
    QVERIFY(answered());
    const auto before = controller().sheet().plan.density.values;
    const auto dropBefore = *drop().values;
    const auto number = (*m_window)->document().project().powerGrid;
    QSignalSpy answers(&controller(), &PowerGridController::answered);
    paintADensityStroke();
    QVERIFY(answers.count() >= 1); // before the button was let go, or as it was
    QVERIFY(answered());
    const auto after = controller().sheet().plan.density.values;
    QVERIFY(after != before);
    QVERIFY((*m_window)->document().project().powerGrid != number);
    const auto dropAfter = *drop().values;
    QVERIFY(dropAfter != dropBefore);
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.density.values, before);
    for (std::size_t i = 0; i < dropBefore.size(); ++i)
        QVERIFY(std::abs((*drop().values)[i] - dropBefore[i]) < 1e-6F);
    m_window->trigger("edit.redo");
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.density.values, after);
}

void PowerGridFlow::objectsMatter() {
    controller().startBlank(40, 30);
    QVERIFY(answered());
    const auto dropBefore = *drop().values;
    // A new pad in a cell that had none: nothing drops there any more.
    auto& canvas = view().canvas();
    view().setTool(widgets::CanvasTool::Pad);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.placeOf(16, 16));
    QVERIFY(answered());
    QVERIFY(dropBefore[drop().indexOf(16, 16)] > 1e-5F);
    QVERIFY(drop().at(16, 16) < 1e-9F);
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QVERIFY(drop().at(16, 16) > 1e-5F);
}

void PowerGridFlow::isSavedAndOpenedAgain() {
    controller().startExample("block64");
    QVERIFY(answered());
    paintADensityStroke();
    QVERIFY(answered());
    const auto painted = controller().sheet().plan.density.values;
    const auto pads = controller().sheet().plan.pads.size();
    const auto folder = m_window->path("grid project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(!(*m_window)->document().isModified(), qPrintable(m_window->notice()));
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QVERIFY(controller().sheet().isEmpty());
    m_window->open(folder);
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.density.values, painted);
    QCOMPARE(controller().sheet().plan.pads.size(), pads);
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::mapsAreImported() {
    const auto strength = write("block_strength.csv", "0.5,0.5,0.5\n0.5,0.5,0.5\n");
    const auto density = write("block_density.csv", "1,0,1\n0,1,0\n");
    controller().importFiles({strength, density});
    QVERIFY(m_window->settle());
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.density.values, (std::vector<double>{1, 0, 1, 0, 1, 0}));
    QCOMPARE(drop().width, 2);
    QCOMPARE(drop().height, 3);
}

void PowerGridFlow::aNetlistIsSolved() {
    // 1 mA through 10 and then 20 ohms.
    const auto netlist = write("small.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 10\n"
                                           "R2 n1_m1_2000_0 n1_m1_4000_0 20\nR3 n1_m1_0_2000 n1_m1_0_0 1\n"
                                           "I1 n1_m1_4000_0 0 1m\n.op\n.end\n");
    controller().importFiles({netlist});
    QVERIFY(m_window->settle());
    QVERIFY2(drop().isPresent(), qPrintable(m_window->notice()));
    QVERIFY(std::abs(drop().at(2, 0) - 0.03F) < 1e-6F);
    QVERIFY(std::abs(drop().at(1, 0) - 0.01F) < 1e-6F);
    QCOMPARE(view().canvas().marks().front().name, QString("n1_m1_4000_0"));
}

void PowerGridFlow::aGridIsRebuiltFromMaps() {
    QByteArray currents, distances;
    for (int x = 0; x < 120; ++x)
        for (int y = 0; y < 120; ++y) {
            const double one = std::hypot(x - 30.5, y - 30.5), other = std::hypot(x - 90.5, y - 80.5);
            currents += x == 60 && y == 100 ? "1e-3" : "1e-8";
            distances += QByteArray::number(1 / (1 / one + 1 / other), 'g', 17);
            (y < 119 ? currents += ',' : currents += '\n'), distances += y < 119 ? ',' : '\n';
        }
    controller().importFiles({write("current_map.csv", currents), write("eff_dist_map.csv", distances)});
    QVERIFY(m_window->settle());
    QVERIFY2(drop().isPresent(), qPrintable(m_window->notice()));
    QCOMPARE(drop().width, 118); // the last of the lowest rail's nodes is at 117.6 um
    const QPointF worst = view().canvas().marks().front().um; // where most is drawn
    QVERIFY(std::hypot(worst.x() - 60, worst.y() - 100) < 15);
    QVERIFY(!(*m_window)->document().project().powerGrid.empty());
}

void PowerGridFlow::whatCannotBeReadIsOneSentence() {
    controller().startExample("block64");
    QVERIFY(answered());
    const auto before = controller().sheet().plan.density.values;
    controller().importFiles({write("nonsense.sp", "V1 a 0 1\nR1 a b -5\n")});
    QVERIFY(m_window->settle());
    QVERIFY2(!m_window->notice().isEmpty(), "a negative resistance went by");
    controller().importFiles({write("odd_density.csv", "1,2\n3\n")});
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("2"), qPrintable(m_window->notice()));
    controller().importFiles({write("picture.csv", "1,2\n3,4\n")});
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("Which map"), qPrintable(m_window->notice()));
    controller().importFiles({write("even_density.csv", "1,1\n1,1\n"), write("grid.sp", "R1 a b 1\n")});
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("grid.sp"), qPrintable(m_window->notice()));
    QCOMPARE(controller().sheet().plan.density.values, before);
}

void PowerGridFlow::withoutPadsItSaysSo() {
    controller().startBlank(12, 12); // one pad
    QVERIFY(answered());
    auto& canvas = view().canvas();
    const QPointF pad = canvas.objects().front().from;
    view().setTool(widgets::CanvasTool::Select);
    QTest::mouseClick(&canvas, Qt::LeftButton, {},
                      canvas.placeOf(static_cast<int>(pad.x() / 10), static_cast<int>(pad.y() / 10)));
    QTest::keyClick(&canvas, Qt::Key_Delete);
    QVERIFY(answered());
    QVERIFY2(m_window->notice().contains("no pad"), qPrintable(m_window->notice()));
    QVERIFY(!drop().isPresent());
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::scenariosAreCompared() {
    controller().startExample("block64");
    QVERIFY(answered());
    emit view().keepScenarioRequested();
    const auto reference = *drop().values;
    QCOMPARE(*view().canvas().reference().values, reference);
    paintADensityStroke();
    QVERIFY(answered());
    const auto& difference = view().canvas().map(GridLayer::Difference);
    QVERIFY(difference.isPresent());
    const std::size_t at = difference.indexOf(30, 25);
    QVERIFY(std::abs((*difference.values)[at] - ((*drop().values)[at] - reference[at])) < 1e-6F);
    emit view().removeScenarioRequested(0);
    QVERIFY(!view().canvas().reference().isPresent());
}

void PowerGridFlow::theWayToAPadIsShown() {
    controller().startBlank(40, 40);
    QVERIFY(answered());
    emit view().pathRequested(QPointF(160, 160));
    QVERIFY(m_window->settle());
    QVERIFY(!view().canvas().grab().isNull());
}

void PowerGridFlow::theEmptyPanelOffersWaysToBegin() {
    QCOMPARE(view().state(), widgets::Panel::State::Empty);
    for (const char* name : {"powergridBeginSheetButton", "powergridBeginExampleButton",
                             "powergridBeginMapsButton", "powergridBeginNetlistButton"}) {
        auto* button = m_window->find<QPushButton>(name);
        QVERIFY2(button != nullptr && button->isVisible(), name);
    }
    m_window->find<QPushButton>("powergridBeginSheetButton")->click();
    auto* dialog = m_window->find<QDialog>("powergridSizeDialog");
    QVERIFY(dialog != nullptr);
    dialog->findChild<QSpinBox*>("powergridSheetWidth")->setValue(50);
    dialog->findChild<QSpinBox*>("powergridSheetHeight")->setValue(20);
    QVERIFY(dialog->findChild<QLabel*>("powergridSheetCost")->text().contains("kB"));
    dialog->accept();
    QVERIFY(answered());
    QCOMPARE(drop().width, 50);
    QCOMPARE(drop().height, 20);
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QVERIFY(controller().sheet().isEmpty()); // it was one step
    QCOMPARE(view().state(), widgets::Panel::State::Empty);
}

void PowerGridFlow::isShownAsItWasLeftAtTheNextStart() {
    controller().startExample("block64");
    QVERIFY(answered());
    m_window->find<QTabWidget>("powergridSide")->setCurrentIndex(1);
    m_window->find<QCheckBox>("powergridLogarithmic")->click();
    m_window->find<QDoubleSpinBox>("powergridLimit")->setValue(3.5);
    m_window->find<QCheckBox>("powergridLimitOn")->click();
    m_window->find<QDoubleSpinBox>("powergridSize")->setValue(21);
    const auto before = std::move(m_window);
    m_window = std::make_unique<FlowWindow>(*before, Settings::Mode::Normal);
    QCOMPARE(view().limitPercent(), 3.5);
    QCOMPARE(view().canvas().brush().size, 21.0);
    controller().startExample("block64");
    QVERIFY(answered());
    QVERIFY(view().canvas().at(GridLayer::Density).scale().logarithmic); // the layer that was chosen
    QVERIFY(!view().canvas().limit());
}

void PowerGridFlow::openSmallNetlist() {
    controller().importFiles(
        {write("small.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 10\n"
                           "R2 n1_m1_2000_0 n1_m1_4000_0 20\nR3 n1_m1_0_2000 n1_m1_0_0 1\n"
                           "I1 n1_m1_4000_0 0 1m\n.op\n.end\n")});
    QVERIFY(m_window->settle());
    QVERIFY(answered());
}

void PowerGridFlow::aNetlistIsKeptWithTheProject() {
    openSmallNetlist();
    const auto values = *drop().values;
    const auto folder = m_window->path("netlist project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(!(*m_window)->document().isModified(), qPrintable(m_window->notice()));
    QVERIFY(QFile::remove(
        QString::fromStdString(m_window->path("small.sp").string()))); // the project has its own
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QCOMPARE(view().state(), widgets::Panel::State::Empty);
    m_window->open(folder);
    QVERIFY(answered());
    QCOMPARE(*drop().values, values);
    QCOMPARE(view().canvas().marks().front().name, QString("n1_m1_4000_0"));
}

void PowerGridFlow::aNetlistThatIsGoneOrChangedIsOneSentence() {
    openSmallNetlist();
    const auto folder = m_window->path("netlist project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    std::filesystem::path copy;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "powergrid" / "netlists"))
        copy = entry.path();
    QVERIFY(!copy.empty());
    const auto original = *readFile(copy);
    const auto number = (*m_window)->document().project().powerGrid;
    for (const bool isGone : {true, false}) {
        (*m_window)->projects().startNew({});
        QVERIFY(m_window->settle());
        if (isGone)
            std::filesystem::remove(copy);
        else
            QVERIFY(writeFileAtomically(copy, original + "* edited\n").has_value());
        m_window->open(folder);
        QCOMPARE(view().state(), widgets::Panel::State::Error);
        const QString sentence = view().stateText();
        QVERIFY2(sentence.contains("small.sp") && sentence.contains(isGone ? "missing" : "changed"),
                 qPrintable(sentence));
        QCOMPARE((*m_window)->document().project().powerGrid, number); // nothing is lost
        QVERIFY(!(*m_window)->document().isModified());
    }
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QVERIFY(writeFileAtomically(copy, original).has_value()); // it is back
    m_window->open(folder);
    QVERIFY(answered());
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::openingANetlistIsUndone() {
    controller().startExample("block64");
    QVERIFY(answered());
    const auto density = controller().sheet().plan.density.values;
    openSmallNetlist();
    QVERIFY(controller().sheet().isEmpty());
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.density.values, density);
    m_window->trigger("edit.redo");
    QVERIFY(answered());
    QVERIFY(controller().sheet().isEmpty());
    QCOMPARE(drop().width, 3);
}

void PowerGridFlow::islandsAreNamedAndDrawn() {
    controller().importFiles({write("floating.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_8000_0 10\n"
                                                   "R2 n1_m1_0_0 n1_m1_0_8000 10\nI1 n1_m1_8000_0 0 1m\n"
                                                   "R3 n1_m1_4000_4000 n1_m1_6000_4000 1\n"
                                                   "I2 n1_m1_6000_4000 0 2m\n.end\n")});
    QVERIFY(m_window->settle());
    QVERIFY(drop().isPresent());
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains("floating.sp, line 5") && sentence.contains("n1_m1_4000_4000"),
             qPrintable(sentence));
    const auto& islands = view().canvas().islands();
    QCOMPARE(islands.size(), std::size_t{1});
    QCOMPARE(islands[0].from, QPointF(2, 2));
    QCOMPARE(islands[0].to, QPointF(3, 2));
    for (const auto& mark : view().canvas().marks())
        QVERIFY(mark.name != "n1_m1_6000_4000"); // unknown drops are not the worst
}

void PowerGridFlow::aWholeChipsNetlistGetsLargerCells() {
    // 20 mm: a map with pixels of 1 um would take 3.2 GB.
    controller().importFiles({write("chip.sp", "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_20000000_0 10\n"
                                               "R2 n1_m1_20000000_0 n1_m1_40000000_0 10\n"
                                               "R3 n1_m1_0_40000000 n1_m1_40000000_40000000 1\n"
                                               "R4 n1_m1_0_40000000 n1_m1_0_0 1\n"
                                               "I1 n1_m1_40000000_0 0 1m\n.end\n")});
    QVERIFY(m_window->settle());
    QVERIFY2(drop().isPresent(), qPrintable(m_window->notice()));
    QCOMPARE(drop().width, 2001);
    QVERIFY(std::abs(drop().at(1000, 0) - 0.01F) < 1e-5F);
    QVERIFY(std::abs(drop().at(2000, 0) - 0.02F) < 1e-5F);
    QCOMPARE(view().canvas().marks().front().um, QPointF(20000, 0));
}

void PowerGridFlow::badNetlistsLoseNothing_data() {
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

void PowerGridFlow::badNetlistsLoseNothing() {
    QFETCH(QByteArray, netlist);
    QFETCH(QString, said);
    controller().startBlank(12, 12);
    QVERIFY(answered());
    const auto number = (*m_window)->document().project().powerGrid;
    controller().importFiles({write("bad.sp", netlist)});
    QVERIFY(m_window->settle());
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains(said), qPrintable(sentence));
    QVERIFY2(sentence.count('\n') == 0, qPrintable(sentence));
    QCOMPARE((*m_window)->document().project().powerGrid, number);
    QVERIFY(!controller().sheet().isEmpty());
    QCOMPARE(view().state(), widgets::Panel::State::Content);
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::badMapsLoseNothing_data() {
    QTest::addColumn<QByteArray>("density");
    QTest::addColumn<QString>("said");
    QTest::newRow("ragged") << QByteArray("1,1,1\n1,1\n") << "b_density.csv, line 2";
    QTest::newRow("negative") << QByteArray("1,1,1\n1,-0.5,1\n") << "row 2, column 2 is -0.5";
    QTest::newRow("not a number") << QByteArray("1,1,1\n1,nan,1\n") << "b_density.csv, line 2";
    QTest::newRow("infinite") << QByteArray("1,1,1\n1,inf,1\n") << "b_density.csv, line 2";
    QTest::newRow("text") << QByteArray("1,1,1\n1,x,1\n") << "b_density.csv, line 2";
    QTest::newRow("cut") << QByteArray("1,1,1\n1,") << "b_density.csv, line 2";
    QTest::newRow("another size") << QByteArray("1,1\n1,1\n") << "a_strength.csv has 2 x 3 cells";
    QTest::newRow("empty") << QByteArray() << "empty";
}

void PowerGridFlow::badMapsLoseNothing() {
    QFETCH(QByteArray, density);
    QFETCH(QString, said);
    controller().startBlank(12, 12);
    QVERIFY(answered());
    const auto before = controller().sheet().plan.density.values;
    controller().importFiles({write("a_strength.csv", "1,1,1\n1,1,1\n"), write("b_density.csv", density)});
    QVERIFY(m_window->settle());
    QVERIFY(answered());
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains(said), qPrintable(sentence));
    QCOMPARE(controller().sheet().plan.density.values, before);
    QVERIFY(drop().isPresent());
}

void PowerGridFlow::hugeSheetsAreRefusedBeforeTheirMemoryIsTaken() {
    controller().startBlank(20, 20);
    QVERIFY(answered());
    controller().startBlank(20000, 20000);
    QVERIFY(answered());
    QVERIFY2(m_window->notice().contains("20000 x 20000") && m_window->notice().contains("GB"),
             qPrintable(m_window->notice()));
    QCOMPARE(drop().width, 20);
    // An array whose header alone is there: were it read, it would be said to be cut off.
    const QByteArray header = "{'descr': '|b1', 'fortran_order': False, 'shape': (20000, 20000), }\n";
    QByteArray npy("\x93NUMPY\1\0", 8);
    npy.append(static_cast<char>(header.size())).append('\0').append(header);
    controller().importFiles({write("huge_density.npy", npy)});
    QVERIFY(m_window->settle());
    QVERIFY2(m_window->notice().contains("huge_density.npy") && m_window->notice().contains("GB"),
             qPrintable(m_window->notice()));
    QCOMPARE(drop().width, 20);
}

void PowerGridFlow::largeMapsAreAskedAbout() {
    controller().startBlank(20, 20);
    QVERIFY(answered());
    constexpr int kSide = 2000;
    const QByteArray header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2000, 2000), }\n";
    QByteArray npy("\x93NUMPY\1\0", 8);
    npy.append(static_cast<char>(header.size())).append('\0').append(header).append(kSide * kSide, '\1');
    controller().importFiles({write("large_density.npy", npy)});
    QVERIFY(m_window->settle());
    auto* box = m_window->find<QMessageBox>("powerGridMemoryBox");
    QVERIFY(box != nullptr);
    QVERIFY2(box->informativeText().contains("GB"), qPrintable(box->informativeText()));
    QVERIFY(m_window->answer("powerGridMemoryBox", "Cancel"));
    QVERIFY(m_window->settle());
    QCOMPARE(drop().width, 20);
}

void PowerGridFlow::theSupplyIsSetAtAPad() {
    controller().startBlank(12, 12);
    QVERIFY(answered());
    const float before = *std::max_element(drop().values->begin(), drop().values->end());
    view().canvas().editor().select({view().canvas().objects().front().id});
    view().canvas().alterSelected([](widgets::GridObject& object) { object.value = 0.8; }, "Change a value");
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.technology.supplyVolts, 0.8);
    QCOMPARE(*std::max_element(drop().values->begin(), drop().values->end()),
             before);                                           // drops do not depend on it
    QVERIFY(std::abs(*view().canvas().limit() - 0.04) < 1e-12); // 5 % of it do
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QCOMPARE(controller().sheet().plan.technology.supplyVolts, 1.1);
}

QByteArray PowerGridFlow::exported(const std::function<void()>& request) {
    QSignalSpy handed(&view(), &widgets::Panel::exportRequested);
    request();
    if (!m_window->settle() || handed.count() != 1) return {};
    if (auto* dialog = m_window->find<QFileDialog>("exportFileDialog")) dialog->close();
    return handed[0][0].toByteArray();
}

void PowerGridFlow::exportsReadBack() {
    controller().startBlank(12, 10);
    QVERIFY(answered());
    const auto npy = powergrid::parseMapNpy(exported([this] { emit view().valuesRequested(); }).toStdString(),
                                            "export.npy");
    QVERIFY(npy.has_value());
    QCOMPARE(npy->rows, std::size_t{12});
    QCOMPARE(static_cast<float>((*npy)(7, 3)), drop().at(7, 3));
    const auto painted = *drop().values;
    const QByteArray spice = exported([this] { emit view().netlistRequested(); });
    QVERIFY(spice.contains("\nR"));
    controller().importFiles({write("again.sp", spice)});
    QVERIFY(m_window->settle());
    QVERIFY2(drop().isPresent(), qPrintable(m_window->notice()));
    // The middle of cell (7, 3) lies at 75 and 35 um; the map has pixels of 1 um.
    QVERIFY(std::abs(drop().at(75, 35) - painted[7 * 10 + 3]) < 1e-6F);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridFlow)
#include "powergrid_flow_test.moc"
