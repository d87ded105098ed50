#include <QCheckBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineF>
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
#include "tests/flows/powergrid_window.h"

namespace headroom::app {

using widgets::GridLayer;

/// Sheets in the panel IR Drop of the real window: painting is answered, kept, undone, saved.
class PowerGridFlow : public QObject {
    Q_OBJECT

private slots:
    void init() { m_window = std::make_unique<PowerGridWindow>(); }
    void cleanup() { m_window.reset(); }
    void anExampleIsAnsweredAtOnce();
    void aStrokeIsAnsweredWhileItGoesOnAndUndone();
    void objectsMatter();
    void isSavedAndOpenedAgain();
    void mapsAreImported();
    void whatCannotBeReadIsOneSentence();
    void withoutPadsItSaysSo();
    void scenariosAreCompared();
    void theWayToAPadIsShown();
    void theEmptyPanelOffersWaysToBegin();
    void isShownAsItWasLeftAtTheNextStart();
    void badMapsLoseNothing_data();
    void badMapsLoseNothing();
    void hugeSheetsAreRefusedBeforeTheirMemoryIsTaken();
    void largeMapsAreAskedAbout();
    void theSupplyIsSetAtAPad();
    void exportsReadBack();

private:
    void paintADensityStroke();
    /// What the next export would write; its dialog is closed.
    QByteArray exported(const std::function<void()>& request);

    std::unique_ptr<PowerGridWindow> m_window;
};

void PowerGridFlow::anExampleIsAnsweredAtOnce() {
    QVERIFY(m_window->controller().sheet().isEmpty());
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().isPresent());
    QCOMPARE(m_window->drop().width, 64);
    float most = 0;
    for (const float value : *m_window->drop().values)
        most = std::max(most, value);
    QVERIFY(most > 1e-3F);
    QVERIFY(most < 1.1F);
    QVERIFY(!m_window->sheetNumber().empty());
    QVERIFY((*m_window)->document().lock() != nullptr); // a project was made for it
    QVERIFY((*m_window)->document().isModified());
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->controller().sheet().isEmpty());
    m_window->trigger("edit.redo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridFlow::paintADensityStroke() {
    auto& canvas = m_window->view().canvas();
    m_window->view().setPaintedLayer(GridLayer::Density);
    m_window->view().setTool(widgets::CanvasTool::Round);
    const QPoint from = canvas.placeOf(20, 20), to = canvas.placeOf(40, 30);
    QTest::mousePress(&canvas, Qt::LeftButton, {}, from);
    for (int step = 1; step <= 5; ++step) {
        QTest::mouseMove(&canvas, from + (to - from) * step / 5);
        QTest::qWait(40);
    }
    QTest::mouseRelease(&canvas, Qt::LeftButton, {}, to);
}

void PowerGridFlow::aStrokeIsAnsweredWhileItGoesOnAndUndone() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    const auto before = m_window->controller().sheet().plan.density.values;
    const auto dropBefore = *m_window->drop().values;
    const auto number = m_window->sheetNumber();
    QSignalSpy answers(&m_window->controller(), &PowerGridController::answered);
    paintADensityStroke();
    QVERIFY(answers.count() >= 1); // before the button was let go, or as it was
    QVERIFY(m_window->answered());
    const auto after = m_window->controller().sheet().plan.density.values;
    QVERIFY(after != before);
    QVERIFY(m_window->sheetNumber() != number);
    const auto dropAfter = *m_window->drop().values;
    QVERIFY(dropAfter != dropBefore);
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.density.values, before);
    for (std::size_t i = 0; i < dropBefore.size(); ++i)
        QVERIFY(std::abs((*m_window->drop().values)[i] - dropBefore[i]) < 1e-6F);
    m_window->trigger("edit.redo");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.density.values, after);
}

void PowerGridFlow::objectsMatter() {
    m_window->controller().startBlank(40, 30);
    QVERIFY(m_window->answered());
    const auto dropBefore = *m_window->drop().values;
    // A new pad in a cell that had none: nothing drops there any more.
    auto& canvas = m_window->view().canvas();
    m_window->view().setTool(widgets::CanvasTool::Pad);
    QTest::mouseClick(&canvas, Qt::LeftButton, {}, canvas.placeOf(16, 16));
    QVERIFY(m_window->answered());
    QVERIFY(dropBefore[m_window->drop().indexOf(16, 16)] > 1e-5F);
    QVERIFY(m_window->drop().at(16, 16) < 1e-9F);
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().at(16, 16) > 1e-5F);
}

void PowerGridFlow::isSavedAndOpenedAgain() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    paintADensityStroke();
    QVERIFY(m_window->answered());
    const auto painted = m_window->controller().sheet().plan.density.values;
    const auto pads = m_window->controller().sheet().plan.pads.size();
    const auto folder = m_window->path("grid project");
    (*m_window)->projects().saveTo(folder);
    QVERIFY(m_window->settle());
    QVERIFY2(!(*m_window)->document().isModified(), qPrintable(m_window->notice()));
    (*m_window)->projects().startNew({});
    QVERIFY(m_window->settle());
    QVERIFY(m_window->controller().sheet().isEmpty());
    m_window->open(folder);
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.density.values, painted);
    QCOMPARE(m_window->controller().sheet().plan.pads.size(), pads);
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridFlow::mapsAreImported() {
    const auto strength = m_window->write("block_strength.csv", "0.5,0.5,0.5\n0.5,0.5,0.5\n");
    const auto density = m_window->write("block_density.csv", "1,0,1\n0,1,0\n");
    QVERIFY(m_window->import({strength, density}));
    QCOMPARE(m_window->controller().sheet().plan.density.values, (std::vector<double>{1, 0, 1, 0, 1, 0}));
    QCOMPARE(m_window->drop().width, 2);
    QCOMPARE(m_window->drop().height, 3);
}

void PowerGridFlow::whatCannotBeReadIsOneSentence() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    const auto before = m_window->controller().sheet().plan.density.values;
    QVERIFY(m_window->import({m_window->write("nonsense.sp", "V1 a 0 1\nR1 a b -5\n")}));
    QVERIFY2(!m_window->notice().isEmpty(), "a negative resistance went by");
    QVERIFY(m_window->import({m_window->write("odd_density.csv", "1,2\n3\n")}));
    QVERIFY2(m_window->notice().contains("2"), qPrintable(m_window->notice()));
    QVERIFY(m_window->import({m_window->write("picture.csv", "1,2\n3,4\n")}));
    QVERIFY2(m_window->notice().contains("Which map"), qPrintable(m_window->notice()));
    QVERIFY(m_window->import(
        {m_window->write("even_density.csv", "1,1\n1,1\n"), m_window->write("grid.sp", "R1 a b 1\n")}));
    QVERIFY2(m_window->notice().contains("grid.sp"), qPrintable(m_window->notice()));
    QCOMPARE(m_window->controller().sheet().plan.density.values, before);
}

void PowerGridFlow::withoutPadsItSaysSo() {
    m_window->controller().startBlank(12, 12); // one pad
    QVERIFY(m_window->answered());
    auto& canvas = m_window->view().canvas();
    const QPointF pad = canvas.objects().front().from;
    m_window->view().setTool(widgets::CanvasTool::Select);
    QTest::mouseClick(&canvas, Qt::LeftButton, {},
                      canvas.placeOf(static_cast<int>(pad.x() / 10), static_cast<int>(pad.y() / 10)));
    QTest::keyClick(&canvas, Qt::Key_Delete);
    QVERIFY(m_window->answered());
    QVERIFY2(m_window->notice().contains("no pad"), qPrintable(m_window->notice()));
    QVERIFY(!m_window->drop().isPresent());
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridFlow::scenariosAreCompared() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    emit m_window->view().keepScenarioRequested();
    const auto reference = *m_window->drop().values;
    QCOMPARE(*m_window->view().canvas().reference().values, reference);
    paintADensityStroke();
    QVERIFY(m_window->answered());
    const auto& difference = m_window->view().canvas().map(GridLayer::Difference);
    QVERIFY(difference.isPresent());
    const std::size_t at = difference.indexOf(30, 25);
    QVERIFY(std::abs((*difference.values)[at] - ((*m_window->drop().values)[at] - reference[at])) < 1e-6F);
    emit m_window->view().removeScenarioRequested(0);
    QVERIFY(!m_window->view().canvas().reference().isPresent());
}

void PowerGridFlow::theWayToAPadIsShown() {
    m_window->controller().startBlank(40, 40);
    QVERIFY(m_window->answered());
    emit m_window->view().pathRequested(QPointF(160, 160));
    QVERIFY(m_window->settle());
    const auto& path = m_window->view().canvas().path();
    QVERIFY(path.size() > 1);
    QCOMPARE(path.front(), QPointF(165, 165)); // the middle of its cell
    const auto& pads = m_window->view().canvas().objects();
    QVERIFY(std::any_of(pads.begin(), pads.end(), [&](const widgets::GridObject& pad) {
        return pad.kind == widgets::GridObjectKind::Pad && QLineF(pad.from, path.back()).length() <= 10;
    }));
}

void PowerGridFlow::theEmptyPanelOffersWaysToBegin() {
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Empty);
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
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->drop().width, 50);
    QCOMPARE(m_window->drop().height, 20);
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QVERIFY(m_window->controller().sheet().isEmpty()); // it was one step
    QCOMPARE(m_window->view().state(), widgets::Panel::State::Empty);
}

void PowerGridFlow::isShownAsItWasLeftAtTheNextStart() {
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    m_window->find<QTabWidget>("powergridSide")->setCurrentIndex(1);
    m_window->find<QCheckBox>("powergridLogarithmic")->click();
    m_window->find<QDoubleSpinBox>("powergridLimit")->setValue(3.5);
    m_window->find<QCheckBox>("powergridLimitOn")->click();
    m_window->find<QDoubleSpinBox>("powergridSize")->setValue(21);
    const auto before = std::move(m_window);
    m_window = std::make_unique<PowerGridWindow>(*before);
    QCOMPARE(m_window->view().limitPercent(), 3.5);
    QCOMPARE(m_window->view().canvas().brush().size, 21.0);
    m_window->controller().startExample("block64");
    QVERIFY(m_window->answered());
    QVERIFY(
        m_window->view().canvas().at(GridLayer::Density).scale().logarithmic); // the layer that was chosen
    QVERIFY(!m_window->view().canvas().limit());
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
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    const auto before = m_window->controller().sheet().plan.density.values;
    QVERIFY(m_window->import(
        {m_window->write("a_strength.csv", "1,1,1\n1,1,1\n"), m_window->write("b_density.csv", density)}));
    const QString sentence = m_window->notice();
    QVERIFY2(sentence.contains(said), qPrintable(sentence));
    QCOMPARE(m_window->controller().sheet().plan.density.values, before);
    QVERIFY(m_window->drop().isPresent());
}

void PowerGridFlow::hugeSheetsAreRefusedBeforeTheirMemoryIsTaken() {
    m_window->controller().startBlank(20, 20);
    QVERIFY(m_window->answered());
    m_window->controller().startBlank(20000, 20000);
    QVERIFY(m_window->answered());
    QVERIFY2(m_window->notice().contains("20000 x 20000") && m_window->notice().contains("GB"),
             qPrintable(m_window->notice()));
    QCOMPARE(m_window->drop().width, 20);
    // An array whose header alone is there: were it read, it would be said to be cut off.
    const QByteArray header = "{'descr': '|b1', 'fortran_order': False, 'shape': (20000, 20000), }\n";
    QByteArray npy("\x93NUMPY\1\0", 8);
    npy.append(static_cast<char>(header.size())).append('\0').append(header);
    QVERIFY(m_window->import({m_window->write("huge_density.npy", npy)}));
    QVERIFY2(m_window->notice().contains("huge_density.npy") && m_window->notice().contains("GB"),
             qPrintable(m_window->notice()));
    QCOMPARE(m_window->drop().width, 20);
}

void PowerGridFlow::largeMapsAreAskedAbout() {
    m_window->controller().startBlank(20, 20);
    QVERIFY(m_window->answered());
    constexpr int kSide = 2000;
    const QByteArray header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2000, 2000), }\n";
    QByteArray npy("\x93NUMPY\1\0", 8);
    npy.append(static_cast<char>(header.size())).append('\0').append(header).append(kSide * kSide, '\1');
    QVERIFY(m_window->import({m_window->write("large_density.npy", npy)}));
    auto* box = m_window->find<QMessageBox>("powerGridMemoryBox");
    QVERIFY(box != nullptr);
    QVERIFY2(box->informativeText().contains("GB"), qPrintable(box->informativeText()));
    QVERIFY(m_window->answer("powerGridMemoryBox", "Cancel"));
    QVERIFY(m_window->settle());
    QCOMPARE(m_window->drop().width, 20);
}

void PowerGridFlow::theSupplyIsSetAtAPad() {
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    const float before = *std::max_element(m_window->drop().values->begin(), m_window->drop().values->end());
    m_window->view().canvas().editor().select({m_window->view().canvas().objects().front().id});
    m_window->view().canvas().alterSelected([](widgets::GridObject& object) { object.value = 0.8; },
                                            "Change a value");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.technology.supplyVolts, 0.8);
    QCOMPARE(*std::max_element(m_window->drop().values->begin(), m_window->drop().values->end()),
             before);                                                     // drops do not depend on it
    QVERIFY(std::abs(*m_window->view().canvas().limit() - 0.04) < 1e-12); // 5 % of it do
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->controller().sheet().plan.technology.supplyVolts, 1.1);
}

QByteArray PowerGridFlow::exported(const std::function<void()>& request) {
    QSignalSpy handed(&m_window->view(), &widgets::Panel::exportRequested);
    request();
    if (!m_window->settle() || handed.count() != 1) return {};
    if (auto* dialog = m_window->find<QFileDialog>("exportFileDialog")) dialog->close();
    return handed[0][0].toByteArray();
}

void PowerGridFlow::exportsReadBack() {
    m_window->controller().startBlank(12, 10);
    QVERIFY(m_window->answered());
    const auto npy = powergrid::parseMapNpy(
        exported([this] { emit m_window->view().valuesRequested(); }).toStdString(), "export.npy");
    QVERIFY(npy.has_value());
    QCOMPARE(npy->rows, std::size_t{12});
    QCOMPARE(static_cast<float>((*npy)(7, 3)), m_window->drop().at(7, 3));
    const auto painted = *m_window->drop().values;
    const QByteArray spice = exported([this] { emit m_window->view().netlistRequested(); });
    QVERIFY(spice.contains("\nR"));
    QVERIFY(m_window->import({m_window->write("again.sp", spice)}));
    QVERIFY2(m_window->drop().isPresent(), qPrintable(m_window->notice()));
    // The middle of cell (7, 3) lies at 75 and 35 um; the map has pixels of 1 um.
    QVERIFY(std::abs(m_window->drop().at(75, 35) - painted[7 * 10 + 3]) < 1e-6F);
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridFlow)
#include "powergrid_flow_test.moc"
