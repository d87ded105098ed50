#include "widgets/common/plot_view.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/common/plot_view_impl.h"

namespace headroom::widgets {
namespace {

QString valueText(double value, const PlotAxis& axis) {
    return quantityText(value, axis.unit.toUtf8().constData());
}

} // namespace

PlotView::PlotView(QWidget* parent)
    : QWidget(parent)
    , m_impl(std::make_unique<Impl>(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_impl->canvas);
    m_impl->canvas->setMinimumSize(0, 0);
    m_impl->canvas->installEventFilter(this);
    m_impl->canvas->setMouseTracking(true);
    m_impl->canvas->setFocusPolicy(Qt::NoFocus);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Plot"));
    connect(m_impl->canvas->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) {
                if (m_impl->adopting) return;
                m_impl->touched = m_impl->touched || !m_impl->ours;
                emit horizontalRangeChanged(range.lower, range.upper);
            });
    connect(m_impl->canvas->yAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this] { m_impl->touched = m_impl->touched || !m_impl->ours; });
    m_impl->build();
}

PlotView::~PlotView() {
    m_impl->canvas->removeEventFilter(this);
}

void PlotView::clear() {
    clearData();
    m_impl->fitted = false;
    m_impl->keyboardBin = -1;
}

void PlotView::clearData() {
    PlotContent& content = m_impl->content;
    content.bars.clear();
    content.brushed.clear();
    content.markers.clear();
    content.lines.clear();
    content.bands.clear();
    content.boxes.clear();
    content.points.clear();
}

void PlotView::setAxes(const PlotAxis& horizontal, const PlotAxis& vertical) {
    m_impl->content.horizontal = horizontal;
    m_impl->content.vertical = vertical;
}

void PlotView::setTitle(const QString& title) {
    m_impl->content.title = title;
    setAccessibleName(title);
}

void PlotView::setLegendVisible(bool visible) {
    m_impl->content.legend = visible;
}

void PlotView::addBars(const PlotBars& bars) {
    m_impl->content.bars.push_back(bars);
}

void PlotView::addMarker(const PlotMarker& marker) {
    m_impl->content.markers.push_back(marker);
}

void PlotView::addLine(const PlotLine& line) {
    m_impl->content.lines.push_back(line);
}

void PlotView::addBoxes(const std::vector<PlotBox>& boxes) {
    m_impl->content.boxes.insert(m_impl->content.boxes.end(), boxes.begin(), boxes.end());
}

void PlotView::addPoints(const PlotPoints& points) {
    m_impl->content.points.push_back(points);
}

void PlotView::addBand(const PlotBand& band) {
    m_impl->content.bands.push_back(band);
}

void PlotView::setBrushedHeights(const std::vector<double>& heights) {
    m_impl->content.brushed = heights;
}

void PlotView::setBrushing(bool on) {
    m_impl->brushing = on;
}

void PlotView::Impl::build() {
    const bool before = std::exchange(ours, true);
    canvas->build(content, cursors, Theme::instance().isDark());
    ours = before;
}

void PlotView::Impl::fit() {
    touched = false;
    ours = true;
    canvas->fit(content);
    ours = false;
    fitted = true;
}

void PlotView::resetView() {
    m_impl->fit();
    const QCPRange range = m_impl->canvas->xAxis->range();
    emit horizontalRangeChanged(range.lower, range.upper);
    m_impl->canvas->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::refresh() {
    m_impl->build();
    if (!m_impl->fitted || !m_impl->touched) m_impl->fit();
    m_impl->canvas->replot(QCustomPlot::rpQueuedReplot);
}

int PlotView::binCount() const {
    return m_impl->content.bars.empty() ? 0 : static_cast<int>(m_impl->content.bars.front().heights.size());
}

QString PlotView::horizontalLabel() const {
    m_impl->canvas->replot();
    return m_impl->canvas->xAxis->label();
}

QStringList PlotView::horizontalTickLabels() const {
    m_impl->canvas->replot();
    const QVector<QString> labels = m_impl->canvas->xAxis->tickVectorLabels();
    return {labels.begin(), labels.end()};
}

QString PlotView::verticalLabel() const {
    m_impl->canvas->replot();
    return m_impl->canvas->yAxis->label();
}

QStringList PlotView::verticalTickLabels() const {
    m_impl->canvas->replot();
    const QVector<QString> labels = m_impl->canvas->yAxis->tickVectorLabels();
    return {labels.begin(), labels.end()};
}

QSize PlotView::sizeHint() const {
    const QFontMetrics metrics(font());
    return {metrics.averageCharWidth() * 40, metrics.height() * 12};
}

QSize PlotView::minimumSizeHint() const {
    const QFontMetrics metrics(font());
    return {metrics.averageCharWidth() * 24, metrics.height() * 7};
}

int PlotView::Impl::binAt(double pixel) const {
    if (content.bars.empty()) return -1;
    const std::vector<double>& edges = content.bars.front().edges;
    const double x = canvas->xAxis->pixelToCoord(pixel);
    if (edges.size() < 2 || x < edges.front() || x > edges.back()) return -1;
    const auto above = std::upper_bound(edges.begin(), edges.end(), x);
    return std::min(static_cast<int>(above - edges.begin()) - 1, static_cast<int>(edges.size()) - 2);
}

int PlotView::binAt(const QPoint& position) const {
    const QPoint at = m_impl->canvas->mapFrom(this, position);
    return m_impl->canvas->axisRect()->rect().contains(at) ? m_impl->binAt(at.x()) : -1;
}

QPoint PlotView::binCentre(int bin) const {
    const std::vector<double>& edges = m_impl->content.bars.front().edges;
    const auto index = static_cast<std::size_t>(bin);
    m_impl->canvas->replot();
    const double x = m_impl->canvas->xAxis->coordToPixel(m_impl->content.middleOfBin(edges, index));
    return m_impl->canvas->mapTo(this, QPoint(static_cast<int>(x), m_impl->canvas->axisRect()->center().y()));
}

QString PlotView::Impl::toolTipAt(const QPointF& at) const {
    for (const PlotMarker& marker : content.markers) {
        const double y = marker.y ? canvas->yAxis->coordToPixel(*marker.y) : canvas->axisRect()->bottom();
        const QPointF place(canvas->xAxis->coordToPixel(marker.x), y);
        if (QLineF(place, at).length() < maximumDistance()) {
            const QString text =
                QStringLiteral("%1: %2").arg(marker.name, valueText(marker.x, content.horizontal));
            return marker.y ? QStringLiteral("%1, %2").arg(text, valueText(*marker.y, content.vertical))
                            : text;
        }
    }
    for (const PlotLine& line : content.lines) {
        const bool vertical = line.orientation == Qt::Vertical;
        const double place = (vertical ? canvas->xAxis : canvas->yAxis)->coordToPixel(line.position);
        if (std::abs((vertical ? at.x() : at.y()) - place) < 4) {
            return QStringLiteral("%1: %2").arg(
                line.name, valueText(line.position, vertical ? content.horizontal : content.vertical));
        }
    }
    for (const PlotPoints& curve : content.points) {
        if (!curve.symbols) continue;
        for (std::size_t i = 0; i < curve.x.size() && i < curve.y.size(); ++i) {
            const QPointF place = canvas->toPixels(curve.x[i], curve.y[i]);
            if (QLineF(place, at).length() >= maximumDistance()) continue;
            return QStringLiteral("%1\n%2").arg(valueText(curve.x[i], content.horizontal),
                                                valueText(curve.y[i], content.vertical));
        }
    }
    const int bin = binAt(at.x());
    if (bin >= 0) {
        const auto index = static_cast<std::size_t>(bin);
        const std::vector<double>& edges = content.bars.front().edges;
        QString text = tr("%1 to %2")
                           .arg(valueText(edges[index], content.horizontal),
                                valueText(edges[index + 1], content.horizontal));
        for (const PlotBars& series : content.bars) {
            if (index < series.heights.size()) {
                text += QStringLiteral("\n%1: %2").arg(series.name).arg(series.heights[index]);
            }
        }
        if (index < content.brushed.size()) text += tr("\nbrushed: %1").arg(content.brushed[index]);
        return text;
    }
    if (!content.boxes.empty()) {
        const double x = canvas->xAxis->pixelToCoord(at.x());
        for (const PlotBox& box : content.boxes) {
            if (std::abs(x - content.placeOf(box)) > content.boxSlot() / 2) continue;
            return tr("%1, %2\nmedian %3\nquartiles %4 to %5\nwhiskers %6 to %7")
                .arg(box.category, box.series, valueText(box.median, content.vertical),
                     valueText(box.lower, content.vertical), valueText(box.upper, content.vertical),
                     valueText(box.lowWhisker, content.vertical),
                     valueText(box.highWhisker, content.vertical));
        }
    }
    return {};
}

bool PlotView::showToolTip(QHelpEvent* event) {
    const QString text = m_impl->toolTipAt(event->pos());
    if (text.isEmpty()) return false;
    QToolTip::showText(event->globalPos(), text, m_impl->canvas);
    return true;
}

bool PlotView::handleMouse(QEvent* event) {
    auto* mouse = static_cast<QMouseEvent*>(event);
    const bool left = mouse->button() == Qt::LeftButton || (mouse->buttons() & Qt::LeftButton);
    const QPoint at = mouse->position().toPoint();
    if (handleCursorMouse(event)) return true;
    QCPAxis* axis = m_impl->canvas->xAxis;
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (!left) return false;
        setFocus(Qt::MouseFocusReason);
        m_impl->pressedAt = at;
        m_impl->dragged = false;
        return m_impl->brushing;
    case QEvent::MouseMove:
        if (!m_impl->pressedAt) return false;
        if ((at - *m_impl->pressedAt).manhattanLength() >= QApplication::startDragDistance())
            m_impl->dragged = true;
        if (m_impl->brushing && m_impl->dragged) {
            m_impl->canvas->showRubberBand(axis->pixelToCoord(m_impl->pressedAt->x()),
                                           axis->pixelToCoord(at.x()));
        }
        return m_impl->brushing;
    case QEvent::MouseButtonRelease: {
        if (!left || !m_impl->pressedAt) return false;
        const auto [from, to] = std::minmax({m_impl->pressedAt->x(), at.x()}); // by value
        m_impl->pressedAt.reset();
        m_impl->canvas->hideRubberBand();
        if (!m_impl->dragged) clickPoint(at);
        if (!m_impl->brushing) return false;
        const std::vector<double>* edges =
            m_impl->content.bars.empty() ? nullptr : &m_impl->content.bars.front().edges;
        if (edges == nullptr || edges->size() < 2) return true;
        int first = m_impl->binAt(from);
        int last = m_impl->binAt(to);
        if (m_impl->dragged) {
            const int bins = static_cast<int>(edges->size()) - 1;
            if (first < 0 && axis->pixelToCoord(from) < edges->front()) first = 0;
            if (last < 0 && axis->pixelToCoord(to) > edges->back()) last = bins - 1;
        }
        if (first < 0 || last < 0) first = last = -1;
        m_impl->keyboardBin = first;
        emit binsBrushed(first, last, mouse->modifiers());
        return true;
    }
    case QEvent::MouseButtonDblClick:
        resetView();
        return true;
    default:
        return false;
    }
}

bool PlotView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_impl->canvas) return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
        return handleMouse(event);
    case QEvent::ToolTip:
        return showToolTip(static_cast<QHelpEvent*>(event));
    case QEvent::Wheel: {
        // Without Ctrl the wheel belongs to the scroll area around the plot.
        if (static_cast<QWheelEvent*>(event)->modifiers() & Qt::ControlModifier) return false;
        event->ignore();
        return true;
    }
    default:
        return QWidget::eventFilter(watched, event);
    }
}

void PlotView::keyPressEvent(QKeyEvent* event) {
    if (moveCursorByKey(event)) return;
    const int bins = binCount();
    const auto walk = [&](int bin) {
        m_impl->keyboardBin = std::clamp(bin, 0, bins - 1);
        emit binsBrushed(m_impl->keyboardBin, m_impl->keyboardBin, event->modifiers() & ~Qt::KeypadModifier);
    };
    switch (event->key()) {
    case Qt::Key_Home:
        resetView();
        return;
    case Qt::Key_Plus:
        m_impl->canvas->xAxis->scaleRange(0.8);
        break;
    case Qt::Key_Minus:
        m_impl->canvas->xAxis->scaleRange(1.25);
        break;
    case Qt::Key_Left:
        if (m_impl->brushing && bins > 0)
            return walk(m_impl->keyboardBin < 0 ? bins - 1 : m_impl->keyboardBin - 1);
        m_impl->canvas->xAxis->moveRange(-m_impl->canvas->xAxis->range().size() / 10);
        break;
    case Qt::Key_Right:
        if (m_impl->brushing && bins > 0) return walk(m_impl->keyboardBin + 1);
        m_impl->canvas->xAxis->moveRange(m_impl->canvas->xAxis->range().size() / 10);
        break;
    case Qt::Key_Escape:
        if (!m_impl->brushing) return QWidget::keyPressEvent(event);
        m_impl->keyboardBin = -1;
        emit binsBrushed(-1, -1, Qt::NoModifier);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_impl->canvas->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_impl->build();
        m_impl->canvas->replot(QCustomPlot::rpQueuedReplot);
    }
    QWidget::changeEvent(event);
}

} // namespace headroom::widgets
