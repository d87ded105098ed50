#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/netlist/circuit.h"

namespace headroom::structure {

using netlist::DeviceId;
using netlist::NetId;

/// What a device does in the amplifier (Massier/Graeb/Schlichtmann TCAD 2008; Leibl/Graeb SMACD 2024).
enum class Function {
    Transconductance,
    Load,
    Bias,
    Compensation,
    LoadCapacitance,
    CommonModeFeedback,
    PositiveFeedback,
    Auxiliary,
    Unexplained,
};
const char* toString(Function function); ///< "transconductance", "load_capacitance", ...

enum class Stage { None, First, Second, Third, Feedback, Bias };
const char* toString(Stage stage); ///< "first", ...; "" for None

struct BlockPin {
    std::string name; ///< "Input", "Output", "Source", "Inner1", ...
    NetId net = -1;
};

/// A recognised building block. Level 1: arrays of parallel devices (MosfetNormalArray, ...DiodeArray,
/// ...CapacitorArray, ...DummyArray, ...OffArray, ...SwitchArray; the same with Bipolar...;
/// CapacitorArray, ResistorArray) and SeriesStack, transistors in series on one gate net. Every MOSFET
/// is in exactly one array. Levels 2 and 3 come from the block library: pairs and mirrors (one block for
/// each output of a mirror), and what is made of these. Level 3 also has the whole stages (FirstStage,
/// SecondStage, ThirdStage, FeedbackStage, BiasCircuit) and the banks that exist for sizing alone
/// (CurrentMirrorBank, CascodeCurrentMirrorBank, CurrentSourceBank, CascodeCurrentSourceBank,
/// DifferentialPairBank, InertDevices).
struct Block {
    std::string type; ///< "SimpleCurrentMirror", "CascodeCurrentMirror", "DifferentialPair", ...
    int level = 2;
    netlist::Polarity polarity = netlist::Polarity::N;
    std::vector<DeviceId> devices; ///< in the rule's order (diode first for mirrors)
    std::vector<BlockPin> pins;
    Function function = Function::Unexplained;
    Stage stage = Stage::None;
    std::string reason;     ///< one sentence: which rule matched and why it won
    bool forSizing = false; ///< exists only because its devices are sized together
};

/// A pattern that fits as well but gave way.
struct LostMatch {
    std::string type;
    std::vector<DeviceId> devices;
    int winner = -1;    ///< index into Structure::blocks
    std::string reason; ///< one sentence: who won and why
};

struct DeviceRole {
    Function function = Function::Unexplained;
    Stage stage = Stage::None;
    std::string reason;
};

/// Devices that must be sized alike. For MOSFETs of a group W, L and multiplicity are equal.
struct MatchedGroup {
    std::vector<DeviceId> devices;
    std::string reason; ///< "differential pair", "current mirror load", ...
};

/// Output current = reference current times the ratio of W/L; gates and sources shared, same L.
struct MirrorRatio {
    DeviceId reference = -1; ///< diode-connected side
    DeviceId output = -1;
    std::optional<double> ratio = {}; ///< as drawn: W/L times units of output by reference; where sized
};

/// What acts as one transistor: MOSFETs or bipolars in parallel, and rows of these in series on one gate net
/// (the way to draw a long channel). Every transistor of the circuit is in exactly one.
struct CompositeTransistor {
    struct Row {
        std::vector<DeviceId> devices; ///< in parallel, in file order
        NetId drain = -1, source = -1; ///< as the current flows: into an N type's drain, out of a P type's
    };
    std::vector<Row> rows; ///< from the drain's side to the source's side
    netlist::Polarity polarity = netlist::Polarity::N;
    NetId gate = -1;
    /// False of dummies, MOS capacitors and power-down switches: no direct current flows that matters.
    bool conducts = true;
};

/// The two halves of the amplifier about their axis.
struct Symmetry {
    std::vector<std::pair<DeviceId, DeviceId>> pairs; ///< each other's mirror images
    std::vector<DeviceId> onAxis;                     ///< their own: tails and what feeds them
    std::vector<std::pair<NetId, NetId>> netPairs;
    std::vector<NetId> netsOnAxis;
};

/// How a stage is built: "simple", "telescopic", "folded cascode", "symmetrical" or "complementary" (first);
/// "common source", "cascoded common source", "push-pull", "source follower", "differential pair" (later).
struct StageDescription {
    Stage stage = Stage::None;
    std::string type;
    std::string reason; ///< one sentence
    std::vector<DeviceId> devices;
};

/// One step of the signal: through @p device from one net to the next.
struct SignalStep {
    NetId from = -1;
    DeviceId device = -1;
    NetId to = -1;
};

/// The nets through which a test bench reaches the amplifier.
struct AmplifierPorts {
    NetId positiveSupply = -1;
    NetId negativeSupply = -1;
    NetId inputPlus = -1; ///< a rise here makes the output rise
    NetId inputMinus = -1;
    NetId output = -1; ///< of a fully differential amplifier: the one that inputPlus raises
    std::optional<NetId> outputMinus;
    /// A net that wants a reference current, and the way the current flows.
    struct Bias {
        NetId net = -1;
        bool intoNet = true; ///< true: current flows from the supply into the net (NMOS diode)
    };
    std::vector<Bias> currentBiases;
    std::vector<NetId> voltageBiases; ///< gate-only nets that want a voltage
    /// A power-down input, and the level at which the amplifier works.
    struct Control {
        NetId net = -1;
        bool high = true; ///< true: tied to the positive supply
    };
    std::vector<Control> controls;
    /// Rails beside the two above (avdd next to vdd, wells and substrate): they want the same voltage.
    std::vector<NetId> furtherPositiveSupplies;
    std::vector<NetId> furtherNegativeSupplies;
};

struct Structure {
    std::vector<Block> blocks;
    std::vector<LostMatch> lostMatches;
    std::vector<DeviceRole> roles; ///< by DeviceId
    std::vector<MatchedGroup> matchedGroups;
    std::vector<MirrorRatio> mirrors;
    /// In file order. Their nets stand for all that are one at direct current (ammeters, closed switches);
    /// joinedNets says by NetId which one stands for it.
    std::vector<CompositeTransistor> transistors;
    std::vector<NetId> joinedNets;
    Symmetry symmetry;
    std::vector<StageDescription> stages;
    /// From inputPlus, and from inputMinus, to the output by the fewest devices; empty without ports.
    std::vector<SignalStep> pathFromPlus, pathFromMinus;
    std::vector<DeviceId> unexplained;
    /// Indices into blocks: the canonical blocks that sizing trains one model each for. Every sizable
    /// device is in at least one; two may share devices (overlap).
    std::vector<int> sizingBlocks;
    std::optional<AmplifierPorts> ports; ///< absent where the circuit is no amplifier that we know
    std::string portsProblem;            ///< why ports are absent; one or two sentences
    NetId proposedSupply = -1;           ///< where a supply is missing: the net that is likeliest to be it
    double elapsedMicroseconds = 0;
};

class BlockLibrary;

struct RecognitionOptions {
    const BlockLibrary* library = nullptr; ///< null: the standard one
    /// Names of supply nets, where names and topology do not tell them; case does not matter.
    std::vector<std::string> positiveSupplies = {}, negativeSupplies = {};
};

/// By DeviceId: whether a transistor can be asked to be in saturation. Those that do not conduct cannot, nor
/// those below the first of a stack on one gate, which are in their triode region by its wiring.
std::vector<bool> canSaturate(const Structure& structure, std::size_t devices);

/// Recognises building blocks, device functions, symmetry and ports. Total: every circuit gets an
/// answer; what is not understood is marked Unexplained. Drain and source of a MOSFET are taken as
/// symmetric and oriented by the supplies. Digital netlists are told as such and left alone.
Structure recognise(const netlist::Circuit& circuit, const RecognitionOptions& options = {});

} // namespace headroom::structure
