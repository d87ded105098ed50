#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/session/circuit.h"
#include "core/sizing/dataset.h"
#include "core/sizing/sizing_model.h"

namespace headroom::app {

/// The data set of the open circuit: what specifications are taken from and what they can sensibly ask.
struct DataSource {
    sizing::Dataset dataset;
    std::vector<std::pair<double, double>> ranges; ///< by performance, over the training rows
    std::string hash;                              ///< sha256 of the data set as CSV
    std::filesystem::path folder;
};

/// Where a project's model and data set are; empty paths where it has none.
struct SizingSources {
    std::filesystem::path model;
    std::filesystem::path dataset;
};

/// Follows the project's references; where it names no model, the shipped one that fits is taken. Errors: the
/// model's card cannot be read.
Result<SizingSources> findSources(const project::Project& project, const std::filesystem::path& folder,
                                  const Circuit& circuit);

/// Reads a data set and checks that it belongs to the circuit. Errors: NotFound, Corrupt, BadInput.
Result<std::shared_ptr<const DataSource>> loadData(const std::filesystem::path& dataset,
                                                   const Circuit& circuit);

/// The specification that a row of the data set answers. Locked targets keep their values, and then the row
/// is no ground truth unless they agree.
project::SpecificationState specificationFromRow(const sizing::Dataset& dataset, std::size_t row,
                                                 const project::SpecificationState& before);

/// The row that the specification was taken from, where its targets still are that row's.
std::optional<sizing::DataRow> groundTruth(const sizing::Dataset& dataset,
                                           const project::SpecificationState& specification);

/// The specification in the form that core samples for, in the data set's order; performances without a
/// target are free. Error BadInput where it contradicts itself or pins a size that the circuit does not have.
Result<sizing::Specification> toSpecification(const sizing::Dataset& dataset,
                                              const sizing::DesignSpace& space,
                                              const project::SpecificationState& specification);

} // namespace headroom::app
