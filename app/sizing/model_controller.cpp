#include "app/sizing/model_controller.h"

#include <fmt/format.h>

#include "app/document/document.h"
#include "app/document/project_files.h"
#include "app/document/recovery.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/sizing/model_dialogs.h"
#include "core/base/quantity.h"
#include "core/sizing/dataset_drawing.h"
#include "core/sizing/dataset_folder.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatasetKey = "sizing.dataset";
constexpr const char* kTrainKey = "sizing.train";

struct Built {
    std::string reference; ///< relative to the folder that it was built in
    fs::path folder;       ///< that folder
    project::SpecificationState specification;
    std::size_t rows = 0;
};

struct DatasetInput {
    std::shared_ptr<const Circuit> circuit;
    project::Project project;
    fs::path folder;
    sizing::DatasetSettings settings;
    int workers = 0;
    std::int64_t cacheLimit = 0;       ///< bytes
    std::shared_ptr<SessionLock> lock; ///< keeps the folder there
};

/// The command that makes the same data set.
std::string datasetCommand(const DatasetInput& input, const std::string& netlist) {
    return fmt::format(
        "headroom-cli sizing dataset {} --size {} --selectivity {} --margin {} --seed {} --technology {}",
        netlist, input.settings.size, formatExact(input.settings.selectivity),
        formatExact(input.settings.saturationMargin), input.settings.seed, input.project.technology);
}

Result<Built> runDataset(const DatasetInput& input, JobMonitor& monitor) {
    simulation::EvaluationSettings settings = evaluationSettings(input.project.conditions);
    settings.requiredSaturationMargin = input.settings.saturationMargin;
    simulation::PoolOptions options;
    options.workers = input.workers;
    // Drawings depend on the seed alone: with the project's cache a stopped run goes on where it stopped.
    options.cacheFile = (input.folder / project::resultsFileName).string();
    options.cacheLimit = input.cacheLimit;
    const auto pool = simulation::EvaluationPool::create(input.circuit->amplifier, settings, options);
    if (!pool) return forward(pool);
    sizing::DatasetFolder content;
    auto dataset = sizing::buildDataset(**pool, *input.circuit->amplifier, *input.circuit->space,
                                        input.settings, monitor, &content.statistics);
    if (!dataset) return forward(dataset);
    content.dataset = std::move(*dataset);
    content.netlist = input.folder / input.project.netlist->file;
    content.technology = input.project.technology;
    content.settings = input.settings;
    content.command = datasetCommand(input, content.netlist.filename().string());
    const fs::path place = freeSubfolder(input.folder, "dataset");
    if (const auto saved = sizing::saveDatasetFolder(place, content); !saved) return forward(saved);
    Built built{
        place.lexically_relative(input.folder).string(), input.folder, {}, content.dataset.rows.size()};
    const auto heldOut = content.dataset.heldOutRows();
    if (!heldOut.empty())
        built.specification = specificationFromRow(content.dataset, content.dataset.centralHeldOutRow(), {});
    return built;
}

struct TrainingInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    project::Project project;
    fs::path folder;
    sizing::SizingTraining training;
    compute::DeviceChoice device = compute::DeviceChoice::Auto;
    std::shared_ptr<SessionLock> lock;
};

Result<Built> runTraining(const TrainingInput& input, JobMonitor& monitor) {
    // A training that is cancelled or lost goes on from here when the same one is asked for again.
    sizing::SizingTraining training = input.training;
    training.checkpoints = input.folder / "checkpoints";
    auto model = sizing::SizingModel::train(*input.circuit->amplifier, *input.circuit->space,
                                            input.data->dataset, training, input.device, monitor);
    if (!model) return forward(model);
    const fs::path place = freeSubfolder(input.folder, "model");
    const diffusion::TrainingConfig& config = input.training.training;
    model->setProvenance(fmt::format("headroom-cli sizing train {} --method {} --epochs {} --batch-size {} "
                                     "--learning-rate {} --weight-decay {} --seed {}",
                                     input.data->folder.filename().string(),
                                     sizing::toString(input.training.method), config.epochs, config.batchSize,
                                     formatExact(config.learningRate), formatExact(config.weightDecay),
                                     config.seed),
                         sizing::referenceTo(input.folder / input.project.netlist->file, place),
                         sizing::referenceTo(input.data->folder, place));
    if (const auto saved = model->save(place); !saved) return forward(saved);
    std::error_code code;
    fs::remove_all(training.checkpoints, code);
    return Built{
        place.lexically_relative(input.folder).string(), input.folder, {}, input.data->dataset.rows.size()};
}

} // namespace

ModelController::ModelController(Document& document, JobQueue& jobs, Session& session, Settings& settings,
                                 QWidget& window)
    : QObject(&window)
    , m_document(document)
    , m_jobs(jobs)
    , m_session(session)
    , m_settings(settings)
    , m_window(window) {}

bool ModelController::canBuild() const {
    return m_session.circuit() && m_session.circuit()->space && m_document.lock();
}

bool ModelController::canTrain() const {
    return canBuild() && m_session.data();
}

void ModelController::askForDataSet() {
    if (!canBuild()) return;
    auto* dialog = new DatasetDialog({}, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { buildDataSet(dialog->settings()); });
    dialog->open();
}

void ModelController::askForTraining() {
    if (!canTrain()) {
        askForDataSet();
        return;
    }
    auto* dialog = new TrainingDialog({}, m_session.data()->dataset.trainingRows().size(), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { train(dialog->training()); });
    dialog->open();
}

void ModelController::keep(const fs::path& folder, const std::string& reference,
                           std::function<void(const std::string&)> done) {
    if (folder == m_document.folder()) {
        done(reference);
        return;
    }
    // The project was saved under another name meanwhile: what was made follows it there.
    m_jobs.start<std::string>(
        {tr("Copy into project"), {}, true}, this,
        [from = folder / reference, to = m_document.folder(), kind = fs::path(reference).begin()->string(),
         lock = m_document.lock()](JobMonitor&) -> Result<std::string> {
            const fs::path place = freeSubfolder(to, kind);
            std::error_code code;
            fs::create_directories(place.parent_path(), code);
            fs::copy(from, place, fs::copy_options::recursive, code);
            if (code) {
                return tl::unexpected<Error>(Error{ErrorCode::Io, "A file cannot be copied into the project.",
                                                   place.string(), 0, code.message()});
            }
            return place.lexically_relative(to).string();
        },
        [this, done = std::move(done)](Result<std::string> kept) {
            if (kept) {
                done(*kept);
            } else {
                emit failed(kept.error());
            }
        });
}

void ModelController::buildDataSet(const sizing::DatasetSettings& settings) {
    if (!canBuild()) return;
    const DatasetInput input{m_session.circuit(),  m_document.project(),
                             m_document.folder(),  settings,
                             m_settings.workers(), std::int64_t{m_settings.cacheMegabytes()} * 1000000,
                             m_document.lock()};
    m_jobs.start<Built>(
        {tr("Build data set"), kDatasetKey, false, true}, this,
        [input](JobMonitor& monitor) { return runDataset(input, monitor); },
        [this, circuit = input.circuit, lock = input.lock](Result<Built> built) {
            if (!built) {
                if (built.error().code != ErrorCode::Cancelled)
                    emit failed(built.error());
                else
                    emit remarked(
                        tr("The data set was stopped. Building it again with the same settings goes "
                           "on where it was."));
                return;
            }
            keep(built->folder, built->reference,
                 [this, circuit, built = *built](const std::string& reference) {
                     const auto present = m_session.circuit();
                     if (!present || present->hash != circuit->hash)
                         return; // another netlist was opened meanwhile
                     project::Project project = m_document.project();
                     project.dataset = reference;
                     project.model.clear();
                     project.specification = built.specification;
                     m_document.edit(tr("Build data set"), std::move(project));
                     emit dataSetBuilt(static_cast<int>(built.rows));
                 });
        });
    emit longJobStarted();
}

void ModelController::train(const sizing::SizingTraining& training) {
    if (!canTrain()) return;
    const TrainingInput input{m_session.circuit(), m_session.data(), m_document.project(),
                              m_document.folder(), training,         m_settings.device(),
                              m_document.lock()};
    m_jobs.start<Built>(
        {tr("Train model"), kTrainKey, false, true}, this,
        [input](JobMonitor& monitor) { return runTraining(input, monitor); },
        [this, circuit = input.circuit, lock = input.lock](Result<Built> built) {
            if (!built) {
                if (built.error().code != ErrorCode::Cancelled)
                    emit failed(built.error());
                else
                    emit remarked(
                        tr("The training was stopped. The same training goes on from its last checkpoint."));
                return;
            }
            keep(built->folder, built->reference, [this, circuit](const std::string& reference) {
                const auto present = m_session.circuit();
                if (!present || present->hash != circuit->hash) return;
                project::Project project = m_document.project();
                project.model = reference;
                m_document.edit(tr("Train model"), std::move(project));
                emit modelTrained();
            });
        });
    emit longJobStarted();
}

} // namespace headroom::app
