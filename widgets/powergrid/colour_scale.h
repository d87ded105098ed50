#pragma once

#include <QColor>
#include <QImage>
#include <QRect>
#include <QString>

#include <array>

#include "widgets/common/axis_scale.h"
#include "widgets/powergrid/power_grid_data.h"

namespace headroom::widgets {

/// Perceptually uniform colour maps that colour-blind readers can tell apart.
enum class ColourMap {
    Viridis, ///< S. van der Walt and N. Smith, matplotlib 1.5, 2015
    Cividis, ///< J. Nunez, C. Anderton and R. Renslow, PLoS ONE 13(7) e0199239, 2018
    Inferno, ///< S. van der Walt and N. Smith, matplotlib 1.5, 2015
    BlueRed, ///< for signed values; C. Brewer, colorbrewer2.org, "RdBu" in 11 classes, 2002
};
inline constexpr std::array kColourMaps{ColourMap::Viridis, ColourMap::Cividis, ColourMap::Inferno,
                                        ColourMap::BlueRed};

QString colourMapTitle(ColourMap map);

inline constexpr int kColours = 256;

/// From low to high. Control values that were published, with CIELAB between them.
const std::array<QRgb, kColours>& coloursOf(ColourMap map);

/// The lightness L* of CIELAB, 0 to 100.
double lightnessOf(QRgb colour);

/// The values of a map that are finite.
struct ValueRange {
    double low = 0, high = 0;
    double smallestPositive = 0; ///< 0 where no value is positive
    bool isEmpty = true;
    bool hasHoles = false; ///< there are cells without a value

    bool operator==(const ValueRange&) const = default;
};
ValueRange rangeOf(const HeatMapData& map, const QRect& cells);
inline ValueRange rangeOf(const HeatMapData& map) {
    return rangeOf(map, map.cells());
}

/// How a layer's values become colours.
struct ColourScale {
    ColourMap map = ColourMap::Viridis;
    double low = 0, high = 1;
    bool logarithmic = false;

    bool operator==(const ColourScale&) const = default;

    /// Where a value stands along the colour bar, 0 to 1; beyond the ends outside of them, NaN for NaN. On a
    /// logarithmic scale what is not positive stands below everything.
    double shareOf(double value) const;
    double valueOf(double share) const;

    /// The axis along a colour bar.
    AxisScale axis() const { return {low, high, logarithmic}; }

    /// NaN is transparent.
    QRgb colourOf(double value) const;

    /// Colours cells of an image of the map's size, which has the highest y on top.
    void paint(const HeatMapData& map, const QRect& cells, QImage& image) const;
};

/// What the user asks of a layer's scale.
struct DisplaySettings {
    ColourMap map = ColourMap::Viridis;
    bool logarithmic = false;
    bool fitted = true; ///< else between low and high
    double low = 0, high = 1;

    bool operator==(const DisplaySettings&) const = default;
};

/// A scale that can be drawn, whatever was asked and whatever the values are: high is above low, and both are
/// positive where it is logarithmic. @param isSigned with 0 in the middle
ColourScale scaleFor(const DisplaySettings& settings, const ValueRange& range, bool isSigned);

} // namespace headroom::widgets
