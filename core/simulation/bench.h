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

/// The circuit descriptions that ngspice holds at the same time, one per kind of analysis.
enum class Deck {
    Static,      ///< one copy, DC feedback: operating point and DC sweeps
    SmallSignal, ///< one copy per excitation, feedback at DC only: AC
    Step,        ///< two copies in unity feedback, reference stepped up and down: transient
};
inline constexpr int deckCount = 3;

/// Copies of the circuit in Deck::SmallSignal, by the excitation each one gets.
enum class Excitation { Differential, CommonMode, PositiveSupply, NegativeSupply };

/// How hard ngspice is asked to try.
enum class Effort { Normal, Gentle };

/// Height of the slewing step in Deck::Step, as a share of the supply voltage.
inline constexpr double stepShare = 0.4;

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
/// Every net and device has a bench name made of the copy's letter and its number ("s12", "ms3"), so no
/// name in a netlist can clash with ngspice's own words; netName() and deviceName() lead back.
///
/// The bench of one copy, with v_CM and the output level v_T as separate conditions:
///
///     positive supply --V_DD--  negative supply --V_SS (0 V)--  bias current into or out of each bias net
///     v_in+ = v_CM,   v_in- = v_CM + v_out - v_T
///
/// The last relation is a unity feedback that lets the output rest at v_T whatever v_CM is; the input that
/// it settles at is the systematic offset. In Deck::SmallSignal it passes a 10^12 s low pass, so that the
/// loop is closed at DC and open at every frequency that is looked at.
class Bench {
public:
    /// Errors: those of EvaluationPool::create except the missing worker; BadInput for a floating net.
    static Result<Bench> create(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings);

    const BenchConditions& conditions() const { return m_conditions; }
    const std::vector<Slot>& slots() const { return m_slots; }
    const std::vector<Excitation>& excitations() const { return m_excitations; }
    /// Things worth telling about every evaluation on this bench.
    const std::vector<std::string>& notes() const { return m_notes; }

    /// The figures of a sizing put over the netlist's. Errors: BadInput for an unknown device or parameter,
    /// a value that is no positive number, or a device that is left without a size.
    Result<SlotValues> resolve(const Sizing& sizing) const;
    /// How a value is written for ngspice, and therefore what counts as equal.
    static std::string written(double value);

    std::string deck(Deck kind, const SlotValues& values, Effort effort) const;
    /// Everything of deck() but models, options and end: for decks of more than one kind.
    std::string copies(Deck kind, const SlotValues& values) const;
    std::string models() const { return m_models; }
    std::string options(Effort effort) const;
    /// The vectors of an operating point or DC sweep on Deck::Static: for every MOSFET in turn the
    /// quantities of mosfetQuantities, then the nets for which isMeasured(), then the supply's current.
    std::vector<std::string> operatingPointVectors() const;
    /// What the analyses on a deck are to store: all of the above, or the output of each copy.
    std::vector<std::string> savedVectors(Deck kind) const;
    bool isMeasured(netlist::NetId net) const { return m_isMeasured[static_cast<std::size_t>(net)]; }
    /// `alter` commands that bring a deck from @p before to @p after.
    std::string alterations(Deck kind, const SlotValues& before, const SlotValues& after) const;

    /// MOSFETs of the circuit, in the order of the operating point's vectors.
    const std::vector<netlist::DeviceId>& mosfets() const { return m_mosfets; }
    netlist::Polarity polarity(netlist::DeviceId device) const;
    const netlist::Circuit& circuit() const { return m_amplifier->netlist.circuit; }
    const structure::AmplifierPorts& ports() const { return *m_amplifier->structure.ports; }

    /// Bench names. @p copy is one of the letters of letters().
    static std::string letters(Deck kind, const std::vector<Excitation>& excitations);
    std::string net(char copy, netlist::NetId net) const;
    std::string element(char copy, netlist::DeviceId device) const;
    /// Sum of W L m over all MOSFETs, m2.
    double gateArea(const SlotValues& values) const;
    /// Puts the netlist's names into a message of ngspice's.
    std::string withSourceNames(const std::string& message) const;

private:
    Bench() = default;
    Result<void> chooseConditions(const EvaluationSettings& settings);
    Result<void> collectSlots();
    Result<void> collectMosfet(netlist::DeviceId id);
    Result<void> checkNets() const;
    tl::unexpected<Error> failAbout(ErrorCode code, const netlist::Device& device, std::string message) const;
    std::string circuitCopy(char copy, const SlotValues& values) const;
    std::string deviceLine(char copy, netlist::DeviceId device, const SlotValues& values) const;
    std::string supplies(char copy, Excitation excitation) const;
    std::string inputs(Deck kind, char copy, Excitation excitation) const;
    std::string sourceName(const std::string& word) const;
    bool isGround(netlist::NetId net) const;
    bool isBenchSource(const netlist::Device& device) const;

    const AmplifierUnderTest* m_amplifier = nullptr;
    BenchConditions m_conditions;
    std::vector<Excitation> m_excitations;
    std::vector<Slot> m_slots;
    std::vector<const technology::MosfetRules*> m_rules; ///< by device; null for all but MOSFETs
    std::vector<netlist::DeviceId> m_mosfets;
    std::vector<std::pair<netlist::NetId, double>> m_voltageBiases;
    std::string m_models;
    std::vector<std::string> m_notes;
    std::vector<bool> m_isMeasured; ///< by net
    bool m_needsLoad = false;
};

} // namespace headroom::simulation
