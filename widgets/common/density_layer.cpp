#include "widgets/common/density_layer.h"

#include <algorithm>
#include <cmath>

namespace headroom::widgets {
namespace {

/// Counts beyond this are as dark as can be.
constexpr std::size_t kMostShades = 1024;

std::vector<double> opacities(const DensityColors& colors) {
    std::vector<double> table(kMostShades);
    for (std::size_t count = 1; count < kMostShades; ++count) {
        const double share = 1 - std::exp(-(static_cast<double>(count) - 1) / std::max(colors.scale, 1e-6));
        table[count] = colors.least + (1 - colors.least) * share;
    }
    return table;
}

QRgb premultiplied(double red, double green, double blue, double alpha) {
    const auto channel = [alpha](double value) { return static_cast<int>(value * alpha * 255 + 0.5); };
    return qRgba(channel(red), channel(green), channel(blue), static_cast<int>(alpha * 255 + 0.5));
}

} // namespace

const QImage& DensityLayer::image(const DensityColors& colors) {
    if (!m_dirty) return m_image;
    m_dirty = false;
    if (m_image.size() != m_size) m_image = QImage(m_size, QImage::Format_ARGB32_Premultiplied);
    if (m_size.isEmpty()) return m_image;
    const std::vector<double> opacity = opacities(colors);
    std::vector<std::vector<QRgb>> pure; // by class and count
    for (const QColor& color : colors.classes) {
        pure.emplace_back(kMostShades, qRgba(0, 0, 0, 0));
        for (std::size_t count = 1; count < kMostShades; ++count)
            pure.back()[count] = premultiplied(color.redF(), color.greenF(), color.blueF(), opacity[count]);
    }
    const std::size_t classes = std::min(pure.size(), m_counts.size() / std::max<std::size_t>(1, pixels()));
    const auto width = static_cast<std::size_t>(m_size.width());
    for (int y = 0; y < m_size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
        const std::size_t first = static_cast<std::size_t>(y) * width;
        for (std::size_t x = 0; x < width; ++x) {
            if (classes == 1) {
                const auto count = static_cast<std::size_t>(std::max(m_counts[first + x], 0));
                line[x] = pure[0][std::min(count, kMostShades - 1)];
            } else {
                line[x] = mixedColor(first + x, classes, pure, colors, opacity);
            }
        }
    }
    return m_image;
}

QRgb DensityLayer::mixedColor(std::size_t pixel, std::size_t classes,
                              const std::vector<std::vector<QRgb>>& pure, const DensityColors& colors,
                              const std::vector<double>& opacity) const {
    std::int64_t total = 0;
    std::size_t present = 0, only = 0;
    for (std::size_t ofClass = 0; ofClass < classes; ++ofClass) {
        const std::int32_t count = m_counts[ofClass * pixels() + pixel];
        if (count <= 0) continue;
        total += count;
        ++present;
        only = ofClass;
    }
    const auto shade = static_cast<std::size_t>(std::min<std::int64_t>(total, kMostShades - 1));
    if (present <= 1) return present == 0 ? qRgba(0, 0, 0, 0) : pure[only][shade];
    double red = 0, green = 0, blue = 0;
    for (std::size_t ofClass = 0; ofClass < classes; ++ofClass) {
        const double share = std::max(m_counts[ofClass * pixels() + pixel], 0) / static_cast<double>(total);
        red += share * static_cast<double>(colors.classes[ofClass].redF());
        green += share * static_cast<double>(colors.classes[ofClass].greenF());
        blue += share * static_cast<double>(colors.classes[ofClass].blueF());
    }
    return premultiplied(red, green, blue, opacity[shade]);
}

void addDisc(DensityLayer& layer, std::size_t ofClass, int x, int y, int radius, int count) {
    for (int dy = -radius; dy <= radius; ++dy) {
        for (int dx = -radius; dx <= radius; ++dx) {
            if (dx * dx + dy * dy <= radius * radius + radius / 2) layer.add(ofClass, x + dx, y + dy, count);
        }
    }
}

void addLine(DensityLayer& layer, std::size_t ofClass, double left, double right, bool filled, int count) {
    const int width = layer.size().width(), height = layer.size().height();
    if (width < 1 || height < 1) return;
    // Whole numbers of 1/65536 pixel: this is the innermost loop of plots of many rows.
    constexpr int kFraction = 16;
    const auto fixed = [height](double y) {
        return static_cast<std::int64_t>(std::clamp(y, 0.0, height - 1e-3) * (1 << kFraction));
    };
    const std::int64_t end = fixed(right);
    std::int64_t at = fixed(left);
    const std::int64_t step = (end - at) / width;
    std::int32_t* counts = layer.counts(ofClass);
    if (!filled) {
        at += step / 2;
        for (int x = 0; x < width; ++x, at += step)
            counts[(at >> kFraction) * width + x] += count;
        return;
    }
    for (int x = 0; x < width; ++x, at += step) {
        const std::int64_t next = x + 1 == width ? end : at + step;
        const std::int64_t low = std::min(at, next) >> kFraction, high = std::max(at, next) >> kFraction;
        for (std::int64_t y = low; y <= high; ++y)
            counts[y * width + x] += count;
    }
}

} // namespace headroom::widgets
