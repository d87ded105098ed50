#pragma once

#include <string>
#include <vector>

#include "core/simulation/engine.h"

/// The engine's requests in ngspice's own command language.
namespace headroom::simulation::ngspice {

/// "alter @m3[w] = 1e-06".
std::string command(const Alteration& alteration);
std::string commands(const std::vector<Alteration>& alterations);
/// The analysis itself, without line end: "ac dec 8 0.1 1e+10".
std::string command(const Analysis& analysis);
/// Whether ngspice puts spectra and totals into plots of their own: noise over a range of frequencies.
bool leavesTwoPlots(const Analysis& analysis);
/// `save` commands; ngspice loses what stands beyond 1000 characters of one line.
std::string saveCommands(const std::vector<std::string>& vectors);
/// What `save` must name so that the wanted vectors and expressions can be had.
std::vector<std::string> savedVectors(const Analysis& analysis);
/// The command that makes a vector @p name of an expression.
std::string command(const Expression& expression, Analysis::Kind kind, const std::string& name);

} // namespace headroom::simulation::ngspice
