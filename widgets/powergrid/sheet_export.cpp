#include "widgets/powergrid/sheet_export.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <charconv>

namespace headroom::widgets {

QByteArray sheetPicture(ExportFormat format, const SheetPicture& picture) {
    constexpr double kMap = 560, kLegend = 96, kMargin = 12;
    const double largest = std::max({picture.sheet.width(), picture.sheet.height(), 1.0});
    const QSizeF map = QSizeF(std::max(picture.sheet.width(), 1.0), std::max(picture.sheet.height(), 1.0)) *
                       (kMap / largest);
    const double height = std::max(map.height(), 160.0);
    constexpr double kText = 22;
    const QSize size(static_cast<int>(std::max(map.width(), 240.0) + kLegend + 2 * kMargin),
                     static_cast<int>(height + 2 * kText + 2 * kMargin));
    return renderPicture(format, size, picture.heading, [&](QPainter& painter) {
        painter.setPen(Qt::black);
        painter.drawText(QPointF(kMargin, kMargin + 12), picture.heading);
        painter.save();
        painter.translate(kMargin, kMargin + kText);
        painter.setClipRect(QRectF(QPointF(0, 0), map));
        picture.paint(painter, map);
        painter.restore();
        if (picture.legend)
            paintLegend(painter, QRectF(size.width() - kLegend - kMargin, kMargin + kText, kLegend, height),
                        *picture.legend, Qt::black);
        painter.setPen(Qt::black);
        painter.drawText(QPointF(kMargin, size.height() - kMargin), picture.note);
    });
}

QByteArray mapCsv(const HeatMapData& map) {
    QByteArray text;
    if (!map.isPresent()) return text;
    text.reserve(static_cast<qsizetype>(map.values->size()) * 12);
    std::array<char, 32> digits{};
    for (int x = 0; x < map.width; ++x) {
        for (int y = 0; y < map.height; ++y) {
            const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), map.at(x, y)).ptr;
            text.append(digits.data(), end - digits.data());
            text.append(y + 1 < map.height ? ',' : '\n');
        }
    }
    return text;
}

} // namespace headroom::widgets
