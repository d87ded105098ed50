#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/document/recovery.h"
#include "app/session/circuit.h"
#include "app/session/data_source.h"

namespace headroom::app {

class JobMonitor;

/// What a job that makes a data set or a model leaves in the project's folder.
struct Built {
    std::string reference;        ///< relative to the folder that it was built in
    std::filesystem::path folder; ///< that folder
    project::SpecificationState specification;
    std::size_t rows = 0;
};

/// All that making a data set needs, taken when it starts.
struct DatasetInput {
    std::shared_ptr<const Circuit> circuit;
    project::Project project;
    std::filesystem::path folder; ///< of the project
    int workers = 0;
    std::int64_t cacheLimit = 0;       ///< bytes
    std::shared_ptr<SessionLock> lock; ///< keeps the folder there
};

/// Draws and simulates a new data set. The same core calls as `headroom-cli sizing dataset`.
/// @param performances not empty
Result<Built> runDataset(const DatasetInput& input, const sizing::DatasetSettings& settings,
                         const std::vector<simulation::Performance>& performances, JobMonitor& monitor);

/// Makes a data set of @p size rows that begins with those of another: `headroom-cli sizing dataset
/// --extend`.
Result<Built> runExtension(const DatasetInput& input, const DataSource& present, std::size_t size,
                           JobMonitor& monitor);

/// Makes a data set of a table that was simulated elsewhere: `headroom-cli sizing import`.
Result<Built> runImport(const DatasetInput& input, const std::filesystem::path& table, JobMonitor& monitor);

} // namespace headroom::app
