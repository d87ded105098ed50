#pragma once

#include <QPointF>
#include <QRect>

#include <memory>
#include <utility>
#include <vector>

#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

enum class BrushShape { Round, Square, Line, Rectangle, Fill, Gradient };
enum class PaintMode { Set, Add, Subtract };

struct BrushSettings {
    double size = 12;      ///< diameter or side, cells
    double hardness = 0.7; ///< share of the radius that takes the full strength
    double strength = 1;   ///< 0 to 1
    double value = 1;      ///< that is set, added or subtracted, in the layer's unit
    PaintMode mode = PaintMode::Set;
    double tolerance =
        0.02; ///< of a flood fill: how far values may lie from the first, share of the layer's range

    bool operator==(const BrushSettings&) const = default;
};

/// The smallest and largest value that a layer takes.
struct ValueBounds {
    double low = 0, high = 1e30;
};

/// One stroke on one layer, from the press of a button to its release. What it leaves depends on the path
/// alone, not on how many mouse events tell it: a cell takes the largest coverage that any part of the path
/// gives it, and the blend starts from what was there before the stroke. Places are in cells.
class BrushStroke {
public:
    /// @param map present  @param bounds results are kept within  @param fillRange what a fill's tolerance is
    /// a share of
    BrushStroke(GridLayer layer, const HeatMapData& map, BrushShape shape, const BrushSettings& settings,
                const ValueBounds& bounds, double fillRange);

    /// Starts; fill is done at once. @return cells that changed
    QRect begin(QPointF at);
    /// Goes on to a place. @param constrained rows, columns, 45 degrees, or squares  @return cells that
    /// changed
    QRect moveTo(QPointF at, bool constrained);

    GridLayer layer() const { return m_layer; }
    BrushShape shape() const { return m_shape; }
    /// Shares its values with the stroke, which goes on changing them.
    HeatMapData map() const;
    /// The values of some cells as they are now.
    std::vector<float> values(const QRect& area) const { return cut(*m_now, area); }
    std::vector<float> valuesBefore(const QRect& area) const { return cut(*m_before.values, area); }
    QRect touched() const { return m_touched; }

    /// Cut to the cells that differ; empty where none does.
    MapPatch patch() const;

private:
    std::vector<float> cut(const std::vector<float>& values, const QRect& area) const;
    QPointF constrainedTo(QPointF at) const;
    float blended(float before, float coverage) const;
    double coverageOf(QPointF cell, QPointF from, QPointF to) const;
    /// The cells of a column that a path can reach, first and last.
    std::pair<int, int> span(int column, QPointF from, QPointF to, const QRect& area) const;
    QRect sweep(QPointF from, QPointF to);
    QRect drawAnew(QPointF to);
    QRect fill(QPointF at);
    QRect reach(QPointF from, QPointF to) const;
    QRect restore();

    GridLayer m_layer;
    HeatMapData m_before;
    BrushShape m_shape;
    BrushSettings m_settings;
    ValueBounds m_bounds;
    double m_fillRange;
    std::shared_ptr<std::vector<float>> m_now;
    std::vector<float> m_coverage;
    QPointF m_start, m_last;
    QRect m_touched;
};

/// A map with a patch's new values; the old map where the patch does not fit into it.
HeatMapData patched(const HeatMapData& map, const MapPatch& patch);

} // namespace headroom::widgets
