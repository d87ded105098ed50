// How the sheet is drawn.

#include <QPaintEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

#include "widgets/common/theme.h"
#include "widgets/powergrid/contour.h"
#include "widgets/powergrid/heat_map_view.h"

namespace headroom::widgets {
namespace {

// Over colours of every kind a line is seen if it is light within dark.
const QColor kInk(255, 255, 255);
const QColor kHalo(0, 0, 0, 150);

constexpr int kAround = 32; // cells
constexpr double kMarkRadius = 6;

QPen pen(const QColor& colour, double width, Qt::PenStyle style = Qt::SolidLine) {
    QPen made(colour, width, style, Qt::FlatCap, Qt::RoundJoin);
    made.setCosmetic(true);
    return made;
}

template <class Draw>
void drawTwice(QPainter& painter, double width, const QColor& ink, const Draw& draw) {
    painter.setPen(pen(kHalo, width + 2));
    draw();
    painter.setPen(pen(ink, width));
    draw();
}

/// 1, 2 or 5 times a power of ten, at least as large.
double roundStep(double least) {
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * 0.999) return factor * power;
    return 10 * power;
}

/// Where a tag of that text stands, kept within an area.
QRectF tagBox(const QPainter& painter, QPointF at, const QString& text, const QRectF& area) {
    const QFontMetricsF metrics(painter.font());
    QRectF box(at, QSizeF(metrics.horizontalAdvance(text) + 10, metrics.height() + 4));
    if (box.right() > area.right()) box.moveRight(std::max(area.right(), area.left() + box.width()));
    if (box.bottom() > area.bottom()) box.moveBottom(area.bottom());
    if (box.top() < area.top()) box.moveTop(area.top());
    return box;
}

void drawTag(QPainter& painter, const QRectF& box, const QString& text) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0, 0, 0, 170));
    painter.drawRoundedRect(box, 3, 3);
    painter.setPen(kInk);
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace

void HeatMapView::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    const Theme& theme = Theme::instance();
    const QRectF area = m_viewport.area();
    painter.save();
    painter.setClipRect(area.toAlignedRect() & event->rect());
    painter.fillRect(
        area, Theme::mixed(theme.color(ColorRole::PlotBackground), theme.color(ColorRole::PlotGrid), 0.6));
    paintSheet(painter, m_viewport, true);
    paintSplit(painter);
    paintProbe(painter);
    paintTool(painter);
    painter.restore();
    if (event->rect().left() < area.left() || event->rect().top() < area.top()) paintRulers(painter);
    if (hasFocus()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(palette().color(QPalette::Highlight));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area.toAlignedRect().adjusted(0, 0, -1, -1));
    }
}

void HeatMapView::paintSheet(QPainter& painter, const MapViewport& viewport, bool onScreen) {
    const QRectF sheet = viewport.sheetOnWidget();
    const Theme& theme = Theme::instance();
    // An opaque layer hides those below, also where it has no values: another layer's colours would be taken
    // for its own there.
    std::size_t lowest = 0;
    bool covered = false;
    for (std::size_t i = 0; i < kMapLayers; ++i) {
        const HeatLayer& layer = m_layers[i];
        if (!m_visible[i] || !layer.isPresent() || m_opacity[i] < 1) continue;
        const bool isSplit = static_cast<GridLayer>(i) == GridLayer::Drop && m_split;
        lowest = i;
        covered = !layer.range().hasHoles && !(isSplit && m_reference.range().hasHoles);
    }
    if (!covered) { // cells without a value show the ground, hatched
        painter.fillRect(sheet, theme.color(ColorRole::PlotBackground));
        painter.fillRect(sheet, QBrush(theme.color(ColorRole::PlotGrid), Qt::BDiagPattern));
    }
    for (std::size_t i = lowest; i < kMapLayers; ++i) {
        if (!m_visible[i] || !m_layers[i].isPresent()) continue;
        if (static_cast<GridLayer>(i) == GridLayer::Drop)
            paintDrop(painter, viewport);
        else
            paintMap(painter, viewport, m_layers[i], m_opacity[i]);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintCellGrid(painter, viewport);
    painter.setPen(pen(theme.color(ColorRole::PlotAxis), 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(sheet.toAlignedRect().adjusted(0, 0, -1, -1));
    painter.setRenderHint(QPainter::Antialiasing);
    if (onScreen)
        painter.drawImage(viewport.area().topLeft(), objectsPicture());
    else
        paintObjects(painter, viewport);
    paintContour(painter, viewport);
    paintIslands(painter, viewport);
    paintMarks(painter, viewport);
}

// Exports keep every cell.
double HeatMapView::detailOf(const MapViewport& viewport) const {
    return &viewport == &m_viewport ? viewport.scale() * devicePixelRatioF() : 1;
}

// The whole picture with a clip, and never a part of it: parts would be rounded to other pixels.
void HeatMapView::paintMap(QPainter& painter, const MapViewport& viewport, HeatLayer& layer,
                           double opacity) const {
    // Smooth scaling looks at the neighbours.
    const QRect seen =
        viewport.visibleCells().toAlignedRect().adjusted(-kAround, -kAround, kAround, kAround) &
        layer.data().cells();
    if (opacity <= 0 || seen.isEmpty()) return;
    const double scale = detailOf(viewport);
    const int step = layer.detailFor(scale).step;
    const QImage& image = layer.image(scale, seen);
    painter.save();
    // A coarser picture's last cells may reach beyond the sheet.
    if (step > 1) painter.setClipRect(viewport.sheetOnWidget(), Qt::IntersectClip);
    painter.setOpacity(opacity);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_smooth || viewport.scale() < 1);
    painter.drawImage(viewport.toWidget(QRectF(QPointF(0, 0), QSizeF(image.size() * step))), image,
                      QRectF(image.rect()));
    painter.restore();
}

void HeatMapView::paintDrop(QPainter& painter, const MapViewport& viewport) {
    HeatLayer& drop = layer(GridLayer::Drop);
    const double opacity = this->opacity(GridLayer::Drop);
    if (!m_split || !m_reference.isPresent()) {
        paintMap(painter, viewport, drop, opacity);
        return;
    }
    m_reference.setScale(drop.scale());
    const QRectF area = viewport.area();
    const double x = area.left() + *m_split * area.width();
    for (const bool before : {true, false}) {
        painter.save();
        const QRectF part = before ? QRectF(area.topLeft(), QPointF(x, area.bottom()))
                                   : QRectF(QPointF(x, area.top()), area.bottomRight());
        painter.setClipRect(part, Qt::IntersectClip);
        paintMap(painter, viewport, before ? m_reference : drop, opacity);
        painter.restore();
    }
}

void HeatMapView::paintCellGrid(QPainter& painter, const MapViewport& viewport) const {
    if (viewport.scale() < 10) return;
    const QRect cells = viewport.visibleCells().toAlignedRect();
    painter.setPen(pen(QColor(128, 128, 128, 90), 1));
    QList<QLineF> lines;
    for (int x = cells.left(); x <= cells.right() + 1; ++x)
        lines << QLineF(viewport.toWidget(QPointF(x, cells.top())),
                        viewport.toWidget(QPointF(x, cells.bottom() + 1)));
    for (int y = cells.top(); y <= cells.bottom() + 1; ++y)
        lines << QLineF(viewport.toWidget(QPointF(cells.left(), y)),
                        viewport.toWidget(QPointF(cells.right() + 1, y)));
    painter.drawLines(lines);
}

void HeatMapView::paintContour(QPainter& painter, const MapViewport& viewport) {
    const auto [drop, step] = at(GridLayer::Drop).detailFor(detailOf(viewport));
    if (m_contourStale || step != m_contourStep) {
        m_contour = m_limit ? contourOf(*drop, *m_limit) : std::vector<QLineF>();
        for (QLineF& line : m_contour)
            line = {line.p1() * step, line.p2() * step};
        m_contourStep = step;
        m_contourStale = false;
    }
    if (m_contour.empty()) return;
    const QRectF visible = viewport.visibleCells().adjusted(-1, -1, 1, 1);
    QList<QLineF> lines;
    for (const QLineF& line : m_contour)
        if (visible.contains(line.p1()) || visible.contains(line.p2()))
            lines << QLineF(viewport.toWidget(line.p1()), viewport.toWidget(line.p2()));
    // Long contours of noisy maps are drawn without the finer points.
    painter.setRenderHint(QPainter::Antialiasing, lines.size() < 6000);
    drawTwice(painter, 1.4, kInk, [&] { painter.drawLines(lines); });
    painter.setRenderHint(QPainter::Antialiasing);
}

void HeatMapView::paintObjects(QPainter& painter, const MapViewport& viewport) const {
    const QRectF visible = viewport.area().adjusted(-20, -20, 20, 20);
    for (const auto kind : {GridObjectKind::Strap, GridObjectKind::Macro, GridObjectKind::Pad}) {
        const auto layer = kind == GridObjectKind::Strap   ? GridLayer::Straps
                           : kind == GridObjectKind::Macro ? GridLayer::Macros
                                                           : GridLayer::Pads;
        if (!isLayerVisible(layer)) continue;
        for (const GridObject& object : m_editor.objects()) {
            if (object.kind != kind) continue;
            const QRectF box = viewport.toWidget(QRectF(object.from, object.to).normalized());
            const QRectF scaled(viewport.toWidget(object.from / m_cellUm),
                                viewport.toWidget(object.to / m_cellUm));
            const QRectF place = m_cellUm == 1 ? box : scaled.normalized();
            const double margin = object.width / m_cellUm * viewport.scale() / 2 + 8;
            if (place.adjusted(-margin, -margin, margin, margin).intersects(visible))
                paintObject(painter, viewport, object);
        }
    }
    const QRectF band = m_editor.band();
    if (band.isNull()) return;
    const QColor highlight = palette().color(QPalette::Highlight);
    painter.setPen(pen(highlight, 1));
    painter.setBrush(QColor(highlight.red(), highlight.green(), highlight.blue(), 50));
    painter.drawRect(
        QRectF(viewport.toWidget(band.topLeft() / m_cellUm), viewport.toWidget(band.bottomRight() / m_cellUm))
            .normalized());
}

const QImage& HeatMapView::objectsPicture() {
    const QRectF area = m_viewport.area();
    const ObjectsKey key{m_viewport.sheetOnWidget(),
                         area,
                         m_editor.version(),
                         m_visible,
                         palette().color(QPalette::Highlight).rgb(),
                         devicePixelRatioF()};
    if (key == m_objectsKey && !m_objectsPicture.isNull()) return m_objectsPicture;
    m_objectsKey = key;
    m_objectsPicture = QImage((area.size() * key.density).toSize(), QImage::Format_ARGB32_Premultiplied);
    m_objectsPicture.setDevicePixelRatio(key.density);
    m_objectsPicture.fill(Qt::transparent);
    QPainter painter(&m_objectsPicture);
    painter.setFont(font());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(-area.topLeft());
    paintObjects(painter, m_viewport);
    return m_objectsPicture;
}

void HeatMapView::paintObject(QPainter& painter, const MapViewport& viewport,
                              const GridObject& object) const {
    const bool selected = m_editor.selection().contains(object.id);
    const QColor ink = selected ? palette().color(QPalette::Highlight).lighter(130) : kInk;
    const QPointF from = viewport.toWidget(object.from / m_cellUm),
                  to = viewport.toWidget(object.to / m_cellUm);
    if (object.kind == GridObjectKind::Strap) {
        const double width = std::max(object.width / m_cellUm * viewport.scale(), 1.5);
        QColor body = selected ? ink : QColor(230, 234, 240);
        body.setAlpha(selected ? 220 : 110);
        const QColor edge(0, 0, 0, selected ? 150 : 60);
        if (from.x() == to.x() || from.y() == to.y()) {
            // Filled, which is ten times faster than drawn with a pen, and straps are many.
            const double half = width / 2;
            const QPointF across = from.x() == to.x() ? QPointF(half, 0) : QPointF(0, half);
            const QRectF strip = QRectF(from - across, to + across).normalized();
            const QPointF rim = from.x() == to.x() ? QPointF(0.75, 0) : QPointF(0, 0.75);
            const QRectF whole(strip.topLeft() - rim, strip.bottomRight() + rim);
            painter.fillRect(whole & viewport.area(), edge);
            painter.fillRect(strip & viewport.area(), body);
        } else {
            painter.setPen(pen(edge, width + 1.5));
            painter.drawLine(from, to);
            painter.setPen(pen(body, width));
            painter.drawLine(from, to);
        }
    } else if (object.kind == GridObjectKind::Macro) {
        const QRectF box = QRectF(from, to).normalized();
        painter.setBrush(QColor(255, 255, 255, selected ? 50 : 22));
        drawTwice(painter, selected ? 2 : 1.2, ink, [&] { painter.drawRect(box); });
        const QFontMetricsF metrics(painter.font());
        if (box.width() > metrics.horizontalAdvance(object.name) + 14 &&
            box.height() > 3.5 * metrics.height())
            drawTag(painter, tagBox(painter, box.topLeft() + QPointF(3, 3), object.name, box), object.name);
    } else {
        const double half = std::clamp(viewport.scale() * 0.6, 3.5, 7.0);
        const QRectF box(from - QPointF(half, half), from + QPointF(half, half));
        painter.setBrush(selected ? ink : QColor(255, 255, 255, 235));
        painter.setPen(pen(QColor(0, 0, 0, 220), selected ? 2 : 1.2));
        painter.drawRect(box);
        painter.drawLine(box.topLeft(), box.bottomRight());
        painter.drawLine(box.topRight(), box.bottomLeft());
    }
    if (!selected || object.kind == GridObjectKind::Pad || m_editor.selection().size() != 1) return;
    painter.setPen(pen(QColor(0, 0, 0, 200), 1));
    painter.setBrush(ink);
    const bool isMacro = object.kind == GridObjectKind::Macro;
    for (const QPointF grip : {from, to, QPointF(from.x(), to.y()), QPointF(to.x(), from.y())})
        if (isMacro || grip == from || grip == to) painter.drawEllipse(grip, 4, 4);
}

std::vector<std::size_t> HeatMapView::marksApart(const MapViewport& viewport) const {
    std::vector<std::size_t> apart;
    const auto place = [&](std::size_t mark) { return viewport.toWidget(m_marks[mark].um / m_cellUm); };
    for (std::size_t i = 0; i < m_marks.size(); ++i) {
        const bool isCovered = std::any_of(apart.begin(), apart.end(), [&](std::size_t other) {
            const QPointF by = place(other) - place(i);
            return std::hypot(by.x(), by.y()) < 2 * kMarkRadius;
        });
        if (!isCovered || static_cast<int>(i) == m_currentMark) apart.push_back(i);
    }
    return apart;
}

void HeatMapView::paintMarks(QPainter& painter, const MapViewport& viewport) const {
    painter.setBrush(Qt::NoBrush);
    const std::vector<std::size_t> apart = marksApart(viewport);
    for (auto mark = apart.rbegin(); mark != apart.rend(); ++mark) {
        const std::size_t i = *mark;
        const QPointF at = viewport.toWidget(m_marks[i].um / m_cellUm);
        const bool current = static_cast<int>(i) == m_currentMark;
        painter.setBrush(Qt::NoBrush);
        drawTwice(painter, current ? 2.4 : 1.4, current ? QColor(255, 214, 64) : kInk,
                  [&] { painter.drawEllipse(at, current ? 9 : kMarkRadius, current ? 9 : kMarkRadius); });
    }
    paintRanks(painter, viewport);
    if (m_path.size() < 2) return;
    QPolygonF line;
    for (const QPointF& um : m_path)
        line << viewport.toWidget(um / m_cellUm);
    drawTwice(painter, 2, QColor(255, 214, 64), [&] { painter.drawPolyline(line); });
}

// The worst places often lie beside each other; where two figures would cover each other the lower rank gives
// way.
void HeatMapView::paintRanks(QPainter& painter, const MapViewport& viewport) const {
    constexpr std::size_t kRanked = 3;
    std::vector<std::size_t> order;
    const auto current = static_cast<std::size_t>(std::max(0, m_currentMark));
    if (m_currentMark >= 0 && current < m_marks.size()) order.push_back(current);
    for (std::size_t i = 0; i < std::min(kRanked, m_marks.size()); ++i)
        if (order.empty() || i != order.front()) order.push_back(i);
    std::vector<QRectF> taken;
    for (const std::size_t i : order) {
        const QPointF at = viewport.toWidget(m_marks[i].um / m_cellUm);
        if (!viewport.area().adjusted(-10, -10, 10, 10).contains(at)) continue;
        const QString text = QString::number(i + 1);
        const QSizeF size = tagBox(painter, at, text, viewport.area()).size();
        for (const QPointF& offset :
             {QPointF(10, -size.height() / 2), QPointF(-10 - size.width(), -size.height() / 2),
              QPointF(10, 4), QPointF(10, -4 - size.height())}) {
            const QRectF box = tagBox(painter, at + offset, text, viewport.area());
            const bool isFree = std::none_of(taken.begin(), taken.end(),
                                             [&](const QRectF& other) { return other.intersects(box); });
            // Pushed aside it would lie on its own place.
            if (!isFree || box.left() != at.x() + offset.x()) continue;
            drawTag(painter, box, text);
            taken.push_back(box);
            break;
        }
    }
}

void HeatMapView::paintIslands(QPainter& painter, const MapViewport& viewport) const {
    constexpr double kLeast = 10;
    constexpr std::size_t kNamed = 3;
    for (std::size_t i = 0; i < m_islands.size(); ++i) {
        QRectF box(viewport.toWidget(m_islands[i].from / m_cellUm),
                   viewport.toWidget(m_islands[i].to / m_cellUm));
        box = box.normalized();
        const double wide = std::max(0.0, kLeast - box.width()) / 2,
                     high = std::max(0.0, kLeast - box.height()) / 2;
        box.adjust(-wide - 2, -high - 2, wide + 2, high + 2);
        if (!box.intersects(viewport.area())) continue;
        painter.setBrush(QBrush(QColor(255, 150, 50, 130), Qt::FDiagPattern));
        drawTwice(painter, 1.6, QColor(255, 170, 70), [&] { painter.drawRect(box); });
        if (i >= kNamed) continue;
        const QString text = tr("No pad: %1").arg(m_islands[i].name);
        drawTag(painter, tagBox(painter, box.bottomLeft() + QPointF(0, 3), text, viewport.area()), text);
    }
}

void HeatMapView::paintProbe(QPainter& painter) const {
    if (!m_probe) return;
    const QRectF area = m_viewport.area();
    const QPointF at = m_viewport.toWidget(QPointF(*m_probe) + QPointF(0.5, 0.5));
    painter.setPen(pen(QColor(0, 0, 0, 110), 3));
    const QLineF lines[] = {{QPointF(area.left(), at.y()), QPointF(area.right(), at.y())},
                            {QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom())}};
    painter.drawLines(lines, 2);
    painter.setPen(pen(QColor(255, 255, 255, 200), 1, Qt::DashLine));
    painter.drawLines(lines, 2);
    painter.setBrush(Qt::NoBrush);
    const double half = std::max(5.0, m_viewport.scale() / 2);
    drawTwice(painter, 1.5, kInk,
              [&] { painter.drawRect(QRectF(at - QPointF(half, half), at + QPointF(half, half))); });
}

void HeatMapView::paintSplit(QPainter& painter) const {
    if (!m_split || !m_reference.isPresent() || !isLayerVisible(GridLayer::Drop)) return;
    const QRectF area = m_viewport.area();
    const double x = area.left() + *m_split * area.width();
    drawTwice(painter, 2, kInk, [&] { painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom())); });
    const QPointF handle(x, area.center().y());
    painter.setBrush(kInk);
    painter.setPen(pen(kHalo, 1.5));
    painter.drawEllipse(handle, 9, 9);
    painter.setPen(pen(QColor(40, 40, 40), 1.5));
    for (const double side : {-1.0, 1.0}) {
        const QPointF tip = handle + QPointF(side * 5.5, 0);
        painter.drawLine(tip, tip + QPointF(-side * 3, -3));
        painter.drawLine(tip, tip + QPointF(-side * 3, 3));
    }
    QRectF before = tagBox(painter, area.topLeft() + QPointF(0, 8), m_referenceName, area);
    before.moveRight(x - 8);
    drawTag(painter, before, m_referenceName);
    drawTag(painter, tagBox(painter, QPointF(x + 8, area.top() + 8), tr("now"), area), tr("now"));
}

void HeatMapView::updateTool() {
    QRect now;
    if (m_cursor && (brushShapeOf(m_tool) || m_stroke)) {
        const double radius = m_brush.size / 2 * m_viewport.scale() + 4;
        QRectF place(*m_cursor - QPointF(radius, radius), *m_cursor + QPointF(radius, radius));
        if (m_stroke)
            place |= QRectF(m_pressed, *m_cursor).normalized().adjusted(-radius, -radius, radius, radius);
        now = place.toAlignedRect();
    }
    // The rulers' marks follow the cursor.
    update(QRect(0, 0, width(), static_cast<int>(m_viewport.area().top())));
    update(QRect(0, 0, static_cast<int>(m_viewport.area().left()), height()));
    update(m_outline | now);
    m_outline = now;
}

void HeatMapView::paintTool(QPainter& painter) const {
    const auto shape = brushShapeOf(m_tool);
    if (!m_cursor || !shape || m_spaceHeld || m_drag == Drag::Pan) return;
    painter.setBrush(Qt::NoBrush);
    const QPointF at = *m_cursor;
    const double radius = std::max(m_brush.size / 2, 0.5) * m_viewport.scale();
    if (*shape == BrushShape::Square) {
        drawTwice(painter, 1, kInk, [&] {
            painter.drawRect(QRectF(at - QPointF(radius, radius), at + QPointF(radius, radius)));
        });
    } else if (*shape == BrushShape::Round || *shape == BrushShape::Line) {
        drawTwice(painter, 1, kInk, [&] { painter.drawEllipse(at, radius, radius); });
        const double hard = radius * m_brush.hardness;
        painter.setPen(pen(QColor(255, 255, 255, 120), 1, Qt::DotLine));
        if (hard > 4 && radius - hard > 3) painter.drawEllipse(at, hard, hard);
    }
    if (!m_stroke || *shape == BrushShape::Round || *shape == BrushShape::Square) return;
    if (*shape == BrushShape::Rectangle)
        drawTwice(painter, 1, kInk, [&] { painter.drawRect(QRectF(m_pressed, at).normalized()); });
    else if (*shape != BrushShape::Fill)
        drawTwice(painter, 1, kInk, [&] { painter.drawLine(m_pressed, at); });
}

void HeatMapView::paintRulers(QPainter& painter) const {
    const QRectF area = m_viewport.area();
    const QColor ground = palette().color(QPalette::Window);
    painter.fillRect(QRectF(0, 0, width(), area.top()), ground);
    painter.fillRect(QRectF(0, 0, area.left(), height()), ground);
    QFont small = font();
    small.setPointSizeF(std::max(6.0, font().pointSizeF() * 0.85));
    painter.setFont(small);
    const QFontMetricsF metrics(small);
    const QColor ink = Theme::instance().color(ColorRole::PlotAxis);
    painter.setPen(ink);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.drawText(QRectF(0, 0, area.left() - 4, area.top()), Qt::AlignRight | Qt::AlignVCenter,
                     QStringLiteral("\u00b5m"));
    const double perUm = m_viewport.scale() / m_cellUm;
    const double step = roundStep(64 / perUm);
    const QPointF low = toUm(area.bottomLeft()), high = toUm(area.topRight());
    const auto label = [step](double um) { return QString::number(um, 'f', step < 1 ? 1 : 0); };
    painter.setClipRect(QRectF(area.left(), 0, area.width(), area.top()));
    for (double tick = std::floor(low.x() / step); tick * step <= high.x(); ++tick) {
        const double x = m_viewport.toWidget(QPointF(tick * step / m_cellUm, 0)).x();
        painter.drawLine(QPointF(x, area.top() - 5), QPointF(x, area.top()));
        const QString text = label(tick * step);
        if (x >= area.left() - 1 && x + 3 + metrics.horizontalAdvance(text) < area.right())
            painter.drawText(QPointF(x + 3, area.top() - 6), text);
    }
    painter.setClipRect(QRectF(0, area.top(), area.left(), area.height()));
    for (double tick = std::floor(low.y() / step); tick * step <= high.y(); ++tick) {
        const double y = m_viewport.toWidget(QPointF(0, tick * step / m_cellUm)).y();
        painter.drawLine(QPointF(area.left() - 5, y), QPointF(area.left(), y));
        const QRectF box(0, y - metrics.height() / 2, area.left() - 8, metrics.height());
        if (box.top() > area.top() && box.bottom() < height())
            painter.drawText(box, Qt::AlignRight | Qt::AlignVCenter, label(tick * step));
    }
    painter.setClipping(false);
    if (!m_cursor || !area.contains(*m_cursor)) return;
    painter.setPen(pen(palette().color(QPalette::Highlight), 2));
    painter.drawLine(QPointF(m_cursor->x(), area.top() - 8), QPointF(m_cursor->x(), area.top()));
    painter.drawLine(QPointF(area.left() - 8, m_cursor->y()), QPointF(area.left(), m_cursor->y()));
}

void HeatMapView::paintPicture(QPainter& painter, const QSizeF& size) {
    MapViewport viewport;
    viewport.setSheet(m_viewport.sheet());
    viewport.setArea(QRectF(QPointF(0, 0), size));
    viewport.fit();
    paintSheet(painter, viewport, false);
}

} // namespace headroom::widgets
