#include "core/simulation/performance.h"

namespace headroom::simulation {
namespace {

std::vector<PerformanceInfo> makeInfos() {
    using enum Performance;
    return {
        {GainDb, "gain_db", "Gain", "A_0", "dB", true,
         "Open-loop differential gain 20 log10 |v_out / (v_in+ - v_in-)| at 0.1 Hz, the operating point held "
         "by "
         "feedback that acts at DC only."},
        {TransitFrequency, "transit_frequency", "Transit frequency", "f_t", "Hz", true,
         "Lowest frequency at which the open-loop differential gain is 1."},
        {PhaseMargin, "phase_margin", "Phase margin", "PM", "deg", true,
         "180 degrees plus the phase of the open-loop differential gain at f_t, unwrapped from DC."},
        {Power, "power", "Power", "P", "W", false,
         "V_DD times the current drawn from the positive supply, the bias current included."},
        {SlewRate, "slew_rate", "Slew rate", "SR", "V/s", true,
         "Smaller of the rising and falling slope of the output between 20 and 50 % of a step of 0.4 V_DD "
         "from "
         "its level, in unity feedback v_in- = v_CM + v_out - v_ref with v_ref stepped and v_in+ = v_CM."},
        {CmrrDb, "cmrr_db", "Common-mode rejection", "CMRR", "dB", true,
         "20 log10 |A_d / A_cm| at 0.1 Hz, A_cm with both inputs driven alike."},
        {IcmrMin, "icmr_min", "Lowest common-mode input", "V_CM,min", "V", false,
         "Lower end of the common-mode inputs around v_CM at which every MOSFET that is saturated at v_CM "
         "(V_DS >= V_DS,sat) stays so, the output held at its level; not below -0.3 V_DD."},
        {IcmrMax, "icmr_max", "Highest common-mode input", "V_CM,max", "V", true,
         "Upper end of the common-mode inputs around v_CM at which every MOSFET that is saturated at v_CM "
         "(V_DS >= V_DS,sat) stays so, the output held at its level; not above 1.3 V_DD."},
        {VoutMin, "vout_min", "Lowest output", "V_out,min", "V", false,
         "Lower end of the output levels around the nominal one at which every MOSFET that is saturated "
         "there "
         "stays so, the inputs at v_CM."},
        {VoutMax, "vout_max", "Highest output", "V_out,max", "V", true,
         "Upper end of the output levels around the nominal one at which every MOSFET that is saturated "
         "there "
         "stays so, the inputs at v_CM."},
        {PsrrPositiveDb, "psrr_pos_db", "Positive supply rejection", "PSRR+", "dB", true,
         "20 log10 |A_d / (v_out / v_DD)| at 0.1 Hz, the inputs and the negative supply at rest."},
        {PsrrNegativeDb, "psrr_neg_db", "Negative supply rejection", "PSRR-", "dB", true,
         "20 log10 |A_d / (v_out / v_SS)| at 0.1 Hz, the inputs and the positive supply at rest."},
        {Offset, "offset", "Systematic offset", "V_os", "V", false,
         "v_in+ - v_in- that brings the output to its level, without mismatch."},
        {Area, "area", "Gate area", "A", "m2", false, "Sum of W L m over all MOSFETs."},
        {GainMargin, "gain_margin_db", "Gain margin", "GM", "dB", true,
         "-20 log10 |A| of the open-loop differential gain at the lowest frequency at which its phase, "
         "unwrapped "
         "from DC, has fallen by 180 degrees."},
        {SlewRateRising, "slew_rate_rising", "Rising slew rate", "SR+", "V/s", true,
         "Slope of the output between 20 and 50 % of a rising step of 0.4 V_DD, as for the slew rate."},
        {SlewRateFalling, "slew_rate_falling", "Falling slew rate", "SR-", "V/s", true,
         "Slope of the output between 20 and 50 % of a falling step of 0.4 V_DD, as for the slew rate."},
        {SettlingTime, "settling_time", "Settling time", "t_s", "s", false,
         "Longer of the times after a rising and a falling step of 0.4 V_DD from which on the output stays "
         "within "
         "1 % of the step around the value that it settles at, in unity feedback."},
        {NoiseInput, "noise_input", "Input noise", "v_n,in", "V", false,
         "Noise voltage referred to the differential input, integrated from 1 Hz to f_t (rms)."},
        {NoiseDensity, "noise_density", "Input noise density", "v_n", "V/sqrt(Hz)", false,
         "Noise voltage density referred to the differential input at f_t / 10."},
    };
}

} // namespace

const std::vector<PerformanceInfo>& performanceInfos() {
    static const std::vector<PerformanceInfo> infos = makeInfos();
    return infos;
}

const PerformanceInfo& info(Performance performance) {
    return performanceInfos()[static_cast<std::size_t>(performance)];
}

std::optional<Performance> performanceFromName(std::string_view name) {
    for (const PerformanceInfo& entry : performanceInfos())
        if (name == entry.name) return entry.performance;
    return std::nullopt;
}

const std::vector<Performance>& standardPerformances() {
    using enum Performance;
    static const std::vector<Performance> standard = {
        GainDb, TransitFrequency, PhaseMargin, Power, SlewRate, CmrrDb, IcmrMin, IcmrMax, VoutMin, VoutMax};
    return standard;
}

} // namespace headroom::simulation
