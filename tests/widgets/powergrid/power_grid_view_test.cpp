// The panel: what its parts say, and that they say the same.

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

#include <cmath>

#include "core/base/csv.h"
#include "tests/widgets/powergrid/power_grid_panel_test.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/table_export.h"
#include "widgets/powergrid/answer_bar.h"
#include "widgets/powergrid/colour_bar.h"
#include "widgets/powergrid/colour_page.h"
#include "widgets/powergrid/compare_page.h"
#include "widgets/powergrid/layer_list.h"
#include "widgets/powergrid/section_plots.h"

namespace headroom::widgets {

class PowerGridViewTest final : public PowerGridPanelTest {
    Q_OBJECT

private slots:
    void saysWhyItIsEmpty() {
        QCOMPARE(m_view->state(), Panel::State::Empty);
        QVERIFY(m_view->stateText().contains("No sheet yet"));
        m_view->setExamples({{"demo", "A demonstration"}});
        QSignalSpy example(m_view.get(), &PowerGridView::exampleRequested);
        auto* examples = find<QPushButton>("powergridBeginExampleButton");
        QVERIFY(examples->isVisible());
        examples->menu()->actions().first()->trigger();
        QCOMPARE(example.count(), 1);
        QCOMPARE(example[0][0].toString(), QString("demo"));
        QSignalSpy files(m_view.get(), &PowerGridView::importRequested);
        QTest::mouseClick(find<QPushButton>("powergridBeginMapsButton"), Qt::LeftButton);
        QTest::mouseClick(find<QPushButton>("powergridBeginNetlistButton"), Qt::LeftButton);
        QCOMPARE(files.count(), 2);
        QCOMPARE(files[0][0].value<GridFiles>(), GridFiles::Maps);
        QCOMPARE(files[1][0].value<GridFiles>(), GridFiles::Netlist);
        QSignalSpy sheet(m_view.get(), &PowerGridView::newSheetRequested);
        QTest::mouseClick(find<QPushButton>("powergridBeginSheetButton"), Qt::LeftButton);
        find<QDialog>("powergridSizeDialog")->accept();
        QCOMPARE(sheet.count(), 1);
        QCOMPARE(sheet[0][0].toSize(), QSize(256, 256));
        m_view->showError("It cannot be read.");
        QVERIFY(find<QPushButton>("powergridBeginSheetButton")->isVisible()); // the panel is of use still
        m_view->showBusy("Solving");
        QVERIFY(!find<QPushButton>("powergridBeginSheetButton")->isVisible());
        m_view->setData(plain());
        m_view->showContent();
        QCOMPARE(m_view->state(), Panel::State::Content);
        m_view->setData(nullptr, "The netlist has no pads.", "Import");
        QCOMPARE(m_view->stateText(), QString("The netlist has no pads."));
    }

    void sectionsBeginInTheMiddle() {
        m_view->setData(plain());
        QSignalSpy moved(m_view.get(), &PowerGridView::probeMoved);
        m_view->setSectionsVisible(true);
        QTest::qWait(50);
        QCOMPARE(canvas().probe(), std::optional(QPoint(20, 15)));
        QCOMPARE(moved.count(), 0); // nothing that is set emits
    }

    void sectionsOfAnotherSheetBeginInItsMiddle() {
        m_view->setData(plain());
        m_view->setSectionsVisible(true);
        m_view->setProbe(QPoint(35, 25));
        m_view->setData(std::make_shared<PowerGridData>(samples::sheet(20, 10)));
        QCOMPARE(canvas().probe(), std::optional(QPoint(10, 5)));
    }

    void sectionsShowALimitThatIsNear() {
        m_view->setData(plain()); // up to 78 mV, of 1 V
        m_view->setSectionsVisible(true);
        auto& section = m_view->findChild<SectionPlots*>()->alongX();
        const auto highestTick = [&] { return section.verticalTickLabels().last().toDouble(); };
        auto* limit = find<QDoubleSpinBox>("powergridLimit");
        limit->setValue(15.5);
        QVERIFY2(highestTick() > 100, qPrintable(section.verticalTickLabels().join(' ')));
        limit->setValue(50);
        QVERIFY2(highestTick() < 100, qPrintable(section.verticalTickLabels().join(' ')));
        m_view->setLimitPercent(15.5);
        QVERIFY(highestTick() > 100);
    }

    void onlyALayerThatIsThereIsPaintedOn() {
        auto data = std::make_shared<PowerGridData>(*plain());
        m_view->setData(data);
        auto* layers = m_view->findChild<QTreeWidget*>("powergridLayers");
        const auto painted = [&] {
            int count = 0;
            for (int i = 0; i < layers->topLevelItemCount(); ++i)
                if (!layers->topLevelItem(i)->icon(1).isNull()) ++count;
            return count;
        };
        QCOMPARE(painted(), 1);
        auto netlist = std::make_shared<PowerGridData>(*data);
        netlist->strength = netlist->density = netlist->activity = {};
        m_view->setData(netlist);
        QCOMPARE(painted(), 0);
    }

    void badgeSaysWhoseAnswerItIs() {
        AnswerNote note;
        note.residual = 3e-10;
        note.seconds = 0.012;
        QCOMPARE(badgeText(note), QString("Exact solver, residual 3e-10, 12 ms"));
        note = {GridAnswer::Network, 0.008, std::nullopt, 1.2e-3, "unet64"};
        QCOMPARE(badgeText(note), QString("Network unet64, 8 ms; error against the solver 1.2 mV max"));
        note.isStale = true;
        QVERIFY(badgeText(note).startsWith("Out of date"));

        m_view->setData(plain());
        QSignalSpy check(m_view.get(), &PowerGridView::checkRequested);
        auto* button = find<QPushButton>("powergridCheck");
        QVERIFY(!button->isVisible());
        note.maxError.reset();
        m_view->setNote(note);
        QVERIFY(button->isVisible());
        button->click();
        QCOMPARE(check.count(), 1);
        QSignalSpy chosen(m_view.get(), &PowerGridView::answerChosen);
        auto* answer = find<QComboBox>("powergridAnswer");
        answer->setFocus();
        QTest::keyClick(answer, Qt::Key_Down);
        QCOMPARE(m_view->answer(), GridAnswer::Network);
        QCOMPARE(chosen.count(), 1);
        m_view->setNetworkAvailable("The network was not trained.");
        QCOMPARE(m_view->answer(), GridAnswer::Exact);
        QCOMPARE(chosen.count(), 1);
    }

    void limitHasAContourAnAreaAndAList() {
        m_view->setData(plain());
        auto* area = find<QLabel>("powergridArea");
        // 50 mV: x from 26 to 39, that is 14 columns of 30 cells.
        QVERIFY2(area->text().startsWith("50 mV: 420"), qPrintable(area->text()));
        QVERIFY(area->text().contains("35.0 %"));
        QSignalSpy changed(m_view.get(), &PowerGridView::limitChanged);
        find<QDoubleSpinBox>("powergridLimit")->setValue(2);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(m_view->limitPercent(), 2.0);
        QCOMPARE(canvas().limit(), std::optional(0.02));
        find<QCheckBox>("powergridLimitOn")->click();
        QVERIFY(!canvas().limit());
        QVERIFY(area->text().isEmpty());
        m_view->setLimitPercent(3);
        QCOMPARE(changed.count(), 2);
    }

    void worstPlacesCanBeJumpedTo() {
        m_view->setData(std::make_shared<PowerGridData>(samples::sheet(128, 128)));
        auto* table = find<QTableView>("powergridWorst");
        QVERIFY(table->model()->rowCount() >= 2);
        QCOMPARE(table->model()->index(0, 0).data().toInt(), 1);
        QCOMPARE(canvas().marks().size(), static_cast<std::size_t>(table->model()->rowCount()));
        QSignalSpy path(m_view.get(), &PowerGridView::pathRequested);
        find<QTabWidget>("powergridSide")->setCurrentIndex(2);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(1, 1)).center());
        const QPointF um = canvas().marks()[1].um;
        QCOMPARE(canvas().probe(), std::optional(QPoint(static_cast<int>(um.x()), static_cast<int>(um.y()))));
        QCOMPARE(path.count(), 1);
        QCOMPARE(path[0][0].toPointF(), um);
        const QPointF place = canvas().viewport().toWidget(um);
        QVERIFY((place - canvas().viewport().area().center()).manhattanLength() < 3);
        m_view->setWorst(std::vector<WorstPlace>{{{3, 4}, 0.07, "n1_m1_6000_8000"}});
        QVERIFY(table->model()->index(0, 3).data().toString().contains("n1_m1_6000_8000"));
        const auto csv = parseCsv(tableCsv(*table).toStdString());
        QVERIFY(csv.has_value());
        QCOMPARE(csv->rows[0][1], std::string("0.07"));
    }

    void probeReadsAllLayers() {
        m_view->setData(plain());
        m_view->setTool(CanvasTool::Probe);
        QSignalSpy probed(m_view.get(), &PowerGridView::probeMoved);
        QTest::mouseClick(&canvas(), Qt::LeftButton, {}, canvas().placeOf(10, 7));
        QCOMPARE(probed.last()[0].toPoint(), QPoint(10, 7));
        auto* layers = m_view->findChild<LayerList*>();
        QCOMPARE(layers->value(GridLayer::Drop), QString("20 mV"));
        QCOMPARE(layers->value(GridLayer::Density), QString("0.5"));
        m_view->setPath({{10.5, 7.5}, {20, 7.5}}, "1.5 \u03a9 to pad 1");
        QVERIFY(find<QLabel>("powergridPlace")->text().contains("1.5 \u03a9 to pad 1"));
        QTest::mouseMove(&canvas(), canvas().placeOf(20, 5));
        QVERIFY(find<QLabel>("powergridStatus")->text().contains("40 mV"));
        QVERIFY(find<QLabel>("powergridStatus")->text().contains("x 20.5 \u00b5m, y 5.5 \u00b5m"));
    }

    void sectionsFollowTheProbe() {
        m_view->setData(plain());
        m_view->setSectionsVisible(true);
        m_view->setProbe(QPoint(10, 7));
        auto* sections = m_view->findChild<SectionPlots*>();
        QTRY_VERIFY(std::abs(sections->alongX().valueAt("IR drop", 10.5e-6) - 0.02) < 1e-6);
        QVERIFY(std::abs(sections->alongY().valueAt("IR drop", 3.5e-6) - 0.02) < 1e-6);
        QVERIFY(std::abs(sections->alongX().cursorPosition(PlotCursor::A) - 10.5e-6) < 1e-12);
        emit sections->alongX().cursorMoved(PlotCursor::A, 25.2e-6);
        QCOMPARE(canvas().probe(), std::optional(QPoint(25, 7)));
        QTRY_VERIFY(std::abs(sections->alongY().valueAt("IR drop", 3.5e-6) - 0.05) < 1e-6);
    }

    void layersAreShownChosenAndPainted() {
        m_view->setData(plain());
        auto* list = find<QTreeWidget>("powergridLayers");
        const auto row = [&](const QString& title) {
            return list->findItems(title, Qt::MatchExactly, 1).first();
        };
        const auto click = [&](QTreeWidgetItem* item, int column) {
            const QRect place = list->visualRect(list->indexFromItem(item, column));
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place.center());
        };
        click(row("IR drop"), 0);
        QVERIFY(!canvas().isLayerVisible(GridLayer::Drop));
        QCOMPARE(canvas().shownLayer(), std::optional(GridLayer::Activity));
        click(row("Grid strength"), 1);
        QCOMPARE(canvas().paintedLayer(), GridLayer::Strength);
        click(row("IR drop"), 1);
        QCOMPARE(canvas().paintedLayer(), GridLayer::Strength); // answers are not painted on
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(canvas().isLayerVisible(GridLayer::Drop));
        QSignalSpy alone(m_view->findChild<LayerList*>(), &LayerList::aloneRequested);
        click(row("Cell density"), 1);
        QTest::mouseDClick(list->viewport(), Qt::LeftButton, {},
                           list->visualRect(list->indexFromItem(row("Cell density"), 1)).center());
        QCOMPARE(alone.count(), 1);
        QCOMPARE(alone[0][0].value<GridLayer>(), GridLayer::Density);
        QCOMPARE(canvas().shownLayer(), std::optional(GridLayer::Density));
        QVERIFY(!canvas().isLayerVisible(GridLayer::Drop));
        QVERIFY(canvas().isLayerVisible(GridLayer::Pads));
    }

    void rangesAreFittedOrFixed() {
        m_view->setData(plain());
        auto* low = find<QLineEdit>("powergridLow");
        auto* high = find<QLineEdit>("powergridHigh");
        QCOMPARE(high->text(), QString("78 mV"));
        QVERIFY(!high->isEnabled());
        find<QTabWidget>("powergridSide")->setCurrentIndex(1);
        find<QCheckBox>("powergridFitted")->click();
        QVERIFY(high->isEnabled());
        high->setFocus();
        high->selectAll();
        QTest::keyClicks(high, "40m");
        QTest::keyClick(high, Qt::Key_Return);
        QVERIFY(std::abs(canvas().at(GridLayer::Drop).scale().high - 0.04) < 1e-9);
        QVERIFY(std::abs(m_view->findChild<ColourBar*>()->legend()->scale.high - 0.04) < 1e-9);
        find<QCheckBox>("powergridLogarithmic")->click();
        const ColourScale scale = canvas().at(GridLayer::Drop).scale();
        QVERIFY(scale.logarithmic && scale.low > 0); // 0 was asked for
        low->selectAll();
        QTest::keyClicks(low, "nonsense");
        QTest::keyClick(low, Qt::Key_Return);
        QCOMPARE(canvas().at(GridLayer::Drop).scale(), scale);
        auto* bar = m_view->findChild<ColourBar*>();
        QVERIFY(bar->placeOf(scale.high) < bar->placeOf(scale.low));
    }

    void brushOptionsAndCanvasAgree() {
        m_view->setData(plain());
        auto* value = find<QLineEdit>("powergridValue");
        QCOMPARE(value->text(), QString("0.5"));
        value->setFocus();
        value->selectAll();
        QTest::keyClicks(value, "0.75");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(canvas().brush().value, 0.75);
        find<QDoubleSpinBox>("powergridSize")->setValue(1);
        find<QComboBox>("powergridMode")->setCurrentIndex(1); // add
        canvas().setFocus();
        QTest::keyClick(&canvas(), Qt::Key_5);
        QCOMPARE(find<QSpinBox>("powergridStrength")->value(), 50);
        QTest::keyClick(&canvas(), Qt::Key_Q);
        QCOMPARE(canvas().tool(), CanvasTool::Square);
        QSignalSpy finished(m_view.get(), &PowerGridView::strokeFinished);
        QTest::mouseClick(&canvas(), Qt::LeftButton, {}, canvas().placeOf(3, 4));
        QCOMPARE(finished.count(), 1);
        QCOMPARE(canvas().map(GridLayer::Density).at(3, 4), 0.875F);
        QVERIFY(m_view->apply(finished[0][0].value<MapPatch>().reversed()));
        QCOMPARE(canvas().map(GridLayer::Density).at(3, 4), 0.5F);
        // Each layer keeps its own value.
        m_view->setPaintedLayer(GridLayer::Strength);
        QVERIFY(canvas().brush().value != 0.75);
        m_view->setPaintedLayer(GridLayer::Density);
        QCOMPARE(canvas().brush().value, 0.75);
    }

    void selectedObjectsAreEdited() {
        m_view->setData(plain());
        m_view->setTool(CanvasTool::Select);
        QSignalSpy changes(m_view.get(), &PowerGridView::objectsChanged);
        const auto& objects = canvas().objects();
        const auto macro = std::find_if(objects.begin(), objects.end(), [](const GridObject& object) {
            return object.kind == GridObjectKind::Macro;
        });
        const int id = macro->id;
        QTest::mouseClick(&canvas(), Qt::LeftButton, {},
                          canvas().viewport().toWidget(macro->from + QPointF(1, 1.3)).toPoint());
        auto* value = find<QLineEdit>("powergridObject");
        QVERIFY(value->isVisible());
        QCOMPARE(value->text(), QString("20 mA"));
        value->setFocus();
        value->selectAll();
        QTest::keyClicks(value, "35m");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(changes.count(), 1);
        const auto change = changes[0][0].value<ObjectChange>();
        QCOMPARE(change.before[0].id, id);
        QCOMPARE(change.after[0].value, 0.035);
        m_view->apply(change.reversed());
        QCOMPARE(find<QLineEdit>("powergridObject")->text(), QString("20 mA"));
        value->selectAll();
        QTest::keyClicks(value, "-3");
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(changes.count(), 1);
    }

    void liveAnswersAreShownSoon() {
        m_view->setData(plain());
        m_view->setProbe(QPoint(10, 7));
        QTest::mousePress(&canvas(), Qt::LeftButton, {}, canvas().placeOf(5, 5));
        m_view->setMap(GridLayer::Drop, samples::mapOf(40, 30, "V", [](int, int) { return 0.06; }));
        auto* layers = m_view->findChild<LayerList*>();
        QTRY_COMPARE(layers->value(GridLayer::Drop), QString("60 mV"));
        QTRY_VERIFY(find<QLabel>("powergridArea")->text().contains("1,200"));
        QVERIFY(canvas().isPainting());
        QTest::mouseRelease(&canvas(), Qt::LeftButton, {}, canvas().placeOf(5, 5));
    }

    void scenariosAreCompared() {
        m_view->setData(plain());
        QSignalSpy keep(m_view.get(), &PowerGridView::keepScenarioRequested);
        QSignalSpy chosen(m_view.get(), &PowerGridView::scenarioChosen);
        find<QPushButton>("powergridKeep")->click();
        QCOMPARE(keep.count(), 1);
        QVERIFY(!find<QCheckBox>("powergridSplit")->isEnabled());
        m_view->setScenarios({"A", "B"}, -1);
        auto* combo = find<QComboBox>("powergridScenarios");
        QTest::keyClick(combo, Qt::Key_Down);
        QCOMPARE(chosen.last()[0].toInt(), 0);
        m_view->setReference(
            samples::mapOf(40, 30, "V", [](int x, int) { return 0.002 * x + (x == 3 ? 0.004 : -0.001); }),
            "A");
        QVERIFY(find<QLabel>("powergridDifferenceSummary")
                    ->text()
                    .contains("at most 1 mV more, at most 4 mV less"));
        find<QCheckBox>("powergridSplit")->click();
        QVERIFY(canvas().split().has_value());
        find<QCheckBox>("powergridDifference")->click();
        QCOMPARE(canvas().shownLayer(), std::optional(GridLayer::Difference));
        m_view->setData(plain()); // the reference stays while the size does
        QVERIFY(canvas().map(GridLayer::Difference).isPresent());
        m_view->setReference({}, {});
        QVERIFY(!canvas().split().has_value());
        QCOMPARE(canvas().shownLayer(), std::optional(GridLayer::Drop));
    }

    void filesAreDropped() {
        QSignalSpy dropped(m_view.get(), &PowerGridView::filesDropped);
        for (const bool full : {false, true}) {
            m_view->setData(full ? plain() : nullptr);
            QMimeData files;
            files.setUrls({QUrl::fromLocalFile("/tmp/grid.sp"), QUrl::fromLocalFile("/tmp/map.csv"),
                           QUrl("http://x/y")});
            QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &files, Qt::LeftButton, {});
            QApplication::sendEvent(m_view.get(), &enter);
            QVERIFY(enter.isAccepted());
            QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &files, Qt::LeftButton, {});
            QApplication::sendEvent(m_view.get(), &drop);
        }
        QCOMPARE(dropped.count(), 2);
        QCOMPARE(dropped[0][0].toStringList(), (QStringList{"/tmp/grid.sp", "/tmp/map.csv"}));
        QMimeData text;
        text.setText("no file");
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &text, Qt::LeftButton, {});
        enter.ignore();
        QApplication::sendEvent(m_view.get(), &enter);
        QVERIFY(!enter.isAccepted());
    }

    void asksForSheets() {
        m_view->setData(plain());
        QSignalSpy sheet(m_view.get(), &PowerGridView::newSheetRequested);
        auto* menu = find<QToolButton>("powergridNew")->menu();
        menu->actions().first()->trigger();
        QCOMPARE(sheet[0][0].toSize(), QSize(64, 64));
        find<QAction>("powergridOtherSize")->trigger();
        auto* dialog = find<QDialog>("powergridSizeDialog");
        QVERIFY(dialog != nullptr);
        dialog->findChild<QSpinBox*>("powergridSheetWidth")->setValue(300);
        dialog->accept();
        QCOMPARE(sheet[1][0].toSize(), QSize(300, 256));
        m_view->setExamples({{"demo", "A demonstration"}});
        QSignalSpy example(m_view.get(), &PowerGridView::exampleRequested);
        find<QToolButton>("powergridExample")->menu()->actions().first()->trigger();
        QCOMPARE(example[0][0].toString(), QString("demo"));
        QSignalSpy import(m_view.get(), &PowerGridView::importRequested);
        find<QToolButton>("powergridImport")->click();
        QCOMPARE(import.count(), 1);
    }

    void exportsPicturesAndValues() {
        m_view->setData(plain());
        QImage image;
        QVERIFY(image.loadFromData(m_view->exported(ExportFormat::Png), "PNG"));
        QVERIFY(image.width() > 600);
        const QByteArray svg = m_view->exported(ExportFormat::Svg);
        QVERIFY(svg.contains("IR drop") && svg.contains("mV") && svg.contains("residual"));
        QVERIFY(m_view->exported(ExportFormat::Pdf).startsWith("%PDF"));
        const QList<QByteArray> lines = m_view->exported(ExportFormat::Csv).trimmed().split('\n');
        QCOMPARE(lines.size(), 40); // a line for each x
        QCOMPARE(lines[10].split(',').size(), 30);
        QCOMPARE(lines[10].split(',')[3].toFloat(), canvas().map(GridLayer::Drop).at(10, 3));
        QSignalSpy handed(m_view.get(), &Panel::exportRequested);
        auto* menu = find<QToolButton>("powergridExport")->menu();
        emit menu->aboutToShow();
        for (QAction* action : menu->actions())
            if (action->text().startsWith("Export")) action->trigger();
        QCOMPARE(handed.count(), 4);
        QVERIFY(handed[0][1].toString().endsWith(".png"));
        QSignalSpy values(m_view.get(), &PowerGridView::valuesRequested);
        for (QAction* action : menu->actions())
            if (action->text().contains("NPY") || action->text().contains("SPICE")) action->trigger();
        QCOMPARE(values.count(), 1);
        QApplication::clipboard()->clear();
        for (QAction* action : menu->actions())
            if (action->text() == "Copy picture") action->trigger();
        QVERIFY(!QApplication::clipboard()->pixmap().isNull());
    }

    void keepsItsViewWhileTheSizeDoes() {
        m_view->setData(plain());
        canvas().zoom(3, QPointF(200, 200));
        m_view->setProbe(QPoint(3, 3));
        const double scale = canvas().viewport().scale();
        m_view->setData(plain());
        QCOMPARE(canvas().viewport().scale(), scale);
        QCOMPARE(canvas().probe(), std::optional(QPoint(3, 3)));
        m_view->setData(std::make_shared<PowerGridData>(samples::sheet(64, 64)));
        QVERIFY(canvas().viewport().isFitted());
    }

    void takesSheetsWithoutAnAnswer() {
        PowerGridData data = samples::sheet(20, 20);
        data.drop = {};
        data.note.reset();
        data.supplyVolts = 0;
        m_view->setData(std::make_shared<PowerGridData>(data));
        QVERIFY(find<QLabel>("powergridBadge")->text().contains("No drop yet"));
        QVERIFY(!find<QPushButton>("powergridKeep")->isEnabled());
        QVERIFY(find<QLabel>("powergridArea")->text().contains("no drop"));
        QCOMPARE(canvas().shownLayer(), std::optional(GridLayer::Activity));
        m_view->setSectionsVisible(true);
        m_view->grab();
        m_view->showBusy("Solving", true);
        QSignalSpy stop(m_view.get(), &Panel::cancelRequested);
        emit m_view->cancelRequested();
        QCOMPARE(stop.count(), 1);
        QCOMPARE(m_view->state(), Panel::State::Busy);
        QVERIFY(canvas().isVisible()); // painting goes on meanwhile
    }

    void everythingHasANameForReaders() {
        m_view->setData(plain());
        for (QWidget* widget : m_view->findChildren<QWidget*>()) {
            const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) ||
                                 qobject_cast<QAbstractSpinBox*>(widget) || qobject_cast<QComboBox*>(widget);
            if (!control || !widget->isVisible()) continue;
            QString name = widget->accessibleName();
            if (const auto* button = qobject_cast<QAbstractButton*>(widget))
                name += button->text() + button->toolTip();
            const bool inner = qobject_cast<QAbstractSpinBox*>(widget->parentWidget()) ||
                               qobject_cast<QTabBar*>(widget->parentWidget());
            QVERIFY2(inner || !name.isEmpty(), qPrintable(widget->objectName()));
        }
    }
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::PowerGridViewTest)
#include "power_grid_view_test.moc"
