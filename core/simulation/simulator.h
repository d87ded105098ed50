#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/job_context.h"
#include "core/netlist/netlist.h"
#include "core/netlist/sizing_export.h"
#include "core/simulation/curves.h"
#include "core/simulation/performance.h"
#include "core/structure/structure.h"
#include "core/technology/technology.h"

namespace headroom::simulation {

using netlist::Sizing;

/// Off: the gate is more than 250 mV below threshold. Triode: V_DS < V_DS,sat. Both others are saturated,
/// Subthreshold with the gate below threshold (weak inversion), Saturation with it above.
enum class Region { Off, Subthreshold, Triode, Saturation };
const char* toString(Region region); ///< "off", "subthreshold", "triode", "saturation"

/// A MOSFET at its operating point. Voltages are those of an equivalent NMOS (signs removed for PMOS).
struct DeviceOperatingPoint {
    double id = 0, gm = 0, gds = 0;              ///< A, S, S
    double vgs = 0, vds = 0, vth = 0, vdsat = 0; ///< V
    double overdrive() const { return vgs - vth; }
    double saturationMargin() const { return vds - vdsat; }
    Region region = Region::Off;
};

struct OperatingPoint {
    std::map<std::string, DeviceOperatingPoint> devices; ///< by device name as in the source
    std::map<std::string, double> nets;                  ///< V, by net name as in the source
    double supplyCurrent = 0;                            ///< A
    double worstSaturationMargin = 0;                    ///< V, over all that structure::canSaturate
    std::string worstDevice;
};

/// A user's own figure: an ngspice expression over the vectors of one of the bench's analyses. Nets and
/// devices are named as in the netlist: "v(out)", "i(vload)", "@m1[gm]", "db(v(out))[0]", "vecmax(v(out))".
struct Measurement {
    /// The open-loop AC runs over frequency with a differential input of 1 V; the noise from 1 Hz to f_t
    /// (onoise_spectrum, inoise_spectrum, inoise_total); Rising and Falling are the step responses over time.
    enum class Analysis { OperatingPoint, OpenLoop, Noise, Rising, Falling };
    std::string name; ///< letters, digits and underscores, no performance's name
    std::string unit; ///< SI; may be empty
    Analysis analysis = Analysis::OperatingPoint;
    /// A vector's last value counts. Or a `.meas` without its first words: "when vdb(out)=0", "find vdb(out)
    /// at=1k", "max v(out)".
    std::string expression;
};
const char* toString(Measurement::Analysis analysis); ///< "op", "ac", "noise", "rising", "falling"
std::optional<Measurement::Analysis> analysisFromName(std::string_view name);
/// "name[unit]=analysis:expression", the unit optional. Error: BadInput.
Result<Measurement> parseMeasurement(const std::string& text);

/// The result of simulating one sizing. Without `error` all asked-for performances that exist for this
/// design are present; one that does not exist (no transit frequency because the gain is below 0 dB)
/// is absent and named in `notes`.
struct Evaluation {
    PerformanceMap performances;
    std::map<std::string, double> measurements; ///< by Measurement::name
    OperatingPoint operatingPoint;
    std::shared_ptr<const Curves> curves; ///< null unless curves were asked for
    std::optional<Error> error;           ///< Convergence, Simulator, Infeasible
    std::vector<std::string> notes;
    int simulations = 0; ///< analyses run; 0 for a cache hit
    double elapsedSeconds = 0;
    bool fromCache = false;

    bool ok() const { return !error.has_value(); }
};

/// Conditions of an evaluation, and what is asked of it where the request does not say.
struct EvaluationSettings {
    std::vector<Performance> performances = standardPerformances();
    std::vector<Measurement> measurements;
    std::string corner;                      ///< empty: nominal
    std::optional<double> supplyVoltage;     ///< default: the technology's
    std::optional<double> temperature;       ///< degrees Celsius; default: netlist's .temp, else technology's
    std::optional<double> commonModeVoltage; ///< default: see BenchConditions
    std::optional<double> outputVoltage;     ///< default: half the supply voltage
    std::optional<double> biasCurrent;       ///< default: the technology's
    /// V, for nets of structure.ports.voltageBiases, by name. Default: the voltage of a diode-connected copy
    /// of a MOSFET with this gate and its source at a supply, carrying the bias current.
    std::map<std::string, double> biasVoltages;
    /// Stop after the operating point when some MOSFET's saturation margin is below this (V): the
    /// evaluation then carries ErrorCode::Infeasible and the operating point. For drawing data sets.
    std::optional<double> requiredSaturationMargin;
    bool keepCurves = false; ///< for plots: Evaluation::curves
};

/// Number @p index of the random mismatches that belong to @p seed: every MOSFET's threshold voltage and
/// current factor are normally distributed with sigma A / sqrt(2 W L) (Pelgrom, JSSC 1989: of a pair's
/// difference A / sqrt(W L)), with the technology's constants. What a device draws depends on seed, index and
/// its name alone, so that the same draw may be followed over sizings.
struct MismatchDraw {
    std::uint64_t seed = 0;
    int index = 0;
};

/// Where an evaluation departs from the pool's settings.
struct Variation {
    std::optional<std::string> corner;
    std::optional<double> supplyVoltage; ///< V
    std::optional<double> temperature;   ///< degrees Celsius
    std::optional<MismatchDraw> mismatch;
};

/// What is asked of one evaluation. Evaluations of several extents share a pool's loaded decks; the cache
/// keeps them apart.
struct Extent {
    std::vector<Performance> performances = standardPerformances();
    bool keepCurves = false; ///< for plots: Evaluation::curves
};
/// Every performance, and the curves behind them: what is asked of one sizing that somebody looks at.
Extent wholeExtent();

struct EvaluationRequest {
    Sizing sizing; ///< empty: the netlist as it is
    Variation variation = {};
    std::optional<Extent> extent = {}; ///< absent: as the pool's settings say
};

/// Of batches that wait the most urgent is served first, of these the smallest; evaluation by evaluation.
enum class Priority { Background, Normal, Interactive };

struct BatchOptions {
    Priority priority = Priority::Normal;
    bool inOrder = false; ///< onResult in the order of the requests; else first come, first told
};

/// The conditions that a pool simulates under, defaults filled in.
struct BenchConditions {
    double supplyVoltage = 0; ///< V
    double temperature = 27;  ///< degrees Celsius
    /// V. Default 0.65 of the supply for an NMOS input pair, 0.35 for a PMOS pair, half of it otherwise:
    /// with the input pair's gate-source voltage near 0.4 V_DD this leaves its current source about a
    /// quarter of the supply.
    double commonModeVoltage = 0;
    double outputVoltage = 0;   ///< V, that the servo holds the output at
    double biasCurrent = 0;     ///< A, into or out of each current-bias port
    double loadCapacitance = 0; ///< F, that the bench gives or adds; 0: the netlist has its own
    std::string corner;
};

/// Everything that is simulated, fixed for a session: circuit, ports, technology.
struct AmplifierUnderTest {
    netlist::Netlist netlist;
    structure::Structure structure;
    technology::Technology technology;
};

/// What simulates. Workers host libngspice and change only values between evaluations; Program starts the
/// `ngspice` program ($HEADROOM_NGSPICE, else from PATH) for every analysis: slow, and the judge of the
/// former.
enum class EngineKind { Workers, Program };

struct PoolOptions {
    int workers = 0;                                 ///< 0: one per core
    std::string cacheFile;                           ///< SQLite; empty: no cache
    std::int64_t cacheLimit = std::int64_t{1} << 30; ///< bytes; the longest unused results go first
    int recycleAfter = 2000;                         ///< evaluations per worker process before it is replaced
    /// Bytes of memory above which a worker process is replaced before its next evaluation.
    std::int64_t workerMemoryLimit = std::int64_t{256} << 20;
    EngineKind engine = EngineKind::Workers;
    double timeoutSeconds = 20; ///< per evaluation; then the worker is killed and replaced
};

struct PoolStatistics {
    long evaluations = 0, cacheHits = 0, retries = 0, workerDeaths = 0;
    /// Of all evaluations those that the cache answered; 0 before the first one.
    double hitRate() const {
        return evaluations > 0 ? static_cast<double>(cacheHits) / static_cast<double>(evaluations) : 0;
    }
};

/// Simulates sizings of one amplifier with ngspice in worker processes. Thread-safe: batches of several
/// threads share the workers by their priority. A worker that dies, hangs or fails to converge costs one
/// retry with gentler options, then an Evaluation with an error: never an exception, never the process.
class EvaluationPool {
public:
    /// Errors: Unsupported (no ports: structure.portsProblem; a fully differential amplifier; a device that
    /// is no MOSFET, passive device or source), NotFound (a MOSFET whose model the technology does not know;
    /// an unknown corner), BadInput (a floating net), Simulator (the worker executable is missing). Devices
    /// without a size are no error here: a sizing may give it.
    static Result<std::unique_ptr<EvaluationPool>> create(std::shared_ptr<const AmplifierUnderTest> amplifier,
                                                          EvaluationSettings settings,
                                                          PoolOptions options = {});
    ~EvaluationPool();
    EvaluationPool(const EvaluationPool&) = delete;
    EvaluationPool& operator=(const EvaluationPool&) = delete;

    /// Called from worker threads, one call at a time.
    using OnResult = std::function<void(std::size_t index, const Evaluation& evaluation)>;

    /// Evaluates all sizings in parallel; results in the order of @p sizings. Devices that a sizing does
    /// not mention keep the netlist's values; a sizing that cannot be used is that Evaluation's BadInput.
    /// Stops within 100 ms of context.cancelled() with ErrorCode::Cancelled.
    Result<std::vector<Evaluation>> evaluate(const std::vector<Sizing>& sizings, JobContext& context,
                                             const OnResult& onResult = {}, BatchOptions options = {});
    /// The same where evaluations depart from the pool's settings. An unknown corner and a mismatch that the
    /// technology has no figures for are that Evaluation's error.
    Result<std::vector<Evaluation>> evaluate(const std::vector<EvaluationRequest>& requests,
                                             JobContext& context, const OnResult& onResult = {},
                                             BatchOptions options = {});

    /// One sizing; an empty one means the netlist as it is.
    Result<Evaluation> evaluateOne(const Sizing& sizing, JobContext& context, BatchOptions options = {});

    const EvaluationSettings& settings() const;
    const BenchConditions& conditions() const;
    /// Those of a variation. Errors: those of create().
    Result<BenchConditions> conditions(const Variation& variation);
    PoolStatistics statistics() const;
    int workerCount() const;

private:
    class Impl;
    explicit EvaluationPool(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// A stand-alone deck (models, circuit with this sizing, sources, analyses, .meas-style control block)
/// that the plain `ngspice -b` program runs to the same performances: for designers and as the oracle in
/// tests. It prints lines "name = value".
Result<std::string> writeBenchDeck(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings,
                                   const Sizing& sizing);

} // namespace headroom::simulation
