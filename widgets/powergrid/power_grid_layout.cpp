// How the panel is put together.

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/common/elided_label.h"
#include "widgets/common/icons.h"
#include "widgets/common/table_columns.h"
#include "widgets/common/table_export.h"
#include "widgets/powergrid/answer_bar.h"
#include "widgets/powergrid/brush_bar.h"
#include "widgets/powergrid/colour_bar.h"
#include "widgets/powergrid/colour_page.h"
#include "widgets/powergrid/compare_page.h"
#include "widgets/powergrid/layer_list.h"
#include "widgets/powergrid/power_grid_view.h"
#include "widgets/powergrid/section_plots.h"
#include "widgets/powergrid/tool_strip.h"
#include "widgets/powergrid/worst_model.h"

namespace headroom::widgets {
namespace {

constexpr int kSideWidth = 250;

}

void PowerGridView::buildContent() {
    auto* content = new QWidget(this);
    m_answers = new AnswerBar(content);
    m_brushes = new BrushBar(content);
    m_splitter = new QSplitter(Qt::Horizontal, content);
    m_splitter->setObjectName(QStringLiteral("powergridSplitter"));
    m_splitter->addWidget(buildStage(m_splitter));
    m_splitter->addWidget(buildSide(m_splitter));
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setCollapsible(0, false);
    m_splitter->setSizes({4 * kSideWidth, kSideWidth});
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_answers);
    column->addWidget(m_brushes);
    column->addWidget(m_splitter, 1);
    setContent(content);
}

void PowerGridView::buildBeginnings() {
    const auto add = [this](const char* name, const char* iconName, const QString& text, const QString& tip) {
        auto* action = new QAction(icon(QString::fromLatin1(iconName)), text, this);
        action->setObjectName(QString::fromLatin1(name));
        action->setToolTip(tip);
        return action;
    };
    QAction* sheet = add("powergridBeginSheet", "new", tr("New &Sheet\u2026"),
                         tr("An even block of any size with an array of pads"));
    QAction* example =
        add("powergridBeginExample", "open", tr("Open &Example"), tr("A random block, solved at once"));
    example->setMenu(m_answers->examplesMenu());
    QAction* maps = add("powergridBeginMaps", "import", tr("Import &Maps\u2026"),
                        tr("CSV, NPY or PNG, told by their names: strength, density, activity, pads"));
    QAction* netlist = add("powergridBeginNetlist", "netlist", tr("Open &Netlist\u2026"),
                           tr("A power grid's SPICE netlist, which is solved and shown"));
    connect(sheet, &QAction::triggered, m_answers, &AnswerBar::askForSize);
    connect(maps, &QAction::triggered, this, [this] { emit importRequested(GridFiles::Maps); });
    connect(netlist, &QAction::triggered, this, [this] { emit importRequested(GridFiles::Netlist); });
    setBeginnings({sheet, example, maps, netlist});
}

QWidget* PowerGridView::buildStage(QWidget* parent) {
    auto* stage = new QWidget(parent);
    m_canvas = new HeatMapView(stage);
    m_canvas->setObjectName(QStringLiteral("powergridCanvas"));
    m_canvas->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tools = new ToolStrip(m_canvas, stage);
    m_colours = new ColourBar(stage);
    m_colours->setObjectName(QStringLiteral("powergridColourBar"));
    m_status = new ElidedLabel(stage);
    m_status->setObjectName(QStringLiteral("powergridStatus"));
    m_status->setContentsMargins(6, 1, 6, 2);
    m_rows = new QSplitter(Qt::Vertical, stage);
    m_rows->setObjectName(QStringLiteral("powergridRows"));
    m_rows->setChildrenCollapsible(false);
    auto* picture = new QWidget(m_rows);
    auto* row = new QHBoxLayout(picture);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    row->addWidget(m_tools);
    row->addWidget(m_canvas, 1);
    row->addWidget(m_colours);
    m_sections = new SectionPlots(m_rows);
    m_sections->setObjectName(QStringLiteral("powergridSections"));
    m_sections->hide();
    m_rows->addWidget(picture);
    m_rows->addWidget(m_sections);
    m_rows->setStretchFactor(0, 3);
    m_rows->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(stage);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_rows, 1);
    column->addWidget(m_status);
    return stage;
}

QWidget* PowerGridView::buildSide(QWidget* parent) {
    m_side = new QTabWidget(parent);
    m_side->setObjectName(QStringLiteral("powergridSide"));
    m_side->setDocumentMode(true);
    m_side->setUsesScrollButtons(true);
    const auto page = [&](QWidget* content, const QString& title) {
        m_side->addTab(content, title);
        return content;
    };
    auto* layers = page(new QWidget(m_side), tr("Layers"));
    m_layers = new LayerList(layers);
    auto* layerColumn = new QVBoxLayout(layers);
    layerColumn->setContentsMargins(4, 4, 4, 4);
    layerColumn->addWidget(m_layers);
    m_range = new ColourPage(m_side);
    page(m_range, tr("Colours"));
    auto* worst = page(new QWidget(m_side), tr("Limit"));
    m_limit = new LimitBar(worst);
    m_worstModel = new WorstModel(this);
    m_worst = new QTableView(worst);
    m_worst->setObjectName(QStringLiteral("powergridWorst"));
    m_worst->setAccessibleName(tr("Places with the largest drops"));
    m_worst->setModel(m_worstModel);
    m_worst->setSelectionMode(QAbstractItemView::SingleSelection);
    prepareRows(m_worst);
    m_worst->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_worst->horizontalHeader()->setSectionResizeMode(WorstModel::Place, QHeaderView::Stretch);
    addExportAction(m_worst, [this](const QByteArray& csv) {
        emit exportRequested(csv, QStringLiteral("worst_places.csv"));
    });
    auto* worstColumn = new QVBoxLayout(worst);
    worstColumn->setContentsMargins(4, 4, 4, 4);
    worstColumn->addWidget(m_limit);
    worstColumn->addWidget(m_worst, 1);
    m_compare = new ComparePage(m_side);
    page(m_compare, tr("A/B"));
    m_side->setMinimumWidth(190);
    m_side->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    return m_side;
}

void PowerGridView::connectCanvas() {
    connect(m_canvas, &HeatMapView::strokeMoved, this, &PowerGridView::strokeMoved);
    connect(m_canvas, &HeatMapView::strokeFinished, this, &PowerGridView::strokeFinished);
    connect(m_canvas, &HeatMapView::strokeCancelled, this, &PowerGridView::strokeCancelled);
    connect(m_canvas, &HeatMapView::objectsChanged, this, &PowerGridView::objectsChanged);
    connect(m_canvas, &HeatMapView::strokeMoved, this, [this] { refreshSoon(false); });
    connect(m_canvas, &HeatMapView::strokeFinished, this, [this] { refreshSoon(false); });
    connect(m_canvas, &HeatMapView::hovered, this, &PowerGridView::showHover);
    connect(m_canvas, &HeatMapView::scaleChanged, this, &PowerGridView::showLegend);
    connect(m_canvas, &HeatMapView::selectionChanged, this, &PowerGridView::showSelected);
    connect(m_canvas, &HeatMapView::markStepRequested, this, &PowerGridView::stepMark);
    connect(m_canvas, &HeatMapView::copyRequested, this, &PowerGridView::copyProbe);
    connect(m_canvas, &HeatMapView::refused, this,
            [this](const QString& sentence) { m_status->setText(sentence); });
    connect(m_canvas, &HeatMapView::brushChanged, this, [this](const BrushSettings& brush) {
        m_brushValues[m_canvas->paintedLayer()] = brush.value;
        m_brushes->setBrush(brush, m_canvas->map(m_canvas->paintedLayer()).unit);
    });
    connect(m_canvas, &HeatMapView::probeMoved, this, [this](QPoint cell) {
        m_pathText.clear();
        showProbe();
        refreshSoon(false);
        emit probeMoved(cell);
        if (m_data) emit pathRequested((QPointF(cell) + QPointF(0.5, 0.5)) * m_data->cellUm);
    });
    connect(m_canvas, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
        auto* menu = new QMenu(m_canvas);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(icon(QStringLiteral("fit")), tr("Fit the sheet\tHome"), m_canvas, &HeatMapView::fit);
        menu->addAction(tr("Next worst place\tN"), this, [this] { stepMark(1); });
        QAction* copy =
            menu->addAction(tr("Copy the probe's values\tCtrl+C"), this, &PowerGridView::copyProbe);
        copy->setEnabled(m_canvas->probe().has_value());
        menu->addSeparator();
        fillExportMenu(menu);
        menu->popup(m_canvas->mapToGlobal(at));
    });
}

void PowerGridView::connectSide() {
    connect(m_answers, &AnswerBar::answerChosen, this, &PowerGridView::answerChosen);
    connect(m_answers, &AnswerBar::checkRequested, this, &PowerGridView::checkRequested);
    connect(m_answers, &AnswerBar::newSheetRequested, this, &PowerGridView::newSheetRequested);
    connect(m_answers, &AnswerBar::propertiesRequested, this, &PowerGridView::propertiesRequested);
    connect(m_answers, &AnswerBar::importRequested, this, &PowerGridView::importRequested);
    connect(m_answers, &AnswerBar::islandChoiceChanged, this, &PowerGridView::islandChoiceChanged);
    connect(m_answers, &AnswerBar::exampleRequested, this, &PowerGridView::exampleRequested);
    connect(m_answers, &AnswerBar::fitRequested, m_canvas, &HeatMapView::fit);
    connect(m_answers->exportMenu(), &QMenu::aboutToShow, this, [this] {
        m_answers->exportMenu()->clear();
        fillExportMenu(m_answers->exportMenu());
    });
    connect(m_answers->sectionsButton(), &QToolButton::toggled, this, &PowerGridView::setSectionsVisible);
    connect(m_colours, &ColourBar::clicked, this, [this] {
        if (const auto shown = m_canvas->shownLayer()) chooseLayer(*shown);
        m_side->setCurrentWidget(m_range);
    });
    connect(m_tools, &ToolStrip::toolChosen, this, &PowerGridView::useTool);
    connect(m_brushes, &BrushBar::brushChanged, this, [this](const BrushSettings& brush) {
        m_brushValues[m_canvas->paintedLayer()] = brush.value;
        m_canvas->setBrush(brush);
    });
    connect(m_brushes, &BrushBar::objectsChanged, m_canvas, &HeatMapView::setObjectSettings);
    connect(m_brushes, &BrushBar::selectedEdited, this, [this](GridObjectKind kind, double value) {
        m_canvas->alterSelected(
            [kind, value](GridObject& object) {
                if (object.kind == kind)
                    (kind == GridObjectKind::Strap ? object.width : object.value) = value;
            },
            kind == GridObjectKind::Strap ? tr("Change a strap's width") : tr("Change a value"));
    });
    connect(m_layers, &LayerList::layerChosen, this, &PowerGridView::chooseLayer);
    connect(m_layers, &LayerList::aloneRequested, this, &PowerGridView::showAlone);
    connect(m_layers, &LayerList::opacityChanged, m_canvas, &HeatMapView::setOpacity);
    connect(m_layers, &LayerList::shownChanged, this, &PowerGridView::setLayerVisible);
    connect(m_range, &ColourPage::displayChanged, this,
            [this](const DisplaySettings& display) { m_canvas->setDisplay(m_layers->chosen(), display); });
    connect(m_range, &ColourPage::smoothChanged, m_canvas, &HeatMapView::setSmooth);
    connect(m_limit, &LimitBar::changed, this, [this] {
        showLimit();
        showSections();
        emit limitChanged(m_limit->percent());
    });
    connect(m_worst->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& row) {
                if (row.isValid()) m_canvas->setCurrentMark(row.row());
            });
    for (const auto signal : {&QTableView::clicked, &QTableView::activated})
        connect(m_worst, signal, this, [this](const QModelIndex& row) { jumpTo(row.row()); });
    connect(m_sections, &SectionPlots::probeMoved, this, [this](QPoint cell) {
        m_canvas->setProbe(cell);
        emit m_canvas->probeMoved(cell);
    });
    connect(m_sections, &SectionPlots::exportRequested, this, &Panel::exportRequested);
    connect(m_compare, &ComparePage::keepRequested, this, &PowerGridView::keepScenarioRequested);
    connect(m_compare, &ComparePage::scenarioChosen, this, &PowerGridView::scenarioChosen);
    connect(m_compare, &ComparePage::removeRequested, this, &PowerGridView::removeScenarioRequested);
    connect(m_compare, &ComparePage::splitToggled, this, [this](bool on) {
        m_canvas->setSplit(on ? std::optional(m_canvas->split().value_or(0.5)) : std::nullopt);
        if (on) setLayerVisible(GridLayer::Difference, false);
    });
    connect(m_compare, &ComparePage::differenceToggled, this, [this](bool on) {
        setLayerVisible(GridLayer::Difference, on);
        if (on) chooseLayer(GridLayer::Difference);
    });
}

} // namespace headroom::widgets
