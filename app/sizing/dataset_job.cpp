#include "app/sizing/dataset_job.h"

#include <fmt/format.h>

#include "app/document/project_files.h"
#include "app/jobs/job_monitor.h"
#include "app/session/shared_pool.h"
#include "core/base/file.h"
#include "core/base/quantity.h"
#include "core/sizing/dataset_drawing.h"
#include "core/sizing/dataset_folder.h"
#include "core/sizing/dataset_import.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

/// The command that makes the same data set.
std::string datasetCommand(const std::string& netlist, const std::string& technology,
                           const sizing::DatasetSettings& settings,
                           const std::vector<simulation::Performance>& performances) {
    std::string command = fmt::format(
        "headroom-cli sizing dataset {} --size {} --selectivity {} --margin {} --seed {} --technology {}",
        netlist, settings.size, formatExact(settings.selectivity), formatExact(settings.saturationMargin),
        settings.seed, technology);
    if (performances == simulation::standardPerformances()) return command;
    command += " --performances ";
    for (const simulation::Performance performance : performances)
        command += fmt::format("{}{}", performance == performances.front() ? "" : ",",
                               simulation::info(performance).name);
    return command;
}

/// Drawings depend on the seed alone: with the project's cache a stopped run goes on where it stopped.
Result<std::unique_ptr<simulation::EvaluationPool>>
makePool(const DatasetInput& input, double saturationMargin,
         const std::vector<simulation::Performance>& performances) {
    simulation::EvaluationSettings settings = evaluationSettings(input.project.conditions);
    settings.requiredSaturationMargin = saturationMargin;
    settings.performances = performances;
    simulation::PoolOptions options;
    options.workers = input.workers;
    options.cacheFile = (input.folder / project::resultsFileName).string();
    options.cacheLimit = input.cacheLimit;
    return simulation::EvaluationPool::create(input.circuit->amplifier, settings, options);
}

sizing::DatasetFolder emptyFolder(const DatasetInput& input) {
    sizing::DatasetFolder content;
    content.netlist = input.folder / input.project.netlist->file;
    content.technology = input.project.technology;
    return content;
}

Result<Built> save(const DatasetInput& input, const sizing::DatasetFolder& content) {
    const fs::path place = freeSubfolder(input.folder, "dataset");
    if (const auto saved = sizing::saveDatasetFolder(place, content); !saved) return forward(saved);
    Built built{
        place.lexically_relative(input.folder).string(), input.folder, {}, content.dataset.rows.size()};
    if (!content.dataset.heldOutRows().empty())
        built.specification = specificationFromRow(content.dataset, content.dataset.centralHeldOutRow(), {});
    return built;
}

} // namespace

Result<Built> runDataset(const DatasetInput& input, const sizing::DatasetSettings& settings,
                         const std::vector<simulation::Performance>& performances, JobMonitor& monitor) {
    const auto pool = makePool(input, settings.saturationMargin, performances);
    if (!pool) return forward(pool);
    sizing::DatasetFolder content = emptyFolder(input);
    auto dataset = sizing::buildDataset(**pool, *input.circuit->amplifier, *input.circuit->space, settings,
                                        monitor, &content.statistics);
    if (!dataset) return forward(dataset);
    content.dataset = std::move(*dataset);
    content.settings = settings;
    content.command =
        datasetCommand(content.netlist.filename().string(), content.technology, settings, performances);
    return save(input, content);
}

Result<Built> runExtension(const DatasetInput& input, const DataSource& present, std::size_t size,
                           JobMonitor& monitor) {
    auto content = sizing::loadDatasetFolder(present.folder);
    if (!content) return forward(content);
    content->settings.size = size;
    const auto pool = makePool(input, content->settings.saturationMargin, content->dataset.performances);
    if (!pool) return forward(pool);
    // What was drawn in this project is in its cache.
    const bool isCached = !present.folder.lexically_relative(input.folder).string().starts_with("..");
    auto dataset = sizing::extendDataset(**pool, *input.circuit->amplifier, *input.circuit->space,
                                         {content->dataset, content->statistics, isCached}, content->settings,
                                         monitor, &content->statistics);
    if (!dataset) return forward(dataset);
    content->dataset = std::move(*dataset);
    content->netlist = emptyFolder(input).netlist;
    content->command += fmt::format(" && headroom-cli sizing dataset --extend {} --size {}",
                                    present.folder.filename().string(), size);
    return save(input, *content);
}

Result<Built> runImport(const DatasetInput& input, const fs::path& table, JobMonitor& monitor) {
    monitor.progress(-1, "Reading the table");
    const auto text = readFile(table.string());
    if (!text) return forward(text);
    auto dataset = sizing::importDataset(*text, table.string(), *input.circuit->space);
    if (!dataset) return forward(dataset);
    sizing::DatasetFolder content = emptyFolder(input);
    content.dataset = std::move(*dataset);
    content.settings.size = content.dataset.rows.size();
    content.settings.saturationMargin = content.dataset.saturationMargin;
    content.command =
        fmt::format("headroom-cli sizing import {} {} --technology {}", table.filename().string(),
                    content.netlist.filename().string(), content.technology);
    return save(input, content);
}

} // namespace headroom::app
