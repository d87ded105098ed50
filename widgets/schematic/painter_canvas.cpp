#include "widgets/schematic/painter_canvas.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>

#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

constexpr double kSmallestText = 4; // pixels
constexpr double kFontPixels = 64;  // text is drawn large and scaled, so that hinting does not move it

QPointF at(schematic::Point point) {
    return {point.x, point.y};
}

QColor colourOf(schematic::Colour colour) {
    return QColor::fromRgb(static_cast<QRgb>(colour | 0xff000000U));
}

schematic::Colour themed(ColorRole role) {
    return Theme::instance().color(role).rgb() & 0xffffffU;
}

} // namespace

PainterCanvas::PainterCanvas(QPainter& painter, double scale)
    : m_painter(painter)
    , m_scale(scale) {
    m_font.setPixelSize(static_cast<int>(kFontPixels));
    m_font.setHintingPreference(QFont::PreferNoHinting);
}

void PainterCanvas::shape(const netlist::Shape& shape, schematic::Colour colour, double width) {
    const QColor ink = colourOf(colour);
    m_painter.setPen(QPen(ink, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    bool filled = false;
    QPainterPath path;
    if (const auto* polyline = std::get_if<netlist::Polyline>(&shape)) {
        filled = polyline->filled;
        QPolygonF polygon;
        for (const auto& point : polyline->points)
            polygon << at(point);
        if (filled) polygon << polygon.front();
        path.addPolygon(polygon);
    } else if (const auto* rectangle = std::get_if<netlist::Rectangle>(&shape)) {
        filled = rectangle->filled;
        path.addRect(QRectF(at(rectangle->from), at(rectangle->to)).normalized());
    } else {
        const auto& arc = std::get<netlist::Arc>(shape);
        filled = arc.filled;
        const QRectF box(arc.centre.x - arc.radius, arc.centre.y - arc.radius, 2 * arc.radius,
                         2 * arc.radius);
        path.arcMoveTo(box, arc.startAngle);
        path.arcTo(box, arc.startAngle, arc.spanAngle);
    }
    m_painter.setBrush(filled ? QBrush(ink) : QBrush(Qt::NoBrush));
    m_painter.drawPath(path);
}

void PainterCanvas::line(schematic::Point from, schematic::Point to, schematic::Colour colour, double width) {
    m_painter.setPen(QPen(colourOf(colour), width, Qt::SolidLine, Qt::RoundCap));
    m_painter.drawLine(at(from), at(to));
}

void PainterCanvas::dot(schematic::Point centre, double radius, schematic::Colour colour) {
    m_painter.setPen(Qt::NoPen);
    m_painter.setBrush(colourOf(colour));
    m_painter.drawEllipse(at(centre), radius, radius);
}

void PainterCanvas::text(const schematic::Text& text, schematic::Colour colour, bool bold) {
    if (text.size * m_scale < kSmallestText || text.text.empty()) return;
    m_font.setBold(bold);
    const QString string = QString::fromStdString(text.text);
    const double width = QFontMetricsF(m_font).horizontalAdvance(string);
    // What a wider font than expected would let run over its neighbours is drawn narrower.
    const double room = schematic::textWidth(text.text, text.size) * 1.05;
    const double size = std::min(text.size / kFontPixels, width > 0 ? room / width : 1);
    double x = 0;
    if (text.anchor == schematic::Anchor::Middle) x = -width / 2;
    if (text.anchor == schematic::Anchor::End) x = -width;
    m_painter.save();
    m_painter.translate(at(text.at));
    m_painter.scale(size, size);
    m_painter.setFont(m_font);
    m_painter.setPen(colourOf(colour));
    m_painter.drawText(QPointF(x, 0), string);
    m_painter.restore();
}

schematic::Palette themePalette() {
    schematic::Palette palette;
    palette.background = themed(ColorRole::PlotBackground);
    palette.symbol = palette.name = themed(ColorRole::Chosen);
    palette.wire = themed(ColorRole::Met);
    palette.value = themed(ColorRole::Muted);
    palette.label = themed(ColorRole::SyntaxNumber);
    palette.port = themed(ColorRole::Note);
    palette.rail = themed(ColorRole::SyntaxKeyword);
    palette.note = palette.off = themed(ColorRole::LineNumber);
    palette.annotation = themed(ColorRole::SyntaxDevice);
    palette.saturation = themed(ColorRole::Met);
    palette.subthreshold = themed(ColorRole::NearlyMet);
    palette.triode = themed(ColorRole::Failed);
    palette.toleranceAlone = themed(ColorRole::Simulated);
    palette.toleranceTogether = themed(ColorRole::Predicted);
    return palette;
}

} // namespace headroom::widgets
