#include "widgets/sizing/range_slider.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionFocusRect>

#include <algorithm>
#include <cmath>

#include "core/base/quantity.h"
#include "widgets/common/axis_scale.h"
#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"

namespace headroom::widgets {
namespace {

/// Drags and keys give values of four significant digits: nobody asks for more with a mouse.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

} // namespace

RangeSlider::RangeSlider(QWidget* parent)
    : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

bool RangeSlider::isKnown() const {
    return std::isfinite(m_low) && std::isfinite(m_high) && m_low < m_high;
}

bool RangeSlider::isInside() const {
    const double slack = 1e-6 * (m_high - m_low);
    return !isKnown() || std::isnan(m_value) || (m_value >= m_low - slack && m_value <= m_high + slack);
}

void RangeSlider::setRange(double low, double high, const QString& unit) {
    m_low = low;
    m_high = high;
    m_unit = unit;
    m_logarithmic = spansDecades(low, high);
    setEnabled(isKnown());
    const QByteArray name = unit.toUtf8();
    setToolTip(isKnown() ? tr("The data set covers %1 to %2. Drag, or use the arrow keys.")
                               .arg(quantityText(low, name.constData()), quantityText(high, name.constData()))
                         : tr("No data set tells what is possible."));
    update();
}

void RangeSlider::setLimits(double value, double minimum, double maximum) {
    if (!m_dragging) m_value = value;
    m_minimum = minimum;
    m_maximum = maximum;
    update();
}

double RangeSlider::toShare(double value) const {
    if (!isKnown()) return 0.5;
    if (!m_logarithmic) return (value - m_low) / (m_high - m_low);
    return value <= 0 ? 0 : std::log(value / m_low) / std::log(m_high / m_low);
}

double RangeSlider::fromShare(double share) const {
    const double inside = std::clamp(share, 0.0, 1.0);
    if (inside == 0) return m_low;
    if (inside == 1) return m_high;
    return rounded(m_logarithmic ? m_low * std::pow(m_high / m_low, inside)
                                 : m_low + (m_high - m_low) * inside);
}

int RangeSlider::labelWidth() const {
    return fontMetrics().horizontalAdvance(QStringLiteral("-888.8 MHz"));
}

QRect RangeSlider::bar() const {
    const int margin = fontMetrics().height() / 2;
    // Where it is narrow, the ends go into the tool tip only.
    const int side = width() >= 3 * labelWidth() ? labelWidth() + margin : margin;
    return rect().adjusted(side, 0, -side, 0);
}

int RangeSlider::pixelOf(double value) const {
    const QRect area = bar();
    return area.left() + static_cast<int>(std::lround(std::clamp(toShare(value), 0.0, 1.0) * area.width()));
}

double RangeSlider::shareAt(int pixel) const {
    const QRect area = bar();
    return static_cast<double>(pixel - area.left()) / std::max(1, area.width());
}

QSize RangeSlider::sizeHint() const {
    return {labelWidth() * 4, fontMetrics().height() * 3 / 2};
}

QSize RangeSlider::minimumSizeHint() const {
    return {labelWidth() * 3 / 2, fontMetrics().height() * 5 / 4};
}

void RangeSlider::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (!isKnown()) {
        painter.setPen(Theme::instance().color(ColorRole::Muted));
        painter.drawText(rect(), Qt::AlignCenter, tr("range unknown"));
        return;
    }
    const QRect area = bar();
    const QByteArray unit = m_unit.toUtf8();
    if (area.left() > labelWidth()) {
        painter.setPen(Theme::instance().color(ColorRole::Muted));
        const int gap = fontMetrics().height() / 2 + 2;
        painter.drawText(QRect(0, 0, area.left() - gap, height()), Qt::AlignRight | Qt::AlignVCenter,
                         quantityText(m_low, unit.constData(), 3));
        painter.drawText(QRect(area.right() + gap, 0, width() - area.right() - gap, height()),
                         Qt::AlignLeft | Qt::AlignVCenter, quantityText(m_high, unit.constData(), 3));
    }
    const int middle = height() / 2;
    const int at = std::isnan(m_value) ? 0 : pixelOf(m_value);
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Mid));
    painter.drawRoundedRect(QRectF(area.left(), middle - 2, area.width(), 4), 2, 2);
    const double radius = fontMetrics().height() * 0.36;
    const QColor ink = isEnabled() ? palette().color(QPalette::Highlight) : palette().color(QPalette::Mid);
    if (std::isnan(m_value)) return drawFocus(painter);
    const double from = std::isfinite(m_minimum) ? pixelOf(m_minimum) : area.left();
    const double to = std::isfinite(m_maximum) ? pixelOf(m_maximum) : area.right();
    painter.setBrush(ink);
    painter.drawRoundedRect(QRectF(from, middle - 2, std::max(0.0, to - from), 4), 2, 2);
    for (const double limit : {m_minimum, m_maximum}) {
        if (std::isfinite(limit)) painter.drawRect(QRectF(pixelOf(limit) - 1, middle - 6, 2, 12));
    }
    if (isInside()) {
        painter.setBrush(ink);
        painter.setPen(QPen(palette().color(QPalette::Base), 1.5));
        painter.drawEllipse(QPointF(at, middle), radius, radius);
    } else {
        const double way = toShare(m_value) < 0.5 ? -1 : 1;
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(Theme::instance().color(ColorRole::Warning), 2));
        painter.drawPolygon(QPolygonF{QPointF(at + way * radius * 1.4, middle),
                                      QPointF(at - way * radius * 0.4, middle - radius),
                                      QPointF(at - way * radius * 0.4, middle + radius)});
    }
    drawFocus(painter);
}

void RangeSlider::drawFocus(QPainter& painter) const {
    if (!hasFocus()) return;
    QStyleOptionFocusRect option;
    option.initFrom(this);
    option.rect = rect().adjusted(1, 1, -1, -1);
    style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_dragging = true;
    mouseMoveEvent(event);
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
    if (!m_dragging) return;
    m_value = fromShare(shareAt(event->position().toPoint().x()));
    update();
    emit moved(m_value);
}

void RangeSlider::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_dragging || event->button() != Qt::LeftButton) return;
    m_dragging = false;
    emit edited(m_value);
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
    double share = std::isnan(m_value) ? 0.5 : std::clamp(toShare(m_value), 0.0, 1.0);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Minus:
        share -= 0.01;
        break;
    case Qt::Key_Right:
    case Qt::Key_Plus:
        share += 0.01;
        break;
    case Qt::Key_PageDown:
        share -= 0.1;
        break;
    case Qt::Key_PageUp:
        share += 0.1;
        break;
    case Qt::Key_Home:
        share = 0;
        break;
    case Qt::Key_End:
        share = 1;
        break;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    m_value = fromShare(share);
    update();
    emit edited(m_value);
}

void RangeSlider::changeEvent(QEvent* event) {
    if (event->type() == QEvent::EnabledChange || event->type() == QEvent::PaletteChange) update();
    QWidget::changeEvent(event);
}

} // namespace headroom::widgets
