#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/engine.h"
#include "core/simulation/procedure.h"
#include "core/simulation/simulator.h"
#include "core/technology/library_excerpt.h"

namespace headroom::simulation {

/// Changes whenever a bench, a measurement or its definition changes what is reported: part of the cache's
/// keys.
inline constexpr int benchVersion = 5;

/// What is driven in an AC analysis. Output: a current into the output while the feedback is closed.
enum class Excitation { Differential, CommonMode, PositiveSupply, NegativeSupply, Output };

/// How hard ngspice is asked to try.
enum class Effort { Normal, Gentle };

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
    std::string parameter;         ///< "w", "l", "m", "nf", "value"; "delvto" and "mulu0" of mismatch
    std::optional<double> nominal; ///< the netlist's or a default; absent: a sizing must give it
    bool isMismatch = false;       ///< no sizing may set it
};

/// "M1, M2 and 3 more": device names as part of a sentence.
std::string namesOf(const std::vector<std::string>& devices);

/// Values by slot.
using SlotValues = std::vector<double>;

/// A user's measurement put into the bench's names.
struct BenchMeasurement {
    Measurement measurement;
    Expression expression;
    std::vector<std::string> vectors; ///< that it needs
};

/// The amplifier put into its test bench. Ports and conditions are fixed; only slot values change.
///
/// Every net and device has a bench name made of a letter and its number ("n12", "m3"), so that no name in
/// a netlist can clash with ngspice's own words; withSourceNames() leads back. The sources of the bench:
///
///     v_dd, v_ss    supplies, V_DD and 0 V      i_b0, ...     currents into or out of the bias ports
///     v_cm          common-mode input v_CM      v_t           output level v_T; in transients its step
///     v_ip, v_in    AC drive of the inputs      r_fb, c_fb    low pass in the feedback
///     i_out         AC current into the output
///     m_bias0, ...  copies of MOSFETs that make bias voltages, each with its current i_bias0, ...
///
///     v_in+ = v_CM,   v_in- = v_CM + v_out - v_T
///
/// The last relation is a unity feedback that lets the output rest at v_T whatever v_CM is; the input that
/// it settles at is the systematic offset. It passes a low pass of 10^12 s, so that the loop is closed at
/// DC and open at every frequency that is looked at. Transients make the low pass 10^-12 s short.
///
/// A fully differential amplifier is fed back symmetrically, with the difference of its outputs as v_out and
/// v_T = 0 at rest:
///
///     v_in+ = v_CM - (v_out - v_T) / 2,   v_in- = v_CM + (v_out - v_T) / 2
///
/// Its output common mode is its own feedback's business, which gets the output level as reference; where it
/// has none, the bench drives the gates of its loads with e_cm.
class Bench {
public:
    /// Errors: those of EvaluationPool::create except the missing worker; BadInput for a floating net and for
    /// a measurement that names what the circuit does not have.
    static Result<Bench> create(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings);

    const BenchConditions& conditions() const { return m_conditions; }
    const std::vector<Slot>& slots() const { return m_slots; }
    /// Things worth telling about every evaluation on this bench.
    const std::vector<std::string>& notes() const { return m_notes; }
    const std::vector<BenchMeasurement>& measurements() const { return m_measurements; }

    /// The figures of a sizing put over the netlist's. Errors: BadInput for an unknown device or parameter,
    /// a value that is no positive number, or a device that is left without a size.
    Result<SlotValues> resolve(const Sizing& sizing) const;
    /// One sentence about the MOSFETs whose sizes are outside of the technology's limits; empty where none
    /// is.
    std::string sizeNote(const SlotValues& values) const;
    /// Puts a draw of mismatch into resolved values. Error: Unsupported (no figures for a model).
    Result<void> applyMismatch(SlotValues& values, const MismatchDraw& draw) const;

    /// The whole circuit description; body() is the part between title and end.
    std::string body(const SlotValues& values, Effort effort) const;
    std::string deck(const SlotValues& values, Effort effort) const;
    /// What brings a loaded deck from one set of values to another.
    std::vector<Alteration> alterations(const SlotValues& before, const SlotValues& after) const;
    /// Whether these values want a deck of their own: models of other size ranges, or sizes that a library's
    /// subcircuits work with.
    bool wantsNewDeck(const SlotValues& before, const SlotValues& after) const;
    /// What makes the next operating point start from this one instead of from initialGuess(): the same
    /// solution at a fraction of the cost.
    std::vector<Alteration> startFrom(const OperatingPoint& point) const;
    /// Undoes startFrom().
    std::vector<Alteration> startAfresh() const;
    /// AC magnitudes of one excitation, all others at rest, and the feedback that it wants.
    std::vector<Alteration> excite(Excitation excitation) const;
    /// Steps v_t from the output level by @p volts with this rise time and lets the feedback act at once;
    /// endStep() undoes it.
    std::vector<Alteration> step(double volts, double riseTime) const;
    std::vector<Alteration> endStep() const;

    /// The sweeps for IcmrMin, IcmrMax, VoutMin and VoutMax.
    std::array<Sweep, 4> sweeps() const;

    /// The vectors of an operating point: for every MOSFET in turn the quantities of
    /// mosfetQuantities, then the nets for which isMeasured(), then the supply's current.
    std::vector<std::string> operatingPointVectors() const;
    /// The vectors of a DC sweep: V_DS,sat of every MOSFET, then the nets for which isMeasured().
    std::vector<std::string> sweepVectors() const;
    bool isMeasured(netlist::NetId net) const { return m_isMeasured[static_cast<std::size_t>(net)]; }

    /// MOSFETs of the circuit, in the order of the operating point's vectors.
    const std::vector<netlist::DeviceId>& mosfets() const { return m_mosfets; }
    netlist::Polarity polarity(netlist::DeviceId device) const;
    /// Whether a MOSFET counts where saturation is asked for (structure::canSaturate).
    bool canSaturate(netlist::DeviceId device) const {
        return m_canSaturate[static_cast<std::size_t>(device)];
    }
    const netlist::Circuit& circuit() const { return m_amplifier->netlist.circuit; }
    const technology::Technology& technology() const { return m_amplifier->technology; }
    const structure::AmplifierPorts& ports() const { return *m_amplifier->structure.ports; }

    bool isDifferential() const { return ports().outputMinus.has_value(); }
    /// The vector whose gain, steps and noise are measured, and the one that common-mode and supply signals
    /// are looked for in.
    std::string outputVector() const;
    std::string commonOutputVector() const;
    /// V, of outputVector() at rest: the output's level, or no difference.
    double restLevel() const { return isDifferential() ? 0 : m_conditions.outputVoltage; }
    /// What outputVector() and commonOutputVector() are at an operating point.
    double outputOf(const OperatingPoint& point) const;
    double commonOutputOf(const OperatingPoint& point) const;

    std::string netName(netlist::NetId net) const;
    std::string deviceName(netlist::DeviceId device) const;
    /// As deviceName(); of a library's subcircuit the MOSFET inside, whose quantities can be asked for.
    std::string innerName(netlist::DeviceId device) const;
    /// Sum of W L m over all MOSFETs, m2.
    double gateArea(const SlotValues& values) const;
    /// Puts the netlist's names into a message of ngspice's.
    std::string withSourceNames(const std::string& message) const;

private:
    /// A diode-connected copy of a MOSFET that makes the voltage of the net at its gate.
    struct Replica {
        netlist::NetId net;
        netlist::DeviceId original;
        double lift = 0; ///< V, of its source above (PMOS: below) its rail
    };

    Bench() = default;
    Result<void> chooseConditions(const EvaluationSettings& settings);
    Result<void> collectSlots();
    Result<void> collectMosfet(netlist::DeviceId id);
    Result<void> chooseVoltageBiases(const EvaluationSettings& settings);
    Result<void> chooseVoltageBias(netlist::NetId net);
    bool hasCommonModeFeedback() const;
    /// V, for the source of a cascode's copy above its rail.
    double cascodeLift(netlist::DeviceId cascode) const;
    Result<void> checkNets() const;
    Result<void> translateMeasurements(const std::vector<Measurement>& measurements);
    tl::unexpected<Error> failAbout(ErrorCode code, const netlist::Device& device, std::string message) const;
    std::string deviceLine(netlist::DeviceId device, const SlotValues& values, Effort effort) const;
    /// What Newton's method is told to start from, V_DS, V_GS and V_BS of a saturated, overdriven device.
    std::array<double, 3> initialGuess(netlist::DeviceId device) const;
    double thresholdOf(netlist::DeviceId device) const; ///< V, without sign
    bool isSubcircuit(netlist::DeviceId device) const;
    double fingerWidth(netlist::DeviceId mosfet, const SlotValues& values) const; ///< m
    double lengthOf(netlist::DeviceId mosfet, const SlotValues& values) const;    ///< m
    /// The model's size range that a MOSFET falls into; absent where none holds it.
    std::optional<int> binOf(netlist::DeviceId device, const SlotValues& values) const;
    std::vector<technology::ModelUse> modelUses(const SlotValues& values) const;
    std::string models(const SlotValues& values) const;
    /// " CARD w=.. l=.. m=.. nf=.." of a MOSFET.
    std::string cardAndSize(netlist::DeviceId mosfet, const SlotValues& values) const;
    std::string replicas(const SlotValues& values) const;
    std::string supplies() const;
    std::string feedback() const;
    std::string sourceName(const std::string& word) const;
    bool isGround(netlist::NetId net) const;
    bool isBenchSource(const netlist::Device& device) const;

    const AmplifierUnderTest* m_amplifier = nullptr;
    std::shared_ptr<const technology::LibraryExcerpt> m_excerpt; ///< null: the library is read whole
    BenchConditions m_conditions;
    std::vector<Slot> m_slots;
    std::vector<std::size_t> m_firstSlot;                ///< by device; slots().size() for those without
    std::vector<const technology::MosfetRules*> m_rules; ///< by device; null for all but MOSFETs
    std::vector<netlist::DeviceId> m_mosfets;
    std::vector<bool> m_canSaturate; ///< by device
    std::vector<std::pair<netlist::NetId, double>> m_voltageBiases;
    std::vector<Replica> m_replicas;
    /// The gate net of loads through which the bench itself holds the output common mode.
    std::optional<netlist::NetId> m_commonModeControl;
    std::vector<BenchMeasurement> m_measurements;
    std::vector<std::string> m_notes;
    /// Devices whose model the technology does not name, by that model and the one that stands for it.
    std::map<std::pair<std::string, std::string>, std::vector<std::string>> m_standIns;
    std::vector<bool> m_isMeasured; ///< by net
    bool m_needsLoad = false;
};

} // namespace headroom::simulation
