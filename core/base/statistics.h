#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

namespace headroom {

/// Of a sample: what designers expect under a histogram. All NaN for an empty sample.
struct Summary {
    std::size_t count = 0;
    double mean = 0;
    double deviation = 0; ///< of the sample (n - 1); 0 for a single value
    double minimum = 0, median = 0, maximum = 0;
    double fifth = std::numeric_limits<double>::quiet_NaN();       ///< 5 % of the sample lie below
    double ninetyFifth = std::numeric_limits<double>::quiet_NaN(); ///< 95 % of the sample lie below
};

/// Values that are not finite are left out.
Summary summarise(const std::vector<double>& values);

/// Process capability C_pk: the distance from the mean to the nearer limit, in three standard deviations;
/// with one limit, to that one (Kane 1986, Process capability indices, J. Quality Technology 18). NaN without
/// a limit or without spread.
double processCapability(const Summary& summary, std::optional<double> minimum,
                         std::optional<double> maximum);

/// Quantile by linear interpolation between order statistics. @param sorted ascending, not empty
double quantile(const std::vector<double>& sorted, double fraction);

/// An interval that covers a share.
struct ShareInterval {
    double low = 0, high = 1;
    double width() const { return high - low; }
};

/// Score interval of a binomial share at 95 % confidence (Wilson, JASA 22:209, 1927, with z = 1.96): unlike
/// the normal approximation it covers shares near 0 and 1 and small samples (Brown, Cai and DasGupta,
/// Statistical Science 16:101, 2001). All of [0, 1] for no trials.
/// @param successes at most @p trials
ShareInterval wilsonInterval(std::size_t successes, std::size_t trials);

/// Equal bins over [low, high]; the last bin includes its upper edge.
struct Histogram {
    double low = 0, high = 1;
    std::vector<std::size_t> counts;

    double binWidth() const { return (high - low) / static_cast<double>(counts.size()); }
    /// The bin of a value; values outside fall into the first or last bin.
    std::size_t binOf(double value) const;
};

/// About sqrt(n) bins, 5 to 40, over the range of the values widened to include @p mustInclude.
Histogram makeHistogram(const std::vector<double>& values, const std::vector<double>& mustInclude = {});

/// Round axis ticks (1, 2 or 5 times a power of ten) inside [low, high], about @p wanted of them.
std::vector<double> niceTicks(double low, double high, int wanted = 5);

} // namespace headroom
