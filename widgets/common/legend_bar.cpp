#include "widgets/common/legend_bar.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace headroom::widgets {

LegendBar::LegendBar(QWidget* parent)
    : QWidget(parent) {
    // Minimum, not Fixed: that would hold it to one line whatever the width asks for.
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void LegendBar::setEntries(std::vector<LegendEntry> entries) {
    m_entries = std::move(entries);
    QStringList texts;
    for (const LegendEntry& entry : m_entries)
        texts << entry.text;
    setAccessibleName(tr("Legend: %1").arg(texts.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

int LegendBar::lineHeight() const {
    return fontMetrics().height() + 4;
}

int LegendBar::entryWidth(const LegendEntry& entry) const {
    return fontMetrics().height() * 5 / 2 + fontMetrics().horizontalAdvance(entry.text);
}

int LegendBar::place(int width, std::vector<QRect>& rects) const {
    int x = 0, y = 0;
    for (const LegendEntry& entry : m_entries) {
        const int needed = entryWidth(entry);
        if (x > 0 && x + needed > width) {
            x = 0;
            y += lineHeight();
        }
        rects.emplace_back(x, y, needed, lineHeight());
        x += needed;
    }
    return m_entries.empty() ? 0 : y + lineHeight();
}

int LegendBar::heightForWidth(int width) const {
    std::vector<QRect> rects;
    return place(width, rects);
}

QSize LegendBar::sizeHint() const {
    int width = 0;
    for (const LegendEntry& entry : m_entries)
        width += entryWidth(entry);
    return {width, lineHeight()};
}

QSize LegendBar::minimumSizeHint() const {
    int widest = 0;
    for (const LegendEntry& entry : m_entries)
        widest = std::max(widest, entryWidth(entry));
    return {widest, lineHeight()};
}

void LegendBar::paintGlyph(QPainter& painter, const LegendEntry& entry, const QRectF& box) const {
    const QColor color = Theme::instance().color(entry.color);
    painter.setPen(QPen(color, 1));
    switch (entry.glyph) {
    case LegendEntry::Glyph::Bar:
        painter.fillRect(box, color);
        break;
    case LegendEntry::Glyph::HatchedBar:
        painter.setBrush(QBrush(color, Qt::BDiagPattern));
        painter.drawRect(box);
        break;
    case LegendEntry::Glyph::DashedLine:
        painter.setPen(QPen(color, 2, Qt::DashLine));
        painter.drawLine(box.center() - QPointF(0, box.height() / 2),
                         box.center() + QPointF(0, box.height() / 2));
        break;
    case LegendEntry::Glyph::Diamond:
    case LegendEntry::Glyph::Star: {
        const int points = entry.glyph == LegendEntry::Glyph::Star ? 5 : 2;
        const double inner = entry.glyph == LegendEntry::Glyph::Star ? 0.45 : 0.7;
        QPolygonF shape;
        for (int corner = 0; corner < 2 * points; ++corner) {
            const double angle = std::numbers::pi * (static_cast<double>(corner) / points - 0.5);
            const double radius = box.height() * 0.55 * (corner % 2 == 0 ? 1 : inner);
            shape << box.center() + QPointF(radius * std::cos(angle), radius * std::sin(angle));
        }
        painter.setBrush(color);
        painter.drawPolygon(shape);
        break;
    }
    }
    painter.setBrush(Qt::NoBrush);
}

void LegendBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    std::vector<QRect> rects;
    place(width(), rects);
    const int side = fontMetrics().height() * 3 / 4;
    for (std::size_t index = 0; index < m_entries.size(); ++index) {
        const QRect& rect = rects[index];
        paintGlyph(painter, m_entries[index],
                   QRectF(rect.left() + 2, rect.center().y() - side / 2.0, side, side));
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(rect.adjusted(side + 8, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         m_entries[index].text);
    }
}

} // namespace headroom::widgets
