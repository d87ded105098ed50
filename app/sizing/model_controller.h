#pragma once

#include <QObject>

#include <filesystem>
#include <functional>

#include "app/sizing/dataset_job.h"
#include "core/base/error.h"
#include "core/sizing/dataset.h"
#include "core/sizing/sizing_model.h"

class QWidget;

namespace headroom::app {

class Document;
class JobQueue;
class Session;
class Settings;

/// Makes a model for a circuit that has none: builds a data set, trains on it, keeps both in the project's
/// folder. What was made is one undo step away.
class ModelController final : public QObject {
    Q_OBJECT

public:
    ModelController(Document& document, JobQueue& jobs, Session& session, Settings& settings,
                    QWidget& window);

    void askForDataSet();
    void askForExtension();
    void askForImport();
    void askForTraining();

    void buildDataSet(
        const sizing::DatasetSettings& settings,
        const std::vector<simulation::Performance>& performances = simulation::standardPerformances());
    /// Draws on until the data set has that many rows.
    void extendDataSet(std::size_t size);
    /// Takes a table that was simulated elsewhere as the data set.
    void importDataSet(const std::filesystem::path& table);
    void train(const sizing::SizingTraining& training);

    bool canBuild() const;
    bool canExtend() const;
    bool canTrain() const;

signals:
    void failed(const headroom::Error& error);
    void dataSetBuilt(int rows);
    void modelTrained();
    /// A training goes on, or (@p isRunning false) does so no longer.
    void trainingWatched(const std::vector<headroom::sizing::TrainingCurve>& curves, bool isRunning);
    /// A job was stopped: how it goes on.
    void remarked(const QString& text);
    /// A job that takes minutes has begun.
    void longJobStarted();

private:
    DatasetInput datasetInput() const;
    void makeDataSet(const QString& title, std::function<Result<Built>(JobMonitor&)> work);
    void keep(const std::filesystem::path& folder, const std::string& reference,
              std::function<void(const std::string& reference)> done);

    Document& m_document;
    JobQueue& m_jobs;
    Session& m_session;
    Settings& m_settings;
    QWidget& m_window;
};

} // namespace headroom::app
