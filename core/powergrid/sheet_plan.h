#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/powergrid/random_sheet.h"
#include "core/powergrid/sheet_solver.h"

namespace headroom::powergrid {

/// What a block's maps, which go from 0 to 1, mean in volts and amperes.
struct SheetTechnology {
    double cellUm = 10; ///< side of a cell
    double supplyVolts = 1.1;
    double weakestSiemens = 0.2; ///< per square, where the grid's strength is 0
    double strongestSiemens = 2; ///< per square, where it is 1
    double fullAmperes = 2e-4;   ///< drawn from a cell of density 1 and activity 1: 2 A/mm2
    bool operator==(const SheetTechnology&) const = default;
};

/// Places in micrometres from the corner of the first cell; x goes along rows.
struct PlanPad {
    double x = 0, y = 0;
};
struct PlanStrap {
    double fromX = 0, fromY = 0, toX = 0, toY = 0, width = 0; ///< um, along its middle
};
struct PlanMacro {
    double fromX = 0, fromY = 0, toX = 0, toY = 0; ///< um
    double amperes = 0;                            ///< drawn from all of it
};

/// A block of a chip as it is painted: maps, and objects over them.
struct SheetPlan {
    Map strength, density, activity; ///< of one size
    std::vector<PlanPad> pads;
    std::vector<PlanStrap> straps;
    std::vector<PlanMacro> macros;
    SheetTechnology technology;
};

/// The objects drawn into the maps: a strap makes the cells that it covers as strong as can be, by the share
/// that it covers; a macro's cells get density 1 and the activity that its current calls for, which may be
/// above 1; a pad supplies the cell that it lies in, one beyond the edge the nearest cell.
SheetMaps mapsOf(const SheetPlan& plan);

/// The resistive sheet that the maps stand for.
Sheet sheetOf(SheetMaps maps, const SheetTechnology& technology);

/// What the same maps' drops with the default technology, on which networks are trained, are to be multiplied
/// by with this one; absent where drops differ by more than a factor, since strong and weak metal differ in
/// another ratio.
std::optional<double> dropScale(const SheetTechnology& technology);

/// The exact drops of the sheet that the maps stand for, V.
AnswerSheet solvedSheets(const SheetTechnology& technology);
/// Those after so many steps of the iteration, V.
AnswerSheet roughlySolvedSheets(const SheetTechnology& technology, int steps);

} // namespace headroom::powergrid
