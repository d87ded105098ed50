#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/base/statistics.h"
#include "core/sizing/specification.h"

namespace headroom::sizing {

/// What a specification asks for, given a tolerance: how much worse a performance may be, relative. What it
/// leaves free is observed.
std::vector<Requirement> performanceLimits(const Specification& specification, double tolerance,
                                           double supplyVoltage);

/// A requirement without the corners that a technology does not have; with none left it is to hold at all.
Requirement atKnownCorners(Requirement requirement, const std::vector<std::string>& known);

/// How far inside its limits a value lies, relative (see relativeDifference()); negative outside of them;
/// infinite without limits.
double marginOf(const Requirement& limit, double value, double supplyVoltage);

/// Every combination of corners, supply voltages (V) and temperatures (degrees Celsius); of an empty list the
/// pool's own.
std::vector<simulation::Variation> everyPlace(const std::vector<std::string>& corners,
                                              const std::vector<double>& supplies,
                                              const std::vector<double>& temperatures);

/// All corners at 90, 100 and 110 % of a supply voltage (V) and at -40, 27 and 125 degrees Celsius: what is
/// looked at where nothing is said.
std::vector<simulation::Variation> usualPlaces(const std::vector<std::string>& corners, double supplyVoltage);

struct RobustnessSettings {
    std::vector<simulation::Variation> places = {}; ///< may be empty
    std::size_t draws = 0;                          ///< of mismatch, at most; 0: none
    bool atWorstPlace = false; ///< mismatch there too, and not only at the pool's conditions
    /// Draws end as soon as the overall yield's interval is as narrow as this. It is looked at after every
    /// robustnessBatch draws.
    std::optional<double> intervalWidth = {};
    std::uint64_t seed = 1;
    double supplyVoltage = 0; ///< V, that relative margins refer to
    /// Of the pool's conditions: where a place without a corner is. Empty: it is any requirement's.
    std::string ownCorner = {};
};

/// Draws between two looks at the yield's interval: a number of its own, so that results do not depend on how
/// many workers there are.
inline constexpr std::size_t robustnessBatch = 32;

/// What became of a sizing at one corner, supply and temperature.
struct PlaceOutcome {
    simulation::Variation place;
    simulation::Evaluation evaluation;
    double margin = 0; ///< least of all performances; minus infinity where one is missing
    bool holds = false;
};

/// The worst that a performance comes to over all places at which its limits are to hold.
struct WorstValue {
    std::optional<std::size_t> place; ///< absent where no place has a value
    double value = std::numeric_limits<double>::quiet_NaN();
    bool holds = true;       ///< at each of them, a missing value counting as one that does not
    std::size_t missing = 0; ///< places without a value
};

/// How much of a performance's variance is one MOSFET's. With twice its area the variance would be less by
/// half of the share.
struct DeviceShare {
    std::string device;
    double share = 0; ///< 0 to 1
};

/// A performance over the draws of mismatch.
struct PerformanceSpread {
    std::vector<double> values; ///< by draw; NaN where there is none
    Summary summary;
    std::size_t passed = 0;
    ShareInterval yield; ///< that covers the true one with 95 % confidence
    /// min((mean - minimum), (maximum - mean)) / 3 sigma; NaN without limits or spread.
    double capability = std::numeric_limits<double>::quiet_NaN();
    std::vector<DeviceShare> shares; ///< the largest first; empty where there are too few draws
    double explained = 0;            ///< of the variance, by a linear model of all devices
};

/// Mismatch at one place.
struct MismatchOutcome {
    simulation::Variation place;
    std::size_t draws = 0;
    std::size_t failed = 0; ///< that did not simulate; they count as not passed
    std::string firstProblem;
    std::size_t passed = 0;                      ///< all limits
    ShareInterval yield;                         ///< overall
    bool isNarrowEnough = false;                 ///< stopped because the interval was
    std::vector<PerformanceSpread> performances; ///< by limit
    std::size_t drawsForShares = 0;              ///< that it takes to tell the devices' shares

    double yieldShare() const {
        return draws > 0 ? static_cast<double>(passed) / static_cast<double>(draws) : 0;
    }
};

/// How a sizing stands up to process, supply, temperature and mismatch.
struct Robustness {
    std::vector<Requirement> limits;
    std::vector<PlaceOutcome> places;      ///< in the order of the settings
    std::vector<WorstValue> worst;         ///< by limit; empty without places
    std::optional<std::size_t> worstPlace; ///< with the least margin; absent without places
    std::vector<MismatchOutcome> mismatch; ///< at the pool's conditions, then at the worst place
    std::size_t simulations = 0;           ///< evaluations, those that a cache answered among them

    bool holdsEverywhere() const;
};

/// What simulates, results in the order of the requests. @param onDone evaluations so far; may be empty
using SimulateRequests = std::function<Result<std::vector<simulation::Evaluation>>(
    const std::vector<simulation::EvaluationRequest>& requests, JobContext& context)>;

/// By a pool, which must outlive the result.
SimulateRequests simulatorOf(simulation::EvaluationPool& pool);

/// Called with what there is so far, once after the places and after every batch of draws. Summaries and
/// shares may be those of the draws before the last tenth.
using OnRobustness = std::function<void(const Robustness& partial)>;

/// Simulates a sizing at all places and under draws of mismatch. Errors: Cancelled; that of the mismatch
/// where the technology has no figures for it; that of the sizing where it simulates nowhere.
/// @param devices names of all MOSFETs, whose shares of the variance are told
/// @param limits not empty; those without ends are observed
Result<Robustness> assessRobustness(const SimulateRequests& simulate, const std::vector<std::string>& devices,
                                    const netlist::Sizing& sizing, const std::vector<Requirement>& limits,
                                    const RobustnessSettings& settings, JobContext& context,
                                    const OnRobustness& onPartial = {});

/// Names of a circuit's MOSFETs.
std::vector<std::string> mosfetNames(const netlist::Circuit& circuit);

} // namespace headroom::sizing
