#include "core/powergrid/sheet_plan.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace headroom::powergrid {
namespace {

/// Points per cell and direction at which it is seen how much of the cell an object covers.
constexpr int kSamples = 4;
/// Of labels, which are to be exact; what is painted on is solved more roughly.
constexpr double kLabelTolerance = 1e-10;

/// Cells that an object's bounding box touches, and the share of each that it covers.
void forCoveredCells(const Map& map, double cellUm, double lowX, double lowY, double highX, double highY,
                     const std::function<bool(double x, double y)>& isInside,
                     const std::function<void(std::size_t row, std::size_t column, double share)>& take) {
    const auto cells = [&](double low, double high, std::size_t count) {
        const double most = static_cast<double>(count);
        return std::pair{static_cast<std::size_t>(std::clamp(std::floor(low / cellUm), 0.0, most)),
                         static_cast<std::size_t>(std::clamp(std::ceil(high / cellUm), 0.0, most))};
    };
    const auto [firstRow, lastRow] = cells(lowX, highX, map.rows);
    const auto [firstColumn, lastColumn] = cells(lowY, highY, map.columns);
    for (std::size_t row = firstRow; row < lastRow; ++row) {
        for (std::size_t column = firstColumn; column < lastColumn; ++column) {
            int inside = 0;
            for (int i = 0; i < kSamples * kSamples; ++i) {
                const double x = (static_cast<double>(row) + (0.5 + i / kSamples) / kSamples) * cellUm;
                const double y = (static_cast<double>(column) + (0.5 + i % kSamples) / kSamples) * cellUm;
                inside += isInside(x, y) ? 1 : 0;
            }
            if (inside > 0) take(row, column, static_cast<double>(inside) / (kSamples * kSamples));
        }
    }
}

void drawStrap(const PlanStrap& strap, double cellUm, Map& strength) {
    const double dx = strap.toX - strap.fromX, dy = strap.toY - strap.fromY;
    const double length = std::hypot(dx, dy), half = strap.width / 2;
    if (!(length > 0) || !(half > 0)) return;
    const auto isInside = [&](double x, double y) {
        const double along = ((x - strap.fromX) * dx + (y - strap.fromY) * dy) / length;
        const double across = ((x - strap.fromX) * dy - (y - strap.fromY) * dx) / length;
        return along >= 0 && along <= length && std::abs(across) <= half;
    };
    forCoveredCells(strength, cellUm, std::min(strap.fromX, strap.toX) - half,
                    std::min(strap.fromY, strap.toY) - half, std::max(strap.fromX, strap.toX) + half,
                    std::max(strap.fromY, strap.toY) + half, isInside,
                    [&](std::size_t row, std::size_t column, double share) {
                        double& value = strength(row, column);
                        value = std::max(value, value + share * (1 - value));
                    });
}

void drawMacro(const PlanMacro& macro, const SheetTechnology& technology, Map& density, Map& activity) {
    const double lowX = std::min(macro.fromX, macro.toX), highX = std::max(macro.fromX, macro.toX);
    const double lowY = std::min(macro.fromY, macro.toY), highY = std::max(macro.fromY, macro.toY);
    const auto isInside = [&](double x, double y) {
        return x >= lowX && x <= highX && y >= lowY && y <= highY;
    };
    double covered = 0;
    forCoveredCells(density, technology.cellUm, lowX, lowY, highX, highY, isInside,
                    [&](std::size_t, std::size_t, double share) { covered += share; });
    if (!(covered > 0)) return;
    const double perCell = macro.amperes / (covered * technology.fullAmperes);
    forCoveredCells(density, technology.cellUm, lowX, lowY, highX, highY, isInside,
                    [&](std::size_t row, std::size_t column, double share) {
                        const double left = (1 - share) * density(row, column) * activity(row, column);
                        density(row, column) = 1;
                        activity(row, column) = left + share * perCell;
                    });
}

AnswerSheet answersBy(const SheetTechnology& technology, const SheetSettings& settings) {
    return [technology, settings](const SheetMaps& maps, JobContext& context) -> Result<Map> {
        if (const auto valid = checkSheetMaps(maps); !valid) return forward(valid);
        auto solution =
            SheetSolver(settings).solve(std::make_shared<const Sheet>(sheetOf(maps, technology)), context);
        if (!solution) return forward(solution);
        return std::move(solution->drop);
    };
}

} // namespace

SheetMaps mapsOf(const SheetPlan& plan) {
    SheetMaps maps{plan.strength, plan.density, plan.activity, plan.strength};
    std::fill(maps.pads.values.begin(), maps.pads.values.end(), 0.0);
    if (maps.strength.empty()) return maps;
    const double cellUm = plan.technology.cellUm;
    for (const PlanStrap& strap : plan.straps)
        drawStrap(strap, cellUm, maps.strength);
    for (const PlanMacro& macro : plan.macros)
        drawMacro(macro, plan.technology, maps.density, maps.activity);
    const auto cell = [&](double um, std::size_t count) {
        return static_cast<std::size_t>(
            std::clamp(std::floor(um / cellUm), 0.0, static_cast<double>(count - 1)));
    };
    for (const PlanPad& pad : plan.pads)
        maps.pads(cell(pad.x, maps.pads.rows), cell(pad.y, maps.pads.columns)) = 1;
    return maps;
}

Sheet sheetOf(SheetMaps maps, const SheetTechnology& technology) {
    Sheet sheet{std::move(maps.strength), std::move(maps.density), std::move(maps.pads),
                technology.supplyVolts};
    const double more = technology.strongestSiemens - technology.weakestSiemens;
    for (double& value : sheet.conductance.values)
        value = technology.weakestSiemens + more * value;
    for (std::size_t i = 0; i < sheet.current.values.size(); ++i)
        sheet.current.values[i] *= maps.activity.values[i] * technology.fullAmperes;
    for (double& value : sheet.pads.values)
        value = value > 0 ? std::numeric_limits<double>::infinity() : 0;
    return sheet;
}

std::optional<double> dropScale(const SheetTechnology& technology) {
    const SheetTechnology usual;
    const double ratio = technology.strongestSiemens / technology.weakestSiemens;
    constexpr double kSame = 1e-3;
    if (std::abs(ratio * usual.weakestSiemens / usual.strongestSiemens - 1) > kSame) return std::nullopt;
    return technology.fullAmperes / usual.fullAmperes * usual.strongestSiemens / technology.strongestSiemens;
}

AnswerSheet solvedSheets(const SheetTechnology& technology) {
    return answersBy(technology, {.tolerance = kLabelTolerance});
}

AnswerSheet roughlySolvedSheets(const SheetTechnology& technology, int steps) {
    return answersBy(technology, {.mostIterations = steps, .takesRough = true});
}

} // namespace headroom::powergrid
