#include "widgets/powergrid/colour_scale.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace headroom::widgets {
namespace {

// Ten samples at equal distances of the maps' published tables.
constexpr std::array<QRgb, 10> kViridis{0xff440154, 0xff482878, 0xff3e4989, 0xff31688e, 0xff26828e,
                                        0xff1f9e89, 0xff35b779, 0xff6ece58, 0xffb5de2b, 0xfffde725};
constexpr std::array<QRgb, 10> kCividis{0xff00224e, 0xff123570, 0xff3b496c, 0xff575d6d, 0xff707173,
                                        0xff8a8678, 0xffa59c74, 0xffc3b369, 0xffe1cc55, 0xfffee838};
constexpr std::array<QRgb, 10> kInferno{0xff000004, 0xff1b0c41, 0xff4a0c6b, 0xff781c6d, 0xffa52c60,
                                        0xffcf4446, 0xffed6925, 0xfffb9b06, 0xfff7d13d, 0xfffcffa4};
// The eleven classes, blue first.
constexpr std::array<QRgb, 11> kBlueRed{0xff053061, 0xff2166ac, 0xff4393c3, 0xff92c5de,
                                        0xffd1e5f0, 0xfff7f7f7, 0xfffddbc7, 0xfff4a582,
                                        0xffd6604d, 0xffb2182b, 0xff67001f};

using Triple = std::array<double, 3>;

double linearOf(int channel) {
    const double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
}

int channelOf(double linear) {
    const double share = linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
    return std::clamp(static_cast<int>(std::lround(255 * share)), 0, 255);
}

constexpr Triple kWhite{0.95047, 1, 1.08883}; // D65

// sRGB by IEC 61966-2-1, CIELAB by ISO 11664-4.
Triple labOf(QRgb colour) {
    const double r = linearOf(qRed(colour)), g = linearOf(qGreen(colour)), b = linearOf(qBlue(colour));
    const Triple xyz{0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
                     0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
                     0.0193339 * r + 0.1191920 * g + 0.9503041 * b};
    Triple f{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double t = xyz[i] / kWhite[i];
        f[i] = t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

QRgb colourOfLab(const Triple& lab) {
    const double y = (lab[0] + 16) / 116;
    const Triple f{y + lab[1] / 500, y, y - lab[2] / 200};
    Triple xyz{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double cube = f[i] * f[i] * f[i];
        xyz[i] = kWhite[i] * (cube > 216.0 / 24389 ? cube : (116 * f[i] - 16) * 27 / 24389);
    }
    return qRgb(channelOf(3.2404542 * xyz[0] - 1.5371385 * xyz[1] - 0.4985314 * xyz[2]),
                channelOf(-0.9692660 * xyz[0] + 1.8760108 * xyz[1] + 0.0415560 * xyz[2]),
                channelOf(0.0556434 * xyz[0] - 0.2040259 * xyz[1] + 1.0572252 * xyz[2]));
}

std::array<QRgb, kColours> interpolated(std::span<const QRgb> control) {
    std::array<QRgb, kColours> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const double place =
            static_cast<double>(i) * static_cast<double>(control.size() - 1) / (kColours - 1);
        const std::size_t left = std::min(static_cast<std::size_t>(place), control.size() - 2);
        const Triple a = labOf(control[left]), b = labOf(control[left + 1]);
        const double share = place - static_cast<double>(left);
        colours[i] = colourOfLab(
            {std::lerp(a[0], b[0], share), std::lerp(a[1], b[1], share), std::lerp(a[2], b[2], share)});
    }
    return colours;
}

/// Colours a block of columns; @p placeOf takes a value to its place among the colours, NaN excluded.
template <class PlaceOf>
void paintCells(const HeatMapData& map, const QRect& cells, const std::array<QRgb, kColours>& colours,
                QImage& image, PlaceOf placeOf) {
    constexpr int kBlock = 16; // a cache line of the image, and that many streams of values
    const float* values = map.values->data();
    const auto stride = image.bytesPerLine() / 4;
    auto* pixels = reinterpret_cast<QRgb*>(image.bits());
    for (int first = cells.left(); first <= cells.right(); first += kBlock) {
        const int last = std::min(first + kBlock - 1, cells.right());
        for (int y = cells.top(); y <= cells.bottom(); ++y) {
            QRgb* line = pixels + (map.height - 1 - y) * stride;
            const float* value = values + map.indexOf(first, y);
            for (int x = first; x <= last; ++x, value += map.height) {
                const float place = placeOf(*value);
                const int colour = place >= kColours - 1 ? kColours - 1
                                   : place > 0           ? static_cast<int>(place)
                                                         : 0;
                line[x] = *value == *value ? colours[static_cast<std::size_t>(colour)] : 0U;
            }
        }
    }
}

/// Low of high on a logarithmic scale that nobody has set: what is below does not matter.
constexpr double kLogarithmicSpan = 1e-3;

} // namespace

QString colourMapTitle(ColourMap map) {
    switch (map) {
    case ColourMap::Viridis:
        return QStringLiteral("Viridis");
    case ColourMap::Cividis:
        return QStringLiteral("Cividis");
    case ColourMap::Inferno:
        return QStringLiteral("Inferno");
    case ColourMap::BlueRed:
        return QCoreApplication::translate("ColourMap", "Blue to red");
    }
    return {};
}

const std::array<QRgb, kColours>& coloursOf(ColourMap map) {
    static const std::array<QRgb, kColours> viridis = interpolated(kViridis);
    static const std::array<QRgb, kColours> cividis = interpolated(kCividis);
    static const std::array<QRgb, kColours> inferno = interpolated(kInferno);
    static const std::array<QRgb, kColours> blueRed = interpolated(kBlueRed);
    switch (map) {
    case ColourMap::Cividis:
        return cividis;
    case ColourMap::Inferno:
        return inferno;
    case ColourMap::BlueRed:
        return blueRed;
    case ColourMap::Viridis:
        break;
    }
    return viridis;
}

double lightnessOf(QRgb colour) {
    return labOf(colour)[0];
}

ValueRange rangeOf(const HeatMapData& map, const QRect& cells) {
    ValueRange range;
    const QRect part = cells & map.cells();
    if (!map.isPresent() || part.isEmpty()) return range;
    constexpr float kNothing = std::numeric_limits<float>::infinity();
    float low = kNothing, high = -kNothing, positive = kNothing;
    bool holes = false;
    for (int x = part.left(); x <= part.right(); ++x) {
        const float* values = map.values->data() + map.indexOf(x, part.top());
        for (int i = 0; i < part.height(); ++i) {
            const float value = values[i];
            const bool finite = value - value == 0.0F;
            holes |= value != value;
            low = finite && value < low ? value : low;
            high = finite && value > high ? value : high;
            positive = finite && value > 0 && value < positive ? value : positive;
        }
    }
    range.hasHoles = holes;
    if (!(low <= high)) return range;
    range.isEmpty = false;
    range.low = static_cast<double>(low);
    range.high = static_cast<double>(high);
    range.smallestPositive = positive < kNothing ? static_cast<double>(positive) : 0;
    return range;
}

double ColourScale::shareOf(double value) const {
    if (!logarithmic) return (value - low) / (high - low);
    if (!(value > 0)) return std::isnan(value) ? value : -std::numeric_limits<double>::infinity();
    return std::log(value / low) / std::log(high / low);
}

double ColourScale::valueOf(double share) const {
    return logarithmic ? low * std::pow(high / low, share) : low + share * (high - low);
}

QRgb ColourScale::colourOf(double value) const {
    if (std::isnan(value)) return 0;
    const double place = shareOf(value) * (kColours - 1) + 0.5;
    return coloursOf(map)[static_cast<std::size_t>(std::clamp(place, 0.0, kColours - 1.0))];
}

void ColourScale::paint(const HeatMapData& data, const QRect& cells, QImage& image) const {
    const QRect part = cells & data.cells();
    if (part.isEmpty() || image.width() != data.width || image.height() != data.height) return;
    const auto& colours = coloursOf(map);
    if (logarithmic) {
        const double perOctave = (kColours - 1) / std::log2(high / low);
        const auto factor = static_cast<float>(perOctave);
        const auto shift = static_cast<float>(0.5 - perOctave * std::log2(low));
        // The logarithm of what is not positive is -infinity or NaN, and neither is above 0.
        paintCells(data, part, colours, image,
                   [=](float value) { return factor * std::log2(value) + shift; });
    } else {
        const double perUnit = (kColours - 1) / (high - low);
        const auto factor = static_cast<float>(perUnit);
        const auto start = static_cast<float>(low);
        paintCells(data, part, colours, image, [=](float value) { return factor * (value - start) + 0.5F; });
    }
}

ColourScale scaleFor(const DisplaySettings& settings, const ValueRange& range, bool isSigned) {
    ColourScale scale{settings.map, settings.low, settings.high, settings.logarithmic && !isSigned};
    if (settings.fitted) {
        // What is next to nothing, beside a pad, would take the colours from all the rest.
        scale.low =
            scale.logarithmic ? std::max(range.smallestPositive, range.high * kLogarithmicSpan) : range.low;
        scale.high = range.high;
        if (isSigned) {
            scale.high = std::max(std::abs(range.low), std::abs(range.high));
            scale.low = -scale.high;
        }
    }
    if (!std::isfinite(scale.low) || !std::isfinite(scale.high)) scale.low = scale.high = 0;
    if (scale.low > scale.high) std::swap(scale.low, scale.high);
    if (scale.logarithmic && !(scale.high > 0)) scale.logarithmic = false; // nothing to take logarithms of
    if (scale.logarithmic) {
        if (!(scale.low > 0)) scale.low = scale.high * kLogarithmicSpan;
        if (!(scale.high > scale.low * 1.0001)) scale.low = scale.high / 10;
        return scale;
    }
    // One value everywhere: it stands at the end of the scale that is farther from 0.
    const double size = std::max(std::abs(scale.low), std::abs(scale.high));
    if (scale.high - scale.low > 1e-6 * size) return scale;
    if (size == 0) {
        scale.low = isSigned ? -1 : 0;
        scale.high = 1;
    } else if (scale.high > 0) {
        scale.low = 0;
    } else {
        scale.high = 0;
    }
    return scale;
}

} // namespace headroom::widgets
