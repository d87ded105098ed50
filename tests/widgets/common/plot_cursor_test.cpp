#include <QSignalSpy>
#include <QtTest>

#include <cmath>

#include "widgets/common/plot_view.h"

namespace headroom::widgets {
namespace {

/// |1 / (1 + jf)| in decibels over seven decades.
void fillResponse(PlotView& plot) {
    PlotPoints curve{QStringLiteral("gain"), {}, {}, ColorRole::Curve, true};
    for (int i = 0; i <= 140; ++i) {
        const double f = std::pow(10.0, i / 20.0);
        curve.x.push_back(f);
        curve.y.push_back(-10 * std::log10(1 + f * f * 1e-6));
    }
    plot.setAxes({QStringLiteral("Frequency"), QStringLiteral("Hz"), true},
                 {QStringLiteral("Gain"), QStringLiteral("dB")});
    plot.addPoints(curve);
    plot.refresh();
}

void fillSweep(PlotView& plot) {
    plot.setAxes({QStringLiteral("W"), QStringLiteral("m")}, {QStringLiteral("Gain"), QStringLiteral("dB")});
    plot.addPoints({QStringLiteral("gain"),
                    {1e-6, 2e-6, 3e-6, 4e-6},
                    {50, 52, std::nan(""), 54},
                    ColorRole::Curve,
                    true,
                    true});
    plot.refresh();
}

QWidget* canvasOf(PlotView& plot) {
    return plot.childAt(plot.rect().center());
}

} // namespace

class PlotCursorTest final : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<PlotView> m_plot;

private slots:
    void init() {
        m_plot = std::make_unique<PlotView>();
        m_plot->resize(500, 300);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
    }
    void cleanup() { m_plot.reset(); }

    void wideLogarithmicAxesCarryAPrefixPerLabel() {
        fillResponse(*m_plot);
        QCOMPARE(m_plot->horizontalLabel(), QString("Frequency (Hz)"));
        const QStringList ticks = m_plot->horizontalTickLabels();
        QVERIFY2(ticks.contains("1k") && ticks.contains("1M"), qPrintable(ticks.join(' ')));
        m_plot->setHorizontalRange(0.9e6, 110e6);
        QCOMPARE(m_plot->horizontalLabel(), QString("Frequency (MHz)"));
        QVERIFY2(m_plot->horizontalTickLabels().contains("10"),
                 qPrintable(m_plot->horizontalTickLabels().join(' ')));
    }

    void narrowLogarithmicAxesHaveTicksToo() {
        fillResponse(*m_plot);
        m_plot->setHorizontalRange(2e6, 5e6);
        QVERIFY(m_plot->horizontalTickLabels().size() >= 3);
    }

    void phasesHaveTicksOfRoundAngles() {
        m_plot->setAxes({}, {{}, QStringLiteral("deg")});
        m_plot->addPoints({QStringLiteral("phase"), {0, 1}, {0, -270}, ColorRole::Curve, true});
        m_plot->refresh();
        QVERIFY2(m_plot->verticalTickLabels().contains("-90"),
                 qPrintable(m_plot->verticalTickLabels().join(' ')));
    }

    void placesThatHaveNamesShowThem() {
        PlotAxis corners{QStringLiteral("Corner"), {}};
        corners.categories = {QStringLiteral("nominal"), QStringLiteral("ss")};
        m_plot->setAxes(corners, {});
        m_plot->addPoints({QStringLiteral("gain"), {0, 1}, {50, 40}, ColorRole::Curve, true, true});
        m_plot->refresh();
        QCOMPARE(m_plot->horizontalTickLabels(), (QStringList{"nominal", "ss"}));
    }

    void valuesAreReadBetweenPoints() {
        fillResponse(*m_plot);
        QVERIFY(std::abs(m_plot->valueAt("gain", 1e3) + 3.0103) < 1e-3);
        // Straight over the logarithm: between two points of a 20 dB/decade fall.
        QVERIFY(std::abs(m_plot->valueAt("gain", 1.06e6) - (-20 * std::log10(1.06e3))) < 1e-2);
        QVERIFY(std::isnan(m_plot->valueAt("gain", 1e9)));
        QVERIFY(std::isnan(m_plot->valueAt("phase", 1e3)));
    }

    void cursorsAreDragged() {
        fillResponse(*m_plot);
        m_plot->setCursorsVisible(true);
        QVERIFY(std::isfinite(m_plot->cursorPosition(PlotCursor::A)));
        QSignalSpy moved(m_plot.get(), &PlotView::cursorMoved);
        QWidget* canvas = canvasOf(*m_plot);
        const QPoint from =
            canvas->mapFrom(m_plot.get(), m_plot->placeOf(m_plot->cursorPosition(PlotCursor::B), -20));
        const QPoint to = canvas->mapFrom(m_plot.get(), m_plot->placeOf(1e3, -20));
        const auto range = m_plot->horizontalRange();
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        QTest::mouseMove(canvas, (from + to) / 2);
        QTest::mouseMove(canvas, to);
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
        QVERIFY(moved.count() >= 2);
        QCOMPARE(moved.last()[0].value<PlotCursor>(), PlotCursor::B);
        QVERIFY(std::abs(std::log10(m_plot->cursorPosition(PlotCursor::B)) - 3) < 0.05);
        QCOMPARE(m_plot->horizontalRange(), range); // the plot itself stayed
    }

    void arrowKeysMoveTheChosenCursor() {
        fillResponse(*m_plot);
        m_plot->setCursorsVisible(true);
        const double a = m_plot->cursorPosition(PlotCursor::A), b = m_plot->cursorPosition(PlotCursor::B);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        const double near = m_plot->cursorPosition(PlotCursor::A);
        QVERIFY(near > a);
        QTest::keyClick(m_plot.get(), Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(std::log(m_plot->cursorPosition(PlotCursor::A) / near) > 5 * std::log(near / a));
        QTest::keyClick(m_plot.get(), Qt::Key_B);
        QTest::keyClick(m_plot.get(), Qt::Key_Left, Qt::ControlModifier);
        const double steps = std::log10(m_plot->cursorPosition(PlotCursor::B)) * 20;
        QVERIFY(m_plot->cursorPosition(PlotCursor::B) < b);
        QVERIFY(std::abs(steps - std::round(steps)) < 1e-6); // a point of the curve
        for (int i = 0; i < 3000; ++i)
            QTest::keyClick(m_plot.get(), Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(m_plot->cursorPosition(PlotCursor::B) <= m_plot->horizontalRange().second);
    }

    void withoutCursorsTheArrowKeysPan() {
        fillResponse(*m_plot);
        const auto range = m_plot->horizontalRange();
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QVERIFY(m_plot->horizontalRange() != range);
    }

    void onSymbolsCursorsGoFromOneToTheNext() {
        fillSweep(*m_plot);
        m_plot->setCursorsVisible(true);
        QCOMPARE(m_plot->cursorPosition(PlotCursor::A), 2e-6);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QCOMPARE(m_plot->cursorPosition(PlotCursor::A), 3e-6);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QCOMPARE(m_plot->cursorPosition(PlotCursor::A), 4e-6);
    }

    void clicksOnSymbolsAreTold() {
        fillSweep(*m_plot);
        QSignalSpy clicked(m_plot.get(), &PlotView::pointClicked);
        QWidget* canvas = canvasOf(*m_plot);
        QTest::mouseClick(canvas, Qt::LeftButton, {},
                          canvas->mapFrom(m_plot.get(), m_plot->placeOf(2e-6, 52)));
        QCOMPARE(clicked.count(), 1);
        QCOMPARE(clicked[0][0].toString(), QString("gain"));
        QCOMPARE(clicked[0][1].toInt(), 1);
        QTest::mouseClick(canvas, Qt::LeftButton, {},
                          canvas->mapFrom(m_plot.get(), m_plot->placeOf(3.5e-6, 51)));
        QCOMPARE(clicked.count(), 1);
    }

    void linkedPlotsZoomAndReadTogether() {
        PlotView other;
        other.resize(500, 300);
        PlotView::link({m_plot.get(), &other});
        fillResponse(*m_plot);
        fillResponse(other);
        QTest::keyClick(m_plot.get(), Qt::Key_Plus);
        QCOMPARE(other.horizontalRange(), m_plot->horizontalRange());
        other.resetView();
        QCOMPARE(other.horizontalRange(), m_plot->horizontalRange());
        m_plot->setCursorsVisible(true);
        other.setCursorsVisible(true);
        QTest::keyClick(&other, Qt::Key_Right);
        QCOMPARE(m_plot->cursorPosition(PlotCursor::A), other.cursorPosition(PlotCursor::A));
    }

    void everythingMayBeLessThanAllData() {
        PlotAxis axis{QStringLiteral("Frequency"), QStringLiteral("Hz"), true};
        fillResponse(*m_plot);
        axis.extent = {10, 1e4};
        m_plot->setAxes(axis, {QStringLiteral("Gain"), QStringLiteral("dB")});
        m_plot->resetView();
        QCOMPARE(m_plot->horizontalRange(), (std::pair(10.0, 1e4)));
        // Fitted to what is visible.
        QVERIFY(!m_plot->verticalTickLabels().contains("-60"));
    }

    void emptyPlotsWithCursorsAreHarmless() {
        m_plot->setAxes({{}, QStringLiteral("Hz"), true}, {{}, QStringLiteral("V/sqrt(Hz)"), true});
        m_plot->refresh();
        m_plot->setCursorsVisible(true);
        QTest::keyClick(m_plot.get(), Qt::Key_Left);
        QTest::keyClick(m_plot.get(), Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(!m_plot->rendered(PlotView::Format::Svg).isEmpty());
        QVERIFY(m_plot->verticalLabel().contains("\u221aHz"));
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::PlotCursorTest)
#include "plot_cursor_test.moc"
