#include <QFile>
#include <QSignalSpy>
#include <QTest>

#include "app/document/document.h"
#include "app/document/project_controller.h"
#include "app/powergrid/power_grid_controller.h"
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
    void whatCannotBeReadIsOneSentence();
    void withoutPadsItSaysSo();
    void scenariosAreCompared();
    void theWayToAPadIsShown();

private:
    bool answered() {
        return QTest::qWaitFor([this] { return !controller().isBusy() && !view().canvas().isPainting(); },
                               30000);
    }
    PowerGridController& controller() { return (*m_window)->powerGrid(); }
    widgets::PowerGridView& view() { return *m_window->find<widgets::PowerGridView>("powergridPanel"); }
    const widgets::HeatMapData& drop() { return view().canvas().map(GridLayer::Drop); }
    void paintADensityStroke();
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

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridFlow)
#include "powergrid_flow_test.moc"
