// The canvas under real events.

#include <QAction>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

#include <cstring>

#include "tests/widgets/powergrid/map_samples.h"
#include "widgets/powergrid/heat_map_view.h"

namespace headroom::widgets {

class HeatMapViewTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<HeatMapView> m_view;

    static constexpr int kWide = 40, kHigh = 30;

    HeatMapData flat(float value) const {
        return samples::mapOf(kWide, kHigh, {}, [value](int, int) { return value; });
    }

    void drag(const std::vector<QPoint>& places, Qt::KeyboardModifiers modifiers = {}) {
        QTest::mousePress(m_view.get(), Qt::LeftButton, modifiers, places.front());
        for (std::size_t i = 1; i < places.size(); ++i) {
            QMouseEvent move(QEvent::MouseMove, places[i], m_view->mapToGlobal(places[i]), Qt::NoButton,
                             Qt::LeftButton, modifiers);
            QApplication::sendEvent(m_view.get(), &move);
        }
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, modifiers, places.back());
    }

    static bool sameBits(const HeatMapData& a, const HeatMapData& b) {
        return a.values->size() == b.values->size() &&
               std::memcmp(a.values->data(), b.values->data(), a.values->size() * sizeof(float)) == 0;
    }

private slots:
    void init() {
        m_view = std::make_unique<HeatMapView>();
        m_view->resize(640, 480);
        m_view->setSheet(kWide, kHigh, 1);
        m_view->setMap(GridLayer::Density, flat(0.25F));
        m_view->setTool(CanvasTool::Square);
        m_view->setBrush({3, 1, 1, 0.75});
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void strokesChangeExactlyTheirCells() {
        QSignalSpy finished(m_view.get(), &HeatMapView::strokeFinished);
        QSignalSpy moved(m_view.get(), &HeatMapView::strokeMoved);
        const HeatMapData before = m_view->map(GridLayer::Density);
        drag({m_view->placeOf(10, 10), m_view->placeOf(20, 10)}); // two events only
        QCOMPARE(finished.count(), 1);
        QVERIFY(moved.count() >= 1);
        const HeatMapData after = m_view->map(GridLayer::Density);
        for (int x = 0; x < kWide; ++x)
            for (int y = 0; y < kHigh; ++y)
                QCOMPARE(after.at(x, y), x >= 9 && x <= 21 && y >= 9 && y <= 11 ? 0.75F : 0.25F);
        const auto patch = finished[0][0].value<MapPatch>();
        QCOMPARE(patch.area, QRect(9, 9, 13, 3));
        QCOMPARE(patch.layer, GridLayer::Density);
        QVERIFY(patch.text.contains("cell density"));
        QVERIFY(m_view->apply(patch.reversed()));
        QVERIFY(sameBits(m_view->map(GridLayer::Density), before));
        QVERIFY(m_view->apply(patch));
        QVERIFY(sameBits(m_view->map(GridLayer::Density), after));
        QCOMPARE(finished.count(), 1);
    }

    void tellsWhatChangesWhileTheStrokeGoesOn() {
        QSignalSpy moved(m_view.get(), &HeatMapView::strokeMoved);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(5, 5));
        QCOMPARE(moved.count(), 1); // at once
        for (int x = 6; x <= 15; ++x)
            QTest::mouseMove(m_view.get(), m_view->placeOf(x, 5));
        QTRY_VERIFY(moved.count() >= 2);
        // All that was told, put together, is what is on show.
        std::vector<float> told(static_cast<std::size_t>(kWide * kHigh), 0.25F);
        QTest::qWait(60);
        for (const auto& arguments : moved) {
            const auto patch = arguments[0].value<MapPatch>();
            std::size_t i = 0;
            for (int x = patch.area.left(); x <= patch.area.right(); ++x)
                for (int y = patch.area.top(); y <= patch.area.bottom(); ++y)
                    told[static_cast<std::size_t>(x * kHigh + y)] = patch.after[i++];
        }
        QCOMPARE(told, *m_view->map(GridLayer::Density).values);
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(15, 5));
    }

    void tellsAtMost33TimesASecond() {
        QSignalSpy moved(m_view.get(), &HeatMapView::strokeMoved);
        QElapsedTimer time;
        time.start();
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(1, 1));
        for (int i = 0; time.elapsed() < 300; ++i)
            QTest::mouseMove(m_view.get(), m_view->placeOf(1 + i % 38, 1 + i % 27));
        const qint64 elapsed = time.elapsed();
        const auto count = moved.count();
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(1, 1));
        QVERIFY(count <= elapsed / 30 + 1);
        QVERIFY(count >= 2);
    }

    void marksThatOthersCoverAreNotDrawn() {
        m_view->setMarks({{{10, 10}, 0.03, "a"}, {{10.2, 10}, 0.02, "b"}, {{30, 20}, 0.01, "c"}});
        QCOMPARE(m_view->marksApart(m_view->viewport()), (std::vector<std::size_t>{0, 2}));
        m_view->setCurrentMark(1);
        QCOMPARE(m_view->marksApart(m_view->viewport()), (std::vector<std::size_t>{0, 1, 2}));
        m_view->zoom(50, m_view->placeOf(10, 10));
        m_view->setCurrentMark(-1);
        QCOMPARE(m_view->marksApart(m_view->viewport()), (std::vector<std::size_t>{0, 1, 2}));
    }

    void escapeGivesAStrokeUp() {
        QSignalSpy finished(m_view.get(), &HeatMapView::strokeFinished);
        QSignalSpy cancelled(m_view.get(), &HeatMapView::strokeCancelled);
        QSignalSpy moved(m_view.get(), &HeatMapView::strokeMoved);
        const HeatMapData before = m_view->map(GridLayer::Density);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(5, 5));
        QVERIFY(!sameBits(m_view->map(GridLayer::Density), before));
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QVERIFY(sameBits(m_view->map(GridLayer::Density), before));
        QCOMPARE(cancelled.count(), 1);
        QCOMPARE(moved.last()[0].value<MapPatch>().after, std::vector<float>(9, 0.25F));
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(8, 8));
        QCOMPARE(finished.count(), 0);
    }

    void otherLayersMayChangeUnderAStroke() {
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(5, 5));
        m_view->setMap(GridLayer::Drop, flat(0.1F));
        m_view->setMap(GridLayer::Density, flat(9)); // comes too late: the stroke keeps its layer
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(5, 5));
        QCOMPARE(m_view->map(GridLayer::Density).at(0, 0), 0.25F);
        QCOMPARE(m_view->map(GridLayer::Density).at(5, 5), 0.75F);
        QCOMPARE(m_view->map(GridLayer::Drop).at(5, 5), 0.1F);
    }

    void shiftKeepsStrokesStraight() {
        m_view->setBrush({1, 1, 1, 0.75});
        QSignalSpy finished(m_view.get(), &HeatMapView::strokeFinished);
        drag({m_view->placeOf(10, 10), m_view->placeOf(15, 12), m_view->placeOf(20, 13)}, Qt::ShiftModifier);
        QCOMPARE(finished[0][0].value<MapPatch>().area, QRect(10, 10, 11, 1));
    }

    void fillsAndPicks() {
        m_view->setTool(CanvasTool::Rectangle);
        drag({m_view->placeOf(4, 0), m_view->placeOf(4, 29)});
        m_view->setTool(CanvasTool::Fill);
        m_view->setBrush({3, 1, 1, 0.5});
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(1, 1));
        QCOMPARE(m_view->map(GridLayer::Density).at(3, 29), 0.5F);
        QCOMPARE(m_view->map(GridLayer::Density).at(4, 29), 0.75F);
        QCOMPARE(m_view->map(GridLayer::Density).at(5, 29), 0.25F);
        QSignalSpy changed(m_view.get(), &HeatMapView::brushChanged);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, Qt::AltModifier, m_view->placeOf(4, 4));
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_view->brush().value, 0.75);
        m_view->setTool(CanvasTool::Pick);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(9, 4));
        QCOMPARE(m_view->brush().value, 0.25);
    }

    void keysSetTheBrush() {
        QSignalSpy changed(m_view.get(), &HeatMapView::brushChanged);
        QTest::keyClick(m_view.get(), Qt::Key_BracketRight);
        QCOMPARE(m_view->brush().size, 4.0);
        QTest::keyClick(m_view.get(), Qt::Key_BracketLeft);
        QCOMPARE(m_view->brush().size, 3.0);
        QTest::keyClick(m_view.get(), Qt::Key_4);
        QCOMPARE(m_view->brush().strength, 0.4);
        QTest::keyClick(m_view.get(), Qt::Key_0);
        QCOMPARE(m_view->brush().strength, 1.0);
        QCOMPARE(changed.count(), 4);
        m_view->setProbe(QPoint(7, 7));
        QSignalSpy finished(m_view.get(), &HeatMapView::strokeFinished);
        QTest::keyClick(m_view.get(), Qt::Key_Return); // a dab from the keyboard
        QCOMPARE(finished[0][0].value<MapPatch>().area, QRect(6, 6, 3, 3));
    }

    void refusesToPaintWhereNothingIs() {
        QSignalSpy refused(m_view.get(), &HeatMapView::refused);
        m_view->setPaintedLayer(GridLayer::Activity);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(1, 1));
        QCOMPARE(refused.count(), 1);
        m_view->setPaintedLayer(GridLayer::Drop); // an answer
        QCOMPARE(m_view->paintedLayer(), GridLayer::Activity);
    }

    void wheelKeepsTheCellUnderTheCursor() {
        const QPointF place(400, 130);
        const QPointF cell = m_view->viewport().toCell(place);
        const double scale = m_view->viewport().scale();
        QWheelEvent wheel(place, m_view->mapToGlobal(place), {}, QPoint(0, 360), Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_view.get(), &wheel);
        QVERIFY(m_view->viewport().scale() > 1.5 * scale);
        const QPointF now = m_view->viewport().toCell(place);
        QVERIFY(std::hypot(now.x() - cell.x(), now.y() - cell.y()) < 1e-9);
    }

    void pansByMiddleButtonAndSpace() {
        const HeatMapData before = m_view->map(GridLayer::Density);
        const QPoint from = m_view->placeOf(10, 10);
        QTest::mousePress(m_view.get(), Qt::MiddleButton, {}, from);
        QTest::mouseMove(m_view.get(), from + QPoint(30, 20));
        QTest::mouseRelease(m_view.get(), Qt::MiddleButton, {}, from + QPoint(30, 20));
        QCOMPARE(m_view->placeOf(10, 10), from + QPoint(30, 20));
        QTest::keyPress(m_view.get(), Qt::Key_Space);
        drag({from, from - QPoint(30, 20)});
        QTest::keyRelease(m_view.get(), Qt::Key_Space);
        QCOMPARE(m_view->placeOf(10, 10), from);
        QVERIFY(sameBits(m_view->map(GridLayer::Density), before));
        QTest::keyClick(m_view.get(), Qt::Key_F);
        QVERIFY(m_view->viewport().isFitted());
    }

    void drawsItsCellsWhereTheyAre() {
        m_view->setLayerVisible(GridLayer::Drop, false);
        m_view->setMap(GridLayer::Density, samples::mapOf(kWide, kHigh, {}, [](int x, int y) {
                           return x == 7 && y == 22 ? 1 : 0;
                       }));
        m_view->setTool(CanvasTool::Probe);
        const QImage picture = m_view->grab().toImage();
        QCOMPARE(picture.pixel(m_view->placeOf(7, 22)), coloursOf(ColourMap::Viridis).back());
        QCOMPARE(picture.pixel(m_view->placeOf(6, 22)), coloursOf(ColourMap::Viridis).front());
        QCOMPARE(picture.pixel(m_view->placeOf(7, 21)), coloursOf(ColourMap::Viridis).front());
    }

    /// Where the topmost map has no value, nothing else is shown in its place.
    void holesDoNotShowOtherLayers() {
        m_view->setTool(CanvasTool::Probe);
        m_view->setMap(GridLayer::Density, flat(1));
        m_view->setMap(GridLayer::Drop,
                       samples::mapOf(kWide, kHigh, "V", [](int x, int) { return x < 20 ? NAN : x; }));
        const QImage picture = m_view->grab().toImage();
        for (int x = 5; x < 15; ++x) {
            const QColor colour = picture.pixelColor(m_view->placeOf(x, 10));
            QVERIFY2(colour.saturation() < 60, qPrintable(colour.name())); // the ground's greys
        }
        QCOMPARE(picture.pixel(m_view->placeOf(39, 10)), coloursOf(ColourMap::Viridis).back());
    }

    /// A part that is painted anew looks as if all had been.
    void partsMatchTheWhole() {
        const auto ramp = [](int x, int y) { return 0.01 * x + 0.013 * y; };
        m_view->setMap(GridLayer::Density, samples::mapOf(kWide, kHigh, {}, ramp));
        m_view->zoom(1.37, QPointF(200, 200));
        QTest::qWait(20);
        const auto changed = [&](int x, int y) {
            return x >= 10 && x < 15 && y >= 10 && y < 14 ? 0.3 : ramp(x, y);
        };
        QImage parts(m_view->size(), QImage::Format_RGB32);
        m_view->render(&parts);
        m_view->setMap(GridLayer::Density, samples::mapOf(kWide, kHigh, {}, changed), QRect(10, 10, 5, 4));
        const QRect place = m_view->viewport().toWidget(QRectF(9, 9, 7, 6)).toAlignedRect();
        m_view->render(&parts, place.topLeft(), QRegion(place));
        QImage whole(m_view->size(), QImage::Format_RGB32);
        m_view->render(&whole);
        QCOMPARE(parts, whole);
    }

    void probesByMouseAndKeys() {
        m_view->setTool(CanvasTool::Probe);
        QSignalSpy moved(m_view.get(), &HeatMapView::probeMoved);
        QSignalSpy hovered(m_view.get(), &HeatMapView::hovered);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(12, 3));
        QCOMPARE(moved.last()[0].toPoint(), QPoint(12, 3));
        QTest::keyClick(m_view.get(), Qt::Key_Up);
        QCOMPARE(moved.last()[0].toPoint(), QPoint(12, 4));
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(moved.last()[0].toPoint(), QPoint(2, 4));
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier); // held at the edge
        QCOMPARE(m_view->probe(), std::optional(QPoint(0, 4)));
        QTest::mouseMove(m_view.get(), m_view->placeOf(3, 8));
        QCOMPARE(hovered.last()[0].toPoint(), QPoint(3, 8));
    }

    void differsFromItsReference() {
        m_view->setMap(GridLayer::Drop, flat(0.5F));
        m_view->setReference(flat(0.75F), "A");
        QCOMPARE(m_view->map(GridLayer::Difference).at(3, 3), -0.25F);
        m_view->setLayerVisible(GridLayer::Difference, true);
        QCOMPARE(m_view->shownLayer(), std::optional(GridLayer::Difference));
        QCOMPARE(m_view->at(GridLayer::Difference).scale().low, -0.25);
        QCOMPARE(m_view->at(GridLayer::Difference).scale().high, 0.25);
        m_view->setReference({}, {});
        QVERIFY(!m_view->map(GridLayer::Difference).isPresent());
        QCOMPARE(m_view->shownLayer(), std::optional(GridLayer::Drop));
    }

    void splitsBeforeAndAfter() {
        m_view->setTool(CanvasTool::Probe);
        m_view->setMap(GridLayer::Drop, samples::mapOf(kWide, kHigh, "V", [](int x, int y) {
                           return x == 0 && y == 0 ? 0 : 1;
                       }));
        m_view->setReference(flat(0), "A");
        m_view->setReference(samples::mapOf(kWide, kHigh, "V", [](int x, int) { return x == 39 ? 2 : 0; }),
                             "A");
        QCOMPARE(m_view->at(GridLayer::Drop).scale().high, 1.0);
        m_view->setSplit(0.5); // side by side both have one scale
        QCOMPARE(m_view->at(GridLayer::Drop).scale().high, 2.0);
        m_view->setReference(flat(0), "A");
        QSignalSpy split(m_view.get(), &HeatMapView::splitMoved);
        const int middle = static_cast<int>(m_view->viewport().area().center().x());
        const int low = static_cast<int>(m_view->viewport().area().bottom()) - 60;
        drag({QPoint(middle, low), QPoint(middle - 60, low), QPoint(middle - 120, low)});
        QVERIFY(split.count() >= 1);
        QVERIFY(std::abs(*m_view->split() - (0.5 - 120 / m_view->viewport().area().width())) < 0.01);
        const QImage picture = m_view->grab().toImage();
        QCOMPARE(picture.pixel(middle - 135, low), coloursOf(ColourMap::Viridis).front());
        QCOMPARE(picture.pixel(middle - 100, low), coloursOf(ColourMap::Viridis).back());
    }

    void addsMovesAndDeletesObjects() {
        QSignalSpy changes(m_view.get(), &HeatMapView::objectsChanged);
        const auto last = [&] { return changes.last()[0].value<ObjectChange>(); };
        m_view->setTool(CanvasTool::Pad);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(5, 5));
        QCOMPARE(changes.count(), 1);
        QVERIFY(last().before.empty());
        QCOMPARE(last().after[0].from, QPointF(5.5, 5.5));
        m_view->setTool(CanvasTool::Strap);
        drag({m_view->placeOf(10, 2), m_view->placeOf(12, 20)}, Qt::ShiftModifier);
        QCOMPARE(last().after[0].from.x(), last().after[0].to.x());
        m_view->setTool(CanvasTool::Macro);
        drag({m_view->placeOf(20, 20), m_view->placeOf(28, 14)});
        QCOMPARE(QRectF(last().after[0].from, last().after[0].to), QRectF(20.5, 14.5, 8, 6));
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(30, 6)); // stamp of that size
        QCOMPARE(last().after[0].to - last().after[0].from, QPointF(8, 6));
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(14, 14) + QPoint(1, 0));
        QCOMPARE(changes.count(), 5);

        m_view->setTool(CanvasTool::Select);
        drag({m_view->placeOf(24, 17), m_view->placeOf(26, 19)});
        QCOMPARE(changes.count(), 6);
        QCOMPARE(last().before.size(), std::size_t{1});
        QCOMPARE(last().after[0].from - last().before[0].from, QPointF(2, 2));
        QTest::mouseClick(m_view.get(), Qt::LeftButton, Qt::ShiftModifier, m_view->placeOf(5, 5));
        QCOMPARE(m_view->editor().selection().size(), std::size_t{2});
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(last().after.size(), std::size_t{2});
        QCOMPARE(last().after[0].from - last().before[0].from, QPointF(1, 0));
        const GridObjects full = m_view->objects();
        QTest::keyClick(m_view.get(), Qt::Key_Delete);
        QCOMPARE(m_view->objects().size(), full.size() - 2);
        QVERIFY(last().after.empty());
        m_view->apply(last().reversed());
        QCOMPARE(m_view->objects().size(), full.size());
        const int count = static_cast<int>(changes.count());
        m_view->apply(last());
        QCOMPARE(static_cast<int>(changes.count()), count); // applying tells nothing
    }

    void clicksThatTrembleMoveNothing() {
        m_view->setObjects(std::make_shared<const GridObjects>(
            GridObjects{{1, GridObjectKind::Macro, {5, 5}, {15, 15}, 0, 0.01, "U1"}}));
        m_view->setTool(CanvasTool::Select);
        QSignalSpy changes(m_view.get(), &HeatMapView::objectsChanged);
        drag({m_view->placeOf(10, 10), m_view->placeOf(10, 10) + QPoint(1, 1)});
        QCOMPARE(changes.count(), 0);
        QCOMPARE(m_view->editor().selection(), std::set<int>{1});
        // Objects stay on the sheet.
        drag({m_view->placeOf(10, 10), m_view->placeOf(39, 29)});
        QCOMPARE(m_view->objects()[0].to, QPointF(kWide, kHigh));
        // The corner of the one selected object stretches it.
        drag({m_view->viewport().toWidget(m_view->objects()[0].from).toPoint(), m_view->placeOf(20, 12)});
        QCOMPARE(m_view->objects()[0].from, QPointF(20.5, 12.5));
        QCOMPARE(m_view->objects()[0].to, QPointF(kWide, kHigh));
        QTest::keyClick(m_view.get(), Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(m_view->objects().size(), std::size_t{2});
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QVERIFY(m_view->editor().selection().empty());
    }

    void bandSelectsWhatIsInIt() {
        m_view->setObjects(
            std::make_shared<const GridObjects>(GridObjects{{1, GridObjectKind::Pad, {5, 5}, {5, 5}},
                                                            {2, GridObjectKind::Pad, {9, 9}, {9, 9}},
                                                            {3, GridObjectKind::Pad, {30, 9}, {30, 9}}}));
        m_view->setTool(CanvasTool::Select);
        drag({m_view->placeOf(2, 2), m_view->placeOf(8, 8), m_view->placeOf(12, 12)});
        QCOMPARE(m_view->editor().selection(), (std::set<int>{1, 2}));
        m_view->setLayerVisible(GridLayer::Pads, false); // what is hidden cannot be hit
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(30, 9));
        QVERIFY(m_view->editor().selection().empty());
    }

    void keysOfTheCanvasAreNotTakenByTheWindow() {
        QAction stolen;
        stolen.setShortcuts({QKeySequence(Qt::Key_Delete), QKeySequence(Qt::Key_4)});
        stolen.setShortcutContext(Qt::ApplicationShortcut);
        m_view->addAction(&stolen);
        QSignalSpy triggered(&stolen, &QAction::triggered);
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_4);
        QTest::keyClick(m_view.get(), Qt::Key_Delete);
        QCOMPARE(triggered.count(), 0);
        QCOMPARE(m_view->brush().strength, 0.4);
    }

    void objectsFollowTheirChanges() {
        const auto at = [&](int x, int y) { return m_view->grab().toImage().pixel(m_view->placeOf(x, y)); };
        m_view->setTool(CanvasTool::Select);
        const QRgb bare = at(10, 10);
        m_view->setObjects(std::make_shared<const GridObjects>(
            GridObjects{{1, GridObjectKind::Strap, {0, 10.5}, {40, 10.5}, 2, 0, {}}}));
        QVERIFY(at(10, 10) != bare);
        QCOMPARE(at(10, 20), bare);
        m_view->setLayerVisible(GridLayer::Straps, false);
        QCOMPARE(at(10, 10), bare);
        m_view->setLayerVisible(GridLayer::Straps, true);
        const QRgb plain = at(10, 10);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(30, 10));
        QVERIFY(at(10, 10) != plain); // selected
        drag({m_view->placeOf(30, 10), m_view->placeOf(30, 20)});
        QCOMPARE(at(10, 10), bare);
        QVERIFY(at(10, 20) != bare);
    }

    void survivesOddSheets() {
        m_view->setSheet(0, 0, 1);
        m_view->setTool(CanvasTool::Round);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, QPoint(200, 200));
        m_view->setSheet(1, 1, 0.25);
        m_view->setMap(GridLayer::Density, samples::mapOf(1, 1, {}, [](int, int) { return NAN; }));
        m_view->setLimit(0.1);
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, m_view->placeOf(0, 0));
        QCOMPARE(m_view->map(GridLayer::Density).at(0, 0), 0.75F);
        m_view->setMap(GridLayer::Drop, samples::mapOf(3, 3, {}, [](int, int) { return 1; })); // wrong size
        QVERIFY(!m_view->map(GridLayer::Drop).isPresent());
        m_view->grab();
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::HeatMapViewTest)
#include "heat_map_view_test.moc"
