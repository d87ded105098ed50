#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/simulation/simulator.h"
#include "core/sizing/design_space.h"

namespace headroom::sizing {

struct ModelCard;

/// What a model remembers of the circuit and technology that it was made for, to name what differs in others.
struct ModelOrigin {
    std::vector<std::string> devices;         ///< deviceLines() of the circuit; empty: not known
    std::string technologyFingerprint;        ///< Technology::fingerprint(); empty: not known, or a kit's
    std::map<std::string, double> conditions; ///< the technology's, SI units, by their keys
};

ModelOrigin originOf(const simulation::AmplifierUnderTest& amplifier);

/// Error BadInput, in one sentence, where a model was made for another circuit (which devices are missing,
/// are there besides, have another model or other connections; names of nets do not matter) or for another
/// technology or version of it (which conditions or fingerprints differ).
Result<void> checkOrigin(const ModelCard& card, const simulation::AmplifierUnderTest& amplifier);

/// The same of a model's or data set's variables, by their names and order.
Result<void> checkVariables(const std::vector<std::string>& names, const DesignSpace& space);

} // namespace headroom::sizing
