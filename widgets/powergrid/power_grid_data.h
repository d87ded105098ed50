#pragma once

#include <QPointF>
#include <QRect>
#include <QRectF>
#include <QSize>
#include <QString>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace headroom::widgets {

/// The layers of a sheet, from the lowest to the topmost. The first ones hold a value per cell, the others
/// objects.
enum class GridLayer { Strength, Density, Activity, Drop, Difference, Straps, Macros, Pads };

inline constexpr std::size_t kMapLayers = 5;
inline constexpr std::array kAllGridLayers{GridLayer::Strength,   GridLayer::Density, GridLayer::Activity,
                                           GridLayer::Drop,       GridLayer::Straps,  GridLayer::Macros,
                                           GridLayer::Difference, GridLayer::Pads};

constexpr bool isMapLayer(GridLayer layer) {
    return static_cast<std::size_t>(layer) < kMapLayers;
}

/// What the user may paint on; drop and difference are answers.
constexpr bool isPaintable(GridLayer layer) {
    return layer == GridLayer::Strength || layer == GridLayer::Density || layer == GridLayer::Activity;
}

QString gridLayerTitle(GridLayer layer);

struct MapDigest;

/// A value per cell. The cell (x, y) covers x to x + 1 and y to y + 1, y grows upwards as on a chip, and its
/// value is at x * height + y, as powergrid's maps have it. A cell without a value is NaN. What is shared is
/// never changed.
struct HeatMapData {
    std::shared_ptr<const std::vector<float>> values;
    int width = 0;  ///< cells along x
    int height = 0; ///< cells along y
    QString unit;   ///< SI, as formatQuantity() takes it; empty for bare numbers
    std::shared_ptr<const MapDigest> digest = {}; ///< of a large map, see digested(); null: found when shown

    bool isPresent() const {
        return values && width > 0 && height > 0 &&
               values->size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    }
    QRect cells() const { return {0, 0, width, height}; }
    std::size_t indexOf(int x, int y) const {
        return static_cast<std::size_t>(x) * static_cast<std::size_t>(height) + static_cast<std::size_t>(y);
    }
    float at(int x, int y) const { return (*values)[indexOf(x, y)]; }
};

/// How a layer's values changed in a rectangle of cells: all that undo and redo need.
struct MapPatch {
    GridLayer layer = GridLayer::Density;
    QRect area;                       ///< cells; QRect counts downwards, but top() is the lowest y here
    std::vector<float> before, after; ///< x after x, as in HeatMapData
    QString text;                     ///< "Paint cell density", for the undo list

    bool isEmpty() const { return area.isEmpty(); }
    MapPatch reversed() const { return {layer, area, after, before, text}; }
};

enum class GridObjectKind { Strap, Macro, Pad };

/// A thing that lies on the sheet. Lengths are in micrometres, from the sheet's lower left corner.
struct GridObject {
    int id = 0; ///< unique within a sheet
    GridObjectKind kind = GridObjectKind::Pad;
    QPointF from;      ///< a pad's place, a strap's start, a macro's lower left corner
    QPointF to;        ///< a strap's end, a macro's upper right corner; a pad's place again
    double width = 0;  ///< of a strap
    double value = 0;  ///< a macro's current, A; a pad's voltage, V
    QString name = {}; ///< of a macro

    bool operator==(const GridObject&) const = default;
};

using GridObjects = std::vector<GridObject>;

/// How objects changed: those that are only in `after` were added, those only in `before` deleted, and those
/// in both, by their id, altered.
struct ObjectChange {
    GridObjects before, after;
    QString text; ///< "Move 3 objects", for the undo list

    bool isEmpty() const { return before.empty() && after.empty(); }
    ObjectChange reversed() const { return {after, before, text}; }
};

/// Objects with a change applied; their order is kept, new ones come last.
GridObjects changedObjects(const GridObjects& objects, const ObjectChange& change);

/// A place with a large drop.
struct WorstPlace {
    QPointF um;
    double value = 0;  ///< V
    QString name = {}; ///< of the node where there is one
};

/// A part of the grid that no pad supplies, in micrometres: it has no drop.
struct GridIsland {
    QString name; ///< of one of its nodes
    QPointF from, to;
    std::size_t nodes = 0;
};

/// What becomes of netlists with islands.
enum class IslandChoice { LeaveOut, Refuse };

/// Where a drop on show comes from.
enum class GridAnswer { Exact, Network };

/// What the badge says about the drop on show.
struct AnswerNote {
    GridAnswer answer = GridAnswer::Exact;
    std::optional<double> seconds;  ///< that it took
    std::optional<double> residual; ///< of the exact solver, relative
    std::optional<double> maxError; ///< of the network against the solver, V
    QString model = {};             ///< the network's name
    bool isStale = false;           ///< the sheet has changed since
    QString detail = {};            ///< tool tip: seed, hashes, device
};

/// What a sheet of some size would take.
struct SheetCost {
    QString text; ///< one sentence
    bool isTooMuch = false;
};
using SheetCostOf = std::function<SheetCost(const QSize& cells)>;

/// What a sheet's cells and the values painted on them stand for.
struct SheetProperties {
    double cellUm = 0, supplyVolts = 0;
    double leastOhmsPerSquare = 0, mostOhmsPerSquare = 0; ///< at grid strength 1 and 0
    double fullAmperesPerSquareMm = 0;                    ///< drawn at cell density 1 and activity 1
};

/// What the user wants to choose a file of.
enum class GridFiles { Any, Maps, Netlist };

/// All that a panel shows of one sheet; maps that are absent are left out, and so are those of another size
/// than the sheet's. Large maps should have digests. Meant for sheets up to about 2048 x 2048: who calls
/// takes larger cells beyond.
struct PowerGridData {
    QString name;
    int width = 0, height = 0; ///< cells
    double cellUm = 1;         ///< side of a cell
    double supplyVolts = 0;    ///< what a limit in per cent is of
    HeatMapData strength, density, activity, drop;
    std::shared_ptr<const GridObjects> objects;
    std::optional<std::vector<WorstPlace>> worst; ///< absent: found in the map of the drop
    std::optional<AnswerNote> note;               ///< absent: there is no drop yet
    std::vector<GridIsland> islands = {};         ///< the largest
};

} // namespace headroom::widgets
