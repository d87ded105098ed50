// Every panel in light and dark, small and large, as pictures to look at, and the checks that a program can
// make on them: something is drawn, in more than a few colours, and no label is cut.

#include <QCheckBox>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QPushButton>
#include <QSet>
#include <QTabWidget>
#include <QtTest>

#include <functional>
#include <memory>

#include "core/schematic/placer.h"
#include "core/simulation/drawing_values.h"
#include "tests/widgets/delay/delay_samples.h"
#include "tests/widgets/powergrid/map_samples.h"
#include "tests/widgets/sample_data.h"
#include "widgets/common/plot_view.h"
#include "widgets/common/theme.h"
#include "widgets/delay/delay_view.h"
#include "widgets/delay/study_dialog.h"
#include "widgets/delay/table_import_dialog.h"
#include "widgets/jobs/jobs_view.h"
#include "widgets/netlist/netlist_view.h"
#include "widgets/powergrid/power_grid_view.h"
#include "widgets/schematic/schematic_view.h"
#include "widgets/simulation/curve_pages.h"
#include "widgets/simulation/simulation_view.h"
#include "widgets/simulation/sweep_form.h"
#include "widgets/simulation/sweep_page.h"
#include "widgets/sizing/model_view.h"
#include "widgets/sizing/sizing_view.h"
#include "widgets/sizing/specification_view.h"
#include "widgets/structure/blocks_view.h"
#include "widgets/structure/comparison_view.h"

namespace headroom::widgets {
namespace {

struct Scene {
    const char* name;
    QSize small, large;
    std::function<std::unique_ptr<QWidget>()> make;
};

std::unique_ptr<QWidget> netlistScene() {
    auto view = std::make_unique<NetlistView>();
    auto netlist = std::make_shared<netlist::Netlist>(*samples::foldedCascode());
    const std::string file = netlist->files.front().path.string();
    netlist->diagnostics = {
        {netlist::Severity::Error, file, 12, 1, "Device M9 has three nets; a MOSFET has four.",
         "M9 a b c nmos"},
        {netlist::Severity::Warning, file, 17, 1, "Unknown card .foo is kept as it is.", ".foo 1"},
        {netlist::Severity::Note, file, 3, 1, "The include file is missing.", ".include models.sp"}};
    view->setData(netlist);
    view->selectDevices({QStringLiteral("M3"), QStringLiteral("M4")});
    return view;
}

std::unique_ptr<QWidget> blocksScene(int page) {
    auto view = std::make_unique<BlocksView>();
    const auto netlist = samples::foldedCascode();
    view->setData({netlist, &netlist->circuit}, samples::foldedCascodeStructure());
    view->selectDevices({QStringLiteral("M3")});
    view->findChild<QTabWidget*>(QStringLiteral("blocksTabs"))->setCurrentIndex(page);
    return view;
}

std::unique_ptr<QWidget> comparisonScene() {
    auto view = std::make_unique<ComparisonView>();
    const auto netlist = samples::foldedCascode();
    const auto structure = samples::foldedCascodeStructure();
    netlist::Circuit other = netlist->circuit;
    other.devices.resize(9);
    const auto otherStructure = structure::recognise(other);
    view->setData(QStringLiteral("folded_cascode"), QStringLiteral("without_load"),
                  structure::compare({netlist->circuit, *structure}, {other, otherStructure}));
    view->findChild<QTabWidget*>()->setCurrentIndex(1);
    return view;
}

std::unique_ptr<QWidget> schematicScene(bool values) {
    auto view = std::make_unique<SchematicView>();
    const auto netlist = samples::foldedCascode();
    const auto structure = samples::foldedCascodeStructure();
    view->setData(
        std::make_shared<const schematic::Drawing>(schematic::placeDrawing(netlist->circuit, *structure)),
        {netlist, &netlist->circuit}, structure);
    view->selectDevices({QStringLiteral("M3")});
    if (values)
        view->setAnnotation(simulation::drawingValues(*samples::operatingPoint(), netlist->circuit),
                            QStringLiteral("candidate 12"));
    return view;
}

std::unique_ptr<QWidget> specificationScene() {
    auto view = std::make_unique<SpecificationView>();
    SpecificationData data = samples::specification();
    data.rows[1].requirement.minimum = 120e6;
    data.rows[2].requirement.maximum = 85;
    data.rows[4].requirement = sizing::Requirement::free(data.rows[4].requirement.performance);
    data.rows[0].chosen = 64.2;
    data.rows[0].shortfall = 0;
    data.rows[3].chosen = 1.1e-3;
    data.rows[3].shortfall = 0.2;
    data.rows[0].cornerWorst = 57.3;
    data.rows[0].cornerShortfall = 0.08;
    data.rows[0].cornerName = QStringLiteral("ss, 0.99 V, 125 \u00b0C");
    data.pinned = {QStringLiteral("M1,M2 w = 12 \u00b5m")};
    data.canPin = true;
    view->setData(data);
    return view;
}

std::unique_ptr<QWidget> sizingScene(int histograms, int table, bool brushed) {
    auto view = std::make_unique<SizingView>();
    view->setData(samples::exploration(100, brushed ? 20 : 0));
    if (brushed) view->brush({1, 5, 8, 12, 20, 33, 41, 52, 60});
    view->chooseCandidate(12);
    view->setOperatingPoint(12, samples::operatingPoint());
    view->findChild<QTabWidget*>(QStringLiteral("sizingHistograms"))->setCurrentIndex(histograms);
    view->findChild<QTabWidget*>(QStringLiteral("sizingTables"))->setCurrentIndex(table);
    return view;
}

std::unique_ptr<QWidget> plotsScene(int page) {
    auto view = std::make_unique<SizingView>();
    view->setData(samples::rankedExploration(100));
    if (page == 3) view->brush({1, 5, 8, 12, 20, 33, 41, 52, 60});
    view->chooseCandidate(12);
    view->compare({1, 2, 7});
    view->findChild<QTabWidget*>(QStringLiteral("sizingHistograms"))->setCurrentIndex(page);
    view->findChild<QTabWidget*>(QStringLiteral("sizingTables"))->setCurrentIndex(page);
    return view;
}

std::unique_ptr<QWidget> datasetScene(DatasetView::Page page) {
    auto view = std::make_unique<DatasetView>();
    view->setData(samples::dataset());
    RowBrush brush;
    brush.add({{{QStringLiteral("gain_db"), 55, 62}}});
    view->setBrush(brush);
    view->chooseSample(17);
    view->showPage(page);
    return view;
}

std::unique_ptr<QWidget> simulationScene(SimulationView::Page page, bool cursors) {
    auto view = std::make_unique<SimulationView>();
    view->sweepPage().form().setVariables(samples::sweepVariables());
    view->setData(samples::simulation());
    view->selectDevices({QStringLiteral("M3")});
    view->showPage(page);
    view->frequencyPage().setNoiseVisible(cursors);
    view->setCursorsVisible(cursors);
    if (page == SimulationView::Page::Sweep) {
        view->sweepPage().setSweep(samples::sweep(cursors ? 21 : 12));
        view->sweepPage().setRunning(!cursors);
        if (cursors)
            view->sweepPage().choosePoint(9);
        else
            view->sweepPage().setProgress(12 / 21.0, QStringLiteral("Simulating 12 of 21, 3 s left"));
    }
    return view;
}

std::unique_ptr<QWidget> powerGridScene(const char* what) {
    auto view = std::make_unique<PowerGridView>();
    PowerGridData data = samples::sheet(256, 256);
    const QString scene = QString::fromLatin1(what);
    if (scene == QLatin1String("network")) {
        data.note =
            AnswerNote{GridAnswer::Network, 0.008, std::nullopt, 1.2e-3, QStringLiteral("unet64"), false, {}};
        view->setAnswer(GridAnswer::Network);
    }
    view->setData(std::make_shared<const PowerGridData>(data));
    view->setExamples({{QStringLiteral("demo"), QStringLiteral("Demonstration")}});
    auto* side = view->findChild<QTabWidget*>(QStringLiteral("powergridSide"));
    if (scene == QLatin1String("probe")) {
        view->setTool(CanvasTool::Probe);
        view->setSectionsVisible(true);
        view->setProbe(QPoint(90, 100));
        view->setPath({{90.5, 100.5}, {96, 100.5}, {96, 15.4}, {15.4, 15.4}},
                      QStringLiteral("2.1 \u03a9 to pad 10"));
    } else if (scene == QLatin1String("limit")) {
        side->setCurrentIndex(2);
        view->setTool(CanvasTool::Select);
        view->canvas().editor().select({8});
    } else if (scene == QLatin1String("colours")) {
        side->setCurrentIndex(1);
        view->setDisplay(GridLayer::Drop, {ColourMap::Inferno, true, false, 1e-3, 0.1});
    } else if (scene == QLatin1String("compare") || scene == QLatin1String("difference")) {
        side->setCurrentIndex(3);
        view->setScenarios({QStringLiteral("Before the strap"), QStringLiteral("All pads")}, 0);
        auto before = std::make_shared<std::vector<float>>(*data.drop.values);
        for (std::size_t i = 0; i < before->size(); ++i)
            (*before)[i] *= i / 256 < 128 ? 1.3F : 0.9F;
        view->setReference({before, 256, 256, QStringLiteral("V")}, QStringLiteral("Before the strap"));
        view->findChild<QCheckBox*>(scene == QLatin1String("compare") ? QStringLiteral("powergridSplit")
                                                                      : QStringLiteral("powergridDifference"))
            ->click();
    } else if (scene == QLatin1String("cells")) {
        view->setLayerVisible(GridLayer::Drop, false);
        view->setLayerVisible(GridLayer::Activity, false);
        const MapViewport& viewport = view->canvas().viewport();
        view->canvas().zoom(16 / viewport.scale(), viewport.area().center());
    }
    return view;
}

std::unique_ptr<QWidget> delayScene(DelayView::Page page) {
    auto view = std::make_unique<DelayView>();
    view->setTechnology(QStringLiteral("freepdk45"));
    view->setData(delayTableData(samples::delayTable()));
    view->setTraining(samples::training(400));
    view->setResemblance(samples::resemblance());
    view->setJudgement(samples::judgement());
    view->showPage(page);
    if (page == DelayView::Page::Training) {
        view->showBusy(QStringLiteral("Make 300 rows by ddpm"));
        view->setRunning(true);
        view->setProgress(0.4, QStringLiteral("Epoch 400 of 1000, 12 s left"));
    }
    return view;
}

std::unique_ptr<QWidget> importScene() {
    auto dialog = std::make_unique<TableImportDialog>(QStringLiteral("cells.csv"));
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    dialog->setOutcome(
        QStringLiteral("1200 rows of 15 columns.\n2 cells in 2 of 1202 rows are missing: these "
                       "rows are left out."),
        true, {QStringLiteral("vdd"), QStringLiteral("delay")});
    return dialog;
}

std::unique_ptr<QWidget> studyScene() {
    auto dialog = std::make_unique<StudyDialog>(StudyWishes(), 350);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    return dialog;
}

std::unique_ptr<QWidget> jobsScene() {
    auto view = std::make_unique<JobsView>();
    view->setData(samples::jobs());
    return view;
}

std::unique_ptr<QWidget> stateScene(Panel::State state, bool content) {
    auto view = std::make_unique<SpecificationView>();
    if (content) view->setData(samples::specification());
    if (state == Panel::State::Busy) {
        view->showBusy(QStringLiteral("Reading the data set"));
        view->setProgress(0.4, QStringLiteral("400 of 1000 rows"));
    }
    if (state == Panel::State::Error) {
        view->showError(QStringLiteral("The data set belongs to another circuit. Build it again."),
                        QStringLiteral("data set: miller, session: folded_cascode"),
                        QStringLiteral("Build data set"));
    }
    return view;
}

std::unique_ptr<QWidget> modelScene(ModelView::Page page) {
    auto view = std::make_unique<ModelView>();
    view->setModel(QStringLiteral("blocks, freepdk45, trained on 889 rows in 333 s (cpu, seed 1)"));
    view->setTraining(samples::trainingCurves(), false);
    view->setReport(samples::modelReport());
    view->setReportable(true);
    view->showPage(page);
    return view;
}

std::unique_ptr<QWidget> boxPlotScene() {
    auto plot = std::make_unique<PlotView>();
    plot->setTitle(QStringLiteral("Relative differences"));
    plot->setAxes({}, {QStringLiteral("Relative difference"), QStringLiteral("%")});
    std::vector<PlotBox> boxes;
    int step = 0;
    for (const auto* category : {"A_0", "f_t", "PM", "P", "SR", "CMRR"}) {
        boxes.push_back({QLatin1String(category), QStringLiteral("blocks"), -6.0 - step, -2, 0.3, 2.1,
                         5.0 + step, ColorRole::Simulated, false});
        boxes.push_back({QLatin1String(category), QStringLiteral("joint"), -16.0 - step, -6, -1, 4, 14.0,
                         ColorRole::Predicted, true});
        ++step;
    }
    plot->addBoxes(boxes);
    plot->addLine(
        {0, Qt::Horizontal, PlotLine::GoodSide::None, ColorRole::Target, true, QStringLiteral("target")});
    plot->setLegendVisible(true);
    plot->refresh();
    return plot;
}

const std::vector<Scene>& scenes() {
    using Page = SimulationView::Page;
    static const std::vector<Scene> all{
        {"netlist", {360, 420}, {900, 1000}, netlistScene},
        {"blocks_tree", {360, 420}, {800, 900}, [] { return blocksScene(0); }},
        {"blocks_devices", {360, 420}, {800, 900}, [] { return blocksScene(1); }},
        {"comparison", {420, 320}, {900, 600}, comparisonScene},
        {"schematic", {420, 320}, {1500, 900}, [] { return schematicScene(false); }},
        {"schematic_values", {420, 320}, {1500, 900}, [] { return schematicScene(true); }},
        {"specification", {400, 420}, {900, 600}, specificationScene},
        {"sizing", {620, 520}, {1700, 1200}, [] { return sizingScene(0, 0, false); }},
        {"sizing_brushed", {620, 520}, {1700, 1200}, [] { return sizingScene(1, 0, true); }},
        {"sizing_scatter", {620, 520}, {1700, 1200}, [] { return plotsScene(2); }},
        {"sizing_parallel", {620, 520}, {1700, 1200}, [] { return plotsScene(3); }},
        {"sizing_convergence", {620, 520}, {1300, 900}, [] { return plotsScene(4); }},
        {"dataset_coverage",
         {620, 520},
         {1300, 900},
         [] { return datasetScene(DatasetView::Page::Coverage); }},
        {"dataset_scatter", {620, 520}, {1300, 900}, [] { return datasetScene(DatasetView::Page::Scatter); }},
        {"dataset_correlation",
         {620, 520},
         {1300, 900},
         [] { return datasetScene(DatasetView::Page::Correlation); }},
        {"dataset_rows", {620, 520}, {1300, 900}, [] { return datasetScene(DatasetView::Page::Rows); }},
        {"model_training", {620, 420}, {1300, 900}, [] { return modelScene(ModelView::Page::Training); }},
        {"model_held_out", {620, 420}, {1300, 900}, [] { return modelScene(ModelView::Page::HeldOut); }},
        {"model_performances",
         {620, 420},
         {1300, 900},
         [] { return modelScene(ModelView::Page::Performances); }},
        {"model_spread", {620, 420}, {1300, 900}, [] { return modelScene(ModelView::Page::Spread); }},
        {"sizing_point", {620, 520}, {1700, 1200}, [] { return sizingScene(0, 1, true); }},
        {"simulation_point",
         {420, 420},
         {1100, 760},
         [] { return simulationScene(Page::OperatingPoint, false); }},
        {"simulation_performances",
         {420, 420},
         {1100, 760},
         [] { return simulationScene(Page::Performances, false); }},
        {"simulation_frequency",
         {420, 420},
         {1100, 760},
         [] { return simulationScene(Page::Frequency, false); }},
        {"simulation_cursors",
         {420, 420},
         {1100, 760},
         [] { return simulationScene(Page::Frequency, true); }},
        {"simulation_step", {420, 420}, {1100, 760}, [] { return simulationScene(Page::Step, true); }},
        {"simulation_ranges", {420, 420}, {1100, 760}, [] { return simulationScene(Page::Ranges, false); }},
        {"simulation_sweep", {420, 420}, {1100, 760}, [] { return simulationScene(Page::Sweep, true); }},
        {"simulation_sweeping", {420, 420}, {1100, 760}, [] { return simulationScene(Page::Sweep, false); }},
        {"powergrid_paint", {700, 440}, {1600, 900}, [] { return powerGridScene("paint"); }},
        {"powergrid_network", {700, 440}, {1600, 900}, [] { return powerGridScene("network"); }},
        {"powergrid_probe", {700, 440}, {1600, 900}, [] { return powerGridScene("probe"); }},
        {"powergrid_limit", {700, 440}, {1600, 900}, [] { return powerGridScene("limit"); }},
        {"powergrid_colours", {700, 440}, {1600, 900}, [] { return powerGridScene("colours"); }},
        {"powergrid_compare", {700, 440}, {1600, 900}, [] { return powerGridScene("compare"); }},
        {"powergrid_difference", {700, 440}, {1600, 900}, [] { return powerGridScene("difference"); }},
        {"powergrid_cells", {700, 440}, {1600, 900}, [] { return powerGridScene("cells"); }},
        {"powergrid_empty", {700, 440}, {1600, 900}, [] { return std::make_unique<PowerGridView>(); }},
        {"delay_begin", {700, 520}, {1440, 900}, [] { return std::make_unique<DelayView>(); }},
        {"delay_rows", {700, 520}, {1440, 900}, [] { return delayScene(DelayView::Page::Rows); }},
        {"delay_pairs", {700, 520}, {1440, 900}, [] { return delayScene(DelayView::Page::Pairs); }},
        {"delay_training", {700, 520}, {1440, 900}, [] { return delayScene(DelayView::Page::Training); }},
        {"delay_resemblance",
         {700, 520},
         {1440, 900},
         [] { return delayScene(DelayView::Page::Resemblance); }},
        {"delay_verdict", {700, 520}, {1440, 900}, [] { return delayScene(DelayView::Page::Verdict); }},
        {"delay_import", {440, 300}, {600, 400}, importScene},
        {"delay_study", {420, 460}, {600, 600}, studyScene},
        {"jobs", {360, 420}, {900, 600}, jobsScene},
        {"empty", {360, 300}, {900, 600}, [] { return stateScene(Panel::State::Empty, false); }},
        {"busy", {360, 300}, {900, 600}, [] { return stateScene(Panel::State::Busy, false); }},
        {"busy_content", {400, 420}, {900, 600}, [] { return stateScene(Panel::State::Busy, true); }},
        {"error", {360, 300}, {900, 600}, [] { return stateScene(Panel::State::Error, false); }},
        {"error_content", {400, 420}, {900, 600}, [] { return stateScene(Panel::State::Error, true); }},
        {"box_plot", {360, 260}, {900, 600}, boxPlotScene},
    };
    return all;
}

int distinctColors(const QImage& image) {
    QSet<QRgb> colors;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            colors.insert(image.pixel(x, y));
    }
    return static_cast<int>(colors.size());
}

/// Labels whose text needs more room than they have. Those that may be elided say so by an ignored size
/// policy.
QStringList cutLabels(const QWidget& widget) {
    QStringList cut;
    for (const QLabel* label : widget.findChildren<QLabel*>()) {
        if (!label->isVisible() || label->text().isEmpty()) continue;
        if (label->sizePolicy().horizontalPolicy() == QSizePolicy::Ignored && !label->wordWrap()) continue;
        const int height =
            label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
        const bool tooNarrow = !label->wordWrap() && label->width() < label->sizeHint().width();
        if (tooNarrow || label->height() < height) {
            cut << QStringLiteral("%1 \"%2\" %3x%4 of %5x%6")
                       .arg(label->objectName(), label->text())
                       .arg(label->width())
                       .arg(label->height())
                       .arg(label->sizeHint().width())
                       .arg(height);
        }
    }
    for (const QPushButton* button : widget.findChildren<QPushButton*>()) {
        if (button->isVisible() && button->width() < button->minimumSizeHint().width()) cut << button->text();
    }
    return cut;
}

} // namespace

class ScreenshotTest final : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        m_folder = QDir(QStringLiteral(HEADROOM_TEST_BINARY_DIR "/screenshots"));
        QVERIFY(m_folder.mkpath(QStringLiteral(".")));
    }

    void panels_data() {
        QTest::addColumn<int>("scene");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("large");
        for (std::size_t scene = 0; scene < scenes().size(); ++scene) {
            for (const bool dark : {false, true}) {
                for (const bool large : {false, true}) {
                    const QString name = QStringLiteral("%1_%2_%3")
                                             .arg(QLatin1String(scenes()[scene].name),
                                                  dark ? QStringLiteral("dark") : QStringLiteral("light"),
                                                  large ? QStringLiteral("large") : QStringLiteral("small"));
                    QTest::newRow(qPrintable(name)) << static_cast<int>(scene) << dark << large;
                }
            }
        }
    }

    void panels() {
        QFETCH(int, scene);
        QFETCH(bool, dark);
        QFETCH(bool, large);
        Theme::instance().apply(dark ? Appearance::Dark : Appearance::Light);
        const Scene& description = scenes()[static_cast<std::size_t>(scene)];
        const std::unique_ptr<QWidget> widget = description.make();
        widget->resize(large ? description.large : description.small);
        widget->show();
        QVERIFY(QTest::qWaitForWindowExposed(widget.get()));
        QTest::qWait(30);
        const QImage picture = widget->grab().toImage();
        QVERIFY(picture.save(
            m_folder.filePath(QStringLiteral("%1.png").arg(QLatin1String(QTest::currentDataTag())))));

        QCOMPARE(picture.deviceIndependentSize().toSize(), widget->size());
        QVERIFY2(distinctColors(picture) > 20, "next to nothing is drawn");
        const QStringList cut = cutLabels(*widget);
        QVERIFY2(cut.isEmpty(), qPrintable(cut.join(QLatin1Char('\n'))));
        // The panel follows the theme: its background is as bright as the theme's.
        const int brightness = qGray(picture.pixel(2, picture.height() - 2));
        QVERIFY2(dark ? brightness < 110 : brightness > 140, qPrintable(QString::number(brightness)));
    }

    void followTheThemeWhileShown_data() {
        QTest::addColumn<int>("scene");
        for (std::size_t scene = 0; scene < scenes().size(); ++scene)
            QTest::newRow(scenes()[scene].name) << static_cast<int>(scene);
    }

    /// A panel that lived through a change of theme looks like one that was made under the new theme.
    void followTheThemeWhileShown() {
        QFETCH(int, scene);
        const Scene& description = scenes()[static_cast<std::size_t>(scene)];
        const auto shown = [&](Appearance first, Appearance last) {
            Theme::instance().apply(first);
            const std::unique_ptr<QWidget> widget = description.make();
            widget->resize(description.large);
            widget->show();
            if (!QTest::qWaitForWindowExposed(widget.get())) return QImage();
            QTest::qWait(20);
            Theme::instance().apply(last);
            QTest::qWait(40);
            return widget->grab().toImage();
        };
        const QImage switched = shown(Appearance::Light, Appearance::Dark);
        const QImage fresh = shown(Appearance::Dark, Appearance::Dark);
        QCOMPARE(switched.size(), fresh.size());
        int different = 0;
        for (int y = 0; y < fresh.height(); ++y) {
            for (int x = 0; x < fresh.width(); ++x)
                different += switched.pixel(x, y) != fresh.pixel(x, y) ? 1 : 0;
        }
        if (different * 100 > fresh.width() * fresh.height()) {
            switched.save(
                m_folder.filePath(QStringLiteral("%1_switched.png").arg(QLatin1String(description.name))));
        }
        // Moving progress bars and the cursor's blinking differ.
        QVERIFY2(different * 100 <= fresh.width() * fresh.height(),
                 qPrintable(QStringLiteral("%1 pixels differ").arg(different)));
    }

private:
    QDir m_folder;
};

} // namespace headroom::widgets

QTEST_MAIN(headroom::widgets::ScreenshotTest)
#include "screenshot_test.moc"
