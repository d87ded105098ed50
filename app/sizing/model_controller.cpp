#include "app/sizing/model_controller.h"

#include <QFileDialog>

#include <fmt/format.h>

#include "app/document/document.h"
#include "app/document/project_files.h"
#include "app/document/recovery.h"
#include "app/jobs/job_queue.h"
#include "app/session/session.h"
#include "app/settings/settings.h"
#include "app/sizing/dataset_job.h"
#include "app/sizing/model_dialogs.h"
#include "core/base/quantity.h"
#include "core/sizing/dataset_folder.h"

namespace headroom::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatasetKey = "sizing.dataset";
constexpr const char* kTrainKey = "sizing.train";

struct TrainingInput {
    std::shared_ptr<const Circuit> circuit;
    std::shared_ptr<const DataSource> data;
    project::Project project;
    fs::path folder;
    sizing::SizingTraining training;
    compute::DeviceChoice device = compute::DeviceChoice::Auto;
    std::shared_ptr<SessionLock> lock;
};

Result<Built> runTraining(const TrainingInput& input, JobMonitor& monitor,
                          const sizing::TrainingWatch& watch) {
    // A training that is cancelled or lost goes on from here when the same one is asked for again.
    sizing::SizingTraining training = input.training;
    training.checkpoints = input.folder / "checkpoints";
    training.watch = watch;
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

bool ModelController::canExtend() const {
    return canBuild() && m_session.data();
}

bool ModelController::canTrain() const {
    return canBuild() && m_session.data();
}

void ModelController::askForDataSet() {
    if (!canBuild()) return;
    auto* dialog = new DatasetDialog({}, &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog] { buildDataSet(dialog->settings(), dialog->performances()); });
    dialog->open();
}

void ModelController::askForExtension() {
    if (!canExtend()) {
        askForDataSet();
        return;
    }
    auto* dialog = new ExtensionDialog(m_session.data()->dataset.rows.size(), &m_window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { extendDataSet(dialog->size()); });
    dialog->open();
}

void ModelController::askForImport() {
    if (!canBuild()) return;
    auto* dialog = new QFileDialog(&m_window, tr("Import a Table of Simulated Sizings"));
    dialog->setObjectName("datasetImportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Tables (*.csv)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString& file) { importDataSet(file.toStdString()); });
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

DatasetInput ModelController::datasetInput() const {
    return {m_session.circuit(),
            m_document.project(),
            m_document.folder(),
            m_settings.workers(),
            std::int64_t{m_settings.cacheMegabytes()} * 1000000,
            m_document.lock()};
}

void ModelController::buildDataSet(const sizing::DatasetSettings& settings,
                                   const std::vector<simulation::Performance>& performances) {
    if (!canBuild()) return;
    makeDataSet(tr("Build data set"), [input = datasetInput(), settings, performances](JobMonitor& monitor) {
        return runDataset(input, settings, performances, monitor);
    });
}

void ModelController::extendDataSet(std::size_t size) {
    if (!canExtend()) return;
    makeDataSet(tr("Extend data set to %1 rows").arg(size),
                [input = datasetInput(), data = m_session.data(), size](JobMonitor& monitor) {
                    return runExtension(input, *data, size, monitor);
                });
}

void ModelController::importDataSet(const fs::path& table) {
    if (!canBuild()) return;
    makeDataSet(tr("Import data set"), [input = datasetInput(), table](JobMonitor& monitor) {
        return runImport(input, table, monitor);
    });
}

void ModelController::makeDataSet(const QString& title, std::function<Result<Built>(JobMonitor&)> work) {
    m_jobs.start<Built>(
        {title, kDatasetKey, false, true}, this, std::move(work),
        [this, title, circuit = m_session.circuit(), lock = m_document.lock()](Result<Built> built) {
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
                 [this, title, circuit, built = *built](const std::string& reference) {
                     const auto present = m_session.circuit();
                     if (!present || present->hash != circuit->hash)
                         return; // another netlist was opened meanwhile
                     project::Project project = m_document.project();
                     project.dataset = reference;
                     project.model.clear();
                     project.specification = built.specification;
                     m_document.edit(title, std::move(project));
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
        [this, input](JobMonitor& monitor) {
            return runTraining(input, monitor, [&](const std::vector<sizing::TrainingCurve>& curves) {
                if (!monitor.wantsPreview()) return;
                // `this` is the job's receiver: the queue calls this only while it lives.
                monitor.publish([this, curves] { emit trainingWatched(curves, true); });
            });
        },
        [this, circuit = input.circuit, lock = input.lock](Result<Built> built) {
            emit trainingWatched({}, false);
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
    emit trainingWatched({}, true);
    emit longJobStarted();
}

} // namespace headroom::app
