#include "core/sizing/electrical_drawing.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <Eigen/Dense>

#include "core/base/random.h"

namespace headroom::sizing {
namespace {

using netlist::Device;
using netlist::DeviceType;
using netlist::NetId;
using netlist::Polarity;

constexpr double kThermalVoltage = 0.02585;            // V at 300 K
constexpr double kSlopeFactor = 1.4;                   // n, typical of bulk CMOS
constexpr double kOxidePermittivity = 3.9 * 8.854e-12; // F/m
constexpr double kRatioLow = 0.3, kRatioHigh = 8;
constexpr double kInversionLow = 0.02, kInversionHigh = 4;
constexpr double kLengthLow = 1.6, kLengthHigh = 20; // times the minimum length
constexpr double kWeakestBranch = 0.1;               // of the bias current
constexpr double kResidualLimit = 1e-6;              // of the bias current

/// Technology current I0 (A): drain current of a square device at inversion coefficient 1.
double technologyCurrent(const technology::Technology& technology, const technology::MosfetRules& rules) {
    const double fallback = rules.polarity == Polarity::N ? 6e-7 : 2e-7;
    const auto card = technology.cards.find(rules.model);
    if (card == technology.cards.end()) return fallback;
    const auto mobility = card->second.figures.find("u0");
    const auto oxide = card->second.figures.find("toxe");
    if (mobility == card->second.figures.end() || oxide == card->second.figures.end()) return fallback;
    // BSIM takes mobilities above 1 as cm^2/(V s).
    const double u0 = mobility->second > 1 ? mobility->second * 1e-4 : mobility->second;
    return 2 * kSlopeFactor * u0 * (kOxidePermittivity / oxide->second) * kThermalVoltage * kThermalVoltage;
}

/// Drain and source as the current flows: a device drawn upside down has its "drain" on its own rail.
std::pair<NetId, NetId> drainAndSource(const Device& device, const structure::AmplifierPorts& ports) {
    const NetId drain = device.nets[netlist::Drain];
    const NetId source = device.nets[netlist::Source];
    const NetId rail = device.polarity == Polarity::P ? ports.positiveSupply : ports.negativeSupply;
    return drain == rail ? std::pair{source, drain} : std::pair{drain, source};
}

} // namespace

struct ElectricalDrawing::Impl {
    const simulation::AmplifierUnderTest& amplifier;
    const DesignSpace& space;
    double biasCurrent;
    std::vector<DeviceId> mosfets;
    std::map<DeviceId, Eigen::Index> column; ///< of a MOSFET in the linear system
    Eigen::MatrixXd fixedRows;               ///< Kirchhoff and matching equations
    Eigen::VectorXd fixedRight;
    std::vector<std::vector<structure::MirrorRatio>> freeMirrors; ///< mirrors that share one ratio
    std::map<DeviceId, double> squareCurrent;                     ///< I0 of each MOSFET

    Impl(const simulation::AmplifierUnderTest& a, const DesignSpace& s, double bias)
        : amplifier(a)
        , space(s)
        , biasCurrent(bias) {
        collectMosfets();
        collectMirrors();
        writeKirchhoff();
    }

    void collectMosfets() {
        const auto& devices = amplifier.netlist.circuit.devices;
        for (DeviceId id = 0; id < static_cast<DeviceId>(devices.size()); ++id) {
            const Device& device = devices[static_cast<std::size_t>(id)];
            if (device.type != DeviceType::Mosfet) continue;
            column[id] = static_cast<Eigen::Index>(mosfets.size());
            mosfets.push_back(id);
            const technology::MosfetRules* rules = amplifier.technology.rulesFor(device);
            squareCurrent[id] = rules != nullptr ? technologyCurrent(amplifier.technology, *rules) : 5e-7;
        }
    }

    /// The variable that holds a device's parameter; that of its width stands for its matched group.
    std::size_t variableOf(DeviceId id, std::string_view parameter) const {
        for (std::size_t v = 0; v < space.size(); ++v) {
            const Variable& variable = space.variables()[v];
            if (variable.parameter != parameter) continue;
            if (std::find(variable.devices.begin(), variable.devices.end(), id) != variable.devices.end())
                return v;
        }
        return space.size();
    }

    double aspectOf(DeviceId id, std::span<const double> values) const {
        return values[variableOf(id, "w")] / values[variableOf(id, "l")];
    }

    void collectMirrors() {
        std::map<std::pair<std::size_t, std::size_t>, std::size_t> groupOf;
        for (const structure::MirrorRatio& mirror : amplifier.structure.mirrors) {
            const std::pair key{variableOf(mirror.reference, "w"), variableOf(mirror.output, "w")};
            if (key.first == key.second) continue; // matched: the ratio is 1
            const auto [found, isNew] = groupOf.try_emplace(key, freeMirrors.size());
            if (isNew) freeMirrors.emplace_back();
            freeMirrors[found->second].push_back(mirror);
        }
    }

    void writeKirchhoff() {
        if (!amplifier.structure.ports) return;
        const structure::AmplifierPorts& ports = *amplifier.structure.ports;
        const auto& circuit = amplifier.netlist.circuit;
        std::vector<Eigen::VectorXd> rows;
        std::vector<double> right;
        const auto width = static_cast<Eigen::Index>(mosfets.size());
        for (NetId net = 0; net < static_cast<NetId>(circuit.nets.size()); ++net) {
            if (net == ports.positiveSupply || net == ports.negativeSupply) continue;
            if (carriesOtherCurrent(net)) continue;
            Eigen::VectorXd row = Eigen::VectorXd::Zero(width);
            bool touched = false;
            for (const DeviceId id : mosfets) {
                const Device& device = circuit.devices[static_cast<std::size_t>(id)];
                const auto [drain, source] = drainAndSource(device, ports);
                if (drain == source) continue;
                // Current flowing out of the net: into an NMOS drain or a PMOS source.
                const double sign = device.polarity == Polarity::P ? -1 : 1;
                if (drain == net) row[column.at(id)] += sign;
                if (source == net) row[column.at(id)] -= sign;
                touched = touched || drain == net || source == net;
            }
            if (!touched) continue;
            double injected = 0;
            for (const auto& bias : ports.currentBiases) {
                if (bias.net == net) injected += bias.intoNet ? biasCurrent : -biasCurrent;
            }
            rows.push_back(row);
            right.push_back(injected);
        }
        for (const structure::MatchedGroup& group : amplifier.structure.matchedGroups) {
            for (std::size_t i = 1; i < group.devices.size(); ++i) {
                if (!column.contains(group.devices[0]) || !column.contains(group.devices[i])) continue;
                Eigen::VectorXd row = Eigen::VectorXd::Zero(width);
                row[column.at(group.devices[0])] = 1;
                row[column.at(group.devices[i])] = -1;
                rows.push_back(row);
                right.push_back(0);
            }
        }
        fixedRows.resize(static_cast<Eigen::Index>(rows.size()), width);
        fixedRight.resize(static_cast<Eigen::Index>(rows.size()));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            fixedRows.row(static_cast<Eigen::Index>(i)) = rows[i].transpose();
            fixedRight[static_cast<Eigen::Index>(i)] = right[i];
        }
    }

    /// A net through which a resistor, bipolar or source carries direct current has no MOSFET-only law.
    bool carriesOtherCurrent(NetId net) const {
        const auto& devices = amplifier.netlist.circuit.devices;
        return std::any_of(devices.begin(), devices.end(), [&](const Device& device) {
            const bool open = device.type == DeviceType::Mosfet || device.type == DeviceType::Capacitor;
            return !open && std::find(device.nets.begin(), device.nets.end(), net) != device.nets.end();
        });
    }

    std::optional<std::vector<double>> solve(const std::vector<double>& ratios) const {
        std::size_t mirrorCount = 0;
        for (const auto& group : freeMirrors)
            mirrorCount += group.size();
        const auto width = static_cast<Eigen::Index>(mosfets.size());
        Eigen::MatrixXd rows =
            Eigen::MatrixXd::Zero(fixedRows.rows() + static_cast<Eigen::Index>(mirrorCount), width);
        Eigen::VectorXd right = Eigen::VectorXd::Zero(rows.rows());
        rows.topRows(fixedRows.rows()) = fixedRows;
        right.head(fixedRows.rows()) = fixedRight;
        Eigen::Index row = fixedRows.rows();
        for (std::size_t g = 0; g < freeMirrors.size(); ++g) {
            for (const structure::MirrorRatio& mirror : freeMirrors[g]) {
                rows(row, column.at(mirror.output)) = 1;
                rows(row, column.at(mirror.reference)) = -ratios[g];
                ++row;
            }
        }
        const Eigen::VectorXd currents = rows.completeOrthogonalDecomposition().solve(right);
        if ((rows * currents - right).cwiseAbs().maxCoeff() > kResidualLimit * biasCurrent)
            return std::nullopt;
        std::vector<double> byDevice(amplifier.netlist.circuit.devices.size(), 0.0);
        for (const DeviceId id : mosfets)
            byDevice[static_cast<std::size_t>(id)] = currents[column.at(id)];
        return byDevice;
    }
};

ElectricalDrawing::ElectricalDrawing(const simulation::AmplifierUnderTest& amplifier,
                                     const DesignSpace& space, double biasCurrent)
    : m_impl(std::make_unique<Impl>(amplifier, space, biasCurrent)) {}

ElectricalDrawing::~ElectricalDrawing() = default;

std::size_t ElectricalDrawing::freeRatios() const {
    return m_impl->freeMirrors.size();
}

std::optional<std::vector<double>>
ElectricalDrawing::branchCurrents(const std::vector<double>& ratios) const {
    return m_impl->solve(ratios);
}

std::optional<std::vector<double>> ElectricalDrawing::currentsOf(std::span<const double> values) const {
    std::vector<double> ratios;
    for (const auto& group : m_impl->freeMirrors) {
        ratios.push_back(m_impl->aspectOf(group.front().output, values) /
                         m_impl->aspectOf(group.front().reference, values));
    }
    return m_impl->solve(ratios);
}

double ElectricalDrawing::squareCurrent(DeviceId device) const {
    return m_impl->squareCurrent.at(device);
}

std::optional<std::vector<double>> ElectricalDrawing::draw(std::uint64_t seed, std::uint64_t index) const {
    RandomEngine engine(deriveSeed(seed, index));
    std::vector<double> ratios(m_impl->freeMirrors.size());
    for (double& ratio : ratios)
        ratio = logUniform(engine, kRatioLow, kRatioHigh);
    const auto currents = m_impl->solve(ratios);
    if (!currents) return std::nullopt;
    for (const DeviceId id : m_impl->mosfets) {
        if ((*currents)[static_cast<std::size_t>(id)] < kWeakestBranch * m_impl->biasCurrent)
            return std::nullopt;
    }
    const auto& variables = m_impl->space.variables();
    std::vector<double> values(variables.size(), 0.0);
    std::map<DeviceId, double> lengthOf;
    std::map<DeviceId, double> inversionOf;
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables[v];
        if (variable.parameter == "w") continue;
        if (variable.parameter == "value") {
            values[v] = logUniform(engine, variable.low, variable.high);
            continue;
        }
        const double high = std::min(variable.high, variable.low * kLengthHigh);
        values[v] = logUniform(engine, variable.low * kLengthLow, high);
        const double inversion = logUniform(engine, kInversionLow, kInversionHigh);
        for (const DeviceId id : variable.devices) {
            lengthOf[id] = values[v];
            inversionOf[id] = inversion;
        }
    }
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables[v];
        if (variable.parameter != "w") continue;
        const DeviceId id = variable.devices.front();
        const double current = (*currents)[static_cast<std::size_t>(id)];
        values[v] = lengthOf.at(id) * current / (inversionOf.at(id) * m_impl->squareCurrent.at(id));
        if (values[v] < variable.low || values[v] > variable.high) return std::nullopt;
    }
    return m_impl->space.snap(values);
}

} // namespace headroom::sizing
