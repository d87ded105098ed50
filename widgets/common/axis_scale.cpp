#include "widgets/common/axis_scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/statistics.h"
#include "widgets/common/quantity_text.h"

#include "core/base/quantity.h"

namespace headroom::widgets {
namespace {

/// From this ratio on, one prefix makes figures like 0.001 or 10000.
constexpr double kManyPrefixes = 2e3;
/// Fewer decades than these have ticks within them.
constexpr double kWholeDecades = 2.5;

/// Whether figures of different size have different prefixes.
bool hasPrefixes(const QString& unit) {
    return takesPrefix(unit.toStdString()) && displayUnit(1e6, unit).text != displayUnit(1, unit).text;
}

std::vector<double> decadeTicks(double low, double high, int wanted) {
    const double decades = std::log10(high / low);
    std::vector<double> mantissas{1};
    if (decades < kWholeDecades)
        mantissas = decades < 1.2 ? std::vector<double>{1, 2, 5} : std::vector<double>{1, 3};
    const int every = std::max(1, static_cast<int>(std::ceil(decades / std::max(1, wanted))));
    std::vector<double> ticks;
    const int first = static_cast<int>(std::floor(std::log10(low)));
    for (int decade = first; decade <= std::log10(high) + 1; ++decade) {
        if (mantissas.size() == 1 && (decade - first) % every != 0) continue;
        for (const double mantissa : mantissas) {
            const double tick = mantissa * std::pow(10.0, decade);
            if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
        }
    }
    return ticks;
}

} // namespace

bool spansDecades(double low, double high) {
    return low > 0 && high / low > 30;
}

AxisScale::AxisScale(double low, double high, bool logarithmic, bool inverted)
    : m_low(low)
    , m_high(high)
    , m_inverted(inverted) {
    if (!std::isfinite(m_low) || !std::isfinite(m_high) || m_low > m_high) m_low = 0, m_high = 1;
    m_logarithmic = logarithmic && m_low > 0;
    if (m_low == m_high) {
        const double pad = m_low == 0 ? 1 : 0.05 * std::abs(m_low);
        m_low -= pad;
        m_high += pad;
    }
}

double AxisScale::shareOf(double value) const {
    if (m_logarithmic && value <= 0) return std::numeric_limits<double>::quiet_NaN();
    const double share = m_logarithmic ? std::log(value / m_low) / std::log(m_high / m_low)
                                       : (value - m_low) / (m_high - m_low);
    return m_inverted ? 1 - share : share;
}

double AxisScale::valueAt(double share) const {
    const double along = m_inverted ? 1 - share : share;
    if (along == 1)
        return m_high; // to the last bit, so that an interval up to the end holds the largest value
    return m_logarithmic ? m_low * std::pow(m_high / m_low, along) : m_low + (m_high - m_low) * along;
}

bool AxisScale::hasOwnPrefixes(const QString& unit) const {
    return m_logarithmic && m_high > m_low * kManyPrefixes && hasPrefixes(unit);
}

QString AxisScale::tickUnit(const QString& unit) const {
    if (hasOwnPrefixes(unit)) return {};
    return displayUnit(std::max(std::abs(m_low), std::abs(m_high)), unit).text;
}

std::vector<AxisTick> AxisScale::ticks(const QString& unit, int wanted) const {
    const bool ownPrefixes = hasOwnPrefixes(unit);
    const DisplayUnit shown = displayUnit(std::max(std::abs(m_low), std::abs(m_high)), unit);
    std::vector<AxisTick> ticks;
    const auto add = [&](double value, double figure) {
        ticks.push_back({value, ownPrefixes ? quantityText(value, unit.toUtf8().constData(), 3)
                                            : QString::number(figure, 'g', 4)});
    };
    if (m_logarithmic) {
        for (const double value : decadeTicks(m_low, m_high, wanted))
            add(value, value * shown.perUnit);
    }
    // Where no round figure lies in a logarithmic range, round steps do.
    if (ticks.size() < 2) {
        ticks.clear();
        for (const double figure : niceTicks(m_low * shown.perUnit, m_high * shown.perUnit, wanted))
            add(figure / shown.perUnit, figure);
    }
    return ticks;
}

} // namespace headroom::widgets
