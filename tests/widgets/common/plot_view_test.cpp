#include <QImage>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

#include "widgets/common/plot_content.h"
#include "widgets/common/plot_ticker.h"
#include "widgets/common/plot_view.h"

namespace headroom::widgets {
namespace {

void fillHistogram(PlotView& plot) {
    plot.setTitle(QStringLiteral("Transit frequency"));
    plot.setAxes({QStringLiteral("Transit frequency"), QStringLiteral("Hz")},
                 {QStringLiteral("count"), {}, false, true});
    plot.addBars({QStringLiteral("simulated"),
                  {10e6, 20e6, 30e6, 40e6, 50e6},
                  {1, 4, 2, 3},
                  ColorRole::Simulated,
                  false});
    plot.addLine(
        {25e6, Qt::Vertical, PlotLine::GoodSide::Above, ColorRole::Target, true, QStringLiteral("target")});
    plot.addMarker({30e6, {}, MarkerShape::Star, ColorRole::GroundTruth, QStringLiteral("ground truth")});
    plot.refresh();
}

/// The widget that receives the mouse inside the plot.
QWidget* canvasOf(PlotView& plot) {
    return plot.childAt(plot.rect().center());
}

void clickBin(PlotView& plot, int bin, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* canvas = canvasOf(plot);
    QTest::mouseClick(canvas, Qt::LeftButton, modifiers, canvas->mapFrom(&plot, plot.binCentre(bin)));
}

} // namespace

class PlotViewTest final : public QObject {
    Q_OBJECT

private slots:
    void boxesOfACategoryStandAboutItsPlace() {
        PlotContent content;
        const std::vector<std::pair<const char*, const char*>> names{
            {"first", "a"}, {"first", "b"}, {"first", "c"}, {"second", "b"}, {"third", "c"}, {"third", "a"}};
        for (const auto& [category, series] : names)
            content.boxes.push_back({category, series, 1, 2, 3, 4, 5});
        QCOMPARE(content.placeOf(content.boxes[1]), 0.0);
        QCOMPARE(content.placeOf(content.boxes[2]) - content.placeOf(content.boxes[1]), content.boxSlot());
        QCOMPARE(content.placeOf(content.boxes[3]), 1.0);
        QCOMPARE(content.placeOf(content.boxes[4]), 2 + content.boxSlot() / 2);
        QCOMPARE(content.placeOf(content.boxes[5]), 2 - content.boxSlot() / 2);
    }

    void wrapsNamesOfPlacesToTheWidthThatThereIs() {
        const QFontMetrics metrics{QFont()};
        const int width = metrics.horizontalAdvance(QStringLiteral("gaussian pr"));
        QCOMPARE(wrappedLabel(QStringLiteral("gaussian process"), width, metrics),
                 QStringLiteral("gaussian\nprocess"));
        QCOMPARE(wrappedLabel(QStringLiteral("gaussian process"), 3 * width, metrics),
                 QStringLiteral("gaussian process"));
        for (const QString& line :
             wrappedLabel(QStringLiteral("a boosting_with_many_trees"), width, metrics).split('\n'))
            QVERIFY2(metrics.horizontalAdvance(line) <= width, qPrintable(line));
    }

    void init() {
        m_plot = std::make_unique<PlotView>();
        m_plot->setBrushing(true);
        fillHistogram(*m_plot);
        m_plot->resize(420, 260);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    }
    void cleanup() { m_plot.reset(); }

    void axesCarryEngineeringPrefixes() {
        QCOMPARE(m_plot->horizontalLabel(), QStringLiteral("Transit frequency (MHz)"));
        const QStringList ticks = m_plot->horizontalTickLabels();
        QVERIFY2(ticks.contains(QStringLiteral("20")) && ticks.contains(QStringLiteral("30")),
                 qPrintable(ticks.join(QLatin1Char(' '))));
    }

    void tickLabelsNeverRepeat() {
        PlotView narrow;
        narrow.setAxes({{}, QStringLiteral("V")}, {{}, {}});
        narrow.addBars(
            {QStringLiteral("n"), {0.99991, 0.99992, 0.99993}, {1, 2}, ColorRole::Simulated, false});
        narrow.resize(320, 200);
        narrow.show();
        narrow.refresh();
        const QStringList ticks = narrow.horizontalTickLabels();
        QVERIFY(ticks.size() >= 2);
        QCOMPARE(QSet<QString>(ticks.begin(), ticks.end()).size(), ticks.size());
    }

    void findsBinsUnderTheMouse() {
        QCOMPARE(m_plot->binCount(), 4);
        for (int bin = 0; bin < 4; ++bin)
            QCOMPARE(m_plot->binAt(m_plot->binCentre(bin)), bin);
        QCOMPARE(m_plot->binAt(QPoint(0, 0)), -1);
    }

    void clickingABarBrushesItsBin() {
        QSignalSpy brushed(m_plot.get(), &PlotView::binsBrushed);
        clickBin(*m_plot, 2, Qt::ControlModifier);
        QCOMPARE(brushed.count(), 1);
        QCOMPARE(brushed[0][0].toInt(), 2);
        QCOMPARE(brushed[0][1].toInt(), 2);
        QCOMPARE(brushed[0][2].value<Qt::KeyboardModifiers>(), Qt::ControlModifier);
    }

    void draggingBrushesARange() {
        QSignalSpy brushed(m_plot.get(), &PlotView::binsBrushed);
        QWidget* canvas = canvasOf(*m_plot);
        const QPoint from = canvas->mapFrom(m_plot.get(), m_plot->binCentre(3));
        const QPoint to = canvas->mapFrom(m_plot.get(), m_plot->binCentre(1));
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, (from + to) / 2);
        QTest::mouseMove(canvas, to);
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
        QCOMPARE(brushed.count(), 1);
        QCOMPARE(brushed[0][0].toInt(), 1);
        QCOMPARE(brushed[0][1].toInt(), 3);
    }

    void clickingBesideAllBarsEndsTheBrush() {
        QSignalSpy brushed(m_plot.get(), &PlotView::binsBrushed);
        QWidget* canvas = canvasOf(*m_plot);
        QTest::mouseClick(canvas, Qt::LeftButton, {}, QPoint(canvas->width() - 2, canvas->height() / 2));
        QCOMPARE(brushed.count(), 1);
        QCOMPARE(brushed[0][0].toInt(), -1);
    }

    void keysWalkOverTheBins() {
        QSignalSpy brushed(m_plot.get(), &PlotView::binsBrushed);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QTest::keyClick(m_plot.get(), Qt::Key_Escape);
        QCOMPARE(brushed.count(), 3);
        QCOMPARE(brushed[1][0].toInt(), 1);
        QCOMPARE(brushed[2][0].toInt(), -1);
    }

    void theWheelZoomsOnlyWithControl() {
        const auto turn = [this](Qt::KeyboardModifiers modifiers) {
            QWidget* canvas = canvasOf(*m_plot);
            const QPointF at(canvas->rect().center());
            QWheelEvent event(at, canvas->mapToGlobal(at), {}, {0, 240}, Qt::NoButton, modifiers,
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(canvas, &event);
        };
        const QPoint before = m_plot->binCentre(0);
        turn(Qt::NoModifier);
        QCOMPARE(m_plot->binCentre(0), before);
        turn(Qt::ControlModifier);
        QVERIFY(m_plot->binCentre(0) != before);
        m_plot->resetView();
        QCOMPARE(m_plot->binCentre(0), before);
    }

    void changingDataKeepsTheZoomUnlessCleared() {
        const QPoint before = m_plot->binCentre(0);
        QTest::keyClick(m_plot.get(), Qt::Key_Plus);
        const QPoint zoomed = m_plot->binCentre(0);
        QVERIFY(zoomed != before);
        m_plot->clearData();
        fillHistogram(*m_plot);
        QCOMPARE(m_plot->binCentre(0), zoomed);
        m_plot->clear();
        fillHistogram(*m_plot);
        QCOMPARE(m_plot->binCentre(0), before);
    }

    void csvHasBinsAndHeights() {
        QCOMPARE(m_plot->csv(), QByteArray("Transit frequency (Hz) from,Transit frequency (Hz) to,simulated\n"
                                           "1e+07,2e+07,1\n2e+07,3e+07,4\n3e+07,4e+07,2\n4e+07,5e+07,3\n"));
    }

    void picturesAreDrawnOnWhiteInEveryFormat() {
        Theme::instance().apply(Appearance::Dark);
        QImage png;
        QVERIFY(png.loadFromData(m_plot->rendered(PlotView::Format::Png, QSize(300, 200)), "PNG"));
        QCOMPARE(png.size(), QSize(600, 400));
        QCOMPARE(png.pixelColor(1, 1), QColor(Qt::white));
        QVERIFY(m_plot->rendered(PlotView::Format::Svg).contains("<svg"));
        QVERIFY(m_plot->rendered(PlotView::Format::Pdf).startsWith("%PDF"));
        QCOMPARE(m_plot->rendered(PlotView::Format::Csv), m_plot->csv());
        QVERIFY(m_plot->grab().toImage().pixelColor(1, 1).lightness() < 80);
        Theme::instance().apply(Appearance::Light);
        QTest::qWait(20);
        QVERIFY(m_plot->grab().toImage().pixelColor(1, 1).lightness() > 200);
    }

    void anEmptyPlotIsHarmless() {
        PlotView plot;
        plot.setBrushing(true);
        plot.resize(200, 120);
        plot.show();
        plot.refresh();
        plot.resetView();
        QCOMPARE(plot.binCount(), 0);
        QCOMPARE(plot.binAt(QPoint(100, 60)), -1);
        QTest::mouseClick(canvasOf(plot), Qt::LeftButton);
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(!plot.rendered(PlotView::Format::Svg).isEmpty());
    }

    void boxesAreListedWithTheirQuartiles() {
        PlotView plot;
        plot.addBoxes({{QStringLiteral("gain"), QStringLiteral("blocks"), -5, -1, 0, 1, 5,
                        ColorRole::Simulated, false}});
        plot.refresh();
        QVERIFY(plot.csv().contains("gain,blocks,-5,-1,0,1,5"));
    }

private:
    std::unique_ptr<PlotView> m_plot;
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::PlotViewTest)
#include "plot_view_test.moc"
