#pragma once

#include <QString>
#include <QWidget>

#include <optional>

#include "widgets/powergrid/colour_scale.h"

class QPainter;

namespace headroom::widgets {

/// What a colour bar stands for.
struct ColourLegend {
    ColourScale scale;
    QString title;               ///< of the layer
    QString unit;                ///< SI
    std::optional<double> limit; ///< marked where it lies on the scale
};

/// Draws a legend upright with ticks and unit, at the left of an area.
void paintLegend(QPainter& painter, const QRectF& area, const ColourLegend& legend, const QColor& ink);

/// The colour bar beside a sheet: colours, ticks, unit, and a mark at the value under the cursor.
class ColourBar final : public QWidget {
    Q_OBJECT

public:
    explicit ColourBar(QWidget* parent = nullptr);

    void setLegend(const std::optional<ColourLegend>& legend);
    const std::optional<ColourLegend>& legend() const { return m_legend; }
    /// @param value under the cursor; NaN: none
    void setValue(double value);
    /// Where a value stands on the widget, in pixels from above.
    double placeOf(double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {sizeHint().width(), 100}; }

signals:
    /// The user wants other colours.
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    std::optional<ColourLegend> m_legend;
    double m_value;
};

} // namespace headroom::widgets
