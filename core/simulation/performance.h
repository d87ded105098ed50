#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace headroom::simulation {

/// The performances of an amplifier. ARCHITECTURE-level contract: names and units are those of
/// headroom-cli's JSON.
enum class Performance {
    GainDb,
    TransitFrequency,
    PhaseMargin,
    Power,
    SlewRate,
    CmrrDb,
    IcmrMin,
    IcmrMax,
    VoutMin,
    VoutMax,
    PsrrPositiveDb,
    PsrrNegativeDb,
    Offset,
    Area,
    GainMargin,
    SlewRateRising,
    SlewRateFalling,
    SettlingTime,
    NoiseInput,
    NoiseDensity,
};

struct PerformanceInfo {
    Performance performance;
    const char* name;   ///< "transit_frequency"
    const char* title;  ///< "Transit frequency"
    const char* symbol; ///< "f_t": short, for axes
    const char* unit;   ///< SI: "Hz", "V", "dB", "deg", "W", "V/s", "m2"
    bool biggerIsBetter;
    const char* definition; ///< one sentence with the equation
};

/// In the order of the enumeration.
const std::vector<PerformanceInfo>& performanceInfos();
const PerformanceInfo& info(Performance performance);
std::optional<Performance> performanceFromName(std::string_view name);

/// The ten performances of the main job, in display order: gain, transit frequency, phase margin, power,
/// slew rate, CMRR, ICMR and output swing.
const std::vector<Performance>& standardPerformances();

using PerformanceMap = std::map<Performance, double>;

} // namespace headroom::simulation
