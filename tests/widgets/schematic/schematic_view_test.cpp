#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

#include "core/schematic/placer.h"
#include "tests/widgets/sample_data.h"
#include "widgets/schematic/schematic_canvas.h"
#include "widgets/schematic/schematic_view.h"

namespace headroom::widgets {

class SchematicViewTest final : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<const netlist::Circuit> m_circuit;
    std::shared_ptr<const schematic::Drawing> m_drawing;
    std::unique_ptr<SchematicView> m_view;

    netlist::DeviceId device(const char* name) const { return *m_circuit->findDevice(name); }
    QPoint placeOf(const char* name) const { return m_view->canvas().placeOf(device(name))->toPoint(); }

private slots:
    void init() {
        const auto netlist = samples::foldedCascode();
        m_circuit = {netlist, &netlist->circuit};
        m_drawing = std::make_shared<const schematic::Drawing>(
            schematic::placeDrawing(*m_circuit, *samples::foldedCascodeStructure()));
        m_view = std::make_unique<SchematicView>();
        m_view->resize(900, 600);
        m_view->setData(m_drawing, m_circuit, samples::foldedCascodeStructure());
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void emptyWithoutACircuit() {
        SchematicView view;
        QCOMPARE(view.state(), Panel::State::Empty);
        m_view->setData(nullptr, nullptr, nullptr);
        QCOMPARE(m_view->state(), Panel::State::Empty);
    }

    void everyDeviceIsInSightAtFirst() {
        for (const netlist::Device& device : m_circuit->devices)
            QVERIFY2(m_view->canvas().rect().contains(placeOf(device.name.c_str())), device.name.c_str());
    }

    void clickingSelectsAndTells() {
        QSignalSpy selected(m_view.get(), &SchematicView::devicesSelected);
        QTest::mouseClick(&m_view->canvas(), Qt::LeftButton, {}, placeOf("M3"));
        QCOMPARE(selected.size(), 1);
        QCOMPARE(selected.last().at(0).toStringList(), QStringList{QStringLiteral("M3")});
        QTest::mouseClick(&m_view->canvas(), Qt::LeftButton, Qt::ControlModifier, placeOf("M8"));
        QCOMPARE(m_view->selectedDevices().size(), 2);
        QTest::mouseClick(&m_view->canvas(), Qt::LeftButton, {}, QPoint(2, m_view->canvas().height() - 2));
        QVERIFY(m_view->selectedDevices().isEmpty());
    }

    void selectingFromOutsideTellsNothing() {
        QSignalSpy selected(m_view.get(), &SchematicView::devicesSelected);
        m_view->selectDevices({QStringLiteral("M1"), QStringLiteral("M2"), QStringLiteral("Nobody")});
        QCOMPARE(m_view->selectedDevices().size(), 2);
        QCOMPARE(selected.size(), 0);
    }

    void aSelectionBeforeTheFirstShowLeavesTheDrawingFitted() {
        SchematicView view;
        view.setData(m_drawing, m_circuit, samples::foldedCascodeStructure());
        view.selectDevices({QStringLiteral("M3")});
        view.resize(1200, 800);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(std::abs(view.canvas().scale() - m_view->canvas().scale()) > 0.1);
        for (const netlist::Device& each : m_circuit->devices)
            QVERIFY(view.canvas().rect().contains(
                view.canvas().placeOf(*m_circuit->findDevice(each.name))->toPoint()));
        QVERIFY(view.canvas().placeOf(device("CL"))->x() > 600);
    }

    void theWheelZoomsAroundTheCursorAndFFits() {
        SchematicCanvas& canvas = m_view->canvas();
        const double before = canvas.scale();
        const QPointF place = *canvas.placeOf(device("M1"));
        QWheelEvent wheel(place, canvas.mapToGlobal(place), {}, {0, 240}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(&canvas, &wheel);
        QVERIFY(canvas.scale() > before * 1.3);
        QVERIFY((*canvas.placeOf(device("M1")) - place).manhattanLength() < 0.5);
        QTest::keyClick(&canvas, Qt::Key_F);
        QVERIFY(std::abs(canvas.scale() - before) < 1e-9);
    }

    void draggingTheGroundMovesTheSheet() {
        SchematicCanvas& canvas = m_view->canvas();
        const QPoint before = placeOf("M1");
        const QPoint ground(3, canvas.height() - 3);
        QTest::mousePress(&canvas, Qt::LeftButton, {}, ground);
        QTest::mouseMove(&canvas, ground + QPoint(60, -40));
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, ground + QPoint(60, -40));
        QVERIFY((placeOf("M1") - before - QPoint(60, -40)).manhattanLength() <= 2);
    }

    void draggingADeviceAsksForItsNewPlace() {
        SchematicCanvas& canvas = m_view->canvas();
        QSignalSpy moved(m_view.get(), &SchematicView::deviceMoved);
        const QPoint from = placeOf("CL");
        const auto unit = static_cast<int>(std::lround(canvas.scale()));
        QTest::mousePress(&canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(&canvas, from + QPoint(6 * unit, 0));
        QTest::mouseRelease(&canvas, Qt::LeftButton, {}, from + QPoint(6 * unit, 0));
        QCOMPARE(moved.size(), 1);
        QCOMPARE(moved.last().at(0).toString(), QStringLiteral("CL"));
        const auto at = moved.last().at(1).toPointF();
        const auto old = m_drawing->symbolOf(device("CL"))->at;
        QVERIFY(at.x() > old.x + 3);
        QCOMPARE(at.y(), old.y);
        QCOMPARE(at.x(), std::round(at.x()));
    }

    void aClickMovesNothing() {
        QSignalSpy moved(m_view.get(), &SchematicView::deviceMoved);
        QTest::mouseClick(&m_view->canvas(), Qt::LeftButton, {}, placeOf("CL"));
        QCOMPARE(moved.size(), 0);
    }

    void showsTolerancesAsALayerOfItsOwn() {
        auto* tolerances = m_view->findChild<QAction*>(QStringLiteral("schematicTolerances"));
        QVERIFY(tolerances != nullptr);
        QVERIFY(!tolerances->isEnabled());
        const QImage before = m_view->canvas().picture();
        const schematic::ToleranceBar bar{"W", 0.7, 1.5, 0.5, 2, "W: alone 7 um to 15 um"};
        m_view->setTolerances({{device("M1"), {bar}}}, QStringLiteral("candidate 3"));
        QVERIFY(tolerances->isEnabled());
        QCOMPARE(m_view->shownAnnotation().devices.at(device("M1")).bars.size(), std::size_t{1});
        const QImage shown = m_view->canvas().picture();
        QVERIFY(shown != before);
        QVERIFY(m_view->findChild<QLabel*>(QStringLiteral("schematicSummary"))
                    ->text()
                    .contains("slack of candidate 3"));
        // Independent of the operating point.
        schematic::Annotation annotation;
        annotation.devices[device("M1")] = {{"12 uA"}, schematic::Region::Saturation};
        m_view->setAnnotation(annotation, QStringLiteral("candidate 3"));
        m_view->findChild<QAction*>(QStringLiteral("schematicValues"))->setChecked(false);
        QVERIFY(m_view->shownAnnotation().devices.at(device("M1")).lines.empty());
        QCOMPARE(m_view->canvas().picture(), shown);
        tolerances->setChecked(false);
        QVERIFY(m_view->shownAnnotation().empty());
        QCOMPARE(m_view->canvas().picture(), before);
        m_view->setTolerances({}, {});
        QVERIFY(!tolerances->isEnabled());
    }

    void valuesOfTheOperatingPointAreSwitchable() {
        auto* values = m_view->findChild<QAction*>(QStringLiteral("schematicValues"));
        QVERIFY(!values->isEnabled());
        const QImage plain = m_view->canvas().picture();
        schematic::Annotation annotation;
        annotation.devices[device("M1")] = {{"12 uA"}, schematic::Region::Saturation};
        m_view->setAnnotation(annotation, QStringLiteral("candidate 3"));
        QVERIFY(values->isEnabled());
        QVERIFY(m_view->canvas().picture() != plain);
        QVERIFY(m_view->findChild<QLabel*>(QStringLiteral("schematicSummary"))
                    ->text()
                    .contains(QStringLiteral("candidate 3")));
        values->setChecked(false);
        QCOMPARE(m_view->canvas().picture(), plain);
    }

    void shadingIsSwitchable() {
        const QImage shaded = m_view->canvas().picture();
        m_view->findChild<QAction*>(QStringLiteral("schematicShading"))->setChecked(false);
        QVERIFY(m_view->canvas().picture() != shaded);
    }

    void thePictureIsCopied() {
        QGuiApplication::clipboard()->clear();
        m_view->findChild<QAction*>(QStringLiteral("schematicCopy"))->trigger();
        QVERIFY(!QGuiApplication::clipboard()->image().isNull());
    }

    void exportAndResetAreRequests() {
        QSignalSpy wanted(m_view.get(), &SchematicView::exportDrawingRequested);
        QSignalSpy reset(m_view.get(), &SchematicView::resetPlacesRequested);
        m_view->findChild<QAction*>(QStringLiteral("schematicExport"))->trigger();
        m_view->findChild<QAction*>(QStringLiteral("schematicReset"))->trigger();
        QCOMPARE(wanted.size(), 1);
        QCOMPARE(reset.size(), 1);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SchematicViewTest)
#include "schematic_view_test.moc"
