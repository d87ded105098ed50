#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/file.h"
#include "core/simulation/simulator.h"

namespace headroom::simulation {

/// A netlist under resources/examples, read, recognised and put into freepdk45. Throws on any error.
std::shared_ptr<const AmplifierUnderTest> exampleAmplifier(const std::string& fileName);

/// The same for any netlist file.
std::shared_ptr<const AmplifierUnderTest> amplifierFromFile(const std::filesystem::path& file,
                                                            const std::string& technology);

/// The same for netlist text; @p technology is the name of a shipped one.
std::shared_ptr<const AmplifierUnderTest> amplifierFromText(const std::string& text,
                                                            const std::string& technology = "freepdk45");

/// One of the unsized netlists of tests/data/amplifiers, with 10 um / 0.2 um (N) and 20 um / 0.2 um (P).
std::shared_ptr<const AmplifierUnderTest> sizedAmplifier(const std::string& fileName,
                                                         const std::string& technology = "freepdk45");

/// The widths and lengths of all MOSFETs of an amplifier, each scaled by its own random factor within
/// 1 +- @p spread.
Sizing scatteredSizing(const AmplifierUnderTest& amplifier, double spread, std::uint64_t seed);

/// A pool of two workers (unless told otherwise) and one evaluation in it. Both throw on errors.
std::unique_ptr<EvaluationPool> makePool(std::shared_ptr<const AmplifierUnderTest> amplifier,
                                         const EvaluationSettings& settings = {}, PoolOptions options = {});
Evaluation simulate(EvaluationPool& pool, const Sizing& sizing = {});

/// Every performance there is.
std::vector<Performance> allPerformances();

} // namespace headroom::simulation
