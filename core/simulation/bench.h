#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/simulator.h"

namespace headroom::simulation {

/// Changes whenever a bench, a measurement or its definition changes what is reported: part of the cache's
/// keys.
inline constexpr int benchVersion = 1;

/// What is driven in an AC analysis.
enum class Excitation { Differential, CommonMode, PositiveSupply, NegativeSupply };

/// How hard ngspice is asked to try.
enum class Effort { Normal, Gentle };

/// How the performances are measured: shared by the workers and by the stand-alone deck.
namespace procedure {
/// Of the supply voltage: how far from its level the output may rest before the bias counts as failed.
inline constexpr double outputTolerance = 0.1;
/// A gate this far below threshold (V) carries less than a thousandth of the threshold current.
inline constexpr double offOverdrive = -0.25;
inline constexpr double lowestFrequency = 0.1;   ///< Hz
inline constexpr double highestFrequency = 10e9; ///< Hz
/// Steps per supply voltage in the DC sweeps; limits are interpolated between them.
inline constexpr double sweepStepsPerSupply = 50;
/// Of a step: what a sweep's end is moved by, so that rounding cannot drop the last point.
inline constexpr double sweepSlack = 0.01;
/// Of the supply voltage: how far beyond the rails the common-mode input is swept.
inline constexpr double inputOverreach = 0.3;
/// Height of the slewing step, as a share of the supply voltage.
inline constexpr double stepShare = 0.4;
/// Shares of the step between which the slope is taken: after the inner nodes have moved, while the input
/// pair is still overdriven. On the example amplifiers this is within 3 % of the steepest slope.
inline constexpr double slopeFrom = 0.2;
inline constexpr double slopeTo = 0.5;
/// Time windows of the step response that are tried one after the other, in units of 1 / (2 pi f_t). The
/// first one is enough where the slew rate is the input pair's current over the dominant capacitance.
inline constexpr std::array stepWindows = {5.0, 25.0, 125.0, 1000.0};
/// Time steps per window, at least.
inline constexpr double stepsPerWindow = 20;
inline constexpr double riseTimeShare = 0.05; ///< of 1 / (2 pi f_t)
} // namespace procedure

/// One DC sweep away from the nominal conditions, towards the limit that it measures.
struct Sweep {
    Performance performance;
    const char* source;      ///< the bench's source that is swept
    netlist::NetId observed; ///< whose voltage is the result
    double from, to;         ///< V
    int steps;
};

/// What is asked of every MOSFET, as ngspice names it.
inline constexpr std::array mosfetQuantities = {"vdsat", "id", "gm", "gds", "vth"};

/// One figure of the circuit that a sizing can change.
struct Slot {
    netlist::DeviceId device = -1;
    std::string parameter;         ///< "w", "l", "m", "nf", "value"
    std::optional<double> nominal; ///< the netlist's or a default; absent: a sizing must give it
};

/// Values by slot.
using SlotValues = std::vector<double>;

/// The amplifier put into its test bench. Ports and conditions are fixed; only slot values change.
///
/// Every net and device has a bench name made of a letter and its number ("n12", "m3"), so that no name in
/// a netlist can clash with ngspice's own words; withSourceNames() leads back. The sources of the bench:
///
///     v_dd, v_ss    supplies, V_DD and 0 V      i_b0, ...     currents into or out of the bias ports
///     v_cm          common-mode input v_CM      v_t           output level v_T; in transients its step
///     v_ip, v_in    AC drive of the inputs      r_fb, c_fb    low pass in the feedback
///     m_bias0, ...  copies of MOSFETs that make bias voltages, each with its current i_bias0, ...
///
///     v_in+ = v_CM,   v_in- = v_CM + v_out - v_T
///
/// The last relation is a unity feedback that lets the output rest at v_T whatever v_CM is; the input that
/// it settles at is the systematic offset. It passes a low pass of 10^12 s, so that the loop is closed at
/// DC and open at every frequency that is looked at. Transients make the low pass 10^-12 s short.
class Bench {
public:
    /// Errors: those of EvaluationPool::create except the missing worker; BadInput for a floating net.
    static Result<Bench> create(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings);

    const BenchConditions& conditions() const { return m_conditions; }
    const std::vector<Slot>& slots() const { return m_slots; }
    /// Things worth telling about every evaluation on this bench.
    const std::vector<std::string>& notes() const { return m_notes; }

    /// The figures of a sizing put over the netlist's. Errors: BadInput for an unknown device or parameter,
    /// a value that is no positive number, or a device that is left without a size.
    Result<SlotValues> resolve(const Sizing& sizing) const;
    /// How a value is written for ngspice, and therefore what counts as equal.
    static std::string written(double value);

    /// The whole circuit description; body() is the part between title and end.
    std::string body(const SlotValues& values, Effort effort) const;
    std::string deck(const SlotValues& values, Effort effort) const;
    /// `alter` commands that bring a loaded deck from one set of values to another.
    std::string alterations(const SlotValues& before, const SlotValues& after) const;
    /// `alter` commands that make the next operating point start from this one instead of from
    /// initialGuess(): the same solution at a fraction of the cost.
    std::string startFrom(const OperatingPoint& point) const;
    /// `alter` commands that undo startFrom().
    std::string startAfresh() const;
    /// `alter` commands for the AC magnitudes of one excitation, all others at rest.
    std::string excite(Excitation excitation) const;
    /// `alter` commands that step v_t from the output level by @p volts with this rise time (s, or a
    /// variable) and let the feedback act at once; endStep() undoes it.
    std::string step(double volts, const std::string& riseTime) const;
    std::string endStep() const;

    /// The sweeps for IcmrMin, IcmrMax, VoutMin and VoutMax.
    std::array<Sweep, 4> sweeps() const;

    /// The vectors of an operating point or DC sweep: for every MOSFET in turn the quantities of
    /// mosfetQuantities, then the nets for which isMeasured(), then the supply's current.
    std::vector<std::string> operatingPointVectors() const;
    /// `save` commands for these vectors; ngspice loses what stands beyond 1000 characters of one line.
    static std::string saveCommands(const std::vector<std::string>& vectors);
    bool isMeasured(netlist::NetId net) const { return m_isMeasured[static_cast<std::size_t>(net)]; }

    /// MOSFETs of the circuit, in the order of the operating point's vectors.
    const std::vector<netlist::DeviceId>& mosfets() const { return m_mosfets; }
    netlist::Polarity polarity(netlist::DeviceId device) const;
    const netlist::Circuit& circuit() const { return m_amplifier->netlist.circuit; }
    const technology::Technology& technology() const { return m_amplifier->technology; }
    const structure::AmplifierPorts& ports() const { return *m_amplifier->structure.ports; }

    std::string netName(netlist::NetId net) const;
    std::string deviceName(netlist::DeviceId device) const;
    /// Sum of W L m over all MOSFETs, m2.
    double gateArea(const SlotValues& values) const;
    /// Puts the netlist's names into a message of ngspice's.
    std::string withSourceNames(const std::string& message) const;

private:
    Bench() = default;
    Result<void> chooseConditions(const EvaluationSettings& settings);
    Result<void> chooseVoltageBiases(const EvaluationSettings& settings);
    Result<void> collectSlots();
    Result<void> collectMosfet(netlist::DeviceId id);
    Result<void> checkNets() const;
    tl::unexpected<Error> failAbout(ErrorCode code, const netlist::Device& device, std::string message) const;
    std::string deviceLine(netlist::DeviceId device, const SlotValues& values, Effort effort) const;
    /// What Newton's method is told to start from: "v_DS,v_GS,v_BS" of a saturated, overdriven device.
    std::string initialGuess(netlist::DeviceId device) const;
    /// " CARD w=.. l=.. m=.. nf=.." of a MOSFET.
    std::string cardAndSize(netlist::DeviceId mosfet, const SlotValues& values) const;
    std::string replicas(const SlotValues& values) const;
    std::string sources() const;
    std::string sourceName(const std::string& word) const;
    bool isGround(netlist::NetId net) const;
    bool isBenchSource(const netlist::Device& device) const;

    const AmplifierUnderTest* m_amplifier = nullptr;
    BenchConditions m_conditions;
    std::vector<Slot> m_slots;
    std::vector<const technology::MosfetRules*> m_rules; ///< by device; null for all but MOSFETs
    std::vector<netlist::DeviceId> m_mosfets;
    std::vector<std::pair<netlist::NetId, double>> m_voltageBiases;
    /// A diode-connected copy of a MOSFET that makes the voltage of the net at its gate.
    struct Replica {
        netlist::NetId net;
        netlist::DeviceId original;
    };
    std::vector<Replica> m_replicas;
    std::string m_models;
    std::vector<std::string> m_notes;
    std::vector<bool> m_isMeasured; ///< by net
    bool m_needsLoad = false;
};

} // namespace headroom::simulation
