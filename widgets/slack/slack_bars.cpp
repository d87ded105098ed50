#include "widgets/slack/slack_bars.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

#include "widgets/common/quantity_text.h"
#include "widgets/common/theme.h"
#include "widgets/slack/slack_model.h"

namespace headroom::widgets {
namespace {

constexpr double kLeastReach = 1.25, kMostReach = 16;
constexpr int kChartRow = 22, kChartName = 130, kChartBar = 320, kChartText = 230, kChartMargin = 10;

} // namespace

double barReach(const SlackData& data) {
    double reach = kLeastReach;
    for (const SlackRow& row : data.rows)
        for (const double end : {row.low, row.high, row.togetherLow, row.togetherHigh})
            if (end > 0 && row.value > 0) reach = std::max({reach, end / row.value, row.value / end});
    return std::min(reach, kMostReach);
}

void paintSlackBar(QPainter& painter, const QRectF& area, const SlackRow& row, double reach, bool dark,
                   std::optional<double> moved) {
    if (!(row.value > 0)) return;
    const auto at = [&](double value) {
        const double share = value > 0 ? 0.5 + 0.5 * std::log(value / row.value) / std::log(reach) : 0;
        return area.left() + area.width() * std::clamp(share, 0.0, 1.0);
    };
    const double middle = area.center().y(), half = area.height() / 2;
    const auto stroke = [&](double from, double to, ColorRole role, double width) {
        painter.setPen(QPen(Theme::color(role, dark), width, Qt::SolidLine, Qt::FlatCap));
        painter.drawLine(QPointF(from, middle), QPointF(to, middle));
    };
    const auto tick = [&](double x, ColorRole role, double height, double width) {
        painter.setPen(QPen(Theme::color(role, dark), width));
        painter.drawLine(QPointF(x, middle - height), QPointF(x, middle + height));
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    stroke(area.left(), area.right(), ColorRole::PlotGrid, 1);
    stroke(at(row.low), at(row.high), ColorRole::Simulated, 0.8 * half);
    stroke(at(row.togetherLow), at(row.togetherHigh), ColorRole::Predicted, 1.6);
    tick(at(row.togetherLow), ColorRole::Predicted, 0.6 * half, 1.6);
    tick(at(row.togetherHigh), ColorRole::Predicted, 0.6 * half, 1.6);
    tick(at(row.value), ColorRole::PlotAxis, 0.8 * half, 1.2);
    if (moved) {
        const double x = at(*moved), size = 0.45 * half;
        painter.setPen(QPen(Theme::color(ColorRole::PlotBackground, dark), 1));
        painter.setBrush(Theme::color(ColorRole::Chosen, dark));
        painter.drawPolygon(QPolygonF{{QPointF(x, middle - size), QPointF(x + size, middle),
                                       QPointF(x, middle + size), QPointF(x - size, middle)}});
    }
    painter.restore();
}

QSize slackChartSize(const SlackData& data) {
    return {kChartName + kChartBar + kChartText + 2 * kChartMargin,
            static_cast<int>(data.rows.size() + 2) * kChartRow + 2 * kChartMargin};
}

void paintSlackChart(QPainter& painter, const SlackData& data) {
    const double reach = barReach(data);
    QFont font = painter.font();
    font.setPixelSize(12);
    painter.setFont(font);
    const auto text = [&](QRectF area, const QString& string, Qt::Alignment alignment) {
        painter.setPen(Theme::color(ColorRole::PlotAxis, false));
        painter.drawText(area, static_cast<int>(alignment | Qt::AlignVCenter), string);
    };
    double top = kChartMargin;
    text(QRectF(kChartMargin, top, kChartName + kChartBar + kChartText, kChartRow),
         SlackModel::tr("Slack of %1, holding %2").arg(data.origin, data.held), Qt::AlignLeft);
    for (const SlackRow& row : data.rows) {
        top += kChartRow;
        text(QRectF(kChartMargin, top, kChartName - 8, kChartRow), row.name, Qt::AlignRight);
        paintSlackBar(painter, QRectF(kChartMargin + kChartName, top + 2, kChartBar, kChartRow - 4), row,
                      reach, false);
        const QByteArray unit = row.unit.toUtf8();
        text(QRectF(kChartMargin + kChartName + kChartBar + 8, top, kChartText - 8, kChartRow),
             SlackModel::tr("%1: %2 to %3")
                 .arg(quantityText(row.value, unit.constData(), 3),
                      quantityText(row.low, unit.constData(), 3),
                      quantityText(row.high, unit.constData(), 3)),
             Qt::AlignLeft);
    }
    top += kChartRow;
    const QString factor = QString::number(reach, 'g', 3);
    text(QRectF(kChartMargin + kChartName, top, kChartBar, kChartRow), QStringLiteral("1/%1").arg(factor),
         Qt::AlignLeft);
    text(QRectF(kChartMargin + kChartName, top, kChartBar, kChartRow), QStringLiteral("1"), Qt::AlignHCenter);
    text(QRectF(kChartMargin + kChartName, top, kChartBar, kChartRow), QStringLiteral("\u00d7%1").arg(factor),
         Qt::AlignRight);
}

void SlackBarDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const {
    QStyledItemDelegate::paint(painter, option, index);
    const auto* row = index.data(SlackModel::RowRole).value<const SlackRow*>();
    if (row == nullptr) return;
    const QVariant moved = index.data(SlackModel::MovedRole);
    paintSlackBar(*painter, QRectF(option.rect).adjusted(8, 2, -8, -2), *row,
                  index.data(SlackModel::ReachRole).toDouble(), Theme::instance().isDark(),
                  moved.isValid() ? std::optional(moved.toDouble()) : std::nullopt);
}

QSize SlackBarDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    return {240, QStyledItemDelegate::sizeHint(option, index).height()};
}

} // namespace headroom::widgets
