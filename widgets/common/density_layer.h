#pragma once

#include <QColor>
#include <QImage>
#include <QSize>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <vector>

namespace headroom::widgets {

/// How long drawing may go on before the window gets its turn.
using Deadline = std::chrono::steady_clock::time_point;
inline constexpr Deadline kNoDeadline = Deadline::max();

/// How counts become colours.
struct DensityColors {
    std::vector<QColor> classes;
    double least = 0.3; ///< opacity of a pixel that one row crosses
    double scale = 1;   ///< rows on a pixel that all but cover what is below
};

/// Of a plot of very many rows, what a set of them leaves on each pixel. Rows come and go one by one, so that
/// a change of the set costs as much as it changes.
class DensityLayer {
public:
    /// Empty, for rows of so many classes.
    void reset(const QSize& size, std::size_t rows, std::size_t classes) {
        m_size = size;
        m_drawn.assign(rows, 0);
        m_counts.assign(classes * pixels(), 0);
        m_next = 0;
        m_dirty = true;
    }

    const QSize& size() const { return m_size; }

    /// Draws rows that are wanted and not there, and takes away those that are there and not wanted.
    /// @param wanted 0 or 1 by row
    /// @param draw called with a row and +1 or -1; calls add()
    /// @return false where the deadline came first; the next call goes on
    template <class Draw>
    bool advance(const std::vector<std::uint8_t>& wanted, const Draw& draw, Deadline deadline) {
        constexpr std::size_t kStride = 8; // rows compared at once
        constexpr int kDrawnBetweenLooks = 256;
        std::size_t row = m_next;
        int drawn = 0;
        while (row < m_drawn.size()) {
            if (row + kStride <= m_drawn.size() && std::memcmp(&m_drawn[row], &wanted[row], kStride) == 0) {
                row += kStride;
                continue;
            }
            if (m_drawn[row] != wanted[row]) {
                draw(row, wanted[row] != 0 ? 1 : -1);
                m_drawn[row] = wanted[row];
                m_dirty = true;
                if (++drawn % kDrawnBetweenLooks == 0 && std::chrono::steady_clock::now() > deadline) {
                    m_next = row + 1;
                    return false;
                }
            }
            ++row;
        }
        m_next = 0;
        return true;
    }

    /// Counts a row on a pixel; pixels outside are left out.
    void add(std::size_t ofClass, int x, int y, int count) {
        if (x < 0 || y < 0 || x >= m_size.width() || y >= m_size.height()) return;
        m_counts[ofClass * pixels() + static_cast<std::size_t>(y * m_size.width() + x)] += count;
    }

    int count(std::size_t ofClass, int x, int y) const {
        return m_counts[ofClass * pixels() + static_cast<std::size_t>(y * m_size.width() + x)];
    }

    /// By pixel, row by row from the top.
    std::int32_t* counts(std::size_t ofClass) { return m_counts.data() + ofClass * pixels(); }

    /// The wanted rows are others now: the next advance() looks at all again.
    void restart() { m_next = 0; }

    /// The picture of the counts; transparent where nothing is. Made anew only after a change.
    const QImage& image(const DensityColors& colors);
    void recolor() { m_dirty = true; }

private:
    std::size_t pixels() const {
        return static_cast<std::size_t>(m_size.width()) * static_cast<std::size_t>(m_size.height());
    }

    QRgb mixedColor(std::size_t pixel, std::size_t classes, const std::vector<std::vector<QRgb>>& pure,
                    const DensityColors& colors, const std::vector<double>& opacity) const;

    QSize m_size;
    std::vector<std::int32_t> m_counts; ///< by class, then row of pixels
    std::vector<std::uint8_t> m_drawn;
    std::size_t m_next = 0;
    bool m_dirty = true;
    QImage m_image;
};

/// Draws a point of a radius in pixels: 0 is a single one.
void addDisc(DensityLayer& layer, std::size_t ofClass, int x, int y, int radius, int count);

/// Draws a line from the left edge of the layer to its right one.
/// @param left, right heights of its ends in pixels
/// @param filled whether steep lines are without gaps
void addLine(DensityLayer& layer, std::size_t ofClass, double left, double right, bool filled, int count);

} // namespace headroom::widgets
