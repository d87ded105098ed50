#pragma once

#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

#include "core/simulation/performance.h"

namespace headroom::widgets {

/// How far one size may move. SI units.
struct SlackRow {
    QString name; ///< "M1,M2 w"
    QStringList devices;
    QString unit;
    double value = 0;
    double low = 0, high = 0;                     ///< alone
    bool lowIsLegal = false, highIsLegal = false; ///< the legal range ends there and not the specification
    double togetherLow = 0, togetherHigh = 0;
    double mean = 0, deviation = 0;     ///< of the samples
    double reachLow = 0, reachHigh = 0; ///< that the slider covers
};

/// A way in which all sizes move together.
struct SlackDirectionRow {
    double deviation = 0;           ///< standard, of the logarithms along it
    std::vector<double> components; ///< by row
};

/// What the Slack panel shows: the room around one sizing.
struct SlackData {
    QString origin; ///< "candidate 12"
    QString held;   ///< what is held: "the specification within 5 %"
    std::vector<SlackRow> rows;
    std::vector<std::vector<double>> correlation; ///< rows x rows, of the logarithms
    std::vector<SlackDirectionRow> directions;    ///< the widest first
    std::size_t samples = 0, checked = 0, confirmed = 0, simulations = 0;
};

/// A performance where one size was moved and the others followed.
struct MovedPerformance {
    simulation::Performance performance = simulation::Performance::GainDb;
    double predicted = 0;            ///< NaN where nothing predicts it
    std::optional<double> simulated; ///< NaN: does not exist
    std::optional<double> minimum, maximum;
};

/// A sizing on the way.
struct MovedSizing {
    std::size_t row = 0;        ///< that was moved
    std::vector<double> values; ///< by row, SI units
    bool isExpectedToHold = false;
    std::vector<MovedPerformance> performances;
    bool isSimulating = false;
    QString problem; ///< of the simulation; empty: none
};

} // namespace headroom::widgets
