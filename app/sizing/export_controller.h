#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"

class QWidget;

namespace headroom::app {

class ExplorationController;
class JobQueue;
class Results;
class Session;

/// Writes what the user wants in files: the chosen sizing in four forms, the pictures of the exploration, and
/// what panels export.
class ExportController final : public QObject {
    Q_OBJECT

public:
    ExportController(JobQueue& jobs, Session& session, Results& results, ExplorationController& exploration,
                     QWidget& window);

    void exportNetlist();
    void exportParameters();
    void exportCsv();
    void exportJson();
    /// Histograms of performances and widths, as SVG.
    void exportPictures();

    /// Asks for a file and writes these bytes.
    void saveBytes(const QByteArray& contents, const QString& suggestedFileName);

signals:
    void failed(const headroom::Error& error);
    void exported(const QString& file);

private:
    /// File names with their contents, made in a job.
    using Files = std::vector<std::pair<std::string, std::string>>;

    void askAndWrite(const QString& dialogName, const QString& suggestion, const QString& filter,
                     std::function<Result<std::string>()> contents);
    void write(const QString& title, const QString& shown, std::function<Result<Files>()> files);
    QString baseName() const;

    JobQueue& m_jobs;
    Session& m_session;
    Results& m_results;
    ExplorationController& m_exploration;
    QWidget& m_window;
};

} // namespace headroom::app
