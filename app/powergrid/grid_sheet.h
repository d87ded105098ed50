#pragma once

#include <QRect>

#include <memory>
#include <string>

#include "core/powergrid/sheet_folder.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::app {

widgets::HeatMapData heatMapOf(const powergrid::Map& map, const QString& unit);

/// All of a sheet but its drop.
std::shared_ptr<const widgets::PowerGridData> panelData(const powergrid::GridSheet& sheet);

/// Pads, straps and macros as the panel has them, numbered from 1.
widgets::GridObjects objectsOf(const powergrid::SheetPlan& plan);
void setObjects(powergrid::SheetPlan& plan, const widgets::GridObjects& objects);

widgets::SheetProperties propertiesOf(const powergrid::SheetPlan& plan);
/// Objects stay on their cells.
void setProperties(powergrid::SheetPlan& plan, const widgets::SheetProperties& properties);

/// Writes a painted rectangle into the map of its layer.
void applyPatch(powergrid::SheetPlan& plan, const widgets::MapPatch& patch);

/// An even block of that many cells with an array of pads.
powergrid::GridSheet blankSheet(std::size_t rows, std::size_t columns);
/// A random block (powergrid::randomSheet()).
powergrid::GridSheet exampleSheet(std::size_t side, std::uint64_t seed, const std::string& name);

/// The size that all these maps have, found before they are read. Errors: those of the files; BadInput where
/// sizes differ.
Result<powergrid::MapSize> commonMapSize(const std::vector<std::filesystem::path>& files);

/// A sheet with maps from files, which are told by what their names contain: "strength", "density",
/// "activity", "pads". Maps that are not among them stay as they are where the size fits, else they are even.
/// Errors: those of the files; BadInput where a name tells nothing or sizes differ.
Result<powergrid::GridSheet> importMaps(const std::vector<std::filesystem::path>& files,
                                        const powergrid::GridSheet& before);

} // namespace headroom::app
