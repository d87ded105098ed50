#pragma once

#include <QByteArray>

#include <functional>
#include <optional>

#include "widgets/common/picture_export.h"
#include "widgets/powergrid/colour_bar.h"
#include "widgets/powergrid/power_grid_data.h"

class QPainter;

namespace headroom::widgets {

/// A sheet as a picture with heading, legend and note, on white.
struct SheetPicture {
    QString heading;
    QString note; ///< where the answer comes from
    std::optional<ColourLegend> legend;
    QSizeF sheet; ///< cells, for the proportions
    std::function<void(QPainter& painter, const QSizeF& size)> paint;
};
QByteArray sheetPicture(ExportFormat format, const SheetPicture& picture);

/// A map as a table of numbers without headings, as the contest's and powergrid's CSV: a line for each x, on
/// it all y from the lowest. Numbers read back to the same floats.
QByteArray mapCsv(const HeatMapData& map);

} // namespace headroom::widgets
