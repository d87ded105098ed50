#include <iterator>

#include <fmt/format.h>

#include "core/powergrid/grid_netlist.h"

namespace headroom::powergrid {

std::string writeGridNetlist(const GridNetlist& netlist) {
    fmt::memory_buffer text;
    const auto add = [&](char letter, std::size_t number, NodeId a, NodeId b, double value) {
        fmt::format_to(std::back_inserter(text), "{}{} {} {} {}\n", letter, number, netlist.nodes[a],
                       netlist.nodes[b], value);
    };
    for (std::size_t i = 0; i < netlist.resistors.size(); ++i)
        add('R', i, netlist.resistors[i].a, netlist.resistors[i].b, netlist.resistors[i].ohms);
    for (std::size_t i = 0; i < netlist.voltages.size(); ++i)
        add('V', i, netlist.voltages[i].plus, netlist.voltages[i].minus, netlist.voltages[i].volts);
    for (std::size_t i = 0; i < netlist.currents.size(); ++i)
        add('I', i, netlist.currents[i].from, netlist.currents[i].to, netlist.currents[i].amperes);
    fmt::format_to(std::back_inserter(text), ".op\n.end\n");
    return fmt::to_string(text);
}

} // namespace headroom::powergrid
