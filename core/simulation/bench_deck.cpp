#include <algorithm>
#include <numbers>
#include <set>

#include <fmt/format.h>

#include "core/simulation/bench.h"

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
        , m_output(bench.netName(bench.ports().output)) {
        operatingPoint(values);
        smallSignal();
        for (const Sweep& sweep : bench.sweeps())
            if (asks(sweep.performance)) limit(sweep);
        if (asks(Performance::SlewRate)) slewRate();
    }

    std::string text() const {
        return ".control\nset num_threads=1\nset numdgt=10\nset noaskquit\n" + m_text + ".endc\n";
    }

private:
    bool asks(Performance performance) const { return m_asked.contains(performance); }
    void add(const std::string& line) { m_text += line + '\n'; }
    void print(Performance performance, const std::string& expression) {
        if (!asks(performance)) return;
        add(fmt::format("let {0} = {1}\nprint {0}", info(performance).name, expression));
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
                saved.push_back(fmt::format("@{}[{}]", m_bench.deviceName(id), quantity));
        m_text += Bench::saveCommands(saved);
        add("op");
        for (const DeviceId id : m_bench.mosfets()) {
            const Device& device = m_bench.circuit().devices[static_cast<std::size_t>(id)];
            // way: 1, or -1 where drain and source have changed places; watched: 1 where saturated.
            add(fmt::format("let vds = {0}\nlet way{1} = 2*(vds ge 0)-1\n"
                            "let vov = {2}({3}-{4}) - vds*(vds lt 0) - @{5}[vth]\n"
                            "let watched{1} = (abs(vds)-@{5}[vdsat] ge 0)*(vov ge {6})",
                            drainSource(id), id, sign(id), m_bench.netName(device.nets[netlist::Gate]),
                            m_bench.netName(device.nets[netlist::Source]), m_bench.deviceName(id),
                            procedure::offOverdrive));
        }
        print(Performance::Power, fmt::format("-{}*v_dd#branch", m_bench.conditions().supplyVoltage));
        print(Performance::Offset, fmt::format("{}-{}", m_bench.netName(m_bench.ports().inputPlus),
                                               m_bench.netName(m_bench.ports().inputMinus)));
        print(Performance::Area, Bench::written(m_bench.gateArea(values)));
    }

    void smallSignal() {
        add(fmt::format("ac dec 200 {} {}\nlet a0 = db({}[0])", procedure::lowestFrequency,
                        procedure::highestFrequency, m_output));
        print(Performance::GainDb, "a0");
        add(fmt::format(
            "meas ac transit_frequency when vdb({0})=0 fall=1\n"
            "let margins = 180/{1}*cph({0})+180\nmeas ac phase_margin find margins when vdb({0})=0 fall=1\n"
            "let tau = 1/(2*{1}*transit_frequency)",
            m_output, std::numbers::pi));
        for (const auto& [performance, excitation] :
             {std::pair(Performance::CmrrDb, Excitation::CommonMode),
              std::pair(Performance::PsrrPositiveDb, Excitation::PositiveSupply),
              std::pair(Performance::PsrrNegativeDb, Excitation::NegativeSupply)}) {
            if (!asks(performance)) continue;
            add(m_bench.excite(excitation) + fmt::format("ac lin 1 {0} {0}", procedure::lowestFrequency));
            print(performance, fmt::format("ac1.a0-db({})", m_output));
        }
    }

    void limit(const Sweep& sweep) {
        const double step = (sweep.to - sweep.from) / sweep.steps;
        add(fmt::format("dc {} {} {} {}\nlet position = {}\nlet worst = 0*position+1e3", sweep.source,
                        Bench::written(sweep.from), Bench::written(sweep.to + procedure::sweepSlack * step),
                        Bench::written(step), m_bench.netName(sweep.observed)));
        for (const DeviceId id : m_bench.mosfets()) {
            add(fmt::format("let margin = op1.way{1}*{0}-@{2}[vdsat]\n"
                            "let margin = margin*op1.watched{1}+1e3*(1-op1.watched{1})\n"
                            "let worst = worst*(worst le margin)+margin*(worst gt margin)",
                            drainSource(id), id, m_bench.deviceName(id)));
        }
        m_text += limitSearch;
        print(sweep.performance, "limit");
    }

    void slewRate() {
        const double step = procedure::stepShare * m_bench.conditions().supplyVoltage;
        const double level = m_bench.conditions().outputVoltage;
        add(fmt::format("set tau = \"$&ac1.tau\"\nset slowest = 0"));
        for (const double volts : {step, -step}) {
            add("set done = 0");
            std::string windows;
            for (const double window : procedure::stepWindows)
                windows += fmt::format(" {}", window);
            add(fmt::format("foreach window{}\nif $done = 0", windows));
            add(fmt::format(
                "setplot const\nlet stop = $window*$tau\nlet grain = stop/{}\nlet rise = {}*$tau\n"
                "set stop = \"$&stop\"\nset grain = \"$&grain\"\nset rise = \"$&rise\"",
                procedure::stepsPerWindow, procedure::riseTimeShare));
            add(m_bench.step(volts, "$rise") + "tran $grain $stop 0 $grain");
            add(fmt::format("let distance = ({}-{})*{}", m_output, Bench::written(level),
                            volts > 0 ? 1 : -1));
            const double from = procedure::slopeFrom * step;
            const double to = procedure::slopeTo * step;
            add(fmt::format(
                "if vecmax(distance) > {1}\nmeas tran first when distance={0} cross=1\n"
                "meas tran second when distance={1} cross=1\n"
                "let slope = {2}/(second-first)\nset slope = \"$&slope\"\n"
                "if ($slowest = 0) | ($slope < $slowest)\nset slowest = $slope\nend\nset done = 1\nend",
                Bench::written(from), Bench::written(to), Bench::written(to - from)));
            add("end\nend\n" + m_bench.endStep() + "if $done = 0\nset failed = 1\nend");
        }
        add("if $?failed = 0\necho slew_rate = $slowest\nend");
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
    return std::string(heading) + nameTable(*bench) + bench->body(*values, Effort::Normal) +
           ControlBlock(*bench, settings, *values).text() + ".end\n";
}

} // namespace headroom::simulation
