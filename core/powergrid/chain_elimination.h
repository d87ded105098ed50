#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/powergrid/grid_model.h"

namespace headroom::powergrid {

/// Takes unknowns with one or two neighbours out of the equations, exactly and in linear time (Gaussian
/// elimination in an order that adds nothing): rails between their vias and stubs at terminals are most of a
/// power grid. What is left has new numbers.
class ChainElimination {
public:
    /// @param conductances between unknowns, several in parallel allowed
    /// @param toFixed by unknown, S
    ChainElimination(std::span<const Conductance> conductances, std::vector<double> toFixed);

    std::size_t remainingCount() const { return m_remaining.size(); }
    const std::vector<Conductance>& conductances() const { return m_conductances; }
    const std::vector<double>& toFixed() const { return m_toFixed; }
    const std::vector<std::int32_t>& remaining() const { return m_remaining; } ///< their first numbers

    /// Currents of the unknowns that are left. @param currents by unknown, A; become what expand() needs
    std::vector<double> reduce(std::vector<double>& currents) const;

    /// Voltages of all unknowns out of those that are left. @param currents as reduce() left them
    std::vector<double> expand(std::span<const double> remaining, std::vector<double> currents) const;

private:
    struct Elimination {
        std::int32_t unknown, a, b; ///< -1 for a neighbour that is not there
        double pivot, toA, toB;     ///< S
    };
    class Sweep;

    std::vector<Elimination> m_eliminations;
    std::vector<Conductance> m_conductances;
    std::vector<double> m_toFixed;
    std::vector<std::int32_t> m_remaining;
};

} // namespace headroom::powergrid
