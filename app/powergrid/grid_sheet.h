#pragma once

#include <QRect>

#include <memory>
#include <string>

#include "core/powergrid/sheet_plan.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::app {

/// The sheet that the panel "IR Drop" shows. Immutable once shared.
struct GridSheet {
    powergrid::SheetPlan plan;
    std::string name;

    bool isEmpty() const { return plan.strength.empty(); }
};

widgets::HeatMapData heatMapOf(const powergrid::Map& map, const QString& unit);

/// All of a sheet but its drop.
std::shared_ptr<const widgets::PowerGridData> panelData(const GridSheet& sheet);

/// Pads, straps and macros as the panel has them, numbered from 1.
widgets::GridObjects objectsOf(const powergrid::SheetPlan& plan);
void setObjects(powergrid::SheetPlan& plan, const widgets::GridObjects& objects);

/// Writes a painted rectangle into the map of its layer.
void applyPatch(powergrid::SheetPlan& plan, const widgets::MapPatch& patch);

/// An even block of that many cells with an array of pads.
GridSheet blankSheet(std::size_t rows, std::size_t columns);
/// A random block (powergrid::randomSheet()).
GridSheet exampleSheet(std::size_t side, std::uint64_t seed, const std::string& name);

/// A sheet with maps from files, which are told by what their names contain: "strength", "density",
/// "activity", "pads". Maps that are not among them stay as they are where the size fits, else they are even.
/// Errors: those of the files; BadInput where a name tells nothing or sizes differ.
Result<GridSheet> importMaps(const std::vector<std::filesystem::path>& files, const GridSheet& before);

} // namespace headroom::app
