#include "core/powergrid/map_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include <cairo.h>

#include "core/base/quantity.h"

namespace headroom::powergrid {
namespace {

constexpr int kMargin = 12, kBarWidth = 18, kBarGap = 16, kLabelWidth = 84, kTitleHeight = 26, kTicks = 5;

/// Anchors in Oklab (Ottosson 2020): lightness in equal steps, hue from violet to yellow.
constexpr std::array<std::array<double, 3>, 6> kAnchors = {{{0.16, 0.02, -0.05},
                                                            {0.325, 0.09, -0.11},
                                                            {0.49, 0.17, -0.01},
                                                            {0.655, 0.16, 0.10},
                                                            {0.82, 0.05, 0.15},
                                                            {0.985, -0.01, 0.07}}};

std::uint32_t channel(double linear) {
    const double bounded = std::clamp(linear, 0.0, 1.0);
    const double encoded =
        bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * std::pow(bounded, 1 / 2.4) - 0.055;
    return static_cast<std::uint32_t>(std::lround(255 * encoded));
}

Colour fromOklab(double lightness, double a, double b) {
    const auto cube = [](double x) { return x * x * x; };
    const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
    return channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16U |
           channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8U |
           channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
}

using Surface = std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)>;
using Context = std::unique_ptr<cairo_t, void (*)(cairo_t*)>;

cairo_status_t append(void* target, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(target)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

std::array<Colour, 256> colourTable() {
    std::array<Colour, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = heatColour(static_cast<double>(i) / 255);
    return table;
}

class Picture {
public:
    Picture(const Map& map, const PictureSettings& settings)
        : m_map(map)
        , m_settings(settings)
        , m_from(settings.from)
        , m_to(settings.to) {
        if (m_from == m_to) {
            m_from = map.minimum();
            m_to = map.maximum();
        }
        const std::size_t longest = std::max(map.rows, map.columns);
        const auto largest = static_cast<std::size_t>(std::max(settings.largest, 1));
        m_grow = std::max<std::size_t>(largest / longest, 1);
        m_skip = (longest + largest - 1) / largest;
        m_width = static_cast<int>((map.rows + m_skip - 1) / m_skip * m_grow);
        m_height = static_cast<int>((map.columns + m_skip - 1) / m_skip * m_grow);
    }

    Result<std::string> write() {
        const bool hasLegend = m_settings.hasLegend;
        const int width = m_width + (hasLegend ? 2 * kMargin + kBarGap + kBarWidth + kLabelWidth : 0);
        const int height =
            std::max(m_height, hasLegend ? 120 : 1) + (hasLegend ? 2 * kMargin + kTitleHeight : 0);
        const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height),
                              cairo_surface_destroy);
        if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
            return fail(ErrorCode::Internal, "The picture could not be made.",
                        cairo_status_to_string(cairo_surface_status(surface.get())));
        if (hasLegend) drawLegend(surface.get());
        drawMap(surface.get(), hasLegend ? kMargin : 0, hasLegend ? kMargin + kTitleHeight : 0);
        std::string png;
        if (const auto status = cairo_surface_write_to_png_stream(surface.get(), append, &png);
            status != CAIRO_STATUS_SUCCESS)
            return fail(ErrorCode::Internal, "The picture could not be written.",
                        cairo_status_to_string(status));
        return png;
    }

private:
    /// Where several pixels of the map share one of the picture, the worst of them shows.
    double valueOf(std::size_t row, std::size_t column) const {
        double worst = m_map(row, column);
        for (std::size_t r = row; r < std::min(row + m_skip, m_map.rows); ++r)
            for (std::size_t c = column; c < std::min(column + m_skip, m_map.columns); ++c)
                worst = std::max(worst, m_map(r, c));
        return worst;
    }

    void drawMap(cairo_surface_t* surface, int left, int top) const {
        static const std::array<Colour, 256> table = colourTable();
        cairo_surface_flush(surface);
        unsigned char* const bytes = cairo_image_surface_get_data(surface);
        const int stride = cairo_image_surface_get_stride(surface);
        const double scale = m_to > m_from ? 255 / (m_to - m_from) : 0;
        for (int y = 0; y < m_height; ++y) {
            auto* const line =
                reinterpret_cast<std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(top + y) * stride);
            const std::size_t column = static_cast<std::size_t>(m_height - 1 - y) / m_grow * m_skip;
            for (int x = 0; x < m_width; ++x) {
                const double value = valueOf(static_cast<std::size_t>(x) / m_grow * m_skip, column);
                const double level =
                    std::isfinite(value) ? std::clamp((value - m_from) * scale, 0.0, 255.0) : 0;
                line[left + x] = table[static_cast<std::size_t>(level)];
            }
        }
        cairo_surface_mark_dirty(surface);
    }

    void drawLegend(cairo_surface_t* surface) const {
        const Context cairo(cairo_create(surface), cairo_destroy);
        cairo_set_source_rgb(cairo.get(), 1, 1, 1);
        cairo_paint(cairo.get());
        cairo_select_font_face(cairo.get(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
        cairo_set_font_size(cairo.get(), 13);
        write(cairo.get(), kMargin, kMargin + 13, m_settings.title);
        const int top = kMargin + kTitleHeight, height = std::max(m_height, 120);
        const int left = kMargin + m_width + kBarGap;
        for (int y = 0; y < height; ++y) {
            const Colour colour = heatColour(1 - (y + 0.5) / height);
            cairo_set_source_rgb(cairo.get(), (colour >> 16U) / 255.0, ((colour >> 8U) & 0xffU) / 255.0,
                                 (colour & 0xffU) / 255.0);
            cairo_rectangle(cairo.get(), left, top + y, kBarWidth, 1);
            cairo_fill(cairo.get());
        }
        cairo_set_font_size(cairo.get(), 11);
        for (int i = 0; i < kTicks; ++i) {
            const double part = static_cast<double>(i) / (kTicks - 1);
            write(cairo.get(), left + kBarWidth + 6, top + (1 - part) * (height - 9) + 9,
                  formatQuantity(m_from + part * (m_to - m_from), m_settings.unit, 3));
        }
    }

    static void write(cairo_t* cairo, double x, double y, const std::string& text) {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_move_to(cairo, x, y);
        cairo_show_text(cairo, text.c_str());
    }

    const Map& m_map;
    const PictureSettings& m_settings;
    double m_from, m_to;
    std::size_t m_grow = 1, m_skip = 1; ///< picture's pixels per map's, and the other way round
    int m_width = 0, m_height = 0;
};

} // namespace

Colour heatColour(double part) {
    const double place = std::clamp(std::isnan(part) ? 0.0 : part, 0.0, 1.0) * (kAnchors.size() - 1);
    const auto i = std::min(static_cast<std::size_t>(place), kAnchors.size() - 2);
    const double t = place - static_cast<double>(i);
    const auto mixed = [&](std::size_t k) { return (1 - t) * kAnchors[i][k] + t * kAnchors[i + 1][k]; };
    return fromOklab(mixed(0), mixed(1), mixed(2));
}

Result<std::string> writeMapPng(const Map& map, const PictureSettings& settings) {
    if (map.empty()) return fail(ErrorCode::BadInput, "The map is empty.");
    return Picture(map, settings).write();
}

} // namespace headroom::powergrid
