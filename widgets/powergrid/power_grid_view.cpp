#include "widgets/powergrid/power_grid_view.h"

#include <QApplication>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLocale>
#include <QMenu>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>

#include <algorithm>
#include <cmath>

#include "widgets/common/dropped_files.h"
#include "widgets/common/elided_label.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"
#include "widgets/powergrid/answer_bar.h"
#include "widgets/powergrid/brush_bar.h"
#include "widgets/powergrid/colour_bar.h"
#include "widgets/powergrid/colour_page.h"
#include "widgets/powergrid/compare_page.h"
#include "widgets/powergrid/contour.h"
#include "widgets/powergrid/layer_list.h"
#include "widgets/powergrid/section_plots.h"
#include "widgets/powergrid/sheet_export.h"
#include "widgets/powergrid/tool_strip.h"
#include "widgets/powergrid/worst_model.h"

namespace headroom::widgets {
namespace {

constexpr int kCopiedDigits = 7; // all that single precision holds
constexpr std::chrono::milliseconds kReadouts{40}, kWorstPlaces{150};

/// Beyond this many times the largest drop a limit would press the cross-sections flat.
constexpr double kFarthestLimit = 2;

constexpr std::array kMaps{GridLayer::Strength, GridLayer::Density, GridLayer::Activity, GridLayer::Drop,
                           GridLayer::Difference};

/// To two digits.
double roundedUp(double positive) {
    const double step = std::pow(10, std::floor(std::log10(positive)) - 1);
    return std::ceil(positive / step * (1 - 1e-9)) * step;
}

} // namespace

PowerGridView::PowerGridView(QWidget* parent)
    : Panel(QStringLiteral("powergridPanel"), tr("IR Drop"), parent) {
    setAcceptDrops(true);
    buildContent();
    buildBeginnings();
    connectCanvas();
    connectSide();
    connectState();
    m_refresh.setSingleShot(true);
    m_refresh.setInterval(kReadouts);
    m_worstRefresh.setSingleShot(true);
    m_worstRefresh.setInterval(kWorstPlaces);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        showProbe();
        showLimit();
        showDifference();
        showSections();
        if (m_hovered.x() >= 0) showHover(m_hovered);
    });
    connect(&m_worstRefresh, &QTimer::timeout, this, &PowerGridView::showWorst);
    connect(&Theme::instance(), &Theme::changed, this, [this] { showLayers(); });
    m_brushes->setBrush(m_canvas->brush(), {});
    m_brushes->setObjects(m_canvas->editor().settings());
    setTool(CanvasTool::Round);
    setData(nullptr);
}

void PowerGridView::setData(std::shared_ptr<const PowerGridData> data, const QString& sentence,
                            const QString& action) {
    const bool sameSize = m_data && data && m_data->width == data->width && m_data->height == data->height &&
                          m_data->cellUm == data->cellUm;
    const HeatMapData reference = sameSize ? m_canvas->reference() : HeatMapData();
    const QString referenceName = m_canvas->referenceName();
    const bool isFirst = !m_data;
    m_data = std::move(data);
    m_refresh.stop();
    m_worstRefresh.stop();
    m_pathText.clear();
    const QSignalBlocker quiet(m_canvas);
    m_canvas->setSheet(m_data ? m_data->width : 1, m_data ? m_data->height : 1, m_data ? m_data->cellUm : 1);
    if (!m_data) {
        m_named.reset();
        setNote(std::nullopt);
        setContentPresent(false,
                          sentence.isEmpty()
                              ? tr("No sheet yet. Begin with one, or drop maps or a power-grid netlist here.")
                              : sentence,
                          action);
        return;
    }
    m_canvas->setMap(GridLayer::Strength, m_data->strength);
    m_canvas->setMap(GridLayer::Density, m_data->density);
    m_canvas->setMap(GridLayer::Activity, m_data->activity);
    m_canvas->setMap(GridLayer::Drop, m_data->drop);
    m_canvas->setObjects(m_data->objects);
    m_canvas->setIslands(m_data->islands);
    if (reference.isPresent()) m_canvas->setReference(reference, referenceName);
    if (!sameSize) m_brushValues.clear();
    ObjectSettings settings = m_canvas->editor().settings();
    settings.padVolts = m_data->supplyVolts; // a sheet has one supply
    m_canvas->setObjectSettings(settings);
    m_brushes->setObjects(settings);
    if (!m_canvas->map(m_canvas->paintedLayer()).isPresent())
        for (const GridLayer layer : {GridLayer::Strength, GridLayer::Activity, GridLayer::Density})
            if (m_canvas->map(layer).isPresent()) m_canvas->setPaintedLayer(layer);
    startValue(m_canvas->paintedLayer());
    m_layers->setPainted(m_canvas->paintedLayer());
    if (isFirst) m_layers->choose(m_data->drop.isPresent() ? GridLayer::Drop : m_canvas->paintedLayer());
    m_named = m_data->worst;
    setNote(m_data->note);
    showLayers();
    if (const GridLayer chosen = m_layers->chosen();
        chosen != GridLayer::Drop && isMapLayer(chosen) && !m_canvas->map(chosen).isPresent())
        m_layers->choose(m_data->drop.isPresent() ? GridLayer::Drop : m_canvas->paintedLayer());
    showLegend();
    takeToolFor(isPaintableSheet());
    if (m_sections->isVisibleTo(this) && !m_canvas->probe())
        m_canvas->setProbe(QPoint(m_data->width / 2, m_data->height / 2));
    showProbe();
    showLimit();
    showWorst();
    showDifference();
    showSections();
    showHover({-1, -1});
    setContentPresent(true);
}

void PowerGridView::setMap(GridLayer layer, HeatMapData map, const QRect& changed) {
    const bool appears = map.isPresent() != m_canvas->map(layer).isPresent();
    m_canvas->setMap(layer, std::move(map), changed);
    if (appears) showLayers();
    refreshSoon(layer == GridLayer::Drop);
}

void PowerGridView::refreshSoon(bool worstToo) {
    if (!m_refresh.isActive()) m_refresh.start();
    if (worstToo && !m_worstRefresh.isActive()) m_worstRefresh.start();
}

void PowerGridView::setNote(const std::optional<AnswerNote>& note) {
    m_note = note;
    m_answers->setNote(note);
    m_compare->setKeepable(m_canvas->map(GridLayer::Drop).isPresent());
}

void PowerGridView::setWorst(std::optional<std::vector<WorstPlace>> worst) {
    m_named = std::move(worst);
    showWorst();
}

bool PowerGridView::apply(const MapPatch& patch) {
    const bool fits = m_canvas->apply(patch);
    if (fits) refreshSoon(patch.layer == GridLayer::Drop);
    return fits;
}

void PowerGridView::apply(const ObjectChange& change) {
    m_canvas->apply(change);
    showSelected();
}

void PowerGridView::setPath(std::vector<QPointF> um, const QString& text) {
    m_canvas->setPath(std::move(um));
    m_pathText = text;
    showProbe();
}

void PowerGridView::setReference(HeatMapData drop, const QString& name) {
    m_canvas->setReference(std::move(drop), name);
    if (!m_canvas->map(GridLayer::Difference).isPresent()) {
        m_canvas->setSplit(std::nullopt);
        m_compare->setSplit(false);
        setLayerVisible(GridLayer::Difference, false);
    }
    showLayers();
    showDifference();
    showSections();
}

void PowerGridView::setScenarios(const QStringList& names, int chosen) {
    m_compare->setScenarios(names, chosen);
}

void PowerGridView::setAnswer(GridAnswer answer) {
    m_answers->setAnswer(answer);
}

GridAnswer PowerGridView::answer() const {
    return m_answers->answer();
}

void PowerGridView::setNetworkAvailable(const QString& whyNot) {
    m_answers->setNetworkAvailable(whyNot);
}

void PowerGridView::setExamples(const std::vector<std::pair<QString, QString>>& examples) {
    m_answers->setExamples(examples);
}

void PowerGridView::setPropertiesAvailable(bool available) {
    m_answers->setPropertiesAvailable(available);
}

void PowerGridView::setIslandChoice(IslandChoice choice) {
    m_answers->setIslandChoice(choice);
}

IslandChoice PowerGridView::islandChoice() const {
    return m_answers->islandChoice();
}

void PowerGridView::setSheetCost(SheetCostOf costOf) {
    m_answers->setSheetCost(std::move(costOf));
}

void PowerGridView::setLimitPercent(double percent) {
    m_limit->setPercent(percent);
    showLimit();
    showSections();
}

double PowerGridView::limitPercent() const {
    return m_limit->percent();
}

void PowerGridView::setBounds(GridLayer layer, const ValueBounds& bounds) {
    m_canvas->setBounds(layer, bounds);
}

void PowerGridView::setTool(CanvasTool tool) {
    m_tools->setTool(tool);
    useTool(tool);
}

bool PowerGridView::isPaintableSheet() const {
    return m_data &&
           (m_data->strength.isPresent() || m_data->density.isPresent() || m_data->activity.isPresent());
}

void PowerGridView::takeToolFor(bool paintable) {
    m_tools->setPaintable(paintable);
    if (!paintable && !m_sheetTool) m_sheetTool = m_canvas->tool();
    setTool(paintable ? m_sheetTool.value_or(m_canvas->tool()) : CanvasTool::Probe);
    if (paintable) m_sheetTool.reset();
}

void PowerGridView::useTool(CanvasTool tool) {
    m_canvas->setTool(tool);
    m_brushes->setTool(tool, m_canvas->paintedLayer());
    if (tool == CanvasTool::Select) showSelected();
    // What is added is to be seen.
    if (tool == CanvasTool::Pad) setLayerVisible(GridLayer::Pads, true);
    if (tool == CanvasTool::Strap) setLayerVisible(GridLayer::Straps, true);
    if (tool == CanvasTool::Macro) setLayerVisible(GridLayer::Macros, true);
    if (m_data) showHover({-1, -1});
}

void PowerGridView::setPaintedLayer(GridLayer layer) {
    m_canvas->setPaintedLayer(layer);
    m_layers->setPainted(m_canvas->paintedLayer());
    startValue(m_canvas->paintedLayer());
    m_brushes->setTool(m_canvas->tool(), m_canvas->paintedLayer());
}

// A brush starts with the largest value of its layer, so that its first stroke can be seen.
void PowerGridView::startValue(GridLayer layer) {
    const HeatLayer& painted = m_canvas->at(layer);
    BrushSettings brush = m_canvas->brush();
    const auto known = m_brushValues.find(layer);
    if (known != m_brushValues.end())
        brush.value = known->second;
    else
        brush.value =
            !painted.range().isEmpty && painted.range().high > 0 ? roundedUp(painted.range().high) : 1;
    m_brushValues[layer] = brush.value;
    m_canvas->setBrush(brush);
    m_brushes->setBrush(brush, painted.data().unit);
}

void PowerGridView::chooseLayer(GridLayer layer) {
    m_layers->choose(layer);
    if (isPaintable(layer) && m_canvas->map(layer).isPresent()) setPaintedLayer(layer);
    showLegend();
}

void PowerGridView::setLayerVisible(GridLayer layer, bool visible) {
    m_canvas->setLayerVisible(layer, visible);
    m_layers->setShown(layer, visible);
    if (layer == GridLayer::Difference) m_compare->setDifference(visible);
    showSections();
}

void PowerGridView::showAlone(GridLayer layer) {
    for (const GridLayer map : kMaps)
        setLayerVisible(map, map == layer);
}

void PowerGridView::setDisplay(GridLayer layer, const DisplaySettings& display) {
    m_canvas->setDisplay(layer, display);
    showLegend();
}

void PowerGridView::setSectionsVisible(bool visible) {
    const QSignalBlocker quiet(m_answers->sectionsButton());
    m_answers->sectionsButton()->setChecked(visible);
    if (visible && !m_sections->isVisibleTo(this)) {
        const int height = m_rows->height();
        m_sections->setVisible(true);
        m_rows->setSizes({height - std::clamp(height / 4, 110, 240), std::clamp(height / 4, 110, 240)});
    }
    m_sections->setVisible(visible);
    if (visible && !m_canvas->probe() && m_data) setProbe(QPoint(m_data->width / 2, m_data->height / 2));
    showSections();
}

void PowerGridView::setProbe(std::optional<QPoint> cell) {
    m_canvas->setProbe(cell);
    m_pathText.clear();
    showProbe();
    showSections();
}

std::optional<double> PowerGridView::limitVolts() const {
    if (!m_data || !m_limit->isOn() || !(m_data->supplyVolts > 0)) return std::nullopt;
    return m_limit->percent() / 100 * m_data->supplyVolts;
}

void PowerGridView::showLayers() {
    for (const GridLayer layer : kMaps)
        m_layers->setPresent(layer, m_canvas->map(layer).isPresent());
    for (const auto& [layer, kind] : {std::pair{GridLayer::Pads, GridObjectKind::Pad},
                                      {GridLayer::Straps, GridObjectKind::Strap},
                                      {GridLayer::Macros, GridObjectKind::Macro}}) {
        const auto& objects = m_canvas->objects();
        const bool hasSome =
            std::any_of(objects.begin(), objects.end(),
                        [kind = kind](const GridObject& object) { return object.kind == kind; });
        m_layers->setPresent(layer, isPaintableSheet() || hasSome);
    }
    m_compare->setKeepable(m_canvas->map(GridLayer::Drop).isPresent());
}

void PowerGridView::showLegend() {
    const auto shown = m_canvas->shownLayer();
    if (shown) {
        const HeatLayer& layer = m_canvas->at(*shown);
        ColourLegend legend{layer.scale(), gridLayerTitle(*shown), layer.data().unit, {}};
        if (*shown == GridLayer::Drop) legend.limit = m_canvas->limit();
        m_colours->setLegend(legend);
    } else {
        m_colours->setLegend(std::nullopt);
    }
    const GridLayer chosen = m_layers->chosen();
    m_range->setEnabled(isMapLayer(chosen));
    if (!isMapLayer(chosen)) return;
    const HeatLayer& layer = m_canvas->at(chosen);
    // Else the user would wonder why nothing changes.
    const bool isCovered = shown && *shown != chosen;
    m_range->setDisplay(isCovered ? tr("%1, below %2").arg(gridLayerTitle(chosen), gridLayerTitle(*shown))
                                  : gridLayerTitle(chosen),
                        layer.display(), layer.scale(), layer.data().unit, chosen == GridLayer::Difference);
}

QString PowerGridView::valueText(GridLayer layer, QPoint cell, int digits) const {
    const HeatMapData& map = m_canvas->map(layer);
    if (!map.isPresent() || !map.cells().contains(cell)) return {};
    return quantityText(static_cast<double>(map.at(cell.x(), cell.y())), map.unit.toUtf8(), digits);
}

void PowerGridView::showHover(QPoint cell) {
    m_hovered = cell;
    const auto shown = m_canvas->shownLayer();
    double value = std::nan("");
    QStringList parts;
    if (m_data && cell.x() >= 0) {
        const QPointF um = (QPointF(cell) + QPointF(0.5, 0.5)) * m_data->cellUm;
        parts << tr("x %1 \u00b5m, y %2 \u00b5m").arg(um.x(), 0, 'f', 1).arg(um.y(), 0, 'f', 1);
        if (shown) {
            const HeatMapData& map = m_canvas->map(*shown);
            value = static_cast<double>(map.at(cell.x(), cell.y()));
            parts << QStringLiteral("%1 %2").arg(gridLayerTitle(*shown), valueText(*shown, cell));
        }
        if (shown != m_canvas->paintedLayer() && m_canvas->map(m_canvas->paintedLayer()).isPresent())
            parts << QStringLiteral("%1 %2").arg(gridLayerTitle(m_canvas->paintedLayer()),
                                                 valueText(m_canvas->paintedLayer(), cell));
    } else if (m_data) {
        parts << tr("%1, %2 \u00d7 %3 \u00b5m")
                     .arg(m_data->name)
                     .arg(m_data->width * m_data->cellUm)
                     .arg(m_data->height * m_data->cellUm);
        const std::size_t islands = m_data->islands.size();
        if (islands > 0)
            parts << (islands == 1 ? tr("1 island without a pad")
                                   : tr("%1 islands without a pad").arg(islands));
        if (!BrushBar::showsHint(m_canvas->tool())) parts << toolHint(m_canvas->tool());
    }
    m_status->setText(parts.join(QStringLiteral("  \u00b7  ")));
    m_colours->setValue(value);
}

void PowerGridView::showProbe() {
    const auto probe = m_canvas->probe();
    for (const GridLayer layer : kMaps)
        m_layers->setValue(layer, probe ? valueText(layer, *probe) : QString());
    if (!probe || !m_data) {
        m_layers->setPlace(tr("No probe yet: press X and click."));
        return;
    }
    const QPointF um = (QPointF(*probe) + QPointF(0.5, 0.5)) * m_data->cellUm;
    QString text = tr("Probe at %1, %2 \u00b5m").arg(um.x(), 0, 'f', 1).arg(um.y(), 0, 'f', 1);
    if (!m_pathText.isEmpty()) text += QStringLiteral("; ") + m_pathText;
    m_layers->setPlace(text);
    m_canvas->setAccessibleDescription(text);
}

void PowerGridView::showLimit() {
    const auto limit = limitVolts();
    m_canvas->setLimit(limit);
    const HeatMapData& drop = m_canvas->map(GridLayer::Drop);
    if (!m_data || !drop.isPresent()) {
        m_limit->setResult(tr("There is no drop yet."));
    } else if (!(m_data->supplyVolts > 0)) {
        m_limit->setResult(tr("The supply's voltage is not known."));
    } else if (!limit) {
        m_limit->setResult({});
    } else {
        const std::size_t cells = cellsAbove(drop, *limit);
        const double area = static_cast<double>(cells) * m_data->cellUm * m_data->cellUm;
        const double share = 100.0 * static_cast<double>(cells) / static_cast<double>(drop.values->size());
        m_limit->setResult(tr("%1: %2 \u00b5m\u00b2 (%3 %) above")
                               .arg(quantityText(*limit, "V"), QLocale().toString(area, 'f', 0))
                               .arg(share, 0, 'f', share < 10 ? 2 : 1));
    }
    m_worstModel->setData(m_worstModel->places(), m_data ? m_data->supplyVolts : 0, limit);
    if (m_canvas->shownLayer() == GridLayer::Drop) showLegend();
}

void PowerGridView::showSections() {
    if (!m_sections->isVisibleTo(this)) return;
    const auto shown = m_canvas->shownLayer();
    const auto probe = m_canvas->probe();
    if (!shown || !probe || !m_data) {
        m_sections->clear();
        return;
    }
    SectionPlots::Contents contents{
        m_canvas->map(*shown), {}, gridLayerTitle(*shown), {}, m_data->cellUm, {}, *probe};
    if (*shown == GridLayer::Drop) {
        contents.before = m_canvas->reference();
        contents.beforeName = m_canvas->referenceName();
        const auto limit = m_canvas->limit();
        if (limit && *limit <= kFarthestLimit * m_canvas->at(GridLayer::Drop).range().high)
            contents.limit = limit;
    }
    m_sections->setData(contents);
}

void PowerGridView::showWorst() {
    std::vector<WorstPlace> places;
    if (m_named) {
        places = *m_named;
    } else if (m_data) {
        const HeatLayer& drop = m_canvas->at(GridLayer::Drop);
        places = drop.data().digest ? drop.data().digest->worst : hotSpotsOf(drop.data(), drop.range().high);
        for (WorstPlace& place : places)
            place.um *= m_data->cellUm;
    }
    m_canvas->setMarks(places);
    m_worstModel->setData(std::move(places), m_data ? m_data->supplyVolts : 0, limitVolts());
    const QModelIndex current = m_worst->currentIndex();
    if (current.isValid()) m_canvas->setCurrentMark(current.row());
}

void PowerGridView::jumpTo(int row) {
    if (row < 0 || row >= m_worstModel->rowCount() || !m_data) return;
    const WorstPlace& place = m_worstModel->places()[static_cast<std::size_t>(row)];
    m_canvas->setCurrentMark(row);
    m_canvas->reveal(place.um);
    const QPointF cell = place.um / m_data->cellUm;
    const QPoint whole(static_cast<int>(std::floor(cell.x())), static_cast<int>(std::floor(cell.y())));
    if (m_canvas->probe() == whole) return;
    m_canvas->setProbe(whole);
    emit m_canvas->probeMoved(whole);
}

void PowerGridView::stepMark(int step) {
    const int count = m_worstModel->rowCount();
    if (count == 0) return;
    const int from = m_canvas->currentMark();
    const int to = from < 0 ? (step > 0 ? 0 : count - 1) : (from + step + count) % count;
    m_worst->setCurrentIndex(m_worstModel->index(to, WorstModel::Rank));
    jumpTo(to);
}

void PowerGridView::copyProbe() {
    const auto probe = m_canvas->probe();
    if (!probe || !m_data) {
        m_status->setText(tr("There is no probe to copy from: press X and click."));
        return;
    }
    const QPointF um = (QPointF(*probe) + QPointF(0.5, 0.5)) * m_data->cellUm;
    QStringList lines{tr("x\t%1 \u00b5m").arg(um.x()), tr("y\t%1 \u00b5m").arg(um.y())};
    for (const GridLayer layer : kMaps)
        if (const QString value = valueText(layer, *probe, kCopiedDigits); !value.isEmpty())
            lines << gridLayerTitle(layer) + QLatin1Char('\t') + value;
    if (!m_pathText.isEmpty()) lines << tr("To a pad\t%1").arg(m_pathText);
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    m_status->setText(tr("The probe's values are on the clipboard."));
}

void PowerGridView::showDifference() {
    const ValueRange& range = m_canvas->at(GridLayer::Difference).range();
    if (range.isEmpty) {
        m_compare->setSummary(tr("Keep an answer, change the sheet, and see what has become of the drop."));
        return;
    }
    m_compare->setSummary(tr("Against %1: at most %2 more, at most %3 less.")
                              .arg(m_canvas->referenceName(), quantityText(std::max(0.0, range.high), "V", 3),
                                   quantityText(std::max(0.0, -range.low), "V", 3)));
}

void PowerGridView::showSelected() {
    if (m_canvas->tool() == CanvasTool::Select) m_brushes->setSelected(m_canvas->editor().selected());
}

QByteArray PowerGridView::exported(ExportFormat format) const {
    const auto shown = m_canvas->shownLayer();
    if (format == ExportFormat::Csv) return shown ? mapCsv(m_canvas->map(*shown)) : QByteArray();
    SheetPicture picture;
    picture.heading = m_data ? m_data->name : QString();
    if (shown) picture.heading += QStringLiteral(": ") + gridLayerTitle(*shown);
    picture.note = m_note && shown == GridLayer::Drop ? badgeText(*m_note) : QString();
    picture.legend = m_colours->legend();
    picture.sheet = m_canvas->viewport().sheet();
    picture.paint = [this](QPainter& painter, const QSizeF& size) { m_canvas->paintPicture(painter, size); };
    return sheetPicture(format, picture);
}

void PowerGridView::fillExportMenu(QMenu* menu) {
    const auto handOver = [this](const QByteArray& contents, const QString& name) {
        emit exportRequested(contents, name);
    };
    const auto shown = m_canvas->shownLayer();
    QString title = m_data && !m_data->name.isEmpty() ? m_data->name : QStringLiteral("sheet");
    if (shown) title += QLatin1Char('_') + gridLayerTitle(*shown).toLower();
    addExportActions(
        *menu, *this,
        {title, [this](ExportFormat format) { return exported(format); }, handOver, shown.has_value()});
    if (shown) menu->addAction(tr("Export data as NPY..."), this, &PowerGridView::valuesRequested);
    if (m_data && m_data->strength.isPresent())
        menu->addAction(tr("Export sheet as SPICE netlist..."), this, &PowerGridView::netlistRequested);
}

void PowerGridView::dragEnterEvent(QDragEnterEvent* event) {
    if (!droppedFiles(event->mimeData()).isEmpty()) event->acceptProposedAction();
}

void PowerGridView::dropEvent(QDropEvent* event) {
    const QStringList paths = droppedFiles(event->mimeData());
    if (paths.isEmpty()) return;
    event->acceptProposedAction();
    emit filesDropped(paths);
}

} // namespace headroom::widgets
