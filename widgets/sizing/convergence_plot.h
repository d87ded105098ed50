#pragma once

namespace headroom::widgets {

class PlotView;
struct ExplorationData;

/// Shows how fast an exploration comes to its specification: the worst shortfall of every simulated candidate
/// over the number of simulations, in the order in which they were made, and the least one so far. A
/// candidate whose simulation failed counts as a simulation and has no point.
void plotConvergence(PlotView& plot, const ExplorationData* data);

} // namespace headroom::widgets
