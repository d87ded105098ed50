#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/job_context.h"

namespace headroom::simulation {

/// Numbers of one vector; complex ones alternate real and imaginary parts.
struct Vector {
    int width = 1; ///< 1 real, 2 complex
    std::vector<double> numbers;
    std::string complaint = {}; ///< why there are no numbers, in the simulator's words

    std::size_t size() const { return numbers.size() / static_cast<std::size_t>(width); }
};

/// A new value for something in a loaded circuit.
struct Alteration {
    /// Element, or the name of a model card, or of all the circuit its temperature in degrees Celsius.
    enum class Of { Element, Model, Temperature };
    std::string element;        ///< as in the deck: "m3", "v_t", "nmos_vtg"; empty for the temperature
    std::string parameter;      ///< "w", "acmag", "vth0"; empty: the element's principal value
    std::vector<double> values; ///< one, or the whole list of a list parameter
    Of of = Of::Element;
};

/// One figure that the simulator itself works out after an analysis, in its own language.
struct Expression {
    std::string text;
    bool isSearch =
        false; ///< "when v(out)=0.5": a .meas of the analysis; else a vector, whose last value counts
};

/// One analysis of the loaded circuit, and what is wanted of it.
struct Analysis {
    enum class Kind { OperatingPoint, DcSweep, Ac, Noise, Transient };
    Kind kind = Kind::OperatingPoint;
    std::string source;       ///< swept (DcSweep), or whose signal noise is referred to (Noise)
    std::string output;       ///< where noise is looked at
    double from = 0, to = 0;  ///< V (DcSweep), Hz (Ac, Noise), s (Transient, from 0)
    double step = 0;          ///< V (DcSweep), s (Transient: the longest step)
    int pointsPerDecade = 0;  ///< Ac, Noise; 0: so many `points` evenly spaced between `from` and `to`
    int points = 1;           ///< 1: at `from`, whatever `to` is
    bool mayBreakOff = false; ///< the vectors as far as the analysis came, where it finds no solution
    std::vector<std::string> wanted;
    std::vector<std::string> alsoSaved; ///< for expressions alone
    std::vector<Expression> expressions;
};

struct Answer {
    std::vector<Vector> vectors;                ///< as wanted
    std::vector<std::optional<double>> figures; ///< of expressions; absent where one cannot be worked out
    std::vector<std::string> complaints; ///< of expressions; why one cannot, empty where it is not known
};

/// A circuit simulator with one circuit loaded at a time. Used by one thread at a time.
///
/// Errors of load(): Simulator (the deck cannot be read; detail: what the simulator said). Of analyse():
/// Convergence (no solution; the engine stays usable), Simulator (it died, hung or gave up), Cancelled. After
/// the last two alive() is false.
class Engine {
public:
    using Clock = std::chrono::steady_clock;

    virtual ~Engine() = default;
    virtual Result<void> load(const std::string& deck, Clock::time_point deadline,
                              const JobContext& context) = 0;
    /// Alterations last until the next load().
    virtual Result<Answer> analyse(const std::vector<Alteration>& alterations, const Analysis& analysis,
                                   Clock::time_point deadline, const JobContext& context) = 0;
    virtual bool alive() const = 0;
    /// Whether altering costs less than loading; where not, sizes are best written into the deck.
    virtual bool prefersAlterations() const = 0;
    virtual std::optional<pid_t> processId() const { return std::nullopt; }
    virtual std::int64_t memory() const { return 0; } ///< bytes in use; 0: not known
};

/// How a value is written for the simulator, and therefore what counts as equal: 10 significant digits.
std::string written(double value);

} // namespace headroom::simulation
