#pragma once

#include <QFont>
#include <QPainter>
#include <QRectF>

#include <memory>
#include <optional>
#include <vector>

#include "widgets/common/density_layer.h"
#include "widgets/common/row_brush.h"
#include "widgets/common/sample_table.h"

namespace headroom::widgets {

/// A column on show.
struct SampleAxis {
    int column = -1;
    AxisScale scale;
    /// Where each row lies along it, 0 to 1; NaN where it does not.
    std::shared_ptr<const std::vector<float>> shares;
};

/// What a plot of samples shows, whatever its size.
struct SampleScene {
    std::shared_ptr<const SampleTable> table;
    std::vector<SampleAxis> axes; ///< in the order shown
    RowBrush brush;
    std::vector<std::uint8_t> marked; ///< by row
    bool anyMarked = false;
    int chosen = -1;  ///< row
    int focused = -1; ///< axis that keys act on
    bool dark = false;

    const SampleColumn& column(std::size_t axis) const {
        return table->columns[static_cast<std::size_t>(axes[axis].column)];
    }
    double share(std::size_t axis, std::size_t row) const { return (*axes[axis].shares)[row]; }
    /// The axis of a column; -1 where it is not on show.
    int axisOf(const QString& key) const;
};

/// A place of a plot that can be pointed at.
struct SamplePlace {
    enum class Part {
        Nothing,
        Axis, ///< one quantity: an interval can be brushed
        Cell, ///< two quantities: a rectangle can be brushed
        Title ///< names an axis: can be dragged to another place
    };
    Part part = Part::Nothing;
    int axis = -1;   ///< of a cell, the horizontal one
    int second = -1; ///< of a cell, the vertical one
    QRectF area;     ///< that brushes may cover

    bool operator==(const SamplePlace&) const = default;
};

/// Lays a scene out on an area and draws it. Density pictures are kept and only brought up to date.
class SampleFigure {
public:
    virtual ~SampleFigure() = default;

    /// @param room that there is; size() may be larger
    /// @param scale picture elements per unit of length
    void layOut(const SampleScene& scene, const QSizeF& room, const QFont& font, double scale);
    const QSizeF& size() const { return m_size; }

    /// Brings the density pictures up to date. @return whether they are; false where the deadline came first
    virtual bool advance(const SampleScene& scene, Deadline deadline) = 0;
    /// Marked rows are others now.
    virtual void restart() = 0;
    /// Colours are others now.
    virtual void recolor() = 0;

    virtual void paint(QPainter& painter, const SampleScene& scene, const QRectF& visible) = 0;
    /// What brushes may cover of an axis, or of a cell where @p second is its vertical axis.
    virtual QRectF areaOf(int axis, int second) const = 0;
    virtual QRectF titleOf(int axis) const = 0;
    virtual SamplePlace placeAt(const SampleScene& scene, const QPointF& at) const = 0;

    /// The brush region that a rectangle on a place means.
    virtual BrushRegion regionOf(const SampleScene& scene, const SamplePlace& place,
                                 const QRectF& rect) const = 0;
    /// The rectangle that a region covers; absent where its axes are not on show.
    virtual std::optional<QRectF> rectOf(const SampleScene& scene, const BrushRegion& region) const = 0;
    /// The row that is drawn nearest to a point, within a few pixels; -1 where none is.
    virtual int rowAt(const SampleScene& scene, const QPointF& at) const = 0;
    /// The place in the order of axes that a dragged title would go to.
    virtual int positionAt(const SampleScene& scene, const QPointF& at) const = 0;

protected:
    virtual QSizeF doLayOut(const SampleScene& scene, const QSizeF& room) = 0;

    const QFont& font() const { return m_font; }
    double lineHeight() const { return QFontMetricsF(m_font).height(); }
    double scale() const { return m_scale; }
    /// Colours and opacities that suit so many rows.
    DensityColors colorsOfAll(const SampleScene& scene) const;
    DensityColors colorsOfMarked(const SampleScene& scene) const;
    QFont smallFont() const;

    void paintRegions(QPainter& painter, const SampleScene& scene) const;

private:
    QFont m_font;
    double m_scale = 1;
    QSizeF m_size;
};

/// Title of a column for a width: the whole title, else its symbol, elided where even that is too long.
QString fittedTitle(const SampleColumn& column, const QFontMetricsF& metrics, double width);

std::unique_ptr<SampleFigure> makeParallelFigure();
std::unique_ptr<SampleFigure> makeScatterFigure();

} // namespace headroom::widgets
