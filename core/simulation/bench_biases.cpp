#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "core/simulation/bench.h"

namespace headroom::simulation {
namespace {

using netlist::Device;
using netlist::DeviceId;
using netlist::DeviceType;
using netlist::NetId;
using netlist::Polarity;
using structure::Function;
using structure::Stage;

/// V, by which the drain of an input pair is held above the edge of saturation.
constexpr double pairReserve = 0.05;

} // namespace

bool Bench::hasCommonModeFeedback() const {
    const auto& roles = m_amplifier->structure.roles;
    return std::any_of(roles.begin(), roles.end(),
                       [](const structure::DeviceRole& role) { return role.stage == Stage::Feedback; });
}

double Bench::cascodeLift(DeviceId cascode) const {
    const NetId source = circuit().devices[static_cast<std::size_t>(cascode)].nets[netlist::Source];
    const NetId drain = circuit().devices[static_cast<std::size_t>(cascode)].nets[netlist::Drain];
    for (const DeviceId id : m_mosfets) {
        const Device& below = circuit().devices[static_cast<std::size_t>(id)];
        const NetId gate = below.nets[netlist::Gate];
        const bool isInput = gate == ports().inputPlus || gate == ports().inputMinus;
        const bool touches = below.nets[netlist::Drain] == source || below.nets[netlist::Drain] == drain;
        if (!isInput || !touches || polarity(id) != polarity(cascode)) continue;
        const double gateVoltage = polarity(id) == Polarity::N
                                       ? m_conditions.commonModeVoltage
                                       : m_conditions.supplyVoltage - m_conditions.commonModeVoltage;
        return gateVoltage - thresholdOf(id) + pairReserve;
    }
    return procedure::cascodeReserve * m_conditions.supplyVoltage;
}

Result<void> Bench::chooseVoltageBias(NetId net) {
    const std::string& name = circuit().nets[static_cast<std::size_t>(net)];
    const auto& roles = m_amplifier->structure.roles;
    std::vector<DeviceId> driven;
    for (const DeviceId id : m_mosfets)
        if (circuit().devices[static_cast<std::size_t>(id)].nets[netlist::Gate] == net) driven.push_back(id);
    if (driven.empty())
        return fail(ErrorCode::Unsupported,
                    fmt::format("Net {} wants a bias voltage, and none is given.", name));
    const auto role = [&](DeviceId id) { return roles.at(static_cast<std::size_t>(id)); };
    const bool isReference =
        isDifferential() && std::all_of(driven.begin(), driven.end(), [&](DeviceId id) {
            return role(id).stage == Stage::Feedback && role(id).function == Function::Transconductance;
        });
    if (isReference) {
        m_voltageBiases.emplace_back(net, m_conditions.outputVoltage);
        m_notes.push_back(
            fmt::format("Net {} gets the output level as reference of the common-mode feedback.", name));
        return {};
    }
    const auto isAtRail = [&](DeviceId id) {
        const Device& device = circuit().devices[static_cast<std::size_t>(id)];
        const NetId rail = polarity(id) == Polarity::N ? ports().negativeSupply : ports().positiveSupply;
        return device.nets[netlist::Source] == rail || device.nets[netlist::Drain] == rail;
    };
    const auto atRail = std::find_if(driven.begin(), driven.end(), isAtRail);
    const DeviceId original = atRail != driven.end() ? *atRail : driven.front();
    const bool isCascode = atRail == driven.end();
    m_replicas.push_back({net, original, isCascode ? cascodeLift(original) : 0});
    const bool holdsCommonMode =
        isDifferential() && !isCascode && !hasCommonModeFeedback() && !m_commonModeControl &&
        std::any_of(driven.begin(), driven.end(),
                    [&](DeviceId id) { return isAtRail(id) && role(id).function == Function::Load; });
    if (holdsCommonMode) m_commonModeControl = net;
    m_notes.push_back(fmt::format(
        "Net {} gets its voltage from a diode-connected copy of {} that carries the bias current{}{}.", name,
        circuit().devices[static_cast<std::size_t>(original)].name,
        isCascode ? fmt::format(", its source {:.3g} V off the rail", m_replicas.back().lift) : "",
        holdsCommonMode ? "; through it the bench holds the outputs' common mode" : ""));
    return {};
}

Result<void> Bench::chooseVoltageBiases(const EvaluationSettings& settings) {
    std::map<NetId, double> given;
    for (const auto& [name, volts] : settings.biasVoltages) {
        const auto net = circuit().findNet(name);
        const auto& wanted = ports().voltageBiases;
        if (!net || std::find(wanted.begin(), wanted.end(), *net) == wanted.end())
            return fail(ErrorCode::BadInput,
                        fmt::format("Net {} takes no bias voltage: it is none of the nets that "
                                    "are gates only.",
                                    name));
        if (!std::isfinite(volts))
            return fail(ErrorCode::BadInput, fmt::format("The bias voltage of net {} is no number.", name));
        given[*net] = volts;
    }
    for (const NetId net : ports().voltageBiases) {
        if (const auto found = given.find(net); found != given.end()) {
            m_voltageBiases.emplace_back(net, found->second);
            continue;
        }
        if (Result<void> chosen = chooseVoltageBias(net); !chosen) return chosen;
    }
    return {};
}

std::string Bench::replicas(const SlotValues& values) const {
    std::string text;
    int index = 0;
    for (const Replica& replica : m_replicas) {
        const bool isN = polarity(replica.original) == Polarity::N;
        const bool isHeld = m_commonModeControl == replica.net;
        const std::string node = isHeld ? std::string("cm_base") : netName(replica.net);
        const std::string rail = netName(isN ? ports().negativeSupply : ports().positiveSupply);
        const std::string other = netName(isN ? ports().positiveSupply : ports().negativeSupply);
        std::string source = rail;
        if (replica.lift != 0) {
            source = fmt::format("lift{}", index);
            text += fmt::format("v_lift{} {} {} dc {}\n", index, source, rail,
                                written(isN ? replica.lift : -replica.lift));
        }
        text += fmt::format("{0}_bias{1} {2} {2} {3} {4}{5}\ni_bias{1} {6} {7} dc {8}\n",
                            isSubcircuit(replica.original) ? 'x' : 'm', index, node, source, rail,
                            cardAndSize(replica.original, values), isN ? other : node, isN ? node : other,
                            written(m_conditions.biasCurrent));
        // Gates of loads up, outputs down: for N and P alike.
        if (isHeld)
            text += fmt::format("e_cm {} {} oc oref {}\nv_oref oref 0 dc {}\n", netName(replica.net), node,
                                written(procedure::commonModeGain), written(m_conditions.outputVoltage));
        ++index;
    }
    return text;
}

} // namespace headroom::simulation
