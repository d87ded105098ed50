#pragma once

#include <qcustomplot.h>

#include "widgets/common/plot_content.h"

namespace headroom::widgets {

/// A marker at a place of the plot, or standing on the horizontal axis.
class MarkerItem final : public QCPAbstractItem {
public:
    MarkerItem(QCustomPlot* plot, const PlotMarker& marker, const QColor& fill, const QColor& outline);
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    PlotMarker m_marker;
    QColor m_fill, m_outline;
};

/// Of a limit, the line across the plot or the tint on its good side: one lies over the data, one below.
class LimitItem final : public QCPAbstractItem {
public:
    enum class Part { Line, Tint };

    LimitItem(QCustomPlot* plot, const PlotLine& line, const QColor& color, Part part);
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    void paintTint(QCPPainter* painter, const QRectF& area, double at) const;

    PlotLine m_line;
    QColor m_color;
    Part m_part;
};

class BandItem final : public QCPAbstractItem {
public:
    BandItem(QCustomPlot* plot, const PlotBand& band, const QColor& color);
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    PlotBand m_band;
    QColor m_color;
};

/// The names of labelled lines and markers, moved apart where they would cover each other.
class LabelItem final : public QCPAbstractItem {
public:
    LabelItem(QCustomPlot* plot, const PlotContent& content, bool dark);
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    struct Label {
        QString text;
        QColor color;
        std::optional<double> x, y; ///< absent: a line across the plot
    };
    QRectF placeFor(const Label& label, const QSizeF& size, const std::vector<QRectF>& taken) const;

    std::vector<Label> m_labels;
    QColor m_background;
};

/// The cursors with their letters, and dots where they cross the curves.
class CursorItem final : public QCPAbstractItem {
public:
    /// @p content and @p cursors must outlive the item.
    CursorItem(QCustomPlot* plot, const PlotContent& content, const PlotCursors& cursors, bool dark);
    double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }

protected:
    void draw(QCPPainter* painter) override;

private:
    void drawCursor(QCPPainter* painter, PlotCursor cursor) const;

    const PlotContent& m_content;
    const PlotCursors& m_cursors;
    bool m_dark;
};

} // namespace headroom::widgets
