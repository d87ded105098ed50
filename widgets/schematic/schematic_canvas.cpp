#include "widgets/schematic/schematic_canvas.h"

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include "core/schematic/symbol_shape.h"
#include "widgets/common/function_style.h"
#include "widgets/common/theme.h"
#include "widgets/schematic/painter_canvas.h"

namespace headroom::widgets {
namespace {

constexpr double kSmallestScale = 0.5, kLargestScale = 80;
constexpr double kFirstScale = 16; // more than this needs no small drawing
constexpr double kMargin = 1.5;    // around the fitted drawing, in grid units
constexpr double kReach = 0.6;     // of a click beside a symbol, in grid units

bool meets(const schematic::Box& box, const QRectF& visible) {
    return box.from.x <= visible.right() && box.to.x >= visible.left() && box.from.y <= visible.bottom() &&
           box.to.y >= visible.top();
}

} // namespace

SchematicCanvas::SchematicCanvas(QWidget* parent)
    : QWidget(parent) {
    setObjectName(QStringLiteral("schematicCanvas"));
    setAccessibleName(tr("Schematic"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(120, 80);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SchematicCanvas::setData(std::shared_ptr<const schematic::Drawing> drawing,
                              std::shared_ptr<const netlist::Circuit> circuit,
                              std::shared_ptr<const structure::Structure> structure) {
    const bool another = m_circuit == nullptr || circuit == nullptr || m_circuit->name != circuit->name ||
                         m_circuit->devices.size() != circuit->devices.size();
    m_drawing = std::move(drawing);
    m_circuit = std::move(circuit);
    m_structure = std::move(structure);
    m_drag = Drag::None;
    m_dragged = -1;
    if (another) m_selection.clear();
    m_placedAnnotation = m_drawing ? schematic::placeAnnotation(*m_drawing, m_annotation)
                                   : std::vector<schematic::PlacedAnnotation>{};
    if (another || m_fitted) fit();
    update();
}

void SchematicCanvas::setAnnotation(const schematic::Annotation& annotation) {
    m_annotation = annotation;
    m_placedAnnotation = m_drawing ? schematic::placeAnnotation(*m_drawing, m_annotation)
                                   : std::vector<schematic::PlacedAnnotation>{};
    update();
}

void SchematicCanvas::setShading(bool shading) {
    m_shading = shading;
    update();
}

void SchematicCanvas::select(const std::set<netlist::DeviceId>& devices) {
    m_selection = devices;
    update();
}

void SchematicCanvas::reveal(netlist::DeviceId device) {
    if (m_fitted) return; // all of it is in sight, or will be once the widget has its size
    const auto place = placeOf(device);
    if (!place || rect().adjusted(20, 20, -20, -20).contains(place->toPoint())) return;
    m_offset += QRectF(rect()).center() - *place;
    m_fitted = false;
    update();
}

void SchematicCanvas::fit() {
    m_fitted = true;
    if (!m_drawing || width() < 2 || height() < 2) return;
    const schematic::Box bounds = m_drawing->bounds().grown(kMargin);
    m_scale = std::min({width() / bounds.width(), height() / bounds.height(), kFirstScale});
    m_scale = std::clamp(m_scale, kSmallestScale / 10, kLargestScale);
    const auto centre = bounds.centre();
    m_offset = QPointF(width() / 2.0 - centre.x * m_scale, height() / 2.0 - centre.y * m_scale);
    update();
}

void SchematicCanvas::zoom(double factor, QPointF around) {
    const double before = m_scale;
    m_scale = std::clamp(m_scale * factor, kSmallestScale, kLargestScale);
    m_offset = around - (around - m_offset) * (m_scale / before);
    m_fitted = false;
    update();
}

QPointF SchematicCanvas::toWidget(schematic::Point point) const {
    return {point.x * m_scale + m_offset.x(), point.y * m_scale + m_offset.y()};
}

schematic::Point SchematicCanvas::toSheet(QPointF place) const {
    return {(place.x() - m_offset.x()) / m_scale, (place.y() - m_offset.y()) / m_scale};
}

QRectF SchematicCanvas::onWidget(const schematic::Box& box) const {
    return {toWidget(box.from), toWidget(box.to)};
}

std::optional<QPointF> SchematicCanvas::placeOf(netlist::DeviceId device) const {
    const auto* symbol = m_drawing ? m_drawing->symbolOf(device) : nullptr;
    if (symbol == nullptr) return std::nullopt;
    return toWidget(symbol->box.centre());
}

const schematic::Symbol* SchematicCanvas::symbolAt(QPointF place) const {
    if (!m_drawing) return nullptr;
    const schematic::Point point = toSheet(place);
    const schematic::Symbol* found = nullptr;
    for (const schematic::Symbol& symbol : m_drawing->symbols) {
        if (symbol.box.contains(point)) return &symbol;
        const bool near =
            symbol.box.grown(kReach).contains(point) ||
            std::any_of(symbol.texts.begin(), symbol.texts.end(),
                        [&](const schematic::Text& text) { return text.box().contains(point); });
        if (near && found == nullptr) found = &symbol;
    }
    return found;
}

netlist::DeviceId SchematicCanvas::deviceAt(QPointF place) const {
    const auto* symbol = symbolAt(place);
    return symbol != nullptr ? symbol->device : -1;
}

// Function by colour, hatch and letters, so that it shows without colours as well.
void SchematicCanvas::shade(QPainter& painter, const schematic::Symbol& symbol) const {
    if (symbol.device < 0 || !m_structure ||
        static_cast<std::size_t>(symbol.device) >= m_structure->roles.size())
        return;
    const auto function = m_structure->roles[static_cast<std::size_t>(symbol.device)].function;
    QColor fill = functionColor(function);
    const schematic::Box box = symbol.box.grown(0.45);
    const QRectF area(QPointF(box.from.x, box.from.y), QPointF(box.to.x, box.to.y));
    painter.setPen(Qt::NoPen);
    fill.setAlpha(Theme::instance().isDark() ? 70 : 60);
    painter.setBrush(fill);
    painter.drawRoundedRect(area, 0.6, 0.6);
    QBrush hatch = functionBrush(function);
    if (hatch.style() == Qt::SolidPattern) return;
    fill.setAlpha(110);
    hatch.setColor(fill);
    hatch.setTransform(painter.worldTransform().inverted());
    painter.setBrush(hatch);
    painter.drawRoundedRect(area, 0.6, 0.6);
}

void SchematicCanvas::paintDrawing(QPainter& painter, const QRectF& visible, double scale) const {
    const schematic::Palette palette = themePalette();
    PainterCanvas canvas(painter, scale);
    if (m_shading)
        for (const schematic::Symbol& symbol : m_drawing->symbols)
            if (meets(symbol.box, visible)) shade(painter, symbol);
    const QColor highlight = QApplication::palette().color(QPalette::Highlight);
    for (const schematic::Symbol& symbol : m_drawing->symbols) {
        if (symbol.device < 0 || !m_selection.contains(symbol.device) || !meets(symbol.box, visible))
            continue;
        const schematic::Box box = symbol.box.grown(0.6);
        painter.setPen(QPen(highlight, 0.25));
        painter.setBrush(QColor(highlight.red(), highlight.green(), highlight.blue(), 50));
        painter.drawRoundedRect(QRectF(QPointF(box.from.x, box.from.y), QPointF(box.to.x, box.to.y)), 0.6,
                                0.6);
    }
    for (const schematic::Wire& wire : m_drawing->wires)
        if (meets({{std::min(wire.from.x, wire.to.x), std::min(wire.from.y, wire.to.y)},
                   {std::max(wire.from.x, wire.to.x), std::max(wire.from.y, wire.to.y)}},
                  visible))
            canvas.line(wire.from, wire.to, palette.wire, palette.wireWidth);
    for (const schematic::Junction& junction : m_drawing->junctions)
        if (meets({junction.at, junction.at}, visible))
            canvas.dot(junction.at, palette.dotRadius, palette.wire);
    for (const schematic::Symbol& symbol : m_drawing->symbols)
        if (meets(symbol.box.grown(12), visible)) schematic::paintSymbol(symbol, palette, canvas);
    for (const schematic::RailSymbol& rail : m_drawing->rails)
        if (meets(rail.box().united(rail.text.box()), visible)) schematic::paintRail(rail, palette, canvas);
    for (const schematic::NetLabel& label : m_drawing->labels)
        if (meets(label.text.box(), visible)) canvas.text(label.text, palette.label, false);
    for (const schematic::PortFlag& port : m_drawing->ports)
        if (meets(port.box(), visible)) schematic::paintPort(port, palette, canvas);
    for (const schematic::Note& note : m_drawing->notes)
        if (meets(note.text.box(), visible)) canvas.text(note.text, palette.note, false);
    schematic::paint(m_placedAnnotation, palette, canvas);
}

void SchematicCanvas::paintDragged(QPainter& painter) const {
    const auto* symbol = m_drawing->symbolOf(m_dragged);
    if (symbol == nullptr) return;
    schematic::Symbol ghost = *symbol;
    schematic::move(ghost, m_dragBy.x, m_dragBy.y);
    schematic::Palette palette = themePalette();
    palette.symbol = palette.name = palette.value =
        QApplication::palette().color(QPalette::Highlight).rgb() & 0xffffffU;
    PainterCanvas canvas(painter, m_scale);
    schematic::paintSymbol(ghost, palette, canvas);
}

void SchematicCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Theme::instance().color(ColorRole::PlotBackground));
    if (!m_drawing) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(m_offset);
    painter.scale(m_scale, m_scale);
    const auto from = toSheet(QPointF(0, 0)), to = toSheet(QPointF(width(), height()));
    paintDrawing(painter, QRectF(QPointF(from.x, from.y), QPointF(to.x, to.y)), m_scale);
    if (m_drag == Drag::Device && m_dragBy != schematic::Point{}) paintDragged(painter);
    painter.resetTransform();
    if (hasBars()) paintLegend(painter, size());
}

bool SchematicCanvas::hasBars() const {
    return std::any_of(m_placedAnnotation.begin(), m_placedAnnotation.end(),
                       [](const schematic::PlacedAnnotation& placed) { return placed.bar.has_value(); });
}

void SchematicCanvas::paintLegend(QPainter& painter, const QSizeF& size) const {
    const QFontMetricsF metrics(font());
    const QString lines[] = {tr("alone: its ends were simulated"), tr("with the others: 95 % of the samples"),
                             tr("scale: from 1/%1 to %1 of what it is").arg(schematic::toleranceReach)};
    double width = 0;
    for (const QString& line : lines)
        width = std::max(width, metrics.horizontalAdvance(line));
    const double row = metrics.height(), bar = 3 * row, margin = row / 3;
    const QRectF frame(margin, size.height() - 3 * row - 3 * margin, width + bar + 3 * margin,
                       3 * row + 2 * margin);
    QColor ground = Theme::instance().color(ColorRole::PlotBackground);
    ground.setAlpha(230);
    painter.setPen(Theme::instance().color(ColorRole::PlotGrid));
    painter.setBrush(ground);
    painter.drawRect(frame);
    painter.setFont(font());
    for (int i = 0; i < 3; ++i) {
        const double middle = frame.top() + margin + row * (i + 0.5);
        const double left = frame.left() + margin;
        painter.setPen(Theme::instance().color(ColorRole::PlotAxis));
        painter.drawText(QPointF(left + bar + margin, middle + metrics.ascent() / 2 - metrics.descent() / 2),
                         lines[i]);
        const ColorRole roles[] = {ColorRole::Simulated, ColorRole::Predicted, ColorRole::LineNumber};
        painter.setPen(
            QPen(Theme::instance().color(roles[i]), i == 0 ? row / 3 : 1.5, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(left, middle), QPointF(left + bar, middle));
    }
}

QImage SchematicCanvas::picture(double pixelsPerUnit) const {
    if (!m_drawing) return {};
    const schematic::Box bounds = m_drawing->bounds().grown(kMargin);
    constexpr double largest = 12000; // pixels
    const double scale = std::min({pixelsPerUnit, largest / bounds.width(), largest / bounds.height()});
    QImage image(static_cast<int>(std::ceil(bounds.width() * scale)),
                 static_cast<int>(std::ceil(bounds.height() * scale)), QImage::Format_RGB32);
    image.fill(Theme::instance().color(ColorRole::PlotBackground));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(scale, scale);
    painter.translate(-bounds.from.x, -bounds.from.y);
    paintDrawing(painter, QRectF(QPointF(bounds.from.x, bounds.from.y), QPointF(bounds.to.x, bounds.to.y)),
                 scale);
    painter.resetTransform();
    if (hasBars()) paintLegend(painter, image.size());
    return image;
}

void SchematicCanvas::mousePressEvent(QMouseEvent* event) {
    m_pressed = m_last = event->position();
    m_dragBy = {};
    if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
        setCursor(Qt::ClosedHandCursor);
        return;
    }
    if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton) return;
    const netlist::DeviceId device = deviceAt(event->position());
    const bool add =
        event->modifiers().testFlag(Qt::ControlModifier) || event->modifiers().testFlag(Qt::ShiftModifier);
    auto selection = m_selection;
    if (device < 0) {
        if (!add && event->button() == Qt::LeftButton) selection.clear();
        if (event->button() == Qt::LeftButton) m_drag = Drag::Pan;
    } else {
        if (!add && !selection.contains(device)) selection.clear();
        if (add && selection.contains(device))
            selection.erase(device);
        else
            selection.insert(device);
        if (event->button() == Qt::LeftButton) {
            m_drag = Drag::Device;
            m_dragged = device;
        }
    }
    if (selection != m_selection) {
        m_selection = std::move(selection);
        update();
        emit selectionChanged();
    }
}

void SchematicCanvas::mouseMoveEvent(QMouseEvent* event) {
    if (m_drag == Drag::None) {
        setCursor(deviceAt(event->position()) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        return;
    }
    const bool begun = (event->position() - m_pressed).manhattanLength() >= QApplication::startDragDistance();
    if (m_drag == Drag::Pan) {
        if (begun) {
            m_offset += event->position() - m_last;
            m_fitted = false;
            setCursor(Qt::ClosedHandCursor);
            update();
        }
        if (begun || m_last != m_pressed) m_last = event->position();
        return;
    }
    const QPointF by = (event->position() - m_pressed) / m_scale;
    m_dragBy = begun ? schematic::Point{std::round(by.x()), std::round(by.y())} : schematic::Point{};
    update();
}

void SchematicCanvas::mouseReleaseEvent(QMouseEvent*) {
    const Drag drag = std::exchange(m_drag, Drag::None);
    setCursor(Qt::ArrowCursor);
    if (drag != Drag::Device || !m_drawing) return;
    const auto* symbol = m_drawing->symbolOf(m_dragged);
    if (symbol == nullptr || m_dragBy == schematic::Point{}) return;
    emit deviceMoved(m_dragged, QPointF(symbol->at.x + m_dragBy.x, symbol->at.y + m_dragBy.y));
    m_dragBy = {};
    update();
}

void SchematicCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
    if (deviceAt(event->position()) < 0) fit();
}

void SchematicCanvas::wheelEvent(QWheelEvent* event) {
    const double steps = event->angleDelta().y() / 120.0;
    if (steps != 0) zoom(std::pow(1.2, steps), event->position());
    event->accept();
}

void SchematicCanvas::resizeEvent(QResizeEvent*) {
    if (m_fitted) fit();
}

void SchematicCanvas::keyPressEvent(QKeyEvent* event) {
    const QPointF centre = QRectF(rect()).center();
    constexpr double pan = 40;
    switch (event->key()) {
    case Qt::Key_F:
        fit();
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoom(1.2, centre);
        return;
    case Qt::Key_Minus:
        zoom(1 / 1.2, centre);
        return;
    case Qt::Key_Escape:
        m_drag = Drag::None;
        m_dragBy = {};
        if (!m_selection.empty()) {
            m_selection.clear();
            emit selectionChanged();
        }
        update();
        return;
    case Qt::Key_Left:
        m_offset += QPointF(pan, 0);
        break;
    case Qt::Key_Right:
        m_offset -= QPointF(pan, 0);
        break;
    case Qt::Key_Up:
        m_offset += QPointF(0, pan);
        break;
    case Qt::Key_Down:
        m_offset -= QPointF(0, pan);
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_fitted = false;
    update();
}

bool SchematicCanvas::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const netlist::DeviceId device = deviceAt(help->pos());
    if (device < 0)
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), describe(device), this);
    return true;
}

QString SchematicCanvas::describe(netlist::DeviceId id) const {
    if (!m_circuit || static_cast<std::size_t>(id) >= m_circuit->devices.size()) return {};
    const netlist::Device& device = m_circuit->devices[static_cast<std::size_t>(id)];
    QStringList lines;
    lines << QStringLiteral("<b>%1</b> %2")
                 .arg(QString::fromStdString(device.name).toHtmlEscaped(),
                      QString::fromStdString(device.model).toHtmlEscaped());
    const std::string size = schematic::sizeText(device);
    if (!size.empty()) lines << QString::fromStdString(size).toHtmlEscaped();
    if (m_structure && static_cast<std::size_t>(id) < m_structure->roles.size()) {
        const structure::DeviceRole& role = m_structure->roles[static_cast<std::size_t>(id)];
        const QString stage = stageTitle(role.stage);
        lines << (stage.isEmpty() ? functionTitle(role.function)
                                  : tr("%1, %2").arg(functionTitle(role.function), stage));
    }
    QStringList nets;
    for (std::size_t i = 0; i < device.nets.size(); ++i) {
        const auto net = static_cast<std::size_t>(device.nets[i]);
        if (net >= m_circuit->nets.size()) continue;
        const auto terminal = netlist::terminalName(device.type, i);
        nets << QStringLiteral("%1: %2").arg(
            QString::fromUtf8(terminal.data(), static_cast<qsizetype>(terminal.size())),
            QString::fromStdString(m_circuit->nets[net]).toHtmlEscaped());
    }
    lines << nets.join(QStringLiteral(", "));
    if (const auto values = m_annotation.devices.find(id); values != m_annotation.devices.end())
        for (const std::string& line : values->second.lines)
            lines << QString::fromStdString(line).toHtmlEscaped();
    if (const auto values = m_annotation.devices.find(id); values != m_annotation.devices.end())
        for (const schematic::ToleranceBar& bar : values->second.bars)
            lines << QString::fromStdString(bar.text).toHtmlEscaped();
    return lines.join(QStringLiteral("<br>"));
}

} // namespace headroom::widgets
