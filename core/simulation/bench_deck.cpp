#include <algorithm>
#include <numbers>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/simulation/bench.h"
#include "core/simulation/ngspice_commands.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;

constexpr std::string_view heading =
    R"(* Test bench written by Headroom: runs with "ngspice -b FILE" and prints "name = value" lines in SI units.
)";

/// Finds the first point at which @p curve is below zero and interpolates @p position there, into "limit";
/// the last position where there is none.
constexpr std::string_view limitSearch = R"(let points = length(worst)
let limit = position[points-1]
let k = 0
let found = 0
while (k < points) & (found = 0)
  if worst[k] < 0
    let limit = position[k-1] + (position[k]-position[k-1])*worst[k-1]/(worst[k-1]-worst[k])
    let found = 1
  end
  let k = k + 1
end
)";

/// Writes the .control block of the stand-alone deck: the same analyses in the same order as the pool's.
class ControlBlock {
public:
    ControlBlock(const Bench& bench, const EvaluationSettings& settings, const SlotValues& values)
        : m_bench(bench)
        , m_asked(settings.performances.begin(), settings.performances.end())
        , m_output(bench.outputVector()) {
        operatingPoint(values);
        smallSignal();
        for (const Sweep& sweep : bench.sweeps())
            if (asks(sweep.performance)) limit(sweep);
        if (asks(Performance::GainMargin)) gainMargin();
        // All that follows needs f_t; without it ngspice would step towards infinity.
        add("set tau = 0\nset ft = 0\nif ac1.tau > 0\nset tau = \"$&ac1.tau\"\n"
            "set ft = \"$&ac1.transit_frequency\"\nend");
        // Only now: a user's name may be one that was needed up to here.
        for (const auto& [plot, analysis] : {std::pair("op1", Measurement::Analysis::OperatingPoint),
                                             std::pair("ac1", Measurement::Analysis::OpenLoop)})
            if (measuresIn(analysis)) add(fmt::format("setplot {}\n{}", plot, measurements(analysis)));
        add("if $tau > 0");
        if (asks(Performance::NoiseInput) || asks(Performance::NoiseDensity) ||
            measuresIn(Measurement::Analysis::Noise))
            noise();
        add("if $stable = 1");
        if (asks(Performance::SlewRate) || asks(Performance::SlewRateRising) ||
            asks(Performance::SlewRateFalling))
            slewRate();
        if (asks(Performance::SettlingTime) || measuresIn(Measurement::Analysis::Rising) ||
            measuresIn(Measurement::Analysis::Falling))
            settlingTime();
        add("end\nend");
        // Without this ngspice misses an analysis outside of the control block and reports a failure.
        add("if $?batchmode\nquit 0\nend");
    }

    std::string text() const {
        return ".control\nset num_threads=1\nset numdgt=10\nset noaskquit\nset norefvalue\n" + m_text +
               ".endc\n";
    }

private:
    bool asks(Performance performance) const { return m_asked.contains(performance); }
    void add(const std::string& line) { m_text += line + '\n'; }
    void print(Performance performance, const std::string& expression) {
        if (!asks(performance)) return;
        add(fmt::format("let {0} = {1}\nprint {0}", info(performance).name, expression));
    }

    bool measuresIn(Measurement::Analysis analysis) const { return !measurements(analysis).empty(); }
    /// The user's own measurements in the present plot; of noise those of one of its two plots.
    std::string measurements(Measurement::Analysis analysis, std::optional<bool> ofTotals = {}) const {
        std::string text;
        for (const BenchMeasurement& each : m_bench.measurements()) {
            const Expression& expression = each.expression;
            const bool isTotal = expression.text.find("_total") != std::string::npos;
            if (each.measurement.analysis != analysis || (ofTotals && *ofTotals != isTotal)) continue;
            const std::string& name = each.measurement.name;
            const auto kind =
                analysis == Measurement::Analysis::OpenLoop ? Analysis::Kind::Ac : Analysis::Kind::Transient;
            text += expression.isSearch ? ngspice::command(expression, kind, name)
                                        : fmt::format("let whole = {0}\nif length(whole) > 1\n"
                                                      "let {1} = whole[length(whole)-1]\nelse\n"
                                                      "let {1} = whole\nend\nprint {1}",
                                                      expression.text, name);
            text += '\n';
        }
        return text;
    }

    /// V_DS of the equivalent NMOS, as an expression.
    std::string drainSource(DeviceId id) const {
        const Device& device = m_bench.circuit().devices[static_cast<std::size_t>(id)];
        return fmt::format("{}({}-{})", sign(id), m_bench.netName(device.nets[netlist::Drain]),
                           m_bench.netName(device.nets[netlist::Source]));
    }
    const char* sign(DeviceId id) const { return m_bench.polarity(id) == netlist::Polarity::N ? "" : "-"; }

    void operatingPoint(const SlotValues& values) {
        std::vector<std::string> saved{"all"};
        for (const DeviceId id : m_bench.mosfets())
            for (const char* quantity : {"vdsat", "vth"})
                saved.push_back(fmt::format("@{}[{}]", m_bench.innerName(id), quantity));
        for (const BenchMeasurement& each : m_bench.measurements())
            for (const std::string& vector : each.vectors)
                if (vector.starts_with('@')) saved.push_back(vector);
        m_text += ngspice::saveCommands(saved);
        add("op");
        const bool wantsLimits = asks(Performance::IcmrMin) || asks(Performance::IcmrMax) ||
                                 asks(Performance::VoutMin) || asks(Performance::VoutMax);
        for (const DeviceId id : wantsLimits ? m_bench.mosfets() : std::vector<DeviceId>()) {
            const Device& device = m_bench.circuit().devices[static_cast<std::size_t>(id)];
            // way: 1, or -1 where drain and source have changed places; watched: 1 where saturated.
            add(fmt::format("let vds = {0}\nlet way{1} = 2*(vds ge 0)-1\n"
                            "let vov = {2}({3}-{4}) - vds*(vds lt 0) - @{5}[vth]\n"
                            "let watched{1} = (abs(vds)-@{5}[vdsat] ge 0)*(vov ge {6})",
                            drainSource(id), id, sign(id), m_bench.netName(device.nets[netlist::Gate]),
                            m_bench.netName(device.nets[netlist::Source]), m_bench.innerName(id),
                            procedure::offOverdrive));
        }
        print(Performance::Power, fmt::format("-{}*v_dd#branch", m_bench.conditions().supplyVoltage));
        print(Performance::Offset, fmt::format("{}-{}", m_bench.netName(m_bench.ports().inputPlus),
                                               m_bench.netName(m_bench.ports().inputMinus)));
        print(Performance::Area, written(m_bench.gateArea(values)));
    }

    void smallSignal() {
        add(fmt::format("ac dec 200 {} {}\nlet a0 = db({}[0])", procedure::lowestFrequency,
                        procedure::highestFrequency, m_output));
        print(Performance::GainDb, "a0");
        add(fmt::format(
            "meas ac transit_frequency when vdb({0})=0 fall=1\n"
            "let margins = 180/{1}*cph({0})+180\nmeas ac margin_there find margins when vdb({0})=0 fall=1\n"
            "let tau = 1/(2*{1}*transit_frequency)",
            m_output, std::numbers::pi));
        for (const auto& [performance, excitation] :
             {std::pair(Performance::CmrrDb, Excitation::CommonMode),
              std::pair(Performance::PsrrPositiveDb, Excitation::PositiveSupply),
              std::pair(Performance::PsrrNegativeDb, Excitation::NegativeSupply)}) {
            if (!asks(performance)) continue;
            add(ngspice::commands(m_bench.excite(excitation)) +
                fmt::format("ac lin 1 {0} {0}", procedure::lowestFrequency));
            print(performance, fmt::format("ac1.a0-db({})", m_bench.commonOutputVector()));
        }
        stability();
    }

    /// Sets $stable, and reports the phase margin where it can be believed.
    void stability() {
        add(fmt::format("set stable = 1\nif ac1.tau > 0\nset margin = \"$&ac1.margin_there\"\n{}"
                        "ac dec 200 {} {}\nlet angle = 180/{}*cph({})\nlet last = length(angle)-1\n"
                        "let turned = angle[last]-angle[0]*(abs(angle[0]) gt 100)\n"
                        "if ($margin > 0) & (turned > 0)\nset stable = 0\nend",
                        ngspice::commands(m_bench.excite(Excitation::Output)), procedure::lowestFrequency,
                        procedure::highestFrequency, std::numbers::pi, m_output));
        if (asks(Performance::PhaseMargin))
            add("if $stable = 1\nlet phase_margin = ac1.margin_there\nprint phase_margin\nend");
        add(ngspice::commands(m_bench.excite(Excitation::Differential)) + "end");
    }

    /// A dense sweep around the crossing: the phase may turn quickly there.
    void gainMargin() {
        add(fmt::format("setplot ac1\nmeas ac crossing when margins=0 fall=1\nset low = 0\n"
                        "if crossing > 0\nset low = \"$&crossing\"\nend\nif $low > 0\n"
                        "setplot const\nlet high = 1.05*$low\nlet low = 0.95*$low\nset high = \"$&high\"\n"
                        "set low = \"$&low\"\n{}ac dec 20000 $low $high\nlet margins = 180/{}*ph({})\n"
                        "let margins = margins-360*(margins gt 0)+180\n"
                        "meas ac fallen find vdb({}) when margins=0 fall=1\nlet gain_margin_db = -fallen\n"
                        "print gain_margin_db\nend",
                        ngspice::commands(m_bench.excite(Excitation::Differential)), std::numbers::pi,
                        m_output, m_output));
    }

    void limit(const Sweep& sweep) {
        // Dense, as the search interpolates linearly.
        const double step = (sweep.to - sweep.from) / (50 * sweep.steps);
        add(fmt::format("dc {} {} {} {}\nlet position = {}\nlet worst = 0*position+1e3", sweep.source,
                        written(sweep.from), written(sweep.to + procedure::sweepSlack * step), written(step),
                        m_bench.netName(sweep.observed)));
        for (const DeviceId id : m_bench.mosfets()) {
            add(fmt::format("let margin = op1.way{1}*{0}-@{2}[vdsat]\n"
                            "let margin = margin*op1.watched{1}+1e3*(1-op1.watched{1})\n"
                            "let worst = worst*(worst le margin)+margin*(worst gt margin)",
                            drainSource(id), id, m_bench.innerName(id)));
        }
        m_text += limitSearch;
        print(sweep.performance, "limit");
    }

    void noise() {
        add(ngspice::commands(m_bench.excite(Excitation::Differential)));
        if (asks(Performance::NoiseInput) || measuresIn(Measurement::Analysis::Noise)) {
            // Dense and by trapezoids, up to f_t itself.
            add(fmt::format("noise v({}) v_ip dec 200 {} $ft\n{}setplot previous\nlet s = inoise_spectrum^2\n"
                            "let last = length(s)-1\nlet sum = s[last]*(0-frequency[last]+$ft)\nlet k = 0\n"
                            "while k < last\nlet sum = sum+(s[k]+s[k+1])/2*(frequency[k+1]-frequency[k])\n"
                            "let k = k+1\nend",
                            m_output, procedure::lowestNoiseFrequency,
                            measurements(Measurement::Analysis::Noise, true)));
            print(Performance::NoiseInput, "sqrt(sum)");
            m_text += measurements(Measurement::Analysis::Noise, false);
        }
        if (asks(Performance::NoiseDensity)) {
            add(fmt::format("let spot = {}*$ft\nset spot = \"$&spot\"\nnoise v({}) v_ip lin 1 $spot $spot",
                            procedure::noiseShare, m_output));
            print(Performance::NoiseDensity, "inoise_spectrum");
        }
    }

    /// Opens a loop over time windows, which ends where $done is set; $stop, $grain and $rise are set in it.
    template <class Windows>
    void beginWindows(const Windows& windows, const std::string& grain, double volts) {
        std::string list;
        for (const double window : windows)
            list += fmt::format(" {}", window);
        add(fmt::format("foreach window{}\nif $done = 0", list));
        add(fmt::format("setplot const\nlet stop = $window*$tau\nlet grain = {}\nlet rise = {}*$tau\n"
                        "set stop = \"$&stop\"\nset grain = \"$&grain\"\nset rise = \"$&rise\"",
                        grain, procedure::riseTimeShare));
        const std::vector<Alteration> step = m_bench.step(volts, 0);
        add(ngspice::command(step.front()));
        add(fmt::format("alter @v_t[pulse] = [ {} {} 0 $rise $rise 1 2 ]", written(m_bench.restLevel()),
                        written(m_bench.restLevel() + volts)));
        add("tran $grain $stop 0 $grain");
    }

    void slewRate() {
        add("set slowest = 0");
        for (const double sign : {1.0, -1.0}) {
            add("set done = 0");
            for (const double share : procedure::stepShares)
                slope(sign, share * m_bench.conditions().supplyVoltage);
            add(ngspice::commands(m_bench.endStep()) + "if $done = 0\nset failed = 1\nend");
        }
        add("if $?failed = 0\necho slew_rate = $slowest\nend");
    }

    /// The slope of one step's answer, where none was found before.
    void slope(double sign, double step) {
        const char* name = info(sign > 0 ? Performance::SlewRateRising : Performance::SlewRateFalling).name;
        beginWindows(procedure::stepWindows, fmt::format("stop/{}", procedure::stepsPerWindow), sign * step);
        const double from = procedure::slopeFrom * step;
        const double to = procedure::slopeTo * step;
        add(fmt::format("let distance = ({}-({}))*{}", m_output, written(m_bench.restLevel()), sign));
        add(fmt::format(
            "if vecmax(distance) > {1}\nmeas tran first when distance={0} cross=1\n"
            "meas tran second when distance={1} cross=1\n"
            "let slope = {2}/(second-first)\nset slope = \"$&slope\"\necho {3} = $slope\n"
            "if ($slowest = 0) | ($slope < $slowest)\nset slowest = $slope\nend\nset done = 1\nend",
            written(from), written(to), written(to - from), name));
        add("end\nend");
    }

    void settlingTime() {
        add("set longest = 0");
        for (const double sign : {1.0, -1.0}) {
            add("set done = 0");
            for (const double share : procedure::stepShares) {
                // 2: the output rests far from where the step before leads.
                add("if $done = 2\nset done = 0\nend");
                settling(sign, share * m_bench.conditions().supplyVoltage);
            }
            add(ngspice::commands(m_bench.endStep()) + "if $done <> 1\nset unsettled = 1\nend");
        }
        if (asks(Performance::SettlingTime)) add("if $?unsettled = 0\necho settling_time = $longest\nend");
    }

    /// The settling time of one step's answer, where none was found before.
    void settling(double sign, double step) {
        beginWindows(procedure::settlingWindows, fmt::format("{}*$tau", procedure::fineSettlingStep),
                     sign * step);
        const double band = procedure::settlingBand * step;
        add(fmt::format(
            "let last = length(time)-1\nlet distance = abs({0}-{0}[last])\n"
            "let late = time ge {1}*time[last]\n"
            "let span = vecmax(late*({0}-{0}[last]))-vecmin(late*({0}-{0}[last]))\n"
            "let off = abs({0}[last]-({4}))\nif (span <= {2}) & (off > {5})\nset done = 2\nend\n"
            "if (span <= {2}) & (off <= {5})\nlet k = last\nlet outside = 0\n"
            "while (k > 0) & (outside = 0)\nlet k = k-1\nif distance[k] > {3}\nlet outside = 1\nend\n"
            "end\nlet settled = time[k]+(time[k+1]-time[k])*(distance[k]-{3})/abs({0}[k]-{0}[k+1])\n"
            "set settled = \"$&settled\"\nif $settled > $longest\nset longest = $settled\nend\n"
            "set done = 1\n{6}end",
            m_output, 1 - procedure::settledShare, written(procedure::settledMovement * band), written(band),
            written(m_bench.restLevel() + sign * step), written(procedure::settledTolerance * step),
            measurements(sign > 0 ? Measurement::Analysis::Rising : Measurement::Analysis::Falling)));
        add("end\nend");
    }

    const Bench& m_bench;
    std::set<Performance> m_asked;
    std::string m_output;
    std::string m_text;
};

std::string nameTable(const Bench& bench) {
    std::string text;
    for (std::size_t net = 0; net < bench.circuit().nets.size(); ++net)
        text += fmt::format("* net {} is {}\n", bench.netName(static_cast<netlist::NetId>(net)),
                            bench.circuit().nets[net]);
    for (std::size_t device = 0; device < bench.circuit().devices.size(); ++device)
        text += fmt::format("* {} is {}\n", bench.deviceName(static_cast<DeviceId>(device)),
                            bench.circuit().devices[device].name);
    return text;
}

} // namespace

Result<std::string> writeBenchDeck(const AmplifierUnderTest& amplifier, const EvaluationSettings& settings,
                                   const Sizing& sizing) {
    const Result<Bench> bench = Bench::create(amplifier, settings);
    if (!bench) return forward(bench);
    const Result<SlotValues> values = bench->resolve(sizing);
    if (!values) return forward(values);
    std::string hints;
    for (const std::string& command : amplifier.technology.commandsBeforeDeck())
        hints += fmt::format("* Before: put the line \"{}\" into .spiceinit.\n", command);
    return std::string(heading) + hints + nameTable(*bench) + bench->body(*values, Effort::Normal) +
           ControlBlock(*bench, settings, *values).text() + ".end\n";
}

} // namespace headroom::simulation
