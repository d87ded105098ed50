// How the panel is left and comes back, and what it does by keyboard.

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include "tests/widgets/powergrid/power_grid_panel_test.h"
#include "widgets/powergrid/layer_list.h"

namespace headroom::widgets {

class PowerGridStateTest final : public PowerGridPanelTest {
    Q_OBJECT

private slots:
    void aNewSheetSaysWhatItTakes() {
        m_view->setSheetCost([](const QSize& cells) {
            return SheetCost{QString("%1 cells").arg(cells.width() * cells.height()), cells.width() > 1000};
        });
        m_view->setData(plain());
        find<QAction>("powergridOtherSize")->trigger();
        auto* dialog = find<QDialog>("powergridSizeDialog");
        auto* ok = dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        auto* cost = dialog->findChild<QLabel*>("powergridSheetCost");
        QCOMPARE(cost->text(), QString("65536 cells"));
        dialog->findChild<QSpinBox*>("powergridSheetWidth")->setValue(20000);
        QCOMPARE(cost->text(), QString("5120000 cells"));
        QVERIFY(!ok->isEnabled());
        dialog->findChild<QSpinBox*>("powergridSheetWidth")->setValue(100);
        QVERIFY(ok->isEnabled());
        dialog->reject();
    }

    void comesBackAsItWasLeft() {
        m_view->setData(plain());
        QSignalSpy changed(m_view.get(), &PowerGridView::viewStateChanged);
        QSignalSpy limit(m_view.get(), &PowerGridView::limitChanged);
        find<QTabWidget>("powergridSide")->setCurrentIndex(1);
        find<QComboBox>("powergridColours")->setFocus();
        QTest::keyClick(find<QComboBox>("powergridColours"), Qt::Key_Down); // Cividis
        find<QCheckBox>("powergridFitted")->click();
        find<QCheckBox>("powergridLogarithmic")->click();
        find<QDoubleSpinBox>("powergridLimit")->setValue(2.5);
        find<QCheckBox>("powergridLimitOn")->click();
        find<QDoubleSpinBox>("powergridSize")->setValue(33);
        find<QSpinBox>("powergridHardness")->setValue(10);
        find<QComboBox>("powergridMode")->setCurrentIndex(1);
        canvas().setFocus();
        QTest::keyClick(&canvas(), Qt::Key_Q);
        m_view->setPaintedLayer(GridLayer::Strength);
        emit m_view->findChild<LayerList*>()->shownChanged(GridLayer::Pads, false);
        auto* columns = find<QSplitter>("powergridSplitter");
        columns->setSizes({500, 480});
        emit columns->splitterMoved(500, 1);
        QVERIFY(changed.count() >= 10);
        const QVariantMap state = m_view->viewState();

        PowerGridView next;
        next.resize(1000, 700);
        QSignalSpy quiet(&next, &PowerGridView::viewStateChanged);
        // As the settings keep it.
        next.restoreViewState(
            QJsonDocument::fromJson(QJsonDocument(QJsonObject::fromVariantMap(state)).toJson())
                .object()
                .toVariantMap());
        QCOMPARE(quiet.count(), 0);
        next.setData(plain());
        next.show();
        const DisplaySettings& display = next.canvas().at(GridLayer::Drop).display();
        QCOMPARE(display.map, ColourMap::Cividis);
        QVERIFY(display.logarithmic);
        QVERIFY(!display.fitted);
        QCOMPARE(display.high, canvas().at(GridLayer::Drop).display().high);
        QCOMPARE(next.limitPercent(), 2.5);
        QVERIFY(!next.canvas().limit());
        QCOMPARE(next.canvas().brush().size, 33.0);
        QCOMPARE(next.canvas().brush().hardness, 0.1);
        QCOMPARE(next.canvas().brush().mode, PaintMode::Add);
        QCOMPARE(next.canvas().tool(), CanvasTool::Square);
        QCOMPARE(next.canvas().paintedLayer(), GridLayer::Strength);
        QVERIFY(!next.canvas().isLayerVisible(GridLayer::Pads));
        QVERIFY(next.canvas().isLayerVisible(GridLayer::Drop));
        QCOMPARE(next.findChild<QTabWidget*>("powergridSide")->currentIndex(), 1);
        const QList<int> sizes = next.findChild<QSplitter*>("powergridSplitter")->sizes();
        QVERIFY2(std::abs(sizes[1] - columns->sizes()[1]) <= 2, qPrintable(QString::number(sizes[1])));
        QCOMPARE(next.viewState(), state);
    }

    void whatWasSavedIsNotTrusted() {
        const QVariantMap before = m_view->viewState();
        m_view->restoreViewState(
            {{"limitPercent", "many"},
             {"displays", QVariantMap{{"drop", QVariantMap{{"map", "Rainbow"}, {"low", 2}, {"high", 1}}}}},
             {"opacities", 7},
             {"tool", "hammer"},
             {"painted", "drop"},
             {"brush", QVariantMap{{"size", "wide"}, {"mode", 3}}},
             {"page", 99},
             {"columns", QVariantList{-4, "x"}}});
        QCOMPARE(m_view->viewState(), before);
        m_view->restoreViewState(
            {{"brush", QVariantMap{{"size", 1e9}, {"hardness", -3}}}, {"limitPercent", 900}});
        QCOMPARE(canvas().brush().size, 4096.0);
        QCOMPARE(canvas().brush().hardness, 0.0);
        QCOMPARE(m_view->limitPercent(), 100.0);
    }

    void theKeyboardGoesFromOneWorstPlaceToTheNext() {
        m_view->setData(std::make_shared<PowerGridData>(samples::sheet(128, 128)));
        const auto& marks = canvas().marks();
        QVERIFY(marks.size() >= 2);
        canvas().setFocus();
        QTest::keyClick(&canvas(), Qt::Key_N);
        QCOMPARE(canvas().currentMark(), 0);
        QTest::keyClick(&canvas(), Qt::Key_N);
        QCOMPARE(canvas().currentMark(), 1);
        QCOMPARE(find<QTableView>("powergridWorst")->currentIndex().row(), 1);
        QCOMPARE(canvas().probe(),
                 std::optional(QPoint(static_cast<int>(marks[1].um.x()), static_cast<int>(marks[1].um.y()))));
        QTest::keyClick(&canvas(), Qt::Key_N, Qt::ShiftModifier);
        QTest::keyClick(&canvas(), Qt::Key_N, Qt::ShiftModifier);
        QCOMPARE(canvas().currentMark(), static_cast<int>(marks.size()) - 1);
        QVERIFY(!canvas().viewport().isFitted());
        QTest::keyClick(&canvas(), Qt::Key_Home);
        QVERIFY(canvas().viewport().isFitted());
    }

    void theProbesValuesAreCopied() {
        m_view->setData(plain());
        canvas().setFocus();
        QApplication::clipboard()->setText("before");
        QTest::keyClick(&canvas(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QString("before"));
        m_view->setProbe(QPoint(10, 7));
        QTest::keyClick(&canvas(), Qt::Key_C, Qt::ControlModifier);
        const QString copied = QApplication::clipboard()->text();
        QVERIFY2(copied.contains("x\t10.5 \u00b5m") && copied.contains("IR drop\t20 mV") &&
                     copied.contains("Cell density\t0.5"),
                 qPrintable(copied));
    }

    void theColourBarLeadsToItsColours() {
        m_view->setData(plain());
        emit m_view->findChild<LayerList*>()->layerChosen(GridLayer::Density);
        auto* title = find<QLabel>("powergridRangeTitle");
        QCOMPARE(title->text(), QString("Cell density, below IR drop"));
        QTest::mouseClick(find<QWidget>("powergridColourBar"), Qt::LeftButton);
        QCOMPARE(title->text(), QString("IR drop"));
        QCOMPARE(find<QTabWidget>("powergridSide")->currentIndex(), 1);
        QCOMPARE(canvas().paintedLayer(), GridLayer::Density); // answers are not painted on
    }

    void onlySheetsArePaintedOn() {
        m_view->setData(plain());
        m_view->setTool(CanvasTool::Square);
        auto netlist = std::make_shared<PowerGridData>();
        netlist->width = 40;
        netlist->height = 30;
        netlist->supplyVolts = 1;
        netlist->drop = plain()->drop;
        m_view->setData(netlist);
        QCOMPARE(canvas().tool(), CanvasTool::Probe);
        canvas().setFocus();
        QTest::keyClick(&canvas(), Qt::Key_B);
        QCOMPARE(canvas().tool(), CanvasTool::Probe);
        QCOMPARE(m_view->viewState().value("tool").toString(), QString("square"));
        m_view->setData(plain());
        QCOMPARE(canvas().tool(), CanvasTool::Square);
    }

    void islandsAreOutlined() {
        m_view->setData(plain());
        const QImage without = canvas().grab().toImage();
        auto data = std::make_shared<PowerGridData>(*plain());
        data->islands = {{"n1_m1_20000_20000", {10, 10}, {14, 12}, 5}, {"far", {900, 900}, {901, 901}, 1}};
        m_view->setData(data);
        QCOMPARE(canvas().islands().size(), std::size_t{2});
        const QImage with = canvas().grab().toImage();
        const QPointF corner = canvas().viewport().toWidget(QPointF(12, 11));
        bool differs = false;
        for (int dx = -6; dx <= 6; ++dx)
            differs |= with.pixel(corner.toPoint() + QPoint(dx, 0)) !=
                       without.pixel(corner.toPoint() + QPoint(dx, 0));
        QVERIFY(differs);
        m_view->setData(plain());
        QVERIFY(canvas().islands().empty());
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::PowerGridStateTest)
#include "power_grid_state_test.moc"
