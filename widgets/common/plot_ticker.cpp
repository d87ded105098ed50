#include "widgets/common/plot_ticker.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/quantity.h"

namespace headroom::widgets {
namespace {

/// From this ratio on, one prefix makes figures like 0.001 or 10000.
constexpr double kManyPrefixes = 2e3;

/// Whether figures of different size have different prefixes.
bool hasPrefixes(const QString& unit) {
    return takesPrefix(unit.toStdString()) && displayUnit(1e6, unit).text != displayUnit(1, unit).text;
}

} // namespace

QString wrappedLabel(const QString& name, int width, const QFontMetrics& metrics) {
    QStringList lines;
    for (const QString& word : name.split(QLatin1Char(' '))) {
        const QString longer = lines.isEmpty() ? word : lines.back() + QLatin1Char(' ') + word;
        if (lines.isEmpty() || metrics.horizontalAdvance(longer) > width)
            lines << word;
        else
            lines.back() = longer;
    }
    for (QString& line : lines)
        line = metrics.elidedText(line, Qt::ElideRight, width);
    return lines.join(QLatin1Char('\n'));
}

EngineeringTicker::EngineeringTicker(const PlotAxis& axis)
    : m_axis(axis) {}

bool EngineeringTicker::isWide(const QCPRange& range) const {
    return m_axis.logarithmic && range.lower > 0 && range.upper > range.lower * 12;
}

DisplayUnit EngineeringTicker::adaptTo(const QCPRange& range) {
    m_ownPrefixes = isWide(range) && range.upper > range.lower * kManyPrefixes && hasPrefixes(m_axis.unit);
    const double magnitude = std::max(std::abs(range.lower), std::abs(range.upper));
    m_unit = displayUnit(m_ownPrefixes ? 1 : magnitude, m_axis.unit);
    return m_unit;
}

double EngineeringTicker::getTickStep(const QCPRange& range) {
    m_subTicks = 0;
    // Chosen in shown units, so that prefixes do not make steps crooked.
    const QCPRange shown(range.lower * m_unit.perUnit, range.upper * m_unit.perUnit);
    if (m_axis.unit == QLatin1String("deg")) {
        static constexpr std::array kSteps = {5.0, 10.0, 15.0, 30.0, 45.0, 90.0, 180.0, 360.0};
        const double wanted = shown.size() / std::max(1, tickCount());
        const auto step = std::find_if(kSteps.begin(), kSteps.end(), [&](double s) { return s >= wanted; });
        if (wanted > 2.5 && step != kSteps.end()) return m_step = *step;
    }
    m_step = QCPAxisTicker::getTickStep(shown) / m_unit.perUnit;
    if (m_axis.wholeNumbers) m_step = std::max(1.0, std::round(m_step));
    return m_step;
}

QVector<double> EngineeringTicker::decades(const QCPRange& range) {
    const int first = static_cast<int>(std::ceil(std::log10(range.lower) - 1e-9));
    const int last = static_cast<int>(std::floor(std::log10(range.upper) + 1e-9));
    const int every = std::max(1, (last - first + tickCount()) / std::max(1, tickCount()));
    m_subTicks = every == 1 ? 8 : 0;
    QVector<double> ticks;
    if (last <= first) {
        // One decade alone does not say how long the axis is.
        m_subTicks = 0;
        for (int decade = first - 2; decade <= last + 1; ++decade) {
            for (const double digit : {1.0, 2.0, 5.0})
                ticks << digit * std::pow(10.0, decade);
        }
        return ticks;
    }
    // One beyond both ends, between which and the next the small ticks stand. Round multiples of the step.
    const int start = static_cast<int>(std::floor(static_cast<double>(first) / every) * every);
    for (int decade = start - every; decade <= last + every; decade += every)
        ticks << std::pow(10.0, decade);
    return ticks;
}

QVector<double> EngineeringTicker::createTickVector(double step, const QCPRange& range) {
    m_decades = isWide(range);
    return m_decades ? decades(range) : QCPAxisTicker::createTickVector(step, range);
}

QString EngineeringTicker::getTickLabel(double tick, const QLocale& locale, QChar, int) {
    if (m_ownPrefixes) {
        const DisplayUnit own = displayUnit(tick, QStringLiteral("V")); // for its prefix
        return QString::number(tick * own.perUnit, 'g', 4) + own.text.chopped(1);
    }
    const double shown = tick * m_unit.perUnit;
    if (m_decades) return locale.toString(shown, 'g', 4);
    double step = std::abs(m_step * m_unit.perUnit);
    int decimals = 0;
    while (decimals < 9 && std::abs(step - std::round(step)) > 1e-6 * step) {
        step *= 10;
        ++decimals;
    }
    const double clean = std::abs(shown) < std::abs(m_step * m_unit.perUnit) * 1e-6 ? 0 : shown;
    return QString::number(clean, 'f', decimals);
}

} // namespace headroom::widgets
