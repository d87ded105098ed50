#pragma once

#include <QSize>
#include <QStyledItemDelegate>

#include <optional>

#include "widgets/slack/slack_data.h"

class QPainter;

namespace headroom::widgets {

/// The largest multiple that bars of these rows are to show: 1.25 to 16.
double barReach(const SlackData& data);

/// One size's room on a logarithmic scale from 1 / reach to reach times what it is: thick alone, thin with
/// ticks together, a diamond where it was moved to.
void paintSlackBar(QPainter& painter, const QRectF& area, const SlackRow& row, double reach, bool dark,
                   std::optional<double> moved = std::nullopt);

/// All rows with names and values as one picture, on white.
QSize slackChartSize(const SlackData& data);
void paintSlackChart(QPainter& painter, const SlackData& data);

/// Draws the bars of a SlackModel's column.
class SlackBarDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace headroom::widgets
