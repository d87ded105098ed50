#include "core/sizing/branch_currents.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <Eigen/Dense>

namespace headroom::sizing {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using netlist::Device;
using netlist::DeviceType;
using netlist::NetId;
using netlist::Polarity;
using structure::MirrorRatio;

constexpr double kResidualLimit = 1e-6; // of the bias current
/// Of a unit vector that lies outside of the equations' row space, and of a right side that contradicts them.
constexpr double kIndependent = 1e-7;

/// A ratio that no circuit has by its wiring: what holds with it holds with any.
double genericRatio(std::size_t index) {
    return 1.2 + std::fmod(0.618034 * static_cast<double>(index + 1), 1.0);
}

/// What a set of linear equations says of one more.
class Solution {
public:
    template <class Equations>
    explicit Solution(const Equations& equations)
        : m_decomposition(equations.rows)
        , m_currents(m_decomposition.solve(equations.right))
        , m_projection(m_decomposition.solve(equations.rows)) {}

    bool determines(const VectorXd& row) const {
        return (row.transpose() * m_projection - row.transpose()).norm() < kIndependent * row.norm();
    }
    double valueOf(const VectorXd& row) const { return row.dot(m_currents); }

private:
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> m_decomposition;
    VectorXd m_currents;
    Eigen::MatrixXd m_projection;
};

} // namespace

void BranchCurrents::Equations::add(const VectorXd& row, double value) {
    rows.conservativeResize(rows.rows() + 1, row.size());
    rows.row(rows.rows() - 1) = row.transpose();
    right.conservativeResize(rows.rows());
    right[rows.rows() - 1] = value;
}

BranchCurrents::BranchCurrents(const simulation::AmplifierUnderTest& amplifier, const DesignSpace& space,
                               double biasCurrent)
    : m_amplifier(amplifier)
    , m_space(space)
    , m_biasCurrent(biasCurrent) {
    collectDevices();
    if (m_devices.empty()) return;
    writeKirchhoff();
    writeEqualCurrents();
    writeBiasVoltages();
    plan();
}

const Device& BranchCurrents::device(DeviceId id) const {
    return m_amplifier.netlist.circuit.devices[static_cast<std::size_t>(id)];
}

void BranchCurrents::collectDevices() {
    const std::size_t count = m_amplifier.netlist.circuit.devices.size();
    m_column.assign(count, -1);
    m_stretch.assign(count, 1);
    m_sizes.assign(count, {m_space.size(), m_space.size()});
    for (const structure::CompositeTransistor& transistor : m_amplifier.structure.transistors) {
        if (!transistor.conducts) continue;
        for (const auto& row : transistor.rows) {
            for (const DeviceId id : row.devices) {
                if (device(id).type != DeviceType::Mosfet) continue;
                m_devices.push_back(id);
                const double fingers = device(id).widthIsPerFinger ? device(id).fingers() : 1;
                m_stretch[static_cast<std::size_t>(id)] = static_cast<double>(transistor.rows.size()) /
                                                          (fingers * device(id).number("m").value_or(1));
            }
        }
    }
    std::sort(m_devices.begin(), m_devices.end());
    for (std::size_t i = 0; i < m_devices.size(); ++i)
        m_column[static_cast<std::size_t>(m_devices[i])] = static_cast<Index>(i);
    for (std::size_t v = 0; v < m_space.size(); ++v) {
        const Variable& variable = m_space.variables()[v];
        for (const DeviceId id : variable.devices) {
            if (variable.parameter == "w") m_sizes[static_cast<std::size_t>(id)].first = v;
            if (variable.parameter == "l") m_sizes[static_cast<std::size_t>(id)].second = v;
        }
    }
}

NetId BranchCurrents::joined(NetId net) const {
    return m_amplifier.structure.joinedNets.at(static_cast<std::size_t>(net));
}

bool BranchCurrents::isRail(NetId net) const {
    const structure::AmplifierPorts& ports = *m_amplifier.structure.ports;
    const auto holds = [&](const std::vector<NetId>& nets) {
        return std::any_of(nets.begin(), nets.end(), [&](NetId each) { return joined(each) == net; });
    };
    return net == joined(ports.positiveSupply) || net == joined(ports.negativeSupply) ||
           holds(ports.furtherPositiveSupplies) || holds(ports.furtherNegativeSupplies);
}

/// What the test bench takes the place of.
bool BranchCurrents::isBenchSource(const Device& source) const {
    const structure::AmplifierPorts& ports = *m_amplifier.structure.ports;
    return std::all_of(source.nets.begin(), source.nets.end(), [&](NetId each) {
        const NetId net = joined(each);
        const bool isBias = std::any_of(ports.currentBiases.begin(), ports.currentBiases.end(),
                                        [&](const auto& bias) { return joined(bias.net) == net; }) ||
                            std::any_of(ports.voltageBiases.begin(), ports.voltageBiases.end(),
                                        [&](NetId bias) { return joined(bias) == net; });
        const std::string& name = m_amplifier.netlist.circuit.nets[static_cast<std::size_t>(each)];
        return isRail(net) || isBias || net == joined(ports.inputPlus) || net == joined(ports.inputMinus) ||
               name == "0";
    });
}

/// A net through which a resistor, bipolar or source carries direct current has no MOSFET-only law.
bool BranchCurrents::carriesOtherCurrent(NetId net) const {
    const auto& devices = m_amplifier.netlist.circuit.devices;
    return std::any_of(devices.begin(), devices.end(), [&](const Device& each) {
        if (each.type == DeviceType::Mosfet || each.type == DeviceType::Capacitor || each.nets.empty())
            return false;
        const NetId first = joined(each.nets.front());
        const bool touches = std::any_of(each.nets.begin(), each.nets.end(),
                                         [&](NetId other) { return joined(other) == net; });
        const bool isShort = std::all_of(each.nets.begin(), each.nets.end(),
                                         [&](NetId other) { return joined(other) == first; });
        const bool isSource =
            each.type == DeviceType::VoltageSource || each.type == DeviceType::CurrentSource;
        const bool isKnown = each.type == DeviceType::CurrentSource && each.number("value");
        return touches && !isShort && !isKnown && !(isSource && isBenchSource(each));
    });
}

/// From the bench's bias currents and the circuit's own current sources, A.
double BranchCurrents::currentInto(NetId net) const {
    double injected = 0;
    for (const auto& bias : m_amplifier.structure.ports->currentBiases) {
        if (joined(bias.net) == net) injected += bias.intoNet ? m_biasCurrent : -m_biasCurrent;
    }
    for (const Device& each : m_amplifier.netlist.circuit.devices) {
        if (each.type != DeviceType::CurrentSource || each.nets.size() < 2 || isBenchSource(each)) continue;
        // The current of a source flows through it from its first net to its second.
        const double current = each.number("value").value_or(0);
        if (joined(each.nets[0]) == net) injected -= current;
        if (joined(each.nets[1]) == net) injected += current;
    }
    return injected;
}

VectorXd BranchCurrents::unit(DeviceId id) const {
    return VectorXd::Unit(static_cast<Index>(m_devices.size()), m_column[static_cast<std::size_t>(id)]);
}

void BranchCurrents::writeKirchhoff() {
    if (!m_amplifier.structure.ports) return;
    const auto width = static_cast<Index>(m_devices.size());
    const auto nets = static_cast<NetId>(m_amplifier.netlist.circuit.nets.size());
    for (NetId net = 0; net < nets; ++net) {
        if (joined(net) != net || isRail(net) || carriesOtherCurrent(net)) continue;
        VectorXd row = VectorXd::Zero(width);
        bool touched = false;
        for (const structure::CompositeTransistor& transistor : m_amplifier.structure.transistors) {
            if (!transistor.conducts) continue;
            // Current flowing out of the net: into an NMOS drain or a PMOS source.
            const double sign = transistor.polarity == Polarity::P ? -1 : 1;
            for (const auto& line : transistor.rows) {
                if (line.drain == line.source || (line.drain != net && line.source != net)) continue;
                touched = true;
                for (const DeviceId id : line.devices)
                    row += (line.drain == net ? sign : -sign) * unit(id);
            }
        }
        if (touched) m_fixed.add(row, currentInto(net));
    }
}

void BranchCurrents::writeEqualCurrents() {
    const auto conducts = [&](DeviceId id) { return m_column[static_cast<std::size_t>(id)] >= 0; };
    for (const structure::MatchedGroup& group : m_amplifier.structure.matchedGroups) {
        for (std::size_t i = 1; i < group.devices.size(); ++i) {
            if (!conducts(group.devices[0]) || !conducts(group.devices[i])) continue;
            m_fixed.add(unit(group.devices[0]) - unit(group.devices[i]), 0);
        }
    }
    for (const structure::CompositeTransistor& transistor : m_amplifier.structure.transistors) {
        if (!transistor.conducts) continue;
        for (const auto& row : transistor.rows) {
            for (std::size_t i = 1; i < row.devices.size(); ++i) {
                // In parallel with one W and L: by multiplicity.
                m_fixed.add(stretch(row.devices[0]) * unit(row.devices[0]) -
                                stretch(row.devices[i]) * unit(row.devices[i]),
                            0);
            }
        }
    }
}

/// A bias voltage is that of a diode-connected copy, which carries the bias current: so does what is copied,
/// and others at the same gate net are its mirrors.
void BranchCurrents::writeBiasVoltages() {
    if (!m_amplifier.structure.ports) return;
    const auto& roles = m_amplifier.structure.roles;
    const bool isControlled = m_amplifier.structure.ports->outputMinus &&
                              std::none_of(roles.begin(), roles.end(), [](const structure::DeviceRole& role) {
                                  return role.stage == structure::Stage::Feedback;
                              });
    for (const NetId bias : m_amplifier.structure.ports->voltageBiases) {
        std::vector<DeviceId> driven;
        for (const structure::CompositeTransistor& transistor : m_amplifier.structure.transistors) {
            const auto& last = transistor.rows.back();
            if (!transistor.conducts || transistor.gate != joined(bias) || !isRail(last.source)) continue;
            driven.insert(driven.end(), last.devices.begin(), last.devices.end());
        }
        std::sort(driven.begin(), driven.end());
        // Through loads the bench holds the common mode of a differential amplifier that does not do so
        // itself.
        const bool areLoads = std::any_of(driven.begin(), driven.end(), [&](DeviceId id) {
            return roles.at(static_cast<std::size_t>(id)).function == structure::Function::Load;
        });
        if (isControlled && areLoads) continue;
        for (std::size_t i = 0; i < driven.size(); ++i) {
            if (i == 0) {
                const Solution known(m_fixed);
                if (!known.determines(unit(driven[0]))) m_fixed.add(unit(driven[0]), m_biasCurrent);
            } else {
                m_biasMirrors.push_back({{driven[0], driven[i]}});
            }
        }
    }
}

std::optional<DeviceId> BranchCurrents::biasedAlike(DeviceId id) const {
    for (const MirrorGroup& group : m_biasMirrors) {
        if (group.front().output == id) return group.front().reference;
    }
    return std::nullopt;
}

std::vector<BranchCurrents::MirrorGroup> BranchCurrents::mirrorGroups() const {
    std::vector<MirrorGroup> groups;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> groupOf;
    const auto take = [&](const MirrorRatio& mirror) {
        const std::pair key{m_sizes[static_cast<std::size_t>(mirror.reference)].first,
                            m_sizes[static_cast<std::size_t>(mirror.output)].first};
        if (key.first == key.second) return; // one W: the ratio is that of the wiring
        const auto [found, isNew] = groupOf.try_emplace(key, groups.size());
        if (isNew) groups.emplace_back();
        groups[found->second].push_back(mirror);
    };
    for (const MirrorRatio& mirror : m_amplifier.structure.mirrors) {
        const bool conduct = m_column[static_cast<std::size_t>(mirror.reference)] >= 0 &&
                             m_column[static_cast<std::size_t>(mirror.output)] >= 0;
        if (conduct) take(mirror);
    }
    for (const MirrorGroup& group : m_biasMirrors)
        take(group.front());
    return groups;
}

VectorXd BranchCurrents::mirrorRow(const MirrorRatio& mirror, double ratio) const {
    return unit(mirror.output) - ratio * unit(mirror.reference);
}

void BranchCurrents::planMirrors(const MirrorGroup& group, Equations& equations) {
    const Solution before(equations);
    Step step;
    std::optional<double> ratio;
    for (const MirrorRatio& mirror : group) {
        const VectorXd reference = unit(mirror.reference);
        if (!before.determines(reference) || !before.determines(unit(mirror.output))) continue;
        ratio = before.valueOf(unit(mirror.output)) / before.valueOf(reference);
        step.given = mirror;
        break;
    }
    if (ratio && !std::isfinite(*ratio)) return;
    const double used = ratio.value_or(genericRatio(m_ratioCount));
    for (const MirrorRatio& mirror : group) {
        const Solution now(equations);
        const VectorXd row = mirrorRow(mirror, used);
        const bool isImplied = now.determines(row);
        // One W for both, and currents that the circuit sets otherwise: it is for the simulator to judge.
        const bool contradicts = isImplied && std::abs(now.valueOf(row)) > kIndependent * m_biasCurrent;
        if (contradicts || (isImplied && ratio)) continue;
        equations.add(row, 0);
        step.mirrors.push_back(mirror);
    }
    if (step.mirrors.empty()) return;
    if (!ratio) step.ratio = m_ratioCount++;
    m_steps.push_back(std::move(step));
}

void BranchCurrents::plan() {
    Equations equations = m_fixed;
    if (equations.rows.rows() == 0) equations.add(VectorXd::Zero(static_cast<Index>(m_devices.size())), 0);
    for (const MirrorGroup& group : mirrorGroups())
        planMirrors(group, equations);
    // The least-squares solution gives a branch between stages, which no mirror feeds, currents like those of
    // its neighbours; nothing where nothing around it has any.
    std::optional<Solution> now(equations);
    for (const DeviceId id : m_devices) {
        const bool hasCurrent = std::abs(now->valueOf(unit(id))) > kIndependent * m_biasCurrent;
        if (hasCurrent || now->determines(unit(id))) continue;
        equations.add(unit(id), genericRatio(m_ratioCount) * m_biasCurrent);
        now.emplace(equations);
        Step step;
        step.branch = id;
        step.ratio = m_ratioCount++;
        m_steps.push_back(std::move(step));
    }
}

std::optional<std::vector<double>> BranchCurrents::solve(std::span<const double> ratios) const {
    std::vector<double> byDevice(m_column.size(), 0.0);
    if (m_devices.empty()) return byDevice;
    std::size_t added = 0;
    for (const Step& step : m_steps)
        added += std::max<std::size_t>(1, step.mirrors.size());
    Equations equations;
    const Index fixed = m_fixed.rows.rows();
    equations.rows =
        Eigen::MatrixXd::Zero(fixed + static_cast<Index>(added), static_cast<Index>(m_devices.size()));
    equations.right = VectorXd::Zero(equations.rows.rows());
    equations.rows.topRows(fixed) = m_fixed.rows;
    equations.right.head(fixed) = m_fixed.right;
    Index row = fixed;
    const auto currents = [&](Index known) -> VectorXd {
        return equations.rows.topRows(known).completeOrthogonalDecomposition().solve(
            equations.right.head(known));
    };
    for (const Step& step : m_steps) {
        if (step.mirrors.empty()) {
            equations.rows.row(row) = unit(step.branch).transpose();
            equations.right[row++] = ratios[*step.ratio] * m_biasCurrent;
            continue;
        }
        double ratio = 0;
        if (step.ratio) {
            ratio = ratios[*step.ratio];
        } else {
            const VectorXd known = currents(row);
            ratio = unit(step.given.output).dot(known) / unit(step.given.reference).dot(known);
        }
        for (const MirrorRatio& mirror : step.mirrors)
            equations.rows.row(row++) = mirrorRow(mirror, ratio).transpose();
    }
    const VectorXd solved = currents(equations.rows.rows());
    const bool fits =
        (equations.rows * solved - equations.right).cwiseAbs().maxCoeff() <= kResidualLimit * m_biasCurrent;
    if (!fits) return std::nullopt;
    for (const DeviceId id : m_devices)
        byDevice[static_cast<std::size_t>(id)] = solved[m_column[static_cast<std::size_t>(id)]];
    return byDevice;
}

double BranchCurrents::aspectOf(DeviceId id, std::span<const double> values) const {
    const auto& [w, l] = m_sizes[static_cast<std::size_t>(id)];
    return values[w] / (values[l] * stretch(id));
}

std::optional<std::vector<double>> BranchCurrents::ofSizes(std::span<const double> values) const {
    std::vector<double> ratios(m_ratioCount, 1.0);
    for (const Step& step : m_steps) {
        if (step.mirrors.empty() || !step.ratio) continue;
        const MirrorRatio& mirror = step.mirrors.front();
        ratios[*step.ratio] = aspectOf(mirror.output, values) / aspectOf(mirror.reference, values);
    }
    return solve(ratios);
}

} // namespace headroom::sizing
