// What maps, colours, contours and strokes are made of, without a widget.

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "widgets/powergrid/brush_stroke.h"
#include "widgets/powergrid/colour_scale.h"
#include "widgets/powergrid/contour.h"
#include "widgets/powergrid/heat_layer.h"
#include "widgets/powergrid/map_viewport.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

template <class ValueAt>
HeatMapData mapOf(int width, int height, ValueAt valueAt) {
    auto values = std::make_shared<std::vector<float>>();
    for (int x = 0; x < width; ++x)
        for (int y = 0; y < height; ++y)
            values->push_back(static_cast<float>(valueAt(x, y)));
    return {std::move(values), width, height, QStringLiteral("V")};
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

BrushStroke strokeOn(const HeatMapData& map, BrushShape shape, const BrushSettings& settings) {
    const ValueRange range = rangeOf(map);
    return {GridLayer::Density, map, shape, settings, {}, range.high - range.low};
}

} // namespace

class MapTest final : public QObject {
    Q_OBJECT

private slots:
    void sequentialColoursGetLighterEvenly_data() {
        QTest::addColumn<int>("map");
        QTest::newRow("viridis") << static_cast<int>(ColourMap::Viridis);
        QTest::newRow("cividis") << static_cast<int>(ColourMap::Cividis);
        QTest::newRow("inferno") << static_cast<int>(ColourMap::Inferno);
    }
    void sequentialColoursGetLighterEvenly() {
        QFETCH(int, map);
        const auto& colours = coloursOf(static_cast<ColourMap>(map));
        const double step = (lightnessOf(colours.back()) - lightnessOf(colours.front())) / (kColours - 1);
        QVERIFY(step > 0.25);
        for (std::size_t i = 8; i < colours.size(); i += 8) {
            const double rise = (lightnessOf(colours[i]) - lightnessOf(colours[i - 8])) / 8;
            QVERIFY2(rise > 0.6 * step && rise < 1.5 * step, qPrintable(QString::number(rise / step)));
        }
    }

    void signedColoursAreLightestInTheMiddle() {
        const auto& colours = coloursOf(ColourMap::BlueRed);
        for (std::size_t i = 1; i < colours.size(); ++i) {
            const double rise = lightnessOf(colours[i]) - lightnessOf(colours[i - 1]);
            QVERIFY(i <= 127 ? rise > -0.2 : i <= 128 || rise < 0.2);
        }
        QVERIFY(qBlue(colours.front()) > qRed(colours.front()));
        QVERIFY(qRed(colours.back()) > qBlue(colours.back()));
    }

    void hitsThePublishedControlValues() {
        QCOMPARE(coloursOf(ColourMap::Viridis).front(), qRgb(0x44, 0x01, 0x54));
        QCOMPARE(coloursOf(ColourMap::Viridis).back(), qRgb(0xfd, 0xe7, 0x25));
        QCOMPARE(coloursOf(ColourMap::Cividis).back(), qRgb(0xfe, 0xe8, 0x38));
    }

    void coloursEveryKindOfCell() {
        constexpr float inf = std::numeric_limits<float>::infinity();
        const float cells[] = {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(), 1e-3F, 1.0F, inf,
                               -inf, 0.1F};
        const HeatMapData map = mapOf(8, 1, [&](int x, int) { return cells[x]; });
        const ValueRange range = rangeOf(map);
        QCOMPARE(range.low, -1.0);
        QCOMPARE(range.high, 1.0);
        QVERIFY(range.hasHoles);
        QVERIFY(std::abs(range.smallestPositive - 1e-3) < 1e-9);
        const ColourScale scale = scaleFor({ColourMap::Viridis, true, true, 0, 1}, range, false);
        QVERIFY(scale.logarithmic);
        QImage image(8, 1, QImage::Format_ARGB32_Premultiplied);
        scale.paint(map, map.cells(), image);
        const auto& colours = coloursOf(ColourMap::Viridis);
        for (const int dark : {0, 1, 3, 6})
            QCOMPARE(image.pixel(dark, 0), colours.front());
        for (const int bright : {4, 5})
            QCOMPARE(image.pixel(bright, 0), colours.back());
        QCOMPARE(qAlpha(image.pixel(2, 0)), 0);
        QCOMPARE(image.pixel(7, 0), colours[170]); // two thirds of three decades
        QCOMPARE(scale.colourOf(static_cast<double>(0.1F)), colours[170]);
        const ColourScale linear = scaleFor({ColourMap::Viridis, false, true, 0, 1}, range, false);
        linear.paint(map, map.cells(), image);
        QCOMPARE(image.pixel(0, 0), colours[128]);
        QCOMPARE(qAlpha(image.pixel(2, 0)), 0);
        QCOMPARE(image.pixel(5, 0), colours.back());
        QCOMPARE(image.pixel(6, 0), colours.front());
    }

    void scalesCanAlwaysBeDrawn_data() {
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::addColumn<bool>("logarithmic");
        QTest::newRow("equal") << 3.0 << 3.0 << false;
        QTest::newRow("all zero") << 0.0 << 0.0 << false;
        QTest::newRow("all zero, log") << 0.0 << 0.0 << true;
        QTest::newRow("negative, log") << -3.0 << -1.0 << true;
        QTest::newRow("negative") << -2.0 << -2.0 << false;
        QTest::newRow("crossed") << 5.0 << 1.0 << false;
        QTest::newRow("from zero, log") << 0.0 << 1.0 << true;
        QTest::newRow("infinite") << 0.0 << std::numeric_limits<double>::infinity() << false;
        QTest::newRow("NaN") << std::nan("") << 1.0 << true;
        QTest::newRow("equal, log") << 2.0 << 2.0 << true;
    }
    void scalesCanAlwaysBeDrawn() {
        QFETCH(double, low);
        QFETCH(double, high);
        QFETCH(bool, logarithmic);
        for (const bool fitted : {false, true}) {
            const ValueRange range{low, high, low > 0 ? low : 0, false, false};
            const ColourScale scale =
                scaleFor({ColourMap::Viridis, logarithmic, fitted, low, high}, range, false);
            QVERIFY(scale.low < scale.high);
            QVERIFY(!scale.logarithmic || scale.low > 0);
            const auto ticks = scale.axis().ticks("V", 6);
            QVERIFY(ticks.size() >= 2 && ticks.size() < 20);
            for (const AxisTick& tick : ticks)
                QVERIFY(scale.shareOf(tick.value) > -0.01 && scale.shareOf(tick.value) < 1.01);
        }
    }

    void emptyAndHolesHaveNoRange() {
        QVERIFY(rangeOf({}).isEmpty);
        const HeatMapData holes = mapOf(3, 3, [](int, int) { return kNaN; });
        QVERIFY(rangeOf(holes).isEmpty);
        HeatLayer layer;
        layer.setData(holes);
        QCOMPARE(qAlpha(layer.image().pixel(1, 1)), 0);
    }

    void recoloursOnlyWhatChanged() {
        HeatLayer layer;
        layer.setData(mapOf(4, 4, [](int x, int y) { return x + 4 * y; }));
        QCOMPARE(layer.image().pixel(0, 3), coloursOf(ColourMap::Viridis).front()); // y grows upwards
        QCOMPARE(layer.image().pixel(3, 0), coloursOf(ColourMap::Viridis).back());
        const HeatMapData changed =
            mapOf(4, 4, [](int x, int y) { return x == 1 && y == 1 ? 15 : x + 4 * y; });
        QVERIFY(!layer.setData(changed, QRect(1, 1, 1, 1)));
        QCOMPARE(layer.image().pixel(1, 2), coloursOf(ColourMap::Viridis).back());
    }

    void coloursOnlyWhatIsSeen() {
        HeatLayer layer;
        layer.setData(mapOf(8, 8, [](int x, int) { return x; }));
        const QRgb last = coloursOf(ColourMap::Viridis).back();
        QCOMPARE(layer.image(1, QRect(4, 0, 4, 8)).pixel(7, 0), last);
        layer.setData(mapOf(8, 8, [](int x, int) { return x == 0 ? 7 : x; }), QRect(0, 0, 1, 8));
        QCOMPARE(layer.image(1, QRect(4, 0, 4, 8)).pixel(7, 0), last);
        QCOMPARE(layer.image(1, QRect(0, 0, 2, 8)).pixel(0, 0), last); // what comes into sight is up to date
        QCOMPARE(layer.image().pixel(7, 7), last);
    }

    void digestsTellWhatTheirMapsWould() {
        constexpr int kWide = 1001, kHigh = 600;
        const HeatMapData map = mapOf(kWide, kHigh, [](int x, int y) {
            if (x > 900 && y > 500) return kNaN;
            return x == 701 && y == 333 ? 5.0 : 1 + std::sin(0.01 * x) * std::cos(0.02 * y);
        });
        const HeatMapData other = mapOf(kWide, kHigh, [](int x, int) { return 1e-3 * x; });
        const HeatMapData digest = digested(map, other);
        QVERIFY(digest.digest != nullptr);
        QCOMPARE(digest.digest->range, rangeOf(map));
        QCOMPARE(digest.digest->worst.front().um, QPointF(701.5, 333.5));
        QCOMPARE(digest.digest->difference.at(10, 20), map.at(10, 20) - other.at(10, 20));
        QCOMPARE(digest.digest->reference.values, other.values);
        // Coarser maps keep the worst, and holes only where all is a hole.
        int step = 1;
        for (const HeatMapData& coarser : digest.digest->coarser) {
            step *= 2;
            QCOMPARE(coarser.width, (kWide + step - 1) / step);
            QCOMPARE(coarser.height, (kHigh + step - 1) / step);
            QCOMPARE(coarser.at(701 / step, 333 / step), 5.0F);
            QVERIFY(std::isnan(coarser.at(coarser.width - 1, coarser.height - 1)));
            QVERIFY(!std::isnan(coarser.at(900 / step, 500 / step)));
        }
        QVERIFY(step >= 4);
        QVERIFY(digested(mapOf(30, 30, [](int, int) { return 1; })).digest == nullptr);
    }

    void farAwayPicturesAreCoarser() {
        HeatLayer layer;
        layer.setData(digested(mapOf(1024, 1024, [](int x, int y) { return x == 513 && y == 0 ? 2 : 1; })));
        QCOMPARE(layer.image(1).size(), QSize(1024, 1024));
        QCOMPARE(layer.detailFor(0.24).step, 4);
        QCOMPARE(layer.image(0.24).size(), QSize(256, 256));
        QCOMPARE(layer.image(0.24).pixel(513 / 4, 255), coloursOf(ColourMap::Viridis).back());
        QCOMPARE(layer.detailFor(0.9).step, 1);
        layer.setData(mapOf(1024, 1024, [](int x, int) { return x; })); // painted on: without a digest
        QCOMPARE(layer.image(0.24).size(), QSize(1024, 1024));
        QCOMPARE(layer.image(0.24).pixel(1023, 0), coloursOf(ColourMap::Viridis).back());
    }

    void liveRangesOnlyGrow() {
        HeatLayer layer;
        layer.setData(mapOf(2, 2, [](int x, int) { return x; }));
        layer.setLive(true);
        QVERIFY(!layer.setData(mapOf(2, 2, [](int x, int) { return 0.5 * x; }), QRect(0, 0, 2, 2)));
        QCOMPARE(layer.scale().high, 1.0);
        QVERIFY(layer.setData(mapOf(2, 2, [](int x, int) { return 2.0 * x; }), QRect(0, 0, 2, 2)));
        layer.setData(mapOf(2, 2, [](int x, int) { return 0.5 * x; }), QRect(0, 0, 2, 2));
        layer.setLive(false);
        QCOMPARE(layer.scale().high, 0.5);
    }

    void contourCrossesWhereItShould() {
        // A plane: x at the centres is 0.5, 1.5, ...; the value is x's index.
        const auto lines = contourOf(mapOf(5, 4, [](int x, int) { return x; }), 1.25);
        QCOMPARE(lines.size(), std::size_t{3});
        for (const QLineF& line : lines) {
            QVERIFY(std::abs(line.x1() - 1.75) < 1e-6);
            QVERIFY(std::abs(line.x2() - 1.75) < 1e-6);
        }
        // A cone: all crossings lie on the circle.
        const auto circle =
            contourOf(mapOf(41, 41, [](int x, int y) { return 20 - std::hypot(x - 20, y - 20); }), 10);
        QVERIFY(circle.size() > 50);
        double length = 0;
        for (const QLineF& line : circle) {
            QVERIFY(std::abs(std::hypot(line.x1() - 20.5, line.y1() - 20.5) - 10) < 0.05);
            length += line.length();
        }
        QVERIFY(std::abs(length / (2 * M_PI * 10) - 1) < 0.01);
        QVERIFY(
            contourOf(mapOf(3, 3, [](int x, int y) { return x == 1 && y == 1 ? kNaN : x; }), 0.5).empty());
        QVERIFY(contourOf(mapOf(3, 3, [](int, int) { return 1; }), 5).empty());
    }

    void saddlesKeepTheirCornersApart() {
        const auto lines = contourOf(mapOf(2, 2, [](int x, int y) { return x == y ? 1 : 0; }), 0.6);
        QCOMPARE(lines.size(), std::size_t{2}); // the mean is below: both peaks stand alone
        for (const QLineF& line : lines)
            QVERIFY(line.length() < 0.6);
    }

    void findsTheHighestPlaces() {
        const HeatMapData map = mapOf(30, 20, [](int x, int y) {
            return std::exp(-std::hypot(x - 5, y - 5)) + 0.5 * std::exp(-std::hypot(x - 20, y - 10));
        });
        const auto places = highestPlaces(map, 2, 3);
        QCOMPARE(places.size(), std::size_t{2});
        QCOMPARE(places[0].um, QPointF(5.5, 5.5));
        QCOMPARE(places[1].um, QPointF(20.5, 10.5));
        QCOMPARE(cellsAbove(map, 0.7), std::size_t{1});
        QCOMPARE(highestPlaces(mapOf(9, 9, [](int, int) { return 1; }), 50, 4).size(), std::size_t{9});
        QVERIFY(highestPlaces({}, 5, 3).empty());
    }

    void strokesDoNotDependOnTheirEvents() {
        const HeatMapData map = mapOf(60, 40, [](int, int) { return 0; });
        for (const BrushShape shape : {BrushShape::Round, BrushShape::Square}) {
            BrushStroke once = strokeOn(map, shape, {9, 0.4, 0.5, 1, PaintMode::Add});
            once.begin({10.5, 12.5});
            once.moveTo({50.5, 32.5}, false);
            BrushStroke often = strokeOn(map, shape, {9, 0.4, 0.5, 1, PaintMode::Add});
            often.begin({10.5, 12.5});
            for (int i = 1; i <= 40; ++i)
                often.moveTo({10.5 + i, 12.5 + i * 0.5}, false);
            const auto a = once.patch(), b = often.patch();
            QCOMPARE(a.area, b.area);
            for (std::size_t i = 0; i < a.after.size(); ++i)
                QVERIFY(std::abs(a.after[i] - b.after[i]) < 1e-5F);
        }
    }

    void aHardDabIsADisc() {
        const HeatMapData map = mapOf(21, 21, [](int, int) { return 0; });
        BrushStroke stroke = strokeOn(map, BrushShape::Round, {7, 1, 1, 2});
        stroke.begin({10.5, 10.5});
        for (int x = 0; x < 21; ++x)
            for (int y = 0; y < 21; ++y)
                QCOMPARE(stroke.map().at(x, y), std::hypot(x - 10, y - 10) < 3.5 ? 2.0F : 0.0F);
        BrushStroke point = strokeOn(map, BrushShape::Round, {1, 0.2, 1, 2});
        point.begin({4.01, 5.99});
        QCOMPARE(point.patch().area, QRect(4, 5, 1, 1));
        QCOMPARE(point.patch().after, std::vector<float>{2});
    }

    void undoRestoresBitForBit() {
        const HeatMapData map = mapOf(
            32, 24, [](int x, int y) { return (x * y) % 7 == 0 ? kNaN : std::sin(x) * 1e-3 + 0.1 * y; });
        for (const BrushShape shape : {BrushShape::Round, BrushShape::Square, BrushShape::Line,
                                       BrushShape::Rectangle, BrushShape::Fill, BrushShape::Gradient}) {
            BrushStroke stroke = strokeOn(map, shape, {5, 0.5, 0.7, 0.3, PaintMode::Add});
            stroke.begin({8.2, 9.1});
            stroke.moveTo({20.7, 14.4}, false);
            stroke.moveTo({15.7, 4.4}, false);
            const MapPatch patch = stroke.patch();
            QVERIFY(!patch.isEmpty());
            const HeatMapData after = patched(map, patch);
            QVERIFY(sameBits(*after.values, *stroke.map().values));
            QVERIFY(sameBits(*patched(after, patch.reversed()).values, *map.values));
        }
    }

    /// Every cell near the path is painted and no other, whichever way it leads.
    void longStrokesMissNothing() {
        const HeatMapData map = mapOf(50, 50, [](int, int) { return 0; });
        const QPointF middle(25.3, 24.8);
        for (int i = 0; i < 24; ++i) {
            const double angle = i * M_PI / 12;
            const QPointF to = middle + 18 * QPointF(std::cos(angle), std::sin(angle));
            for (const BrushShape shape : {BrushShape::Round, BrushShape::Line}) {
                BrushStroke stroke = strokeOn(map, shape, {5, 1, 1, 1});
                stroke.begin(middle);
                stroke.moveTo(to, false);
                for (int x = 0; x < 50; ++x) {
                    for (int y = 0; y < 50; ++y) {
                        const QPointF off = QPointF(x + 0.5, y + 0.5) - middle, by = to - middle;
                        const double t = std::clamp(QPointF::dotProduct(off, by) / (18 * 18), 0.0, 1.0);
                        const double nearest = std::hypot(off.x() - t * by.x(), off.y() - t * by.y());
                        if (std::abs(nearest - 2.5) < 1e-6) continue;
                        QCOMPARE(stroke.map().at(x, y), nearest < 2.5 ? 1.0F : 0.0F);
                    }
                }
            }
        }
    }

    /// Against a fill that goes from cell to cell.
    void fillFindsAllThatHangsTogether() {
        for (unsigned seed = 1; seed < 12; ++seed) {
            unsigned state = seed;
            const HeatMapData map = mapOf(23, 17, [&](int, int) {
                state = state * 1664525U + 1013904223U;
                return (state >> 16) % 10 < 4 ? 1 : 0;
            });
            const float wanted = map.at(11, 8);
            std::vector<QPoint> open{{11, 8}};
            std::set<std::pair<int, int>> found{{11, 8}};
            while (!open.empty()) {
                const QPoint cell = open.back();
                open.pop_back();
                for (const QPoint by : {QPoint(1, 0), QPoint(-1, 0), QPoint(0, 1), QPoint(0, -1)}) {
                    const QPoint next = cell + by;
                    if (!map.cells().contains(next) || map.at(next.x(), next.y()) != wanted) continue;
                    if (found.insert({next.x(), next.y()}).second) open.push_back(next);
                }
            }
            BrushStroke stroke = strokeOn(map, BrushShape::Fill, {1, 1, 1, 5});
            stroke.begin({11.5, 8.5});
            for (int x = 0; x < 23; ++x)
                for (int y = 0; y < 17; ++y)
                    QCOMPARE(stroke.map().at(x, y), found.contains({x, y}) ? 5.0F : map.at(x, y));
        }
    }

    void fillStopsAtWalls() {
        const HeatMapData map = mapOf(9, 9, [](int x, int y) { return x == 4 && y != 8 ? 1 : 0.0; });
        BrushSettings settings{1, 1, 1, 5};
        BrushStroke stroke = strokeOn(map, BrushShape::Fill, settings);
        stroke.begin({1.5, 1.5}); // through the gap at the top
        QCOMPARE(stroke.map().at(8, 0), 5.0F);
        QCOMPARE(stroke.map().at(4, 3), 1.0F);
        const HeatMapData closed = mapOf(9, 9, [](int x, int) { return x == 4 ? 1 : 0.0; });
        BrushStroke left = strokeOn(closed, BrushShape::Fill, settings);
        left.begin({1.5, 1.5});
        QCOMPARE(left.patch().area, QRect(0, 0, 4, 9));
        BrushStroke beside = strokeOn(closed, BrushShape::Fill, settings);
        QVERIFY(beside.begin({-3, 2}).isEmpty());
        QVERIFY(beside.patch().isEmpty());
    }

    void rubberShapesLeaveOnlyTheirLastPlace() {
        const HeatMapData map = mapOf(20, 20, [](int, int) { return 1; });
        BrushStroke box = strokeOn(map, BrushShape::Rectangle, {3, 1, 1, 4});
        box.begin({2.5, 2.5});
        box.moveTo({18.5, 17.5}, false);
        box.moveTo({5.5, 3.5}, false);
        QCOMPARE(box.patch().area, QRect(2, 2, 4, 2));
        box.moveTo({6.5, 3.5}, true); // square
        QCOMPARE(box.patch().area, QRect(2, 2, 5, 5));
        BrushStroke line = strokeOn(map, BrushShape::Line, {1, 1, 1, 4});
        line.begin({2.5, 5.5});
        line.moveTo({12.5, 6.4}, true);
        QCOMPARE(line.patch().area, QRect(2, 5, 11, 1));
        line.moveTo({9.5, 11.5}, true); // 45 degrees
        QCOMPARE(line.patch().area.width(), line.patch().area.height());
    }

    void gradientsRunFromTheirStartToTheirEnd() {
        const HeatMapData map = mapOf(11, 3, [](int, int) { return 0; });
        BrushStroke stroke = strokeOn(map, BrushShape::Gradient, {1, 1, 1, 1});
        stroke.begin({0.5, 1.5});
        stroke.moveTo({10.5, 1.5}, false);
        for (int x = 0; x < 11; ++x)
            QVERIFY(std::abs(stroke.map().at(x, 0) - (1 - 0.1F * static_cast<float>(x))) < 1e-5F);
    }

    void modesStayWithinTheBounds() {
        const HeatMapData map = mapOf(4, 4, [](int x, int) { return x == 0 ? kNaN : 0.5; });
        BrushStroke down{
            GridLayer::Density, map, BrushShape::Rectangle, {1, 1, 1, 2, PaintMode::Subtract}, {0, 1}, 1};
        down.begin({0, 0});
        down.moveTo({3.9, 3.9}, false);
        QCOMPARE(down.map().at(2, 2), 0.0F);
        QCOMPARE(down.map().at(0, 0), 0.0F); // no value counts as 0
        BrushStroke up{
            GridLayer::Density, map, BrushShape::Rectangle, {1, 1, 0.5, 0.4, PaintMode::Add}, {0, 1}, 1};
        up.begin({1, 1});
        up.moveTo({3.9, 3.9}, false);
        QVERIFY(std::abs(up.map().at(2, 2) - 0.7F) < 1e-6F);
    }

    void patchesThatDoNotFitChangeNothing() {
        const HeatMapData map = mapOf(4, 4, [](int, int) { return 0; });
        QVERIFY(patched(map, {GridLayer::Density, QRect(3, 3, 2, 1), {0, 0}, {1, 1}, {}}).values ==
                map.values);
        QVERIFY(patched(map, {GridLayer::Density, QRect(0, 0, 2, 1), {0}, {1}, {}}).values == map.values);
    }

    void zoomKeepsThePlaceUnderTheCursor() {
        MapViewport viewport;
        viewport.setSheet({300, 200});
        viewport.setArea({40, 20, 620, 420});
        const QPointF place(213, 177);
        const QPointF cell = viewport.toCell(place);
        for (const double factor : {1.2, 1.2, 5.0, 0.7, 100.0, 0.01}) {
            viewport.zoom(factor, place);
            const QPointF now = viewport.toCell(place);
            QVERIFY(std::hypot(now.x() - cell.x(), now.y() - cell.y()) < 1e-6);
        }
        viewport.fit();
        QVERIFY(viewport.area().contains(viewport.sheetOnWidget()));
        QVERIFY(viewport.toWidget(QPointF(0, 0)).y() > viewport.toWidget(QPointF(0, 200)).y());
        viewport.pan({1e6, -1e6});
        QVERIFY(viewport.area().intersects(viewport.sheetOnWidget()));
    }
};

} // namespace headroom::widgets

QTEST_GUILESS_MAIN(headroom::widgets::MapTest)
#include "map_test.moc"
