#include "core/sizing/electrical_coordinates.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace headroom::sizing {
namespace {

/// Currents below this share of the bias current count as this share: such a branch no longer works, and
/// how little it carries, or how negative Kirchhoff's law would have it, makes no difference.
constexpr double kWeakestCurrent = 0.02;

} // namespace

std::shared_ptr<const ElectricalCoordinates>
ElectricalCoordinates::create(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                              const DesignSpace& space, double biasCurrent) {
    return std::shared_ptr<const ElectricalCoordinates>(
        new ElectricalCoordinates(std::move(amplifier), space, biasCurrent));
}

ElectricalCoordinates::ElectricalCoordinates(std::shared_ptr<const simulation::AmplifierUnderTest> amplifier,
                                             const DesignSpace& space, double biasCurrent)
    : m_amplifier(std::move(amplifier))
    , m_space(std::make_shared<const DesignSpace>(space))
    , m_biasCurrent(biasCurrent)
    , m_drawing(*m_amplifier, *m_space, biasCurrent) {
    const auto& variables = m_space->variables();
    for (std::size_t v = 0; v < variables.size(); ++v) {
        const Variable& variable = variables[v];
        if (variable.parameter != "w") {
            if (variable.parameter == "l") m_lengths.push_back(m_coordinates.size());
            m_coordinates.push_back({Kind::Value, v, v, -1, variable.name});
            continue;
        }
        const DeviceId device = variable.devices.front();
        const auto length = std::find_if(variables.begin(), variables.end(), [&](const Variable& other) {
            return other.parameter == "l" &&
                   std::find(other.devices.begin(), other.devices.end(), device) != other.devices.end();
        });
        if (length == variables.end()) {
            m_coordinates.push_back({Kind::Value, v, v, -1, variable.name});
            continue;
        }
        const auto l = static_cast<std::size_t>(length - variables.begin());
        const std::string owner = variable.name.substr(0, variable.name.rfind(' '));
        m_coordinates.push_back({Kind::Current, v, l, device, owner + " current"});
        m_inversions.push_back(m_coordinates.size());
        m_coordinates.push_back({Kind::Inversion, v, l, device, owner + " inversion"});
        m_coordinates.push_back({Kind::GateArea, v, l, device, owner + " gate area"});
    }
}

std::vector<std::string> ElectricalCoordinates::names() const {
    std::vector<std::string> names;
    for (const Coordinate& coordinate : m_coordinates)
        names.push_back(coordinate.name);
    return names;
}

Eigen::VectorXd ElectricalCoordinates::of(std::span<const double> values) const {
    const auto currents = m_drawing.currentsOf(values);
    const auto currentOf = [&](DeviceId device) {
        const double current = currents ? (*currents)[static_cast<std::size_t>(device)] : m_biasCurrent;
        return std::max(current, kWeakestCurrent * m_biasCurrent);
    };
    Eigen::VectorXd result(static_cast<Eigen::Index>(m_coordinates.size()));
    for (std::size_t c = 0; c < m_coordinates.size(); ++c) {
        const Coordinate& coordinate = m_coordinates[c];
        const double value = values[coordinate.variable];
        const double length = values[coordinate.length];
        double quantity = value;
        if (coordinate.kind == Kind::GateArea) quantity = value * length;
        if (coordinate.kind == Kind::Current) quantity = currentOf(coordinate.device);
        if (coordinate.kind == Kind::Inversion) {
            quantity = currentOf(coordinate.device) * length * m_drawing.stretch(coordinate.device) /
                       (value * m_drawing.squareCurrent(coordinate.device));
        }
        result[static_cast<Eigen::Index>(c)] = std::log(quantity);
    }
    return result;
}

} // namespace headroom::sizing
