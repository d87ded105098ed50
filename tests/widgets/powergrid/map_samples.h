#pragma once

#include <cmath>
#include <memory>
#include <vector>

#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets::samples {

/// A map of a function of whole x and y.
template <class ValueAt>
HeatMapData mapOf(int width, int height, const QString& unit, ValueAt valueAt) {
    auto values = std::make_shared<std::vector<float>>();
    values->reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    for (int x = 0; x < width; ++x)
        for (int y = 0; y < height; ++y)
            values->push_back(static_cast<float>(valueAt(x, y)));
    return {std::move(values), width, height, unit};
}

/// A sheet that looks like one: two active blocks, straps, pads at the corners, macros. Not a solution of
/// anything.
inline PowerGridData sheet(int width, int height) {
    PowerGridData data{QStringLiteral("demo"), width, height, 1, 1.1, {}, {}, {}, {}, {}, {}, {}};
    const double w = width, h = height;
    const auto hill = [=](int x, int y, double cx, double cy, double size) {
        const double dx = (x - cx * w) / (size * w), dy = (y - cy * h) / (size * h);
        return std::exp(-dx * dx - dy * dy);
    };
    data.strength =
        mapOf(width, height, {}, [=](int x, int y) { return 0.6 + 0.4 * hill(x, y, 0.5, 0.5, 0.4); });
    data.density = mapOf(width, height, {}, [=](int x, int y) {
        return 0.2 + 0.7 * hill(x, y, 0.3, 0.35, 0.16) + 0.5 * hill(x, y, 0.72, 0.66, 0.12) +
               0.03 * std::sin(0.9 * x) * std::sin(1.3 * y);
    });
    data.activity =
        mapOf(width, height, {}, [=](int x, int y) { return 0.1 + 0.8 * hill(x, y, 0.34, 0.4, 0.3); });
    data.drop = mapOf(width, height, QStringLiteral("V"), [=](int x, int y) {
        return 0.012 + 0.052 * hill(x, y, 0.32, 0.37, 0.2) + 0.034 * hill(x, y, 0.72, 0.66, 0.15) -
               0.010 * (hill(x, y, 0.05, 0.05, 0.1) + hill(x, y, 0.95, 0.95, 0.1));
    });
    auto objects = std::make_shared<GridObjects>();
    int id = 1;
    for (int i = 1; i < 8; ++i)
        objects->push_back(
            {id++, GridObjectKind::Strap, {i * w / 8, 0}, {i * w / 8, h}, std::max(1.0, w / 128), 0, {}});
    objects->push_back({id++,
                        GridObjectKind::Macro,
                        {0.2 * w, 0.28 * h},
                        {0.42 * w, 0.48 * h},
                        0,
                        0.02,
                        QStringLiteral("SRAM0")});
    objects->push_back({id++,
                        GridObjectKind::Macro,
                        {0.64 * w, 0.58 * h},
                        {0.8 * w, 0.74 * h},
                        0,
                        0.01,
                        QStringLiteral("DSP")});
    for (const double x : {0.06, 0.94})
        for (const double y : {0.06, 0.94})
            objects->push_back({id++, GridObjectKind::Pad, {x * w, y * h}, {x * w, y * h}, 0, 1.1, {}});
    data.objects = std::move(objects);
    AnswerNote note;
    note.seconds = 0.012;
    note.residual = 3e-10;
    data.note = note;
    return data;
}

/// A sheet whose density is even and whose drop grows with x, by 2 mV a cell.
inline std::shared_ptr<const PowerGridData> plainSheet() {
    auto data = std::make_shared<PowerGridData>(sheet(40, 30));
    data->supplyVolts = 1;
    data->density = mapOf(40, 30, {}, [](int, int) { return 0.5; });
    data->drop = mapOf(40, 30, "V", [](int x, int) { return 0.002 * x; });
    return data;
}

} // namespace headroom::widgets::samples
