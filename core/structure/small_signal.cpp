#include "core/structure/small_signal.h"

#include <cmath>
#include <utility>

namespace headroom::structure {

using netlist::Device;
using netlist::DeviceType;

namespace {

constexpr std::size_t maximumNets = 400;

// Nominal conductances, relative to a transistor's transconductance.
constexpr double outputConductance = 0.01;
constexpr double resistorConductance = 0.02;
constexpr double leakage = 1e-6;

// Nets that a change at the inputs reaches.
std::vector<NetId> reachedNets(const Wiring& wiring, NetId one, NetId two) {
    std::vector<bool> seen(wiring.circuit.nets.size(), false);
    std::vector<NetId> nets;
    const auto reach = [&](NetId net) {
        if (wiring.isRail(net) || seen[at(net)]) return;
        seen[at(net)] = true;
        nets.push_back(net);
    };
    reach(one);
    reach(two);
    for (std::size_t i = 0; i < nets.size(); ++i) {
        const NetId net = nets[i];
        for (const int t : wiring.gatesAt[at(net)])
            reach(wiring[t].drain), reach(wiring[t].source);
        if (net == one || net == two) continue;
        for (const int t : wiring.drainsAt[at(net)])
            reach(wiring[t].source);
        for (const int t : wiring.sourcesAt[at(net)])
            reach(wiring[t].drain);
        for (const DeviceId id : wiring.othersAt[at(net)]) {
            if (wiring.circuit.devices[at(id)].type != DeviceType::Resistor) continue;
            const NetId other = wiring.otherEnd(id, net);
            if (other >= 0) reach(other);
        }
    }
    return nets;
}

// Dense Gaussian elimination with row pivoting; the matrix is destroyed. False where it is singular.
bool solve(std::vector<double>& matrix, std::vector<double>& right) {
    const std::size_t n = right.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::size_t pivot = k;
        for (std::size_t i = k + 1; i < n; ++i)
            if (std::abs(matrix[i * n + k]) > std::abs(matrix[pivot * n + k])) pivot = i;
        if (std::abs(matrix[pivot * n + k]) < 1e-15) return false;
        if (pivot != k) {
            for (std::size_t j = k; j < n; ++j)
                std::swap(matrix[k * n + j], matrix[pivot * n + j]);
            std::swap(right[k], right[pivot]);
        }
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = matrix[i * n + k] / matrix[k * n + k];
            if (factor == 0) continue;
            for (std::size_t j = k; j < n; ++j)
                matrix[i * n + j] -= factor * matrix[k * n + j];
            right[i] -= factor * right[k];
        }
    }
    for (std::size_t k = n; k-- > 0;) {
        for (std::size_t j = k + 1; j < n; ++j)
            right[k] -= matrix[k * n + j] * right[j];
        right[k] /= matrix[k * n + k];
    }
    return true;
}

} // namespace

std::vector<double> nominalGains(const Wiring& wiring, NetId risingInput, NetId fallingInput) {
    const std::vector<NetId> nets = reachedNets(wiring, risingInput, fallingInput);
    if (nets.size() > maximumNets) return {};
    const std::size_t n = nets.size();
    std::vector<int> row(wiring.circuit.nets.size(), -1);
    for (std::size_t i = 0; i < n; ++i)
        row[at(nets[i])] = static_cast<int>(i);
    std::vector<double> matrix(n * n, 0.0), right(n, 0.0);
    const auto add = [&](NetId equation, NetId unknown, double conductance) {
        const int i = row[at(equation)];
        const int j = row[at(unknown)];
        if (i >= 0 && j >= 0) matrix[at(i) * n + at(j)] += conductance;
    };
    const auto conductance = [&](NetId a, NetId b, double value) {
        add(a, a, value);
        add(a, b, -value);
        add(b, b, value);
        add(b, a, -value);
    };
    for (const Transistor& t : wiring.transistors) {
        if (!t.conducts()) continue;
        conductance(t.drain, t.source, outputConductance);
        add(t.drain, t.gate, 1);
        add(t.drain, t.source, -1);
        add(t.source, t.gate, -1);
        add(t.source, t.source, 1);
    }
    for (const Device& device : wiring.circuit.devices) {
        if (device.type != DeviceType::Resistor || device.nets.size() < 2) continue;
        conductance(wiring.canonical[at(device.nets[0])], wiring.canonical[at(device.nets[1])],
                    resistorConductance);
    }
    for (std::size_t i = 0; i < n; ++i)
        matrix[i * n + i] += leakage;
    for (const auto& [net, value] : {std::pair(risingInput, 1.0), std::pair(fallingInput, -1.0)}) {
        const std::size_t i = at(row[at(net)]);
        for (std::size_t j = 0; j < n; ++j)
            matrix[i * n + j] = i == j ? 1.0 : 0.0;
        right[i] = value;
    }
    if (!solve(matrix, right)) return {};
    std::vector<double> gains(wiring.circuit.nets.size(), 0.0);
    for (std::size_t i = 0; i < n; ++i)
        gains[at(nets[i])] = right[i];
    return gains;
}

} // namespace headroom::structure
