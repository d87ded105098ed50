#include <QAction>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QTest>

#include <algorithm>
#include <cmath>

#include "app/document/document.h"
#include "app/powergrid/power_grid_controller.h"
#include "core/base/file.h"
#include "tests/flows/flow_window.h"
#include "widgets/powergrid/power_grid_view.h"

namespace headroom::app {

/// What a sheet's cells and values stand for is changed in the real window, answered and undone.
class PowerGridPropertiesFlow : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void aSheetsPropertiesAreChangedAndUndone();
    void theStrongerMetalIsNeverTheWeaker();
    void aNetlistHasNone();

private:
    bool answered() {
        return QTest::qWaitFor([this] { return !controller().isBusy(); }, 30000);
    }
    PowerGridController& controller() { return (*m_window)->powerGrid(); }
    widgets::PowerGridView& view() { return *m_window->find<widgets::PowerGridView>("powergridPanel"); }
    const widgets::HeatMapData& drop() { return view().canvas().map(widgets::GridLayer::Drop); }
    float worst() { return *std::max_element(drop().values->begin(), drop().values->end()); }
    QDialog* dialog() {
        view().findChild<QAction*>("powergridProperties")->trigger();
        return m_window->find<QDialog>("powergridPropertiesDialog");
    }
    static QDoubleSpinBox* box(QDialog* dialog, const char* name) {
        return dialog->findChild<QDoubleSpinBox*>(name);
    }

    std::unique_ptr<FlowWindow> m_window;
};

void PowerGridPropertiesFlow::init() {
    m_window = std::make_unique<FlowWindow>();
    (*m_window)->resize(1400, 900);
    (*m_window)->show();
    view().show();
    view().raise();
}

void PowerGridPropertiesFlow::cleanup() {
    m_window.reset();
}

void PowerGridPropertiesFlow::aSheetsPropertiesAreChangedAndUndone() {
    controller().startBlank(20, 20);
    QVERIFY(answered());
    const float before = worst();
    const auto pads = powergrid::mapsOf(controller().sheet().plan).pads.values;
    QDialog* asked = dialog();
    QVERIFY(asked != nullptr);
    QCOMPARE(box(asked, "powergridCellSide")->value(), 10.0);
    QCOMPARE(box(asked, "powergridSupply")->value(), 1.1);
    QCOMPARE(box(asked, "powergridLeastOhms")->value(), 0.5);
    QCOMPARE(box(asked, "powergridMostOhms")->value(), 5.0);
    QCOMPARE(box(asked, "powergridFullCurrent")->value(), 2.0);
    // Four times the area, at half the current for each: twice the current through a quarter of the
    // resistance.
    box(asked, "powergridCellSide")->setValue(20);
    box(asked, "powergridFullCurrent")->setValue(1);
    box(asked, "powergridLeastOhms")->setValue(0.125);
    box(asked, "powergridMostOhms")->setValue(1.25);
    box(asked, "powergridSupply")->setValue(0.9);
    asked->accept();
    QVERIFY(answered());
    QVERIFY(std::abs(worst() / before - 0.5F) < 1e-3F);
    QCOMPARE(controller().sheet().plan.technology.supplyVolts, 0.9);
    QCOMPARE(powergrid::mapsOf(controller().sheet().plan).pads.values, pads); // on their cells
    m_window->trigger("edit.undo");
    QVERIFY(answered());
    QVERIFY(std::abs(worst() / before - 1) < 1e-3F);
    QCOMPARE(controller().sheet().plan.technology, powergrid::SheetTechnology());
    // Nothing changed is no step of undo.
    const auto sheet = (*m_window)->document().project().powerGrid;
    dialog()->accept();
    QVERIFY(answered());
    QCOMPARE((*m_window)->document().project().powerGrid, sheet);
}

void PowerGridPropertiesFlow::theStrongerMetalIsNeverTheWeaker() {
    controller().startBlank(12, 12);
    QVERIFY(answered());
    QDialog* asked = dialog();
    auto* least = box(asked, "powergridLeastOhms");
    auto* most = box(asked, "powergridMostOhms");
    least->setValue(8);
    emit least->editingFinished();
    QCOMPARE(most->value(), 8.0);
    most->setValue(2);
    emit most->editingFinished();
    QCOMPARE(least->value(), 2.0);
    asked->reject();
}

void PowerGridPropertiesFlow::aNetlistHasNone() {
    QVERIFY(!view().findChild<QAction*>("powergridProperties")->isEnabled());
    controller().startBlank(12, 12);
    QVERIFY(answered());
    QVERIFY(view().findChild<QAction*>("powergridProperties")->isEnabled());
    const auto file = m_window->path("small.sp");
    QVERIFY(writeFileAtomically(file, "V1 n1_m1_0_0 0 1.1\nR1 n1_m1_0_0 n1_m1_2000_0 10\n"
                                      "R2 n1_m1_0_0 n1_m1_0_2000 10\nI1 n1_m1_2000_0 0 1m\n.end\n"));
    controller().importFiles({file});
    QVERIFY(m_window->settle());
    QVERIFY(!view().findChild<QAction*>("powergridProperties")->isEnabled());
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridPropertiesFlow)
#include "powergrid_properties_flow_test.moc"
