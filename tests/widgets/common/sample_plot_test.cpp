#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <QtTest>

#include <cmath>

#include "core/base/csv.h"
#include "widgets/common/sample_plot.h"

namespace headroom::widgets {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

SampleColumn column(const char* key, std::vector<double> values, const char* unit = "V") {
    SampleColumn result;
    result.key = QLatin1String(key);
    result.title = QStringLiteral("Title of %1").arg(result.key);
    result.symbol = result.key;
    result.unit = QLatin1String(unit);
    result.values = std::move(values);
    return result;
}

/// Rows 0 to 9: "up" is the row's number, "down" the reverse, "wide" spans decades, "gappy" lacks row 3.
std::shared_ptr<SampleTable> tenRows() {
    auto table = std::make_shared<SampleTable>();
    std::vector<double> up, down, wide, gappy;
    for (int row = 0; row < 10; ++row) {
        up.push_back(row);
        down.push_back(9 - row);
        wide.push_back(1e3 * std::pow(10.0, row * 0.4));
        gappy.push_back(row == 3 ? kNaN : row * row);
    }
    table->columns = {column("up", up), column("down", down), column("wide", wide, "Hz"),
                      column("gappy", gappy)};
    table->classes = {{QStringLiteral("simulated"), ColorRole::Simulated},
                      {QStringLiteral("proposed"), ColorRole::Predicted}};
    table->classOf = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
    table->rowTitle = QStringLiteral("Candidate %1");
    return table;
}

BrushRegion over(const char* key, double low, double high) {
    return {{{QLatin1String(key), low, high}}};
}

} // namespace

/// A plot with the glue that an application puts around it: edits come back as a brush.
class SamplePlotTest final : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<SampleTable> m_table;
    std::unique_ptr<SamplePlot> m_plot;
    BrushedRows m_rows;

    void make(SamplePlot::Kind kind) {
        m_table = tenRows();
        m_rows.setTable(m_table);
        m_plot = std::make_unique<SamplePlot>(kind);
        m_plot->resize(700, 500);
        m_plot->setTitle(QStringLiteral("My samples"));
        m_plot->setData(m_table);
        m_plot->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_plot.get()));
        connect(m_plot.get(), &SamplePlot::brushEdited, this,
                [this](const RowBrush& brush) { m_plot->setBrush(brush, m_rows.update(brush)); });
        QTRY_VERIFY(m_plot->isComplete());
    }

    void drag(const QPointF& from, const QPointF& to, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QWidget* viewport = m_plot->viewport();
        QTest::mousePress(viewport, Qt::LeftButton, modifiers, from.toPoint());
        const QPointF middle = (from + to) / 2;
        for (const QPointF& at : {middle, to}) {
            QMouseEvent move(QEvent::MouseMove, at, viewport->mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                             modifiers);
            QCoreApplication::sendEvent(viewport, &move);
        }
        QTest::mouseRelease(viewport, Qt::LeftButton, modifiers, to.toPoint());
    }

    /// A point of an axis of parallel coordinates.
    QPointF onAxis(int axis, double share) const {
        const QRectF area = m_plot->areaOf(axis);
        return {area.center().x(), area.bottom() - share * area.height()};
    }
    QPointF inCell(int axis, int second, double x, double y) const {
        const QRectF area = m_plot->areaOf(axis, second);
        return {area.left() + x * area.width(), area.bottom() - y * area.height()};
    }
    std::vector<int> marked() const { return m_rows.indices(); }

private slots:
    void cleanup() { m_plot.reset(); }

    void intervalsOfOneAxisAddUpAndThoseOfSeveralNarrow() {
        RowBrush brush;
        brush.add(over("up", 2, 4));
        m_rows.setTable(tenRows());
        m_rows.update(brush);
        QCOMPARE(marked(), (std::vector<int>{2, 3, 4}));
        brush.add(over("up", 8, 9));
        m_rows.update(brush);
        QCOMPARE(marked(), (std::vector<int>{2, 3, 4, 8, 9}));
        brush.add(over("gappy", 0, 20)); // row 3 has no such value
        m_rows.update(brush);
        QCOMPARE(marked(), (std::vector<int>{2, 4}));
        brush.replace(over("up", 0, 2));
        m_rows.update(brush);
        QCOMPARE(marked(), (std::vector<int>{0, 1, 2}));
        brush.add({{{QStringLiteral("up"), 1, 5}, {QStringLiteral("down"), 8, 9}}});
        m_rows.update(brush);
        QCOMPARE(marked(), std::vector<int>{1});
        brush.removeOver({{{QStringLiteral("down"), 0, 0}, {QStringLiteral("up"), 0, 0}}});
        QCOMPARE(brush.regions().size(), 2U);
        brush.add(over("of another table", 0, 0));
        m_rows.update(brush);
        QCOMPARE(marked(), (std::vector<int>{0, 1, 2}));
        m_rows.update({});
        QVERIFY(marked().empty());
        m_rows.update(RowBrush::ofRows({7, 5, 100}));
        QCOMPARE(marked(), (std::vector<int>{5, 7}));
    }

    void aBrushThatMovesIsThatOfItsLastPlace() {
        // What is kept from one update to the next must not show.
        m_rows.setTable(tenRows());
        RowBrush brush;
        brush.add(over("down", 0, 6));
        brush.add(over("up", 0, 1));
        for (int step = 0; step < 8; ++step) {
            brush.set(1, over("up", step, step + 1));
            BrushedRows fresh;
            fresh.setTable(tenRows());
            QCOMPARE(m_rows.update(brush), fresh.update(brush));
        }
    }

    void axesAreLogarithmicWhereAQuantitySpansDecades() {
        make(SamplePlot::Kind::Parallel);
        QVERIFY(!m_plot->scene().axes[0].scale.isLogarithmic());
        QVERIFY(m_plot->scene().axes[2].scale.isLogarithmic());
        QVERIFY(std::abs(m_plot->scene().share(2, 5) - 5.0 / 9) < 1e-6);
        m_plot->setLogarithmic(QStringLiteral("wide"), false);
        QVERIFY(m_plot->scene().share(2, 5) < 0.05);
        m_plot->setInverted(QStringLiteral("up"), true);
        QCOMPARE(m_plot->scene().share(0, 0), 1.0);
    }

    void ticksAreRoundFiguresInEngineeringUnits() {
        QStringList labels;
        for (const AxisTick& tick : AxisScale(0, 9e6, false).ticks(QStringLiteral("Hz"), 4))
            labels << tick.label;
        QCOMPARE(labels.join(QLatin1Char(' ')), QStringLiteral("0 2 4 6 8"));
        QCOMPARE(AxisScale(0, 9e6, false).tickUnit(QStringLiteral("Hz")), QStringLiteral("MHz"));
        labels.clear();
        for (const AxisTick& tick : AxisScale(1e3, 1e7, true).ticks(QStringLiteral("Hz"), 5))
            labels << tick.label;
        QCOMPARE(labels.join(QLatin1Char('|')), QStringLiteral("1 kHz|10 kHz|100 kHz|1 MHz|10 MHz"));
        // Ends that cannot be drawn.
        for (const auto& [low, high] : {std::pair(5.0, 5.0), std::pair(kNaN, 1.0), std::pair(3.0, 1.0)})
            QVERIFY(!AxisScale(low, high, true).ticks(QStringLiteral("V"), 4).empty());
        QCOMPARE(AxisScale(1, 100, true).valueAt(1), 100.0);
    }

    void draggingAlongAnAxisBrushes() {
        make(SamplePlot::Kind::Parallel);
        QSignalSpy edited(m_plot.get(), &SamplePlot::brushEdited);
        drag(onAxis(0, 0.25), onAxis(0, 0.6)); // 2.25 to 5.4
        QVERIFY(edited.count() >= 1);
        QCOMPARE(marked(), (std::vector<int>{3, 4, 5}));
        drag(onAxis(0, 0.95), onAxis(0, 1.1), Qt::ShiftModifier);
        QCOMPARE(marked(), (std::vector<int>{3, 4, 5, 9}));
        drag(onAxis(1, 0), onAxis(1, 0.5)); // down <= 4.5: rows 5 to 9
        QCOMPARE(marked(), (std::vector<int>{5, 9}));
        // Dragging again on an axis takes the place of its intervals, of that axis alone.
        drag(onAxis(0, 0.7), onAxis(0, 0.85));
        QCOMPARE(marked(), std::vector<int>{7});
        drag(onAxis(0, 0.65), onAxis(0, 0.95), Qt::ControlModifier);
        QCOMPARE(marked(), (std::vector<int>{5, 6, 7, 8, 9}));
        QTest::keyClick(m_plot.get(), Qt::Key_Escape);
        QVERIFY(marked().empty());
    }

    void regionsAreMovedAndResized() {
        make(SamplePlot::Kind::Parallel);
        drag(onAxis(0, 0.2), onAxis(0, 0.4)); // 1.8 to 3.6
        QCOMPARE(marked(), (std::vector<int>{2, 3}));
        drag(onAxis(0, 0.3), onAxis(0, 0.63));
        QCOMPARE(marked(), (std::vector<int>{5, 6}));
        QCOMPARE(m_plot->scene().brush.regions().size(), 1U);
        const double top = 0.73;
        drag(onAxis(0, top) + QPointF(0, 1), onAxis(0, 0.96));
        QCOMPARE(marked(), (std::vector<int>{5, 6, 7, 8}));
        // Beyond the end there is nothing more.
        drag(onAxis(0, 0.7), onAxis(0, 5));
        QCOMPARE(marked().back(), 9);
    }

    void draggingOverACellBrushesARectangle() {
        make(SamplePlot::Kind::Scatter);
        drag(inCell(0, 1, 0.05, 0.95), inCell(0, 1, 0.4, 0.5)); // up 0.45 to 3.6, down 4.5 to 8.55
        QCOMPARE(marked(), (std::vector<int>{1, 2, 3}));
        const BrushRegion region = m_plot->scene().brush.regions().front();
        QCOMPARE(region.sides[0].column, QStringLiteral("up"));
        QCOMPARE(region.sides[1].column, QStringLiteral("down"));
        // An interval on the diagonal narrows it.
        const QRectF bars = m_plot->areaOf(0);
        drag({bars.left() + 0.3 * bars.width(), bars.center().y()},
             {bars.left() + 0.9 * bars.width(), bars.center().y()});
        QCOMPARE(marked(), std::vector<int>{3});
        // The rectangle is still there where the two columns change places.
        m_plot->moveColumn(QStringLiteral("down"), 0);
        drag(inCell(0, 1, 0.9, 0.2), inCell(0, 1, 0.97, 0.3), Qt::ControlModifier);
        QCOMPARE(m_plot->scene().brush.regions().size(), 1U);
        QCOMPARE(marked(), (std::vector<int>{3, 4, 5, 6, 7, 8}));
    }

    void clickingChoosesTheRowThatIsDrawnThere() {
        make(SamplePlot::Kind::Scatter);
        QSignalSpy chosen(m_plot.get(), &SamplePlot::rowChosen);
        QTest::mouseClick(m_plot->viewport(), Qt::LeftButton, {}, inCell(0, 1, 4 / 9.0, 5 / 9.0).toPoint());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toInt(), 4);
        QTest::mouseClick(m_plot->viewport(), Qt::LeftButton, {}, inCell(0, 1, 0.05, 0.05).toPoint());
        QCOMPARE(chosen.count(), 1);
        make(SamplePlot::Kind::Parallel);
        QSignalSpy line(m_plot.get(), &SamplePlot::rowChosen);
        // A third of the way from 6 to 3.
        const QPointF at = onAxis(0, 6 / 9.0) * (2 / 3.0) + onAxis(1, 3 / 9.0) / 3;
        QTest::mouseClick(m_plot->viewport(), Qt::LeftButton, {}, at.toPoint());
        QCOMPARE(line.count(), 1);
        QCOMPARE(line[0][0].toInt(), 6);
    }

    void titlesReorderAndInvert() {
        make(SamplePlot::Kind::Parallel);
        QSignalSpy changed(m_plot.get(), &SamplePlot::columnsChanged);
        drag(m_plot->titleOf(0).center(), m_plot->titleOf(2).center());
        QCOMPARE(m_plot->shownColumns().join(QLatin1Char(' ')), QStringLiteral("down wide up gappy"));
        QTest::mouseDClick(m_plot->viewport(), Qt::LeftButton, {}, m_plot->titleOf(0).center().toPoint());
        QCOMPARE(m_plot->scene().share(0, 0), 0.0); // down, inverted
        QCOMPARE(changed.count(), 2);
    }

    void keysDoWhatTheMouseDoes() {
        make(SamplePlot::Kind::Parallel);
        m_plot->setFocus();
        QTest::keyClick(m_plot.get(), Qt::Key_Right);
        QTest::keyClick(m_plot.get(), Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(m_plot->shownColumns().join(QLatin1Char(' ')), QStringLiteral("down up wide gappy"));
        QCOMPARE(m_plot->scene().focused, 1);
        QTest::keyClick(m_plot.get(), Qt::Key_Up);
        QVERIFY(!m_plot->scene().brush.isEmpty());
        QCOMPARE(marked(), (std::vector<int>{7, 8, 9})); // the upper quarter: 6.75 to 9
        QTest::keyClick(m_plot.get(), Qt::Key_Down);
        QCOMPARE(marked(), (std::vector<int>{7, 8}));
        for (int step = 0; step < 3; ++step)
            QTest::keyClick(m_plot.get(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(marked(), std::vector<int>{7}); // 6.3 to 7.2
        QTest::keyClick(m_plot.get(), Qt::Key_I);
        QCOMPARE(m_plot->scene().share(1, 0), 1.0);
        QTest::keyClick(m_plot.get(), Qt::Key_Delete);
        QCOMPARE(m_plot->shownColumns().join(QLatin1Char(' ')), QStringLiteral("down wide gappy"));
    }

    void columnsAreRemembered() {
        make(SamplePlot::Kind::Parallel);
        m_plot->moveColumn(QStringLiteral("gappy"), 0);
        m_plot->setColumnShown(QStringLiteral("up"), false);
        m_plot->setInverted(QStringLiteral("down"), true);
        m_plot->setLogarithmic(QStringLiteral("wide"), false);
        const QVariantMap state = m_plot->state();
        make(SamplePlot::Kind::Parallel);
        m_plot->restoreState(state);
        QCOMPARE(m_plot->shownColumns().join(QLatin1Char(' ')), QStringLiteral("gappy down wide"));
        QCOMPARE(m_plot->scene().share(1, 0), 0.0);
        QVERIFY(!m_plot->scene().axes[2].scale.isLogarithmic());
        QCOMPARE(m_plot->state(), state);
        m_plot->restoreState(
            {{QStringLiteral("order"), 7}, {QStringLiteral("hidden"), QStringLiteral("up")}});
        m_plot->resetColumns();
        QCOMPARE(m_plot->shownColumns().join(QLatin1Char(' ')), QStringLiteral("up down wide gappy"));
    }

    void csvHoldsTheMarkedRows() {
        make(SamplePlot::Kind::Parallel);
        const auto all = parseCsv(m_plot->rendered(ExportFormat::Csv).toStdString());
        QCOMPARE(all->rows.size(), 10U);
        RowBrush brush;
        brush.add(over("up", 3, 3));
        brush.add(over("up", 9, 9));
        m_plot->setBrush(brush, m_rows.update(brush));
        m_plot->setColumnShown(QStringLiteral("wide"), false);
        QCOMPARE(QString::fromUtf8(m_plot->rendered(ExportFormat::Csv)),
                 QStringLiteral("row,class,up,down,gappy\n4,simulated,3,6,\n10,proposed,9,0,81\n"));
    }

    void picturesComeInThreeForms_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("parallel") << static_cast<int>(SamplePlot::Kind::Parallel);
        QTest::newRow("scatter") << static_cast<int>(SamplePlot::Kind::Scatter);
    }

    void picturesComeInThreeForms() {
        QFETCH(int, kind);
        make(static_cast<SamplePlot::Kind>(kind));
        QSignalSpy exported(m_plot.get(), &SamplePlot::exportRequested);
        QMenu menu;
        m_plot->fillExportMenu(menu);
        for (QAction* action : menu.actions()) {
            if (action->text().startsWith(QStringLiteral("Export"))) action->trigger();
        }
        QCOMPARE(exported.count(), 4);
        QVERIFY(exported[0][0].toByteArray().startsWith("\x89PNG"));
        QVERIFY(exported[1][0].toByteArray().contains("<svg"));
        QVERIFY(exported[2][0].toByteArray().startsWith("%PDF"));
        QCOMPARE(exported[3][1].toString(), QStringLiteral("My_samples.csv"));
        const QImage picture = QImage::fromData(exported[0][0].toByteArray());
        QCOMPARE(picture.pixelColor(1, picture.height() - 2), QColor(Qt::white));
    }

    void aHundredThousandRowsAreDrawnInTheEnd() {
        for (const auto kind : {SamplePlot::Kind::Parallel, SamplePlot::Kind::Scatter}) {
            make(kind);
            auto table = std::make_shared<SampleTable>(*tenRows());
            for (SampleColumn& column : table->columns) {
                const std::vector<double> ten = column.values;
                column.values.resize(100000);
                for (std::size_t row = 0; row < column.values.size(); ++row)
                    column.values[row] = ten[row % 10] * (1 + 1e-6 * static_cast<double>(row));
            }
            table->classOf.assign(100000, 0);
            m_rows.setTable(table);
            m_plot->setData(table);
            QTRY_VERIFY(m_plot->isComplete());
            RowBrush brush;
            brush.add(over("up", 4, 6));
            m_plot->setBrush(brush, m_rows.update(brush));
            QTRY_VERIFY(m_plot->isComplete());
            // A brush leaves the same picture whichever way it came about.
            const QImage direct = m_plot->viewport()->grab().toImage();
            brush.set(0, over("up", 1, 9));
            m_plot->setBrush(brush, m_rows.update(brush));
            QTRY_VERIFY(m_plot->isComplete());
            QVERIFY(m_plot->viewport()->grab().toImage() != direct);
            brush.set(0, over("up", 4, 6));
            m_plot->setBrush(brush, m_rows.update(brush));
            QTRY_VERIFY(m_plot->isComplete());
            QVERIFY(m_plot->viewport()->grab().toImage() == direct);
        }
    }

    void correlationIsThatOfRanks() {
        const auto table = tenRows();
        QCOMPARE(rankCorrelation(table->columns[0], table->columns[2]), 1.0);
        QCOMPARE(rankCorrelation(table->columns[0], table->columns[1]), -1.0);
        QVERIFY(std::isnan(rankCorrelation(table->columns[0], column("flat", std::vector<double>(10, 1.0)))));
        // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5), by hand.
        const double tied = rankCorrelation(column("a", {1, 2, 2, 3}), column("b", {1, 5, 4, 9}));
        QVERIFY(std::abs(tied - 4.5 / std::sqrt(4.5 * 5)) < 1e-12);
    }

    void emptyTablesSaySo() {
        SamplePlot plot(SamplePlot::Kind::Scatter);
        plot.show();
        plot.setChosen(3);
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Up);
        QTest::mouseClick(plot.viewport(), Qt::LeftButton, {}, QPoint(50, 50));
        QVERIFY(plot.rendered(ExportFormat::Csv).startsWith("row,class"));
        QVERIFY(!plot.grab().isNull());
        make(SamplePlot::Kind::Parallel);
        for (const char* key : {"up", "down", "wide", "gappy"})
            m_plot->setColumnShown(QLatin1String(key), false);
        QVERIFY(m_plot->shownColumns().isEmpty());
        QTest::mouseClick(m_plot->viewport(), Qt::LeftButton, {}, QPoint(50, 50));
        QVERIFY(!m_plot->grab().isNull());
    }

    void thePageOffersColumns() {
        SamplePlotPage page(SamplePlot::Kind::Parallel);
        page.plot()->setData(tenRows());
        page.show();
        auto* button = page.findChild<QToolButton*>(QStringLiteral("sampleColumns"));
        emit button->menu()->aboutToShow();
        QSignalSpy changed(page.plot(), &SamplePlot::columnsChanged);
        button->menu()->actions().front()->trigger();
        QCOMPARE(changed.count(), 1);
        QCOMPARE(page.plot()->shownColumns().size(), 3);
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::SamplePlotTest)
#include "sample_plot_test.moc"
