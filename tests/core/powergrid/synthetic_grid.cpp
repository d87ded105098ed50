#include "tests/core/powergrid/synthetic_grid.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include <fmt/format.h>

namespace headroom::powergrid {
namespace {

constexpr int kUnitsPerUm = 2000;

/// Parallel lines of metal on one layer, along x or y.
struct Straps {
    int layer;
    bool isAlongX;
    std::vector<int> places; ///< across the lines, database units
    double ohmsPerUm;
};

std::vector<int> every(int start, int pitch, int end) {
    std::vector<int> places;
    for (int at = start; at < end; at += pitch)
        places.push_back(at);
    return places;
}

class Text {
public:
    template <class... Values>
    void add(fmt::format_string<Values...> format, Values&&... values) {
        fmt::format_to(std::back_inserter(m_text), format, std::forward<Values>(values)...);
    }
    std::string text() const { return fmt::to_string(m_text); }

private:
    fmt::memory_buffer m_text;
};

class Writer : private Text {
public:
    explicit Writer(int sizeUm)
        : m_end(sizeUm * kUnitsPerUm) {}

    std::string write() {
        const Straps rails{1, true, every(0, 4800, m_end), 2.23},
            m4{4, false, every(4000, 28000, m_end), 0.583}, m7{7, true, every(4000, 80000, m_end), 0.053},
            m8{8, false, every(4000, 22400, m_end), 0.0107}, m9{9, true, every(4000, 22400, m_end), 0.00857};
        std::vector<int> taps = every(0, 4800, m_end), nodes;
        std::set_union(taps.begin(), taps.end(), m4.places.begin(), m4.places.end(),
                       std::back_inserter(nodes));
        lay(rails, nodes);
        lay(m4, merged(rails.places, m7.places));
        lay(m7, merged(m4.places, m8.places));
        lay(m8, merged(m7.places, m9.places));
        lay(m9, m8.places);
        join(m4, rails, 15);
        join(m4, m7, 9);
        join(m8, m7, 1);
        join(m8, m9, 1);
        supply(m8, m9);
        draw(rails, taps);
        add(".op\n.end\n");
        return text();
    }

private:
    static std::vector<int> merged(const std::vector<int>& a, const std::vector<int>& b) {
        std::vector<int> both;
        std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
        return both;
    }

    void lay(const Straps& straps, const std::vector<int>& nodes) {
        for (const int place : straps.places)
            for (std::size_t i = 1; i < nodes.size(); ++i) {
                const double ohms = straps.ohmsPerUm * (nodes[i] - nodes[i - 1]) / kUnitsPerUm;
                if (straps.isAlongX)
                    add("R{0} n1_m{1}_{2}_{4} n1_m{1}_{3}_{4} {5:.6f}\n", m_resistors++, straps.layer,
                        nodes[i - 1], nodes[i], place, ohms);
                else
                    add("R{0} n1_m{1}_{4}_{2} n1_m{1}_{4}_{3} {5:.6f}\n", m_resistors++, straps.layer,
                        nodes[i - 1], nodes[i], place, ohms);
            }
    }

    /// Vias where lines along y cross lines along x.
    void join(const Straps& alongY, const Straps& alongX, double ohms) {
        for (const int x : alongY.places)
            for (const int y : alongX.places)
                add("R{} n1_m{}_{}_{} n1_m{}_{}_{} {:.6f}\n", m_resistors++, alongY.layer, x, y, alongX.layer,
                    x, y, ohms);
    }

    void supply(const Straps& alongY, const Straps& alongX) {
        int pads = 0;
        for (std::size_t i = 3; i < alongY.places.size(); i += 10)
            for (std::size_t j = 3; j < alongX.places.size(); j += 10)
                add("V{} n1_m9_{}_{} 0 1.100000\n", pads++, alongY.places[i], alongX.places[j]);
    }

    void draw(const Straps& rails, const std::vector<int>& taps) {
        int sources = 0;
        for (const int y : rails.places)
            for (const int x : taps)
                add("I{} n1_m1_{}_{} 0 {:.6e}\n", sources++, x, y,
                    1e-7 * (1.2 + std::sin(x * 1.1e-5) * std::cos(y * 0.9e-5)));
    }

    int m_end;
    int m_resistors = 0;
};

} // namespace

std::string contestLikeNetlist(int sizeUm) {
    return Writer(sizeUm).write();
}

std::string meshNetlist(int size, int padPitch) {
    Text text;
    int resistors = 0, pads = 0, sources = 0;
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) {
            if (x > 0) text.add("R{} n1_m1_{}_{} n1_m1_{}_{} 1.0\n", resistors++, x - 1, y, x, y);
            if (y > 0) text.add("R{} n1_m1_{}_{} n1_m1_{}_{} 1.0\n", resistors++, x, y - 1, x, y);
            const int half = padPitch / 2;
            if (x % padPitch == half && y % padPitch == half)
                text.add("V{} n1_m1_{}_{} 0 1.0\n", pads++, x, y);
            text.add("I{} n1_m1_{}_{} 0 1e-6\n", sources++, x, y);
        }
    text.add(".op\n.end\n");
    return text.text();
}

} // namespace headroom::powergrid
