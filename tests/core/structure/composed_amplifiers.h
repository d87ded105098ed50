#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/netlist/circuit.h"

namespace headroom::test {

/// An amplifier put together from parts whose roles are known: "load first", "bias bias", ... by device name.
struct ComposedAmplifier {
    std::string name; ///< its parts: "n folded wide-swing cascode-tail gm-cascode"
    netlist::Circuit circuit;
    std::map<std::string, std::string> roles;
};

/// All combinations of input polarity, first stage (simple, telescopic, folded, symmetrical, complementary,
/// fully differential), tail, load and second stage, each with the bias circuit that it needs: several
/// hundred amplifiers, in the manner of functional block composition (Abel, Graeb; arXiv 2101.07517).
std::vector<ComposedAmplifier> composedAmplifiers();

} // namespace headroom::test
