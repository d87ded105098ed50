#include <QAction>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QTest>

#include <cmath>

#include "tests/flows/powergrid_window.h"

namespace headroom::app {

/// What a sheet's cells and values stand for is changed in the real window, answered and undone.
class PowerGridPropertiesFlow : public QObject {
    Q_OBJECT

private slots:
    void init() { m_window = std::make_unique<PowerGridWindow>(); }
    void cleanup() { m_window.reset(); }
    void aSheetsPropertiesAreChangedAndUndone();
    void theStrongerMetalIsNeverTheWeaker();
    void aNetlistHasNone();

private:
    QDialog* dialog() {
        m_window->view().findChild<QAction*>("powergridProperties")->trigger();
        return m_window->find<QDialog>("powergridPropertiesDialog");
    }
    static QDoubleSpinBox* box(QDialog* dialog, const char* name) {
        return dialog->findChild<QDoubleSpinBox*>(name);
    }

    std::unique_ptr<PowerGridWindow> m_window;
};

void PowerGridPropertiesFlow::aSheetsPropertiesAreChangedAndUndone() {
    m_window->controller().startBlank(20, 20);
    QVERIFY(m_window->answered());
    const float before = m_window->worst();
    const auto pads = powergrid::mapsOf(m_window->controller().sheet().plan).pads.values;
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
    QVERIFY(m_window->answered());
    QVERIFY(std::abs(m_window->worst() / before - 0.5F) < 1e-3F);
    QCOMPARE(m_window->controller().sheet().plan.technology.supplyVolts, 0.9);
    QCOMPARE(powergrid::mapsOf(m_window->controller().sheet().plan).pads.values, pads); // on their cells
    m_window->trigger("edit.undo");
    QVERIFY(m_window->answered());
    QVERIFY(std::abs(m_window->worst() / before - 1) < 1e-3F);
    QCOMPARE(m_window->controller().sheet().plan.technology, powergrid::SheetTechnology());
    // Nothing changed is no step of undo.
    const auto sheet = m_window->sheetNumber();
    dialog()->accept();
    QVERIFY(m_window->answered());
    QCOMPARE(m_window->sheetNumber(), sheet);
}

void PowerGridPropertiesFlow::theStrongerMetalIsNeverTheWeaker() {
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
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
    QVERIFY(!m_window->view().findChild<QAction*>("powergridProperties")->isEnabled());
    m_window->controller().startBlank(12, 12);
    QVERIFY(m_window->answered());
    QVERIFY(m_window->view().findChild<QAction*>("powergridProperties")->isEnabled());
    QVERIFY(m_window->openSmallNetlist());
    QVERIFY(!m_window->view().findChild<QAction*>("powergridProperties")->isEnabled());
}

} // namespace headroom::app

QTEST_MAIN(headroom::app::PowerGridPropertiesFlow)
#include "powergrid_properties_flow_test.moc"
