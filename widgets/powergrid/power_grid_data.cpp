#include "widgets/powergrid/power_grid_data.h"

#include <QCoreApplication>

#include <algorithm>

namespace headroom::widgets {

QString gridLayerTitle(GridLayer layer) {
    const auto text = [](const char* title) { return QCoreApplication::translate("GridLayer", title); };
    switch (layer) {
    case GridLayer::Strength:
        return text("Grid strength");
    case GridLayer::Density:
        return text("Cell density");
    case GridLayer::Activity:
        return text("Switching activity");
    case GridLayer::Drop:
        return text("IR drop");
    case GridLayer::Difference:
        return text("Difference");
    case GridLayer::Straps:
        return text("Straps");
    case GridLayer::Macros:
        return text("Macros");
    case GridLayer::Pads:
        return text("Pads");
    }
    return {};
}

GridObjects changedObjects(const GridObjects& objects, const ObjectChange& change) {
    const auto find = [](const GridObjects& among, int id) {
        return std::find_if(among.begin(), among.end(),
                            [id](const GridObject& object) { return object.id == id; });
    };
    GridObjects changed;
    for (const GridObject& object : objects) {
        const auto now = find(change.after, object.id);
        if (now != change.after.end())
            changed.push_back(*now);
        else if (find(change.before, object.id) == change.before.end())
            changed.push_back(object);
    }
    for (const GridObject& object : change.after)
        if (find(objects, object.id) == objects.end()) changed.push_back(object);
    return changed;
}

} // namespace headroom::widgets
