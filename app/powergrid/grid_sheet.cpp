#include "app/powergrid/grid_sheet.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include "core/netlist/letter_case.h"

namespace headroom::app {
namespace {

using powergrid::GridSheet;
using powergrid::Map;
using powergrid::SheetPlan;
using widgets::GridLayer;
using widgets::GridObject;
using widgets::GridObjectKind;

/// Values of an even block.
constexpr double kEvenStrength = 0.3, kEvenDensity = 0.5, kEvenActivity = 0.3;

constexpr double kMmPerUm = 1e-3;

Map constant(std::size_t rows, std::size_t columns, double value) {
    return {rows, columns, std::vector<double>(rows * columns, value)};
}

Map* mapOf(SheetPlan& plan, GridLayer layer) {
    switch (layer) {
    case GridLayer::Strength:
        return &plan.strength;
    case GridLayer::Density:
        return &plan.density;
    case GridLayer::Activity:
        return &plan.activity;
    default:
        return nullptr;
    }
}

/// Pads in the middle of the cells that have one.
std::vector<powergrid::PlanPad> padsOf(const Map& pads, double cellUm) {
    std::vector<powergrid::PlanPad> places;
    for (std::size_t r = 0; r < pads.rows; ++r) {
        for (std::size_t c = 0; c < pads.columns; ++c) {
            if (pads(r, c) > 0)
                places.push_back(
                    {(static_cast<double>(r) + 0.5) * cellUm, (static_cast<double>(c) + 0.5) * cellUm});
        }
    }
    return places;
}

} // namespace

widgets::HeatMapData heatMapOf(const Map& map, const QString& unit) {
    auto values = std::make_shared<std::vector<float>>(map.values.size());
    std::transform(map.values.begin(), map.values.end(), values->begin(),
                   [](double value) { return static_cast<float>(value); });
    return {std::move(values), static_cast<int>(map.rows), static_cast<int>(map.columns), unit};
}

widgets::GridObjects objectsOf(const SheetPlan& plan) {
    widgets::GridObjects objects;
    int id = 0;
    for (const powergrid::PlanStrap& strap : plan.straps)
        objects.push_back({++id,
                           GridObjectKind::Strap,
                           {strap.fromX, strap.fromY},
                           {strap.toX, strap.toY},
                           strap.width,
                           0});
    for (const powergrid::PlanMacro& macro : plan.macros)
        objects.push_back({++id,
                           GridObjectKind::Macro,
                           {macro.fromX, macro.fromY},
                           {macro.toX, macro.toY},
                           0,
                           macro.amperes});
    for (const powergrid::PlanPad& pad : plan.pads)
        objects.push_back(
            {++id, GridObjectKind::Pad, {pad.x, pad.y}, {pad.x, pad.y}, 0, plan.technology.supplyVolts});
    return objects;
}

void setObjects(SheetPlan& plan, const widgets::GridObjects& objects) {
    plan.pads.clear();
    plan.straps.clear();
    plan.macros.clear();
    for (const GridObject& object : objects) {
        const QPointF &from = object.from, &to = object.to;
        if (object.kind == GridObjectKind::Pad)
            plan.pads.push_back({from.x(), from.y()});
        else if (object.kind == GridObjectKind::Strap)
            plan.straps.push_back({from.x(), from.y(), to.x(), to.y(), object.width});
        else
            plan.macros.push_back({from.x(), from.y(), to.x(), to.y(), object.value});
    }
}

widgets::SheetProperties propertiesOf(const SheetPlan& plan) {
    const powergrid::SheetTechnology& technology = plan.technology;
    const double cellSquareMm = std::pow(technology.cellUm * kMmPerUm, 2);
    return {technology.cellUm, technology.supplyVolts, 1 / technology.strongestSiemens,
            1 / technology.weakestSiemens, technology.fullAmperes / cellSquareMm};
}

void setProperties(SheetPlan& plan, const widgets::SheetProperties& properties) {
    const double scale = properties.cellUm / plan.technology.cellUm;
    const auto stretch = [scale](std::initializer_list<double*> lengths) {
        for (double* length : lengths)
            *length *= scale;
    };
    if (scale != 1) {
        for (powergrid::PlanPad& pad : plan.pads)
            stretch({&pad.x, &pad.y});
        for (powergrid::PlanStrap& strap : plan.straps)
            stretch({&strap.fromX, &strap.fromY, &strap.toX, &strap.toY, &strap.width});
        for (powergrid::PlanMacro& macro : plan.macros)
            stretch({&macro.fromX, &macro.fromY, &macro.toX, &macro.toY});
    }
    plan.technology = {properties.cellUm, properties.supplyVolts, 1 / properties.mostOhmsPerSquare,
                       1 / properties.leastOhmsPerSquare,
                       properties.fullAmperesPerSquareMm * std::pow(properties.cellUm * kMmPerUm, 2)};
}

std::shared_ptr<const widgets::PowerGridData> panelData(const GridSheet& sheet) {
    auto data = std::make_shared<widgets::PowerGridData>();
    data->name = QString::fromStdString(sheet.name);
    data->width = static_cast<int>(sheet.plan.strength.rows);
    data->height = static_cast<int>(sheet.plan.strength.columns);
    data->cellUm = sheet.plan.technology.cellUm;
    data->supplyVolts = sheet.plan.technology.supplyVolts;
    data->strength = heatMapOf(sheet.plan.strength, {});
    data->density = heatMapOf(sheet.plan.density, {});
    data->activity = heatMapOf(sheet.plan.activity, {});
    data->objects = std::make_shared<const widgets::GridObjects>(objectsOf(sheet.plan));
    return data;
}

void applyPatch(SheetPlan& plan, const widgets::MapPatch& patch) {
    Map* map = mapOf(plan, patch.layer);
    const QRect& area = patch.area;
    if (map == nullptr || area.left() < 0 || area.top() < 0 || area.right() >= static_cast<int>(map->rows) ||
        area.bottom() >= static_cast<int>(map->columns) ||
        patch.after.size() !=
            static_cast<std::size_t>(area.width()) * static_cast<std::size_t>(area.height()))
        return;
    const float* from = patch.after.data();
    for (int x = area.left(); x <= area.right(); ++x) {
        for (int y = area.top(); y <= area.bottom(); ++y)
            (*map)(static_cast<std::size_t>(x), static_cast<std::size_t>(y)) = static_cast<double>(*from++);
    }
}

GridSheet blankSheet(std::size_t rows, std::size_t columns) {
    GridSheet sheet;
    sheet.name = fmt::format("Block of {} x {} cells", rows, columns);
    sheet.plan.strength = constant(rows, columns, kEvenStrength);
    sheet.plan.density = constant(rows, columns, kEvenDensity);
    sheet.plan.activity = constant(rows, columns, kEvenActivity);
    sheet.plan.pads = padsOf(powergrid::assumedPads(rows, columns), sheet.plan.technology.cellUm);
    return sheet;
}

GridSheet exampleSheet(std::size_t side, std::uint64_t seed, const std::string& name) {
    powergrid::SheetMaps maps = powergrid::randomSheet(side, side, seed);
    GridSheet sheet;
    sheet.name = name;
    sheet.plan.pads = padsOf(maps.pads, sheet.plan.technology.cellUm);
    sheet.plan.strength = std::move(maps.strength);
    sheet.plan.density = std::move(maps.density);
    sheet.plan.activity = std::move(maps.activity);
    return sheet;
}

Result<powergrid::MapSize> commonMapSize(const std::vector<std::filesystem::path>& files) {
    if (files.empty()) return fail(ErrorCode::BadInput, "There is no map to import.");
    powergrid::MapSize first;
    for (const std::filesystem::path& file : files) {
        if (!powergrid::isMapFile(file))
            return failAt(ErrorCode::BadInput, file.string(), 0,
                          "This is no map; a netlist is opened on its own, and maps are imported together.");
        const auto size = powergrid::mapFileSize(file);
        if (!size) return forward(size);
        if (file == files.front()) first = *size;
        if (!(*size == first))
            return failAt(ErrorCode::BadInput, file.string(), 0,
                          fmt::format("The maps differ in size: {} has {} x {} cells, {} has {} x {}.",
                                      files.front().filename().string(), first.rows, first.columns,
                                      file.filename().string(), size->rows, size->columns));
    }
    return first;
}

Result<GridSheet> importMaps(const std::vector<std::filesystem::path>& files, const GridSheet& before) {
    const auto size = commonMapSize(files);
    if (!size) return forward(size);
    std::vector<std::pair<std::string, Map>> maps;
    for (const std::filesystem::path& file : files) {
        const std::string name = netlist::lowerCase(file.filename().string());
        std::string kind;
        for (const char* known : {"strength", "density", "activity", "pads"}) {
            if (name.find(known) != std::string::npos) kind = known;
        }
        if (kind.empty())
            return failAt(
                ErrorCode::BadInput, file.string(), 0,
                "Which map is this? Its name should contain \"strength\", \"density\", \"activity\" or "
                "\"pads\".");
        auto map = powergrid::readMap(file);
        if (!map) return forward(map);
        if (const auto good = powergrid::checkMapValues(*map, file); !good) return forward(good);
        maps.emplace_back(kind, std::move(*map));
    }
    const bool fits =
        before.plan.strength.rows == size->rows && before.plan.strength.columns == size->columns;
    GridSheet sheet = fits ? before : blankSheet(size->rows, size->columns);
    if (!fits) sheet.name = files.front().stem().string();
    for (auto& [kind, map] : maps) {
        if (kind == "pads")
            sheet.plan.pads = padsOf(map, sheet.plan.technology.cellUm);
        else
            (kind == "strength"  ? sheet.plan.strength
             : kind == "density" ? sheet.plan.density
                                 : sheet.plan.activity) = std::move(map);
    }
    return sheet;
}

} // namespace headroom::app
