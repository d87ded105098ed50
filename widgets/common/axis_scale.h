#pragma once

#include <QString>

#include <vector>

namespace headroom::widgets {

/// Whether a quantity over this range reads best on a logarithmic axis: positive, over a decade and a half.
bool spansDecades(double low, double high);

/// A place on an axis that carries a figure.
struct AxisTick {
    double value = 0; ///< SI units
    QString label;    ///< in the axis' display unit
};

/// How a quantity lies along an axis of length 1. Values are in SI units.
class AxisScale {
public:
    AxisScale() = default;

    /// Ends may be equal or not finite: then the range is widened to something that can be drawn. A
    /// logarithmic axis over what is not positive becomes linear.
    AxisScale(double low, double high, bool logarithmic, bool inverted = false);

    double low() const { return m_low; }
    double high() const { return m_high; }
    bool isLogarithmic() const { return m_logarithmic; }

    /// 0 at the low end and 1 at the high one, the other way round where inverted; beyond the ends outside
    /// of 0 to 1; NaN for what has no place on the axis.
    double shareOf(double value) const;
    double valueAt(double share) const;

    /// About @p wanted ticks inside the range, ascending.
    std::vector<AxisTick> ticks(const QString& unit, int wanted) const;

    /// The unit that tick labels are in: "MHz"; empty where each carries its own prefix or there is none.
    QString tickUnit(const QString& unit) const;

private:
    bool hasOwnPrefixes(const QString& unit) const;

    double m_low = 0, m_high = 1;
    bool m_logarithmic = false;
    bool m_inverted = false;
};

} // namespace headroom::widgets
