#pragma once

#include <QStringList>

#include <limits>
#include <optional>
#include <vector>

#include "core/simulation/performance.h"

namespace headroom::widgets {

/// A performance, what it has to lie between, and the worst it comes to over all corners. SI units.
struct RobustPerformance {
    simulation::Performance performance = simulation::Performance::GainDb;
    std::optional<double> minimum, maximum;
    double worst = std::numeric_limits<double>::quiet_NaN(); ///< NaN: no corner has a value
    QString worstPlace;                                      ///< "ss, 1 V, 125 \u00b0C"
    bool holds = true;                                       ///< at all of its corners
    QStringList corners = {}; ///< of the process, at which it is to hold; empty: all

    bool appliesAt(const QString& corner) const { return corners.isEmpty() || corners.contains(corner); }
};

/// A corner, supply and temperature.
struct RobustPlace {
    QString name;
    QString corner; ///< of the process: "ss"
    bool holds = false;
    double margin = 0;          ///< least, relative; minus infinity where a performance is missing
    std::vector<double> values; ///< by performance; NaN where there is none
    QString problem;            ///< why it did not simulate; empty: it did
};

struct DeviceShareRow {
    QString device;
    double share = 0; ///< of the variance, 0 to 1
};

/// A performance over draws of mismatch.
struct SpreadRow {
    std::vector<double> values; ///< by draw
    double mean = 0, deviation = 0;
    double capability = 0; ///< Cpk; NaN without limits
    double yield = 0, yieldLow = 0, yieldHigh = 1;
    std::vector<DeviceShareRow> shares; ///< the largest first; empty where there are too few draws
    double explained = 0;
};

/// Mismatch at one corner.
struct MismatchData {
    QString place;
    std::size_t draws = 0, failed = 0;
    double yield = 0, yieldLow = 0, yieldHigh = 1; ///< overall
    bool narrowEnough = false;
    std::size_t drawsForShares = 0;
    QString firstProblem;
    std::vector<SpreadRow> performances; ///< by performance
};

/// What the Robustness panel shows: how one sizing stands up to corners and mismatch.
struct RobustnessData {
    QString origin; ///< "candidate 12"
    QString held;   ///< "the specification within 5 %"
    std::vector<RobustPerformance> performances;
    std::vector<RobustPlace> places;
    std::vector<MismatchData> mismatch;
    std::size_t simulations = 0;
};

} // namespace headroom::widgets
