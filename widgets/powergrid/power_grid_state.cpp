// How the panel was left, and how it comes back so.

#include <QSignalBlocker>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>

#include <algorithm>
#include <cmath>

#include "widgets/powergrid/answer_bar.h"
#include "widgets/powergrid/brush_bar.h"
#include "widgets/powergrid/colour_page.h"
#include "widgets/powergrid/layer_list.h"
#include "widgets/powergrid/power_grid_view.h"
#include "widgets/powergrid/section_plots.h"
#include "widgets/powergrid/tool_strip.h"

namespace headroom::widgets {
namespace {

constexpr double kMostBrush = 4096;

/// Stable names: the order of the enumerations may change, and what is saved must not mean something else
/// then.
const char* keyOf(GridLayer layer) {
    switch (layer) {
    case GridLayer::Strength:
        return "strength";
    case GridLayer::Density:
        return "density";
    case GridLayer::Activity:
        return "activity";
    case GridLayer::Drop:
        return "drop";
    case GridLayer::Difference:
        return "difference";
    case GridLayer::Straps:
        return "straps";
    case GridLayer::Macros:
        return "macros";
    case GridLayer::Pads:
        return "pads";
    }
    return "";
}

const char* keyOf(CanvasTool tool) {
    static constexpr const char* kKeys[] = {"probe",  "select", "pad",       "strap", "macro",    "round",
                                            "square", "line",   "rectangle", "fill",  "gradient", "pick"};
    return kKeys[static_cast<int>(tool)];
}

const char* keyOf(ColourMap map) {
    switch (map) {
    case ColourMap::Viridis:
        return "viridis";
    case ColourMap::Cividis:
        return "cividis";
    case ColourMap::Inferno:
        return "inferno";
    case ColourMap::BlueRed:
        return "blue_red";
    }
    return "";
}

const char* keyOf(IslandChoice choice) {
    return choice == IslandChoice::Refuse ? "refuse" : "leave_out";
}

const char* keyOf(PaintMode mode) {
    return mode == PaintMode::Set ? "set" : mode == PaintMode::Add ? "add" : "subtract";
}

QVariantMap saved(const DisplaySettings& display) {
    return {{QStringLiteral("map"), QLatin1String(keyOf(display.map))},
            {QStringLiteral("logarithmic"), display.logarithmic},
            {QStringLiteral("fitted"), display.fitted},
            {QStringLiteral("low"), display.low},
            {QStringLiteral("high"), display.high}};
}

/// A number that was saved, kept within bounds; what is none leaves the value as it is.
void take(double& value, const QVariant& saved, double low, double high) {
    bool isNumber = false;
    const double number = saved.toDouble(&isNumber);
    if (isNumber && std::isfinite(number)) value = std::clamp(number, low, high);
}

DisplaySettings display(const QVariantMap& saved, DisplaySettings otherwise) {
    for (const ColourMap map : kColourMaps)
        if (saved.value(QStringLiteral("map")).toString() == QLatin1String(keyOf(map))) otherwise.map = map;
    otherwise.logarithmic = saved.value(QStringLiteral("logarithmic"), otherwise.logarithmic).toBool();
    double low = otherwise.low, high = otherwise.high;
    take(low, saved.value(QStringLiteral("low")), -1e30, 1e30);
    take(high, saved.value(QStringLiteral("high")), -1e30, 1e30);
    if (!(low < high)) return otherwise;
    otherwise.low = low;
    otherwise.high = high;
    otherwise.fitted = saved.value(QStringLiteral("fitted"), otherwise.fitted).toBool();
    return otherwise;
}

QVariantList saved(const QList<int>& sizes) {
    return {sizes.begin(), sizes.end()};
}

/// Empty where these are no sizes of two parts.
QList<int> sizesOf(const QVariant& saved) {
    QList<int> sizes;
    for (const QVariant& each : saved.toList())
        sizes << each.toInt();
    const bool usable = sizes.size() == 2 && sizes[0] > 0 && sizes[1] >= 0;
    return usable ? sizes : QList<int>();
}

} // namespace

QVariantMap PowerGridView::viewState() const {
    QVariantMap displays, opacities;
    QStringList hidden;
    for (const GridLayer layer : kAllGridLayers) {
        const QString key = QLatin1String(keyOf(layer));
        // Whether the difference is on show depends on the scenarios, which are not kept.
        if (layer != GridLayer::Difference && !m_canvas->isLayerVisible(layer)) hidden << key;
        if (!isMapLayer(layer)) continue;
        displays[key] = saved(m_canvas->at(layer).display());
        opacities[key] = m_canvas->opacity(layer);
    }
    const BrushSettings& brush = m_canvas->brush();
    return {
        {QStringLiteral("limitPercent"), m_limit->percent()},
        {QStringLiteral("limitOn"), m_limit->isOn()},
        {QStringLiteral("displays"), displays},
        {QStringLiteral("opacities"), opacities},
        {QStringLiteral("hidden"), hidden},
        {QStringLiteral("smooth"), m_canvas->isSmooth()},
        {QStringLiteral("tool"), QLatin1String(keyOf(m_sheetTool.value_or(m_canvas->tool())))},
        {QStringLiteral("painted"), QLatin1String(keyOf(m_canvas->paintedLayer()))},
        {QStringLiteral("brush"), QVariantMap{{QStringLiteral("size"), brush.size},
                                              {QStringLiteral("hardness"), brush.hardness},
                                              {QStringLiteral("strength"), brush.strength},
                                              {QStringLiteral("tolerance"), brush.tolerance},
                                              {QStringLiteral("mode"), QLatin1String(keyOf(brush.mode))}}},
        {QStringLiteral("islands"), QLatin1String(keyOf(islandChoice()))},
        {QStringLiteral("page"), m_side->currentIndex()},
        {QStringLiteral("sections"), m_sections->isVisibleTo(this)},
        {QStringLiteral("columns"), saved(m_columnSizes)},
        {QStringLiteral("rows"), saved(m_rowSizes)}};
}

void PowerGridView::restoreViewState(const QVariantMap& state) {
    const QSignalBlocker quiet(this);
    double percent = m_limit->percent();
    take(percent, state.value(QStringLiteral("limitPercent")), 0.01, 100);
    m_limit->setPercent(percent);
    m_limit->setOn(state.value(QStringLiteral("limitOn"), m_limit->isOn()).toBool());
    const QVariantMap displays = state.value(QStringLiteral("displays")).toMap(),
                      opacities = state.value(QStringLiteral("opacities")).toMap();
    const QStringList hidden = state.value(QStringLiteral("hidden")).toStringList();
    for (const GridLayer layer : kAllGridLayers) {
        const QString key = QLatin1String(keyOf(layer));
        if (layer != GridLayer::Difference) setLayerVisible(layer, !hidden.contains(key));
        if (!isMapLayer(layer)) continue;
        m_canvas->setDisplay(layer, display(displays.value(key).toMap(), m_canvas->at(layer).display()));
        double opacity = m_canvas->opacity(layer);
        take(opacity, opacities.value(key), 0, 1);
        m_canvas->setOpacity(layer, opacity);
        m_layers->setOpacity(layer, opacity);
    }
    m_canvas->setSmooth(state.value(QStringLiteral("smooth"), m_canvas->isSmooth()).toBool());
    m_range->setSmooth(m_canvas->isSmooth());
    const QVariantMap kept = state.value(QStringLiteral("brush")).toMap();
    BrushSettings brush = m_canvas->brush();
    take(brush.size, kept.value(QStringLiteral("size")), 1, kMostBrush);
    take(brush.hardness, kept.value(QStringLiteral("hardness")), 0, 1);
    take(brush.strength, kept.value(QStringLiteral("strength")), 0, 1);
    take(brush.tolerance, kept.value(QStringLiteral("tolerance")), 0, 1);
    for (const PaintMode mode : {PaintMode::Set, PaintMode::Add, PaintMode::Subtract})
        if (kept.value(QStringLiteral("mode")).toString() == QLatin1String(keyOf(mode))) brush.mode = mode;
    m_canvas->setBrush(brush);
    m_brushes->setBrush(brush, m_canvas->map(m_canvas->paintedLayer()).unit);
    for (const GridLayer layer : kAllGridLayers)
        if (isPaintable(layer) &&
            state.value(QStringLiteral("painted")).toString() == QLatin1String(keyOf(layer)))
            setPaintedLayer(layer);
    for (int tool = 0; tool <= static_cast<int>(CanvasTool::Pick); ++tool)
        if (state.value(QStringLiteral("tool")).toString() ==
            QLatin1String(keyOf(static_cast<CanvasTool>(tool))))
            setTool(static_cast<CanvasTool>(tool));
    for (const IslandChoice choice : {IslandChoice::LeaveOut, IslandChoice::Refuse})
        if (state.value(QStringLiteral("islands")).toString() == QLatin1String(keyOf(choice)))
            setIslandChoice(choice);
    const int page = state.value(QStringLiteral("page"), m_side->currentIndex()).toInt();
    if (page >= 0 && page < m_side->count()) m_side->setCurrentIndex(page);
    setSectionsVisible(state.value(QStringLiteral("sections")).toBool());
    if (const QList<int> sizes = sizesOf(state.value(QStringLiteral("columns"))); !sizes.isEmpty()) {
        m_columnSizes = sizes;
        m_splitter->setSizes(sizes);
    }
    if (const QList<int> sizes = sizesOf(state.value(QStringLiteral("rows"))); !sizes.isEmpty()) {
        m_rowSizes = sizes;
        m_rows->setSizes(sizes);
    }
    showLegend();
    showLimit();
}

void PowerGridView::connectState() {
    const auto tell = [this] { emit viewStateChanged(); };
    connect(m_splitter, &QSplitter::splitterMoved, this, [this, tell] {
        m_columnSizes = m_splitter->sizes();
        tell();
    });
    connect(m_rows, &QSplitter::splitterMoved, this, [this, tell] {
        m_rowSizes = m_rows->sizes();
        tell();
    });
    connect(m_side, &QTabWidget::currentChanged, this, tell);
    connect(m_limit, &LimitBar::changed, this, tell);
    connect(m_range, &ColourPage::displayChanged, this, tell);
    connect(m_range, &ColourPage::smoothChanged, this, tell);
    connect(m_layers, &LayerList::shownChanged, this, tell);
    connect(m_layers, &LayerList::aloneRequested, this, tell);
    connect(m_layers, &LayerList::opacityChanged, this, tell);
    connect(m_layers, &LayerList::layerChosen, this, tell);
    connect(m_brushes, &BrushBar::brushChanged, this, tell);
    connect(m_canvas, &HeatMapView::brushChanged, this, tell);
    connect(m_tools, &ToolStrip::toolChosen, this, tell);
    connect(m_answers, &AnswerBar::islandChoiceChanged, this, tell);
    connect(m_answers->sectionsButton(), &QToolButton::toggled, this, tell);
}

} // namespace headroom::widgets
